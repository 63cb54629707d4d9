package ics

import (
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"samling/models"
)

// texts reads what an event says of itself.
func (p *parser) texts(e *models.Event, b *block) {
	e.Title = line(clean(b.value("SUMMARY")), models.MaxDescription)
	if e.Title == "" {
		p.note(fault(b.line, "SUMMARY", "no-title"))
	}
	e.Description = described(b.value("DESCRIPTION"))
	// Apple writes the name of the place on one line and its address on the next.
	place, address, _ := strings.Cut(strings.TrimSpace(clean(b.value("LOCATION"))), "\n")
	e.Place.Name, e.Place.Address = line(place, models.MaxDescription), line(address, models.MaxDescription)
	if isMeeting(e.Place.Name) {
		e.OnlineURL, e.Place.Name = e.Place.Name, ""
	}
	for _, name := range []string{"URL", "CONFERENCE", "X-GOOGLE-CONFERENCE"} {
		switch link := strings.TrimSpace(clean(b.value(name))); {
		case !isWeb(link):
		case isMeeting(link) && e.OnlineURL == "":
			e.OnlineURL = link
		case !strings.Contains(e.Description, link) && link != e.OnlineURL:
			e.Description = strings.TrimSpace(e.Description + "\n\n" + link)
		}
	}
	e.Place.Latitude, e.Place.Longitude = position(b.value("GEO"))
	p.tooLong(b, "SUMMARY", e.Title, models.MaxTitle)
	p.tooLong(b, "DESCRIPTION", e.Description, models.MaxDescription)
	p.tooLong(b, "LOCATION", e.Place.Name, models.MaxLine)
	p.tooLong(b, "LOCATION", e.Place.Address, models.MaxLine)
}

func (p *parser) tooLong(b *block, name, text string, most int) {
	if n := utf8.RuneCountInString(text); n > most {
		p.note(fault(b.find(name).line, name, "too-long", "Max", most, "Length", n))
	}
}

// clean is a text without control characters but line breaks and tabs.
func clean(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
}

// position is a GEO; nil when it is none, for nobody misses it.
func position(s string) (latitude, longitude *float64) {
	north, east, _ := strings.Cut(s, ";")
	lat, err1 := strconv.ParseFloat(strings.TrimSpace(north), 64)
	lon, err2 := strconv.ParseFloat(strings.TrimSpace(east), 64)
	if err1 != nil || err2 != nil || !(lat >= -90 && lat <= 90) || !(lon >= -180 && lon <= 180) {
		return nil, nil
	}
	return &lat, &lon
}

func isWeb(s string) bool {
	var f models.Faults
	models.CheckURL(&f, "", s)
	return s != "" && f.Err() == nil
}

// isMeeting reports whether a text is the address of a video meeting.
func isMeeting(s string) bool {
	if !isWeb(s) {
		return false
	}
	u, err := url.Parse(s)
	if err != nil {
		return false
	}
	for _, host := range []string{
		"zoom.us", "teams.microsoft.com", "teams.live.com", "meet.google.com", "meet.jit.si",
		"whereby.com", "webex.com", "gotomeeting.com", "bluejeans.com", "chime.aws",
	} {
		if h := strings.ToLower(u.Hostname()); h == host || strings.HasSuffix(h, "."+host) {
			return true
		}
	}
	return false
}

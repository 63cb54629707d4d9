package ics

import (
	"bytes"
	"strings"
	"testing"
	"time"

	ical "github.com/arran4/golang-ical"

	"samling/models"
)

// reading is what somebody reads of an event in a calendar. It stands beside each
// golden file as JSON, made from what was given and never from what was written,
// and is what every judge must read.
type reading struct {
	UID         string   `json:"uid"`
	Summary     string   `json:"summary"`
	Starts      string   `json:"starts"` // RFC 3339 in UTC, or a date
	Ends        string   `json:"ends,omitempty"`
	Status      string   `json:"status,omitempty"`
	Location    string   `json:"location,omitempty"`
	Description string   `json:"description,omitempty"`
	URL         string   `json:"url,omitempty"`
	Categories  []string `json:"categories,omitempty"`
	Attendee    string   `json:"attendee,omitempty"`
	Attending   string   `json:"attendee_name,omitempty"`
	Organizer   string   `json:"organizer,omitempty"`
	Organising  string   `json:"organizer_name,omitempty"`
}

// shown is a text as it can be shown: line breaks of all kinds are one kind,
// control characters are gone, and what is not UTF-8 says so.
func shown(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(valid(text))
	return clean(strings.NewReplacer("\u0085", "\n", "\u2028", "\n", "\u2029", "\n").Replace(text))
}

// oneLine is the same of a text that has only one line.
func oneLine(text string) string { return shown(strings.Join(strings.Fields(text), " ")) }

// given is what must be read of an item in a feed of a language on a day.
func given(e *Encoder, item Item, language string, day time.Time) reading {
	ev := item.Event
	text, _ := ev.In(language, "sv")
	out := reading{
		UID: ev.ID, Summary: oneLine(text.Title), Status: "CONFIRMED", Location: oneLine(ev.Place.Line()),
		Description: strings.TrimSpace(shown(e.Description(item, language))), URL: site + "/events/" + ev.Slug,
		Categories: []string{e.wordsIn(language).kinds[ev.Kind]},
	}
	if language != "sv" {
		out.URL = site + "/" + language + "/events/" + ev.Slug
	}
	for _, group := range item.Groups {
		out.Categories = append(out.Categories, oneLine(strings.NewReplacer(",", " ", ";", " ", `\`, " ").Replace(group)))
	}
	mark := func(sv, en, ar string) {
		out.Summary = map[string]string{"sv": sv, "en": en, "ar": ar}[language] + ": " + out.Summary
	}
	ofLate := func(at time.Time) bool { return !at.IsZero() && day.Sub(at) < 7*24*time.Hour }
	switch newTime, newPlace := ofLate(ev.Moved.TimeAt), ofLate(ev.Moved.PlaceAt); {
	case ev.Status == models.Cancelled:
		mark("INSTÄLLT", "CANCELLED", "ملغى")
		out.Status = "CANCELLED"
	case ev.Status == models.Postponed:
		mark("UPPSKJUTET", "POSTPONED", "مؤجل")
		out.Status = "TENTATIVE"
	case newTime && newPlace:
		mark("Ny tid och plats", "New time and place", "موعد ومكان جديدان")
	case newTime:
		mark("Ny tid", "New time", "موعد جديد")
	case newPlace:
		mark("Ny plats", "New place", "مكان جديد")
	}
	if ev.Preliminary && ev.Status == models.Published {
		out.Status = "TENTATIVE"
	}
	if out.Location == "" {
		out.Location = shown(ev.OnlineURL)
	}
	out.Starts, out.Ends = span(ev.Starts, ev.Ends, ev.DateOnly, ev.TimeZone)
	return out
}

func span(starts, ends time.Time, dateOnly bool, zone string) (from, to string) {
	if dateOnly {
		loc := models.Zone(zone)
		return starts.In(loc).Format(time.DateOnly), ends.In(loc).Format(time.DateOnly)
	}
	return starts.UTC().Format(time.RFC3339), ends.UTC().Format(time.RFC3339)
}

// givenInvitation is what must be read of an invitation.
func givenInvitation(e *Encoder, i Invitation) reading {
	var told prose
	state := i.Facts.Status
	if i.WholeEvent && i.Method == Cancel {
		state = models.Cancelled
	}
	language := i.Language
	e.wordsIn(language).invited(&told, i, state, e.wordsIn(language).publicPage(i))
	out := reading{
		UID: i.UID, Summary: oneLine(i.About.Title(language)), Location: oneLine(i.Facts.Place), Description: shown(string(told.text)),
		URL: e.wordsIn(language).publicPage(i), Attendee: "mailto:" + i.Attendee, Organizer: "mailto:" + i.Organiser,
	}
	switch {
	case state == models.Cancelled:
		out.Summary, out.Status = map[string]string{"sv": "INSTÄLLT: ", "en": "CANCELLED: ", "ar": "ملغى: "}[language]+out.Summary, "CANCELLED"
	case i.Method == Request:
		out.Status = "CONFIRMED"
	}
	// As all readers read a name.
	name := func(s string) string {
		return oneLine(strings.NewReplacer(`"`, "'", ";", ",", `\`, "/", "^", "").Replace(s))
	}
	out.Attending, out.Organising = name(i.AttendeeName), name(i.OrganiserName)
	out.Starts, out.Ends = span(i.Facts.Starts, i.Facts.Ends, i.Facts.DateOnly, i.Facts.TimeZone)
	return out
}

// readBack is what golang-ical's own parser reads.
func readBack(t testing.TB, b []byte) []reading {
	t.Helper()
	cal, err := ical.ParseCalendar(bytes.NewReader(b))
	if err != nil {
		t.Fatalf("golang-ical cannot read it: %v", err)
	}
	out := []reading{}
	for _, e := range cal.Events() {
		value := func(name ical.ComponentProperty) string {
			if p := e.GetProperty(name); p != nil {
				return p.Value
			}
			return ""
		}
		parameter := func(name ical.ComponentProperty) string {
			if p := e.GetProperty(name); p != nil && len(p.ICalParameters["CN"]) == 1 {
				return p.ICalParameters["CN"][0]
			}
			return ""
		}
		r := reading{
			UID: value("UID"), Summary: value("SUMMARY"), Status: value("STATUS"), Location: value("LOCATION"), Description: value("DESCRIPTION"),
			URL: value("URL"), Attendee: value("ATTENDEE"), Attending: parameter("ATTENDEE"),
			Organizer: value("ORGANIZER"), Organising: parameter("ORGANIZER"),
		}
		if c := value("CATEGORIES"); c != "" {
			r.Categories = strings.Split(c, ",")
		}
		if starts := value("DTSTART"); len(starts) == len(dateForm) {
			day := func(s string) string { return s[:4] + "-" + s[4:6] + "-" + s[6:] }
			r.Starts, r.Ends = day(starts), day(value("DTEND"))
		} else {
			starts, err := e.GetStartAt()
			if err != nil {
				t.Fatal(err)
			}
			ends, err := e.GetEndAt()
			if err != nil {
				t.Fatal(err)
			}
			r.Starts, r.Ends = starts.UTC().Format(time.RFC3339), ends.UTC().Format(time.RFC3339)
		}
		out = append(out, r)
	}
	return out
}

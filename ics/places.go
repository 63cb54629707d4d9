package ics

import (
	"slices"
	"strings"
	"time"

	ical "github.com/arran4/golang-ical"
	"github.com/teambition/rrule-go"
)

// places finds the zones that a file names.
type places struct {
	local *time.Location    // for floating times and dates
	own   map[string]*block // the zones that the file itself describes
	known map[string]*time.Location
}

func newPlaces(calendars []*block, local *time.Location) *places {
	p := &places{local: local, own: map[string]*block{}, known: map[string]*time.Location{}}
	for _, c := range calendars {
		for _, b := range c.inner {
			if b.name == "VTIMEZONE" {
				p.own[strings.TrimSpace(b.value("TZID"))] = b
			}
		}
	}
	return p
}

// named is the zone of a TZID; nil when nobody knows it. One whose clocks go as
// ours do is ours: to say "Berlin" would only raise questions.
func (p *places) named(tzid string) *time.Location {
	loc, ok := p.known[tzid]
	if ok {
		return loc
	}
	loc = find(tzid)
	if own := p.own[tzid]; loc == nil && own != nil {
		loc = find(own.value("X-LIC-LOCATION"))
		if clocks := own.clocks(); loc == nil && clocks != nil && clocks.goesAs(clocksOf(p.local)) {
			loc = p.local
		}
	}
	if loc != nil && loc.String() != p.local.String() && clocksOf(loc).goesAs(clocksOf(p.local)) {
		loc = p.local
	}
	p.known[tzid] = loc
	return loc
}

// find takes IANA names, also at the end of a path as libical writes them, and
// the names that Windows has.
func find(tzid string) *time.Location {
	if loc := ical.WindowsTimezoneToIANA(tzid); loc != nil {
		return loc
	}
	for name := tzid; name != ""; {
		// Local would be the server's own zone.
		if loc, err := time.LoadLocation(name); err == nil && name != "Local" {
			return loc
		}
		if !strings.HasPrefix(tzid, "/") {
			return nil
		}
		_, name, _ = strings.Cut(name, "/")
	}
	return nil
}

// The years over which the clocks of two zones are compared.
const comparedFrom, comparedTo = 2020, 2038

// clocks say how many seconds east of UTC an instant is.
type clocks func(time.Time) int

func clocksOf(loc *time.Location) clocks {
	return func(t time.Time) int {
		_, seconds := t.In(loc).Zone()
		return seconds
	}
}

// goesAs reports whether two zones set their clocks alike.
func (c clocks) goesAs(other clocks) bool {
	end := time.Date(comparedTo, 1, 1, 12, 0, 0, 0, time.UTC)
	for t := time.Date(comparedFrom, 1, 1, 12, 0, 0, 0, time.UTC); t.Before(end); t = t.AddDate(0, 0, 5) {
		if c(t) != other(t) {
			return false
		}
	}
	return true
}

// change is when the clocks of a zone that a file describes are set, and to what.
type change struct {
	at time.Time
	to int
}

// clocks are those of a VTIMEZONE (RFC 5545 §3.6.5); nil when it has none that
// can be read. Of its rules only the form is known that all programs write: a
// weekday of a month, each year.
func (b *block) clocks() clocks {
	var all []change
	for _, part := range b.inner {
		if part.name != "STANDARD" && part.name != "DAYLIGHT" {
			continue
		}
		from, ok1 := secondsOf(part.value("TZOFFSETFROM"))
		to, ok2 := secondsOf(part.value("TZOFFSETTO"))
		first, err := time.Parse(localForm, part.value("DTSTART"))
		if !ok1 || !ok2 || err != nil {
			return nil
		}
		walls := []time.Time{first}
		if text := part.value("RRULE"); text != "" {
			if walls, ok1 = yearly(text, first); !ok1 {
				return nil
			}
		}
		for _, wall := range walls {
			all = append(all, change{wall.Add(-time.Duration(from) * time.Second), to})
		}
	}
	if all == nil {
		return nil
	}
	slices.SortFunc(all, func(a, b change) int { return a.at.Compare(b.at) })
	return func(t time.Time) int {
		i, exact := slices.BinarySearchFunc(all, t, func(c change, t time.Time) int { return c.at.Compare(t) })
		if !exact {
			i--
		}
		return all[max(i, 0)].to
	}
}

// yearly are the wall clocks of a zone's rule in the years that are compared, and
// the one before them.
func yearly(text string, first time.Time) ([]time.Time, bool) {
	option, err := rrule.StrToROption(text)
	if err != nil || option.Freq != rrule.YEARLY || len(option.Bymonth) != 1 || len(option.Byweekday) != 1 ||
		len(option.Bysetpos)+len(option.Byyearday)+len(option.Byweekno)+len(option.Byeaster)+len(option.Byhour) > 0 {
		return nil, false
	}
	// Windows says that its rules began in 1601.
	option.Dtstart = first.AddDate(max(comparedFrom-2-first.Year(), 0), 0, 0)
	option.Count, option.Interval = comparedTo-comparedFrom+2, 1
	rule, err := rrule.NewRRule(*option)
	if err != nil {
		return nil, false
	}
	return rule.All(), true
}

// secondsOf reads a UTC-OFFSET (RFC 5545 §3.3.14), whose seconds no zone of today
// has.
func secondsOf(s string) (int, bool) {
	if len(s) < 5 {
		return 0, false
	}
	t, err := time.Parse("-0700", s[:5])
	_, seconds := t.Zone()
	return seconds, err == nil
}

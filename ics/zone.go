package ics

import (
	"fmt"
	"sync"
	"time"

	ical "github.com/arran4/golang-ical"
)

// The years that are looked at for the rules of a zone. models takes events from
// 2000 to 2100; before that only the age of a rule matters.
const firstYear, lastYear = 1971, 2101

// zone is a time zone whose clocks are set by two rules that have held since some
// year and hold for good, as in the EU and most of North America. Calendar
// programs read such zones right; lists of single changes Outlook does not.
type zone struct {
	name string
	loc  *time.Location
	// rules are the two changes of a year. nil: the zone has no such rules, and
	// its events are written in UTC.
	rules []rule
	since time.Time // the rules hold from here on
	// unsure is how near to a change of the clocks readers may be wrong.
	unsure time.Duration
	// parameters name the zone in a property; all of them share the one map.
	parameters map[string][]string
}

// rule is one yearly change of the clocks.
type rule struct {
	first      time.Time // local wall clock of the first change, before it
	nth        int       // which of that weekday in the month; -1: the last
	before, to int       // offsets in seconds east of UTC
}

// zones finds zones by their IANA name and keeps them. The zero value is ready,
// for many goroutines; what it keeps is bounded by the number of zones there are.
type zones struct{ known sync.Map }

// named is the zone of that name; UTC, without rules, when there is none.
func (z *zones) named(name string) *zone {
	if found, ok := z.known.Load(name); ok {
		return found.(*zone)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return &zone{loc: time.UTC}
	}
	found := newZone(name, loc)
	z.known.Store(name, found)
	return found
}

// newZone derives the rules from Go's time zone data: from the last year
// backwards, for as long as both changes of a year fit them.
func newZone(name string, loc *time.Location) *zone {
	z := &zone{name: name, loc: loc, parameters: map[string][]string{"TZID": {name}}}
	later := changes(loc, lastYear)
	if len(later) != 2 {
		return z
	}
	fits := [2][]int{positions(later[0].first), positions(later[1].first)}
	first := later
	for year := lastYear - 1; year >= firstYear; year-- {
		earlier := changes(loc, year)
		narrower, ok := narrow(fits, earlier, later)
		if !ok {
			break
		}
		fits, first = narrower, earlier
	}
	for i := range first {
		first[i].nth = fits[i][0]
	}
	z.rules = first
	z.since = first[1].at()
	for _, r := range first {
		z.unsure = max(z.unsure, time.Duration(max(r.to, -r.to)+3600)*time.Second)
	}
	return z
}

// at is the instant of the first change.
func (r rule) at() time.Time { return r.first.Add(-time.Duration(r.before) * time.Second) }

// changes are the changes of a zone's clocks in a year.
func changes(loc *time.Location, year int) []rule {
	var out []rule
	from := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
	for t, stop := from, from.AddDate(1, 0, 0); ; {
		_, end := t.In(loc).ZoneBounds()
		if !end.IsZero() && !end.After(t) {
			// On the last day of a leap year beyond Go's table of changes the
			// bound stands still, at the end of a year of 365 days.
			end = t.AddDate(0, 0, 1)
		}
		if end.IsZero() || !end.Before(stop) {
			return out
		}
		_, before := end.Add(-time.Second).In(loc).Zone()
		_, to := end.In(loc).Zone()
		if before != to { // else only a name changed
			wall := end.UTC().Add(time.Duration(before) * time.Second)
			out = append(out, rule{first: wall, before: before, to: to})
		}
		t = end
	}
}

// positions are the ways to say which day of its month a change has: the nth of
// its weekday, and the last one. The last comes first, for that is how the rules
// that know both are written in law.
func positions(t time.Time) []int {
	nth := (t.Day()-1)/7 + 1
	if t.AddDate(0, 0, 7).Month() != t.Month() {
		return []int{-1, nth}
	}
	return []int{nth}
}

// narrow is which positions still fit when an earlier year is looked at too; not
// ok when none does, or the month, the hour or an offset is another.
func narrow(fits [2][]int, earlier, later []rule) (narrower [2][]int, ok bool) {
	if len(earlier) != 2 {
		return fits, false
	}
	for i, e := range earlier {
		l := later[i]
		if e.before != l.before || e.to != l.to || e.first.Month() != l.first.Month() ||
			e.first.Weekday() != l.first.Weekday() || e.first.Format("150405") != l.first.Format("150405") {
			return fits, false
		}
		for _, p := range positions(e.first) {
			for _, fit := range fits[i] {
				if p == fit {
					narrower[i] = append(narrower[i], p)
				}
			}
		}
		if len(narrower[i]) == 0 {
			return fits, false
		}
	}
	return narrower, true
}

// writes reports whether every reader takes the zone's wall clock for that
// instant: it has rules for that year, and no change of the clocks is near. What
// is near comes twice or not at all, and readers disagree about it; some compare
// the wall clock with the change in UTC, and are wrong for as long as the two are
// apart.
func (z *zone) writes(t time.Time) bool {
	if len(z.rules) == 0 || t.Before(z.since) {
		return false
	}
	offset := func(t time.Time) int {
		_, seconds := t.In(z.loc).Zone()
		return seconds
	}
	return offset(t.Add(-z.unsure)) == offset(t) && offset(t.Add(z.unsure)) == offset(t)
}

// component is the zone as a VTIMEZONE (RFC 5545 §3.6.5).
func (z *zone) component() *ical.VTimezone {
	c := ical.NewTimezone(z.name)
	for _, r := range z.rules {
		properties := ical.ComponentBase{Properties: []ical.IANAProperty{
			property("DTSTART", r.first.Format(localForm)),
			property("RRULE", r.recurrence()),
			property("TZNAME", z.abbreviation(r)),
			property("TZOFFSETFROM", offset(r.before)),
			property("TZOFFSETTO", offset(r.to)),
		}}
		if r.to > r.before {
			c.Components = append(c.Components, &ical.Daylight{ComponentBase: properties})
		} else {
			c.Components = append(c.Components, &ical.Standard{ComponentBase: properties})
		}
	}
	return c
}

func (r rule) recurrence() string {
	day := [...]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}[r.first.Weekday()]
	return fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", r.first.Month(), r.nth, day)
}

func (z *zone) abbreviation(r rule) string {
	name, _ := r.at().In(z.loc).Zone()
	return name
}

func offset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	return fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
}

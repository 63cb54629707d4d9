package handlers

import (
	"regexp"
	"strconv"
	"sync"
	"time"

	"samling/models"
)

// zones are the time zones that were asked for: the standard library reads and
// parses a file each time. There are as many as events name, and no more than
// the system knows.
type zones struct{ known sync.Map }

// named is models.Zone.
func (z *zones) named(name string) *time.Location {
	if known, ok := z.known.Load(name); ok {
		return known.(*time.Location)
	}
	zone := models.Zone(name)
	z.known.Store(name, zone)
	return zone
}

// timeForm is RFC 3339 (§5.6), where the offset, the seconds and the whole clock
// may be missing: then it is local to a zone.
var timeForm = regexp.MustCompile(`^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?([Zz]|[+-]\d{2}:\d{2})?)?$`)

// readTime reads a time that somebody wrote. Without an offset it is local to
// zone, and refused, with both choices named, when that hour does not exist
// there or exists twice. The empty string is the zero time.
func readTime(f *models.Faults, field, text string, zone *time.Location) time.Time {
	if text == "" {
		return time.Time{}
	}
	m := timeForm.FindStringSubmatch(text)
	if m == nil {
		f.Add(field, "not-a-time", "Value", clip(text))
		return time.Time{}
	}
	n := func(i int) int { v, _ := strconv.Atoi(m[i]); return v }
	wall := time.Date(n(1), time.Month(n(2)), n(3), n(4), n(5), n(6), 0, time.UTC)
	if wall.Month() != time.Month(n(2)) || wall.Day() != n(3) || wall.Hour() != n(4) || wall.Minute() != n(5) || wall.Second() != n(6) {
		f.Add(field, "no-such-date", "Value", clip(text)) // 30 February, 25 o'clock
		return time.Time{}
	}
	if m[7] != "" {
		fraction, _ := time.ParseDuration("0." + m[7] + "s")
		wall = wall.Add(fraction)
	}
	switch offset := m[8]; {
	case offset == "Z" || offset == "z":
		return wall
	case offset != "":
		t, err := time.Parse("-07:00", offset)
		if err != nil {
			f.Add(field, "not-a-time", "Value", clip(text))
			return time.Time{}
		}
		_, seconds := t.Zone()
		return wall.Add(-time.Duration(seconds) * time.Second)
	}
	return localTime(f, field, wall, zone)
}

// localTime is the instant at which the clocks of a zone show what wall, in UTC,
// shows.
func localTime(f *models.Faults, field string, wall time.Time, zone *time.Location) time.Time {
	// Clocks change by less than a day, so these are the offsets around it.
	_, before := wall.Add(-24 * time.Hour).In(zone).Zone()
	_, after := wall.Add(24 * time.Hour).In(zone).Zone()
	first := wall.Add(-time.Duration(before) * time.Second)
	second := wall.Add(-time.Duration(after) * time.Second)
	shows := func(t time.Time) bool {
		_, offset := t.In(zone).Zone()
		return t.Add(time.Duration(offset) * time.Second).Equal(wall)
	}
	choices := func() []any {
		if second.Before(first) {
			first, second = second, first
		}
		return []any{"Value", wall.Format("2006-01-02T15:04"), "First", first.In(zone).Format(time.RFC3339), "Second", second.In(zone).Format(time.RFC3339)}
	}
	switch {
	case first.Equal(second), shows(first) && !shows(second):
		return first
	case shows(second) && !shows(first):
		return second
	case shows(first):
		f.Add(field, "time-twice", choices()...)
	default:
		f.Add(field, "no-such-time", choices()...)
	}
	return time.Time{}
}

package ics

import (
	"strconv"
	"strings"
	"time"
)

// moment is a DATE or DATE-TIME of a file (RFC 5545 §3.3.4, §3.3.5).
type moment struct {
	wall     time.Time // the wall clock, labelled UTC
	loc      *time.Location
	dateOnly bool
}

// instant is the moment in UTC. Of a wall clock that comes twice it is the first;
// one that does not come is read with the offset before the gap.
func (m moment) instant() time.Time { return resolve(m.wall, m.loc) }

// on is the moment with another wall clock.
func (m moment) on(wall time.Time) moment { return moment{wall, m.loc, m.dateOnly} }

func resolve(wall time.Time, loc *time.Location) time.Time {
	// Go's time.Date chooses the second of two, which no calendar program does.
	_, before := wall.AddDate(0, 0, -1).In(loc).Zone()
	_, after := wall.AddDate(0, 0, 1).In(loc).Zone()
	first := wall.Add(-time.Duration(before) * time.Second)
	second := wall.Add(-time.Duration(after) * time.Second)
	if _, is := first.In(loc).Zone(); is == before {
		return first
	}
	if _, is := second.In(loc).Zone(); is == after {
		return second
	}
	return first
}

// wallOf is the wall clock of an instant, labelled UTC.
func wallOf(t time.Time, loc *time.Location) time.Time {
	t = t.In(loc)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// moment reads a property's value, one of them if it is a list.
func (p *places) moment(e *entry, value string) (moment, error) {
	value = strings.TrimSpace(value)
	broken := fault(e.line, e.IANAToken, "bad-time", "Value", clip(value))
	if len(value) == len(dateForm) {
		wall, err := time.Parse(dateForm, value)
		if err != nil {
			return moment{}, broken
		}
		return moment{wall: wall, loc: p.local, dateOnly: true}, nil
	}
	text, utc := strings.CutSuffix(strings.ToUpper(value), "Z")
	if strings.HasSuffix(text, "60") {
		text = strings.TrimSuffix(text, "60") + "59" // a leap second
	}
	wall, err := time.Parse(localForm, text)
	if err != nil || e.parameter("VALUE") == "DATE" {
		return moment{}, broken
	}
	switch tzid := e.parameter("TZID"); {
	case utc:
		return moment{wall: wall, loc: time.UTC}, nil
	case tzid == "":
		return moment{wall: wall, loc: p.local}, nil
	default:
		loc := p.named(tzid)
		if loc == nil {
			return moment{}, fault(e.line, e.IANAToken, "unknown-tzid", "Value", clip(tzid))
		}
		return moment{wall: wall, loc: loc}, nil
	}
}

// length is a DURATION (RFC 5545 §3.3.6): days, which are as long as their zone
// makes them, and exact time.
type length struct {
	days int
	time time.Duration
}

// duration reads "P1DT2H30M"; not ok when it is not one, or negative, or longer
// than a year.
func duration(s string) (l length, ok bool) {
	s, ok = strings.CutPrefix(strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(s)), "+"), "P")
	if !ok || s == "" {
		return l, false
	}
	inTime := false
	for s != "" {
		if s[0] == 'T' && !inTime {
			inTime, s = true, s[1:]
			continue
		}
		end := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
		if end < 1 || end > 7 {
			return l, false
		}
		n, err := strconv.Atoi(s[:end])
		if err != nil {
			return l, false
		}
		switch unit := s[end]; {
		case unit == 'W' && !inTime:
			l.days += 7 * n
		case unit == 'D' && !inTime:
			l.days += n
		case unit == 'H' && inTime:
			l.time += time.Duration(n) * time.Hour
		case unit == 'M' && inTime:
			l.time += time.Duration(n) * time.Minute
		case unit == 'S' && inTime:
			l.time += time.Duration(n) * time.Second
		default:
			return l, false
		}
		s = s[end+1:]
	}
	const year = 366
	return l, l.days <= year && l.time <= year*24*time.Hour
}

// after is the end of something that starts at a moment and is so long.
func (l length) after(m moment) time.Time {
	return resolve(m.wall.AddDate(0, 0, l.days), m.loc).Add(l.time)
}

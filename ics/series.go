package ics

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"

	"samling/models"
)

// The limits of a recurrence rule. A rule of fifty letters can stand for
// thousands of millions of events, or for none until the year 9999, which is how
// long the library would look for one.
const (
	maxRule     = 500 // octets
	maxTimes    = 24  // times of one day
	maxInterval = 1_000
	earliest    = 1900    // year of a first occurrence
	maxSteps    = 500_000 // days, weeks and so on of all rules of a file that are looked at
)

// series expands recurring events, all of one file within the same bounds.
type series struct {
	places   *places
	from, to time.Time // zero: open
	most     int
	steps    int
	spent    error // a file has asked for more than anybody's calendar does
}

// occurrences are the moments at which an event starts within the bounds, in
// order: DTSTART, RRULE and RDATE without EXDATE. The rule is followed on the
// wall clock, so that eighteen o'clock stays eighteen o'clock.
func (s *series) occurrences(b *block, starts moment) ([]moment, error) {
	walls := []time.Time{starts.wall} // RFC 5545 §3.8.5.3: always the first of the series
	var without []time.Time
	for i := range b.properties {
		p := &b.properties[i]
		list := &walls
		if p.IANAToken == "EXDATE" {
			list = &without
		}
		var more []time.Time
		var err error
		switch p.IANAToken {
		case "RRULE":
			more, err = s.follow(p, starts)
		case "RDATE", "EXDATE":
			more, err = s.dates(p, starts)
		}
		if err != nil {
			return nil, err
		}
		*list = append(*list, more...)
	}
	slices.SortFunc(walls, time.Time.Compare)
	slices.SortFunc(without, time.Time.Compare)
	var out []moment
	for _, wall := range slices.CompactFunc(walls, time.Time.Equal) {
		m := starts.on(wall)
		_, excepted := slices.BinarySearchFunc(without, wall, time.Time.Compare)
		if !excepted && s.begun(m) && !s.over(m) {
			out = append(out, m)
		}
	}
	return out, nil
}

func (s *series) begun(m moment) bool { return !m.instant().Before(s.from) }

func (s *series) over(m moment) bool { return !s.to.IsZero() && !m.instant().Before(s.to) }

// follow are the wall clocks of an RRULE within the bounds. The library is not
// told of COUNT and UNTIL: when it finds no more, we know that it has looked to
// its end of time, and what that has cost.
func (s *series) follow(p *entry, starts moment) ([]time.Time, error) {
	bad := func(code string) error { return fault(p.line, "RRULE", code, "Value", clip(p.Value)) }
	option, err := s.rule(p, starts)
	if err = cmp.Or(s.spent, err); err != nil {
		return nil, err
	}
	count, until := option.Count, option.Until
	option.Count, option.Until = 0, time.Time{}
	rule, err := rrule.NewRRule(*option)
	if err != nil {
		return nil, bad("bad-rule")
	}
	period := map[rrule.Frequency]int{rrule.DAILY: 1, rrule.WEEKLY: 7, rrule.MONTHLY: 7, rrule.YEARLY: 30}[option.Freq] * option.Interval
	var out []time.Time
	before, next := starts.wall, rule.Iterator()
	for n := 0; count == 0 || n < count; n++ {
		wall, ok := next()
		if !ok {
			wall = time.Date(rrule.MAXYEAR, 12, 31, 0, 0, 0, 0, time.UTC)
		}
		s.steps += 1 + (dayOf(wall)-dayOf(before))/period
		m := starts.on(wall)
		switch {
		case s.steps > maxSteps && len(out) > s.most:
			s.spent = fault(p.line, "RRULE", "too-many-events", "Max", s.most)
			return nil, s.spent
		case s.steps > maxSteps:
			s.spent = bad("bad-rule")
			return nil, s.spent
		case !ok && n == 0:
			return nil, bad("bad-rule")
		case !ok || s.over(m) || !until.IsZero() && wall.After(until):
			return out, nil
		case s.begun(m):
			out = append(out, wall)
		}
		before = wall
	}
	return out, nil
}

func dayOf(t time.Time) int { return int(t.Unix() / (24 * 60 * 60)) }

// rule reads an RRULE. One by the hour or oftener is refused.
func (s *series) rule(p *entry, starts moment) (*rrule.ROption, error) {
	bad := func(code string) error { return fault(p.line, "RRULE", code, "Value", clip(p.Value)) }
	if len(p.Value) > maxRule || starts.wall.Year() < earliest {
		return nil, bad("bad-rule")
	}
	option, err := rrule.StrToROptionInLocation(strings.ToUpper(untilAsWall(p.Value, starts)), time.UTC)
	if err != nil || option.Interval > maxInterval || option.Interval < 0 || option.Count < 0 {
		return nil, bad("bad-rule")
	}
	times := max(1, len(option.Byhour)) * max(1, len(option.Byminute)) * max(1, len(option.Bysecond))
	if option.Freq >= rrule.HOURLY || times > maxTimes {
		return nil, bad("recurs-too-often")
	}
	option.Dtstart, option.Interval = starts.wall, max(option.Interval, 1)
	return option, nil
}

// untilAsWall rewrites UNTIL, which is in UTC where DTSTART has a zone, to the
// wall clock on which the rule is followed. A date is the end of its day.
func untilAsWall(rule string, starts moment) string {
	parts := strings.Split(rule, ";")
	for i, part := range parts {
		name, value, _ := strings.Cut(part, "=")
		if !strings.EqualFold(name, "UNTIL") {
			continue
		}
		if t, err := time.Parse(utcForm, strings.ToUpper(value)); err == nil {
			parts[i] = "UNTIL=" + wallOf(t, starts.loc).Format(utcForm)
		} else if t, err := time.Parse(dateForm, value); err == nil {
			parts[i] = "UNTIL=" + t.Format(dateForm) + "T235959Z"
		}
	}
	return strings.Join(parts, ";")
}

// dates are the wall clocks of an RDATE or EXDATE in the zone of the series. A
// date alone means the occurrence of that day.
func (s *series) dates(p *entry, starts moment) ([]time.Time, error) {
	var out []time.Time
	for value := range strings.SplitSeq(p.Value, ",") {
		value, _, _ = strings.Cut(value, "/") // a PERIOD: its start
		m, err := s.places.moment(p, value)
		if err != nil {
			return nil, err
		}
		out = append(out, s.wallIn(m, starts))
		if len(out) > models.MaxEntries {
			return nil, fault(p.line, p.IANAToken, "too-many-events", "Max", s.most)
		}
	}
	return out, nil
}

// wallIn is a moment on the wall clock of a series.
func (s *series) wallIn(m, starts moment) time.Time {
	switch {
	case starts.dateOnly:
		return m.wall.Truncate(24 * time.Hour)
	case m.dateOnly:
		return m.wall.Add(starts.wall.Sub(starts.wall.Truncate(24 * time.Hour)))
	}
	return wallOf(m.instant(), starts.loc)
}

// recurs reports whether a component stands for more than one event.
func recurs(b *block) bool {
	return slices.ContainsFunc(b.properties, func(p entry) bool { return p.IANAToken == "RRULE" || p.IANAToken == "RDATE" })
}

// instance is the name of one occurrence within its series: its original start.
func instance(m moment) string {
	if m.dateOnly {
		return m.wall.Format(dateForm)
	}
	return m.instant().UTC().Format(utcForm)
}

// SplitSource takes the Source of an event apart: the UID, and for an occurrence
// of a series its original start, which is midnight in UTC where that is a date.
func SplitSource(source string) (uid string, original time.Time, occurrence bool) {
	i := strings.LastIndexByte(source, '/')
	for _, form := range []string{utcForm, dateForm} {
		if t, err := time.Parse(form, source[i+1:]); err == nil && i >= 0 {
			return source[:i], t, true
		}
	}
	return source, time.Time{}, false
}

func sequence(b *block) int {
	n, err := strconv.Atoi(b.value("SEQUENCE"))
	if err != nil {
		return 0
	}
	return n
}

package ics

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"

	"samling/models"
)

// The limits of a recurrence rule. A rule of fifty letters can stand for
// thousands of millions of events.
const (
	maxRule     = 500     // octets
	maxTimes    = 24      // times of one day
	maxInterval = 1_000   //
	maxSteps    = 500_000 // occurrences of all series of a file that are looked at
)

// series expands recurring events, all of one file within the same bounds.
type series struct {
	places   *places
	from, to time.Time // zero: open
	most     int
	steps    int
}

// occurrences are the moments at which an event starts within the bounds, in
// order: DTSTART, RRULE and RDATE without EXDATE. The rule is followed on the
// wall clock, so that eighteen o'clock stays eighteen o'clock.
func (s *series) occurrences(b *block, starts moment) ([]moment, error) {
	set := &rrule.Set{}
	set.RDate(starts.wall) // RFC 5545 §3.8.5.3: always the first of the series
	for i := range b.properties {
		p := &b.properties[i]
		switch p.IANAToken {
		case "RRULE":
			rule, err := s.rule(p, starts)
			if err != nil {
				return nil, err
			}
			set.RRule(rule)
		case "RDATE", "EXDATE":
			walls, err := s.dates(p, starts)
			if err != nil {
				return nil, err
			}
			for _, wall := range walls {
				if p.IANAToken == "RDATE" {
					set.RDate(wall)
				} else {
					set.ExDate(wall)
				}
			}
		}
	}
	var out []moment
	next := set.Iterator()
	for {
		wall, ok := next()
		m := starts.on(wall)
		if !ok || !s.to.IsZero() && !m.instant().Before(s.to) {
			return out, nil
		}
		if s.steps++; s.steps > maxSteps || len(out) > s.most {
			return nil, fault(b.line, "", "too-many-events", "Max", s.most)
		}
		if !m.instant().Before(s.from) {
			out = append(out, m)
		}
	}
}

// rule reads an RRULE. What could keep us busy for ever is refused: rules by the
// hour or oftener, and rules that fit no day at all, which the library looks for
// until the year 9999.
func (s *series) rule(p *entry, starts moment) (*rrule.RRule, error) {
	bad := func(code string) error { return fault(p.line, "RRULE", code, "Value", clip(p.Value)) }
	if len(p.Value) > maxRule {
		return nil, bad("bad-rule")
	}
	option, err := rrule.StrToROptionInLocation(strings.ToUpper(untilAsWall(p.Value, starts)), time.UTC)
	if err != nil || option.Interval > maxInterval || option.Count < 0 {
		return nil, bad("bad-rule")
	}
	times := max(1, len(option.Byhour)) * max(1, len(option.Byminute)) * max(1, len(option.Bysecond))
	if option.Freq >= rrule.HOURLY || times > maxTimes {
		return nil, bad("recurs-too-often")
	}
	option.Dtstart = starts.wall
	rule, err := rrule.NewRRule(*option)
	if err != nil {
		return nil, bad("bad-rule")
	}
	if _, ok := rule.Iterator()(); !ok {
		return nil, bad("bad-rule")
	}
	return rule, nil
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

func sequence(b *block) int {
	n, err := strconv.Atoi(b.value("SEQUENCE"))
	if err != nil {
		return 0
	}
	return n
}

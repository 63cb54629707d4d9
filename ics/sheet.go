package ics

import (
	"strconv"
	"strings"
	"time"

	ical "github.com/arran4/golang-ical"

	"samling/models"
)

// sheet is what one VEVENT after the other is written on: the component in
// golang-ical's model, and the memory for its values and lines, which serves for
// the next one too. A feed has a thousand events.
type sheet struct {
	event ical.VEvent
	// values is where values stand that are put together here. It is only added
	// to, so that they stay as they are.
	values strings.Builder
	prose  []byte
	lines  writer
	date   map[string][]string // the parameter of dates
}

func newSheet() *sheet { return &sheet{date: map[string][]string{"VALUE": {"DATE"}}} }

// valuesKept is how much is written for values before new memory is taken.
const valuesKept = 64 << 10

// blank is the sheet without what was written on it.
func (s *sheet) blank() *sheet {
	s.event.Properties = s.event.Properties[:0]
	if s.values.Cap()-s.values.Len() < valuesKept/16 {
		s.values.Reset()
		s.values.Grow(valuesKept)
	}
	return s
}

// add writes a property; none without a value.
func (s *sheet) add(name, value string) {
	if value != "" {
		s.event.Properties = append(s.event.Properties, property(name, value))
	}
}

// with writes a property that has parameters.
func (s *sheet) with(name, value string, parameters map[string][]string) {
	p := property(name, value)
	p.ICalParameters = parameters
	s.event.Properties = append(s.event.Properties, p)
}

// joined is one value of several parts.
func (s *sheet) joined(parts ...string) string {
	from := s.values.Len()
	for _, part := range parts {
		s.values.WriteString(part)
	}
	return s.values.String()[from:]
}

// kept is a value that was made elsewhere.
func (s *sheet) kept(b []byte) string {
	from := s.values.Len()
	s.values.Write(b)
	return s.values.String()[from:]
}

// time is a value in one of the forms of times.
func (s *sheet) time(t time.Time, form string) string {
	var b [len(utcForm)]byte
	return s.kept(t.AppendFormat(b[:0], form))
}

// text is what prose is written on.
func (s *sheet) text() *prose { return &prose{text: s.prose[:0]} }

// said is what was said in it, as a value.
func (s *sheet) said(p *prose) string {
	s.prose = p.text
	return s.kept(p.text)
}

// span writes DTSTART and DTEND, and returns the zone if they name one. Wall
// clocks are written only where every reader takes them for the same instant;
// else UTC is.
func (s *sheet) span(starts, ends time.Time, dateOnly bool, z *zone) *zone {
	if dateOnly {
		first, after := starts.In(z.loc), ends.In(z.loc)
		if next := first.AddDate(0, 0, 1); after.Before(next) {
			after = next
		}
		s.with("DTSTART", s.time(first, dateForm), s.date)
		s.with("DTEND", s.time(after, dateForm), s.date)
		return nil
	}
	starts, ends = starts.Truncate(time.Second), ends.Truncate(time.Second)
	form, parameters := utcForm, map[string][]string(nil)
	starts, ends = starts.UTC(), ends.UTC()
	named := z.writes(starts) && z.writes(ends)
	if named {
		form, parameters = localForm, z.parameters
		starts, ends = starts.In(z.loc), ends.In(z.loc)
	}
	s.with("DTSTART", s.time(starts, form), parameters)
	if ends.After(starts) {
		s.with("DTEND", s.time(ends, form), parameters)
	}
	if named {
		return z
	}
	return nil
}

// title writes SUMMARY.
func (s *sheet) title(mark, title string) {
	title = line(title, len(title))
	if mark != "" {
		title = s.joined(mark, ": ", title)
	}
	s.add("SUMMARY", title)
}

// where writes LOCATION, which is the link when there is no other place, and GEO.
func (s *sheet) where(place, online string, p models.Place) {
	if place = line(place, len(place)); place == "" {
		place = online
	}
	s.add("LOCATION", place)
	if p.Latitude != nil && p.Longitude != nil {
		s.add("GEO", s.geo(*p.Latitude, *p.Longitude))
	}
}

// geo is a value of GEO: decimal, never with an exponent (RFC 5545 §3.8.1.6).
func (s *sheet) geo(latitude, longitude float64) string {
	var b [32]byte
	text := append(strconv.AppendFloat(b[:0], latitude, 'f', 6, 64), ';')
	return s.kept(strconv.AppendFloat(text, longitude, 'f', 6, 64))
}

// finished are the lines of what was written.
func (s *sheet) finished() []byte {
	s.lines.buf = s.lines.buf[:0]
	s.lines.component(&s.event)
	return append(make([]byte, 0, len(s.lines.buf)), s.lines.buf...)
}

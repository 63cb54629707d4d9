package ics

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"samling/models"
)

// The most events that a file may hold unless ParseOptions say otherwise, the most
// faults that Parse gives back, and the most events of a file most of which lie
// outside of the bounds.
const (
	DefaultMaxEvents = 5_000
	maxFaults        = 20
	maxComponents    = 20_000
)

// ParseOptions say how a calendar file is read.
type ParseOptions struct {
	// Zone is the IANA name of the zone for times that name none; UTC when empty.
	Zone string
	// From and To bound what recurring events are expanded to; zero: open.
	From, To time.Time
	// Within leaves out other events too that end before From or begin after To.
	// Else they are read wherever they lie.
	Within bool
	// MaxEvents is the most events; 0: DefaultMaxEvents.
	MaxEvents int
}

// Calendar is what a calendar file says.
type Calendar struct {
	// Name is what the calendar calls itself; empty: nothing.
	Name string
	// Events are drafts of kind Other in the order of their starts, one for each
	// occurrence of a recurring event; those that the file cancels are Cancelled.
	// Source is the UID, for occurrences with their original start behind a
	// slash; no two are the same. Who was invited is not read.
	Events []models.Event
	// Left are the events that were left out.
	Left []Left
}

// Left is an event that was left out, or a whole series.
type Left struct {
	// Source is that of the event, or the UID of the series.
	Source string
	// Title is empty for what is private.
	Title string
	// Starts is when the event, or the first of the series, is; zero: not known.
	Starts time.Time
	// Why are the reasons, by the lines of the file ("12.DTSTART"). Only the code
	// "private" is no fault.
	Why []models.Field
}

// Private reports whether it was left out because it is marked so.
func (l Left) Private() bool { return l.Why[0].Code == "private" }

// Of reports whether an event with that Source is what was left out, or an
// occurrence of it.
func (l Left) Of(source string) bool {
	uid, _, _ := SplitSource(source)
	return source == l.Source || uid == l.Source
}

// Read reads what can be read of a calendar file, and says what cannot. Its
// errors are about the file as a whole, each a models.Error: CodeTooLarge, or
// CodeInvalid whose fields name the lines.
func Read(data []byte, opts ParseOptions) (Calendar, error) {
	c, _, err := whole(data, opts)
	return c, err
}

// Parse is Read for a file that is taken whole or not at all: faults of single
// events are errors too, and so is a file without any.
func Parse(data []byte, opts ParseOptions) ([]models.Event, error) {
	c, found, err := whole(data, opts)
	if err != nil {
		return nil, err
	}
	var faults []models.Field
	for _, l := range c.Left {
		if !l.Private() {
			faults = append(faults, l.Why...)
		}
	}
	switch {
	case len(faults) > 0:
		return nil, &models.Error{Code: models.CodeInvalid, Fields: faults[:min(len(faults), maxFaults)]}
	case found == 0:
		return nil, fault(1, "", "no-events")
	}
	return c.Events, nil
}

// whole is Read, and says how many components there are that are not private.
func whole(data []byte, opts ParseOptions) (c Calendar, found int, err error) {
	calendars, err := calendars(data, func(name string) bool {
		return slices.Contains([]string{"VCALENDAR", "VEVENT", "VTIMEZONE", "STANDARD", "DAYLIGHT"}, name)
	})
	if err != nil {
		return c, 0, err
	}
	p := newParser(calendars, opts)
	public := p.public(calendars)
	most := p.most
	if opts.Within {
		most = maxComponents
	}
	if len(public) > most {
		return c, 0, fault(public[most].line, "", "too-many-events", "Max", most)
	}
	c.Events = p.events(public)
	if p.series.spent != nil {
		return Calendar{}, 0, p.series.spent
	}
	if len(c.Events) > p.most {
		return Calendar{}, 0, fault(1, "", "too-many-events", "Max", p.most)
	}
	slices.SortStableFunc(c.Events, func(a, b models.Event) int {
		return cmp.Or(a.Starts.Compare(b.Starts), strings.Compare(a.Source, b.Source))
	})
	for _, b := range calendars {
		c.Name = cmp.Or(c.Name, nameOf(b))
	}
	c.Left = p.left
	return c, len(public), nil
}

// nameOf is what a calendar calls itself, by RFC 7986 §5.1 or as everybody did
// before it.
func nameOf(b *block) string {
	name := cmp.Or(b.value("NAME"), b.value("X-WR-CALNAME"))
	return line(clean(name), models.MaxName)
}

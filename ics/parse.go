package ics

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"samling/models"
)

// The most events that a file may hold unless ParseOptions say otherwise, and
// the most faults that are gathered before giving up.
const (
	DefaultMaxEvents = 5_000
	maxFaults        = 20
	maxUID           = 1_000 // octets; RFC 7986 §5.3 asks for less than 255
)

// ParseOptions say how a calendar file is read.
type ParseOptions struct {
	// Zone is the IANA name of the zone for times that name none; UTC when empty.
	Zone string
	// From and To bound what recurring events are expanded to; zero: open. A
	// single event is read wherever it lies.
	From, To time.Time
	// MaxEvents is the most events; 0: DefaultMaxEvents.
	MaxEvents int
}

// Parse reads the events of a calendar file as drafts of kind Other, in the order
// of their starts: one for each occurrence of a recurring event. Source is the UID,
// for occurrences with their original start behind a slash. Events that are marked
// private are left out, and so is who was invited.
//
// The errors are a models.Error: CodeTooLarge, or CodeInvalid whose fields name
// the lines ("12.DTSTART"). Nothing is read in part: all of it, or the faults.
func Parse(data []byte, opts ParseOptions) ([]models.Event, error) {
	calendars, err := calendars(data, func(name string) bool { return name == "VEVENT" || name == "VTIMEZONE" })
	if err != nil {
		return nil, err
	}
	p := &parser{
		places: newPlaces(calendars, models.Zone(opts.Zone)),
		most:   cmp.Or(opts.MaxEvents, DefaultMaxEvents),
		moved:  map[string]bool{},
	}
	p.series = &series{places: p.places, from: opts.From, to: opts.To, most: p.most}
	found := public(calendars)
	switch {
	case len(found) == 0:
		return nil, fault(1, "", "no-events")
	case len(found) > p.most:
		return nil, fault(found[p.most].line, "", "too-many-events", "Max", p.most)
	}
	events := p.events(found)
	if len(p.faults) > 0 {
		return nil, &models.Error{Code: models.CodeInvalid, Fields: p.faults}
	}
	if len(events) > p.most {
		return nil, fault(1, "", "too-many-events", "Max", p.most)
	}
	slices.SortStableFunc(events, func(a, b models.Event) int {
		return cmp.Or(a.Starts.Compare(b.Starts), strings.Compare(a.Source, b.Source))
	})
	return events, nil
}

// public are the events of all calendars that are not marked private. Of an event
// that stands there twice only the newest is taken.
func public(calendars []*block) []*block {
	var all, out []*block
	private := map[string]bool{}
	for _, c := range calendars {
		for _, b := range c.inner {
			if b.name != "VEVENT" {
				continue
			}
			all = append(all, b)
			if class := strings.ToUpper(b.value("CLASS")); class == "PRIVATE" || class == "CONFIDENTIAL" {
				private[b.value("UID")] = true // with every changed occurrence of it
			}
		}
	}
	newest := map[string]int{}
	for _, b := range all {
		uid := b.value("UID")
		id := uid + "\n" + b.value("RECURRENCE-ID")
		i, twice := newest[id]
		switch {
		case private[uid]:
		case twice && uid != "":
			if sequence(b) >= sequence(out[i]) {
				out[i] = b
			}
		default:
			newest[id] = len(out)
			out = append(out, b)
		}
	}
	return out
}

type parser struct {
	places *places
	series *series
	most   int
	// moved are the occurrences that a component of their own stands for, as
	// Source writes them.
	moved  map[string]bool
	faults []models.Field
}

// note keeps the fields of an error; it reports whether there was none.
func (p *parser) note(err error) bool {
	if e, ok := errors.AsType[*models.Error](err); ok {
		p.faults = append(p.faults, e.Fields...)
	}
	return err == nil
}

// events reads the changed occurrences first, so that their series leave them out.
func (p *parser) events(found []*block) []models.Event {
	var out []models.Event
	enough := func() bool { return len(p.faults) >= maxFaults || len(out) > p.most }
	for _, b := range found {
		if b.find("RECURRENCE-ID") != nil && !enough() {
			if e, ok := p.override(b); ok && p.inside(e.Starts) {
				out = append(out, e)
			}
		}
	}
	for _, b := range found {
		if b.find("RECURRENCE-ID") == nil && !enough() {
			out = append(out, p.master(b)...)
		}
	}
	return out
}

func (p *parser) inside(t time.Time) bool {
	return !t.Before(p.series.from) && (p.series.to.IsZero() || t.Before(p.series.to))
}

// override is one occurrence that differs from its series.
func (p *parser) override(b *block) (models.Event, bool) {
	id := b.find("RECURRENCE-ID")
	e, _, ok := p.draft(b)
	if id.parameter("RANGE") != "" {
		return e, p.note(fault(id.line, "RECURRENCE-ID", "series-split"))
	}
	original, err := p.places.moment(id, id.Value)
	e.Source += "/" + instance(original)
	p.moved[e.Source] = true
	return e, p.note(err) && ok
}

// master is one event, or all occurrences of one that recurs but for those that
// stand there on their own.
func (p *parser) master(b *block) []models.Event {
	e, t, ok := p.draft(b)
	switch {
	case !ok:
		return nil
	case !recurs(b):
		return []models.Event{e}
	}
	starts, err := p.series.occurrences(b, t.starts)
	p.note(err)
	var out []models.Event
	for _, m := range starts {
		one := e
		one.Source += "/" + instance(m)
		if !p.moved[one.Source] {
			one.Starts, one.Ends = m.instant(), t.length.after(m)
			out = append(out, one)
		}
	}
	return out
}

// draft is a component as an event, as if it did not recur; not ok when it had
// faults, which are noted.
func (p *parser) draft(b *block) (e models.Event, t times, ok bool) {
	before := len(p.faults)
	e = models.Event{
		Kind: models.Other, Status: models.Draft, TimeZone: p.places.local.String(),
		Source: strings.TrimSpace(b.value("UID")),
	}
	if e.Source == "" || len(e.Source) > maxUID {
		p.note(fault(b.line, "UID", "no-uid"))
	}
	p.texts(&e, b)
	t, err := p.times(b)
	if !p.note(err) {
		return e, t, false
	}
	e.Starts, e.Ends, e.DateOnly = t.starts.instant(), t.length.after(t.starts), t.starts.dateOnly
	if t.starts.loc != time.UTC && !e.DateOnly {
		e.TimeZone = t.starts.loc.String()
	}
	switch strings.ToUpper(strings.TrimSpace(b.value("STATUS"))) {
	case "CANCELLED":
		e.Status = models.Cancelled
	case "TENTATIVE":
		e.Preliminary = true
	}
	return e, t, len(p.faults) == before
}

// times are when an event starts and how long it lasts.
type times struct {
	starts moment
	length length
}

// times reads DTSTART with DTEND or DURATION. An event without an end lasts its
// day, or as long as its kind does.
func (p *parser) times(b *block) (t times, err error) {
	start := b.find("DTSTART")
	if start == nil {
		return t, fault(b.line, "DTSTART", "no-start")
	}
	if t.starts, err = p.places.moment(start, start.Value); err != nil {
		return t, err
	}
	usual := length{time: models.Other.Template().Length}
	if t.starts.dateOnly {
		usual = length{days: 1}
	}
	t.length = usual
	if end := b.find("DTEND"); end != nil {
		ends, err := p.places.moment(end, end.Value)
		if err != nil {
			return t, err
		}
		return t, t.until(end, ends)
	}
	if d := b.find("DURATION"); d != nil {
		l, ok := duration(d.Value)
		if !ok || t.starts.dateOnly && l.time != 0 {
			return t, fault(d.line, "DURATION", "bad-length", "Value", clip(d.Value))
		}
		if l != (length{}) {
			t.length = l
		}
	}
	return t, nil
}

// until sets the length by the end. An end that is the start is none: several
// programs write it where nobody gave one.
func (t *times) until(end *entry, ends moment) error {
	switch {
	case ends.dateOnly != t.starts.dateOnly:
		return fault(end.line, "DTEND", "bad-time", "Value", clip(end.Value))
	case t.starts.dateOnly && ends.wall.After(t.starts.wall):
		t.length = length{days: int(ends.wall.Sub(t.starts.wall).Hours() / 24)}
	case t.starts.dateOnly && ends.wall.Equal(t.starts.wall):
	case ends.instant().After(t.starts.instant()):
		t.length = length{time: ends.instant().Sub(t.starts.instant())}
	case ends.instant().Before(t.starts.instant()):
		return fault(end.line, "DTEND", "ends-before-starts")
	}
	return nil
}

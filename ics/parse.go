package ics

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"samling/models"
)

const maxUID = 1_000 // octets; RFC 7986 §5.3 asks for less than 255

// parser makes events of the components of one file.
type parser struct {
	opts   ParseOptions
	places *places
	series *series
	most   int
	// moved are the occurrences that a component of their own stands for, as
	// Source writes them.
	moved  map[string]bool
	left   []Left
	faults []models.Field // of the component in hand
}

func newParser(calendars []*block, opts ParseOptions) *parser {
	p := &parser{
		opts: opts, places: newPlaces(calendars, models.Zone(opts.Zone)),
		most: cmp.Or(opts.MaxEvents, DefaultMaxEvents), moved: map[string]bool{},
	}
	p.series = &series{places: p.places, from: opts.From, to: opts.To, most: p.most}
	return p
}

// public are the events of all calendars that are not marked private. Of an event
// that stands there twice only the newest is taken.
func (p *parser) public(calendars []*block) []*block {
	var all, out []*block
	private := map[string]bool{}
	for _, c := range calendars {
		for _, b := range c.inner {
			if b.name != "VEVENT" {
				continue
			}
			all = append(all, b)
			class := strings.ToUpper(strings.TrimSpace(b.value("CLASS")))
			if uid := b.uid(); (class == "PRIVATE" || class == "CONFIDENTIAL") && !private[uid] {
				private[uid] = true // with every changed occurrence of it
				p.left = append(p.left, Left{Source: uid, Why: fieldsOf(fault(b.line, "CLASS", "private"))})
			}
		}
	}
	newest := map[string]int{}
	for _, b := range all {
		uid := b.uid()
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

func fieldsOf(err error) []models.Field {
	e, _ := errors.AsType[*models.Error](err)
	return e.Fields
}

// note keeps the fields of an error; it reports whether there was none.
func (p *parser) note(err error) bool {
	if err != nil {
		p.faults = append(p.faults, fieldsOf(err)...)
	}
	return err == nil
}

// leave leaves an event out if anything was noted of it, and reports whether it
// did.
func (p *parser) leave(e *models.Event) bool {
	if p.faults == nil {
		return false
	}
	p.left = append(p.left, Left{Source: e.Source, Title: clip(e.Title), Starts: e.Starts, Why: p.faults})
	p.faults = nil
	return true
}

// events reads the changed occurrences first, so that their series leave them
// out. A series of which something cannot be told is left out whole: what
// remained of it would be wrong.
func (p *parser) events(found []*block) []models.Event {
	var out []models.Event
	for _, b := range found {
		if b.find("RECURRENCE-ID") != nil && len(out) <= p.most {
			if e, ok := p.override(b); ok && p.inside(e.Starts) {
				out = append(out, e)
			}
		}
	}
	for _, b := range found {
		if b.find("RECURRENCE-ID") == nil && len(out) <= p.most {
			out = append(out, p.master(b)...)
		}
	}
	gone, seen := map[string]bool{}, map[string]bool{}
	for _, l := range p.left {
		gone[l.Source] = true
	}
	return slices.DeleteFunc(out, func(e models.Event) bool {
		// One moment can be written in two ways, and so stand there twice.
		again := seen[e.Source]
		seen[e.Source] = true
		uid, _, _ := SplitSource(e.Source)
		return again || gone[uid]
	})
}

func (p *parser) inside(t time.Time) bool {
	return !t.Before(p.opts.From) && (p.opts.To.IsZero() || t.Before(p.opts.To))
}

// override is one occurrence that differs from its series; not ok when it is left
// out.
func (p *parser) override(b *block) (e models.Event, ok bool) {
	e = p.draft(b).Event
	id := b.find("RECURRENCE-ID")
	original, err := p.places.moment(id, id.Value)
	if id.parameter("RANGE") != "" {
		err = fault(id.line, "RECURRENCE-ID", "series-split")
	}
	if p.note(err) {
		e.Source += "/" + instance(original)
		p.moved[e.Source] = true
	}
	return e, !p.leave(&e)
}

// master is one event, or all occurrences of one that recurs but for those that
// stand there on their own.
func (p *parser) master(b *block) []models.Event {
	e := p.draft(b)
	if p.leave(&e.Event) {
		return nil
	}
	if !recurs(b) {
		if over := !e.Ends.After(p.opts.From) || !p.opts.To.IsZero() && !e.Starts.Before(p.opts.To); over && p.opts.Within {
			return nil
		}
		return []models.Event{e.Event}
	}
	starts, err := p.series.occurrences(b, e.starts)
	p.note(err)
	if p.leave(&e.Event) {
		return nil
	}
	var out []models.Event
	for _, m := range starts {
		one := e.Event
		one.Source += "/" + instance(m)
		if !p.moved[one.Source] {
			one.Starts, one.Ends = m.instant(), e.length.after(m)
			out = append(out, one)
		}
	}
	return out
}

// draft is a component as an event, as if it did not recur. What is wrong with it
// is noted.
type draft struct {
	models.Event
	times
}

func (p *parser) draft(b *block) draft {
	d := draft{Event: models.Event{
		Kind: models.Other, Status: models.Draft, TimeZone: p.places.local.String(), Source: b.uid(),
	}}
	if p.faults = append(p.faults, b.broken...); len(b.broken) > 0 {
		d.Title = line(clean(b.value("SUMMARY")), models.MaxTitle)
		return d
	}
	if d.Source == "" || len(d.Source) > maxUID {
		p.note(fault(b.line, "UID", "no-uid"))
	}
	p.texts(&d.Event, b)
	var err error
	if d.times, err = p.times(b); !p.note(err) {
		return d
	}
	d.Starts, d.Ends, d.DateOnly = d.starts.instant(), d.length.after(d.starts), d.starts.dateOnly
	if d.starts.loc != time.UTC && !d.DateOnly {
		d.TimeZone = d.starts.loc.String()
	}
	switch strings.ToUpper(strings.TrimSpace(b.value("STATUS"))) {
	case "CANCELLED":
		d.Status = models.Cancelled
	case "TENTATIVE":
		d.Preliminary = true
	}
	return d
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

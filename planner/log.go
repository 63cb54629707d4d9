package planner

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"samling/models"
)

// Logged is a line of a log, with what people call who did it and what it is about.
type Logged[T any] struct {
	Line T
	// Who is an organiser's address, whether or not her account is still there; empty:
	// somebody who has none.
	Who string
	// Event is nil when it is gone, or when the line is about none.
	Event *models.Event
}

// LogFilter chooses lines. The zero value chooses all.
type LogFilter struct {
	// Event is the id or slug of an event, or words of its title.
	Event string
	// Who is a part of an organiser's address.
	Who string
	// From and To choose lines not before From and before To; zero: open.
	From, To time.Time
}

// mostLines is how many lines are taken home at once: decades of a city's.
const mostLines = 200_000

// lineOf says whose and about what a line of a log is.
type lineOf[T any] func(*T) (organiser, event string)

// logged are all lines of a log that a filter chooses, newest first, those after a
// place in that order. The log has the indexes "at" and "event": one event's lines
// are found by theirs; whose they are is compared one by one.
func logged[T any](ctx context.Context, p *Planner, log models.Collection[T], of lineOf[T], f LogFilter, after models.Cursor) iter.Seq2[Logged[T], error] {
	return func(yield func(Logged[T], error) bool) {
		who, err := p.addresses(ctx)
		if err != nil {
			yield(Logged[T]{}, err)
			return
		}
		c := p.Catalogue()
		events, all := c.named(f.Event)
		query := models.Query{Index: "at", Descending: true, After: after}
		if !all && len(events) == 1 {
			for id := range events {
				query.Index, query.Equal = "event", []any{id}
			}
			if after.ID != "" {
				query.After.Parts = slices.Concat(query.Equal, after.Parts)
			}
		}
		if !f.From.IsZero() {
			query.From = f.From.UnixMilli()
		}
		if !f.To.IsZero() {
			query.To = f.To.UnixMilli()
		}
		part := strings.ToLower(strings.TrimSpace(f.Who))
		for line, err := range log.List(ctx, query) {
			organiser, event := of(&line)
			out := Logged[T]{Line: line, Who: who[organiser]}
			if err == nil && (!all && !events[event] || !strings.Contains(cmp.Or(out.Who, organiser), part)) {
				continue
			}
			if l, err := c.Event(event); err == nil {
				out.Event = l.Event
			}
			if !yield(out, err) || err != nil {
				return
			}
		}
	}
}

// firstOf are at most that many lines, and the place of the last when there are more.
func firstOf[T any, P models.DocumentOf[T]](lines iter.Seq2[Logged[T], error], spec models.Spec[T], most int) (out []Logged[T], older models.Cursor, err error) {
	for line, err := range lines {
		if err != nil {
			return nil, older, err
		}
		if len(out) == most {
			last := &out[most-1].Line
			return out, spec.At("at", last, P(last).Doc().ID), nil
		}
		out = append(out, line)
	}
	return out, models.Cursor{}, nil
}

// addresses are those of all organisers, former ones too, by their ids.
func (p *Planner) addresses(ctx context.Context) (map[string]string, error) {
	by := map[string]string{}
	for o, err := range p.Store.Formers.List(ctx, models.Query{}) {
		if err != nil {
			return nil, err
		}
		by[o.ID] = o.Email
	}
	for o, err := range p.Store.Organisers.List(ctx, models.Query{}) {
		if err != nil {
			return nil, err
		}
		by[o.ID] = o.Email
	}
	return by, nil
}

// named are the ids of the events that somebody means by an id, a slug or words
// of a title; all: she named none. An event that is gone has its id still.
func (c *Catalogue) named(text string) (ids map[string]bool, all bool) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, true
	}
	if l, err := c.Event(text); err == nil {
		return map[string]bool{l.ID: true}, false
	}
	ids = map[string]bool{}
	for _, l := range c.Select(Filter{For: Command(), Words: text}) {
		ids[l.ID] = true
	}
	if len(ids) == 0 {
		ids[text] = true
	}
	return ids, false
}

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

// Look is one look at an attendance list, with what people call who looked and
// what she looked at.
type Look struct {
	models.Read
	// Who is an organiser's address, whether or not her account is still there;
	// empty: the command line.
	Who string
	// Event is nil when it is gone, or when it was the log itself that was taken
	// home.
	Event *models.Event
}

// LookFilter chooses looks. The zero value chooses all.
type LookFilter struct {
	// Event is the id or slug of an event, or words of its title.
	Event string
	// Who is a part of an organiser's address.
	Who string
	// From and To choose looks not before From and before To; zero: open.
	From, To time.Time
}

// mostLooks is how many looks are taken home at once: decades of a city's.
const mostLooks = 200_000

// Reads are the looks at attendance lists that a filter chooses, newest first, at
// most that many, those after a place in that order. older is the place of the
// last when there are more. For coordinators alone: what others may not see is not
// found.
func (p *Planner) Reads(ctx context.Context, by *models.Organiser, f LookFilter, after models.Cursor, most int) (looks []Look, older models.Cursor, err error) {
	if !by.MayOversee() {
		return nil, older, models.ErrNotFound
	}
	for look, err := range p.looks(ctx, f, after) {
		if err != nil {
			return nil, older, err
		}
		if len(looks) == most {
			last := &looks[most-1].Read
			return looks, models.ReadSpec().At("at", last, last.ID), nil
		}
		looks = append(looks, look)
	}
	return looks, models.Cursor{}, nil
}

// TakeReads are the looks that a filter chooses, to be taken home as a file. That
// they were is durable before she gets them, as a look at what they tell.
func (p *Planner) TakeReads(ctx context.Context, by *models.Organiser, f LookFilter) ([]Look, error) {
	looks, _, err := p.Reads(ctx, by, f, models.Cursor{}, mostLooks)
	if err != nil {
		return nil, err
	}
	return looks, p.Store.Reads.Create(ctx, models.Read{
		Document: models.Document{ID: newID()}, At: models.Milli(p.Now()), Organiser: by.ID, How: models.LogTaken, Count: len(looks),
	})
}

// looks are all looks that a filter chooses. One event's are found by their index;
// who looked is compared one by one.
func (p *Planner) looks(ctx context.Context, f LookFilter, after models.Cursor) iter.Seq2[Look, error] {
	return func(yield func(Look, error) bool) {
		who, err := p.addresses(ctx)
		if err != nil {
			yield(Look{}, err)
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
		for r, err := range p.Store.Reads.List(ctx, query) {
			look := Look{Read: r, Who: who[r.Organiser]}
			if err == nil && (!all && !events[r.Event] || !strings.Contains(cmp.Or(look.Who, r.Organiser), part)) {
				continue
			}
			if l, err := c.Event(r.Event); err == nil {
				look.Event = l.Event
			}
			if !yield(look, err) || err != nil {
				return
			}
		}
	}
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

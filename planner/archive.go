package planner

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"samling/models"
)

// archived is how long an event has been over when its descriptions are left in
// the store: they are most of what it takes in memory, and most events are old.
// No feed reaches back so far.
const archived = 100 * 24 * time.Hour

// readEverything fills an empty catalogue. It reads from both ends until the two
// meet: reading is most of a start, and there are two processors at least. The
// order is that of ids, since DocumentDB sorts all that is left for every page of
// another. What is made meanwhile may be missed, but has changed lately.
func (p *Planner) readEverything(ctx context.Context, c *Catalogue) error {
	old := p.Now().Add(-archived)
	var parts [2][]*models.Event
	var places [2]atomic.Pointer[string] // how far each has come
	both, ctx := errgroup.WithContext(ctx)
	for i := range parts {
		both.Go(func() error {
			for e, err := range p.Store.Events.List(ctx, models.Query{Descending: i == 1}) {
				if err != nil {
					return err
				}
				if e.Ends.Before(old) {
					abridge(&e)
				}
				parts[i] = append(parts[i], &e)
				places[i].Store(&e.ID)
				if up, down := places[0].Load(), places[1].Load(); up != nil && down != nil && *up > *down {
					break
				}
			}
			return nil
		})
	}
	if err := both.Wait(); err != nil {
		return err
	}
	c.take(slices.Concat(parts[0], parts[1]), false)
	for _, l := range c.Events {
		l.abridged = l.Ends.Before(old)
	}
	return nil
}

// abridge drops the descriptions of an event.
func abridge(e *models.Event) {
	e.Description = ""
	for language, t := range e.Texts {
		t.Description = ""
		e.Texts[language] = t
	}
}

// Whole is an event with its descriptions. It asks the store only for one that is
// long over.
func (p *Planner) Whole(ctx context.Context, l *Listed) (*Listed, error) {
	if !l.abridged {
		return l, nil
	}
	e, err := p.Store.Events.Get(ctx, l.ID)
	if err != nil {
		return nil, err
	}
	whole := *l.Event
	whole.Text, whole.Texts = e.Text, e.Texts
	return &Listed{Event: &whole, Changed: l.Changed}, nil
}

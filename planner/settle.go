package planner

import (
	"context"
	"errors"
	"slices"
	"time"

	"samling/models"
	"samling/models/vault"
)

// settle gives the newest facts of an event to its key and its roster, its changes to
// the log, and shows the event.
// It is what publishing, changing and cancelling end with, and what repairs
// them when they were cut off.
func (p *Planner) settle(ctx context.Context, id string) (models.Event, error) {
	e, err := p.Store.Events.Get(ctx, id)
	if err != nil {
		return e, err
	}
	if e.Unsettled {
		// Until the key is kept for longer, an event that was moved ahead would lose
		// its people on the old day.
		if err := p.keyFor(ctx, &e); err != nil {
			return e, err
		}
		by := e.Planned
		if by.Sequence != e.Sequence {
			by = models.Planned{} // somebody has changed it since
		}
		if err := p.teach(ctx, id, e.Facts(), by); err != nil {
			return e, err
		}
	}
	short, err := p.shortFor(ctx, &e)
	if err != nil {
		return e, err
	}
	if was := e; was.Unsettled || was.Short != short || len(was.Noted) > 0 {
		err := p.note(ctx, was.Noted, p.Store.Events.Updating(id, func(e *models.Event) error {
			e.Short, e.Unsettled = short, e.Unsettled && e.Sequence > was.Sequence
			e.Noted = slices.DeleteFunc(slices.Clone(e.Noted), func(c models.Change) bool { return !c.At.After(was.Updated) })
			if len(e.Noted) == 0 {
				e.Noted = nil
			}
			return nil
		}))
		if err == nil {
			e, err = p.Store.Events.Get(ctx, id)
		}
		if err != nil {
			return e, err
		}
		if was.Unsettled {
			p.seats.Remove(id)
			p.wakeDue()
		}
	}
	if len(e.Errands) > 0 {
		if e, err = p.runErrands(ctx, e); err != nil {
			return e, err
		}
	}
	p.show(e)
	return e, p.tellParts(ctx, &e)
}

// teach gives a roster new facts, by a plan or by none, and makes the roster when
// there is none.
func (p *Planner) teach(ctx context.Context, event string, facts models.Facts, by models.Planned) error {
	now := p.Now()
	learn := p.Store.Rosters.Updating(event, func(r *models.Roster) error { r.LearnPlanned(facts, by, now); return nil })
	err := p.Store.Write(ctx, learn)
	if !errors.Is(err, models.ErrNotFound) {
		return err
	}
	r := models.Roster{Document: models.Document{ID: event}}
	r.Learn(facts, now)
	err = p.Store.Rosters.Create(ctx, r)
	if errors.Is(err, models.ErrExists) {
		err = p.Store.Write(ctx, learn)
	}
	return err
}

// repair settles the events whose roster was not given their newest facts, the log
// their changes, the outbox their errands, or their parts what they must hear, because
// a crash came between, and those of an older program, which have no short address.
func (p *Planner) repair(ctx context.Context) error {
	for e, err := range p.Store.Events.List(ctx, models.Query{Index: "unsettled"}) {
		if err != nil {
			return err
		}
		if _, err := p.settle(ctx, e.ID); err != nil {
			return err
		}
	}
	for slug := range p.Catalogue().wholes {
		if l, err := p.Catalogue().Event(slug); err == nil {
			if err := p.tellParts(ctx, l.Event); err != nil {
				return err
			}
		}
	}
	for l := range p.Catalogue().Ahead(Filter{}, p.Now()) {
		if l.Short != "" {
			continue
		}
		if _, err := p.settle(ctx, l.ID); err != nil {
			return err
		}
	}
	return nil
}

// keyFor gives an event a key of its own, wrapped for the day on which names and
// addresses must be erased, or wraps the one it has for another day.
func (p *Planner) keyFor(ctx context.Context, e *models.Event) error {
	v := p.Keys.Vault()
	day := p.eraseDay(e)
	kept, err := p.Store.EventKeys.Get(ctx, e.ID)
	switch {
	case errors.Is(err, models.ErrNotFound):
		wrapped, err := v.Wrap(e.ID, vault.NewKey(), day)
		if err != nil {
			return err
		}
		err = p.Store.EventKeys.Create(ctx, models.EventKey{Document: models.Document{ID: e.ID}, Wrapped: wrapped, Day: int(day)})
		if errors.Is(err, models.ErrExists) {
			return nil
		}
		return err
	case err != nil:
		return err
	case kept.Day == int(day):
		return nil
	}
	key, err := v.Unwrap(e.ID, kept.Wrapped, vault.Day(kept.Day))
	if errors.Is(err, vault.ErrDestroyed) {
		// What was sealed is gone for ever; an event that is held again starts
		// anew.
		key, err = vault.NewKey(), nil
	}
	if err != nil {
		return err
	}
	wrapped, err := v.Wrap(e.ID, key, day)
	if err != nil {
		return err
	}
	_, err = p.Store.EventKeys.Update(ctx, e.ID, func(k *models.EventKey) error {
		k.Wrapped, k.Day, k.Noteless = wrapped, int(day), false
		return nil
	})
	p.Keys.Forget(e.ID)
	return err
}

// eraseDay is the last day on which names and addresses of an event can be
// read. An event in the past, as an import brings, has one until tomorrow.
func (p *Planner) eraseDay(e *models.Event) vault.Day {
	return max(vault.DayOf(e.Ends.Add(p.Retention))+1, vault.DayOf(p.Now())+1)
}

// ErasedBy is the moment from which nobody can read the names and addresses of
// an event any more, whatever copy they have.
func (p *Planner) ErasedBy(e *models.Event) time.Time {
	return time.Unix(int64(p.eraseDay(e)+1)*24*60*60, 0).UTC()
}

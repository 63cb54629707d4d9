package planner

import (
	"context"
	"errors"
	"time"

	"samling/models"
	"samling/models/vault"
)

// forget erases sign-ups of an event that are none any more. Doing it again
// changes nothing.
func (p *Planner) forget(ctx context.Context, event string, ids []models.ID, now time.Time) error {
	if len(ids) == 0 {
		return nil
	}
	for _, id := range ids {
		if err := p.forgetRSVP(ctx, id.String()); err != nil {
			return err
		}
	}
	return p.Store.Write(ctx, p.Store.Rosters.Updating(event, func(r *models.Roster) error {
		r.Forget(ids, now)
		return nil
	}))
}

func (p *Planner) forgetRSVP(ctx context.Context, id string) error {
	_, err := p.Store.RSVPs.Update(ctx, id, func(r *models.RSVP) error { r.Forget(); return nil })
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	return err
}

// Purge erases what has been kept long enough: the notes of an event, then all
// that tells who came, with the key. What an older copy of the store still holds
// cannot be opened any more by then, for the key file has gone on. It also makes
// true what the journal knows and this store does not.
func (p *Planner) Purge(ctx context.Context) error {
	if err := p.replay(ctx); err != nil {
		return err
	}
	now := p.Now()
	today := vault.DayOf(now)
	for k, err := range p.Store.EventKeys.List(ctx, models.Query{}) {
		switch {
		case err != nil:
			return err
		case vault.Day(k.Day) < today:
			err = p.purge(ctx, &k, now)
		case !k.Noteless && vault.Day(k.Day) <= vault.DayOf(now.Add(p.Retention-models.NotesKept))+1:
			err = p.purgeNotes(ctx, &k, now)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// purge erases everybody who signed up for an event, and its key.
func (p *Planner) purge(ctx context.Context, k *models.EventKey, now time.Time) error {
	for r, err := range p.Store.RSVPs.List(ctx, models.Query{Index: "event", Equal: []any{k.ID}}) {
		if err == nil && len(r.Sealed) > 0 {
			err = p.forgetRSVP(ctx, r.ID)
		}
		if err != nil {
			return err
		}
	}
	_, err := p.Store.Rosters.Update(ctx, k.ID, func(r *models.Roster) error { r.ForgetAll(now); return nil })
	if err == nil || errors.Is(err, models.ErrNotFound) {
		err = p.forgetMessages(ctx, k.ID)
	}
	if err == nil {
		err = p.Store.EventKeys.Delete(ctx, k.ID, k.Revision)
	}
	if errors.Is(err, models.ErrNotFound) || errors.Is(err, models.ErrChangedMeanwhile) {
		return nil
	}
	p.Keys.Forget(k.ID)
	return err
}

// purgeNotes erases what the attendees of an event wrote, if it is time.
func (p *Planner) purgeNotes(ctx context.Context, k *models.EventKey, now time.Time) error {
	e, err := p.Store.Events.Get(ctx, k.ID)
	if errors.Is(err, models.ErrNotFound) || err == nil && now.Before(e.Ends.Add(models.NotesKept)) {
		return nil
	}
	if err != nil {
		return err
	}
	for r, err := range p.Store.RSVPs.List(ctx, models.Query{Index: "event", Equal: []any{k.ID}}) {
		if err == nil {
			err = p.dropNote(ctx, &r)
		}
		if err != nil {
			return err
		}
	}
	_, err = p.Store.EventKeys.Update(ctx, k.ID, func(now *models.EventKey) error {
		now.Noteless = now.Day == k.Day // else the event was given another date meanwhile
		return nil
	})
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	return err
}

// dropNote seals a sign-up anew without its note and answers.
func (p *Planner) dropNote(ctx context.Context, r *models.RSVP) error {
	person, err := p.unseal(ctx, r)
	if models.CodeOf(err) == models.CodeGone || err == nil && person.Note == "" && person.Answers == (models.Answers{}) && len(r.Parting.Sealed) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	key, err := p.Keys.Key(ctx, r.Event)
	if err != nil {
		return err
	}
	person.Note, person.Answers = "", models.Answers{}
	sealed := key.Seal(r.Event, r.ID, person.Bytes())
	_, err = p.Store.RSVPs.Update(ctx, r.ID, func(r *models.RSVP) error { r.DropNote(sealed); return nil })
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	return err
}

// replay erases what the journal knows to be erased and this store may not: it
// does nothing more unless an older copy was restored.
func (p *Planner) replay(ctx context.Context) error {
	i, err := p.Store.Installation.Get(ctx, InstallationID)
	if err != nil {
		return err
	}
	journal, ids, err := p.Keys.Vault().Journal().Read()
	done := i.Erased[journal]
	if err != nil || len(ids) <= done {
		return err
	}
	for _, id := range ids[done:] {
		if err := p.eraseAgain(ctx, id); err != nil {
			return err
		}
	}
	_, err = p.Store.Installation.Update(ctx, InstallationID, func(i *models.Installation) error {
		if i.Erased == nil {
			i.Erased = map[string]int{}
		}
		i.Erased[journal] = max(i.Erased[journal], len(ids))
		return nil
	})
	return err
}

// eraseAgain does to a sign-up what was done to it before.
func (p *Planner) eraseAgain(ctx context.Context, id string) error {
	r, err := p.Store.RSVPs.Get(ctx, id)
	if errors.Is(err, models.ErrNotFound) || err == nil && len(r.Sealed) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	return p.erase(ctx, &r)
}

// erase takes a sign-up out of its event and erases it.
func (p *Planner) erase(ctx context.Context, r *models.RSVP) error {
	id, err := models.ParseID(r.ID)
	if err != nil {
		return err
	}
	now := models.Milli(p.Now())
	_, err = p.Store.Rosters.Update(ctx, r.Event, func(r *models.Roster) error {
		return r.Act(id, models.ActErase, 0, now)
	})
	// Without an entry it was a second attempt, which means nothing but holds a
	// name all the same.
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return err
	}
	p.wakeDue()
	return p.forgetRSVP(ctx, r.ID)
}

// EraseAddress erases every sign-up of an address, whatever came of it, and says
// how many there were. Somebody who was added by name alone is not found by it.
func (p *Planner) EraseAddress(ctx context.Context, address string) (erased int, err error) {
	var f models.Faults
	models.CheckEmail(&f, "email", address, true)
	if err := f.Err(); err != nil {
		return 0, err
	}
	for k, err := range p.Store.EventKeys.List(ctx, models.Query{}) {
		if err != nil {
			return erased, err
		}
		n, err := p.eraseFrom(ctx, k.ID, models.NormaliseEmail(address))
		erased += n
		if err != nil {
			return erased, err
		}
	}
	return erased, nil
}

// eraseFrom erases the sign-ups of an address for one event.
func (p *Planner) eraseFrom(ctx context.Context, event, address string) (erased int, err error) {
	for r, err := range p.Store.RSVPs.List(ctx, models.Query{Index: "event", Equal: []any{event}}) {
		if err != nil {
			return erased, err
		}
		person, err := p.unseal(ctx, &r)
		if models.CodeOf(err) == models.CodeGone || err == nil && models.NormaliseEmail(person.Email) != address {
			continue
		}
		if err == nil {
			err = p.Keys.Vault().Journal().Note(r.ID)
		}
		if err == nil {
			err = p.erase(ctx, &r)
		}
		if err != nil {
			return erased, err
		}
		erased++
	}
	return erased, nil
}

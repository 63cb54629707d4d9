package planner

import (
	"context"
	"errors"
	"time"

	"samling/models"
	"samling/models/vault"
)

// MailMine mails somebody who holds the link of one sign-up all that her address
// has signed up for. Asking again within some minutes does nothing, and looks the
// same.
func (p *Planner) MailMine(ctx context.Context, id string) error {
	rsvp, err := p.Store.RSVPs.Get(ctx, id)
	if err != nil {
		return err
	}
	person, err := p.unseal(ctx, &rsvp)
	if err != nil {
		return err
	}
	if person.Email == "" {
		return models.Fault(models.CodeNotPossible)
	}
	now := models.Milli(p.Now())
	if err := p.arrives(ctx, person.Email); err != nil {
		return err
	}
	if _, err := p.Store.RSVPs.Update(ctx, id, func(r *models.RSVP) error { r.Use(now); return nil }); err != nil {
		return err
	}
	err = p.strictly(ctx, "mine", person.Email, models.MineRate())
	if models.CodeOf(err) == models.CodeTooMany {
		return nil
	}
	if err != nil {
		return err
	}
	return p.post(ctx, []models.Mail{{
		Document: models.Document{ID: newID()}, Kind: models.MailMine, Event: rsvp.Event, RSVP: id,
		Born: now, Until: now.Add(models.MineLasts), Status: models.MailQueued, Due: now,
	}})
}

// Living are all sign-ups of an address that count, at events that are still to
// come, in the order of their starts.
func (p *Planner) Living(ctx context.Context, address string) ([]models.Living, error) {
	now, address := p.Now(), models.NormaliseEmail(address)
	var out []models.Living
	for _, e := range p.Catalogue().Events {
		if e.Status == models.Draft || !e.SignUp.Needed || !now.Before(e.Ends) {
			continue
		}
		l, err := p.livingAt(ctx, e.Event, address, now)
		if err != nil {
			return nil, err
		}
		if l != nil {
			out = append(out, l.Living)
		}
	}
	return out, nil
}

// living is a sign-up that counts, and the tale of the plan by which its event came
// to say what it says.
type living struct {
	models.Living
	tale string
}

// livingAt is the sign-up of an address, in its normal form, at one event; nil when
// there is none that counts.
func (p *Planner) livingAt(ctx context.Context, e *models.Event, address string, now time.Time) (*living, error) {
	key, err := p.Keys.Key(ctx, e.ID)
	if errors.Is(err, models.ErrNotFound) || errors.Is(err, vault.ErrDestroyed) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	r, err := p.Store.Rosters.Get(ctx, e.ID)
	if err != nil {
		return nil, ignoring(err, models.CodeNotFound)
	}
	r.Settle(now)
	entry, ok := r.Known(key.Who(address))
	if !ok || !entry.State.Coming() {
		return nil, nil
	}
	return &living{models.Living{
		RSVP: entry.RSVP.String(), Event: e.ID, About: p.about(e), Is: r.Shown(&entry, now), Entry: entry, Line: r.Line(entry.RSVP),
	}, r.Plan}, nil
}

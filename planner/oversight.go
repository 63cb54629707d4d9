package planner

import (
	"context"
	"errors"
	"time"

	"samling/models"
)

// Editable finds an event, named by id or slug, that somebody may change, as the
// store has it now: what is typed into a form must start from that.
func (p *Planner) Editable(ctx context.Context, by *models.Organiser, ref string) (models.Event, error) {
	l, err := p.Catalogue().Event(ref)
	if err != nil {
		return models.Event{}, err
	}
	e, err := p.Store.Events.Get(ctx, l.ID)
	if err != nil {
		return e, err
	}
	return e, mayChange(by, &e)
}

// ToBeTold is how many sign-ups get a mail when the event changes for those who
// come: all that count on it and left an address.
func (p *Planner) ToBeTold(ctx context.Context, event string) (int, error) {
	r, err := p.Store.Rosters.Get(ctx, event)
	if errors.Is(err, models.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	r.Settle(p.Now())
	n := 0
	for i := range r.Entries {
		if e := &r.Entries[i]; e.State.Coming() && e.Who != (models.Who{}) {
			n++
		}
	}
	return n, nil
}

// Outbox are the mails of a status, the one that is or was due last first, and
// how many mails there are of each. For coordinators alone.
func (p *Planner) Outbox(ctx context.Context, by *models.Organiser, status models.MailStatus, after models.Cursor, most int) (mails []models.Mail, counts map[models.MailStatus]int, older models.Cursor, err error) {
	if !by.MayOversee() {
		return nil, nil, older, models.ErrNotFound
	}
	if counts, err = p.MailCounts(ctx); err != nil {
		return nil, nil, older, err
	}
	query := models.Query{Index: "status", Equal: []any{string(status)}, Descending: true, After: after, Limit: most + 1}
	for m, err := range p.Store.Mails.List(ctx, query) {
		if err != nil {
			return nil, nil, older, err
		}
		if len(mails) == most {
			last := &mails[most-1]
			return mails, counts, models.MailSpec().At("status", last, last.ID), nil
		}
		mails = append(mails, m)
	}
	return mails, counts, models.Cursor{}, nil
}

// MailCounts are the numbers of mails by status.
func (p *Planner) MailCounts(ctx context.Context) (map[models.MailStatus]int, error) {
	counts := map[models.MailStatus]int{}
	for _, s := range models.MailStatuses() {
		n, err := p.Store.Mails.Count(ctx, models.Query{Index: "status", Equal: []any{string(s)}})
		if err != nil {
			return nil, err
		}
		counts[s] = n
	}
	return counts, nil
}

// Release queues the mails that were withheld when the store was restored from a
// backup, and says how many there were. For coordinators alone.
func (p *Planner) Release(ctx context.Context, by *models.Organiser) (int, error) {
	if !by.MayOversee() {
		return 0, models.ErrNotFound
	}
	n, err := turn(ctx, p.Store, models.MailWithheld, models.MailQueued)
	if n > 0 {
		p.Mailed()
	}
	return n, err
}

// Withhold keeps all mail of a restored store back until a coordinator releases
// it, and says how much there is.
func Withhold(ctx context.Context, s *models.Store) (int, error) {
	queued, err := turn(ctx, s, models.MailQueued, models.MailWithheld)
	if err != nil {
		return queued, err
	}
	sending, err := turn(ctx, s, models.MailSending, models.MailWithheld)
	return queued + sending, err
}

// turn gives the mails of one status another.
func turn(ctx context.Context, s *models.Store, from, to models.MailStatus) (n int, err error) {
	for m, err := range s.Mails.List(ctx, models.Query{Index: "status", Equal: []any{string(from)}}) {
		if err == nil {
			_, err = s.Mails.Update(ctx, m.ID, func(m *models.Mail) error {
				if m.Status == from {
					m.Status, m.Owner = to, ""
				}
				return nil
			})
		}
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// TryAgain puts a mail that failed back into the queue. It keeps its id and its
// birth, and so says the same as before, under the same Message-ID; and its address
// is mailed again, if mail had come back from it. One that is waiting already is left
// as it is; CodeNotPossible for one that was sent or skipped.
func (p *Planner) TryAgain(ctx context.Context, by *models.Organiser, id string) error {
	if !by.MayOversee() {
		return models.ErrNotFound
	}
	m, err := p.Store.Mails.Get(ctx, id)
	if err == nil && m.Status == models.MailFailed && m.RSVP != "" {
		err = p.arrivesTo(ctx, m.RSVP)
	}
	if err != nil {
		return err
	}
	now := models.Milli(p.Now())
	_, err = p.Store.Mails.Update(ctx, id, func(m *models.Mail) error {
		switch m.Status {
		case models.MailFailed:
			m.Status, m.Due, m.Settled = models.MailQueued, now, time.Time{}
		case models.MailQueued, models.MailSending:
		default:
			return models.Fault(models.CodeNotPossible)
		}
		return nil
	})
	if err == nil {
		p.Mailed()
	}
	return err
}

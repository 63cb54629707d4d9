package planner

import (
	"context"
	"errors"
	"time"

	"samling/models"
)

// batch is how many tellings of one roster become mails in one write.
const batch = 500

// TellDue does what is due in all rosters: what has run out lapses, those who
// wait move up, and everybody who was told something else than what is true
// gets a mail into the outbox. It returns when nothing is due any more, and the
// moment at which something will be; zero: nothing is known of.
func (p *Planner) TellDue(ctx context.Context) (next time.Time, err error) {
	for {
		now := p.Now()
		query := models.Query{Index: "due", Limit: 100}
		done := 0
		for r, err := range p.Store.Rosters.List(ctx, query) {
			if err != nil {
				return time.Time{}, err
			}
			if r.Due.After(models.Milli(now)) {
				next = r.Due
				break
			}
			if err := p.tell(ctx, r.ID, now); err != nil {
				return time.Time{}, err
			}
			done++
		}
		if done == 0 {
			return next, nil
		}
	}
}

// tell brings one roster up to date and puts a mail into the outbox for each of
// its tellings; only then the roster notes that they were told. A crash between
// makes the same mails again, under the same ids.
func (p *Planner) tell(ctx context.Context, event string, now time.Time) error {
	r, err := p.Store.Rosters.Update(ctx, event, func(r *models.Roster) error { r.Settle(now); return nil })
	if err != nil {
		return err
	}
	p.seats.Add(event, seatsOf(&r, now))
	if err := p.forget(ctx, event, r.Forgettable(now, batch), now); err != nil {
		return err
	}
	tellings := r.Tellings(now, batch)
	if len(tellings) == 0 {
		return nil
	}
	e, err := p.Store.Events.Get(ctx, event)
	if err != nil {
		return err
	}
	told := p.Store.Rosters.Updating(event, func(r *models.Roster) error {
		r.HasTold(tellings, now)
		return nil
	})
	return p.post(ctx, p.mails(&e, &r, tellings, now), told)
}

// mails are the outbox rows of tellings.
func (p *Planner) mails(e *models.Event, r *models.Roster, tellings []models.Telling, now time.Time) []models.Mail {
	now = models.Milli(now)
	about := p.about(e)
	var out []models.Mail
	for _, t := range tellings {
		if t.Kind == models.MailSilent {
			continue
		}
		about := about
		if t.Is.Veiled {
			about.Place = models.Place{}
		}
		out = append(out, models.Mail{
			Document: models.Document{ID: t.ID()}, Kind: t.Kind, Event: e.ID, RSVP: t.Entry.RSVP.String(), Born: now,
			State: t.Entry.State, Told: t.Entry.Told.State, Party: t.Entry.Party, Asked: t.Entry.Asked, Line: r.Line(t.Entry.RSVP), Until: t.Entry.Until,
			Is: t.Is, Was: t.Was, Sequence: t.Sequence(), About: about, Plan: t.Plan,
			Status: models.MailQueued, Due: now,
		})
	}
	return out
}

func (p *Planner) about(e *models.Event) models.About {
	c := p.Catalogue()
	about := models.About{
		Slug: e.Slug, Titles: titles(e), Place: e.Place, Summary: e.Summary,
		Contact: e.Contact, Reason: e.Reason, ReplyTo: e.Contact.Email, Hosts: c.HostNames(e.Hosts(), ""),
	}
	if e.Audience == models.Members {
		about.Link = &models.Link{Made: e.Link.Made}
	}
	if about.ReplyTo == "" {
		about.ReplyTo = c.HostEmail(e.Host)
	}
	return about
}

// titles are those of an event by language; "" is its own.
func titles(e *models.Event) map[string]string {
	out := map[string]string{"": e.Title}
	for language, text := range e.Texts {
		if text.Title != "" {
			out[language] = text.Title
		}
	}
	return out
}

// post puts mails into the outbox, and then does what follows from it: one
// commit where the store can. A mail that is there already is the same one: its
// id says all that it says.
func (p *Planner) post(ctx context.Context, mails []models.Mail, then ...models.Op) error {
	ops := make([]models.Op, len(mails), len(mails)+len(then))
	for i, m := range mails {
		ops[i] = p.Store.Mails.Creating(m)
	}
	err := p.Store.Write(ctx, append(ops, then...)...)
	if errors.Is(err, models.ErrExists) {
		for _, m := range mails {
			if err = p.Store.Mails.Create(ctx, m); err != nil && !errors.Is(err, models.ErrExists) {
				return err
			}
		}
		err = p.Store.Write(ctx, then...)
	}
	if err == nil && len(mails) > 0 {
		p.Mailed()
	}
	return err
}

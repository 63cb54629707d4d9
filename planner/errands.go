package planner

import (
	"cmp"
	"context"
	"slices"

	"samling/models"
)

// runErrands puts the mails to organisers that a change of an event caused into
// the outbox, and in one write with them takes the errands from the event. Running
// one again makes the same mails.
func (p *Planner) runErrands(ctx context.Context, e models.Event) (models.Event, error) {
	mails, err := p.errandMails(ctx, &e)
	if err != nil {
		return e, err
	}
	done := map[string]bool{}
	for i := range e.Errands {
		done[e.Errands[i].Key()] = true
	}
	err = p.post(ctx, mails, p.Store.Events.Updating(e.ID, func(e *models.Event) error {
		e.Errands = slices.DeleteFunc(e.Errands, func(r models.Errand) bool { return done[r.Key()] })
		if len(e.Errands) == 0 {
			e.Errands = nil
		}
		return nil
	}))
	if err != nil {
		return e, err
	}
	return p.Store.Events.Get(ctx, e.ID)
}

func (p *Planner) errandMails(ctx context.Context, e *models.Event) ([]models.Mail, error) {
	organisers, err := all(ctx, p.Store.Organisers, func(models.Organiser) int { return 0 })
	if err != nil {
		return nil, err
	}
	c := p.Catalogue()
	var mails []models.Mail
	now := models.Milli(p.Now())
	for i := range e.Errands {
		r := &e.Errands[i]
		due := r.At
		if due.After(now) { // a stamp may run ahead of the clock; the mail need not wait for it
			due = now
		}
		if r.Due.After(due) {
			due = r.Due
		}
		if r.Kind == models.MailApprovalWaits {
			waits, err := p.approvalMails(ctx, organisers, due)
			if err != nil {
				return nil, err
			}
			mails = append(mails, waits...)
			continue
		}
		from := cmp.Or(r.From, c.central())
		about := p.about(e)
		about.Reason, about.ReplyTo = r.Words, c.HostEmail(from)
		is := e.Facts()
		if is.Protected { // mail is no place for it, and who is asked need not become a host
			is, about.Place = is.Veil(), models.Place{}
		}
		for _, o := range r.For(organisers) {
			mails = append(mails, models.Mail{
				Document: models.Document{ID: derivedID("errand", e.ID, r.Key(), o.ID)}, Kind: r.Kind, Event: e.ID, Organiser: o.ID,
				Host: r.To, From: c.HostName(from, o.Language), Is: is, About: about, Born: r.At, Status: models.MailQueued, Due: due,
			})
		}
	}
	return mails, nil
}

// central is the slug of the city organisation; empty when there is none.
func (c *Catalogue) central() string {
	for _, a := range c.Associations {
		if a.Central {
			return a.ID
		}
	}
	return ""
}

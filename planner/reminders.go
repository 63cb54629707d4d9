package planner

import (
	"context"
	"errors"
	"slices"

	"samling/models"
)

// Reminder is what an organiser is reminded of: the events of hers that need
// something.
type Reminder struct {
	To   models.Organiser
	Work []models.Work
}

// mostWork is how many events one reminder lists.
const mostWork = 50

// Reminders are those that reminding of events would cause, one for each organiser
// of their hosts. Events that need nothing cause none, and neither do organisers who
// cannot sign in; alone are the events whose hosts have nobody to remind. For
// coordinators alone.
func (p *Planner) Reminders(ctx context.Context, by *models.Organiser, events []string) (all []Reminder, alone []*models.Event, err error) {
	organisers, err := p.Organisers(ctx, by)
	if err != nil {
		return nil, nil, err
	}
	now := p.Now()
	work := map[string][]models.Work{}
	for _, ref := range slices.Compact(slices.Sorted(slices.Values(events))) {
		l, err := p.Catalogue().Event(ref)
		if err != nil {
			return nil, nil, err
		}
		need := l.Needs(now)
		if need == "" {
			continue
		}
		reached := false
		for _, o := range organisers {
			if o.Lapsed(now) || !slices.ContainsFunc(o.For, func(slug string) bool { return slices.Contains(l.Hosts(), slug) }) {
				continue
			}
			reached = true
			text, _ := l.In(o.Language, p.Language)
			work[o.ID] = append(work[o.ID], models.Work{
				Event: l.ID, Title: text.Title, Starts: l.Starts, Ends: l.Ends, DateOnly: l.DateOnly, TimeZone: l.TimeZone, Need: need,
			})
		}
		if !reached {
			alone = append(alone, l.Event)
		}
	}
	for _, o := range organisers {
		if list := work[o.ID]; list != nil {
			slices.SortStableFunc(list, func(a, b models.Work) int { return a.Starts.Compare(b.Starts) })
			all = append(all, Reminder{o, list[:min(len(list), mostWork)]})
		}
	}
	return all, alone, nil
}

// Remind mails the organisers of events that need something, one mail each, and says
// how many. The mails leave after models.UndoLasts, so that it can be taken back.
// batch names this reminding: sending it again changes nothing.
func (p *Planner) Remind(ctx context.Context, by *models.Organiser, batch string, events []string) (int, error) {
	if _, err := models.ParseID(batch); err != nil {
		return 0, models.Fault(models.CodeMalformed)
	}
	all, _, err := p.Reminders(ctx, by, events)
	if err != nil {
		return 0, err
	}
	now := models.Milli(p.Now())
	var mails []models.Mail
	for _, r := range all {
		m := p.deskMail(&r.To, models.MailWork, now, batch)
		m.Work, m.About.Hosts, m.Due = r.Work, nil, now.Add(models.UndoLasts)
		mails = append(mails, m)
	}
	if err := p.noteReminding(ctx, by, models.DeedRemind, batch, mails...); err != nil {
		return 0, err
	}
	return len(mails), p.post(ctx, mails)
}

// noteReminding puts into the log of each event what was done with the mails of a batch
// that remind of it: once, however often it is done.
func (p *Planner) noteReminding(ctx context.Context, by *models.Organiser, deed models.Deed, batch string, mails ...models.Mail) error {
	for _, m := range mails {
		for _, w := range m.Work {
			err := p.Store.Changes.Create(ctx, models.Change{
				Document: models.Document{ID: derivedID(string(deed), batch, w.Event)}, At: models.Milli(p.Now()), Organiser: by.ID, Deed: deed, Event: w.Event,
			})
			if err := ignoring(err, models.CodeExists); err != nil {
				return err
			}
		}
	}
	return nil
}

// ForgetReminding takes back what a batch would have mailed, and says how many mails
// that were. What was sent already stays sent.
func (p *Planner) ForgetReminding(ctx context.Context, by *models.Organiser, batch string) (n int, err error) {
	organisers, err := p.Organisers(ctx, by)
	if err != nil {
		return 0, err
	}
	now := models.Milli(p.Now())
	for _, o := range organisers {
		m, err := p.Store.Mails.Get(ctx, p.deskMail(&o, models.MailWork, now, batch).ID)
		if errors.Is(err, models.ErrNotFound) || err == nil && m.Status != models.MailQueued {
			continue
		}
		if err == nil {
			err = p.noteReminding(ctx, by, models.DeedForgetReminder, batch, m)
		}
		if err != nil {
			return n, err
		}
		taken := false
		_, err = p.Store.Mails.Update(ctx, m.ID, func(m *models.Mail) error {
			if taken = m.Status == models.MailQueued; taken {
				m.Status, m.Settled, m.Reply = models.MailSkipped, now, "taken back"
			}
			return nil
		})
		if err != nil {
			return n, err
		}
		if taken {
			n++
		}
	}
	return n, nil
}

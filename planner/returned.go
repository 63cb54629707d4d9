package planner

import (
	"context"
	"errors"
	"strings"
	"time"

	"samling/models"
)

// TakeBack does what follows from a message that came back. Doing it again changes
// nothing, and neither does what carries no tag of ours: whoever makes one up
// cannot know it.
func (p *Planner) TakeBack(ctx context.Context, r models.Returned) (models.Upshot, error) {
	switch r.What {
	case models.ReturnedFailed, models.ReturnedRefused, models.ReturnedDelayed:
		mail, ok := p.tagged(models.TagBounce, r.To)
		if !ok {
			mail, ok = p.Keys.Vault().CheckTag(models.TagMessage, r.Original)
		}
		if ok {
			return p.cameBack(ctx, mail, r)
		}
	case models.ReturnedDeclined:
		if rsvp, ok := p.tagged(models.TagReply, r.To); ok {
			return p.declined(ctx, rsvp, r)
		}
	default:
		return models.Upshot(r.What), nil
	}
	return models.UpshotUnknown, nil
}

// tagged is the id of the first tag of a purpose that an address has behind its
// last "+".
func (p *Planner) tagged(purpose string, addresses []string) (id string, ok bool) {
	for _, a := range addresses {
		local := a[:max(0, strings.LastIndexByte(a, '@'))]
		if id, ok := p.Keys.Vault().CheckTag(purpose, local[strings.LastIndexByte(local, '+')+1:]); ok {
			return id, true
		}
	}
	return "", false
}

// cameBack notes what became of a mail. That the address gets no more comes first
// and the mail last: a crash between is made up for when the message is read
// again.
func (p *Planner) cameBack(ctx context.Context, id string, r models.Returned) (models.Upshot, error) {
	m, err := p.Store.Mails.Get(ctx, id)
	if errors.Is(err, models.ErrNotFound) {
		return models.UpshotUnknown, nil
	}
	settled := func(m *models.Mail) bool { return m.Status == models.MailFailed || m.Status == models.MailSkipped }
	if err != nil || settled(&m) {
		return models.UpshotAgain, err
	}
	now := models.Milli(p.Now())
	if r.What == models.ReturnedFailed && m.RSVP != "" {
		if err := p.LeaveAlone(ctx, m.RSVP); err != nil {
			return "", err
		}
	}
	_, err = p.Store.Mails.Update(ctx, id, func(m *models.Mail) error {
		if settled(m) {
			return nil
		}
		m.Reply = r.Words
		if r.What != models.ReturnedDelayed {
			m.Status, m.Owner, m.Settled = models.MailFailed, "", now
		}
		return nil
	})
	return models.Upshot(r.What), err
}

// LeaveAlone lets no more mail go to the address of a sign-up, and shows her
// organisers that it does not arrive. A sign-up that is gone is left aside.
func (p *Planner) LeaveAlone(ctx context.Context, id string) error {
	now := models.Milli(p.Now())
	address, err := p.addressOf(ctx, id)
	if err != nil || address == "" {
		return err
	}
	err = p.counted(ctx, models.LimitSignUp, address, func(l *models.Limit) error {
		l.Returned = now.Add(models.ReturnedLasts)
		return nil
	})
	if err != nil {
		return err
	}
	_, err = p.Store.RSVPs.Update(ctx, id, func(r *models.RSVP) error {
		if r.Returned.IsZero() && len(r.Sealed) > 0 { // of who was erased meanwhile nothing is noted
			r.Returned = now
		}
		return nil
	})
	return err
}

// arrives lets mail go to an address again: somebody has shown that it is read, or
// an organiser has given it anew.
func (p *Planner) arrives(ctx context.Context, address string) error {
	if address == "" {
		return nil
	}
	id := p.limitID(models.LimitSignUp, address)
	l, err := p.Store.Limits.Get(ctx, id)
	if err == nil && !l.Returned.IsZero() {
		_, err = p.Store.Limits.Update(ctx, id, func(l *models.Limit) error { l.Returned = time.Time{}; return nil })
	}
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	return err
}

// arrivesTo is arrives for the address of a sign-up; for one that is gone it does
// nothing.
func (p *Planner) arrivesTo(ctx context.Context, id string) error {
	address, err := p.addressOf(ctx, id)
	if err != nil {
		return err
	}
	return p.arrives(ctx, address)
}

// addressOf is the address of a sign-up; empty where it has none, or is gone.
func (p *Planner) addressOf(ctx context.Context, id string) (string, error) {
	rsvp, err := p.Store.RSVPs.Get(ctx, id)
	if errors.Is(err, models.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	person, err := p.unseal(ctx, &rsvp)
	if models.CodeOf(err) == models.CodeGone {
		return "", nil
	}
	return person.Email, err
}

// declined is a calendar's "no". The tag shows that the invitation was hers to
// answer; but she may have passed it on, so the address must be hers too.
func (p *Planner) declined(ctx context.Context, id string, r models.Returned) (models.Upshot, error) {
	h, err := p.Held(ctx, id)
	switch code := models.CodeOf(err); {
	case code == models.CodeNotFound, code == models.CodeGone:
		return models.UpshotUnknown, nil
	case err != nil:
		return "", err
	case h.RSVP.Event != r.Event, models.NormaliseEmail(h.Person.Email) != models.NormaliseEmail(r.Attendee):
		return models.UpshotNotHers, nil
	case h.Entry.State == models.Left:
		return models.UpshotAgain, nil
	}
	err = p.Act(ctx, id, models.ActCancel, 0)
	if code := models.CodeOf(err); code == models.CodeCancelled || code == models.CodePast {
		return models.UpshotLate, nil
	}
	return models.Upshot(r.What), err
}

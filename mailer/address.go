package mailer

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/emersion/go-smtp"

	"samling/models"
)

// mayMail is pointless when the address of a sign-up is to get no mail, or not
// this one. last: it is the last that it gets on its own today. It is asked before
// each try, and counts a mail once.
func (o *Outbox) mayMail(ctx context.Context, m *models.Mail, r *models.RSVP, address string) (last bool, err error) {
	id := o.cfg.Keys.Vault().Hash(models.LimitPurpose(models.LimitSignUp), models.NormaliseEmail(address))
	limit, err := o.cfg.Store.Limits.Get(ctx, id)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return false, err
	}
	now := models.Milli(o.cfg.Now())
	returned := limit.Returned.After(now)
	if err := o.mark(ctx, r, returned, now); err != nil {
		return false, err
	}
	if returned {
		return false, pointless("mail to this address came back")
	}
	// Whoever was added by an organiser, or has used a link, is no victim of a
	// stranger; and what she asks for, she gets.
	if !o.cfg.Limits || m.Kind == models.MailMine || r.By != "" || !r.Used.IsZero() {
		return false, nil
	}
	number, gathered, err := o.count(ctx, id, m.ID, now)
	if err != nil || number > 0 {
		return number == models.MailsADay, err
	}
	return false, o.gather(ctx, m, id, gathered)
}

// leaveAlone notes that a server refuses an address for good: because of the
// address (RFC 3463 §3.2), and not of anything else that a relay refuses then,
// such as to relay at all.
func (o *Outbox) leaveAlone(ctx context.Context, m *models.Mail, f *Fault) error {
	reply, answered := errors.AsType[*smtp.SMTPError](f.Err)
	if !answered || f.Phase != phaseRcpt || m.RSVP == "" || reply.EnhancedCode[0] != 5 || reply.EnhancedCode[1] != 1 {
		return nil
	}
	return o.cfg.LeaveAlone(ctx, m.RSVP)
}

// count counts a mail on the limit of its address.
func (o *Outbox) count(ctx context.Context, id, mail string, now time.Time) (number int, gathered time.Time, err error) {
	count := func(l *models.Limit) error {
		number, gathered = l.Mail(mail, now)
		return nil
	}
	for {
		_, err = o.cfg.Store.Limits.Update(ctx, id, count)
		if !errors.Is(err, models.ErrNotFound) {
			return number, gathered, err
		}
		limit := models.Limit{Document: models.Document{ID: id}}
		_ = count(&limit)
		if err = o.cfg.Store.Limits.Create(ctx, limit); !errors.Is(err, models.ErrExists) {
			return number, gathered, err
		}
	}
}

// gather lets a mail be told by one that lists what is true by then. There is one
// of those for an address and a moment, whichever instance comes first.
func (o *Outbox) gather(ctx context.Context, m *models.Mail, limit string, at time.Time) error {
	sum := sha256.Sum256([]byte("gathers\x00" + limit + "\x00" + at.Format(time.RFC3339Nano)))
	err := o.cfg.Store.Mails.Create(ctx, models.Mail{
		Document: models.Document{ID: models.ID(sum[:16]).String()}, Kind: models.MailMine, Event: m.Event, RSVP: m.RSVP, Gathers: true,
		Born: at, Until: at.Add(models.MineLasts), Status: models.MailQueued, Due: at,
	})
	if err != nil && !errors.Is(err, models.ErrExists) {
		return err
	}
	return pointless("told with others in one mail")
}

// mark shows the organisers of a sign-up whether mail arrives, where they have
// been shown something else.
func (o *Outbox) mark(ctx context.Context, r *models.RSVP, returned bool, now time.Time) error {
	if returned != r.Returned.IsZero() {
		return nil
	}
	_, err := o.cfg.Store.RSVPs.Update(ctx, r.ID, func(r *models.RSVP) error {
		r.Returned = time.Time{}
		if returned && len(r.Sealed) > 0 {
			r.Returned = now
		}
		return nil
	})
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	return err
}

package mailer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"samling/models"
	"samling/models/vault"
)

// handle claims one mail and does with it what can be done.
func (o *Outbox) handle(ctx, work context.Context, m models.Mail) {
	defer o.release(m.ID)
	if ctx.Err() != nil {
		return
	}
	claimed, err := o.claim(ctx, m.ID)
	if err != nil {
		if !errors.Is(err, errNotOurs) && !errors.Is(err, models.ErrNotFound) && ctx.Err() == nil {
			o.cfg.Log.Error("a mail cannot be claimed", "mail", m.ID, "error", err)
		}
		return
	}
	become, free := o.deliver(ctx, work, claimed)
	m, err = o.settle(work, claimed, become)
	free()
	switch {
	case err != nil:
		o.cfg.Log.Warn("a mail was settled by somebody else, or not at all", "mail", claimed.ID, "error", err)
	case m.Status == models.MailQueued:
		o.Wake() // it may be due before the next look
	}
}

// pointless is why a mail is not sent any more.
type pointless string

func (p pointless) Error() string { return string(p) }

// erased: nobody knows any more whom it was for.
const erased = pointless("erased")

// later is how long a mail has to wait for another one.
type later time.Duration

func (l later) Error() string { return "waits for another mail" }

// deliver sends a claimed mail, if it still should be, and returns what it
// becomes. Its slot is free for another only when that is written: what was
// accepted and is not yet noted is sent again after a crash, so that there is
// never more of it than there are connections.
func (o *Outbox) deliver(ctx, work context.Context, m models.Mail) (become func(*models.Mail), free func()) {
	free = func() {}
	l, err := o.letter(work, &m)
	if skip, ok := errors.AsType[pointless](err); ok {
		return o.done(models.MailSkipped, string(skip)), free
	}
	if wait, ok := errors.AsType[later](err); ok {
		return o.giveBack(time.Duration(wait)), free
	}
	if err != nil {
		o.cfg.Log.Error("a mail cannot be prepared", "mail", m.ID, "error", err)
		return o.giveBack(o.pace.beat), free
	}
	message, err := Compose(l)
	if err != nil {
		o.cfg.Log.Error("a mail cannot be composed", "mail", m.ID, "kind", m.Kind, "error", err)
		return o.done(models.MailFailed, err.Error()), free
	}
	// The slot is taken here and not in the sender alone, so that a mail that
	// waited for one sees that the queue was paused in the meantime.
	select {
	case o.slots <- struct{}{}:
		free = func() { <-o.slots }
	case <-ctx.Done():
		return o.giveBack(0), free
	}
	if wait, paused := o.pause.left(); paused {
		return o.giveBack(wait), free
	}
	if !o.alive() {
		// We could not show a sign of life, so somebody may be about to take this
		// mail over: better late than twice.
		return o.giveBack(o.pace.beat), free
	}
	reply, err := o.cfg.Sender.Send(work, message.From, message.To, message.Bytes)
	if err == nil {
		o.pause.over()
		return o.done(models.MailSent, reply), free
	}
	return o.failed(work, &m, faultOf(err)), free
}

// failed is what a mail becomes that was not accepted.
func (o *Outbox) failed(work context.Context, m *models.Mail, f *Fault) func(*models.Mail) {
	if work.Err() != nil && !f.Uncertain {
		return o.giveBack(0) // we are stopping, and it was cut off by ourselves
	}
	reason := f.words()
	log := o.cfg.Log.With("mail", m.ID, "kind", m.Kind, "class", f.Class.String(), "phase", f.Phase, "reply", reason)
	switch {
	case f.Class == Ours || f.Class == Away:
		wait := o.pause.start(f.Class, reason)
		if f.Class == Ours {
			log.Error("no mail goes out: the mail server refuses us", "next", wait)
		} else {
			log.Warn("the mail server is away", "next", wait)
		}
		return func(row *models.Mail) { o.giveBack(wait)(row); row.Reply = reason }
	case f.Class == Permanent:
		o.pause.over()
		log.Warn("a mail was refused")
		if err := o.leaveAlone(work, m, f); err != nil {
			log.Error("that an address is refused cannot be written", "error", err)
			return o.giveBack(o.pace.beat) // it will be refused again
		}
		return o.done(models.MailFailed, reason)
	}
	if f.Reply != "" {
		o.pause.over() // it talks to us
	}
	due := o.cfg.Now().Add(o.backoff(m.Tries, f.Reply))
	switch {
	case f.Uncertain && m.Unsure > 0:
		log.Error("a mail may have arrived, twice; it is not tried again")
		return o.done(models.MailFailed, "may have arrived: "+reason)
	case due.Sub(m.Born) > o.cfg.GiveUp, !due.Before(pointlessFrom(m)):
		log.Warn("a mail is given up")
		return o.done(models.MailFailed, "given up: "+reason)
	}
	log.Info("a mail is tried again", "tries", m.Tries, "due", due)
	return func(row *models.Mail) {
		row.Status, row.Due, row.Reply = models.MailQueued, models.Milli(due), reason
		if f.Uncertain {
			row.Unsure++
		}
	}
}

// done is a final outcome.
func (o *Outbox) done(status models.MailStatus, reply string) func(*models.Mail) {
	at := models.Milli(o.cfg.Now())
	return func(m *models.Mail) { m.Status, m.Reply, m.Settled = status, clip(reply, longestReply), at }
}

// giveBack puts a mail back as if it had not been tried.
func (o *Outbox) giveBack(after time.Duration) func(*models.Mail) {
	due := models.Milli(o.cfg.Now().Add(after))
	return func(m *models.Mail) {
		m.Status = models.MailQueued
		m.Tries--
		if after > 0 {
			m.Due = due
		}
	}
}

// letter is the mail as it is to be composed: whom it is for is found and
// unsealed now. pointless: there is nobody, or nothing, to say it to.
func (o *Outbox) letter(ctx context.Context, m *models.Mail) (Letter, error) {
	if m.Kind == models.MailSignIn {
		return o.signInLetter(ctx, m)
	}
	if m.Organiser != "" {
		return o.deskLetter(ctx, m)
	}
	id, err := models.ParseID(m.RSVP)
	if err != nil {
		return Letter{}, pointless("no sign-up")
	}
	if !m.Lists() {
		if err := o.stillTrue(ctx, m, id); err != nil {
			return Letter{}, err
		}
	}
	rsvp, err := o.cfg.Store.RSVPs.Get(ctx, m.RSVP)
	if errors.Is(err, models.ErrNotFound) || err == nil && len(rsvp.Sealed) == 0 {
		return Letter{}, erased
	}
	if err != nil {
		return Letter{}, err
	}
	person, err := o.person(ctx, &rsvp)
	if err != nil {
		return Letter{}, err
	}
	if person.Email == "" {
		return Letter{}, pointless("no address")
	}
	if m.Plan != "" && !m.Lists() {
		if err := o.withOthers(ctx, m, person.Email); err != nil {
			return Letter{}, err
		}
	}
	l := Letter{House: o.cfg.House, Mail: *m, To: person.Email, Language: rsvp.Language}
	if m.Carries(rsvp.Parting) {
		if l.Parting, err = o.parting(ctx, &rsvp); err != nil {
			return Letter{}, err
		}
	}
	if l.Last, err = o.mayMail(ctx, m, &rsvp, person.Email); err != nil {
		return Letter{}, err
	}
	if m.Lists() {
		if m.Kind == models.MailMine {
			l.Living, err = o.cfg.Living(ctx, person.Email)
		} else {
			l.Living, err = o.cfg.Planned(ctx, m.Plan, person.Email)
		}
		if err != nil {
			return Letter{}, err
		}
		if len(l.Living) == 0 && (m.Gathers || m.Kind == models.MailTogether) {
			return Letter{}, pointless("nothing to list")
		}
	}
	if m.Kind == models.MailMessage {
		if l.Text, err = o.written(ctx, m); err != nil {
			return Letter{}, err
		}
	}
	// Used after the mail was born must not change its bytes between two tries.
	if !rsvp.Used.IsZero() && !rsvp.Used.After(m.Born) {
		l.Name = person.Name
	}
	return l, nil
}

func (o *Outbox) person(ctx context.Context, rsvp *models.RSVP) (models.Person, error) {
	plain, err := o.unseal(ctx, rsvp.Event, rsvp.ID, rsvp.Sealed)
	if err != nil {
		return models.Person{}, err
	}
	return models.ParsePerson(plain)
}

// parting is what an organiser wrote to her.
func (o *Outbox) parting(ctx context.Context, rsvp *models.RSVP) (string, error) {
	plain, err := o.unseal(ctx, rsvp.Event, models.PartingID(rsvp.ID), rsvp.Parting.Sealed)
	return string(plain), err
}

func (o *Outbox) unseal(ctx context.Context, event, id string, sealed []byte) ([]byte, error) {
	key, err := o.cfg.Keys.Key(ctx, event)
	switch {
	case errors.Is(err, vault.ErrDestroyed), errors.Is(err, models.ErrNotFound):
		return nil, erased
	case err != nil:
		return nil, err
	}
	plain, err := key.Open(event, id, sealed)
	if err != nil {
		return nil, fmt.Errorf("mailer: unseal: %w", err)
	}
	return plain, nil
}

// acquaintance is what a roster said a moment ago. A mail for each of 5,000
// people would otherwise copy and search 5,000 entries each time.
type acquaintance struct {
	entries map[models.ID]models.Entry // never written again
	facts   models.Facts
	at      time.Time
}

// rosterKept is how long a roster may be that old, rostersKept how many are.
const (
	rosterKept  = time.Second
	rostersKept = 16
)

// stillTrue returns pointless when what the mail says is no longer so. A kept
// roster may only say that it is: one from before a sign-up does not know her.
func (o *Outbox) stillTrue(ctx context.Context, m *models.Mail, id models.ID) error {
	o.mu.Lock()
	kept, ok := o.known[m.Event]
	o.mu.Unlock()
	now := o.cfg.Now()
	if ok && now.Sub(kept.at) < rosterKept && kept.judge(m, id, now) == nil {
		return nil
	}
	roster, err := o.cfg.Store.Rosters.Get(ctx, m.Event)
	if errors.Is(err, models.ErrNotFound) {
		return pointless("no such event")
	}
	if err != nil {
		return err
	}
	fresh := acquaintance{entries: make(map[models.ID]models.Entry, len(roster.Entries)), facts: roster.Facts, at: now}
	for _, e := range roster.Entries {
		fresh.entries[e.RSVP] = e
	}
	o.mu.Lock()
	if len(o.known) >= rostersKept {
		clear(o.known)
	}
	o.known[m.Event] = fresh
	o.mu.Unlock()
	return fresh.judge(m, id, now)
}

func (a acquaintance) judge(m *models.Mail, id models.ID, now time.Time) error {
	entry, ok := a.entries[id]
	switch {
	case !ok:
		return pointless("no entry")
	case m.Superseded(entry):
		return pointless("superseded")
	case !now.Before(a.facts.Ends):
		return pointless("over")
	case a.facts.Status == models.Cancelled && m.Kind != models.MailCancelled && m.Kind != models.MailRegret:
		return pointless("cancelled") // and the mail that says so is in the outbox or will be
	case m.Kind == models.MailReminder && (entry.Quiet || !sameSaid(m.Is, a.facts)), m.Kind == models.MailPlace && !sameSaid(m.Is, a.facts):
		return pointless("superseded")
	case early(m.Kind) && !a.facts.DateOnly && !now.Before(a.facts.Starts):
		return pointless("has begun")
	}
	return nil
}

// sameSaid reports whether facts in a mail are what is true, as far as the reader
// is to know it.
func sameSaid(said, is models.Facts) bool {
	if said.Veiled {
		is = is.Veil()
	}
	return said.SaySame(is)
}

// early reports whether a mail is about getting a place, which helps nobody once
// the event has begun.
func early(kind models.MailKind) bool {
	switch kind {
	case models.MailConfirm, models.MailWaiting, models.MailOffer, models.MailPromoted, models.MailReminder:
		return true
	}
	return false
}

func (o *Outbox) signInLetter(ctx context.Context, m *models.Mail) (Letter, error) {
	signIn, err := o.cfg.Store.SignIns.Get(ctx, m.SignIn)
	if errors.Is(err, models.ErrNotFound) || err == nil && (signIn.Spent || !o.cfg.Now().Before(signIn.Expires)) {
		return Letter{}, pointless("spent or expired")
	}
	if err != nil {
		return Letter{}, err
	}
	return o.toOrganiser(ctx, m, signIn.Organiser)
}

// deskLetter is a mail to an organiser about her work.
func (o *Outbox) deskLetter(ctx context.Context, m *models.Mail) (Letter, error) {
	if m.SignIn != "" {
		return o.signInLetter(ctx, m)
	}
	l, err := o.toOrganiser(ctx, m, m.Organiser)
	switch {
	case err != nil:
	case m.Kind.AmongHosts():
		err = o.stillAsked(ctx, m)
	case m.Kind == models.MailApprovalWaits:
		if l.Waiting = o.cfg.Waiting(); len(l.Waiting) == 0 {
			err = pointless("nothing waits")
		}
	case m.Kind.Round():
		err = o.wanted(ctx, m)
	case m.Kind == models.MailMessage:
		l.Text, err = o.written(ctx, m)
	}
	return l, err
}

func (o *Outbox) toOrganiser(ctx context.Context, m *models.Mail, id string) (Letter, error) {
	organiser, err := o.cfg.Store.Organisers.Get(ctx, id)
	if errors.Is(err, models.ErrNotFound) {
		return Letter{}, pointless("no such organiser")
	}
	if err != nil {
		return Letter{}, err
	}
	return Letter{House: o.cfg.House, Mail: *m, To: organiser.Email, Language: organiser.Language}, nil
}

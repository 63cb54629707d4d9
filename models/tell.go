package models

import (
	"crypto/sha256"
	"encoding/binary"
	"time"
)

// MailKind is the occasion of a mail.
type MailKind string

// The occasions. MailSilent is a difference that needs no words: a hold that
// lapsed unanswered, or a change that came to nothing.
const (
	MailSilent    MailKind = ""
	MailConfirm   MailKind = "confirm"   // use this link to keep your seat
	MailGoing     MailKind = "going"     // you are in
	MailWaiting   MailKind = "waiting"   // you are in line
	MailPromoted  MailKind = "promoted"  // a place has become yours
	MailOffer     MailKind = "offer"     // a place is kept for you until …
	MailParty     MailKind = "party"     // you are so many now
	MailChanged   MailKind = "changed"   // another time or place
	MailPostponed MailKind = "postponed" // it waits for a new date
	MailCancelled MailKind = "cancelled" // the event is off
	MailRegret    MailKind = "regret"    // you are not coming
	MailAsked     MailKind = "asked"     // somebody gave your address again
	MailSignIn    MailKind = "sign-in"   // an organiser's link and code
)

// Telling is one difference between what is true and what somebody was told.
type Telling struct {
	Kind  MailKind
	Entry Entry // as it was when the difference was seen
	// Was is what she was told before, for MailChanged.
	Was Facts
	// Sequence is that of the facts that she is told, Said that since which they
	// have said the same.
	Sequence, Said int
}

// Tellings are all differences of the roster, at most that many.
func (r *Roster) Tellings(now time.Time, most int) []Telling {
	now = Milli(now)
	var out []Telling
	for i := r.nextUntold(now); i < len(r.Entries) && len(out) < most; i++ {
		if e := &r.Entries[i]; r.differs(e, now) {
			out = append(out, r.telling(e))
		}
	}
	return out
}

// differs reports whether there is something to tell: what she was told is not
// what is true, or not all that happened, or somebody gave her address again. An
// event that is over has nothing to tell any more, and nobody can be told who
// left no address.
func (r *Roster) differs(e *Entry, now time.Time) bool {
	return e.Who != (Who{}) && now.Before(r.Facts.Ends) && (r.outdated(e) || e.Asked > 0 && e.State.Coming())
}

// outdated reports whether she was told something else than what is true. That
// she changed her party and changed it back is told too: a mail about the change
// may already be on its way.
func (r *Roster) outdated(e *Entry) bool {
	return e.Told.State == Unknown || e.Told.Mails != e.Mails || e.Told.Sequence < r.Said && e.State.Coming()
}

// telling is what an entry that differs is to be told.
func (r *Roster) telling(e *Entry) Telling {
	t := Telling{Entry: *e, Sequence: r.Facts.Sequence, Said: r.Said}
	switch {
	case !r.outdated(e):
		t.Kind = MailAsked
	case e.Told.State == e.State:
		t.Was = r.at(e.Told.Sequence)
		t.Kind = r.news(e, t.Was)
	default:
		t.Kind = r.stateNews(e)
	}
	return t
}

// news is the occasion when the state stands and the rest has changed.
func (r *Roster) news(e *Entry, was Facts) MailKind {
	switch {
	case was.SaySame(r.Facts) && e.Told.Mails != e.Mails:
		return MailParty
	case was.SaySame(r.Facts):
		return MailSilent
	case r.Facts.Status == Cancelled:
		return MailCancelled
	case r.Facts.Status == Postponed:
		return MailPostponed
	}
	return MailChanged
}

// stateNews is the occasion when the state is another than she was told.
func (r *Roster) stateNews(e *Entry) MailKind {
	switch {
	case e.State == Left && e.Told.State == Held && e.MustConfirm:
		return MailSilent
	case e.State == Left:
		return MailRegret
	case r.Facts.Status == Cancelled:
		return MailCancelled
	case e.State == Held:
		return MailConfirm
	case e.State == Waiting:
		return MailWaiting
	case e.State == Offered:
		return MailOffer
	case e.Told.State == Waiting || e.Told.State == Offered:
		return MailPromoted
	}
	return MailGoing
}

// at is what the facts said at a sequence.
func (r *Roster) at(sequence int) Facts {
	if sequence >= r.Said {
		return r.Facts
	}
	was := r.Facts
	for _, f := range r.Past {
		if f.Sequence > sequence {
			break
		}
		was = f
	}
	return was
}

// HasTold notes that the tellings stand in the outbox. What has changed since
// differs again and is told in its turn; what was noted before, or is older than
// what was, changes nothing.
func (r *Roster) HasTold(tellings []Telling, now time.Time) {
	for _, t := range tellings {
		i := r.find(t.Entry.RSVP)
		if i < 0 {
			continue
		}
		e := r.Entries[i]
		if t.Kind == MailAsked {
			if e.Asks == t.Entry.Asks {
				e.Asked = 0
			}
		} else if e.Told.State == Unknown || t.Sequence+t.Entry.Mails > e.Told.Sequence+e.Told.Mails {
			e.Told = Told{State: t.Entry.State, Party: t.Entry.Party, Sequence: t.Sequence, Mails: t.Entry.Mails}
		}
		r.set(i, e)
	}
	r.forget()
	r.Settle(now)
}

// ID is the id of the telling's mail: the same whenever the same is to be told,
// as after a crash, whatever else has happened meanwhile.
func (t Telling) ID() string {
	h := sha256.New()
	h.Write(t.Entry.RSVP[:])
	what, numbers := "told", [2]int{t.Said, t.Entry.Mails}
	if t.Kind == MailAsked {
		what, numbers = "asked", [2]int{t.Entry.Asks}
	}
	h.Write([]byte(what))
	for _, n := range numbers {
		_ = binary.Write(h, binary.BigEndian, int64(n))
	}
	return ID(h.Sum(nil)[:16]).String()
}

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
	// Sequence is that of the facts that she is told.
	Sequence int
}

// Tellings are all differences of the roster, at most that many.
func (r *Roster) Tellings(now time.Time, most int) []Telling {
	now = Milli(now)
	var out []Telling
	for i := range r.Entries {
		if len(out) == most {
			break
		}
		if t, differs := r.telling(&r.Entries[i], now); differs {
			out = append(out, t)
		}
	}
	return out
}

// telling compares one entry with what the person was told. An event that is
// over has nothing to tell any more, and nobody can be told who left no address.
func (r *Roster) telling(e *Entry, now time.Time) (Telling, bool) {
	if e.Who == (Who{}) || !now.Before(r.Facts.Ends) {
		return Telling{}, false
	}
	t := Telling{Entry: *e, Sequence: r.Facts.Sequence}
	differs := true
	switch {
	case e.Told.State == e.State && e.Told.Party == e.Party && (e.Told.Sequence >= r.Said || !e.State.Coming()):
		t.Kind, differs = MailAsked, e.Asked > 0 && e.State.Coming()
	case e.Told.State == e.State:
		t.Kind = r.news(e, &t)
	default:
		t.Kind = r.stateNews(e)
	}
	return t, differs
}

// news is the occasion when the state stands and the rest has changed.
func (r *Roster) news(e *Entry, t *Telling) MailKind {
	t.Was = r.at(e.Told.Sequence)
	switch {
	case !e.State.Coming():
		return MailSilent
	case t.Was.SaySame(r.Facts) && e.Told.Party != e.Party:
		return MailParty
	case t.Was.SaySame(r.Facts):
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
// differs again and is told in its turn.
func (r *Roster) HasTold(tellings []Telling, now time.Time) {
	at := make(map[ID]int, len(r.Entries))
	for i := range r.Entries {
		at[r.Entries[i].RSVP] = i
	}
	for _, t := range tellings {
		i, ok := at[t.Entry.RSVP]
		if !ok {
			continue
		}
		e := &r.Entries[i]
		if t.Entry.Mails != e.Mails {
			continue // noted before
		}
		if t.Kind == MailAsked {
			e.Asked = 0
		} else {
			e.Told = Told{State: t.Entry.State, Party: t.Entry.Party, Sequence: t.Sequence}
		}
		if t.Kind != MailSilent {
			e.Mails++
		}
	}
	r.forget()
	r.Settle(now)
}

// ID is the id of the telling's mail: the same whenever the same difference is
// seen again, as after a crash.
func (t Telling) ID() string {
	h := sha256.New()
	h.Write(t.Entry.RSVP[:])
	h.Write([]byte(t.Kind))
	h.Write([]byte{0, byte(t.Entry.State)})
	for _, n := range [...]int{t.Entry.Party, t.Sequence, t.Entry.Mails, t.Entry.Asks} {
		_ = binary.Write(h, binary.BigEndian, int64(n))
	}
	return ID(h.Sum(nil)[:16]).String()
}

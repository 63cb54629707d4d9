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
	MailPlace     MailKind = "place"     // where a protected event is
	MailReminder  MailKind = "reminder"  // it is tomorrow, or today and others wait
	MailNoPlace   MailKind = "no-place"  // you waited in vain
	MailAsked     MailKind = "asked"     // somebody gave your address again
	MailMessage   MailKind = "message"   // an organiser writes to you
	MailMine      MailKind = "mine"      // all that your address has signed up for
	MailTogether  MailKind = "together"  // what a plan has changed of what you signed up for
	MailSignIn    MailKind = "sign-in"   // an organiser's link and code
	MailInvited   MailKind = "invited"   // you may sign in, by this link
	MailLapsing   MailKind = "lapsing"   // your access ends unless it is renewed
	MailLapsed    MailKind = "lapsed"    // you asked to sign in, and it has ended
	MailLapses    MailKind = "lapses"    // so many others' ends soon
	MailWork      MailKind = "work"      // these events of yours need something

	// To organisers, of their events.
	MailCoHostAsked    MailKind = "co-host-asked"    // be co-host
	MailCoHostAccepted MailKind = "co-host-accepted" // they are
	MailCoHostDeclined MailKind = "co-host-declined" // they are not
	MailCoHostLeft     MailKind = "co-host-left"     // they are not any more, at their own wish
	MailCoHostRemoved  MailKind = "co-host-removed"  // you are not any more
	MailDigest         MailKind = "digest"           // what is new of your events
	MailEve            MailKind = "eve"              // your event is tomorrow
	MailClose          MailKind = "close"            // your event is over: how did it go?
	MailPartAsked      MailKind = "part-asked"       // take part in something larger
	MailPartReminder   MailKind = "part-reminder"    // say whether your part stands
	MailPartMoved      MailKind = "part-moved"       // the whole has another time
	MailPartCancelled  MailKind = "part-cancelled"   // the whole is off
	MailApprovalWaits  MailKind = "approval-waits"   // to coordinators: look at these
	MailApprovalGiven  MailKind = "approval-given"   // it may be published
	MailApprovalBack   MailKind = "approval-back"    // change something first

	// To organisers, of their accounts.
	MailNewBrowser    MailKind = "new-browser"    // somebody signed in as you with another browser
	MailFactorAdded   MailKind = "factor-added"   // your account has another passkey or code
	MailFactorRemoved MailKind = "factor-removed" // and has it no longer
	MailFactorReset   MailKind = "factor-reset"   // the central office took all of them away
	MailTokenMade     MailKind = "token-made"     // a program may act as you
)

// AmongHosts reports whether the mail tells organisers of one event what they ask each
// other about it.
func (k MailKind) AmongHosts() bool {
	switch k {
	case MailCoHostAsked, MailCoHostAccepted, MailCoHostDeclined, MailCoHostLeft, MailCoHostRemoved, MailApprovalGiven, MailApprovalBack,
		MailPartAsked, MailPartReminder, MailPartMoved, MailPartCancelled:
		return true
	}
	return false
}

// Asks reports whether the mail asks something of its reader, or is where she
// comes back to later; from the others nothing follows.
func (k MailKind) Asks() bool {
	switch k {
	case MailPostponed, MailCancelled, MailRegret, MailNoPlace, MailMessage:
		return false
	}
	return true
}

// Telling is one difference between what is true and what somebody was told.
type Telling struct {
	Kind  MailKind
	Entry Entry // as it was when the difference was seen
	// Was is what she was told before, for MailChanged.
	Was Facts
	// Is are the facts that she is told, Said the sequence since which they have
	// said the same.
	Is   Facts
	Said int
	// Heard is what she has heard with this.
	Heard Heard
	// Plan is the plan by which it came, along with news of other events.
	Plan string
}

// Tellings are all differences of the roster, at most that many.
func (r *Roster) Tellings(now time.Time, most int) []Telling {
	now = Milli(now)
	var out []Telling
	for i := r.nextUntold(now); i < len(r.Entries) && len(out) < most; i++ {
		if e := &r.Entries[i]; r.differs(e, now) {
			out = append(out, r.telling(e, now))
		}
	}
	return out
}

// differs reports whether there is something to tell: what she was told is not
// what is true, or not all that happened, or somebody gave her address again. An
// event that is over has nothing to tell any more, and nobody can be told who
// left no address.
func (r *Roster) differs(e *Entry, now time.Time) bool {
	return e.Who != (Who{}) && now.Before(r.Facts.Ends) && (r.outdated(e, now) || r.places(e, now) || r.reminds(e, now) || r.closes(e, now) || e.Asked > 0 && e.State.Coming())
}

// outdated reports whether she was told something else than what is true, and is
// to be told now. That she changed her party and changed it back is told too: a
// mail about the change may already be on its way.
func (r *Roster) outdated(e *Entry, now time.Time) bool {
	return e.Told.State == Unknown || e.Told.Mails != e.Mails || e.Told.Sequence < r.Said && e.State.Coming() && !now.Before(r.Gathered)
}

// gather lets what the facts will say be told after a while. Further changes
// wait for the same moment, or for an earlier one.
func (r *Roster) gather(facts Facts, now time.Time) {
	wait := gathered
	if soon := now.Add(24 * time.Hour); facts.Starts.Before(soon) || r.Facts.Starts.Before(soon) {
		wait = gatheredSoon
	}
	if at := Milli(now.Add(wait)); !r.Gathered.After(now) || at.Before(r.Gathered) {
		r.Gathered = at
	}
}

// telling is what an entry that differs is to be told.
func (r *Roster) telling(e *Entry, now time.Time) Telling {
	t := Telling{Entry: *e, Is: r.Shown(e, now), Said: r.Said, Heard: r.says(e, now)}
	switch {
	case !r.outdated(e, now) && r.places(e, now):
		t.Kind = MailPlace
	case !r.outdated(e, now) && r.reminds(e, now):
		t.Kind = MailReminder
	case !r.outdated(e, now) && r.closes(e, now):
		t.Kind = MailNoPlace
	case !r.outdated(e, now):
		t.Kind, t.Heard = MailAsked, 0
	case e.Told.State == e.State:
		// What she was not told is not what it was before either, and what she is
		// not to know has not changed.
		if t.Was = r.at(e.Told.Sequence); t.Is.Veiled || t.Was.Protected && e.Told.Heard&HeardPlace == 0 {
			t.Was = t.Was.Veil()
		}
		switch t.Kind = r.news(e, t.Was, t.Is); t.Kind {
		case MailSilent:
			t.Heard = 0
		case MailChanged, MailPostponed, MailCancelled:
			t.Plan = r.Plan
		}
	default:
		t.Kind = r.stateNews(e)
		if t.Kind == MailWaiting && t.Heard == HeardNoPlace {
			t.Kind = MailNoPlace
		}
	}
	return t
}

// news is the occasion when the state stands and the rest has changed.
func (r *Roster) news(e *Entry, was, is Facts) MailKind {
	switch {
	case was.SaySame(is) && e.Told.Mails != e.Mails:
		return MailParty
	case was.SaySame(is):
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
		} else if e.Told.State == Unknown || t.Sequence() > e.Told.Sequence+e.Told.Mails {
			e.Told = Told{State: t.Entry.State, Party: t.Entry.Party, Sequence: t.Is.Sequence, Mails: t.Entry.Mails, Heard: e.Told.Heard}
		}
		if t.Is.Starts.Equal(r.Facts.Starts) {
			e.Told.Heard |= t.Heard
		}
		r.set(i, e)
	}
	r.forget()
	r.Settle(now)
}

// Sequence is the SEQUENCE of her invitation (RFC 5546 §2.1.4), which rises with
// what the event says and with where she stands.
func (t Telling) Sequence() int { return t.Is.Sequence + t.Entry.Mails }

// News reports whether it says that something is another than she was told, and
// not only what the hour brings.
func (t Telling) News() bool {
	return t.Kind != MailReminder && t.Kind != MailPlace && t.Kind != MailAsked && (t.Kind != MailNoPlace || t.Entry.Told.State != Waiting)
}

// ID is the id of the telling's mail: the same whenever the same is to be told,
// as after a crash, whatever else has happened meanwhile.
func (t Telling) ID() string {
	h := sha256.New()
	h.Write(t.Entry.RSVP[:])
	what, numbers := "told", []int64{int64(t.Said), int64(t.Entry.Mails)}
	switch {
	case t.Kind == MailAsked:
		what, numbers = "asked", []int64{int64(t.Entry.Asks), 0}
	case !t.News():
		what, numbers = string(t.Kind), []int64{t.Is.Starts.UnixMilli(), int64(t.Heard), int64(t.Entry.Mails)}
	}
	h.Write([]byte(what))
	for _, n := range numbers {
		_ = binary.Write(h, binary.BigEndian, n)
	}
	return ID(h.Sum(nil)[:16]).String()
}

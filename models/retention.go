package models

import "time"

// How long personal data is kept where no setting says so. Names and addresses
// are kept as long after an event as the installation's retention says.
const (
	NotesKept = 2 * 24 * time.Hour // after the event: what somebody wanted the hosts to know, and her answers
	LeftKept  = 24 * time.Hour     // after she left: all of a sign-up that is none any more
)

// Forget takes out of a sign-up whatever tells who it was. How many came is
// kept.
func (r *RSVP) Forget() {
	r.Sealed, r.Parting, r.Consent, r.Language, r.Returned = nil, Parting{}, Consent{}, "", time.Time{}
	r.forgetNeeds()
}

// forgetNeeds takes out that there was anything to see to.
func (r *RSVP) forgetNeeds() { r.Said, r.Answered = time.Time{}, time.Time{} }

// DropNote keeps of a sign-up only what is sealed there: a person without what she
// wrote, answered and was written. One that was erased meanwhile stays erased.
func (r *RSVP) DropNote(sealed []byte) {
	if len(r.Sealed) > 0 {
		r.Sealed = sealed
	}
	r.Parting = Parting{}
	r.forgetNeeds()
}

// leave makes an entry one that is to be forgotten in a while.
func (e *Entry) leave(now time.Time) { e.State, e.Until = Left, now.Add(LeftKept) }

// forgetEntry takes out of an entry whatever tells who it was.
func (r *Roster) forgetEntry(i int) {
	e := r.Entries[i]
	// Who comes back is somebody new. Her calendar does not think so, and wants a
	// SEQUENCE above the last (RFC 5546 §2.1.4).
	r.Floor = max(r.Floor, e.Mails+1)
	if e.Asked = 0; !e.Barred {
		e.Who = Who{}
	}
	if e.State == Left {
		e.Until = time.Time{}
	}
	r.set(i, e)
}

// Forgettable are the sign-ups of those who left so long ago that nothing need be
// known of them any more, at most that many.
func (r *Roster) Forgettable(now time.Time, most int) (out []ID) {
	now = Milli(now)
	if at := r.tallied().lapse; at.IsZero() || at.After(now) {
		return nil
	}
	for i := range r.Entries {
		if e := &r.Entries[i]; len(out) < most && e.State == Left && !e.Until.IsZero() && !e.Until.After(now) {
			out = append(out, e.RSVP)
		}
	}
	return out
}

// Forget takes out of the entries of sign-ups whatever tells who they were. What
// has no entry is left aside.
func (r *Roster) Forget(ids []ID, now time.Time) {
	for _, id := range ids {
		if i := r.find(id); i >= 0 {
			r.forgetEntry(i)
		}
	}
	r.Settle(now)
}

// ForgetAll does so with everybody.
func (r *Roster) ForgetAll(now time.Time) {
	for i := range r.Entries {
		r.Entries[i].Barred = false
		r.forgetEntry(i)
	}
	r.Settle(now)
}

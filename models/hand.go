package models

import "time"

// HandAction is what an organiser does by hand with one sign-up on her list.
type HandAction string

// The actions. Whoever gives somebody a place says that she knows her: what a used
// link in a mail says of others.
const (
	HandSeat   HandAction = "seat"   // a place, out of the waiting line or before she has confirmed
	HandWait   HandAction = "wait"   // out of her place, to the end of the waiting line
	HandParty  HandAction = "party"  // another number of people
	HandCancel HandAction = "cancel" // off the list
	HandReturn HandAction = "return" // on it again, while it is known who she was
	HandHold   HandAction = "hold"   // asked to confirm by the mailed link, after all
)

// HandActions are all of them.
func HandActions() []HandAction {
	return []HandAction{HandSeat, HandWait, HandParty, HandCancel, HandReturn, HandHold}
}

// Hand is one such action.
type Hand struct {
	Action HandAction
	Party  int // for HandParty alone
	// Anyway seats people even where there are no seats left for them: nobody is
	// oversold to unless an organiser has said so.
	Anyway bool
	// Undo: what was done just now is undone, so she stands in the line where she
	// stood, unless there is a seat for her by now. Otherwise whoever comes to it
	// comes last.
	Undo bool
}

// Hand does what an organiser asks with a sign-up. Doing it again changes nothing.
// ErrNotFound: the sign-up has no entry; CodeNotPossible: the action does not fit
// the state; CodeNoSeats: there are none left, and Anyway was not said;
// CodeInvalid: the party, or that nobody else would take her place, so that it
// would be hers again at once; CodeCancelled, CodePast: the event. When it errs
// nothing has changed but what time does.
func (r *Roster) Hand(id ID, h Hand, now time.Time) error {
	now = Milli(now)
	r.Settle(now)
	i := r.find(id)
	switch {
	case i < 0:
		return ErrNotFound
	case r.Facts.Status == Cancelled:
		return Fault(CodeCancelled)
	case !now.Before(r.Facts.Ends):
		return Fault(CodePast)
	}
	e := r.Entries[i]
	if err := r.hand(&e, h, now); err != nil {
		return err
	}
	last := e.State == Waiting && r.Entries[i].State != Waiting && !h.Undo
	r.set(i, e)
	if last {
		e = r.Entries[i]
		e.Since = now
		r.remove(i)
		r.add(e)
	}
	r.Settle(now)
	return nil
}

// hand changes a copy of the entry; nothing has changed when it errs.
func (r *Roster) hand(e *Entry, h Hand, now time.Time) error {
	switch {
	case h.Action == HandSeat && e.State.Coming():
		return r.seatByHand(e, h.Anyway)
	case h.Action == HandWait && e.State == Waiting, h.Action == HandReturn && e.State.Coming(), h.Action == HandCancel && e.State == Left:
	case h.Action == HandWait && e.State.Seated():
		switch {
		case r.stays(e, h.Undo, now):
			e.State, e.Until = Waiting, time.Time{}
		case !h.Undo:
			var f Faults
			f.Add("do", "no-line")
			return f.Err()
		}
	case h.Action == HandHold && e.Who != (Who{}) && e.State == Held:
	case h.Action == HandHold && e.Who != (Who{}) && e.State == Going:
		e.State, e.Until, e.MustConfirm, e.Confirmed = Held, r.until(HoldLasts, now), true, false
	case h.Action == HandParty && e.State.Coming():
		return r.partyByHand(e, h.Party, h.Anyway)
	case h.Action == HandCancel:
		e.leave(now)
	case h.Action == HandReturn && !e.Until.IsZero(): // else she has been forgotten
		e.State, e.Until, e.Barred, e.MustConfirm, e.Confirmed = Waiting, time.Time{}, false, false, true
		if e.Party <= r.free() || h.Anyway {
			e.State = Going
		}
	default:
		return Fault(CodeNotPossible)
	}
	return nil
}

// seatByHand gives an entry its seats for good.
func (r *Roster) seatByHand(e *Entry, anyway bool) error {
	if !e.State.Seated() && e.Party > r.free() && !anyway {
		return r.noSeats(e.Party)
	}
	e.State, e.Until, e.MustConfirm, e.Confirmed = Going, time.Time{}, false, true
	return nil
}

// partyByHand is not bound by the event's largest party.
func (r *Roster) partyByHand(e *Entry, party int, anyway bool) error {
	if party < 1 || party > MaxParty {
		var f Faults
		f.Add("party", "out-of-range", "From", 1, "To", MaxParty)
		return f.Err()
	}
	if more := party - e.Party; e.State.Seated() && more > r.free() && !anyway {
		return r.noSeats(more)
	}
	e.Party = party
	return nil
}

// noSeats says how many people there would be if so many more had seats.
func (r *Roster) noSeats(more int) error {
	return &Error{Code: CodeNoSeats, With: map[string]any{
		"Party": more, "Capacity": r.Facts.Capacity, "Left": r.free(), "Would": r.Counts().Seated() + more,
	}}
}

// stays reports whether somebody with a place who goes to the waiting line would
// stay in it: those before her who fit are let in first, and if there is room for
// her even then, she is.
func (r *Roster) stays(e *Entry, undo bool, now time.Time) bool {
	if r.Facts.Status != Published || r.LineOver(now) {
		return true
	}
	if r.Facts.Capacity == 0 {
		return false
	}
	free := r.Facts.Capacity - r.Counts().Seated() + e.Party
	for i := range r.Entries {
		w := &r.Entries[i]
		if undo && w.RSVP == e.RSVP {
			break
		}
		if w.State == Waiting && w.Party <= free {
			free -= w.Party
		}
	}
	return e.Party > free
}

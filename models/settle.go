package models

import "time"

// maxAsks is how many mails one may cause by giving another's address.
const maxAsks = 5

// Settle brings the roster up to the moment: what has run out lapses, then the
// waiting parties that fit are let in, in their order. Everything that changes
// a roster begins and ends with it, so that no order of things can oversell.
func (r *Roster) Settle(now time.Time) {
	now = Milli(now)
	t := r.tallied()
	if !t.lapse.IsZero() && !t.lapse.After(now) {
		r.lapse(now)
	}
	if t.smallest <= r.free() && r.Facts.Status == Published && !r.LineOver(now) {
		r.promote(now)
	}
	r.Due = r.due(now)
	r.Changed = now
}

// lapse ends what has run out.
func (r *Roster) lapse(now time.Time) {
	t := r.tallied()
	t.lapse = time.Time{}
	for i := range r.Entries {
		e := r.Entries[i]
		switch {
		case e.Until.IsZero():
		case e.Until.After(now), e.State == Left: // she is still to be forgotten
			t.runsOut(&e)
		default:
			e.leave(now)
			r.set(i, e)
		}
	}
}

// promote lets in those who wait and fit. When there is little time left a seat
// is only offered: who has made other plans must not keep it unawares.
func (r *Roster) promote(now time.Time) {
	t := r.tallied()
	t.smallest = nobody
	for i := range r.Entries {
		e := r.Entries[i]
		if e.State != Waiting {
			continue
		}
		if e.Party > r.free() {
			t.waits(&e)
			continue
		}
		if now.Before(r.hours().offers) {
			r.seat(&e, HoldLastsFull, now)
		} else {
			e.State, e.Until = Offered, r.until(OfferLasts, now)
		}
		r.set(i, e)
	}
}

// seat gives an entry its seats: for good, or held until the link in the mail
// was used.
func (r *Roster) seat(e *Entry, hold time.Duration, now time.Time) {
	if !e.MustConfirm {
		e.State, e.Until = Going, time.Time{}
		return
	}
	e.State, e.Until = Held, r.until(hold, now)
}

// until is when what is kept for somebody runs out: at the latest when the event
// begins.
func (r *Roster) until(lasts time.Duration, now time.Time) time.Time {
	// Where only the day is known one signs up on the day itself, after Starts.
	last := r.Facts.Starts
	if !now.Before(last) {
		last = r.Facts.Ends
	}
	if until := now.Add(lasts); until.Before(last) {
		return until
	}
	return last
}

// due is the next moment at which something is to be done, or an earlier one: at
// once when somebody has not been told what is true.
func (r *Roster) due(now time.Time) time.Time {
	if r.nextUntold(now) < len(r.Entries) {
		return now
	}
	lapse, hour := r.tallied().lapse, r.nextHour(now)
	if lapse.IsZero() || !hour.IsZero() && hour.Before(lapse) {
		return hour
	}
	return lapse
}

// nextUntold is the place of the first entry that is to be told something; the
// number of entries when there is none.
func (r *Roster) nextUntold(now time.Time) int {
	if !now.Before(r.Facts.Ends) {
		return len(r.Entries)
	}
	t := r.tallied()
	if phase := r.phase(now); t.phase != phase {
		t.phase, t.untold = phase, 0
	}
	for t.untold < len(r.Entries) && !r.differs(&r.Entries[t.untold], now) {
		t.untold++
	}
	return t.untold
}

// Learn gives the roster newer facts; older ones than it has are left aside.
func (r *Roster) Learn(facts Facts, now time.Time) { r.LearnPlanned(facts, Planned{}, now) }

// LearnPlanned is Learn for facts that changed with those of other events: they
// are told when the others are.
func (r *Roster) LearnPlanned(facts Facts, by Planned, now time.Time) {
	if facts.Sequence > r.Facts.Sequence || r.Facts.Status == "" {
		// That the place is told to all, or to few, is for each to hear as it
		// concerns her.
		if !facts.SaySame(r.Facts) || facts.Protected != r.Facts.Protected {
			if r.Facts.Status != "" {
				before := r.Facts
				before.Sequence = r.Said
				r.Past = append(r.Past, before)
				r.gather(facts, now)
			}
			if by.Told.After(now) {
				r.Gathered = by.Told
			}
			r.Plan = by.tale()
			r.Said = facts.Sequence
			r.tallied().untold = 0
		}
		if !facts.Starts.Equal(r.Facts.Starts) {
			for i := range r.Entries {
				r.Entries[i].Told.Heard = 0
			}
		}
		protects := facts.Protected && !r.Facts.Protected
		if r.Facts = facts; protects {
			r.RequireConfirm(now)
		}
	}
	r.Settle(now)
	r.forget()
}

// forget drops the past that nobody was told last. Whoever was told nothing yet
// may be just about to be told any of it.
func (r *Roster) forget() {
	if len(r.Past) == 0 {
		return
	}
	oldest := r.Said
	for i := range r.Entries {
		if e := &r.Entries[i]; e.Who != (Who{}) && e.State.Coming() {
			oldest = min(oldest, e.Told.Sequence)
		}
	}
	keep := 0
	for keep+1 < len(r.Past) && r.Past[keep+1].Sequence <= oldest {
		keep++
	}
	if oldest >= r.Said {
		keep = len(r.Past)
	}
	r.Past = append([]Facts(nil), r.Past[keep:]...)
}

// Ask is one request for seats.
type Ask struct {
	RSVP  ID
	Who   Who // zero: no address, so nobody to tell and nothing to compare
	Party int
	// MustConfirm asks for confirmation by mail even where the event does not,
	// because something about the request is suspect.
	MustConfirm bool
	// Barred: the owner of the address wants nothing to come of it. She who asks
	// need not know.
	Barred bool
	// ByOrganiser: added by hand, so neither opening hours nor the largest
	// party bind.
	ByOrganiser bool
}

// Answer is what a sign-up is answered: going, waiting or confirm. It is the
// same whether the address was known or not, since coming to a political event
// is nobody else's business.
type Answer struct {
	Status string `json:"status"`
	Party  int    `json:"party"`
}

// The answers' words.
const (
	AnswerGoing   = "going"
	AnswerWaiting = "waiting"
	AnswerConfirm = "confirm"
)

// SignUp asks for seats. Somebody who has an entry keeps it as it is and is told
// by mail what was asked; the answer does not show it. Asking again with the same
// RSVP, as a retry does, changes nothing. The errors are those of Refusal,
// CodeInvalid for the party, and CodeRosterFull.
func (r *Roster) SignUp(ask Ask, now time.Time) (Answer, error) {
	now = Milli(now)
	r.Settle(now)
	if i := r.find(ask.RSVP); i >= 0 {
		return r.Entries[i].answer(), nil
	}
	if err := r.Facts.Refuse(ask.Party, ask.ByOrganiser, now); err != nil {
		return Answer{}, err
	}
	if len(r.Entries) >= MaxEntries {
		return Answer{}, Fault(CodeRosterFull)
	}
	e := Entry{
		RSVP: ask.RSVP, Who: ask.Who, Party: ask.Party, Since: now, State: Waiting,
		MustConfirm: (ask.MustConfirm || r.Facts.Confirm) && !ask.ByOrganiser, Mails: r.Floor,
		Confirmed: ask.ByOrganiser,
	}
	if free := r.free(); ask.Party <= free {
		hold := HoldLasts
		if ask.Party == free {
			hold = HoldLastsFull
		}
		r.seat(&e, hold, now)
	}
	answer := e.answer()
	if i := r.known(ask.Who); ask.Barred || i >= 0 && r.Entries[i].Barred && !ask.ByOrganiser {
		return answer, nil
	} else if i < 0 {
		r.add(e)
	} else if old := r.Entries[i]; old.State.Coming() {
		if old.Asks < maxAsks {
			old.Asked = ask.Party
			old.Asks++
			r.set(i, old)
		}
	} else {
		// She left and comes back at the end of the line. What she was told is
		// forgotten, since its links lead to the attempt that is gone; the
		// number of her mails is not, since SEQUENCE must rise.
		e.Mails, e.Asks = max(old.Mails+1, r.Floor), old.Asks
		r.remove(i)
		r.add(e)
	}
	r.Settle(now)
	return answer, nil
}

// answer is what the one who asked for this entry is answered.
func (e *Entry) answer() Answer {
	switch {
	case e.MustConfirm:
		return Answer{Status: AnswerConfirm, Party: e.Party}
	case e.State == Waiting:
		return Answer{Status: AnswerWaiting, Party: e.Party}
	}
	return Answer{Status: AnswerGoing, Party: e.Party}
}

// Refuse is why a party cannot sign up now, whatever the seats: the hour, the
// state of the event, or its own size; nil when it can. An organiser who adds
// somebody by hand is bound by neither opening hours nor the largest party.
func (f Facts) Refuse(party int, byOrganiser bool, now time.Time) error {
	code := f.Refusal(now)
	largest := f.LargestParty
	if byOrganiser {
		largest = MaxParty
		if code == CodeClosed || code == CodePaused || code == CodeNotOpenYet || code == CodePast && now.Before(f.Ends) {
			code = ""
		}
	}
	if code != "" {
		return &Error{Code: code, With: map[string]any{"Opens": f.Opens, "Closes": f.closing(), "TimeZone": f.TimeZone}}
	}
	var faults Faults
	if party < 1 || party > largest {
		faults.Add("party", "out-of-range", "From", 1, "To", largest)
	}
	return faults.Err()
}

// Action is what somebody does with her sign-up by the link in her mail.
type Action string

// The actions.
const (
	ActConfirm Action = "confirm"
	ActParty   Action = "party"   // another number of people
	ActCancel  Action = "cancel"  // regrets
	ActLeave   Action = "leave"   // out of the waiting line
	ActTake    Action = "take"    // an offered seat
	ActDecline Action = "decline" // the same
	ActQuiet   Action = "quiet"   // no more reminders
	ActErase   Action = "erase"   // regrets, and forget me
	ActNotMe   Action = "not-me"  // the same, and leave this address in peace
)

// Erases reports whether nothing is kept of who she was.
func (a Action) Erases() bool { return a == ActErase || a == ActNotMe }

// Act does what the holder of a sign-up asks. Doing it again changes nothing.
// ErrNotFound: the sign-up has no entry; CodeNotPossible: the action does not
// fit the state; CodeNoSeats: the larger party does not fit, what she had stays.
func (r *Roster) Act(id ID, action Action, party int, now time.Time) error {
	now = Milli(now)
	r.Settle(now)
	i := r.find(id)
	if i < 0 {
		return ErrNotFound
	}
	e := r.Entries[i]
	if !action.Erases() {
		if r.Facts.Status == Cancelled {
			return Fault(CodeCancelled)
		}
		if !now.Before(r.Facts.Ends) {
			return Fault(CodePast)
		}
	}
	if err := r.act(&e, action, party, now); err != nil {
		return err
	}
	e.Confirmed = true // the link came by mail
	r.set(i, e)
	if action.Erases() {
		r.forgetEntry(i)
	}
	r.Settle(now)
	return nil
}

// act changes a copy of the entry; nothing has changed when it errs.
func (r *Roster) act(e *Entry, action Action, party int, now time.Time) error {
	switch {
	case action.Erases(), action == ActCancel, action == ActLeave, action == ActDecline && (e.State == Offered || e.State == Left):
		if e.State != Left {
			e.leave(now)
		}
	case action == ActParty:
		return r.setParty(e, party)
	case action == ActConfirm && e.State.Coming():
		e.MustConfirm = false
		if e.State == Held {
			e.State, e.Until = Going, time.Time{}
		}
	case action == ActTake && (e.State == Offered || e.State == Going || r.Vacant(e, now)):
		e.State, e.Until, e.MustConfirm = Going, time.Time{}, false
	case action == ActQuiet:
		e.Quiet = true
	default:
		return Fault(CodeNotPossible)
	}
	return nil
}

// Vacant reports whether somebody who waits may take a free seat herself: when
// it is too late to offer it to anybody, it goes to who comes first.
func (r *Roster) Vacant(e *Entry, now time.Time) bool {
	return e.State == Waiting && e.Party <= r.free() && r.LineOver(now) && r.Facts.Refusal(now) == ""
}

// LineOver reports whether it is too late for those who wait to move up.
func (r *Roster) LineOver(now time.Time) bool { return !now.Before(r.hours().ends) }

func (r *Roster) setParty(e *Entry, party int) error {
	if !e.State.Coming() {
		return Fault(CodeNotPossible)
	}
	if largest := max(r.Facts.LargestParty, e.Party); party < 1 || party > largest {
		var f Faults
		f.Add("party", "out-of-range", "From", 1, "To", largest)
		return f.Err()
	}
	if e.State.Seated() && party-e.Party > r.free() {
		return &Error{Code: CodeNoSeats, With: map[string]any{"Party": e.Party}}
	}
	e.Party = party
	return nil
}

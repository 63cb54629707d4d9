package models

import "time"

// MaxEntries is the most entries that a roster holds; beyond it sign-up answers
// that the event is too large for names.
const MaxEntries = 10_000

// State is where one sign-up stands. It is one byte because a roster has
// thousands of them.
type State byte

// The states. Held and offered occupy seats until their time has run out.
const (
	Unknown State = 0
	Held    State = 'h' // waits for the mailed link to be used
	Going   State = 'g'
	Waiting State = 'w'
	Offered State = 'o' // a seat is kept until she takes or declines it
	Left    State = 'c' // cancelled: by her, by an organiser, or lapsed
)

// String is the word that the API uses.
func (s State) String() string {
	switch s {
	case Held:
		return "held"
	case Going:
		return "going"
	case Waiting:
		return "waiting"
	case Offered:
		return "offered"
	case Left:
		return "cancelled"
	}
	return "unknown"
}

// Seated reports whether the state occupies seats.
func (s State) Seated() bool { return s == Going || s == Held || s == Offered }

// Lapses reports whether the state lasts only until a time.
func (s State) Lapses() bool { return s == Held || s == Offered }

// Coming reports whether the person counts on the event: these are told of its
// changes.
func (s State) Coming() bool { return s.Seated() || s == Waiting }

// Who is an HMAC of a normalised address under the event's own key: it makes
// one address one entry and says nothing to anybody without the key. Zero:
// somebody without an address, added by an organiser.
type Who [16]byte

// Facts are what of an event matters to seats and to people. They compare with
// ==.
type Facts struct {
	Sequence     int       `json:"sequence"`
	Status       Status    `json:"status"`
	Needed       bool      `json:"needed"`
	Capacity     int       `json:"capacity,omitempty"` // people; 0: no limit
	LargestParty int       `json:"largest_party"`
	Confirm      bool      `json:"confirm,omitempty"`
	Paused       bool      `json:"paused,omitempty"`
	Opens        time.Time `json:"opens,omitzero"`
	Closes       time.Time `json:"closes,omitzero"` // zero: when it starts
	Starts       time.Time `json:"starts"`
	Ends         time.Time `json:"ends"`
	DateOnly     bool      `json:"date_only,omitempty"`
	TimeZone     string    `json:"time_zone"`
	Place        string    `json:"place,omitempty"`
	OnlineURL    string    `json:"online_url,omitempty"`
	// Protected: the place is told from PlaceFrom on, to some. Veiled: it has been
	// taken out.
	Protected bool      `json:"protected,omitempty"`
	PlaceFrom time.Time `json:"place_from,omitzero"`
	Veiled    bool      `json:"veiled,omitempty"`
}

// SaySame reports whether somebody who was told the one need not be told the
// other: status, time and place are equal.
func (f Facts) SaySame(g Facts) bool {
	return f.Status == g.Status && f.Starts.Equal(g.Starts) && f.Ends.Equal(g.Ends) && f.DateOnly == g.DateOnly &&
		f.Place == g.Place && f.OnlineURL == g.OnlineURL
}

// Refusal is the reason why nobody can sign up now; empty when one can.
func (f Facts) Refusal(now time.Time) Code {
	switch closes := f.closing(); {
	case f.Status == Draft, f.Status == "":
		return CodeNotFound
	case f.Status == Cancelled:
		return CodeCancelled
	case f.Status == Postponed:
		return CodePostponed
	case !f.Needed:
		return CodeNoSignUp
	case !now.Before(f.Ends), !now.Before(f.Starts) && !now.Before(closes):
		return CodePast
	case !now.Before(closes):
		return CodeClosed
	case now.Before(f.Opens):
		return CodeNotOpenYet
	case f.Paused:
		return CodePaused
	}
	return ""
}

// closing is when sign-up closes: when the event starts, if nothing was said;
// where only the day is known, when that day is over.
func (f Facts) closing() time.Time {
	switch {
	case f.Closes.IsZero() && f.DateOnly, f.Closes.After(f.Ends):
		return f.Ends
	case f.Closes.IsZero():
		return f.Starts
	}
	return f.Closes
}

// Told is what a person was last told.
type Told struct {
	State    State // Unknown: nothing yet
	Party    int
	Sequence int // of the facts that she was told
	Mails    int // the entry's, when she was told
	Heard    Heard
}

// Entry is one person's place in a roster, with her companions.
type Entry struct {
	RSVP  ID // new for every attempt
	Who   Who
	Party int // people, herself included
	Since time.Time
	State State
	Until time.Time // when held or offered runs out; who left is forgotten then
	// MustConfirm: the mailed link has not been used, and must be before a seat
	// is hers for good.
	MustConfirm bool
	// Quiet: she wants no reminders. Confirmed: a mailed link was used, or an
	// organiser knows her. Barred: an organiser wants nothing to come of her
	// address at this event.
	Quiet, Confirmed, Barred bool
	Told                     Told
	// Mails numbers what there is to tell her: it rises with every change of her
	// state or party, whether or not a mail had time to be made of it. Added to
	// the event's sequence it is the SEQUENCE of her invitation, which must rise
	// from each of them to the next.
	Mails int
	// Asked is the party that somebody asked for who gave her address again;
	// 0: nobody did, or she was told.
	Asked int
	// Asks counts those questions, since each is a mail that a stranger caused.
	Asks int
}

// Roster is the one truth about the seats of an event. Its id is the event's. It
// is for one goroutine at a time, and its entries are changed by its methods
// alone: even those that only look may count anew what they need.
type Roster struct {
	Document
	Facts Facts `json:"facts"`
	// Said is the sequence since which the facts say to people what they say
	// now. Past are what they said before, each with the sequence at which it
	// began, kept as long as somebody was told nothing newer.
	Said int     `json:"said,omitempty"`
	Past []Facts `json:"past,omitempty"`
	// Gathered is when what the facts say since Said is told to those who were
	// told something else; until then there may be more of it, or less.
	Gathered time.Time `json:"gathered,omitzero"`
	// Plan is the tale of the plan by which the facts came to say what they say since
	// Said; empty: somebody changed this event alone. See PlanOf.
	Plan    string  `json:"plan,omitempty"`
	Entries Entries `json:"entries,omitempty"`
	// Floor is above the Mails of everybody who was forgotten.
	Floor int `json:"floor,omitempty"`
	// Due is the earliest moment at which something must be done: zero for
	// nothing.
	Due time.Time `json:"due,omitzero"`
	// Changed is when it was last written, so that other instances see it.
	Changed time.Time `json:"changed"`

	tally *tally
}

// Counts are people, not rows.
type Counts struct{ Going, Held, Offered, Waiting, Left int }

// Seated are the people whose seats are taken.
func (c Counts) Seated() int { return c.Going + c.Held + c.Offered }

// of is the count of a state.
func (c *Counts) of(s State) *int {
	switch s {
	case Going:
		return &c.Going
	case Held:
		return &c.Held
	case Offered:
		return &c.Offered
	case Waiting:
		return &c.Waiting
	}
	return &c.Left
}

// Counts adds up the parties by state.
func (r *Roster) Counts() Counts { return r.tallied().counts }

// unlimited is the number of free seats where there is no limit.
const unlimited = 1 << 30

// free is how many people still fit; never negative, since lowering a capacity
// throws nobody out.
func (r *Roster) free() int {
	if r.Facts.Capacity == 0 {
		return unlimited
	}
	return max(0, r.Facts.Capacity-r.Counts().Seated())
}

// Seats is what the public may know of the seats: a coarse word, never a
// number.
type Seats string

// The coarse words.
const (
	SeatsOpen   Seats = "open"
	SeatsFew    Seats = "few" // a tenth or fewer than five are left
	SeatsFull   Seats = "full"
	SeatsClosed Seats = "closed"
)

// Seats is the word for the seats as they are now.
func (r *Roster) Seats(now time.Time) Seats {
	if r.Facts.Refusal(now) != "" {
		return SeatsClosed
	}
	free := r.free()
	switch {
	case free == 0:
		return SeatsFull
	case free < 5 || free*10 <= r.Facts.Capacity:
		return SeatsFew
	}
	return SeatsOpen
}

// find is the place of the entry of an RSVP, -1 when there is none.
func (r *Roster) find(id ID) int {
	if i, ok := r.tallied().rsvps[id]; ok {
		return i
	}
	return -1
}

// known is the place of the entry of an address, -1 when there is none.
func (r *Roster) known(who Who) int {
	if i, ok := r.tallied().whos[who]; ok {
		return i
	}
	return -1
}

// Entry is the entry of an RSVP; false when it has none, and so means nothing.
func (r *Roster) Entry(id ID) (Entry, bool) {
	if i := r.find(id); i >= 0 {
		return r.Entries[i], true
	}
	return Entry{}, false
}

// Known is the entry of an address; false when it has none.
func (r *Roster) Known(who Who) (Entry, bool) {
	if i := r.known(who); i >= 0 {
		return r.Entries[i], true
	}
	return Entry{}, false
}

// Line is how many waiting parties stand up to and including this one; 0 when
// she does not wait.
func (r *Roster) Line(id ID) int {
	i := r.find(id)
	if i < 0 || r.Entries[i].State != Waiting {
		return 0
	}
	at := 0
	for j := range r.Entries[:i+1] {
		if r.Entries[j].State == Waiting {
			at++
		}
	}
	return at
}

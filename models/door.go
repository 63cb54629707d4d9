package models

import (
	"slices"
	"strconv"
	"time"
)

// Door is how people without an account tick off who comes to one event: its id is
// the event's. Link and code are derived with the installation's key file from the
// event and from Made, so that no copy of the store opens anything.
type Door struct {
	Document
	// Made is when the link and the code were last made, which ended those before
	// them; By is the organiser who did, and whose eyes the phones have.
	Made time.Time `json:"made"`
	By   string    `json:"by"`
	// Closed: the link opens nothing, until others are made.
	Closed bool `json:"closed,omitempty"`
	// Phones are all that this link ever let in, those that were closed included.
	Phones []Phone `json:"phones,omitempty"`
	// Wrong are the wrong codes of the last hour, Guesses all that there were.
	Wrong   []time.Time `json:"wrong,omitempty"`
	Guesses int         `json:"guesses,omitempty"`
}

// Phone is one browser that was let in. The id is a hash of the secret that it
// shows.
type Phone struct {
	ID     string `json:"id"`
	Number int    `json:"number"` // from 1, in the order in which they came
	// Name is what was typed to tell it by, sealed: it may be somebody's. Empty:
	// nothing.
	Name   []byte    `json:"name,omitempty"`
	Opened time.Time `json:"opened"`
	Seen   time.Time `json:"seen"` // to within SeenEvery
	Closed time.Time `json:"closed,omitzero"`
	// Looked is when the log of looks was last told that it has the list, and Names
	// how many it had.
	Looked time.Time `json:"looked,omitzero"`
	Names  int       `json:"names,omitempty"`
}

// The bounds of a door.
const (
	DoorPhones = 6
	DoorTries  = 5 // wrong codes an hour
	// DoorGuesses is how many wrong codes end a link: of ten thousand codes a
	// patient guesser has tried one in two hundred by then.
	DoorGuesses = 50
	// DoorReads is how long after the event's end a phone gets the list, DoorWrites
	// how long what was ticked off without coverage is still taken.
	DoorReads  = 2 * time.Hour
	DoorWrites = 72 * time.Hour
	// LookEvery is how long a phone may fetch the same list again as one look.
	LookEvery = 10 * time.Minute
	SeenEvery = time.Minute
	// MaxDoorName is how long what tells a phone by may be.
	MaxDoorName = 40
)

// doorTriesWithin is how long a wrong code counts.
const doorTriesWithin = time.Hour

// DoorReader is the organiser of a look by a phone at the door.
const DoorReader = "door"

// MayKeepDoor reports whether she may open a door, and have its link and code: the
// names that it shows were given to the host, and to a co-host only by those who
// came after her.
func (o *Organiser) MayKeepDoor(e *Event) bool { return o.WorksFor(e.Host) }

// Purpose separates the link and the code of this door from those that it has had
// before.
func (d *Door) Purpose() string { return "door " + strconv.FormatInt(moment(d.Made), 36) }

// Renew gives the door a link and a code that nobody has had before, and lets no
// phone in that the ones before let in.
func (d *Door) Renew(by *Organiser, now time.Time) {
	d.Made, d.By, d.Closed = later(now, d.Made), by.ID, false
	d.Phones, d.Wrong, d.Guesses = nil, nil, 0
}

// Close ends the link, the code and all phones.
func (d *Door) Close() { d.Closed, d.Phones = true, nil }

// Open are the phones that are let in.
func (d *Door) Open() []Phone {
	return slices.DeleteFunc(slices.Clone(d.Phones), func(p Phone) bool { return !p.Closed.IsZero() })
}

// Phone is the open phone with an id; nil: there is none.
func (d *Door) Phone(id string) *Phone {
	i := slices.IndexFunc(d.Phones, func(p Phone) bool { return p.ID == id && p.Closed.IsZero() })
	if i < 0 {
		return nil
	}
	return &d.Phones[i]
}

// Try counts a code that somebody typed. CodeTooMany, with the time to wait as
// "Wait", when there were too many wrong ones, whatever this one is; CodeClosed when
// the link has had all it takes.
func (d *Door) Try(right bool, now time.Time) error {
	now = Milli(now)
	d.Wrong = slices.DeleteFunc(slices.Clone(d.Wrong), func(t time.Time) bool { return !now.Before(t.Add(doorTriesWithin)) })
	switch {
	case d.Guesses >= DoorGuesses:
		return Fault(CodeClosed)
	case len(d.Wrong) >= DoorTries:
		return tooMany(d.Wrong[0].Add(doorTriesWithin).Sub(now))
	case !right:
		d.Wrong, d.Guesses = append(d.Wrong, now), d.Guesses+1
	}
	return nil
}

// Admit lets a phone in; CodeNotPossible when there are six.
func (d *Door) Admit(id string, name []byte, now time.Time) error {
	if len(d.Open()) >= DoorPhones {
		return Fault(CodeNotPossible)
	}
	now = Milli(now)
	d.Phones = append(d.Phones, Phone{ID: id, Number: len(d.Phones) + 1, Name: name, Opened: now, Seen: now})
	return nil
}

// ClosePhone closes the phone with a number; one that is closed already stays so.
func (d *Door) ClosePhone(number int, now time.Time) {
	for i := range d.Phones {
		if p := &d.Phones[i]; p.Number == number && p.Closed.IsZero() {
			p.Closed = Milli(now)
		}
	}
}

// News reports whether it should be written down that a phone was here.
func (p *Phone) News(now time.Time) bool { return !now.Before(p.Seen.Add(SeenEvery)) }

// Looks reports whether having the list now, with so many names, is a look of its
// own, and not the same list fetched once more.
func (p *Phone) Looks(names int, now time.Time) bool {
	return p.Looked.IsZero() || p.Names != names || !now.Before(p.Looked.Add(LookEvery))
}

// Press is one tap at a door: how many of a party are here, or how many people came
// together without a sign-up. Either says how many there are now and not how many
// more, so that a press can be sent as often as it takes.
type Press struct {
	ID string // made by the phone
	// RSVP is whose party it is; WalkIn, made by the phone as well, who came without.
	// One of them is empty.
	RSVP, WalkIn string
	Count        int       // 0 takes it back
	At           time.Time // by the phone's clock, put right as far as it could
}

// Within puts the time of a press into the bounds that it can have: phones' clocks
// are wrong.
func (p Press) Within(opened, now time.Time) Press {
	switch {
	case p.At.Before(opened):
		p.At = opened
	case p.At.After(now):
		p.At = now
	}
	p.At = Milli(p.At)
	return p
}

// Validate returns the wrong fields.
func (p Press) Validate() error {
	var f Faults
	if _, err := ParseID(p.ID); err != nil {
		f.Add("id", "not-a-uuid")
	}
	most := MaxParty
	if p.RSVP == "" {
		most = MaxWalkIns
		if _, err := ParseID(p.WalkIn); err != nil {
			f.Add("walk_in", "not-a-uuid")
		}
	}
	if p.Count < 0 || p.Count > most {
		f.Add("count", "out-of-range", "From", 0, "To", most)
	}
	return f.Err()
}

// MaxWalkIns is how many people one press may count who came without a sign-up: a
// school class with its buses, and no slip of the thumb.
const MaxWalkIns = 200

// pressesKnown is how many presses a count remembers. A phone sends one again within
// minutes, or once more after a night.
const pressesKnown = 16

// Presses are the ids of the last presses that a count has taken, so that each is
// taken once.
type Presses []string

// take reports whether a press is news to a count that was last changed at a time:
// it was not taken before, and is later than what was. Of two at the same time the
// larger count stands, whichever comes first.
func (s *Presses) take(p Press, count int, changed time.Time) bool {
	if slices.Contains(*s, p.ID) {
		return false
	}
	*s = append(*s, p.ID)
	*s = (*s)[max(0, len(*s)-pressesKnown):]
	return p.At.After(changed) || p.At.Equal(changed) && p.Count > count
}

// Press notes how many of the party have come, if nobody has said so later.
func (r *RSVP) Press(p Press) {
	if r.Presses.take(p, r.Present, r.PresentAt) {
		r.Present, r.PresentAt = p.Count, p.At
	}
}

// Press notes how many came, if nobody has said so later.
func (w *WalkIn) Press(p Press) {
	if w.Presses.take(p, w.Count, w.At) {
		w.Count, w.At = p.Count, p.At
	}
}

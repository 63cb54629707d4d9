package models

import (
	"encoding/json"
	"slices"
	"time"
)

// Consent is the yes that lets the hosts keep somebody's name.
type Consent struct {
	// Version of the text, so that it can be shown what was agreed to.
	Version  int       `json:"version"`
	Language string    `json:"language"`
	At       time.Time `json:"at"`
	// Hosts were named in the text, or hosts when an organiser added her by hand:
	// these and the central office may read the name, a co-host who came later may
	// not.
	Hosts []string `json:"hosts"`
}

// ConsentVersion is the number of the text that is shown now. It rises whenever
// a word of it changes.
const ConsentVersion = 1

// RSVP is what one person said when she signed up. Where she stands is in the
// roster; without an entry there it means nothing and is swept.
type RSVP struct {
	Document
	Event string `json:"event"`
	// Sealed is a Person under the event's key. Empty: erased.
	Sealed   []byte    `json:"sealed,omitempty"`
	Consent  Consent   `json:"consent,omitzero"`
	Language string    `json:"language"`
	Created  time.Time `json:"created"`
	// Said is when she last changed what she answered; zero: never since Created.
	// Answered is the Said, or the Created, of what an organiser has seen to; zero:
	// nobody has. So what she says anew is to be seen to anew.
	Said     time.Time `json:"said,omitzero"`
	Answered time.Time `json:"answered,omitzero"`
	// By is the organiser who added her by hand; empty: she did it herself.
	By string `json:"by,omitempty"`
	// Used is when a link of a mail to this address was first used. Until then
	// nothing that was typed into the form stands in any mail to it.
	Used time.Time `json:"used,omitzero"`
	// Returned is when it was seen that mail to her does not arrive; zero: it does,
	// as far as anybody knows.
	Returned time.Time `json:"returned,omitzero"`
	// Parting is what an organiser wrote to her who took her off the list.
	Parting Parting `json:"parting,omitzero"`
	// Present is how many of the party have come.
	Present   int       `json:"present,omitempty"`
	PresentAt time.Time `json:"present_at,omitzero"`
	Presses   Presses   `json:"presses,omitempty"`
}

// Use notes that a link of a mail to her was used: whoever does that reads her
// mail.
func (r *RSVP) Use(now time.Time) {
	if r.Returned = (time.Time{}); r.Used.IsZero() {
		r.Used = now
	}
}

// Parting is a line to one person. It stands in no mail of the outbox, which hold no
// personal data, but is taken from here when the mail that it is for is composed.
type Parting struct {
	Sealed []byte `json:"sealed"` // the text, under the event's key
	Mails  int    `json:"mails"`  // the entry's, with which she was taken off the list
}

// MaxParting is the longest such line, in characters.
const MaxParting = 300

// PartingID is what a parting is sealed for instead of the id of its sign-up, so that
// neither is taken for the other.
func PartingID(rsvp string) string { return rsvp + " parting" }

// Carries reports whether a mail is the one that carries the parting.
func (m *Mail) Carries(p Parting) bool {
	return m.Kind == MailRegret && len(p.Sealed) > 0 && m.Sequence == m.Is.Sequence+p.Mails
}

// Person is what is sealed.
type Person struct {
	Name    string  `json:"name"`
	Email   string  `json:"email,omitempty"`
	Note    string  `json:"note,omitempty"`
	Answers Answers `json:"answers,omitzero"`
}

// Needs reports whether she asked something of the hosts. A note counts: it is
// where people write what no question asks for.
func (p Person) Needs() bool {
	return p.Note != "" || slices.ContainsFunc(p.Answers.Answered(), Question.Need)
}

// Bytes are the person as they are sealed.
func (p Person) Bytes() []byte {
	b, err := json.Marshal(p)
	if err != nil {
		panic(err) // strings cannot fail
	}
	return b
}

// ParsePerson reads what Bytes wrote.
func ParsePerson(b []byte) (Person, error) {
	var p Person
	err := json.Unmarshal(b, &p)
	return p, err
}

// SignUp is a filled-in form.
type SignUp struct {
	Name, Email, Note string
	Answers           Answers
	Party             int
	Consent           bool
	Language          string
	// Form is what tells the form of an organiser from her next one: the same form
	// sent twice is one person. Empty: each is another.
	Form string
	// Suspect: the form's traps went off, so the address is asked to confirm.
	// Nobody is ever dropped for it.
	Suspect bool
	// Pass is that of the members' link by which she came; nil: none.
	Pass *Pass
}

// Validate returns the wrong fields, asked being the questions of the event. An
// organiser may add somebody by name alone, who then is asked in person; the size
// of the party is for the roster.
func (s SignUp) Validate(asked []Question, byOrganiser bool) error {
	var f Faults
	CheckLine(&f, "name", s.Name, true, MaxName)
	CheckEmail(&f, "email", s.Email, !byOrganiser)
	CheckText(&f, "note", s.Note, false, MaxNote)
	s.Answers.Check(&f, asked)
	if s.Party < 1 || s.Party > MaxParty {
		f.Add("party", "out-of-range", "From", 1, "To", MaxParty)
	}
	if !s.Consent && !byOrganiser {
		f.Add("consent", "no-consent")
	}
	if s.Language != "" {
		checkLanguage(&f, "language", s.Language)
	}
	return f.Err()
}

// WalkIn is people who came without a sign-up. The id is made by the client, so
// that sending it again counts nobody twice.
type WalkIn struct {
	Document
	Event   string    `json:"event"`
	Count   int       `json:"count"` // 0: taken back
	At      time.Time `json:"at"`
	By      string    `json:"by"` // an organiser, or DoorReader
	Presses Presses   `json:"presses,omitempty"`
}

// EventKey is the key under which an event's personal data is sealed, wrapped
// for the day on which it must be erased. The id is the event's.
type EventKey struct {
	Document
	Wrapped []byte `json:"wrapped"`
	// Day is that day, as days since 1970-01-01 UTC.
	Day int `json:"day"`
	// Noteless: what the attendees wrote has been erased already.
	Noteless bool `json:"noteless,omitempty"`
}

// Installation is what is true of the whole database. Its only document has the
// id "installation".
type Installation struct {
	Document
	// Chain is the id of the key file that opens what is sealed here.
	Chain string    `json:"chain"`
	Born  time.Time `json:"born"`
	// Swept is the moment up to which sign-ups without an entry were dropped.
	Swept time.Time `json:"swept"`
	// Erased is how many lines of each journal of erasures, by its id, have come
	// true in this database. After a restore it is fewer than the journal has.
	Erased map[string]int `json:"erased,omitempty"`
	// Notice stands on every page.
	Notice Notice `json:"notice,omitzero"`
	// Settings are those that need no restart.
	Settings Settings `json:"settings,omitzero"`
}

// Instance is one running process. It proves that it lives by changing Beat;
// nobody compares clocks.
type Instance struct {
	Document
	Beat  int64     `json:"beat"`
	Since time.Time `json:"since"`
}

// LastSaid is when she last said what she needs.
func (r *RSVP) LastSaid() time.Time {
	if r.Said.IsZero() {
		return r.Created
	}
	return r.Said
}

// Say keeps what she says from now on, sealed.
func (r *RSVP) Say(sealed []byte, now time.Time) {
	r.Sealed, r.Said = sealed, later(now, r.LastSaid())
}

// Seen reports whether an organiser has seen to what she needs now.
func (r *RSVP) Seen() bool { return r.Answered.Equal(r.LastSaid()) }

// Attendee is one line of an attendance list.
type Attendee struct {
	RSVP   string
	Person Person // empty: hidden, or erased
	// Hidden: who she is, is not for the eyes of who asked.
	Hidden bool
	Entry  Entry
	Line   int // place in the waiting line; 0: she does not wait
	Here   int
	// Returned: mail to her does not arrive, so she may not know what is true.
	Returned bool
	// Said is when she last said what she needs; Seen: an organiser has seen to it.
	Said time.Time
	Seen bool
}

// Open reports whether somebody who is coming needs what nobody has seen to yet.
func (a *Attendee) Open() bool { return a.Entry.State.Coming() && !a.Seen && a.Person.Needs() }

// Attendance is the list of an event, in order of sign-up.
type Attendance struct {
	Event     Event
	Counts    Counts
	Here      int // people ticked off, without walk-ins
	WalkIns   int
	Attendees []Attendee
	// Asked are the questions whose answers are shown.
	Asked []Question
}

// Needs are the sign-ups that need what nobody has seen to yet.
func (a *Attendance) Needs() (n int) {
	for i := range a.Attendees {
		if a.Attendees[i].Open() {
			n++
		}
	}
	return n
}

// MayReadName reports whether she may read the name on one sign-up: coordinators
// may, and organisers of the hosts whom the consent named. So whoever becomes a
// co-host later knows of earlier ones how many they are, and nothing else: every
// list, export and door asks this.
func (o *Organiser) MayReadName(e *Event, r *RSVP) bool {
	if !o.MayReadAttendance(e) {
		return false
	}
	// Who was added by hand by an older program is known to whoever are hosts.
	if o.Role == RoleCoordinator || r.By != "" && len(r.Consent.Hosts) == 0 {
		return true
	}
	return slices.ContainsFunc(r.Consent.Hosts, o.WorksFor)
}

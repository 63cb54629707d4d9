package models

import "time"

// Mail is one message in the outbox. It holds no personal data: the address is
// unsealed when it is sent, and the words are composed then, from what stands
// here alone, so that one row gives one message however often it is tried.
type Mail struct {
	Document
	Kind  MailKind `json:"kind"`
	Event string   `json:"event,omitempty"`
	RSVP  string   `json:"rsvp,omitempty"`
	// SignIn is the link that MailSignIn and MailInvited carry.
	SignIn string `json:"sign_in,omitempty"`
	// Organiser is whom it is for, when that is nobody who has signed up: as somebody
	// who works for Host, unless that is empty. From is the name of who says it.
	Organiser string `json:"organiser,omitempty"`
	Host      string `json:"host,omitempty"`
	From      string `json:"from,omitempty"`
	// What is the thing of an organiser's account that it tells of, by its name: a
	// browser, a passkey, a token.
	What string    `json:"what,omitempty"`
	Born time.Time `json:"born"`

	// What the person is told.
	State    State     `json:"state,omitempty"`
	Told     State     `json:"told,omitempty"` // what she was told before
	Party    int       `json:"party,omitempty"`
	Asked    int       `json:"asked,omitempty"`
	Line     int       `json:"line,omitempty"` // place in the waiting line
	Until    time.Time `json:"until,omitzero"`
	Is       Facts     `json:"is,omitzero"`
	Was      Facts     `json:"was,omitzero"`
	Sequence int       `json:"sequence,omitempty"` // RFC 5545 SEQUENCE of her invitation
	About    About     `json:"about,omitzero"`
	// Work is what a MailWork lists.
	Work []Work `json:"work,omitempty"`
	// Gathers: a MailMine that takes the place of those beyond MailsADay. One
	// without was asked for.
	Gathers bool `json:"gathers,omitempty"`
	// Plan is the tale of a plan that it tells: its mails to one address become one.
	// See PlanOf.
	Plan string `json:"plan,omitempty"`
	// Message is the MailMessage's, which goes to those who stand so To.
	Message string     `json:"message,omitempty"`
	To      Recipients `json:"to,omitempty"`
	// Standings are what an organiser is told of her events.
	Standings []Standing `json:"standings,omitempty"`

	// How it fares.
	Status  MailStatus `json:"status"`
	Due     time.Time  `json:"due"`              // not before this
	Owner   string     `json:"owner,omitempty"`  // the instance that has claimed it
	Tries   int        `json:"tries,omitempty"`  // so far
	Unsure  int        `json:"unsure,omitempty"` // tries that may have arrived: the line broke before the answer
	Reply   string     `json:"reply,omitempty"`  // the server's last words, addresses cut out
	Settled time.Time  `json:"settled,omitzero"` // when it was sent, failed or skipped
}

// About is what a mail says of its event, as it was when the mail was born.
type About struct {
	Slug string `json:"slug"`
	// Link is the event's own members' link, which leads to the page of an event
	// for members; nil: its page is public.
	Link    *Link             `json:"link,omitempty"`
	Titles  map[string]string `json:"titles"` // by language; "" is the event's own
	Hosts   []string          `json:"hosts"`  // names
	Place   Place             `json:"place,omitzero"`
	Summary string            `json:"summary,omitempty"`
	Contact Contact           `json:"contact,omitzero"`
	Reason  string            `json:"reason,omitempty"`
	ReplyTo string            `json:"reply_to,omitempty"` // the host's address
}

// Title is the title in a language.
func (a About) Title(language string) string {
	if t := a.Titles[language]; t != "" {
		return t
	}
	return a.Titles[""]
}

// Work is an event that needs something, as a mail tells of it.
type Work struct {
	Event    string    `json:"event"` // id
	Title    string    `json:"title"`
	Starts   time.Time `json:"starts"`
	Ends     time.Time `json:"ends"`
	DateOnly bool      `json:"date_only,omitempty"`
	TimeZone string    `json:"time_zone"`
	Need     Need      `json:"need"`
}

// MailStatus is how a mail fares.
type MailStatus string

// The statuses. Sent, failed and skipped are final.
const (
	MailQueued  MailStatus = "queued"
	MailSending MailStatus = "sending" // claimed by Owner
	// MailWithheld came with a restored copy of the store: it may have been sent
	// after the copy was made, so a coordinator decides.
	MailWithheld MailStatus = "withheld"
	MailSent     MailStatus = "sent"    // the server said 250 after the dot
	MailFailed   MailStatus = "failed"  // Reply says why
	MailSkipped  MailStatus = "skipped" // pointless by the time it was to be sent; Reply says why
)

// MailStatuses are all statuses, in the order of a mail's life.
func MailStatuses() []MailStatus {
	return []MailStatus{MailQueued, MailWithheld, MailSending, MailSent, MailFailed, MailSkipped}
}

// Superseded reports whether the mail would say what is no longer true, given
// the entry as it is now: then it is skipped, for a newer one is in the outbox
// or will be. A mail about having been asked is never stale.
func (m *Mail) Superseded(e Entry) bool {
	if m.Kind == MailMessage {
		return !m.To.Include(e.State)
	}
	return m.Kind != MailAsked && (e.State != m.State || e.Party != m.Party)
}

// Lists reports whether the mail is about all that an address has signed up for,
// and not about one sign-up.
func (m *Mail) Lists() bool { return m.Kind == MailMine || m.Kind == MailTogether }

// Withdraws reports whether it takes the event out of her calendar: it is off, or
// she has a place no more.
func (m *Mail) Withdraws() bool { return m.Kind == MailCancelled || m.State != Going }

// Invites reports whether the mail carries a calendar part: whoever is going
// gets the event into her calendar, and out of it again.
func (m *Mail) Invites() bool {
	switch m.Kind {
	case MailGoing, MailPromoted, MailParty, MailPlace, MailChanged, MailPostponed, MailCancelled:
		return m.State == Going
	case MailRegret, MailWaiting, MailNoPlace, MailOffer:
		return m.Told == Going // whoever only waited has nothing in her calendar
	}
	return false
}

package models

import "time"

// Recipients are those of an event's attendees to whom an organiser writes.
type Recipients string

// The recipients. Whoever has still to show that an address is hers is written to
// by none: else our mail would carry a stranger's words to whomever another names.
const (
	ToGoing   Recipients = "going"
	ToWaiting Recipients = "waiting" // those who were offered a place among them
	ToBoth    Recipients = "both"
)

// AllRecipients are all of them, in the order in which they are offered.
func AllRecipients() []Recipients { return []Recipients{ToGoing, ToWaiting, ToBoth} }

// Include reports whether somebody who stands so is among them.
func (r Recipients) Include(s State) bool {
	switch s {
	case Going:
		return r == ToGoing || r == ToBoth
	case Waiting, Offered:
		return r == ToWaiting || r == ToBoth
	}
	return false
}

// MaxMessage is the longest text of a message, in characters.
const MaxMessage = 2_000

// MessageRate is how often one may write to the attendees of one event: three times
// in a week.
func MessageRate() Rate { return Rate{3, 7 * 24 * time.Hour / 3} }

// Message is what an organiser writes to the attendees of an event, about nothing
// else. It is a draft until Sent, and nothing of it changes then.
type Message struct {
	Document
	Event string     `json:"event"`
	By    string     `json:"by"` // the organiser who wrote it, or who sent it
	To    Recipients `json:"to"`
	// Text is plain. It is erased with the names of the attendees; empty then.
	Text    string    `json:"text,omitempty"`
	Written time.Time `json:"written"` // last
	// Copied is the organiser who was mailed a copy of it as it is; empty: nobody.
	Copied string    `json:"copied,omitempty"`
	Sent   time.Time `json:"sent,omitzero"`
	// Open: it was sent, and not all of its mails are in the outbox.
	Open  bool `json:"open,omitempty"`
	Mails int  `json:"mails,omitempty"`
}

// Write makes a draft say something. CodeNotPossible for one that was sent. What
// says another thing has not been copied to anybody.
func (m *Message) Write(by string, to Recipients, text string, now time.Time) error {
	switch {
	case !m.Sent.IsZero():
		return Fault(CodeNotPossible)
	case m.To == to && m.Text == text:
		return nil
	}
	m.By, m.To, m.Text, m.Copied, m.Written = by, to, text, "", later(now, m.Written)
	return nil
}

// Send notes that it is to be sent. CodeNotPossible for who was not sent a copy of it
// first: she has not seen it as others will. One that was sent already stays as it
// is.
func (m *Message) Send(by string, now time.Time) error {
	switch {
	case !m.Sent.IsZero():
		return nil
	case m.Copied != by:
		return Fault(CodeNotPossible)
	}
	m.By, m.Sent, m.Open = by, Milli(now), true
	return nil
}

// CheckMessage notes what is wrong with a message.
func CheckMessage(to Recipients, text string) error {
	var f Faults
	if CheckText(&f, "text", text, true, MaxMessage); !to.Include(Going) && !to.Include(Waiting) {
		f.Add("to", "required")
	}
	return f.Err()
}

// MayBeWrittenTo reports whether the attendees of an event can be written to: as long
// as there is something to say to them of it.
func (e *Event) MayBeWrittenTo(now time.Time) bool {
	return (e.Status == Published || e.Status == Postponed) && e.SignUp.Needed && now.Before(e.Ends)
}

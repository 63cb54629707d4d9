package models

import (
	"slices"
	"strconv"
	"time"
)

// Errand is a mail to organisers that a change of an event causes. It is kept in
// one write with that change, and taken away when its mails are in the outbox, so
// that a crash between the two neither loses nor doubles them.
type Errand struct {
	Kind MailKind `json:"kind"`
	// To is the host whose organisers are mailed; empty: Organiser alone, or
	// coordinators when that is empty too.
	To        string `json:"to,omitempty"`
	Organiser string `json:"organiser,omitempty"`
	// From is the host that says it; empty: the central office.
	From  string    `json:"from,omitempty"`
	Words string    `json:"words,omitempty"`
	At    time.Time `json:"at"`
	// Due is when it is mailed; zero: at once.
	Due time.Time `json:"due,omitzero"`
}

// For are the organisers whom it is for.
func (r *Errand) For(all []Organiser) []Organiser {
	return slices.DeleteFunc(slices.Clone(all), func(o Organiser) bool {
		return o.Lapsed(r.At) || o.ID != r.Organiser && (r.To == "" || !slices.Contains(o.For, r.To))
	})
}

// Key tells the errands of one event apart.
func (r *Errand) Key() string {
	return string(r.Kind) + " " + r.To + r.Organiser + " " + strconv.FormatInt(moment(r.At), 36)
}

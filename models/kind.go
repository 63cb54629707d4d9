package models

import (
	"strings"
	"time"
)

// Kind is what sort of gathering an event is. Its names are in locale; what it
// brings with it is here.
type Kind string

// The kinds, in the order in which they are offered.
const (
	TownHall     Kind = "town-hall"
	YardParty    Kind = "yard-party"
	Seminar      Kind = "seminar"
	RoundTable   Kind = "round-table"
	MayDay       Kind = "may-day"
	Consultation Kind = "consultation"
	Meeting      Kind = "meeting"
	Other        Kind = "other"
)

// Kinds are all kinds in the order in which they are offered.
func Kinds() []Kind {
	return []Kind{TownHall, YardParty, Seminar, RoundTable, MayDay, Consultation, Meeting, Other}
}

// kindChoices are all kinds on one line.
func kindChoices() string {
	var names []string
	for _, k := range Kinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

// Known reports whether it is one of Kinds.
func (k Kind) Known() bool {
	for _, known := range Kinds() {
		if k == known {
			return true
		}
	}
	return false
}

// Template is what a new event of a kind starts from, so that somebody who does
// this twice a year has little left to fill in.
type Template struct {
	Starts   time.Duration // after local midnight
	Length   time.Duration
	Audience Audience
	SignUp   bool
	Capacity int
	// Parts are the usual programme: the moment after the start, and a key that
	// locale turns into a title.
	Parts []TemplatePart
}

// TemplatePart is one usual item of a programme.
type TemplatePart struct {
	After time.Duration
	Title string // locale key "programme.<title>"
}

// Template returns what the kind brings with it. An unknown kind is treated as
// Other.
func (k Kind) Template() Template {
	evening := Template{Starts: 18 * time.Hour, Length: 2 * time.Hour, Audience: Public}
	switch k {
	case TownHall:
		evening.SignUp = true
	case YardParty:
		return Template{Starts: 14 * time.Hour, Length: 4 * time.Hour, Audience: Public}
	case Seminar:
		evening.SignUp = true
	case RoundTable:
		evening.SignUp, evening.Capacity = true, 20
	case MayDay:
		return Template{Starts: 13 * time.Hour, Length: 3 * time.Hour, Audience: Public, Parts: []TemplatePart{
			{0, "assembly"}, {30 * time.Minute, "march"}, {90 * time.Minute, "speeches"},
		}}
	case Consultation:
		evening.SignUp, evening.Audience = true, Members
	case Meeting:
		evening.Audience = Members
	}
	return evening
}

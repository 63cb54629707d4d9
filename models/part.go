package models

import "time"

// PartAnswer is what an association said of its part of a larger event.
type PartAnswer string

// The answers. None yet is empty.
const (
	PartStands PartAnswer = "stands" // it is right as it is written
	PartOut    PartAnswer = "out"    // they take no part
)

// Part is what stands between a part and the event that it is a part of. The
// zero value is that of an event that is none.
type Part struct {
	// Asked is when its association was asked to take part; zero: it wrote the part
	// of its own accord.
	Asked time.Time `json:"asked,omitzero"`
	// Heard is what the whole was when its organisers last heard of it.
	Heard Whole `json:"heard,omitzero"`

	Answer   PartAnswer `json:"answer,omitempty"`
	Answered time.Time  `json:"answered,omitzero"`
	By       string     `json:"by,omitempty"` // the organiser who answered
	// Words are what she wrote with it.
	Words string `json:"words,omitempty"`
	// Reminded is when its organisers were last reminded to answer.
	Reminded time.Time `json:"reminded,omitzero"`
}

// Whole is what of an event matters to its parts.
type Whole struct {
	Starts    time.Time `json:"starts"`
	Ends      time.Time `json:"ends"`
	Cancelled bool      `json:"cancelled,omitempty"`
}

// Whole is the event as its parts see it.
func (e *Event) Whole() Whole {
	return Whole{Starts: e.Starts, Ends: e.Ends, Cancelled: e.Status == Cancelled}
}

// PartReminderRest is how long a part is left in peace after a reminder.
const PartReminderRest = 24 * time.Hour

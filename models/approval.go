package models

import "time"

// Approval is where the wish to publish an event stands, when its host wants the
// central office to have a look first. The zero value: nobody has asked.
type Approval struct {
	Asked time.Time `json:"asked,omitzero"`
	By    string    `json:"by,omitempty"` // the organiser who asked
	// Answered is when a coordinator said yes, or sent it back with Words; zero:
	// she has not.
	Answered time.Time `json:"answered,omitzero"`
	Given    bool      `json:"given,omitempty"`
	Words    string    `json:"words,omitempty"`
}

// Waits reports whether a coordinator is to answer.
func (a Approval) Waits() bool { return !a.Asked.IsZero() && a.Answered.IsZero() }

// SentBack reports whether the answer was to change something first.
func (a Approval) SentBack() bool { return !a.Answered.IsZero() && !a.Given }

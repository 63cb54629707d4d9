package models

import (
	"errors"
	"strings"
	"time"
)

// Plan is one change of several events: what it does to each of them, whom that
// is told to, and how far it came. Nothing has happened as long as it is only
// made.
type Plan struct {
	Document
	// What is done, as a key of its words: "change", "cancel", "move" …
	What string `json:"what"`
	// Reason is what people are told about it, in the organiser's words.
	Reason string `json:"reason,omitempty"`
	By     string `json:"by"`   // id of the organiser
	Back   string `json:"back"` // path of the page that it was made on, without its language
	Steps  []Step `json:"steps"`
	// People are those who count on the events and are told, companions included;
	// Mails how many they get: one for an address however many of the events it is
	// signed up for, and one more when some of them are soon; Unreached how many
	// people left no address.
	People    int        `json:"people,omitempty"`
	Mails     int        `json:"mails,omitempty"`
	Unreached int        `json:"unreached,omitempty"`
	Status    PlanStatus `json:"status"`
	Made      time.Time  `json:"made"`
	Begun     time.Time  `json:"begun,omitzero"` // when it was confirmed
}

// PlanStatus is how far a plan came.
type PlanStatus string

// The statuses of a plan, in their order.
const (
	PlanMade     PlanStatus = "made"
	PlanCarrying PlanStatus = "carrying"
	PlanCarried  PlanStatus = "carried"
	PlanUndoing  PlanStatus = "undoing"
	PlanUndone   PlanStatus = "undone"
)

// Step is what a plan does to one event.
type Step struct {
	Event string `json:"event"`
	// Seen is the Updated of the event that the plan was made of: to another state
	// of it nothing is done.
	Seen time.Time `json:"seen"`
	// Before and After are the fields that change. Said and Says are what the
	// event says to people without it and with it, Moved what it said of its moves.
	Before Fields `json:"before"`
	After  Fields `json:"after"`
	Said   Facts  `json:"said,omitzero"`
	Says   Facts  `json:"says,omitzero"`
	Moved  Moved  `json:"moved,omitzero"`
	// Asks: to be published, it asks for a coordinator's approval. Approval is where
	// that stood before.
	Asks     bool     `json:"asks,omitempty"`
	Approval Approval `json:"approval,omitzero"`
	// Kept are the fields in which it keeps what is its own, by their names in the
	// JSON form.
	Kept []string `json:"kept,omitempty"`
	// Told is how many sign-ups hear of it.
	Told int `json:"told,omitempty"`
	// Refused is why it cannot be done, or was not; empty: it can, or was. Wrong are
	// the fields of CodeInvalid.
	Refused Code    `json:"refused,omitempty"`
	Wrong   []Field `json:"wrong,omitempty"`
	// Done is the Updated of the event once it was done; zero: it was not.
	Done time.Time `json:"done,omitzero"`
	// Undone: it was taken back. Stands is why it was not, although that was asked.
	Undone bool `json:"undone,omitempty"`
	Stands Code `json:"stands,omitempty"`
}

// Planned is the mark of the plan that changed an event last.
type Planned struct {
	Plan   string `json:"plan"`
	Undone bool   `json:"undone,omitempty"` // it took its change back
	// Told is when people are told of it: by then nobody can take it back, unless it
	// is Soon.
	Told time.Time `json:"told"`
	Soon bool      `json:"soon,omitempty"` // see Step.Soon
	// Sequence and At are the event's Sequence and Updated with the change.
	Sequence int       `json:"sequence"`
	At       time.Time `json:"at"`
}

// How long a plan can be undone, and when people are told of it: an undoing that
// began in the last second must be over by then.
const (
	UndoLasts = 10 * time.Minute
	planTold  = UndoLasts + time.Minute
)

// PlanLasts is how long a plan is kept, and PlanUnused how long one that nobody
// confirmed.
const (
	PlanLasts  = 30 * 24 * time.Hour
	PlanUnused = 24 * time.Hour
)

// MaxSteps is the most events that one plan changes.
const MaxSteps = 200

// Told is when people are told of a plan that was begun: of what it does to events
// that are soon, and of the rest.
func (p *Plan) Told(soon bool) time.Time {
	if soon {
		return p.Begun.Add(gatheredSoon)
	}
	return p.Begun.Add(planTold)
}

// UndoneBy is until when a plan that was begun can be undone.
func (p *Plan) UndoneBy() time.Time { return p.Begun.Add(UndoLasts) }

// Open reports whether something of it is still to be done.
func (p *Plan) Open() bool { return p.Status == PlanCarrying || p.Status == PlanUndoing }

// Changes is how many events it changes, or has changed.
func (p *Plan) Changes() (n int) {
	for i := range p.Steps {
		if p.Steps[i].Refused == "" {
			n++
		}
	}
	return n
}

// Begin confirms the plan. Confirming it again changes nothing; CodeNotPossible
// once it was undone, or when it does nothing.
func (p *Plan) Begin(now time.Time) error {
	switch p.Status {
	case PlanCarrying, PlanCarried:
		return nil
	case PlanMade:
		if p.Changes() > 0 {
			p.Status, p.Begun = PlanCarrying, Milli(now)
			return nil
		}
	}
	return Fault(CodeNotPossible)
}

// Undo asks for what was carried out to be taken back. Asking again changes
// nothing; CodeNotPossible before it was, or after UndoLasts.
func (p *Plan) Undo(now time.Time) error {
	switch p.Status {
	case PlanUndoing, PlanUndone:
		return nil
	case PlanCarried:
		if now.Before(p.UndoneBy()) {
			p.Status = PlanUndoing
			return nil
		}
	}
	return Fault(CodeNotPossible)
}

// Finish notes that all was done that was to be done.
func (p *Plan) Finish() {
	switch p.Status {
	case PlanCarrying:
		p.Status = PlanCarried
	case PlanUndoing:
		p.Status = PlanUndone
	}
}

// Mark is what the plan leaves on an event that a step has changed, or changed back.
func (p *Plan) Mark(s *Step, e *Event) Planned {
	soon := s.Soon(p.Begun)
	return Planned{Plan: p.ID, Undone: p.Status == PlanUndoing, Told: p.Told(soon), Soon: soon, Sequence: e.Sequence, At: e.Updated}
}

// soonTale is what ends the name of a tale of what is soon.
const soonTale = "/soon"

// tale names what the plan tells people in one mail: what is soon, or the rest, which
// can still be taken back when they read of that. Empty: this is told by itself.
func (m Planned) tale() string {
	switch {
	case m.Undone:
		return ""
	case m.Soon:
		return m.Plan + soonTale
	}
	return m.Plan
}

// PlanOf is the plan that a mail or a roster names by a tale of it.
func PlanOf(tale string) (plan string) { return strings.TrimSuffix(tale, soonTale) }

// Tells reports whether people are told of the step: it says something else to
// them, and the event is known and not over.
func (s *Step) Tells(now time.Time) bool {
	return s.Refused == "" && s.Said.Status != Draft && !s.Said.SaySame(s.Says) && now.Before(s.Says.Ends)
}

// Changes reports whether the step does anything.
func (s *Step) Changes() bool { return len(s.After) > 0 || s.Asks }

// planSoon is how near an event is of which people cannot wait to be told until the
// plan stands for good: they may be on their way.
const planSoon = 3 * time.Hour

// Soon reports whether people are told of the step at once, and told again if it is
// undone: at that moment it is less than three hours to the event as it was or as it
// will be, or it goes on.
func (s *Step) Soon(at time.Time) bool {
	soon := func(f Facts) bool { return f.Starts.Before(at.Add(planSoon)) && at.Before(f.Ends) }
	return soon(s.Said) || soon(s.Says)
}

// Refuse notes why a step cannot be done. What is nobody's fault but ours, and
// may pass, is no reason: that error is returned.
func (s *Step) Refuse(err error) error {
	ours, ok := errors.AsType[*Error](err)
	if !ok || ours.Code == CodeUnavailable || ours.Code == CodeInternal {
		return err
	}
	s.Refused, s.Wrong = ours.Code, ours.Fields
	return nil
}

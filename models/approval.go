package models

import "time"

// Approval is where the wish to publish an event stands, when its host wants the
// central office to have a look first. The zero value: nobody has asked. What was
// approved once is its organisers' to change.
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

// AskApproval asks the coordinators to let the event be published; again, when it
// was sent back. They are mailed at mailed; zero: at once. The errors are those of
// Validate for what is published.
func (e *Event) AskApproval(by *Organiser, now, mailed time.Time) error {
	out := *e
	out.Status = Published
	if err := out.Validate(); err != nil || e.Approval.Waits() {
		return err
	}
	e.Approval = Approval{Asked: Milli(now), By: by.ID}
	e.Errands = append(e.Errands, Errand{Kind: MailApprovalWaits, At: e.Approval.Asked, Due: mailed})
	return nil
}

// Approve is a coordinator's yes to what waits for it; whoever asked is told.
func (e *Event) Approve(now time.Time) {
	if e.Approval.Waits() {
		e.Approval.Answered, e.Approval.Given = Milli(now), true
		e.Errands = append(e.Errands, Errand{Kind: MailApprovalGiven, Organiser: e.Approval.By, At: e.Approval.Answered})
	}
}

// SendBack is a coordinator's no, with what is to be changed first; whoever asked is
// told. CodeNotPossible when nobody waits for an answer.
func (e *Event) SendBack(words string, now time.Time) error {
	if !e.Approval.Waits() {
		return Fault(CodeNotPossible)
	}
	e.Approval.Answered, e.Approval.Words = Milli(now), words
	e.PublishAt, e.PublishBy = time.Time{}, ""
	e.Errands = append(e.Errands, Errand{Kind: MailApprovalBack, Organiser: e.Approval.By, Words: words, At: e.Approval.Answered})
	return nil
}

// deed is what was done last; was is where it stood before.
func (a Approval) deed(was Approval) Deed {
	switch {
	case a.Waits():
		return DeedAskApproval
	case a.Given:
		return DeedApprove
	case a.Asked.Equal(was.Asked):
		return DeedSendBack
	}
	return DeedUnaskApproval
}

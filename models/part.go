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
	// Words are what she wrote who answered.
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

// PartRest is how long a part is left in peace after it was asked or reminded.
const PartRest = 24 * time.Hour

// AwaitsPart reports whether the organisers of a part have not said whether it
// stands.
func (e *Event) AwaitsPart() bool {
	return e.Parent != "" && e.Part.Answer == "" && e.Status != Cancelled && !e.Part.Heard.Cancelled
}

// AnswerPart is what the organisers of a part say of it, with a few words.
// CodeNotPossible for what is no part, or is off. Saying the same again changes
// nothing.
func (e *Event) AnswerPart(answer PartAnswer, words string, now time.Time) error {
	switch {
	case e.Parent == "" || e.Status == Cancelled || answer != PartStands && answer != PartOut:
		return Fault(CodeNotPossible)
	case e.Part.Answer != answer || e.Part.Words != words:
		e.Part.Answer, e.Part.Answered, e.Part.Words = answer, Milli(now), words
	}
	return nil
}

// RemindPart reminds the organisers of a part to answer, by word of from, the host of
// the whole; not twice within PartRest.
func (e *Event) RemindPart(from string, now time.Time) {
	now = Milli(now)
	if e.AwaitsPart() && now.Sub(e.Part.Asked) >= PartRest && now.Sub(e.Part.Reminded) >= PartRest {
		e.Part.Reminded = now
		e.Errands = append(e.Errands, Errand{Kind: MailPartReminder, To: e.Host, From: from, At: now})
	}
}

// HearWhole lets the organisers of a part hear that the whole has moved, and asks
// anew whether the part stands; or that it is off. What they know already, and what
// they never heard anything of, changes nothing else.
func (e *Event) HearWhole(w Whole, from string, now time.Time) {
	was := e.Part.Heard
	if e.Part.Heard = w; was == w || was == (Whole{}) || e.Status == Cancelled {
		return
	}
	r := Errand{Kind: MailPartMoved, To: e.Host, From: from, At: Milli(now)}
	switch {
	case w.Cancelled && !was.Cancelled:
		r.Kind = MailPartCancelled
	case w.Starts.Equal(was.Starts) && w.Ends.Equal(was.Ends):
		return
	default:
		e.Part.Answer, e.Part.Answered, e.Part.Words = "", time.Time{}, ""
	}
	e.Errands = append(e.Errands, r)
}

// deed is what was done to a part since it was old.
func (p Part) deed(old Part) Deed {
	switch {
	case p.Answer != old.Answer && p.Answer == PartStands:
		return DeedConfirmPart
	case p.Answer != old.Answer && p.Answer == PartOut:
		return DeedDeclinePart
	case !p.Reminded.Equal(old.Reminded):
		return DeedRemindPart
	}
	return DeedChange
}

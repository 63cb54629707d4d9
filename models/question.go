package models

import (
	"slices"
	"strings"
)

// Question is a ready question that an organiser can have asked at sign-up. There
// are three and no free ones: a form that anybody can add to soon asks for what
// nobody should keep.
type Question string

// The questions, none of which has to be answered.
const (
	AskPhone  Question = "phone"  // for when something changes the same day
	AskFood   Question = "food"   // what she cannot eat
	AskAccess Question = "access" // an interpreter, or help to get in and take part
)

// Questions are all of them, in the order in which forms have them.
func Questions() []Question { return []Question{AskPhone, AskFood, AskAccess} }

// Need reports whether an answer wants something of the hosts, which a telephone
// number does not.
func (q Question) Need() bool { return q != AskPhone }

// Answers are what somebody answered; empty: nothing. They are sealed with the
// rest of her and erased as notes are: the telephone number too, since the day for
// which it was asked is over by then.
type Answers struct {
	Phone  string `json:"phone,omitempty"`
	Food   string `json:"food,omitempty"`
	Access string `json:"access,omitempty"`
}

// To is the answer to a question.
func (a *Answers) To(q Question) *string {
	switch q {
	case AskPhone:
		return &a.Phone
	case AskFood:
		return &a.Food
	}
	return &a.Access
}

// Answered are the questions that have an answer.
func (a Answers) Answered() []Question {
	return slices.DeleteFunc(Questions(), func(q Question) bool { return *a.To(q) == "" })
}

// Trimmed are the answers without space around them.
func (a Answers) Trimmed() Answers {
	for _, q := range Questions() {
		*a.To(q) = strings.TrimSpace(*a.To(q))
	}
	return a
}

// The longest answers, in characters; and the fewest digits that can be rung.
const (
	MaxPhone    = 40
	MaxAnswer   = 300
	leastDigits = 5
)

// Check notes the answers that cannot be taken. asked are the questions that the
// event asks: what it does not want to know is not kept.
func (a Answers) Check(f *Faults, asked []Question) {
	for _, q := range Questions() {
		name, answer := "answers."+string(q), *a.To(q)
		switch {
		case answer == "":
		case !slices.Contains(asked, q):
			f.Add(name, "not-asked")
		case q != AskPhone:
			CheckText(f, name, answer, false, MaxAnswer)
		case digits(answer) < leastDigits:
			f.Add(name, "bad-phone")
		default:
			CheckLine(f, name, answer, false, MaxPhone)
		}
	}
}

func digits(s string) (n int) {
	for _, r := range s {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n
}

// checkAsk notes what an event cannot ask.
func checkAsk(f *Faults, ask []Question) {
	for _, q := range ask {
		if !slices.Contains(Questions(), q) {
			f.Add("rsvp.ask", "unknown-question", "Value", clip(string(q)), "Choices", questionChoices())
		}
	}
}

func questionChoices() string {
	var names []string
	for _, q := range Questions() {
		names = append(names, string(q))
	}
	return strings.Join(names, ", ")
}

// asked are the questions in the order of forms, each once; what is none stays, to
// be complained about.
func asked(ask []Question) []Question {
	var out []Question
	for _, q := range append(Questions(), ask...) {
		if slices.Contains(ask, q) && !slices.Contains(out, q) {
			out = append(out, q)
		}
	}
	return out
}

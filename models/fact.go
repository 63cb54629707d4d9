package models

// Fact is something that people ask first of an event.
type Fact string

// The facts that one can look for. What was not said of an event is not a no, but
// nobody who looks for it should come in vain.
const (
	DropIn       Fact = "drop-in" // just come
	FreeEntry    Fact = "free"
	WithFood     Fact = "food"
	WithChildren Fact = "children"
	StepFree     Fact = "step-free"
)

// FactChoices are all facts in the order in which they are offered.
func FactChoices() []Fact { return []Fact{DropIn, FreeEntry, WithFood, WithChildren, StepFree} }

// Holds reports whether the organiser has said that it is so of an event.
func (e *Event) Holds(f Fact) bool {
	said := func(b *bool) bool { return b != nil && *b }
	switch f {
	case DropIn:
		return !e.SignUp.Needed
	case FreeEntry:
		return e.Price != nil && *e.Price == 0
	case WithFood:
		return said(e.Food)
	case WithChildren:
		return said(e.Children)
	case StepFree:
		return said(e.Access.StepFree)
	}
	return false
}

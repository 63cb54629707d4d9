package models

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Closing is what is written of an event when it is over: how many came. The zero
// value: nobody has closed it. It stands on the event, so that whoever counts a
// city's events has it in memory; what was said there stands in Contributions.
type Closing struct {
	At time.Time `json:"at,omitzero"` // when it was closed, or last corrected
	By string    `json:"by,omitempty"`
	// Came are people, whoever counted them and however.
	Came int `json:"came,omitempty"`
	// Shown lets the public see how many came.
	Shown bool `json:"shown,omitempty"`
}

// Done reports whether somebody has closed the event.
func (c Closing) Done() bool { return !c.At.IsZero() }

// says reports whether two closings say the same, whoever said it and when.
func (c Closing) says(other Closing) bool {
	return c.Done() == other.Done() && c.Came == other.Came && c.Shown == other.Shown
}

// Close closes the event, or corrects what was written when it was. seen is when the
// newest of what the writer had before her was written: ErrChangedMeanwhile when
// somebody has written something else since. CodeNotPossible for what has not begun, or is
// off. Saying the same again changes nothing.
func (e *Event) Close(c Closing, seen, now time.Time) error {
	switch {
	case !e.Closable(now):
		return Fault(CodeNotPossible)
	case e.Closing.says(c):
		return nil
	case e.Closing.At.After(seen):
		return ErrChangedMeanwhile
	}
	c.At = later(now, e.Closing.At)
	e.Closing = c
	return nil
}

// Closable reports whether one can say how many came: the last are counted while
// the chairs are put away, so it need not be over.
func (e *Event) Closable(now time.Time) bool {
	return e.Status == Published && !now.Before(e.Starts)
}

// Unclosed reports whether the event is over and nobody has closed it.
func (e *Event) Unclosed(now time.Time) bool {
	return e.Status == Published && !now.Before(e.Ends) && !e.Closing.Done()
}

// The most contributions that are written when an event is closed, and how long
// one may be, in characters: it is to be done in a minute.
const (
	MaxContributions = 3
	MaxContribution  = 500
)

// Contribution is something that was said at an event, for the working groups that
// write about it. It names nobody.
type Contribution struct {
	Document
	Event string `json:"event"`
	// Line is its place among those of its event, from 1.
	Line int    `json:"line"`
	Text string `json:"text"`
	// Groups are the slugs of the groups that read it.
	Groups []string  `json:"groups,omitempty"`
	By     string    `json:"by"` // organiser
	At     time.Time `json:"at"` // when it was written, or last corrected
}

// SaysSame reports whether two contributions say the same to the same groups.
func (c *Contribution) SaysSame(other *Contribution) bool {
	return c.Text == other.Text && slices.Equal(c.Groups, other.Groups)
}

// CheckClosing notes what is wrong with a closing and its contributions, the
// groups being all that there are.
func CheckClosing(came int, said []Contribution, groups []string) error {
	var f Faults
	if came < 0 || came > MaxCapacity {
		f.Add("came", "out-of-range", "From", 0, "To", MaxCapacity)
	}
	for _, c := range said {
		at := fmt.Sprintf("said.%d.", c.Line)
		if c.Line < 1 || c.Line > MaxContributions {
			f.Add(at+"text", "too-many", "Max", MaxContributions)
			continue
		}
		if CheckText(&f, at+"text", c.Text, false, MaxContribution); strings.TrimSpace(c.Text) == "" {
			continue
		}
		if len(c.Groups) == 0 && len(groups) > 0 {
			f.Add(at+"groups", "required")
		}
		for _, g := range c.Groups {
			if !slices.Contains(groups, g) {
				f.Add(at+"groups", "unknown-group", "Value", clip(g))
			}
		}
	}
	return f.Err()
}

// MayReadContribution reports whether she may read what was said at an event: the
// groups that it is for may, and coordinators. Its hosts have it where they wrote
// it.
func (o *Organiser) MayReadContribution(c *Contribution) bool {
	return o != nil && (o.Role == RoleCoordinator || slices.ContainsFunc(c.Groups, o.WorksFor))
}

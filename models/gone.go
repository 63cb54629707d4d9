package models

import (
	"slices"
	"time"
)

// Gone is an event that is here and, as far as can be seen, not in its calendar
// any more.
type Gone struct {
	Event string     `json:"event"` // id
	Since time.Time  `json:"since"` // when that was first seen
	Why   GoneReason `json:"why"`
	// Word is what an organiser must say about it.
	Word Word `json:"word,omitempty"`
}

// GoneReason is why an event counts as gone.
type GoneReason string

// The reasons.
const (
	GoneMissing   GoneReason = "missing"
	GoneCancelled GoneReason = "cancelled" // the calendar says so
	GonePrivate   GoneReason = "private"   // it is marked so by now
)

// Word is what an organiser has to say, or has said, about an event that is gone.
// Empty: nobody is asked, it is waited for whether it comes back.
type Word string

// The words.
const (
	WordWanted Word = "wanted"
	WordKeep   Word = "keep" // it takes place all the same
)

// goneAfter is how long an event must be missing to be taken for cancelled.
const goneAfter = 6 * time.Hour

// Lost is an event that is not to be seen in its calendar.
type Lost struct {
	Event   string
	Why     GoneReason
	SignUps bool // somebody is coming
}

// Lose says which events are to be cancelled of those that are not to be seen in
// their calendar now. of is how many the calendar has here, they included.
//
// What is only missing must be so in two fetches six hours apart: calendars are
// moved, emptied by mistake, and sent in part. An event that people are coming
// to, one that is marked private, and more than a fifth of a calendar at once wait
// for an organiser's word. She is not asked again about what she keeps.
func (f *Follow) Lose(lost []Lost, of int, now time.Time) (cancel []string) {
	before := map[string]Gone{}
	for _, g := range f.Gone {
		before[g.Event] = g
	}
	f.Gone = nil
	open := 0
	for _, l := range lost {
		g, known := before[l.Event]
		if !known || g.Why != l.Why && g.Word == "" {
			g = Gone{Event: l.Event, Since: Milli(now), Why: l.Why}
		}
		if f.Gone = append(f.Gone, g); g.Word != WordKeep {
			open++
		}
	}
	for i := range f.Gone {
		g := &f.Gone[i]
		ripe := g.Why != GoneMissing || now.Sub(g.Since) >= goneAfter
		switch {
		case g.Word != "" || !ripe:
		case lost[i].SignUps, g.Why == GonePrivate, open*5 > of:
			g.Word = WordWanted
		default:
			cancel = append(cancel, g.Event)
		}
	}
	return cancel
}

// Say notes an organiser's word about events that wait for it; what does not wait
// is passed over.
func (f *Follow) Say(events []string, keep bool) {
	f.Gone = slices.DeleteFunc(f.Gone, func(g Gone) bool {
		return !keep && g.Word == WordWanted && slices.Contains(events, g.Event)
	})
	for i := range f.Gone {
		if g := &f.Gone[i]; g.Word == WordWanted && slices.Contains(events, g.Event) {
			g.Word = WordKeep
		}
	}
}

// Waiting are the events that wait for an organiser's word.
func (f *Follow) Waiting() []Gone {
	return slices.DeleteFunc(slices.Clone(f.Gone), func(g Gone) bool { return g.Word != WordWanted })
}

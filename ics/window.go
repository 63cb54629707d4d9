package ics

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"samling/models"
)

// The months around now that a feed shows.
const (
	MonthsBack  = 3
	MonthsAhead = 18
)

// DaysCancelled is how long a cancelled event is shown after its date: until
// then somebody may come across an old copy of it, and later it is clutter.
const DaysCancelled = 30

// Window is what feeds show at a time.
type Window struct{ now, oldest, oldestCancelled, farthest time.Time }

// WindowAt is the window around a time. Give it the last local midnight, so that
// feeds change by the clock once a day and the same way everywhere.
func WindowAt(midnight time.Time) Window {
	return Window{
		now: midnight, oldest: midnight.AddDate(0, -MonthsBack, 0),
		oldestCancelled: midnight.AddDate(0, 0, -DaysCancelled), farthest: midnight.AddDate(0, MonthsAhead, 0),
	}
}

// Since is the beginning of the window: what was over by then is not shown.
func (w Window) Since() time.Time { return w.oldest }

// Shows reports whether an event lies in the window.
func (w Window) Shows(e *models.Event) bool {
	oldest := w.oldest
	if e.Status == models.Cancelled {
		oldest = w.oldestCancelled
	}
	return e.Ends.After(oldest) && e.Starts.Before(w.farthest)
}

// Of chooses what a feed shows and puts the most important first: what is to
// come, the nearest first, then what is over, the latest first. Of more than
// MaxFeedEvents the past goes first, then the farthest. items stays as it is.
func (w Window) Of(items []Item) []Item {
	out := make([]Item, 0, len(items))
	for _, item := range items {
		if w.Shows(item.Event) {
			out = append(out, item)
		}
	}
	slices.SortStableFunc(out, func(a, b Item) int {
		pastA, pastB := !a.Event.Ends.After(w.now), !b.Event.Ends.After(w.now)
		switch {
		case pastA != pastB && pastA:
			return 1
		case pastA != pastB:
			return -1
		case pastA:
			a, b = b, a
		}
		return cmp.Or(a.Event.Starts.Compare(b.Event.Starts), strings.Compare(a.Event.ID, b.Event.ID))
	})
	return out[:min(len(out), MaxFeedEvents)]
}

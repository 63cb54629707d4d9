package ics

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// The months around now that a feed shows.
const monthsBack, monthsAhead = 3, 18

// Window chooses what a feed shows at a time and puts the most important first:
// what is to come, the nearest first, then what is over, the latest first. Of
// more than MaxFeedEvents the past goes first, then the farthest. Give it the
// last local midnight, so that a feed changes by the clock once a day and the
// same way everywhere. items stays as it is.
func Window(items []Item, now time.Time) []Item {
	oldest, farthest := now.AddDate(0, -monthsBack, 0), now.AddDate(0, monthsAhead, 0)
	out := make([]Item, 0, len(items))
	for _, item := range items {
		if item.Event.Ends.After(oldest) && item.Event.Starts.Before(farthest) {
			out = append(out, item)
		}
	}
	slices.SortStableFunc(out, func(a, b Item) int {
		pastA, pastB := !a.Event.Ends.After(now), !b.Event.Ends.After(now)
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

package handlers

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"samling/ics"
	"samling/models"
	"samling/planner"
)

// What is left out beforehand is what a feed would leave out.
func TestNearest_ChoosesAsWindow(t *testing.T) {
	random, window := rand.New(rand.NewPCG(1, 2)), ics.WindowAt(tuesday)
	for _, size := range []int{0, 10, 900, 5000} {
		var events []*planner.Listed
		for i := range size {
			starts := tuesday.Add(time.Duration(random.IntN(20_000)-8_000) * time.Hour)
			events = append(events, &planner.Listed{Event: &models.Event{
				Document: models.Document{ID: string(rune('a'+i%26)) + time.Duration(i).String()}, Starts: starts, Ends: starts.Add(time.Duration(random.IntN(100)) * time.Hour),
				Status: []models.Status{models.Published, models.Cancelled}[i%2],
			}})
		}
		slices.SortStableFunc(events, func(a, b *planner.Listed) int {
			if n := a.Starts.Compare(b.Starts); n != 0 {
				return n
			}
			return len(a.ID) - len(b.ID)
		})
		chosen := func(from []*planner.Listed) []string {
			var items []ics.Item
			for _, l := range from {
				items = append(items, ics.Item{Event: l.Event})
			}
			var ids []string
			for _, item := range window.Of(items) {
				ids = append(ids, item.Event.ID)
			}
			slices.Sort(ids)
			return ids
		}
		if got, want := chosen(nearest(events, window, tuesday)), chosen(events); !slices.Equal(got, want) {
			t.Errorf("of %d events: %d are chosen, want %d", size, len(got), len(want))
		}
	}
}

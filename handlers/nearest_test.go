package handlers

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"samling/ics"
	"samling/models"
	"samling/planner"
)

// What a feed chooses without looking at everything is what the window of
// everything is, in its order.
func TestNearest_ChoosesAsWindow(t *testing.T) {
	if testing.Short() {
		t.Skip("long: it is run whole without -short")
	}
	random, window := rand.New(rand.NewPCG(1, 2)), ics.WindowAt(tuesday)
	for _, size := range []int{0, 10, 900, 5000} {
		c := newCity(t)
		var ops []models.Op
		for i := range size {
			// Some last for months, some no time, many begin at the same hour.
			starts := tuesday.Add(time.Duration(random.IntN(20_000)-8_000) * time.Hour)
			lasts := time.Duration(random.IntN(100)) * time.Hour
			if i%50 == 0 {
				lasts *= 30
			}
			ops = append(ops, c.Planner.Store.Events.Creating(models.Event{
				Document: models.Document{ID: fmt.Sprintf("%036d", i*7919%5003)}, Slug: fmt.Sprint("event-", i), Audience: models.Public, Host: "husie",
				Kind: models.Kinds()[i%3], Starts: starts, Ends: starts.Add(lasts), Updated: tuesday,
				Status: []models.Status{models.Published, models.Cancelled, models.Published, models.Draft}[i%4],
			}))
		}
		if err := c.Planner.Store.Write(c.ctx, ops...); err != nil {
			t.Fatal(err)
		}
		if err := c.Planner.Refresh(c.ctx); err != nil {
			t.Fatal(err)
		}
		for _, filter := range []planner.Filter{{}, {Kinds: models.Kinds()[:1]}} {
			var items []ics.Item
			for _, l := range c.Planner.Catalogue().Select(filter) {
				items = append(items, ics.Item{Event: l.Event})
			}
			var got, want []string
			for _, item := range window.Of(items) {
				want = append(want, item.Event.ID)
			}
			for _, l := range nearest(c.Planner.Catalogue(), filter, tuesday) {
				got = append(got, l.ID)
			}
			if !slices.Equal(got, want) {
				t.Errorf("of %d events: %d are chosen, want %d in their order", size, len(got), len(want))
			}
		}
	}
}

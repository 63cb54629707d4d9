package planner

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"samling/models"
)

// unanswered are rosters of a store that is away: who asks waits as long as she
// has.
type unanswered struct {
	models.Collection[models.Roster]
	asked int
}

func (u *unanswered) Get(ctx context.Context, _ string) (models.Roster, error) {
	u.asked++
	<-ctx.Done()
	return models.Roster{}, ctx.Err()
}

// A list of many events is shown without a store, and hardly waits for it.
func TestSeats_StoreAway(t *testing.T) {
	c := newCity(t)
	full := c.published(1)
	if _, err := c.signUp(full, "ada", 1); err != nil {
		t.Fatal(err)
	}
	var others []models.Event
	for n := range 20 {
		e := townHall()
		e.Title = fmt.Sprint("Öppet möte ", n)
		e = must(c.CreateEvent(c.ctx, Command(), e))
		others = append(others, must(c.MoveEvent(c.ctx, Command(), e.ID, Anyway, models.Publish, "")))
	}
	direct := c.Store.Rosters
	synctest.Test(t, func(t *testing.T) {
		away := &unanswered{Collection: direct}
		c.Store.Rosters = away
		began, at := time.Now(), *c.clock
		c.Now = func() time.Time { return at.Add(2*seatsLast + time.Since(began)) }
		look := func() {
			if seats, _ := c.Seats(t.Context(), &full); seats != models.SeatsFull {
				t.Errorf("what was full is %s", seats)
			}
			for i := range others {
				if seats, _ := c.Seats(t.Context(), &others[i]); seats != models.SeatsOpen {
					t.Errorf("what nobody has asked for is %s", seats)
				}
			}
		}
		look()
		if took := time.Since(began); took > seatsWait || away.asked != 1 {
			t.Errorf("%d events were asked for, in %v", away.asked, took)
		}
		time.Sleep(seatsRest)
		look()
		if away.asked != 2 {
			t.Errorf("asked %d times, want again after a rest", away.asked)
		}
	})
	c.Store.Rosters = direct
	c.pass(time.Minute)
	c.Now = func() time.Time { return *c.clock }
	if _, counts := c.Seats(c.ctx, &full); counts.Going != 1 {
		t.Errorf("once it is back: %+v", counts)
	}
}

package demo

import (
	"context"
	"time"

	"samling/models"
	"samling/planner"
)

// series lets the association of the organiser who signs in have something that comes
// again, so that she can change one day of it, or all that follow.
func (c *City) series(ctx context.Context) error {
	untilWednesday := (int(time.Wednesday-c.midnight.Weekday())+7)%7 + 7
	e := c.evening(Host, untilWednesday, "Läxhjälp varannan onsdag", "Sitt med en stund. Vi har tid, fika och folk som kan räkna.", "Provbiblioteket")
	e.Texts = map[string]models.Text{"en": {Title: "Homework help every other Wednesday", Summary: "Sit with us for a while. We have time, something to eat and people who know their numbers."}}
	e.SignUp = models.SignUpRules{Needed: true}
	*c.Clock = c.Today.AddDate(0, 0, -6)
	by := planner.Command()
	e, err := c.Planner.CreateEvent(ctx, by, e)
	if err != nil {
		return err
	}
	if e, err = c.Planner.MoveEvent(ctx, by, e.ID, planner.Anyway, models.Publish, ""); err != nil {
		return err
	}
	again, err := c.Planner.Repeat(ctx, by, e.ID, []int{14, 28, 42, 56})
	if err != nil {
		return err
	}
	for i := range again.Events[:2] {
		if err := c.signUp(ctx, &again.Events[i], 3, *c.Clock); err != nil {
			return err
		}
	}
	return nil
}

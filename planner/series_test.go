package planner

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"samling/models"
)

// weekly is a published town hall that comes again for four more weeks, the first
// of them over the change of the clocks.
func (c *city) weekly() []models.Event {
	c.t.Helper()
	e := townHall()
	e.Starts = time.Date(2026, 3, 25, 18, 0, 0, 0, stockholm)
	e = must(c.CreateEvent(c.ctx, Command(), e))
	e = must(c.MoveEvent(c.ctx, Command(), e.ID, Anyway, models.Publish, ""))
	made := must(c.Repeat(c.ctx, Command(), e.ID, []int{7, 14, 21, 28})).Events
	return append([]models.Event{c.kept(e.ID)}, made...)
}

func TestSeries_AreRealEvents(t *testing.T) {
	c := newCity(t)
	all := c.weekly()
	for i, e := range all {
		if e.Series == "" || e.Series != all[0].Series || e.Status != models.Published || e.Host != "husie" || e.Place.Name != "Aulan" {
			t.Errorf("the %dth is %+v", i+1, e)
		}
		if got := e.Starts.In(stockholm).Format("Mon 15:04"); got != "Wed 18:00" {
			t.Errorf("the %dth begins %s", i+1, got)
		}
		must(c.signUp(e, "Ada", 1))
	}
	if n := len(c.Catalogue().Series(all[0].Series)); n != 5 {
		t.Errorf("the series has %d events", n)
	}
	must(c.Repeat(c.ctx, Command(), all[0].ID, []int{7, 14, 21, 28}))
	if n := len(c.Catalogue().Series(all[0].Series)); n != 5 {
		t.Errorf("made twice, the series has %d events", n)
	}
	must(c.ChangeEvent(c.ctx, Command(), all[1].ID, Anyway, later))
	again := must(c.Repeat(c.ctx, Command(), all[0].ID, []int{7})).Events
	if must(c.Repeat(c.ctx, Command(), all[0].ID, []int{7})); len(c.Catalogue().Series(all[0].Series)) != 6 || !again[0].Starts.Equal(all[1].Starts) {
		t.Errorf("in the place of one that was moved stands %s", again[0].Starts)
	}
	must(c.MoveEvent(c.ctx, Command(), all[1].ID, Anyway, models.Cancel, ""))
	_, err := c.Repeat(c.ctx, Command(), all[1].ID, []int{7})
	wantCode(t, "repeating what is cancelled", err, models.CodeNotPossible)
	_, err = c.Repeat(c.ctx, Command(), all[0].ID, nil)
	wantCode(t, "repeating never", err, models.CodeInvalid)
	stranger := must(c.AddOrganiser(c.ctx, models.Organiser{Email: "videdal@example.org", Role: models.RoleOrganiser, For: []string{"videdal"}}))
	_, err = c.Repeat(c.ctx, &stranger, all[0].ID, []int{35})
	wantCode(t, "repeating another's", err, models.CodeNotAllowed)
}

// TestSeries_CutOff lets the process die after each write of making a series; whoever
// got no answer presses again.
func TestSeries_CutOff(t *testing.T) {
	for writes, over := 0, false; !over && !t.Failed(); writes++ {
		t.Run(fmt.Sprint(writes), func(t *testing.T) {
			c := newCity(t)
			e := must(c.CreateEvent(c.ctx, Command(), townHall()))
			sound := c.Store
			c.restart(mortal(sound, writes))
			_, err := c.Repeat(c.ctx, Command(), e.ID, []int{7, 14, 21})
			if over = err == nil; errors.Is(err, errCrashed) {
				c.restart(sound)
				must(0, c.repair(c.ctx))
				must(c.Repeat(c.ctx, Command(), e.ID, []int{7, 14, 21}))
			}
			all := c.Catalogue().Series(c.kept(e.ID).Series)
			for i, l := range all {
				if got := models.Days(all[0].Starts, l.Starts, stockholm); got != 7*i || l.Status != models.Draft {
					t.Errorf("the %dth is %d days after the first, %s", i+1, got, l.Status)
				}
			}
			if len(all) != 4 {
				t.Errorf("there are %d", len(all))
			}
		})
	}
}

func TestSeries_ThisOneAndThoseAfter(t *testing.T) {
	c := newCity(t)
	all := c.weekly()
	must(c.ChangeEvent(c.ctx, Command(), all[3].ID, Anyway, func(e *models.Event) error { e.Place.Name = "Biblioteket"; return nil }))
	must(c.MoveEvent(c.ctx, Command(), all[4].ID, Anyway, models.Cancel, ""))
	change := Intent{What: "change", Change: func(e *models.Event) error {
		e.Place.Name = "Gården"
		return later(e)
	}}
	plan := must(c.PlanSeries(c.ctx, Command(), all[1].ID, all[1].Updated, ScopeAfter, change))
	must(c.CarryOut(c.ctx, Command(), plan.ID))
	for i, want := range []string{"18:00 Aulan", "19:00 Gården", "19:00 Gården", "19:00 Biblioteket", "18:00 Aulan"} {
		e := c.kept(all[i].ID)
		if got := e.Starts.In(stockholm).Format("15:04 ") + e.Place.Name; got != want {
			t.Errorf("the %dth is at %s, want %s", i+1, got, want)
		}
	}
	if got := plan.Steps[2].Kept; len(got) != 1 || got[0] != "place.name" {
		t.Errorf("the fourth keeps %v", got)
	}
	_, err := c.PlanSeries(c.ctx, Command(), all[1].ID, all[1].Updated, ScopeAfter, change)
	wantCode(t, "a change of what was changed meanwhile", err, models.CodeChangedMeanwhile)
}

func TestSeries_AllIsNeverWhatIsOver(t *testing.T) {
	c := newCity(t)
	all := c.weekly()
	*c.clock = all[1].Ends.Add(time.Hour)
	off := Intent{What: "cancel", Reason: "Vi lägger ner", Change: c.Moving(Command(), models.Cancel, "Vi lägger ner")}
	plan := must(c.PlanSeries(c.ctx, Command(), all[3].ID, all[3].Updated, ScopeAll, off))
	must(c.CarryOut(c.ctx, Command(), plan.ID))
	for i, want := range []models.Status{models.Published, models.Published, models.Cancelled, models.Cancelled, models.Cancelled} {
		if got := c.kept(all[i].ID).Status; got != want {
			t.Errorf("the %dth is %s, want %s", i+1, got, want)
		}
	}
	one := must(c.PlanSeries(c.ctx, Command(), all[0].ID, all[0].Updated, ScopeOne, Intent{What: "change", Change: func(e *models.Event) error { e.Summary = "x"; return nil }}))
	if len(one.Steps) != 1 {
		t.Errorf("a change of one is for %d", len(one.Steps))
	}
}

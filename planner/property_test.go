package planner

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"samling/models"
)

// TestAnyLife lets an event live through any order of sign-ups, repeats, changes
// and regrets, with the process dying anywhere in between. In the end no seat
// was sold twice, nobody waits beside a free place, everybody was told exactly
// what is true, and doing it all over changes nothing.
func TestAnyLife(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c := newCity(t)
		defer func() { _ = c.Store.Close() }()
		sound := c.Store
		e := c.published(rapid.IntRange(1, 6).Draw(r, "capacity"))
		capacity := e.Capacity
		names := []string{"Ada", "Bo", "Cem", "Dua", "Eva"}
		refused := func(err error) bool { return err != nil && models.CodeOf(err) != models.CodeInternal }

		steps := map[string]func() error{
			"sign up": func() error {
				_, err := c.signUp(e, rapid.SampledFrom(names).Draw(r, "who"), rapid.IntRange(1, 4).Draw(r, "party"))
				return err
			},
			"act": func() error {
				roster := must(sound.Rosters.Get(c.ctx, e.ID))
				if len(roster.Entries) == 0 {
					return nil
				}
				entry := rapid.SampledFrom(roster.Entries).Draw(r, "entry")
				action := rapid.SampledFrom([]models.Action{models.ActCancel, models.ActParty, models.ActConfirm, models.ActErase}).Draw(r, "action")
				return c.Act(c.ctx, entry.RSVP.String(), action, rapid.IntRange(1, 4).Draw(r, "size"))
			},
			"seats": func() error {
				want := rapid.IntRange(1, 8).Draw(r, "seats")
				_, err := c.ChangeEvent(c.ctx, Command(), e.ID, Anyway, func(e *models.Event) error { e.Capacity = want; return nil })
				if err == nil || errors.Is(err, errCrashed) {
					capacity = max(capacity, want)
				}
				return err
			},
			"move": func() error {
				_, err := c.ChangeEvent(c.ctx, Command(), e.ID, Anyway, func(e *models.Event) error {
					e.Starts, e.Ends = e.Starts.Add(time.Hour), e.Ends.Add(time.Hour)
					return nil
				})
				return err
			},
			"confirm by mail": func() error {
				on := rapid.Bool().Draw(r, "on")
				_, err := c.ChangeEvent(c.ctx, Command(), e.ID, Anyway, func(e *models.Event) error { e.SignUp.Confirm = on; return nil })
				return err
			},
			"tell":  func() error { _, err := c.TellDue(c.ctx); return err },
			"sweep": func() error { return c.Sweep(c.ctx) },
			"purge": func() error { return c.Purge(c.ctx) },
			"wait":  func() error { c.pass(time.Duration(rapid.IntRange(1, 30).Draw(r, "hours")) * time.Hour); return nil },
		}
		for range rapid.IntRange(1, 25).Draw(r, "length") {
			what := rapid.SampledFrom([]string{"sign up", "sign up", "sign up", "act", "seats", "move", "confirm by mail", "tell", "sweep", "purge", "wait"}).Draw(r, "step")
			if left := rapid.IntRange(0, 12).Draw(r, "writes"); left < 6 {
				c.restart(mortal(sound, left))
			}
			err := steps[what]()
			if err != nil && !errors.Is(err, errCrashed) && !refused(err) {
				r.Fatalf("%s: %v", what, err)
			}
			c.restart(sound)
			roster := must(sound.Rosters.Get(c.ctx, e.ID))
			if seated := roster.Counts().Seated(); seated > capacity {
				r.Fatalf("after %s: %d people in %d seats", what, seated, capacity)
			}
		}
		c.pass(10 * time.Minute) // changes are gathered
		if err := c.repair(c.ctx); err != nil {
			r.Fatal(err)
		}
		c.tell()
		now := must(sound.Events.Get(c.ctx, e.ID))
		roster := must(sound.Rosters.Get(c.ctx, e.ID))
		if roster.Facts != now.Facts() {
			r.Fatalf("the roster knows %+v, the event is %+v", roster.Facts, now.Facts())
		}
		if now.Starts.Add(-2 * time.Hour).After(*c.clock) {
			free := now.Capacity - roster.Counts().Seated()
			for _, entry := range roster.Entries {
				if entry.State == models.Waiting && entry.Party <= free {
					r.Fatalf("a party of %d waits beside %d free seats", entry.Party, free)
				}
			}
		}
		if now.Ends.After(*c.clock) {
			if left := roster.Tellings(*c.clock, 10); len(left) > 0 {
				r.Fatalf("not told: %+v", left)
			}
		}
		wantList(t, "mails when all of it is done again", c.tell())
		if t.Failed() {
			r.FailNow()
		}
	})
}

package planner

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"samling/models"
)

// evenings are that many published town halls, a week apart, the first at the
// given time.
func (c *city) evenings(number int, first time.Time) []models.Event {
	c.t.Helper()
	var out []models.Event
	for i := range number {
		e := townHall()
		e.Starts = first.AddDate(0, 0, 7*i)
		e.Title = fmt.Sprintf("Kväll %d", i+1)
		e = must(c.CreateEvent(c.ctx, Command(), e))
		out = append(out, must(c.MoveEvent(c.ctx, Command(), e.ID, Anyway, models.Publish, "")))
	}
	return out
}

func ids(events []models.Event) (out []string) {
	for _, e := range events {
		out = append(out, e.ID)
	}
	return out
}

// later moves an event by an hour.
func later(e *models.Event) error {
	e.Starts, e.Ends = e.Starts.Add(time.Hour), e.Ends.Add(time.Hour)
	return nil
}

func (c *city) kept(id string) models.Event {
	c.t.Helper()
	return must(c.Store.Events.Get(c.ctx, id))
}

// planned is a plan to move events by an hour, with people at them.
func (c *city) planned(events []models.Event) models.Plan {
	c.t.Helper()
	must(c.signUp(events[0], "Ada", 2))
	must(c.signUp(events[1], "Ada", 1))
	must(c.signUp(events[1], "Bo", 1))
	must(c.SignUp(c.ctx, events[1].ID, models.SignUp{Name: "Cem", Party: 3}, Command())) // without an address
	c.tell()
	return must(c.MakePlan(c.ctx, Command(), Intent{What: "move", Events: ids(events), Change: later}))
}

func TestPlan_SaysWhatItWillDo(t *testing.T) {
	c := newCity(t)
	events := c.evenings(3, tuesday.AddDate(0, 0, 10))
	plan := c.planned(events)
	if got := [...]int{plan.Changes(), plan.People, plan.Mails, plan.Unreached}; got != [...]int{3, 6, 2, 3} {
		t.Errorf("events, people, mails and people without an address: %v, want 3 6 2 3: Ada with one, Bo, and Cem with two", got)
	}
	if s := plan.Steps[1]; s.Told != 2 || len(s.After) != 2 || s.After["starts"] == nil || s.After["ends"] == nil {
		t.Errorf("what happens to the second: %d are told, fields %v", s.Told, s.After)
	}
	for _, e := range events {
		if now := c.kept(e.ID); !now.Starts.Equal(e.Starts) || now.Revision != e.Revision {
			t.Errorf("%s was changed by a plan that nobody has confirmed", e.Title)
		}
	}
	stranger := must(c.AddOrganiser(c.ctx, models.Organiser{Email: "videdal@example.org", Role: models.RoleOrganiser, For: []string{"videdal"}}))
	if _, err := c.Plan(c.ctx, &stranger, plan.ID); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("another's plan: %v, want not found", err)
	}
	if _, err := c.CarryOut(c.ctx, &stranger, plan.ID); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("carrying out another's plan: %v, want not found", err)
	}
	other := must(c.MakePlan(c.ctx, &stranger, Intent{What: "move", Events: ids(events[:1]), Change: later}))
	if got := other.Steps[0].Refused; got != models.CodeNotAllowed || other.Changes() != 0 {
		t.Errorf("an event that is not hers: refused with %q, %d changes", got, other.Changes())
	}
	_, err := c.CarryOut(c.ctx, &stranger, other.ID)
	wantCode(t, "a plan that does nothing", err, models.CodeNotPossible)
	wrong := must(c.MakePlan(c.ctx, Command(), Intent{What: "move", Events: ids(events[:1]), Change: func(e *models.Event) error { e.Title = ""; return nil }}))
	if s := wrong.Steps[0]; s.Refused != models.CodeInvalid || len(s.Wrong) != 1 || s.Wrong[0].Name != "title" {
		t.Errorf("a change that cannot be: %q %v", s.Refused, s.Wrong)
	}
	nothing := must(c.MakePlan(c.ctx, Command(), Intent{What: "move", Events: ids(events), Change: func(*models.Event) error { return nil }}))
	if len(nothing.Steps) != 0 {
		t.Errorf("a change that changes nothing has %d steps", len(nothing.Steps))
	}
	_, err = c.MakePlan(c.ctx, Command(), Intent{What: "move", Change: later})
	wantCode(t, "a plan without events", err, models.CodeInvalid)
}

func TestPlan_CarriedOut(t *testing.T) {
	c := newCity(t)
	events := c.evenings(3, tuesday.AddDate(0, 0, 10))
	plan := c.planned(events)
	must(c.ChangeEvent(c.ctx, Command(), events[2].ID, Anyway, func(e *models.Event) error { e.Summary = "Ta med kaffe"; return nil }))
	done := must(c.CarryOut(c.ctx, Command(), plan.ID))
	if done.Status != models.PlanCarried || done.Changes() != 2 || done.Steps[2].Refused != models.CodeChangedMeanwhile {
		t.Errorf("it is %s, has changed %d, and says %q of what was changed meanwhile", done.Status, done.Changes(), done.Steps[2].Refused)
	}
	for i, want := range []time.Duration{time.Hour, time.Hour, 0} {
		if got := c.kept(events[i].ID).Starts.Sub(events[i].Starts); got != want {
			t.Errorf("event %d was moved by %v, want %v", i, got, want)
		}
	}
	again := must(c.CarryOut(c.ctx, Command(), plan.ID))
	if got := c.kept(events[0].ID).Starts.Sub(events[0].Starts); got != time.Hour || again.Begun != done.Begun {
		t.Errorf("confirmed twice, it is moved by %v", got)
	}
	c.pass(models.UndoLasts)
	wantList(t, "mails while it can be undone", c.tell())
	_, err := c.UndoPlan(c.ctx, Command(), plan.ID)
	wantCode(t, "undoing after ten minutes", err, models.CodeNotPossible)
	c.pass(time.Minute)
	wantList(t, "mails after that", c.tell(), "changed:Ada", "changed:Ada", "changed:Bo")
	for _, m := range c.outbox() {
		if (m.Kind == models.MailChanged) != (m.Plan == plan.ID) {
			t.Errorf("a mail of kind %s has the plan %q", m.Kind, m.Plan)
		}
	}
}

func TestPlan_Undone(t *testing.T) {
	c := newCity(t)
	// The first is so near that an ordinary change is told within a minute.
	events := c.evenings(3, tuesday.Add(20*time.Hour))
	plan := c.planned(events)
	_, err := c.UndoPlan(c.ctx, Command(), plan.ID)
	wantCode(t, "undoing what was not done", err, models.CodeNotPossible)
	must(c.CarryOut(c.ctx, Command(), plan.ID))
	c.pass(5 * time.Minute)
	wantList(t, "mails meanwhile", c.tell())
	must(c.ChangeEvent(c.ctx, Command(), events[2].ID, Anyway, func(e *models.Event) error { e.Summary = "Ta med kaffe"; return nil }))
	undone := must(c.UndoPlan(c.ctx, Command(), plan.ID))
	undone = must(c.UndoPlan(c.ctx, Command(), undone.ID))
	if undone.Status != models.PlanUndone || !undone.Steps[0].Undone || !undone.Steps[1].Undone || undone.Steps[2].Stands != models.CodeChangedMeanwhile {
		t.Errorf("it is %s: %+v", undone.Status, undone.Steps)
	}
	for i, want := range []time.Duration{0, 0, time.Hour} {
		now := c.kept(events[i].ID)
		if got := now.Starts.Sub(events[i].Starts); got != want {
			t.Errorf("event %d is moved by %v, want %v", i, got, want)
		}
		if i < 2 && now.Moved != (models.Moved{}) {
			t.Errorf("event %d is marked as moved: %+v", i, now.Moved)
		}
	}
	c.pass(30 * time.Minute)
	wantList(t, "mails", c.tell())
	_, err = c.CarryOut(c.ctx, Command(), plan.ID)
	wantCode(t, "carrying out what was undone", err, models.CodeNotPossible)
}

// TestPlan_Soon changes events of which some begin within hours, before or after: their
// people cannot wait until the plan stands for good.
func TestPlan_Soon(t *testing.T) {
	for _, tc := range []struct {
		name         string
		starts       [2]time.Duration // from now
		change       func(*city) func(*models.Event) error
		mails        int
		atOnce, rest []string
		undone       []string // mails when it is undone in between
	}{
		{
			"moved", [2]time.Duration{2 * time.Hour, 8 * time.Hour}, func(*city) func(*models.Event) error { return later },
			3, []string{"changed:Ada"}, []string{"changed:Ada", "changed:Bo"}, []string{"changed:Ada"},
		},
		{
			"moved to soon", [2]time.Duration{8 * time.Hour, 26 * time.Hour}, func(*city) func(*models.Event) error {
				return func(e *models.Event) error { return e.Move(0, -6*time.Hour) }
			},
			3, []string{"changed:Ada"}, []string{"changed:Ada", "changed:Bo"}, []string{"changed:Ada"},
		},
		{
			"all of them cancelled", [2]time.Duration{time.Hour, 2 * time.Hour}, func(c *city) func(*models.Event) error {
				return c.Moving(Command(), models.Cancel, "Regn")
			},
			2, []string{"cancelled:Ada", "cancelled:Ada", "cancelled:Bo"}, nil, []string{"changed:Ada", "changed:Ada", "changed:Bo"},
		},
		{
			"going on already", [2]time.Duration{-time.Hour, 8 * time.Hour}, func(c *city) func(*models.Event) error {
				return c.Moving(Command(), models.Cancel, "Regn")
			},
			3, []string{"cancelled:Ada"}, []string{"cancelled:Ada", "cancelled:Bo"}, []string{"changed:Ada"},
		},
		{
			"none", [2]time.Duration{4 * time.Hour, 8 * time.Hour}, func(*city) func(*models.Event) error { return later },
			2, nil, []string{"changed:Ada", "changed:Ada", "changed:Bo"}, nil,
		},
	} {
		for _, undone := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/undone %v", tc.name, undone), func(t *testing.T) {
				c := newCity(t)
				var events []models.Event
				for _, after := range tc.starts {
					events = append(events, c.evenings(1, tuesday.Add(2*time.Hour+after))[0])
				}
				must(c.signUp(events[0], "Ada", 2))
				must(c.signUp(events[1], "Ada", 1))
				must(c.signUp(events[1], "Bo", 1))
				c.tell()
				c.pass(2 * time.Hour)
				c.tell() // reminders
				plan := must(c.MakePlan(c.ctx, Command(), Intent{What: "move", Events: ids(events), Change: tc.change(c)}))
				if plan.Mails != tc.mails {
					t.Errorf("it says %d mails, want %d", plan.Mails, tc.mails)
				}
				// Whoever reads of what is soon reads of nothing that can still be undone.
				told := func(what string, want ...string) {
					wantList(t, what, c.tell(), want...)
					tales := map[string]int{}
					for _, m := range c.outbox() {
						if m.Plan != "" && c.nameOf(m) == "Ada" {
							tales[m.Plan]++
						}
					}
					for tale, mails := range tales {
						if all := must(c.Planned(c.ctx, tale, "Ada@example.org")); len(all) != mails {
							t.Errorf("%s: her mail tells of %d events, and takes the place of %d", what, len(all), mails)
						}
					}
				}
				must(c.CarryOut(c.ctx, Command(), plan.ID))
				c.pass(time.Minute)
				told("at once", tc.atOnce...)
				if !undone {
					c.pass(models.UndoLasts)
					told("the rest", tc.rest...)
					return
				}
				c.pass(time.Minute)
				must(c.UndoPlan(c.ctx, Command(), plan.ID))
				c.pass(20 * time.Minute)
				wantList(t, "that it is as it was", c.tell(), tc.undone...)
				for _, e := range events {
					if now := c.kept(e.ID); !now.Starts.Equal(e.Starts) || now.Status != models.Published {
						t.Errorf("%s is %s and begins at %v", e.Title, now.Status, now.Starts)
					}
				}
			})
		}
	}
}

func TestPlan_UndoneLife(t *testing.T) {
	c := newCity(t)
	events := c.evenings(2, tuesday.AddDate(0, 0, 10))
	must(c.signUp(events[0], "Ada", 1))
	c.tell()
	off := must(c.MakePlan(c.ctx, Command(), Intent{What: "cancel", Events: ids(events), Change: c.Moving(Command(), models.Cancel, "Regn")}))
	must(c.CarryOut(c.ctx, Command(), off.ID))
	if got := c.kept(events[0].ID); got.Status != models.Cancelled || got.Reason != "Regn" {
		t.Errorf("it is %s: %s", got.Status, got.Reason)
	}
	must(c.UndoPlan(c.ctx, Command(), off.ID))
	if got := c.kept(events[0].ID); got.Status != models.Published || got.Reason != "" {
		t.Errorf("undone, it is %s: %s", got.Status, got.Reason)
	}
	c.pass(time.Hour)
	wantList(t, "mails", c.tell())
	wantList(t, "the list", c.places(events[0]), "Ada:going")

	var drafts []string
	for range 2 {
		drafts = append(drafts, must(c.CreateEvent(c.ctx, Command(), townHall())).ID)
	}
	out := must(c.MakePlan(c.ctx, Command(), Intent{What: "publish", Events: drafts, Change: c.Moving(Command(), models.Publish, "")}))
	must(c.CarryOut(c.ctx, Command(), out.ID))
	must(c.signUp(c.kept(drafts[1]), "Bo", 1))
	undone := must(c.UndoPlan(c.ctx, Command(), out.ID))
	if undone.Steps[0].Stands != "" || undone.Steps[1].Stands != models.CodeNotPossible {
		t.Errorf("what stands: %q and %q, want the one with people alone", undone.Steps[0].Stands, undone.Steps[1].Stands)
	}
	if a, b := c.kept(drafts[0]).Status, c.kept(drafts[1]).Status; a != models.Draft || b != models.Published {
		t.Errorf("they are %s and %s", a, b)
	}
}

// TestPlan_CutOff lets the process die after each write of carrying out a plan and
// of undoing it: the loop finishes both, once.
func TestPlan_CutOff(t *testing.T) {
	for writes := 0; ; writes++ {
		over := false
		t.Run(fmt.Sprint(writes), func(t *testing.T) {
			c := newCity(t)
			events := c.evenings(3, tuesday.AddDate(0, 0, 10))
			plan, sound := c.planned(events), c.Store
			crashed := 0
			try := func(turn func() error) {
				err := turn()
				if errors.Is(err, errCrashed) {
					crashed++
					c.restart(sound)
					must(0, c.repair(c.ctx))
					c.pass(time.Minute)
					must(0, c.CarryOn(c.ctx))
					err = turn() // whoever got no answer presses again
				}
				must(0, err)
			}
			c.restart(mortal(sound, writes))
			try(func() error { _, err := c.CarryOut(c.ctx, Command(), plan.ID); return err })
			for i, e := range events {
				now := c.kept(e.ID)
				if got := now.Starts.Sub(e.Starts); got != time.Hour || now.Sequence != e.Sequence+1 {
					t.Errorf("event %d is moved by %v in %d steps", i, got, now.Sequence-e.Sequence)
				}
			}
			c.restart(sound)
			wantList(t, "mails", c.tell())
			if crashed == 0 {
				c.restart(mortal(sound, writes))
			}
			try(func() error { _, err := c.UndoPlan(c.ctx, Command(), plan.ID); return err })
			for i, e := range events {
				if now := c.kept(e.ID); !now.Starts.Equal(e.Starts) || now.Moved != e.Moved {
					t.Errorf("undone, event %d begins at %v instead of %v, %+v", i, now.Starts, e.Starts, now.Moved)
				}
			}
			c.restart(sound)
			c.pass(time.Hour)
			wantList(t, "mails in the end", c.tell())
			over = crashed == 0
		})
		if over || t.Failed() {
			return
		}
		if writes > 100 {
			t.Fatal("it never ends")
		}
	}
}

func TestPlan_Swept(t *testing.T) {
	c := newCity(t)
	events := c.evenings(1, tuesday.AddDate(0, 0, 10))
	unused := must(c.MakePlan(c.ctx, Command(), Intent{What: "move", Events: ids(events), Change: later}))
	used := must(c.MakePlan(c.ctx, Command(), Intent{What: "move", Events: ids(events), Change: later}))
	must(c.CarryOut(c.ctx, Command(), used.ID))
	for _, at := range []struct {
		after time.Duration
		want  string
	}{{0, "both"}, {models.PlanUnused + time.Second, "used"}, {models.PlanLasts, ""}} {
		c.pass(at.after)
		must(0, c.CarryOn(c.ctx))
		_, errUnused := c.Store.Plans.Get(c.ctx, unused.ID)
		_, errUsed := c.Store.Plans.Get(c.ctx, used.ID)
		if got := map[[2]bool]string{{true, true}: "both", {false, true}: "used"}[[2]bool{errUnused == nil, errUsed == nil}]; got != at.want {
			t.Errorf("after %v there are %q, want %q", at.after, got, at.want)
		}
	}
}

package planner

import (
	"testing"
	"time"

	"samling/models"
)

// asking is an event that asks everything, with Ada, who has answered, on its list.
func asking(t *testing.T) (c *city, e models.Event, ada string) {
	c = newCity(t)
	e = c.published(10)
	e = must(c.ChangeEvent(c.ctx, Command(), e.ID, Anyway, func(e *models.Event) error { e.SignUp.Ask = models.Questions(); return nil }))
	ask := models.SignUp{Name: "Ada", Email: "ada@example.org", Answers: answers, Party: 1, Consent: true, Language: "sv"}
	must(c.SignUp(c.ctx, e.ID, ask, nil))
	return c, e, c.rsvpOf(e, "Ada")
}

func (c *city) needs(e models.Event) int {
	a := must(c.Attendance(c.ctx, nil, e.ID, "test", false))
	return a.Needs()
}

func TestSeeTo_UntilSheSaysSomethingElse(t *testing.T) {
	c, e, ada := asking(t)
	rsvp := must(c.Store.RSVPs.Get(c.ctx, ada))
	said := rsvp.LastSaid()
	tick := func(said time.Time, done bool, want models.Code, needs int) {
		t.Helper()
		for range 2 { // repeating changes nothing
			if err := c.SeeTo(c.ctx, Command(), e.ID, ada, said, done); models.CodeOf(err) != want {
				t.Errorf("ticked as %v: %v, want %q", done, err, want)
			}
		}
		if n := c.needs(e); n != needs {
			t.Errorf("%d need something, want %d", n, needs)
		}
	}
	tick(said, true, "", 0)
	tick(said, false, "", 1)
	tick(said, true, "", 0)

	c.pass(time.Minute)
	if err := c.Answer(c.ctx, ada, "", answers); err != nil {
		t.Fatal(err)
	}
	if n := c.needs(e); n != 0 {
		t.Error("the same said again is to be seen to again")
	}
	if err := c.Answer(c.ctx, ada, "", models.Answers{Access: "Rullstol"}); err != nil {
		t.Fatal(err)
	}
	// What is on an old page was not about this.
	tick(said, true, models.CodeChangedMeanwhile, 1)
	if p, _ := c.person(ada); p.Name != "Ada" || p.Email != "ada@example.org" || p.Answers != (models.Answers{Access: "Rullstol"}) {
		t.Errorf("she is %+v", p)
	}
	if err := c.Answer(c.ctx, ada, "", models.Answers{Phone: "070-123 45 67"}); err != nil {
		t.Fatal(err)
	}
	if n := c.needs(e); n != 0 {
		t.Error("a telephone number is a need")
	}
	if err := c.SeeTo(c.ctx, videdal(), e.ID, ada, said, true); models.CodeOf(err) != models.CodeNotAllowed {
		t.Errorf("another association's organiser: %v", err)
	}
}

// What is no longer asked can be taken back, and nothing new said to it.
func TestAnswer_OnlyWhatIsAsked(t *testing.T) {
	c, e, ada := asking(t)
	must(c.ChangeEvent(c.ctx, Command(), e.ID, Anyway, func(e *models.Event) error { e.SignUp.Ask = nil; return nil }))
	if a := must(c.Attendance(c.ctx, nil, e.ID, "test", false)); len(a.Asked) != 3 {
		t.Errorf("the answers that there are should still be shown, of %v", a.Asked)
	}
	for _, step := range []struct {
		answers models.Answers
		want    models.Code
	}{
		{models.Answers{Food: "Allt"}, ""}, {models.Answers{Food: "Allt", Phone: "0701234567"}, models.CodeInvalid}, {models.Answers{}, ""}, {models.Answers{Food: "Allt"}, models.CodeInvalid},
	} {
		if err := c.Answer(c.ctx, ada, "", step.answers); models.CodeOf(err) != step.want {
			t.Errorf("%+v: %v, want %q", step.answers, err, step.want)
		}
	}
	if err := c.Answer(c.ctx, ada, "Hej", models.Answers{}); err != nil {
		t.Errorf("the note is no question: %v", err)
	}
}

func TestAnswer_NotWhenItIsTooLate(t *testing.T) {
	for name, s := range map[string]struct {
		change func(*city, models.Event, string) error
		want   models.Code
	}{
		"she left": {func(c *city, _ models.Event, ada string) error { return c.Act(c.ctx, ada, models.ActCancel, 0) }, models.CodeNotPossible},
		"erased":   {func(c *city, _ models.Event, ada string) error { return c.Act(c.ctx, ada, models.ActErase, 0) }, models.CodeGone},
		"over":     {func(c *city, e models.Event, _ string) error { c.at(e.Ends); return nil }, models.CodePast},
		"cancelled": {func(c *city, e models.Event, _ string) error {
			_, err := c.MoveEvent(c.ctx, Command(), e.ID, Anyway, models.Cancel, "")
			return err
		}, models.CodeCancelled},
	} {
		t.Run(name, func(t *testing.T) {
			c, e, ada := asking(t)
			if err := s.change(c, e, ada); err != nil {
				t.Fatal(err)
			}
			before := must(c.Store.RSVPs.Get(c.ctx, ada))
			if err := c.Answer(c.ctx, ada, "Hej", models.Answers{}); models.CodeOf(err) != s.want {
				t.Errorf("%v, want %q", err, s.want)
			}
			if after := must(c.Store.RSVPs.Get(c.ctx, ada)); after.Revision != before.Revision {
				t.Error("something was written")
			}
		})
	}
}

package planner

import (
	"testing"

	"samling/models"
)

func TestGuard_TellsThoseWhomItConcerns(t *testing.T) {
	c := newCity(t)
	e := c.published(3)
	for _, name := range []string{"Ada", "Bo", "Cem"} {
		must(c.signUp(e, name, 1))
	}
	must(c.signUp(e, "Dua", 1))
	c.tell()
	if err := c.RemoveAttendees(c.ctx, Command(), e.ID, []string{c.rsvpOf(e, "Bo"), "nonsense"}, true); err != nil {
		t.Fatal(err)
	}
	wantList(t, "mails after taking one off", c.tell(), "promoted:Dua", "regret:Bo")
	if err := c.RequireConfirm(c.ctx, Command(), e.ID); err != nil {
		t.Fatal(err)
	}
	wantList(t, "mails after asking to confirm", c.tell(), "confirm:Ada", "confirm:Cem", "confirm:Dua")
	if err := c.PauseSignUp(c.ctx, Command(), e.ID, true); err != nil {
		t.Fatal(err)
	}
	_, err := c.signUp(e, "Eva", 1)
	wantCode(t, "signing up while it is paused", err, models.CodePaused)

	stranger := &models.Organiser{Document: models.Document{ID: "o2"}, Role: models.RoleOrganiser, For: []string{"videdal"}}
	for name, err := range map[string]error{
		"pauses":  c.PauseSignUp(c.ctx, stranger, e.ID, false),
		"asks":    c.RequireConfirm(c.ctx, stranger, e.ID),
		"removes": c.RemoveAttendees(c.ctx, stranger, e.ID, []string{c.rsvpOf(e, "Ada")}, false),
	} {
		wantCode(t, "another association "+name, err, models.CodeNotAllowed)
	}
	wantCode(t, "nobody is chosen", c.RemoveAttendees(c.ctx, Command(), e.ID, nil, false), models.CodeInvalid)
}

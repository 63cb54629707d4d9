package planner

import (
	"testing"
	"time"

	"samling/models"
)

func TestSession_Lasts(t *testing.T) {
	c := newCity(t)
	for name, with := range map[string]struct {
		Browser
		lasts time.Duration
	}{
		"her own":     {Browser{Own: true}, models.SessionLasts},
		"a library's": {Browser{}, models.VisitLasts},
	} {
		secret := must(c.SpendSignIn(c.ctx, must(c.CreateSignIn(c.ctx, c.organiser().ID, time.Hour)), with.Browser))
		c.pass(with.lasts - time.Millisecond)
		if _, err := c.BySession(c.ctx, secret); err != nil {
			t.Errorf("%s ends too early: %v", name, err)
		}
		c.pass(time.Millisecond)
		_, err := c.BySession(c.ctx, secret)
		wantCode(t, name, err, models.CodeNotSignedIn)
	}
	c.entered(c.organiser(), Browser{})
	if n := must(c.Store.Sessions.Count(c.ctx, models.Query{})); n != 1 {
		t.Errorf("%d sessions are kept, those that have run out too", n)
	}
}

// That a session is used is written down once an hour, and not at every page.
func TestSession_Seen(t *testing.T) {
	c := newCity(t)
	secret := must(c.SpendSignIn(c.ctx, must(c.CreateSignIn(c.ctx, c.organiser().ID, time.Hour)), Browser{Name: "Firefox, Windows"}))
	began := *c.clock
	for after, want := range map[time.Duration]time.Time{time.Minute: began, 59 * time.Minute: began} {
		*c.clock = began.Add(after)
		if s := must(c.BySession(c.ctx, secret)).Session; !s.LastSeen().Equal(want) {
			t.Errorf("after %v it was seen at %v", after, s.LastSeen())
		}
	}
	*c.clock = began.Add(time.Hour)
	if s := must(c.BySession(c.ctx, secret)).Session; !s.LastSeen().Equal(*c.clock) || s.Browser != "Firefox, Windows" {
		t.Errorf("after an hour: %+v", s)
	}
}

func TestSession_NewBrowserIsMailed(t *testing.T) {
	c := newCity(t)
	o := c.organiser()
	mark := c.MarkBrowser(o.ID)
	others := c.MarkBrowser(must(c.AddOrganiser(c.ctx, models.Organiser{Email: "other@example.org", Role: models.RoleCoordinator})).ID)
	for _, step := range []struct {
		name string
		mark string
		want int
	}{
		{"the first of all", "", 0},
		{"a second one", "", 1},
		{"one that she has used", mark, 1},
		{"one that another has used", others, 2},
		{"one that claims to be known", "x" + mark, 3},
	} {
		c.entered(o, Browser{Name: "Firefox", Mark: step.mark})
		if n := c.mailed()[models.MailNewBrowser]; n != step.want {
			t.Errorf("%s: %d mails, want %d", step.name, n, step.want)
		}
	}
}

func TestSessions_EndedByHer(t *testing.T) {
	c := newCity(t)
	o := c.organiser()
	first, second, third := c.entered(o, Browser{}), c.entered(o, Browser{}), c.entered(o, Browser{})
	other := must(c.AddOrganiser(c.ctx, models.Organiser{Email: "other@example.org", Role: models.RoleCoordinator}))
	wantCode(t, "another's", c.EndSession(c.ctx, &other, first.Session.ID), models.CodeNotFound)
	must(0, c.EndSession(c.ctx, &o, first.Session.ID))
	if left := must(c.Sessions(c.ctx, &o)); len(left) != 2 {
		t.Errorf("%d are left", len(left))
	}
	must(0, c.EndOthers(c.ctx, second))
	if left := must(c.Sessions(c.ctx, &o)); len(left) != 1 || left[0].ID != second.Session.ID {
		t.Errorf("left: %+v, not %s (and %s)", left, second.Session.ID, third.Session.ID)
	}
}

func TestToken_Scopes(t *testing.T) {
	c := newCity(t)
	o := c.organiser()
	for _, bad := range []struct {
		name  string
		lasts time.Duration
		scope []models.Scope
	}{
		{"", time.Hour, models.Scopes()}, {"no scope", time.Hour, nil}, {"unknown scope", time.Hour, []models.Scope{"all"}},
		{"no time", 0, models.Scopes()}, {"too long", models.TokenLasts + time.Hour, models.Scopes()},
	} {
		_, err := c.CreateToken(c.ctx, o.ID, bad.name, bad.lasts, bad.scope...)
		wantCode(t, bad.name, err, models.CodeInvalid)
	}
	for _, has := range models.Scopes() {
		token := must(c.CreateToken(c.ctx, o.ID, string(has), time.Hour, has))
		for _, asked := range models.Scopes() {
			_, err := c.ByToken(c.ctx, token, asked)
			want := models.Code("")
			if asked != has && asked != models.ScopeReadEvents {
				want = models.CodeNotInScope
			}
			if models.CodeOf(err) != want {
				t.Errorf("%s, asked for %s: %v", has, asked, err)
			}
		}
	}
	if n := c.mailed()[models.MailTokenMade]; n != len(models.Scopes()) {
		t.Errorf("%d mails", n)
	}
	all := must(c.Tokens(c.ctx, &o))
	if len(all) != 4 || !all[0].Used.Equal(*c.clock) {
		t.Errorf("tokens: %+v", all)
	}
	other := must(c.AddOrganiser(c.ctx, models.Organiser{Email: "other@example.org", Role: models.RoleCoordinator}))
	wantCode(t, "another's", c.RevokeToken(c.ctx, &other, all[0].ID), models.CodeNotFound)
	must(0, c.RevokeToken(c.ctx, &o, all[0].ID))
	if left := must(c.Tokens(c.ctx, &o)); len(left) != 3 {
		t.Errorf("%d are left", len(left))
	}
	c.pass(time.Hour)
	if left := must(c.Tokens(c.ctx, &o)); len(left) != 0 {
		t.Errorf("%d that have run out are shown", len(left))
	}
}

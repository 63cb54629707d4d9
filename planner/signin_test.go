package planner

import (
	"testing"
	"time"

	"samling/models"
)

func (c *city) organiser() models.Organiser {
	c.t.Helper()
	return must(c.AddOrganiser(c.ctx, models.Organiser{Email: "Org@Example.org", Role: models.RoleOrganiser, For: []string{"husie"}}))
}

func TestAddOrganiser(t *testing.T) {
	c := newCity(t)
	o := c.organiser()
	again := must(c.AddOrganiser(c.ctx, models.Organiser{Email: "org@example.org", Role: models.RoleOrganiser, For: []string{"videdal"}}))
	if again.ID != o.ID || len(again.For) != 2 {
		t.Errorf("adding a known address: %+v", again)
	}
	for name, bad := range map[string]models.Organiser{
		"unknown association": {Email: "a@example.org", Role: models.RoleOrganiser, For: []string{"nowhere"}},
		"no association":      {Email: "a@example.org", Role: models.RoleOrganiser},
		"no address":          {Role: models.RoleCoordinator},
		"unknown role":        {Email: "a@example.org", Role: "king"},
	} {
		_, err := c.AddOrganiser(c.ctx, bad)
		wantCode(t, name, err, models.CodeInvalid)
	}
}

func TestToken(t *testing.T) {
	c := newCity(t)
	o := c.organiser()
	token := must(c.CreateToken(c.ctx, o.ID, "test", models.TokenLasts, models.Scopes()...))
	got, err := c.ByToken(c.ctx, token, models.ScopeReadEvents)
	if err != nil || got.ID != o.ID {
		t.Fatalf("by token: %+v, %v", got, err)
	}
	for _, wrong := range []string{"", "x", token + "x", token[:len(token)-1]} {
		_, err := c.ByToken(c.ctx, wrong, models.ScopeReadEvents)
		wantCode(t, "token "+wrong, err, models.CodeNotSignedIn)
	}
	c.pass(models.TokenLasts)
	_, err = c.ByToken(c.ctx, token, models.ScopeReadEvents)
	wantCode(t, "a token that has run out", err, models.CodeNotSignedIn)
}

func TestSignIn_ByLink(t *testing.T) {
	c := newCity(t)
	o := c.organiser()
	link := must(c.CreateSignIn(c.ctx, o.ID, models.SignInLasts))
	if _, got, err := c.SignIn(c.ctx, link); err != nil || got.ID != o.ID {
		t.Fatalf("looking at the link: %v, %v", got.ID, err)
	}
	secret := must(c.SpendSignIn(c.ctx, link, Browser{Own: true}))
	if got, err := c.BySession(c.ctx, secret); err != nil || got.ID != o.ID {
		t.Errorf("by session: %v, %v", got, err)
	}
	_, err := c.SpendSignIn(c.ctx, link, Browser{Own: true})
	wantCode(t, "spending it twice", err, models.CodeNotSignedIn)
	if err := c.SignOut(c.ctx, secret); err != nil {
		t.Fatal(err)
	}
	_, err = c.BySession(c.ctx, secret)
	wantCode(t, "after signing out", err, models.CodeNotSignedIn)

	late := must(c.CreateSignIn(c.ctx, o.ID, models.SignInLasts))
	c.pass(models.SignInLasts)
	_, err = c.SpendSignIn(c.ctx, late, Browser{Own: true})
	wantCode(t, "a link that has run out", err, models.CodeNotSignedIn)
}

func TestSignIn_ByCode(t *testing.T) {
	c := newCity(t)
	o := c.organiser()
	must(c.CreateSignIn(c.ctx, o.ID, models.InvitationLasts)) // an invitation that she never used
	if err := c.RequestSignIn(c.ctx, "ORG@example.org "); err != nil {
		t.Fatal(err)
	}
	if err := c.RequestSignIn(c.ctx, "nobody@example.org"); err != nil {
		t.Errorf("an address that nobody has: %v", err)
	}
	mails := c.outbox()
	if len(mails) != 1 || mails[0].Kind != models.MailSignIn {
		t.Fatalf("outbox %+v", mails)
	}
	code := c.vault.Code(SignInPurpose, mails[0].SignIn)
	secret, err := c.SpendCode(c.ctx, "org@example.org", code, Browser{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.BySession(c.ctx, secret); err != nil {
		t.Error(err)
	}
	_, err = c.SpendCode(c.ctx, "org@example.org", code, Browser{})
	wantCode(t, "the same code again", err, models.CodeNotSignedIn)
}

func TestSignIn_FiveWrongCodes(t *testing.T) {
	c := newCity(t)
	o := c.organiser()
	link := must(c.CreateSignIn(c.ctx, o.ID, time.Hour))
	s, _, err := c.SignIn(c.ctx, link)
	if err != nil {
		t.Fatal(err)
	}
	for range models.SignInTries {
		_, err := c.SpendCode(c.ctx, o.Email, "wrong", Browser{})
		wantCode(t, "a wrong code", err, models.CodeNotSignedIn)
	}
	_, err = c.SpendCode(c.ctx, o.Email, c.vault.Code(SignInPurpose, s.ID), Browser{})
	wantCode(t, "the right code after five wrong ones", err, models.CodeNotSignedIn)
	_, err = c.SpendSignIn(c.ctx, link, Browser{Own: true})
	wantCode(t, "the link after five wrong codes", err, models.CodeNotSignedIn)
}

package planner

import (
	"slices"
	"testing"
	"time"

	"samling/models"
)

// office is a coordinator who is signed in, and her session.
func (c *city) office(email string) (*models.Organiser, string) {
	c.t.Helper()
	o := must(c.AddOrganiser(c.ctx, models.Organiser{Email: email, Role: models.RoleCoordinator}))
	secret := must(c.SpendSignIn(c.ctx, must(c.CreateSignIn(c.ctx, o.ID, time.Hour)), Browser{Own: true}))
	return must(c.BySession(c.ctx, secret)).Organiser, secret
}

// toOrganisers are the mails of a kind, by the addresses that they go to.
func (c *city) toOrganisers(kind models.MailKind) []string {
	c.t.Helper()
	var out []string
	for _, m := range c.outbox() {
		if m.Kind == kind {
			out = append(out, must(c.Store.Organisers.Get(c.ctx, m.Organiser)).Email)
		}
	}
	slices.Sort(out)
	return out
}

func TestOrganisers_InviteAndRemove(t *testing.T) {
	c := newCity(t)
	office, _ := c.office("office@example.org")
	o := must(c.InviteOrganiser(c.ctx, office, models.Organiser{Email: "New@Example.org", Role: models.RoleOrganiser, For: []string{"husie"}, Language: "en"}))
	if got := c.toOrganisers(models.MailInvited); !slices.Equal(got, []string{"new@example.org"}) {
		t.Fatalf("invited: %v", got)
	}
	mail := c.outbox()[0]
	if got := mail.Until.Sub(*c.clock); got != models.InvitationLasts || mail.About.Hosts[0] != "Husies förening" {
		t.Errorf("the invitation lasts %v and names %v", got, mail.About.Hosts)
	}
	c.pass(13 * 24 * time.Hour)
	secret := must(c.SpendSignIn(c.ctx, c.Keys.Vault().Token(SignInPurpose, mail.SignIn), Browser{Own: true}))
	token := must(c.CreateToken(c.ctx, o.ID, "test", models.TokenLasts, models.Scopes()...))
	if now := must(c.Organiser(c.ctx, office, o.ID)); !now.SignedIn.Equal(*c.clock) || now.Invited.IsZero() {
		t.Errorf("signed in %v, invited %v", now.SignedIn, now.Invited)
	}
	_, err := c.InviteOrganiser(c.ctx, office, models.Organiser{Email: "new@example.org", Role: models.RoleCoordinator})
	wantCode(t, "inviting her again as something else", err, models.CodeInvalid)

	if err := c.RemoveOrganiser(c.ctx, office, o.ID); err != nil {
		t.Fatal(err)
	}
	_, err = c.BySession(c.ctx, secret)
	wantCode(t, "her session", err, models.CodeNotSignedIn)
	_, err = c.ByToken(c.ctx, token, models.ScopeReadEvents)
	wantCode(t, "her token", err, models.CodeNotSignedIn)
	if was := must(c.Store.Formers.Get(c.ctx, o.ID)); was.Email != "new@example.org" {
		t.Errorf("the log would call her %q", was.Email)
	}
}

func TestOrganisers_ForCoordinatorsAlone(t *testing.T) {
	c := newCity(t)
	o := c.organiser()
	ctx := c.ctx
	for name, do := range map[string]func() error{
		"list":   func() error { _, err := c.Organisers(ctx, &o); return err },
		"one":    func() error { _, err := c.Organiser(ctx, &o, o.ID); return err },
		"invite": func() error { _, err := c.InviteOrganiser(ctx, &o, o); return err },
		"again":  func() error { return c.InviteAgain(ctx, &o, Anyway, o.ID) },
		"change": func() error { _, err := c.ChangeOrganiser(ctx, &o, Anyway, o); return err },
		"remove": func() error { return c.RemoveOrganiser(ctx, &o, o.ID) },
		"renew":  func() error { return c.RenewOrganiser(ctx, &o, o.ID) },
		"all":    func() error { _, err := c.RenewAll(ctx, &o, "husie"); return err },
	} {
		t.Run(name, func(t *testing.T) { wantCode(t, name, do(), models.CodeNotFound) })
	}
}

func TestOrganisers_NobodyLocksTheOfficeOut(t *testing.T) {
	c := newCity(t)
	office, _ := c.office("office@example.org")
	wantCode(t, "removing herself", c.RemoveOrganiser(c.ctx, office, office.ID), models.CodeInvalid)
	less := *office
	less.Role, less.For = models.RoleOrganiser, []string{"husie"}
	_, err := c.ChangeOrganiser(c.ctx, office, office.Updated, less)
	wantCode(t, "making herself less", err, models.CodeInvalid)

	// Two who remove each other at once: the first has gone when the second acts.
	other, _ := c.office("other@example.org")
	if err := c.RemoveOrganiser(c.ctx, other, office.ID); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "removing the last", c.RemoveOrganiser(c.ctx, office, other.ID), models.CodeNotPossible)
	less = *other
	less.Role, less.For = models.RoleOrganiser, []string{"husie"}
	_, err = c.ChangeOrganiser(c.ctx, office, other.Updated, less)
	wantCode(t, "making the last less", err, models.CodeNotPossible)
	if now := must(c.Store.Organisers.Get(c.ctx, other.ID)); now.Role != models.RoleCoordinator {
		t.Errorf("she is %q", now.Role)
	}
}

func TestOrganisers_ChangedMeanwhile(t *testing.T) {
	c := newCity(t)
	office, _ := c.office("office@example.org")
	o := c.organiser()
	one := o
	one.Name = "Anna"
	if _, err := c.ChangeOrganiser(c.ctx, office, o.Updated, one); err != nil {
		t.Fatal(err)
	}
	two := o
	two.Name = "Annika"
	kept, err := c.ChangeOrganiser(c.ctx, office, o.Updated, two)
	wantCode(t, "the second", err, models.CodeChangedMeanwhile)
	if kept.Name != "Anna" {
		t.Errorf("what is kept is given back as %q", kept.Name)
	}
	if _, err := c.ChangeOrganiser(c.ctx, office, kept.Updated, two); err != nil {
		t.Errorf("having seen it: %v", err)
	}
}

func TestOrganisers_AccessLapses(t *testing.T) {
	c := newCity(t)
	office, _ := c.office("office@example.org")
	o := c.organiser()
	secret := must(c.SpendSignIn(c.ctx, must(c.CreateSignIn(c.ctx, o.ID, time.Hour)), Browser{Own: true}))
	token := must(c.CreateToken(c.ctx, o.ID, "test", models.TokenLasts, models.Scopes()...))
	warn := func(name string, hers, theirs int) {
		t.Helper()
		for range 2 { // what was said is not said again
			if err := c.WarnOfLapse(c.ctx); err != nil {
				t.Fatal(err)
			}
		}
		if got := len(c.toOrganisers(models.MailLapsing)); got != hers {
			t.Errorf("%s: %d mails to those it is about, want %d", name, got, hers)
		}
		if got := len(c.toOrganisers(models.MailLapses)); got != theirs {
			t.Errorf("%s: %d mails to coordinators, want %d", name, got, theirs)
		}
	}
	at := func(before time.Duration) { *c.clock = o.Lapses().Add(-before) }
	day := 24 * time.Hour
	at(31 * day)
	warn("long before", 0, 0)
	at(30 * day)
	warn("30 days before", 2, 1) // the coordinator's own, too
	at(8 * day)
	if err := c.RenewOrganiser(c.ctx, office, office.ID); err != nil {
		t.Fatal(err)
	}
	at(7 * day)
	warn("7 days before", 3, 2)

	at(0)
	_, err := c.BySession(c.ctx, secret)
	wantCode(t, "her session", err, models.CodeNotSignedIn)
	_, err = c.ByToken(c.ctx, token, models.ScopeReadEvents)
	wantCode(t, "her token", err, models.CodeNotSignedIn)
	if err := c.RequestSignIn(c.ctx, o.Email); err != nil {
		t.Fatal(err)
	}
	if got := c.toOrganisers(models.MailLapsed); len(got) != 1 {
		t.Errorf("she asked to sign in and was told %v", got)
	}
	if n := must(c.RenewAll(c.ctx, office, "husie")); n != 0 {
		t.Errorf("renewing all of husie brought %d back", n)
	}
	wantCode(t, "inviting somebody whose access has lapsed", c.InviteAgain(c.ctx, office, o.Invited, o.ID), models.CodeNotPossible)
	if err := c.RenewOrganiser(c.ctx, office, o.ID); err != nil {
		t.Fatal(err)
	}
	link := must(c.SpendSignIn(c.ctx, must(c.CreateSignIn(c.ctx, o.ID, time.Hour)), Browser{Own: true}))
	if _, err := c.BySession(c.ctx, link); err != nil {
		t.Errorf("renewed: %v", err)
	}
}

// Accounts of an older program have no date. They do not lapse on the day of the
// upgrade, however old they are.
func TestOrganisers_OlderAccountsBeginATerm(t *testing.T) {
	c := newCity(t)
	o := c.organiser()
	must(c.Store.Organisers.Update(c.ctx, o.ID, func(o *models.Organiser) error { o.Renewed = time.Time{}; return nil }))
	c.pass(3 * 365 * 24 * time.Hour)
	secret := must(c.SpendSignIn(c.ctx, must(c.CreateSignIn(c.ctx, o.ID, time.Hour)), Browser{Own: true}))
	if _, err := c.BySession(c.ctx, secret); err != nil {
		t.Fatalf("she cannot sign in: %v", err)
	}
	if err := c.WarnOfLapse(c.ctx); err != nil {
		t.Fatal(err)
	}
	if now := must(c.Store.Organisers.Get(c.ctx, o.ID)); !now.Renewed.Equal(*c.clock) {
		t.Errorf("her term began %v", now.Renewed)
	}
}

package planner

import (
	"slices"
	"testing"

	"samling/models"
)

// works adds somebody who works for associations; none: a coordinator.
func (c *city) works(email string, works ...string) *models.Organiser {
	c.t.Helper()
	role := models.RoleOrganiser
	if len(works) == 0 {
		role = models.RoleCoordinator
	}
	o := must(c.AddOrganiser(c.ctx, models.Organiser{Email: email, Role: role, For: works}))
	return &o
}

// errandsRun are the mails to organisers so far, each as kind:address.
func (c *city) errandsRun() (out []string) {
	c.t.Helper()
	for _, m := range c.outbox() {
		if m.Organiser != "" && m.Kind != models.MailInvited {
			out = append(out, string(m.Kind)+":"+must(c.Store.Organisers.Get(c.ctx, m.Organiser)).Email)
		}
	}
	slices.Sort(out)
	return out
}

func TestInvite_UntilTheAnswer(t *testing.T) {
	c := newCity(t)
	husie, videdal := c.works("husie@example.org", "husie"), c.works("videdal@example.org", "videdal")
	c.works("also@example.org", "videdal", "klimat")
	lapsed := c.works("lapsed@example.org", "videdal")
	must(c.Store.Organisers.Update(c.ctx, lapsed.ID, func(o *models.Organiser) error { o.Renew(c.Now().AddDate(-2, 0, 0)); return nil }))
	e := c.published(10)
	must(c.signUp(e, "Ada", 2))

	must(c.Invite(c.ctx, husie, e.ID, "videdal"))
	must(c.Invite(c.ctx, husie, e.ID, "videdal")) // pressed twice
	if got := c.errandsRun(); !slices.Equal(got, []string{"co-host-asked:also@example.org", "co-host-asked:videdal@example.org"}) {
		t.Errorf("mailed %v", got)
	}
	cat := c.Catalogue()
	if got := cat.Select(Filter{Associations: []string{"videdal"}}); len(got) != 0 {
		t.Error("the public sees who has not answered")
	}
	if _, err := c.Attendance(c.ctx, videdal, e.ID, "page", false); models.CodeOf(err) != models.CodeNotAllowed {
		t.Errorf("whoever is only asked reads the list: %v", err)
	}
	if len(cat.Invitations(videdal)) != 1 || len(cat.Invitations(husie)) != 0 {
		t.Error("the wrong ones are asked")
	}

	must(c.AnswerInvitation(c.ctx, videdal, e.ID, "videdal", true, "Gärna!"))
	if got := c.Catalogue().Select(Filter{Associations: []string{"videdal"}}); len(got) != 1 {
		t.Error("it is not in the co-host's calendar")
	}
	must(c.signUp(e, "Bo", 1))
	list := must(c.Attendance(c.ctx, videdal, e.ID, "page", false))
	if list.Counts.Going != 3 || list.Attendees[0].Person.Name != "" || list.Attendees[1].Person.Name != "Bo" {
		t.Errorf("the co-host sees %+v of %+v", list.Attendees, list.Counts)
	}
	if got := must(c.Attendance(c.ctx, husie, e.ID, "page", false)); got.Attendees[0].Person.Name != "Ada" || got.Counts != list.Counts {
		t.Errorf("the host sees %+v", got.Attendees)
	}
	if got := c.errandsRun(); !slices.Contains(got, "co-host-accepted:husie@example.org") {
		t.Errorf("mailed %v", got)
	}
	if kept := must(c.Store.Events.Get(c.ctx, e.ID)); len(kept.Errands) != 0 {
		t.Errorf("errands are left: %v", kept.Errands)
	}

	if _, err := c.AnswerInvitation(c.ctx, videdal, e.ID, "videdal", false, ""); models.CodeOf(err) != models.CodeNotPossible {
		t.Errorf("a no after a yes: %v", err)
	}
	must(c.RemoveCoHost(c.ctx, videdal, e.ID, "videdal", "Vi hinner inte."))
	if _, err := c.Attendance(c.ctx, videdal, e.ID, "page", false); models.CodeOf(err) != models.CodeNotAllowed {
		t.Errorf("whoever has left reads the list: %v", err)
	}
	if got := c.errandsRun(); !slices.Contains(got, "co-host-left:husie@example.org") || slices.Contains(got, "co-host-removed:videdal@example.org") {
		t.Errorf("mailed %v", got)
	}
}

func TestInvite_WhoMay(t *testing.T) {
	c := newCity(t)
	husie, videdal, both, office := c.works("husie@example.org", "husie"), c.works("videdal@example.org", "videdal"), c.works("both@example.org", "husie", "videdal"), c.works("office@example.org")
	draft := must(c.CreateEvent(c.ctx, husie, townHall()))
	for name, try := range map[string]struct {
		do   func() error
		want models.Code
	}{
		"invite oneself to a draft of others": {func() error { _, err := c.Invite(c.ctx, videdal, draft.ID, "videdal"); return err }, models.CodeNotFound},
		"answer without having been asked":    {func() error { _, err := c.AnswerInvitation(c.ctx, videdal, draft.ID, "videdal", true, ""); return err }, models.CodeNotFound},
		"see it without having been asked":    {func() error { _, err := c.Invited(c.ctx, videdal, draft.ID); return err }, models.CodeNotFound},
		"invite nobody":                       {func() error { _, err := c.Invite(c.ctx, husie, draft.ID, ""); return err }, models.CodeInvalid},
		"invite who does not exist":           {func() error { _, err := c.Invite(c.ctx, husie, draft.ID, "nowhere"); return err }, models.CodeInvalid},
		"invite the host":                     {func() error { _, err := c.Invite(c.ctx, husie, draft.ID, "husie"); return err }, models.CodeInvalid},
		"withdraw what nobody was asked":      {func() error { _, err := c.Withdraw(c.ctx, husie, draft.ID, "videdal"); return err }, ""},
		"words without end":                   {func() error { return checkWords(string(make([]byte, 2000))) }, models.CodeInvalid},
	} {
		if err := try.do(); models.CodeOf(err) != try.want {
			t.Errorf("%s: %v, want %q", name, err, try.want)
		}
	}

	must(c.Invite(c.ctx, husie, draft.ID, "videdal"))
	if got := must(c.Invited(c.ctx, videdal, draft.ID)); got.ID != draft.ID {
		t.Error("whoever is asked does not see what about")
	}
	if _, err := c.Editable(c.ctx, videdal, draft.ID); models.CodeOf(err) != models.CodeNotFound {
		t.Errorf("whoever is asked edits the draft: %v", err)
	}
	if _, err := c.AnswerInvitation(c.ctx, husie, draft.ID, "videdal", true, ""); models.CodeOf(err) != models.CodeNotAllowed {
		t.Errorf("the host says yes for them: %v", err)
	}
	must(c.Withdraw(c.ctx, husie, draft.ID, "videdal"))
	if _, err := c.AnswerInvitation(c.ctx, videdal, draft.ID, "videdal", true, ""); models.CodeOf(err) != models.CodeNotFound {
		t.Errorf("a withdrawn invitation is answered: %v", err)
	}

	if e := must(c.Invite(c.ctx, both, draft.ID, "videdal")); !slices.Equal(e.CoHosts, []string{"videdal"}) {
		t.Errorf("who works for both asks herself: %+v", e.Invited)
	}
	_, err := c.ChangeEvent(c.ctx, videdal, draft.ID, Anyway, func(e *models.Event) error { e.Host, e.CoHosts = "videdal", nil; return nil })
	if models.CodeOf(err) != models.CodeNotAllowed {
		t.Errorf("a co-host pushes the host out: %v", err)
	}
	must(c.RemoveCoHost(c.ctx, husie, draft.ID, "videdal", ""))
	if e := must(c.Invite(c.ctx, office, draft.ID, "videdal")); !slices.Equal(e.CoHosts, []string{"videdal"}) {
		t.Errorf("a coordinator asks: %+v", e.Invited)
	}
	if got := c.errandsRun(); !slices.Contains(got, "co-host-removed:videdal@example.org") {
		t.Errorf("mailed %v", got)
	}
}

// A crash between an invitation and its mail loses and doubles nothing.
func TestErrands_AfterACrash(t *testing.T) {
	c := newCity(t)
	husie := c.works("husie@example.org", "husie")
	c.works("videdal@example.org", "videdal")
	e := c.published(10)
	must(c.Store.Events.Update(c.ctx, e.ID, func(e *models.Event) error {
		was := *e
		e.CoHosts = []string{"videdal"}
		e.TakeHosts(husie, &was, *c.clock)
		e.Updated = *c.clock
		return nil
	}))
	kept := must(c.Store.Events.Get(c.ctx, e.ID))
	if len(kept.Errands) != 1 || len(c.errandsRun()) != 0 {
		t.Fatalf("errands %v", kept.Errands)
	}
	mails := must(c.errandMails(c.ctx, &kept)) // the mail was written, and the process died
	must(0, c.Store.Mails.Create(c.ctx, mails[0]))
	c.restart(c.Store)
	for range 2 {
		must(0, c.repair(c.ctx))
	}
	if got := c.errandsRun(); !slices.Equal(got, []string{"co-host-asked:videdal@example.org"}) {
		t.Errorf("mailed %v", got)
	}
	if kept := must(c.Store.Events.Get(c.ctx, e.ID)); len(kept.Errands) != 0 || len(c.Catalogue().byID[e.ID].Errands) != 0 {
		t.Errorf("errands are left: %v", kept.Errands)
	}
}

// Mail is no place for where a protected event is.
func TestErrands_Protected(t *testing.T) {
	c := newCity(t)
	husie := c.works("husie@example.org", "husie")
	c.works("videdal@example.org", "videdal")
	e := townHall()
	e.SignUp.Protected = true
	e = must(c.CreateEvent(c.ctx, husie, e))
	must(c.Invite(c.ctx, husie, e.ID, "videdal"))
	for _, m := range c.outbox() {
		if m.Is.Place != "" || m.About.Place != (models.Place{}) {
			t.Errorf("the mail says where: %+v", m)
		}
	}
}

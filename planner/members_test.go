package planner

import (
	"errors"
	"testing"
	"time"

	"samling/models"
)

// members is a published event of husie and videdal that only members may know of.
func (c *city) members() models.Event {
	c.t.Helper()
	e := townHall()
	e.Audience, e.CoHosts, e.Title = models.Members, []string{"videdal"}, "Årsmöte"
	e = must(c.CreateEvent(c.ctx, Command(), e))
	return must(c.MoveEvent(c.ctx, Command(), e.ID, Anyway, models.Publish, ""))
}

// secret is that of an association's members' link as it is now.
func (c *city) secret(slug string) string {
	a := must(c.Catalogue().Association(slug))
	return c.AssociationSecret(&a)
}

func (c *city) opens(secret string) (n int) {
	pass, err := c.ByMembersLink(secret)
	if errors.Is(err, models.ErrNotFound) {
		return -1
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return len(c.Catalogue().Select(Filter{Pass: pass}))
}

func TestMembersLink_OpensWhatItIsFor(t *testing.T) {
	c := newCity(t)
	must(c.ImportAssociations(c.ctx, []Row[models.Association]{
		{2, models.Association{Document: models.Document{ID: "staden"}, Name: "Staden", Central: true}},
		{3, models.Association{Document: models.Document{ID: "almgarden"}, Name: "Almgårdens förening", District: "oster"}},
	}))
	e := c.members()
	c.published(0) // husie's, for all
	for name, l := range map[string]struct {
		secret string
		want   int
	}{
		"the host's": {c.secret("husie"), 2}, "the co-host's": {c.secret("videdal"), 1}, "the central office's": {c.secret("staden"), 2},
		"another association's": {c.secret("almgarden"), 0}, "the event's own": {c.EventSecret(&e), 1},
		"an id alone": {e.ID, -1}, "nothing": {"", -1}, "a sign-up's token": {c.Keys.Vault().Token(ManagePurpose, e.ID), -1},
		"a slug": {"husie", -1}, "one of another city": {newCity(t).secret("husie"), -1},
	} {
		if got := c.opens(l.secret); got != l.want {
			t.Errorf("%s opens %d events, want %d", name, got, l.want)
		}
	}
	if got := len(c.Catalogue().Select(Filter{})); got != 1 {
		t.Errorf("the public sees %d events", got)
	}
	for name, pass := range map[string]*models.Pass{"nobody's": nil, "another's": {Association: "almgarden"}} {
		if _, err := c.SignUp(c.ctx, e.Slug, models.SignUp{Name: "Ada", Email: "ada@example.org", Party: 1, Consent: true, Pass: pass}, nil); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("signed up with %s pass: %v", name, err)
		}
	}
	if _, err := c.SignUp(c.ctx, e.Slug, models.SignUp{Name: "Ada", Email: "ada@example.org", Party: 1, Consent: true, Pass: must(c.ByMembersLink(c.secret("videdal")))}, nil); err != nil {
		t.Errorf("not signed up with the co-host's: %v", err)
	}
}

func TestMembersLink_MadeAnewEndsTheOneBefore(t *testing.T) {
	c, there := newCity(t), newCity(t)
	there.vault = c.vault
	there.restart(c.Store) // another instance on the same store
	e := c.members()
	must(0, there.Refresh(c.ctx))
	own, husie, videdal := c.EventSecret(&e), c.secret("husie"), c.secret("videdal")
	public := must(c.Catalogue().Association("husie")).Updated

	stranger := &models.Organiser{Document: models.Document{ID: "stranger"}, Role: models.RoleOrganiser, For: []string{"almgarden"}}
	if err := c.RenewAssociationLink(c.ctx, stranger, "husie", time.Time{}); models.CodeOf(err) != models.CodeNotAllowed {
		t.Errorf("a stranger gave husie a new link: %v", err)
	}
	if err := c.RenewEventLink(c.ctx, stranger, e.ID, time.Time{}); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a stranger gave the event a new link: %v", err)
	}
	if c.opens(own) != 1 || c.opens(husie) != 1 {
		t.Error("they opened nothing before: the test proves nothing")
	}
	c.pass(time.Hour)
	friend := &models.Organiser{Document: models.Document{ID: "friend"}, Role: models.RoleOrganiser, For: []string{"videdal", "husie"}}
	for range 2 { // as when a form is sent twice
		must(0, c.RenewAssociationLink(c.ctx, friend, "husie", time.Time{}))
		must(0, c.RenewEventLink(c.ctx, friend, e.ID, time.Time{}))
		c.pass(time.Minute)
	}
	e = *must(c.Catalogue().Event(e.ID)).Event
	if there.opens(own) != 1 || there.opens(husie) != 1 {
		t.Error("the other instance knew without having looked: the test proves nothing")
	}
	must(0, there.Refresh(c.ctx))
	for name, at := range map[string]*city{"where it was made": c, "elsewhere": there} {
		if at.opens(own) != -1 || at.opens(husie) != -1 {
			t.Errorf("%s, an old link still opens something", name)
		}
		if at.opens(at.EventSecret(&e)) != 1 || at.opens(at.secret("husie")) != 1 || at.opens(videdal) != 1 {
			t.Errorf("%s, a new link or another's opens nothing", name)
		}
	}
	if a := must(c.Catalogue().Association("husie")); !a.Updated.Equal(public) || a.Link.By != "friend" || !a.Link.Made.Equal(tuesday.Add(time.Hour)) || !e.Link.Made.Equal(a.Link.Made) {
		t.Errorf("the association is %+v, the event's link %+v", a, e.Link)
	}
	// An import knows nothing of links.
	now := c.secret("husie")
	must(c.ImportAssociations(c.ctx, []Row[models.Association]{
		{2, models.Association{Document: models.Document{ID: "husie"}, Name: "Husies nya förening", District: "oster"}},
	}))
	if c.opens(husie) != -1 || c.opens(now) != 1 {
		t.Error("an import brought an old link back")
	}
}

// Nobody can tell from what is public that there is something for members.
func TestMembersEvent_LeavesNoTrace(t *testing.T) {
	c := newCity(t)
	hidden := c.members()
	e := townHall()
	e.Title = "Årsmöte"
	if e = must(c.CreateEvent(c.ctx, Command(), e)); e.Slug != "arsmote" {
		t.Errorf("a public event with the same title got the address %q", e.Slug)
	}
	other := &models.Organiser{Role: models.RoleOrganiser, For: []string{"almgarden", "klimat"}}
	part := townHall()
	part.Host, part.Parent = "klimat", hidden.Slug
	_, with := c.CreateEvent(c.ctx, other, part)
	part.Parent = "finns-inte"
	_, without := c.CreateEvent(c.ctx, other, part)
	if models.CodeOf(with) != models.CodeInvalid || with.Error() != without.Error() {
		t.Errorf("as a part of it: %v; of nothing: %v", with, without)
	}
	// Another of its hosts made it a part of something that this one does not see.
	part.Parent, part.CoHosts = hidden.Slug, []string{"husie"}
	part = must(c.CreateEvent(c.ctx, Command(), part))
	if _, err := c.ChangeEvent(c.ctx, other, part.ID, Anyway, func(e *models.Event) error { e.Summary = "Nytt"; return nil }); err != nil {
		t.Errorf("she cannot change anything else: %v", err)
	}
}

// The mails of a members' event know its link, without who made it.
func TestMembersEvent_MailsKnowItsLink(t *testing.T) {
	c := newCity(t)
	e, public := c.members(), c.published(0)
	must(0, c.RenewEventLink(c.ctx, Command(), e.ID, time.Time{}))
	e = *must(c.Catalogue().Event(e.ID)).Event
	ada := models.SignUp{Name: "Ada", Email: "ada@example.org", Party: 1, Consent: true, Pass: &models.Pass{Association: "husie"}}
	must(c.SignUp(c.ctx, e.ID, ada, nil))
	must(c.SignUp(c.ctx, public.ID, ada, nil))
	must(c.TellDue(c.ctx))
	told := 0
	for m, err := range c.Store.Mails.List(c.ctx, models.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		told++
		switch link := m.About.Link; {
		case m.Event == public.ID && link != nil:
			t.Errorf("a public event's mail has the link %+v", link)
		case m.Event == e.ID && (link == nil || *link != (models.Link{Made: e.Link.Made})):
			t.Errorf("a members' event's mail has the link %+v, the event %+v", link, e.Link)
		}
	}
	if told != 2 {
		t.Errorf("%d mails", told)
	}
}

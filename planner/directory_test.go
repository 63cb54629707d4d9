package planner

import (
	"testing"
	"time"

	"samling/models"
)

func TestHosts_AddChangeClose(t *testing.T) {
	c := newCity(t)
	h := must(c.AddHost(c.ctx, Command(), Host{Name: " Östra gårdens förening ", District: "oster"}))
	if h.Slug != "ostra-gardens-forening" || h.Name != "Östra gårdens förening" || h.Order != 3 {
		t.Errorf("added: %q %q, order %d", h.Slug, h.Name, h.Order)
	}
	for name, bad := range map[string]Host{
		"a slug that is taken":            {Name: "Husie igen", Slug: "husie", District: "oster"},
		"a group's slug":                  {Name: "Klimat", District: "oster"},
		"an association's slug, as group": {Name: "Husie", Group: true},
		"no district":                     {Name: "Ingenstans"},
		"a district that there is not":    {Name: "Ingenstans", District: "vaster"},
		"no name":                         {Slug: "namnlos", District: "oster"},
		"a slug that is none":             {Name: "Å", Slug: "Å Ä", District: "oster"},
		"an address that is none":         {Name: "Post", District: "oster", Email: "post"},
	} {
		_, err := c.AddHost(c.ctx, Command(), bad)
		wantCode(t, name, err, models.CodeInvalid)
	}

	two := h
	two.Name, two.Approval = "Östra gården", true
	changed := must(c.ChangeHost(c.ctx, Command(), h.Updated, two))
	if !c.Catalogue().Approves(h.Slug) || c.Catalogue().HostName(h.Slug, "sv") != "Östra gården" {
		t.Errorf("changed: %+v", changed)
	}
	kept, err := c.ChangeHost(c.ctx, Command(), h.Updated.Add(-time.Second), h)
	wantCode(t, "seen before that", err, models.CodeChangedMeanwhile)
	if kept.Name != "Östra gården" {
		t.Errorf("what is kept is given back as %q", kept.Name)
	}

	draft := townHall()
	draft.Host = h.Slug
	draft = must(c.CreateEvent(c.ctx, Command(), draft))
	if err := c.CloseHost(c.ctx, Command(), h.Slug, true); err != nil {
		t.Fatal(err)
	}
	another := townHall()
	another.Host = h.Slug
	_, err = c.CreateEvent(c.ctx, Command(), another)
	wantCode(t, "a new event of what is closed", err, models.CodeInvalid)
	if _, err := c.MoveEvent(c.ctx, Command(), draft.ID, Anyway, models.Publish, ""); err != nil {
		t.Errorf("what was begun before: %v", err)
	}
	// A file that names it says nothing of what the office decided.
	must(c.ImportAssociations(c.ctx, []Row[models.Association]{{2, models.Association{Document: models.Document{ID: h.Slug}, Name: "Östra", District: "oster"}}}))
	if c.Catalogue().IsOpen(h.Slug) || !c.Catalogue().Approves(h.Slug) {
		t.Error("an import opened it again")
	}
	if err := c.CloseHost(c.ctx, Command(), h.Slug, false); err != nil {
		t.Fatal(err)
	}
	if _, err := c.CreateEvent(c.ctx, Command(), another); err != nil {
		t.Errorf("opened again: %v", err)
	}
}

func TestHosts_ForCoordinatorsAlone(t *testing.T) {
	c := newCity(t)
	o := c.organiser()
	for name, do := range map[string]func() error{
		"standings": func() error { _, err := c.Standings(c.ctx, &o); return err },
		"add":       func() error { _, err := c.AddHost(c.ctx, &o, Host{Name: "X", Group: true}); return err },
		"change":    func() error { _, err := c.ChangeHost(c.ctx, &o, Anyway, Host{Slug: "husie"}); return err },
		"close":     func() error { return c.CloseHost(c.ctx, &o, "husie", true) },
	} {
		t.Run(name, func(t *testing.T) { wantCode(t, name, do(), models.CodeNotFound) })
	}
}

func TestStandings(t *testing.T) {
	c := newCity(t)
	c.organiser()
	e := c.published(0)
	shared := townHall()
	shared.CoHosts = []string{"videdal"}
	must(c.CreateEvent(c.ctx, Command(), shared))
	of := func(slug string) Standing {
		t.Helper()
		for _, s := range must(c.Standings(c.ctx, Command())) {
			if s.Slug == slug {
				return s
			}
		}
		t.Fatalf("there is no %s", slug)
		return Standing{}
	}
	husie := of("husie")
	if husie.Organisers != 1 || husie.Coming != 1 || husie.Drafts != 1 || !husie.Next.Equal(e.Starts) || !husie.Last.IsZero() || husie.Unclosed != 0 {
		t.Errorf("husie before: %+v", husie)
	}
	if videdal := of("videdal"); videdal.Coming != 0 || videdal.Drafts != 1 {
		t.Errorf("videdal before: %+v", videdal)
	}
	*c.clock = e.Ends
	if husie := of("husie"); husie.Coming != 0 || husie.Unclosed != 1 || !husie.Last.Equal(e.Starts) {
		t.Errorf("husie after: %+v", husie)
	}
	c.pass(lately)
	if husie := of("husie"); husie.Unclosed != 0 {
		t.Error("what nobody knows any more is missed still")
	}
	if !husie.Quiet(c.clock.Add(366 * 24 * time.Hour)) {
		t.Error("nobody has signed in for a year, and it is not said")
	}
}

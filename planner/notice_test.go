package planner

import (
	"strings"
	"testing"

	"samling/models"
)

// A notice is seen where it was written before its writer is answered, and by
// another instance at its next look.
func TestNotice(t *testing.T) {
	here, there := newCity(t), newCity(t)
	there.vault = here.vault
	there.restart(here.Store)
	version := there.Catalogue().Version
	until := tuesday.AddDate(0, 0, 2)
	set := func(n models.Notice) error { return here.SetNotice(here.ctx, Command(), n) }
	if err := set(models.Notice{Texts: map[string]string{"sv": "Allt är inställt i kväll.", "en": ""}, Until: until}); err != nil {
		t.Fatal(err)
	}
	must(0, there.Refresh(there.ctx))
	for name, c := range map[string]*city{"here": here, "there": there} {
		n := c.Catalogue().Notice
		text, in := n.In("en", "sv")
		if text != "Allt är inställt i kväll." || in != "sv" || !n.Stands(tuesday) || n.Stands(until) {
			t.Errorf("%s it is %+v", name, n)
		}
	}
	if there.Catalogue().Version == version {
		t.Error("pages that were kept would not be made anew")
	}
	version = there.Catalogue().Version
	must(0, there.Refresh(there.ctx))
	if there.Catalogue().Version != version {
		t.Error("the same notice is taken for a new one")
	}
	must(0, set(models.Notice{Texts: map[string]string{"sv": ""}, Until: until}))
	if n := here.Catalogue().Notice; n.Stands(tuesday) {
		t.Errorf("it still says %+v", n)
	}
}

func TestNotice_Refused(t *testing.T) {
	c := newCity(t)
	husie := &models.Organiser{Role: models.RoleOrganiser, For: []string{"husie"}}
	for name, tc := range map[string]struct {
		by   *models.Organiser
		n    models.Notice
		want string
	}{
		"no coordinator": {husie, models.Notice{Texts: map[string]string{"sv": "Hej"}, Until: tuesday}, "not-found"},
		"no end":         {Command(), models.Notice{Texts: map[string]string{"sv": "Hej"}}, "invalid; until: required"},
		"over already":   {Command(), models.Notice{Texts: map[string]string{"sv": "Hej"}, Until: tuesday}, "invalid; until: day-over"},
		"too long":       {Command(), models.Notice{Texts: map[string]string{"sv": strings.Repeat("å", models.MaxNotice+1)}, Until: tuesday}, "invalid; text.sv: too-long"},
		"two lines":      {Command(), models.Notice{Texts: map[string]string{"en": "a\nb"}, Until: tuesday}, "invalid; text.en: control-characters"},
	} {
		if got := errText(c.SetNotice(c.ctx, tc.by, tc.n)); got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}

func TestAbout(t *testing.T) {
	c := newCity(t)
	husie := &models.Organiser{Role: models.RoleOrganiser, For: []string{"husie"}}
	about := map[string]string{"sv": "Vi ses på **tisdagar**.", "en": ""}
	must(0, c.SetAbout(c.ctx, husie, "husie", about))
	a := must(c.Catalogue().Association("husie"))
	if text, in := a.AboutIn("en", "sv"); text != about["sv"] || in != "sv" || len(a.About) != 1 {
		t.Errorf("it says %q in %s", text, in)
	}
	must(0, c.SetAbout(c.ctx, Command(), "klimat", map[string]string{"en": "We meet."}))
	if g := must(c.Catalogue().Group("klimat")); g.About["en"] != "We meet." {
		t.Errorf("the group says %v", g.About)
	}
	// A list of associations that comes later does not know it, and leaves it.
	must(c.ImportAssociations(c.ctx, []Row[models.Association]{{Line: 2, Doc: models.Association{Document: models.Document{ID: "husie"}, Name: "Husies nya förening", District: "oster"}}}))
	if a := must(c.Catalogue().Association("husie")); a.About["sv"] == "" || a.Name != "Husies nya förening" {
		t.Errorf("after an import: %+v", a)
	}
	for slug, want := range map[string]string{"videdal": "not-allowed", "nope": "not-found"} {
		if got := errText(c.SetAbout(c.ctx, husie, slug, about)); got != want {
			t.Errorf("%s: %s, want %s", slug, got, want)
		}
	}
	if got := errText(c.SetAbout(c.ctx, husie, "husie", map[string]string{"sv": strings.Repeat("a", models.MaxAbout+1)})); got != "invalid; text.sv: too-long" {
		t.Errorf("too long: %s", got)
	}
}

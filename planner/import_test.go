package planner

import (
	"fmt"
	"testing"
	"time"

	"samling/models"
)

func TestImport_BadRowsChangeNothing(t *testing.T) {
	association := func(line int, slug, district string) Row[models.Association] {
		return Row[models.Association]{line, models.Association{Document: models.Document{ID: slug}, Name: "Förening", District: district}}
	}
	for name, tc := range map[string]struct {
		rows []Row[models.Association]
		want string
	}{
		"unknown district": {[]Row[models.Association]{association(2, "ny", "oster"), association(3, "nyare", "norr")}, "invalid; 3.district: unknown-district"},
		"no district":      {[]Row[models.Association]{association(2, "ny", "")}, "invalid; 2.district: required"},
		"a slug twice":     {[]Row[models.Association]{association(2, "ny", "oster"), association(5, "ny", "oster")}, "invalid; 5.slug: repeated-slug"},
		"a group's slug":   {[]Row[models.Association]{association(2, "klimat", "oster")}, "invalid; 2.slug: slug-taken"},
		"no slug":          {[]Row[models.Association]{association(2, "", "oster")}, "invalid; 2.slug: required"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCity(t)
			before := len(c.Catalogue().Associations)
			_, err := c.ImportAssociations(c.ctx, tc.rows)
			if got := errText(err); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			if n := must(c.Store.Associations.Count(c.ctx, models.Query{})); n != before {
				t.Errorf("%d associations, were %d", n, before)
			}
		})
	}
}

func TestImportDistricts_ReplacesWhatNobodyUses(t *testing.T) {
	c := newCity(t)
	row := func(slug string) Row[models.District] {
		return Row[models.District]{2, models.District{Document: models.Document{ID: slug}, Name: slug}}
	}
	must(c.ImportDistricts(c.ctx, []Row[models.District]{row("norr"), row("soder")}))
	must(c.ImportDistricts(c.ctx, []Row[models.District]{row("vaster")}))
	var got []string
	for _, d := range c.Catalogue().Districts {
		got = append(got, d.ID)
	}
	wantList(t, "districts", got, "oster", "vaster") // two associations lie in oster
}

func TestImportEvents_RepeatingDoublesNothing(t *testing.T) {
	c := newCity(t)
	calendar := func() []models.Event {
		var events []models.Event
		for i := range 5 {
			e := townHall()
			e.Host, e.Kind, e.Source = "", models.Other, fmt.Sprintf("uid-%d@example.org", i)
			e.Starts = e.Starts.AddDate(0, 0, i)
			events = append(events, e)
		}
		return events
	}
	imported, fresh, err := c.ImportEvents(c.ctx, Command(), "husie", calendar(), false)
	if imported != 5 || fresh != 5 || err != nil {
		t.Fatalf("imported %d, %d of them new, %v", imported, fresh, err)
	}
	version := c.Catalogue().Version
	imported, fresh, err = c.ImportEvents(c.ctx, Command(), "husie", calendar(), false)
	if imported != 5 || fresh != 0 || err != nil {
		t.Errorf("again: imported %d, %d of them new, %v", imported, fresh, err)
	}
	if err := c.Refresh(c.ctx); err != nil {
		t.Fatal(err)
	}
	for _, l := range c.Catalogue().Events {
		if l.Status != models.Published || !l.Updated.Equal(tuesday) {
			t.Errorf("after importing the same again: %s, updated %v (version %d)", l.Status, l.Updated, version)
		}
	}

	// One has moved, one was cancelled, and ours has a group that the calendar
	// does not know of.
	e := c.Catalogue().Events[1]
	must(c.ChangeEvent(c.ctx, Command(), e.ID, Anyway, func(e *models.Event) error { e.Groups = []string{"klimat"}; return nil }))
	again := calendar()
	again[1].Starts = again[1].Starts.Add(time.Hour)
	again[2].Status = models.Cancelled
	_, _, err = c.ImportEvents(c.ctx, Command(), "husie", again, false)
	if err != nil {
		t.Fatal(err)
	}
	moved := must(c.Catalogue().Event(e.ID))
	if !moved.Starts.Equal(again[1].Starts) || len(moved.Groups) != 1 {
		t.Errorf("moved one: %+v", moved.Event)
	}
	if l := c.Catalogue().Events[2]; l.Status != models.Cancelled {
		t.Errorf("cancelled one: %s", l.Status)
	}
}

// What somebody has changed here a later import leaves alone, and brings the rest.
func TestImportEvents_KeepsWhatWasChangedHere(t *testing.T) {
	c := newCity(t)
	calendar := func(title, place string) []models.Event {
		e := townHall()
		e.Host, e.Kind, e.Source = "", models.Other, "uid@example.org"
		e.Title, e.Place.Name = title, place
		return []models.Event{e}
	}
	for _, step := range []struct{ title, place string }{{"Möte", "Aulan"}, {"Stormöte", "Salen"}} {
		if _, _, err := c.ImportEvents(c.ctx, Command(), "husie", calendar(step.title, step.place), false); err != nil {
			t.Fatal(err)
		}
		e := c.Catalogue().Events[0]
		must(c.ChangeEvent(c.ctx, Command(), e.ID, Anyway, func(e *models.Event) error { e.Title = "Vårt möte"; return nil }))
	}
	e := c.Catalogue().Events[0]
	if e.Title != "Vårt möte" || e.Place.Name != "Salen" || e.Taken.Title != "Stormöte" {
		t.Errorf("got %q at %q; the calendar said %q", e.Title, e.Place.Name, e.Taken.Title)
	}
	wantList(t, "changed here", e.Own(), "title")
}

func TestImportEvents_OneBadSpoilsAll(t *testing.T) {
	c := newCity(t)
	good, bad := townHall(), townHall()
	good.Source, bad.Source = "a", "b"
	bad.Title = ""
	_, _, err := c.ImportEvents(c.ctx, Command(), "husie", []models.Event{good, bad}, false)
	wantCode(t, "an event without a title", err, models.CodeInvalid)
	if n := must(c.Store.Events.Count(c.ctx, models.Query{})); n != 0 {
		t.Errorf("%d events were kept", n)
	}
	_, _, err = c.ImportEvents(c.ctx, Command(), "nowhere", []models.Event{good}, false)
	wantCode(t, "an unknown association", err, models.CodeInvalid)
}

func TestImportEvents_FinishesWhatWasCutOff(t *testing.T) {
	for writes := range 12 {
		c := newCity(t)
		sound := c.Store
		c.restart(mortal(sound, writes))
		events := []models.Event{townHall(), townHall(), townHall()}
		for i := range events {
			events[i].Source = fmt.Sprint(i)
		}
		if _, _, err := c.ImportEvents(c.ctx, Command(), "husie", events, false); err == nil {
			t.Fatalf("%d writes: was not cut off", writes)
		}
		c.restart(sound)
		if _, _, err := c.ImportEvents(c.ctx, Command(), "husie", events, false); err != nil {
			t.Fatalf("%d writes: %v", writes, err)
		}
		for _, l := range c.Catalogue().Events {
			r, err := c.Store.Rosters.Get(c.ctx, l.ID)
			if err != nil || r.Facts != l.Facts() || l.Unsettled {
				t.Errorf("%d writes: roster %+v, %v of %+v", writes, r, err, l.Event)
			}
		}
		if n := len(c.Catalogue().Events); n != 3 {
			t.Errorf("%d writes: %d events", writes, n)
		}
	}
}

package planner

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"samling/models"
)

func TestCatalogue_EditsAreSeen(t *testing.T) {
	here := newCity(t)
	there := newCity(t)
	there.vault = here.vault
	there.restart(here.Store) // another instance on the same store
	e := here.published(0)
	if _, err := here.Catalogue().Event(e.Slug); err != nil {
		t.Error("an edit is not visible where it was made")
	}
	if _, err := there.Catalogue().Event(e.Slug); err == nil {
		t.Error("the other instance sees it without having looked: the test proves nothing")
	}
	before := there.Catalogue()
	if err := there.Refresh(there.ctx); err != nil {
		t.Fatal(err)
	}
	if l, err := there.Catalogue().Event(e.ID); err != nil || l.Status != models.Published {
		t.Errorf("the other instance has %+v, %v", l, err)
	}
	if len(before.Events) != 0 {
		t.Error("a snapshot has changed under its reader")
	}
	version := there.Catalogue().Version
	if err := there.Refresh(there.ctx); err != nil {
		t.Fatal(err)
	}
	if got := there.Catalogue().Version; got != version {
		t.Errorf("version %d after %d though nothing has changed", got, version)
	}
}

func TestCatalogue_RenamedHostChangesItsEvents(t *testing.T) {
	c := newCity(t)
	e := c.published(0)
	was := must(c.Catalogue().Event(e.ID)).Changed
	c.pass(time.Hour)
	must(c.ImportAssociations(c.ctx, []Row[models.Association]{
		{2, models.Association{Document: models.Document{ID: "husie"}, Name: "Husie och Kvarnbys förening", District: "oster", Email: "husie@example.org"}},
	}))
	l := must(c.Catalogue().Event(e.ID))
	if !l.Changed.After(was) {
		t.Errorf("last visible change %v, was %v", l.Changed, was)
	}
	if got := c.Catalogue().HostName("husie", "sv"); got != "Husie och Kvarnbys förening" {
		t.Errorf("host is called %q", got)
	}
}

func TestSelect(t *testing.T) {
	c := newCity(t)
	add := func(title string, days int, set func(*models.Event)) {
		e := townHall()
		e.Title, e.Starts = title, tuesday.AddDate(0, 0, days)
		if set != nil {
			set(&e)
		}
		e = must(c.CreateEvent(c.ctx, Command(), e))
		must(c.MoveEvent(c.ctx, Command(), e.ID, Anyway, models.Publish, ""))
	}
	add("Skolan", 1, nil)
	add("Gården", 2, func(e *models.Event) {
		e.Kind, e.Host, e.Price, e.SignUp.Needed, e.Spoken = models.YardParty, "videdal", new(int), false, []string{"sv", "ar"}
		e.Programme = []models.Item{{Title: "Tal", Speaker: "Prova Exempelsson"}}
	})
	add("Kafé Åkern", 3, func(e *models.Event) {
		e.CoHosts, e.Groups, e.Price, e.Interpreted = []string{"videdal"}, []string{"klimat"}, new(int), []string{"ar"}
	})
	add("Årsmöte", 4, func(e *models.Event) { e.Audience = models.Members })
	must(c.CreateEvent(c.ctx, Command(), townHall())) // a draft

	for name, tc := range map[string]struct {
		filter Filter
		want   []string
	}{
		"all that is public":     {Filter{}, []string{"Skolan", "Gården", "Kafé Åkern"}},
		"by kind":                {Filter{Kinds: []models.Kind{models.YardParty}}, []string{"Gården"}},
		"by host or co-host":     {Filter{Associations: []string{"videdal"}}, []string{"Gården", "Kafé Åkern"}},
		"by two associations":    {Filter{Associations: []string{"videdal", "husie"}}, []string{"Skolan", "Gården", "Kafé Åkern"}},
		"fields are and":         {Filter{Associations: []string{"videdal"}, Kinds: []models.Kind{models.TownHall}}, []string{"Kafé Åkern"}},
		"by group":               {Filter{Groups: []string{"klimat"}}, []string{"Kafé Åkern"}},
		"by district":            {Filter{Districts: []string{"oster"}}, []string{"Skolan", "Gården", "Kafé Åkern"}},
		"not over at from":       {Filter{From: tuesday.AddDate(0, 0, 1).Add(time.Hour)}, []string{"Skolan", "Gården", "Kafé Åkern"}},
		"over at from":           {Filter{From: tuesday.AddDate(0, 0, 1).Add(2 * time.Hour)}, []string{"Gården", "Kafé Åkern"}},
		"begun before to":        {Filter{To: tuesday.AddDate(0, 0, 2)}, []string{"Skolan"}},
		"words fold accents":     {Filter{Words: "KAFE åkern"}, []string{"Kafé Åkern"}},
		"typed without its ring": {Filter{Words: "akern"}, []string{"Kafé Åkern"}},
		"ö is not o":             {Filter{Words: "skölan"}, nil},
		"words find the place":   {Filter{Words: "öster gården"}, []string{"Gården"}},
		"words find a speaker":   {Filter{Words: "exempelsson"}, []string{"Gården"}},
		"one fact":               {Filter{Facts: []models.Fact{models.FreeEntry}}, []string{"Gården", "Kafé Åkern"}},
		"facts are and":          {Filter{Facts: []models.Fact{models.FreeEntry, models.DropIn}}, []string{"Gården"}},
		"spoken or interpreted":  {Filter{Spoken: []string{"ar"}}, []string{"Gården", "Kafé Åkern"}},
		"words find the host":    {Filter{Words: "videdals"}, []string{"Gården", "Kafé Åkern"}},
		"for her organiser":      {Filter{For: &models.Organiser{Role: models.RoleOrganiser, For: []string{"videdal"}}}, []string{"Gården", "Kafé Åkern"}},
		"a coordinator sees all": {Filter{For: Command()}, []string{"Skolan", "Gården", "Kafé Åkern", "Årsmöte", "Öppet möte om skolan"}},
	} {
		var got []string
		for _, l := range c.Catalogue().Select(tc.filter) {
			got = append(got, l.Title)
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
	}
	for name, tc := range map[string]struct {
		filter Filter
		want   string
	}{
		"nothing chosen":          {Filter{}, "3 map[town-hall:2 yard-party:1] map[husie:2 videdal:2] map[drop-in:1 free:2] map[ar:2 sv:1]"},
		"its field counts others": {Filter{Kinds: []models.Kind{models.YardParty}}, "1 map[town-hall:2 yard-party:1] map[videdal:1] map[drop-in:1 free:1] map[ar:1 sv:1]"},
		"two fields":              {Filter{Kinds: []models.Kind{models.YardParty}, Associations: []string{"husie"}}, "0 map[town-hall:2] map[videdal:1] map[] map[]"},
		"facts count on top":      {Filter{Facts: []models.Fact{models.DropIn}}, "1 map[yard-party:1] map[videdal:1] map[drop-in:1 free:1] map[ar:1 sv:1]"},
		"words":                   {Filter{Words: "kafé"}, "1 map[town-hall:1] map[husie:1 videdal:1] map[free:1] map[ar:1]"},
		"only until":              {Filter{To: tuesday.AddDate(0, 0, 2)}, "1 map[town-hall:1] map[husie:1] map[] map[]"},
	} {
		n := c.Catalogue().Count(tc.filter, tuesday)
		if got := fmt.Sprint(n.All, n.Kinds, n.Associations, n.Facts, n.Spoken); got != tc.want {
			t.Errorf("count of %s: %s, want %s", name, got, tc.want)
		}
	}
	if err := c.Catalogue().Check(Filter{Facts: []models.Fact{"gold"}}); err == nil {
		t.Error("an unknown fact is taken")
	}
	if err := c.Catalogue().Check(Filter{Groups: []string{"klimat"}, Kinds: []models.Kind{"disco"}}); err == nil {
		t.Error("an unknown kind is taken")
	}
}

func TestCreateEvent(t *testing.T) {
	c := newCity(t)
	videdal := &models.Organiser{Document: models.Document{ID: "o"}, Role: models.RoleOrganiser, For: []string{"videdal"}}
	for name, tc := range map[string]struct {
		by   *models.Organiser
		set  func(*models.Event)
		want string
	}{
		"as it should be":         {Command(), func(*models.Event) {}, "<nil>"},
		"another's association":   {videdal, func(*models.Event) {}, "not-allowed"},
		"unknown host":            {Command(), func(e *models.Event) { e.Host = "nowhere" }, "invalid; host: unknown-host"},
		"unknown co-host":         {Command(), func(e *models.Event) { e.CoHosts = []string{"nowhere"} }, "invalid; co_hosts: unknown-host"},
		"unknown group":           {Command(), func(e *models.Event) { e.Groups = []string{"husie"} }, "invalid; groups: unknown-group"},
		"unknown district":        {Command(), func(e *models.Event) { e.District = "nowhere" }, "invalid; district: unknown-district"},
		"unknown parent":          {Command(), func(e *models.Event) { e.Parent = "nowhere" }, "invalid; parent: unknown-event"},
		"a slug that is taken":    {Command(), func(e *models.Event) { e.Slug = "taken" }, "exists"},
		"ends before it starts":   {Command(), func(e *models.Event) { e.Ends = e.Starts.Add(-time.Hour) }, "invalid; ends: ends-before-starts"},
		"a zone there is not":     {Command(), func(e *models.Event) { e.TimeZone = "Europe/Malmo" }, "invalid; time_zone: unknown-zone"},
		"a title that is a smile": {Command(), func(e *models.Event) { e.Title = "🙂" }, "<nil>"},
	} {
		t.Run(name, func(t *testing.T) {
			taken := townHall()
			taken.Slug = "taken"
			_, _ = c.CreateEvent(c.ctx, Command(), taken)
			before := must(c.Store.Events.Count(c.ctx, models.Query{}))
			e := townHall()
			tc.set(&e)
			e, err := c.CreateEvent(c.ctx, tc.by, e)
			if got := errText(err); got != tc.want {
				t.Fatalf("got %q, want %q", got, tc.want)
			}
			if err != nil {
				if after := must(c.Store.Events.Count(c.ctx, models.Query{})); after != before {
					t.Error("an event was kept all the same")
				}
				return
			}
			if e.District != "oster" || e.Status != models.Draft || e.Ends.Sub(e.Starts) != 2*time.Hour {
				t.Errorf("not filled in: %+v", e)
			}
		})
	}
}

// errText is the code and the fields of an error, without its cause.
func errText(err error) string {
	e, ok := errors.AsType[*models.Error](err)
	if !ok {
		return fmt.Sprint(err)
	}
	return (&models.Error{Code: e.Code, Fields: e.Fields}).Error()
}

func TestCreateEvent_SlugsDiffer(t *testing.T) {
	c := newCity(t)
	seen := map[string]bool{}
	for range 4 {
		e := must(c.CreateEvent(c.ctx, Command(), townHall()))
		if seen[e.Slug] {
			t.Errorf("slug %q twice", e.Slug)
		}
		seen[e.Slug] = true
	}
	if !seen["oppet-mote-om-skolan"] || !seen["oppet-mote-om-skolan-2026-03-13"] {
		t.Errorf("slugs %v", seen)
	}
}

func TestChangeEvent_TwoAtOnce(t *testing.T) {
	c := newCity(t)
	e := must(c.CreateEvent(c.ctx, Command(), townHall()))
	rename := func(seen time.Time, title string) error {
		_, err := c.ChangeEvent(c.ctx, Command(), e.ID, seen, func(e *models.Event) error { e.Title = title; return nil })
		return err
	}
	if err := rename(e.Updated, "Den första"); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "the second", rename(e.Updated, "Den andra"), models.CodeChangedMeanwhile)
	if l := must(c.Catalogue().Event(e.ID)); l.Title != "Den första" {
		t.Errorf("title %q", l.Title)
	}
}

// BenchmarkEdit is one edit in a catalogue of 100,000 events, up to the moment
// at which readers see it. To reach: 50 ms, rendering included.
func BenchmarkEdit(b *testing.B) {
	c := newCatalogue()
	events := make([]*models.Event, 100_000)
	for i := range events {
		e := townHall()
		e.ID, e.Slug = fmt.Sprintf("%036d", i), fmt.Sprintf("event-%d", i)
		e.Starts = e.Starts.Add(time.Duration(i) * time.Minute)
		events[i] = &e
	}
	c.take(events, false)
	b.ResetTimer()
	for i := range b.N {
		next := *c
		e := *events[i%len(events)]
		e.Title = "Ny titel"
		next.take([]*models.Event{&e}, false)
		c = &next
	}
	if per := b.Elapsed() / time.Duration(b.N); per > 50*time.Millisecond {
		b.Errorf("%v an edit, more than 50 ms", per)
	}
}

// What is known of all events together is what looking through them would find,
// and never falls.
func TestCatalogue_Extremes(t *testing.T) {
	c := newCity(t)
	check := func(when string) {
		t.Helper()
		was := c.Catalogue().extremes
		c.pass(time.Minute)
		if err := c.Refresh(c.ctx); err != nil {
			t.Fatal(err)
		}
		anew := &Planner{Config: c.Planner.Config}
		anew.catalogue.Store(newCatalogue())
		if err := anew.Refresh(c.ctx); err != nil {
			t.Fatal(err)
		}
		is, there := c.Catalogue().extremes, anew.Catalogue().extremes
		if is.updated != there.updated || is.public != there.public || is.members != there.members || is.longest < there.longest {
			t.Errorf("%s: %+v, another instance has %+v", when, is, there)
		}
		if is.updated.Before(was.updated) || is.public.Before(was.public) || is.members.Before(was.members) {
			t.Errorf("%s: %+v has fallen to %+v", when, was, is)
		}
	}
	check("with nothing")
	e := c.published(0)
	check("with one")
	must(c.ChangeEvent(c.ctx, Command(), e.ID, Anyway, func(e *models.Event) error { e.Ends = e.Ends.Add(72 * time.Hour); return nil }))
	check("longer")
	must(c.ChangeEvent(c.ctx, Command(), e.ID, Anyway, func(e *models.Event) error { e.Ends = e.Starts.Add(time.Hour); return nil }))
	check("shorter")
	must(c.ChangeEvent(c.ctx, Command(), e.ID, Anyway, func(e *models.Event) error { e.Audience = models.Members; return nil }))
	check("for members")
	must(c.ChangeEvent(c.ctx, Command(), e.ID, Anyway, func(e *models.Event) error { e.Title = "Årsmöte"; return nil }))
	check("changed for members")
	must(c.CreateEvent(c.ctx, Command(), townHall()))
	check("with a draft")
	must(c.ImportAssociations(c.ctx, []Row[models.Association]{{2, models.Association{Document: models.Document{ID: "husie"}, Name: "Nytt namn", District: "oster"}}}))
	check("with a renamed host")
}

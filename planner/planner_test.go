package planner

import (
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"samling/models"
	"samling/models/vault"
	"samling/store"
)

// city is a planner over a store of its own, with a clock that tests move.
type city struct {
	*Planner
	t     testing.TB
	clock *time.Time
	vault *vault.Vault
	ctx   context.Context
	// address is the store's, keyFile the vault's.
	address, keyFile string
	// posted counts the calls of Mailed.
	posted atomic.Int64
}

var tuesday = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)

func newCity(t testing.TB) *city {
	t.Helper()
	clock := tuesday
	keyFile, address := filepath.Join(t.TempDir(), "key"), "sqlite:"+filepath.Join(t.TempDir(), "samling.db")
	v, err := vault.Create(keyFile, vault.DayOf(clock))
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), address, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	districts := []models.District{{Document: models.Document{ID: "oster"}, Name: "Öster"}}
	if err := Install(t.Context(), s, v, clock, districts); err != nil {
		t.Fatal(err)
	}
	c := &city{t: t, clock: &clock, vault: v, ctx: t.Context(), address: address, keyFile: keyFile}
	c.restart(s)
	must(c.ImportGroups(c.ctx, []Row[models.Group]{{2, models.Group{Document: models.Document{ID: "klimat"}, Name: "Klimat"}}}))
	must(c.ImportAssociations(c.ctx, []Row[models.Association]{
		{2, models.Association{Document: models.Document{ID: "husie"}, Name: "Husies förening", District: "oster", Email: "husie@example.org"}},
		{3, models.Association{Document: models.Document{ID: "videdal"}, Name: "Videdals förening", District: "oster"}},
	}))
	return c
}

// restart is what a new process does with the same store.
func (c *city) restart(s *models.Store) {
	c.Planner = New(Config{
		Store: s, Keys: Keyring(s, c.vault), Now: func() time.Time { return *c.clock },
		Log: slog.New(slog.DiscardHandler), Zone: "Europe/Stockholm", Language: "sv", Site: "https://samling.test", Retention: 14 * 24 * time.Hour,
		Mailed: func() { c.posted.Add(1) },
	})
	if err := c.Refresh(c.ctx); err != nil {
		c.t.Fatal(err)
	}
}

func (c *city) pass(d time.Duration) { *c.clock = c.clock.Add(d) }

// must is for what has to work before a test begins.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func townHall() models.Event {
	return models.Event{
		Kind: models.TownHall, Host: "husie", Text: models.Text{Title: "Öppet möte om skolan"},
		Starts: tuesday.Add(10 * 24 * time.Hour), TimeZone: "Europe/Stockholm",
		SignUp: models.SignUpRules{Needed: true}, Place: models.Place{Name: "Aulan"},
	}
}

// published is a town hall with that many seats.
func (c *city) published(seats int) models.Event {
	c.t.Helper()
	e := townHall()
	e.Capacity = seats
	e = must(c.CreateEvent(c.ctx, Command(), e))
	return must(c.MoveEvent(c.ctx, Command(), e.ID, Anyway, models.Publish, ""))
}

func (c *city) signUp(e models.Event, name string, party int) (models.Answer, error) {
	email := strings.ReplaceAll(name, " ", ".") + "@example.org"
	return c.SignUp(c.ctx, e.ID, models.SignUp{Name: name, Email: email, Party: party, Consent: true, Language: "sv"}, nil)
}

// tell does what is due, and returns the mails that came of it in the order of
// sign-up, each as kind:name.
func (c *city) tell() []string {
	c.t.Helper()
	before := map[string]bool{}
	for _, m := range c.outbox() {
		before[m.ID] = true
	}
	if _, err := c.TellDue(c.ctx); err != nil {
		c.t.Fatal(err)
	}
	var out []string
	for _, m := range c.outbox() {
		if !before[m.ID] {
			out = append(out, string(m.Kind)+":"+c.nameOf(m))
		}
	}
	slices.Sort(out)
	return out
}

func (c *city) outbox() []models.Mail {
	c.t.Helper()
	var out []models.Mail
	for m, err := range c.Store.Mails.List(c.ctx, models.Query{}) {
		if err != nil {
			c.t.Fatal(err)
		}
		out = append(out, m)
	}
	return out
}

func (c *city) nameOf(m models.Mail) string {
	r := must(c.Store.RSVPs.Get(c.ctx, m.RSVP))
	person, err := c.unseal(c.ctx, &r)
	if models.CodeOf(err) == models.CodeGone {
		return "?"
	}
	return must(person, err).Name
}

// rsvpOf is the id of the sign-up that a name has a place with.
func (c *city) rsvpOf(e models.Event, name string) string {
	c.t.Helper()
	for _, entry := range must(c.Store.Rosters.Get(c.ctx, e.ID)).Entries {
		r := must(c.Store.RSVPs.Get(c.ctx, entry.RSVP.String()))
		if len(r.Sealed) > 0 && must(c.unseal(c.ctx, &r)).Name == name {
			return r.ID
		}
	}
	c.t.Fatalf("%s is not on the list", name)
	return ""
}

// places are who stands where, as name:state.
func (c *city) places(e models.Event) []string {
	c.t.Helper()
	var out []string
	for _, a := range must(c.Attendance(c.ctx, nil, e.ID, "test", false)).Attendees {
		out = append(out, a.Person.Name+":"+a.Entry.State.String())
	}
	return out
}

func wantList(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

func wantCode(t *testing.T, what string, err error, want models.Code) {
	t.Helper()
	if got := models.CodeOf(err); got != want {
		t.Errorf("%s: error %v, want code %q", what, err, want)
	}
}

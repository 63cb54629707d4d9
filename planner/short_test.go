package planner

import (
	"strings"
	"testing"
	"time"

	"samling/models"
)

// The public sees the address from the moment at which it sees the event, and it
// never changes again.
func TestShort_FromPublishingOn(t *testing.T) {
	c := newCity(t)
	draft := must(c.CreateEvent(c.ctx, Command(), townHall()))
	if draft.Short != "" {
		t.Errorf("a draft has the short address %q", draft.Short)
	}
	e := must(c.MoveEvent(c.ctx, Command(), draft.ID, Anyway, models.Publish, ""))
	if len(e.Short) != models.ShortLength || strings.ContainsAny(e.Short, "01aeiouyl") {
		t.Fatalf("a published event has the short address %q", e.Short)
	}
	if l := must(c.Catalogue().ByShort(strings.ToUpper(e.Short))); l.ID != e.ID {
		t.Errorf("typed in capitals it leads to %s", l.Slug)
	}
	for what, change := range map[string]func(*models.Event){
		"another title": func(e *models.Event) { e.Title = "Ny rubrik" },
		"another time":  func(e *models.Event) { e.Starts, e.Ends = e.Starts.Add(time.Hour), e.Ends.Add(time.Hour) },
		"for members":   func(e *models.Event) { e.Audience = models.Members },
		"and back":      func(e *models.Event) { e.Audience = models.Public },
		"a code of ours": func(e *models.Event) {
			e.Short = "xxxxx"
		},
	} {
		after := must(c.ChangeEvent(c.ctx, Command(), e.ID, Anyway, func(e *models.Event) error { change(e); return nil }))
		if after.Short != e.Short {
			t.Errorf("%s: the short address becomes %q", what, after.Short)
		}
	}
}

func TestShort_TakenByAnother(t *testing.T) {
	c := newCity(t)
	e := must(c.CreateEvent(c.ctx, Command(), townHall()))
	other := models.ShortAddress{Document: models.Document{ID: models.ShortCode(e.ID, 0)}, Event: "another"}
	if err := c.Store.ShortAddresses.Create(c.ctx, other); err != nil {
		t.Fatal(err)
	}
	e = must(c.MoveEvent(c.ctx, Command(), e.ID, Anyway, models.Publish, ""))
	if want := models.ShortCode(e.ID, 1); e.Short != want {
		t.Errorf("short address %q, want the next one, %q", e.Short, want)
	}
}

// Whoever was cut off after taking a code finds it again, and events of an older
// program get one without anybody's doing.
func TestShort_Repaired(t *testing.T) {
	c := newCity(t)
	e := c.published(5)
	must(c.Store.Events.Update(c.ctx, e.ID, func(e *models.Event) error { e.Short = ""; return nil }))
	c.restart(c.Store)
	if err := c.repair(c.ctx); err != nil {
		t.Fatal(err)
	}
	kept := must(c.Store.Events.Get(c.ctx, e.ID))
	if l := must(c.Catalogue().ByShort(e.Short)); kept.Short != e.Short || l.ID != e.ID {
		t.Errorf("short address %q, and %q in the catalogue, want %q again", kept.Short, l.Short, e.Short)
	}
	if n := must(c.Store.ShortAddresses.Count(c.ctx, models.Query{})); n != 1 {
		t.Errorf("%d codes are taken by one event", n)
	}
}

func TestShort_NoneForMembersOrThePast(t *testing.T) {
	c := newCity(t)
	for what, how := range map[string]func(*models.Event){
		"members": func(e *models.Event) { e.Audience = models.Members },
		"past":    func(e *models.Event) { e.Starts, e.Ends = tuesday.Add(-48*time.Hour), tuesday.Add(-46*time.Hour) },
	} {
		e := townHall()
		how(&e)
		e = must(c.CreateEvent(c.ctx, Command(), e))
		e = must(c.MoveEvent(c.ctx, Command(), e.ID, Anyway, models.Publish, ""))
		if e.Short != "" {
			t.Errorf("%s: %q", what, e.Short)
		}
	}
	if n := must(c.Store.ShortAddresses.Count(c.ctx, models.Query{})); n != 0 {
		t.Errorf("%d codes are taken", n)
	}
	if _, err := c.Catalogue().ByShort(""); err == nil {
		t.Error("no code leads somewhere")
	}
}

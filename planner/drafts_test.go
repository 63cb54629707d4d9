package planner

import (
	"errors"
	"testing"
	"time"

	"samling/models"
)

// begun is what somebody has typed who has only begun.
func begun(title string) func(*models.Event) error {
	return func(e *models.Event) error {
		e.Kind, e.Host, e.Audience, e.Title = models.TownHall, "husie", models.Public, title
		return nil
	}
}

func husie(c *city) *models.Organiser {
	o := must(c.AddOrganiser(c.ctx, models.Organiser{Email: "husie@example.org", Role: models.RoleOrganiser, For: []string{"husie"}}))
	return &o
}

func TestKeepDraft_WhateverIsMissing(t *testing.T) {
	c := newCity(t)
	o, id := husie(c), newID()
	e := must(c.KeepDraft(c.ctx, o, id, Anyway, begun("")))
	if e.ID != id || e.Slug != id || !e.Sketch() || e.Author != o.ID || e.TimeZone != c.Zone {
		t.Fatalf("kept: %+v", e)
	}
	c.pass(time.Second)
	e = must(c.KeepDraft(c.ctx, o, id, e.Updated, begun("Öppet mö")))
	if e.Slug != id || e.Title != "Öppet mö" {
		t.Errorf("an address was given while she types: %+v", e)
	}
	if n := must(c.Store.Events.Count(c.ctx, models.Query{})); n != 1 {
		t.Errorf("%d drafts of one", n)
	}
	_, err := c.KeepDraft(c.ctx, o, id, e.Created, begun("Något annat"))
	wantCode(t, "what somebody else has saved meanwhile", err, models.CodeChangedMeanwhile)
	_, err = c.KeepDraft(c.ctx, videdal(), id, Anyway, begun("Vårt"))
	wantCode(t, "another's draft", err, models.CodeNotFound)
	_, err = c.KeepDraft(c.ctx, videdal(), newID(), Anyway, begun("Vårt"))
	wantCode(t, "a draft for another", err, models.CodeNotAllowed)
	_, err = c.KeepDraft(c.ctx, o, "nonsense", Anyway, begun("x"))
	wantCode(t, "an id that is none", err, models.CodeMalformed)
	_, err = c.KeepDraft(c.ctx, o, id, Anyway, func(e *models.Event) error { e.OnlineURL = "javascript:alert(1)"; return nil })
	wantCode(t, "what is wrong", err, models.CodeInvalid)

	// What she has not decided is missing when she publishes.
	_, err = c.MoveEvent(c.ctx, o, id, Anyway, models.Publish, "")
	wantCode(t, "publishing half a draft", err, models.CodeInvalid)
	var ours *models.Error
	if !errors.As(err, &ours) || len(ours.Fields) != 1 || ours.Fields[0].Name != "starts" {
		t.Errorf("publishing says %v", err)
	}
	if now := must(c.Store.Events.Get(c.ctx, id)); now.Status != models.Draft {
		t.Errorf("it is %s", now.Status)
	}
}

// The address comes with the title that she decides on, and stays.
func TestKeepDraft_AddressWhenSheSaves(t *testing.T) {
	c := newCity(t)
	o, id := husie(c), newID()
	c.published(0) // has the address that is best
	must(c.KeepDraft(c.ctx, o, id, Anyway, begun("Öppet möte om sko")))
	save := func(title string) models.Event {
		c.pass(time.Second)
		return must(c.ChangeEvent(c.ctx, o, id, Anyway, func(e *models.Event) error {
			e.Title, e.Starts, e.Ends = title, tuesday.Add(48*time.Hour), tuesday.Add(50*time.Hour)
			return nil
		}))
	}
	if e := save("Öppet möte om skolan"); e.Slug != "oppet-mote-om-skolan-2026-03-05" || e.Sketch() {
		t.Errorf("its address is %s", e.Slug)
	}
	if e := save("Rådslag"); e.Slug != "oppet-mote-om-skolan-2026-03-05" {
		t.Errorf("its address became %s", e.Slug)
	}
	// What has an address keeps what an event needs.
	_, err := c.KeepDraft(c.ctx, o, id, Anyway, begun(""))
	wantCode(t, "a draft with an address, without a title", err, models.CodeInvalid)
	must(c.MoveEvent(c.ctx, o, id, Anyway, models.Publish, ""))
	_, err = c.KeepDraft(c.ctx, o, id, Anyway, begun("Medan hon skriver"))
	wantCode(t, "keeping what is out", err, models.CodeNotPossible)
}

func TestPublishLater(t *testing.T) {
	c := newCity(t)
	o := husie(c)
	e := must(c.CreateEvent(c.ctx, o, townHall())) // starts in ten days
	friday := tuesday.Add(3 * 24 * time.Hour)
	later := func(at time.Time) error {
		_, err := c.PublishLater(c.ctx, o, e.ID, Anyway, at)
		return err
	}
	wantCode(t, "at a time that was", later(tuesday.Add(-time.Hour)), models.CodeInvalid)
	wantCode(t, "when it has begun", later(e.Starts), models.CodeInvalid)
	status := func() models.Status {
		t.Helper()
		if err := c.PublishDue(c.ctx); err != nil {
			t.Fatal(err)
		}
		return must(c.Store.Events.Get(c.ctx, e.ID)).Status
	}
	if err := later(friday); err != nil {
		t.Fatal(err)
	}
	_, err := c.ChangeEvent(c.ctx, o, e.ID, Anyway, func(e *models.Event) error { e.Starts = friday.Add(-time.Hour); return nil })
	wantCode(t, "moving it before it is published", err, models.CodeInvalid)
	c.restart(c.Store)
	c.pass(friday.Sub(*c.clock) - time.Second)
	if got := status(); got != models.Draft {
		t.Errorf("a second before, it is %s", got)
	}
	if err := later(time.Time{}); err != nil {
		t.Fatal(err)
	}
	c.pass(time.Hour)
	if got := status(); got != models.Draft {
		t.Errorf("taken back, it is %s", got)
	}
	if err := later(c.clock.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	c.pass(25 * time.Hour) // nothing was running
	for range 2 {
		if got := status(); got != models.Published {
			t.Errorf("late, it is %s", got)
		}
	}
	now := must(c.Store.Events.Get(c.ctx, e.ID))
	if !now.PublishAt.IsZero() || now.Short == "" {
		t.Errorf("published: %+v", now)
	}
	if lines := c.lines(e.ID); lines[len(lines)-1] != "publish:" && lines[len(lines)-1] != "publish:publish_at=" {
		t.Errorf("the log: %q", lines)
	}
	wantCode(t, "what is out", later(c.clock.Add(time.Hour)), models.CodeNotPossible)
}

// What is over when its time comes stays a draft, and does not come back.
func TestPublishDue_TooLate(t *testing.T) {
	c := newCity(t)
	e := must(c.CreateEvent(c.ctx, husie(c), townHall()))
	must(c.PublishLater(c.ctx, Command(), e.ID, Anyway, tuesday.Add(time.Hour)))
	c.pass(30 * 24 * time.Hour)
	if err := c.PublishDue(c.ctx); err != nil {
		t.Fatal(err)
	}
	if now := must(c.Store.Events.Get(c.ctx, e.ID)); now.Status != models.Draft || !now.PublishAt.IsZero() {
		t.Errorf("%s, to be published %s", now.Status, now.PublishAt)
	}
}

func TestAskHelp(t *testing.T) {
	c := newCity(t)
	o := husie(c)
	e := must(c.KeepDraft(c.ctx, o, newID(), Anyway, begun("")))
	if e = must(c.AskHelp(c.ctx, o, e.ID, true)); !e.Help.Equal(models.Milli(*c.clock)) {
		t.Errorf("asked %s", e.Help)
	}
	_, err := c.AskHelp(c.ctx, videdal(), e.ID, true)
	wantCode(t, "for another's", err, models.CodeNotFound)
	if e = must(c.AskHelp(c.ctx, Command(), e.ID, false)); !e.Help.IsZero() {
		t.Error("it is still on the desk")
	}
	if got := must(c.Author(c.ctx, &e)); got != "husie@example.org" {
		t.Errorf("written by %q", got)
	}
}

// One that names what is gone since keeps no other from being published, and waits for
// somebody.
func TestPublishDue_NotRightAnyMore(t *testing.T) {
	c := newCity(t)
	at := tuesday.Add(time.Hour)
	var ids []string
	for range 2 {
		e := must(c.CreateEvent(c.ctx, Command(), townHall()))
		must(c.PublishLater(c.ctx, Command(), e.ID, Anyway, at))
		ids = append(ids, e.ID)
	}
	must(c.Store.Events.Update(c.ctx, ids[0], func(e *models.Event) error { e.Groups = []string{"gone"}; return nil }))
	c.pass(2 * time.Hour)
	if err := c.PublishDue(c.ctx); err != nil {
		t.Fatal(err)
	}
	first, second := must(c.Store.Events.Get(c.ctx, ids[0])), must(c.Store.Events.Get(c.ctx, ids[1]))
	if first.Status != models.Draft || !first.PublishAt.IsZero() || second.Status != models.Published {
		t.Errorf("%s, to be published %s; the other %s", first.Status, first.PublishAt, second.Status)
	}
}

package planner

import (
	"fmt"
	"testing"
	"time"

	"samling/models"
)

// Of an event that was long over when the process began, the descriptions are in
// the store alone, and still to be had.
func TestArchive(t *testing.T) {
	c := newCity(t)
	e := townHall()
	e.Description, e.Summary = "Vi bjuder på fika.", "Kom!"
	e.Texts = map[string]models.Text{"en": {Title: "Town hall", Description: "There is coffee."}}
	e = must(c.CreateEvent(c.ctx, Command(), e))
	e = must(c.MoveEvent(c.ctx, Command(), e.ID, Anyway, models.Publish, ""))
	look := func(what string, kept bool) {
		t.Helper()
		l := must(c.Catalogue().Event(e.Slug))
		if (l.Description != "") != kept || (l.Texts["en"].Description != "") != kept || l.Summary == "" || l.Texts["en"].Title == "" {
			t.Errorf("%s the catalogue has %+v and %+v; descriptions: want %v", what, l.Text, l.Texts, kept)
		}
		whole, err := c.Whole(c.ctx, l)
		if err != nil || whole.Description != e.Description || whole.Texts["en"].Description != e.Texts["en"].Description || !whole.Changed.Equal(l.Changed) {
			t.Errorf("%s the whole is %+v, %v", what, whole, err)
		}
		if found := c.Catalogue().Select(Filter{Words: "kom! hall"}); len(found) != 1 {
			t.Errorf("%s it is found %d times", what, len(found))
		}
	}
	c.restart(c.Store)
	look("before the event", true)
	*c.clock = e.Ends.Add(archived)
	c.restart(c.Store)
	look("a hundred days after", true)
	c.pass(time.Second)
	look("as the process goes on", true)
	c.restart(c.Store)
	look("when another begins", false)
	must(c.ImportAssociations(c.ctx, []Row[models.Association]{{Line: 2, Doc: models.Association{Document: models.Document{ID: "husie"}, Name: "Nytt namn", District: "oster"}}}))
	look("when a host has another name", false)
	e = must(c.ChangeEvent(c.ctx, Command(), e.ID, Anyway, func(e *models.Event) error { e.Description = "Vi bjöd på fika."; return nil }))
	look("after an edit", true)
	c.restart(c.Store)
	look("and when another begins again", false)
	if err := c.Store.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := c.Whole(c.ctx, must(c.Catalogue().Event(e.Slug)))
	wantCode(t, "while the store is away", err, models.CodeUnavailable)
}

// A first reading from both ends finds every event.
func TestRefresh_ReadsEverything(t *testing.T) {
	for _, n := range []int{0, 1, 2, 999} {
		c := newCity(t)
		var ops []models.Op
		for i := range n {
			e := townHall()
			e.ID, e.Slug = fmt.Sprintf("%036d", i), fmt.Sprint("event-", i)
			e.Starts = e.Starts.Add(time.Duration(i*7919%n) * time.Minute)
			e.Updated = tuesday.Add(time.Duration(i/300) * time.Hour)
			ops = append(ops, c.Store.Events.Creating(e))
		}
		if err := c.Store.Write(c.ctx, ops...); err != nil {
			t.Fatal(err)
		}
		c.restart(c.Store)
		found := c.Catalogue().Events
		if len(found) != n {
			t.Errorf("%d of %d events", len(found), n)
		}
		for i := 1; i < len(found); i++ {
			if byStart(found[i-1], found[i]) >= 0 {
				t.Fatalf("%s stands before %s", found[i-1].ID, found[i].ID)
			}
		}
	}
}

package planner

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"samling/models"
)

// lines are the log of an event, oldest first, each line as deed:fields.
func (c *city) lines(event string) []string {
	c.t.Helper()
	changes, _, err := c.History(c.ctx, Command(), event, models.Cursor{}, 100)
	if err != nil {
		c.t.Fatal(err)
	}
	var out []string
	for _, change := range changes {
		var fields []string
		for _, f := range change.Line.Fields {
			fields = append(fields, f.Field+"="+f.To)
		}
		out = append(out, string(change.Line.Deed)+":"+strings.Join(fields, ","))
	}
	slices.Reverse(out)
	return out
}

func TestChanges_ALife(t *testing.T) {
	c := newCity(t)
	o := must(c.AddOrganiser(c.ctx, models.Organiser{Email: "husie@example.org", Role: models.RoleOrganiser, For: []string{"husie"}}))
	e := must(c.CreateEvent(c.ctx, &o, townHall()))
	change := func(how func(*models.Event)) {
		t.Helper()
		c.pass(time.Second)
		must(c.ChangeEvent(c.ctx, &o, e.ID, Anyway, func(e *models.Event) error { how(e); return nil }))
	}
	change(func(e *models.Event) { e.Title = "Öppet" })
	change(func(e *models.Event) { e.Title = "Öppet möte" })
	c.pass(time.Second)
	must(c.MoveEvent(c.ctx, &o, e.ID, Anyway, models.Publish, ""))
	change(func(e *models.Event) { e.Place.Name = "Biblioteket" })
	change(func(*models.Event) {}) // nothing
	change(func(e *models.Event) { e.Place.Name = "Aulan" })
	must(c.signUp(e, "Ada", 1))
	if err := c.RemoveAttendees(c.ctx, &o, e.ID, []string{c.rsvpOf(e, "Ada")}, false); err != nil {
		t.Fatal(err)
	}
	must(c.MoveEvent(c.ctx, &o, e.ID, Anyway, models.Cancel, "Lokalen brann."))
	wantList(t, "the log", c.lines(e.ID), "create:", "change:title=Öppet möte", "publish:", "change:place.name=Biblioteket",
		"change:place.name=Aulan", "remove-attendees:attendees=", "cancel:reason=Lokalen brann.")

	_, _, err := c.History(c.ctx, videdal(), e.ID, models.Cursor{}, 10)
	wantCode(t, "the log of another's event", err, models.CodeNotAllowed)
	_, _, err = c.Changes(c.ctx, &o, LogFilter{}, models.Cursor{}, 10)
	wantCode(t, "the log of the city, by an organiser", err, models.CodeNotFound)
}

// The log of all events is read in pages and chosen as that of looks.
func TestChanges_Chosen(t *testing.T) {
	c := newCity(t)
	one, other := c.published(0), c.published(0)
	for range 3 {
		c.pass(time.Second)
		must(c.ChangeEvent(c.ctx, Command(), one.ID, Anyway, func(e *models.Event) error { e.Capacity++; return nil }))
	}
	all := must(c.AllChanges(c.ctx, Command(), LogFilter{}))
	mine := must(c.AllChanges(c.ctx, Command(), LogFilter{Event: other.ID}))
	if len(all) != 7 || len(mine) != 2 || mine[0].Event.ID != other.ID {
		t.Errorf("%d changes of all, %d of one", len(all), len(mine))
	}
	if none := must(c.AllChanges(c.ctx, Command(), LogFilter{Who: "husie@"})); len(none) != 0 {
		t.Errorf("%d changes by somebody who made none", len(none))
	}
	var lines []string
	var after models.Cursor
	for {
		page, older, err := c.Changes(c.ctx, Command(), LogFilter{}, after, 3)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range page {
			lines = append(lines, l.Line.ID)
		}
		if after = older; older.ID == "" {
			break
		}
	}
	if len(slices.Compact(slices.Sorted(slices.Values(lines)))) != len(all) {
		t.Errorf("in pages: %q", lines)
	}
}

// Whenever the process dies, what was changed has its line, and has it once.
func TestChanges_SurviveACrash(t *testing.T) {
	for writes := range 8 {
		t.Run(fmt.Sprint(writes), func(t *testing.T) {
			c := newCity(t)
			e := c.published(0)
			sound := c.Store
			c.restart(mortal(sound, writes))
			for _, name := range []string{"Biblioteket", "Skolan"} {
				c.pass(time.Second)
				_, _ = c.ChangeEvent(c.ctx, Command(), e.ID, Anyway, func(e *models.Event) error { e.Place.Name = name; return nil })
			}
			c.restart(sound)
			if err := c.repair(c.ctx); err != nil {
				t.Fatal(err)
			}
			want := []string{"create:", "publish:"}
			is := must(sound.Events.Get(c.ctx, e.ID))
			switch is.Place.Name {
			case "Skolan":
				want = append(want, "change:place.name=Biblioteket", "change:place.name=Skolan")
			case "Biblioteket":
				want = append(want, "change:place.name=Biblioteket")
			}
			wantList(t, "the log", c.lines(e.ID), want...)
			if is.Noted != nil {
				t.Errorf("still noted: %+v", is.Noted)
			}
		})
	}
}

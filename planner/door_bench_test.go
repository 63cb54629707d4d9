package planner

import (
	"fmt"
	"testing"

	"samling/models"
)

// BenchmarkDoorCounts is what a phone at the door asks for every five seconds, at an
// event with as many sign-ups as one can have, a tenth of whom are here.
func BenchmarkDoorCounts(b *testing.B) {
	c := newCity(b)
	e := c.published(0)
	key := must(c.Keys.Key(c.ctx, e.ID))
	var ops []models.Op
	var entries models.Entries
	for i := range models.MaxEntries {
		id := newID()
		person := models.Person{Name: fmt.Sprintf("Namn %d", i), Email: fmt.Sprintf("p%d@example.org", i)}
		rsvp := models.RSVP{Document: models.Document{ID: id}, Event: e.ID, Created: *c.clock, Sealed: key.Seal(e.ID, id, person.Bytes())}
		if i%10 == 0 {
			rsvp.Present = 1
		}
		ops = append(ops, c.Store.RSVPs.Creating(rsvp))
		entries = append(entries, models.Entry{RSVP: must(models.ParseID(id)), Who: key.Who(person.Email), Party: 1, State: models.Going, Since: *c.clock})
	}
	must(0, c.Store.Write(c.ctx, ops...))
	must(c.Store.Rosters.Update(c.ctx, e.ID, func(r *models.Roster) error { r.Entries = entries; return nil }))
	at := c.phone(c.door(e))
	for b.Loop() {
		counts, _ := must2(c.DoorCounts(c.ctx, at))
		if len(counts.Here) != models.MaxEntries/10 {
			b.Fatalf("%d are here", len(counts.Here))
		}
	}
}

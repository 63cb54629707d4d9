package planner

import (
	"slices"
	"testing"
	"time"

	"samling/models"
)

// race is a life of an event up to the moment at which something writes.
type race struct {
	*city
	e   models.Event
	ada string // her sign-up
}

func (r race) tellDue() error {
	_, err := r.TellDue(r.ctx)
	return err
}

func (r race) do(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Whatever is under way when somebody is erased writes nothing of her back: each
// worker, and each use that writes of her, is stopped before its first, second,
// third … write, until another instance has erased her.
func TestErase_RacesEveryWriter(t *testing.T) {
	for name, writer := range map[string]struct {
		before func(t *testing.T, r race) // until it is time
		work   func(r race) error
	}{
		"erasing the notes": {func(_ *testing.T, r race) { r.tell(); r.at(r.e.Ends.Add(models.NotesKept)) }, func(r race) error { return r.Purge(r.ctx) }},
		"erasing an event":  {func(_ *testing.T, r race) { r.tell(); r.at(r.ErasedBy(&r.e)) }, func(r race) error { return r.Purge(r.ctx) }},
		"erasing who left": {func(t *testing.T, r race) {
			r.tell()
			r.do(t, r.Act(r.ctx, r.ada, models.ActCancel, 0))
			r.tell()
			r.pass(models.LeftKept)
		}, race.tellDue},
		"replaying the journal": {func(t *testing.T, r race) { r.do(t, r.Keys.Vault().Journal().Note(r.ada)) }, func(r race) error { return r.Purge(r.ctx) }},
		"erasing her address":   {nil, func(r race) error { _, err := r.EraseAddress(r.ctx, "ada@example.org"); return err }},
		"confirming":            {nil, race.tellDue},
		"reminding":             {func(_ *testing.T, r race) { r.tell(); r.at(r.e.Starts.Add(-20 * time.Hour)) }, race.tellDue},
		"telling what changed": {func(t *testing.T, r race) {
			r.tell()
			must(r.ChangeEvent(r.ctx, Command(), r.e.ID, Anyway, func(e *models.Event) error { e.Place.Name = "Parken"; return nil }))
			r.pass(10 * time.Minute)
		}, race.tellDue},
		"changing the event": {nil, func(r race) error {
			_, err := r.ChangeEvent(r.ctx, Command(), r.e.ID, Anyway, func(e *models.Event) error { e.Ends = e.Ends.Add(60 * day); return nil })
			return err
		}},
		"dropping her second attempt": {func(t *testing.T, r race) { must(r.signUp(r.e, "Ada", 2)); r.pass(2 * orphansLast) }, func(r race) error { return r.Sweep(r.ctx) }},
		"ticking her off":             {nil, func(r race) error { return r.CheckIn(r.ctx, Command(), r.e.ID, r.ada, 1) }},
		"looking at the list":         {nil, func(r race) error { _, err := r.Attendance(r.ctx, nil, r.e.ID, "csv", false); return err }},
		"her own change":              {nil, func(r race) error { return r.Act(r.ctx, r.ada, models.ActParty, 1) }},
		"her own regrets":             {nil, func(r race) error { return r.Act(r.ctx, r.ada, models.ActCancel, 0) }},
		"taking her off the list": {nil, func(r race) error {
			return r.RemoveAttendees(r.ctx, Command(), r.e.ID, []string{r.ada}, true)
		}},
		"changing what she wrote":         {nil, func(r race) error { return r.Answer(r.ctx, r.ada, "Nötter och soja", models.Answers{}) }},
		"hearing that her mail came back": {nil, func(r race) error { return r.LeaveAlone(r.ctx, r.ada) }},
		"mailing her all of hers":         {nil, func(r race) error { return r.MailMine(r.ctx, r.ada) }},
		"asking all to confirm":           {nil, func(r race) error { return r.RequireConfirm(r.ctx, Command(), r.e.ID) }},
	} {
		t.Run(name, func(t *testing.T) {
			for writes := 0; ; writes++ {
				c := newCity(t)
				e := c.published(10)
				must(c.signUp(e, "Bo", 1))
				must(c.SignUp(c.ctx, e.ID, models.SignUp{Name: "Ada", Email: "Ada@example.org", Note: "Nötter", Party: 2, Consent: true, Language: "sv"}, nil))
				r := race{c, e, c.rsvpOf(e, "Ada")}
				if writer.before != nil {
					writer.before(t, r)
				}
				other, left, erased := c.Planner, writes, false
				c.restart(watching(c.Store, func() error {
					if left--; left >= 0 || erased {
						return nil
					}
					erased = true
					return other.Act(c.ctx, r.ada, models.ActErase, 0)
				}))
				err := writer.work(r)
				if code := models.CodeOf(err); !slices.Contains([]models.Code{"", models.CodeNotFound, models.CodeNotPossible, models.CodeGone}, code) {
					t.Errorf("before write %d: %v", writes+1, err)
				}
				if !erased {
					if writes == 0 {
						t.Error("it writes nothing, so nothing was tried")
					}
					return
				}
				r.wantNothing(t, writes)
				c.tell()
				c.purge()
				r.wantNothing(t, writes)
			}
		})
	}
}

// wantNothing looks for what could still tell of Ada.
func (r race) wantNothing(t *testing.T, writes int) {
	t.Helper()
	for rsvp, err := range r.Store.RSVPs.List(r.ctx, models.Query{}) {
		r.do(t, err)
		if person, _ := r.unseal(r.ctx, &rsvp); person.Name == "Ada" || rsvp.ID == r.ada && (len(rsvp.Sealed) > 0 || !rsvp.Consent.At.IsZero() || !rsvp.Returned.IsZero()) {
			t.Errorf("erased before write %d, she was written back: %+v", writes+1, person)
		}
	}
	for _, entry := range must(r.Store.Rosters.Get(r.ctx, r.e.ID)).Entries {
		if entry.RSVP.String() == r.ada && entry.Who != (models.Who{}) {
			t.Errorf("erased before write %d, the roster knows her address", writes+1)
		}
	}
}

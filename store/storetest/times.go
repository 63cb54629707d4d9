package storetest

import (
	"testing"
	"time"

	"samling/models"
)

// timesUTC stores one instant as two zones write it: it reads back as the same
// instant in UTC, to the millisecond, from every way of reading.
func timesUTC(t *testing.T, s *models.Store) {
	want := time.Date(2026, 10, 25, 0, 30, 0, 123_000_000, time.UTC) // in the hour that Stockholm has twice
	for _, zone := range []string{"Europe/Stockholm", "America/St_Johns", "UTC"} {
		t.Run(zone, func(t *testing.T) {
			location, err := time.LoadLocation(zone)
			must(t, err)
			local := want.In(location).Add(456_789 * time.Nanosecond)
			e := event(zone, "slug "+zone)
			e.Starts, e.Programme[0].Time, e.SignUp.Opens = local, local, local
			r := models.RSVP{Document: models.Document{ID: zone}, Event: zone, Created: local, Consent: models.Consent{At: local}}
			ro := roster(zone)
			ro.Entries = models.Entries{entry(1)}
			must(t, s.Write(t.Context(), s.Events.Creating(e), s.RSVPs.Creating(r), s.Rosters.Creating(ro)))
			exact(t, "create", want, eventTimes(get(t, s.Events, zone))...)
			exact(t, "consent", want, get(t, s.RSVPs, zone).Consent.At)

			updated, err := s.Rosters.Update(t.Context(), zone, func(r *models.Roster) error {
				r.Due, r.Facts.Starts, r.Entries[0].Since = local, local, local
				r.Past = []models.Facts{{Ends: local}}
				return nil
			})
			must(t, err)
			exact(t, "update", want, rosterTimes(updated)...)
			exact(t, "get", want, rosterTimes(get(t, s.Rosters, zone))...)
			var inside []time.Time
			_, err = s.Rosters.Update(t.Context(), zone, func(r *models.Roster) error {
				inside = rosterTimes(*r)
				return nil
			})
			must(t, err)
			exact(t, "the next change", want, inside...)

			found := false
			for doc, err := range s.RSVPs.List(t.Context(), models.Query{Index: "event", Equal: []any{zone, want.UnixMilli()}}) {
				must(t, err)
				exact(t, "list", want, doc.Created)
				found = true
			}
			if !found {
				t.Error("not found by its instant")
			}
		})
	}
}

func eventTimes(e models.Event) []time.Time {
	return []time.Time{e.Starts, e.Programme[0].Time, e.SignUp.Opens}
}

func rosterTimes(r models.Roster) []time.Time {
	return []time.Time{r.Due, r.Facts.Starts, r.Past[0].Ends, r.Entries[0].Since}
}

func exact(t *testing.T, where string, want time.Time, got ...time.Time) {
	t.Helper()
	for i, at := range got {
		if at != want { // == and not Equal: the same zone too
			t.Errorf("%s, time %d: %v, want %v", where, i, at, want)
		}
	}
}

func timesZero(t *testing.T, s *models.Store) {
	r := roster("r")
	r.Facts.Opens = time.Time{}
	must(t, s.Rosters.Create(t.Context(), r))
	got := get(t, s.Rosters, "r")
	if !got.Facts.Opens.IsZero() || !got.Due.IsZero() {
		t.Errorf("a zero time came back as %v, %v", got.Facts.Opens, got.Due)
	}
}

package storetest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"samling/models"
)

// doorSixPhones has sixty phones open one door at once: six are in, each with a
// number of its own.
func doorSixPhones(t *testing.T, s *models.Store) {
	door := models.Door{Document: models.Document{ID: "e"}}
	door.Renew(&models.Organiser{}, born())
	must(t, s.Doors.Create(t.Context(), door))
	var wg sync.WaitGroup
	for n := range 10 * models.DoorPhones {
		wg.Go(func() {
			_, err := s.Doors.Update(t.Context(), "e", func(d *models.Door) error { return d.Admit(fmt.Sprint(n), nil, born()) })
			if code := models.CodeOf(err); code != "" && code != models.CodeNotPossible {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	got := get(t, s.Doors, "e")
	same(t, len(got.Phones), models.DoorPhones)
	for i, p := range got.Phones {
		same(t, p.Number, i+1)
	}
}

// doorPressesOnce has the phones of a door send what each has gathered offline, all
// of it several times: each press is taken once, and the last by its own time stands.
func doorPressesOnce(t *testing.T, s *models.Store) {
	must(t, s.RSVPs.Create(t.Context(), models.RSVP{Document: models.Document{ID: "r"}, Event: "e"}))
	must(t, s.WalkIns.Create(t.Context(), models.WalkIn{Document: models.Document{ID: "w"}, Event: "e"}))
	var wg sync.WaitGroup
	for n := range models.DoorPhones {
		press := models.Press{ID: fmt.Sprint(n), Count: n + 1, At: born().Add(time.Duration(n) * time.Minute)}
		for range 3 {
			wg.Go(func() {
				_, err := s.RSVPs.Update(t.Context(), "r", func(r *models.RSVP) error { r.Press(press); return nil })
				if err != nil {
					t.Error(err)
				}
				_, err = s.WalkIns.Update(t.Context(), "w", func(w *models.WalkIn) error { w.Press(press); return nil })
				if err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	r, w := get(t, s.RSVPs, "r"), get(t, s.WalkIns, "w")
	same(t, r.Present, models.DoorPhones)
	same(t, w.Count, models.DoorPhones)
	same(t, len(r.Presses), models.DoorPhones)
	same(t, len(w.Presses), models.DoorPhones)
}

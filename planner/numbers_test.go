package planner

import (
	"fmt"
	"testing"
	"time"

	"samling/models"
)

func months(t testing.TB, from, to string) (time.Time, time.Time) {
	t.Helper()
	zone := models.Zone("Europe/Stockholm")
	one, err := time.ParseInLocation("2006-01", from, zone)
	two, err2 := time.ParseInLocation("2006-01", to, zone)
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	return one, two
}

func (c *city) numbers(by Grouping, from, to string) (rows map[string]Numbers, total Numbers) {
	c.t.Helper()
	one, two := months(c.t, from, to)
	report := must(c.Numbers(c.ctx, Command(), by, one, two))
	rows = map[string]Numbers{}
	for _, r := range report.Rows {
		rows[r.Key] = r.Numbers
	}
	return rows, report.Total
}

func wantNumbers(t *testing.T, what string, got, want Numbers) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

func TestNumbers(t *testing.T) {
	c := newCity(t) // 3 March 2026
	shared := townHall()
	shared.CoHosts, shared.Groups = []string{"videdal"}, []string{"klimat"}
	shared = must(c.CreateEvent(c.ctx, Command(), shared))
	shared = must(c.MoveEvent(c.ctx, Command(), shared.ID, Anyway, models.Publish, ""))
	must(c.signUp(shared, "Ada", 3))
	must(c.signUp(shared, "Bo", 2))
	must(c.signUp(shared, "Cem", 1))
	must(0, c.Act(c.ctx, c.rsvpOf(shared, "Cem"), models.ActCancel, 0))
	// In April, with sign-ups made in March and in April.
	later := townHall()
	later.Starts = tuesday.AddDate(0, 1, 10)
	later = must(c.CreateEvent(c.ctx, Command(), later))
	later = must(c.MoveEvent(c.ctx, Command(), later.ID, Anyway, models.Publish, ""))
	must(c.signUp(later, "Dan", 4))
	off := townHall()
	off.Starts = tuesday.AddDate(0, 0, 12)
	off = must(c.CreateEvent(c.ctx, Command(), off))
	must(c.MoveEvent(c.ctx, Command(), off.ID, Anyway, models.Publish, ""))
	must(c.MoveEvent(c.ctx, Command(), off.ID, Anyway, models.Cancel, "sjukdom"))
	must(c.CreateEvent(c.ctx, Command(), townHall())) // a draft is nothing yet

	rows, total := c.numbers(ByAssociation, "2026-03", "2026-04")
	wantNumbers(t, "husie before", rows["husie"], Numbers{Events: 1, Cancelled: 1, SignedUp: 5, Left: 1, Made: 10})
	wantNumbers(t, "videdal before", rows["videdal"], Numbers{Events: 1, SignedUp: 5, Left: 1, Made: 6})
	wantNumbers(t, "all, each once", total, Numbers{Events: 1, Cancelled: 1, SignedUp: 5, Left: 1, Made: 10})
	rows, _ = c.numbers(ByMonth, "2026-01", "2027-01")
	wantNumbers(t, "March", rows["2026-03"], Numbers{Events: 1, Cancelled: 1, SignedUp: 5, Left: 1, Made: 10})
	wantNumbers(t, "April", rows["2026-04"], Numbers{Events: 1, SignedUp: 4})
	rows, _ = c.numbers(ByGroup, "2026-03", "2026-04")
	wantNumbers(t, "klimat", rows["klimat"], Numbers{Events: 1, SignedUp: 5, Left: 1, Made: 6})
	rows, _ = c.numbers(ByKind, "2026-03", "2026-04")
	wantNumbers(t, "town halls", rows["town-hall"], total)
	rows, _ = c.numbers(ByDistrict, "2026-03", "2026-04")
	wantNumbers(t, "Öster", rows["oster"], total)

	// Ticked off at the door, and then counted by an organiser.
	*c.clock = shared.Ends
	must(0, c.CheckIn(c.ctx, Command(), shared.ID, c.rsvpOf(shared, "Ada"), 3))
	must(0, c.WalkIn(c.ctx, Command(), shared.ID, newID(), 2))
	_, total = c.numbers(ByKind, "2026-03", "2026-04")
	if total.Came != 5 || total.Counted != 1 || total.Eligible != 1 {
		t.Errorf("ticked off: %+v", total)
	}
	must(c.Close(c.ctx, Command(), shared.ID, time.Time{}, models.Closing{Came: 4}, nil))
	_, total = c.numbers(ByKind, "2026-03", "2026-04")
	if total.Came != 4 || total.Counted != 1 || total.Eligible != 0 {
		t.Errorf("counted: %+v", total)
	}
	// When the names are gone the numbers are there.
	c.pass(30 * 24 * time.Hour)
	must(0, c.Purge(c.ctx))
	rows, _ = c.numbers(ByAssociation, "2026-03", "2026-04")
	wantNumbers(t, "husie afterwards", rows["husie"], Numbers{Events: 1, Cancelled: 1, SignedUp: 5, Left: 1, Made: 10, Came: 4, Counted: 1})
}

func TestNumbers_ForCoordinatorsAlone(t *testing.T) {
	c := newCity(t)
	o := c.organiser()
	_, err := c.Numbers(c.ctx, &o, ByKind, tuesday, tuesday)
	wantCode(t, "an organiser", err, models.CodeNotFound)
}

// A report reads so many rosters and no more; what is long over is remembered, so
// that the next one goes on.
func TestNumbers_ReadSoMuchAtOnce(t *testing.T) {
	c := newCity(t)
	var ops []models.Op
	for i := range mostRead + 10 {
		e := townHall()
		e.ID, e.Slug, e.Status = newID(), fmt.Sprintf("kvall-%d", i), models.Published
		e.Starts = tuesday.AddDate(0, 0, -20)
		e.Ends, e.Updated = e.Starts.Add(time.Hour), tuesday
		ops = append(ops, c.Store.Events.Creating(e))
	}
	must(0, c.Store.Write(c.ctx, ops...))
	must(0, c.Refresh(c.ctx))
	from, to := months(t, "2026-02", "2026-03")
	first := must(c.Numbers(c.ctx, Command(), ByKind, from, to))
	if first.Unread != 10 || first.Total.Events != mostRead+10 {
		t.Errorf("first: %d unread of %d", first.Unread, first.Total.Events)
	}
	if second := must(c.Numbers(c.ctx, Command(), ByKind, from, to)); second.Unread != 0 {
		t.Errorf("second: %d unread", second.Unread)
	}
}

package ics

import (
	"bytes"
	"sync"
	"testing"
	"time"

	"samling/models"
)

// moved is an event whose time, place or both have changed.
func moved(t testing.TB, newTime, newPlace string) Item {
	return townHall(t, "01", func(i *Item) {
		i.Event.Texts = map[string]models.Text{"en": {Title: "Town hall"}}
		if newTime != "" {
			i.Event.Moved.TimeAt = clock(t, newTime)
		}
		if newPlace != "" {
			i.Event.Moved.PlaceAt = clock(t, newPlace)
		}
	})
}

func TestFragment_Marks(t *testing.T) {
	e := encoder(t)
	for name, c := range map[string]struct {
		item     Item
		language string
		day      string
		summary  string
		modified string
	}{
		"a new time":               {moved(t, "2026-02-01 12:00", ""), "sv", "2026-02-02", "Ny tid: Öppet möte om bostäder", "20260201T110000Z"},
		"a new place":              {moved(t, "", "2026-02-01 12:00"), "sv", "2026-02-02", "Ny plats: Öppet möte om bostäder", "20260201T110000Z"},
		"both":                     {moved(t, "2026-02-01 12:00", "2026-02-01 12:00"), "sv", "2026-02-02", "Ny tid och plats: Öppet möte om bostäder", "20260201T110000Z"},
		"in English":               {moved(t, "2026-02-01 12:00", "2026-02-01 12:00"), "en", "2026-02-02", "New time and place: Town hall", "20260201T110000Z"},
		"on the seventh day after": {moved(t, "2026-02-01 12:00", ""), "sv", "2026-02-08", "Ny tid: Öppet möte om bostäder", "20260201T110000Z"},
		// That the mark goes is a change, and some programs believe only the date.
		"on the eighth":             {moved(t, "2026-02-01 12:00", ""), "sv", "2026-02-09", "Öppet möte om bostäder", "20260208T230000Z"},
		"long after":                {moved(t, "2026-02-01 12:00", ""), "sv", "2026-05-09", "Öppet möte om bostäder", "20260208T230000Z"},
		"the time first, the place": {moved(t, "2026-02-01 12:00", "2026-02-04 12:00"), "sv", "2026-02-10", "Ny plats: Öppet möte om bostäder", "20260208T230000Z"},
	} {
		t.Run(name, func(t *testing.T) {
			day := clock(t, c.day+" 00:00").In(today(t).Location())
			got := e.Feed(Feed{Language: c.language}, []*Fragment{e.Fragment(c.item, c.language, day)})
			has(t, got, "SUMMARY:"+c.summary, "LAST-MODIFIED:"+c.modified, "DTSTAMP:"+c.modified)
			if title := e.Title(c.item.Event, c.language, day); title != c.summary {
				t.Errorf("its title is %q", title)
			}
		})
	}
	off := moved(t, "2026-02-01 12:00", "")
	off.Event.Status = models.Cancelled
	has(t, feedOf(t, off), "SUMMARY:INSTÄLLT: Öppet möte om bostäder")
	// What is taken once would keep its mark for ever.
	has(t, e.Event(moved(t, today(t).Format("2006-01-02 15:04"), ""), "sv"), "SUMMARY:Öppet möte om bostäder")
}

// A fragment that is kept says when the clock makes it wrong, and holds till then.
func TestFragment_Until(t *testing.T) {
	e := encoder(t)
	item := moved(t, "2026-02-08 12:00", "2026-02-06 12:00")
	day := today(t)
	var changed []string
	kept := e.Fragment(item, "sv", day)
	for range 30 {
		day = day.AddDate(0, 0, 1)
		fresh := e.Fragment(item, "sv", day)
		due := !kept.Until().IsZero() && !day.Before(kept.Until())
		if same := bytes.Equal(fresh.body, kept.body); same == due {
			t.Errorf("%s: the same bytes: %v; until %s", day.Format(time.DateOnly), same, kept.Until())
		}
		if due {
			changed = append(changed, day.Format(time.DateOnly))
			kept = fresh
		}
	}
	if len(changed) != 2 || changed[0] != "2026-02-14" || changed[1] != "2026-02-16" || !kept.Until().IsZero() {
		t.Errorf("changed on %v, then until %s", changed, kept.Until())
	}
}

func TestFeed_ForMembers(t *testing.T) {
	e := encoder(t)
	item := townHall(t, "01", func(i *Item) { i.Event.Audience = models.Members })
	parts := fragments(t, e, "sv", item, townHall(t, "02", func(i *Item) { i.Event.Status = models.Draft }))
	got := e.Feed(Feed{Language: "sv", Members: true}, parts)
	lint(t, got)
	has(t, got, "UID:"+item.Event.ID, "CLASS:PRIVATE")
	if n := bytes.Count(got, []byte("BEGIN:VEVENT")); n != 1 {
		t.Errorf("%d events, and one of two is a draft", n)
	}
}

// Thirty days after its date a cancelled event goes, long before others do.
func TestWindow_Cancelled(t *testing.T) {
	window := WindowAt(clock(t, "2026-06-01 00:00").In(today(t).Location()))
	for _, c := range []struct {
		ends      string
		published bool
		cancelled bool
	}{
		{"2026-03-01 00:00", false, false},
		{"2026-03-01 00:01", true, false},
		{"2026-05-02 00:00", true, false},
		{"2026-05-02 00:01", true, true},
		{"2026-06-20 12:00", true, true},
	} {
		for status, want := range map[models.Status]bool{models.Published: c.published, models.Postponed: c.published, models.Cancelled: c.cancelled} {
			e := models.Event{Status: status, Starts: clock(t, c.ends).Add(-time.Hour), Ends: clock(t, c.ends)}
			if got := window.Shows(&e); got != want {
				t.Errorf("%s, ended %s: shown %v", status, c.ends, got)
			}
		}
	}
}

// A fragment is kept as two pieces of memory, whatever was needed to make it, and
// the writer needs none.
func TestFragment_Allocations(t *testing.T) {
	e, s, items := encoder(t), newSheet(), season(t, 100)
	got := testing.AllocsPerRun(20, func() {
		for i := range items {
			e.fragment(s.blank(), items[i], "sv", models.Marks{})
		}
	}) / float64(len(items))
	if got > 2.1 { // now and then more room for values
		t.Errorf("%.2f allocations for a fragment", got)
	}
	s = newSheet()
	s.add("SUMMARY", "Å, B")
	s.with("ATTENDEE", "mailto:a@b.example", map[string][]string{"CN": {"Styrelsen: Bo"}, "RSVP": {"FALSE"}})
	var w writer
	if got := testing.AllocsPerRun(20, func() { w.buf = w.buf[:0]; w.component(&s.event) }); got > 0 {
		t.Errorf("%.2f allocations to write an event", got)
	}
}

// What is shared to make fragments never gets from one into another.
func TestFragment_Parallel(t *testing.T) {
	e, items, day := encoder(t), season(t, 50), today(t)
	want := fragments(t, e, "sv", items...)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for i := range items {
				if got := e.Fragment(items[i], "sv", day); !bytes.Equal(got.body, want[i].body) {
					t.Errorf("another fragment:\n%s", got.body)
				}
			}
		})
	}
	all.Wait()
}

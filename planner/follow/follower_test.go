package follow

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"samling/ics"
	"samling/models"
	"samling/planner"
)

const weekly = "RRULE:FREQ=WEEKLY;COUNT=3"

func TestFollow_NothingBeforeTheWord(t *testing.T) {
	w := newWorld(t)
	w.says(at("1", "20260310T180000", "Möte"), at("2", "20260312T180000", "Tandläkaren", "CLASS:PRIVATE"), at("3", "20260101T180000", "Förra året"),
		at("4", "20260313T180000", "", "DESCRIPTION:x"), at("5", "20260314T180000", "Inställt", "STATUS:CANCELLED"), at("6", "20260401T180000", "Kör", weekly))
	w.look()
	w.want("looked at")
	f := w.calendar()
	found := f.Found
	if f.Status != models.FollowNew || f.Name != "Husies kalender" || found.Events != 4 || found.Next[0].Title != "Möte" || len(found.Next) != 4 ||
		found.Private != 1 || len(found.Left) != 1 || found.Left[0].Code != "no-title" {
		t.Errorf("got %+v", f)
	}
	w.later(48 * time.Hour)
	if len(w.asked) != 1 {
		t.Errorf("asked %d times before anybody said that it may", len(w.asked))
	}
}

func TestFollow_TakesOver(t *testing.T) {
	w := newWorld(t)
	w.says(at("1", "20260310T180000", "Möte", "LOCATION:Aulan", "ATTENDEE:mailto:ada@example.org"), at("2", "20260325T180000", "Kör", weekly, "EXDATE;TZID=Europe/Stockholm:20260401T180000"))
	w.begin(false)
	w.want("taken over", "03-10 18:00 Möte published", "03-25 18:00 Kör published", "04-08 18:00 Kör published")
	before := w.event("Möte")
	if before.Host != "husie" || before.Place.Name != "Aulan" || before.District != "oster" || before.Kind != models.Other || before.Audience != models.Public {
		t.Errorf("got %+v", before)
	}

	// The same again changes nothing.
	w.later(0)
	w.later(25 * time.Hour)
	if after := w.event("Möte"); after.Revision != before.Revision {
		t.Errorf("was written again: %+v", after)
	}

	// What changed there changes here, but for what was changed here.
	_, err := w.ChangeEvent(t.Context(), husie, before.ID, planner.Anyway, func(e *models.Event) error { e.Title = "Öppet möte"; return nil })
	w.must(err)
	w.says(at("1", "20260310T190000", "Styrelsemöte", "LOCATION:Salen"), at("2", "20260325T180000", "Kören", weekly), at("3", "20260315T120000", "Fest"))
	w.later(0)
	w.want("changed", "03-10 19:00 Öppet möte published", "03-15 12:00 Fest published", "03-25 18:00 Kören published", "04-01 18:00 Kören published", "04-08 18:00 Kören published")
	if e := w.event("Öppet möte"); e.ID != before.ID || e.Place.Name != "Salen" || e.Own()[0] != "title" || e.Follow != w.id {
		t.Errorf("got %+v", e)
	}
}

func TestFollow_Drafts(t *testing.T) {
	w := newWorld(t)
	w.says(at("1", "20260310T180000", "Möte"))
	w.begin(true)
	w.want("as drafts", "03-10 18:00 Möte draft")
	w.says()
	w.later(0)
	w.later(7 * time.Hour)
	w.want("a draft that is gone", "03-10 18:00 Möte draft")
}

// When the hour or the day of a series changes, its occurrences are the same ones.
// moved are series, and what stands in their calendar when they have moved.
func moved() map[string]struct{ before, after string } {
	return map[string]struct{ before, after string }{
		"another hour":             {at("2", "20260325T180000", "Kör", weekly), at("2", "20260325T190000", "Kör", weekly)},
		"another day":              {at("2", "20260325T180000", "Kör", weekly), at("2", "20260326T190000", "Kör", weekly)},
		"Google, from there on":    {at("2@google.com", "20260325T180000", "Kör", weekly), at("2_R20260325T180000@google.com", "20260325T190000", "Kör", weekly)},
		"one that begins to recur": {at("2", "20260325T180000", "Kör"), at("2", "20260325T180000", "Kör", weekly)},
	}
}

func TestFollow_SeriesThatMove(t *testing.T) {
	for name, c := range moved() {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			others := ""
			for i := range 20 {
				others += at(fmt.Sprint("x", i), "20260501T180000", "Annat")
			}
			w.says(c.before, others)
			w.begin(false)
			ids := map[string]bool{}
			for _, l := range w.Followed(w.id) {
				ids[l.ID] = true
			}
			w.says(c.after, others)
			w.later(0)
			fresh := 0
			for _, l := range w.Followed(w.id) {
				if !ids[l.ID] {
					fresh++
				}
			}
			if n := len(w.Followed(w.id)); n != 23 || fresh != n-len(ids) {
				t.Errorf("%d events, %d of them new, after %d", n, fresh, len(ids))
			}
			if f := w.calendar(); len(f.Gone) > 0 {
				t.Errorf("gone: %+v", f.Gone)
			}
			w.later(7 * time.Hour)
			if e := w.event("Kör"); e.Status != models.Published || strings.Contains(strings.Join(w.here(), " "), "cancelled") {
				t.Errorf("got %q", w.here())
			}
		})
	}
}

// many are ten events, so that one or two are no more than a fifth.
func many(n int, more ...string) []string {
	var out []string
	for i := range n {
		out = append(out, at(fmt.Sprint("m", i), fmt.Sprintf("202604%02dT120000", i+1), fmt.Sprint("M", i)))
	}
	return append(out, more...)
}

func TestFollow_Gone(t *testing.T) {
	cancelled := func(w *world) (n int) {
		for _, line := range w.here() {
			n += strings.Count(line, " cancelled")
		}
		return n
	}
	w := newWorld(t)
	w.says(many(10)...)
	w.begin(false)
	w.signUp("M8", "Ada")

	w.says(many(8)...)
	w.later(0)
	w.later(5 * time.Hour)
	if n := cancelled(w); n != 0 {
		t.Fatalf("%d cancelled after five hours", n)
	}
	w.later(time.Hour)
	if w.event("M9").Status != models.Cancelled || w.event("M8").Status != models.Published {
		t.Errorf("after six hours: %q", w.here())
	}
	if f := w.calendar(); len(f.Waiting()) != 1 || f.Waiting()[0].Event != w.event("M8").ID {
		t.Errorf("people are coming to one: %+v", f.Gone)
	}

	// Back again: nobody is asked any more. The cancelled one stays cancelled, and
	// its organisers can see it.
	w.says(many(10)...)
	w.later(0)
	if f := w.calendar(); len(f.Gone) != 0 || len(f.Found.Left) != 1 || f.Found.Left[0].Code != "cancelled-here" {
		t.Errorf("back again: %+v", f)
	}

	// An emptied calendar cancels nothing by itself.
	w.says()
	w.later(0)
	w.later(7 * time.Hour)
	if f := w.calendar(); cancelled(w) != 1 || len(f.Waiting()) != 9 {
		t.Errorf("emptied: %d cancelled, %d wait", cancelled(w), len(f.Waiting()))
	}
}

// What the calendar itself cancels is off at once, unless people are coming.
func TestFollow_CancelledThere(t *testing.T) {
	w := newWorld(t)
	w.says(many(10)...)
	w.begin(false)
	w.signUp("M9", "Ada")
	w.says(many(8, at("m8", "20260409T120000", "M8", "STATUS:CANCELLED"), at("m9", "20260410T120000", "M9", "STATUS:CANCELLED"))...)
	w.later(0)
	if f := w.calendar(); w.event("M8").Status != models.Cancelled || w.event("M9").Status != models.Published || len(f.Waiting()) != 1 {
		t.Errorf("got %q, %+v", w.here(), w.calendar().Gone)
	}
}

// An event in a form that cannot be read is not gone, and one that is private now
// waits for a word.
func TestFollow_UnreadableIsNotGone(t *testing.T) {
	w := newWorld(t)
	w.says(many(10)...)
	w.begin(false)
	w.says(many(8, at("m8", "i morgon", "M8"), at("m9", "20260410T120000", "M9", "CLASS:PRIVATE"))...)
	w.later(0)
	w.later(24 * time.Hour)
	f := w.calendar()
	if len(f.Gone) != 1 || f.Gone[0].Why != models.GonePrivate || f.Gone[0].Word != models.WordWanted || w.event("M8").Status != models.Published {
		t.Errorf("got %+v, %q", f.Gone, w.here())
	}
}

// A library that falls over a calendar takes nobody else along: the calendar is
// called unreadable, and what came of it stays until it can be read again.
func TestFollow_ParserPanics(t *testing.T) {
	w := newWorld(t)
	w.says(many(3)...)
	w.begin(false)
	w.worker.parse = func([]byte, ics.ParseOptions) (ics.Calendar, error) { panic("index out of range") }
	w.says(many(2)...)
	w.later(time.Hour)
	if f := w.calendar(); f.Trouble.Code != "unreadable" || len(w.here()) != 3 {
		t.Errorf("got %+v, %q", f.Trouble, w.here())
	}
	w.worker.parse = ics.Read
	w.later(time.Hour)
	if f := w.calendar(); f.Trouble.Code != "" || len(f.Gone) != 1 {
		t.Errorf("got %+v, gone %v", f.Trouble, f.Gone)
	}
}

// What is over there and moved here is not gone; neither is what is over here.
func TestFollow_WhatIsOverIsNotGone(t *testing.T) {
	w := newWorld(t)
	w.says(many(9, at("soon", "20260304T120000", "Snart"), at("sooner", "20260303T230000", "Strax"))...)
	w.begin(false)
	_, err := w.ChangeEvent(t.Context(), husie, w.event("Snart").ID, planner.Anyway, func(e *models.Event) error {
		e.Starts, e.Ends = e.Starts.AddDate(0, 1, 0), e.Ends.AddDate(0, 1, 0)
		return nil
	})
	w.must(err)
	w.later(48 * time.Hour)
	w.later(7 * time.Hour)
	if f := w.calendar(); len(f.Gone) > 0 || w.event("Snart").Status != models.Published {
		t.Errorf("got %+v, %q", f.Gone, w.here())
	}
}

func TestFollow_Conditional(t *testing.T) {
	w := newWorld(t)
	w.says(many(9, at("s", "20260310T180000", "Kör", "RRULE:FREQ=WEEKLY"))...)
	w.begin(false)
	first := len(w.here())
	// Within a day it need not be sent again; after that its series must go on.
	for range 50 {
		w.later(0)
	}
	if w.seen[0]+w.seen[1] != "" || w.seen[2] == "" || w.seen[len(w.seen)-1] == "" {
		t.Errorf("asked with %q", w.seen)
	}
	asked := 0
	for _, s := range w.seen[2:] {
		if s == "" {
			asked++
		}
	}
	if asked != 1 {
		t.Errorf("in a day it was asked for %d times whatever it says", asked)
	}
	w.later(14 * 24 * time.Hour)
	if n := len(w.here()); n < first+1 {
		t.Errorf("the series ends after %d", n-first)
	}
}

// Something missing is gone too when the calendar only says that it is as it was.
func TestFollow_GoneWhenUnchanged(t *testing.T) {
	w := newWorld(t)
	w.says(many(10)...)
	w.begin(false)
	w.says(many(9)...)
	w.later(0)
	w.later(6 * time.Hour)
	if w.seen[len(w.seen)-1] == "" || w.event("M9").Status != models.Cancelled {
		t.Errorf("asked with %q, %q", w.seen, w.here())
	}
}

func TestFollow_Troubles(t *testing.T) {
	w := newWorld(t)
	w.says(many(2)...)
	w.begin(false)
	fetched := w.calendar().Fetched
	for _, c := range []struct {
		status     int
		body, want string
	}{
		{http.StatusNotFound, "", "not-there"},
		{http.StatusOK, "<!doctype html><p>Logga in", "not-a-calendar"},
		{http.StatusOK, "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "cut-off"},
		{http.StatusOK, "BEGIN:VCALENDAR\r\nX:\xe5\r\nEND:VCALENDAR\r\n", "not-utf8"},
	} {
		w.status, w.body = c.status, c.body
		w.later(0)
		if f := w.calendar(); f.Trouble.Code != c.want || !f.Fetched.Equal(fetched) || len(f.Gone) > 0 {
			t.Errorf("got %+v, want %s", f, c.want)
		}
	}
	if f := w.calendar(); f.Failures != 4 || f.Due.Sub(f.Tried) < 4*time.Hour {
		t.Errorf("after four failures the next fetch is after %v", f.Due.Sub(f.Tried))
	}
	w.says(many(3)...)
	w.later(0)
	if f := w.calendar(); f.Trouble.Code != "" || f.Failures != 0 || len(w.here()) != 3 {
		t.Errorf("got %+v, %q", f, w.here())
	}
	must(w.Store.Follows.Update(t.Context(), w.id, func(f *models.Follow) error { f.Sealed = []byte("broken"); return nil }))
	w.later(0)
	if f := w.calendar(); f.Trouble.Code != "address-lost" {
		t.Errorf("got %+v", f)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// errDied is what every write returns once the process is dead.
var errDied = errors.New("the process has died")

type mortalEvents struct {
	models.Collection[models.Event]
	left *int
}

func (m mortalEvents) Create(ctx context.Context, e models.Event) error {
	if *m.left--; *m.left < 0 {
		return errDied
	}
	return m.Collection.Create(ctx, e)
}

func (m mortalEvents) Update(ctx context.Context, id string, change func(*models.Event) error) (models.Event, error) {
	if *m.left--; *m.left < 0 {
		return models.Event{}, errDied
	}
	return m.Collection.Update(ctx, id, change)
}

type mortalBackend struct {
	models.Backend
	left *int
}

func (m mortalBackend) Write(ctx context.Context, ops ...models.Op) error {
	if *m.left--; *m.left < 0 {
		return errDied
	}
	return m.Backend.Write(ctx, ops...)
}

// Wherever a round is cut off, another does it again, and nothing is doubled.
func TestFollow_CutOff(t *testing.T) {
	for writes := range 2 * 4 {
		w := newWorld(t)
		sound := w.Store
		now := func() time.Time { return *w.clock }
		w.says(many(4)...)
		w.look()
		w.must(w.ApproveFollow(t.Context(), husie, w.id, false))
		mortal := *sound
		left := writes
		mortal.Events, mortal.Backend = mortalEvents{sound.Events, &left}, mortalBackend{sound.Backend, &left}
		w.restart(&mortal, now)
		w.fetch()
		w.restart(sound, now)
		if f := w.calendar(); f.Claim == "" {
			t.Fatalf("after %d writes: was not cut off: %+v", writes, f)
		}
		w.fetch() // not due: the other may still be at it
		if len(w.asked) != 2 {
			t.Errorf("fetched %d times while another was", len(w.asked))
		}
		w.later(0)
		w.want(fmt.Sprint("cut off after ", writes), "04-01 12:00 M0 published", "04-02 12:00 M1 published", "04-03 12:00 M2 published", "04-04 12:00 M3 published")
	}
}

// Two processes over one store fetch a calendar once.
func TestFollow_OneOfTwo(t *testing.T) {
	w := newWorld(t)
	w.says(many(5)...)
	w.look()
	w.must(w.ApproveFollow(t.Context(), husie, w.id, false))
	first, second := w.worker, *w
	second.restart(w.Store, func() time.Time { return *w.clock })
	done := make(chan bool)
	for _, f := range []*Follower{first, second.worker} {
		go func() { f.follow(t.Context(), w.id); done <- true }()
	}
	<-done
	<-done
	if len(w.asked) != 2 { // the look, and one of them
		t.Errorf("asked %d times", len(w.asked))
	}
}

// A day of it: every half hour, not in step with others, and at once for somebody
// who waits.
func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t}
		w.open(time.Now) // in 2000
		w.says(at("1", "20000310T180000", "A"), at("2", "20000311T180000", "B"), at("3", "20000312T180000", "C"))
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { w.worker.Run(ctx); close(ended) }()
		w.Planner.Fetch = w.worker.Fetch
		began := time.Now()
		f := must(w.StartFollowing(ctx, husie, "husie", "https://kalender.example/hemlig.ics"))
		w.id = f.ID
		if f.Found.Events != 3 || time.Since(began) > time.Second {
			t.Errorf("after %v: %+v", time.Since(began), f.Found)
		}
		w.must(w.ApproveFollow(ctx, husie, w.id, false))
		if n := len(w.here()); n != 3 {
			t.Errorf("%d events at once", n)
		}
		time.Sleep(24 * time.Hour)
		if n := w.times(); n < 44 || n > 50 {
			t.Errorf("asked %d times in a day", n)
		}
		w.mu.Lock()
		w.status = http.StatusInternalServerError
		w.mu.Unlock()
		before := w.times()
		time.Sleep(24 * time.Hour)
		if n := w.times() - before; n < 3 || n > 7 {
			t.Errorf("asked %d times in a day of trouble", n)
		}
		if err := w.FetchFollow(ctx, husie, w.id); err != nil {
			t.Error(err)
		}
		if err := w.FetchFollow(ctx, husie, w.id); models.CodeOf(err) != models.CodeTooMany {
			t.Errorf("asked again at once: %v", err)
		}
		cancel()
		<-ended
		w.worker.Fetch(t.Context(), w.id) // returns, though nobody works
		w.must(w.Store.Close())
	})
}

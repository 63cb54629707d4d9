package planner

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"samling/models"
)

// errCrashed is what every write returns once the process is "dead".
var errCrashed = errors.New("the process has died")

// watched calls before ahead of every write, one op at a time, as a store without
// transactions does them. An error is the write's.
type watched struct {
	models.Backend
	before func() error
}

func (w watched) Write(ctx context.Context, ops ...models.Op) error {
	for _, op := range ops {
		if err := w.before(); err != nil {
			return err
		}
		if err := w.Backend.Write(ctx, op); err != nil {
			return err
		}
	}
	return nil
}

type watchedCollection[T any] struct {
	models.Collection[T]
	watched
}

func (c watchedCollection[T]) Create(ctx context.Context, doc T) error {
	return c.watched.Write(ctx, c.Creating(doc))
}

func (c watchedCollection[T]) Update(ctx context.Context, id string, change func(*T) error) (T, error) {
	if err := c.before(); err != nil {
		var none T
		return none, err
	}
	return c.Collection.Update(ctx, id, change)
}

func (c watchedCollection[T]) Delete(ctx context.Context, id string, revision models.Revision) error {
	return c.watched.Write(ctx, c.Deleting(id, revision))
}

// watching is a store that calls before ahead of every write.
func watching(s *models.Store, before func() error) *models.Store {
	w := watched{s.Backend, before}
	m := *s
	m.Backend = w
	m.Events = watchedCollection[models.Event]{s.Events, w}
	m.Rosters = watchedCollection[models.Roster]{s.Rosters, w}
	m.RSVPs = watchedCollection[models.RSVP]{s.RSVPs, w}
	m.Mails = watchedCollection[models.Mail]{s.Mails, w}
	m.EventKeys = watchedCollection[models.EventKey]{s.EventKeys, w}
	m.Reads = watchedCollection[models.Read]{s.Reads, w}
	m.Changes = watchedCollection[models.Change]{s.Changes, w}
	m.Follows = watchedCollection[models.Follow]{s.Follows, w}
	m.Limits = watchedCollection[models.Limit]{s.Limits, w}
	m.Plans = watchedCollection[models.Plan]{s.Plans, w}
	return &m
}

// mortal is a store that dies after that many writes.
func mortal(s *models.Store, writes int) *models.Store {
	return watching(s, func() error {
		if writes--; writes < 0 {
			return errCrashed
		}
		return nil
	})
}

// TestCrash_AfterEveryWrite runs a life of an event, lets the process die after
// its first, second, third … write, starts it again, and lets somebody repeat
// what was not acknowledged. Whenever it died, the end is the same.
func TestCrash_AfterEveryWrite(t *testing.T) {
	for writes := 0; ; writes++ {
		if writes > 300 {
			t.Fatal("the life of the event never ends")
		}
		done := false
		t.Run(fmt.Sprint(writes), func(t *testing.T) { done = liveWithCrash(t, writes) })
		if done || t.Failed() {
			return
		}
	}
}

// liveWithCrash reports whether the process outlived the event.
func liveWithCrash(t *testing.T, writes int) bool {
	c := newCity(t)
	sound := c.Store
	c.restart(mortal(sound, writes))
	crashed := false
	// again repeats a step until it is acknowledged, as people do.
	again := func(what string, step func() error) {
		t.Helper()
		err := step()
		if errors.Is(err, errCrashed) {
			crashed = true
			c.restart(sound)
			if err := c.repair(c.ctx); err != nil {
				t.Fatalf("repairing after %s: %v", what, err)
			}
			err = step()
		}
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	tell := func() { again("telling", func() error { _, err := c.TellDue(c.ctx); return err }) }

	var e models.Event
	again("creating", func() (err error) {
		draft := townHall()
		draft.Slug, draft.Capacity = "mote", 2
		e, err = c.CreateEvent(c.ctx, Command(), draft)
		if errors.Is(err, models.ErrExists) { // it was there before the crash
			var l *Listed
			if l, err = c.Catalogue().Event("mote"); err == nil {
				e = *l.Event
			}
		}
		return err
	})
	step := func(what string, change func(*models.Event) error) {
		again(what, func() error { _, err := c.ChangeEvent(c.ctx, Command(), e.ID, Anyway, change); return err })
	}
	again("publishing", func() error {
		_, err := c.MoveEvent(c.ctx, Command(), e.ID, Anyway, models.Publish, "")
		return err
	})
	for _, name := range []string{"Ada", "Bo", "Cem"} {
		again(name+" signs up", func() error { _, err := c.signUp(e, name, 1); return err })
	}
	tell()
	step("moving", func(e *models.Event) error {
		e.Starts, e.Ends = tuesday.Add(48*time.Hour), tuesday.Add(50*time.Hour)
		return nil
	})
	c.pass(10 * time.Minute) // changes are gathered
	tell()
	ada := c.rsvpOf(e, "Ada")
	again("Ada's regrets", func() error { return c.Act(c.ctx, ada, models.ActCancel, 0) })
	tell()
	c.pass(25 * time.Hour) // the day before at 11.00, and a little
	tell()
	again("looking at the list", func() error { _, err := c.Attendance(c.ctx, nil, e.ID, "csv", false); return err })

	c.restart(sound)
	c.pass(2 * time.Hour)
	if err := c.Sweep(c.ctx); err != nil {
		t.Fatal(err)
	}
	wantList(t, "the list", c.places(e), "Bo:going", "Cem:going")
	c.wantTruthTold(e)
	if n := must(c.Store.RSVPs.Count(c.ctx, models.Query{})); n != 3 {
		t.Errorf("%d sign-ups are kept, want 3", n)
	}
	return !crashed
}

// wantTruthTold reads the outbox as the people do, in the order in which it was
// filled, and compares what each of them believes in the end with what is true.
func (c *city) wantTruthTold(e models.Event) {
	c.t.Helper()
	mails := c.outbox()
	slices.SortStableFunc(mails, func(a, b models.Mail) int { return a.Sequence - b.Sequence })
	believed := map[string]models.Mail{}
	kinds := map[string][]string{}
	for _, m := range mails {
		kinds[m.RSVP] = append(kinds[m.RSVP], string(m.Kind))
		if m.Kind == models.MailReminder {
			continue // it brings nothing new
		}
		if last, ok := believed[m.RSVP]; ok && last.Sequence == m.Sequence {
			c.t.Errorf("two mails with SEQUENCE %d: %s and %s", m.Sequence, last.Kind, m.Kind)
		}
		believed[m.RSVP] = m
	}
	r := must(c.Store.Rosters.Get(c.ctx, e.ID))
	if got := r.Tellings(*c.clock, 10); len(got) > 0 {
		c.t.Errorf("still to be told: %+v", got)
	}
	for _, entry := range r.Entries {
		if reminded := slices.Contains(kinds[entry.RSVP.String()], string(models.MailReminder)); reminded != (entry.State == models.Going) {
			c.t.Errorf("%v is %s, reminded: %v", entry.RSVP, entry.State, reminded)
		}
		m, ok := believed[entry.RSVP.String()]
		if !ok || m.State != entry.State || m.Party != entry.Party || entry.State.Coming() && !m.Is.SaySame(r.Facts) {
			c.t.Errorf("%v believes %+v of %v, but %+v", entry.RSVP, m.State, kinds[entry.RSVP.String()], entry)
		}
		seen := map[string]bool{}
		for _, kind := range kinds[entry.RSVP.String()] {
			if seen[kind] {
				c.t.Errorf("told %q twice: %v", kind, kinds[entry.RSVP.String()])
			}
			seen[kind] = true
		}
	}
}

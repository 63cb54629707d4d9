package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"samling/models"
)

const writers = 64

// writersNoLostUpdate has 64 writers add to one document, and counts.
func writersNoLostUpdate(t *testing.T, s *models.Store) {
	const each = 10
	must(t, s.Rosters.Create(t.Context(), roster("r")))
	revisions := sync.Map{}
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for n := range each {
				mine := entry(w*each + n)
				got, err := s.Rosters.Update(t.Context(), "r", adding(mine))
				if err != nil {
					t.Error(err)
					return
				}
				if e, there := got.Entry(mine.RSVP); !there || e != mine {
					t.Errorf("writer %d does not see her own change", w)
				}
				if before, seen := revisions.Swap(got.Revision, len(got.Entries)); seen && before != len(got.Entries) {
					t.Errorf("revision %s has %d entries and %d", got.Revision, before, len(got.Entries))
				}
			}
		})
	}
	wg.Wait()
	got := get(t, s.Rosters, "r")
	same(t, len(got.Entries), writers*each)
	for n := range writers * each {
		if _, there := got.Entry(entry(n).RSVP); !there {
			t.Errorf("update %d is lost", n)
		}
	}
}

// writersFailuresAmongSuccesses mixes changes that stay with changes that spoil
// the document and then fail: each caller gets its own outcome, and nothing of
// the failed ones remains.
func writersFailuresAmongSuccesses(t *testing.T, s *models.Store) {
	const each = 6
	must(t, s.Rosters.Create(t.Context(), roster("r")))
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for n := range each {
				number := w*each + n
				_, err := s.Rosters.Update(t.Context(), "r", func(r *models.Roster) error {
					_ = adding(entry(number))(r)
					switch number % 3 {
					case 1:
						r.Entries[0].Party = 50
						return errRefused(number)
					case 2:
						r.Entries = nil
						panic(number)
					}
					return nil
				})
				var refused *models.Error
				switch {
				case number%3 == 0 && err != nil,
					number%3 == 1 && (!errors.As(err, &refused) || refused.Err.Error() != fmt.Sprint(number)),
					number%3 == 2 && models.CodeOf(err) != models.CodeInternal:
					t.Errorf("writer %d was answered %v", number, err)
				}
			}
		})
	}
	wg.Wait()
	got := get(t, s.Rosters, "r")
	same(t, len(got.Entries), writers*each/3)
	for n := 0; n < writers*each; n += 3 {
		if e, _ := got.Entry(entry(n).RSVP); e != entry(n) {
			t.Errorf("entry %d = %v", n, e)
		}
	}
}

// writersUniqueKey lets all writers want the same key: one gets it.
func writersUniqueKey(t *testing.T, s *models.Store) {
	var won, lost atomic.Int32
	count := func(err error) {
		switch {
		case err == nil:
			won.Add(1)
		case errors.Is(err, models.ErrExists):
			lost.Add(1)
		default:
			t.Error(err)
		}
	}
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			if w%2 == 0 {
				count(s.Organisers.Create(t.Context(), organiser(numbered(w), "wanted@example.org")))
				return
			}
			if err := s.Organisers.Create(t.Context(), organiser(numbered(w), numbered(w)+"@example.org")); err != nil {
				t.Error(err)
			}
			_, err := s.Organisers.Update(t.Context(), numbered(w), func(o *models.Organiser) error {
				o.Email = "wanted@example.org"
				return nil
			})
			count(err)
		})
	}
	wg.Wait()
	same(t, won.Load(), int32(1))
	same(t, lost.Load(), int32(writers-1))
	same(t, len(ids(t, s.Organisers, models.Query{Index: "email", Equal: []any{"wanted@example.org"}})), 1)
}

// writersReaders reads while others write: every document read is one that was
// committed, and what a reader has seen does not go away again.
func writersReaders(t *testing.T, s *models.Store) {
	must(t, s.Rosters.Create(t.Context(), roster("r")))
	var done atomic.Bool
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for seen := 0; !done.Load(); {
				got, err := s.Rosters.Get(t.Context(), "r")
				if err != nil || len(got.Entries) < seen {
					t.Errorf("%d entries after %d, %v", len(got.Entries), seen, err)
					return
				}
				seen = len(got.Entries)
			}
		})
	}
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for n := range 20 {
				number := w*20 + n
				got, err := s.Rosters.Update(t.Context(), "r", adding(entry(number)))
				if err != nil {
					t.Error(err)
					return
				}
				read, err := s.Rosters.Get(t.Context(), "r")
				if err != nil || len(read.Entries) < len(got.Entries) {
					t.Errorf("writer %d cannot read her own write: %v", w, err)
				}
			}
		})
	}
	wg.Wait()
	done.Store(true)
	readers.Wait()
}

func writeInOrder(t *testing.T, s *models.Store) {
	var order []string
	step := func(name string) func(*models.Roster) error {
		return func(r *models.Roster) error {
			order = append(order, name)
			r.Facts.Place += name
			return nil
		}
	}
	must(t, s.Write(t.Context(),
		s.RSVPs.Creating(models.RSVP{Document: models.Document{ID: "first"}, Event: "r"}),
		s.Rosters.Creating(roster("r")),
		s.Rosters.Updating("r", step("a")),
		s.Rosters.Updating("r", step("b")),
		s.RSVPs.Updating("first", func(r *models.RSVP) error { r.Present = len(order); return nil }),
	))
	same(t, get(t, s.Rosters, "r").Facts.Place, "ab")
	same(t, get(t, s.RSVPs, "first").Present, 2)
}

func writeFailedStopsRest(t *testing.T, s *models.Store) {
	must(t, s.Rosters.Create(t.Context(), roster("r")))
	must(t, s.Organisers.Create(t.Context(), organiser("o", "taken@example.org")))
	revision := get(t, s.Organisers, "o").Revision
	for _, c := range []struct {
		name string
		op   models.Op
		want error
	}{
		{"refused", s.Rosters.Updating("r", func(*models.Roster) error { return errRefused(1) }), models.Fault(models.CodeClosed)},
		{"not found", s.Rosters.Updating("nobody", adding(entry(1))), models.ErrNotFound},
		{"exists", s.Rosters.Creating(roster("r")), models.ErrExists},
		{"unique key", s.Organisers.Creating(organiser("o2", "taken@example.org")), models.ErrExists},
		{"another revision", s.Organisers.Deleting("o", revision+"x"), models.ErrChangedMeanwhile},
	} {
		t.Run(c.name, func(t *testing.T) {
			before, after := "before "+c.name, "after "+c.name
			is(t, s.Write(t.Context(),
				s.RSVPs.Creating(models.RSVP{Document: models.Document{ID: before}}),
				s.Rosters.Updating("r", func(r *models.Roster) error { r.Facts.Place = before; return nil }),
				c.op,
				s.RSVPs.Creating(models.RSVP{Document: models.Document{ID: after}}),
				s.Rosters.Updating("r", func(r *models.Roster) error { r.Facts.Place = after; return nil }),
			), c.want)
			get(t, s.RSVPs, before)
			_, err := s.RSVPs.Get(t.Context(), after)
			is(t, err, models.ErrNotFound)
			same(t, get(t, s.Rosters, "r").Facts.Place, before)
		})
	}
}

// writeManyNew writes new documents behind each other: those before one that is
// taken stay, those behind it do not come.
func writeManyNew(t *testing.T, s *models.Store) {
	rsvp := func(n int) models.Op {
		return s.RSVPs.Creating(models.RSVP{Document: models.Document{ID: numbered(n)}, Event: "r"})
	}
	var ops []models.Op
	for n := range 10 {
		ops = append(ops, rsvp(n))
	}
	is(t, s.Write(t.Context(), append(ops, rsvp(3), rsvp(10))...), models.ErrExists)
	same(t, len(ids(t, s.RSVPs, models.Query{})), 10)
	wrong(t, "one without an id", s.Write(t.Context(), rsvp(11), s.RSVPs.Creating(models.RSVP{}), rsvp(12)))
	same(t, ids(t, s.RSVPs, models.Query{After: models.Cursor{ID: numbered(9)}}), []string{numbered(11)})
}

// writeSameDocumentTwice lets every kind of op follow every other on one
// document within one Write.
func writeSameDocumentTwice(t *testing.T, s *models.Store) {
	ctx := t.Context()
	must(t, s.Rosters.Create(ctx, roster("r")))
	revision := get(t, s.Rosters, "r").Revision
	// The update comes first, so the revision is not that of the document any more.
	is(t, s.Write(ctx, s.Rosters.Updating("r", adding(entry(1))), s.Rosters.Deleting("r", revision)), models.ErrChangedMeanwhile)
	same(t, len(get(t, s.Rosters, "r").Entries), 1)
	is(t, s.Write(ctx, s.Rosters.Updating("r", adding(entry(2))), s.Rosters.Creating(roster("r"))), models.ErrExists)
	same(t, len(get(t, s.Rosters, "r").Entries), 2)

	revision = get(t, s.Rosters, "r").Revision
	is(t, s.Write(ctx, s.Rosters.Deleting("r", revision), s.Rosters.Updating("r", adding(entry(3)))), models.ErrNotFound)
	_, err := s.Rosters.Get(ctx, "r")
	is(t, err, models.ErrNotFound)

	must(t, s.Write(ctx, s.Rosters.Creating(roster("r")), s.Rosters.Updating("r", adding(entry(4)))))
	revision = get(t, s.Rosters, "r").Revision
	must(t, s.Write(ctx, s.Rosters.Deleting("r", revision), s.Rosters.Creating(roster("r")), s.Rosters.Updating("r", adding(entry(5)))))
	same(t, get(t, s.Rosters, "r").Entries, models.Entries{entry(5)})
}

func writeNothing(t *testing.T, s *models.Store) { must(t, s.Write(t.Context())) }

// contextEndedBefore: what was not taken has not happened.
func contextEndedBefore(t *testing.T, s *models.Store) {
	must(t, s.Rosters.Create(t.Context(), roster("r")))
	before := get(t, s.Rosters, "r")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	is(t, s.Rosters.Create(ended, roster("r2")), context.Canceled)
	_, err := s.Rosters.Update(ended, "r", adding(entry(1)))
	is(t, err, context.Canceled)
	is(t, s.Rosters.Delete(ended, "r", before.Revision), context.Canceled)
	_, err = s.Rosters.Get(ended, "r")
	is(t, err, context.Canceled)
	_, err = s.Rosters.Count(ended, models.Query{})
	is(t, err, context.Canceled)
	is(t, s.Ping(ended), context.Canceled)
	same(t, get(t, s.Rosters, "r"), before)
	same(t, ids(t, s.Rosters, models.Query{}), []string{"r"})
}

func ping(t *testing.T, s *models.Store) { must(t, s.Ping(t.Context())) }

// closed: writes in hand are finished, and nothing is taken afterwards.
func closed(t *testing.T, s *models.Store) {
	must(t, s.Rosters.Create(t.Context(), roster("r")))
	started, finish := make(chan struct{}), make(chan struct{})
	inHand, isClosed := make(chan error, 1), make(chan error, 1)
	var once sync.Once
	go func() {
		_, err := s.Rosters.Update(t.Context(), "r", func(*models.Roster) error {
			once.Do(func() { close(started) })
			<-finish
			return nil
		})
		inHand <- err
	}()
	<-started
	go func() { isClosed <- s.Close() }()
	select {
	case <-isClosed:
		t.Error("Close did not wait for the write in hand")
	case <-time.After(20 * time.Millisecond):
	}
	close(finish)
	must(t, <-inHand)
	must(t, <-isClosed)
	must(t, s.Close())

	is(t, s.Rosters.Create(t.Context(), roster("r2")), models.ErrUnavailable)
	_, err := s.Rosters.Get(t.Context(), "r")
	is(t, err, models.ErrUnavailable)
	_, err = s.Rosters.Count(t.Context(), models.Query{})
	is(t, err, models.ErrUnavailable)
	is(t, s.Ping(t.Context()), models.ErrUnavailable)
	for _, err := range s.Rosters.List(t.Context(), models.Query{}) {
		is(t, err, models.ErrUnavailable)
	}
}

package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"samling/models"
)

// entered is an entry by number.
func entered(n int) models.Entry {
	var id models.ID
	copy(id[:], fmt.Sprint(n))
	return models.Entry{RSVP: id, Party: 1, State: models.Going}
}

func entering(n int) func(*models.Roster) error {
	return func(r *models.Roster) error {
		r.Entries = append(r.Entries, entered(n))
		return nil
	}
}

func hot(t testing.TB, s *models.Store) {
	t.Helper()
	if err := s.Rosters.Create(t.Context(), models.Roster{Document: models.Document{ID: "hot"}}); err != nil {
		t.Fatal(err)
	}
}

// holding keeps the writer busy with a change until it is released, so that
// others gather before it.
func holding(t *testing.T, s *models.Store) (release func()) {
	held, end, done := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		if _, err := s.Rosters.Update(context.Background(), "hot", func(*models.Roster) error {
			close(held)
			<-end
			return nil
		}); err != nil {
			t.Error(err)
		}
	}()
	<-held
	return func() { close(end); <-done }
}

// TestWriter_CommitsTogether holds the writer until others wait: they are one
// commit, one revision and one decoding.
func TestWriter_CommitsTogether(t *testing.T) {
	s, _ := fresh(t, Options{})
	hot(t, s)
	release := holding(t, s)
	var wg sync.WaitGroup
	revisions := make([]models.Revision, 20)
	values := map[*models.Roster]bool{} // only ever touched by the writer
	for n := range revisions {
		wg.Go(func() {
			got, err := s.Rosters.Update(context.Background(), "hot", func(r *models.Roster) error {
				values[r] = true
				return entering(n)(r)
			})
			if err != nil {
				t.Error(err)
			}
			revisions[n] = got.Revision
		})
	}
	waiting(t, len(revisions))
	release()
	wg.Wait()
	for _, r := range revisions {
		if r != revisions[0] {
			t.Errorf("committed as %s and %s", revisions[0], r)
		}
	}
	if len(values) != 1 {
		t.Errorf("decoded %d times", len(values))
	}
}

// TestWriter_TogetherWithAFailure is the same with changes that fail: they are
// called on a document without a trace of another failure, and one that panics
// or cannot be encoded spoils nobody else's.
func TestWriter_TogetherWithAFailure(t *testing.T) {
	refused := errors.New("refused")
	spoil := func(r *models.Roster) { r.Entries[0].Party = 2 }
	for name, fail := range map[string]func(r *models.Roster) error{
		"refused": func(r *models.Roster) error { spoil(r); return refused },
		"panic":   func(r *models.Roster) error { spoil(r); panic("a fault") },
		"cannot be encoded": func(r *models.Roster) error {
			r.Facts.Starts = time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := fresh(t, Options{})
			hot(t, s)
			release := holding(t, s)
			var wg sync.WaitGroup
			const writers = 40
			for n := range writers {
				wg.Go(func() {
					fails := n%4 == 1
					_, err := s.Rosters.Update(context.Background(), "hot", func(r *models.Roster) error {
						for _, e := range r.Entries {
							if e.Party != 1 {
								t.Error("another's failed change shows")
							}
						}
						_ = entering(n)(r) // not idempotent, so that one done twice shows
						if fails {
							return fail(r)
						}
						return nil
					})
					if fails == (err == nil) || name == "refused" && fails && !errors.Is(err, refused) {
						t.Errorf("writer %d was answered %v", n, err)
					}
				})
			}
			waiting(t, writers)
			release()
			wg.Wait()
			got, err := s.Rosters.Get(t.Context(), "hot")
			if err != nil || len(got.Entries) != writers*3/4 {
				t.Errorf("%d entries, want %d, %v", len(got.Entries), writers*3/4, err)
			}
		})
	}
}

// TestWriter_ContextEndsWhileWaiting: a caller who was not taken leaves and
// nothing has happened; one who was taken waits for what became of it.
func TestWriter_ContextEndsWhileWaiting(t *testing.T) {
	s, _ := fresh(t, Options{})
	hot(t, s)
	held, release := make(chan struct{}), make(chan struct{})
	takenCtx, endTaken := context.WithCancel(t.Context())
	waitingCtx, endWaiting := context.WithCancel(t.Context())
	takenErr, waitingErr := make(chan error), make(chan error)
	go func() {
		_, err := s.Rosters.Update(takenCtx, "hot", func(r *models.Roster) error {
			close(held)
			<-release
			return entering(1)(r)
		})
		takenErr <- err
	}()
	<-held
	endTaken()
	go func() {
		_, err := s.Rosters.Update(waitingCtx, "hot", entering(2))
		waitingErr <- err
	}()
	waiting(t, 1)
	endWaiting()
	if err := <-waitingErr; !errors.Is(err, context.Canceled) {
		t.Errorf("who waited was answered %v", err)
	}
	close(release)
	if err := <-takenErr; err != nil {
		t.Errorf("who was taken was answered %v", err)
	}
	got, err := s.Rosters.Get(t.Context(), "hot")
	if err != nil || len(got.Entries) != 1 || got.Entries[0] != entered(1) {
		t.Errorf("entries %v, %v", got.Entries, err)
	}
}

// TestWriter_NothingChanged leaves the row alone.
func TestWriter_NothingChanged(t *testing.T) {
	s, _ := fresh(t, Options{})
	hot(t, s)
	before, err := s.Rosters.Get(t.Context(), "hot")
	if err != nil {
		t.Fatal(err)
	}
	after, err := s.Rosters.Update(t.Context(), "hot", func(*models.Roster) error { return nil })
	if err != nil || after.Revision != before.Revision {
		t.Errorf("revision %s after %s, %v", after.Revision, before.Revision, err)
	}
}

// TestWriter_ACommandBeside has two processes' worth of store on one file: what
// one has decoded and kept is not believed when the other has written since.
func TestWriter_ACommandBeside(t *testing.T) {
	serve, path := fresh(t, Options{Exclusive: true})
	command := reopened(t, path, Options{})
	hot(t, serve)
	stores := []*models.Store{serve, command}
	for n := range 20 {
		if _, err := stores[n%2].Rosters.Update(t.Context(), "hot", entering(n)); err != nil {
			t.Fatal(err)
		}
		other, err := stores[1-n%2].Rosters.Get(t.Context(), "hot")
		if err != nil || len(other.Entries) != n+1 {
			t.Fatalf("the other sees %d entries after %d, %v", len(other.Entries), n+1, err)
		}
	}
	// Deleted and made again by the one, the other's kept copy is another's life.
	doc, _ := command.Rosters.Get(t.Context(), "hot")
	if err := command.Rosters.Delete(t.Context(), "hot", doc.Revision); err != nil {
		t.Fatal(err)
	}
	if _, err := serve.Rosters.Update(t.Context(), "hot", entering(0)); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("error = %v, want ErrNotFound", err)
	}
	hot(t, command)
	got, err := serve.Rosters.Update(t.Context(), "hot", entering(7))
	if err != nil || len(got.Entries) != 1 {
		t.Errorf("%d entries, %v", len(got.Entries), err)
	}
}

// TestWriter_TwoProcessesAtOnce: neither loses the other's updates.
func TestWriter_TwoProcessesAtOnce(t *testing.T) {
	const writers, each = 8, 10
	serve, path := fresh(t, Options{Exclusive: true})
	command := reopened(t, path, Options{})
	hot(t, serve)
	var wg sync.WaitGroup
	for w := range writers {
		s := []*models.Store{serve, command}[w%2]
		wg.Go(func() {
			for n := range each {
				if _, err := s.Rosters.Update(context.Background(), "hot", entering(w*each+n)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	got, err := serve.Rosters.Get(t.Context(), "hot")
	if err != nil || len(got.Entries) != writers*each {
		t.Errorf("%d entries, want %d, %v", len(got.Entries), writers*each, err)
	}
}

// TestWriter_DiskFull lets the file grow no further: what fails is answered
// ErrUnavailable and has left nothing, what was acknowledged stays, and when
// there is room again it goes on.
func TestWriter_DiskFull(t *testing.T) {
	s, _ := fresh(t, Options{})
	hot(t, s)
	size := value(t, under(s).write, "PRAGMA page_count")
	limit := func(pages string) { value(t, under(s).write, "PRAGMA max_page_count = "+pages) }
	limit(size)
	write := func(n int) error {
		return s.Write(t.Context(),
			s.Rosters.Updating("hot", entering(n)),
			s.RSVPs.Creating(models.RSVP{Document: models.Document{ID: fmt.Sprint(n)}, Event: strings.Repeat("x", 1000)}))
	}
	acknowledged, failed := 0, 0
	for n := range 50 {
		switch err := write(n); {
		case err == nil:
			acknowledged++
		case errors.Is(err, models.ErrUnavailable):
			failed++
		default:
			t.Errorf("error = %v, want ErrUnavailable", err)
		}
	}
	if failed == 0 {
		t.Fatal("the disk was never full")
	}
	check := func() {
		t.Helper()
		got, err := s.Rosters.Get(t.Context(), "hot")
		if err != nil || len(got.Entries) != acknowledged {
			t.Errorf("%d entries, want %d, %v", len(got.Entries), acknowledged, err)
		}
		if n, err := s.RSVPs.Count(t.Context(), models.Query{}); err != nil || n != acknowledged {
			t.Errorf("%d RSVPs, want %d, %v", n, acknowledged, err)
		}
	}
	check()
	limit("100000")
	if err := write(1000); err != nil {
		t.Fatal(err)
	}
	acknowledged++
	check()
}

// TestWriter_BusyTooLong: another process that keeps the write lock costs an
// ErrUnavailable, and nothing is believed of the batch.
func TestWriter_BusyTooLong(t *testing.T) {
	s, path := fresh(t, Options{})
	hot(t, s)
	value(t, under(s).write, "PRAGMA busy_timeout = 20")
	other := reopen(t, path)
	if _, err := other.Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Rosters.Update(t.Context(), "hot", entering(1)); !errors.Is(err, models.ErrUnavailable) {
		t.Errorf("error = %v, want ErrUnavailable", err)
	}
	if err := s.Ping(t.Context()); !errors.Is(err, models.ErrUnavailable) {
		t.Errorf("Ping = %v, want ErrUnavailable", err)
	}
	if _, err := other.Exec("COMMIT"); err != nil {
		t.Fatal(err)
	}
	got, err := s.Rosters.Update(t.Context(), "hot", entering(2))
	if err != nil || len(got.Entries) != 1 {
		t.Errorf("%d entries, %v", len(got.Entries), err)
	}
}

// TestWriter_KeptIsBounded forgets the rosters that were used longest ago.
func TestWriter_KeptIsBounded(t *testing.T) {
	s, _ := fresh(t, Options{})
	keep := models.RosterSpec().Keep
	for n := range keep + 10 {
		id := fmt.Sprint(n)
		if err := s.Rosters.Create(t.Context(), models.Roster{Document: models.Document{ID: id}}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Rosters.Update(t.Context(), id, entering(1)); err != nil {
			t.Fatal(err)
		}
	}
	kept := s.Rosters.(*collection[models.Roster, *models.Roster]).kept
	if err := s.Close(); err != nil { // the writer has ended and does not mind
		t.Fatal(err)
	}
	if kept.Len() != keep {
		t.Errorf("%d kept, want %d", kept.Len(), keep)
	}
}

func TestWrite_AnotherStoresOp(t *testing.T) {
	s, _ := fresh(t, Options{})
	if err := s.Write(t.Context(), foreign{}); err == nil {
		t.Error("taken")
	}
}

type foreign struct{}

func (foreign) Op() {}

package sqlite

import (
	"context"
	"encoding/binary"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"samling/models"
)

// many runs work on so many goroutines until b.N pieces are done, and reports
// them a second.
func many(b *testing.B, goroutines int, work func(n int) error) {
	b.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range goroutines {
		wg.Go(func() {
			for {
				n := int(next.Add(1))
				if n > b.N {
					return
				}
				if err := work(n); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "/s")
}

// small is a sign-up as it is kept: sealed bytes and a consent.
func small(n int) models.RSVP {
	at := time.UnixMilli(1_780_000_000_000 + int64(n)).UTC()
	return models.RSVP{
		Document: models.Document{ID: fmt.Sprintf("%036d", n)}, Event: "hot", Sealed: make([]byte, 120), Language: "sv", Created: at,
		Consent: models.Consent{Version: 1, Language: "sv", At: at, Hosts: []string{"host"}},
	}
}

// BenchmarkInsert is one write a commit beside group commit.
func BenchmarkInsert(b *testing.B) {
	b.Run("bare", func(b *testing.B) { // database/sql alone: what one commit costs
		_, path := fresh(b, Options{})
		db, err := connect(path, 1, "mode=rw&_txlock=immediate", "journal_mode(WAL)", "synchronous(FULL)")
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = db.Close() }()
		if _, err := db.Exec("CREATE TABLE bare (id TEXT PRIMARY KEY, data TEXT)"); err != nil {
			b.Fatal(err)
		}
		insert, err := db.Prepare("INSERT INTO bare VALUES (?, ?)")
		if err != nil {
			b.Fatal(err)
		}
		many(b, 1, func(n int) error {
			_, err := insert.Exec(fmt.Sprintf("%036d", n), string(make([]byte, 300)))
			return err
		})
	})
	for _, writers := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			s, _ := fresh(b, Options{})
			many(b, writers, func(n int) error { return s.RSVPs.Create(context.Background(), small(n)) })
		})
	}
}

// open to all: a roster without a limit.
func openRoster() models.Roster {
	starts := time.Date(2026, 5, 1, 16, 0, 0, 0, time.UTC)
	return models.Roster{Document: models.Document{ID: "hot"}, Facts: models.Facts{
		Sequence: 1, Status: models.Published, Needed: true, LargestParty: 4, TimeZone: "Europe/Stockholm",
		Starts: starts, Ends: starts.Add(2 * time.Hour), Place: "Folkets Park, Malmö",
	}}
}

// BenchmarkHotRoster signs 5,000 up to one event, an RSVP and an entry in one
// Write, from 0; one more begins a new event.
func BenchmarkHotRoster(b *testing.B) {
	for _, writers := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			now := time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
			s, _ := fresh(b, Options{})
			for event := range b.N/5000 + 1 {
				r := openRoster()
				r.ID = fmt.Sprint(event)
				if err := s.Rosters.Create(context.Background(), r); err != nil {
					b.Fatal(err)
				}
			}
			many(b, writers, func(n int) error {
				ask := models.Ask{Party: 1}
				binary.BigEndian.PutUint64(ask.RSVP[:], uint64(n))
				binary.BigEndian.PutUint64(ask.Who[:], uint64(n))
				return s.Write(context.Background(), s.RSVPs.Creating(small(n)),
					s.Rosters.Updating(fmt.Sprint((n-1)/5000), func(r *models.Roster) error {
						_, err := r.SignUp(ask, now)
						return err
					}))
			})
		})
	}
}

// BenchmarkGet reads by id, and a roster of 5,000, which is mostly decoding.
func BenchmarkGet(b *testing.B) {
	s, _ := fresh(b, Options{})
	for n := range 1000 {
		if err := s.RSVPs.Create(context.Background(), small(n)); err != nil {
			b.Fatal(err)
		}
	}
	r := openRoster()
	for n := range 5000 {
		r.Entries = append(r.Entries, entered(n))
	}
	if err := s.Rosters.Create(context.Background(), r); err != nil {
		b.Fatal(err)
	}
	for _, readers := range []int{1, 16} {
		b.Run(fmt.Sprintf("rsvp/readers=%d", readers), func(b *testing.B) {
			many(b, readers, func(n int) error {
				_, err := s.RSVPs.Get(context.Background(), fmt.Sprintf("%036d", n%1000))
				return err
			})
		})
	}
	b.Run("roster of 5000", func(b *testing.B) {
		many(b, 1, func(int) error {
			_, err := s.Rosters.Get(context.Background(), "hot")
			return err
		})
	})
}

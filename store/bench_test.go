package store_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"samling/models"
	"samling/store"
)

// BenchmarkStores does the same work on each store, in one run on one machine:
// SQLite, and MongoDB where SAMLING_TEST_MONGODB names a server. It reports
// operations a second.
func BenchmarkStores(b *testing.B) {
	for name, address := range places() {
		fresh := func(b *testing.B) *models.Store {
			b.Helper()
			s, err := store.Open(b.Context(), address(b), store.Options{})
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = s.Close() })
			return s
		}
		for _, at := range []int{1, 16, 64} {
			b.Run(fmt.Sprintf("%s/create/writers=%d", name, at), func(b *testing.B) {
				s := fresh(b)
				many(b, at, func(n int) error { return s.RSVPs.Create(context.Background(), small(n)) })
			})
			b.Run(fmt.Sprintf("%s/hot-update/writers=%d", name, at), func(b *testing.B) { hotUpdate(b, fresh(b), at) })
			b.Run(fmt.Sprintf("%s/get/readers=%d", name, at), func(b *testing.B) {
				s := filled(b, fresh(b))
				many(b, at, func(n int) error {
					_, err := s.RSVPs.Get(context.Background(), small(n%kept).ID)
					return err
				})
			})
		}
		b.Run(name+"/list-100-by-index", func(b *testing.B) {
			s := filled(b, fresh(b))
			many(b, 1, func(n int) error {
				query := models.Query{Index: "event", Equal: []any{"hot"}, From: small(n % (kept - 100)).Created.UnixMilli(), Limit: 100}
				for _, err := range s.RSVPs.List(context.Background(), query) {
					if err != nil {
						return err
					}
				}
				return nil
			})
		})
	}
}

// many runs work on so many goroutines until b.N pieces are done, and reports
// them a second.
func many(b *testing.B, goroutines int, work func(n int) error) {
	b.Helper()
	var next atomic.Int64
	var all sync.WaitGroup
	b.ResetTimer()
	for range goroutines {
		all.Go(func() {
			for n := int(next.Add(1)); n <= b.N; n = int(next.Add(1)) {
				if err := work(n); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "/s")
	b.ReportMetric(0, "ns/op")
}

// small is a sign-up of one event.
func small(n int) models.RSVP {
	return models.RSVP{
		Document: models.Document{ID: fmt.Sprintf("%036d", n)}, Event: "hot", Sealed: make([]byte, 120), Language: "sv",
		Created: time.UnixMilli(1_780_000_000_000 + int64(n)).UTC(),
	}
}

// kept is how many sign-ups there are to be read.
const kept = 2000

func filled(b *testing.B, s *models.Store) *models.Store {
	b.Helper()
	var ops []models.Op
	for n := range kept {
		ops = append(ops, s.RSVPs.Creating(small(n)))
	}
	if err := s.Write(b.Context(), ops...); err != nil {
		b.Fatal(err)
	}
	return s
}

// hotUpdate changes one roster, which has 500 entries after as many changes.
func hotUpdate(b *testing.B, s *models.Store, writers int) {
	if err := s.Rosters.Create(b.Context(), models.Roster{Document: models.Document{ID: "hot"}}); err != nil {
		b.Fatal(err)
	}
	many(b, writers, func(n int) error {
		var e models.Entry
		binary.BigEndian.PutUint64(e.RSVP[:], uint64(n))
		_, err := s.Rosters.Update(context.Background(), "hot", func(r *models.Roster) error {
			if _, there := r.Entry(e.RSVP); !there && len(r.Entries) < 500 {
				r.Entries = append(r.Entries, e)
			} else {
				r.Changed = time.UnixMilli(int64(n)).UTC()
			}
			return nil
		})
		return err
	})
}

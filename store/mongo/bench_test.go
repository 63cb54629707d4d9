package mongo

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
			for n := int(next.Add(1)); n <= b.N; n = int(next.Add(1)) {
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

func small(n int) models.RSVP {
	return models.RSVP{
		Document: models.Document{ID: fmt.Sprintf("%036d", n)}, Event: "hot", Sealed: make([]byte, 120), Language: "sv",
		Created: time.UnixMilli(1_780_000_000_000 + int64(n)).UTC(),
	}
}

func BenchmarkCreate(b *testing.B) {
	for _, writers := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			s, _ := fresh(b)
			many(b, writers, func(n int) error { return s.RSVPs.Create(context.Background(), small(n)) })
		})
	}
}

// BenchmarkHotUpdate adds entries to one roster, from none.
func BenchmarkHotUpdate(b *testing.B) {
	for _, writers := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			s, _ := fresh(b)
			if err := s.Rosters.Create(context.Background(), models.Roster{Document: models.Document{ID: "hot"}}); err != nil {
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
		})
	}
}

// BenchmarkRead gets by id, and lists pages of 100 by an index, from 2,000.
func BenchmarkRead(b *testing.B) {
	s, _ := fresh(b)
	for n := range 2000 {
		if err := s.RSVPs.Create(context.Background(), small(n)); err != nil {
			b.Fatal(err)
		}
	}
	for _, readers := range []int{1, 16} {
		b.Run(fmt.Sprintf("get/readers=%d", readers), func(b *testing.B) {
			many(b, readers, func(n int) error {
				_, err := s.RSVPs.Get(context.Background(), fmt.Sprintf("%036d", n%2000))
				return err
			})
		})
	}
	b.Run("list 100", func(b *testing.B) {
		many(b, 1, func(n int) error {
			from := small(n % 1900).Created.UnixMilli()
			for _, err := range s.RSVPs.List(context.Background(), models.Query{Index: "event", Equal: []any{"hot"}, From: from, Limit: 100}) {
				if err != nil {
					return err
				}
			}
			return nil
		})
	})
}

package store_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"samling/models"
	"samling/store"
	"samling/store/shape"
)

// BenchmarkCopy copies as many sign-ups as it is told, verification and all, each
// way: go test -run '^$' -bench Copy -benchtime 1000000x ./store
func BenchmarkCopy(b *testing.B) {
	for from, makeFrom := range places() {
		for to, makeTo := range places() {
			b.Run(fmt.Sprintf("%s to %s", from, to), func(b *testing.B) {
				open := func(url string, opts store.Options) *models.Store {
					s, err := store.Open(b.Context(), url, opts)
					if err != nil {
						b.Fatal(err)
					}
					return s
				}
				source := open(makeFrom(b), store.Options{})
				defer source.Close()
				signUps(b, source, b.N)
				target := open(makeTo(b), store.Options{CopyOf: "chain"})
				defer target.Close()
				b.ResetTimer()
				if _, err := store.Copy(b.Context(), source, target, silent); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "documents/s")
			})
		}
	}
}

// signUps puts so many sign-ups into a store.
func signUps(b *testing.B, s *models.Store, n int) {
	b.Helper()
	var filling errgroup.Group
	filling.SetLimit(8)
	at := time.Date(2026, 5, 1, 10, 0, 0, 0, time.UTC)
	for first := 0; first < n; first += 100 {
		var rows []shape.Row
		for i := first; i < min(first+100, n); i++ {
			data, err := json.Marshal(models.RSVP{
				Event: fmt.Sprintf("event %d", i/1000), Sealed: bytes.Repeat([]byte{byte(i)}, 120), Language: "sv", Created: at.Add(time.Duration(i) * time.Second),
				Consent: models.Consent{Version: models.ConsentVersion, Language: "sv", At: at, Hosts: []string{"mollevangen"}},
			})
			if err != nil {
				b.Fatal(err)
			}
			id := fmt.Sprintf("%016x", uint64(i)*0x9e3779b97f4a7c15) // scattered, as random ones are
			rows = append(rows, shape.Row{Document: models.Document{ID: id, Revision: shape.Following("")}, Data: data})
		}
		filling.Go(func() error { return s.Write(b.Context(), table(s, "rsvps").Inserting(rows...)) })
	}
	if err := filling.Wait(); err != nil {
		b.Fatal(err)
	}
}

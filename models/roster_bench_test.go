package models

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

// hot is the roster of an event that n people have signed up for. Those before
// the last 64 were told so: the mails keep up.
func hot(tb testing.TB, n int) (*Roster, func() Ask, time.Time) {
	tb.Helper()
	now := time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
	r := &Roster{}
	r.Learn(Facts{
		Sequence: 1, Status: Published, Needed: true, Capacity: 3000, LargestParty: 4,
		Starts: now.Add(72 * time.Hour), Ends: now.Add(74 * time.Hour),
	}, now)
	made := uint64(0)
	next := func() Ask {
		made++
		ask := Ask{Party: 1 + int(made%2)}
		binary.BigEndian.PutUint64(ask.RSVP[:], made)
		binary.BigEndian.PutUint64(ask.Who[8:], made)
		return ask
	}
	for range n {
		if _, err := r.SignUp(next(), now); err != nil {
			tb.Fatal(err)
		}
		if len(r.Entries)%64 == 0 {
			r.HasTold(r.Tellings(now, 64), now)
		}
	}
	return r, next, now
}

// BenchmarkSignUp_Growing is one event from nobody to 5,000 sign-ups.
func BenchmarkSignUp_Growing(b *testing.B) {
	for b.Loop() {
		hot(b, 5000)
	}
	b.ReportMetric(float64(b.N)*5000/b.Elapsed().Seconds(), "sign-ups/s")
}

// BenchmarkRoster_Stored is what every batch of a hot event costs beside the
// sign-ups in it.
func BenchmarkRoster_Stored(b *testing.B) {
	for _, n := range []int{100, 5000} {
		r, _, _ := hot(b, n)
		text, err := json.Marshal(r)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("encode=%d", n), func(b *testing.B) {
			b.ReportMetric(float64(len(text)), "bytes")
			for b.Loop() {
				if _, err := json.Marshal(r); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("decode=%d", n), func(b *testing.B) {
			for b.Loop() {
				var r Roster
				if err := json.Unmarshal(text, &r); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("tally=%d", n), func(b *testing.B) {
			for b.Loop() {
				r.tally = nil
				r.tallied()
			}
		})
	}
}

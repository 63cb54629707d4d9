package models

import (
	"testing"
	"time"
)

func TestLimit_Take(t *testing.T) {
	now := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	rate := Rate{3, 10 * time.Minute}
	var l Limit
	take := func(times int, wantSuspect bool, wantWait time.Duration) {
		t.Helper()
		for range times {
			suspect, err := l.Take(rate, now)
			var wait time.Duration
			if err != nil {
				wait = err.(*Error).With["Wait"].(time.Duration)
			}
			if suspect != wantSuspect || wait != wantWait || (CodeOf(err) == CodeTooMany) != (wantWait > 0) {
				t.Fatalf("suspect %v, error %v, wait %v; want %v, %v", suspect, err, wait, wantSuspect, wantWait)
			}
		}
	}
	take(3, false, 0)
	take(27, true, 0)
	take(5, true, time.Minute) // what is refused is not counted
	if full := now.Add(30 * time.Minute); !l.Full().Equal(full) {
		t.Errorf("full again at %v, want %v", l.Full(), full)
	}
	now = now.Add(time.Minute)
	take(1, true, 0)
	take(1, true, time.Minute)
	now = now.Add(9 * time.Minute)
	take(1, false, 0)
	take(1, true, 0)
	now = now.Add(time.Hour)
	take(3, false, 0)
	take(1, true, 0)
	now = now.Add(-2 * time.Minute) // another instance's clock
	take(1, true, 0)
}

func TestLimit_TakeStrictly(t *testing.T) {
	now := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	rate := Rate{2, time.Minute}
	var l Limit
	for i, want := range []Code{"", "", CodeTooMany, CodeTooMany} {
		if got := CodeOf(l.TakeStrictly(rate, now)); got != want {
			t.Errorf("time %d: %q, want %q", i, got, want)
		}
	}
	if got := l.TakeStrictly(rate, now.Add(time.Minute)); got != nil {
		t.Errorf("a minute later: %v", got)
	}
}

func TestLimit_Mail(t *testing.T) {
	now := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	start := now
	var l Limit
	count := func(id string, number int, gathered time.Time) {
		t.Helper()
		if n, at := l.Mail(id, now); n != number || !at.Equal(gathered) {
			t.Errorf("%s: %d, gathered at %v; want %d, %v", id, n, at, number, gathered)
		}
	}
	for i, id := range []string{"a", "b", "c", "d", "e", "f"} {
		count(id, i+1, time.Time{})
		now = now.Add(time.Hour)
	}
	count("c", 3, time.Time{}) // tried again
	count("g", 0, start.Add(24*time.Hour))
	count("h", 0, start.Add(24*time.Hour))
	count("a", 1, time.Time{})
	if want := start.Add(48 * time.Hour); !l.Full().Equal(want) {
		t.Errorf("kept until %v, want %v", l.Full(), want)
	}
	// The first is a day old, and the one that gathers has its place.
	now = start.Add(24 * time.Hour)
	count("i", 0, start.Add(25*time.Hour))
	now = start.Add(25*time.Hour + time.Minute)
	count("j", 0, start.Add(26*time.Hour))
	now = start.Add(5 * 24 * time.Hour)
	count("k", 1, time.Time{})
	if len(l.Mails) != 1 {
		t.Errorf("it remembers %v", l.Mails)
	}
}

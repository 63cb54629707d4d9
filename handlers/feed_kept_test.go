package handlers

import (
	"testing"
	"time"
)

// Whoever asks for the address that our pages say is answered without reading
// anything out of it, or making anything.
func TestFeed_AddressIsTheKey(t *testing.T) {
	c := feedCity(t)
	for _, url := range []string{
		"/feeds/all.ics", "/feeds/associations/husie.ics", "/feeds/kinds/seminar.ics", "/feeds/all.ics?lang=en",
		"/feeds/events.ics?association=husie&association=videdal&district=oster&group=klimat&kind=seminar&lang=en",
		"/events/oppet-mote-om-skolan.ics",
	} {
		c.ask("GET", url, "").want(t, 200)
		if c.feeds.get(url) == nil && c.combined.get(url) == nil && c.Server.kept.get(url) == nil {
			t.Errorf("%s is kept by another key: %q", url, c.feeds.kept.Keys())
		}
	}
	m := c.moment()
	if n := testing.AllocsPerRun(100, func() {
		if !c.feeds.get("/feeds/all.ics").rightAt(m) {
			t.Error("it is not right any more")
		}
	}); n > 0 {
		t.Errorf("looking a feed up makes %v things", n)
	}
}

// The local midnight is kept until the next, also when a clock is set back and
// when a day has 23 hours.
func TestMidnight(t *testing.T) {
	c := newCity(t)
	for _, s := range []struct{ now, want string }{
		{"2026-03-03T09:00:00+01:00", "2026-03-03T00:00:00+01:00"},
		{"2026-03-03T23:59:59+01:00", "2026-03-03T00:00:00+01:00"},
		{"2026-03-04T00:00:00+01:00", "2026-03-04T00:00:00+01:00"},
		{"2026-03-03T23:00:00+01:00", "2026-03-03T00:00:00+01:00"},
		{"2026-03-29T23:59:00+02:00", "2026-03-29T00:00:00+01:00"},
		{"2026-03-30T00:00:00+02:00", "2026-03-30T00:00:00+02:00"},
		{"2026-10-25T23:59:00+01:00", "2026-10-25T00:00:00+02:00"},
	} {
		if got := c.midnight(must(time.Parse(time.RFC3339, s.now))); got.Format(time.RFC3339) != s.want {
			t.Errorf("at %s the last midnight was %s, want %s", s.now, got.Format(time.RFC3339), s.want)
		}
	}
}

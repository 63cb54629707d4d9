package handlers

import (
	"strings"
	"testing"
	"time"
)

// The life of an event in a feed: it is published, moves, is cancelled and stays to
// be seen as such, and goes thirty days after its date. Whatever changes what a
// program shows also raises the event's date and that of the feed.
func TestFeed_LifeOfAnEvent(t *testing.T) {
	c := newCity(t)
	at := c.published(`{"kind":"town-hall","slug":"mote","title":"Möte","host":"husie","starts":"2026-03-20T18:00"}`)
	var event, feed string // the dates that were read last
	look := func(step, title, more string) {
		t.Helper()
		c.pass(2 * time.Second)
		a := c.ask("GET", "/feeds/all.ics", "").want(t, 200)
		changed, modified := "", a.Header.Get("Last-Modified")
		for line := range strings.SplitSeq(a.body, "\r\n") {
			if stamp, ok := strings.CutPrefix(line, "LAST-MODIFIED:"); ok {
				changed = stamp
			}
		}
		if title == "" && strings.Contains(a.body, "VEVENT") || title != "" && (!strings.Contains(a.body, "\r\nSUMMARY:"+title+"\r\n") || !strings.Contains(a.body, more)) {
			t.Errorf("%s: want %q with %q in\n%s", step, title, more, a.body)
		}
		if title != "" && changed <= event {
			t.Errorf("%s: LAST-MODIFIED %s, before it %s", step, changed, event)
		}
		if before, after := date(t, feed), date(t, modified); !after.After(before) {
			t.Errorf("%s: Last-Modified %s, before it %s", step, modified, feed)
		}
		event, feed = changed, modified
	}
	look("published", "Möte", "STATUS:CONFIRMED")
	c.ask("PATCH", at, `{"starts":"2026-03-20T19:00"}`, "token", c.husie).want(t, 200)
	look("moved", "Ny tid: Möte", "DTSTART;TZID=Europe/Stockholm:20260320T190000")
	c.pass(8 * 24 * time.Hour)
	look("a week later", "Möte", "DTSTART;TZID=Europe/Stockholm:20260320T190000")
	c.ask("POST", at+"/postpone", `{"reason":"Talaren är sjuk."}`, "token", c.husie).want(t, 200)
	look("postponed", "UPPSKJUTET: Möte", "STATUS:TENTATIVE")
	c.ask("PATCH", at, `{"starts":"2026-04-20T19:00","ends":"2026-04-20T21:00"}`, "token", c.husie).want(t, 200)
	c.ask("POST", at+"/publish", ``, "token", c.husie).want(t, 200)
	look("on again", "Ny tid: Möte", "DTSTART;TZID=Europe/Stockholm:20260420T190000")
	c.ask("POST", at+"/cancel", `{"reason":"Vatten i salen."}`, "token", c.husie).want(t, 200)
	look("cancelled", "INSTÄLLT: Möte", "TRANSP:TRANSPARENT")
	c.pass(time.Date(2026, 5, 20, 12, 0, 0, 0, time.UTC).Sub(c.Now()))
	if a := c.ask("GET", "/feeds/all.ics", ""); !strings.Contains(a.body, "INSTÄLLT: Möte") {
		t.Error("thirty days after its date it is gone")
	}
	c.pass(24 * time.Hour)
	look("31 days after its date", "", "")
}

// date is an HTTP date; the zero time for none.
func date(t *testing.T, header string) time.Time {
	t.Helper()
	if header == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC1123, header)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

package handlers

import (
	"regexp"
	"strings"
	"testing"
)

// The file says what the event is and nothing of her: it ends up in calendars that
// others read.
func TestManage_CalendarFile(t *testing.T) {
	c := newCity(t)
	at := c.published(townHall)
	c.ask("POST", at+"/rsvps", person("Ada")).want(t, 201)
	ada := c.link(at, "Ada")
	c.ask("GET", ada, "").want(t, 200).contains(t, `href="`+ada+`/event.ics"`, "Lägg till i kalendern")
	a := c.ask("GET", ada+"/event.ics", "").want(t, 200)
	a.contains(t, "METHOD:PUBLISH\r\n", "LOCATION:Aulan", "SUMMARY:Öppet möte om skolan", "URL:https://samling.test/events/oppet-mote-om-skolan\r\n")
	a.lacks(t, "Ada", "ada@", "ATTENDEE", "ORGANIZER")
	if unfolded := strings.ReplaceAll(a.body, "\r\n ", ""); regexp.MustCompile(`/rsvp/`).MatchString(unfolded) {
		t.Errorf("it has a personal link:\n%s", unfolded)
	}
	if got := a.Header.Get("Content-Type") + a.Header.Get("Cache-Control"); got != "text/calendar; charset=utf-8; method=PUBLISH"+"no-store" {
		t.Errorf("sent as %q", got)
	}
	c.ask("GET", "/en"+ada+"/event.ics", "").want(t, 200).contains(t, "LOCATION:Aulan")
	c.press(ada, "action", "cancel").want(t, 303)
	c.ask("GET", ada, "").want(t, 200).lacks(t, "event.ics")
	c.press(ada, "action", "erase").want(t, 303)
	c.ask("GET", ada+"/event.ics", "").want(t, 410)
}

package handlers

import (
	"strings"
	"testing"

	"samling/models"
	"samling/planner"
)

func TestShort_LeadsToTheEvent(t *testing.T) {
	c := newCity(t)
	e := must(c.Planner.CreateEvent(c.ctx, planner.Command(), townHallOf("husie")))
	e = must(c.Planner.MoveEvent(c.ctx, planner.Command(), e.ID, planner.Anyway, models.Publish, ""))
	for path, to := range map[string]string{
		"/e/" + e.Short:                     "/events/" + e.Slug,
		"/e/" + strings.ToUpper(e.Short):    "/events/" + e.Slug,
		"/en/e/" + e.Short:                  "/en/events/" + e.Slug,
		"/e/" + models.ShortCode("none", 0): "",
		"/e/" + e.Slug:                      "",
	} {
		a := c.ask("GET", path, "")
		if got := a.Header.Get("Location"); got != to {
			t.Errorf("%s leads to %q (status %d), want %q", path, got, a.StatusCode, to)
		}
	}
	if got := c.ask("GET", apiRoot+"/events/"+e.ID, "").json(t)["short_url"]; got != "https://samling.test/e/"+e.Short {
		t.Errorf("short_url %v", got)
	}
	for _, prefix := range []string{"", "/en"} {
		want := string(must(qrCode("https://samling.test" + prefix + "/e/" + e.Short)))
		for range 2 { // drawn, and kept
			code := c.ask("GET", prefix+"/events/"+e.Slug+"/qr.svg", "").want(t, 200)
			if code.body != want || code.Header.Get("Content-Type") != "image/svg+xml" {
				t.Errorf("%s: the code, %s, is not that of the short address in its language", prefix, code.Header.Get("Content-Type"))
			}
		}
	}
}

package handlers

import (
	"testing"
	"time"

	"samling/planner"
)

// What is long over is shown as wholly as what is to come, by a process too that
// began long after it.
func TestArchivedEvent(t *testing.T) {
	c := newCity(t)
	c.published(`{"kind":"town-hall","title":"Stort möte","description":"Vi bjuder på fika.","host":"husie","starts":"2026-03-13T18:00",` +
		`"texts":{"en":{"title":"Big meeting","description":"There is coffee."}}}`)
	c.pass(200 * 24 * time.Hour)
	config := c.Config
	config.Planner = planner.New(c.Planner.Config)
	if err := config.Planner.Refresh(c.ctx); err != nil {
		t.Fatal(err)
	}
	c.Server = must(New(config))
	for at, text := range map[string]string{
		"/events/stort-mote":                     "Vi bjuder på fika.",
		"/en/events/stort-mote":                  "There is coffee.",
		"/events/stort-mote.json":                "Vi bjuder på fika.",
		"/events/stort-mote.ics":                 "Vi bjuder på fika.",
		apiRoot + "/events/stort-mote":           "There is coffee.",
		apiRoot + "/events?from=2026-01-01":      "Vi bjuder på fika.",
		"/?from=2026-01-01&to=2026-04-01&q=mote": "",
	} {
		c.ask("GET", at, "").want(t, 200).contains(t, text)
	}
}

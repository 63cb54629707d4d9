package handlers

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"samling/models"
	"samling/planner"
)

func TestPosters(t *testing.T) {
	c := newCity(t)
	e := c.school()
	c.run(t, []scenario{
		{name: "an event", method: "GET", url: "/events/skolan/poster", status: 200, contains: []string{
			`<h1 class="huge"><bdi>Öppet möte om skolan</bdi></h1>`, "fredag 13 mars kl. 10.00–12.00", "Aulan", "Skolgatan 1", "Anmäl dig med koden nedan.", "Fri entré.",
			"samling.test/e/" + e.Short, `src="/events/skolan/qr.svg"`,
		}},
		{name: "in English", method: "GET", url: "/en/events/skolan/poster", status: 200, contains: []string{"Town hall on schools", "samling.test/en/e/" + e.Short, `src="/en/events/skolan/qr.svg"`}},
		{name: "a month", method: "GET", url: "/associations/husie/poster?month=2026-03", status: 200, contains: []string{
			"Mars 2026", "Husies förening", `<b>13</b>fredag`, "Öppet möte om skolan", "<bdi>10.00</bdi> · <bdi>Aulan</bdi>", `src="/associations/husie/qr.svg"`,
		}},
		{name: "this month", method: "GET", url: "/associations/husie/poster", status: 200, contains: []string{"Mars 2026", "Öppet möte om skolan"}},
		{name: "another month", method: "GET", url: "/associations/husie/poster?month=2026-04", status: 200, contains: []string{"April 2026", "Inget är inplanerat"}, notContains: []string{"Öppet möte"}},
		{name: "no month at all", method: "GET", url: "/associations/husie/poster?month=2026-13", status: 422},
		{name: "the end of the world", method: "GET", url: "/associations/husie/poster?month=99999999999-01", status: 422},
		{name: "no association", method: "GET", url: "/associations/nope/poster", status: 404},
	})
	must(c.Planner.MoveEvent(c.ctx, planner.Command(), e.ID, planner.Anyway, models.Cancel, "Sjukt"))
	c.run(t, []scenario{
		{name: "a cancelled event", method: "GET", url: "/events/skolan/poster", status: 200, contains: []string{`<p class="off">Inställt</p>`}, notContains: []string{"Anmäl dig"}},
		{name: "a month without it", method: "GET", url: "/associations/husie/poster", status: 200, notContains: []string{"Öppet möte"}},
	})
}

// A full month still fits on its sheet, and says how much more there is.
func TestPosters_FullMonth(t *testing.T) {
	c := newCity(t)
	for i := range mostRows + 3 {
		c.published(fmt.Sprintf(`{"kind":"other","title":"Nummer %d","host":"husie","starts":"2026-04-%02dT18:00"}`, i, 1+i))
	}
	a := c.ask("GET", "/associations/husie/poster?month=2026-04", "").want(t, 200)
	if n := strings.Count(a.body, `<p class="row">`); n != mostRows || !strings.Contains(a.body, "Och 3 till.") || !strings.Contains(a.body, `class="paper dense"`) {
		t.Errorf("%d rows, want %d, and that there are 3 more", n, mostRows)
	}
}

func TestMonth_ForLetters(t *testing.T) {
	c := newCity(t)
	e := c.school()
	past := townHallOf("husie")
	past.Title, past.Starts = "Det som var", tuesday.Add(-30*time.Hour)
	past = must(c.Planner.CreateEvent(c.ctx, planner.Command(), past))
	must(c.Planner.MoveEvent(c.ctx, planner.Command(), past.ID, planner.Anyway, models.Publish, ""))
	c.change(e, func(e *models.Event) { e.Title = `Skolan & "vi" <nu>` })
	on := hostMonth{host: must(c.Planner.Catalogue().Association("husie")), from: time.Date(2026, 3, 1, 0, 0, 0, 0, c.zone)}
	on.events = append(on.events, must(c.Planner.Catalogue().Event(e.ID)))
	text, markup := c.newsletter(c.Words.In("sv"), on)
	wantText := "På gång i mars 2026: Husies förening\n\nFredag 13 mars kl. 10.00–12.00\nSkolan & \"vi\" <nu>\nAulan, Skolgatan 1\nKom och säg vad du tycker.\n" +
		"https://samling.test/e/" + e.Short + "\n\nAllt som är på gång: https://samling.test/associations/husie\n"
	wantMarkup := "<h2>På gång i mars 2026: Husies förening</h2>\n<ul>\n<li><strong>Fredag 13 mars kl. 10.00–12.00</strong><br>\n" +
		`<a href="https://samling.test/e/` + e.Short + `">Skolan &amp; &#34;vi&#34; &lt;nu&gt;</a>` + "<br>\nAulan, Skolgatan 1<br>\nKom och säg vad du tycker.</li>\n</ul>\n" +
		`<p><a href="https://samling.test/associations/husie">Allt som är på gång</a></p>` + "\n"
	if text != wantText {
		t.Errorf("text\n%s\nwant\n%s", text, wantText)
	}
	if markup != wantMarkup {
		t.Errorf("markup\n%s\nwant\n%s", markup, wantMarkup)
	}
	c.run(t, []scenario{
		{name: "the page", method: "GET", url: "/associations/husie/share", status: 200, contains: []string{
			"1 aktivitet i mars 2026", "&lt;iframe src=&#34;https://samling.test/embed?association=husie&#34; title=&#34;På gång: Husies förening&#34;",
			`href="/associations/husie/poster?month=2026-03"`, `href="/associations/husie/share?month=2026-08"`,
		}, notContains: []string{"Det som var"}},
		{name: "in English", method: "GET", url: "/en/associations/husie/share?month=2026-04", status: 200, contains: []string{"0 events in April 2026", "https://samling.test/en/embed?association=husie"}},
	})
}

// Other sites may show the one page in a frame, and none of all others.
func TestEmbed_AloneMayBeFramed(t *testing.T) {
	c := newCity(t)
	c.school()
	for range 2 { // drawn, and kept
		a := c.ask("GET", "/embed?association=husie", "").want(t, 200)
		if got := a.Header.Get("Content-Security-Policy"); got != framed || !strings.Contains(got, "frame-ancestors *") {
			t.Errorf("policy %q", got)
		}
		if !strings.Contains(a.body, `<base target="_blank">`) || !strings.Contains(a.body, "Öppet möte om skolan") || strings.Contains(a.body, "<form") || strings.Contains(a.body, "<script") {
			t.Errorf("not a list of links that open elsewhere: %s", a.body)
		}
	}
	c.ask("GET", "/embed?association=nope", "").want(t, 404)
	for _, route := range c.App().GetRoutes(true) {
		path := strings.NewReplacer(":event", "skolan", ":association", "husie", ":group", "klimat", ":district", "oster", ":shape", "wide", ":value", "husie", ":format", "ics").Replace(route.Path)
		if strings.HasSuffix(route.Path, "/embed") {
			continue
		}
		if got := c.ask(route.Method, path, "").Header.Get("Content-Security-Policy"); got != contentSecurity {
			t.Errorf("%s %s: policy %q", route.Method, path, got)
		}
	}
	if got := c.ask("GET", "/embed?association=nope", "").Header.Get("Content-Security-Policy"); got != contentSecurity {
		t.Logf("an error in the frame is shown there: %q", got)
	}
}

// The frame is bounded, whatever is asked for.
func TestEmbed_Bounded(t *testing.T) {
	c := newCity(t)
	for i := range embedded + 4 {
		c.published(fmt.Sprintf(`{"kind":"other","title":"Nummer %d","host":"husie","starts":"2026-04-%02dT18:00"}`, i, 1+i))
	}
	a := c.ask("GET", "/embed", "").want(t, 200)
	if n := strings.Count(a.body, ">Nummer "); n != embedded || !strings.Contains(a.body, "Se allt som är på gång") {
		t.Errorf("%d events, want %d and a way to the rest", n, embedded)
	}
}

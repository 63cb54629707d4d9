package handlers

import (
	"strings"
	"testing"
	"time"
)

// A notice stands on every page, errors too, in the reader's language, until its
// day is over.
func TestNotice(t *testing.T) {
	c := busyCity(t)
	office := c.signedIn("office@example.org")
	everywhere := []string{"/", "/en/", "/events/oppet-mote-om-skolan", "/associations/husie", "/subscribe", "/privacy", "/about", "/nope", "/sign-in", "/?q=x"}
	says := func(want bool, why string) {
		t.Helper()
		for _, page := range everywhere {
			a := c.ask("GET", page, "")
			text := "Allt är &lt;b&gt;inställt&lt;/b&gt; i kväll."
			if strings.HasPrefix(page, "/en") {
				text = "All is off tonight."
			}
			if strings.Contains(a.body, text) != want {
				t.Errorf("%s: %s says it: %v", why, page, !want)
			}
		}
	}
	says(false, "before")
	form := []string{"text.sv", "Allt är <b>inställt</b> i kväll.", "text.en", "All is off tonight."}
	if a := office.post("/organise/notice", append(form, "until", "2026-03-04")...).want(t, 303); a.Header.Get("Location") != "/organise/notice?done=saved" {
		t.Errorf("it leads to %s", a.Header.Get("Location"))
	}
	says(true, "at once")
	if a := office.get("/organise/notice?done=saved").want(t, 200); !strings.Contains(a.body, "Sparat.") || !strings.Contains(a.body, `value="2026-03-04"`) {
		t.Error("the form does not show what was saved")
	}
	*c.clock = time.Date(2026, 3, 4, 22, 59, 0, 0, time.UTC)
	says(true, "in the last minute")
	*c.clock = time.Date(2026, 3, 4, 23, 0, 0, 0, time.UTC) // midnight in Stockholm
	says(false, "afterwards")
	if a := office.post("/organise/notice", form...).want(t, 422); !strings.Contains(a.body, `href="#until"`) || !strings.Contains(a.body, "All is off tonight.") {
		t.Error("a notice without an end is not sent back")
	}
	office.post("/organise/notice", append(form, "until", "2026-02-31")...).want(t, 422)
}

func TestAbout(t *testing.T) {
	c := busyCity(t)
	husie := c.signedIn("husie@example.org")
	husie.post("/organise/texts/husie", "text.sv", "Vi ses på **tisdagar**. <script>alert(1)</script>", "text.en", "").want(t, 303)
	c.run(t, []scenario{
		{name: "its page", method: "GET", url: "/associations/husie", status: 200, contains: []string{"<strong>tisdagar</strong>", "mailto:husie@example.org", `href="/subscribe?association=husie"`}, notContains: []string{"<script>alert"}},
		{name: "in English", method: "GET", url: "/en/associations/husie", status: 200, contains: []string{`<div class="prose about" lang="sv" dir="ltr">`}},
		{name: "about all", method: "GET", url: "/about", status: 200, contains: []string{`href="/associations/husie"`, `href="/groups/klimat"`, `href="/districts/oster"`}},
		{name: "nobody to call", method: "GET", url: "/accessibility", status: 200, contains: []string{"inte ifyllt än"}},
	})
	husie.post("/organise/texts/husie", "text.sv", strings.Repeat("a", 4001)).want(t, 422)
	said := newCityWith(t, func(config *Config) {
		config.Access = Access{Help: "Kansliet, 040-000 00 00", KnownFaults: "Filmen saknar text."}
	})
	said.run(t, []scenario{{name: "whom to call", method: "GET", url: "/accessibility", status: 200, contains: []string{"Kansliet, 040-000 00 00", "Filmen saknar text."}, notContains: []string{"inte ifyllt än"}}})
}

// What has been stands under what is coming, the latest first.
func TestHostPage_Recent(t *testing.T) {
	c := busyCity(t)
	c.pass(36 * time.Hour)
	a := c.ask("GET", "/associations/husie", "").want(t, 200)
	coming, recent, found := strings.Cut(a.body, "Det senaste som har varit")
	if !found || !strings.Contains(coming, "Öppet möte om skolan") || strings.Contains(coming, "Elen och plånboken") || !strings.Contains(recent, "Elen och plånboken") {
		t.Error("what has been stands elsewhere, or nowhere")
	}
}

// A page that is not there helps to find what was meant.
func TestErrorPages_Help(t *testing.T) {
	c := busyCity(t)
	c.run(t, []scenario{
		{name: "page", method: "GET", url: "/events/borta", status: 404, contains: []string{`role="search"`, `href="/events/elen-och-planboken"`}, notContains: []string{"Hemligt"}},
		{name: "in English", method: "GET", url: "/en/borta", status: 404, contains: []string{`action="/en/"`, "Coming up next", `href="/en/events/elen-och-planboken"`}},
	})
}

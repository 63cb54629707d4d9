package handlers

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

// While the store is away pages and feeds are there, and whoever sends a form
// gets it back as she filled it in.
func TestStoreAway(t *testing.T) {
	c := newCity(t)
	at := c.published(townHall)
	desk := c.signedIn("husie@example.org")
	if err := c.Planner.Store.Close(); err != nil {
		t.Fatal(err)
	}
	c.pass(time.Minute) // what is kept for a second is made anew
	for _, path := range []string{"/", "/en/", "/events/oppet-mote-om-skolan", "/associations/husie", "/feeds/all.ics", "/api/v1/events", at} {
		if a := c.ask("GET", path, "").want(t, 200); !strings.Contains(a.body, "Öppet möte om skolan") {
			t.Errorf("%s does not show the event", path)
		}
	}
	asks := func(name string, a answer, contains ...string) {
		t.Helper()
		a.want(t, 503)
		if a.Header.Get("Retry-After") == "" || strings.Contains(a.body, "closed") || !strings.HasPrefix(a.Header.Get("Cache-Control"), "no-") {
			t.Errorf("%s: %v %s", name, a.Header, a.body)
		}
		for _, text := range contains {
			if !strings.Contains(a.body, text) {
				t.Errorf("%s lacks %q: %s", name, text, a.body)
			}
		}
	}
	asks("readyz", c.ask("GET", "/readyz", ""))
	sign := `{"name":"Åsa","email":"asa@example.org","party":1,"consent":true}`
	asks("API", c.ask("POST", at+"/rsvps", sign), `"code":"unavailable"`)
	asks("edit by API", c.ask("PATCH", at, `{"title":"Ny"}`, "token", c.husie), `"code":"unavailable"`)

	form := c.post(doorOfTownHall, c.filled("name", "Åsa <b>"))
	asks("form", form, "Försök igen om en minut. – ", "Försök igen om en minut.</h2>", `value="Åsa &lt;b&gt;"`, `value="asa@example.org"`, ">Nötter</textarea>", " checked")
	wellFormed(t, "form", form.body)
	asks("form in English", c.post("/en"+doorOfTownHall, c.filled()), "Try again in a minute.</h2>")

	draft := url.Values{"title": {"Möte \"ett\""}, "groups": {"klimat", "skola"}, "description": {"rad ett\nrad två"}}
	back := desk.send("POST", "/en/organise/events", draft)
	asks("draft", back, `<form method="post" action="/en/organise/events">`, "Send it again",
		`name="title" value="Möte &#34;ett&#34;"`, `name="groups" value="klimat"`, `name="groups" value="skola"`, "rad ett\nrad två")
	wellFormed(t, "draft", back.body)
	asks("a form of one button", desk.send("POST", "/sign-out", url.Values{}), `<form method="post" action="/sign-out">`)
	if a := c.ask("GET", "/organise", ""); strings.Contains(a.body, "<form method") {
		t.Errorf("there was no form to send: %s", a.body)
	}
}

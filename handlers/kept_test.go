package handlers

import (
	"compress/gzip"
	"io"
	"strings"
	"testing"
	"time"
)

func TestKeptPages_Conditions(t *testing.T) {
	c := busyCity(t)
	for _, page := range []string{"/", "/en/?kind=seminar", "/events/oppet-mote-om-skolan", "/associations/husie", "/subscribe", "/privacy"} {
		t.Run(page, func(t *testing.T) {
			a := c.ask("GET", page, "").want(t, 200)
			tag := a.Header.Get("ETag")
			if tag == "" || a.Header.Get("Cache-Control") != "no-cache" || a.Header.Get("Vary") != "Accept-Encoding" {
				t.Fatalf("headers %v", a.Header)
			}
			z := c.ask("GET", page, "", "Accept-Encoding", "gzip").want(t, 200)
			r, err := gzip.NewReader(strings.NewReader(z.body))
			if err != nil {
				t.Fatal(err)
			}
			if plain, err := io.ReadAll(r); err != nil || string(plain) != a.body || z.Header.Get("ETag") == tag {
				t.Errorf("gzip holds something else, or has the same tag: %v", err)
			}
			if again := c.ask("GET", page, "", "If-None-Match", tag).want(t, 304); again.body != "" {
				t.Error("304 with a body")
			}
			c.ask("GET", page, "", "If-None-Match", `"other"`).want(t, 200)
			// Dates say nothing of seats.
			c.ask("GET", page, "", "If-Modified-Since", tuesday.Add(time.Hour).Format(time.RFC1123)).want(t, 200)
			// A second later the page is made again, and says the same.
			c.pass(2 * time.Second)
			c.ask("GET", page, "", "If-None-Match", tag).want(t, 304)
			c.ask("HEAD", page, "").want(t, 200)
		})
	}
}

func TestKeptPages_EditsAtOnce(t *testing.T) {
	c := newCity(t)
	at := c.published(townHall)
	pages := []string{"/", "/en/", "/events/oppet-mote-om-skolan", "/associations/husie", "/districts/oster"}
	for _, page := range pages {
		c.ask("GET", page, "").want(t, 200)
	}
	c.ask("PATCH", at, `{"title":"Skolan igen"}`, "token", c.husie).want(t, 200)
	for _, page := range pages {
		if a := c.ask("GET", page, ""); !strings.Contains(a.body, "Skolan igen") {
			t.Errorf("%s does not show the edit", page)
		}
	}
	c.ask("PATCH", at, `{"audience":"members"}`, "token", c.husie).want(t, 200)
	for _, page := range pages {
		if a := c.ask("GET", page, ""); strings.Contains(a.body, "Skolan igen") {
			t.Errorf("%s shows what was hidden", page)
		}
	}
}

func TestKeptPages_SeatsWithinASecond(t *testing.T) {
	c := newCity(t)
	c.published(townHall)
	const event = "/events/oppet-mote-om-skolan"
	c.ask("GET", event, "").want(t, 200)
	c.ask("GET", "/", "").want(t, 200)
	c.post(doorOfTownHall, c.filled("party", "3")).want(t, 303)
	c.pass(time.Second)
	for _, page := range []string{event, "/"} {
		if a := c.ask("GET", page, ""); !strings.Contains(a.body, "Fullbokat") {
			t.Errorf("%s does not say that it is full", page)
		}
	}
	if a := c.ask("GET", event, ""); !strings.Contains(a.body, "Ställ dig på reservlistan") || strings.Contains(a.body, ">3 ") {
		t.Error("nobody can wait, or the numbers are told")
	}
}

// Days turn at local midnight, and what is over leaves.
func TestKeptPages_ByTheClock(t *testing.T) {
	c := newCity(t)
	c.published(townHall)
	if a := c.ask("GET", "/", ""); strings.Contains(a.body, "I dag") {
		t.Error("it is today already")
	}
	*c.clock = time.Date(2026, 3, 12, 23, 0, 0, 0, time.UTC) // midnight in Stockholm
	if a := c.ask("GET", "/", ""); !strings.Contains(a.body, "I dag, fredag 13 mars") {
		t.Error("it is not today")
	}
	*c.clock = time.Date(2026, 3, 13, 19, 0, 0, 0, time.UTC)
	if a := c.ask("GET", "/", ""); strings.Contains(a.body, "Öppet möte om skolan") {
		t.Error("what is over is still coming")
	}
	if a := c.ask("GET", "/events/oppet-mote-om-skolan", ""); !strings.Contains(a.body, "Det här har redan varit.") {
		t.Error("its page does not say that it is over")
	}
}

// Nobody fills the shelf by typing.
func TestKeptPages_Bounded(t *testing.T) {
	c := newCity(t)
	c.published(townHall)
	for _, page := range []string{"/?q=a", "/?from=2026-03-05", "/?to=2027-03-05", "/?cursor=x&q=b", "/?kind=nope", "/events/nope", "/nope"} {
		c.ask("GET", page, "")
	}
	if n := c.Server.kept.kept.Len(); n != 0 {
		t.Errorf("%d pages are kept: %v", n, c.Server.kept.kept.Keys())
	}
	c.ask("GET", "/?x=1&kind=seminar", "")
	c.ask("GET", "/?kind=seminar&q=", "")
	if n := c.Server.kept.kept.Len(); n != 1 {
		t.Errorf("%d pages are kept, want the one", n)
	}
}

func TestDemonstration(t *testing.T) {
	letters := []Letter{{
		From: "samling@example.org", To: "ada@example.org", Subject: "Du är anmäld: <b>möte</b>", Time: tuesday,
		Text: "Hej!", HTML: `<html><head><title>x</title></head><body><p style="color:red">Hej</p></body></html>`, Calendar: "BEGIN:VCALENDAR\r\n",
	}}
	c := newCityWith(t, func(config *Config) { config.Demo, config.Mailbox = true, mailbox(letters) })
	for _, page := range []string{"/", "/en/privacy", "/nope"} {
		if a := c.ask("GET", page, ""); !strings.Contains(a.body, `class="demo"`) {
			t.Errorf("%s does not say that it is a demonstration", page)
		}
	}
	at := "/demo/mail/" + letters[0].id()
	list := c.ask("GET", "/demo/mail", "").want(t, 200)
	if !strings.Contains(list.unmarked(), `href="`+at+`">Du är anmäld: &lt;b&gt;möte&lt;/b&gt;</a>`) {
		t.Errorf("the list is %s", list.body)
	}
	letter := c.ask("GET", at, "").want(t, 200)
	if !strings.Contains(letter.body, `<iframe src="`+at+`/html"`) || !strings.Contains(letter.Header.Get("Content-Security-Policy"), "frame-src 'self'") {
		t.Errorf("the letter is %s", letter.body)
	}
	safe(t, at, letter)
	wellFormed(t, at, letter.body)
	frame := c.ask("GET", at+"/html", "").want(t, 200)
	if policy := frame.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "sandbox") || !strings.Contains(policy, "frame-ancestors 'self'") || !strings.Contains(frame.body, `<base target="_top">`) {
		t.Errorf("the frame has the policy %q: %s", policy, frame.body)
	}
	part := c.ask("GET", at+"/invitation.ics", "").want(t, 200)
	if part.body != letters[0].Calendar || !strings.HasPrefix(part.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the calendar part is %q", part.body)
	}
	c.ask("GET", "/demo/mail/nope", "").want(t, 404)
}

type mailbox []Letter

func (m mailbox) Letters() []Letter { return m }

func TestPrivacy_FilledIn(t *testing.T) {
	c := newCityWith(t, func(config *Config) {
		config.Central, config.Name = "kansliet på Exempelgatan", "Stadens kalender"
		config.Privacy = Privacy{Controller: "Stadsorganisationen, 000000-0000", Contact: "dataskydd@example.org", Processors: "Webbhotellet AB", Officer: "Kim Ombud"}
	})
	a := c.ask("GET", "/privacy", "").want(t, 200)
	for _, text := range []string{"Stadsorganisationen, 000000-0000", "dataskydd@example.org", "Dataskyddsombud: Kim Ombud", "Webbhotellet AB", "ungefär 14 dagar", "raderas 2 dagar efter",
		`<a href="https://www.imy.se/">Integritetsskyddsmyndigheten, IMY</a>`, "kansliet på Exempelgatan", "Stadens kalender"} {
		if !strings.Contains(a.unmarked(), text) {
			t.Errorf("lacks %q", text)
		}
	}
	if strings.Contains(a.body, "inte ifyllt") {
		t.Error("says that something is missing")
	}
	c.signedIn("office@example.org").get("/organise").want(t, 200).lacks(t, "Sidan om personuppgifter")
	c.published(townHall)
	form := c.ask("GET", "/events/oppet-mote-om-skolan", "")
	if !strings.Contains(form.body, "Bara Husies förening och kansliet på Exempelgatan ser listan.") {
		t.Error("the consent does not name who reads the list")
	}
}

// What the law asks for and nobody has filled in is said where it should stand, and
// to those who can see to it.
func TestPrivacy_Missing(t *testing.T) {
	for name, p := range map[string]Privacy{
		"controller": {Contact: "k", Processors: "b"}, "contact": {Controller: "a", Processors: "b"}, "processors": {Controller: "a", Contact: "k"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCityWith(t, func(config *Config) { config.Privacy, config.Planner.Retention = p, 12*time.Hour })
			c.ask("GET", "/privacy", "").want(t, 200).contains(t, "inte färdig", "inte ifyllt än", "inom ett dygn").lacks(t, "Dataskyddsombud", "raderas 2 dagar")
			c.ask("GET", "/en/privacy", "").want(t, 200).contains(t, "not filled in yet", `href="https://www.imy.se/en/"`)
			c.signedIn("office@example.org").get("/en/organise").want(t, 200).contains(t, `href="/en/privacy">The page about personal data is not filled in`)
			c.signedIn("husie@example.org").get("/organise").want(t, 200).lacks(t, "Sidan om personuppgifter")
		})
	}
}

func TestMarkdown(t *testing.T) {
	for name, c := range map[string]struct{ source, want string }{
		"nothing":     {"", ""},
		"breaks":      {"a\nb", "<p>a<br>\nb</p>\n"},
		"headings":    {"# A", "<h3>A</h3>\n"},
		"raw":         {"<b>x</b> <script>y</script>", "<p>x y</p>\n"},
		"link":        {"[a](https://example.org)", "<p><a href=\"https://example.org\" rel=\"nofollow noreferrer\">a</a></p>\n"},
		"bad link":    {"[a](javascript:alert(1))", "<p>a</p>\n"},
		"no pictures": {"![a](https://example.org/p.png)", "<p></p>\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := string(markdown(c.source)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// A form that somebody corrects keeps the moment of the first page.
func TestForm_StampStays(t *testing.T) {
	c := newCity(t)
	c.published(townHall)
	l, err := c.Planner.Catalogue().Event("oppet-mote-om-skolan")
	if err != nil {
		t.Fatal(err)
	}
	p := c.Words.In("sv")
	for stamp, want := range map[string]string{"123": "123", "": "1772528400", "x": "1772528400"} {
		if got := c.form(p, c.moment(), l.Event, false, &askForm{Stamp: stamp}).Stamp; got != want {
			t.Errorf("%q became %q, want %q", stamp, got, want)
		}
	}
}

// Files are named by what is in them, so that they may be kept for ever.
func TestStatic(t *testing.T) {
	c := newCity(t)
	css, err := files.ReadFile("static/samling.css")
	if err != nil {
		t.Fatal(err)
	}
	at := c.pages.named["samling.css"]
	if page := c.ask("GET", "/", ""); !strings.Contains(page.body, `href="`+at+`"`) {
		t.Errorf("the page does not lead to %s", at)
	}
	plain := c.ask("GET", at, "").want(t, 200)
	if plain.body != string(css) || !strings.Contains(plain.Header.Get("Cache-Control"), "immutable") || plain.Header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("headers %v", plain.Header)
	}
	zipped := c.ask("GET", at, "", "Accept-Encoding", "gzip").want(t, 200)
	if zipped.Header.Get("Content-Encoding") != "gzip" || len(zipped.body) >= len(css) {
		t.Errorf("%d bytes of %d", len(zipped.body), len(css))
	}
	c.ask("GET", "/static/samling.css", "").want(t, 404)
}

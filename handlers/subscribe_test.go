package handlers

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"samling/models"
	"samling/planner"
)

func TestSubscribe(t *testing.T) {
	c := busyCity(t)
	get := func(name, url string, status int, contains ...string) scenario {
		return scenario{name: name, method: "GET", url: url, status: status, contains: contains,
			notContains: []string{"Hemligt", "subscribe.", "ways.", "refresh.", "choice.", "ZgotmplZ"}}
	}
	feed := func(address string) string { return `value="https://samling.test` + address + `"` }
	c.run(t, []scenario{
		get("everything", "/subscribe", 200, "<h1>Prenumerera på kalendern</h1>", feed("/feeds/all.ics"), "2 aktiviteter på gång", "Elen och plånboken", "Väljer du inget får du allt", `<link rel="canonical" href="https://samling.test/subscribe">`),
		get("in English", "/en/subscribe", 200, "<h1>Subscribe to the calendar</h1>", feed("/feeds/all.ics?lang=en"), `action="/en/subscribe"`, `src="/en/subscribe/qr.svg"`),
		get("an association", "/subscribe?association=videdal", 200, "<h1>Prenumerera på allt från Videdals förening</h1>", feed("/feeds/associations/videdal.ics"), "1 aktivitet på gång", `value="videdal" checked`, "1 vald", `href="/subscribe"><span class="hidden">Ta bort </span>Videdals förening`),
		get("a kind", "/subscribe?kind=seminar", 200, "<h1>Prenumerera på seminarier</h1>", feed("/feeds/kinds/seminar.ics")),
		get("a group", "/subscribe?group=klimat", 200, "<h1>Prenumerera på allt om ”Klimat”</h1>", feed("/feeds/groups/klimat.ics")),
		get("a district", "/subscribe?district=oster", 200, "<h1>Prenumerera på allt i Öster</h1>", feed("/feeds/districts/oster.ics")),
		get("several", "/subscribe?kind=town-hall&kind=seminar&association=videdal&association=husie", 200, "Prenumerera på seminarier och öppna möten från Husies förening och Videdals förening",
			feed("/feeds/events.ics?association=husie&amp;association=videdal&amp;kind=seminar&amp;kind=town-hall"), "2 valda",
			`href="/subscribe?association=husie&amp;association=videdal&amp;kind=town-hall"><span class="hidden">Ta bort </span>Seminarium`, `src="/subscribe/qr.svg?association=husie&amp;association=videdal&amp;kind=seminar&amp;kind=town-hall"`),
		get("what the form sends", "/subscribe?association=&kind=seminar&lang=sv", 200, feed("/feeds/kinds/seminar.ics")),
		get("another language", "/subscribe?kind=seminar&lang=en", 200, `<html lang="sv" dir="ltr">`, feed("/feeds/kinds/seminar.ics?lang=en"), `value="en" checked`, `href="/feeds/kinds/seminar.atom?lang=en"`, `href="/feeds/kinds/seminar.json?lang=en"`, `href="/en/subscribe?kind=seminar&amp;lang=en"`),
		get("a strange tail", "/subscribe?kind=seminar&fbclid=x", 200, feed("/feeds/kinds/seminar.ics"), `https://samling.test/subscribe?kind=seminar</p>`),
		get("nothing on", "/subscribe?kind=may-day", 200, "Just nu är inget inplanerat", feed("/feeds/kinds/may-day.ics")),
		get("nothing on that fits both", "/subscribe?kind=town-hall&association=videdal", 200, "Det du väljer under olika rubriker"),
		get("its bounds", "/subscribe", 200, "senaste 3 månaderna", "närmaste 18", "högst 1000 aktiviteter", "I 7 dagar står ”Ny tid”", "INSTÄLLT", "till 30 dagar"),
		get("an unknown association", "/subscribe?association=nope", 404, "Sidan finns inte"),
		get("an unknown kind", "/subscribe?kind=nope", 404),
		get("a group as an association", "/subscribe?association=klimat", 404),
		get("an unknown language", "/subscribe?lang=tlh", 404),
		get("a code of what is not there", "/subscribe/qr.svg?kind=nope", 404),
	})
}

// The page counts what is coming and shows the next five of it.
func TestSubscribe_Next(t *testing.T) {
	c := newCity(t)
	for day := 1; day <= 12; day++ {
		c.published(fmt.Sprintf(`{"kind":"seminar","title":"Kväll %d","host":"husie","starts":"2026-03-%02dT18:00"}`, day, day))
	}
	a := c.ask("GET", "/subscribe?kind=seminar", "").want(t, 200)
	if !strings.Contains(a.body, "10 aktiviteter på gång. De närmaste:") {
		t.Error("does not count those of 3 to 12 March")
	}
	for day := 1; day <= 12; day++ {
		if got, want := strings.Contains(a.unmarked(), fmt.Sprintf(">Kväll %d</a>", day)), day >= 3 && day <= 7; got != want {
			t.Errorf("shows the evening of day %d: %v", day, got)
		}
	}
	if !strings.Contains(a.unmarked(), `<span>Husies förening&nbsp;<span class="quiet">10<`) {
		t.Error("does not say how many an association has")
	}
}

// However a choice is written, it is one page; and it is kept but once.
func TestSubscribe_Canonical(t *testing.T) {
	c := busyCity(t)
	want := c.ask("GET", "/subscribe?association=husie&association=videdal&kind=seminar", "").want(t, 200)
	for _, query := range []string{
		"kind=seminar&association=videdal&association=husie", "association=husie&association=husie&association=videdal&kind=seminar",
		"lang=sv&association=videdal&group=&association=husie&kind=seminar&utm_source=x",
	} {
		if got := c.ask("GET", "/subscribe?"+query, ""); got.body != want.body || got.Header.Get("ETag") != want.Header.Get("ETag") {
			t.Errorf("%s is another page", query)
		}
	}
	if keys := c.Server.kept.kept.Keys(); len(keys) != 1 {
		t.Errorf("kept as %v", keys)
	}
}

// Every page leads to the calendar of what it shows.
func TestSubscribe_FromOtherPages(t *testing.T) {
	c := busyCity(t)
	for page, want := range map[string]string{
		"/":                                     `<a href="/subscribe">Prenumerera på det här</a>`,
		"/en/":                                  `<a href="/en/subscribe">Subscribe to this</a>`,
		"/?kind=seminar&district=oster":         `<a href="/subscribe?district=oster&amp;kind=seminar">Prenumerera på det här</a>`,
		"/?kind=seminar&q=elen&from=2026-03-04": `<a href="/subscribe?kind=seminar">Prenumerera (utan sökord, dagar och önskemål)</a>`,
		"/?kind=may-day":                        `<a href="/subscribe?kind=may-day">Prenumerera på kalendern så`,
		"/associations/husie":                   `href="/subscribe?association=husie">Prenumerera på kalendern</a>`,
		"/en/groups/klimat":                     `href="/en/subscribe?group=klimat">Subscribe to the calendar</a>`,
		"/districts/oster":                      `href="/subscribe?district=oster">Prenumerera på kalendern</a>`,
	} {
		if a := c.ask("GET", page, "").want(t, 200); !strings.Contains(a.body, want) {
			t.Errorf("%s lacks %s", page, want)
		}
	}
}

func TestInWords(t *testing.T) {
	c := newCity(t)
	many := []string{"husie", "videdal", "husie", "videdal", "husie"}
	for name, test := range map[string]struct {
		filter planner.Filter
		sv, en string
	}{
		"everything": {planner.Filter{}, "allt", "everything"},
		"of all sorts": {planner.Filter{Kinds: []models.Kind{"yard-party", "may-day"}, Associations: []string{"husie", "videdal"}, Districts: []string{"oster"}, Groups: []string{"klimat"}},
			"gårdsfester och första maj från Husies förening och Videdals förening i Öster om ”Klimat”",
			"yard parties and May Day from Husies förening and Videdals förening in East about “Climate”"},
		"many": {planner.Filter{Associations: many, Kinds: []models.Kind{"meeting"}}, "medlemsmöten från 5 föreningar", "members’ meetings from 5 associations"},
	} {
		t.Run(name, func(t *testing.T) {
			for language, want := range map[string]string{"sv": test.sv, "en": test.en} {
				if got := inWords(c.Words.In(language), c.Planner.Catalogue(), &test.filter); got != want {
					t.Errorf("%q, want %q", got, want)
				}
			}
		})
	}
}

// In a list of calendars a name says whose it is, and first.
func TestFeedTitle(t *testing.T) {
	c := newCity(t)
	c.Name = "Provstadens förening"
	for name, test := range map[string]struct {
		filter planner.Filter
		sv, en string
	}{
		"everything":      {planner.Filter{}, "Provstadens förening", "Provstadens förening"},
		"a kind":          {planner.Filter{Kinds: []models.Kind{"seminar"}}, "Provstadens förening: seminarier", "Provstadens förening: seminars"},
		"a district":      {planner.Filter{Districts: []string{"oster"}}, "Provstadens förening: allt i Öster", "Provstadens förening: everything in East"},
		"an association":  {planner.Filter{Associations: []string{"husie"}}, "Husies förening", "Husies förening"},
		"two, and a kind": {planner.Filter{Associations: []string{"husie", "videdal"}, Kinds: []models.Kind{"meeting"}}, "Husies förening och Videdals förening: medlemsmöten", "Husies förening and Videdals förening: members’ meetings"},
		"too many": {planner.Filter{Associations: []string{"husie", "videdal", "husie", "videdal", "husie"}},
			"Provstadens förening: allt från 5 föreningar", "Provstadens förening: everything from 5 associations"},
	} {
		t.Run(name, func(t *testing.T) {
			for language, want := range map[string]string{"sv": test.sv, "en": test.en} {
				if got := c.feedTitle(&selection{Filter: test.filter, language: language}, c.Planner.Catalogue(), c.Words.In(language)); got != want {
					t.Errorf("%q, want %q", got, want)
				}
			}
		})
	}
}

// What other people's pages are given is what they would fetch, whatever is in it.
func TestWays(t *testing.T) {
	c := newCity(t)
	const feed, name = "https://samling.test/feeds/events.ics?association=a&kind=b&lang=en", "Åsa & Östen + 50 % ”fest”"
	const here = "https://samling.test/en/subscribe?association=a&kind=b"
	w := c.waysTo(c.Words.In("sv"), feed, name, here)
	webcal := strings.Replace(feed, "https", "webcal", 1)
	if string(w.Opens) != webcal || string(w.Android) != strings.Replace(feed, "https", "webcals", 1) {
		t.Errorf("opens %q and %q", w.Opens, w.Android)
	}
	if plain := c.waysTo(c.Words.In("sv"), "http://localhost/feeds/all.ics", name, here); plain.Android != "webcal://localhost/feeds/all.ics" {
		t.Errorf("without encryption Android opens %q", plain.Android)
	}
	for got, want := range map[string]struct {
		page  string
		query url.Values
	}{
		w.Google:  {"https://calendar.google.com/calendar/r", url.Values{"cid": {webcal}}},
		w.Outlook: {"https://outlook.live.com/calendar/0/addfromweb", url.Values{"url": {feed}, "name": {name}}},
		w.Work:    {"https://outlook.office.com/calendar/0/addfromweb", url.Values{"url": {feed}, "name": {name}}},
		w.Mail:    {"mailto:", url.Values{"subject": {"Prenumerera på kalendern"}, "body": {here}}},
	} {
		page, query, _ := strings.Cut(got, "?")
		values, err := url.ParseQuery(query)
		if err != nil || page != want.page || values.Encode() != want.query.Encode() || strings.Contains(query, "+") {
			t.Errorf("%q, want %s with %v (%v)", got, want.page, want.query, err)
		}
	}
}

// The links stand in the page as they were made.
func TestSubscribe_Links(t *testing.T) {
	c := busyCity(t)
	a := c.ask("GET", "/en/subscribe?association=husie&kind=town-hall&kind=seminar", "").want(t, 200)
	doc := must(html.Parse(strings.NewReader(a.body)))
	var hrefs []string
	for n := range doc.Descendants() {
		hrefs = append(hrefs, attr(n, "href"))
	}
	const feed = "samling.test%2Ffeeds%2Fevents.ics%3Fassociation%3Dhusie%26kind%3Dseminar%26kind%3Dtown-hall%26lang%3Den"
	for _, want := range []string{
		"webcal://samling.test/feeds/events.ics?association=husie&kind=seminar&kind=town-hall&lang=en",
		"https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2F" + feed,
		"https://outlook.live.com/calendar/0/addfromweb?url=https%3A%2F%2F" + feed + "&name=Husies%20f%C3%B6rening%3A%20seminars%20and%20town%20halls",
		"mailto:?subject=Subscribe%20to%20the%20calendar&body=https%3A%2F%2Fsamling.test%2Fen%2Fsubscribe%3Fassociation%3Dhusie%26kind%3Dseminar%26kind%3Dtown-hall",
	} {
		if !slices.Contains(hrefs, want) {
			t.Errorf("no link to %s among %s", want, strings.Join(hrefs, "\n"))
		}
	}
}

func TestSubscribeCode(t *testing.T) {
	c := newCity(t)
	a := c.ask("GET", "/subscribe/qr.svg?kind=seminar", "").want(t, 200)
	if a.Header.Get("Content-Type") != "image/svg+xml" || !strings.HasPrefix(a.Header.Get("Cache-Control"), "public, max-age=") {
		t.Errorf("headers %v", a.Header)
	}
	// 46 bytes: version 4, 33 modules, and the quiet zone round them.
	if !strings.Contains(a.body, `viewBox="-4 -4 41 41"`) || !strings.Contains(a.body, `<path fill="#fff" d="M-4-4h41v41h-41z"/>`) || !strings.Contains(a.body, `M0 0h7v1h-7z`) {
		t.Errorf("drawn as %s", a.body)
	}
	if c.ask("GET", "/subscribe/qr.svg?kind=seminar&lang=sv&x=y", "").body != a.body || c.ask("GET", "/en/subscribe/qr.svg?kind=seminar", "").body == a.body {
		t.Error("the picture is not of the canonical address")
	}
	if keys := c.Server.kept.kept.Keys(); len(keys) != 2 {
		t.Errorf("kept as %v", keys)
	}
	c.ask("GET", "/subscribe/qr.svg?kind=seminar", "", "If-None-Match", a.Header.Get("ETag")).want(t, 304)
}

// A choice that is too long for a code has a page that says so.
func TestSubscribeCode_TooLong(t *testing.T) {
	c := newCity(t)
	var rows []planner.Row[models.Association]
	query := url.Values{}
	for i := range 13 {
		slug := fmt.Sprintf("en-forening-med-langt-namn-%02d", i)
		rows = append(rows, planner.Row[models.Association]{Line: 2 + i, Doc: models.Association{Document: models.Document{ID: slug}, Name: slug, District: "oster"}})
		query.Add("association", slug)
	}
	must(c.Planner.ImportAssociations(c.ctx, rows))
	c.run(t, []scenario{
		{name: "page", method: "GET", url: "/subscribe?" + query.Encode(), status: 200, contains: []string{"för tät", "från 13 föreningar"}, notContains: []string{"qr.svg"}},
		{name: "code", method: "GET", url: "/subscribe/qr.svg?" + query.Encode(), status: 413},
	})
}

func BenchmarkSubscribeCode(b *testing.B) {
	text := "https://samling.test/" + strings.Repeat("x", longestCode-21)
	for b.Loop() {
		must(qrCode(text))
	}
}

package handlers

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/net/html"

	"samling/models"
)

// The events that the tests of pages look at.
const (
	seminar = `{"kind":"seminar","title":"Elen och plånboken","summary":"Om elpriset","host":"videdal","co_hosts":["husie"],"groups":["klimat"],
		"texts":{"en":{"title":"Your electricity bill"}},"starts":"2026-03-04T18:00","rsvp":{"needed":false}}`
	hiddenDraft   = `{"kind":"seminar","title":"Hemligt utkast","host":"husie","starts":"2026-03-13T18:00"}`
	hiddenMeeting = `{"kind":"meeting","title":"Hemligt medlemsmöte","host":"husie","groups":["klimat"],"starts":"2026-03-13T18:00"}`
)

// busyCity has an event of every visibility.
func busyCity(t testing.TB) *city {
	c := newCity(t)
	c.published(townHall)
	c.published(seminar)
	c.published(hiddenMeeting)
	c.ask("POST", "/api/v1/events", hiddenDraft, "token", c.office).want(t, 201)
	return c
}

func TestPages(t *testing.T) {
	c := busyCity(t)
	get := func(name, url string, status int, contains ...string) scenario {
		return scenario{name: name, method: "GET", url: url, status: status, contains: contains, notContains: []string{"Hemligt", "whats-on.", "event.when", "page.fault", "ZgotmplZ"}}
	}
	c.run(t, []scenario{
		get("list", "/", 200, `<html lang="sv" dir="ltr">`, "2 aktiviteter på gång", "I morgon, onsdag 4 mars", "Öppet möte om skolan", `href="/events/oppet-mote-om-skolan"`, `<a href="/en/" lang="en" hreflang="en">English</a>`),
		get("list in English", "/en/", 200, `<html lang="en" dir="ltr">`, "2 events coming up", "Your electricity bill", `href="/en/events/elen-och-planboken"`, `lang="sv">Öppet möte om skolan`),
		get("list without its slash", "/en", 200, `<html lang="en" dir="ltr">`),
		get("event", "/events/oppet-mote-om-skolan", 200, "<h1>Öppet möte om skolan</h1>", "fredag 13 mars kl. 18.00–20.00", "Aulan", "Husies förening", `href="/associations/husie"`, "Skicka anmälan", "senast söndag 29 mars 2026", "Få platser kvar", `action="/events/oppet-mote-om-skolan/rsvp"`, `href="/events/oppet-mote-om-skolan.ics"`),
		get("event in English", "/en/events/oppet-mote-om-skolan", 200, `<bdi lang="sv">Öppet möte om skolan</bdi></h1>`, "Sign up", `href="/events/oppet-mote-om-skolan.ics?lang=en"`),
		get("just come", "/events/elen-och-planboken", 200, "Ingen anmälan, det är bara att komma", "I samarbete med", `href="/groups/klimat"`),
		get("title alone translated", "/en/events/elen-och-planboken", 200, "<h1>Your electricity bill</h1>", `lang="sv" dir="ltr">Om elpriset`),
		get("no event", "/events/nope", 404, "Sidan finns inte"),
		get("no event in English", "/en/events/nope", 404, "There is no such page"),
		get("draft", "/events/hemligt-utkast", 404),
		get("members' event", "/events/hemligt-medlemsmote", 404),
		get("association", "/associations/husie", 200, "Husies förening", "mailto:husie@example.org", "/feeds/associations/husie.ics", "Öppet möte om skolan", "Elen och plånboken"),
		get("association in English", "/en/associations/videdal", 200, "Your electricity bill", "East"),
		get("no association", "/associations/nope", 404),
		get("group", "/groups/klimat", 200, "<h1>Klimat</h1>", "Elen och plånboken"),
		get("group in English", "/en/groups/klimat", 200, "<h1>Climate</h1>"),
		get("no group", "/groups/husie", 404),
		get("district", "/districts/oster", 200, "Husies förening", "Videdals förening"),
		get("no district", "/districts/nope", 404),
		get("privacy", "/privacy", 200, "14 dagar", "inte ifyllt än"),
		get("privacy in English", "/en/privacy", 200, "about 14 days", "not filled in yet"),
		get("nothing there", "/nope", 404, "Sidan finns inte", `href="/"`),
		get("nothing there in English", "/en/nope", 404, `href="/en/"`),
		get("no mailbox but in a demonstration", "/demo/mail", 404),
	})
}

// A May Day leads to its parts and back, and to none that are hidden.
func TestEventPage_Parts(t *testing.T) {
	c := newCity(t)
	at := c.published(`{"kind":"may-day","slug":"forsta-maj","title":"Första maj","host":"husie","preliminary":true,"starts":"2027-05-01T12:00",
		"programme":[{"time":"2027-05-01T13:00","approximate":true,"title":"Tal","speaker":"Prova Exempelsson","place":"Parken"}]}`)
	part := func(title, more string) string {
		return `{"kind":"may-day","title":"` + title + `","host":"videdal","parent":"forsta-maj","starts":"2027-05-01T09:00"` + more + `}`
	}
	c.published(part("Frukost", ""))
	c.published(part("Hemlig frukost", `,"audience":"members"`))
	c.ask("POST", "/api/v1/events", part("Hemligt utkast", ""), "token", c.office).want(t, 201)
	look := func(name, url string, contains, notContains []string) scenario {
		return scenario{name: name, method: "GET", url: url, status: 200, contains: contains, notContains: append(notContains, "Hemlig")}
	}
	c.run(t, []scenario{
		look("the day", "/events/forsta-maj", []string{
			"lördag 1 maj 2027 kl. 12.00–15.00", "Preliminärt program", `ca</span><span class="hidden">cirka</span> 13.00`, "Prova Exempelsson", `href="/events/frukost"`, "lördag 1 maj 2027",
		}, nil),
		look("a part", "/events/frukost", []string{"En del av", `href="/events/forsta-maj"`}, nil),
	})
	c.ask("PATCH", at, `{"audience":"members"}`, "token", c.office).want(t, 200)
	c.run(t, []scenario{look("a part of what is hidden", "/events/frukost", nil, []string{"forsta-maj", "Första maj</a>"})})
}

// What is off says so before anything else, in the organiser's words.
func TestEventPage_Off(t *testing.T) {
	for move, say := range map[string]string{"cancel": "Inställt", "postpone": "Uppskjutet. Ny tid kommer."} {
		t.Run(move, func(t *testing.T) {
			c := newCity(t)
			at := c.published(townHall)
			c.ask("POST", at+"/"+move, `{"reason":"Vatten i salen"}`, "token", c.office).want(t, 200)
			c.run(t, []scenario{
				{name: "page", method: "GET", url: "/events/oppet-mote-om-skolan", status: 200, contains: []string{say, "Vatten i salen", "<s>fredag 13 mars"}, notContains: []string{"<form method=\"post\""}},
				{name: "list", method: "GET", url: "/", status: 200, contains: []string{`<li class="off">`, say[:8]}},
			})
		})
	}
}

// What has moved says what it said before until it is over; lists mark it for
// seven days.
func TestEventPage_Moved(t *testing.T) {
	c := newCity(t)
	at := c.published(`{"kind":"town-hall","slug":"mote","title":"Möte","host":"husie","starts":"2026-03-20T18:00","place":{"name":"Folkets hus"}}`)
	c.ask("PATCH", at, `{"starts":"2026-03-20T19:00","place":{"name":"Biblioteket"}}`, "token", c.husie).want(t, 200)
	look := func(name, url string, contains, notContains []string) scenario {
		return scenario{name: name, method: "GET", url: url, status: 200, contains: contains, notContains: notContains}
	}
	struck := []string{"fredag 20 mars kl. 19.00", "Ny tid</span> förut <s>fredag 20 mars kl. 18.00", "Biblioteket", "Ny plats</span> förut <s>Folkets hus</s>"}
	c.run(t, []scenario{
		look("page", "/events/mote", struck, nil),
		look("page in English", "/en/events/mote", []string{"New time</span> was <s>Friday 20 March", "New place</span> was <s>Folkets hus</s>"}, nil),
		look("list", "/", []string{`<span class="badge new">Ny tid och plats</span>`}, nil),
		look("feed", "/feeds/all.ics", []string{"SUMMARY:Ny tid och plats: Möte"}, nil),
		look("its file, which is taken once", "/events/mote.ics", []string{"SUMMARY:Möte\r\n"}, nil),
		look("interface", "/api/v1/events/mote", []string{"Biblioteket"}, []string{"Folkets hus", "moved"}),
	})
	c.pass(8 * 24 * time.Hour)
	c.run(t, []scenario{
		look("page after the mark", "/events/mote", struck, nil),
		look("list after the mark", "/", []string{"Möte"}, []string{"Ny tid"}),
		look("feed after the mark", "/feeds/all.ics", []string{"SUMMARY:Möte\r\n", "LAST-MODIFIED:20260310T230000Z"}, nil),
	})
	c.ask("PATCH", at, `{"place":{"name":""}}`, "token", c.husie).want(t, 200)
	c.run(t, []scenario{look("no place any more", "/events/mote", []string{"Ny plats kommer</span> förut <s>Biblioteket</s>"}, nil)})
	c.pass(10 * 24 * time.Hour)
	c.run(t, []scenario{look("page after it was", "/events/mote", nil, []string{"Ny tid", "Ny plats"})})
}

func TestWhatsOn_Filters(t *testing.T) {
	c := busyCity(t)
	const one, two = "Öppet möte om skolan", "Elen och plånboken"
	for name, f := range map[string]struct {
		query string
		want  []string
	}{
		"nothing":        {"", []string{one, two}},
		"empty fields":   {"?q=&kind=&association=&group=&district=&from=&to=", []string{one, two}},
		"kind":           {"?kind=seminar", []string{two}},
		"two kinds":      {"?kind=seminar&kind=town-hall", []string{one, two}},
		"association":    {"?association=videdal", []string{two}},
		"co-host":        {"?association=husie", []string{one, two}},
		"group":          {"?group=klimat", []string{two}},
		"district":       {"?district=oster", []string{one, two}},
		"words":          {"?q=SKOLAN", []string{one}},
		"words and kind": {"?q=skolan&kind=seminar", nil},
		"from":           {"?from=2026-03-05", []string{one}},
		"to":             {"?to=2026-03-04", []string{two}},
		"past":           {"?to=2026-03-02", nil},
		"a strange tail": {"?fbclid=x", []string{one, two}},
		"a bad cursor":   {"?cursor=x", []string{one, two}},
	} {
		t.Run(name, func(t *testing.T) {
			a := c.ask("GET", "/"+f.query, "").want(t, 200)
			found, _, _ := strings.Cut(a.unmarked(), "Närmast på gång")
			for _, title := range []string{one, two} {
				wanted := len(f.want) > 0 && (f.want[0] == title || f.want[len(f.want)-1] == title)
				if strings.Contains(found, ">"+title+"</a>") != wanted {
					t.Errorf("%q is there: %v", title, !wanted)
				}
			}
			if len(f.want) == 0 && !strings.Contains(a.unmarked(), `class="empty"`) {
				t.Error("nothing helps where there is nothing")
			}
		})
	}
	c.run(t, []scenario{
		{name: "unknown kind", method: "GET", url: "/?kind=nope", status: 404},
		{name: "unknown association", method: "GET", url: "/?association=nope", status: 404},
		{name: "a day that there is not", method: "GET", url: "/?from=2026-02-30", status: 422, contains: []string{"<title>Något behöver rättas – ", `href="#from"`, `value="2026-02-30"`}},
		{name: "no day at all", method: "GET", url: "/?to=tomorrow", status: 422, contains: []string{`href="#to"`}},
		{name: "a way back", method: "GET", url: "/?kind=seminar&q=elen", status: 200, contains: []string{`href="/?kind=seminar"`, `href="/?q=elen"`, "”elen”"}},
	})
}

func TestWhatsOn_Pages(t *testing.T) {
	c := newCity(t)
	const many = 2*listed + 5
	for i := range many {
		day := tuesday.AddDate(0, 0, 1+i/2).Format(time.DateOnly)
		c.published(`{"kind":"other","title":"Nummer ` + string(rune('a'+i/26)) + string(rune('a'+i%26)) + `","host":"husie","starts":"` + day + `T18:00"}`)
	}
	title, next := regexp.MustCompile(`>Nummer (..)</a>`), regexp.MustCompile(`href="([^"]*)" rel="next"`)
	turn := func(at string, say string, wantPages int, wantFirst string) {
		t.Helper()
		var seen []string
		pages := 0
		for ; at != ""; pages++ {
			a := c.ask("GET", at, "").want(t, 200)
			for _, m := range title.FindAllStringSubmatch(a.unmarked(), -1) {
				seen = append(seen, m[1])
			}
			if !strings.Contains(a.body, say) {
				t.Errorf("%s does not say %q", at, say)
			}
			at = ""
			if m := next.FindStringSubmatch(a.body); m != nil {
				at = html.UnescapeString(m[1])
			}
		}
		if n, _ := strconv.Atoi(strings.Fields(say)[0]); pages != wantPages || len(seen) != n || seen[0] != wantFirst {
			t.Errorf("%d pages with %d events from %v on, want %d with %d from %s on", pages, len(seen), seen, wantPages, n, wantFirst)
		}
		slices.Sort(seen)
		if len(slices.Compact(slices.Clone(seen))) != len(seen) {
			t.Errorf("some stand there twice: %v", seen)
		}
	}
	turn("/?kind=other", "85 aktiviteter på gång", 3, "aa")
	c.pass(30 * 24 * time.Hour)
	turn("/?to=2026-04-01", "58 aktiviteter som har varit", 2, "cf")
}

// What somebody writes into an event is text, wherever it is shown.
func TestPages_HostileTexts(t *testing.T) {
	const evil = `<script>alert(1)</script>\"'><img src=x onerror=alert(1)>`
	event := `{"kind":"town-hall","slug":"x","title":"T` + evil + `","summary":"S` + evil + `","description":"D` + evil + ` [a](javascript:alert(1)) ![b](https://evil.example/p.png) <iframe src=//evil.example></iframe>",
		"texts":{"en":{"title":"E` + evil + `","summary":"` + evil + `","description":"` + evil + `"}},
		"host":"husie","partners":["P` + evil + `"],"starts":"2026-03-13T18:00","place":{"name":"N` + evil + `","address":"A` + evil + `"},
		"access":{"step_free":true,"notes":"O` + evil + `"},"contact":{"name":"C` + evil + `","phone":"040` + evil + `"[:0]},"programme":[{"title":"I` + evil + `","speaker":"K` + evil + `","place":"L` + evil + `"}]}`
	event = strings.Replace(event, `"phone":"040`+evil+`"[:0]`, `"phone":"040<b>1"`, 1)
	c := newCity(t)
	at := c.published(event)
	look := func(t *testing.T) {
		for _, page := range []string{"/", "/en/", "/events/x", "/en/events/x", "/associations/husie", "/events/x/rsvp?status=going&party=2", "/?q=" + url.QueryEscape(`"><script>alert(1)</script>`), "/?from=" + url.QueryEscape(`"><script>alert(1)</script>`)} {
			a := c.ask("GET", page, "")
			safe(t, page, a)
		}
	}
	look(t)
	c.ask("POST", at+"/cancel", `{"reason":"R`+evil+`"}`, "token", c.office).want(t, 200)
	look(t)
	typed := url.Values{"name": {`"><script>alert(1)</script>`}, "email": {`"><script>x`}, "note": {`</textarea><script>alert(1)</script>`}, "party": {`"><script>`}, "at": {`"><script>`}}
	safe(t, "the form", c.post("/events/x/rsvp", typed))
}

// ours are the addresses of what a page may fetch, by the element that does.
var ours = map[string]*regexp.Regexp{
	"script": regexp.MustCompile(`^/static/`),
	"iframe": regexp.MustCompile(`^/demo/mail/`),
	"img":    regexp.MustCompile(`^/(subscribe|(events|associations)/[a-z0-9-]+)/(qr\.svg|(wide|square|tall)\.png\?v=[0-9a-f]{8})`),
}

// safe fails when a page has an element that only somebody's text could have
// brought, code in an attribute, or a style of its own.
func safe(t *testing.T, page string, a answer) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		t.Fatalf("%s: %v", page, err)
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "style", "b", "object":
			t.Errorf("%s has a <%s>", page, n.Data)
		}
		if n.Data == "script" && attr(n, "type") == "application/ld+json" {
			if !json.Valid([]byte(n.FirstChild.Data)) {
				t.Errorf("%s has data that are no JSON: %s", page, n.FirstChild.Data)
			}
		} else if from := ours[n.Data]; from != nil {
			if src := attr(n, "src"); !from.MatchString(strings.TrimPrefix(src, "/en")) {
				t.Errorf("%s has a <%s> of %q", page, n.Data, src)
			}
		}
		for _, attribute := range n.Attr {
			if strings.HasPrefix(attribute.Key, "on") || attribute.Key == "style" || strings.HasPrefix(strings.ToLower(attribute.Val), "javascript:") {
				t.Errorf("%s has %s=%q", page, attribute.Key, attribute.Val)
			}
		}
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// Every page stands on the same frame, and sends the same headers.
func TestPages_Frame(t *testing.T) {
	c := busyCity(t)
	for _, page := range []string{"/", "/?q=x", "/?from=x", "/en/", "/events/oppet-mote-om-skolan", "/events/oppet-mote-om-skolan/rsvp?status=going", "/associations/husie", "/groups/klimat", "/districts/oster", "/subscribe", "/en/subscribe?kind=seminar&group=klimat", "/privacy", "/nope", "/en/privacy", "/rsvp/x"} {
		a := c.ask("GET", page, "")
		if got := a.Header.Get("Content-Security-Policy"); got != contentSecurity {
			t.Errorf("%s: policy %q", page, got)
		}
		if a.Header.Get("Set-Cookie") != "" || a.Header.Get("Cache-Control") == "" || a.Header.Get("Content-Language") == "" {
			t.Errorf("%s: headers %v", page, a.Header)
		}
		safe(t, page, a)
		wellFormed(t, page, a.body)
	}
}

// wellFormed fails on what a browser would have to guess: a page without its
// landmarks, ids that stand twice, labels and links to parts that lead nowhere,
// elements that were not closed.
func wellFormed(t *testing.T, page, body string) {
	t.Helper()
	void := map[string]bool{"meta": true, "link": true, "input": true, "img": true, "br": true, "hr": true}
	var open []string
	for z := html.NewTokenizer(strings.NewReader(body)); ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		name, _ := z.TagName()
		switch tag := string(name); {
		case kind == html.StartTagToken && !void[tag]:
			open = append(open, tag)
		case kind == html.EndTagToken && (len(open) == 0 || open[len(open)-1] != tag):
			t.Fatalf("%s: </%s> closes %v", page, tag, open)
		case kind == html.EndTagToken:
			open = open[:len(open)-1]
		}
	}
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	ids, count := map[string]int{}, map[string]int{}
	var refers []string
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		count[n.Data]++
		if id := attr(n, "id"); id != "" {
			ids[id]++
		}
		refers = append(refers, attr(n, "for"), attr(n, "aria-labelledby"), attr(n, "aria-describedby"))
		if href := attr(n, "href"); strings.HasPrefix(href, "#") {
			refers = append(refers, href[1:])
		}
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("%s: %d elements are %q", page, n, id)
		}
	}
	for _, id := range refers {
		if id != "" && ids[id] == 0 {
			t.Errorf("%s: nothing is %q", page, id)
		}
	}
	for _, one := range []string{"main", "header", "footer", "h1", "title"} {
		if count[one] < 1 || one == "h1" && count[one] > 1 {
			t.Errorf("%s: %d <%s>", page, count[one], one)
		}
	}
}

func TestTemplates_NoInlineCode(t *testing.T) {
	entries, err := files.ReadDir("templates")
	if err != nil {
		t.Fatal(err)
	}
	inline := regexp.MustCompile(`(?i)<script(>| [^st]| t[^y]| type="[^a])|<style|\sstyle=|\son[a-z]+=|javascript:`)
	for _, e := range entries {
		b, err := files.ReadFile("templates/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		if found := inline.Find(b); found != nil {
			t.Errorf("%s has %q", e.Name(), found)
		}
	}
}

// A text in another language says its direction too, or is isolated: on an Arabic
// page its full stop would stand before it.
func TestTemplates_LanguageHasDirection(t *testing.T) {
	entries, err := files.ReadDir("templates")
	if err != nil {
		t.Fatal(err)
	}
	element, found := regexp.MustCompile(`<(\w+)[^<>]* lang="{{\.}}"[^<>]*>`), 0
	for _, e := range entries {
		b, err := files.ReadFile("templates/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range element.FindAllStringSubmatch(string(b), -1) {
			if found++; m[1] != "bdi" && !strings.Contains(m[0], ` dir="`) {
				t.Errorf("%s has %s", e.Name(), m[0])
			}
		}
	}
	if found < 5 {
		t.Errorf("found only %d; does the test still look for the right thing?", found)
	}
}

// Every sentence that a template speaks is there, in every language in which
// somebody sees it: a page is never half in another.
func TestPages_Sentences(t *testing.T) {
	c := newCity(t)
	key := regexp.MustCompile(`\.T "([a-z.-]+[a-z])"`)
	entries, _ := files.ReadDir("templates")
	for _, e := range entries {
		b, _ := files.ReadFile("templates/" + e.Name())
		ofDesk := regexp.MustCompile(`^(organise|sign-in|mail-off|part-organise|door)`).MatchString(e.Name())
		for _, m := range key.FindAllStringSubmatch(string(b), -1) {
			words := c.Words
			if ofDesk || strings.HasPrefix(m[1], "organise.") { // what stands above a preview
				words = words.Complete()
			}
			for _, language := range words.Languages() {
				if !words.In(language).Has(m[1]) && m[1] != "page.awaits-review" {
					t.Errorf("%s says %q, which is missing in %s", e.Name(), m[1], language)
				}
			}
		}
	}
}

// Errors speak the language of the address, help, and lead on.
func TestErrorPages(t *testing.T) {
	c := newCity(t)
	for _, prefix := range []string{"", "/en"} {
		c.App().Get(prefix+"/boom/:code", func(f *fiber.Ctx) error { return models.Fault(models.Code(f.Params("code"))) })
	}
	for code, want := range map[models.Code]struct {
		status int
		sv, en string
	}{
		models.CodeNotFound:    {404, "Sidan finns inte", "There is no such page"},
		models.CodeGone:        {410, "Det är borttaget", "It has been removed"},
		models.CodeTooLarge:    {413, "Det var för mycket på en gång", "That was too much at once"},
		models.CodeTooMany:     {429, "Vänta en liten stund", "Wait a little while"},
		models.CodeInternal:    {500, "Något gick fel hos oss", "Something went wrong on our side"},
		models.CodeUnavailable: {503, "Vi är tillbaka strax", "be back in a moment"},
	} {
		for prefix, say := range map[string]string{"": want.sv, "/en": want.en} {
			a := c.ask("GET", prefix+"/boom/"+string(code), "").want(t, want.status)
			if a.result() == "" || !strings.Contains(a.body, say) || !strings.Contains(a.body, `class="button" href="`+prefix+`/"`) {
				t.Errorf("%s%s: %s", prefix, code, a.body)
			}
			if a.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s may be kept", code)
			}
			wellFormed(t, string(code), a.body)
		}
	}
}

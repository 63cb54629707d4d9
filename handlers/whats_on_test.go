package handlers

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// Events that differ in what people ask first.
const (
	openYard = `{"kind":"yard-party","title":"Gårdsfest på Vår gård","host":"husie","district":"oster","starts":"2026-03-14T14:00","price":0,"food":true,"children":true,
		"access":{"step_free":true},"spoken":["sv","ar"],"rsvp":{"needed":false}}`
	dearTalk = `{"kind":"seminar","title":"Dyrt föredrag","host":"videdal","starts":"2026-04-02T18:00","price":100,"spoken":["sv"],"rsvp":{"needed":true}}`
)

// words are what a page says, without its tags, each part on a line of its own.
func words(body string) string {
	doc, _ := html.Parse(strings.NewReader(body))
	var b strings.Builder
	for n := range doc.Descendants() {
		if n.Type == html.TextNode && strings.TrimSpace(n.Data) != "" {
			b.WriteString(strings.TrimSpace(n.Data) + "\n")
		}
	}
	return b.String()
}

func TestWhatsOn_Facts(t *testing.T) {
	c := newCity(t)
	c.published(openYard)
	c.published(dearTalk)
	const yard, talk = `>Gårdsfest på Vår gård</a>`, `>Dyrt föredrag</a>`
	see := func(name, url string, contains, notContains []string) scenario {
		return scenario{name: name, method: "GET", url: url, status: 200, contains: contains, notContains: notContains}
	}
	c.run(t, []scenario{
		see("just come", "/?fact=drop-in", []string{yard}, []string{talk}),
		see("facts are and", "/?fact=free&fact=step-free&fact=food&fact=children", []string{yard}, []string{talk}),
		see("spoken", "/?spoken=ar", []string{yard}, []string{talk}),
		see("with a way back", "/?fact=free&spoken=ar", []string{`href="/?spoken=ar"`, `href="/?fact=free"`, "Fri entré", "arabiska"}, nil),
		see("in the form", "/?fact=free", []string{`value="free" checked`, `href="/subscribe">Prenumerera (utan`}, nil),
		{name: "no such fact", method: "GET", url: "/?fact=gold", status: 404},
		{name: "no such language", method: "GET", url: "/?spoken=xx", status: 404},
	})
}

// What another choice would show stands beside it, and nothing that shows
// nothing.
func TestWhatsOn_Facets(t *testing.T) {
	c := newCity(t)
	c.published(openYard)
	c.published(dearTalk)
	for url, want := range map[string]string{
		"/":                   "När|Nästa vecka|1|Typ|Gårdsfest|1|Seminarium|1|Bra att veta|Bara att komma|1|Fri entré|1|Mat eller fika|1|Barn välkomna|1|Utan trappsteg|1|Stadsdel|Öster|2|Språk på plats|svenska|2|arabiska|1|",
		"/?kind=seminar":      "Typ|Gårdsfest|1|Ta bort|Seminarium|×|Stadsdel|Öster|1|Språk på plats|svenska|1|",
		"/?q=talar+i+tungor":  "",
		"/?to=2026-03-02":     "", // what has been
		"/en/?fact=children":  "When|Next week|1|Kind|Yard party|1|Good to know|Just come|1|Free entry|1|Food or coffee|1|Remove|Children welcome|×|Step-free|1|District|East|1|Languages spoken|Arabic|1|Swedish|1|",
		"/?view=month&q=gard": "Typ|Gårdsfest|1|Bra att veta|Bara att komma|1|Fri entré|1|Mat eller fika|1|Barn välkomna|1|Utan trappsteg|1|Stadsdel|Öster|1|Språk på plats|arabiska|1|svenska|1|",
	} {
		a := c.ask("GET", url, "").want(t, 200)
		_, rail, _ := strings.Cut(a.body, `<nav class="facets"`)
		rail, _, _ = strings.Cut(rail, "</nav>")
		_, rail, _ = strings.Cut(rail, ">")
		if got := strings.ReplaceAll(words(rail), "\n", "|"); got != want {
			t.Errorf("%s: %s\nwant %s", url, got, want)
		}
	}
}

func TestWhatsOn_NothingFound(t *testing.T) {
	c := newCity(t)
	c.published(openYard)
	c.published(dearTalk)
	c.run(t, []scenario{
		{name: "what to let go of, and what comes next", method: "GET", url: "/?kind=yard-party&q=dyrt&from=2026-03-20", status: 200,
			contains:    []string{"Inget passar", `<a href="/?from=2026-03-20&amp;q=dyrt">Gårdsfest</a>: en aktivitet`, "Närmast på gång", `>Gårdsfest på Vår gård</a>`},
			notContains: []string{`>”dyrt”</a>: `}},
		{name: "a month", method: "GET", url: "/?view=month&month=2027-01", status: 200, contains: []string{"Inget är inplanerat i januari 2027.", `month=2026-12&amp;view=month`}},
	})
}

func TestWhatsOn_Month(t *testing.T) {
	c := newCity(t)
	c.published(openYard)
	c.published(dearTalk)
	for range shownInDay {
		c.published(strings.Replace(openYard, "14:00", "16:00", 1))
	}
	see := func(name, url string, contains, notContains []string) scenario {
		return scenario{name: name, method: "GET", url: url, status: 200, contains: contains, notContains: notContains}
	}
	c.run(t, []scenario{
		see("this month", "/?view=month", []string{
			"<caption>mars 2026</caption>", `<th scope="row">11</th>`, `<span class="hidden">vecka</span></th><th scope="col"><span aria-hidden="true">mån</span><span class="hidden">måndag</span>`, `<td class="today">`, "lördag 14 mars, 4 aktiviteter", `href="#d2026-03-14"`, `id="d2026-03-14"`, ">1 till</a>",
			`href="/?month=2026-02&amp;view=month" rel="prev"`, `href="/?month=2026-04&amp;view=month" rel="next"`, `<a href="/">Lista</a>`,
		}, []string{"Dyrt"}),
		see("the next, with a choice", "/en/?month=2026-04&view=month&kind=seminar", []string{"April 2026", "Dyrt föredrag", `href="/en/?kind=seminar&amp;month=2026-03&amp;view=month"`, `href="/en/?kind=seminar">List</a>`}, nil),
		see("no month at all", "/?view=month&month=2026-13", []string{"<caption>mars 2026"}, nil),
		see("days of a list mean nothing here", "/?view=month&from=x&to=2026-01-01", []string{"4 aktiviteter"}, nil),
	})
	// A month begins and ends with whole weeks, also where clocks are changed.
	a := c.ask("GET", "/?view=month&month=2026-03", "").want(t, 200)
	if days := strings.Count(a.body, "<td"); days != 6*7 {
		t.Errorf("%d days in six weeks", days)
	}
	wellFormed(t, "a month", a.body)
}

// The same choice is the same page, however it was written; pages of choices do
// not push out those that many ask for, and what could be typed without end is
// not kept.
func TestWhatsOn_Kept(t *testing.T) {
	c := newCity(t)
	c.published(openYard)
	for _, url := range []string{"/?kind=seminar&fact=free&fact=food", "/?fact=food&fact=free&kind=seminar&fact=food", "/?spoken=&fact=free&kind=seminar&fact=food&x=1"} {
		c.ask("GET", url, "").want(t, 200)
	}
	if n := c.Server.lists.kept.Len(); n != 1 {
		t.Errorf("%d pages of one choice: %v", n, c.Server.lists.kept.Keys())
	}
	for _, url := range []string{"/?view=month&month=2031-01", "/?view=month&month=2001-01", "/?view=month&q=x"} {
		c.ask("GET", url, "").want(t, 200)
	}
	if n := c.Server.lists.kept.Len() + c.Server.kept.kept.Len(); n != 1 {
		t.Errorf("%d pages are kept", n)
	}
	c.pass(40 * 24 * time.Hour)
	if a := c.ask("GET", "/?view=month", ""); !strings.Contains(a.body, "<caption>april 2026") {
		t.Error("the month does not turn")
	}
}

package handlers

import (
	"regexp"
	"strings"
	"testing"
)

func TestTabs_InTheOrderOfTheWork(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	tabs := func(at string) string {
		t.Helper()
		var labels []string
		_, row, _ := strings.Cut(b.get(at).want(t, 200).body, `class="tabs"`)
		row, _, _ = strings.Cut(row, "</nav>")
		for _, m := range regexp.MustCompile(`<a [^>]*?( aria-current="page")?>([^<]*)</a>|<summary>([^<]*)<`).FindAllStringSubmatch(row, -1) {
			label := m[2]
			if m[1] != "" {
				label = "*" + label
			}
			if m[3] != "" {
				label = m[3] + ":"
			}
			labels = append(labels, label)
		}
		return strings.Join(labels, " ")
	}
	published, been := b.draft("do", "publish"), "/organise/events/"+c.been().ID
	for name, s := range map[string]struct{ at, want string }{
		"draft":                     {b.draft(), "*Aktiviteten Medarrangörer Upprepa Bild Historik"},
		"members'":                  {b.draft("audience", "members"), "*Aktiviteten Medarrangörer Upprepa Bild Medlemslänk Historik"},
		"published":                 {published, "*Aktiviteten Deltagare Dörren Utskick Medarrangörer Mer: Upprepa Bild Historik"},
		"on the last that is open":  {published + "/hosts", "Aktiviteten Deltagare Dörren Utskick *Medarrangörer Mer: Upprepa Bild Historik"},
		"on one that was folded":    {published + "/photo", "Aktiviteten Deltagare Dörren Utskick *Bild Mer: Medarrangörer Upprepa Historik"},
		"on the last of the folded": {published + "/history", "Aktiviteten Deltagare Dörren Utskick *Historik Mer: Medarrangörer Upprepa Bild"},
		"over":                      {been, "*Aktiviteten Deltagare Dörren Efteråt Medarrangörer Mer: Upprepa Bild Historik"},
	} {
		if got := tabs(s.at); got != s.want {
			t.Errorf("%s:\n%s, want\n%s", name, got, s.want)
		}
	}
}

// Another one like an event is begun where one sees it: in the lists, and on its page.
func TestLists_LeadToAnotherLikeIt(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	been := c.been().ID
	coming, draft := b.event(b.draft("do", "publish")).ID, b.event(b.draft()).ID
	// Of what is only begun there is nothing to begin another one with.
	b.kept("/organise/events", filled(t, b.get("/organise/events/new?kind=town-hall").want(t, 200), "title", "Öpp"), 200)
	link := func(id, label string) string {
		return `<a class="again" href="/organise/events/new?from=` + id + `">` + label + `<span class="hidden"> Öppet möte om skolan</span></a>`
	}
	for at, want := range map[string][]string{
		"/organise":                     {link(coming, "Kopiera"), link(draft, "Kopiera")},
		"/organise/events":              {link(coming, "Kopiera")},
		"/organise/events?which=drafts": {link(draft, "Kopiera")},
		"/organise/events?which=past":   {link(been, "En gång till")},
		"/organise/events/" + coming:    {`<a class="button" href="/organise/events/new?from=` + coming + `">Kopiera</a>`},
	} {
		page := b.get(at).want(t, 200)
		page.contains(t, want...)
		if got := strings.Count(page.body, "/organise/events/new?from="); got != len(want) {
			t.Errorf("%s leads %d times to another one, want %d", at, got, len(want))
		}
	}
}

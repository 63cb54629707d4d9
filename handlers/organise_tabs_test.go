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
		row, _, _ = strings.Cut(row, "</ul>")
		for _, m := range regexp.MustCompile(`<a [^>]*>([^<]*)</a>`).FindAllStringSubmatch(row, -1) {
			labels = append(labels, m[1])
		}
		return strings.Join(labels, ", ")
	}
	for name, s := range map[string]struct{ at, want string }{
		"draft":     {b.draft(), "Aktiviteten, Medarrangörer, Upprepa, Kopiera, Bild, Historik"},
		"published": {b.draft("do", "publish"), "Aktiviteten, Deltagare, Dörren, Skriv till dem, Medarrangörer, Upprepa, Kopiera, Bild, Historik"},
		"members'":  {b.draft("audience", "members"), "Aktiviteten, Medarrangörer, Upprepa, Kopiera, Bild, Medlemslänk, Historik"},
	} {
		if got := tabs(s.at); got != s.want {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got, want := tabs("/organise/events/"+c.been().ID), "Aktiviteten, Deltagare, Dörren, Efteråt, Medarrangörer, Upprepa, Kopiera, Bild, Historik"; got != want {
		t.Errorf("over: %s", got)
	}
}

package handlers

import (
	"regexp"
	"testing"
)

func TestTemplates_KeptUsedRenamedRemoved(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	at := b.draft("starts.date", "2026-03-18", "starts.time", "18", "summary", "Kom och fråga.")
	e := b.event(at)
	page := b.get("/organise/templates?from="+e.ID).want(t, 200).contains(t, `value="Öppet möte om skolan"`).lacks(t, "Mall för alla")
	for range 2 { // sent twice
		b.send("POST", "/organise/templates", filled(t, page, "name", "Vårt möte", "do", "keep")).leads(t, "/organise/templates?done=kept")
	}
	b.send("POST", "/organise/templates", filled(t, page, "name", " ", "do", "keep")).want(t, 422).contains(t, "Fyll i det här")
	b.send("POST", "/organise/templates", filled(t, page, "name", "x", "city", "yes", "do", "keep")).want(t, 403)
	list := b.get("/organise/events/new").want(t, 200).contains(t, "Vårt möte")
	use := regexp.MustCompile(`/organise/events/new\?template=([-0-9a-f]+)`).FindAllStringSubmatch(list.body, -1)
	if len(use) != 1 {
		t.Fatalf("there are %d templates", len(use))
	}
	b.get(use[0][0]).want(t, 200).contains(t, "Kom och fråga.", `value="18.00"`).lacks(t, "2026-03-18")
	other := c.signedIn("videdal@example.org")
	other.get("/organise/templates").lacks(t, "Vårt möte")
	other.get(use[0][0]).want(t, 404)
	other.send("POST", "/organise/templates", map[string][]string{"do": {"remove"}, "template": {use[0][1]}}).want(t, 404)
	b.send("POST", "/organise/templates", map[string][]string{"do": {"rename"}, "template": {use[0][1]}, "name": {"Stormöte"}}).want(t, 303)
	b.get("/organise/templates").contains(t, "Stormöte").lacks(t, "Vårt möte")
	b.send("POST", "/organise/templates", map[string][]string{"do": {"remove"}, "template": {use[0][1]}}).want(t, 303)
	b.get("/organise/templates").contains(t, "Inga mallar än")

	office := c.signedIn("office@example.org")
	office.send("POST", "/organise/templates", map[string][]string{"do": {"keep"}, "from": {e.ID}, "name": {"Stadens möte"}, "city": {"yes"}}).want(t, 303)
	other.get("/organise/events/new").contains(t, "Stadens möte")
	other.get("/organise/templates").contains(t, "Alla föreningar").lacks(t, "Ta bort")
}

package handlers

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// titles are those of an answer's events.
func titles(t *testing.T, a answer) []string {
	t.Helper()
	var out []string
	for _, e := range a.json(t)["events"].([]any) {
		out = append(out, e.(map[string]any)["title"].(string))
	}
	return out
}

func TestCreateEvent_FromItsKind(t *testing.T) {
	c := newCity(t)
	made := func(event string) map[string]any {
		return c.ask("POST", "/api/v1/events", event, "token", c.office).want(t, 201).json(t)
	}
	e := made(`{"kind":"may-day","title":"Första maj","host":"husie","starts":"2026-05-01T12:30"}`)
	if e["ends"] != "2026-05-01T15:30:00+02:00" || e["rsvp"].(map[string]any)["needed"] != false {
		t.Errorf("a May Day ends %v, sign-up %v", e["ends"], e["rsvp"])
	}
	want := []any{
		map[string]any{"title": "Samling", "time": "2026-05-01T12:30:00+02:00", "approximate": false},
		map[string]any{"title": "Tåg", "time": "2026-05-01T13:00:00+02:00", "approximate": true},
		map[string]any{"title": "Tal", "time": "2026-05-01T14:00:00+02:00", "approximate": true},
	}
	if diff := cmp.Diff(want, e["programme"]); diff != "" {
		t.Errorf("the programme of a May Day (-want +got):\n%s", diff)
	}
	if e := made(`{"kind":"may-day","title":"Kort","host":"husie","starts":"2026-05-01T12:30","programme":[]}`); len(e["programme"].([]any)) != 0 {
		t.Errorf("a programme that was said to be empty: %v", e["programme"])
	}
	if e := made(`{"kind":"round-table","title":"Rund","host":"husie","starts":"2026-05-02T18:00"}`); e["capacity"] != 20.0 {
		t.Errorf("a round table has %v seats", e["capacity"])
	}
	if e := made(`{"kind":"round-table","title":"Stor","host":"husie","starts":"2026-05-02T18:00","capacity":0}`); e["capacity"] != 0.0 {
		t.Errorf("a round table without a limit has %v seats", e["capacity"])
	}
	if e := made(`{"kind":"consultation","title":"Råd","host":"klimat","starts":"2026-05-02T18:00"}`); e["audience"] != "members" {
		t.Errorf("a consultation is for %v", e["audience"])
	}
	e = made(`{"kind":"yard-party","title":"Dag","host":"husie","starts":"2026-06-06","date_only":true}`)
	if e["starts"] != "2026-06-06T00:00:00+02:00" || e["ends"] != "2026-06-07T00:00:00+02:00" {
		t.Errorf("a day from %v to %v", e["starts"], e["ends"])
	}
	e = made(`{"kind":"other","title":"Resa","host":"husie","starts":"2026-06-06T10:00","time_zone":"Europe/London","ends":"2026-06-06T10:00:00Z"}`)
	if e["starts"] != "2026-06-06T10:00:00+01:00" || e["ends"] != "2026-06-06T11:00:00+01:00" {
		t.Errorf("in London from %v to %v", e["starts"], e["ends"])
	}
	c.ask("POST", "/api/v1/events", `{"kind":"other","title":"Resa","slug":"resa","host":"husie","starts":"2026-06-06T10:00"}`, "token", c.office).want(t, 409)
}

func TestListEvents_Filters(t *testing.T) {
	c := newCity(t)
	c.published(`{"kind":"town-hall","title":"A","host":"husie","groups":["klimat"],"starts":"2026-03-13T18:00","programme":[{"title":"Om skolgården"}]}`)
	c.published(`{"kind":"seminar","title":"B","host":"videdal","starts":"2026-03-14T18:00"}`)
	c.published(`{"kind":"seminar","title":"C","host":"klimat","co_hosts":["husie"],"district":"oster","starts":"2026-03-15T18:00"}`)
	for query, want := range map[string]string{
		"":                                "A B C",
		"kind=seminar":                    "B C",
		"kind=seminar&kind=town-hall":     "A B C",
		"association=husie":               "A C",
		"association=husie&kind=seminar":  "C",
		"group=klimat":                    "A C",
		"district=oster":                  "A B C",
		"q=SKOLGÅRD":                      "A",
		"q=videdals":                      "B",
		"q=finns+inte":                    "",
		"from=2026-03-14":                 "B C",
		"to=2026-03-14":                   "A B",
		"from=2026-03-14&to=2026-03-14":   "B",
		"from=2026-03-14T20:00":           "C",
		"from=2026-03-14T18:59:59Z":       "B C",
		"to=2026-03-14T17:00:00Z":         "A",
		"limit=2":                         "A B",
		"mine=1&association=videdal":      "B",
		"from=2027-01-01":                 "",
		"lang=en&kind=seminar&kind=other": "B C",
	} {
		t.Run(query, func(t *testing.T) {
			got := strings.Join(titles(t, c.ask("GET", "/api/v1/events?"+query, "", "token", c.office).want(t, 200)), " ")
			if got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
	field := func(name, code string) string { return `"field":"` + name + `","code":"` + code + `"` }
	get := func(name, query string, status int, contains ...string) scenario {
		return scenario{name: name, method: "GET", url: "/api/v1/events?" + query, status: status, contains: contains}
	}
	c.run(t, []scenario{
		get("no such kind", "kind=rave", 404), get("no such association", "association=x", 404), get("no such group", "group=husie", 404),
		get("no such district", "district=mars", 404), get("an empty value", "kind=", 404),
		get("limit 0", "limit=0", 422, field("limit", "out-of-range")), get("limit 501", "limit=501", 422, field("limit", "out-of-range")),
		get("limit in words", "limit=all", 422, field("limit", "out-of-range")), get("a date that is none", "from=igår", 422, field("from", "not-a-time")),
		get("30 February", "to=2026-02-30", 422, field("to", "no-such-date")), get("a wrong cursor", "cursor=x", 422, field("cursor", "bad-cursor")),
		get("an unknown parameter", "asociation=husie", 422, field("asociation", "unknown-field")), get("hers, without a token", "mine=1", 401),
		get("a long search", "q="+strings.Repeat("x", 301), 422, field("q", "too-long")),
	})
}

func TestListEvents_CursorSeesEachOnce(t *testing.T) {
	c := newCity(t)
	for i := range 7 { // four of them at the same moment
		c.published(fmt.Sprintf(`{"kind":"seminar","title":"%d","host":"husie","starts":"2026-03-1%dT18:00"}`, i, max(i, 3)))
	}
	var got []string
	next := ""
	for range 5 {
		a := c.ask("GET", "/api/v1/events?limit=2&cursor="+url.QueryEscape(next), "").want(t, 200)
		if next == "" && len(got) > 0 {
			break
		}
		got = append(got, titles(t, a)...)
		next, _ = a.json(t)["next"].(string)
		if next == "" {
			break
		}
	}
	slices.Sort(got)
	if strings.Join(got, "") != "0123456" {
		t.Errorf("page by page: %q", got)
	}
}

func TestPatchEvent_Merges(t *testing.T) {
	c := newCity(t)
	at := c.published(`{"kind":"seminar","title":"A","summary":"S","host":"husie","starts":"2026-03-13T18:00","place":{"name":"Aulan","address":"Gatan 1"},"price":0,"food":true,"groups":["klimat"],"texts":{"en":{"title":"A in English"}}}`)
	e := c.ask("PATCH", at, `{"place":{"address":null},"price":null,"summary":null,"texts":{"en":{"summary":"More"}},"rsvp":{"max_party":6}}`, "token", c.husie).want(t, 200).json(t)
	if diff := cmp.Diff(map[string]any{"name": "Aulan"}, e["place"]); diff != "" {
		t.Errorf("place (-want +got):\n%s", diff)
	}
	if e["price"] != nil || e["summary"] != nil || e["food"] != true || e["title"] != "A" || e["rsvp"].(map[string]any)["needed"] != true || e["rsvp"].(map[string]any)["max_party"] != 6.0 {
		t.Errorf("after a patch: %v", e)
	}
	if diff := cmp.Diff(map[string]any{"en": map[string]any{"title": "A in English", "summary": "More"}}, e["texts"]); diff != "" {
		t.Errorf("texts (-want +got):\n%s", diff)
	}

	// What was read can be sent back, and changes nothing.
	a := c.ask("GET", at, "", "token", c.husie)
	again := c.ask("PATCH", at, a.body, "token", c.husie, "If-Match", a.Header.Get("ETag")).want(t, 200)
	if again.Header.Get("ETag") != a.Header.Get("ETag") {
		t.Errorf("sending back what was read changed it:\n%s\n%s", a.body, again.body)
	}
	if e["sequence"] != again.json(t)["sequence"] {
		t.Errorf("the sequence rose from %v to %v without a fact", e["sequence"], again.json(t)["sequence"])
	}
	// The zone is how times are shown; the moment stays.
	e = c.ask("PATCH", at, `{"time_zone":"Europe/London"}`, "token", c.husie).want(t, 200).json(t)
	if e["starts"] != "2026-03-13T17:00:00Z" {
		t.Errorf("in London it starts %v", e["starts"])
	}

	field := func(name, code string) string { return `"field":"` + name + `","code":"` + code + `"` }
	patch := func(name, body string, status int, contains ...string) scenario {
		return scenario{name: name, method: "PATCH", url: at, headers: []string{"token", c.husie}, body: body, status: status, contains: contains}
	}
	c.run(t, []scenario{
		patch("a status", `{"status":"cancelled"}`, 422, field("status", "read-only")),
		patch("a slug", `{"slug":"b"}`, 422, field("slug", "read-only")),
		patch("an id", `{"id":"b"}`, 422, field("id", "read-only")),
		patch("no title", `{"title":null}`, 422, field("title", "required")),
		patch("no start", `{"starts":null}`, 422, field("starts", "required")),
		patch("30 February", `{"starts":"2026-02-30T10:00"}`, 422, field("starts", "no-such-date")),
		patch("an unknown field", `{"titel":"B"}`, 422, field("titel", "unknown-field")),
		patch("an unknown field taken away", `{"titel":null}`, 422, field("titel", "unknown-field")),
		patch("a wrong type", `{"title":7}`, 422, field("title", "wrong-type")),
		patch("text for an object", `{"place":"Aulan"}`, 422, field("place", "wrong-type")),
		patch("a list", `[1]`, 400), patch("not JSON", `{`, 400), patch("nothing", ``, 400),
		patch("to a host that is not hers", `{"host":"videdal"}`, 403),
		patch("to an unknown host", `{"host":"x"}`, 403),
	})
}

func TestPatchEvent_TwoAtOnce(t *testing.T) {
	c := newCity(t)
	at := c.published(townHall)
	tag := c.ask("GET", at, "").Header.Get("ETag")
	patch := func(header, title string) int {
		return c.ask("PATCH", at, `{"title":"`+title+`"}`, "token", c.husie, "If-Match", header).StatusCode
	}
	if got := patch(tag, "Första"); got != 200 {
		t.Fatalf("the first: %d", got)
	}
	a := c.ask("PATCH", at, `{"title":"Andra"}`, "token", c.husie, "If-Match", tag).want(t, 412)
	if a.json(t)["code"] != "changed-meanwhile" {
		t.Errorf("the second: %s", a.body)
	}
	now := c.ask("GET", at, "").Header.Get("ETag")
	for header, want := range map[string]int{
		"W/" + now: 412, `"x"`: 412, `"`: 412, tag + ", " + `"zz"`: 412, strings.Trim(now, `"`): 412, ",": 412,
	} {
		if got := patch(header, "Nej"); got != want {
			t.Errorf("If-Match %s: %d, want %d", header, got, want)
		}
	}
	if title := c.ask("GET", at, "").json(t)["title"]; title != "Första" {
		t.Errorf("the title is %v", title)
	}
	if got := patch(tag+", "+now, "Tredje"); got != 200 {
		t.Errorf("a list with the tag: %d", got)
	}
	if got := patch("*", "Fjärde"); got != 200 {
		t.Errorf("any tag: %d", got)
	}
	for _, step := range []string{"/publish", "/postpone", "/cancel"} {
		c.ask("POST", at+step, "", "token", c.husie, "If-Match", tag).want(t, 412)
	}

	// Of many with the same tag at the same time one wins.
	now = c.ask("GET", at, "").Header.Get("ETag")
	results := make([]int, 16)
	var all sync.WaitGroup
	for i := range results {
		all.Go(func() { results[i] = patch(now, fmt.Sprint("Nummer ", i)) })
	}
	all.Wait()
	slices.Sort(results)
	if results[0] != 200 || results[1] != 412 || results[15] != 412 {
		t.Errorf("sixteen at once: %v", results)
	}
}

func TestEvent_TagStandsWhileSeatsMove(t *testing.T) {
	c := newCity(t)
	at := c.published(townHall)
	before := c.ask("GET", at, "")
	c.ask("POST", at+"/rsvps", person("ada")).want(t, 201)
	c.pass(time.Hour)
	after := c.ask("GET", at, "", "If-None-Match", before.Header.Get("ETag")).want(t, 200)
	if after.Header.Get("ETag") != before.Header.Get("ETag") || after.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("tag %s before, %s after; Cache-Control %s", before.Header.Get("ETag"), after.Header.Get("ETag"), after.Header.Get("Cache-Control"))
	}
	c.ask("PATCH", at, `{"summary":"x"}`, "token", c.husie, "If-Match", before.Header.Get("ETag")).want(t, 200)
	bySlug := c.ask("GET", "/api/v1/events/oppet-mote-om-skolan", "").want(t, 200)
	if bySlug.json(t)["summary"] != "x" {
		t.Errorf("by its slug: %s", bySlug.body)
	}
}

func TestDirectory_Lists(t *testing.T) {
	c := newCity(t)
	for url, want := range map[string]string{
		"/api/v1/associations":      `{"associations":[{"slug":"husie","name":"Husies förening","district":"oster","email":"husie@example.org","central":false},{"slug":"videdal","name":"Videdals förening","district":"oster","central":false}]}`,
		"/api/v1/groups":            `{"groups":[{"slug":"klimat","name":"Klimat"}]}`,
		"/api/v1/groups?lang=en":    `{"groups":[{"slug":"klimat","name":"Climate"}]}`,
		"/api/v1/districts":         `{"districts":[{"slug":"oster","name":"Öster"}]}`,
		"/api/v1/districts?lang=en": `{"districts":[{"slug":"oster","name":"East"}]}`,
	} {
		if a := c.ask("GET", url, "").want(t, 200); a.body != want {
			t.Errorf("%s: %s, want %s", url, a.body, want)
		}
	}
	a := c.ask("GET", "/api/v1/kinds", "", "Accept-Language", "en-GB").want(t, 200)
	var kinds struct{ Kinds []kind }
	if err := json.Unmarshal([]byte(a.body), &kinds); err != nil || len(kinds.Kinds) != 8 || kinds.Kinds[0].Name != "Town hall" || kinds.Kinds[0].Minutes != 120 {
		t.Errorf("kinds: %s", a.body)
	}
	if a.Header.Get("Content-Language") != "en" {
		t.Errorf("Content-Language %q", a.Header.Get("Content-Language"))
	}
}

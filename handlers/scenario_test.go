package handlers

import (
	"strings"
	"testing"
)

// scenario is one request and what must come of it. Every answer is also held
// against the description of the API and searched for what must not leak.
type scenario struct {
	name, method, url string
	headers           []string // names and values in turn; "token" is a bearer token
	body              string
	status            int
	contains          []string
	notContains       []string
}

// leaks are traces of our insides.
var leaks = []string{"sqlite", "SQL", "goroutine", ".go:", "panic", "json:", "unmarshal", "runtime error", "samling/", "invalid character", "strconv", "time.Parse"}

func (c *city) run(t *testing.T, scenarios []scenario) {
	t.Helper()
	for _, s := range scenarios {
		t.Run(s.name, func(t *testing.T) {
			outer := c.t
			c.t = t
			defer func() { c.t = outer }()
			a := c.ask(s.method, s.url, s.body, s.headers...)
			if a.StatusCode != s.status {
				t.Fatalf("status %d, want %d: %.600s", a.StatusCode, s.status, a.body)
			}
			for _, text := range s.contains {
				if !strings.Contains(a.body, text) && !strings.Contains(a.unmarked(), text) {
					t.Errorf("the answer lacks %q: %.600s", text, a.body)
				}
			}
			for _, text := range s.notContains {
				if strings.Contains(a.body, text) {
					t.Errorf("the answer has %q: %.600s", text, a.body)
				}
			}
			if s.status < 400 {
				return
			}
			for _, text := range leaks {
				if strings.Contains(a.body, text) {
					t.Errorf("the answer leaks %q: %.600s", text, a.body)
				}
			}
			if got := a.Header.Get("X-Content-Type-Options"); got != "nosniff" {
				t.Errorf("an error without security headers: %v", a.Header)
			}
			if a.Header.Get("X-Request-Id") == "" {
				t.Error("an error without a request id")
			}
		})
	}
}

// post is a scenario that sends JSON to be refused, with the field and the code
// that the answer must name.
func post(name, url, token, body string, status int, contains ...string) scenario {
	s := scenario{name: name, method: "POST", url: url, body: body, status: status, contains: contains}
	if token != "" {
		s.headers = []string{"token", token}
	}
	return s
}

func TestCreateEvent_BadInput(t *testing.T) {
	c := newCity(t)
	event := func(fields string) string {
		return `{"kind":"town-hall","title":"Möte","host":"husie","starts":"2026-03-13T18:00"` + fields + `}`
	}
	field := func(name, code string) string { return `"field":"` + name + `","code":"` + code + `"` }
	const url = "/api/v1/events"
	c.run(t, []scenario{
		post("ends before starts", url, c.husie, event(`,"ends":"2026-03-13T17:00"`), 422, field("ends", "ends-before-starts")),
		post("30 February", url, c.husie, `{"kind":"seminar","title":"x","host":"husie","starts":"2026-02-30T18:00:00+01:00"}`, 422, field("starts", "no-such-date"), "2026-02-30"),
		post("25 o'clock", url, c.husie, event(`,"ends":"2026-03-13T25:00"`), 422, field("ends", "no-such-date")),
		post("not a time", url, c.husie, event(`,"ends":"i kväll"`), 422, field("ends", "not-a-time")),
		post("an impossible offset", url, c.husie, event(`,"ends":"2026-03-13T19:00:00+99:99"`), 422, field("ends", "not-a-time")),
		post("an hour that does not exist", url, c.husie, event(`,"ends":"2026-03-29T02:30"`), 422, field("ends", "no-such-time"), "2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00"),
		post("an hour that comes twice", url, c.husie, event(`,"ends":"2026-10-25T02:30"`), 422, field("ends", "time-twice"), "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"),
		post("a programme on no day", url, c.husie, event(`,"programme":[{"title":"Tal","time":"2026-02-30T18:00"}]`), 422, field("programme.0.time", "no-such-date")),
		post("a zone that does not exist", url, c.husie, event(`,"time_zone":"Europe/Malmo"`), 422, field("time_zone", "unknown-zone")),
		post("the server's own zone", url, c.husie, event(`,"time_zone":"Local"`), 422, field("time_zone", "unknown-zone")),
		post("unknown host", url, c.office, strings.Replace(event(""), "husie", "nowhere", 1), 422, field("host", "unknown-host")),
		post("no host", url, c.office, `{"kind":"seminar","title":"x","starts":"2026-03-13T18:00"}`, 422, field("host", "required")),
		post("no title", url, c.husie, strings.Replace(event(""), "Möte", " ", 1), 422, field("title", "required")),
		post("no start", url, c.husie, `{"kind":"seminar","title":"x","host":"husie"}`, 422, field("starts", "required")),
		post("unknown kind", url, c.husie, strings.Replace(event(""), "town-hall", "rave", 1), 422, field("kind", "unknown-kind")),
		post("unknown group", url, c.husie, event(`,"groups":["rymden"]`), 422, field("groups", "unknown-group")),
		post("unknown district", url, c.husie, event(`,"district":"mars"`), 422, field("district", "unknown-district")),
		post("unknown parent", url, c.husie, event(`,"parent":"x"`), 422, field("parent", "unknown-event")),
		post("too many seats", url, c.husie, event(`,"capacity":10001`), 422, field("capacity", "out-of-range")),
		post("seats below none", url, c.husie, event(`,"capacity":-1`), 422, field("capacity", "out-of-range")),
		post("half a coordinate", url, c.husie, event(`,"place":{"latitude":55.6}`), 422, field("place.latitude", "both-or-none")),
		post("a bad link", url, c.husie, event(`,"online_url":"javascript:alert(1)"`), 422, field("online_url", "bad-url")),
		post("closes before opens", url, c.husie, event(`,"rsvp":{"opens":"2026-03-10T10:00","closes":"2026-03-09T10:00"}`), 422, field("rsvp.closes", "closes-before-opens")),
		post("a status", url, c.husie, event(`,"status":"published"`), 422, field("status", "read-only")),
		post("an id", url, c.husie, event(`,"id":"x"`), 422, field("id", "read-only")),
		post("a bad slug", url, c.husie, event(`,"slug":"Öppet möte"`), 422, field("slug", "bad-slug")),
		post("an unknown field", url, c.husie, event(`,"titel":"Möte"`), 422, field("titel", "unknown-field")),
		post("an unknown field within", url, c.husie, event(`,"rsvp":{"need":true}`), 422, field("rsvp.need", "unknown-field")),
		post("an unknown field in a list", url, c.husie, event(`,"programme":[{"title":"Tal","who":"x"}]`), 422, field("programme.0.who", "unknown-field")),
		post("a field in capitals", url, c.husie, event(`,"SUMMARY":"x"`), 422, field("SUMMARY", "unknown-field")),
		post("a field without a name", url, c.husie, event(`,"":"x"`), 422, "unknown-field"),
		post("a wrong type", url, c.husie, event(`,"capacity":"many"`), 422, field("capacity", "wrong-type")),
		post("a wrong type within", url, c.husie, event(`,"place":{"name":7}`), 422, field("place.name", "wrong-type")),
		post("a number too large", url, c.husie, event(`,"capacity":1e99`), 422, field("capacity", "wrong-type")),
		post("an object for a list", url, c.husie, event(`,"groups":{"a":1}`), 422, field("groups", "wrong-type")),
		post("several faults at once", url, c.husie, event(`,"ends":"2026-03-13T17:00","capacity":-1`), 422, "ends-before-starts", "out-of-range"),
		post("not JSON", url, c.husie, `title=Möte`, 400, `"code":"malformed"`),
		post("cut off", url, c.husie, event("")[:40], 400, `"code":"malformed"`),
		post("a list", url, c.husie, `[]`, 400, `"code":"malformed"`),
		post("null", url, c.husie, `null`, 400, `"code":"malformed"`),
		post("two documents", url, c.husie, `{}{}`, 400, `"code":"malformed"`),
		post("not UTF-8", url, c.husie, strings.Replace(event(""), "Möte", "M\xf6te", 1), 400, `"code":"malformed"`),
		post("nested without end", url, c.husie, strings.Repeat(`{"a":`, 20_000)+"1"+strings.Repeat("}", 20_000), 400, `"code":"malformed"`),
		post("for another association", url, c.videdal, event(""), 403, `"code":"not-allowed"`),
		post("without a token", url, "", event(""), 401, `"code":"not-signed-in"`),
	})
	if n := len(c.Planner.Catalogue().Events); n != 0 {
		t.Errorf("%d events came of bad input", n)
	}
}

func TestTokens_Wrong(t *testing.T) {
	c := newCity(t)
	at := c.published(townHall)
	expired := c.token("then@example.org", "organiser", "husie")
	bad := map[string]string{"wrong": "samling_WRONG", "not ours": "ghp_abcdefgh", "empty": "", "half": c.husie[:12], "with space": c.husie + " x"}
	var all []scenario
	for name, token := range bad {
		all = append(all,
			scenario{name: name + " to read a list", method: "GET", url: at + "/attendance", headers: []string{"token", token}, status: 401, contains: []string{`"code":"not-signed-in"`}},
			scenario{name: name + " where none is needed", method: "GET", url: at, headers: []string{"token", token}, status: 401},
			scenario{name: name + " to write", method: "POST", url: at + "/cancel", headers: []string{"token", token}, status: 401})
	}
	all = append(all,
		scenario{name: "another association's reads", method: "GET", url: at + "/attendance", headers: []string{"token", c.videdal}, status: 403, contains: []string{`"code":"not-allowed"`}},
		scenario{name: "another association's changes", method: "PATCH", url: at, headers: []string{"token", c.videdal}, body: `{"title":"x"}`, status: 403},
		scenario{name: "another association's cancels", method: "POST", url: at + "/cancel", headers: []string{"token", c.videdal}, status: 403},
		scenario{name: "another association's checks in", method: "POST", url: at + "/checkins", headers: []string{"token", c.videdal}, body: `{"id":"0197a1b2-0000-7000-8000-000000000001","walk_in":3}`, status: 403},
		scenario{name: "a proxy's password is not a token", method: "GET", url: at, headers: []string{"Authorization", "Basic eDp5"}, status: 200},
	)
	c.run(t, all)
	if a := c.ask("GET", at, "", "Authorization", "bearer "+expired); a.StatusCode != 200 {
		t.Errorf("a scheme in small letters: %d", a.StatusCode)
	}
	c.pass(366 * 24 * 3600 * 1e9)
	c.run(t, []scenario{{name: "expired", method: "GET", url: at, headers: []string{"token", expired}, status: 401}})
	if a := c.ask("GET", at, "", "token", expired); a.Header.Get("WWW-Authenticate") != `Bearer realm="Samling"` {
		t.Errorf("WWW-Authenticate %q", a.Header.Get("WWW-Authenticate"))
	}
}

// Members' events and drafts answer exactly as what does not exist.
func TestHidden_LikeNothing(t *testing.T) {
	c := newCity(t)
	draft := c.ask("POST", "/api/v1/events", strings.Replace(townHall, `"title"`, `"slug":"utkast","title"`, 1), "token", c.office).json(t)
	c.published(strings.Replace(townHall, `"title"`, `"slug":"medlemmar","audience":"members","title"`, 1))
	same := func(method, path, body string, headers ...string) {
		t.Helper()
		want := c.ask(method, strings.ReplaceAll(path, "*", "finns-inte"), body, headers...)
		for _, slug := range []string{"utkast", "medlemmar", draft["id"].(string)} {
			got := c.ask(method, strings.ReplaceAll(path, "*", slug), body, headers...)
			if got.StatusCode != want.StatusCode || got.body != want.body {
				t.Errorf("%s %s: %d %s, want %d %s", method, strings.ReplaceAll(path, "*", slug), got.StatusCode, got.body, want.StatusCode, want.body)
			}
			if want.StatusCode != 404 && want.StatusCode != 401 {
				t.Errorf("%s %s answers %d for what does not exist", method, path, want.StatusCode)
			}
		}
	}
	for _, headers := range [][]string{nil, {"token", c.videdal}} {
		same("GET", "/api/v1/events/*", "", headers...)
		same("HEAD", "/api/v1/events/*", "", headers...)
		same("PATCH", "/api/v1/events/*", `{"title":"x"}`, headers...)
		same("PATCH", "/api/v1/events/*", `{"title":"x"}`, append(headers, "If-Match", `"abc"`)...)
		same("POST", "/api/v1/events/*/publish", "", headers...)
		same("POST", "/api/v1/events/*/postpone", "", headers...)
		same("POST", "/api/v1/events/*/cancel", "", headers...)
		same("POST", "/api/v1/events/*/rsvps", person("ada"), headers...)
		same("POST", "/api/v1/events/*/rsvps", `{"name":"","consent":false}`, headers...)
		same("GET", "/api/v1/events/*/attendance", "", headers...)
		same("POST", "/api/v1/events/*/checkins", `{"id":"0197a1b2-0000-7000-8000-000000000001","walk_in":3}`, headers...)
		same("GET", "/events/*.ics", "", headers...)
	}
	for _, path := range []string{"/api/v1/events", "/feeds/all.ics", "/feeds/associations/husie.ics"} {
		if a := c.ask("GET", path, ""); strings.Contains(a.body, "utkast") || strings.Contains(a.body, "medlemmar") {
			t.Errorf("%s shows what is hidden: %s", path, a.body)
		}
	}
	for who, want := range map[string]int{c.husie: 2, c.office: 2, c.videdal: 0} {
		if got := len(c.ask("GET", "/api/v1/events?mine=1", "", "token", who).json(t)["events"].([]any)); got != want {
			t.Errorf("of her own events an organiser sees %d, want %d", got, want)
		}
	}
}

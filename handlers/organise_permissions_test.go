package handlers

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"samling/models"
	"samling/planner"
)

// roles are those who ask, in the order of the columns below.
var roles = []string{"anonymous", "another association's", "co-host's", "host's", "coordinator"}

// permissions is what each route answers to each of the roles. Where a route is
// about an event, the statuses behind the bar are for a draft, and those before it
// for one that is published. HEAD is as GET, and other languages are as the first.
var permissions = map[string]string{
	"GET /healthz": "200 200 200 200 200",
	"GET /readyz":  "200 200 200 200 200",

	"GET /feeds/all.:format":                 "200 200 200 200 200",
	"GET /feeds/associations/:value.:format": "200 200 200 200 200",
	"GET /feeds/kinds/:value.:format":        "200 200 200 200 200",
	"GET /feeds/groups/:value.:format":       "200 200 200 200 200",
	"GET /feeds/districts/:value.:format":    "200 200 200 200 200",
	"GET /feeds/events.:format":              "200 200 200 200 200",
	"GET /events/:value.:format":             "200 200 200 200 200 | 404 404 404 404 404",
	"GET /static/:file":                      "200 200 200 200 200",

	"GET /feeds/members/:secret.:format":         "200 200 200 200 200",
	"GET /members/:secret/events/:value.:format": "200 200 200 200 200 | 404 404 404 404 404",

	"GET /api/v1/openapi.json":              "200 200 200 200 200",
	"GET /api/v1/associations":              "200 200 200 200 200",
	"GET /api/v1/groups":                    "200 200 200 200 200",
	"GET /api/v1/districts":                 "200 200 200 200 200",
	"GET /api/v1/kinds":                     "200 200 200 200 200",
	"GET /api/v1/events":                    "200 200 200 200 200",
	"POST /api/v1/events":                   "401 403 403 201 201",
	"GET /api/v1/events/:event":             "200 200 200 200 200 | 404 404 200 200 200",
	"PATCH /api/v1/events/:event":           "401 403 200 200 200 | 401 404 200 200 200",
	"POST /api/v1/events/:event/publish":    "401 403 200 200 200 | 401 404 200 200 200",
	"POST /api/v1/events/:event/postpone":   "401 403 200 200 200 | 401 404 409 409 409",
	"POST /api/v1/events/:event/cancel":     "401 403 200 200 200 | 401 404 409 409 409",
	"POST /api/v1/events/:event/rsvps":      "201 201 201 201 201 | 404 404 404 404 404",
	"GET /api/v1/events/:event/attendance":  "401 403 200 200 200 | 401 404 200 200 200",
	"POST /api/v1/events/:event/checkins":   "401 403 204 204 204 | 401 404 204 204 204",
	"GET /rsvp/:token":                      "404 404 404 404 404",
	"POST /rsvp/:token":                     "404 404 404 404 404",
	"GET /rsvp/:token/event.ics":            "404 404 404 404 404",
	"GET /rsvp/:token/quiet":                "404 404 404 404 404",
	"POST /rsvp/:token/quiet":               "404 404 404 404 404",
	"GET /":                                 "200 200 200 200 200",
	"GET /e/:code":                          "301 301 301 301 301 | 404 404 404 404 404",
	"GET /events/:event/poster":             "200 200 200 200 200 | 404 404 404 404 404",
	"GET /associations/:association/share":  "200 200 200 200 200",
	"GET /associations/:association/poster": "200 200 200 200 200",
	"GET /associations/:association/qr.svg": "200 200 200 200 200",
	"GET /may-day/:year":                    "404 404 404 404 404",
	"GET /embed":                            "200 200 200 200 200",
	"GET /events/:event/share":              "200 200 200 200 200 | 404 404 404 404 404",
	"GET /events/:event/:shape.png":         "200 200 200 200 200 | 404 404 404 404 404",
	"GET /events/:event/qr.svg":             "200 200 200 200 200 | 404 404 404 404 404",
	"GET /events/:event":                    "200 200 200 200 200 | 404 404 404 404 404",
	"GET /events/:event/rsvp":               "303 303 303 303 303 | 404 404 404 404 404",
	"POST /events/:event/rsvp":              "303 303 303 303 303 | 404 404 404 404 404",
	"GET /associations/:association":        "200 200 200 200 200",
	"GET /groups/:group":                    "200 200 200 200 200",
	"GET /districts/:district":              "200 200 200 200 200",
	"GET /subscribe":                        "200 200 200 200 200",
	"GET /subscribe/qr.svg":                 "200 200 200 200 200",
	"GET /privacy":                          "200 200 200 200 200",
	"GET /about":                            "200 200 200 200 200",
	"GET /accessibility":                    "200 200 200 200 200",
	"GET /demo/mail":                        "200 200 200 200 200",
	"GET /demo/mail/:letter":                "404 404 404 404 404",
	"GET /demo/mail/:letter/html":           "404 404 404 404 404",
	"GET /demo/mail/:letter/invitation.ics": "404 404 404 404 404",

	"GET /members/:secret":                     "200 200 200 200 200",
	"GET /members/:secret/events/:event":       "200 200 200 200 200 | 404 404 404 404 404",
	"GET /members/:secret/events/:event/rsvp":  "303 303 303 303 303 | 404 404 404 404 404",
	"POST /members/:secret/events/:event/rsvp": "303 303 303 303 303 | 404 404 404 404 404",

	"GET /sign-in":   "200 303 303 303 303",
	"POST /sign-in":  "200 200 200 200 200",
	"POST /sign-out": "303 303 303 303 303",

	"GET /organise":                                          "303 200 200 200 200",
	"GET /organise/ours":                                     "303 200 200 200 200",
	"GET /organise/city":                                     "303 404 404 404 200",
	"GET /organise/organisers":                               "303 404 404 404 200",
	"POST /organise/organisers":                              "303 404 404 404 303",
	"GET /organise/organisers/new":                           "303 404 404 404 200",
	"POST /organise/organisers/renew":                        "303 404 404 404 303",
	"GET /organise/organisers/:organiser":                    "303 404 404 404 200",
	"POST /organise/organisers/:organiser":                   "303 404 404 404 303",
	"POST /organise/organisers/:organiser/invite":            "303 404 404 404 303",
	"POST /organise/organisers/:organiser/renew":             "303 404 404 404 303",
	"GET /organise/organisers/:organiser/remove":             "303 404 404 404 200",
	"POST /organise/organisers/:organiser/remove":            "303 404 404 404 303",
	"GET /organise/events":                                   "303 200 200 200 200",
	"POST /organise/events":                                  "303 403 403 303 303",
	"GET /organise/events/new":                               "303 200 200 200 200",
	"GET /organise/events/:event":                            "303 403 200 200 200 | 303 404 200 200 200",
	"POST /organise/events/:event":                           "303 403 303 303 303 | 303 404 303 303 303",
	"GET /organise/events/:event/preview":                    "303 403 200 200 200 | 303 404 200 200 200",
	"POST /organise/events/:event/publish":                   "303 403 303 303 303 | 303 404 303 303 303",
	"GET /organise/events/:event/postpone":                   "303 403 200 200 200 | 303 404 409 409 409",
	"POST /organise/events/:event/postpone":                  "303 403 303 303 303 | 303 404 409 409 409",
	"GET /organise/events/:event/cancel":                     "303 403 200 200 200 | 303 404 409 409 409",
	"POST /organise/events/:event/cancel":                    "303 403 303 303 303 | 303 404 409 409 409",
	"GET /organise/events/:event/attendance":                 "303 403 200 200 200 | 303 404 200 200 200",
	"GET /organise/events/:event/attendance.csv":             "303 403 200 200 200 | 303 404 200 200 200",
	"GET /organise/events/:event/attendance.xlsx":            "303 403 200 200 200 | 303 404 200 200 200",
	"POST /organise/events/:event/checkins":                  "303 403 303 303 303 | 303 404 303 303 303",
	"POST /organise/events/:event/rsvps":                     "303 403 303 303 303 | 303 404 404 404 404",
	"POST /organise/events/:event/needs":                     "303 403 303 303 303 | 303 404 303 303 303",
	"POST /organise/events/:event/guard":                     "303 403 303 303 303 | 303 404 303 303 303",
	"GET /organise/events/:event/members":                    "303 403 200 200 200 | 303 404 200 200 200",
	"GET /organise/events/:event/members/renew":              "303 403 200 200 200 | 303 404 200 200 200",
	"POST /organise/events/:event/members/renew":             "303 403 303 303 303 | 303 404 303 303 303",
	"GET /organise/members":                                  "303 303 303 303 200",
	"GET /organise/associations/:association/members":        "303 403 403 200 200",
	"GET /organise/associations/:association/members/renew":  "303 403 403 200 200",
	"POST /organise/associations/:association/members/renew": "303 403 403 303 303",
	"GET /organise/calendars":                                "303 200 200 200 200",
	"POST /organise/calendars":                               "303 403 403 303 303",
	"GET /organise/calendars/:calendar":                      "303 404 404 200 200",
	"POST /organise/calendars/:calendar/approve":             "303 404 404 303 303",
	"POST /organise/calendars/:calendar/fetch":               "303 404 404 303 303",
	"POST /organise/calendars/:calendar/gone":                "303 404 404 303 303",
	"POST /organise/calendars/:calendar/stop":                "303 404 404 303 303",
	"GET /organise/texts":                                    "303 303 303 303 200",
	"GET /organise/texts/:host":                              "303 403 403 200 200",
	"POST /organise/texts/:host":                             "303 403 403 303 303",
	"GET /organise/notice":                                   "303 404 404 404 200",
	"POST /organise/notice":                                  "303 404 404 404 303",
	"GET /organise/log":                                      "303 404 404 404 200",
	"GET /organise/log.csv":                                  "303 404 404 404 200",
	"GET /organise/outbox":                                   "303 404 404 404 200",
	"POST /organise/outbox":                                  "303 404 404 404 303",
}

// emptyMailbox is the mailbox of a demonstration in which nothing has happened.
type emptyMailbox struct{}

func (emptyMailbox) Letters() []Letter { return nil }

// gate is a city with somebody of each role, signed in and with a token.
type gate struct {
	*city
	cookies, tokens []string
	standing        map[models.Status]models.Event // for those who only look
	calendar        string
}

func newGate(t *testing.T) *gate {
	t.Helper()
	c := newCityWith(t, func(c *Config) { c.Demo, c.Mailbox, c.Planner.Limits = true, emptyMailbox{}, false })
	must(c.Planner.ImportAssociations(c.ctx, []planner.Row[models.Association]{
		{Line: 2, Doc: models.Association{Document: models.Document{ID: "almgarden"}, Name: "Almgårdens förening", District: "oster"}},
	}))
	c.token("almgarden@example.org", models.RoleOrganiser, "almgarden")
	g := &gate{city: c, cookies: []string{""}, tokens: []string{""}}
	for _, email := range []string{"almgarden@example.org", "videdal@example.org", "husie@example.org", "office@example.org"} {
		g.cookies = append(g.cookies, c.session(email))
		o := must(c.Planner.OrganiserByEmail(c.ctx, email))
		g.tokens = append(g.tokens, must(c.Planner.CreateToken(c.ctx, o.ID)))
	}
	g.calendar = g.looked()
	g.colleague()
	return g
}

// event is a new one of husie and videdal together.
func (g *gate) event(status models.Status) models.Event {
	e := townHallOf("husie")
	e.CoHosts = []string{"videdal"}
	e = must(g.Planner.CreateEvent(g.ctx, planner.Command(), e))
	if status != models.Draft {
		e = must(g.Planner.MoveEvent(g.ctx, planner.Command(), e.ID, planner.Anyway, models.Publish, ""))
	}
	return e
}

// guest puts somebody on the list of an event, a draft's included.
func (g *gate) guest(e models.Event) string {
	rsvp := uuid.NewString()
	rid := must(models.ParseID(rsvp))
	must(0, g.Planner.Store.RSVPs.Create(g.ctx, models.RSVP{Document: models.Document{ID: rsvp}, Event: e.ID, Created: *g.clock}))
	r, err := g.Planner.Store.Rosters.Get(g.ctx, e.ID)
	if err != nil {
		r = models.Roster{Document: models.Document{ID: e.ID}}
		r.Learn(e.Facts(), *g.clock)
		must(0, g.Planner.Store.Rosters.Create(g.ctx, r))
	}
	must(g.Planner.Store.Rosters.Update(g.ctx, e.ID, func(r *models.Roster) error {
		_, err := r.SignUp(models.Ask{RSVP: rid, Party: 1, ByOrganiser: true}, *g.clock)
		if err != nil {
			r.Entries = append(r.Entries, models.Entry{RSVP: rid, Party: 1, Since: *g.clock, State: models.Going})
		}
		return nil
	}))
	return rsvp
}

// request is one that would do what the route is for, by somebody of a role.
func (g *gate) request(method, route string, role int, e *models.Event, headers ...string) answer {
	g.t.Helper()
	path, event := route, e.ID
	plain, _ := inFirstLanguage(route)
	if strings.HasPrefix(plain, "/events/") || strings.HasPrefix(plain, "/members/") {
		event = e.Slug
	}
	value := "all"
	switch {
	case strings.Contains(route, "/associations/"):
		value = "husie"
	case strings.Contains(route, "/kinds/"):
		value = "town-hall"
	case strings.Contains(route, "/groups/"):
		value = "klimat"
	case strings.Contains(route, "/districts/"):
		value = "oster"
	case strings.Contains(route, "/events/"):
		value = e.Slug
	}
	for name, with := range map[string]string{
		":event": event, ":value": value, ":format": "ics", ":association": "husie", ":host": "husie", ":group": "klimat", ":district": "oster",
		":token": "nobody", ":secret": g.secret("husie"), ":letter": "1", ":code": e.Short, ":shape": "wide", ":file": strings.TrimPrefix(g.pages.named["samling.css"], "/static/"),
	} {
		path = strings.ReplaceAll(path, name, with)
	}
	if strings.Contains(path, ":organiser") {
		path = strings.Replace(path, ":organiser", g.colleague(), 1)
	}
	if strings.Contains(path, ":calendar") {
		calendar := g.calendar
		if writes(method) != "" {
			calendar = g.looked()
			defer func() { _ = g.Planner.StopFollowing(g.ctx, planner.Command(), calendar) }() // only a few may be followed
		}
		path = strings.Replace(path, ":calendar", calendar, 1)
	}
	var body io.Reader
	media := "application/x-www-form-urlencoded"
	if method == "POST" || method == "PATCH" {
		text := g.body(plain, e)
		if strings.HasPrefix(route, "/api/") {
			media = "application/json"
		}
		body = strings.NewReader(text)
	}
	r := must(http.NewRequestWithContext(g.ctx, method, path, body))
	r.Host = "samling.test"
	if body != nil {
		r.Header.Set("Content-Type", media)
	}
	if strings.HasPrefix(route, "/api/") {
		if g.tokens[role] != "" {
			r.Header.Set("Authorization", "Bearer "+g.tokens[role])
		}
	} else if g.cookies[role] != "" {
		r.Header.Set("Cookie", "__Host-samling="+g.cookies[role])
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := g.App().Test(r, -1)
	if err != nil {
		g.t.Fatalf("%s %s: %v", method, path, err)
	}
	return answer{resp, string(must(io.ReadAll(resp.Body)))}
}

// colleague is an organiser about whom somebody may do something.
func (g *gate) colleague() string {
	const email = "colleague@example.org"
	if o, err := g.Planner.OrganiserByEmail(g.ctx, email); err == nil {
		return o.ID
	}
	return must(g.Planner.AddOrganiser(g.ctx, models.Organiser{Email: email, Role: models.RoleOrganiser, For: []string{"husie"}})).ID
}

// looked is a calendar of husie that was fetched once and waits for a word.
func (g *gate) looked() string {
	f := models.Follow{
		Document: models.Document{ID: uuid.NewString()}, Association: "husie", Status: models.FollowNew, Site: "kalender.example",
		Fetched: *g.clock, Tried: g.clock.Add(-time.Hour),
	}
	must(0, g.Planner.Store.Follows.Create(g.ctx, f))
	return f.ID
}

// body is what would be sent to a route.
func (g *gate) body(route string, e *models.Event) string {
	p := g.Words.In("sv")
	seen := url.Values{"seen": {writeSeen(e.Updated)}, "reason": {"Lokalen brann."}}
	switch {
	case route == "/api/v1/events":
		return townHall
	case strings.HasSuffix(route, "/checkins") && strings.HasPrefix(route, "/api/"):
		return `{"rsvp":"` + g.guest(*e) + `","present":1}`
	case strings.HasSuffix(route, "/needs"):
		guest := g.guest(*e)
		rsvp := must(g.Planner.Store.RSVPs.Get(g.ctx, guest))
		said := rsvp.LastSaid()
		return url.Values{"rsvp": {guest}, "said": {strconv.FormatInt(said.UnixMilli(), 10)}, "seen": {"yes"}}.Encode()
	case strings.HasSuffix(route, "/checkins"):
		return url.Values{"rsvp": {g.guest(*e)}, "present": {"1"}}.Encode()
	case route == "/api/v1/events/:event":
		return `{"summary":"Nytt"}`
	case strings.HasSuffix(route, "/rsvps") && strings.HasPrefix(route, "/api/"):
		return `{"name":"Ada","email":"` + uuid.NewString() + `@example.org","party":1,"consent":true}`
	case strings.HasPrefix(route, "/api/"):
		return "{}"
	case strings.HasSuffix(route, "/rsvp") || strings.HasSuffix(route, "/rsvps"):
		return url.Values{"name": {"Ada"}, "email": {uuid.NewString() + "@example.org"}, "party": {"1"}, "consent": {"yes"}}.Encode()
	case route == "/organise/events" || route == "/organise/events/:event":
		in := filledIn(p, e, []string{"en"})
		in.set("summary", "Nytt")
		in.set("seen", writeSeen(e.Updated))
		return in.encode()
	case route == "/organise/calendars":
		return url.Values{"association": {"husie"}, "address": {"https://kalender.example/a.ics"}}.Encode()
	case route == "/organise/organisers":
		return url.Values{"email": {uuid.NewString() + "@example.org"}, "role": {"organiser"}, "association": {"husie"}}.Encode()
	case route == "/organise/organisers/renew":
		return "of=husie"
	case route == "/organise/organisers/:organiser":
		o := must(g.Planner.Store.Organisers.Get(g.ctx, g.colleague()))
		in := organiserIn(&o)
		in.set("seen", writeSeen(o.Updated))
		return in.encode()
	case strings.HasSuffix(route, "/guard"):
		return "do=pause"
	case route == "/organise/outbox":
		id := uuid.NewString()
		must(0, g.Planner.Store.Mails.Create(g.ctx, models.Mail{Document: models.Document{ID: id}, Status: models.MailFailed}))
		return url.Values{"mail": {id}}.Encode()
	case route == "/sign-in":
		return "email=nobody%40example.org"
	}
	return seen.Encode()
}

func TestPermissions_EveryRouteHasARow(t *testing.T) {
	g := newGate(t)
	g.standing = map[models.Status]models.Event{models.Published: g.event(models.Published), models.Draft: g.event(models.Draft)}
	rows := 0
	routes := g.App().GetRoutes(true)
	// Reading first, while there is little to compare.
	slices.SortStableFunc(routes, func(a, b fiber.Route) int { return cmp.Compare(len(writes(a.Method)), len(writes(b.Method))) })
	for _, route := range routes {
		path, _ := inFirstLanguage(route.Path)
		method := route.Method
		if method == fiber.MethodHead {
			method = fiber.MethodGet
		}
		row, ok := permissions[method+" "+path]
		if !ok {
			t.Errorf("%s %s has no row", route.Method, route.Path)
			continue
		}
		rows++
		t.Run(route.Method+" "+route.Path, func(t *testing.T) { g.check(t, route.Method, route.Path, row) })
	}
	for key := range permissions {
		method, path, _ := strings.Cut(key, " ")
		if !slices.ContainsFunc(g.App().GetRoutes(true), func(r fiber.Route) bool { return r.Method == method && r.Path == path }) {
			t.Errorf("%s has a row and no route", key)
		}
	}
	t.Logf("%d rows for %d routes", len(permissions), rows)
}

// writes is the method, if it may change something.
func writes(method string) string {
	if method == fiber.MethodGet || method == fiber.MethodHead {
		return ""
	}
	return method
}

// check asks a route as everybody, about a published event and a draft. A GET must
// change nothing but the log of who read a list.
func (g *gate) check(t *testing.T, method, route, row string) {
	published, draft, about := strings.Cut(row, "|")
	for status, wanted := range map[models.Status]string{models.Published: published, models.Draft: draft} {
		if status == models.Draft && !about {
			continue
		}
		for role, want := range strings.Fields(wanted) {
			e, before := g.standing[status], ""
			if writes(method) != "" {
				e = g.event(status)
			} else {
				before = g.kept(t)
			}
			a := g.request(method, route, role, &e)
			if strconv.Itoa(a.StatusCode) != want {
				t.Errorf("%s, %s: status %d, want %s: %.300s", roles[role], status, a.StatusCode, want, a.body)
			}
			if writes(method) == "" && g.kept(t) != before {
				t.Errorf("%s, %s: a GET changed something", roles[role], status)
			}
			if strings.Contains(route, "/organise") || strings.Contains(route, "/sign-") {
				guarded(t, a)
			}
			if a.Header.Get("Set-Cookie") != "" && !strings.Contains(route, "/sign-out") {
				t.Errorf("%s, %s: sets a cookie", roles[role], status)
			}
			if strings.HasSuffix(route, "/sign-out") && role > 0 {
				g.cookies[role] = g.session(must(g.Planner.ByToken(g.ctx, g.tokens[role])).Email)
			}
		}
	}
}

// guarded fails unless an answer is kept nowhere and cannot be framed.
func guarded(t *testing.T, a answer) {
	t.Helper()
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow", "Content-Security-Policy": contentSecurity,
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
	} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// kept is everything that lasts, but the log of who read what.
func (c *city) kept(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	s := c.Planner.Store
	dump(t, &b, s.Events)
	dump(t, &b, s.Rosters)
	dump(t, &b, s.RSVPs)
	dump(t, &b, s.WalkIns)
	dump(t, &b, s.SignIns)
	dump(t, &b, s.Sessions)
	dump(t, &b, s.Mails)
	dump(t, &b, s.Organisers)
	dump(t, &b, s.Follows)
	return b.String()
}

func dump[T any, P models.DocumentOf[T]](t *testing.T, b *strings.Builder, c models.Collection[T]) {
	t.Helper()
	for doc, err := range c.List(t.Context(), models.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(b, P(&doc).Doc().ID, P(&doc).Doc().Revision)
	}
}

func TestCrossSite_EveryPostIsRefused(t *testing.T) {
	g := newGate(t)
	asked := 0
	for _, route := range g.App().GetRoutes(true) {
		if writes(route.Method) == "" {
			continue
		}
		for name, headers := range map[string][]string{
			"another site":     {"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"},
			"a neighbour":      {"Sec-Fetch-Site", "same-site", "Origin", "https://other.samling.test"},
			"an older browser": {"Origin", "https://evil.example"},
			"no origin":        {"Origin", "null"},
		} {
			if name == "no origin" && (strings.Contains(route.Path, "/rsvp/") || strings.Contains(route.Path, "/members/")) {
				continue // these pages have none, and their addresses are secrets
			}
			e := g.event(models.Published)
			if strings.HasSuffix(route.Path, "/checkins") || strings.HasSuffix(route.Path, "/needs") || strings.HasSuffix(route.Path, "/outbox") {
				plain, _ := inFirstLanguage(route.Path)
				g.body(plain, &e)
			}
			asked++
			if a := g.request(route.Method, route.Path, 4, &e, headers...); a.StatusCode != http.StatusForbidden {
				t.Errorf("%s %s from %s: status %d", route.Method, route.Path, name, a.StatusCode)
			}
			if now := must(g.Planner.Editable(g.ctx, planner.Command(), e.ID)); now.Revision != e.Revision {
				t.Errorf("%s %s from %s changed the event", route.Method, route.Path, name)
			}
		}
	}
	if asked < 80 {
		t.Errorf("only %d posts were tried", asked)
	}
}

package handlers

import (
	"io"
	"net/http"
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

// roles are those who ask, in the order of the columns of permissionsFile. Of the
// hosts' own events husie is the host, videdal helps, and klimat is tagged.
var roles = []string{
	"anonymous", "door", "another association's", "co-host's", "host's", "group's", "coordinator by mail alone", "coordinator",
}

// addresses are the organisers of the roles. A door has none: she has what a door's
// link and code have given her telephone.
var addresses = []string{
	"", "", "almgarden@example.org", "videdal@example.org", "husie@example.org", "klimat@example.org", mailedOnly, "office@example.org",
}

// mailedOnly is a coordinator who has shown no second factor: not in her session, and
// so her token, which she could not have made, is for nothing that asks for one.
const mailedOnly = "mailed@example.org"

// matter is what a route is about: something of an association's, and of its events
// one that is published or a draft.
type matter struct {
	association string
	status      models.Status
}

// mine is the association of the host's organiser, theirs one of which no organiser
// of the table knows anything.
const mine, theirs = "husie", "fosie"

// mattersOf are those that a route is asked about, in the order of the row.
func mattersOf(method, path string) []matter {
	switch {
	case strings.Contains(path, ":event") || strings.Contains(path, "/events/:value") || strings.Contains(path, ":code"):
		return []matter{{mine, models.Published}, {mine, models.Draft}, {theirs, models.Published}, {theirs, models.Draft}}
	case strings.HasPrefix(path, "/door/:secret"):
		return []matter{{mine, models.Published}, {theirs, models.Published}}
	case strings.HasPrefix(path, "/organise") && (strings.Contains(path, ":") || writes(method)), path == apiRoot+"/events" && writes(method):
		return []matter{{mine, models.Published}, {theirs, models.Published}}
	}
	return []matter{{mine, models.Published}}
}

// writes reports whether a method may change something.
func writes(method string) bool { return method != fiber.MethodGet && method != fiber.MethodHead }

// emptyMailbox is the mailbox of a demonstration in which nothing has happened.
type emptyMailbox struct{}

func (emptyMailbox) Letters() []Letter { return nil }

// gate is a city with somebody of each role, signed in and with a token.
type gate struct {
	*city
	cookies, tokens []string
	standing        map[matter]models.Event // for those who only look
	calendars       map[string]string       // of each association, for the same
	doors           map[string]string       // links to the doors of those that are published
	phone           string                  // the secret of one that stands at the door of mine
	guests          map[string]string       // somebody on the list of each event, for the same
}

func newGate(t *testing.T) *gate {
	t.Helper()
	c := newCityWith(t, func(c *Config) { c.Demo, c.Mailbox, c.Planner.Limits = true, emptyMailbox{}, false })
	must(c.Planner.ImportAssociations(c.ctx, []planner.Row[models.Association]{
		{Line: 2, Doc: models.Association{Document: models.Document{ID: "almgarden"}, Name: "Almgårdens förening", District: "oster"}},
		{Line: 3, Doc: models.Association{Document: models.Document{ID: theirs}, Name: "Fosies förening", District: "oster"}},
	}))
	c.token("almgarden@example.org", models.RoleOrganiser, "almgarden")
	c.token("klimat@example.org", models.RoleOrganiser, "klimat")
	c.token(mailedOnly, models.RoleCoordinator)
	g := &gate{city: c, standing: map[matter]models.Event{}, calendars: map[string]string{}, doors: map[string]string{}, guests: map[string]string{}}
	for _, email := range addresses {
		cookie, token := "", ""
		if email != "" {
			o := must(c.Planner.OrganiserByEmail(c.ctx, email))
			cookie, token = g.signIn(email), c.tokenOf(o, models.Scopes()...)
			if email == mailedOnly {
				token = c.tokenOf(o, models.ScopeReadEvents, models.ScopeWriteEvents)
			}
			g.possession(":factor", fiber.MethodPost, o.ID)
		}
		g.cookies, g.tokens = append(g.cookies, cookie), append(g.tokens, token)
	}
	for _, association := range []string{mine, theirs} {
		g.calendars[association] = g.looked(association)
		for _, status := range []models.Status{models.Published, models.Draft} {
			m := matter{association, status}
			g.standing[m] = g.event(m)
			g.guests[g.standing[m].ID] = g.guest(g.standing[m])
		}
		link, code := g.door(g.standing[matter{association, models.Published}])
		if g.doors[association] = link; association == mine {
			g.phone = must(g.Planner.OpenDoor(g.ctx, link, code, "", ""))
		}
	}
	for _, token := range g.tokens[2:] {
		must(c.Planner.ByToken(c.ctx, token, models.ScopeReadEvents)) // its first use is written down
	}
	g.possession(":factor", fiber.MethodPost, g.colleague())
	return g
}

// signIn is a new session of somebody's.
func (g *gate) signIn(email string) string {
	if email == mailedOnly {
		return g.mailedSession(email)
	}
	return g.session(email)
}

// routesReadFirst are all routes, those first that change nothing, while there is
// little to compare.
func (g *gate) routesReadFirst() []fiber.Route {
	routes := g.App().GetRoutes(true)
	slices.SortStableFunc(routes, func(a, b fiber.Route) int {
		return strings.Compare(strconv.FormatBool(writes(a.Method)), strconv.FormatBool(writes(b.Method)))
	})
	return routes
}

// event is a new one: husie's is held with videdal and about klimat.
func (g *gate) event(m matter) models.Event {
	e := townHallOf(m.association)
	if m.association == mine {
		e.CoHosts, e.Groups = []string{"videdal"}, []string{"klimat"}
	}
	e = must(g.Planner.CreateEvent(g.ctx, planner.Command(), e))
	if m.status != models.Draft {
		e = must(g.Planner.MoveEvent(g.ctx, planner.Command(), e.ID, planner.Anyway, models.Publish, ""))
	}
	return e
}

// door opens the door of an event.
func (c *city) door(e models.Event) (link, code string) {
	must(0, c.Planner.RenewDoor(c.ctx, planner.Command(), e.ID))
	_, d, err := c.Planner.Door(c.ctx, planner.Command(), e.ID)
	must(0, err)
	return c.Planner.DoorSecret(&d), c.Planner.DoorCode(&d)
}

// guest puts somebody on the list of an event, a draft's included.
func (g *gate) guest(e models.Event) string {
	rsvp := uuid.NewString()
	rid := must(models.ParseID(rsvp))
	must(0, g.Planner.Store.RSVPs.Create(g.ctx, models.RSVP{Document: models.Document{ID: rsvp}, Event: e.ID, Created: *g.clock, By: "somebody"}))
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

// possession is a session, a token or a second factor of an organiser; of what only
// is looked at, the one that she has.
func (g *gate) possession(param string, method, owner string) string {
	doc := models.Document{ID: uuid.NewString()}
	until := g.clock.Add(time.Hour)
	switch param {
	case ":session":
		must(0, g.Planner.Store.Sessions.Create(g.ctx, models.Session{Document: doc, Organiser: owner, Created: *g.clock, Expires: until}))
	case ":token":
		must(0, g.Planner.Store.Tokens.Create(g.ctx, models.Token{Document: doc, Organiser: owner, Created: *g.clock, Expires: until}))
	case ":factor":
		if has := must(g.Planner.Factors(g.ctx, owner)); len(has) > 0 && !writes(method) {
			return has[0].ID
		}
		must(0, g.Planner.Store.Factors.Create(g.ctx, models.Factor{
			Document: doc, Organiser: owner, Kind: models.FactorCode, Name: "Telefonen", Sealed: g.Planner.Keys.Vault().SealFor("factor", doc.ID, []byte("12345678901234567890")),
		}))
	}
	return doc.ID
}

// looked is a calendar of an association that was fetched once and waits for a word.
func (g *gate) looked(association string) string {
	f := models.Follow{
		Document: models.Document{ID: uuid.NewString()}, Association: association, Status: models.FollowNew, Site: "kalender.example",
		Fetched: *g.clock, Tried: g.clock.Add(-time.Hour),
	}
	must(0, g.Planner.Store.Follows.Create(g.ctx, f))
	return f.ID
}

// colleague is an organiser about whom somebody may do something.
func (g *gate) colleague() string {
	const email = "colleague@example.org"
	if o, err := g.Planner.OrganiserByEmail(g.ctx, email); err == nil {
		return o.ID
	}
	return must(g.Planner.AddOrganiser(g.ctx, models.Organiser{Email: email, Role: models.RoleOrganiser, For: []string{mine}})).ID
}

// request is one that would do what the route is for, by somebody of a role.
func (g *gate) request(method, route string, role int, e models.Event, headers ...string) answer {
	g.t.Helper()
	plain, _ := inFirstLanguage(route)
	ask := ask{gate: g, method: method, route: plain, role: role, event: e}
	path, done := ask.path(route)
	defer done()
	var body io.Reader
	media := "application/x-www-form-urlencoded"
	if writes(method) {
		if strings.HasPrefix(route, apiRoot) {
			media = "application/json"
		}
		body = strings.NewReader(ask.body())
	}
	r := must(http.NewRequestWithContext(g.ctx, method, path, body))
	r.Host = "samling.test"
	if body != nil {
		r.Header.Set("Content-Type", media)
	}
	if token := g.tokens[role]; strings.HasPrefix(route, apiRoot) && token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	} else if cookie := g.cookies[role]; cookie != "" {
		r.Header.Set("Cookie", "__Host-samling="+cookie)
	}
	if roles[role] == "door" {
		r.Header.Set("Cookie", "__Secure-samling-door="+g.phone+"; __Host-samling="+g.phone)
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

// answers asks a route as everybody about everything. A GET must change nothing but
// the log of who read a list.
func (g *gate) answers(t *testing.T, method, route string) verdicts {
	t.Helper()
	plain, _ := inFirstLanguage(route)
	var out verdicts
	before := g.kept(t)
	for _, m := range mattersOf(method, plain) {
		var block []string
		e := g.standing[m]
		for role := range roles {
			if writes(method) && (role == 0 || must(g.Planner.Store.Events.Get(g.ctx, e.ID)).Revision != e.Revision) {
				e = g.event(m)
			}
			a := g.request(method, route, role, e)
			block = append(block, a.named())
			if isDesk(plain) {
				guarded(t, a)
			}
			if a.Header.Get("Set-Cookie") != "" && plain != "/sign-out" && plain != "/door/:secret" {
				t.Errorf("%s: sets a cookie", roles[role])
			}
			if plain == "/sign-out" && addresses[role] != "" {
				g.cookies[role] = g.signIn(addresses[role])
			}
			if a.StatusCode >= 500 {
				t.Errorf("%s, %v: %.300s", roles[role], m, a.body)
			}
		}
		out = append(out, block)
	}
	if !writes(method) && g.kept(t) != before {
		t.Error("a GET changed something")
	}
	return out
}

// named is how an answer is called in permissionsFile.
func (a answer) named() string {
	to, _ := inFirstLanguage(a.Header.Get("Location"))
	if strings.HasPrefix(to, "/organise/prove?then=") {
		return "2nd"
	}
	asks := a.StatusCode == http.StatusUnauthorized && a.Header.Get("WWW-Authenticate") == "" // on the page itself
	if to == "/sign-in" || strings.HasPrefix(to, "/sign-in?then=") || asks {
		return "who"
	}
	return strconv.Itoa(a.StatusCode)
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
	dump(t, &b, s.Tokens)
	dump(t, &b, s.Factors)
	dump(t, &b, s.Mails)
	dump(t, &b, s.Organisers)
	dump(t, &b, s.Follows)
	dump(t, &b, s.Changes)
	return b.String()
}

func dump[T any, P models.DocumentOf[T]](t *testing.T, b *strings.Builder, c models.Collection[T]) {
	t.Helper()
	for doc, err := range c.List(t.Context(), models.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(P(&doc).Doc().ID + " " + string(P(&doc).Doc().Revision) + "\n")
	}
}

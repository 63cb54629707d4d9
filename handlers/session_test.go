package handlers

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"samling/models"
	"samling/planner"
)

func townHallOf(host string) models.Event {
	return models.Event{
		Kind: models.TownHall, Host: host, Text: models.Text{Title: "Öppet möte om skolan"}, TimeZone: "Europe/Stockholm",
		Starts: tuesday.Add(10 * 24 * time.Hour), SignUp: models.SignUpRules{Needed: true}, Capacity: 3, Place: models.Place{Name: "Aulan"},
	}
}

// session signs an organiser in who shows a second factor too, and returns her
// cookie's value.
func (c *city) session(email string) string {
	c.t.Helper()
	secret := c.mailedSession(email)
	now := *c.clock
	who := must(c.Planner.BySession(c.ctx, secret))
	must(c.Planner.Store.Sessions.Update(c.ctx, who.Session.ID, func(s *models.Session) error { s.Proven = now; return nil }))
	return secret
}

// mailedSession is session of one who has shown nothing but that she reads her mail.
func (c *city) mailedSession(email string) string {
	c.t.Helper()
	o := must(c.Planner.OrganiserByEmail(c.ctx, email))
	with := planner.Browser{Own: true, Mark: c.Planner.MarkBrowser(o.ID)}
	return must(c.Planner.SpendSignIn(c.ctx, must(c.Planner.CreateSignIn(c.ctx, o.ID, time.Hour)), with))
}

// browser is somebody's browser without JavaScript: it keeps the cookie and says
// where its forms come from.
type browser struct {
	*city
	cookie string
	agent  string // what it calls itself; empty: nothing
}

func (c *city) browser() *browser { return &browser{city: c} }

func (c *city) signedIn(email string) *browser { return &browser{city: c, cookie: c.session(email)} }

func (b *browser) send(method, path string, fields url.Values) answer {
	b.t.Helper()
	var body io.Reader
	if fields != nil {
		body = strings.NewReader(fields.Encode())
	}
	r := must(http.NewRequestWithContext(b.ctx, method, path, body))
	r.Host = "samling.test"
	if fields != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "https://samling.test")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	r.Header.Set("User-Agent", b.agent)
	if b.cookie != "" {
		r.Header.Set("Cookie", "__Host-samling="+b.cookie)
	}
	resp, err := b.App().Test(r, -1)
	if err != nil {
		b.t.Fatalf("%s %s: %v", method, path, err)
	}
	for _, c := range resp.Cookies() {
		if c.Name != "__Host-samling" {
			continue
		}
		if b.cookie = c.Value; c.Expires.Year() == 1970 {
			b.cookie = ""
		}
	}
	return answer{resp, string(must(io.ReadAll(resp.Body)))}
}

func (b *browser) get(path string) answer { b.t.Helper(); return b.send("GET", path, nil) }

// post sends a form; fields are names and values in turn.
func (b *browser) post(path string, fields ...string) answer {
	b.t.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Add(fields[i], fields[i+1])
	}
	return b.send("POST", path, v)
}

// leads fails unless the answer leads on to a path.
func (a answer) leads(t testing.TB, to string) answer {
	t.Helper()
	a.want(t, http.StatusSeeOther)
	if got := a.Header.Get("Location"); got != to {
		t.Fatalf("leads to %q, want %q", got, to)
	}
	return a
}

func (a answer) contains(t testing.TB, texts ...string) answer {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			t.Errorf("there is no %q on the page (%s)", text, a.Status)
		}
	}
	return a
}

func (a answer) lacks(t testing.TB, texts ...string) answer {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(a.body, text) {
			t.Errorf("there is %q on the page (%s)", text, a.Status)
		}
	}
	return a
}

// On a machine that others use too the cookie goes with the browser's window.
func TestSession_CookieOfAVisit(t *testing.T) {
	c := newCity(t)
	o := must(c.Planner.OrganiserByEmail(c.ctx, "husie@example.org"))
	a := c.browser().post("/sign-in", "token", must(c.Planner.CreateSignIn(c.ctx, o.ID, time.Hour))).leads(t, "/organise")
	for _, cookie := range a.Cookies() {
		if lasts := cookie.MaxAge != 0 || !cookie.Expires.IsZero(); lasts != (cookie.Name == "__Host-samling-known") || !cookie.HttpOnly || !cookie.Secure {
			t.Errorf("the cookie %+v", cookie)
		}
	}
}

func TestSession_Cookie(t *testing.T) {
	c := newCity(t)
	o := must(c.Planner.OrganiserByEmail(c.ctx, "husie@example.org"))
	token := must(c.Planner.CreateSignIn(c.ctx, o.ID, time.Hour))
	a := c.browser().post("/sign-in", "token", token, "own", "yes").leads(t, "/organise")
	got := strings.Split(strings.ToLower(a.Header.Get("Set-Cookie")), "; ")
	for _, want := range []string{"httponly", "secure", "samesite=lax", "path=/", "max-age=2592000"} {
		if !containsString(got, want) {
			t.Errorf("the cookie %q lacks %s", got, want)
		}
	}
	for _, attribute := range got {
		if strings.HasPrefix(attribute, "domain") {
			t.Errorf("the cookie is for other hosts too: %q", got)
		}
	}
	if !strings.HasPrefix(got[0], "__host-samling=") {
		t.Errorf("the cookie is called %q", got[0])
	}
}

func containsString(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

func TestSession_PlainHTTP(t *testing.T) {
	c := newCityWith(t, func(c *Config) { c.Site = "http://samling.test" })
	o := must(c.Planner.OrganiserByEmail(c.ctx, "husie@example.org"))
	a := c.ask("POST", "/sign-in", "token="+must(c.Planner.CreateSignIn(c.ctx, o.ID, time.Hour)), "Content-Type", "application/x-www-form-urlencoded")
	cookie := strings.ToLower(a.want(t, 303).Header.Get("Set-Cookie"))
	if !strings.HasPrefix(cookie, "samling=") || strings.Contains(cookie, "secure") {
		t.Errorf("a browser would not keep %q", cookie)
	}
}

func TestSession_Wrong(t *testing.T) {
	c := newCity(t)
	good := c.session("husie@example.org")
	old := c.signedIn("husie@example.org")
	out := c.signedIn("husie@example.org")
	gone := out.cookie
	out.post("/sign-out").leads(t, "/sign-in?done=out")
	if out.cookie != "" {
		t.Error("the cookie stays after signing out")
	}
	for name, cookie := range map[string]string{
		"none": "", "made up": "AAAAAAAAAAAAAAAAAAAAAAAAAA", "cut": good[1:], "in another case": strings.ToLower(good),
		"an API token": c.husie, "signed out": gone, "very long": strings.Repeat("A", 3000), "not text": "%00%ff",
	} {
		t.Run(name, func(t *testing.T) {
			b := &browser{city: c, cookie: cookie}
			b.get("/organise").leads(t, "/sign-in?then=%2Forganise")
			b.get("/en/organise/log?a=b").leads(t, "/en/sign-in?then=%2Fen%2Forganise%2Flog%3Fa%3Db")
			b.post("/organise/events", "title", "x").want(t, 401).contains(t, `name="kept.title" value="x"`)
			b.post("/organise/outbox", "mail", "x").leads(t, "/sign-in")
		})
	}
	old.get("/organise").want(t, 200)
	c.pass(models.SessionLasts)
	old.get("/organise").leads(t, "/sign-in?then=%2Forganise")
}

// Somebody plants a session in a browser: signing in makes another one, and ends
// the planted one.
func TestSession_Fixation(t *testing.T) {
	c := newCity(t)
	planted := c.session("videdal@example.org")
	b := &browser{city: c, cookie: planted}
	o := must(c.Planner.OrganiserByEmail(c.ctx, "husie@example.org"))
	b.post("/sign-in", "token", must(c.Planner.CreateSignIn(c.ctx, o.ID, time.Hour))).leads(t, "/organise")
	if b.cookie == planted || b.cookie == "" {
		t.Errorf("the session after signing in is %q", b.cookie)
	}
	b.get("/organise").want(t, 200).contains(t, "husie@example.org")
	(&browser{city: c, cookie: planted}).get("/organise").leads(t, "/sign-in?then=%2Forganise")
}

func TestOnwards_NowhereElse(t *testing.T) {
	c := newCity(t)
	for then, want := range map[string]string{
		"":                                "/organise",
		"/organise":                       "/organise",
		"/organise/events?which=past&q=å": "/organise/events?which=past&q=å",
		"/en/organise/log":                "/en/organise/log",
		"https://evil.example/organise":   "/organise",
		"//evil.example/organise":         "/organise",
		"/\\evil.example":                 "/organise",
		"/organise/..//evil.example":      "/organise",
		"/organise/../../sign-out":        "/organise",
		"/organised":                      "/organise",
		"javascript:alert(1)":             "/organise",
		"/organise\r\nSet-Cookie: a=b":    "/organise",
		"/organise\t//x":                  "/organise",
		"http:/organise":                  "/organise",
		"/":                               "/organise",
		"/%2e%2e//evil.example":           "/organise",
		"//user@samling.test/organise":    "/organise",
	} {
		o := must(c.Planner.OrganiserByEmail(c.ctx, "husie@example.org"))
		token := must(c.Planner.CreateSignIn(c.ctx, o.ID, time.Hour))
		id, _ := c.Planner.Keys.Vault().Check("sign-in", token)
		b := c.browser()
		a := b.post("/sign-in", "email", o.Email, "code", c.Planner.Keys.Vault().Code("sign-in", id), "then", then)
		if got := a.Header.Get("Location"); a.StatusCode != 303 || got != want {
			t.Errorf("then=%q: %d, leads to %q, want %q", then, a.StatusCode, got, want)
		}
		// Who is signed in already is led on in the same way.
		if got := b.get("/sign-in?then=" + url.QueryEscape(then)).Header.Get("Location"); got != want {
			t.Errorf("GET with then=%q leads to %q, want %q", then, got, want)
		}
		c.pass(time.Hour) // the limits forget
	}
}

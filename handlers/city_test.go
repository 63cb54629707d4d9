package handlers

import (
	"context"
	"encoding/json"
	"html"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"samling/ics"
	"samling/locale"
	"samling/models"
	"samling/models/vault"
	"samling/planner"
	"samling/store"
)

// city is a whole installation but for its mail: a store of its own, and a clock
// that tests move.
type city struct {
	*Server
	t     testing.TB
	clock *time.Time
	ctx   context.Context
	log   *strings.Builder
	api   *description
	// tokens of a coordinator, of an organiser of husie, and of one of videdal.
	office, husie, videdal string
}

// swedish is the catalogue of a Swedish city, which is read once: nobody changes it.
var swedish = sync.OnceValue(func() *locale.Catalogue { return must(locale.Load("sv")) })

// tuesday is a quiet morning in winter time.
var tuesday = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)

func newCity(t testing.TB) *city { return newCityWith(t, func(*Config) {}) }

func newCityWith(t testing.TB, set func(*Config)) *city {
	t.Helper()
	clock := tuesday
	ctx := context.Background()
	v := must(vault.Create(filepath.Join(t.TempDir(), "key"), vault.DayOf(clock)))
	kept := must(store.Open(ctx, "sqlite:"+filepath.Join(t.TempDir(), "samling.db"), store.Options{}))
	t.Cleanup(func() { _ = kept.Close() })
	districts := []models.District{{Document: models.Document{ID: "oster"}, Name: "Öster", Names: map[string]string{"en": "East"}}}
	if err := planner.Install(ctx, kept, v, clock, districts); err != nil {
		t.Fatal(err)
	}
	log := &strings.Builder{}
	c := &city{t: t, clock: &clock, ctx: ctx, log: log, api: describe(t)}
	now := func() time.Time { return *c.clock }
	p := planner.New(planner.Config{
		Store: kept, Now: now, Log: slog.New(slog.DiscardHandler), Zone: "Europe/Stockholm", Language: "sv", Site: "https://samling.test",
		Retention: 14 * 24 * time.Hour, Limits: true, Mailed: func() {},
		Keys: vault.NewKeyring(v, func(ctx context.Context, event string) ([]byte, vault.Day, error) {
			k, err := kept.EventKeys.Get(ctx, event)
			return k.Wrapped, vault.Day(k.Day), err
		}),
	})
	words := swedish()
	config := Config{
		Planner: p, Calendar: ics.NewEncoder(words, "https://samling.test"), Words: words, Site: "https://samling.test",
		Language: "sv", Zone: "Europe/Stockholm", Version: "test", Now: now, Log: slog.New(slog.NewTextHandler(log, nil)),
	}
	set(&config)
	c.Server = must(New(config))
	if err := p.Refresh(ctx); err != nil {
		t.Fatal(err)
	}
	must(p.ImportGroups(ctx, []planner.Row[models.Group]{
		{Line: 2, Doc: models.Group{Document: models.Document{ID: "klimat"}, Name: "Klimat", Names: map[string]string{"en": "Climate"}}},
	}))
	must(p.ImportAssociations(ctx, []planner.Row[models.Association]{
		{Line: 2, Doc: models.Association{Document: models.Document{ID: "husie"}, Name: "Husies förening", District: "oster", Email: "husie@example.org"}},
		{Line: 3, Doc: models.Association{Document: models.Document{ID: "videdal"}, Name: "Videdals förening", District: "oster"}},
	}))
	c.office = c.token("office@example.org", models.RoleCoordinator)
	c.husie = c.token("husie@example.org", models.RoleOrganiser, "husie")
	c.videdal = c.token("videdal@example.org", models.RoleOrganiser, "videdal")
	return c
}

// must is for what has to work before a test begins.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func (c *city) token(email string, role models.Role, works ...string) string {
	c.t.Helper()
	o := must(c.Planner.AddOrganiser(c.ctx, models.Organiser{Email: email, Role: role, For: works}))
	return c.tokenOf(o, models.Scopes()...)
}

// tokenOf is another token of somebody. The mail that tells her is none of a test's
// business.
func (c *city) tokenOf(o models.Organiser, scopes ...models.Scope) string {
	c.t.Helper()
	secret := must(c.Planner.CreateToken(c.ctx, o.ID, "test", models.TokenLasts, scopes...))
	for m, err := range c.Planner.Store.Mails.List(c.ctx, models.Query{}) {
		if must(m, err).Kind == models.MailTokenMade {
			must(0, c.Planner.Store.Mails.Delete(c.ctx, m.ID, m.Revision))
		}
	}
	return secret
}

func (c *city) pass(d time.Duration) { *c.clock = c.clock.Add(d) }

// answer is what came back.
type answer struct {
	*http.Response
	body string
}

// ask sends a request. headers are names and values in turn; a token among them
// is written "token", and a body that is not form text is JSON.
func (c *city) ask(method, url, body string, headers ...string) answer {
	c.t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r := must(http.NewRequestWithContext(c.ctx, method, url, reader))
	r.Host = "samling.test"
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "token" {
			r.Header.Set("Authorization", "Bearer "+headers[i+1])
			continue
		}
		r.Header.Add(headers[i], headers[i+1])
	}
	if body != "" && r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.App().Test(r, -1)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, url, err)
	}
	text := must(io.ReadAll(resp.Body))
	a := answer{resp, string(text)}
	if strings.HasPrefix(url, apiRoot) {
		c.api.conforms(c.t, method, url, body, a)
	}
	return a
}

// want fails unless the status is as wanted.
func (a answer) want(t testing.TB, status int) answer {
	t.Helper()
	if a.StatusCode != status {
		t.Fatalf("status %d, want %d: %s", a.StatusCode, status, a.body)
	}
	return a
}

// unmarked is the body without the elements that hold names together where one
// writes the other way.
func (a answer) unmarked() string {
	return strings.NewReplacer("<bdi>", "", "</bdi>", "").Replace(a.body)
}

// result is what a heading with the focus says came of what was sent, and the title
// first of all; empty: the page has no such heading.
func (a answer) result() string {
	m := regexp.MustCompile(`<h[12][^>]* tabindex="-1" autofocus>([^<]*)</h`).FindStringSubmatch(a.unmarked())
	if m == nil || !strings.Contains(a.body, "<title>"+m[1]+" – ") {
		return ""
	}
	return html.UnescapeString(m[1])
}

// json is the body as a tree.
func (a answer) json(t testing.TB) map[string]any {
	t.Helper()
	var tree map[string]any
	if err := json.Unmarshal([]byte(a.body), &tree); err != nil {
		t.Fatalf("%v in %s", err, a.body)
	}
	return tree
}

package handlers

import (
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
)

func TestAround_PanicIsAnError(t *testing.T) {
	c := newCity(t)
	c.App().Get("/api/v1/panics", func(*fiber.Ctx) error { panic("name=Ada") })
	a := c.ask("GET", "/api/v1/panics", "").want(t, 500)
	if strings.Contains(a.body, "Ada") || a.json(t)["code"] != "internal" {
		t.Errorf("a panic is answered %s", a.body)
	}
	if log := c.log.String(); !strings.Contains(log, "name=Ada") || !strings.Contains(log, "status=500") {
		t.Errorf("the log does not tell of it: %s", log)
	}
	c.ask("GET", "/healthz", "").want(t, 200)
}

func TestAround_SecurityHeaders(t *testing.T) {
	c := feedCity(t)
	ids := map[string]bool{}
	for _, url := range []string{"/api/v1/events", "/feeds/all.ics", "/healthz", "/nothing", "/rsvp/x", "/api/v1/nothing"} {
		a := c.ask("GET", url, "")
		csp := a.Header.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: Content-Security-Policy %q", url, csp)
		}
		if a.Header.Get("X-Content-Type-Options") != "nosniff" || a.Header.Get("Referrer-Policy") == "" || a.Header.Get("Set-Cookie") != "" || a.Header.Get("Server") != "" {
			t.Errorf("%s: %v", url, a.Header)
		}
		ids[a.Header.Get("X-Request-Id")] = true
	}
	if len(ids) != 6 || ids[""] {
		t.Errorf("request ids %v", ids)
	}
}

func TestAround_LogsNoSecrets(t *testing.T) {
	c := newCity(t)
	for _, url := range []string{"/rsvp/hemligt", "/en/rsvp/hemligt", "/rsvp/hemligt/x", "/x//rsvp/hemligt", "/api/v1/events?q=hemligt", "/hemligt@example.org", "/%68emligt%40example.org", "/sign-in/hemligt"} {
		c.ask("GET", url, "", "X-Forwarded-For", "203.0.113.9", "User-Agent", "hemligt", "token", "samling_hemligt")
	}
	if log := c.log.String(); strings.Contains(log, "hemligt") || strings.Contains(log, "203.0.113") || strings.Contains(log, "68em") {
		t.Errorf("the log has what it must not:\n%s", log)
	}
}

func TestSameSite_RefusesOtherPages(t *testing.T) {
	c := newCity(t)
	at := c.published(strings.Replace(townHall, `"capacity":3`, `"capacity":0`, 1)) + "/rsvps"
	for _, s := range []struct {
		name    string
		headers []string
		status  int
	}{
		{"a program", nil, 201},
		{"our page", []string{"Sec-Fetch-Site", "same-origin"}, 201},
		{"typed by hand", []string{"Sec-Fetch-Site", "none"}, 201},
		{"another site", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"another host of our domain", []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"another site that says it is ours", []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://samling.test"}, 403},
		{"an older browser on our page", []string{"Origin", "https://samling.test"}, 201},
		{"an older browser on another", []string{"Origin", "https://evil.example"}, 403},
		{"an older browser on nothing", []string{"Origin", "null"}, 403},
		{"a name that begins like ours", []string{"Origin", "https://samling.test.evil.example"}, 403},
	} {
		t.Run(s.name, func(t *testing.T) {
			c.ask("POST", at, person("p"+strings.ReplaceAll(s.name, " ", "-")), s.headers...).want(t, s.status)
		})
	}
	c.ask("GET", "/feeds/all.ics", "", "Sec-Fetch-Site", "cross-site").want(t, 200)
}

// What a handler keeps of a request must not become the next visitor's: Fiber's
// strings are its buffers unless it is told otherwise.
func TestFiber_StringsAreOurs(t *testing.T) {
	c := newCity(t)
	var kept []string
	c.App().Get("/keep/:name", func(ctx *fiber.Ctx) error {
		kept = append(kept, ctx.Params("name"), ctx.Query("q"), ctx.Get("X-Name"), ctx.Path(), ctx.Method())
		return nil
	})
	c.ask("GET", "/keep/alice?q=alice", "", "X-Name", "alice")
	c.ask("GET", "/keep/BOBBY?q=BOBBY", "", "X-Name", "BOBBY")
	want := []string{"alice", "alice", "alice", "/keep/alice", "GET", "BOBBY", "BOBBY", "BOBBY", "/keep/BOBBY", "GET"}
	if strings.Join(kept, " ") != strings.Join(want, " ") {
		t.Errorf("kept %q, want %q", kept, want)
	}
	// The same through a sign-up, whose strings go into a queue of writes.
	at := c.published(strings.Replace(townHall, `"capacity":3`, `"capacity":0`, 1))
	for _, name := range []string{"alice", "BOBBY", "cecil"} {
		c.ask("POST", at+"/rsvps", person(name)).want(t, 201)
	}
	list := c.ask("GET", at+"/attendance", "", "token", c.husie).body
	for _, name := range []string{"alice", "BOBBY", "cecil"} {
		if strings.Count(list, `"name":"`+name+`","email":"`+name+`@example.org"`) != 1 {
			t.Errorf("%s is not once in %s", name, list)
		}
	}
}

func TestWithin_HasADeadline(t *testing.T) {
	c := newCity(t)
	c.App().Get("/deadline", c.within, func(ctx *fiber.Ctx) error {
		deadline, ok := ctx.UserContext().Deadline()
		if left := time.Until(deadline); !ok || left > requestLasts || left < requestLasts/2 {
			t.Errorf("a deadline in %v, %v", left, ok)
		}
		return nil
	})
	c.ask("GET", "/deadline", "").want(t, 200)
	c.cancel()
	if a := c.ask("GET", "/api/v1/events/x", "", "token", c.husie); a.StatusCode != 503 {
		t.Errorf("a request whose context has ended: %d", a.StatusCode)
	}
}

func TestBody_PackedIsRefused(t *testing.T) {
	c := newCity(t)
	c.ask("POST", "/api/v1/events", "x", "token", c.husie, "Content-Encoding", "gzip").want(t, 400)
}

package handlers

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/models"
)

const roomy = `{"kind":"town-hall","title":"Stort möte","host":"husie","starts":"2026-03-13T18:00","capacity":0}`

func (c *city) signUpFrom(at, client, address string) answer {
	return c.ask("POST", at+"/rsvps", `{"name":"x","email":"`+address+`","party":1,"consent":true}`, "X-Forwarded-For", client)
}

func behindProxy(config *Config) { config.TrustedProxies = []string{"0.0.0.0", "10.0.0.0/8"} } // app.Test asks from 0.0.0.0

// tenfold is how many times what is suspect a machine does.
const tenfold = 10

func TestLimits_ByClient(t *testing.T) {
	client := models.ClientRate()
	c := newCityWith(t, behindProxy)
	at := c.published(roomy)
	got := map[string]int{}
	for i := range client.Burst * tenfold {
		a := c.signUpFrom(at, "203.0.113.7", fmt.Sprintf("p%d@example.org", i)).want(t, 201)
		got[a.json(t)["status"].(string)]++
	}
	if got["going"] != client.Burst || got["confirm"] != client.Burst*(tenfold-1) {
		t.Errorf("of one client's sign-ups: %v, want %d going and the rest asked to confirm", got, client.Burst)
	}
	a := c.signUpFrom(at, "203.0.113.7", "last@example.org").want(t, 429)
	if a.json(t)["code"] != "too-many" || a.Header.Get("Retry-After") != "3" {
		t.Errorf("a machine is answered %s, Retry-After %s", a.body, a.Header.Get("Retry-After"))
	}
	// Others are not touched, organisers never, and reading never.
	if a := c.signUpFrom(at, "203.0.113.8", "other@example.org").want(t, 201); a.json(t)["status"] != "going" {
		t.Errorf("another client: %s", a.body)
	}
	c.ask("POST", at+"/rsvps", `{"name":"x"}`, "X-Forwarded-For", "203.0.113.7", "token", c.husie).want(t, 201)
	for range 300 {
		c.ask("GET", "/feeds/all.ics", "", "X-Forwarded-For", "203.0.113.7").want(t, 200)
	}
	c.pass(3 * time.Second)
	c.signUpFrom(at, "203.0.113.7", "last@example.org").want(t, 201)
	c.pass(time.Duration(client.Burst) * client.Every)
	if a := c.signUpFrom(at, "203.0.113.7", "tomorrow@example.org").want(t, 201); a.json(t)["status"] != "going" {
		t.Errorf("later: %s", a.body)
	}
}

func TestLimits_ByAddress(t *testing.T) {
	c := newCityWith(t, behindProxy)
	at := c.published(roomy)
	var got []string
	burst := models.SignUpRate().Burst
	for i := range burst*tenfold + 1 {
		address := []string{"ada@example.org", "ADA@Example.org"}[i%2] // one to whoever counts
		a := c.signUpFrom(at, fmt.Sprintf("203.0.%d.7", i), address)
		got = append(got, fmt.Sprint(a.StatusCode, " ", a.json(t)["status"]))
	}
	if got[burst-1] != "201 going" || got[burst] != "201 confirm" || !strings.HasPrefix(got[burst*tenfold], "429") {
		t.Errorf("one address from many clients: %q", got)
	}
}

func TestLimits_Off(t *testing.T) {
	c := newCityWith(t, func(config *Config) { config.Planner.Limits = false })
	at := c.published(roomy)
	for i := range models.ClientRate().Burst + 5 {
		if a := c.signUpFrom(at, "", fmt.Sprintf("p%d@example.org", i)); a.json(t)["status"] != "going" {
			t.Fatalf("sign-up %d: %s", i, a.body)
		}
	}
}

func TestClient_WalksFromTheRight(t *testing.T) {
	c := newCityWith(t, func(config *Config) { config.TrustedProxies = []string{"0.0.0.0", "10.0.0.0/8", "2001:db8:ffff::/48"} })
	var got string
	c.App().Get("/client", func(ctx *fiber.Ctx) error { got = c.client(ctx); return nil })
	for header, want := range map[string]string{
		"":                                "0.0.0.0",
		"203.0.113.7":                     "203.0.113.7",
		"6.6.6.6, 203.0.113.7":            "203.0.113.7",
		"6.6.6.6, 203.0.113.7, 10.1.2.3":  "203.0.113.7",
		"203.0.113.7, 2001:db8:ffff::1":   "203.0.113.7",
		"2001:db8:1:2:3:4:5:6":            "2001:db8:1:2::/64",
		"2001:db8:1:2:ffff::1":            "2001:db8:1:2::/64",
		"::ffff:203.0.113.7":              "203.0.113.7",
		"fe80::1%eth0":                    "fe80::/64",
		"nonsense":                        "0.0.0.0",
		"203.0.113.7, nonsense":           "0.0.0.0",
		"203.0.113.7, nonsense, 10.1.2.3": "10.1.2.3",
		"10.0.0.1":                        "10.0.0.1",
		",,,":                             "0.0.0.0",
	} {
		c.ask("GET", "/client", "", "X-Forwarded-For", header)
		if got != want {
			t.Errorf("X-Forwarded-For %q: %s, want %s", header, got, want)
		}
	}
	c = newCity(t)
	c.App().Get("/client", func(ctx *fiber.Ctx) error { got = c.client(ctx); return nil })
	if c.ask("GET", "/client", "", "X-Forwarded-For", "203.0.113.7"); got != "0.0.0.0" {
		t.Errorf("nobody is trusted, and %s was believed", got)
	}
}

func TestLimits_MemoryIsBounded(t *testing.T) {
	l := newLimits(func() time.Time { return tuesday })
	for i := range clientsKept + 1000 {
		l.count(netip.AddrFrom4([4]byte{byte(i >> 24), byte(i >> 16), byte(i >> 8), byte(i)}).String(), func(*models.Limit, time.Time) {})
	}
	if n := l.kept.Len(); n != clientsKept {
		t.Errorf("%d clients are kept, want %d", n, clientsKept)
	}
}

func TestPrefixes_Refused(t *testing.T) {
	for _, text := range []string{"x", "10.0.0.0/33", "", "10.0.0.1 "} {
		if _, err := prefixes([]string{text}); err == nil {
			t.Errorf("%q is taken for an address", text)
		}
	}
}

package handlers

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
)

// listen serves a city on the loopback and returns its base address.
func (c *city) listen() string {
	c.t.Helper()
	l := must(net.Listen("tcp", "127.0.0.1:0"))
	served := make(chan error, 1)
	go func() { served <- c.Serve(l) }()
	c.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := c.Shutdown(ctx); err != nil {
			c.t.Errorf("shutting down: %v", err)
		}
		if err := <-served; err != nil {
			c.t.Errorf("serving: %v", err)
		}
	})
	return "http://" + l.Addr().String()
}

// A client that sends too much is told so, though it is still sending: a reset
// connection loses the answer, now and then.
func TestServe_TenMegabytes(t *testing.T) {
	c := newCity(t)
	site := c.listen()
	body := `{"summary":"` + strings.Repeat("x", 10<<20) + `"}`
	for range 10 {
		resp, err := http.Post(site+"/api/v1/events", "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		text := must(io.ReadAll(resp.Body))
		resp.Body.Close()
		if resp.StatusCode != 413 || !strings.Contains(string(text), `"code":"too-large"`) || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("answered %d %v %s", resp.StatusCode, resp.Header, text)
		}
	}
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode, string(must(io.ReadAll(resp.Body)))
}

func TestServe_FinishesRequestsInHand(t *testing.T) {
	c := newCity(t)
	begun, goOn := make(chan bool), make(chan bool)
	c.App().Get("/slow", func(ctx *fiber.Ctx) error {
		close(begun)
		<-goOn
		return ctx.SendString("done")
	})
	l := must(net.Listen("tcp", "127.0.0.1:0"))
	served, stopped, answered := make(chan error, 1), make(chan error, 1), make(chan string, 1)
	go func() { served <- c.Serve(l) }()
	go func() {
		_, body := get(t, "http://"+l.Addr().String()+"/slow")
		answered <- body
	}()
	<-begun
	go func() { stopped <- c.Shutdown(context.Background()) }()
	for !c.stopping.Load() {
		runtime.Gosched()
	}
	select {
	case err := <-served:
		t.Fatalf("Serve returned %v with a request in hand", err)
	case err := <-stopped:
		t.Fatalf("Shutdown returned %v with a request in hand", err)
	default:
	}
	close(goOn)
	if body := <-answered; body != "done" {
		t.Errorf("the request in hand was answered %q", body)
	}
	if err := errors.Join(<-stopped, <-served); err != nil {
		t.Error(err)
	}
	if err := c.Shutdown(context.Background()); err != nil {
		t.Errorf("shutting down again: %v", err)
	}
	if _, err := net.Dial("tcp", l.Addr().String()); err == nil {
		t.Error("it still listens")
	}
}

func TestServe_ShutdownGivesUp(t *testing.T) {
	c := newCity(t)
	begun, goOn := make(chan bool), make(chan bool)
	c.App().Get("/stuck", c.within, func(ctx *fiber.Ctx) error {
		close(begun)
		<-ctx.UserContext().Done() // ends when the time to finish is over
		<-goOn
		return nil
	})
	l := must(net.Listen("tcp", "127.0.0.1:0"))
	served := make(chan error, 1)
	go func() { served <- c.Serve(l) }()
	go func() { _, _ = http.Get("http://" + l.Addr().String() + "/stuck") }()
	<-begun
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if err := c.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Shutdown returned %v", err)
	}
	if err := <-served; err != nil {
		t.Errorf("Serve returned %v", err)
	}
	close(goOn)
}

func TestServe_AfterShutdown(t *testing.T) {
	c := newCity(t)
	if err := c.Shutdown(context.Background()); err != nil {
		t.Fatal(err)
	}
	l := must(net.Listen("tcp", "127.0.0.1:0"))
	if err := c.Serve(l); err == nil {
		t.Error("a server that was shut down serves")
	}
	c.ask("GET", "/healthz", "").want(t, 503)
	c.ask("GET", "/readyz", "").want(t, 503)
}

func TestServe_BrokenRequests(t *testing.T) {
	c := newCity(t)
	site := strings.TrimPrefix(c.listen(), "http://")
	for name, request := range map[string]struct {
		text   string
		status string
	}{
		"not HTTP":            {"HELLO\r\n\r\n", "400"},
		"a header too large":  {"GET /api/v1/events HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("x", 64<<10) + "\r\n\r\n", "413"},
		"a method of its own": {"BREW /api/v1/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "400"},
	} {
		t.Run(name, func(t *testing.T) {
			conn := must(net.Dial("tcp", site))
			defer conn.Close()
			must(conn.Write([]byte(request.text)))
			text := string(must(io.ReadAll(conn)))
			if !strings.HasPrefix(text, "HTTP/1.1 "+request.status) {
				t.Errorf("answered %.200q, want %s", text, request.status)
			}
			for _, leak := range append(leaks, "fasthttp", "fiber") {
				if strings.Contains(text, leak) {
					t.Errorf("the answer leaks %q: %q", leak, text)
				}
			}
		})
	}
	if status, _ := get(t, "http://"+site+"/healthz"); status != 200 {
		t.Errorf("afterwards it answers %d", status)
	}
}

// mails is an outbox that fares as it is told.
type mails struct {
	MailFares
	err error
}

func (m *mails) Fares(context.Context) (MailFares, error) { return m.MailFares, m.err }

func TestProbes(t *testing.T) {
	m := &mails{}
	c := newCityWith(t, func(config *Config) { config.Outbox = m })
	if a := c.ask("GET", "/healthz", "").want(t, 200); a.body != "ok\n" {
		t.Errorf("health: %q", a.body)
	}
	for _, s := range []struct {
		mails
		want string
	}{
		{mails{}, `{"status":"ready","mail":"running"}`},
		{mails{MailFares: MailFares{Oldest: tuesday}}, `{"status":"ready","mail":"running","oldest_mail_seconds":2}`},
		{mails{MailFares: MailFares{Paused: true}}, `{"status":"ready","mail":"paused"}`},
		{mails{MailFares: MailFares{Paused: true, Trouble: "refused", Words: "535 wrong password"}}, `{"status":"ready","mail":"paused","mail_trouble":"refused"}`},
	} {
		*m = s.mails
		c.pass(time.Second)
		if a := c.ask("GET", "/readyz", "").want(t, 200); a.body != s.want {
			t.Errorf("ready: %s, want %s", a.body, s.want)
		}
	}
	c.ask("GET", "/readyz?deep", "").want(t, 503).contains(t, `{"status":"in trouble","mail":"paused","mail_trouble":"refused"}`).lacks(t, "535")
	m.MailFares = MailFares{Paused: true}
	c.pass(time.Second)
	c.ask("GET", "/readyz?deep", "").want(t, 200) // it may be over in a moment
	m.err = errors.New("sqlite: gone")
	c.ask("GET", "/readyz", "").want(t, 200) // within the second nobody is asked again
	c.pass(time.Second)
	if a := c.ask("GET", "/readyz", "").want(t, 503); strings.Contains(a.body, "sqlite") {
		t.Errorf("not ready: %s", a.body)
	}
	m.err = nil
	c.ask("GET", "/readyz", "").want(t, 503)
	c.pass(time.Second)
	c.ask("GET", "/readyz", "").want(t, 200)
	_ = c.Planner.Store.Close()
	c.pass(time.Second)
	c.ask("GET", "/readyz", "").want(t, 503)
	a := c.ask("POST", "/api/v1/events", townHall, "token", c.husie).want(t, 503)
	if a.Header.Get("Retry-After") == "" || a.json(t)["code"] != "unavailable" {
		t.Errorf("while the store is away: %v %s", a.Header, a.body)
	}
	c.ask("GET", "/feeds/all.ics", "").want(t, 200)
	c.ask("GET", "/api/v1/events", "").want(t, 200)
}

package handlers

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
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

func TestServe_TenMegabytes(t *testing.T) {
	c := newCity(t)
	site := c.listen()
	body := `{"summary":"` + strings.Repeat("x", 10<<20) + `"}`
	resp, err := http.Post(site+"/api/v1/events", "application/json", strings.NewReader(body)) //nolint:noctx // a test's own server
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text := must(io.ReadAll(resp.Body))
	if resp.StatusCode != 413 || !strings.Contains(string(text), `"code":"too-large"`) || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("answered %d %v %s", resp.StatusCode, resp.Header, text)
	}
}

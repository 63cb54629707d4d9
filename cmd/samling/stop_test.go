package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The seconds of a stop: requests in hand are finished, new ones refused, and
// everything that was taken is there afterwards.
func TestServe_StopsInAStream(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.environ = append(c.environ, "SAMLING_RATE_LIMIT=off")
	token := c.founded(t)
	s := c.serve(t, token)
	event := s.event(t, townHall("Seminarium", 0))
	answered := make(chan int)
	go func() {
		n := 0
		for ; ; n++ {
			if _, ok := s.signUp(t, event, fmt.Sprintf("p%d@example.net", n)); !ok {
				answered <- n
				return
			}
		}
	}()
	eventually(t, 10*time.Second, func() (any, bool) { n := c.post.count(); return n, n > 5 })
	if code := s.stop(t); code != done {
		t.Errorf("exit code %d\n%s", code, s.log)
	}
	n := <-answered
	s = c.serve(t, token)
	if list := s.list(t, event); list.Going < n {
		t.Errorf("%d of %d are there", list.Going, n)
	}
	// All of the mail in hand was finished, so nothing waits for a takeover.
	eventually(t, 10*time.Second, func() (any, bool) { got := c.post.count(); return got, got >= n })
	if status, text := s.call(t, "GET", "/readyz", "", ""); status != http.StatusOK {
		t.Errorf("readyz: %d %s", status, text)
	}
}

// halfRequest begins a sign-up and keeps the rest of it back.
func (s *server) halfRequest(t *testing.T, event string) (conn net.Conn, rest string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.address, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	body := `{"name":"Provperson","email":"slow@example.net","consent":true}`
	fmt.Fprintf(conn, "POST /api/v1/events/%s/rsvps HTTP/1.1\r\nHost: samling\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		event, len(body), body[:20])
	return conn, body[20:]
}

// stopping tells it to stop and waits until it has heard.
func (s *server) stopping(t *testing.T) {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	eventually(t, 5*time.Second, func() (any, bool) {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.address, "http://"))
		if err == nil {
			conn.Close()
		}
		return s.log, err != nil
	})
}

func TestServe_FinishesRequests(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.serve(t, c.founded(t))
	event := s.event(t, townHall("Sent", 5))
	conn, rest := s.halfRequest(t, event)
	s.call(t, "GET", "/healthz", "", "") // by now the half has been read
	s.stopping(t)
	fmt.Fprint(conn, rest)
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("the request in hand was cut off: %v\n%s", err, s.log)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusCreated {
		t.Errorf("it was answered with %d", answer.StatusCode)
	}
	select {
	case <-s.ended:
	case <-time.After(15 * time.Second):
		t.Fatal("it does not stop")
	}
	if code := s.cmd.ProcessState.ExitCode(); code != done || strings.Contains(s.log.String(), "cut off") {
		t.Errorf("exit code %d\n%s", code, s.log)
	}
}

func TestServe_SecondSignalKills(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.serve(t, c.founded(t))
	event := s.event(t, townHall("Sent", 5))
	s.halfRequest(t, event)
	s.call(t, "GET", "/healthz", "", "")
	s.stopping(t)
	// The signal is heard a moment before the next one kills.
	eventually(t, 5*time.Second, func() (any, bool) {
		_ = s.cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-s.ended:
			return nil, true
		default:
			return "still there", false
		}
	})
	if status, ok := s.cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || !status.Signaled() {
		t.Errorf("it ended by itself: %v", s.cmd.ProcessState)
	}
}

// The log is written in pieces: none of it may be missing after a stop.
func TestServe_LogsEveryRequest(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.serve(t, c.founded(t))
	const requests = 300
	for range requests {
		s.call(t, "GET", "/feeds/all.ics", "", "")
	}
	if code := s.stop(t); code != done {
		t.Errorf("exit code %d\n%s", code, s.log)
	}
	if n := strings.Count(s.log.String(), `"path":"/feeds/all.ics","status":200`); n != requests {
		t.Errorf("%d of %d requests are in the log", n, requests)
	}
	if !strings.Contains(s.log.String(), `"msg":"stopping"`) {
		t.Error("the log does not say that it was stopped")
	}
}

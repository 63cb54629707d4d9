package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

// freePort is a port that nobody listens on just now.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

func get(t *testing.T, url string) string {
	t.Helper()
	answer, err := http.Get(url) //nolint:noctx // a test on this machine
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	b, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s, %v", url, answer.Status, err)
	}
	return string(b)
}

// One command shows a city; what it prints leads into it, and nothing of it
// stays. The metrics stand on an address of their own.
func TestDemo(t *testing.T) {
	port, numbers := freePort(t), freePort(t)
	c := newCity(t)
	temp := t.TempDir()
	cmd := c.asks(t.Context(), t, "demo", "--listen", "127.0.0.1:"+port, "--metrics-listen", "127.0.0.1:"+numbers)
	cmd.Env = append(os.Environ(), asSamling+"=0s 0s", "TMPDIR="+temp) // no settings at all
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var links []string
	for lines := bufio.NewScanner(out); len(links) < 3 && lines.Scan(); {
		links = append(links, lines.Text())
	}
	site := "http://localhost:" + port
	if !strings.HasPrefix(links[2], site+"/door/") || !strings.Contains(get(t, links[2]), `name="code"`) {
		t.Errorf("the door is at %q", links[2])
	}
	for _, link := range links[:2] {
		if !strings.HasPrefix(link, site+"/sign-in?token=") {
			t.Fatalf("printed %q", links)
		}
		eventually(t, 10*time.Second, func() (any, bool) { return nil, strings.Contains(get(t, link), "@example.org") })
	}
	for page, want := range map[string]string{
		"/": `href="/demo/mail"`, "/en": `href="/en/demo/mail"`, "/demo/mail": "", "/events/forsta-maj": "Kirseberg",
		"/feeds/all.ics": "BEGIN:VEVENT", "/associations/limhamn": "Limhamns förening",
	} {
		if got := get(t, site+page); !strings.Contains(got, want) {
			t.Errorf("%s does not say %q", page, want)
		}
	}

	metrics := get(t, "http://127.0.0.1:"+numbers+"/metrics")
	for _, want := range []string{
		`samling_request_seconds_count{method="GET",route="/events/:event",status="200"} 1`,
		`samling_sign_ups_total{answer="going"} [1-9]`, `samling_seats_decided_total{answer="waiting"} [1-9]`,
		`samling_mails{status="queued"} \d`, `samling_mail_oldest_due_seconds \d`, `samling_mail_paused 0`,
		`samling_catalogue_age_seconds \d`, `samling_catalogue_events 2\d\d`,
		`samling_store_seconds_count{call="write",outcome="done"} [1-9]`,
	} {
		if !regexp.MustCompile("(?m)^" + strings.NewReplacer("{", `\{`, "}", `\}`).Replace(want)).MatchString(metrics) {
			t.Errorf("metrics do not say %s", want)
		}
	}
	for _, never := range []string{"@", "example.org", "Prova"} {
		if strings.Contains(metrics, never) {
			t.Errorf("metrics say %q", never)
		}
	}
	answer, err := http.Get(site + "/metrics") //nolint:noctx // a test on this machine
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusNotFound {
		t.Errorf("metrics on the public address: %s", answer.Status)
	}

	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, out)
	if err := cmd.Wait(); err != nil {
		t.Errorf("after an interrupt: %v", err)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

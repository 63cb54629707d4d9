package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// asSamling makes the test binary be samling, so that tests can run it, and
// kill it, as a process of its own. Its value is how far the clock of that
// process is ahead, and the beat of its outbox.
const asSamling = "TEST_AS_SAMLING"

func TestMain(m *testing.M) {
	if value := os.Getenv(asSamling); value != "" {
		first, second, _ := strings.Cut(value, " ")
		ahead, err := time.ParseDuration(first)
		if err != nil {
			panic(err)
		}
		beat, err := time.ParseDuration(second)
		if err != nil {
			panic(err)
		}
		now := func() time.Time { return time.Now().Add(ahead) }
		os.Exit(run(context.Background(), os.Args[1:], os.Environ(), os.Stdout, os.Stderr, now, beat))
	}
	os.Exit(m.Run())
}

// site is the address in links: another than the one that serve listens on, as
// behind a proxy.
const site = "https://samling.example.org"

// quickBeat lets a process take the dead for dead after four seconds. Where several
// serve, a busy machine would make the living look dead with it.
const quickBeat = time.Second

// long skips when -short is set: what takes long, and what asks of one process after
// another, which has no races to show.
func long(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("long: it is run whole without -short")
	}
}

// city is one installation in a folder of its own.
type city struct {
	dir     string
	environ []string
	post    *postOffice
	// Of processes that begin from now on: how far their clock is ahead, and the
	// beat of their outbox; zero: the usual one.
	ahead, beat time.Duration
}

func newCity(t testing.TB) *city {
	t.Helper()
	c := &city{dir: t.TempDir(), post: newPostOffice(t)}
	c.environ = append(os.Environ(),
		"SAMLING_URL="+site, "SAMLING_LISTEN=127.0.0.1:0", "SAMLING_SMTP=smtp://"+c.post.address+"?starttls=never",
		"SAMLING_LANGUAGE=sv", "SAMLING_NAME=Provstaden",
	)
	return c
}

// file writes a file into the city's folder and returns its path.
func (c *city) file(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(c.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// sample is the absolute path of a file in testdata.
func sample(t testing.TB, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// asks is samling as a process that has not begun.
func (c *city) asks(ctx context.Context, t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Dir, cmd.Env = c.dir, append(slices.Clone(c.environ), asSamling+"="+c.ahead.String()+" "+c.beat.String())
	return cmd
}

// said is what one command did.
type said struct {
	out, err string
	code     int
}

// run runs a command to its end.
func (c *city) run(t testing.TB, args ...string) said {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	cmd := c.asks(ctx, t, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return said{out.String(), errs.String(), cmd.ProcessState.ExitCode()}
}

// must runs a command that has to succeed and returns what it made.
func (c *city) must(t testing.TB, args ...string) string {
	t.Helper()
	s := c.run(t, args...)
	if s.code != done {
		t.Fatalf("samling %s: exit code %d\n%s", strings.Join(args, " "), s.code, s.err)
	}
	return strings.TrimSpace(s.out)
}

// founded is the city with its associations, a coordinator and her token.
func (c *city) founded(t testing.TB) (token string) {
	t.Helper()
	c.must(t, "import", "associations", sample(t, "associations.csv"))
	c.must(t, "import", "groups", sample(t, "groups.csv"))
	c.must(t, "organiser", "add", "kansliet@example.org", "--role", "coordinator")
	return c.must(t, "token", "create", "--organiser", "kansliet@example.org")
}

// server is a running serve.
type server struct {
	cmd     *exec.Cmd
	address string // http://127.0.0.1:port
	token   string
	log     *lockedBuffer
	ended   chan struct{}
}

// lockedBuffer is written by a process and read by a test.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// serve starts serve and waits until it listens.
func (c *city) serve(t testing.TB, token string, args ...string) *server {
	t.Helper()
	s := &server{cmd: c.asks(context.WithoutCancel(t.Context()), t, append([]string{"serve"}, args...)...), token: token, log: &lockedBuffer{}, ended: make(chan struct{})}
	s.cmd.Stderr = s.log
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.kill() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("serve did not start: %v\n%s", err, s.log)
	}
	go func() {
		_ = s.cmd.Wait()
		close(s.ended)
	}()
	s.address = strings.TrimSpace(line)
	return s
}

// kill ends it as a power cut would, as far as a process can tell.
func (s *server) kill() {
	_ = s.cmd.Process.Kill()
	<-s.ended
}

// stop ends it politely and returns its exit code.
func (s *server) stop(t testing.TB) int {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case <-s.ended:
	case <-time.After(15 * time.Second):
		t.Fatalf("it does not stop\n%s", s.log)
	}
	return s.cmd.ProcessState.ExitCode()
}

// call makes one request and returns status and body. A connection that broke is
// status 0.
func (s *server) call(t testing.TB, method, path, token, body string, header ...string) (int, []byte) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.address+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, nil
	}
	return answer.StatusCode, text
}

// api makes a request that has to succeed, as the organiser, and reads its JSON.
func (s *server) api(t testing.TB, want int, method, path, body string) map[string]any {
	t.Helper()
	status, text := s.call(t, method, "/api/v1"+path, s.token, body)
	if status != want {
		t.Fatalf("%s %s: %d %s\n%s", method, path, status, text, s.log)
	}
	var out map[string]any
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatalf("%s %s: %v in %s", method, path, err, text)
	}
	return out
}

// event writes and publishes an event and returns its id.
func (s *server) event(t testing.TB, fields string) string {
	t.Helper()
	id := s.api(t, http.StatusCreated, "POST", "/events", "{"+fields+"}")["id"].(string)
	s.api(t, http.StatusOK, "POST", "/events/"+id+"/publish", "")
	return id
}

// signUp asks for seats as a resident; ok reports whether it was acknowledged.
func (s *server) signUp(t testing.TB, event, email string) (status string, ok bool) {
	t.Helper()
	code, text := s.call(t, "POST", "/api/v1/events/"+event+"/rsvps", "",
		fmt.Sprintf(`{"name":"Provperson","email":%q,"party":1,"consent":true,"language":"sv"}`, email))
	if code != http.StatusCreated {
		return fmt.Sprintf("%d %s", code, text), false
	}
	var answer struct{ Status string }
	if err := json.Unmarshal(text, &answer); err != nil {
		t.Error(err)
	}
	return answer.Status, true
}

// attendee is a line of the attendance list.
type attendee struct{ Name, Email, Status string }

// list is the attendance list of an event, in order of sign-up.
func (s *server) list(t testing.TB, event string) (list struct {
	Going, Waiting int
	Attendees      []attendee
}) {
	t.Helper()
	status, text := s.call(t, "GET", "/api/v1/events/"+event+"/attendance", s.token, "")
	if err := json.Unmarshal(text, &list); status != http.StatusOK || err != nil {
		t.Fatalf("attendance: %d %s", status, text)
	}
	return list
}

// eventually waits until something holds, and says what it saw last when it does
// not.
func eventually(t testing.TB, within time.Duration, holds func() (saw any, ok bool)) {
	t.Helper()
	deadline := time.Now().Add(within)
	for {
		saw, ok := holds()
		if ok {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("not within %v: %v", within, saw)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

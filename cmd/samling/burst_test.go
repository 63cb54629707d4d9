package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// burst is a crowd that signs up for one event at once: from so many connections,
// while an organiser edits, a tenth of the mails is put off by their server, and
// the process is killed twice.
type burst struct{ people, connections, seats int }

// party is how many a person asks for: whole parties of all sizes, and enough of
// one to fill whatever seat is left.
func (burst) party(n int) int { return 1 + n%4 }

func (burst) address(n int) string { return fmt.Sprintf("p%d@example.net", n) }

// A smaller burst than that of the benchmark, with the same end.
func TestBurst(t *testing.T) {
	t.Parallel()
	b := burst{people: 500, connections: 100, seats: 300}
	took := b.run(t)
	if len(took) < b.people/2 {
		t.Errorf("only %d of %d sign-ups were answered outside the restarts", len(took), b.people)
	}
}

// BenchmarkBurst says how long people wait. It is one burst an iteration.
func BenchmarkBurst(b *testing.B) {
	for b.Loop() {
		took := burst{people: 5_000, connections: 200, seats: 1_000}.run(b)
		slices.Sort(took)
		for name, share := range map[string]float64{"p50-ms": .50, "p99-ms": .99, "most-ms": 1} {
			at := min(int(share*float64(len(took))), len(took)-1)
			b.ReportMetric(float64(took[at])/float64(time.Millisecond), name)
		}
		b.ReportMetric(float64(len(took)), "timed")
	}
}

// rush is a burst under way.
type rush struct {
	burst
	testing.TB
	c      *city
	event  string
	client *http.Client

	up       sync.RWMutex // held for writing while the process is away
	s        *server
	away     []span
	answered atomic.Int64

	mu    sync.Mutex
	told  map[int]string    // what the answer said to those who asked once
	spans []span            // of the answers
	twice map[string]bool   // who had to ask again, as the connection broke
	is    map[string]string // how everybody stands in the end, by address
}

// span is from when to when something lasted.
type span struct{ from, to time.Time }

// run is the whole of it, to the last mail. It returns how long those waited for
// their answer who asked while the process was there.
func (b burst) run(tb testing.TB) (took []time.Duration) {
	tb.Helper()
	c := newCity(tb)
	c.environ = append(c.environ, "SAMLING_RATE_LIMIT=off")
	var mails atomic.Int64
	c.post.refusing(func(string) error {
		if mails.Add(1)%10 == 0 {
			return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "try again"}
		}
		return nil
	})
	s := c.serve(tb, c.founded(tb))
	w := &rush{
		burst: b, TB: tb, c: c, s: s, event: s.event(tb, townHall("Första maj-middag", b.seats)),
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: b.connections}},
		told:   map[int]string{}, twice: map[string]bool{},
	}
	summary := w.signUpAll()
	w.wantAllThere(summary)
	w.wantAllTold()
	for _, one := range w.spans {
		if !slices.ContainsFunc(w.away, func(gone span) bool { return one.from.Before(gone.to) && gone.from.Before(one.to) }) {
			took = append(took, one.to.Sub(one.from))
		}
	}
	return took
}

// signUpAll lets everybody sign up, and returns the last summary that the
// organiser has written.
func (w *rush) signUpAll() (summary string) {
	var signing, beside sync.WaitGroup
	done := make(chan struct{})
	queue := make(chan int, w.people)
	for n := range w.people {
		queue <- n
	}
	close(queue)
	for range w.connections {
		signing.Go(func() {
			for n := range queue {
				w.signUp(n)
			}
		})
	}
	beside.Go(func() { summary = w.edit(done) })
	go func() { signing.Wait(); close(done) }()
	w.killAt(done, w.people/3, 2*w.people/3)
	<-done
	beside.Wait()
	return summary
}

// server is the process, when it is there.
func (w *rush) server() *server {
	w.up.RLock()
	defer w.up.RUnlock()
	return w.s
}

// killAt kills the process when so many have been answered, and starts it again.
func (w *rush) killAt(done <-chan struct{}, after ...int) {
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for len(after) > 0 {
		select {
		case <-done:
			w.Errorf("all were answered before the process was killed %d more times", len(after))
			return
		case <-look.C:
		}
		if w.answered.Load() < int64(after[0]) {
			continue
		}
		w.up.Lock()
		from := time.Now()
		w.s.kill()
		w.s = w.c.serve(w, w.s.token)
		w.away = append(w.away, span{from, time.Now()})
		w.up.Unlock()
		after = after[1:]
	}
}

// edit writes one summary after the other, as an organiser does who is not
// content, and returns the last that was acknowledged.
func (w *rush) edit(done <-chan struct{}) (last string) {
	for n := 0; ; n++ {
		select {
		case <-done:
			return last
		case <-time.After(20 * time.Millisecond):
		}
		summary := fmt.Sprintf("Mat för alla, version %d", n)
		for status := 0; status != http.StatusOK; {
			s := w.server()
			status, _ = s.call(w, "PATCH", "/api/v1/events/"+w.event, s.token, fmt.Sprintf(`{"summary":%q}`, summary))
			if status != http.StatusOK && status != 0 {
				w.Errorf("editing: %d", status)
				return last
			}
		}
		last = summary
	}
}

// signUp asks until there is an answer, as people do.
func (w *rush) signUp(n int) {
	body := fmt.Sprintf(`{"name":"Provperson %d","email":%q,"party":%d,"consent":true,"language":"sv"}`, n, w.address(n), w.party(n))
	for again := false; ; again = true {
		s := w.server()
		from := time.Now()
		status, answer, err := w.ask(s, body)
		to := time.Now()
		switch {
		case err != nil: // the process was killed
			w.mu.Lock()
			w.twice[w.address(n)] = true
			w.mu.Unlock()
			continue
		case status != http.StatusCreated:
			w.Errorf("%s: %d", w.address(n), status)
			return
		}
		w.mu.Lock()
		w.spans = append(w.spans, span{from, to})
		if !again {
			w.told[n] = answer
		}
		w.mu.Unlock()
		w.answered.Add(1)
		return
	}
}

func (w *rush) ask(s *server, body string) (status int, says string, err error) {
	answer, err := w.client.Post(s.address+"/api/v1/events/"+w.event+"/rsvps", "application/json", strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	var read struct{ Status string }
	err = errors.Join(err, json.Unmarshal(text, &read))
	return answer.StatusCode, read.Status, err
}

// wantAllThere compares the list with what everybody asked for and was answered.
func (w *rush) wantAllThere(summary string) {
	w.Helper()
	var list struct {
		Going     int
		Attendees []struct {
			Email, Status string
			Party         int
		}
	}
	_, text := w.s.call(w, "GET", "/api/v1/events/"+w.event+"/attendance", w.s.token, "")
	if err := json.Unmarshal(text, &list); err != nil {
		w.Fatalf("%v in %s", err, text)
	}
	seated := 0
	w.is = map[string]string{}
	party := map[string]int{}
	for _, a := range list.Attendees {
		if w.is[a.Email] != "" {
			w.Errorf("%s is there twice", a.Email)
		}
		w.is[a.Email], party[a.Email] = a.Status, a.Party
		if a.Status == "going" {
			seated += a.Party
		}
	}
	if seated != w.seats || list.Going != w.seats {
		w.Errorf("%d seats are taken by whole parties and %d counted, of %d", seated, list.Going, w.seats)
	}
	for n := range w.people {
		at := w.address(n)
		if party[at] != w.party(n) {
			w.Errorf("%s: a party of %d, asked for %d", at, party[at], w.party(n))
		}
		if told, once := w.told[n]; once && told != w.is[at] {
			w.Errorf("%s was answered %q and is %q", at, told, w.is[at])
		}
	}
	if got := w.s.api(w, http.StatusOK, "GET", "/events/"+w.event, "")["summary"]; got != summary || summary == "" {
		w.Errorf("the summary is %q, the organiser's last was %q", got, summary)
	}
}

// wantAllTold waits until no mail is left, moving the clock to when those are due
// that were put off, and compares what everybody was told with what is true.
func (w *rush) wantAllTold() {
	w.Helper()
	for hours := 0; len(w.c.post.all()) < w.people; hours++ {
		if hours == 10 {
			w.Fatalf("%d of %d were told after %d hours", len(w.c.post.all()), w.people, hours)
		}
		// What a dead process had claimed is taken over when its beat has stood
		// still for 20 s.
		var quiet time.Time // since when nothing is due; an answer holds for a second
		eventually(w, 3*time.Minute, func() (any, bool) {
			status, text := w.s.call(w, "GET", "/readyz", "", "")
			if status != http.StatusOK || strings.Contains(string(text), "oldest_mail_seconds") {
				quiet = time.Time{}
			} else if quiet.IsZero() {
				quiet = time.Now()
			}
			return string(text), !quiet.IsZero() && time.Since(quiet) > 1500*time.Millisecond
		})
		w.s.stop(w)
		w.c.ahead += time.Hour
		w.s = w.c.serve(w, w.s.token)
	}
	doubled := 0
	for address, mails := range w.c.post.all() {
		subjects := map[string]string{}
		for _, m := range mails {
			subjects[m.id] = m.Subject
		}
		doubled += len(mails) - len(subjects)
		going, waiting := 0, 0
		for _, subject := range subjects {
			switch {
			case strings.HasPrefix(subject, "Du är anmäld"):
				going++
			case strings.HasPrefix(subject, "Du står på reservlistan"):
				waiting++
			}
		}
		if is := w.is[address]; going+waiting != 1 || (is == "going") != (going == 1) || len(subjects) != 1 && !w.twice[address] {
			w.Errorf("%s is %s and was told %q", address, is, slices.Sorted(maps.Values(subjects)))
		}
	}
	// Between dot and 250: one for each connection at most, at each kill.
	if most := len(w.away) * 4; doubled > most {
		w.Errorf("%d mails came twice after %d kills", doubled, len(w.away))
	}
	w.Logf("%d had to ask again, %d mails came twice", len(w.twice), doubled)
}

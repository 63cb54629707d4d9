package follow

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"samling/models"
	"samling/models/vault"
	"samling/planner"
	"samling/store"
)

var tuesday = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)

// elsewhere is a calendar on somebody else's server.
type elsewhere struct {
	mu     sync.Mutex
	body   string
	status int
	asked  []time.Time
	seen   []string // what was asked as a condition
	now    func() time.Time
}

func (e *elsewhere) RoundTrip(r *http.Request) (*http.Response, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.asked = append(e.asked, e.now())
	e.seen = append(e.seen, r.Header.Get("If-None-Match"))
	tag := fmt.Sprintf("%q", fmt.Sprint(len(e.body), strings.Count(e.body, "9")))
	answer := &http.Response{StatusCode: e.status, Header: http.Header{"Etag": {tag}}, Body: io.NopCloser(strings.NewReader(e.body)), Request: r}
	if e.status == http.StatusOK && r.Header.Get("If-None-Match") == tag {
		answer.StatusCode, answer.Body = http.StatusNotModified, http.NoBody
	}
	return answer, nil
}

// times is how often it was asked.
func (e *elsewhere) times() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.asked)
}

// says makes the calendar hold these events.
func (e *elsewhere) says(events ...string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.status = http.StatusOK
	e.body = "BEGIN:VCALENDAR\r\nX-WR-CALNAME:Husies kalender\r\n" + strings.Join(events, "") + "END:VCALENDAR\r\n"
}

// at is an event of a calendar, by the clocks of Stockholm; more are lines of it.
func at(uid, start, title string, more ...string) string {
	lines := append([]string{"BEGIN:VEVENT", "UID:" + uid, "SUMMARY:" + title, "DTSTART;TZID=Europe/Stockholm:" + start, "DURATION:PT1H"}, more...)
	return strings.Join(append(lines, "END:VEVENT", ""), "\r\n")
}

// world is an association with a calendar elsewhere.
type world struct {
	*planner.Planner
	*elsewhere
	t      *testing.T
	clock  *time.Time
	vault  *vault.Vault
	worker *Follower
	id     string // of the calendar
}

var husie = &models.Organiser{Role: models.RoleOrganiser, For: []string{"husie"}}

func newWorld(t *testing.T) *world {
	t.Helper()
	clock := tuesday
	w := &world{t: t, clock: &clock}
	return w.open(func() time.Time { return *w.clock })
}

func (w *world) open(now func() time.Time) *world {
	w.t.Helper()
	dir := w.t.TempDir()
	v, err := vault.Create(filepath.Join(dir, "key"), vault.DayOf(now()))
	w.must(err)
	s, err := store.Open(w.t.Context(), "sqlite:"+filepath.Join(dir, "samling.db"), store.Options{})
	w.must(err)
	w.t.Cleanup(func() { _ = s.Close() })
	w.must(planner.Install(w.t.Context(), s, v, now(), []models.District{{Document: models.Document{ID: "oster"}, Name: "Öster"}}))
	w.vault = v
	w.elsewhere = &elsewhere{status: http.StatusOK, now: now}
	w.restart(s, now)
	_, err = w.ImportAssociations(w.t.Context(), []planner.Row[models.Association]{
		{Line: 2, Doc: models.Association{Document: models.Document{ID: "husie"}, Name: "Husies förening", District: "oster"}},
	})
	w.must(err)
	return w
}

// restart is what a new process does with the same store.
func (w *world) restart(s *models.Store, now func() time.Time) {
	w.t.Helper()
	w.Planner = planner.New(planner.Config{
		Store: s, Keys: planner.Keyring(s, w.vault), Now: now, Log: slog.New(slog.DiscardHandler),
		Zone: "Europe/Stockholm", Language: "sv", Retention: 14 * 24 * time.Hour, Mailed: func() {},
	})
	w.must(w.Refresh(w.t.Context()))
	f := NewFetcher("Samling/test")
	f.client.Transport = w.elsewhere
	w.worker = New(w.Planner, f, slog.New(slog.DiscardHandler))
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// begin has the calendar looked at, and lets it in.
func (w *world) begin(drafts bool) {
	w.t.Helper()
	w.look()
	w.must(w.ApproveFollow(w.t.Context(), husie, w.id, drafts))
	w.fetch()
}

func (w *world) look() {
	w.t.Helper()
	f, err := w.StartFollowing(w.t.Context(), husie, "husie", "https://kalender.example/hemlig.ics")
	w.must(err)
	w.id = f.ID
	w.fetch()
}

// fetch does what is due now.
func (w *world) fetch() {
	w.t.Helper()
	ids, err := w.worker.due(w.t.Context())
	w.must(err)
	for _, id := range ids {
		w.worker.follow(w.t.Context(), id)
	}
}

// later lets time pass until the next fetch, and as much more.
func (w *world) later(d time.Duration) {
	w.t.Helper()
	*w.clock = w.clock.Add(d)
	f := w.calendar()
	if f.Due.After(*w.clock) {
		*w.clock = f.Due
	}
	w.fetch()
}

func (w *world) calendar() models.Follow {
	w.t.Helper()
	f, err := w.Store.Follows.Get(w.t.Context(), w.id)
	w.must(err)
	return f
}

// here are the events of the calendar as they are here.
func (w *world) here() []string {
	w.t.Helper()
	var out []string
	for _, l := range w.Followed(w.id) {
		out = append(out, l.Starts.In(l.Location()).Format("01-02 15:04 ")+l.Title+" "+string(l.Status))
	}
	return out
}

func (w *world) want(what string, want ...string) {
	w.t.Helper()
	if got := w.here(); !slices.Equal(got, want) {
		w.t.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

// event is the one here with a title.
func (w *world) event(title string) models.Event {
	w.t.Helper()
	for _, l := range w.Followed(w.id) {
		if l.Title == title {
			return *l.Event
		}
	}
	w.t.Fatalf("there is no %q", title)
	return models.Event{}
}

func (w *world) signUp(title, name string) {
	w.t.Helper()
	e := w.event(title)
	_, err := w.ChangeEvent(w.t.Context(), husie, e.ID, planner.Anyway, func(e *models.Event) error { e.SignUp.Needed = true; return nil })
	w.must(err)
	_, err = w.SignUp(context.WithoutCancel(w.t.Context()), e.ID, models.SignUp{Name: name, Email: name + "@example.org", Party: 1, Consent: true, Language: "sv"}, nil)
	w.must(err)
}

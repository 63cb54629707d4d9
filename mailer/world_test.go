package mailer

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"samling/models"
	"samling/models/vault"
	"samling/store"
)

// world is a store with one event, whose sign-ups get mail.
type world struct {
	t      testing.TB
	store  *models.Store
	keys   *vault.Keyring
	house  *House
	event  string
	ends   time.Time
	clocks func() time.Time
	n      int
}

func newWorld(t testing.TB) *world {
	t.Helper()
	return newWorldIn(t, "sqlite:"+filepath.Join(t.TempDir(), "x.db"))
}

// newWorldIn is a world in the store at an address.
func newWorldIn(t testing.TB, address string) *world {
	t.Helper()
	dir := t.TempDir()
	s, err := store.Open(t.Context(), address, store.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	v, err := vault.Create(filepath.Join(dir, "key"), vault.DayOf(now))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, store: s, house: house(t), event: id(0xee, 0), ends: now.Add(30 * 24 * time.Hour), clocks: time.Now}
	w.keys = vault.NewKeyring(v, func(ctx context.Context, event string) ([]byte, vault.Day, error) {
		k, err := s.EventKeys.Get(ctx, event)
		return k.Wrapped, vault.Day(k.Day), err
	})
	day := vault.DayOf(w.ends) + 14
	wrapped, err := v.Wrap(w.event, vault.NewKey(), day)
	if err != nil {
		t.Fatal(err)
	}
	w.must(s.EventKeys.Create(t.Context(), models.EventKey{Document: models.Document{ID: w.event}, Wrapped: wrapped, Day: int(day)}))
	w.must(s.Rosters.Create(t.Context(), models.Roster{Document: models.Document{ID: w.event}, Facts: w.facts()}))
	return w
}

func (w *world) facts() models.Facts {
	ends := models.Milli(w.ends)
	return models.Facts{
		Sequence: 1, Status: models.Published, Needed: true, LargestParty: 10,
		Starts: ends.Add(-2 * time.Hour), Ends: ends, TimeZone: "Europe/Stockholm", Place: "Folkets hus",
	}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func id(kind, n int) string { return fmt.Sprintf("0198c0de-0000-7000-8000-%04x%08x", kind, n) }

// mails queues so many mails, each to a sign-up of its own, and returns their
// ids.
func (w *world) mails(count int) []string {
	w.t.Helper()
	ctx := w.t.Context()
	key, err := w.keys.Key(ctx, w.event)
	w.must(err)
	now := models.Milli(time.Now())
	var ids []string
	var ops []models.Op
	var entries []models.Entry
	for range count {
		w.n++
		rsvp := id(0xaa, w.n)
		rid, err := models.ParseID(rsvp)
		w.must(err)
		address := fmt.Sprintf("p%d@post.example", w.n)
		entries = append(entries, models.Entry{RSVP: rid, Who: key.Who(address), Party: 1, State: models.Going, Since: now})
		m := models.Mail{
			Document: models.Document{ID: id(0x0a, w.n)}, Kind: models.MailGoing, Event: w.event, RSVP: rsvp, Born: now,
			State: models.Going, Party: 1, Is: w.facts(), Sequence: 1, Status: models.MailQueued, Due: now,
			About: models.About{Slug: "fest", Titles: map[string]string{"": "Fest"}, Hosts: []string{"Föreningen"}},
		}
		ids = append(ids, m.ID)
		ops = append(ops, w.store.RSVPs.Creating(models.RSVP{
			Document: models.Document{ID: rsvp}, Event: w.event, Language: "sv", Created: now,
			Sealed: key.Seal(w.event, rsvp, models.Person{Name: "Namn Namnsson", Email: address}.Bytes()),
		}), w.store.Mails.Creating(m))
	}
	_, err = w.store.Rosters.Update(ctx, w.event, func(r *models.Roster) error {
		r.Entries = append(append(models.Entries(nil), r.Entries...), entries...)
		return nil
	})
	w.must(err)
	w.must(w.store.Write(ctx, ops...))
	return ids
}

func (w *world) mail(id string) models.Mail {
	w.t.Helper()
	m, err := w.store.Mails.Get(w.t.Context(), id)
	w.must(err)
	return m
}

func (w *world) outbox(instance string, s Sender) *Outbox {
	return NewOutbox(Config{
		Store: w.store, Keys: w.keys, House: w.house, Sender: s, Instance: instance, Now: w.clocks,
		LeaveAlone: func(context.Context, string) error { return nil },
		Jitter:     func() float64 { return 0.5 }, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
}

// patient makes an outbox look only when something is due: over days of fake
// time, a look a second is all that a test would do.
func patient(o *Outbox) *Outbox {
	o.pace.poll, o.pace.beat, o.pace.takeover = time.Hour, time.Hour, 4*time.Hour
	return o
}

// run starts an outbox; the function stops it and waits until it has.
func run(t testing.TB, o *Outbox) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- o.Run(ctx) }()
	return sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// script is a sender that does as it is told, and counts.
type script struct {
	do func(ctx context.Context, n int, to string) (string, error)

	mu       sync.Mutex
	tries    []time.Time
	to       map[string]int // accepted, by address
	messages map[string][][]byte
}

func (s *script) Send(ctx context.Context, _, to string, message []byte) (string, error) {
	s.mu.Lock()
	s.tries = append(s.tries, time.Now())
	n := len(s.tries)
	if s.to == nil {
		s.to, s.messages = map[string]int{}, map[string][][]byte{}
	}
	s.messages[to] = append(s.messages[to], message)
	s.mu.Unlock()
	reply, err := "250 ok", error(nil)
	if s.do != nil {
		reply, err = s.do(ctx, n, to)
	}
	if err == nil {
		s.mu.Lock()
		s.to[to]++
		s.mu.Unlock()
	}
	return reply, err
}

func (s *script) count() (tries, accepted int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.to {
		accepted += n
	}
	return len(s.tries), accepted
}

// bubble runs a test in fake time with a world of its own.
func bubble(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		defer func() { w.must(w.store.Close()) }()
		test(t, w)
	})
}

func (w *world) roster(change func(r *models.Roster)) {
	w.t.Helper()
	_, err := w.store.Rosters.Update(w.t.Context(), w.event, func(r *models.Roster) error {
		r.Entries = append(models.Entries(nil), r.Entries...)
		change(r)
		return nil
	})
	w.must(err)
}

// hold is a sender that is in the middle of a mail until it is let go.
func hold() (s *script, begun chan struct{}, letGo chan struct{}) {
	begun, letGo = make(chan struct{}, 100), make(chan struct{})
	return &script{do: func(ctx context.Context, _ int, _ string) (string, error) {
		begun <- struct{}{}
		select {
		case <-letGo:
			return "250 ok", nil
		case <-ctx.Done():
			return "", &Fault{Class: Temporary, Phase: phaseData, Err: ctx.Err()}
		}
	}}, begun, letGo
}

// sums checks how many of the mails are sent and how many queued as if untried.
func (w *world) sums(ids []string, sent, queued int) {
	w.t.Helper()
	var gotSent, gotQueued int
	for _, id := range ids {
		switch m := w.mail(id); {
		case m.Status == models.MailSent:
			gotSent++
		case m.Status == models.MailQueued && m.Owner == "" && m.Tries == 0:
			gotQueued++
		default:
			w.t.Errorf("a mail is %s, owner %q, %d tries", m.Status, m.Owner, m.Tries)
		}
	}
	if gotSent != sent || gotQueued != queued {
		w.t.Errorf("%d sent and %d queued, want %d and %d", gotSent, gotQueued, sent, queued)
	}
}

// eventually waits for what other goroutines do in real time.
func eventually(t *testing.T, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it never came to that")
		}
	}
}

package mailer

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
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

func TestOutbox_Sends(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		s := &script{do: func(context.Context, int, string) (string, error) { return "250 queued as 1", nil }}
		stop := run(t, w.outbox("a", s))
		defer stop()
		ids := w.mails(3)
		time.Sleep(2 * time.Second)
		for _, id := range ids {
			if m := w.mail(id); m.Status != models.MailSent || m.Reply != "250 queued as 1" || m.Tries != 1 || m.Owner != "" || m.Settled.IsZero() {
				t.Errorf("%+v", m)
			}
		}
		time.Sleep(time.Minute)
		if tries, _ := s.count(); tries != 3 {
			t.Errorf("sent %d times, want 3", tries)
		}
		for _, m := range s.messages["p1@post.example"] {
			if strings.Contains(string(m), "Namnsson") {
				t.Error("a name from the form stands in a mail to an address that nobody has confirmed")
			}
		}
	})
}

func TestOutbox_GreetsByNameOnceALinkWasUsed(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		o := w.outbox("a", &script{})
		m := w.mail(w.mails(1)[0])
		for name, tt := range map[string]struct {
			used time.Time
			want string
		}{
			"never": {time.Time{}, ""}, "before the mail was born": {m.Born, "Namn Namnsson"}, "after": {m.Born.Add(time.Second), ""},
		} {
			_, err := w.store.RSVPs.Update(t.Context(), m.RSVP, func(r *models.RSVP) error { r.Used = tt.used; return nil })
			w.must(err)
			l, err := o.letter(t.Context(), &m)
			if err != nil || l.Name != tt.want {
				t.Errorf("%s: greets %q, %v; want %q", name, l.Name, err, tt.want)
			}
		}
	})
}

func TestOutbox_WakeLooksAtOnce(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		s := &script{}
		o := w.outbox("a", s)
		defer run(t, o)()
		synctest.Wait()
		w.mails(1)
		before := time.Now()
		o.Wake()
		for {
			synctest.Wait()
			if _, n := s.count(); n == 1 {
				break
			}
			time.Sleep(time.Millisecond)
		}
		if waited := time.Since(before); waited > 20*time.Millisecond {
			t.Errorf("woken, it took %v", waited)
		}
	})
}

func TestOutbox_Skips(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(w *world, m *models.Mail)
		want   string
	}{
		"erased": {func(w *world, m *models.Mail) {
			_, err := w.store.RSVPs.Update(w.t.Context(), m.RSVP, func(r *models.RSVP) error { r.Sealed = nil; return nil })
			w.must(err)
		}, "erased"},
		"gone": {func(w *world, m *models.Mail) {
			r, err := w.store.RSVPs.Get(w.t.Context(), m.RSVP)
			w.must(err)
			w.must(w.store.RSVPs.Delete(w.t.Context(), m.RSVP, r.Revision))
		}, "erased"},
		"she left": {func(w *world, m *models.Mail) {
			w.roster(func(r *models.Roster) { r.Entries[0].State = models.Left })
		}, "superseded"},
		"no entry": {func(w *world, m *models.Mail) { w.roster(func(r *models.Roster) { r.Entries = nil }) }, "no entry"},
		"cancelled meanwhile": {func(w *world, m *models.Mail) {
			w.roster(func(r *models.Roster) { r.Facts.Status = models.Cancelled })
		}, "cancelled"},
		"a place in the line, but it has begun": {func(w *world, m *models.Mail) {
			w.roster(func(r *models.Roster) { r.Entries[0].State = models.Waiting })
			_, err := w.store.Mails.Update(w.t.Context(), m.ID, func(m *models.Mail) error {
				m.Kind, m.State = models.MailWaiting, models.Waiting
				return nil
			})
			w.must(err)
			time.Sleep(30*24*time.Hour - time.Hour)
		}, "has begun"},
		"over": {func(w *world, m *models.Mail) { time.Sleep(31 * 24 * time.Hour) }, "over"},
		"key gone": {func(w *world, m *models.Mail) {
			k, err := w.store.EventKeys.Get(w.t.Context(), w.event)
			w.must(err)
			w.must(w.store.EventKeys.Delete(w.t.Context(), w.event, k.Revision))
			w.keys.Forget(w.event)
		}, "erased"},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, w *world) {
				m := w.mail(w.mails(1)[0])
				tt.change(w, &m)
				s := &script{}
				defer run(t, w.outbox("a", s))()
				time.Sleep(2 * time.Second)
				if got := w.mail(m.ID); got.Status != models.MailSkipped || got.Reply != tt.want {
					t.Errorf("status %s, %q; want skipped, %q", got.Status, got.Reply, tt.want)
				}
				if tries, _ := s.count(); tries != 0 {
					t.Error("it was sent")
				}
			})
		})
	}
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

func TestOutbox_Backoff(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		s := &script{do: func(context.Context, int, string) (string, error) {
			return "", &Fault{Class: Temporary, Phase: phaseRcpt, Reply: "450 later"}
		}}
		id := w.mails(1)[0]
		defer run(t, patient(w.outbox("a", s)))()
		time.Sleep(6 * 24 * time.Hour)
		if m := w.mail(id); m.Status != models.MailFailed || m.Reply != "given up: 450 later" {
			t.Errorf("status %s, %q", m.Status, m.Reply)
		}
		want := schedule()
		for i, wait := range want {
			if got := s.tries[i+1].Sub(s.tries[i]); got < wait || got > wait+2*time.Second {
				t.Errorf("wait %d was %v, want %v", i+1, got, wait)
			}
		}
		last := s.tries[len(s.tries)-1].Sub(s.tries[0])
		if last > 5*24*time.Hour || last < 4*24*time.Hour {
			t.Errorf("the last try was after %v", last)
		}
	})
}

func TestOutbox_GiveUpIsSet(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		s := &script{do: func(context.Context, int, string) (string, error) {
			return "", &Fault{Class: Temporary, Phase: phaseRcpt, Reply: "450 later"}
		}}
		id := w.mails(1)[0]
		o := patient(w.outbox("a", s))
		o.cfg.GiveUp = 10 * time.Minute
		defer run(t, o)()
		time.Sleep(time.Hour)
		m := w.mail(id)
		if tries, _ := s.count(); m.Status != models.MailFailed || m.Settled.Sub(m.Born) > 10*time.Minute || tries != 3 {
			t.Errorf("status %s after %v and %d tries", m.Status, m.Settled.Sub(m.Born), tries)
		}
	})
}

func TestBackoff_JitterAndWishes(t *testing.T) {
	for name, tt := range map[string]struct {
		tries    int
		random   float64
		reply    string
		min, max time.Duration
	}{
		"earliest first retry":    {1, 0, "", 40 * time.Second, 40 * time.Second},
		"latest first retry":      {1, 0.999, "", 59 * time.Second, 60 * time.Second},
		"no try counted yet":      {0, 0.5, "", 50 * time.Second, 50 * time.Second},
		"far down the schedule":   {99, 0.5, "", 4 * time.Hour, 4 * time.Hour},
		"the server asks":         {1, 0.5, "450 4.2.0 Greylisted, try again in 300 seconds", 300 * time.Second, 300 * time.Second},
		"it asks for less":        {3, 0.5, "450 wait 5 minutes", 15 * time.Minute, 15 * time.Minute},
		"it asks for a year":      {1, 0.5, "450 wait 9000 hours", 4 * time.Hour, 4 * time.Hour},
		"a status is not a delay": {1, 0.5, "451 4.3.0 mail server temporarily rejected message", 50 * time.Second, 50 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			o := &Outbox{cfg: Config{Jitter: func() float64 { return tt.random }}}
			if got := o.backoff(tt.tries, tt.reply); got < tt.min || got > tt.max {
				t.Errorf("waits %v, want %v to %v", got, tt.min, tt.max)
			}
		})
	}
}

func TestOutbox_GivesUpWhenPointless(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		w.ends = time.Now().Add(3 * time.Hour)
		w.roster(func(r *models.Roster) { r.Facts = w.facts() })
		s := &script{do: func(context.Context, int, string) (string, error) {
			return "", &Fault{Class: Temporary, Phase: phaseRcpt, Reply: "450 later"}
		}}
		id := w.mails(1)[0]
		defer run(t, patient(w.outbox("a", s)))()
		time.Sleep(4 * time.Hour)
		if m := w.mail(id); m.Status != models.MailFailed {
			t.Errorf("status %s", m.Status)
		}
	})
}

func TestOutbox_OneRefusedAmongMany(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		s := &script{do: func(_ context.Context, _ int, to string) (string, error) {
			if to == "p2@post.example" {
				return "", &Fault{Class: Permanent, Phase: phaseRcpt, Reply: "550 5.1.1 unknown"}
			}
			return "250 ok", nil
		}}
		ids := w.mails(5)
		defer run(t, w.outbox("a", s))()
		time.Sleep(time.Minute)
		for i, id := range ids {
			want := models.MailSent
			if i == 1 {
				want = models.MailFailed
			}
			if m := w.mail(id); m.Status != want {
				t.Errorf("mail %d is %s, want %s", i+1, m.Status, want)
			}
		}
		if m := w.mail(ids[1]); m.Reply != "550 5.1.1 unknown" {
			t.Errorf("reply %q", m.Reply)
		}
	})
}

func TestOutbox_UncertainIsResentOnceTheSame(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		s := &script{do: func(context.Context, int, string) (string, error) {
			return "", &Fault{Class: Temporary, Phase: phaseDot, Uncertain: true, Err: io.EOF}
		}}
		id := w.mails(1)[0]
		defer run(t, patient(w.outbox("a", s)))()
		time.Sleep(24 * time.Hour)
		m := w.mail(id)
		if tries, _ := s.count(); tries != 2 || m.Status != models.MailFailed || m.Unsure != 1 {
			t.Errorf("%d tries, status %s, unsure %d; want 2, failed, 1", tries, m.Status, m.Unsure)
		}
		if copies := s.messages["p1@post.example"]; len(copies) == 2 && string(copies[0]) != string(copies[1]) {
			t.Error("the copies differ")
		}
	})
}

func TestOutbox_OwnFaultPausesTheQueue(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		var broken atomic.Bool
		broken.Store(true)
		s := &script{do: func(context.Context, int, string) (string, error) {
			if broken.Load() {
				return "", &Fault{Class: Ours, Phase: phaseAuth, Reply: "535 5.7.8 wrong"}
			}
			return "250 ok", nil
		}}
		ids := w.mails(40)
		o := patient(w.outbox("a", s))
		defer run(t, o)()
		time.Sleep(time.Hour)
		since, why, ours := o.Paused()
		if since.IsZero() || why != "535 5.7.8 wrong" || !ours {
			t.Errorf("paused since %v because of %q, ours %v", since, why, ours)
		}
		tries, _ := s.count()
		if tries > 15 {
			t.Errorf("%d tries in an hour of being refused", tries)
		}
		for _, id := range ids {
			if m := w.mail(id); m.Status != models.MailQueued || m.Tries != 0 {
				t.Fatalf("a mail is %s after %d tries, want it kept", m.Status, m.Tries)
			}
		}
		broken.Store(false)
		time.Sleep(30 * time.Minute)
		if _, n := s.count(); n != 40 {
			t.Errorf("%d of 40 went out once it was repaired", n)
		}
		if since, _, _ := o.Paused(); !since.IsZero() {
			t.Error("still paused")
		}
	})
}

// A server that is down is not hammered, and costs no mail a try.
func TestOutbox_ServerAway(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		s := &script{do: func(context.Context, int, string) (string, error) {
			time.Sleep(2 * time.Second)
			return "", &Fault{Class: Away, Phase: phaseConnect, Err: errors.New("refused")}
		}}
		ids := w.mails(100)
		defer run(t, patient(w.outbox("a", s)))()
		time.Sleep(time.Minute)
		if tries, _ := s.count(); tries >= 10 {
			t.Errorf("%d connections in the first minute, want fewer than 10", tries)
		}
		time.Sleep(59 * time.Minute)
		if tries, _ := s.count(); tries > 45 {
			t.Errorf("%d connections in an hour", tries)
		}
		if m := w.mail(ids[0]); m.Status != models.MailQueued || m.Tries != 0 {
			t.Errorf("a mail is %s after %d tries", m.Status, m.Tries)
		}
	})
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

func TestOutbox_StopFinishesTheMailInHand(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		s, begun, letGo := hold()
		ids := w.mails(30)
		stop := run(t, w.outbox("a", s))
		for range 4 {
			<-begun
		}
		go func() { time.Sleep(5 * time.Second); close(letGo) }()
		before := time.Now()
		stop()
		if took := time.Since(before); took < 5*time.Second || took > 6*time.Second {
			t.Errorf("it stopped after %v", took)
		}
		w.sums(ids, 4, 26)
		if tries, n := s.count(); tries != 4 || n != 4 {
			t.Errorf("%d tries, %d accepted", tries, n)
		}
		if _, err := w.store.Instances.Get(t.Context(), "a"); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("its sign of life stays: %v", err)
		}
	})
}

func TestOutbox_StopWaitsTenSecondsAtMost(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		s, begun, _ := hold()
		ids := w.mails(30)
		stop := run(t, w.outbox("a", s))
		<-begun
		before := time.Now()
		stop()
		if took := time.Since(before); took < 10*time.Second || took > 11*time.Second {
			t.Errorf("it stopped after %v", took)
		}
		w.sums(ids, 0, 30)
	})
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

func TestOutbox_TakesOverFromADeadInstance(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		ids := w.mails(3)
		for i, owner := range []string{"dead", "dead", "alive"} {
			_, err := w.store.Mails.Update(t.Context(), ids[i], func(m *models.Mail) error {
				m.Status, m.Owner, m.Tries = models.MailSending, owner, 1
				return nil
			})
			w.must(err)
		}
		w.must(w.store.Instances.Create(t.Context(), models.Instance{Document: models.Document{ID: "dead"}, Beat: 7}))
		w.must(w.store.Instances.Create(t.Context(), models.Instance{Document: models.Document{ID: "alive"}, Beat: 7}))
		beating, quiet := context.WithCancel(t.Context())
		defer quiet()
		go func() {
			for beating.Err() == nil {
				_, err := w.store.Instances.Update(t.Context(), "alive", func(i *models.Instance) error { i.Beat++; return nil })
				w.must(err)
				time.Sleep(5 * time.Second)
			}
		}()
		s := &script{}
		defer run(t, w.outbox("a", s))()
		time.Sleep(20 * time.Second)
		if tries, _ := s.count(); tries != 0 {
			t.Errorf("%d mails taken over after less than 20 seconds of watching", tries)
		}
		time.Sleep(15 * time.Second)
		if _, n := s.count(); n != 2 {
			t.Errorf("%d mails taken over, want those 2 of the dead", n)
		}
		if m := w.mail(ids[2]); m.Owner != "alive" || m.Status != models.MailSending {
			t.Errorf("the mail of the living is %s, owner %q", m.Status, m.Owner)
		}
		quiet()
		time.Sleep(40 * time.Second)
		if _, n := s.count(); n != 3 {
			t.Errorf("%d mails sent when the other fell silent too", n)
		}
	})
}

// Killed between the dot and the note that it was sent, a mail goes out once
// more, and is the same to the last byte: a copy that can be recognised.
func TestOutbox_KilledAfterTheDotSendsTheSameAgain(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		id := w.mails(1)[0]
		s := &script{}
		stop := run(t, w.outbox("killed", s))
		time.Sleep(2 * time.Second)
		stop()
		_, err := w.store.Mails.Update(t.Context(), id, func(m *models.Mail) error {
			m.Status, m.Owner, m.Settled = models.MailSending, "killed", time.Time{}
			return nil
		})
		w.must(err)
		defer run(t, w.outbox("next", s))()
		time.Sleep(time.Minute)
		if m := w.mail(id); m.Status != models.MailSent {
			t.Errorf("status %s", m.Status)
		}
		copies := s.messages["p1@post.example"]
		if len(copies) != 2 || !bytes.Equal(copies[0], copies[1]) {
			t.Errorf("%d copies, want two that are the same", len(copies))
		}
	})
}

// The whole way: a relay that takes no password keeps every mail in the queue,
// and lets them go when it does.
func TestOutbox_WrongPasswordEndToEnd(t *testing.T) {
	config, pool := certificate(t)
	var wrong atomic.Bool
	wrong.Store(true)
	r := (&rude{tls: config, extensions: []string{"STARTTLS", "AUTH PLAIN"}, on: func(_ int, phase string) string {
		if phase == "auth" && wrong.Load() {
			return "535 5.7.8 wrong password"
		}
		return ""
	}}).start(t)
	smtp := sender(t, r, func(c *SMTPConfig) {
		c.Relay.User, c.Relay.Password, c.TLS = "user", "secret", &tls.Config{RootCAs: pool}
	})
	w := newWorld(t)
	defer func() { w.must(w.store.Close()) }()
	ids := w.mails(5)
	o := w.outbox("a", smtp)
	defer run(t, o)()
	eventually(t, func() bool { _, _, ours := o.Paused(); return ours })
	if _, mails, _ := r.state(); len(mails) != 0 {
		t.Errorf("%d mails went out", len(mails))
	}
	for _, id := range ids {
		if m := w.mail(id); m.Status == models.MailFailed {
			t.Errorf("a mail is %s: %s", m.Status, m.Reply)
		}
	}
	// One that is still on its way would begin the pause again.
	eventually(t, func() bool {
		return !slices.ContainsFunc(ids, func(id string) bool { return w.mail(id).Status == models.MailSending })
	})
	wrong.Store(false)
	o.pause.over() // as if the wait had run out
	for _, id := range ids {
		_, err := w.store.Mails.Update(t.Context(), id, func(m *models.Mail) error { m.Due = m.Born; return nil })
		w.must(err)
	}
	o.Wake()
	eventually(t, func() bool { _, mails, _ := r.state(); return len(mails) == 5 })
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

// Between reading a row and claiming it, another instance may have tried it in
// vain: then it waits its time.
func TestOutbox_ClaimsOnlyWhatIsDue(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		id := w.mails(1)[0]
		_, err := w.store.Mails.Update(t.Context(), id, func(m *models.Mail) error { m.Due = m.Due.Add(time.Minute); return nil })
		w.must(err)
		if _, err := w.outbox("a", &script{}).claim(t.Context(), id); !errors.Is(err, errNotOurs) {
			t.Errorf("claimed: %v", err)
		}
	})
}

// Somebody who was thought dead and comes back cannot overwrite what became of
// her mails.
func TestOutbox_LateFinisherChangesNothing(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		s, begun, letGo := hold()
		id := w.mails(1)[0]
		stop := run(t, w.outbox("late", s))
		defer stop()
		<-begun
		_, err := w.store.Mails.Update(t.Context(), id, func(m *models.Mail) error {
			m.Status, m.Owner, m.Reply = models.MailFailed, "", "by another"
			return nil
		})
		w.must(err)
		close(letGo)
		time.Sleep(5 * time.Second)
		if m := w.mail(id); m.Status != models.MailFailed || m.Reply != "by another" {
			t.Errorf("status %s, reply %q", m.Status, m.Reply)
		}
	})
}

// A claim that was written without our knowing does not lie there for ever.
func TestOutbox_RecoversItsOwnLostClaim(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		id := w.mails(1)[0]
		_, err := w.store.Mails.Update(t.Context(), id, func(m *models.Mail) error {
			m.Status, m.Owner, m.Tries = models.MailSending, "a", 1
			return nil
		})
		w.must(err)
		s := &script{}
		defer run(t, w.outbox("a", s))()
		time.Sleep(10 * time.Second)
		if m := w.mail(id); m.Status != models.MailSent {
			t.Errorf("status %s", m.Status)
		}
	})
}

func TestOutbox_SignIn(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		ctx, now := t.Context(), models.Milli(time.Now())
		w.must(w.store.Organisers.Create(ctx, models.Organiser{Document: models.Document{ID: id(1, 1)}, Email: "o@forening.example", Language: "en"}))
		for n, spent := range []bool{false, true} {
			w.must(w.store.SignIns.Create(ctx, models.SignIn{Document: models.Document{ID: id(2, n)}, Organiser: id(1, 1), Expires: now.Add(time.Hour), Spent: spent}))
			w.must(w.store.Mails.Create(ctx, models.Mail{
				Document: models.Document{ID: id(3, n)}, Kind: models.MailSignIn, SignIn: id(2, n), Born: now, Until: now.Add(time.Hour),
				Status: models.MailQueued, Due: now,
			}))
		}
		box := NewMailbox(9)
		defer run(t, w.outbox("a", box))()
		time.Sleep(2 * time.Second)
		got := box.Messages()
		if len(got) != 1 || got[0].To != "o@forening.example" || got[0].Subject != "Your sign-in code: 482 913" {
			t.Errorf("messages %+v", got)
		}
		if m := w.mail(id(3, 1)); m.Status != models.MailSkipped {
			t.Errorf("the spent one is %s", m.Status)
		}
	})
}

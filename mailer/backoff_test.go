package mailer

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"samling/models"
)

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

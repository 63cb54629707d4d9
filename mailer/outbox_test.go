package mailer

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"samling/models"
)

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

package mailer

import (
	"context"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"samling/models"
)

// plan makes all mails those of one plan, and lists so many events.
func (w *world) plan(o *Outbox, ids []string, events int) *Outbox {
	for _, id := range ids {
		_, err := w.store.Mails.Update(w.t.Context(), id, func(m *models.Mail) error {
			m.Kind, m.Plan, m.About.Reason = models.MailChanged, "plan", "Vaktmästaren är bortrest."
			return nil
		})
		w.must(err)
	}
	o.cfg.Planned = func(context.Context, string, string) ([]models.Living, error) {
		return planned(w.facts())[:events], nil
	}
	return o
}

func TestOutbox_OneMailOfAPlan(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		ids := w.toOne(5)
		s := &script{}
		defer run(t, patient(w.plan(w.outbox("a", s), ids, 4)))()
		defer run(t, patient(w.plan(w.outbox("b", s), ids, 4)))()
		time.Sleep(3 * time.Hour)
		if got := w.statuses(ids); got[models.MailSkipped] != 5 {
			t.Errorf("the mails themselves became %v, want all to be told in one", got)
		}
		all := s.messages["one@post.example"]
		if len(all) != 1 {
			t.Fatalf("%d mails went out, want 1", len(all))
		}
		if r := receive("", "", all[0]); r.Subject != "Ändrat: 4 aktiviteter du är anmäld till" {
			t.Errorf("it is %q", r.Subject)
		}
	})
}

func TestOutbox_OneEventOfAPlan(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		ids := w.mails(2)
		s := &script{}
		defer run(t, patient(w.plan(w.outbox("a", s), ids, 1)))()
		time.Sleep(time.Minute)
		if got := w.statuses(ids); got[models.MailSent] != 2 {
			t.Errorf("mails to people with one event each became %v, want the ordinary ones sent", got)
		}
	})
}

// TestOutbox_PlanErased lets somebody erase the sign-up by which her one mail was to
// go while the mail server is away: it goes by another, and in the end by the last.
func TestOutbox_PlanErased(t *testing.T) {
	for _, tc := range []struct {
		name    string
		left    int64 // of her three sign-ups
		subject string
	}{
		{"one of three", 2, "Ändrat: 2 aktiviteter du är anmäld till"},
		{"two of three", 1, "Ny tid och plats: Fest, söndag 30 januari"},
		{"all", 0, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, w *world) {
				ids := w.toOne(3)
				var away atomic.Bool
				var left atomic.Int64
				away.Store(true)
				left.Store(3)
				s := &script{do: func(context.Context, int, string) (string, error) {
					if away.Load() {
						return "", &Fault{Class: Away, Phase: "connect", Err: io.EOF}
					}
					return "250 ok", nil
				}}
				o := w.plan(w.outbox("a", s), ids, 3)
				o.cfg.Planned = func(context.Context, string, string) ([]models.Living, error) {
					return planned(w.facts())[:left.Load()], nil
				}
				defer run(t, o)()
				time.Sleep(time.Second)
				for left.Load() > tc.left {
					var by models.Mail
					for m, err := range w.store.Mails.List(t.Context(), models.Query{}) {
						w.must(err)
						if m.Settled.IsZero() && by.Kind != models.MailTogether {
							by = m
						}
					}
					_, err := w.store.RSVPs.Update(t.Context(), by.RSVP, func(r *models.RSVP) error { r.Sealed = nil; return nil })
					w.must(err)
					left.Add(-1)
					time.Sleep(2 * time.Minute)
				}
				tried, _ := s.count()
				away.Store(false)
				time.Sleep(10 * time.Minute)
				if got := w.statuses(ids); tc.left != 1 && got[models.MailSkipped] != 3 {
					t.Errorf("the mails themselves became %v", got)
				}
				var subjects []string
				for _, message := range s.messages["one@post.example"][tried:] {
					subjects = append(subjects, receive("", "", message).Subject)
				}
				if got := strings.Join(subjects, "; "); got != tc.subject {
					t.Errorf("she is told %q, want %q", got, tc.subject)
				}
			})
		})
	}
}

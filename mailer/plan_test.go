package mailer

import (
	"context"
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
		time.Sleep(time.Minute)
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

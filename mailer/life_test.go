package mailer

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"sync/atomic"
	"testing"
	"time"

	"samling/models"
)

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

// awayable is a collection whose store is away at times.
type awayable[T any] struct {
	models.Collection[T]
	away *atomic.Bool
}

func (c awayable[T]) List(ctx context.Context, q models.Query) iter.Seq2[T, error] {
	if c.away.Load() {
		return func(yield func(T, error) bool) {
			var none T
			yield(none, models.ErrUnavailable)
		}
	}
	return c.Collection.List(ctx, q)
}

func (c awayable[T]) Update(ctx context.Context, id string, change func(*T) error) (T, error) {
	if c.away.Load() {
		var none T
		return none, models.ErrUnavailable
	}
	return c.Collection.Update(ctx, id, change)
}

// The store is away from all for a minute, and one instance can show that it
// lives only a while after the other has looked: its mail stays its own.
func TestOutbox_AwayIsNotDead(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		id := w.mails(1)[0]
		_, err := w.store.Mails.Update(t.Context(), id, func(m *models.Mail) error {
			m.Status, m.Owner, m.Tries = models.MailSending, "slow", 1
			return nil
		})
		w.must(err)
		w.must(w.store.Instances.Create(t.Context(), models.Instance{Document: models.Document{ID: "slow"}, Beat: 7}))
		beat := func() {
			_, err := w.store.Instances.Update(t.Context(), "slow", func(i *models.Instance) error { i.Beat++; return nil })
			w.must(err)
		}
		direct := w.store
		kept, away := *direct, &atomic.Bool{}
		kept.Mails, kept.Instances = awayable[models.Mail]{kept.Mails, away}, awayable[models.Instance]{kept.Instances, away}
		w.store = &kept
		s := &script{}
		stop := run(t, w.outbox("watching", s))
		defer func() { stop(); w.store = direct }()

		time.Sleep(11 * time.Second)
		away.Store(true)
		time.Sleep(time.Minute)
		away.Store(false)
		time.Sleep(14 * time.Second)
		for range 4 {
			beat()
			time.Sleep(15 * time.Second)
		}
		if tries, _ := s.count(); tries != 0 {
			t.Error("the mail of one who lives was taken over")
		}
		time.Sleep(25 * time.Second)
		if _, n := s.count(); n != 1 {
			t.Errorf("%d mails taken over when it fell silent", n)
		}
	})
}

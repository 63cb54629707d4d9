package mailer

import (
	"context"
	"iter"
	"sync/atomic"
	"testing"
	"time"

	"samling/models"
)

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

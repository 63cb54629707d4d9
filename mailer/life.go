package mailer

import (
	"context"
	"errors"
	"time"

	"samling/models"
)

// sighting is another instance's sign of life and when we first saw it, on our
// own clock: nobody compares clocks.
type sighting struct {
	beat int64
	at   time.Time
}

// live shows that we live and looks after those who do not, until done.
func (o *Outbox) live(ctx context.Context, done <-chan struct{}) {
	tick := time.NewTicker(o.pace.beat)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
			o.beat(ctx)
			if err := o.takeOver(ctx); err != nil {
				o.cfg.Log.Error("the mails of other instances cannot be looked after", "error", err)
				// While the store is away nobody can beat, and nobody is dead for that.
				clear(o.seen)
			}
		}
	}
}

// beat writes a sign of life.
func (o *Outbox) beat(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), o.pace.beat)
	defer cancel()
	now := o.cfg.Now()
	_, err := o.cfg.Store.Instances.Update(ctx, o.cfg.Instance, func(i *models.Instance) error {
		i.Beat++
		return nil
	})
	if errors.Is(err, models.ErrNotFound) {
		err = o.cfg.Store.Instances.Create(ctx, models.Instance{
			Document: models.Document{ID: o.cfg.Instance}, Beat: 1, Since: models.Milli(now),
		})
	}
	if err != nil {
		o.cfg.Log.Error("no sign of life can be written", "error", err)
		return
	}
	o.mu.Lock()
	o.beaten = now
	o.mu.Unlock()
}

// alive reports whether others can still take us for living.
func (o *Outbox) alive() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.cfg.Now().Sub(o.beaten) < o.pace.takeover-o.pace.beat
}

// takeOver queues the mails again that an instance had claimed which has shown
// no sign of life for long enough.
func (o *Outbox) takeOver(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, o.pace.write)
	defer cancel()
	claimed := map[string][]string{}
	for m, err := range o.cfg.Store.Mails.List(ctx, models.Query{Index: "status", Equal: []any{string(models.MailSending)}}) {
		if err != nil {
			return err
		}
		claimed[m.Owner] = append(claimed[m.Owner], m.ID)
	}
	if err := o.recover(ctx, claimed[o.cfg.Instance]); err != nil {
		return err
	}
	delete(claimed, o.cfg.Instance)
	for owner := range o.seen {
		if claimed[owner] == nil {
			delete(o.seen, owner)
		}
	}
	for owner, mails := range claimed {
		instance, err := o.cfg.Store.Instances.Get(ctx, owner)
		if err != nil && !errors.Is(err, models.ErrNotFound) {
			return err
		}
		last, ok := o.seen[owner]
		if !ok || last.beat != instance.Beat {
			o.seen[owner] = sighting{instance.Beat, o.cfg.Now()}
			continue
		}
		if o.cfg.Now().Sub(last.at) < o.pace.takeover {
			continue
		}
		o.cfg.Log.Warn("taking over the mails of an instance that is gone", "instance", owner, "mails", len(mails))
		if err := o.inherit(ctx, owner, mails); err != nil {
			return err
		}
		if instance.Revision != "" {
			// Its document goes too; should it live after all, it makes a new one.
			if err := o.cfg.Store.Instances.Delete(ctx, owner, instance.Revision); err != nil &&
				!errors.Is(err, models.ErrNotFound) && !errors.Is(err, models.ErrChangedMeanwhile) {
				return err
			}
		}
		delete(o.seen, owner)
		o.Wake()
	}
	return nil
}

func (o *Outbox) inherit(ctx context.Context, owner string, mails []string) error {
	due := models.Milli(o.cfg.Now())
	for _, id := range mails {
		_, err := o.cfg.Store.Mails.Update(ctx, id, func(m *models.Mail) error {
			if m.Status != models.MailSending || m.Owner != owner {
				return errNotOurs
			}
			m.Status, m.Owner, m.Due = models.MailQueued, "", due
			return nil
		})
		if err != nil && !errors.Is(err, errNotOurs) && !errors.Is(err, models.ErrNotFound) {
			return err
		}
	}
	return nil
}

// recover queues what is claimed in our name and in nobody's hand: the claim was
// written, but the store broke off before it could say so.
func (o *Outbox) recover(ctx context.Context, mails []string) error {
	for _, id := range mails {
		if !o.take(id) {
			continue
		}
		err := o.inherit(ctx, o.cfg.Instance, []string{id})
		o.release(id)
		if err != nil {
			return err
		}
	}
	return nil
}

// depart takes our sign of life away: we have nothing in hand.
func (o *Outbox) depart() {
	ctx, cancel := context.WithTimeout(context.Background(), o.pace.write)
	defer cancel()
	instance, err := o.cfg.Store.Instances.Get(ctx, o.cfg.Instance)
	if err == nil {
		err = o.cfg.Store.Instances.Delete(ctx, o.cfg.Instance, instance.Revision)
	}
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		o.cfg.Log.Warn("our sign of life stays behind", "error", err)
	}
}

package planner

import (
	"testing"

	"samling/models"
)

func videdal() *models.Organiser {
	return &models.Organiser{Document: models.Document{ID: "v"}, Role: models.RoleOrganiser, For: []string{"videdal"}}
}

func TestEditable_SaysWhatSomebodyMayNotSee(t *testing.T) {
	c := newCity(t)
	draft := must(c.CreateEvent(c.ctx, Command(), townHall()))
	public := c.published(0)
	if e, err := c.Editable(c.ctx, Command(), draft.Slug); err != nil || e.ID != draft.ID {
		t.Errorf("a coordinator gets %s, %v", e.ID, err)
	}
	_, err := c.Editable(c.ctx, videdal(), draft.ID)
	wantCode(t, "another association's draft", err, models.CodeNotFound)
	_, err = c.Editable(c.ctx, videdal(), public.ID)
	wantCode(t, "another association's event", err, models.CodeNotAllowed)
	_, err = c.Editable(c.ctx, nil, public.ID)
	wantCode(t, "an event, by nobody", err, models.CodeNotAllowed)
}

func TestToBeTold_CountsWhoComesAndHasAnAddress(t *testing.T) {
	c := newCity(t)
	e := c.published(2)
	for _, name := range []string{"ada", "bo", "cleo", "dan"} {
		must(c.signUp(e, name, 1))
	}
	must(c.SignUp(c.ctx, e.ID, models.SignUp{Name: "By phone", Party: 1}, Command()))
	if err := c.Act(c.ctx, c.rsvpOf(e, "dan"), models.ActLeave, 0); err != nil {
		t.Fatal(err)
	}
	if got := must(c.ToBeTold(c.ctx, e.ID)); got != 3 {
		t.Errorf("ToBeTold = %d, want two who go and one who waits", got)
	}
	if got := must(c.ToBeTold(c.ctx, "no such event")); got != 0 {
		t.Errorf("ToBeTold without a roster = %d", got)
	}
}

func TestOutbox_TryAgain(t *testing.T) {
	c := newCity(t)
	e := c.published(0)
	must(c.signUp(e, "ada", 1))
	c.tell()
	id := c.outbox()[0].ID
	fail := func(status models.MailStatus) {
		must(c.Store.Mails.Update(c.ctx, id, func(m *models.Mail) error {
			m.Status, m.Reply, m.Settled = status, "550 no such user", *c.clock
			return nil
		}))
	}
	fail(models.MailFailed)
	mails, counts, _, err := c.Outbox(c.ctx, Command(), models.MailFailed, models.Cursor{}, 10)
	if err != nil || len(mails) != 1 || counts[models.MailFailed] != 1 || counts[models.MailQueued] != 0 {
		t.Fatalf("%d failed mails, counts %v, %v", len(mails), counts, err)
	}
	posted := c.posted.Load()
	for range 2 { // the second time it waits already
		if err := c.TryAgain(c.ctx, Command(), id); err != nil {
			t.Fatal(err)
		}
	}
	if m := c.outbox()[0]; m.Status != models.MailQueued || !m.Due.Equal(models.Milli(*c.clock)) || c.posted.Load() == posted {
		t.Errorf("after trying again: %+v", m)
	}
	fail(models.MailSent)
	wantCode(t, "a mail that was sent", c.TryAgain(c.ctx, Command(), id), models.CodeNotPossible)
	for what, err := range map[string]error{
		"outbox":    last(c.Outbox(c.ctx, videdal(), models.MailFailed, models.Cursor{}, 1)),
		"try again": c.TryAgain(c.ctx, videdal(), id),
	} {
		wantCode(t, what+" by an organiser", err, models.CodeNotFound)
	}
}

func last(_ []models.Mail, _ map[models.MailStatus]int, _ models.Cursor, err error) error { return err }

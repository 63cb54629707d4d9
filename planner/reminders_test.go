package planner

import (
	"slices"
	"testing"
	"time"

	"samling/models"
)

func TestRemind(t *testing.T) {
	c := newCity(t)
	husie := c.working("husie@example.org", "husie")
	c.working("both@example.org", "husie", "videdal")
	soon := func(host string, change func(*models.Event)) models.Event {
		e := townHall()
		e.Host, e.Place = host, models.Place{}
		change(&e)
		e = must(c.CreateEvent(c.ctx, Command(), e))
		return must(c.MoveEvent(c.ctx, Command(), e.ID, Anyway, models.Publish, ""))
	}
	one := soon("husie", func(e *models.Event) { e.Starts = e.Starts.Add(24 * time.Hour) })
	two := soon("videdal", func(*models.Event) {})
	fine := soon("husie", func(e *models.Event) { e.Place.Name = "Aulan" })
	nobodys := soon("klimat", func(*models.Event) {})
	events := []string{one.ID, two.ID, fine.ID, nobodys.ID, one.ID}

	all, alone, err := c.Reminders(c.ctx, Command(), events)
	if err != nil || len(all) != 2 || len(alone) != 1 || alone[0].ID != nobodys.ID {
		t.Fatalf("%d reminders, %d alone: %v", len(all), len(alone), err)
	}
	if both := all[0]; both.To.Email != "both@example.org" || len(both.Work) != 2 || both.Work[0].Event != two.ID || both.Work[0].Need != models.NeedPlace {
		t.Errorf("the one of both: %+v", both)
	}
	_, _, err = c.Reminders(c.ctx, husie, events)
	wantCode(t, "an organiser", err, models.CodeNotFound)
	_, err = c.Remind(c.ctx, Command(), "x", events)
	wantCode(t, "no batch", err, models.CodeMalformed)

	batch := newID()
	for range 2 { // sent twice, mailed once
		if n := must(c.Remind(c.ctx, Command(), batch, events)); n != 2 {
			t.Errorf("%d mails", n)
		}
	}
	work := func(status models.MailStatus) (n int) {
		for _, m := range c.outbox() {
			if m.Kind == models.MailWork && m.Status == status {
				n++
				if !m.Due.Equal(c.clock.Add(models.UndoLasts)) && status == models.MailQueued {
					t.Errorf("due %v", m.Due)
				}
			}
		}
		return n
	}
	if got := work(models.MailQueued); got != 2 {
		t.Errorf("%d are queued", got)
	}
	logged := func(what string, want ...string) {
		t.Helper()
		var got []string
		for _, l := range must(c.AllChanges(c.ctx, Command(), LogFilter{})) {
			if l.Line.Deed == models.DeedRemind || l.Line.Deed == models.DeedForgetReminder {
				got = append(got, string(l.Line.Deed)+" "+l.Event.Host)
			}
		}
		slices.Sort(got)
		wantList(t, what, got, want...)
	}
	logged("the log", "remind husie", "remind videdal")
	if n := must(c.ForgetReminding(c.ctx, Command(), batch)); n != 2 || work(models.MailSkipped) != 2 {
		t.Errorf("%d taken back, %d skipped", n, work(models.MailSkipped))
	}
	if n := must(c.ForgetReminding(c.ctx, Command(), batch)); n != 0 {
		t.Errorf("taken back twice: %d", n)
	}
	logged("the log in the end", "forget-reminder husie", "forget-reminder videdal", "remind husie", "remind videdal")
	_, err = c.ForgetReminding(c.ctx, husie, batch)
	wantCode(t, "an organiser takes it back", err, models.CodeNotFound)
}

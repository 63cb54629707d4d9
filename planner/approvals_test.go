package planner

import (
	"slices"
	"strings"
	"testing"
	"time"

	"samling/models"
)

// approving makes an association ask for the central office's word.
func (c *city) approving(slug string) {
	c.t.Helper()
	must(c.Store.Associations.Update(c.ctx, slug, func(a *models.Association) error { a.Approval = true; return nil }))
	must(0, c.Refresh(c.ctx))
}

func TestApproval_AskedAndGiven(t *testing.T) {
	c := newCity(t)
	c.approving("husie")
	husie, office := c.works("husie@example.org", "husie"), c.works("office@example.org")
	e := must(c.CreateEvent(c.ctx, husie, townHall()))
	publish := func(by *models.Organiser) models.Event {
		return must(c.MoveEvent(c.ctx, by, e.ID, Anyway, models.Publish, ""))
	}
	if got := publish(husie); got.Status != models.Draft || !got.Approval.Waits() {
		t.Fatalf("published without a word: %+v", got.Approval)
	}
	publish(husie) // pressed twice
	if got := c.errandsRun(); !slices.Equal(got, []string{"approval-waits:office@example.org"}) {
		t.Errorf("mailed %v", got)
	}
	if _, err := c.Approve(c.ctx, husie, e.ID, Anyway); models.CodeOf(err) != models.CodeNotAllowed {
		t.Errorf("she approves herself: %v", err)
	}
	if _, err := c.Approvals(husie); models.CodeOf(err) != models.CodeNotFound {
		t.Errorf("she sees the queue: %v", err)
	}
	if _, err := c.SendBack(c.ctx, office, e.ID, Anyway, " "); models.CodeOf(err) != models.CodeInvalid {
		t.Errorf("sent back without a word: %v", err)
	}
	must(c.SendBack(c.ctx, office, e.ID, Anyway, "Vem svarar i telefonen?"))
	if _, err := c.SendBack(c.ctx, office, e.ID, Anyway, "Vem?"); models.CodeOf(err) != models.CodeNotPossible {
		t.Errorf("sent back twice: %v", err)
	}
	if got := c.errandsRun(); !slices.Contains(got, "approval-back:husie@example.org") || len(c.Waiting()) != 0 {
		t.Errorf("mailed %v, waiting %d", got, len(c.Waiting()))
	}
	c.pass(time.Minute)
	publish(husie)
	seen := must(c.Editable(c.ctx, office, e.ID)).Updated
	c.pass(time.Minute)
	must(c.ChangeEvent(c.ctx, husie, e.ID, Anyway, func(e *models.Event) error { e.Summary = "Nytt"; return nil }))
	if _, err := c.Approve(c.ctx, office, e.ID, seen); models.CodeOf(err) != models.CodeChangedMeanwhile {
		t.Errorf("she approves what she has not seen: %v", err)
	}
	if got := must(c.Approve(c.ctx, office, e.ID, Anyway)); got.Status != models.Published || !got.Approval.Given {
		t.Errorf("approved, it is %s", got.Status)
	}
	must(c.Approve(c.ctx, office, e.ID, Anyway)) // pressed twice
	if got := c.errandsRun(); !slices.Contains(got, "approval-given:husie@example.org") {
		t.Errorf("mailed %v", got)
	}
	// What was approved once is hers.
	must(c.ChangeEvent(c.ctx, husie, e.ID, Anyway, func(e *models.Event) error { e.Title = "Ett annat"; return nil }))
	must(c.MoveEvent(c.ctx, husie, e.ID, Anyway, models.Postpone, ""))
	if got := publish(husie); got.Status != models.Published {
		t.Errorf("a new date asks again: %s", got.Status)
	}
}

func TestApproval_WhoNeedsNone(t *testing.T) {
	c := newCity(t)
	c.approving("husie")
	for name, one := range map[string]struct {
		by   *models.Organiser
		host string
		want models.Status
	}{
		"of the association":   {c.works("husie@example.org", "husie"), "husie", models.Draft},
		"of one that does not": {c.works("videdal@example.org", "videdal"), "videdal", models.Published},
		"a coordinator":        {c.works("office@example.org"), "husie", models.Published},
		"the command line":     {Command(), "husie", models.Published},
	} {
		e := townHall()
		e.Host = one.host
		e = must(c.CreateEvent(c.ctx, one.by, e))
		if got := must(c.MoveEvent(c.ctx, one.by, e.ID, Anyway, models.Publish, "")); got.Status != one.want {
			t.Errorf("%s: %s, want %s", name, got.Status, one.want)
		}
	}
}

// What is out, or will be at its time, is not given to a host that needs a word, but
// for a draft, what was approved, and by who may say that word.
func TestApproval_NotEvadedByAnotherHost(t *testing.T) {
	c := newCity(t)
	c.approving("husie")
	both, office := c.works("both@example.org", "husie", "videdal"), c.works("office@example.org")
	videdals := func() models.Event {
		e := townHall()
		e.Host = "videdal"
		return must(c.CreateEvent(c.ctx, both, e))
	}
	give := func(by *models.Organiser, e models.Event, to string) error {
		_, err := c.ChangeEvent(c.ctx, by, e.ID, Anyway, func(e *models.Event) error { e.Host = to; return nil })
		return err
	}
	draft, out, later, approved := videdals(), videdals(), videdals(), must(c.CreateEvent(c.ctx, both, townHall()))
	must(c.MoveEvent(c.ctx, both, out.ID, Anyway, models.Publish, ""))
	must(c.PublishLater(c.ctx, both, later.ID, Anyway, c.clock.Add(time.Hour)))
	must(c.MoveEvent(c.ctx, both, approved.ID, Anyway, models.Publish, ""))
	must(c.Approve(c.ctx, office, approved.ID, Anyway))
	for name, e := range map[string]models.Event{"what is out": out, "what will be": later} {
		if err := give(both, e, "husie"); models.CodeOf(err) != models.CodeInvalid || !strings.Contains(err.Error(), "approving-host") {
			t.Errorf("%s: %v", name, err)
		}
	}
	must(0, give(both, draft, "husie"))
	if got := must(c.MoveEvent(c.ctx, both, draft.ID, Anyway, models.Publish, "")); got.Status != models.Draft || !got.Approval.Waits() {
		t.Errorf("the draft that was given is %s", got.Status)
	}
	must(0, give(both, approved, "videdal"))
	must(0, give(both, approved, "husie"))
	must(0, give(office, out, "husie"))
}

// A coordinator who publishes what waits has answered.
func TestApproval_PublishedByACoordinator(t *testing.T) {
	c := newCity(t)
	c.approving("husie")
	husie, office := c.works("husie@example.org", "husie"), c.works("office@example.org")
	e := must(c.CreateEvent(c.ctx, husie, townHall()))
	must(c.MoveEvent(c.ctx, husie, e.ID, Anyway, models.Publish, ""))
	if got := must(c.MoveEvent(c.ctx, office, e.ID, Anyway, models.Publish, "")); got.Status != models.Published || !got.Approval.Given {
		t.Errorf("%s %+v", got.Status, got.Approval)
	}
	if got := c.errandsRun(); !slices.Contains(got, "approval-given:husie@example.org") {
		t.Errorf("mailed %v", got)
	}
}

func TestApproval_AtATime(t *testing.T) {
	c := newCity(t)
	c.approving("husie")
	husie, office := c.works("husie@example.org", "husie"), c.works("office@example.org")
	draft := func() models.Event {
		e := must(c.CreateEvent(c.ctx, husie, townHall()))
		return must(c.PublishLater(c.ctx, husie, e.ID, Anyway, c.clock.Add(time.Hour)))
	}
	status := func(e models.Event) models.Status { return must(c.Store.Events.Get(c.ctx, e.ID)).Status }
	early, late, back := draft(), draft(), draft()
	if !early.Approval.Waits() {
		t.Fatal("nobody is asked")
	}
	must(c.Approve(c.ctx, office, early.ID, Anyway))
	must(c.SendBack(c.ctx, office, back.ID, Anyway, "Var?"))
	if status(early) != models.Draft {
		t.Error("it is out before its time")
	}
	c.pass(2 * time.Hour)
	must(0, c.PublishDue(c.ctx))
	if status(early) != models.Published || status(late) != models.Draft || status(back) != models.Draft {
		t.Errorf("approved in time %s, not yet %s, sent back %s", status(early), status(late), status(back))
	}
	if got := must(c.Approve(c.ctx, office, late.ID, Anyway)); got.Status != models.Published {
		t.Errorf("approved too late, it is %s", got.Status)
	}
	must(0, c.PublishDue(c.ctx))
	if status(back) != models.Draft {
		t.Error("what was sent back publishes itself")
	}
}

// However many ask, a coordinator gets a mail an hour, and one for the last of them.
func TestApproval_AMailAnHour(t *testing.T) {
	c := newCity(t)
	c.approving("husie")
	husie := c.works("husie@example.org", "husie")
	c.works("office@example.org")
	*c.clock = time.Date(2026, 3, 3, 9, 50, 0, 0, time.UTC)
	ask := func() {
		e := must(c.CreateEvent(c.ctx, husie, townHall()))
		must(c.MoveEvent(c.ctx, husie, e.ID, Anyway, models.Publish, ""))
	}
	send := func() (due []string) {
		for _, m := range c.outbox() {
			if m.Kind == models.MailApprovalWaits {
				due = append(due, m.Due.Format("15:04"))
				if m.Status == models.MailQueued && !m.Due.After(*c.clock) {
					must(c.Store.Mails.Update(c.ctx, m.ID, func(m *models.Mail) error { m.Status = models.MailSent; return nil }))
				}
			}
		}
		slices.Sort(due)
		return due
	}
	for _, step := range []struct {
		pass time.Duration
		want []string
	}{
		{0, []string{"09:50"}},
		{5 * time.Minute, []string{"09:50", "10:50"}},
		{10 * time.Minute, []string{"09:50", "10:50"}},          // 10:05, in the next hour: the second will tell
		{50 * time.Minute, []string{"09:50", "10:50", "11:50"}}, // 10:55, the second is out
		{5 * time.Hour, []string{"09:50", "10:50", "11:50", "15:55"}},
	} {
		c.pass(step.pass)
		send()
		ask()
		if got := send(); !slices.Equal(got, step.want) {
			t.Errorf("at %s the mails are due at %v, want %v", c.clock.Format("15:04"), got, step.want)
		}
	}
}

// What a coordinator looks at first does not come in through a calendar.
func TestApproval_OfACalendar(t *testing.T) {
	c := newCity(t)
	c.approving("husie")
	for name, by := range map[string]*models.Organiser{"her own": c.works("husie@example.org", "husie"), "the office": c.works("office@example.org")} {
		id := newID()
		must(0, c.Store.Follows.Create(c.ctx, models.Follow{
			Document: models.Document{ID: id}, Association: "husie", Status: models.FollowNew, Fetched: *c.clock, Tried: c.clock.Add(-time.Hour),
		}))
		must(0, c.ApproveFollow(c.ctx, by, id, false))
		if f := must(c.Store.Follows.Get(c.ctx, id)); f.Drafts != (name == "her own") {
			t.Errorf("%s: drafts %v", name, f.Drafts)
		}
	}
}

// TestApproval_IsNotPassedByMany: what is published together with something that was
// approved has not been approved.
func TestApproval_IsNotPassedByMany(t *testing.T) {
	c := newCity(t)
	c.approving("husie")
	husie, office := c.works("husie@example.org", "husie"), c.works("office@example.org")
	first := must(c.CreateEvent(c.ctx, husie, townHall()))
	second := must(c.Repeat(c.ctx, husie, first.ID, []int{7})).Events[0]
	publish := func(scope Scope) models.Plan {
		plan := must(c.PlanSeries(c.ctx, husie, first.ID, c.kept(first.ID).Updated, scope, Intent{What: "publish", Change: c.Moving(husie, models.Publish, "")}))
		if plan.Changes() > 0 {
			plan = must(c.CarryOut(c.ctx, husie, plan.ID))
		}
		return plan
	}
	if publish(ScopeAll); len(c.Waiting()) != 2 {
		t.Errorf("%d of two days wait for a word", len(c.Waiting()))
	}
	must(c.SendBack(c.ctx, office, second.ID, Anyway, "Vem håller i den?"))
	must(c.PublishLater(c.ctx, husie, first.ID, Anyway, first.Starts.Add(-time.Hour)))
	must(c.Approve(c.ctx, office, first.ID, Anyway))
	if plan := publish(ScopeAll); c.kept(first.ID).Status != models.Published || c.kept(second.ID).Status != models.Draft {
		t.Errorf("of two days of which one was approved: %+v", plan.Steps)
	}
	if third := must(c.Repeat(c.ctx, husie, first.ID, []int{14})).Events[0]; third.Status != models.Draft {
		t.Errorf("another day of what was approved is %s", third.Status)
	}
}

// TestApproval_OfTheHostThatItHasThen: an event that is given to another host and
// published in one go asks whom that host asks.
func TestApproval_OfTheHostThatItHasThen(t *testing.T) {
	c := newCity(t)
	c.approving("husie")
	both := c.works("both@example.org", "husie", "videdal")
	for from, to := range map[string]string{"husie": "videdal", "videdal": "husie"} {
		e := townHall()
		e.Host = from
		e = must(c.CreateEvent(c.ctx, both, e))
		publish := c.Moving(both, models.Publish, "")
		e = must(c.ChangeEvent(c.ctx, both, e.ID, Anyway, func(e *models.Event) error { e.Host = to; return publish(e) }))
		if out := e.Status == models.Published; out != (to == "videdal") {
			t.Errorf("from %s to %s it is %s", from, to, e.Status)
		}
	}
}

// TestApproval_GivenByAPlan: whoever asked is told when the office publishes hers among
// others.
func TestApproval_GivenByAPlan(t *testing.T) {
	c := newCity(t)
	c.approving("husie")
	husie, office := c.works("husie@example.org", "husie"), c.works("office@example.org")
	e := must(c.CreateEvent(c.ctx, husie, townHall()))
	must(c.MoveEvent(c.ctx, husie, e.ID, Anyway, models.Publish, ""))
	plan := must(c.MakePlan(c.ctx, office, Intent{What: "publish", Events: []string{e.ID}, Change: c.Moving(office, models.Publish, "")}))
	must(c.CarryOut(c.ctx, office, plan.ID))
	if got := c.kept(e.ID); got.Status != models.Published || !got.Approval.Given {
		t.Errorf("it is %s, its approval %+v", got.Status, got.Approval)
	}
	if got := c.errandsRun(); !slices.Contains(got, "approval-given:husie@example.org") {
		t.Errorf("mailed %v", got)
	}
}

// TestApproval_AskedByAPlan asks for several drafts by one press: coordinators get one
// mail, once it stands, and none of what was taken back.
func TestApproval_AskedByAPlan(t *testing.T) {
	for _, undone := range []bool{false, true} {
		c := newCity(t)
		c.approving("husie")
		husie, office := c.works("husie@example.org", "husie"), c.works("office@example.org")
		var drafts []string
		for range 3 {
			drafts = append(drafts, must(c.CreateEvent(c.ctx, husie, townHall())).ID)
		}
		back := drafts[2]
		must(c.MoveEvent(c.ctx, husie, back, Anyway, models.Publish, ""))
		must(c.SendBack(c.ctx, office, back, Anyway, "Vem håller i den?"))
		c.errandsRun()
		c.pass(2 * time.Hour)
		waits := func() (due []time.Time) {
			for _, m := range c.outbox() {
				if m.Kind == models.MailApprovalWaits && !m.Born.Before(*c.clock) {
					due = append(due, m.Due)
				}
			}
			return due
		}
		sketch := must(c.KeepDraft(c.ctx, husie, newID(), Anyway, func(e *models.Event) error { e.Kind, e.Host = models.TownHall, "husie"; return nil }))
		plan := must(c.MakePlan(c.ctx, husie, Intent{What: "publish", Events: append(drafts, sketch.ID), Change: c.Moving(husie, models.Publish, "")}))
		if plan.Changes() != 3 || plan.Steps[3].Refused != models.CodeInvalid || len(c.Waiting()) != 0 {
			t.Errorf("%d would be asked for, of the unfinished one it says %q; %d wait", plan.Changes(), plan.Steps[3].Refused, len(c.Waiting()))
		}
		plan = must(c.CarryOut(c.ctx, husie, plan.ID))
		if due := waits(); len(due) != 1 || !due[0].Equal(plan.Told(false)) || len(c.Waiting()) != 3 {
			t.Errorf("%d wait, mails are due at %v", len(c.Waiting()), due)
		}
		if !undone {
			continue
		}
		c.pass(time.Minute)
		must(c.Approve(c.ctx, office, drafts[0], Anyway))
		must(c.UndoPlan(c.ctx, husie, plan.ID))
		if first := c.kept(drafts[0]); first.Status != models.Published {
			t.Errorf("what a coordinator has approved is %s again", first.Status)
		}
		if again := c.kept(back).Approval; len(c.Waiting()) != 0 || !again.SentBack() || again.Words == "" {
			t.Errorf("taken back, %d wait; of one that was sent back it says %+v", len(c.Waiting()), again)
		}
		var deeds []models.Deed
		for _, l := range must(c.AllChanges(c.ctx, Command(), LogFilter{Event: drafts[1]})) {
			deeds = append(deeds, l.Line.Deed)
		}
		if want := []models.Deed{models.DeedUnaskApproval, models.DeedAskApproval, models.DeedCreate}; !slices.Equal(deeds, want) {
			t.Errorf("the log says %v, want %v", deeds, want)
		}
	}
}

package planner

import (
	"testing"
	"time"

	"samling/models"
)

func TestRound_FromPublishingToTheList(t *testing.T) {
	c := newCity(t)
	e := c.published(3)
	for _, who := range []struct {
		name  string
		party int
		want  string
	}{{"Ada", 2, "going"}, {"Bo", 2, "waiting"}, {"Cem", 1, "going"}, {"Dua", 1, "waiting"}} {
		answer, err := c.signUp(e, who.name, who.party)
		if err != nil || answer != (models.Answer{Status: who.want, Party: who.party}) {
			t.Fatalf("%s signs up: %+v, %v, want %s", who.name, answer, err, who.want)
		}
	}
	wantList(t, "first mails", c.tell(), "going:Ada", "going:Cem", "waiting:Bo", "waiting:Dua")
	wantList(t, "mails when nothing has changed", c.tell())

	moved := must(c.ChangeEvent(c.ctx, Command(), e.ID, Anyway, func(e *models.Event) error {
		e.Starts, e.Ends = e.Starts.Add(time.Hour), e.Ends.Add(time.Hour)
		return nil
	}))
	if moved.Sequence <= e.Sequence || moved.Unsettled {
		t.Errorf("moved event: sequence %d after %d, unsettled %v", moved.Sequence, e.Sequence, moved.Unsettled)
	}
	wantList(t, "mails at once, since there may be more to say", c.tell())
	c.pass(10 * time.Minute)
	wantList(t, "mails after the move", c.tell(), "changed:Ada", "changed:Bo", "changed:Cem", "changed:Dua")

	must(c.ChangeEvent(c.ctx, Command(), e.ID, Anyway, func(e *models.Event) error { e.Capacity = 3; e.Summary = "Ta med grannen"; return nil }))
	wantList(t, "mails after a change that nobody need be told", c.tell())

	if err := c.Act(c.ctx, c.rsvpOf(e, "Ada"), models.ActCancel, 0); err != nil {
		t.Fatal(err)
	}
	wantList(t, "mails after regrets", c.tell(), "promoted:Bo", "regret:Ada")
	wantList(t, "the list", c.places(e), "Bo:going", "Cem:going", "Dua:waiting")

	must(c.MoveEvent(c.ctx, Command(), e.ID, Anyway, models.Cancel, "Lokalen är översvämmad"))
	c.pass(10 * time.Minute)
	wantList(t, "mails after cancelling", c.tell(), "cancelled:Bo", "cancelled:Cem", "cancelled:Dua")
	_, err := c.signUp(e, "Eva", 1)
	wantCode(t, "signing up for a cancelled event", err, models.CodeCancelled)
	if c.posted.Load() == 0 {
		t.Error("the outbox was never told that there are mails")
	}
}

func TestSignUp_KnownAddress(t *testing.T) {
	c := newCity(t)
	e := c.published(5)
	must(c.signUp(e, "Ada", 2))
	c.tell()
	answer := must(c.signUp(e, "Ada", 3))
	if want := (models.Answer{Status: "going", Party: 3}); answer != want {
		t.Errorf("answer %+v, want %+v, as for a new address", answer, want)
	}
	wantList(t, "mails", c.tell(), "asked:Ada")
	a := must(c.Attendance(c.ctx, nil, e.ID, "test", false))
	if len(a.Attendees) != 1 || a.Attendees[0].Entry.Party != 2 {
		t.Errorf("list %+v, want the first sign-up alone as it was", a.Attendees)
	}

	// The second attempt never took effect and is swept; the first stays.
	c.pass(2 * time.Hour)
	if err := c.Sweep(c.ctx); err != nil {
		t.Fatal(err)
	}
	if n := must(c.Store.RSVPs.Count(c.ctx, models.Query{})); n != 1 {
		t.Errorf("%d sign-ups are kept, want 1", n)
	}
	wantList(t, "the list", c.places(e), "Ada:going")
}

func TestSignUp_HiddenEvents(t *testing.T) {
	c := newCity(t)
	draft := must(c.CreateEvent(c.ctx, Command(), townHall()))
	members := townHall()
	members.Audience = models.Members
	members = must(c.CreateEvent(c.ctx, Command(), members))
	members = must(c.MoveEvent(c.ctx, Command(), members.ID, Anyway, models.Publish, ""))
	for name, e := range map[string]models.Event{"draft": draft, "members'": members} {
		_, err := c.signUp(e, "Ada", 1)
		wantCode(t, name, err, models.CodeNotFound)
	}
	if n := must(c.Store.RSVPs.Count(c.ctx, models.Query{})); n != 0 {
		t.Errorf("%d sign-ups were kept", n)
	}
}

func TestSignUp_ByHand(t *testing.T) {
	c := newCity(t)
	e := c.published(2)
	host := &models.Organiser{Document: models.Document{ID: "o1"}, Role: models.RoleOrganiser, For: []string{"husie"}}
	answer, err := c.SignUp(c.ctx, e.ID, models.SignUp{Name: "Faruk", Party: 2}, host)
	if err != nil || answer.Status != "going" {
		t.Fatalf("by name alone: %+v, %v", answer, err)
	}
	wantList(t, "mails to nobody", c.tell())
	stranger := &models.Organiser{Document: models.Document{ID: "o2"}, Role: models.RoleOrganiser, For: []string{"videdal"}}
	_, err = c.SignUp(c.ctx, e.ID, models.SignUp{Name: "Gun", Party: 2}, stranger)
	wantCode(t, "another association's organiser is a resident here", err, models.CodeInvalid)
}

func TestAttendance_IsLoggedAndGuarded(t *testing.T) {
	c := newCity(t)
	e := c.published(0)
	must(c.signUp(e, "Ada", 2))
	host := &models.Organiser{Document: models.Document{ID: "o1"}, Role: models.RoleOrganiser, For: []string{"husie"}}
	other := &models.Organiser{Document: models.Document{ID: "o2"}, Role: models.RoleOrganiser, For: []string{"videdal"}}

	_, err := c.Attendance(c.ctx, other, e.ID, "json", false)
	wantCode(t, "another association", err, models.CodeNotAllowed)
	if n := must(c.Store.Reads.Count(c.ctx, models.Query{})); n != 0 {
		t.Errorf("%d looks were logged, want none", n)
	}
	a := must(c.Attendance(c.ctx, host, e.Slug, "json", false))
	if len(a.Attendees) != 1 || a.Attendees[0].Person.Email != "Ada@example.org" || a.Counts.Going != 2 {
		t.Errorf("list %+v", a)
	}
	for r, err := range c.Store.Reads.List(c.ctx, models.Query{Index: "event", Equal: []any{e.ID}}) {
		if err != nil || r.Organiser != "o1" || r.How != "json" || r.Count != 1 || !r.At.Equal(tuesday) {
			t.Errorf("logged %+v, %v", r, err)
		}
	}

	// A co-host who comes later sees how many, but no name that was given before.
	must(c.ChangeEvent(c.ctx, Command(), e.ID, Anyway, func(e *models.Event) error { e.CoHosts = []string{"videdal"}; return nil }))
	must(c.signUp(e, "Bo", 1))
	a = must(c.Attendance(c.ctx, other, e.ID, "json", false))
	if len(a.Attendees) != 2 || a.Attendees[0].Person.Name != "" || a.Attendees[1].Person.Name != "Bo" || a.Counts.Going != 3 {
		t.Errorf("the co-host's list %+v", a)
	}
}

func TestCheckIn_RepeatingChangesNothing(t *testing.T) {
	c := newCity(t)
	e, other := c.published(0), c.published(0)
	must(c.signUp(e, "Ada", 2))
	rsvp := c.rsvpOf(e, "Ada")
	const walkIn = "0197a1b2-0000-7000-8000-000000000001"
	for range 2 {
		if err := c.CheckIn(c.ctx, Command(), e.ID, rsvp, 2); err != nil {
			t.Fatal(err)
		}
		if err := c.WalkIn(c.ctx, Command(), e.ID, walkIn, 3); err != nil {
			t.Fatal(err)
		}
	}
	if a := must(c.Attendance(c.ctx, nil, e.ID, "test", false)); a.Here != 2 || a.WalkIns != 3 {
		t.Errorf("here %d, walk-ins %d, want 2 and 3", a.Here, a.WalkIns)
	}
	wantCode(t, "the same id at another event", c.WalkIn(c.ctx, Command(), other.ID, walkIn, 3), models.CodeExists)
	wantCode(t, "a sign-up of another event", c.CheckIn(c.ctx, Command(), other.ID, rsvp, 1), models.CodeNotFound)
	if err := c.CheckIn(c.ctx, Command(), e.ID, rsvp, 0); err != nil {
		t.Fatal(err)
	}
	if a := must(c.Attendance(c.ctx, nil, e.ID, "test", false)); a.Here != 0 {
		t.Errorf("here %d after taking it back", a.Here)
	}
}

func TestErase_LeavesNoName(t *testing.T) {
	c := newCity(t)
	e := c.published(1)
	must(c.signUp(e, "Ada", 1))
	must(c.signUp(e, "Bo", 1))
	c.tell()
	rsvp := c.rsvpOf(e, "Ada")
	for range 2 {
		if err := c.Act(c.ctx, rsvp, models.ActErase, 0); err != nil {
			t.Fatal(err)
		}
	}
	wantList(t, "mails", c.tell(), "promoted:Bo")
	_, err := c.Held(c.ctx, rsvp)
	wantCode(t, "her page", err, models.CodeGone)
	if r := must(c.Store.RSVPs.Get(c.ctx, rsvp)); len(r.Sealed) > 0 || r.Consent.Version != 0 {
		t.Errorf("kept %+v", r)
	}
}

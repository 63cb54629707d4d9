package planner

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"samling/models"
)

func TestHand_TellsThoseWhomItConcerns(t *testing.T) {
	c := newCity(t)
	e := c.published(2)
	for _, name := range []string{"Ada", "Bo", "Cem"} {
		must(c.signUp(e, name, 1))
		c.pass(time.Second)
	}
	c.tell()
	hand := func(name string, h models.Hand, parting string) models.Entry {
		t.Helper()
		return must(c.Hand(c.ctx, husie(c), e.ID, c.rsvpOf(e, name), h, parting))
	}
	_, err := c.Hand(c.ctx, husie(c), e.ID, c.rsvpOf(e, "Cem"), models.Hand{Action: models.HandSeat}, "")
	wantCode(t, "a place that there is not", err, models.CodeNoSeats)
	hand("Cem", models.Hand{Action: models.HandSeat, Anyway: true}, "")
	wantList(t, "mails after a place anyway", c.tell(), "promoted:Cem")
	hand("Ada", models.Hand{Action: models.HandWait}, "")
	wantList(t, "mails after the waiting line", c.tell(), "waiting:Ada")
	hand("Bo", models.Hand{Action: models.HandParty, Party: 2, Anyway: true}, "")
	wantList(t, "mails after another party", c.tell(), "party:Bo")
	hand("Bo", models.Hand{Action: models.HandCancel}, "Ring mig.")
	wantList(t, "mails after a cancellation", c.tell(), "promoted:Ada", "regret:Bo")
	bo := must(c.Store.RSVPs.Get(c.ctx, c.leftRSVP(e)))
	hand("Bo", models.Hand{Action: models.HandCancel}, "En annan rad.")
	if again := must(c.Store.RSVPs.Get(c.ctx, bo.ID)); string(again.Parting.Sealed) != string(bo.Parting.Sealed) {
		t.Error("cancelling once more changed the line that is on its way")
	}
	for _, m := range c.outbox() {
		if carries := m.Carries(bo.Parting); carries != (m.Kind == models.MailRegret) {
			t.Errorf("%s carries the line: %v", m.Kind, carries)
		}
	}
	if was := hand("Bo", models.Hand{Action: models.HandReturn}, ""); was.State != models.Left || was.Party != 2 {
		t.Errorf("before she was put back: %+v", was)
	}
	wantList(t, "mails after putting her back", c.tell(), "waiting:Bo")
	if again := must(c.Store.RSVPs.Get(c.ctx, bo.ID)); len(again.Parting.Sealed) > 0 {
		t.Error("the line of then is kept")
	}
	var deeds []string
	history, _, err := c.History(c.ctx, husie(c), e.ID, models.Cursor{}, 100)
	must(0, err)
	for _, l := range history {
		if l.Line.Deed == models.DeedHand {
			deeds = append(deeds, fmt.Sprint(l.Line.Fields))
		}
	}
	wantList(t, "the history, newest first", deeds,
		"[{attendee.state cancelled waiting}]", "[{attendee.state going cancelled}]", "[{attendee.party 1 2}]", "[{attendee.state going waiting}]", "[{attendee.state waiting going}]")
	wantList(t, "who stands where", c.places(e), "Cem:going", "Ada:going", "Bo:waiting")
}

// leftRSVP is the id of the sign-up of the only one who left.
func (c *city) leftRSVP(e models.Event) string {
	for _, entry := range must(c.Store.Rosters.Get(c.ctx, e.ID)).Entries {
		if entry.State == models.Left {
			return entry.RSVP.String()
		}
	}
	c.t.Fatal("nobody left")
	return ""
}

func TestHand_IsGuarded(t *testing.T) {
	c := newCity(t)
	e, other := c.published(2), c.published(2)
	must(c.signUp(e, "Ada", 1))
	must(c.signUp(other, "Bo", 1))
	ada, bo := c.rsvpOf(e, "Ada"), c.rsvpOf(other, "Bo")
	cancel := models.Hand{Action: models.HandCancel}
	for name, s := range map[string]struct {
		by      *models.Organiser
		event   string
		rsvp    string
		hand    models.Hand
		parting string
		want    models.Code
	}{
		"another association's": {videdal(), e.ID, ada, cancel, "", models.CodeNotAllowed},
		"another event's":       {husie(c), e.ID, bo, cancel, "", models.CodeNotFound},
		"no id":                 {husie(c), e.ID, "ada", cancel, "", models.CodeNotFound},
		"nobody's id":           {husie(c), e.ID, newID(), cancel, "", models.CodeNotFound},
		"no event":              {husie(c), "nowhere", ada, cancel, "", models.CodeNotFound},
		"a line too long":       {husie(c), e.ID, ada, cancel, strings.Repeat("å", models.MaxParting+1), models.CodeInvalid},
		"no action":             {husie(c), e.ID, ada, models.Hand{}, "", models.CodeNotPossible},
	} {
		t.Run(name, func(t *testing.T) {
			before := must(c.Store.RSVPs.Get(c.ctx, ada)).Revision
			_, err := c.Hand(c.ctx, s.by, s.event, s.rsvp, s.hand, s.parting)
			wantCode(t, name, err, s.want)
			if must(c.Store.RSVPs.Get(c.ctx, ada)).Revision != before {
				t.Error("something was written")
			}
		})
	}
	// A co-host who came later may not read her name, and so does nothing with it.
	must(c.ChangeEvent(c.ctx, Command(), e.ID, Anyway, func(e *models.Event) error { e.CoHosts = []string{"videdal"}; return nil }))
	_, err := c.Hand(c.ctx, videdal(), e.ID, ada, cancel, "")
	wantCode(t, "a later co-host", err, models.CodeNotAllowed)
}

// The same form sent twice is one person and one line in the log, also where a crash
// came before the seat.
func TestAddByHand_SentAgain(t *testing.T) {
	c := newCity(t)
	e, by := c.published(5), husie(c)
	add := func() string {
		t.Helper()
		return must(c.AddByHand(c.ctx, by, e.ID, models.SignUp{Form: "form", Name: "Ada", Party: 2}))
	}
	if first, again := add(), add(); first != models.AnswerGoing || again != first {
		t.Errorf("answers %q and %q", first, again)
	}
	wantList(t, "who stands where", c.places(e), "Ada:going")
	history, _, err := c.History(c.ctx, by, e.ID, models.Cursor{}, 100)
	must(0, err)
	lines := 0
	for _, l := range history {
		if l.Line.Deed == models.DeedAdd {
			lines++
		}
	}
	if lines != 1 {
		t.Errorf("%d lines in the log, want 1", lines)
	}
	must(c.Store.Rosters.Update(c.ctx, e.ID, func(r *models.Roster) error {
		r.Entries = nil
		return nil
	}))
	add()
	wantList(t, "after a crash before the seat", c.places(e), "Ada:going")
}

// What was written to somebody is erased with her, and with the notes.
func TestHand_PartingIsForgotten(t *testing.T) {
	for name, forget := range map[string]func(*city, models.Event){
		"a day after she left": func(c *city, _ models.Event) { c.pass(25 * time.Hour); c.tell() },
		"with the notes": func(c *city, e models.Event) {
			c.at(e.Ends.Add(models.NotesKept + 48*time.Hour))
			must(0, c.Purge(c.ctx))
		},
		"when she wants to be": func(c *city, e models.Event) { must(0, c.Act(c.ctx, c.leftRSVP(e), models.ActErase, 0)) },
		"by her address":       func(c *city, _ models.Event) { must(c.EraseAddress(c.ctx, "ada@example.org")) },
	} {
		t.Run(name, func(t *testing.T) {
			c := newCity(t)
			e := c.published(2)
			must(c.signUp(e, "ada", 1))
			c.tell()
			must(c.Hand(c.ctx, husie(c), e.ID, c.rsvpOf(e, "ada"), models.Hand{Action: models.HandCancel}, "Ring mig."))
			left := c.leftRSVP(e)
			if len(must(c.Store.RSVPs.Get(c.ctx, left)).Parting.Sealed) == 0 {
				t.Fatal("there is no line")
			}
			forget(c, e)
			if len(must(c.Store.RSVPs.Get(c.ctx, left)).Parting.Sealed) > 0 {
				t.Error("the line is still there")
			}
		})
	}
}

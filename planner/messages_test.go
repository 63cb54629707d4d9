package planner

import (
	"slices"
	"strings"
	"testing"
	"time"

	"samling/models"
)

// gathering is an event of husie with people who are going, waiting and gone, and one
// who was added by name alone.
func (c *city) gathering() models.Event {
	c.t.Helper()
	e := c.published(4)
	must(c.signUp(e, "Ada", 2))
	must(c.signUp(e, "Bo", 1))
	must(c.SignUp(c.ctx, e.ID, models.SignUp{Name: "Dag", Party: 1}, Command()))
	must(c.signUp(e, "Cissi", 2))
	must(c.signUp(e, "Erik", 1))
	must(0, c.Act(c.ctx, c.rsvpOf(e, "Erik"), models.ActCancel, 0))
	return e
}

// written is a message of somebody's to an event's attendees, copied to her.
func (c *city) written(by *models.Organiser, e models.Event, to models.Recipients, text string) string {
	c.t.Helper()
	m := must(c.WriteMessage(c.ctx, by, e.ID, newID(), to, text))
	must(c.CopyMessage(c.ctx, by, e.ID, m.ID))
	return m.ID
}

// messaged are the names of those for whom mails of a message are in the outbox.
func (c *city) messaged(id string) (names []string) {
	c.t.Helper()
	for _, m := range c.outbox() {
		if m.Message == id && m.RSVP != "" {
			names = append(names, c.nameOf(m))
		}
	}
	slices.Sort(names)
	return names
}

func TestMessages_ToWhom(t *testing.T) {
	for to, want := range map[models.Recipients][]string{
		models.ToGoing: {"Ada", "Bo"}, models.ToWaiting: {"Cissi"}, models.ToBoth: {"Ada", "Bo", "Cissi"},
	} {
		t.Run(string(to), func(t *testing.T) {
			c := newCity(t)
			e, anna := c.gathering(), c.working("anna@example.org", "husie")
			c.pass(time.Minute)
			id := c.written(anna, e, to, "Ta med en kopp.")
			wantList(t, "before it is sent", c.messaged(id))
			sent := must(c.SendMessage(c.ctx, anna, e.ID, id))
			wantList(t, "mailed", c.messaged(id), want...)
			if sent.Open || sent.Mails != len(want) || sent.By != anna.ID {
				t.Errorf("sent: %+v", sent)
			}
			reached, others, err := c.Reached(c.ctx, anna, &e, to)
			if reached != len(want) || err != nil || to != models.ToWaiting && others != 1 {
				t.Errorf("reached %d, others %d, error %v", reached, others, err)
			}
			c.pass(time.Minute)
			must(c.signUp(e, "Fia", 1))
			for range 2 { // pressed once more
				must(c.SendMessage(c.ctx, anna, e.ID, id))
			}
			must(0, c.Distribute(c.ctx))
			wantList(t, "mailed in all", c.messaged(id), want...)
			looks, _, err := c.Reads(c.ctx, Command(), LogFilter{Event: e.ID}, models.Cursor{}, 10)
			if err != nil || len(looks) != 1 || looks[0].Line.How != models.ListWritten || looks[0].Line.Count != len(want) {
				t.Errorf("the log of looks: %+v, error %v", looks, err)
			}
			history, _, err := c.History(c.ctx, anna, e.ID, models.Cursor{}, 1)
			if err != nil || history[0].Line.Deed != models.DeedWrite {
				t.Errorf("history: %+v, error %v", history, err)
			}
		})
	}
}

func TestMessages_Refusals(t *testing.T) {
	c := newCity(t)
	e, anna := c.gathering(), c.working("anna@example.org", "husie")
	write := func(by *models.Organiser, ref string, to models.Recipients, text string) error {
		_, err := c.WriteMessage(c.ctx, by, ref, newID(), to, text)
		return err
	}
	wantCode(t, "a stranger", write(c.working("bo@example.org", "videdal"), e.ID, models.ToBoth, "Hej"), models.CodeNotAllowed)
	for name, err := range map[string]error{
		"text: required": write(anna, e.ID, models.ToBoth, " \n "), "to: required": write(anna, e.ID, "all", "Hej"),
		"text: too-long": write(anna, e.ID, models.ToBoth, strings.Repeat("å", models.MaxMessage+1)),
	} {
		if err == nil || err.Error() != "invalid; "+name {
			t.Errorf("error %v, want %s", err, name)
		}
	}
	mute := townHall()
	mute.Host = "videdal" // which has no address, and neither has the event
	mute = must(c.CreateEvent(c.ctx, Command(), mute))
	mute = must(c.MoveEvent(c.ctx, Command(), mute.ID, Anyway, models.Publish, ""))
	if err := write(Command(), mute.ID, models.ToBoth, "Hej"); err == nil || err.Error() != "invalid; contact: no-reply-to" {
		t.Errorf("nobody to answer to: %v", err)
	}
	id := must(c.WriteMessage(c.ctx, anna, e.ID, newID(), models.ToBoth, "Hej")).ID
	_, err := c.SendMessage(c.ctx, anna, e.ID, id)
	wantCode(t, "without a copy", err, models.CodeNotPossible)
	must(c.CopyMessage(c.ctx, anna, e.ID, id))
	_, err = c.SendMessage(c.ctx, Command(), e.ID, id)
	wantCode(t, "with another's copy", err, models.CodeNotPossible)
	must(c.WriteMessage(c.ctx, anna, e.ID, id, models.ToBoth, "Hej hej"))
	_, err = c.SendMessage(c.ctx, anna, e.ID, id)
	wantCode(t, "written anew since the copy", err, models.CodeNotPossible)
	_, err = c.SendMessage(c.ctx, Command(), mute.ID, id)
	wantCode(t, "of another event", err, models.CodeNotFound)
	must(c.CopyMessage(c.ctx, anna, e.ID, id))
	c.pass(e.Ends.Sub(*c.clock))
	_, err = c.SendMessage(c.ctx, anna, e.ID, id)
	wantCode(t, "when it is over", err, models.CodePast)
	wantList(t, "mailed", c.messaged(id))
}

// The copy goes to her alone, once for each text.
func TestMessages_Copy(t *testing.T) {
	c := newCity(t)
	e, anna := c.gathering(), c.working("anna@example.org", "husie")
	id := c.written(anna, e, models.ToBoth, "Hej")
	must(c.CopyMessage(c.ctx, anna, e.ID, id))
	must(c.WriteMessage(c.ctx, anna, e.ID, id, models.ToBoth, "Hej hej"))
	must(c.CopyMessage(c.ctx, anna, e.ID, id))
	copies := 0
	for _, m := range c.outbox() {
		if m.Message == id && m.Organiser == anna.ID && m.RSVP == "" {
			copies++
		}
	}
	if copies != 2 {
		t.Errorf("%d copies of two texts", copies)
	}
	must(c.SendMessage(c.ctx, anna, e.ID, id))
	_, err := c.WriteMessage(c.ctx, anna, e.ID, id, models.ToBoth, "Något annat")
	wantCode(t, "written anew when it was sent", err, models.CodeNotPossible)
}

// Three times in a week, and then again when days have passed.
func TestMessages_NotTooOften(t *testing.T) {
	c := newCity(t)
	c.Limits = true
	e, anna := c.gathering(), c.working("anna@example.org", "husie")
	for range 3 {
		must(c.SendMessage(c.ctx, anna, e.ID, c.written(anna, e, models.ToGoing, "Hej")))
	}
	id := c.written(anna, e, models.ToGoing, "Hej igen")
	_, err := c.SendMessage(c.ctx, anna, e.ID, id)
	wantCode(t, "the fourth", err, models.CodeTooMany)
	wantList(t, "mailed", c.messaged(id))
	c.pass(3 * 24 * time.Hour)
	must(c.SendMessage(c.ctx, anna, e.ID, id))
}

// Cut off anywhere between pressing the button and the last mail, each gets it once.
func TestMessages_CutOff(t *testing.T) {
	c := newCity(t)
	e, anna := c.gathering(), c.working("anna@example.org", "husie")
	c.pass(time.Minute)
	id := c.written(anna, e, models.ToBoth, "Hej")
	m := must(c.Store.Messages.Update(c.ctx, id, func(m *models.Message) error { return m.Send(anna.ID, *c.clock) }))
	mails, _, err := c.messageMails(c.ctx, anna, &e, &m)
	must(0, err)
	must(0, c.Store.Mails.Create(c.ctx, mails[1])) // the second came through, and then the lamp went out
	c.pass(time.Minute)
	must(c.signUp(e, "Fia", 1))
	c.restart(c.Store)
	for range 2 {
		must(0, c.Distribute(c.ctx))
	}
	wantList(t, "mailed", c.messaged(id), "Ada", "Bo", "Cissi")
	if m := must(c.Store.Messages.Get(c.ctx, id)); m.Open || m.Mails != 3 {
		t.Errorf("message: %+v", m)
	}
}

// A co-host who came later writes to whom she may see: those who signed up since.
func TestMessages_LaterCoHost(t *testing.T) {
	c := newCity(t)
	e, bo := c.gathering(), c.working("bo@example.org", "videdal")
	must(c.Store.Events.Update(c.ctx, e.ID, func(e *models.Event) error {
		e.CoHosts, e.Capacity, e.Updated = []string{"videdal"}, 0, e.Updated.Add(time.Second)
		return nil
	}))
	must(0, c.Refresh(c.ctx))
	must(c.signUp(e, "Gun", 1))
	c.pass(time.Minute)
	id := c.written(bo, e, models.ToBoth, "Hej")
	must(c.SendMessage(c.ctx, bo, e.ID, id))
	wantList(t, "mailed", c.messaged(id), "Gun")
}

func TestMessages_ErasedWithTheNames(t *testing.T) {
	c := newCity(t)
	e, anna := c.gathering(), c.working("anna@example.org", "husie")
	id := c.written(anna, e, models.ToBoth, "Hej")
	must(c.SendMessage(c.ctx, anna, e.ID, id))
	c.pass(e.Ends.Sub(*c.clock) + 17*24*time.Hour)
	must(0, c.advance(c.ctx))
	must(0, c.Purge(c.ctx))
	if m := must(c.Store.Messages.Get(c.ctx, id)); m.Text != "" || m.Mails != 3 {
		t.Errorf("message: %+v", m)
	}
}

package planner

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"samling/models"
)

// local moves the clock to a moment in Malmö.
func (c *city) local(moment string) {
	c.t.Helper()
	*c.clock = must(time.ParseInLocation("2006-01-02 15:04", moment, models.Zone("Europe/Stockholm"))).UTC()
}

// rounds does what is due for organisers, and returns the mails that came of it, as
// kind, day and hour of their birth, to whom, and what they say.
func (c *city) rounds() (out []string) {
	c.t.Helper()
	before := map[string]bool{}
	for _, m := range c.outbox() {
		before[m.ID] = true
	}
	must(0, c.Digest(c.ctx))
	for _, m := range c.outbox() {
		if before[m.ID] {
			continue
		}
		o := must(c.Store.Organisers.Get(c.ctx, m.Organiser))
		text := fmt.Sprintf("%s %s %s", m.Kind, m.Born.In(models.Zone("Europe/Stockholm")).Format("02 15:04"), o.Email)
		for _, s := range m.Standings {
			text += fmt.Sprintf("; %d going, %d waiting, %d new, %d cancelled, %d needs, %d returned", s.Going, s.Waiting, s.New, s.Cancelled, s.Needs, s.Returned)
		}
		out = append(out, text)
	}
	slices.Sort(out)
	return out
}

func TestDigest_MorningsWithNews(t *testing.T) {
	c := newCity(t)
	c.local("2026-03-02 12:00")
	c.working("anna@example.org", "husie")
	c.working("bo@example.org", "videdal")
	must(c.AddOrganiser(c.ctx, models.Organiser{Email: "office@example.org", Role: models.RoleCoordinator}))
	e := c.published(3)
	must(c.signUp(e, "Ada", 2))
	must(c.SignUp(c.ctx, e.ID, models.SignUp{Name: "Bo", Email: "bo@example.com", Party: 1, Consent: true, Note: "Rullstol."}, nil))
	must(c.signUp(e, "Cissi", 1))
	wantList(t, "on the day itself", c.rounds())
	c.local("2026-03-03 06:59")
	wantList(t, "before seven", c.rounds())
	c.local("2026-03-03 07:00")
	wantList(t, "at seven, to her who works on it", c.rounds(), "digest 03 07:00 anna@example.org; 3 going, 1 waiting, 4 new, 0 cancelled, 1 needs, 0 returned")
	c.local("2026-03-03 07:01")
	wantList(t, "a minute later", c.rounds())
	c.local("2026-03-04 07:00")
	wantList(t, "a day without news", c.rounds())

	c.local("2026-03-04 13:00")
	must(0, c.Act(c.ctx, c.rsvpOf(e, "Ada"), models.ActCancel, 0))
	must(0, c.LeaveAlone(c.ctx, c.rsvpOf(e, "Cissi")))
	c.local("2026-03-05 07:00")
	wantList(t, "somebody has cancelled", c.rounds(), "digest 05 07:00 anna@example.org; 2 going, 0 waiting, 0 new, 2 cancelled, 1 needs, 1 returned")
	c.local("2026-03-05 08:00")
	rsvp := must(c.Store.RSVPs.Get(c.ctx, c.rsvpOf(e, "Bo")))
	must(0, c.SeeTo(c.ctx, Command(), e.ID, rsvp.ID, rsvp.LastSaid(), true))
	c.local("2026-03-06 07:00")
	wantList(t, "that it was seen to is no news", c.rounds())

	for _, m := range c.outbox() {
		row := string(must(json.Marshal(m)))
		for _, name := range []string{"Ada", "Bo\"", "Cissi", "Rullstol", "example.com"} {
			if m.Organiser != "" && strings.Contains(row, name) {
				t.Errorf("a row tells %q: %s", name, row)
			}
		}
	}
}

// A process that was away for days sends what is due on the day when it is back, once,
// and that says what happened in all of them.
func TestDigest_LateStart(t *testing.T) {
	c := newCity(t)
	c.local("2026-03-02 12:00")
	c.working("anna@example.org", "husie")
	e := c.published(0)
	must(c.signUp(e, "Ada", 2))
	c.local("2026-03-06 11:20")
	must(c.signUp(e, "Bo", 1))
	wantList(t, "when it is back", c.rounds(), "digest 06 11:20 anna@example.org; 3 going, 0 waiting, 3 new, 0 cancelled, 0 needs, 0 returned")
	c.local("2026-03-06 11:21")
	wantList(t, "a minute later", c.rounds())
}

// Whoever was added since the hour of the day is told from tomorrow on.
func TestDigest_NewOrganiser(t *testing.T) {
	c := newCity(t)
	c.local("2026-03-02 12:00")
	must(c.signUp(c.published(0), "Ada", 2))
	c.local("2026-03-03 09:00")
	c.working("anna@example.org", "husie")
	c.local("2026-03-03 09:01")
	wantList(t, "at once", c.rounds())
	c.local("2026-03-04 07:00")
	wantList(t, "in the morning", c.rounds(), "digest 04 07:00 anna@example.org; 2 going, 0 waiting, 2 new, 0 cancelled, 0 needs, 0 returned")
}

// In the nights in which the clock is moved, seven is seven.
func TestDigest_ClockIsMoved(t *testing.T) {
	for name, first := range map[string]string{"forwards": "2026-03-27 12:00", "back": "2026-10-23 12:00"} {
		t.Run(name, func(t *testing.T) {
			c := newCity(t)
			c.local(first)
			c.working("anna@example.org", "husie")
			e := townHall()
			e.Starts = c.clock.Add(20 * 24 * time.Hour)
			e = must(c.CreateEvent(c.ctx, Command(), e))
			must(c.MoveEvent(c.ctx, Command(), e.ID, Anyway, models.Publish, ""))
			var got []string
			end := c.clock.Add(4 * 24 * time.Hour)
			for n := 0; c.clock.Before(end); n++ {
				if n%6 == 0 {
					must(c.signUp(e, fmt.Sprintf("P%d", n), 1))
				}
				for _, text := range c.rounds() {
					kind, rest, _ := strings.Cut(text, " ")
					got = append(got, kind+" "+rest[:len("02 15:04")])
				}
				c.pass(30 * time.Minute)
			}
			days := map[string][]string{"forwards": {"28", "29", "30", "31"}, "back": {"24", "25", "26", "27"}}[name]
			var want []string
			for _, d := range days {
				want = append(want, "digest "+d+" 07:00")
			}
			wantList(t, "mails", got, want...)
		})
	}
}

// Two instances on one store, and a crash before the mail of a round stands in the
// outbox, make one mail with the numbers of the first.
func TestDigest_CrashAndSecondInstance(t *testing.T) {
	c := newCity(t)
	c.local("2026-03-02 12:00")
	anna := c.working("anna@example.org", "husie")
	e := c.published(0)
	must(c.signUp(e, "Ada", 2))
	c.local("2026-03-03 07:00")
	day := deskDay{p: c.Planner, now: *c.clock, today: c.clock.In(models.Zone(c.Zone)), stands: map[string]models.Standing{}}
	stands := must(day.of(c.ctx, models.MailDigest, anna))
	must(c.changeDigest(c.ctx, anna.ID, func(d *models.Digest) { d.Begin(models.MailDigest, day.date(), stands) }))
	// Here it was cut off; and somebody signs up before the next look.
	must(c.signUp(e, "Bo", 1))
	c.local("2026-03-03 07:02")
	first := c.Planner
	c.restart(c.Store)
	wantList(t, "after the crash", c.rounds(), "digest 03 07:02 anna@example.org; 2 going, 0 waiting, 2 new, 0 cancelled, 0 needs, 0 returned")
	must(0, first.Digest(c.ctx))
	if n := len(slices.DeleteFunc(c.outbox(), func(m models.Mail) bool { return m.Organiser == "" })); n != 1 {
		t.Errorf("%d mails", n)
	}
	// A crash after the mail and before the note of it makes the same mail again.
	must(c.changeDigest(c.ctx, anna.ID, func(d *models.Digest) { d.Rounds[0].Says = stands }))
	wantList(t, "after the second crash", c.rounds())
	c.local("2026-03-04 07:00")
	wantList(t, "the next day", c.rounds(), "digest 04 07:00 anna@example.org; 3 going, 0 waiting, 1 new, 0 cancelled, 0 needs, 0 returned")
}

func TestDigest_EveningBefore(t *testing.T) {
	c := newCity(t)
	c.local("2026-03-10 12:00") // the town hall is on Friday the 13th
	c.working("anna@example.org", "husie")
	*c.clock = tuesday
	e := c.published(0)
	must(c.signUp(e, "Ada", 2))
	c.local("2026-03-11 18:00")
	must(0, c.Digest(c.ctx))
	c.local("2026-03-12 17:59")
	wantList(t, "before six", c.rounds())
	c.local("2026-03-12 18:00")
	wantList(t, "at six", c.rounds(), "eve 12 18:00 anna@example.org; 2 going, 0 waiting, 0 new, 0 cancelled, 0 needs, 0 returned")
	c.local("2026-03-12 23:00")
	wantList(t, "later", c.rounds())
	for _, m := range c.outbox() {
		if m.Kind == models.MailEve && !m.Until.Equal(e.Starts) {
			t.Errorf("worth sending until %v", m.Until)
		}
	}
}

// It is asked on the days after an event until somebody says how it went.
func TestDigest_HowDidItGo(t *testing.T) {
	for name, test := range map[string]struct {
		ends   string
		closed string // when; empty: never
		change func(*models.Event)
		want   []string
	}{
		"never said":         {ends: "2026-03-03 20:00", want: []string{"04 10:00", "06 10:00", "10 10:00"}},
		"said on the second": {ends: "2026-03-03 20:00", closed: "2026-03-05 12:00", want: []string{"04 10:00"}},
		"into the night":     {ends: "2026-03-04 01:00", want: []string{"04 10:00", "06 10:00", "10 10:00"}},
		"was called off":     {ends: "2026-03-03 20:00", change: func(e *models.Event) { e.Status = models.Cancelled }},
		"a draft":            {ends: "2026-03-03 20:00", change: func(e *models.Event) { e.Status = models.Draft }},
		"another's":          {ends: "2026-03-03 20:00", change: func(e *models.Event) { e.Host = "videdal" }},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCity(t)
			c.local("2026-02-20 12:00")
			c.working("anna@example.org", "husie")
			e := townHall()
			e.Ends = must(time.ParseInLocation("2006-01-02 15:04", test.ends, models.Zone("Europe/Stockholm"))).UTC()
			e.Starts, e.SignUp.Needed = e.Ends.Add(-6*time.Hour), false
			e = must(c.CreateEvent(c.ctx, Command(), e))
			e = must(c.MoveEvent(c.ctx, Command(), e.ID, Anyway, models.Publish, ""))
			if test.change != nil {
				must(c.Store.Events.Update(c.ctx, e.ID, func(e *models.Event) error {
					test.change(e)
					e.Updated = e.Updated.Add(time.Second)
					return nil
				}))
				must(0, c.Refresh(c.ctx))
			}
			var got []string
			for c.local("2026-03-03 12:00"); c.clock.Before(e.Ends.Add(14 * 24 * time.Hour)); c.pass(time.Hour) {
				if test.closed != "" && c.clock.In(models.Zone(c.Zone)).Format("2006-01-02 15:04") == test.closed {
					must(c.Close(c.ctx, Command(), e.ID, time.Time{}, models.Closing{Came: 9}, nil))
				}
				for _, text := range c.rounds() {
					got = append(got, text[len("close "):len("close 02 15:04")])
				}
			}
			wantList(t, "asked", got, test.want...)
		})
	}
}

func TestDigest_SwitchedOff(t *testing.T) {
	c := newCity(t)
	c.local("2026-03-02 12:00")
	anna := c.working("anna@example.org", "husie")
	e := c.published(0)
	must(c.signUp(e, "Ada", 2))
	token := c.Keys.Vault().Token(models.OffPurpose(models.MailDigest), anna.ID)
	for range 2 {
		must(0, c.DigestOff(c.ctx, models.MailDigest, token))
	}
	wantCode(t, "another kind by the same token", c.DigestOff(c.ctx, models.MailEve, token), models.CodeNotFound)
	wantCode(t, "a kind that cannot be ended", c.DigestOff(c.ctx, models.MailGoing, token), models.CodeNotFound)
	c.local("2026-03-03 07:00")
	wantList(t, "switched off", c.rounds())

	must(0, c.ChooseDigest(c.ctx, anna, []models.MailKind{models.MailDigest}))
	if d := must(c.DigestOf(c.ctx, anna.ID)); !d.Wants(models.MailDigest) || d.Wants(models.MailEve) || d.Wants(models.MailClose) {
		t.Errorf("chosen: %v off", d.Off)
	}
	c.local("2026-03-03 09:00")
	must(c.signUp(e, "Bo", 1))
	wantList(t, "on again, in the middle of the day", c.rounds())
	c.local("2026-03-04 07:00")
	wantList(t, "and then only what is new since", c.rounds(), "digest 04 07:00 anna@example.org; 3 going, 0 waiting, 1 new, 0 cancelled, 0 needs, 0 returned")
}

func TestDigest_OrganiserIsGone(t *testing.T) {
	c := newCity(t)
	c.local("2026-03-02 12:00")
	anna := c.working("anna@example.org", "husie")
	must(0, c.ChooseDigest(c.ctx, anna, nil))
	must(c.signUp(c.published(0), "Ada", 2))
	o := must(c.Store.Organisers.Get(c.ctx, anna.ID))
	must(0, c.Store.Organisers.Delete(c.ctx, o.ID, o.Revision))
	c.local("2026-03-03 07:00")
	wantList(t, "mails", c.rounds())
	if _, err := c.Store.Digests.Get(c.ctx, anna.ID); models.CodeOf(err) != models.CodeNotFound {
		t.Errorf("what was kept of her digests: %v", err)
	}
}

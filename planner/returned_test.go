package planner

import (
	"strings"
	"testing"
	"time"

	"samling/models"
)

// told tells everybody, and returns the mail of one sign-up, as sent.
func (c *city) told(rsvp string) models.Mail {
	c.t.Helper()
	c.tell()
	for _, m := range c.outbox() {
		if m.RSVP == rsvp && m.Status == models.MailQueued {
			return must(c.Store.Mails.Update(c.ctx, m.ID, func(m *models.Mail) error {
				m.Status, m.Reply, m.Settled = models.MailSent, "250 ok", *c.clock
				return nil
			}))
		}
	}
	c.t.Fatal("she was told nothing")
	return models.Mail{}
}

// bounced is a report about a mail, sent to the address that its envelope named.
func (c *city) bounced(what models.ReturnedKind, m models.Mail) models.Returned {
	return models.Returned{What: what, To: []string{"x@example.org", "bounce+" + strings.ToUpper(c.vault.Tag(models.TagBounce, m.ID)) + "@samling.example"}, Words: string(what)}
}

func (c *city) takeBack(r models.Returned, want models.Upshot) {
	c.t.Helper()
	if got, err := c.TakeBack(c.ctx, r); err != nil || got != want {
		c.t.Errorf("%s: %q, %v; want %q", r.What, got, err, want)
	}
}

// leftAlone reports whether nothing is mailed to an address.
func (c *city) leftAlone(address string) bool {
	l, _ := c.Store.Limits.Get(c.ctx, c.limitID(models.LimitSignUp, address))
	return l.Returned.After(*c.clock)
}

func (c *city) marked(e models.Event) (names []string) {
	for _, a := range must(c.Attendance(c.ctx, nil, e.ID, "test", false)).Attendees {
		if a.Returned {
			names = append(names, a.Person.Name)
		}
	}
	return names
}

func TestTakeBack_Mail(t *testing.T) {
	for name, tt := range map[string]struct {
		message func(c *city, m models.Mail) models.Returned
		upshot  models.Upshot
		status  models.MailStatus
		reply   string
		alone   bool
	}{
		"failed":  {func(c *city, m models.Mail) models.Returned { return c.bounced("failed", m) }, "failed", models.MailFailed, "failed", true},
		"delayed": {func(c *city, m models.Mail) models.Returned { return c.bounced("delayed", m) }, "delayed", models.MailSent, "delayed", false},
		"refused": {func(c *city, m models.Mail) models.Returned { return c.bounced("refused", m) }, "refused", models.MailFailed, "refused", false},
		"known by its Message-ID": {func(c *city, m models.Mail) models.Returned {
			return models.Returned{What: "failed", To: []string{"samling@samling.example"}, Original: c.vault.Tag(models.TagMessage, m.ID), Words: "failed"}
		}, "failed", models.MailFailed, "failed", true},
		"no tag": {func(c *city, m models.Mail) models.Returned {
			return models.Returned{What: "failed", To: []string{"samling@samling.example", "", "+", "@"}, Original: m.ID}
		}, models.UpshotUnknown, models.MailSent, "250 ok", false},
		"a tag for something else": {func(c *city, m models.Mail) models.Returned {
			return models.Returned{What: "failed", To: []string{"bounce+" + c.vault.Tag(models.TagReply, m.RSVP) + "@x", "bounce+" + c.vault.Tag(models.TagMessage, m.ID) + "@x"}}
		}, models.UpshotUnknown, models.MailSent, "250 ok", false},
		"a mail that is gone": {func(c *city, m models.Mail) models.Returned { m.ID = newID(); return c.bounced("failed", m) }, models.UpshotUnknown, models.MailSent, "250 ok", false},
		"she is away":         {func(c *city, m models.Mail) models.Returned { return c.bounced("automatic", m) }, "automatic", models.MailSent, "250 ok", false},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCity(t)
			e := c.published(3)
			must(c.signUp(e, "Ada", 1))
			must(c.signUp(e, "Bo", 1))
			m := c.told(c.rsvpOf(e, "Ada"))
			r := tt.message(c, m)
			c.takeBack(r, tt.upshot)
			got := must(c.Store.Mails.Get(c.ctx, m.ID))
			if got.Status != tt.status || got.Reply != tt.reply || c.leftAlone("ada@example.org") != tt.alone || c.leftAlone("bo@example.org") {
				t.Errorf("%s, %q, left alone %t; want %s, %q, %t", got.Status, got.Reply, c.leftAlone("ada@example.org"), tt.status, tt.reply, tt.alone)
			}
			var want []string
			if tt.alone {
				want = []string{"Ada"}
			}
			wantList(t, "marked", c.marked(e), want...)
			wantList(t, "places", c.places(e), "Ada:going", "Bo:going")

			// Twice is once, also when she has shown meanwhile that she reads it.
			if tt.alone {
				if err := c.Act(c.ctx, m.RSVP, models.ActConfirm, 0); err != nil {
					t.Fatal(err)
				}
				c.takeBack(r, models.UpshotAgain)
				if c.leftAlone("ada@example.org") || len(c.marked(e)) > 0 {
					t.Error("a used link does not show that mail arrives")
				}
			}
		})
	}
}

// Whoever cannot be reached can be again as soon as anything says so.
func TestTakeBack_ArrivesAgain(t *testing.T) {
	for name, shows := range map[string]func(c *city, other models.Event, rsvp string) error{
		"a used link": func(c *city, _ models.Event, rsvp string) error { return c.Act(c.ctx, rsvp, models.ActQuiet, 0) },
		"a new sign-up": func(c *city, other models.Event, _ string) error {
			c.Limits = true
			_, err := c.signUp(other, "Ada", 1)
			return err
		},
		"an organiser who adds her": func(c *city, other models.Event, _ string) error {
			_, err := c.SignUp(c.ctx, other.ID, models.SignUp{Name: "Ada", Email: "ADA@example.org", Party: 1}, Command())
			return err
		},
		"a coordinator who tries again": func(c *city, _ models.Event, rsvp string) error {
			for _, m := range c.outbox() {
				if m.RSVP == rsvp && m.Status == models.MailFailed {
					return c.TryAgain(c.ctx, Command(), m.ID)
				}
			}
			return models.ErrNotFound
		},
		"asking for her sign-ups": func(c *city, _ models.Event, rsvp string) error { return c.MailMine(c.ctx, rsvp) },
		"time":                    func(c *city, _ models.Event, _ string) error { c.pass(models.ReturnedLasts); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			c := newCity(t)
			e, other := c.published(3), c.published(3)
			must(c.signUp(e, "Ada", 1))
			rsvp := c.rsvpOf(e, "Ada")
			c.takeBack(c.bounced(models.ReturnedFailed, c.told(rsvp)), "failed")
			if !c.leftAlone("ada@example.org") {
				t.Fatal("she is still mailed")
			}
			if err := shows(c, other, rsvp); err != nil {
				t.Fatal(err)
			}
			if c.leftAlone("ada@example.org") {
				t.Error("she is not mailed any more")
			}
		})
	}
}

func TestTakeBack_Declined(t *testing.T) {
	for name, tt := range map[string]struct {
		before func(c *city, e models.Event)
		change func(c *city, e models.Event, r *models.Returned)
		upshot models.Upshot
		places []string
	}{
		"hers":            {nil, nil, "declined", []string{"Bo:going"}},
		"in another case": {nil, func(_ *city, _ models.Event, r *models.Returned) { r.Attendee = "ADA@Example.org" }, "declined", []string{"Bo:going"}},
		"of who waits": {func(c *city, e models.Event) {
			must(c.Store.Rosters.Update(c.ctx, e.ID, func(r *models.Roster) error {
				r.Entries[0].State = models.Waiting
				r.Entries = append(models.Entries(nil), r.Entries...)
				return nil
			}))
		}, nil, "declined", []string{"Bo:going"}},
		"without a tag": {nil, func(_ *city, _ models.Event, r *models.Returned) { r.To = []string{"bounce@samling.example"} }, models.UpshotUnknown, []string{"Ada:going", "Bo:going"}},
		"with the tag of her mail": {nil, func(c *city, e models.Event, r *models.Returned) {
			r.To = []string{"bounce+" + c.vault.Tag(models.TagBounce, c.rsvpOf(e, "Ada")) + "@samling.example"}
		}, models.UpshotUnknown, []string{"Ada:going", "Bo:going"}},
		"with the tag of another": {nil, func(c *city, e models.Event, r *models.Returned) {
			r.To = []string{"bounce+" + c.vault.Tag(models.TagReply, c.rsvpOf(e, "Bo")) + "@samling.example"}
		}, models.UpshotNotHers, []string{"Ada:going", "Bo:going"}},
		"by whom she passed it on to": {nil, func(_ *city, _ models.Event, r *models.Returned) { r.Attendee = "eva@example.org" }, models.UpshotNotHers, []string{"Ada:going", "Bo:going"}},
		"of another event":            {nil, func(_ *city, _ models.Event, r *models.Returned) { r.Event = newID() }, models.UpshotNotHers, []string{"Ada:going", "Bo:going"}},
		"after it was cancelled": {func(c *city, e models.Event) {
			must(c.MoveEvent(c.ctx, Command(), e.ID, Anyway, models.Cancel, ""))
		}, nil, models.UpshotLate, []string{"Ada:going", "Bo:going"}},
		"of one who erased it": {func(c *city, e models.Event) {
			if err := c.Act(c.ctx, c.rsvpOf(e, "Ada"), models.ActErase, 0); err != nil {
				c.t.Fatal(err)
			}
		}, nil, models.UpshotUnknown, []string{"Bo:going"}},
		"a yes": {nil, func(_ *city, _ models.Event, r *models.Returned) { r.What = models.ReturnedAnswered }, "answered", []string{"Ada:going", "Bo:going"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCity(t)
			e := c.published(3)
			must(c.signUp(e, "Ada", 1))
			must(c.signUp(e, "Bo", 1))
			c.tell()
			r := models.Returned{
				What: models.ReturnedDeclined, Event: e.ID, Attendee: "Ada@example.org",
				To: []string{"bounce+" + c.vault.Tag(models.TagReply, c.rsvpOf(e, "Ada")) + "@samling.example"},
			}
			if tt.change != nil {
				tt.change(c, e, &r)
			}
			if tt.before != nil {
				tt.before(c, e)
			}
			c.takeBack(r, tt.upshot)
			wantList(t, "places", c.places(e), tt.places...)
			if tt.upshot == "declined" {
				wantList(t, "mails", c.tell(), "regret:Ada")
				c.takeBack(r, models.UpshotAgain)
			}
		})
	}
}

// The list of one address has nobody else's in it, and nothing that is over.
func TestLiving(t *testing.T) {
	c := newCity(t)
	going, full, left, over := c.published(0), c.published(1), c.published(0), c.published(0)
	must(c.signUp(full, "Bo", 1))
	for _, e := range []models.Event{going, full, left, over} {
		must(c.signUp(e, "Ada", 1))
	}
	if err := c.Act(c.ctx, c.rsvpOf(left, "Ada"), models.ActCancel, 0); err != nil {
		t.Fatal(err)
	}
	must(c.ChangeEvent(c.ctx, Command(), over.ID, Anyway, func(e *models.Event) error {
		e.Starts, e.Ends = tuesday.Add(time.Hour), tuesday.Add(2*time.Hour)
		return nil
	}))
	c.pass(3 * time.Hour)
	var got []string
	for _, l := range must(c.Living(c.ctx, " ADA@example.org")) {
		if l.About.Title("sv") != "Öppet möte om skolan" || l.RSVP != c.rsvpOf(c.event(l.Is, going, full), "Ada") {
			t.Errorf("%+v", l)
		}
		got = append(got, l.Entry.State.String())
	}
	wantList(t, "living", got, "going", "waiting")
	if other := must(c.Living(c.ctx, "eva@example.org")); len(other) > 0 {
		t.Errorf("somebody else has %+v", other)
	}
}

// event is the one of two whose facts these are: only one has a limit.
func (c *city) event(is models.Facts, unlimited, limited models.Event) models.Event {
	if is.Capacity == 0 {
		return unlimited
	}
	return limited
}

func TestMailMine(t *testing.T) {
	c := newCity(t)
	e := c.published(0)
	must(c.signUp(e, "Ada", 1))
	must(c.SignUp(c.ctx, e.ID, models.SignUp{Name: "Utan adress", Party: 1}, Command()))
	c.tell()
	rsvp := c.rsvpOf(e, "Ada")
	p := c.instances()
	for i, want := range []int{1, 1, 2} {
		if i == 2 {
			c.pass(10 * time.Minute)
		}
		for _, p := range p {
			if err := p.MailMine(c.ctx, rsvp); err != nil {
				t.Fatal(err)
			}
		}
		n := 0
		for _, m := range c.outbox() {
			if m.Kind == models.MailMine && !m.Gathers && m.RSVP == rsvp && m.Status == models.MailQueued {
				n++
			}
		}
		if n != want {
			t.Errorf("asked %d times, there are %d mails, want %d", i+1, n, want)
		}
	}
	if must(c.Store.RSVPs.Get(c.ctx, rsvp)).Used.IsZero() {
		t.Error("she used a link, and it is not noted")
	}
	wantCode(t, "no address", c.MailMine(c.ctx, c.rsvpOf(e, "Utan adress")), models.CodeNotPossible)
	wantCode(t, "no sign-up", c.MailMine(c.ctx, newID()), models.CodeNotFound)
}

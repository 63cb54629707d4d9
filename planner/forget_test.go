package planner

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"samling/models"
	"samling/models/vault"
	"samling/store"
)

const day = 24 * time.Hour

// at moves the clock, as the day of the key chain follows it.
func (c *city) at(t time.Time) {
	c.t.Helper()
	*c.clock = t
	if err := c.advance(c.ctx); err != nil {
		c.t.Fatal(err)
	}
}

func (c *city) purge() {
	c.t.Helper()
	if err := c.Purge(c.ctx); err != nil {
		c.t.Fatal(err)
	}
}

// person is what the store still tells of somebody.
func (c *city) person(rsvp string) (models.Person, models.Code) {
	r := must(c.Store.RSVPs.Get(c.ctx, rsvp))
	p, err := c.unseal(c.ctx, &r)
	return p, models.CodeOf(err)
}

var answers = models.Answers{Phone: "070-123 45 67", Food: "Inget fläsk", Access: "Teckenspråkstolk"}

func TestPurge_InTime(t *testing.T) {
	c := newCity(t)
	e := c.published(10)
	e = must(c.ChangeEvent(c.ctx, Command(), e.ID, Anyway, func(e *models.Event) error { e.SignUp.Ask = models.Questions(); return nil }))
	with := models.SignUp{Name: "Ada", Email: "ada@example.org", Note: "Nötter", Answers: answers, Party: 2, Consent: true, Language: "sv"}
	must(c.SignUp(c.ctx, e.ID, with, nil))
	must(c.signUp(e, "Bo", 1))
	c.tell()
	ada, bo := c.rsvpOf(e, "Ada"), c.rsvpOf(e, "Bo")
	if err := c.Act(c.ctx, bo, models.ActCancel, 0); err != nil {
		t.Fatal(err)
	}
	c.tell()

	// Who left is forgotten after a day.
	c.pass(day - time.Millisecond)
	c.tell()
	if p, _ := c.person(bo); p.Name != "Bo" {
		t.Errorf("too early nothing is known of Bo: %+v", p)
	}
	c.pass(time.Millisecond)
	c.tell()
	if p, code := c.person(bo); code != models.CodeGone {
		t.Errorf("a day later it is known that %+v left", p)
	}
	// He is a stranger when he comes back, but not to his calendar.
	must(c.signUp(e, "Bo", 1))
	wantList(t, "coming back", c.tell(), "going:Bo")
	sequence := map[string]int{}
	for _, m := range c.outbox() {
		sequence[string(m.Kind)+m.RSVP] = m.Sequence
	}
	if again, regret := sequence["going"+c.rsvpOf(e, "Bo")], sequence["regret"+bo]; again <= regret {
		t.Errorf("SEQUENCE %d after %d", again, regret)
	}

	for _, step := range []struct {
		name        string
		at          time.Time
		note, known bool
	}{
		{"before the notes go", e.Ends.Add(models.NotesKept - time.Millisecond), true, true},
		{"when the notes go", e.Ends.Add(models.NotesKept), false, true},
		{"on the last day", e.Ends.Add(c.Retention), false, true},
		{"when the last day is over", c.ErasedBy(&e), false, false},
	} {
		c.at(step.at)
		c.purge()
		if p, _ := c.person(ada); (p.Note != "") != step.note || (p.Answers == answers) != step.note || (p.Answers == (models.Answers{})) == step.note || (p.Name != "") != step.known {
			t.Errorf("%s: %+v", step.name, p)
		}
	}
	a := must(c.Attendance(c.ctx, nil, e.ID, "test", false))
	if a.Counts.Going != 3 || len(a.Attendees) != 2 || a.Attendees[0].Person != (models.Person{}) {
		t.Errorf("the counts should stay, and no name: %+v", a)
	}
	if n := must(c.Store.EventKeys.Count(c.ctx, models.Query{})); n != 0 {
		t.Errorf("%d keys are kept", n)
	}
	for _, entry := range must(c.Store.Rosters.Get(c.ctx, e.ID)).Entries {
		if entry.Who != (models.Who{}) {
			t.Error("the roster still knows an address")
		}
	}
	c.purge() // doing it again changes nothing
}

// An event that is moved keeps what it needs for its new date, also when the
// process dies on its way there.
func TestPurge_MovedEvent(t *testing.T) {
	for writes := range 6 {
		t.Run(fmt.Sprint(writes), func(t *testing.T) {
			c := newCity(t)
			e := c.published(10)
			must(c.SignUp(c.ctx, e.ID, models.SignUp{Name: "Ada", Email: "ada@example.org", Note: "Nötter", Party: 1, Consent: true}, nil))
			ada := c.rsvpOf(e, "Ada")
			sound := c.Store
			c.restart(mortal(sound, writes))
			_, err := c.ChangeEvent(c.ctx, Command(), e.ID, Anyway, func(e *models.Event) error {
				e.Starts, e.Ends = e.Starts.Add(60*day), e.Ends.Add(60*day)
				return nil
			})
			if lives := writes == 5; (err == nil) != lives {
				t.Fatalf("after %d writes: %v", writes, err)
			}
			c.restart(sound)
			if err := c.repair(c.ctx); err != nil {
				t.Fatal(err)
			}
			if writes == 0 {
				return // nothing was changed
			}
			c.at(e.Ends.Add(c.Retention + 2*day))
			c.purge()
			if p, _ := c.person(ada); p.Note != "Nötter" {
				t.Errorf("%+v is known before the event", p)
			}
		})
	}
}

func TestEraseAddress_EverywhereAndAfterARestore(t *testing.T) {
	c := newCity(t)
	first, second := c.published(10), c.published(1)
	for _, e := range []models.Event{first, second} {
		must(c.signUp(e, "Ada", 1))
		must(c.signUp(e, "Bo", 1))
	}
	must(c.signUp(first, "Ada", 2)) // a second attempt, which changed nothing
	c.tell()

	file := filepath.Join(t.TempDir(), "copy.db")
	if err := store.Backup(c.ctx, c.address, file); err != nil {
		t.Fatal(err)
	}
	if n := must(c.EraseAddress(c.ctx, "ADA@example.org")); n != 3 {
		t.Errorf("erased %d, want 3", n)
	}
	if n := must(c.EraseAddress(c.ctx, "ada@example.org")); n != 0 {
		t.Errorf("erased %d once more", n)
	}
	wantList(t, "mails", c.tell(), "promoted:Bo")
	wantErased := func(when string) {
		t.Helper()
		for r, err := range c.Store.RSVPs.List(c.ctx, models.Query{}) {
			if err != nil {
				t.Fatal(err)
			}
			if p, _ := c.person(r.ID); p.Name != "Bo" && p.Name != "" {
				t.Errorf("%s: %s is known", when, p.Name)
			}
		}
		wantList(t, when+": the list", c.places(second), "Bo:going")
	}
	wantErased("after erasing")
	c.purge()

	// The copy still has her, until the journal has been read.
	old := must(store.Open(c.ctx, "sqlite:"+file, store.Options{}))
	t.Cleanup(func() { _ = old.Close() })
	c.restart(old)
	wantList(t, "the restored list", c.places(second), "Ada:going", "Bo:waiting")
	c.purge()
	wantErased("after the restore")

	_, err := c.EraseAddress(c.ctx, "ada")
	wantCode(t, "no address", err, models.CodeInvalid)
}

// What an old copy had in its outbox may have been sent since: a coordinator
// decides.
func TestWithhold_UntilReleased(t *testing.T) {
	c := newCity(t)
	must(c.signUp(c.published(10), "Ada", 1))
	c.tell()
	if n := must(Withhold(c.ctx, c.Store)); n != 1 {
		t.Errorf("withheld %d, want 1", n)
	}
	if m := c.outbox()[0]; m.Status != models.MailWithheld {
		t.Errorf("the mail is %s", m.Status)
	}
	host := &models.Organiser{Document: models.Document{ID: "o1"}, Role: models.RoleOrganiser, For: []string{"husie"}}
	_, err := c.Release(c.ctx, host)
	wantCode(t, "a host releases", err, models.CodeNotFound)
	posted := c.posted.Load()
	if n := must(c.Release(c.ctx, Command())); n != 1 || c.posted.Load() == posted {
		t.Errorf("released %d, told the outbox: %v", n, c.posted.Load() > posted)
	}
	if m := c.outbox()[0]; m.Status != models.MailQueued {
		t.Errorf("the mail is %s", m.Status)
	}
}

// Nobody can open what an old copy holds when its day has passed, whatever copy
// of the store they have: the key file has gone on.
func TestOldCopy_CannotBeOpened(t *testing.T) {
	c := newCity(t)
	e := c.published(10)
	must(c.SignUp(c.ctx, e.ID, models.SignUp{Name: "Ada", Email: "ada@example.org", Note: "Nötter", Party: 2, Consent: true}, nil))
	file := filepath.Join(t.TempDir(), "copy.db")
	if err := store.Backup(c.ctx, c.address, file); err != nil {
		t.Fatal(err)
	}
	c.at(tuesday.Add(40 * day))
	c.vault = must(vault.Open(c.keyFile, vault.DayOf(*c.clock)))
	old := must(store.Open(c.ctx, "sqlite:"+file, store.Options{}))
	t.Cleanup(func() { _ = old.Close() })
	c.restart(old)
	a := must(c.Attendance(c.ctx, nil, e.ID, "test", false))
	if a.Counts.Going != 2 || len(a.Attendees) != 1 || a.Attendees[0].Person != (models.Person{}) {
		t.Errorf("an old copy shows %+v", a)
	}
}

package planner

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"samling/models"
)

// door is an event whose door stands open, with its link and code.
func (c *city) door(e models.Event) (link, code string) {
	c.t.Helper()
	must(0, c.RenewDoor(c.ctx, Command(), e.ID))
	_, d, err := c.Door(c.ctx, Command(), e.ID)
	must(0, err)
	return c.DoorSecret(&d), c.DoorCode(&d)
}

// phone is one that was let in.
func (c *city) phone(link, code string) *Doorway {
	c.t.Helper()
	return must(c.AtDoor(c.ctx, link, must(c.OpenDoor(c.ctx, link, code, "", ""))))
}

func other(code string) string {
	if code == "0000" {
		return "0001"
	}
	return "0000"
}

func tick(rsvp string, count int, at time.Time) models.Press {
	return models.Press{ID: uuid.NewString(), RSVP: rsvp, Count: count, At: at}
}

func walkIn(count int, at time.Time) models.Press {
	return models.Press{ID: uuid.NewString(), WalkIn: uuid.NewString(), Count: count, At: at}
}

func (c *city) take(at *Doorway, presses ...models.Press) map[string]error {
	c.t.Helper()
	return must(c.TakePresses(c.ctx, at, presses))
}

func TestDoor_WhoMayKeepIt(t *testing.T) {
	c := newCity(t)
	e := townHall()
	e.CoHosts = []string{"videdal"}
	e = must(c.CreateEvent(c.ctx, Command(), e))
	e = must(c.MoveEvent(c.ctx, Command(), e.ID, Anyway, models.Publish, ""))
	for name, by := range map[string]struct {
		who  models.Organiser
		want models.Code
	}{
		"the host's":    {models.Organiser{Role: models.RoleOrganiser, For: []string{"husie"}}, ""},
		"a coordinator": {models.Organiser{Role: models.RoleCoordinator}, ""},
		"a co-host's":   {models.Organiser{Role: models.RoleOrganiser, For: []string{"videdal"}}, models.CodeNotAllowed},
		"another's":     {models.Organiser{Role: models.RoleOrganiser, For: []string{"klimat"}}, models.CodeNotAllowed},
	} {
		_, _, err := c.Door(c.ctx, &by.who, e.ID)
		wantCode(t, name, err, by.want)
		wantCode(t, name+" opens it", c.RenewDoor(c.ctx, &by.who, e.ID), by.want)
		wantCode(t, name+" closes a phone", c.ClosePhone(c.ctx, &by.who, e.ID, 1), by.want)
		wantCode(t, name+" closes it", c.CloseDoor(c.ctx, &by.who, e.ID), by.want)
	}
}

func TestOpenDoor(t *testing.T) {
	c := newCity(t)
	e := c.published(0)
	link, code := c.door(e)
	_, err := c.OpenDoor(c.ctx, link+"x", code, "", "")
	wantCode(t, "another link", err, models.CodeNotFound)
	for _, none := range []string{"", code[:3], code + "1", "12a4", "１２３４", "kod?"} {
		_, err = c.OpenDoor(c.ctx, link, none, "", "")
		wantCode(t, "what is no code: "+none, err, models.CodeNotSignedIn)
	}
	for range models.DoorTries {
		_, err = c.OpenDoor(c.ctx, link, other(code), "", "")
		wantCode(t, "a wrong code", err, models.CodeNotSignedIn)
	}
	_, err = c.OpenDoor(c.ctx, link, code, "", "")
	wantCode(t, "the right one after five wrong ones", err, models.CodeTooMany)
	c.pass(time.Hour)
	secret := must(c.OpenDoor(c.ctx, link, code, "Dörr mot gården", ""))
	at := must(c.AtDoor(c.ctx, link, secret))
	if got := c.PhoneName(&at.Phone); got != "Dörr mot gården" {
		t.Errorf("the phone is called %q", got)
	}
	if again := must(c.OpenDoor(c.ctx, link, code, "", secret)); again != secret {
		t.Error("a phone that is in took another place")
	}
	_, err = c.OpenDoor(c.ctx, link, other(code), "", secret)
	wantCode(t, "a wrong code from a phone that is in", err, models.CodeNotSignedIn)

	_, d, _ := c.Door(c.ctx, Command(), e.ID)
	for _, kept := range []string{link, code, secret, "Dörr"} {
		if text := string(d.Phones[0].Name) + d.Phones[0].ID + d.ID; strings.Contains(text, kept) {
			t.Errorf("the store has %q", kept)
		}
	}
}

// To open a door that stands open changes nothing: its code may have been told.
func TestOpenUp(t *testing.T) {
	c := newCity(t)
	e := c.published(0)
	said := func() string {
		t.Helper()
		must(0, c.OpenUp(c.ctx, Command(), e.ID))
		_, d, err := c.Door(c.ctx, Command(), e.ID)
		must(0, err)
		return c.DoorSecret(&d) + c.DoorCode(&d)
	}
	first := said()
	c.pass(time.Minute)
	if said() != first {
		t.Error("opened once more, it has another link and code")
	}
	must(0, c.CloseDoor(c.ctx, Command(), e.ID))
	if said() == first {
		t.Error("opened after it was closed, it has the link and code of before")
	}
}

func TestOpenDoor_SixAtOnce(t *testing.T) {
	c := newCity(t)
	e := c.published(0)
	link, code := c.door(e)
	codes := make([]models.Code, 12)
	var all sync.WaitGroup
	for i := range codes {
		all.Go(func() {
			_, err := c.OpenDoor(c.ctx, link, code, "", "")
			codes[i] = models.CodeOf(err)
		})
	}
	all.Wait()
	slices.Sort(codes)
	in := slices.Index(codes, models.CodeNotPossible)
	if in != models.DoorPhones || slices.ContainsFunc(codes[in:], func(c models.Code) bool { return c != models.CodeNotPossible }) {
		t.Errorf("%q", codes)
	}
	must(0, c.ClosePhone(c.ctx, Command(), e.ID, 3))
	if at := c.phone(link, code); at.Phone.Number != 7 {
		t.Errorf("in the place of one that was closed: %+v", at.Phone)
	}
}

// A link, a code and a secret open what they were made for.
func TestAtDoor_Ended(t *testing.T) {
	c := newCity(t)
	e, another := c.published(0), c.published(0)
	link, code := c.door(e)
	theirs, theirCode := c.door(another)
	secret, second := must(c.OpenDoor(c.ctx, link, code, "", "")), must(c.OpenDoor(c.ctx, link, code, "", ""))
	gone := func(what string, link, secret string, want models.Code) {
		t.Helper()
		_, err := c.AtDoor(c.ctx, link, secret)
		wantCode(t, what, err, want)
	}
	gone("it stands open", link, secret, "")
	gone("another event's door", theirs, secret, models.CodeNotSignedIn)
	gone("no secret", link, "", models.CodeNotSignedIn)
	if theirCode != code {
		_, err := c.OpenDoor(c.ctx, theirs, code, "", "")
		wantCode(t, "another event's code", err, models.CodeNotSignedIn)
	}
	must(0, c.ClosePhone(c.ctx, Command(), e.ID, 1))
	gone("closed", link, secret, models.CodeNotSignedIn)
	gone("the other phone", link, second, "")
	before := link
	link, _ = c.door(e)
	gone("a new link", before, second, models.CodeNotFound)
	gone("the old phone at the new link", link, second, models.CodeNotSignedIn)
	must(0, c.CloseDoor(c.ctx, Command(), e.ID))
	gone("the door is closed", link, second, models.CodeNotFound)
	gone("never opened", c.DoorSecret(&models.Door{Document: models.Document{ID: c.published(0).ID}}), "", models.CodeNotFound)
}

func TestDoorNames(t *testing.T) {
	c := newCity(t)
	e := c.published(3)
	must(c.signUp(e, "Anna Svensson", 2))
	must(c.SignUp(c.ctx, e.ID, models.SignUp{Name: "Bo Ek", Email: "bo@example.org", Party: 1, Consent: true, Note: "Nötallergi"}, nil))
	must(c.signUp(e, "Cia Dahl", 1))
	link, code := c.door(e)
	at := c.phone(link, code)
	rows, counts, version, err := c.DoorNames(c.ctx, at)
	must(0, err)
	var said []string
	for _, r := range rows {
		says := r.Name
		if r.Needs {
			says += "!"
		}
		if !r.Expected {
			says += "?"
		}
		said = append(said, says)
	}
	wantList(t, "the list", said, "Anna S.", "Bo E.!", "Cia D.?")
	if len(counts.Here) > 0 || counts.WalkIns > 0 {
		t.Errorf("before anybody came: %+v", counts)
	}
	c.take(at, tick(rows[0].RSVP, 2, *c.clock), walkIn(3, *c.clock))
	counts, same := must2(c.DoorCounts(c.ctx, at))
	if counts.Here[rows[0].RSVP] != 2 || counts.WalkIns != 3 || same != version {
		t.Errorf("after two came and three more: %+v, the list is another: %v", counts, same != version)
	}
	must(c.signUp(e, "Disa Dahl", 1))
	if _, now := must2(c.DoorCounts(c.ctx, at)); now == version {
		t.Error("somebody more has signed up, and the list is the same")
	}
}

func must2[A, B any](a A, b B, err error) (A, B) { must(0, err); return a, b }

// A name is for the eyes of those whom its consent named, at the door as well.
func TestDoorNames_OfWhoKeepsIt(t *testing.T) {
	c := newCity(t)
	e := c.published(0)
	must(c.signUp(e, "Anna Svensson", 1))
	keeper := must(c.AddOrganiser(c.ctx, models.Organiser{Email: "husie@example.org", Role: models.RoleOrganiser, For: []string{"husie"}}))
	must(0, c.RenewDoor(c.ctx, &keeper, e.ID))
	_, d, _ := c.Door(c.ctx, Command(), e.ID)
	at := c.phone(c.DoorSecret(&d), c.DoorCode(&d))
	name := func() string {
		rows, _, _, err := c.DoorNames(c.ctx, at)
		must(0, err)
		return rows[0].Name
	}
	if got := name(); got != "Anna S." {
		t.Errorf("the host's phone reads %q", got)
	}
	must(c.Store.Organisers.Update(c.ctx, keeper.ID, func(o *models.Organiser) error { o.Renew(c.Now().AddDate(-2, 0, 0)); return nil }))
	if got := name(); got != "" {
		t.Errorf("whose access has lapsed reads %q", got)
	}
	must(c.Store.Organisers.Update(c.ctx, keeper.ID, func(o *models.Organiser) error { o.Renew(c.Now()); o.For = []string{"videdal"}; return nil }))
	if got := name(); got != "" {
		t.Errorf("who does not work for the host any more reads %q", got)
	}
	o := must(c.Store.Organisers.Get(c.ctx, keeper.ID))
	must(0, c.Store.Organisers.Delete(c.ctx, o.ID, o.Revision))
	if got := name(); got != "" {
		t.Errorf("an account that is gone reads %q", got)
	}
}

func TestDoorNames_AreLookedAt(t *testing.T) {
	c := newCity(t)
	e := c.published(0)
	must(c.signUp(e, "Anna Svensson", 1))
	link, code := c.door(e)
	secret := must(c.OpenDoor(c.ctx, link, code, "", ""))
	looks := func() (out []models.Read) {
		for r, err := range c.Store.Reads.List(c.ctx, models.Query{Index: "event", Equal: []any{e.ID}}) {
			out = append(out, must(r, err))
		}
		return out
	}
	fetch := func() { must4(c.DoorNames(c.ctx, must(c.AtDoor(c.ctx, link, secret)))) }
	if n := len(looks()); n != 0 {
		t.Errorf("%d looks before there was one", n)
	}
	fetch()
	if l := looks(); len(l) != 1 || l[0].Phone != 1 || l[0].Count != 1 || l[0].Organiser != models.DoorReader {
		t.Errorf("the first look: %+v", l)
	}
	c.pass(9 * time.Minute)
	fetch()
	if n := len(looks()); n != 1 {
		t.Errorf("the same list again is %d looks", n)
	}
	must(c.signUp(e, "Bo Ek", 1))
	fetch()
	if n := len(looks()); n != 2 {
		t.Errorf("a new name makes %d looks", n)
	}
	c.pass(models.LookEvery)
	fetch()
	if n := len(looks()); n != 3 {
		t.Errorf("a while later: %d looks", n)
	}
	_, d, _ := c.Door(c.ctx, Command(), e.ID)
	if !d.Phones[0].Seen.Equal(*c.clock) {
		t.Errorf("last seen %v", d.Phones[0].Seen)
	}
	_ = c.Store.Close()
	if rows, _, _, err := c.DoorNames(c.ctx, &Doorway{Event: &e, door: d, Phone: d.Phones[0]}); err == nil || len(rows) > 0 {
		t.Error("the list was given away though the look could not be kept")
	}
}

func must4[A, B, C any](a A, b B, c C, err error) A { must(0, err); return a }

// Reading ends two hours after the event, writing three days.
func TestDoor_Ends(t *testing.T) {
	c := newCity(t)
	e := c.published(0)
	must(c.signUp(e, "Anna Svensson", 1))
	link, code := c.door(e)
	secret := must(c.OpenDoor(c.ctx, link, code, "", ""))
	anna := c.rsvpOf(e, "Anna Svensson")
	for _, s := range []struct {
		what               string
		after              time.Duration
		reads, opens, come models.Code
	}{
		{"during the event", -time.Minute, "", "", ""},
		{"within two hours", 2*time.Hour - time.Millisecond, "", "", ""},
		{"after two hours", 2 * time.Hour, models.CodePast, models.CodePast, ""},
		{"the next morning", 14 * time.Hour, models.CodePast, models.CodePast, ""},
		{"within three days", 72*time.Hour - time.Millisecond, models.CodePast, models.CodePast, ""},
		{"after three days", 72 * time.Hour, models.CodeNotFound, models.CodeNotFound, models.CodeNotFound},
	} {
		*c.clock = e.Ends.Add(s.after)
		_, err := c.OpenDoor(c.ctx, link, code, "", secret)
		wantCode(t, s.what+", opening", err, s.opens)
		at, err := c.AtDoor(c.ctx, link, secret)
		wantCode(t, s.what, err, s.come)
		if err != nil {
			continue
		}
		_, _, _, err = c.DoorNames(c.ctx, at)
		wantCode(t, s.what+", the names", err, s.reads)
		_, _, err = c.DoorCounts(c.ctx, at)
		wantCode(t, s.what+", the counts", err, s.reads)
		c.take(at, tick(anna, 1, c.clock.Add(-time.Second)))
		if r := must(c.Store.RSVPs.Get(c.ctx, anna)); !r.PresentAt.Equal(models.Milli(c.clock.Add(-time.Second))) {
			t.Errorf("%s: her tick was not taken", s.what)
		}
	}
	must(0, c.SweepDoors(c.ctx))
	if n := must(c.Store.Doors.Count(c.ctx, models.Query{})); n != 0 {
		t.Errorf("%d doors are kept", n)
	}
	wantCode(t, "opening the door of what is over", c.RenewDoor(c.ctx, Command(), e.ID), models.CodeNotPossible)
}

func TestSweepDoors_KeepsThoseInUse(t *testing.T) {
	c := newCity(t)
	e := c.published(0)
	c.door(e)
	*c.clock = e.Ends.Add(models.DoorWrites - time.Second)
	must(0, c.SweepDoors(c.ctx))
	if n := must(c.Store.Doors.Count(c.ctx, models.Query{})); n != 1 {
		t.Errorf("%d doors are kept", n)
	}
}

// Two phones, one of which was offline, and an organiser at her desk.
func TestTakePresses(t *testing.T) {
	c := newCity(t)
	e := c.published(0)
	must(c.signUp(e, "Anna", 3))
	link, code := c.door(e)
	yard, street := c.phone(link, code), c.phone(link, code)
	anna := c.rsvpOf(e, "Anna")
	present := func() int { return must(c.Store.RSVPs.Get(c.ctx, anna)).Present }
	six := *c.clock
	c.pass(time.Hour)

	offline := []models.Press{tick(anna, 3, six.Add(time.Minute)), walkIn(2, six.Add(2*time.Minute))}
	c.take(street, tick(anna, 2, six.Add(10*time.Minute)))
	for range 3 {
		c.take(yard, offline...)
	}
	if got := present(); got != 2 {
		t.Errorf("%d of Anna's are here, want what was said last", got)
	}
	must(0, c.CheckIn(c.ctx, Command(), e.ID, anna, 0))
	c.take(street, tick(anna, 1, c.clock.Add(-time.Minute)))
	if got := present(); got != 0 {
		t.Errorf("%d, though the desk took it back later", got)
	}
	// A clock a year ahead: its press counts as of now, and once.
	ahead := tick(anna, 3, c.clock.AddDate(1, 0, 0))
	c.pass(time.Second)
	c.take(yard, ahead)
	c.pass(time.Second)
	must(0, c.CheckIn(c.ctx, Command(), e.ID, anna, 1))
	c.pass(time.Second)
	c.take(yard, ahead)
	if got := present(); got != 1 {
		t.Errorf("%d: a press that was sent again counts twice", got)
	}
	undo := offline[1]
	undo.ID, undo.Count, undo.At = uuid.NewString(), 0, *c.clock
	c.take(yard, undo)
	c.take(yard, offline...)
	if counts, _ := must2(c.DoorCounts(c.ctx, street)); counts.WalkIns != 0 {
		t.Errorf("%d walk-ins, though they were taken back", counts.WalkIns)
	}
}

func TestTakePresses_RefusesOneAndGoesOn(t *testing.T) {
	c := newCity(t)
	e, another := c.published(0), c.published(0)
	must(c.signUp(e, "Anna", 1))
	must(c.signUp(another, "Bo", 1))
	link, code := c.door(e)
	theirs, theirCode := c.door(another)
	at := c.phone(link, code)
	elsewhere := walkIn(1, *c.clock)
	c.take(c.phone(theirs, theirCode), elsewhere)
	bo := tick(c.rsvpOf(another, "Bo"), 1, *c.clock)
	nobody := tick(uuid.NewString(), 1, *c.clock)
	wrong := tick("Anna", 1, *c.clock)
	many := walkIn(models.MaxWalkIns+1, *c.clock)
	anna := tick(c.rsvpOf(e, "Anna"), 1, *c.clock)
	refused := c.take(at, bo, nobody, wrong, many, elsewhere, anna)
	for what, p := range map[string]models.Press{"another event's": bo, "nobody's": nobody, "no id": wrong, "too many": many, "counted elsewhere": elsewhere} {
		if refused[p.ID] == nil {
			t.Errorf("%s was taken", what)
		}
	}
	if len(refused) != 5 || must(c.Store.RSVPs.Get(c.ctx, anna.RSVP)).Present != 1 || must(c.Store.RSVPs.Get(c.ctx, bo.RSVP)).Present != 0 {
		t.Errorf("refused %v", refused)
	}
}

package handlers

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samling/models"
)

// crowd is an event of four seats with six people on its list: Åke is going with
// one more, Ada and Öst are, Bo (with two) and Ärla wait, and Zed has left. Ada
// needs something, and no mail arrives to Öst.
func (c *city) crowd(b *browser) (at string, rsvps map[string]string) {
	c.t.Helper()
	at = b.draft("do", "publish", "capacity", "4")
	e := b.event(at)
	for _, who := range []struct {
		name  string
		party int
		note  string
	}{{"Zed Aber", 1, ""}, {"Åke Ek", 2, ""}, {"Ada Ek", 1, "Rullstol"}, {"Öst Berg", 1, ""}, {"Bo Björk", 2, ""}, {"Ärla Ek", 1, ""}} {
		must(c.Planner.SignUp(c.ctx, e.ID, models.SignUp{Name: who.name, Email: uuid.NewString() + "@example.org", Party: who.party, Note: who.note, Consent: true, Language: "sv"}, nil))
		if who.name == "Zed Aber" {
			first := must(c.Planner.Attendance(c.ctx, nil, e.ID, "page", false)).Attendees[0].RSVP
			must(0, c.Planner.Act(c.ctx, first, models.ActCancel, 0))
		}
		c.pass(1e9)
	}
	rsvps = map[string]string{}
	for _, a := range must(c.Planner.Attendance(c.ctx, nil, e.ID, "page", false)).Attendees {
		rsvps[a.Person.Name] = a.RSVP
	}
	must(c.Planner.Store.RSVPs.Update(c.ctx, rsvps["Öst Berg"], func(r *models.RSVP) error { r.Returned = *c.clock; return nil }))
	return at, rsvps
}

var lineName = regexp.MustCompile(`<div class="who">(?:<strong>\d+\.</strong> )?<a href="[^"]+">([^<]+)</a>`)

// names are those that stand on a page of a list, in their order.
func (a answer) names() (out []string) {
	for _, m := range lineName.FindAllStringSubmatch(a.body, -1) {
		out = append(out, m[1])
	}
	return out
}

func TestList_SearchSortFilter(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	at, _ := c.crowd(b)
	for name, s := range map[string]struct {
		query string
		want  []string
		found string
	}{
		"all":               {"", []string{"Ada Ek", "Åke Ek", "Öst Berg", "Bo Björk", "Ärla Ek"}, "5 anmälningar, \u20687 personer"},
		"by name":           {"order=name", []string{"Ada Ek", "Bo Björk", "Åke Ek", "Ärla Ek", "Öst Berg"}, "5 anmälningar"},
		"by sign-up":        {"order=sign-up", []string{"Åke Ek", "Ada Ek", "Öst Berg", "Bo Björk", "Ärla Ek"}, "5 anmälningar"},
		"by party":          {"order=party", []string{"Bo Björk", "Åke Ek", "Ada Ek", "Ärla Ek", "Öst Berg"}, "5 anmälningar"},
		"no such order":     {"order=shoes", []string{"Ada Ek", "Bo Björk", "Åke Ek", "Ärla Ek", "Öst Berg"}, "5 anmälningar"},
		"a part of a name":  {"q=ek", []string{"Ada Ek", "Åke Ek", "Ärla Ek"}, "3 anmälningar"},
		"without its ring":  {"q=ake", []string{"Åke Ek"}, "1 anmälan, \u20682 personer"},
		"with its ring":     {"q=%C3%85KE", []string{"Åke Ek"}, "1 anmälan"},
		"å is not ä":        {"q=%C3%A5rla", nil, "0 anmälningar"},
		"two words":         {"q=ek+ada", []string{"Ada Ek"}, "1 anmälan"},
		"not by an address": {"q=example.org", nil, "0 anmälningar"},
		"going":             {"stand=going", []string{"Ada Ek", "Åke Ek", "Öst Berg"}, "3 anmälningar, \u20684 personer"},
		"waiting":           {"stand=waiting", []string{"Bo Björk", "Ärla Ek"}, "2 anmälningar"},
		"cancelled":         {"stand=cancelled", []string{"Zed Aber"}, "1 anmälan"},
		"held":              {"stand=held", nil, "0 anmälningar"},
		"here":              {"stand=here", nil, "0 anmälningar"},
		"not here":          {"stand=absent", []string{"Ada Ek", "Åke Ek", "Öst Berg"}, "3 anmälningar"},
		"needs":             {"needs=yes", []string{"Ada Ek"}, "1 anmälan"},
		"no mail":           {"no-mail=yes", []string{"Öst Berg"}, "1 anmälan"},
		"several at once":   {"q=ek&stand=going&order=party", []string{"Åke Ek", "Ada Ek"}, "2 anmälningar"},
		"beyond the last":   {"page=99", nil, "5 anmälningar"},
		"no page":           {"page=-1", []string{"Ada Ek", "Åke Ek", "Öst Berg", "Bo Björk", "Ärla Ek"}, "5 anmälningar"},
	} {
		t.Run(name, func(t *testing.T) {
			page := b.get(at+"/attendance?"+s.query).want(t, 200)
			if got := page.names(); !slices.Equal(got, s.want) {
				t.Errorf("got %q, want %q", got, s.want)
			}
			if !strings.Contains(page.body, s.found) && !strings.Contains(page.unmarked(), strings.ReplaceAll(s.found, "\u2068", "")) {
				t.Errorf("does not say %q", s.found)
			}
		})
	}
}

// Whatever is done on a list leads back to the same lines of it.
func TestList_KeepsWhatWasAsked(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	at, rsvps := c.crowd(b)
	const asked = "?order=name&q=ek"
	page := b.get(at+"/attendance"+asked).want(t, 200)
	action := regexp.MustCompile(`action="([^"]+/checkins[^"]*)"`).FindStringSubmatch(page.body)[1]
	b.post(strings.ReplaceAll(action, "&amp;", "&"), "rsvp", rsvps["Ada Ek"], "present", "1").leads(t, at+"/attendance"+asked+"#r-"+rsvps["Ada Ek"])
	b.get(at+"/attendance/details"+asked).want(t, 200).contains(t, "details=1&amp;order=name&amp;q=ek")
	b.post(at+"/attendance/"+rsvps["Ada Ek"]+asked, "do", "party", "party", "1").leads(t, at+"/attendance?did=party&order=name&party=1&q=ek&was=g&who="+rsvps["Ada Ek"])
}

// hand does something with one sign-up, and returns the list that it leads to.
func (b *browser) hand(at, rsvp string, fields ...string) answer {
	b.t.Helper()
	a := b.post(at+"/attendance/"+rsvp, fields...).want(b.t, 303)
	to, _, _ := strings.Cut(a.Header.Get("Location"), "#")
	return b.get(to).want(b.t, 200)
}

// undoes presses the button that takes back what was just done.
func (b *browser) undoes(page answer) answer {
	b.t.Helper()
	form := regexp.MustCompile(`(?s)<form method="post" action="([^"]+)"><input type="hidden" name="undo" value="yes">.*?name="party" value="(\d*)">.*?name="do" value="(\w+)"`).FindStringSubmatch(page.body)
	if form == nil {
		b.t.Fatal("nothing can be undone")
	}
	a := b.post(strings.ReplaceAll(form[1], "&amp;", "&"), "undo", "yes", "party", form[2], "do", form[3]).want(b.t, 303)
	to, _, _ := strings.Cut(a.Header.Get("Location"), "#")
	return b.get(to).want(b.t, 200)
}

func TestAttendee_ByHandAndUndone(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	at, rsvps := c.crowd(b)
	order := func(want ...string) {
		t.Helper()
		if got := b.get(at + "/attendance").names(); !slices.Equal(got, want) {
			t.Errorf("they stand as %q, want %q", got, want)
		}
	}
	arla := rsvps["Ärla Ek"]
	b.get(at+"/attendance/"+arla).want(t, 200).contains(t, "Ge plats", "Ta bort från listan").lacks(t, "Flytta till reservlistan", "Sätt tillbaka", "mailto:")

	full := b.post(at+"/attendance/"+arla, "do", "seat").want(t, 409).contains(t, "Det är fullt", "Det finns 4 platser", "ni 5", "Gör det ändå")
	order("Ada Ek", "Åke Ek", "Öst Berg", "Bo Björk", "Ärla Ek")
	if v := filled(t, full); v.Get("do") != "seat" {
		t.Errorf("the button to do it anyway sends %v", v)
	}
	seated := b.hand(at, arla, "do", "seat", "anyway", "yes").contains(t, "har plats: ")
	order("Ada Ek", "Åke Ek", "Ärla Ek", "Öst Berg", "Bo Björk")
	b.undoes(seated).contains(t, "är reserv nummer 2").lacks(t, `name="undo"`)
	order("Ada Ek", "Åke Ek", "Öst Berg", "Bo Björk", "Ärla Ek")

	moved := b.hand(at, rsvps["Öst Berg"], "do", "wait").contains(t, "är reserv nummer ")
	order("Ada Ek", "Åke Ek", "Ärla Ek", "Bo Björk", "Öst Berg")
	if form := filled(t, moved); form.Get("party") != "1" {
		t.Errorf("the undoing form is %v", form)
	}
	b.post(at+"/attendance/"+rsvps["Öst Berg"], "do", "seat", "undo", "yes").want(t, 409).contains(t, `name="undo" value="yes"`) // the place has gone to Ärla

	b.undoes(b.hand(at, rsvps["Åke Ek"], "do", "party", "party", "3", "anyway", "yes").contains(t, "har plats: ")).contains(t, "har plats: ")
	roster := must(c.Planner.Store.Rosters.Get(c.ctx, b.event(at).ID))
	if got := roster.Counts().Going; got != 4 {
		t.Errorf("%d are going after undoing", got)
	}
	gone := b.hand(at, rsvps["Bo Björk"], "do", "cancel", "parting", "Du står två gånger.").contains(t, "är inte längre anmäld")
	order("Ada Ek", "Åke Ek", "Ärla Ek", "Öst Berg")
	b.get(at+"/attendance/"+rsvps["Bo Björk"]).contains(t, "Sätt tillbaka").lacks(t, "Ge plats", "Ta bort från listan")
	b.undoes(gone)
	order("Ada Ek", "Åke Ek", "Ärla Ek", "Bo Björk", "Öst Berg")

	must(c.Planner.TellDue(c.ctx))
	if n := must(c.Planner.Store.Reads.Count(c.ctx, models.Query{})); n == 0 {
		t.Error("nobody knows who looked")
	}
	c.signedIn("office@example.org").get("/organise/log").contains(t, "öppnade en anmälan")
}

func TestAttendee_WrongInput(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	at, rsvps := c.crowd(b)
	ada := at + "/attendance/" + rsvps["Ada Ek"]
	for name, s := range map[string]struct {
		status int
		fields []string
		says   []string
	}{
		"nobody":               {422, []string{"do", "party", "party", "0"}, []string{`id="party-fault"`, "från 1 till 50"}},
		"no number":            {422, []string{"do", "party", "party", "<b>"}, []string{`value="&lt;b&gt;"`, "är inget tal"}},
		"a line too long":      {422, []string{"do", "cancel", "parting", strings.Repeat("å", 301)}, []string{`id="parting-fault"`}},
		"nothing":              {409, nil, []string{"role=\"alert\""}},
		"an unknown action":    {409, []string{"do", "dance"}, nil},
		"what is done already": {409, []string{"do", "return", "anyway", "x", "party", "1"}, nil},
	} {
		if name == "what is done already" {
			b.post(ada, s.fields...).want(t, 303)
			continue
		}
		a := b.post(ada, s.fields...).want(t, s.status)
		a.contains(t, s.says...)
	}
	b.get(at+"/attendance/"+uuid.NewString()).want(t, 404)
	b.get(at+"/attendance/x").want(t, 404)
	b.post(at+"/attendance/"+uuid.NewString(), "do", "cancel").want(t, 404)
	later := c.signedIn("videdal@example.org")
	b.send("POST", at, filled(t, b.get(at), "co_hosts", "videdal")).want(t, 303)
	later.get(ada).want(t, 403).lacks(t, "Ada Ek")
	later.send("POST", ada, url.Values{"do": {"cancel"}}).want(t, 403)
	c.pass(20 * 24 * 3600e9)
	b.get(ada).want(t, 200).contains(t, "Här går inget att ändra")
	b.post(ada, "do", "cancel").want(t, 409)
}

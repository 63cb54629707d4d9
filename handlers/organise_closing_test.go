package handlers

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"samling/models"
	"samling/planner"
)

// been is an event of husie that is over, to which two people were ticked off and
// three just came.
func (c *city) been(change ...func(*models.Event)) models.Event {
	c.t.Helper()
	e := townHallOf("husie")
	e.Starts = c.clock.Add(24 * time.Hour)
	for _, change := range change {
		change(&e)
	}
	e = must(c.Planner.CreateEvent(c.ctx, planner.Command(), e))
	e = must(c.Planner.MoveEvent(c.ctx, planner.Command(), e.ID, planner.Anyway, models.Publish, ""))
	must(c.Planner.SignUp(c.ctx, e.ID, models.SignUp{Name: "Ada Provberg", Party: 2}, planner.Command()))
	list := must(c.Planner.Attendance(c.ctx, nil, e.ID, "test", false))
	must(0, c.Planner.CheckIn(c.ctx, planner.Command(), e.ID, list.Attendees[0].RSVP, 2))
	must(0, c.Planner.WalkIn(c.ctx, planner.Command(), e.ID, e.ID, 3))
	c.pass(e.Ends.Sub(*c.clock) + time.Hour)
	return e
}

func TestClosing_Journey(t *testing.T) {
	c := newCity(t)
	e := c.been(func(e *models.Event) { e.Groups = []string{"klimat"} })
	b := c.signedIn("husie@example.org")
	at := "/organise/events/" + e.ID + "/close"
	b.get("/organise").want(t, 200).contains(t, `href="`+at+`"`, "har varit. Hur gick det?")
	c.signedIn("office@example.org").get("/organise").want(t, 200).lacks(t, "har varit. Hur gick det?")

	page := b.get(at).want(t, 200).contains(t, "2 personer är avprickade.", "3 kom utan anmälan.", `name="came" value="5"`,
		`name="said.1.groups" value="klimat" checked`, "inte vem som sa det").lacks(t, "Ada")
	b.send("POST", at, filled(t, page, "came", "", "said.2.text", "Bussen.")).want(t, 422).
		contains(t, `href="#came"`, "Bussen.")
	b.send("POST", at, filled(t, page, "came", "42", "said.2.text", "Bussen går för sällan.\r\n=1+1")).leads(t, at+"?done=closed")
	b.get(at+"?done=closed").want(t, 200).contains(t, "Det är sparat", `value="42"`, "Bussen går för sällan.")
	b.get("/organise").lacks(t, "Hur gick det?")
	c.browser().get("/events/"+e.Slug).want(t, 200).contains(t, "Det här har redan varit.").lacks(t, "personer kom", "Bussen")

	// Sent once more from the first page, with another number: the newer stays.
	b.send("POST", at, filled(t, page, "came", "7")).want(t, 412).contains(t, `value="7"`)
	page = b.get(at).want(t, 200).contains(t, `value="42"`)
	b.send("POST", at, filled(t, page, "shown", "yes")).leads(t, at+"?done=closed")
	c.browser().get("/events/"+e.Slug).want(t, 200).contains(t, "42 personer kom.")
	c.browser().get("/en/events/"+e.Slug).contains(t, "42 people came.")
	page = b.get(at)
	form := filled(t, page)
	form.Del("shown")
	b.send("POST", at, form).leads(t, at+"?done=closed")
	c.browser().get("/events/"+e.Slug).want(t, 200).lacks(t, "personer kom")
}

func TestClosing_MembersEventIsNeverShown(t *testing.T) {
	c := newCity(t)
	e := c.been(func(e *models.Event) { e.Audience = models.Members })
	b, at := c.signedIn("husie@example.org"), "/organise/events/"+e.ID+"/close"
	page := b.get(at).want(t, 200).lacks(t, `name="shown"`)
	b.send("POST", at, filled(t, page, "shown", "yes")).leads(t, at+"?done=closed")
	if e := must(c.Planner.Editable(c.ctx, planner.Command(), e.ID)); e.Closing.Shown || e.Closing.Came != 5 {
		t.Errorf("closed: %+v", e.Closing)
	}
}

func TestContributions_ReadByTheirGroups(t *testing.T) {
	c := newCity(t)
	for i, text := range []string{"=Bussen går för sällan.", "Mer skugga på gården."} {
		e := c.been()
		must(c.Planner.Close(c.ctx, planner.Command(), e.ID, time.Time{}, models.Closing{Came: i}, []models.Contribution{{Line: 1, Text: text, Groups: []string{"klimat"}}}))
	}
	c.token("eva@example.org", models.RoleOrganiser, "klimat")
	b := c.signedIn("eva@example.org")
	b.get("/organise/ours").want(t, 200).contains(t, `href="/organise/contributions"`)
	page := b.get("/organise/contributions").want(t, 200).contains(t, "Bussen går för sällan.", "Mer skugga", "Husies förening", "Klimat")
	if strings.Index(page.body, "Mer skugga") > strings.Index(page.body, "Bussen") {
		t.Error("the newest does not stand first")
	}
	b.get("/organise/contributions?q=skugga").want(t, 200).contains(t, "Mer skugga").lacks(t, "Bussen")
	file := b.get("/organise/contributions.csv?q=bussen").want(t, 200).contains(t, "\ufeffSkrivet;Inspel;", "'=Bussen", "Husies förening").lacks(t, "skugga")
	if got := file.Header.Get("Content-Disposition"); got != `attachment; filename="inspel.csv"` {
		t.Error(got)
	}
	c.signedIn("husie@example.org").get("/organise/ours").want(t, 200).lacks(t, "contributions")
	c.signedIn("husie@example.org").get("/organise/contributions.csv").want(t, 404)
	c.browser().get("/groups/klimat").want(t, 200).lacks(t, "Bussen")
}

func TestContributions_PageByPage(t *testing.T) {
	c := newCity(t)
	e := c.been()
	for i := range linesOnPage + 1 {
		c.pass(time.Second)
		must(0, c.Planner.Store.Contributions.Create(c.ctx, models.Contribution{
			Document: models.Document{ID: strconv.Itoa(i)}, Event: e.ID, Line: 1, Text: "Nummer " + strconv.Itoa(i) + ".", Groups: []string{"klimat"}, At: *c.clock,
		}))
	}
	b := c.signedIn("office@example.org")
	first := b.get("/organise/contributions?q=nummer").want(t, 200).contains(t, "Nummer 100.", "Nummer 1.").lacks(t, "Nummer 0.")
	_, rest, _ := strings.Cut(first.body, `class="pages"><a href="`)
	next, _, _ := strings.Cut(rest, `"`)
	b.get(strings.ReplaceAll(next, "&amp;", "&")).want(t, 200).contains(t, "Nummer 0.").lacks(t, "Nummer 1.")
}

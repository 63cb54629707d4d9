package handlers

import (
	"testing"
	"time"

	"samling/models"
	"samling/planner"
)

func TestPlan_Page(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	var events []string
	for _, day := range []string{"2026-03-13", "2026-03-20", "2026-03-27"} {
		e := b.event(b.draft("starts.date", day, "starts.time", "18", "do", "publish"))
		events = append(events, e.ID)
		c.ask("POST", "/api/v1/events/"+e.ID+"/rsvps", `{"name":"Ada","email":"ada@example.org","party":2,"consent":true}`).want(t, 201)
	}
	husie := must(c.Planner.OrganiserByEmail(c.ctx, "husie@example.org"))
	plan := must(c.Planner.MakePlan(c.ctx, &husie, planner.Intent{
		What: "move", Reason: "Vaktmästaren är sjuk.", Back: "/organise/events", Events: events,
		Change: func(e *models.Event) error {
			e.Starts, e.Ends = e.Starts.Add(time.Hour), e.Ends.Add(time.Hour)
			if e.ID == events[2] {
				e.Title = ""
			}
			return nil
		},
	}))
	at := "/organise/plans/" + plan.ID
	page := b.get(at).want(t, 200).contains(t, "Det här kommer att ändras", "2 aktiviteter, 2 personer och ett mejl", "Vaktmästaren är sjuk.",
		"<h2>Ändras</h2>", "<dt>Börjar kl.</dt>\n<dd><del>18.00</del> <ins>19.00</ins></dd>", "Ändras inte", `name="do" value="carry"`)
	b.send("POST", at, filled(t, page, "do", "carry")).leads(t, at)
	b.send("POST", at, filled(t, page, "do", "carry")).leads(t, at)
	b.get(at).want(t, 200).contains(t, "Ändringarna är gjorda", "<h2>Ändrat</h2>", "Du kan ångra allt fram till kl. 10.10", `value="undo"`)
	if got := b.event("/" + events[0]).Starts.In(c.zone).Format("15:04"); got != "19:00" {
		t.Errorf("it begins at %s", got)
	}
	b.send("POST", at, filled(t, page, "do", "undo")).leads(t, at)
	b.get(at).want(t, 200).contains(t, "Ändringarna är tillbakatagna", "<h2>Ångrat</h2>", "Ingen har fått något mejl").lacks(t, "<button name=\"do\"")
	if got := b.event("/" + events[0]).Starts.In(c.zone).Format("15:04"); got != "18:00" {
		t.Errorf("undone, it begins at %s", got)
	}
	b.send("POST", at, filled(t, page, "do", "carry")).leads(t, at) // from another window
	c.signedIn("videdal@example.org").get(at).want(t, 404)
	b.get("/en"+at).contains(t, "The changes are taken back")
}

func TestPlan_PageTooLate(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	e := b.event(b.draft("do", "publish"))
	husie := must(c.Planner.OrganiserByEmail(c.ctx, "husie@example.org"))
	plan := must(c.Planner.MakePlan(c.ctx, &husie, planner.Intent{
		What: "cancel", Back: "/organise/events", Events: []string{e.ID}, Change: c.Planner.Moving(&husie, models.Cancel, ""),
	}))
	at := "/organise/plans/" + plan.ID
	b.get(at).want(t, 200).contains(t, "<dt>Läge</dt>\n<dd><del>Publicerad</del> <ins>Inställt</ins></dd>")
	b.send("POST", at, map[string][]string{"do": {"carry"}}).leads(t, at)
	*c.clock = c.clock.Add(models.UndoLasts)
	b.get(at).want(t, 200).contains(t, "Det går inte längre att ångra").lacks(t, `value="undo"`)
	b.send("POST", at, map[string][]string{"do": {"undo"}}).leads(t, at)
	if got := b.event("/" + e.ID).Status; got != models.Cancelled {
		t.Errorf("undone too late, it is %s", got)
	}
}

func TestPlan_PageSoon(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	var events []string
	for _, day := range []string{"2026-03-13", "2026-03-20"} {
		e := b.event(b.draft("starts.date", day, "starts.time", "18", "do", "publish"))
		events = append(events, e.ID)
		c.ask("POST", "/api/v1/events/"+e.ID+"/rsvps", `{"name":"Ada","email":"ada@example.org","party":2,"consent":true}`).want(t, 201)
	}
	*c.clock = must(time.ParseInLocation(time.DateTime, "2026-03-13 16:00:00", c.zone))
	husie := must(c.Planner.OrganiserByEmail(c.ctx, "husie@example.org"))
	plan := must(c.Planner.MakePlan(c.ctx, &husie, planner.Intent{
		What: "cancel", Back: "/organise/events", Events: events, Change: c.Planner.Moving(&husie, models.Cancel, ""),
	}))
	at := "/organise/plans/" + plan.ID
	b.get(at).want(t, 200).contains(t, "2 aktiviteter, 2 personer och 2 mejl", "mindre än tre timmar till en av aktiviteterna",
		"De andra mejlen går iväg ungefär tio minuter", "En anmälan får besked direkt", "En anmälan får besked</p>")
	b.send("POST", at, map[string][]string{"do": {"carry"}}).leads(t, at)
	b.get(at).contains(t, "får besked redan kl. 16.01", "De andra mejlen går iväg kl. 16.11", "ångra allt fram till kl. 16.10")
	b.send("POST", at, map[string][]string{"do": {"undo"}}).leads(t, at)
	b.get(at).contains(t, "Allt är som det var", "De som redan hade fått besked får ett mejl till")
	*c.clock = c.clock.Add(2 * time.Hour) // it goes on
	alone := must(c.Planner.MakePlan(c.ctx, &husie, planner.Intent{
		What: "cancel", Back: "/organise/events", Events: events[:1], Change: c.Planner.Moving(&husie, models.Cancel, ""),
	}))
	b.get("/organise/plans/"+alone.ID).contains(t, "mindre än tre timmar").lacks(t, "ungefär tio minuter")
}

func TestPlan_PageAsks(t *testing.T) {
	c := newCity(t)
	must(c.Planner.Store.Associations.Update(c.ctx, "husie", func(a *models.Association) error { a.Approval = true; return nil }))
	must(0, c.Planner.Refresh(c.ctx))
	b := c.signedIn("husie@example.org")
	sent := map[string][]string{"do": {"publish"}}
	for _, day := range []string{"2026-03-13", "2026-03-20"} {
		sent["event"] = append(sent["event"], b.event(b.draft("starts.date", day)).ID)
	}
	at := b.send("POST", "/organise/events/several", sent).want(t, 303).Header.Get("Location")
	b.get(at).want(t, 200).contains(t, "2 aktiviteter</p>", "ett enda mejl om alla 2", "<dd><del>Utkast</del> <ins>Väntar på godkännande</ins></dd>")
	b.send("POST", at, map[string][]string{"do": {"carry"}}).leads(t, at)
	b.get(at).contains(t, "Kansliet får mejl kl. 10.11", "ångra allt fram till kl. 10.10")
	b.get("/organise/events/"+sent["event"][1]).contains(t, "Väntar på kansliets godkännande")
}

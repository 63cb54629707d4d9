package handlers

import (
	"strings"
	"testing"

	"samling/models"
)

// approving makes husie ask for the central office's word.
func (c *city) approving() {
	must(c.Planner.Store.Associations.Update(c.ctx, "husie", func(a *models.Association) error { a.Approval = true; return nil }))
	must(0, c.Planner.Refresh(c.ctx))
}

func TestApprovals(t *testing.T) {
	c := newCity(t)
	c.approving()
	husie, office := c.signedIn("husie@example.org"), c.signedIn("office@example.org")
	husie.get("/organise/events/new?kind=seminar").want(t, 200).contains(t, "Be om godkännande", "innan de publiceras").lacks(t, ">Publicera<")
	office.get("/organise/events/new?kind=seminar").want(t, 200).contains(t, ">Publicera<").lacks(t, "Be om godkännande")
	at := husie.draft()
	husie.get(at).want(t, 200).contains(t, "Be om godkännande", "innan de publiceras")
	office.get(at).want(t, 200).lacks(t, "Be om godkännande")
	husie.post(at+"/publish", "seen", writeSeen(husie.event(at).Updated)).leads(t, at+"?done=asked")
	husie.get(at+"?done=asked").contains(t, "Kansliet är tillfrågat", "Väntar på kansliets godkännande")
	if a := c.ask("GET", "/events/"+husie.event(at).Slug, ""); a.StatusCode != 404 {
		t.Errorf("the public sees it: %d", a.StatusCode)
	}
	husie.get("/organise/approvals").want(t, 404)
	office.get("/organise").contains(t, "En aktivitet väntar på godkännande")
	office.get("/organise/city").contains(t, "Godkännanden", "1 väntar")
	office.get("/organise/approvals").want(t, 200).contains(t, "Öppet möte om skolan", "husie@example.org bad om godkännande", at+"/preview")

	seen := writeSeen(husie.event(at).Updated)
	husie.post(at+"/approval", "seen", seen, "do", "approve").want(t, 403)
	office.post(at+"/approval", "seen", seen, "do", "perhaps").want(t, 400)
	office.post(at+"/approval", "seen", seen, "do", "back").want(t, 422).contains(t, `role="alert"`)
	office.post(at+"/approval", "seen", seen, "do", "back", "words", "Vem svarar i telefonen?").leads(t, "/organise/approvals?done=back")
	office.get("/organise/approvals?done=back").contains(t, "Skickat tillbaka", "Inget väntar just nu")
	husie.get("/organise").contains(t, "kansliet vill att något ändras")
	husie.get(at).contains(t, "Vem svarar i telefonen?", "Be om godkännande")

	husie.post(at+"/publish", "seen", writeSeen(husie.event(at).Updated)).leads(t, at+"?done=asked")
	office.post(at+"/approval", "seen", seen, "do", "approve").want(t, 412)
	office.post(at+"/approval", "seen", writeSeen(husie.event(at).Updated), "do", "approve").leads(t, "/organise/approvals?done=approve")
	c.ask("GET", "/events/"+husie.event(at).Slug, "").want(t, 200)
	husie.get(at).lacks(t, "Be om godkännande", "Väntar på kansliets")
}

func TestAPI_Approval(t *testing.T) {
	c := newCity(t)
	c.approving()
	a := c.ask("POST", "/api/v1/events", townHall, "token", c.husie).want(t, 201)
	at := "/api/v1/events/" + a.json(t)["id"].(string)
	asked := `"approval":{"state":"asked","asked":"2026-03-03T09:00:00Z"}`
	for range 2 {
		c.ask("POST", at+"/publish", "", "token", c.husie).want(t, 202).contains(t, `"status":"draft"`, asked)
	}
	read := c.ask("GET", at, "", "token", c.husie).want(t, 200).contains(t, asked)
	c.ask("PATCH", at, read.body, "token", c.husie).want(t, 200)
	c.ask("POST", at+"/publish", "", "token", c.office).want(t, 200).contains(t, `"status":"published"`, `"state":"given"`)
	if a := c.ask("GET", at, "").want(t, 200); strings.Contains(a.body, "approval") {
		t.Errorf("the public reads of it: %s", a.body)
	}
}

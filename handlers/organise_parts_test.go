package handlers

import (
	"strings"
	"testing"

	"samling/models"
	"samling/planner"
)

func TestParts(t *testing.T) {
	c := newCity(t)
	office, husie := c.signedIn("office@example.org"), c.signedIn("husie@example.org")
	e := townHallOf("husie")
	e.Kind, e.Host, e.Title = models.MayDay, "klimat", "Första maj"
	e = must(c.Planner.CreateEvent(c.ctx, planner.Command(), e))
	at := "/organise/events/" + e.ID
	office.get(at).want(t, 200).contains(t, `href="`+at+`/parts"`)
	office.get(at+"/parts").want(t, 200).contains(t, "Den har inga delar än", `value="husie"`)
	husie.get(at+"/parts").want(t, 404)
	office.post(at+"/parts", "do", "ask", "starts.time", "10", "ends.time", "11.30").want(t, 422).contains(t, `role="alert"`)
	office.post(at+"/parts", "do", "ask", "associations", "husie", "starts.time", "elva", "ends.time", "12").want(t, 422)
	office.post(at+"/parts", "do", "sing").want(t, 409)
	office.post(at+"/parts", "do", "ask", "associations", "husie", "associations", "videdal", "starts.time", "10", "ends.time", "11.30").leads(t, at+"/parts?done=ask")
	office.get(at+"/parts?done=ask").contains(t, "0 av 2 har svarat", "Har inte svarat.", "Första maj – Husies förening", "10.00–11.30").lacks(t, `value="husie"`)

	part := ""
	for _, l := range c.Planner.Catalogue().Parts(e.Slug) {
		if l.Host == "husie" {
			part = "/organise/events/" + l.ID
		}
	}
	husie.get("/organise").want(t, 200).contains(t, "stämmer er del?", part+"#part")
	husie.get(part).want(t, 200).contains(t, "Det här är er del av Första maj", "Vår del stämmer").lacks(t, part+"/parts")
	husie.get(part+"/parts").want(t, 200)
	// Saving the part does not take it away from a whole that she may not see.
	husie.send("POST", part, filled(t, husie.get(part), "title", "Frukost i parken")).leads(t, part+"?done=saved")
	if got := husie.event(part).Parent; got != e.Slug {
		t.Errorf("saved, it is a part of %q", got)
	}
	husie.post(part+"/part", "do", "perhaps").want(t, 409)
	husie.post(part+"/part", "do", "stands", "words", "Vi tar med kaffe.").leads(t, part+"?done=stands")
	husie.get(part+"?done=stands").contains(t, "Ni har sagt att er del", "Tack!").lacks(t, "Vår del stämmer")
	c.signedIn("videdal@example.org").post(part+"/part", "do", "out").want(t, 404)
	office.get(at+"/parts").contains(t, "1 av 2 har svarat", "Stämmer, svarade", "Vi tar med kaffe.")
	c.pass(models.PartRest)
	office.post(at+"/parts", "do", "remind").leads(t, at+"/parts?done=remind")
	office.get(at+"/parts").contains(t, "Har inte svarat. Påmind")

	must(c.Planner.MoveEvent(c.ctx, planner.Command(), strings.TrimPrefix(part, "/organise/events/"), planner.Anyway, models.Publish, ""))
	must(c.Planner.MoveEvent(c.ctx, planner.Command(), e.ID, planner.Anyway, models.Publish, ""))
	must(c.Planner.MoveEvent(c.ctx, planner.Command(), e.ID, planner.Anyway, models.Cancel, "Storm."))
	page := office.get(at+"/parts").contains(t, "Ställ in delarna också").lacks(t, "Fråga föreningar")
	if !strings.Contains(page.body, `name="event" value="`+strings.TrimPrefix(part, "/organise/events/")+`"`) {
		t.Error("the published part is not among those to cancel")
	}
	office.post("/organise/events/several", "do", "cancel", "event", strings.TrimPrefix(part, "/organise/events/")).want(t, 200)
}

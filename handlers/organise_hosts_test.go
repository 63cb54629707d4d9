package handlers

import (
	"strings"
	"testing"

	"samling/models"
)

func TestHosts_Invited(t *testing.T) {
	c := newCity(t)
	husie, videdal := c.signedIn("husie@example.org"), c.signedIn("videdal@example.org")
	at := c.published(townHall)
	desk := "/organise" + strings.TrimPrefix(at, apiRoot)
	husie.get(desk).want(t, 200).contains(t, `href="`+desk+`/hosts"`).lacks(t, `name="co_hosts"`)
	husie.get(desk+"/hosts").want(t, 200).contains(t, "Bjud in en medarrangör", "bara antalet av", `value="videdal"`).lacks(t, `<option value="husie"`)
	husie.post(desk+"/hosts", "do", "invite").want(t, 422).contains(t, `role="alert"`)
	husie.post(desk+"/hosts", "do", "shout", "host", "videdal").want(t, 409)
	husie.post(desk+"/hosts", "do", "invite", "host", "husie").want(t, 422).contains(t, "står redan som arrangör")
	husie.post(desk+"/hosts", "do", "remove", "host", "husie").want(t, 409).contains(t, `role="alert"`)
	husie.post(desk+"/hosts", "do", "invite", "host", "videdal").leads(t, desk+"/hosts?done=invite")
	husie.post(desk+"/hosts", "do", "remove", "host", "videdal").want(t, 409).contains(t, `role="alert"`, "Har inte svarat än")
	husie.get(desk+"/hosts?done=invite").contains(t, "Videdals förening", "Har inte svarat än").lacks(t, `<option value="videdal"`)

	public := "/events/" + husie.event(desk).Slug
	for _, path := range []string{public, "/feeds/associations/videdal.ics", "/associations/videdal", "/api/v1/events?association=videdal"} {
		if a := c.ask("GET", path, ""); strings.Contains(a.body, "Videdals") && path == public || strings.Contains(a.body, "Öppet möte") && path != public {
			t.Errorf("%s shows who has not answered", path)
		}
	}

	videdal.get("/organise").want(t, 200).contains(t, "Husies förening bjuder in er som medarrangör", desk+"/invitation")
	videdal.get(desk+"/invitation").want(t, 200).contains(t, "Öppet möte", "Svara för Videdals förening")
	c.signedIn("office@example.org").get("/organise").lacks(t, "bjuder in er")
	videdal.post(desk+"/invitation", "host", "videdal", "answer", "perhaps").want(t, 400)
	videdal.post(desk+"/invitation", "host", "videdal", "answer", "yes", "words", strings.Repeat("ja ", 400)).want(t, 422).contains(t, `role="alert"`, "ja ja ja")
	videdal.post(desk+"/invitation", "host", "videdal", "answer", "yes", "words", "Gärna!").leads(t, desk+"/hosts?done=accept")
	videdal.get(desk+"/hosts?done=accept").want(t, 200).contains(t, "Nu är ni medarrangörer", "Tackade ja", "Gärna!")
	videdal.get("/organise").lacks(t, "bjuder in er")
	for _, path := range []string{"/feeds/associations/videdal.ics", "/feeds/associations/husie.ics", "/associations/videdal", "/api/v1/events?association=videdal"} {
		if a := c.ask("GET", path, ""); !strings.Contains(a.body, "Öppet möte") {
			t.Errorf("%s lacks what both host", path)
		}
	}
	videdal.post(desk+"/hosts", "do", "remove", "host", "videdal", "words", "Vi hinner inte.").leads(t, "/organise?done=left")
	videdal.get("/organise?done=left").contains(t, "Ni har lämnat aktiviteten")
	husie.get(desk+"/hosts").contains(t, "Lämnade", "Vi hinner inte.")
	husie.post(desk+"/hosts", "do", "withdraw", "host", "videdal").want(t, 409)
	c.signedIn("office@example.org").post(desk+"/hosts", "do", "invite", "host", "videdal").want(t, 303)
	husie.get(desk+"/hosts").contains(t, "Ta bort Videdals förening som medarrangör")
	husie.post(desk+"/hosts", "do", "remove", "host", "videdal").leads(t, desk+"/hosts?done=remove")
}

func TestInvitation_OfADraft(t *testing.T) {
	c := newCity(t)
	husie, videdal := c.signedIn("husie@example.org"), c.signedIn("videdal@example.org")
	at := husie.draft()
	videdal.get(at+"/invitation").want(t, 404)
	husie.post(at+"/hosts", "do", "invite", "host", "videdal").want(t, 303)
	videdal.get(at+"/invitation").want(t, 200).contains(t, "Den är inte publicerad än")
	videdal.get(at).want(t, 404)
	videdal.post(at+"/invitation", "host", "videdal", "answer", "no", "words", "Tyvärr.").leads(t, "/organise?done=declined")
	videdal.post(at+"/invitation", "host", "videdal", "answer", "no").leads(t, "/organise?done=declined") // pressed twice
	videdal.get(at+"/invitation").want(t, 404)
	husie.get(at+"/hosts").contains(t, "Tackade nej", "Tyvärr.", `<option value="videdal"`)
}

func TestAPI_CoHosts(t *testing.T) {
	c := newCity(t)
	const invited = `"co_hosts":["videdal"],"title"`
	a := c.ask("POST", "/api/v1/events", strings.Replace(townHall, `"title"`, invited, 1), "token", c.husie).want(t, 201)
	a.contains(t, `"co_hosts":[]`, `"invited":[{"host":"videdal","state":"asked","asked":"2026-03-03T09:00:00Z"}]`)
	at := "/api/v1/events/" + a.json(t)["id"].(string)
	// An event that was read can be sent back, and asks nobody again.
	c.ask("PATCH", at, a.body, "token", c.husie).want(t, 200).contains(t, `"state":"asked"`)
	c.ask("PATCH", at, `{"co_hosts":["videdal"]}`, "token", c.husie).want(t, 200).contains(t, `"co_hosts":[]`, `"state":"asked"`)
	if n := len(must(c.Planner.Store.Events.Get(c.ctx, a.json(t)["id"].(string))).Invited); n != 1 {
		t.Errorf("invited %d times", n)
	}
	c.ask("POST", at+"/publish", "", "token", c.husie).want(t, 200)
	for who, token := range map[string]string{"the public": "", "another association": c.videdal} {
		headers := []string{"token", token}
		if token == "" {
			headers = nil
		}
		if a := c.ask("GET", at, "", headers...).want(t, 200); strings.Contains(a.body, "invited") {
			t.Errorf("%s sees who is asked: %s", who, a.body)
		}
	}
	c.ask("PATCH", at, `{"co_hosts":["videdal"]}`, "token", c.office).want(t, 200).contains(t, `"co_hosts":["videdal"]`).lacks(t, `"invited"`)
	c.ask("GET", at, "", "token", c.videdal).contains(t, `"going":0`)
	if e := must(c.Planner.Store.Events.Get(c.ctx, a.json(t)["id"].(string))); len(e.Pending()) != 0 || e.Status != models.Published {
		t.Errorf("left pending: %+v", e.Invited)
	}
}

// TestAPI_AttendanceOfALaterCoHost: of those who signed up before it was a host, an
// association learns the number.
func TestAPI_AttendanceOfALaterCoHost(t *testing.T) {
	c := newCity(t)
	at := c.published(townHall)
	c.ask("POST", at+"/rsvps", person("ada")).want(t, 201)
	c.ask("PATCH", at, `{"co_hosts":["videdal"]}`, "token", c.office).want(t, 200)
	c.ask("POST", at+"/rsvps", person("bo")).want(t, 201)
	for _, s := range []struct {
		who, token string
		lines      int
	}{{"the host", c.husie, 2}, {"the co-host", c.videdal, 1}} {
		list := c.ask("GET", at+"/attendance", "", "token", s.token).want(t, 200).json(t)
		if n := len(list["attendees"].([]any)); n != s.lines || list["going"] != 2. {
			t.Errorf("%s reads %d lines of %v people", s.who, n, list["going"])
		}
	}
}

package handlers

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"samling/models"
)

const townHall = `{"kind":"town-hall","title":"Öppet möte om skolan","host":"husie","starts":"2026-03-13T18:00","place":{"name":"Aulan"},"capacity":3}`

// published makes and publishes an event, and returns its address in the API.
func (c *city) published(event string) string {
	c.t.Helper()
	a := c.ask("POST", "/api/v1/events", event, "token", c.office).want(c.t, 201)
	at := "/api/v1/events/" + a.json(c.t)["id"].(string)
	c.ask("POST", at+"/publish", "", "token", c.office).want(c.t, 200)
	return at
}

func person(name string) string {
	return `{"name":"` + name + `","email":"` + name + `@example.org","party":2,"consent":true,"language":"sv"}`
}

func TestRound_ByAPI(t *testing.T) {
	c := newCity(t)
	a := c.ask("POST", "/api/v1/events", townHall, "token", c.husie).want(t, 201)
	event := a.json(t)
	at := "/api/v1/events/" + event["id"].(string)
	if got, want := a.Header.Get("Location"), "https://samling.test"+at; got != want {
		t.Errorf("Location %q, want %q", got, want)
	}
	for field, want := range map[string]any{
		"status": "draft", "ends": "2026-03-13T20:00:00+01:00", "starts": "2026-03-13T18:00:00+01:00", "audience": "public",
		"slug": "oppet-mote-om-skolan", "district": "oster", "url": "https://samling.test/events/oppet-mote-om-skolan",
		"ics_url": "https://samling.test/events/oppet-mote-om-skolan.ics",
	} {
		if event[field] != want {
			t.Errorf("%s is %v, want %v", field, event[field], want)
		}
	}
	if event["rsvp"].(map[string]any)["needed"] != true {
		t.Error("a town hall takes sign-ups, and this one does not")
	}

	// A draft is nowhere to be seen, but for its organisers.
	for _, path := range []string{at, at + "/attendance", "/events/oppet-mote-om-skolan.ics"} {
		if got := c.ask("GET", path, "", "token", c.videdal); got.StatusCode != 404 {
			t.Errorf("GET %s of a draft: %d", path, got.StatusCode)
		}
	}
	c.ask("POST", at+"/rsvps", person("ada")).want(t, 404)
	c.ask("GET", at, "", "token", c.husie).want(t, 200)
	if feed := c.ask("GET", "/feeds/all.ics", "").want(t, 200); strings.Contains(feed.body, "BEGIN:VEVENT") {
		t.Error("a draft is in the feed")
	}

	tag := c.ask("POST", at+"/publish", "", "token", c.husie).want(t, 200).Header.Get("ETag")
	for _, path := range []string{"/feeds/all.ics", "/feeds/associations/husie.ics", "/feeds/kinds/town-hall.ics", "/feeds/districts/oster.ics", "/events/oppet-mote-om-skolan.ics"} {
		if feed := c.ask("GET", path, "").want(t, 200); !strings.Contains(feed.body, "DTSTART;TZID=Europe/Stockholm:20260313T180000\r\n") {
			t.Errorf("%s has no event of that time:\n%s", path, feed.body)
		}
	}

	for _, who := range []struct{ name, want string }{{"ada", "going"}, {"bo", "waiting"}, {"cem", "waiting"}} {
		answer := c.ask("POST", at+"/rsvps", person(who.name)).want(t, 201)
		if want := `{"status":"` + who.want + `","party":2}`; answer.body != want {
			t.Errorf("%s signs up: %s, want %s", who.name, answer.body, want)
		}
		c.pass(time.Minute)
	}
	known := c.ask("POST", at+"/rsvps", person("ada")).want(t, 201)
	if want := `{"status":"waiting","party":2}`; known.body != want {
		t.Errorf("a known address is answered %s, want %s as a new one", known.body, want)
	}

	moved := c.ask("PATCH", at, `{"starts":"2026-03-13T19:00","ends":"2026-03-13T21:00"}`, "token", c.husie, "If-Match", tag).want(t, 200)
	if moved.json(t)["sequence"].(float64) <= event["sequence"].(float64) {
		t.Error("the sequence did not rise with the time")
	}
	if feed := c.ask("GET", "/feeds/all.ics", "").want(t, 200); !strings.Contains(feed.body, "20260313T190000") {
		t.Error("the new time is not in the feed")
	}
	seen := c.ask("GET", at, "").json(t)
	if seen["seats"] != "few" || seen["going"] != nil {
		t.Errorf("the public sees seats %v, going %v", seen["seats"], seen["going"])
	}
	seen = c.ask("GET", at, "", "token", c.husie).json(t)
	if seen["going"] != 2.0 || seen["waiting"] != 4.0 || seen["left"] != 1.0 {
		t.Errorf("the organiser sees going %v, waiting %v, left %v", seen["going"], seen["waiting"], seen["left"])
	}

	// Ada cannot come after all.
	list := c.ask("GET", at+"/attendance", "", "token", c.husie).want(t, 200).json(t)
	first := list["attendees"].([]any)[0].(map[string]any)
	if first["name"] != "ada" || first["status"] != "going" || list["going"] != 2.0 || list["waiting"] != 4.0 {
		t.Errorf("the list is %v", list)
	}
	if err := c.Planner.Act(c.ctx, first["rsvp"].(string), models.ActCancel, 0); err != nil {
		t.Fatal(err)
	}
	list = c.ask("GET", at+"/attendance", "", "token", c.husie).want(t, 200).json(t)
	second := list["attendees"].([]any)[0].(map[string]any)
	if second["name"] != "bo" || second["status"] != "going" {
		t.Errorf("who moved up: %v", second)
	}
	gone := c.ask("GET", at+"/attendance?status=cancelled", "", "token", c.husie).want(t, 200)
	if !strings.Contains(gone.body, `"name":"ada"`) || strings.Contains(gone.body, `"name":"bo"`) {
		t.Errorf("those who are not coming: %s", gone.body)
	}

	c.ask("POST", at+"/checkins", `{"rsvp":"`+second["rsvp"].(string)+`","present":2}`, "token", c.husie).want(t, 204)
	c.ask("POST", at+"/checkins", `{"id":"0197a1b2-0000-7000-8000-000000000001","walk_in":3}`, "token", c.husie).want(t, 204)
	list = c.ask("GET", at+"/attendance", "", "token", c.husie).want(t, 200).json(t)
	if list["here"] != 2.0 || list["walk_ins"] != 3.0 {
		t.Errorf("here %v, walk-ins %v", list["here"], list["walk_ins"])
	}

	off := c.ask("POST", at+"/cancel", `{"reason":"Lokalen är översvämmad"}`, "token", c.husie).want(t, 200).json(t)
	if off["status"] != "cancelled" || off["reason"] != "Lokalen är översvämmad" {
		t.Errorf("cancelled: %v %v", off["status"], off["reason"])
	}
	if feed := c.ask("GET", "/feeds/all.ics", "").want(t, 200); !strings.Contains(feed.body, "STATUS:CANCELLED") {
		t.Error("the cancelled event is not in the feed as such")
	}
	c.ask("POST", at+"/rsvps", person("dua")).want(t, 409)
	if strings.Contains(c.log.String(), "example.org") || strings.Contains(c.log.String(), "samling_") {
		t.Errorf("the log has an address or a token:\n%s", c.log)
	}
}

func TestAttendance_Files(t *testing.T) {
	c := newCity(t)
	at := c.published(townHall)
	c.ask("POST", at+"/rsvps", `{"name":"=HYPERLINK(\"x\")","email":"ada@example.org","party":2,"consent":true,"note":"Hej; \"nötter\", tack"}`).want(t, 201)
	list := func(accept, language string) answer {
		return c.ask("GET", at+"/attendance", "", "token", c.husie, "Accept", accept, "Accept-Language", language).want(t, 200)
	}
	const bom = "\ufeff"
	for name, file := range map[string]struct{ language, want string }{
		"sv": {"sv", bom + "Namn;Antal;Läge;Mejl;Mejl kommer inte fram;Behov;Att veta;Anmäld;På plats\r\n\"'=HYPERLINK(\"\"x\"\")\";2;Anmäld;ada@example.org;;Behöver något;\"Hej; \"\"nötter\"\", tack\";2026-03-03 10:00;0\r\nHämtad av husie@example.org tisdag 3 mars 2026 10.00. Förstörs senast söndag 29 mars 2026.;;;;;;;;\r\n"},
		"en": {"en", bom + "Name,People,Status,Email,Mail does not arrive,Needs,To know,Signed up,Here\r\n\"'=HYPERLINK(\"\"x\"\")\",2,Signed up,ada@example.org,,Needs something,\"Hej; \"\"nötter\"\", tack\",2026-03-03 10:00,0\r\nTaken by husie@example.org on Tuesday 3 March 2026 10:00. To be destroyed by Sunday 29 March 2026.,,,,,,,,\r\n"},
	} {
		t.Run("csv "+name, func(t *testing.T) {
			a := list("text/csv", file.language)
			if a.body != file.want {
				t.Errorf("got  %q\nwant %q", a.body, file.want)
			}
			if got := a.Header.Get("Content-Type"); got != "text/csv; charset=utf-8" {
				t.Errorf("Content-Type %q", got)
			}
			if got := a.Header.Get("Cache-Control"); got != "no-store" {
				t.Errorf("Cache-Control %q", got)
			}
		})
	}
	a := list("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "sv")
	f, err := excelize.OpenReader(bytes.NewReader([]byte(a.body)))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows("Deltagare")
	if err != nil || len(rows) != 3 || rows[0][0] != "Namn" || rows[1][0] != `=HYPERLINK("x")` || rows[1][7] != "2026-03-03 10:00" {
		t.Errorf("rows %q, %v", rows, err)
	}
	if kind, _ := f.GetCellType("Deltagare", "B2"); kind != excelize.CellTypeNumber && kind != excelize.CellTypeUnset {
		t.Errorf("the party is of type %v, want a number", kind)
	}
	if formula, _ := f.GetCellFormula("Deltagare", "A2"); formula != "" {
		t.Errorf("a name became the formula %q", formula)
	}
	if panes, err := f.GetPanes("Deltagare"); err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("the header is not frozen: %+v, %v", panes, err)
	}
	if n := must(c.Planner.Store.Reads.Count(c.ctx, models.Query{})); n != 3 {
		t.Errorf("%d looks at the list were logged, want 3", n)
	}
}

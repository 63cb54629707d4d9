package handlers

import (
	"strings"
	"testing"
	"time"

	"samling/models"
)

func TestSignUp_BadInput(t *testing.T) {
	c := newCity(t)
	at := c.published(townHall)
	url := at + "/rsvps"
	form := func(fields string) string {
		return strings.Replace(`{"name":"Ada","email":"ada@example.org","party":2,"consent":true,*`, "*", fields, 1) + "}"
	}
	field := func(name, code string) string { return `"field":"` + name + `","code":"` + code + `"` }
	c.run(t, []scenario{
		post("no consent", url, "", `{"name":"Ada","email":"ada@example.org","party":2}`, 422, field("consent", "no-consent")),
		post("consent refused", url, "", form(`"consent":false`), 422, field("consent", "no-consent")),
		post("consent in words", url, "", form(`"consent":"yes"`), 422, field("consent", "wrong-type")),
		post("party 0", url, "", form(`"party":0`), 422, field("party", "out-of-range")),
		post("party 500", url, "", form(`"party":500`), 422, field("party", "out-of-range")),
		post("party larger than the event's", url, "", form(`"party":5`), 422, field("party", "out-of-range")),
		post("party of a half", url, "", form(`"party":1.5`), 422, field("party", "wrong-type")),
		post("a line break in the address", url, "", form(`"email":"ada@example.org\nBcc: b@example.org"`), 422, field("email", "bad-email")),
		post("a line break behind the address", url, "", form(`"email":"ada@example.org\r\n"`), 422, field("email", "bad-email")),
		post("two addresses", url, "", form(`"email":"ada@example.org,b@example.org"`), 422, field("email", "bad-email")),
		post("no address", url, "", `{"name":"Ada","party":2,"consent":true}`, 422, field("email", "required")),
		post("a name of 10,000 characters", url, "", form(`"name":"`+strings.Repeat("å", 10_000)+`"`), 422, field("name", "too-long")),
		post("a line break in the name", url, "", form(`"name":"Ada\nBo"`), 422, field("name", "control-characters")),
		post("no name", url, "", form(`"name":" "`), 422, field("name", "required")),
		post("a long note", url, "", form(`"note":"`+strings.Repeat("x", 1001)+`"`), 422, field("note", "too-long")),
		post("a bad language", url, "", form(`"language":"Swedish"`), 422, field("language", "bad-language")),
		post("an unknown field", url, "", form(`"phone":"1"`), 422, field("phone", "unknown-field")),
		post("not JSON", url, "", `name=Ada&email=ada@example.org`, 400, `"code":"malformed"`),
		post("nothing", url, "", ``, 422, field("name", "required"), field("email", "required"), field("consent", "no-consent")),
		post("an event that is not there", "/api/v1/events/nothing/rsvps", "", person("ada"), 404),
		post("by hand, for another association", url, c.videdal, `{"name":"Ada"}`, 422, field("email", "required"), field("consent", "no-consent")),
	})
	if n := must(c.Planner.Store.RSVPs.Count(c.ctx, models.Query{})); n != 0 {
		t.Errorf("%d sign-ups came of bad input", n)
	}
	if a := c.ask("POST", url, `{"name":"Ada"}`, "token", c.husie).want(t, 201); a.body != `{"status":"going","party":1}` {
		t.Errorf("by hand, by name alone: %s", a.body)
	}
}

func TestSignUp_ClosedDoors(t *testing.T) {
	c := newCity(t)
	door := func(fields string) string {
		return c.published(strings.Replace(townHall, `"capacity"`, fields+`"capacity"`, 1)) + "/rsvps"
	}
	code := func(c string) string { return `"code":"` + c + `"` }
	closed := door(`"rsvp":{"closes":"2026-03-04T12:00"},`)
	early := door(`"rsvp":{"opens":"2026-03-10T12:00"},`)
	just := door(`"rsvp":{"needed":false},`)
	cancelled, postponed := door(""), door("")
	c.ask("POST", strings.Replace(cancelled, "rsvps", "cancel", 1), "", "token", c.office).want(t, 200)
	c.ask("POST", strings.Replace(postponed, "rsvps", "postpone", 1), `{"reason":"Sjukdom"}`, "token", c.office).want(t, 200)
	c.pass(48 * time.Hour)
	c.run(t, []scenario{
		post("after closing", closed, "", person("ada"), 409, code("closed")),
		post("before opening", early, "", person("ada"), 409, code("not-open-yet")),
		post("where one just comes", just, "", person("ada"), 409, code("no-sign-up")),
		post("cancelled", cancelled, "", person("ada"), 409, code("cancelled")),
		post("postponed", postponed, "", person("ada"), 409, code("postponed")),
		post("after closing, by hand", closed, c.husie, `{"name":"Ada"}`, 201),
	})
	c.pass(30 * 24 * time.Hour)
	writtenDown := c.published(townHall) // afterwards: even the day of its erasure has passed
	c.run(t, []scenario{
		post("written down afterwards", writtenDown+"/rsvps", "", person("ada"), 409, code("past")),
		post("written down afterwards, by hand", writtenDown+"/rsvps", c.husie, `{"name":"Ada"}`, 409, code("past")),
		post("who came to what was written down afterwards", writtenDown+"/checkins", c.husie, `{"id":"0197a1b2-0000-7000-8000-000000000001","walk_in":30}`, 204),
		post("past", early, "", person("ada"), 409, code("past")),
		post("past, by hand", early, c.husie, `{"name":"Ada"}`, 409, code("past")),
		post("publishing what was postponed to no other day", strings.Replace(postponed, "rsvps", "publish", 1), c.office, "", 409, code("past")),
		post("publishing what is cancelled", strings.Replace(cancelled, "rsvps", "publish", 1), c.office, "", 409, code("not-possible")),
	})
}

// Correcting a form many times does not make anybody look like a machine, and
// every refusal names what this event takes.
func TestSignUp_WrongFormsAreNotCounted(t *testing.T) {
	c := newCityWith(t, behindProxy)
	at := c.published(townHall)
	for range 3 * models.ClientRate().Burst {
		a := c.ask("POST", at+"/rsvps", `{"name":"Ada","email":"ada@example.org","party":0,"consent":true}`, "X-Forwarded-For", "192.0.2.9")
		if !strings.Contains(a.want(t, 422).body, "1 till 4.") {
			t.Fatal(a.body)
		}
	}
	if a := c.signUpFrom(at, "192.0.2.9", "ada@example.org").want(t, 201); !strings.Contains(a.body, `"status":"going"`) {
		t.Error(a.body)
	}
}

func TestCheckIn_BadInput(t *testing.T) {
	c := newCity(t)
	at := c.published(townHall) + "/checkins"
	const id = "0197a1b2-0000-7000-8000-000000000001"
	field := func(name, code string) string { return `"field":"` + name + `","code":"` + code + `"` }
	c.run(t, []scenario{
		post("nothing", at, c.husie, `{}`, 422, field("rsvp", "required")),
		post("both", at, c.husie, `{"rsvp":"`+id+`","present":1,"id":"`+id+`","walk_in":1}`, 422, field("rsvp", "one-of-two")),
		post("half of one", at, c.husie, `{"rsvp":"`+id+`"}`, 422, field("present", "required")),
		post("half of the other", at, c.husie, `{"id":"`+id+`"}`, 422, field("walk_in", "required")),
		post("a walk-in without an id", at, c.husie, `{"walk_in":2}`, 422, field("id", "required")),
		post("not a UUID", at, c.husie, `{"id":"1","walk_in":2}`, 422, field("id", "not-a-uuid")),
		post("nobody", at, c.husie, `{"id":"`+id+`","walk_in":0}`, 422, field("walk_in", "out-of-range")),
		post("less than nobody", at, c.husie, `{"rsvp":"`+id+`","present":-1}`, 422, field("present", "out-of-range")),
		post("a sign-up that is not there", at, c.husie, `{"rsvp":"`+id+`","present":1}`, 404),
		post("without a token", at, "", `{"id":"`+id+`","walk_in":2}`, 401),
	})
}

// What a nervous client sends twice counts once.
func TestRepeated_ChangesNothing(t *testing.T) {
	c := newCity(t)
	at := c.published(townHall)
	before := c.ask("GET", at, "")
	again := c.ask("POST", at+"/publish", "", "token", c.husie).want(t, 200)
	if again.Header.Get("ETag") != before.Header.Get("ETag") {
		t.Error("publishing again made another event of it")
	}
	c.ask("POST", at+"/rsvps", person("ada")).want(t, 201)
	rsvp := c.ask("GET", at+"/attendance", "", "token", c.husie).json(t)["attendees"].([]any)[0].(map[string]any)["rsvp"].(string)
	for range 3 {
		c.ask("POST", at+"/checkins", `{"rsvp":"`+rsvp+`","present":2}`, "token", c.husie).want(t, 204)
		c.ask("POST", at+"/checkins", `{"id":"0197a1b2-0000-7000-8000-000000000001","walk_in":3}`, "token", c.husie).want(t, 204)
	}
	c.ask("POST", at+"/checkins", `{"id":"0197a1b2-0000-7000-8000-000000000001","walk_in":4}`, "token", c.husie).want(t, 409)
	list := c.ask("GET", at+"/attendance", "", "token", c.husie).json(t)
	if list["here"] != 2.0 || list["walk_ins"] != 3.0 {
		t.Errorf("here %v, walk-ins %v, want 2 and 3", list["here"], list["walk_ins"])
	}
	first := c.ask("POST", at+"/cancel", `{"reason":"Storm"}`, "token", c.husie).want(t, 200)
	second := c.ask("POST", at+"/cancel", `{"reason":"Storm"}`, "token", c.husie).want(t, 200)
	if first.body != second.body || first.Header.Get("ETag") != second.Header.Get("ETag") {
		t.Errorf("cancelling again: %s, before %s", second.body, first.body)
	}
}

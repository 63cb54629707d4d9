package handlers

import (
	"testing"
)

const townHall = `{"kind":"town-hall","title":"Öppet möte om skolan","host":"husie","starts":"2026-03-13T18:00","place":{"name":"Aulan"},"capacity":3}`

func TestRound_ByAPI(t *testing.T) {
	c := newCity(t)
	a := c.ask("POST", "/api/v1/events", townHall, "token", c.husie).want(t, 201)
	t.Log(a.body, a.Header)
	id := a.json(t)["id"].(string)
	a = c.ask("POST", "/api/v1/events/"+id+"/publish", "", "token", c.husie).want(t, 200)
	a = c.ask("GET", "/feeds/all.ics", "").want(t, 200)
	t.Log(a.body, a.Header)
	a = c.ask("GET", "/api/v1/events", "").want(t, 200)
	t.Log(a.body)
	a = c.ask("POST", "/api/v1/events/"+id+"/rsvps", `{"name":"Ada","email":"ada@example.org","party":2,"consent":true}`)
	t.Log(a.body)
	a = c.ask("GET", "/api/v1/events/"+id+"/attendance", "", "token", c.husie)
	t.Log(a.body)
	a = c.ask("GET", "/api/v1/events/"+id+"/attendance", "", "token", c.husie, "Accept", "text/csv")
	t.Log(a.body)
	t.Log(c.log.String())
}

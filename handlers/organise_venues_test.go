package handlers

import (
	"regexp"
	"testing"

	"samling/models"
	"samling/planner"
)

// An association keeps a place of one of its events, changes it and drops it. What is
// the city's is for all to choose and for the central office to change.
func TestVenues_Life(t *testing.T) {
	c := newCity(t)
	b, other, office := c.signedIn("husie@example.org"), c.signedIn("videdal@example.org"), c.signedIn("office@example.org")
	e := b.event(c.published(townHall))
	b.get("/organise/venues").want(t, 200).contains(t, "Inga platser är sparade än", "/organise/venues/new?from="+e.ID, ">"+e.Place.Name+"<")
	page := b.get("/organise/venues/new?from="+e.ID).want(t, 200).contains(t, `value="`+e.Place.Name+`"`, `value="`+e.Place.Address+`"`)
	at := regexp.MustCompile(`/organise/venues/[-0-9a-f]{36}`).FindString(page.body)
	for range 2 { // pressed twice
		b.send("POST", at, filled(t, page, "capacity", "60")).want(t, 303)
	}
	b.get("/organise/venues").want(t, 200).contains(t, at, "plats för 60 personer").lacks(t, "/organise/venues/new?from=")
	other.get("/organise/venues").want(t, 200).lacks(t, at)
	other.get(at).want(t, 403)

	b.post(at, "association", "husie", "place.name", "").want(t, 422)
	stale := b.get(at).want(t, 200)
	b.send("POST", at, filled(t, stale, "place.name", "Stora aulan")).want(t, 303)
	again := b.send("POST", at, filled(t, stale, "place.name", "Lilla aulan")).want(t, 412).contains(t, `value="Lilla aulan"`)
	b.send("POST", at, filled(t, again)).want(t, 303)
	b.get(at).want(t, 200).contains(t, `value="Lilla aulan"`)

	b.send("POST", at, filled(t, b.get(at), "association", "")).want(t, 403)
	office.send("POST", at, filled(t, office.get(at), "association", "")).want(t, 303)
	other.get("/organise/venues").want(t, 200).contains(t, "Lilla aulan", "Hela staden").lacks(t, at)
	b.post(at, "do", "drop").want(t, 403)
	for range 2 {
		office.post(at, "do", "drop").want(t, 303)
	}
	for v, err := range c.Planner.Store.Venues.List(c.ctx, models.Query{}) {
		t.Errorf("there is still %+v, %v", v, err)
	}
}

// A place that is chosen by its name in the form brings what is known of it, once: what
// is taken out again stays out.
func TestVenues_Chosen(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	must(0, c.Planner.KeepVenue(c.ctx, planner.Command(), models.Venue{
		Document: models.Document{ID: "v"}, Name: "Folkets hus", Address: "Exempelgatan 5", District: "oster", Capacity: 60, Access: models.Access{StepFree: new(true)},
	}))
	b.get("/organise/events/new?kind=town-hall").want(t, 200).contains(t, `list="venues"`, `<option value="Folkets hus" data-fill=`, "Exempelgatan 5, plats för 60 personer")
	at := b.draft("place.name", "folkets hus")
	e := b.event(at)
	if e.Place.Line() != "Folkets hus, Exempelgatan 5" || e.District != "oster" || e.Capacity != 60 || e.Access.StepFree == nil {
		t.Errorf("it is %+v in %q for %d", e.Place, e.District, e.Capacity)
	}
	b.send("POST", at, filled(t, b.get(at), "place.address", "", "do", "save")).want(t, 303)
	if e = b.event(at); e.Place.Address != "" {
		t.Errorf("what was taken out is back: %+v", e.Place)
	}
}

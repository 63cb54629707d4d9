package handlers

import (
	"bytes"
	"encoding/json"
	"image/png"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"samling/handlers/picture"
	"samling/models"
	"samling/planner"
)

// school is a published event with all that one asks first.
func (c *city) school() models.Event {
	free, yes, lat, lon := 0, true, 55.6, 13.02
	e := townHallOf("husie")
	e.Slug, e.Title, e.Summary = "skolan", "Öppet möte om skolan", "Kom och säg vad du tycker."
	e.Texts = map[string]models.Text{"en": {Title: "Town hall on schools"}}
	e.Price, e.Food, e.Children = &free, &yes, &yes
	e.Place = models.Place{Name: "Aulan", Address: "Skolgatan 1", Latitude: &lat, Longitude: &lon}
	e = must(c.Planner.CreateEvent(c.ctx, planner.Command(), e))
	return must(c.Planner.MoveEvent(c.ctx, planner.Command(), e.ID, planner.Anyway, models.Publish, ""))
}

func (c *city) change(e models.Event, change func(*models.Event)) models.Event {
	return must(c.Planner.ChangeEvent(c.ctx, planner.Command(), e.ID, planner.Anyway, func(e *models.Event) error { change(e); return nil }))
}

func TestEventPage_Near(t *testing.T) {
	c := newCity(t)
	e := c.school()
	for name, tc := range map[string]struct {
		before time.Duration
		want   string
	}{
		"later today":     {2 * time.Hour, "i dag"},
		"tomorrow":        {20 * time.Hour, "i morgon"},
		"some days":       {5 * 24 * time.Hour, "om 5 dagar"},
		"weeks":           {30 * 24 * time.Hour, "om 4 veckor"},
		"months":          {100 * 24 * time.Hour, "om 3 månader"},
		"while it is on":  {-30 * time.Minute, "pågår nu"},
		"when it is over": {-5 * time.Hour, ""},
	} {
		at := moment{now: e.Starts.Add(-tc.before)}
		if got := near(c.Words.In("sv"), at, &e); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
	day := e
	day.DateOnly, day.Starts = true, e.Starts.In(c.zone).Truncate(24*time.Hour)
	if got := near(c.Words.In("en"), moment{now: e.Starts}, &day); got != "today" {
		t.Errorf("on the day of an event without hours: %q", got)
	}
	day.Status = models.Cancelled
	if got := near(c.Words.In("en"), moment{now: e.Starts}, &day); got != "" {
		t.Errorf("a cancelled one is %q", got)
	}
}

var dataBlock = regexp.MustCompile(`<script type="application/ld\+json">(.*)</script>`)

// data is what the page of an event tells search engines.
func (c *city) data(path string) map[string]any {
	c.t.Helper()
	found := dataBlock.FindStringSubmatch(c.ask("GET", path, "").want(c.t, 200).body)
	if found == nil {
		c.t.Fatalf("%s has no data", path)
	}
	var tree map[string]any
	if err := json.Unmarshal([]byte(found[1]), &tree); err != nil {
		c.t.Fatalf("%s: %v in %s", path, err, found[1])
	}
	return tree
}

func TestEventPage_Data(t *testing.T) {
	c := newCity(t)
	e := c.school()
	d := c.data("/en/events/skolan")
	for key, want := range map[string]any{
		"@type": "Event", "name": "Town hall on schools", "url": "https://samling.test/en/events/skolan",
		"eventStatus": "https://schema.org/EventScheduled", "startDate": "2026-03-13T10:00:00+01:00", "isAccessibleForFree": true,
		"eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
	} {
		if d[key] != want {
			t.Errorf("%s is %v, want %v", key, d[key], want)
		}
	}
	place, offer := d["location"].(map[string]any), d["offers"].(map[string]any)
	host := d["organizer"].([]any)[0].(map[string]any)
	if place["name"] != "Aulan" || place["geo"] == nil || offer["price"] != "0" || host["url"] != "https://samling.test/en/associations/husie" {
		t.Errorf("place %v, offer %v, host %v", place, offer, host)
	}
	c.change(e, func(e *models.Event) { e.Starts, e.Ends = e.Starts.Add(time.Hour), e.Ends.Add(time.Hour) })
	if d = c.data("/events/skolan"); d["eventStatus"] != "https://schema.org/EventRescheduled" || d["previousStartDate"] != "2026-03-13T10:00:00+01:00" {
		t.Errorf("moved it says %v, before %v", d["eventStatus"], d["previousStartDate"])
	}
	must(c.Planner.MoveEvent(c.ctx, planner.Command(), e.ID, planner.Anyway, models.Cancel, "Sjukt"))
	if d = c.data("/events/skolan"); d["eventStatus"] != "https://schema.org/EventCancelled" || d["offers"] != nil {
		t.Errorf("cancelled it says %v, offers %v", d["eventStatus"], d["offers"])
	}
}

func TestEventPage_Carried(t *testing.T) {
	c := newCity(t)
	e := c.school()
	c.run(t, []scenario{
		{name: "the page", method: "GET", url: "/events/skolan", status: 200, contains: []string{
			`value="https://samling.test/e/` + e.Short + `"`, `src="/events/skolan/qr.svg"`, `href="/events/skolan/share"`,
			`<meta property="og:image" content="https://samling.test/events/skolan/wide.png?v=`,
			"https://www.openstreetmap.org/?mlat=55.600000&amp;mlon=13.020000", "https://www.google.com/maps/search/?api=1&amp;query=55.600000%2C13.020000",
			"https://maps.apple.com/?ll=55.600000%2C13.020000&amp;q=Aulan%2C&#43;Skolgatan&#43;1", "om 10 dagar",
		}},
		{name: "the ready texts", method: "GET", url: "/events/skolan/share", status: 200, contains: []string{
			">Öppet möte om skolan. Fredag 13 mars kl. 10.00–12.00. Aulan, Skolgatan 1. https://samling.test/e/" + e.Short + "</textarea>",
			"Var: Aulan, Skolgatan 1\nArrangör: Husies förening\n\nFri entré. Vi bjuder på fika. Ta gärna med barnen.\n\nAnmäl dig: https://samling.test/e/" + e.Short + "</textarea>",
		}},
		{name: "in English", method: "GET", url: "/en/events/skolan/share", status: 200, contains: []string{"Town hall on schools. Friday 13 March, 10:00–12:00. Aulan", "https://samling.test/en/e/" + e.Short}},
		{name: "no such shape", method: "GET", url: "/events/skolan/round.png", status: 404},
		{name: "no such event", method: "GET", url: "/events/nope/wide.png", status: 404},
	})
	must(c.Planner.MoveEvent(c.ctx, planner.Command(), e.ID, planner.Anyway, models.Cancel, "Lokalen är översvämmad."))
	c.run(t, []scenario{{name: "cancelled", method: "GET", url: "/events/skolan/share", status: 200, contains: []string{
		">INSTÄLLT: Öppet möte om skolan. ", "INSTÄLLT: Öppet möte om skolan\n\nLokalen är översvämmad.\n\nNär:",
	}, notContains: []string{"Anmäl dig:"}}})
}

func TestEventPicture(t *testing.T) {
	c := newCity(t)
	e := c.school()
	path := "/events/skolan/wide.png"
	first := c.ask("GET", path, "", "Accept-Encoding", "gzip").want(t, 200)
	if first.Header.Get("Content-Type") != "image/png" || first.Header.Get("Content-Encoding") != "" {
		t.Errorf("headers %v", first.Header)
	}
	if at := must(png.Decode(strings.NewReader(first.body))).Bounds(); at.Dx() != 1200 || at.Dy() != 630 {
		t.Errorf("%v", at)
	}
	c.ask("GET", path, "", "If-None-Match", first.Header.Get("ETag")).want(t, 304)
	// What is no part of the picture leaves it as it is, without drawing it again.
	drawn := c.pictures.kept.Len()
	c.change(e, func(e *models.Event) { e.Description = "Längre text" })
	if c.ask("GET", path, "").want(t, 200).body != first.body || c.pictures.kept.Len() != drawn {
		t.Error("another text made another picture")
	}
	was := c.picturePath(c.Words.In("sv"), c.moment(), &e, "wide")
	e = c.change(e, func(e *models.Event) { e.Place.Name = "Biblioteket" })
	if c.ask("GET", path, "").want(t, 200).body == first.body || c.picturePath(c.Words.In("sv"), c.moment(), &e, "wide") == was {
		t.Error("another place is not in the picture")
	}
}

// A title in letters that we cannot draw is said in the installation's own
// language, with all that stands beside it.
func TestEventPicture_Letters(t *testing.T) {
	c := newCity(t)
	e := c.school()
	e.Texts = map[string]models.Text{"en": {Title: "لقاء"}}
	card := c.card(c.Words.In("en"), c.moment(), &e)
	if card.Title != "Öppet möte om skolan" {
		t.Errorf("title %q", card.Title)
	}
	e.Title = "🎈"
	if card = c.card(c.Words.In("sv"), c.moment(), &e); card.Title != "" || card.Host != "Husies förening" {
		t.Errorf("card %+v", card)
	}
	if _, err := c.drawer.Draw(picture.Formats()[1], card); err != nil {
		t.Error(err)
	}
}

// Many who ask at once for what takes long wait for one drawing, or are sent away.
func TestEventPicture_AtOnce(t *testing.T) {
	c := newCity(t)
	c.school()
	var all sync.WaitGroup
	bodies := make([]answer, 20)
	for i := range bodies {
		all.Go(func() { bodies[i] = c.ask("GET", "/events/skolan/tall.png", "") })
	}
	all.Wait()
	for _, a := range bodies {
		if a.StatusCode != 200 || !bytes.Equal([]byte(a.body), []byte(bodies[0].body)) {
			t.Fatalf("status %d", a.StatusCode)
		}
	}
	if n := c.pictures.kept.Len(); n != 1 {
		t.Errorf("%d pictures are kept", n)
	}
}

// Whoever has published something finds on its page what to hang up and to send.
func TestShare_FromTheOrganisersPage(t *testing.T) {
	c := newCity(t)
	e := c.school()
	b := c.signedIn("husie@example.org")
	b.get("/organise/events/"+e.ID).want(t, 200).contains(t, `href="/events/skolan/share"`)
	c.change(e, func(e *models.Event) { e.Audience = models.Members })
	b.get("/organise/events/"+e.ID).want(t, 200).lacks(t, "/share")
}

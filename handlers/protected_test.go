package handlers

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/models"
	"samling/planner"
)

// The place of a protected event, which nothing that anybody may read says.
var secret = regexp.MustCompile(`(?i)smyg|55[.,]1234|13[.,]0987`)

// protectedCity has a protected event with one seat, which is taken, and everything
// that could tell where it is. It has been moved there from elsewhere.
func protectedCity(t *testing.T) (*city, models.Event) {
	c := twin(t, false)
	e := townHallOf("husie")
	lat, lon := 55.1234, 13.0987
	e.ID, e.Slug, e.Title, e.Capacity, e.District = hiddenID, hiddenSlug, "Hemligt samtal", 1, "oster"
	e.Place = models.Place{Name: "Smyghuset", Address: "Smygstigen 1"}
	e.Access = models.Access{Notes: "Ring på hos Smyg."}
	e.OnlineURL = "https://smyg.example/rum"
	e.Rain, e.March = "I smyglokalen", models.March{Route: []models.Place{{Name: "Smygtorget"}, {Name: "Smyggränd"}}}
	e.Programme = []models.Item{{Title: "Samtal", Time: e.Starts, Place: "Smygrummet"}}
	e.SignUp = models.SignUpRules{Needed: true, Protected: true}
	e = must(c.Planner.CreateEvent(c.ctx, planner.Command(), e))
	e = must(c.Planner.MoveEvent(c.ctx, planner.Command(), e.ID, planner.Anyway, models.Publish, ""))
	must(c.Planner.SignUp(c.ctx, e.ID, models.SignUp{Name: "Ada", Email: "ada@example.org", Party: 1, Consent: true, Language: "sv"}, nil))
	e = must(c.Planner.ChangeEvent(c.ctx, planner.Command(), e.ID, planner.Anyway, func(e *models.Event) error {
		e.Place = models.Place{Name: "Smygvillan", Address: "Smygstigen 13", Latitude: &lat, Longitude: &lon}
		return nil
	}))
	c.pass(time.Minute)
	return c, e
}

// Every route and every feed, asked as the test for members asks them, by the
// public and by an organiser of another association.
func TestProtected_NobodyIsToldThePlace(t *testing.T) {
	if testing.Short() {
		t.Skip("long: it is run whole without -short")
	}
	t.Parallel() // the longest ones, side by side
	c, _ := protectedCity(t)
	cookie, token := c.session("almgarden@example.org"), c.token("almgarden@example.org", models.RoleOrganiser, "almgarden")
	named := 0
	for _, route := range c.App().GetRoutes(true) {
		path, prefix := inFirstLanguage(route.Path)
		method := route.Method
		if method == fiber.MethodHead {
			method = fiber.MethodGet
		}
		for _, text := range unseen[method+" "+path] {
			for _, who := range [][2]string{{"", ""}, {cookie, token}} {
				a := c.asks(route.Method, prefix+text, who[0], who[1])
				if found := secret.FindString(a.whole()); found != "" {
					t.Errorf("%s %s%s as %q tells %q", route.Method, prefix, text, who[0], found)
				}
				if strings.Contains(a.body, "Hemligt samtal") {
					named++
				}
			}
		}
	}
	if named < 50 {
		t.Errorf("the event was named in %d answers only", named)
	}
	// Where nothing is found, what is on soon is shown whatever was asked for.
	for search, nothing := range map[string]string{
		"/?q=smygvillan": "/?q=xyzzy", "/api/v1/events?q=smygvillan": "/api/v1/events?q=xyzzy",
		"/?district=oster": "/api/v1/events?q=xyzzy", "/api/v1/events?district=oster": "/api/v1/events?q=xyzzy",
	} {
		with, without := c.ask("GET", search, ""), c.ask("GET", nothing, "")
		if strings.Count(with.body, "Hemligt samtal") != strings.Count(without.body, "Hemligt samtal") {
			t.Errorf("%s finds it", search)
		}
	}
	for _, district := range []string{"/districts/oster", "/feeds/districts/oster.ics"} {
		if a := c.ask("GET", district, "").want(t, 200); strings.Contains(a.body, "Hemligt samtal") {
			t.Errorf("%s has it", district)
		}
	}
}

func TestProtected_SaysWhenItIsTold(t *testing.T) {
	c, e := protectedCity(t)
	const later = "Platsen får du när din anmälan är bekräftad"
	at := apiRoot + "/events/" + e.ID
	page := c.ask("GET", "/events/"+e.Slug, "").want(t, 200)
	page.contains(t, later+", tidigast torsdag 12 mars kl. 10.00.", `max="2"`).lacks(t, "Fullbokat", "reservlistan", "Öster")
	c.ask("GET", "/", "").contains(t, later).lacks(t, "Fullbokat")
	c.ask("GET", "/events/"+e.Slug+".ics", "").contains(t, "LOCATION:"+later).lacks(t, "GEO:")
	c.ask("GET", "/feeds/all.ics?lang=en", "").contains(t, "LOCATION:You get the place once")
	c.ask("GET", "/feeds/all.atom", "").contains(t, later)
	c.ask("GET", "/feeds/all.json", "").contains(t, later)
	shown := c.ask("GET", at, "").want(t, 200)
	shown.contains(t, `"place":{}`, `"capacity":null`, `"seats":"open"`, `"protected":true`, `"max_party":2`).lacks(t, `"going"`)

	// Who edits it works with the place, and loses nothing of it.
	mine := c.ask("GET", at, "", "token", c.husie).want(t, 200).contains(t, "Smygvillan", "55.1234", `"capacity":1`, `"district":"oster"`)
	c.ask("PATCH", at, mine.body, "token", c.husie).want(t, 200)
	if now := must(c.Planner.Editable(c.ctx, planner.Command(), e.ID)); now.Place.Name != "Smygvillan" || now.Sequence != e.Sequence {
		t.Errorf("sent back as it was read, it is %+v", now.Place)
	}
	b := c.signedIn("husie@example.org")
	b.get("/organise/events/"+e.ID).contains(t, `value="Smygvillan"`, `name="rsvp.protected" value="yes" checked`)
	b.get("/organise/events/"+e.ID+"/preview").contains(t, later).lacks(t, "Smyg")
	b.get("/organise/events").contains(t, "Skyddad plats")
}

// Her own page tells her when she has confirmed and the hour has come.
func TestProtected_HerOwnPage(t *testing.T) {
	c, e := protectedCity(t)
	ada := c.link(apiRoot+"/events/"+e.ID, "Ada")
	c.ask("GET", ada, "").want(t, 200).contains(t, "Var vi ses får du veta när du har en bekräftad plats, tidigast torsdag 12 mars kl. 10.00.").lacks(t, "Smyg", "smyg")
	c.ask("GET", ada+"/event.ics", "").want(t, 200).lacks(t, "Smyg", "smyg", "GEO", "LOCATION")
	c.press(ada, "action", "confirm").want(t, 303)
	must(c.Planner.TellDue(c.ctx))
	c.ask("GET", ada, "").want(t, 200).contains(t, "Var vi ses står här, och i ett mejl till dig, torsdag 12 mars kl. 10.00.").lacks(t, "Smyg", "smyg")
	c.pass(e.PlaceFrom().Sub(*c.clock))
	c.ask("GET", ada, "").want(t, 200).contains(t, "Smygvillan, Smygstigen 13", "https://smyg.example/rum")
	c.ask("GET", ada+"/event.ics", "").want(t, 200).contains(t, `LOCATION:Smygvillan\, Smygstigen 13`)
	must(c.Planner.TellDue(c.ctx))
	kinds := map[models.MailKind]models.Mail{}
	for m, err := range c.Planner.Store.Mails.List(c.ctx, models.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		kinds[m.Kind] = m
	}
	if m := kinds[models.MailPlace]; m.Is.Place != "Smygvillan, Smygstigen 13" || m.About.Place.Latitude == nil {
		t.Errorf("the mail tells %+v", m)
	}
	c.press(ada, "action", "cancel").want(t, 303)
	c.ask("GET", ada, "").want(t, 200).lacks(t, "Smyg", "smyg")
}

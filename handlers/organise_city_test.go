package handlers

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"samling/models"
	"samling/planner"
)

func (b *browser) organiserAt(email string) string {
	b.t.Helper()
	return "/organise/organisers/" + must(b.Planner.OrganiserByEmail(b.ctx, email)).ID
}

func TestOrganisers_FindAndChange(t *testing.T) {
	c := newCity(t)
	office := c.signedIn("office@example.org")
	for query, want := range map[string]struct{ there, not string }{
		"":                  {"videdal@example.org", "nobody@example.org"},
		"?q=HUSIE":          {"husie@example.org", "videdal@example.org"},
		"?of=videdal":       {"videdal@example.org", "husie@example.org"},
		"?role=organiser":   {"husie@example.org", ">office@example.org</a>"},
		"?show=invited":     {"husie@example.org", ">office@example.org</a>"},
		"?show=lapsed":      {"0 arrangörer", "husie@example.org"},
		"?q=zz&page=999999": {"0 arrangörer", "husie@example.org"},
	} {
		t.Run(query, func(t *testing.T) {
			office.get("/organise/organisers"+query).want(t, 200).contains(t, want.there).lacks(t, want.not)
		})
	}
	office.post("/organise/organisers", "email", "husie@example.org", "role", "coordinator").want(t, 422).contains(t, "hör redan till en arrangör")
	office.post("/organise/organisers", "email", "x", "role", "organiser").want(t, 422).contains(t, `href="#email"`, `href="#association"`)

	at := office.organiserAt("husie@example.org")
	one := filled(t, office.get(at), "name", "Anna", "association", "husie")
	two := filled(t, office.get(at), "name", "Annika", "association", "husie")
	office.send("POST", at, one).leads(t, at+"?done=saved")
	shown := office.send("POST", at, two).want(t, 412).contains(t, "Någon annan har sparat", "Anna", `value="Annika"`)
	office.send("POST", at, filled(t, shown, "association", "husie")).leads(t, at+"?done=saved")
	office.get("/organise/changes").contains(t, "ändrade arrangören", "Anna", "Annika")

	self := office.organiserAt("office@example.org")
	office.get(self).lacks(t, self+"/remove")
	office.post(self+"/remove").want(t, 422).contains(t, "Be en annan samordnare")
}

// All of an association are renewed at once, and who has lapsed is found and renewed.
func TestOrganisers_Renew(t *testing.T) {
	c := newCity(t)
	at := must(c.Planner.OrganiserByEmail(c.ctx, "husie@example.org"))
	*c.clock = at.Lapses().Add(-24 * time.Hour)
	must(c.Planner.AddOrganiser(c.ctx, models.Organiser{Email: "office@example.org", Role: models.RoleCoordinator}))
	office := c.signedIn("office@example.org")
	office.get("/organise/city").contains(t, "går snart ut")
	office.get("/organise/organisers?show=lapsing").contains(t, "husie@example.org", "videdal@example.org")
	office.get("/organise/organisers?of=husie").contains(t, "Förläng alla i Husies förening")
	office.post("/organise/organisers/renew", "of", "husie").leads(t, "/organise/organisers?of=husie&renewed=1")
	c.pass(48 * time.Hour)
	office.get("/organise/organisers?show=lapsed").contains(t, "videdal@example.org").lacks(t, ">husie@example.org<")
	office.post(office.organiserAt("videdal@example.org")+"/invite").want(t, 409)
	office.post(office.organiserAt("videdal@example.org")+"/renew").want(t, 303)
	office.get("/organise/organisers?show=lapsed").contains(t, "0 arrangörer")
}

// What is pressed twice is done once, and both presses end on the page that says so.
func TestOrganisers_PressedTwice(t *testing.T) {
	c := newCity(t)
	office := c.signedIn("office@example.org")
	at := office.organiserAt("husie@example.org")
	invitations := func() (n int) {
		for m, err := range c.Planner.Store.Mails.List(c.ctx, models.Query{}) {
			if must(m, err).Kind == models.MailInvited {
				n++
			}
		}
		return n
	}
	for want := 1; want <= 2; want++ {
		seen := office.get(at).want(t, 200).inField("seen")
		c.pass(time.Second)
		for range 2 {
			office.post(at+"/invite", "seen", seen).leads(t, at+"?done=invited")
			c.pass(time.Second)
		}
		if n := invitations(); n != want {
			t.Errorf("%d invitations, want %d", n, want)
		}
	}
	for range 2 {
		office.post(at+"/remove").leads(t, "/organise/organisers?done=removed")
	}
	office.post("/organise/organisers/nobody/remove").want(t, 404)
}

func TestDirectory_CloseAndSettings(t *testing.T) {
	c := newCity(t)
	office, husie := c.signedIn("office@example.org"), c.signedIn("husie@example.org")
	husie.draft()
	office.get("/organise/directory/husie/close").contains(t, "Den aktivitet som är på gång blir kvar")
	office.post("/organise/directory/husie/close", "closed", "yes").leads(t, "/organise/directory/husie?done=closed")
	office.get("/organise/directory?show=closed").contains(t, "Husies förening").lacks(t, "Videdals förening")
	form := filled(t, husie.get("/organise/events/new?kind=meeting"), "title", "Nytt", "starts.date", "2026-03-13", "host", "husie", "do", "publish")
	husie.send("POST", "/organise/events", form).want(t, 422).contains(t, "är stängd")
	office.get("/organise/events/new?kind=meeting").lacks(t, `<option value="husie"`)
	c.browser().get("/associations/husie").want(t, 200)

	office.post("/organise/settings", "office.name", "Kansliet", "office.phone", "040-1", "office.email", "x").want(t, 422).contains(t, `href="#office.email"`)
	office.post("/organise/settings", "office.name", "Kansliet", "office.phone", "040-123 45").leads(t, "/organise/settings?done=saved")
	husie.get("/organise").contains(t, "040-123 45")
	office.get("/organise/changes").contains(t, "ändrade inställningarna", "040-123 45", "stängde")
}

func TestSeveral(t *testing.T) {
	c := newCity(t)
	office, husie := c.signedIn("office@example.org"), c.signedIn("husie@example.org")
	one, two := husie.draft("title", "Kväll ett"), husie.draft("title", "Kväll två")
	id := func(at string) string { return at[strings.LastIndex(at, "/")+1:] }
	both := url.Values{"event": {id(one), id(two)}, "list.which": {"drafts"}, "list.host": {"husie"}}
	with := func(fields ...string) url.Values {
		v := url.Values{}
		for name, values := range both {
			v[name] = values
		}
		for i := 0; i+1 < len(fields); i += 2 {
			v.Set(fields[i], fields[i+1])
		}
		return v
	}
	const several = "/organise/events/several"
	office.send("POST", several, url.Values{"do": {"move"}}).want(t, 303)
	office.get("/organise/events?which=coming&done=none").contains(t, "Kryssa först")
	office.send("POST", several, with("do", "explode")).want(t, 409)
	office.send("POST", several, with("do", "move")).want(t, 200).contains(t, "Flytta 2 aktiviteter", "Kväll ett", `name="list.host" value="husie"`)
	for name, wrong := range map[string][]string{
		"nothing":  {"do", "move", "go", "yes"},
		"by words": {"do", "move", "go", "yes", "days", "två"},
		"too far":  {"do", "move", "go", "yes", "days", "367"},
	} {
		t.Run(name, func(t *testing.T) {
			office.send("POST", several, with(wrong...)).want(t, 422).contains(t, `href="#days"`, "Kväll två")
		})
	}
	office.send("POST", several, with("do", "place", "go", "yes")).want(t, 422).contains(t, `href="#place.name"`)
	plan := office.send("POST", several, with("do", "move", "go", "yes", "way", "earlier", "days", "1", "minutes", "15")).want(t, 303).Header.Get("Location")
	office.get(plan).want(t, 200).contains(t, "2 aktiviteter", "/organise/events?host=husie&amp;which=drafts")
	before := office.event(one).Starts
	office.post(plan, "do", "carry").want(t, 303)
	if after := office.event(one).Starts; !after.Equal(before.AddDate(0, 0, -1).Add(-15 * time.Minute)) {
		t.Errorf("from %v to %v", before, after)
	}
	// All that the list shows, whatever is ticked.
	all := url.Values{"all": {"yes"}, "do": {"publish"}, "list.which": {"drafts"}, "list.q": {"kväll"}}
	plan = office.send("POST", several, all).want(t, 303).Header.Get("Location")
	office.get(plan).contains(t, "2 aktiviteter")
	// Somebody of another association plans nothing with what is not hers.
	c.signedIn("videdal@example.org").send("POST", several, with("do", "publish")).want(t, 404)

	office.get("/organise/events?from=x").want(t, 422)
	office.get("/organise/events?which=drafts&kind=town-hall&district=oster&from=2026-03-01&to=2026-03-31").contains(t, "Kväll ett", "<details open>")
	office.get("/organise/events?which=drafts&kind=seminar").lacks(t, "Kväll ett")
}

func TestNumbers_CSV(t *testing.T) {
	c := newCity(t)
	e := must(c.Planner.CreateEvent(c.ctx, planner.Command(), townHallOf("husie")))
	must(c.Planner.MoveEvent(c.ctx, planner.Command(), e.ID, planner.Anyway, models.Publish, ""))
	office := c.signedIn("office@example.org")
	a := office.get("/organise/numbers.csv?by=month&period=2026").want(t, 200)
	if got := a.Header.Get("Content-Disposition"); got != `attachment; filename="siffror-month-2026.csv"` {
		t.Errorf("it is called %s", got)
	}
	a.contains(t, "\ufeffMånad;Aktiviteter;", e.Starts.Format("2006-01")+";1;0;0;0;0;0;0;0\r\n")
	office.get("/organise/numbers?by=nothing&period=x").want(t, 200).contains(t, "Senaste tolv månaderna: aktiviteter och människor", "Husies förening")
}

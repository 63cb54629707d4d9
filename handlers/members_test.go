package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"samling/models"
	"samling/planner"
)

// secret is that of an association's members' link as it is now.
func (c *city) secret(slug string) string {
	a := must(c.Planner.Catalogue().Association(slug))
	return c.Planner.AssociationSecret(&a)
}

// meeting is a published event of husie and videdal for members.
func (c *city) meeting() models.Event {
	e := townHallOf("husie")
	e.Audience, e.Title, e.CoHosts = models.Members, "Hemligt möte", []string{"videdal"}
	e = must(c.Planner.CreateEvent(c.ctx, planner.Command(), e))
	return must(c.Planner.MoveEvent(c.ctx, planner.Command(), e.ID, planner.Anyway, models.Publish, ""))
}

// linked is a city with a meeting for members, a public event of husie's, and the
// addresses that members' links have there.
type linked struct {
	*city
	event                       models.Event
	husie, videdal, office, own string
}

func newLinked(t *testing.T) *linked {
	c := newCityWith(t, func(c *Config) { c.Planner.Limits = false })
	must(c.Planner.ImportAssociations(c.ctx, []planner.Row[models.Association]{
		{Line: 2, Doc: models.Association{Document: models.Document{ID: "staden"}, Name: "Staden", Central: true}},
	}))
	c.published(townHall)
	c.published(strings.Replace(townHall, `"title"`, `"slug":"may-day","title"`, 1))
	c.published(strings.Replace(townHall, `"title":"Öppet möte om skolan"`, `"slug":"frukost","audience":"members","parent":"may-day","title":"Hemlig frukost"`, 1))
	l := &linked{city: c, event: c.meeting()}
	l.husie, l.videdal, l.office = "/members/"+c.secret("husie"), "/members/"+c.secret("videdal"), "/members/"+c.secret("staden")
	l.own = "/members/" + c.Planner.EventSecret(&l.event)
	return l
}

// keptApart fails unless an answer is for her alone who has the link.
func (a answer) keptApart(t *testing.T) {
	t.Helper()
	if got := a.Header.Get("Cache-Control"); !strings.HasPrefix(got, "private") && got != "no-store" {
		t.Errorf("Cache-Control: %q", got)
	}
	for name, want := range map[string]string{"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if strings.Contains(a.body, "<html") && !strings.Contains(a.body, `<meta name="robots" content="noindex`) {
		t.Error("the page does not say noindex")
	}
	for _, not := range []string{"og:", `rel="canonical"`, "hreflang=\"sv\" href=\"https"} {
		if strings.Contains(a.body, not) {
			t.Errorf("the page has %q", not)
		}
	}
}

func TestMembers_WithTheLink(t *testing.T) {
	c := newLinked(t)
	event := "/events/" + c.event.Slug
	for name, row := range map[string]struct {
		path   string
		status int
		want   string // parts that must be there, and those after a bar that must not
	}{
		"the association's list":          {c.husie, 200, `Husies förening;Hemligt möte;För medlemmar;Öppet möte om skolan;href="` + c.husie + event + `"|`},
		"in English":                      {"/en" + c.husie, 200, `Husies förening;Hemligt möte;For members;href="/en` + c.husie + event + `"|`},
		"the co-host's list":              {c.videdal, 200, "Videdals förening;Hemligt möte|Öppet möte om skolan"},
		"the whole city's":                {c.office, 200, "Staden;Hemligt möte;Öppet möte om skolan|"},
		"the event's own leads to it":     {c.own, 303, "|"},
		"the event":                       {c.husie + event, 200, "Hemligt möte;För medlemmar;" + c.husie + event + "/rsvp;" + c.husie + event + ".ics;Husies förening|"},
		"by its own link":                 {c.own + event, 200, "Hemligt möte;" + c.own + event + "/rsvp|" + c.husie + ";members.back"},
		"a public one in the list":        {c.husie + "/events/oppet-mote-om-skolan", 200, "Öppet möte om skolan|"},
		"what of it is for members":       {c.husie + "/events/may-day", 200, `Hemlig frukost;href="` + c.husie + `/events/frukost"|`},
		"and the way back":                {c.husie + "/events/frukost", 200, `href="` + c.husie + `/events/may-day"|`},
		"another's public one":            {c.videdal + "/events/oppet-mote-om-skolan", 404, "|Öppet"},
		"another event by an event's own": {c.own + "/events/oppet-mote-om-skolan", 404, "|Öppet"},
		"by its id":                       {c.husie + "/events/" + c.event.ID, 404, "|Hemligt"},
		"what is not there":               {c.husie + "/nothing", 404, "|Hemligt"},
		"the file":                        {c.husie + event + ".ics", 200, "SUMMARY:Hemligt möte;CLASS:PRIVATE;" + c.own[9:30] + "|" + c.husie},
		"the calendar of the association": {"/feeds" + c.husie + ".ics", 200, "SUMMARY:Hemligt möte;SUMMARY:Öppet möte om skolan;CLASS:PRIVATE;X-WR-CALNAME:Husies förening\\, för medlemmar;" + c.own[9:30] + "|" + c.husie[9:30] + ";SOURCE"},
		"in English, too":                 {"/feeds" + c.husie + ".ics?lang=en", 200, "X-WR-CALNAME:Husies förening\\, for members;/en/members/|"},
		"the calendar of the co-host":     {"/feeds" + c.videdal + ".ics", 200, "SUMMARY:Hemligt möte|Öppet möte om skolan"},
		"the calendar of the city":        {"/feeds" + c.office + ".ics", 200, "SUMMARY:Hemligt möte;SUMMARY:Öppet möte om skolan|"},
		"its news":                        {"/feeds" + c.husie + ".atom", 200, "<title>Hemligt möte</title>;Husies förening, för medlemmar;" + c.own[9:30] + "|" + c.husie[9:30] + `;rel="self"`},
		"its news in JSON":                {"/feeds" + c.husie + ".json", 200, `"title":"Hemligt möte";` + c.own[9:30] + "|" + c.husie[9:30] + ";feed_url"},
		"the event's news":                {c.husie + event + ".atom", 200, "<title>Hemligt möte</title>;" + c.own[9:30] + "|" + c.husie[9:30]},
		"an event is no calendar":         {"/feeds" + c.own + ".ics", 404, "|Hemligt"},
		"in no language":                  {"/feeds" + c.husie + ".ics?lang=xx", 404, "|Hemligt"},
		"thanks, to a form not sent":      {c.husie + event + "/rsvp", 303, "|"},
		"thanks":                          {c.husie + event + "/rsvp?status=going&party=2", 200, "Hemligt möte;" + c.husie + event + `"|`},
	} {
		t.Run(name, func(t *testing.T) {
			a := c.ask("GET", row.path, "").want(t, row.status)
			body := strings.ReplaceAll(a.body, "\r\n ", "")
			with, without, _ := strings.Cut(row.want, "|")
			for _, part := range strings.Split(with, ";") {
				if !strings.Contains(body, part) {
					t.Errorf("there is no %q in %s", part, body)
				}
			}
			for _, part := range strings.Split(without, ";") {
				if part != "" && strings.Contains(body, part) {
					t.Errorf("there is %q in %s", part, body)
				}
			}
			a.keptApart(t)
			if strings.Contains(a.Header.Get("Content-Disposition"), c.secret("husie")) {
				t.Error("the secret is the name of a file")
			}
		})
	}
}

// What members are shown changes nothing of what the public is shown.
func TestMembers_ShelvesApart(t *testing.T) {
	c := newLinked(t)
	c.pass(time.Minute) // Last-Modified lags while its second is running
	for _, path := range []string{"/", "/associations/husie", "/feeds/all.ics", "/feeds/associations/husie.ics", "/api/v1/events"} {
		before := c.ask("GET", path, "").want(t, 200)
		for _, members := range []string{c.husie, c.husie + "/events/" + c.event.Slug, "/feeds" + c.husie + ".ics", "/feeds" + c.office + ".ics"} {
			c.ask("GET", members, "").want(t, 200)
		}
		if after := c.ask("GET", path, ""); after.whole() != before.whole() || strings.Contains(after.body, "Hemligt") {
			t.Errorf("%s: %s", path, after.body)
		}
	}
	public := c.ask("GET", "/feeds/associations/husie.ics", "")
	members := c.ask("GET", "/feeds"+c.husie+".ics", "", "If-None-Match", public.Header.Get("ETag")).want(t, 200)
	c.ask("GET", "/feeds"+c.husie+".ics", "", "If-None-Match", members.Header.Get("ETag")).want(t, 304).keptApart(t)
	c.pass(time.Hour)
	must(c.Planner.ChangeEvent(c.ctx, planner.Command(), c.event.ID, planner.Anyway, func(e *models.Event) error { e.Summary = "Nytt"; return nil }))
	since := members.Header.Get("Last-Modified")
	c.ask("GET", "/feeds"+c.husie+".ics", "", "If-Modified-Since", since).want(t, 200)
	c.ask("GET", "/feeds/all.ics", "", "If-Modified-Since", public.Header.Get("Last-Modified")).want(t, 304)
}

func TestMembers_SignUpWithTheLink(t *testing.T) {
	c := newLinked(t)
	form := func(email, name string) string {
		return url.Values{"name": {name}, "email": {email}, "party": {"1"}, "consent": {"yes"}}.Encode()
	}
	media := []string{"Content-Type", "application/x-www-form-urlencoded"}
	for name, at := range map[string]string{"ada": c.husie, "bo": c.videdal, "cleo": c.office, "dani": c.own} {
		page := at + "/events/" + c.event.Slug
		a := c.ask("POST", page+"/rsvp", form(name+"@example.org", name), media...)
		if name == "dani" { // three seats
			a.want(t, 303)
		}
		if to := a.Header.Get("Location"); !strings.HasPrefix(to, page+"/rsvp?") {
			t.Errorf("%s was led to %q", name, to)
		}
		a.keptApart(t)
		c.ask("GET", a.Header.Get("Location"), "").want(t, 200).keptApart(t)
		wrong := c.ask("POST", page+"/rsvp", form("x", ""), media...).want(t, 422)
		if !strings.Contains(wrong.body, `action="`+page+`/rsvp"`) {
			t.Error("the form that is to be corrected goes elsewhere")
		}
		wrong.keptApart(t)
	}
	if n := c.ask("GET", apiRoot+"/events/"+c.event.ID, "", "token", c.city.husie).json(t); n["going"] != 3.0 || n["waiting"] != 1.0 {
		t.Errorf("going %v, waiting %v", n["going"], n["waiting"])
	}
	// By a page that must not be named an older browser sends this.
	c.ask("POST", c.own+"/events/"+c.event.Slug+"/rsvp", form("eva@example.org", "Eva"), append(media, "Origin", "null")...).want(t, 303)
}

// Once a link was made anew, the one before is as if it had never been.
func TestMembers_AfterRevocation(t *testing.T) {
	c := newLinked(t)
	event := "/events/" + c.event.Slug
	addresses := map[string][]string{
		c.husie: {"MEMBERS", "MEMBERS" + event, "MEMBERS" + event + "/rsvp?status=going", "MEMBERS" + event + ".ics", "/feedsMEMBERS.ics", "/enMEMBERS"},
		c.own:   {"MEMBERS", "MEMBERS" + event, "MEMBERS" + event + ".ics"},
	}
	never := "/members/" + strings.Repeat("A", 43)
	open := func(at string) (n int) {
		for _, address := range addresses[at] {
			a := c.ask("GET", strings.Replace(address, "MEMBERS", at, 1), "")
			if a.StatusCode != http.StatusNotFound {
				n++
				continue
			}
			b := c.ask("GET", strings.Replace(address, "MEMBERS", never, 1), "")
			if got, want := strings.ReplaceAll(a.whole(), at, "X"), strings.ReplaceAll(b.whole(), never, "X"); got != want {
				t.Errorf("%s answers\n%s\nand one that never was\n%s", address, got, want)
			}
		}
		return n
	}
	if open(c.husie) != 6 || open(c.own) != 3 {
		t.Fatal("they do not open everything before")
	}
	c.pass(time.Minute)
	must(0, c.Planner.RenewAssociationLink(c.ctx, planner.Command(), "husie", time.Time{}))
	if open(c.husie) != 0 || open(c.own) != 3 {
		t.Error("husie's old link still opens something, or another does not")
	}
	must(0, c.Planner.RenewEventLink(c.ctx, planner.Command(), c.event.ID, time.Time{}))
	if open(c.own) != 0 {
		t.Error("the event's old link still opens something")
	}
	c.ask("GET", "/members/"+c.secret("husie"), "").want(t, 200)
	c.ask("GET", c.videdal, "").want(t, 200)
	a := c.ask("POST", c.own+event+"/rsvp", "name=Ada", "Content-Type", "application/x-www-form-urlencoded").want(t, 404)
	if strings.Contains(a.body, "Hemligt") {
		t.Error(a.body)
	}
}

// No line of the log lets its reader in.
func TestMembers_LogCutsTheSecret(t *testing.T) {
	c := newLinked(t)
	for _, path := range []string{c.husie, "/en" + c.husie, c.own + "/events/" + c.event.Slug, "/feeds" + c.husie + ".ics", c.husie + "x", c.husie + "/nothing"} {
		c.ask("GET", path, "")
	}
	for _, secret := range []string{c.secret("husie"), c.Planner.EventSecret(&c.event)} {
		if strings.Contains(c.log.String(), secret[:20]) {
			t.Errorf("the log has a secret: %s", c.log)
		}
	}
	if n := strings.Count(c.log.String(), "/members/…"); n < 6 {
		t.Errorf("%d lines say what was asked for: %s", n, c.log)
	}
}

// Looking up a link, and what it shows, costs no read of the store.
func TestMembers_ServedWhileTheStoreIsAway(t *testing.T) {
	c := newLinked(t)
	must(0, c.Planner.Store.Close())
	for path, status := range map[string]int{
		c.husie: 200, c.own + "/events/" + c.event.Slug: 200, "/feeds" + c.office + ".ics": 200,
		"/members/nothing": 404, "/events/" + c.event.Slug: 404, "/api/v1/events/" + c.event.ID: 404,
	} {
		c.ask("GET", path, "").want(t, status)
	}
}

// Whoever signed up finds the event again by her own link.
func TestMembers_ManagePageLeadsToTheEvent(t *testing.T) {
	c := newLinked(t)
	pass := must(c.Planner.ByMembersLink(c.secret("husie")))
	must(c.Planner.SignUp(c.ctx, c.event.ID, models.SignUp{Name: "Ada", Email: "ada@example.org", Party: 1, Consent: true, Pass: pass}, nil))
	r := must(c.Planner.Store.Rosters.Get(c.ctx, c.event.ID))
	token := c.Planner.Keys.Vault().Token(planner.ManagePurpose, r.Entries[0].RSVP.String())
	if a := c.ask("GET", "/rsvp/"+token, "").want(t, 200); !strings.Contains(a.body, `href="`+c.own+"/events/"+c.event.Slug+`"`) {
		t.Errorf("it does not: %s", a.body)
	}
	if e := c.ask("GET", apiRoot+"/events/"+c.event.ID, "", "token", c.city.husie).json(t); e["url"] != c.Site+c.own+"/events/"+c.event.Slug {
		t.Errorf("its organiser is given %v", e["url"])
	}
}

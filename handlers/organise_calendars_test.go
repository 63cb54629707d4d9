package handlers

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"samling/models"
	"samling/planner"
)

// fetches makes whoever waits for a calendar see what a fetch has found.
func (c *city) fetches(result func(f *models.Follow)) {
	c.Planner.Fetch = func(ctx context.Context, id string) {
		must(c.Planner.Store.Follows.Update(ctx, id, func(f *models.Follow) error {
			err := errors.Join(f.Begin("a", *c.clock), f.Succeed("a", *c.clock))
			result(f)
			return err
		}))
	}
}

func found(f *models.Follow) {
	f.Name = "Husies <kalender>"
	f.Found = models.Found{
		Events: 12, Private: 2, More: 3,
		Next: []models.Glimpse{{Title: "Kören övar", Starts: tuesday.AddDate(0, 0, 3), Ends: tuesday.AddDate(0, 0, 3).Add(time.Hour), TimeZone: "Europe/Stockholm", Place: "Aulan"}},
		Left: []models.LeftOut{
			{Glimpse: models.Glimpse{Starts: tuesday}, Trouble: models.Trouble{Code: "no-title"}},
			{Glimpse: models.Glimpse{Title: "Konstig"}, Trouble: models.Trouble{Code: "something-new"}},
		},
	}
}

func TestCalendars_Journey(t *testing.T) {
	c := newCity(t)
	c.fetches(found)
	b := c.signedIn("husie@example.org")
	page := b.get("/organise/calendars").want(t, 200).contains(t, "Kalendrar som vi följer", "Husies förening", "i iCal-format")
	if strings.Contains(page.body, "Videdals förening") {
		t.Error("she may choose an association that she does not work for")
	}
	b.send("POST", "/organise/calendars", url.Values{"association": {"husie"}, "address": {"http://kalender.example/hemlig.ics"}}).want(t, 422).contains(t, "vem som helst kan läsa på vägen", `value="http://kalender.example/hemlig.ics"`)

	at := b.send("POST", "/organise/calendars", url.Values{"association": {"husie"}, "address": {"webcal://kalender.example/hemlig.ics"}}).want(t, 303).Header.Get("Location")
	page = b.get(at).want(t, 200).contains(t, "Husies &lt;kalender&gt;", "12 aktiviteter framöver", "Kören övar", "fredag 6 mars", "Aulan",
		"Utan rubrik", "behöver en rubrik", "går inte att läsa", "Och 3 till", "2 aktiviteter som är märkta som privata", "Ja, publicera aktiviteterna", "Ja, men spara dem som utkast")
	if strings.Contains(page.body, "hemlig.ics") {
		t.Error("the page shows the whole address")
	}
	b.get("/organise").want(t, 200).contains(t, "Husies &lt;kalender&gt;", "väntar på ditt ja")
	b.send("POST", at+"/approve", url.Values{"as": {"drafts"}}).want(t, 303)
	id := at[strings.LastIndex(at, "/")+1:]
	f := must(c.Planner.Follow(c.ctx, planner.Command(), id))
	if f.Status != models.FollowOn || !f.Drafts {
		t.Errorf("got %+v", f)
	}
	b.get(at+"?done=approved").want(t, 200).contains(t, "Nu följs kalendern", "Nya sparas som utkast", "Hämtad tisdag 3 mars kl. 10.00", "Hämtas nästa gång")
	b.post(at+"/fetch").want(t, 303)
	b.get(at+"?done=just-now").want(t, 200).contains(t, "alldeles nyss")
	b.post(at+"/stop").want(t, 303)
	b.get(at).want(t, 404)
	b.get("/organise/calendars?done=stopped").want(t, 200).contains(t, "Aktiviteterna finns kvar")
}

func TestCalendars_Troubles(t *testing.T) {
	c := newCity(t)
	c.fetches(found)
	b := c.signedIn("husie@example.org")
	at := b.send("POST", "/organise/calendars", url.Values{"association": {"husie"}, "address": {"https://kalender.example/a.ics"}}).want(t, 303).Header.Get("Location")
	b.send("POST", at+"/approve", url.Values{}).want(t, 303)
	c.pass(time.Hour)
	c.fetches(func(f *models.Follow) {
		f.Trouble, f.Fetched = models.Trouble{Code: "status", With: map[string]string{"Status": "500"}}, tuesday
	})
	b.post(at+"/fetch").want(t, 303)
	b.get(at).want(t, 200).contains(t, "Det går inte att hämta kalendern", "Servern svarade 500", "Senast det gick var tisdag 3 mars kl. 10.00", "Vi försöker igen")
	b.get("/organise").want(t, 200).contains(t, "går inte att hämta")
	c.signedIn("office@example.org").get("/organise/calendars").want(t, 200).contains(t, "Går inte att hämta", "Servern svarade 500", "Husies förening")
	if page := c.signedIn("videdal@example.org").get("/organise/calendars"); strings.Contains(page.body, "kalender&gt;") {
		t.Error("another association sees it")
	}
}

// What is gone from its calendar waits for a word, and the form of an event says
// what it follows and what was changed here.
func TestCalendars_Gone(t *testing.T) {
	c := newCity(t)
	c.fetches(found)
	b := c.signedIn("husie@example.org")
	at := b.send("POST", "/organise/calendars", url.Values{"association": {"husie"}, "address": {"https://kalender.example/a.ics"}}).want(t, 303).Header.Get("Location")
	f := must(c.Planner.Follow(c.ctx, planner.Command(), at[strings.LastIndex(at, "/")+1:]))
	for _, title := range []string{"Kören övar", "Fest", "Torgmöte"} {
		e := townHallOf("")
		e.Title, e.Source = title, title
		must(0, c.Planner.TakeFollowed(c.ctx, &f, "", e))
	}
	events := c.Planner.Followed(f.ID)
	must(c.Planner.Store.Follows.Update(c.ctx, f.ID, func(f *models.Follow) error {
		f.Gone = []models.Gone{
			{Event: events[0].ID, Why: models.GoneCancelled, Word: models.WordWanted},
			{Event: events[1].ID, Why: models.GonePrivate, Word: models.WordWanted},
			{Event: events[2].ID, Why: models.GoneMissing},
		}
		return nil
	}))
	b.get("/organise").want(t, 200).contains(t, "2 aktiviteter väntar på ditt besked")
	b.get(at).want(t, 200).contains(t, "Väntar på ditt besked", "är inställd i kalendern", "märkt som privat", "Saknas i kalendern", "Ställ in alla 2")
	b.send("POST", at+"/gone", url.Values{"keep": {events[1].ID}}).want(t, 303)
	b.send("POST", at+"/gone", url.Values{"cancel": {"all"}}).want(t, 303)
	for i, want := range []models.Status{models.Cancelled, models.Published, models.Published} {
		if l := must(c.Planner.Catalogue().Event(events[i].ID)); l.Status != want {
			t.Errorf("%s is %s", l.Title, l.Status)
		}
	}

	form := b.get("/organise/events/"+events[2].ID).want(t, 200).contains(t, "Aktiviteten kommer från kalendern", "Husies &lt;kalender&gt;", "Det du ändrar här behålls")
	if strings.Contains(form.body, "Ändrat här.") {
		t.Error("nothing was changed here")
	}
	b.send("POST", "/organise/events/"+events[2].ID, filled(t, form, "title", "Stormöte", "do", "save")).want(t, 303)
	b.get("/organise/events/"+events[2].ID).want(t, 200).contains(t, "Ändrat här.", "rubriken", events[2].Title)
}

package handlers

import (
	"strings"
	"testing"
)

func TestSeries_ListedThenMade(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	at := b.draft("starts.date", "2026-12-16", "starts.time", "18", "do", "publish")
	b.get(at+"/series").want(t, 200).contains(t, "Varje onsdag", "Varannan onsdag", "Tredje onsdagen i månaden", "Hoppa över röda dagar").lacks(t, "Sista onsdagen", "Skapa aktiviteterna")
	page := b.get(at+"/series?how=week&count=4&skip=yes").want(t, 200).contains(t,
		`value="7" checked>`, "onsdag 23 december kl. 18.00", `value="21"> <span>onsdag 6 januari 2027`, "trettondedag jul", "publicerad som den första")
	form := filled(t, page, "do", "x")
	if got := strings.Join(form["days"], " "); got != "7 14 28" {
		t.Errorf("the days %s are ticked", got)
	}
	form["days"] = []string{"7", "28"}
	b.send("POST", at+"/series", form).leads(t, at+"/series?made=2")
	b.send("POST", at+"/series", form).leads(t, at+"/series?made=0") // sent twice
	b.get(at+"/series?made=0").contains(t, "De dagarna finns redan i serien")
	b.get(at+"/series?made=2").want(t, 200).contains(t, "Nu finns 2 aktiviteter till i serien", "Lägg till fler dagar", "onsdag 13 januari 2027")
	b.get(at+"/series?how=week&count=3").contains(t, "finns redan i serien", `value="7" checked disabled>`)
	c.browser().get("/").contains(t, "23 december", "13 januari")
	b.get("/en"+at+"/series?how=month&count=2").contains(t, "The third Wednesday of the month", "18:00")
}

// A holiday is named in the reader's language.
func TestSeries_Holidays(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	at := b.draft("starts.time", "18") + "/series?how=dates&skip=yes&dates="
	for date, names := range map[string][2]string{
		"2027-01-01": {"nyårsdagen", "New Year’s Day"}, "2027-01-06": {"trettondedag jul", "Epiphany"}, "2027-03-26": {"långfredagen", "Good Friday"},
		"2027-03-28": {"påskdagen", "Easter Sunday"}, "2027-03-29": {"annandag påsk", "Easter Monday"}, "2027-05-01": {"första maj", "May Day"},
		"2027-05-06": {"Kristi himmelsfärdsdag", "Ascension Day"}, "2027-05-16": {"pingstdagen", "Whit Sunday"}, "2027-06-06": {"nationaldagen", "National Day"},
		"2027-06-25": {"midsommarafton", "Midsummer Eve"}, "2027-06-26": {"midsommardagen", "Midsummer Day"}, "2027-11-06": {"alla helgons dag", "All Saints’ Day"},
		"2026-12-24": {"julafton", "Christmas Eve"}, "2026-12-25": {"juldagen", "Christmas Day"}, "2026-12-26": {"annandag jul", "Boxing Day"}, "2026-12-31": {"nyårsafton", "New Year’s Eve"},
	} {
		b.get(at+date).want(t, 200).contains(t, `<span class="quiet">`+names[0]+`</span>`)
		b.get("/en"+at+date).want(t, 200).contains(t, `<span class="quiet">`+names[1]+`</span>`)
	}
}

func TestSeries_BadInput(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	at := b.draft("starts.time", "18")
	for query, want := range map[string]string{
		"how=fortnight":                 "Hur ofta",
		"how=week&count=1":              "Hur många gånger",
		"how=week&count=61":             "Hur många gånger",
		"how=week&count=x":              "Hur många gånger",
		"how=week&until=2026-13-01":     "Eller till och med",
		"how=dates&dates=":              "Egna dagar",
		"how=dates&dates=i+morgon":      "Egna dagar",
		"how=week&until=2026-03-14":     "inga fler dagar",
		"how=dates&dates=2026-02-01":    "inga fler dagar",
		"how=dates&dates=2026-03-20%0A": "fredag 20 mars",
	} {
		b.get(at+"/series?"+query).want(t, 200).contains(t, want)
	}
	b.send("POST", at+"/series", map[string][]string{"days": {"x", "-7"}}).want(t, 422).contains(t, "Dagar")
	e := b.event(at)
	b.send("POST", at+"/publish", filled(t, b.get(at+"/preview"))).want(t, 303)
	b.send("POST", at+"/cancel", map[string][]string{"seen": {writeSeen(b.event(at).Updated)}}).want(t, 303)
	b.get(at+"/series").want(t, 200).contains(t, "kan inte upprepas").lacks(t, "Visa dagarna")
	b.send("POST", at+"/series", map[string][]string{"days": {"7"}}).want(t, 409)
	if n := len(c.Planner.Catalogue().Events); n != 1 || e.Series != "" {
		t.Errorf("there are %d events", n)
	}
}

func TestSeries_ChangedTogether(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	at := b.draft("starts.date", "2026-03-18", "starts.time", "18", "ends.time", "20", "do", "publish")
	b.get(at).lacks(t, "Den här och alla efter")
	b.send("POST", at+"/series", map[string][]string{"days": {"7", "14", "21"}}).want(t, 303)
	all := c.Planner.Catalogue().Series(b.event(at).Series)
	second := "/organise/events/" + all[1].ID
	for _, e := range all {
		c.ask("POST", "/api/v1/events/"+e.ID+"/rsvps", `{"name":"Ada","email":"ada@example.org","party":1,"consent":true}`).want(t, 201)
	}
	page := b.get(second).want(t, 200).contains(t, "Bara den här", "Den här och alla efter", "Alla som inte har varit")
	b.send("POST", second, filled(t, page, "title", "", "scope", "after", "do", "save")).want(t, 422).contains(t, `value="after" checked`)
	a := b.send("POST", second, filled(t, page, "starts.time", "19", "ends.time", "21", "scope", "after", "do", "save")).want(t, 303)
	plan := a.Header.Get("Location")
	b.get(plan).want(t, 200).contains(t, "3 aktiviteter, en person och ett mejl", "onsdag 25 mars kl. 18.00–20.00", "onsdag 1 april", "onsdag 8 april",
		"<del>18.00</del> <ins>19.00</ins>").lacks(t, "onsdag 18 mars")
	if got := b.event(second).Starts.In(c.zone).Format("15:04"); got != "18:00" {
		t.Errorf("it begins at %s before anybody has confirmed", got)
	}
	b.send("POST", plan, map[string][]string{"do": {"carry"}}).leads(t, plan)
	for i, want := range []string{"18:00", "19:00", "19:00", "19:00"} {
		if got := b.event("/" + all[i].ID).Starts.In(c.zone).Format("15:04"); got != want {
			t.Errorf("the %dth begins at %s, want %s", i+1, got, want)
		}
	}
	// Somebody else has saved in between.
	b.send("POST", second, filled(t, page, "starts.time", "17", "scope", "all", "do", "save")).want(t, 412)

	ask := b.get(second+"/cancel").want(t, 200).contains(t, "Alla som inte har varit")
	off := b.send("POST", second+"/cancel", filled(t, ask, "reason", "Lokalen brann.", "scope", "all")).want(t, 303).Header.Get("Location")
	b.get(off).want(t, 200).contains(t, "4 aktiviteter", "Lokalen brann.", "<ins>Inställt</ins>")
	b.send("POST", off, map[string][]string{"do": {"carry"}}).leads(t, off)
	if got := b.event(at); got.Status != "cancelled" || got.Reason != "Lokalen brann." {
		t.Errorf("the first is %s: %s", got.Status, got.Reason)
	}
}

func TestSeries_SeenByThePublic(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	at := b.draft("starts.date", "2026-03-18", "starts.time", "18", "do", "publish")
	e := b.event(at)
	c.browser().get("/events/"+e.Slug).lacks(t, "Fler gånger")
	b.send("POST", at+"/series", map[string][]string{"days": {"7"}}).want(t, 303)
	e = b.event(at)
	other := c.Planner.Catalogue().Series(e.Series)[1]
	c.browser().get("/events/"+e.Slug).contains(t, "Fler gånger", "onsdag 25 mars", `href="/events/`+other.Slug+`"`)
	c.browser().get("/ar/events/"+e.Slug).contains(t, "مواعيد أخرى")
	*c.clock = e.Ends
	c.browser().get("/events/"+e.Slug).contains(t, "Nästa gång")
	c.ask("GET", "/api/v1/events/"+e.ID, "").want(t, 200).contains(t, `"series":"`+e.Series+`"`)
}

func TestAgain_EverythingButTheDays(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	at := b.draft("starts.date", "2026-03-18", "starts.time", "18", "summary", "Kom och fråga.", "do", "publish")
	e := b.event(at)
	from := "/organise/events/new?from=" + e.ID
	b.get(at).contains(t, from, "Kopiera")
	b.get("/organise/events/new").contains(t, "som förra gången", from)
	page := b.get(from).want(t, 200).contains(t, "Kom och fråga.", `value="18.00"`).lacks(t, "2026-03-18")
	a := b.send("POST", "/organise/events", filled(t, page, "starts.date", "2026-09-16", "do", "save")).want(t, 303)
	again := b.event(strings.Split(a.Header.Get("Location"), "?")[0])
	if again.ID == e.ID || again.Slug == e.Slug || again.Status != "draft" || again.Summary != e.Summary || again.Series != "" {
		t.Errorf("it is %+v", again)
	}
	c.signedIn("videdal@example.org").get(from).want(t, 403)
}

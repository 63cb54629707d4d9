package handlers

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"samling/models"
	"samling/planner"
)

// kept sends a form as it sends itself while somebody types.
func (b *browser) kept(at string, form url.Values, status int) keptDraft {
	b.t.Helper()
	form.Set("do", "keep")
	a := b.send("POST", at, form).want(b.t, status)
	var out keptDraft
	if err := json.Unmarshal([]byte(a.body), &out); err != nil {
		b.t.Fatalf("%v: %.200s", err, a.body)
	}
	return out
}

func TestDraft_KeepsItself(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	page := b.get("/organise/events/new?kind=town-hall").want(t, 200).contains(t, "data-keep=", "/static/writing.")
	form := filled(t, page, "title", "Öpp")
	first := b.kept("/organise/events", form, 200)
	if first.Said != "Sparad 10.00." || !strings.HasPrefix(first.At, "/organise/events/") {
		t.Fatalf("kept: %+v", first)
	}
	// The answer was lost, and it is sent once more.
	if again := b.kept("/organise/events", form, 200); again.At != first.At {
		t.Errorf("kept twice: %+v", again)
	}
	c.pass(time.Minute)
	form.Set("title", "Öppet möte")
	form.Set("starts.date", "2026-03-13")
	form.Set("seen", first.Seen)
	second := b.kept(first.At, form, 200)
	if second.Seen == first.Seen || second.Said != "Sparad 10.01." {
		t.Errorf("kept: %+v", second)
	}
	e := b.event(first.At)
	if e.Title != "Öppet möte" || !e.Sketch() || e.Starts.IsZero() {
		t.Errorf("kept: %+v", e)
	}
	// Saved by hand it gets its address, and what has one is still kept.
	form.Set("seen", second.Seen)
	form.Set("do", "save")
	b.send("POST", first.At, form).leads(t, first.At+"?done=saved")
	if e = b.event(first.At); e.Slug != "oppet-mote" {
		t.Errorf("its address is %s", e.Slug)
	}
	form.Set("seen", writeSeen(e.Updated))
	form.Set("place.name", "Aulan")
	b.kept(first.At, form, 200)
	if e = b.event(first.At); e.Place.Name != "Aulan" {
		t.Errorf("kept: %+v", e)
	}
	if n := len(c.Planner.Catalogue().Events); n != 1 {
		t.Errorf("%d drafts of one", n)
	}
}

func TestDraft_KeepsWhatItCan(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	form := filled(t, b.get("/organise/events/new?kind=town-hall"), "title", "Möte", "capacity", "många", "starts.date", "2026-03-13", "starts.time", "25")
	kept := b.kept("/organise/events", form, 200)
	if kept.Said != "Sparad 10.00. Det här är inte med än: Börjar kl. och Antal platser." {
		t.Errorf("said %q", kept.Said)
	}
	form.Set("seen", kept.Seen)
	form.Set("online_url", "javascript:alert(1)")
	if not := b.kept(kept.At, form, 422); not.At != "" || !strings.Contains(not.Said, "Inte sparad än. Rätta det här först: Länk") {
		t.Errorf("said %+v", not)
	}
	if e := b.event(kept.At); e.Title != "Möte" || e.OnlineURL != "" {
		t.Errorf("kept: %+v", e)
	}
}

// What is out changes when somebody says so, and not while she types.
func TestDraft_NeverChangesWhatIsOut(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	at := b.draft("do", "publish")
	page := b.get(at).want(t, 200).lacks(t, "data-keep")
	if kept := b.kept(at, filled(t, page, "title", "Medan hon skriver"), 409); kept.At != "" {
		t.Errorf("kept: %+v", kept)
	}
	if e := b.event(at); e.Title != "Öppet möte om skolan" {
		t.Errorf("the public reads %q", e.Title)
	}
	// Somebody else has saved the draft meanwhile: nothing of his is lost either.
	draft := b.draft("title", "Ett till")
	form := filled(t, b.get(draft))
	c.pass(time.Minute)
	other := c.signedIn("office@example.org")
	other.send("POST", draft, filled(t, other.get(draft), "place.name", "Biblioteket", "do", "save")).want(t, 303)
	b.kept(draft, form, 412)
	if e := b.event(draft); e.Place.Name != "Biblioteket" {
		t.Errorf("it says %q", e.Place.Name)
	}
}

func TestDraft_WithNearlyNothing(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	page := b.get("/organise/events/new?kind=town-hall")
	at, _, _ := strings.Cut(b.send("POST", "/organise/events", filled(t, page, "do", "save")).want(t, 303).Header.Get("Location"), "?")
	id := at[strings.LastIndex(at, "/")+1:]
	b.get(at).want(t, 200).contains(t, "<h1>Utan rubrik</h1>", `name="starts.time" value="18.00"`, "Välj en dag")
	b.get("/organise").want(t, 200).contains(t, "Utan rubrik", "Dagen är inte bestämd")
	b.get("/organise/events?which=drafts").want(t, 200).contains(t, "Utan rubrik")
	b.get(at+"/history").want(t, 200).contains(t, "Historik: Utan rubrik")
	b.get(at+"/preview").leads(t, at)
	b.send("POST", at, filled(t, b.get(at), "do", "publish")).want(t, 422).contains(t, `href="#title"`, `href="#starts.date"`)
	b.send("POST", at+"/publish", filled(t, b.get(at))).want(t, 422).contains(t, `href="#title"`, `href="#starts.date"`)
	// Programs need not know of it.
	c.ask("GET", "/api/v1/events/"+id, "", "token", c.husie).want(t, 404)
	c.ask("PATCH", "/api/v1/events/"+id, `{"title":"x"}`, "token", c.husie).want(t, 404)
	if n := len(c.ask("GET", "/api/v1/events?mine=1", "", "token", c.husie).json(t)["events"].([]any)); n != 0 {
		t.Errorf("programs see %d events", n)
	}
}

func TestDraft_PublishedAtATime(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	at := b.draft()
	page := b.get(at).want(t, 200)
	b.send("POST", at, filled(t, page, "publish.date", "2026-03-01", "publish.time", "8", "do", "later")).want(t, 422).contains(t, `href="#publish.date"`, "har redan varit")
	b.send("POST", at, filled(t, page, "publish.date", "2026-03-14", "publish.time", "8", "do", "later")).want(t, 422).contains(t, "redan börjat")
	b.send("POST", at, filled(t, page, "do", "later")).want(t, 422).contains(t, `id="publish.date-fault"`)
	b.send("POST", at, filled(t, page, "publish.date", "2026-03-06", "publish.time", "8", "do", "later")).leads(t, at+"?done=later")
	page = b.get(at).want(t, 200).contains(t, "Publiceras fredag 6 mars kl. 08.00.", `name="publish.date" value="2026-03-06"`)
	b.send("POST", at, filled(t, page, "do", "not-later")).leads(t, at+"?done=saved")
	page = b.get(at).lacks(t, "Publiceras fredag")
	b.send("POST", at, filled(t, page, "publish.date", "2026-03-06", "publish.time", "8", "do", "later")).want(t, 303)
	c.pass(4 * 24 * time.Hour)
	if err := c.Planner.PublishDue(c.ctx); err != nil {
		t.Fatal(err)
	}
	c.browser().get("/").contains(t, "Öppet möte om skolan")
}

func TestDraft_HelpWanted(t *testing.T) {
	c := newCity(t)
	b, office := c.signedIn("husie@example.org"), c.signedIn("office@example.org")
	at := b.draft("title", "Rådslag", "starts.date", "2026-08-13")
	office.get("/organise").lacks(t, "vill ha hjälp")
	b.get(at).contains(t, "Be kansliet om hjälp").lacks(t, "Utkast av")
	b.post(at+"/help", "wanted", "yes").leads(t, at+"?done=help")
	office.get("/organise").contains(t, "Rådslag", "vill ha hjälp")
	office.get(at).want(t, 200).contains(t, "Utkast av husie@example.org.", "Kansliet blev ombett om hjälp")
	office.send("POST", at, filled(t, office.get(at), "title", "Rådslag om bostäder", "do", "publish")).leads(t, at+"/published")
	office.get("/organise").lacks(t, "vill ha hjälp")
	if e := b.event(at); e.Status != models.Published || !e.Help.IsZero() {
		t.Errorf("%s, help %s", e.Status, e.Help)
	}
}

// A session that runs out while somebody writes takes nothing with it.
func TestDraft_OutlivesTheSession(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	typed := filled(t, b.get("/organise/events/new?kind=town-hall"), "title", "Möte <b>", "starts.date", "2026-05-13", "do", "save")
	typed["rsvp.ask"] = []string{"food", "phone"}
	b.cookie = ""
	page := b.send("POST", "/organise/events", typed).want(t, 401).contains(t, "Det du skrev är inte borta", "Möte &lt;b&gt;")
	page = b.send("POST", "/sign-in", filled(t, page, "email", "husie@example.org")).want(t, 200).contains(t, `action="/organise/events"`)
	form := filled(t, page, "code", "000000")
	b.send("POST", "/sign-in", form).want(t, 422).contains(t, "Möte &lt;b&gt;")
	_, code := c.mailedSignIn()
	form.Set("code", code)
	page = b.send("POST", "/sign-in", form).want(t, 200).contains(t, "det du skrev är kvar", `action="/organise/events"`)
	again := filled(t, page)
	again["rsvp.ask"] = typed["rsvp.ask"] // of two fields with one name the test keeps one
	at, _, _ := strings.Cut(b.send("POST", "/organise/events", again).want(t, 303).Header.Get("Location"), "?")
	if e := b.event(at); e.Title != "Möte <b>" || e.Starts.IsZero() {
		t.Errorf("saved: %+v", e)
	}
	// Nobody is led elsewhere by it.
	form = filled(t, b.get(at))
	form.Set("kept", "https://evil.example/")
	form.Set("email", "husie@example.org")
	c.browser().send("POST", "/sign-in", form).want(t, 200).lacks(t, "evil.example")
}

func TestWhen_InWords(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	for _, tc := range []struct {
		name, query string
		want        understood
	}{
		{"nothing yet", "", understood{Words: "Välj en dag, så står här när det är."}},
		{"the end by the kind", "kind=town-hall&starts.date=2026-03-04&starts.time=18", understood{Words: "onsdag 4 mars kl. 18.00–20.00", Ends: "20.00"}},
		{"as people write", "kind=yard-party&starts.date=2026-03-04&starts.time=kl+1830&ends.time=20:15", understood{Words: "onsdag 4 mars kl. 18.30–20.15"}},
		{"another year", "kind=town-hall&starts.date=2027-03-04&starts.time=18&ends.time=19", understood{Words: "torsdag 4 mars 2027 kl. 18.00–19.00"}},
		{"the day alone", "kind=may-day&starts.date=2026-05-01&starts.time=18&date_only=yes", understood{Words: "fredag 1 maj"}},
		{"what has been", "kind=town-hall&starts.date=2026-03-02&starts.time=18", understood{Words: "måndag 2 mars kl. 18.00–20.00", Warn: "Den tiden har redan varit.", Ends: "20.00"}},
		{"ends before it starts", "kind=town-hall&starts.date=2026-03-04&starts.time=18&ends.time=17", understood{Words: "onsdag 4 mars kl. 18.00–17.00", Warn: "Sluttiden måste komma efter starttiden."}},
		{"no hour", "kind=town-hall&starts.date=2026-03-04&starts.time=25", understood{Words: "Det här går inte att läsa än.", Warn: "”25” är inget klockslag. Skriv till exempel 18, 18.30 eller 18:30."}},
		{"no zone that there is", "kind=town-hall&zone=Europe/Nowhere&starts.date=2026-03-04&starts.time=18", understood{Words: "onsdag 4 mars kl. 18.00–20.00", Ends: "20.00"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := b.get("/organise/when?"+tc.query).want(t, 200)
			var got understood
			if err := json.Unmarshal([]byte(a.body), &got); err != nil || got != tc.want {
				t.Errorf("%v\n got %+v\nwant %+v", err, got, tc.want)
			}
		})
	}
	at := b.draft("starts.date", "2026-03-04", "starts.time", "18")
	b.get(at).contains(t, "<strong>onsdag 4 mars kl. 18.00–20.00</strong>")
	b.get("/en"+at).contains(t, "<strong>Wednesday 4 March, 18:00–20:00</strong>")
	e := b.event(at)
	must(c.Planner.ChangeEvent(c.ctx, planner.Command(), e.ID, planner.Anyway, func(e *models.Event) error {
		e.TimeZone = "Europe/Helsinki"
		return nil
	}))
	b.get(at).contains(t, "<strong>onsdag 4 mars kl. 19.00–21.00</strong>", `name="zone" value="Europe/Helsinki"`)
}

package handlers

import (
	"bytes"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"samling/models"
	"samling/planner"
)

// filled is the form of a page, as a browser would send it back, with some fields
// filled in.
func filled(t testing.TB, page answer, fields ...string) url.Values {
	t.Helper()
	v := url.Values{}
	for _, m := range regexp.MustCompile(`<input type="(hidden|text|date|url|tel|email)"[^>]* name="([^"]+)"[^>]*? value="([^"]*)"`).FindAllStringSubmatch(page.body, -1) {
		v.Set(m[2], html.UnescapeString(m[3]))
	}
	for _, m := range regexp.MustCompile(`(?s)<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>`).FindAllStringSubmatch(page.body, -1) {
		v.Set(m[1], html.UnescapeString(m[2]))
	}
	for _, m := range regexp.MustCompile(`(?s)<select id="[^"]+" name="([^"]+)".*?</select>`).FindAllStringSubmatch(page.body, -1) {
		if chosen := regexp.MustCompile(`<option value="([^"]*)" selected`).FindStringSubmatch(m[0]); chosen != nil {
			v.Set(m[1], chosen[1])
		}
	}
	for _, m := range regexp.MustCompile(`type="checkbox"[^>]* name="([^"]+)" value="([^"]*)" checked`).FindAllStringSubmatch(page.body, -1) {
		v.Add(m[1], m[2])
	}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Set(fields[i], fields[i+1])
	}
	return v
}

// draft writes a town hall by the form and returns the address of its page.
func (b *browser) draft(fields ...string) string {
	b.t.Helper()
	page := b.get("/organise/events/new?kind=town-hall").want(b.t, 200)
	all := append([]string{"title", "Öppet möte om skolan", "starts.date", "2026-03-13", "place.name", "Aulan", "do", "save"}, fields...)
	a := b.send("POST", "/organise/events", filled(b.t, page, all...)).want(b.t, 303)
	at, _, _ := strings.Cut(a.Header.Get("Location"), "?")
	return strings.TrimSuffix(at, "/published")
}

func (b *browser) event(at string) models.Event {
	b.t.Helper()
	return must(b.Planner.Editable(b.ctx, &models.Organiser{Role: models.RoleCoordinator}, at[strings.LastIndex(at, "/")+1:]))
}

func TestOrganise_WholeJourney(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	b.get("/organise/events/new").want(t, 200).contains(t, "kind=yard-party", "Första maj")

	at := b.draft("starts.time", "1830", "ends.time", "20.15", "texts.en.title", "Town hall about schools", "capacity", "3")
	e := b.event(at)
	if e.Status != models.Draft || e.Host != "husie" || e.Texts["en"].Title != "Town hall about schools" || !e.SignUp.Needed ||
		e.Starts.In(e.Location()).Format("2006-01-02 15:04") != "2026-03-13 18:30" || e.Ends.Sub(e.Starts) != 105*time.Minute {
		t.Fatalf("written: %+v", e)
	}
	b.get("/organise").want(t, 200).contains(t, "Öppet möte om skolan", "Utkast", "är snart men inte publicerad")
	c.browser().get("/").want(t, 200).lacks(t, "Öppet möte om skolan")

	page := b.get(at).want(t, 200)
	b.send("POST", at, filled(t, page, "summary", "Kom och fråga.", "do", "preview")).leads(t, at+"/preview")
	preview := b.get(at+"/preview").want(t, 200).contains(t, "Kom och fråga.", "Så här kommer det att se ut", `action="`+at+`/publish"`)
	b.send("POST", at+"/publish", filled(t, preview)).leads(t, at+"/published")
	b.get(at+"/published").want(t, 200).contains(t, "Nu är den ute", `href="/events/`+e.Slug+`"`, at+"/attendance", "/events/"+e.Slug+"/qr.svg", "/events/"+e.Slug+"/poster",
		"Öppet möte om skolan. Fredag 13 mars kl. 18.30", "/e/")
	c.browser().get("/").want(t, 200).contains(t, "Öppet möte om skolan")
	c.browser().get("/en/events/"+e.Slug).want(t, 200).contains(t, "Town hall about schools")
	c.browser().get("/feeds/associations/husie.ics").want(t, 200).contains(t, "SUMMARY:Öppet möte om skolan")

	for _, name := range []string{"Åsa", "Örjan"} {
		c.ask("POST", "/api/v1/events/"+e.ID+"/rsvps", `{"name":"`+name+`","email":"`+uuid.NewString()+`@example.org","party":2,"consent":true}`).want(t, 201)
	}
	b.get(at).contains(t, "2 anmälda mejl")
	ask := b.get(at+"/cancel").want(t, 200).contains(t, "2 anmälda får mejl", "Det går inte att ångra")
	b.send("POST", at+"/cancel", filled(t, ask, "reason", "Lokalen brann.")).leads(t, at+"?done=cancel")
	b.get(at).contains(t, "Inställt").lacks(t, at+"/cancel")
	c.browser().get("/events/"+e.Slug).contains(t, "Lokalen brann.")
	must(c.Planner.TellDue(c.ctx))
	told := 0
	for m := range c.Planner.Store.Mails.List(c.ctx, models.Query{}) {
		if m.About.Reason == "Lokalen brann." {
			told++
		}
	}
	if told == 0 {
		t.Error("nobody was told why")
	}
	// The button is pressed once more, in another window.
	b.send("POST", at+"/cancel", filled(t, ask, "reason", "Lokalen brann.")).leads(t, at+"?done=cancel")
	b.get(at+"/cancel").leads(t, at+"?done=cancel")
}

func TestOrganise_NewEventSentTwice(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	page := b.get("/organise/events/new?kind=town-hall").want(t, 200)
	form := filled(t, page, "title", "Öppet möte", "starts.date", "2026-03-13", "do", "save")
	first := b.send("POST", "/organise/events", form).want(t, 303).Header.Get("Location")
	if again := b.send("POST", "/organise/events", form).want(t, 303).Header.Get("Location"); again != first {
		t.Errorf("sent twice: %s and %s", first, again)
	}
	other := c.signedIn("videdal@example.org")
	other.send("POST", "/organise/events", form).want(t, 404)
	// Published meanwhile, by the first press, it is no conflict with oneself either:
	// the end that was left empty is the one that is kept.
	out := filled(t, b.get("/organise/events/new?kind=town-hall"), "title", "Gårdsmöte", "starts.date", "2026-03-13", "starts.time", "18", "do", "publish")
	for range 2 {
		b.send("POST", "/organise/events", out).leads(t, "/organise/events/"+out.Get("new")+"/published")
		c.pass(time.Second)
	}
}

func TestOrganise_PublishFromTheForm(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	at := b.draft("do", "publish")
	if e := b.event(at); e.Status != models.Published {
		t.Errorf("status %s", e.Status)
	}
	ask := b.get(at+"/postpone").want(t, 200)
	b.send("POST", at+"/postpone", filled(t, ask, "reason", "Vi flyttar det.")).leads(t, at+"?done=postpone")
	page := b.get(at).want(t, 200).contains(t, "Spara och publicera igen")
	b.send("POST", at, filled(t, page, "starts.date", "2026-04-13", "do", "publish")).leads(t, at+"/published")
	if e := b.event(at); e.Status != models.Published || e.Starts.Month() != time.April {
		t.Errorf("%s on %s", e.Status, e.Starts)
	}
}

// Saving a form that nobody touched changes nothing, whatever the event has.
func TestOrganise_FormKeepsWhatItDoesNotAskFor(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	e := townHallOf("husie")
	lat := 55.6
	e.Texts = map[string]models.Text{"ar": {Title: "اجتماع"}, "en": {Title: "Town hall", Description: "One.\n\nTwo."}}
	e.Place = models.Place{Name: "Aulan", Address: "Gatan 1", Latitude: &lat, Longitude: &lat}
	e.CoHosts, e.Groups, e.Spoken, e.Interpreted, e.Partners = []string{"videdal"}, []string{"klimat"}, []string{"sv", "fa"}, []string{"swl"}, []string{"ABF", "Hyresgästföreningen"}
	e.Price, e.Food, e.Access.Toilet = new(0), new(false), new(true)
	e.SignUp.Paused, e.SignUp.Confirm, e.SignUp.Ask = true, true, []models.Question{models.AskPhone, models.AskAccess}
	e.SignUp.Opens, e.SignUp.Closes = tuesday, time.Date(2026, 3, 11, 23, 0, 0, 0, time.UTC) // midnight in Stockholm
	e.Ends = e.Starts.Add(15 * time.Hour)                                                    // past midnight
	e.Programme = []models.Item{{Time: e.Starts, Title: "Start"}, {Title: "Senare"}, {Time: e.Starts.Add(14 * time.Hour), Approximate: true, Title: "Slut", Speaker: "N.N."}}
	o := must(c.Planner.OrganiserByEmail(c.ctx, "husie@example.org"))
	e = must(c.Planner.CreateEvent(c.ctx, &o, e))
	at := "/organise/events/" + e.ID
	for _, language := range []string{"", "/en"} {
		b.send("POST", language+at, filled(t, b.get(language+at).want(t, 200))).leads(t, language+at+"?done=saved")
		if now := b.event(at); now.Revision != e.Revision && !now.Updated.Equal(e.Updated) {
			t.Errorf("in %q: was %+v\nis %+v", language, e, now)
		}
	}
}

func TestOrganise_TwoEditsAtOnce(t *testing.T) {
	c := newCity(t)
	b, other := c.signedIn("husie@example.org"), c.signedIn("office@example.org")
	at := b.draft()
	mine, theirs := b.get(at), other.get(at)
	other.send("POST", at, filled(t, theirs, "place.name", "Biblioteket", "do", "save")).leads(t, at+"?done=saved")
	c.pass(time.Second)
	conflict := b.send("POST", at, filled(t, mine, "title", "Öppet möte om <vården>", "do", "save")).want(t, 412)
	conflict.contains(t, "Någon annan har sparat under tiden", "Biblioteket", "Öppet möte om &lt;vården&gt;", "autofocus",
		`name="choose.place.name" value="theirs" checked`, `name="choose.title" value="mine" checked`).
		lacks(t, "data-keep") // or the form would keep itself before she has chosen
	if e := b.event(at); e.Place.Name != "Biblioteket" || e.Title != "Öppet möte om skolan" {
		t.Fatalf("the first edit is gone: %+v", e)
	}
	again := filled(t, conflict, "choose.place.name", "theirs", "choose.title", "mine", "do", "save")
	b.send("POST", at, again).leads(t, at+"?done=saved")
	if e := b.event(at); e.Place.Name != "Biblioteket" || e.Title != "Öppet möte om <vården>" {
		t.Errorf("saved: %+v", e)
	}
	// In another window she herself has filled in what is empty in this one.
	first := b.get(at)
	b.send("POST", at, filled(t, first, "place.address", "Gatan 1", "do", "save")).want(t, 303)
	b.send("POST", at, filled(t, first, "title", "Öppet möte", "do", "save")).want(t, 412).
		contains(t, `name="choose.place.address" value="theirs" checked`, `name="choose.title" value="mine" checked`)
	again.Set("place.address", "Gatan 1")
	again.Set("seen", writeSeen(b.event(at).Updated))
	b.send("POST", at, again).leads(t, at+"?done=saved")
	// Sent twice, it is no conflict with oneself.
	b.send("POST", at, again).leads(t, at+"?done=saved")
	// Without saying what was seen, nothing is overwritten.
	again.Del("seen")
	b.send("POST", at, again).want(t, 400)
}

func TestOrganise_BadInput(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	for _, tc := range []struct {
		name  string
		wrong []string // field and value in turn
		at    string   // field that says so
		says  string
	}{
		{"no title", []string{"title", " "}, "title", "Fyll i det här."},
		{"no date", []string{"starts.date", ""}, "starts.date", "Fyll i det här."},
		{"no hour", []string{"starts.time", ""}, "starts.time", "Fyll i det här."},
		{"30 February", []string{"starts.date", "2026-02-30"}, "starts.date", "”2026-02-30” finns inte i kalendern"},
		{"a date by words", []string{"starts.date", "13 mars"}, "starts.date", "är inget datum"},
		{"25 o'clock", []string{"starts.time", "25"}, "starts.time", "är inget klockslag"},
		{"an hour that is skipped", []string{"starts.date", "2026-03-29", "starts.time", "02.30"}, "starts.time", "Klockan 02:30 finns inte den dagen, för klockorna ställs om. Skriv 01:30 eller 03:30."},
		{"an hour that comes twice", []string{"starts.date", "2026-10-25", "starts.time", "02.30"}, "starts.time", "Klockan 02:30 kommer två gånger den dagen, för klockorna ställs om. Skriv 02:30&#43;02:00 eller 02:30&#43;01:00."},
		{"ends before it starts", []string{"starts.time", "18", "ends.time", "17"}, "ends.time", "Sluttiden måste komma efter"},
		{"places by words", []string{"capacity", "många"}, "capacity", "är inget tal"},
		{"too many places", []string{"capacity", "10001"}, "capacity", "från 0 till 10000"},
		{"another's association", []string{"host", "nobody"}, "host", "varken en förening eller"},
		{"an address with spaces", []string{"contact.email", "a b@example.org"}, "contact.email", "inte en mejladress"},
		{"a script for a link", []string{"online_url", "javascript:alert(1)"}, "online_url", "inte en webbadress"},
		{"an item without a name", []string{"programme.0.time", "18"}, "programme.0.title", "Fyll i det här."},
		{"an item at no hour", []string{"programme.0.time", "strax", "programme.0.title", "Tal"}, "programme.0.time", "är inget klockslag"},
		{"a long English title", []string{"texts.en.title", strings.Repeat("a", 201)}, "texts.en.title", "för lång"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			page := b.get("/organise/events/new?kind=town-hall").want(t, 200)
			fields := append([]string{"title", "Möte <b>", "starts.date", "2026-03-13", "place.name", "Aulan <i>", "do", "publish"}, tc.wrong...)
			a := b.send("POST", "/organise/events", filled(t, page, fields...)).want(t, 422)
			a.contains(t, `id="`+tc.at+`-fault"`, tc.says, `<a href="#`+tc.at+`">`, "autofocus", "Aulan &lt;i&gt;")
		})
	}
	for range c.Planner.Store.Events.List(c.ctx, models.Query{}) {
		t.Fatal("an event was written all the same")
	}
	t.Run("all at once", func(t *testing.T) {
		b.post("/organise/events", "kind", "town-hall", "do", "publish").want(t, 422).contains(t, `href="#title"`, `href="#starts.date"`, `href="#starts.time"`, `href="#host"`).
			lacks(t, "inget läge") // of what she cannot choose
	})
}

func TestOrganise_AnHourThatComesTwiceIsChosen(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	at := b.draft("starts.date", "2026-10-25", "starts.time", "02:30+01:00", "ends.time", "04")
	if e := b.event(at); !e.Starts.Equal(time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC)) {
		t.Fatalf("starts %s", e.Starts)
	}
	b.send("POST", at, filled(t, b.get(at).contains(t, `value="02:30&#43;01:00"`), "starts.time", "02:30+01:00", "title", "Nattvandring")).leads(t, at+"?done=saved")
}

func TestClock_AsPeopleWriteIt(t *testing.T) {
	for text, want := range map[string]string{
		"18": "18:00", "1800": "18:00", "18.00": "18:00", "18:00": "18:00", "kl. 18": "18:00", "kl 9.30": "09:30", "930": "09:30", "9": "09:00", "0": "00:00",
		"18 00": "18:00", "klockan 18": "18:00", "Klockan 9 30": "09:30", "23:59": "23:59", "02:30+01:00": "02:30+01:00",
		"24": "", "18.60": "", "24.00": "", "18  00": "", "18 0": "", "18-20": "", "6 pm": "", "": "", "18.0": "", "١٨": "",
	} {
		if got, _ := readClock(text); got != want {
			t.Errorf("readClock(%q) = %q, want %q", text, got, want)
		}
	}
}

// door is an event with people on its list.
func (c *city) doorOf(b *browser) (at string, rsvps map[string]string) {
	c.t.Helper()
	at = b.draft("do", "publish", "capacity", "3")
	e := b.event(at)
	for _, name := range []string{"Örjan Ek", "Åsa =1+1", "Ärla Ny"} {
		ask := models.SignUp{Name: name, Email: uuid.NewString() + "@example.org", Party: 2, Consent: true, Language: "sv"}
		if name == "Ärla Ny" {
			ask.Party, ask.Note = 1, "Allergisk mot <nötter>"
		}
		must(c.Planner.SignUp(c.ctx, e.ID, ask, nil))
	}
	rsvps = map[string]string{}
	for _, a := range must(c.Planner.Attendance(c.ctx, nil, e.ID, "page", false)).Attendees {
		rsvps[a.Person.Name] = a.RSVP
	}
	return at, rsvps
}

func (c *city) present(rsvp string) int {
	c.t.Helper()
	return must(c.Planner.Store.RSVPs.Get(c.ctx, rsvp)).Present
}

func TestDoor_TickOff(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	at, rsvps := c.doorOf(b)
	page := b.get(at+"/attendance").want(t, 200).contains(t, "Örjan Ek", "Behöver något", "Reserver").lacks(t, "nötter")
	b.get(at+"/attendance/details").want(t, 200).contains(t, "Allergisk mot &lt;nötter&gt;", "mailto:")
	if mailed := regexp.MustCompile(`[0-9a-f]{12}@example`).FindString(page.body); mailed != "" {
		t.Errorf("the page shows the address …%s", mailed)
	}
	if strings.Index(page.body, "Ärla Ny") > strings.Index(page.body, "Örjan Ek") {
		t.Error("who has a place does not stand by name")
	}
	id := rsvps["Örjan Ek"]
	for range 2 {
		b.post(at+"/checkins", "rsvp", id, "present", "2").leads(t, at+"/attendance#r-"+id)
	}
	if got := c.present(id); got != 2 {
		t.Errorf("%d came", got)
	}
	b.get(at+"/attendance").contains(t, "På plats: 2 av 2")
	b.post(at+"/checkins", "rsvp", id, "present", "1").want(t, 303)
	b.get(at+"/attendance").contains(t, "På plats: 1 av 2")
	b.post(at+"/checkins", "rsvp", id, "present", "0").want(t, 303)
	if got := c.present(id); got != 0 {
		t.Errorf("%d are there after undoing", got)
	}
	b.post(at+"/checkins", "rsvp", id, "present", "51").want(t, 422).contains(t, "från 0 till 50")
	b.post(at+"/checkins", "rsvp", id, "present", "två").want(t, 422).contains(t, "är inget tal")
	b.post(at+"/checkins", "rsvp", uuid.NewString(), "present", "1").want(t, 404)
}

func TestDoor_WalkInsSentTwiceCountOnce(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	at, _ := c.doorOf(b)
	form := filled(t, b.get(at+"/attendance"))
	id := form.Get("id")
	for range 2 {
		b.post(at+"/checkins", "id", id, "walk_in", "4").leads(t, at+"/attendance?done=walk-in")
	}
	page := b.get(at+"/attendance").contains(t, "<dt>Kom utan anmälan</dt><dd>4</dd>")
	if filled(t, page).Get("id") == id {
		t.Error("the next form would count nobody")
	}
	for _, count := range []string{"0", "-1", "", "x"} {
		b.post(at+"/checkins", "id", uuid.NewString(), "walk_in", count).want(t, 422)
	}
}

func TestDoor_AddByHand(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	at, _ := c.doorOf(b)
	b.post(at+"/rsvps", "name", "Ringde Själv", "party", "1").leads(t, at+"/attendance?done=added-waiting")
	b.get(at+"/attendance?done=added-waiting").contains(t, "Ringde Själv", "Det är fullt, så")
	b.post(at+"/rsvps", "name", "Ringde Själv", "party", "1", "email", "ring@example.org").want(t, 303)
	b.post(at+"/rsvps", "name", "Någon Annan", "party", "1", "email", "Ring@example.org").leads(t, at+"/attendance?done=added-known")
	b.get(at+"/attendance?done=added-known").contains(t, "står redan på listan").lacks(t, "Någon Annan")
	form := filled(t, b.get(at+"/attendance")).Get("new")
	for range 2 {
		b.post(at+"/rsvps", "new", form, "name", "Tryckte Två Gånger", "party", "1").leads(t, at+"/attendance?done=added-waiting")
	}
	b.post(at+"/rsvps", "new", form, "name", "Gick Tillbaka", "party", "1").leads(t, at+"/attendance?done=added-waiting")
	page := b.get(at+"/attendance").contains(t, "Gick Tillbaka")
	if n := strings.Count(page.body, ">Tryckte Två Gånger<"); n != 1 {
		t.Errorf("the same form sent twice made %d people", n)
	}
	b.post(at+"/rsvps", "name", "", "party", "0", "email", "x").want(t, 422).contains(t, `id="name-fault"`, `id="party-fault"`, `id="email-fault"`)
}

func TestDoor_Files(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	at, _ := c.doorOf(b)
	a := b.get(at+"/attendance.csv").want(t, 200)
	if !strings.HasPrefix(a.body, "\ufeffNamn;Antal;Läge\r\n") {
		t.Errorf("CSV begins with %q", a.body[:min(40, len(a.body))])
	}
	a.contains(t, "Örjan Ek;2;Anmäld\r\n", "Åsa =1+1;", "Hämtad av husie@example.org").lacks(t, "nötter")
	b.get(at+"/attendance.csv?with=note&with=email&with=nonsense").want(t, 200).contains(t, "Namn;Antal;Läge;Mejl;Mejl kommer inte fram;Att veta\r\n", ";Allergisk mot <nötter>\r\n")
	if got := a.Header.Get("Content-Disposition"); got != `attachment; filename="`+b.event(at).Slug+`.csv"` {
		t.Errorf("Content-Disposition: %s", got)
	}
	b.get("/en"+at+"/attendance.csv").want(t, 200).contains(t, "\ufeffName,People,Status")
	x := b.get(at+"/attendance.xlsx?with=note").want(t, 200)
	f := must(excelize.OpenReader(bytes.NewReader([]byte(x.body))))
	rows := must(f.GetRows(f.GetSheetName(0)))
	if len(rows) != 5 || rows[1][0] != "Örjan Ek" || rows[3][3] != "Allergisk mot <nötter>" || !strings.Contains(rows[4][0], "Hämtad av husie@example.org") {
		t.Errorf("XLSX: %q", rows)
	}
}

// Every look is in the log before it is answered, with who, how and how many.
func TestLog_EveryLook(t *testing.T) {
	c := newCity(t)
	b, office := c.signedIn("husie@example.org"), c.signedIn("office@example.org")
	at, _ := c.doorOf(b)
	b.get(at+"/attendance").want(t, 200)
	c.pass(time.Minute)
	b.get(at+"/attendance.csv").want(t, 200)
	c.pass(time.Minute)
	b.post(at+"/checkins", "id", "not a uuid", "walk_in", "1").want(t, 422) // shows the list too
	page := office.get("/organise/log").want(t, 200)
	page.contains(t, "husie@example.org", "hämtade CSV", "öppnade listan", "3 anmälningar", "Öppet möte om skolan").lacks(t, "Örjan")
	if n := strings.Count(page.body, "<strong>husie@example.org"); n != 3 {
		t.Errorf("%d looks, want 3", n)
	}
	if strings.Index(page.body, "hämtade CSV") > strings.LastIndex(page.body, "öppnade listan") {
		t.Error("the newest does not stand first")
	}
	office.get("/organise/log?after=nonsense").want(t, 200)
	office.get("/organise/log?from=zz&to=2026-02-30").want(t, 422).lacks(t, "husie@example.org").
		contains(t, `<a href="#from">Från och med</a>: ”zz” är inget datum`, `<a href="#to">Till och med</a>: ”2026-02-30”`, `value="zz"`)
	b.get("/organise/log?from=zz").want(t, 404)
	office.get("/organise/log?after="+place{*c.clock, "x"}.String()).want(t, 200).contains(t, "husie@example.org")
	office.get("/organise/outbox?after="+place{*c.clock, "x"}.String()).want(t, 200)
	b.get("/organise").lacks(t, "/organise/log")
}

func TestOutbox_SaysHowMailFares(t *testing.T) {
	c := newCity(t)
	b, office := c.signedIn("husie@example.org"), c.signedIn("office@example.org")
	c.doorOf(b)
	must(c.Planner.TellDue(c.ctx))
	var id string
	for m := range c.Planner.Store.Mails.List(c.ctx, models.Query{}) {
		id = m.ID
	}
	must(c.Planner.Store.Mails.Update(c.ctx, id, func(m *models.Mail) error {
		m.Status, m.Reply, m.Settled, m.Tries = models.MailFailed, "550 5.1.1 no such <user>", tuesday, 3
		return nil
	}))
	office.get("/organise").contains(t, "Ett mejl kom inte fram")
	office.get("/organise/outbox?status=failed").want(t, 200).contains(t, "550 5.1.1 no such &lt;user&gt;", "3 försök", `value="`+id+`"`).lacks(t, "@example.org</li>", "Örjan")
	office.post("/organise/outbox", "mail", id).leads(t, "/organise/outbox?status=failed&done=again")
	if m := must(c.Planner.Store.Mails.Get(c.ctx, id)); m.Status != models.MailQueued {
		t.Errorf("the mail is %s", m.Status)
	}
	office.post("/organise/outbox", "mail", uuid.NewString()).want(t, 404)
	office.get("/organise/outbox?status=nonsense").want(t, 200)

	must(planner.Withhold(c.ctx, c.Planner.Store))
	office.get("/organise/outbox?status=withheld").want(t, 200).contains(t, "Släpp alla")
	office.post("/organise/outbox", "action", "release").leads(t, "/organise/outbox?status=queued&done=released")
	office.get("/organise/outbox?status=queued&done=released").contains(t, "Mejlen är släppta")
	if m := must(c.Planner.Store.Mails.Get(c.ctx, id)); m.Status != models.MailQueued {
		t.Errorf("the mail is %s", m.Status)
	}
}

// A co-host who came later sees how many there are, and not who.
func TestDoor_NamesOnlyForThoseWhomConsentNamed(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	at, _ := c.doorOf(b)
	b.post(at+"/hosts", "do", "invite", "host", "videdal").leads(t, at+"/hosts?done=invite")
	later := c.signedIn("videdal@example.org")
	later.get(at+"/attendance").want(t, 403)
	later.post(at+"/invitation", "host", "videdal", "answer", "yes").leads(t, at+"/hosts?done=accept")
	later.get(at+"/attendance").want(t, 200).lacks(t, "Örjan", "nötter").contains(t, "3 anmälningar till (5 personer)")
	for _, file := range []string{".csv", ".csv?with=email&with=note&with=answers&with=needs&with=times", "/ticks", "/details", "/details?q=Ek"} {
		list := later.get(at+"/attendance"+file).want(t, 200).contains(t, "3 anmälningar till (5 personer)").lacks(t, "Örjan", "Ärla", "nötter", "Reserv;", "Behöver något;")
		if addresses := regexp.MustCompile(`[0-9a-f]{12}@example`).FindString(list.body); addresses != "" {
			t.Errorf("%s shows the address %s", file, addresses)
		}
	}
	x := later.get(at+"/attendance.xlsx?with=email&with=note").want(t, 200)
	if rows := must(must(excelize.OpenReader(bytes.NewReader([]byte(x.body)))).GetRows("Deltagare")); len(rows) != 3 || !strings.HasPrefix(rows[1][0], "3 anmälningar till") {
		t.Errorf("XLSX: %q", rows)
	}
}

func TestOrganise_ListsOnlyOnesOwn(t *testing.T) {
	c := newCity(t)
	c.signedIn("husie@example.org").draft()
	other, office := c.signedIn("videdal@example.org"), c.signedIn("office@example.org")
	for _, path := range []string{"/organise", "/organise/events?which=drafts"} {
		other.get(path).want(t, 200).lacks(t, "Öppet möte om skolan")
		office.get(path).want(t, 200).contains(t, "Öppet möte om skolan")
	}
	office.get("/organise/events?which=drafts&host=videdal").lacks(t, "Öppet möte om skolan")
	office.get("/organise/events?which=drafts&host=husie&q=SKOLAN").contains(t, "Öppet möte om skolan")
	c.pass(60 * 24 * time.Hour)
	office = c.signedIn("office@example.org")
	office.get("/organise/events?which=past").lacks(t, "Öppet möte om skolan")
	office.get("/organise/events?which=drafts").contains(t, "Öppet möte om skolan")
}

func TestLog_InPages(t *testing.T) {
	c := newCity(t)
	b, office := c.signedIn("husie@example.org"), c.signedIn("office@example.org")
	at, _ := c.doorOf(b)
	for range linesOnPage + 1 {
		b.get(at+"/attendance.csv").want(t, 200)
		c.pass(time.Second)
	}
	older := regexp.MustCompile(`href="(/organise/log\?after=[^"]+)"`)
	first := office.get("/organise/log").want(t, 200)
	m := older.FindStringSubmatch(first.body)
	if n := strings.Count(first.body, "hämtade CSV"); n != linesOnPage || m == nil {
		t.Fatalf("%d looks on the first page, next %q", n, m)
	}
	last := office.get(m[1]).want(t, 200)
	if n := strings.Count(last.body, "hämtade CSV"); n != 1 || older.MatchString(last.body) {
		t.Errorf("%d looks on the last page", n)
	}
}

func TestLog_SearchAndFile(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	at, _ := c.doorOf(b)
	must(c.Planner.ChangeEvent(c.ctx, planner.Command(), b.event(at).ID, planner.Anyway, func(e *models.Event) error { e.Title = "=1+1"; return nil }))
	b.get(at+"/attendance").want(t, 200)
	first := c.clock.Format(time.DateOnly)
	c.pass(24 * time.Hour)
	office := c.signedIn("office@example.org")
	office.get(at+"/attendance.csv").want(t, 200)
	b.get(at+"/attendance").lacks(t, "/organise/log")
	list := office.get(at+"/attendance").want(t, 200).contains(t, "Vem har sett listan?")
	link := regexp.MustCompile(`href="(/organise/log\?event=[^"]+)"`).FindStringSubmatch(list.body)

	office.get(link[1]).want(t, 200).contains(t, "<strong>husie@example.org", "<strong>office@example.org")
	office.get("/organise/log?who=husie").want(t, 200).lacks(t, "<strong>office@example.org")
	office.get("/organise/log?from="+first+"&to="+first).want(t, 200).contains(t, "<strong>husie@example.org").lacks(t, "<strong>office@example.org")
	office.get("/organise/log?event=finns-inte").want(t, 200).contains(t, "Ingen har läst en sådan lista.")
	office.get("/organise/log?from=i+g%C3%A5r").want(t, 422)
	file := office.get("/organise/log.csv?who=office").want(t, 200)
	if kind := file.Header.Get("Content-Type"); kind != "text/csv; charset=utf-8" || !strings.HasPrefix(file.body, "\ufeffTid;Vem") {
		t.Errorf("%s: %q", kind, file.body)
	}
	file.contains(t, ";office@example.org;hämtade CSV;'=1+1;https://").lacks(t, "husie@example.org")
	office.get("/organise/log").want(t, 200).contains(t, "· hämtade CSV · Vem har läst", "2 läsningar")
}

func TestGuard_KeepsASignUpInOrder(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	at := c.published(strings.Replace(townHall, `"capacity":3`, `"capacity":10`, 1))
	desk := "/organise" + strings.TrimPrefix(at, apiRoot)
	for _, name := range []string{"Ada", "Bo", "Cem"} {
		c.ask("POST", at+"/rsvps", person(name)).want(t, 201)
	}
	rsvp := func(name string) string {
		for _, a := range must(c.Planner.Attendance(c.ctx, nil, strings.TrimPrefix(at, apiRoot+"/events/"), "test", false)).Attendees {
			if a.Person.Name == name {
				return a.RSVP
			}
		}
		t.Fatalf("%s is not on the list", name)
		return ""
	}
	list := b.get(desk+"/attendance?choose=1").want(t, 200).contains(t, `type="checkbox" name="rsvp"`, "Pausa anmälan", "Ta bort och spärra")
	list.lacks(t, `name="present"`)

	b.post(desk+"/guard", "do", "remove").want(t, 422).contains(t, `role="alert"`)
	b.post(desk+"/guard", "do", "fly").want(t, 409)

	b.post(desk+"/guard", "do", "pause").leads(t, desk+"/attendance?choose=1&done=pause")
	c.ask("POST", at+"/rsvps", person("Dua")).want(t, 409)
	if a := c.ask("GET", "/events/"+b.event(desk).Slug, ""); !strings.Contains(a.body, "Anmälan är pausad just nu") {
		t.Errorf("the page of a paused event:\n%s", a.body)
	}
	b.get(desk+"/attendance").contains(t, "Anmälan är pausad: inga nya namn tas emot.")
	b.post(desk+"/guard", "do", "resume").want(t, 303)
	c.ask("POST", at+"/rsvps", person("Dua")).want(t, 201)

	c.press(c.link(at, "Cem"), "action", "party", "party", "1").want(t, 303) // by his own link
	b.post(desk+"/guard", "do", "confirm").want(t, 303)
	for name, want := range map[string]string{"Ada": "held", "Bo": "held", "Cem": "going"} {
		if got := c.state(at, name); got != want {
			t.Errorf("asked to confirm, %s is %s, want %s", name, got, want)
		}
	}
	b.post(desk+"/guard", "do", "bar", "rsvp", rsvp("Ada"), "rsvp", rsvp("Bo")).want(t, 303)
	if a := c.ask("POST", at+"/rsvps", person("Ada")).want(t, 201); a.body != `{"status":"confirm","party":2}` {
		t.Errorf("who is barred is answered %s", a.body)
	}
	if got := c.state(at, "Ada"); got != "cancelled" {
		t.Errorf("who was barred is %s", got)
	}
}

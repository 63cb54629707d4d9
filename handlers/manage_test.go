package handlers

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"samling/models"
	"samling/planner"
)

// link is the address of somebody's own page, as mails have it.
func (c *city) link(event, name string) string {
	c.t.Helper()
	for _, a := range must(c.Planner.Attendance(c.ctx, nil, strings.TrimPrefix(event, apiRoot+"/events/"), "test", false)).Attendees {
		if a.Person.Name == name {
			return "/rsvp/" + c.Planner.Keys.Vault().Token(planner.ManagePurpose, a.RSVP)
		}
	}
	c.t.Fatalf("%s is not on the list", name)
	return ""
}

// press sends a form of a page.
func (c *city) press(link string, fields ...string) answer {
	c.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return c.ask("POST", link, form.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin")
}

func (c *city) state(event, name string) string {
	for _, cancelled := range []bool{false, true} {
		for _, a := range must(c.Planner.Attendance(c.ctx, nil, strings.TrimPrefix(event, apiRoot+"/events/"), "test", cancelled)).Attendees {
			if a.Person.Name == name {
				return a.Entry.State.String()
			}
		}
	}
	return "nowhere"
}

// wantButtons fails unless exactly these actions are offered, beside erasing.
func (a answer) wantButtons(t *testing.T, want string) {
	t.Helper()
	var got []string
	for _, action := range actions() {
		if strings.Contains(a.body, `value="`+string(action)+`"`) && !action.Erases() {
			got = append(got, string(action))
		}
	}
	if strings.Join(got, " ") != want || !strings.Contains(a.body, `value="erase"`) || !strings.Contains(a.body, `value="not-me"`) {
		t.Errorf("offered are %q, want %q and erase", got, want)
	}
}

func TestManage_Round(t *testing.T) {
	c := newCity(t)
	at := c.published(townHall) // three seats
	for _, name := range []string{"Ada", "Bo"} {
		c.ask("POST", at+"/rsvps", strings.Replace(person(name), `"consent"`, `"note":"<b>Nötter</b>","consent"`, 1)).want(t, 201)
	}
	ada, bo := c.link(at, "Ada"), c.link(at, "Bo")

	a := c.ask("GET", ada, "").want(t, 200)
	for _, text := range []string{`lang="sv"`, "Öppet möte om skolan", "fredag 13 mars kl. 18.00–20.00", "Aulan", "Husies förening", "Ada@example.org", "Du är anmäld. Vi ses!", "2 personer", "Läs mer om aktiviteten", "&lt;b&gt;Nötter&lt;/b&gt;", `name="robots" content="noindex"`} {
		if !strings.Contains(a.body, text) {
			t.Errorf("her page lacks %q:\n%s", text, a.body)
		}
	}
	a.wantButtons(t, "party cancel quiet")
	for name, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow", "Content-Type": "text/html; charset=utf-8", "Set-Cookie": ""} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s %q, want %q", name, got, want)
		}
	}
	a = c.ask("GET", "/en"+bo, "").want(t, 200)
	if !strings.Contains(a.body, "number 1 on the waiting list") || !strings.Contains(a.body, `lang="en"`) {
		t.Errorf("Bo's page in English:\n%s", a.body)
	}
	a.wantButtons(t, "party leave")

	// A GET changes nothing, whatever its address says.
	for _, action := range actions() {
		c.ask("GET", ada+"?action="+string(action)+"&party=1", "").want(t, 200)
		c.ask("HEAD", ada+"?action="+string(action), "").want(t, 200)
	}
	if got := c.state(at, "Ada"); got != "going" {
		t.Fatalf("after looking, Ada is %s", got)
	}

	a = c.press(ada, "action", "party", "party", "4").want(t, 409)
	if want := "Så många platser finns inte kvar. Din anmälan är som den var, för 2."; a.result() != want {
		t.Errorf("four of three seats: %q, want %q", a.result(), want)
	}
	c.press(ada, "action", "party", "party", "0").want(t, 422)
	c.press(ada, "action", "party", "party", "x").want(t, 422)
	c.press(ada, "action", "decline").want(t, 409)
	c.press(ada, "action", "fly").want(t, 409)
	c.press(ada).want(t, 409)
	if got := c.state(at, "Ada"); got != "going" {
		t.Fatalf("after what cannot be done, Ada is %s", got)
	}

	a = c.press(ada, "action", "party", "party", "3").want(t, 303)
	if got, want := a.Header.Get("Location"), ada+"?done=party"; got != want {
		t.Errorf("led to %q, want %q", got, want)
	}
	if a := c.ask("GET", a.Header.Get("Location"), ""); a.result() != "Nu är det ändrat." || !strings.Contains(a.body, "3 personer") {
		t.Errorf("after the change:\n%s", a.body)
	}
	a = c.press(ada, "action", "cancel").want(t, 303)
	c.press(ada, "action", "cancel").want(t, 303) // pressed twice
	if a := c.ask("GET", a.Header.Get("Location"), ""); !strings.Contains(a.body, "Tack, vi har fått ditt återbud.") || !strings.Contains(a.body, "Du är inte anmäld.") {
		t.Errorf("after her regrets:\n%s", a.body)
	}
	c.ask("GET", ada, "").wantButtons(t, "")
	if got := c.state(at, "Bo"); got != "going" {
		t.Errorf("Bo, who waited, is %s", got)
	}
	// An old address does not say what is no longer true.
	if a := c.ask("GET", bo+"?done=cancel", ""); strings.Contains(a.body, "återbud") {
		t.Errorf("Bo is told that he cancelled:\n%s", a.body)
	}

	a = c.press(bo, "action", "erase").want(t, 303)
	a = c.ask("GET", a.Header.Get("Location"), "").want(t, 410)
	if !strings.Contains(a.body, "Dina uppgifter är raderade") || strings.Contains(a.body, "Bo@") {
		t.Errorf("after erasing:\n%s", a.body)
	}
	c.press(bo, "action", "confirm").want(t, 410)
}

func TestManage_Confirm(t *testing.T) {
	c := newCity(t)
	at := c.published(strings.Replace(townHall, `"capacity"`, `"rsvp":{"confirm":true},"capacity"`, 1))
	if a := c.ask("POST", at+"/rsvps", person("Ada")); a.body != `{"status":"confirm","party":2}` {
		t.Fatalf("answered %s", a.body)
	}
	ada := c.link(at, "Ada")
	a := c.ask("GET", ada, "")
	a.wantButtons(t, "confirm party cancel quiet")
	if !strings.Contains(a.body, "Vi håller din plats till onsdag 4 mars kl. 10.00") {
		t.Errorf("her page:\n%s", a.body)
	}
	a = c.press(ada, "action", "confirm").want(t, 303)
	if a := c.ask("GET", a.Header.Get("Location"), ""); !strings.Contains(a.body, "bekräftad") {
		t.Errorf("after confirming:\n%s", a.body)
	}
	if got := c.state(at, "Ada"); got != "going" {
		t.Errorf("Ada is %s", got)
	}
}

// In the last hours nobody moves up: a place that is free then is taken by who
// comes first. And who wants no reminders keeps her place.
func TestManage_LastHours(t *testing.T) {
	c := newCity(t)
	at := c.published(townHall) // three seats
	for _, name := range []string{"Ada", "Bo"} {
		c.ask("POST", at+"/rsvps", person(name)).want(t, 201)
	}
	ada, bo := c.link(at, "Ada"), c.link(at, "Bo")
	a := c.press(ada, "action", "quiet").want(t, 303)
	a = c.ask("GET", a.Header.Get("Location"), "")
	a.wantButtons(t, "party cancel")
	if !strings.Contains(a.body, "Vi skickar inga fler påminnelser. Du har kvar din plats.") {
		t.Errorf("after the last reminder:\n%s", a.body)
	}
	c.press(bo, "action", "take").want(t, 409)

	c.pass(10*24*time.Hour + 7*time.Hour) // an hour is left
	a = c.ask("GET", bo, "")
	a.wantButtons(t, "party leave")
	if !strings.Contains(a.body, "Det blev tyvärr ingen plats.") {
		t.Errorf("when the line is over:\n%s", a.body)
	}
	c.press(ada, "action", "cancel").want(t, 303)
	a = c.ask("GET", bo, "")
	a.wantButtons(t, "party leave take")
	if !strings.Contains(a.body, "En plats är ledig just nu.") {
		t.Errorf("when a place is free:\n%s", a.body)
	}
	c.press(bo, "action", "take").want(t, 303)
	if got := c.state(at, "Bo"); got != "going" {
		t.Errorf("Bo is %s", got)
	}
}

// A mail program unsubscribes for its reader, from nowhere in particular.
func TestManage_OneClickUnsubscribe(t *testing.T) {
	c := newCity(t)
	at := c.published(townHall)
	c.ask("POST", at+"/rsvps", person("Ada")).want(t, 201)
	ada := c.link(at, "Ada")
	c.ask("GET", ada+"/quiet", "").want(t, 200).wantButtons(t, "party cancel quiet")
	c.ask("POST", ada+"x/quiet", "List-Unsubscribe=One-Click").want(t, 404)
	for kind, body := range map[string]string{
		"application/x-www-form-urlencoded": "List-Unsubscribe=One-Click",
		"multipart/form-data; boundary=b":   "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n",
	} {
		a := c.ask("POST", ada+"/quiet", body, "Content-Type", kind).want(t, 200)
		if a.Header.Get("Set-Cookie") != "" || a.Header.Get("Location") != "" {
			t.Errorf("%s: %v", kind, a.Header)
		}
	}
	c.ask("GET", ada, "").wantButtons(t, "party cancel")
	if got := c.state(at, "Ada"); got != "going" {
		t.Errorf("Ada is %s", got)
	}
}

// Whoever did not sign up is rid of it with one press, and for a while nothing
// comes of it when somebody uses her address again; he cannot see that.
func TestManage_NotMe(t *testing.T) {
	c := newCity(t)
	at, other := c.published(townHall), c.published(townHall)
	c.ask("POST", at+"/rsvps", person("Ada")).want(t, 201)
	ada := c.link(at, "Ada")
	if a := c.ask("GET", ada+"?was=not-me", ""); !strings.Contains(a.body, `<details id="not-me" open><summary>Det var inte jag`) {
		t.Errorf("the page behind the link:\n%s", a.body)
	} else if !strings.Contains(a.body, `<form id="regrets"`) { // reminders lead there
		t.Error("nothing for regrets")
	}
	a := c.press(ada, "action", "not-me").want(t, 303)
	a = c.ask("GET", a.Header.Get("Location"), "").want(t, 410)
	if !strings.Contains(a.body, "Under 90 dagar leder ingen anmälan") {
		t.Errorf("afterwards:\n%s", a.body)
	}
	if a := c.ask("POST", other+"/rsvps", person("Ada")).want(t, 201); a.body != `{"status":"going","party":2}` {
		t.Errorf("whoever tries again is answered %s", a.body)
	}
	if got := c.state(other, "Ada"); got != "nowhere" {
		t.Errorf("and she is %s", got)
	}
	c.pass(models.BarredLasts)
	third := c.published(strings.Replace(townHall, "2026", "2027", 1))
	c.ask("POST", third+"/rsvps", person("Ada")).want(t, 201)
	if got := c.state(third, "Ada"); got != "going" {
		t.Errorf("when it is over she is %s", got)
	}
}

func TestManage_EventIsOffOrOver(t *testing.T) {
	c := newCity(t)
	at, over := c.published(townHall), c.published(strings.Replace(townHall, "03-13", "03-04", 1))
	c.ask("POST", at+"/rsvps", person("Ada")).want(t, 201)
	c.ask("POST", over+"/rsvps", person("Bo")).want(t, 201)
	ada, bo := c.link(at, "Ada"), c.link(over, "Bo")
	c.ask("POST", at+"/cancel", `{"reason":"Lokalen är <i>översvämmad</i>"}`, "token", c.husie).want(t, 200)
	c.pass(48 * time.Hour)
	a := c.ask("GET", ada, "").want(t, 200)
	a.wantButtons(t, "")
	if !strings.Contains(a.body, "Inställt: Lokalen är &lt;i&gt;översvämmad&lt;/i&gt;") {
		t.Errorf("the page of a cancelled event:\n%s", a.body)
	}
	c.ask("GET", bo, "").wantButtons(t, "")
	c.press(ada, "action", "cancel").want(t, 409)
	c.press(bo, "action", "cancel").want(t, 409)
	c.press(bo, "action", "erase").want(t, 303)
}

func TestManage_WrongLinks(t *testing.T) {
	c := newCity(t)
	at := c.published(townHall)
	c.ask("POST", at+"/rsvps", person("Ada")).want(t, 201)
	good := c.link(at, "Ada")
	v := c.Planner.Keys.Vault()
	for name, link := range map[string]string{
		"nonsense": "/rsvp/x", "cut": good[:len(good)-1], "with more": good + "A", "of another kind": "/rsvp/" + v.Token(planner.SignInPurpose, "0197a1b2-0000-7000-8000-000000000001"),
		"of nobody": "/rsvp/" + v.Token(planner.ManagePurpose, "0197a1b2-0000-7000-8000-000000000001"), "escaped": "/rsvp/%00%ff",
	} {
		for _, method := range []string{"GET", "POST"} {
			a := c.ask(method, link, "", "Sec-Fetch-Site", "same-origin").want(t, 404)
			if !strings.Contains(a.body, "Länken går inte att använda") || a.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s %s: %s", method, name, a.body)
			}
		}
	}
	// A page of another site presses her button.
	for _, headers := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}} {
		c.ask("POST", good, "action=cancel", append(headers, "Content-Type", "application/x-www-form-urlencoded")...).want(t, 403)
	}
	// An older browser sends "null" from a page that keeps its address to itself.
	c.ask("POST", good, "action=cancel", "Content-Type", "application/x-www-form-urlencoded", "Origin", "null").want(t, 303)
	// The action of a form counts, not one in the address.
	c.ask("POST", good+"?action=erase", "", "Content-Type", "application/x-www-form-urlencoded").want(t, 409)
}

func TestStatic_HasItsHashInItsName(t *testing.T) {
	c := newCity(t)
	style := c.pages.named["samling.css"]
	a := c.ask("GET", style, "").want(t, 200)
	if a.Header.Get("Content-Type") != "text/css; charset=utf-8" || a.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" {
		t.Errorf("%v", a.Header)
	}
	c.ask("GET", "/static/samling.css", "").want(t, 404)
	if a := c.ask("GET", "/rsvp/x", ""); !strings.Contains(a.body, style) {
		t.Errorf("a page without its style:\n%s", a.body)
	}
}

// The list goes by mail to the owner of the address, and the page says no more
// than that.
func TestManage_MailsMine(t *testing.T) {
	c := newCity(t)
	at := c.published(townHall)
	c.ask("POST", at+"/rsvps", person("Ada")).want(t, 201)
	ada := c.link(at, "Ada")
	if a := c.ask("GET", ada, "").want(t, 200); !strings.Contains(a.body, `value="mine"`) {
		t.Errorf("it is not offered:\n%s", a.body)
	}
	c.ask("GET", ada+"?action=mine", "").want(t, 200)
	for range 3 {
		if a := c.press(ada, "action", "mine").want(t, 303); a.Header.Get("Location") != ada+"?done=mine" {
			t.Errorf("leads to %s", a.Header.Get("Location"))
		}
	}
	if a := c.ask("GET", ada+"?done=mine", "").want(t, 200); !strings.Contains(a.body, "Vi mejlar dig en lista") || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("it does not say so:\n%s", a.body)
	}
	mails := 0
	for m, err := range c.Planner.Store.Mails.List(c.ctx, models.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		if m.Kind == models.MailMine {
			mails++
		}
	}
	if mails == 0 {
		t.Error("nothing is mailed")
	}
}

// Whom mail does not reach, the organisers see; what was ticked off stays.
func TestAttendancePage_NoMail(t *testing.T) {
	c := newCity(t)
	at := c.published(townHall)
	for _, name := range []string{"Ada", "Bo"} {
		c.ask("POST", at+"/rsvps", person(name)).want(t, 201)
	}
	desk := c.signedIn("husie@example.org")
	page := "/organise/events/" + strings.TrimPrefix(at, apiRoot+"/events/") + "/attendance"
	count := func() int {
		return strings.Count(desk.get(page).want(t, 200).body, `<p class="no-mail">Mejl kommer inte fram`)
	}
	if n := count(); n != 0 {
		t.Errorf("%d are marked before anything came back", n)
	}
	id, _ := c.Planner.ByManageToken(strings.TrimPrefix(c.link(at, "Ada"), "/rsvp/"))
	must(c.Planner.Store.RSVPs.Update(c.ctx, id, func(r *models.RSVP) error { r.Returned = *c.clock; return nil }))
	if n := count(); n != 1 {
		t.Errorf("%d are marked, want 1", n)
	}
}

package handlers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"samling/models"
	"samling/planner"
)

// evening is an event with a door, to which people have signed up.
type evening struct {
	*city
	event      models.Event
	link, code string
	anna, bo   string // their sign-ups
}

func newEvening(t *testing.T, set func(*models.Event)) *evening {
	t.Helper()
	c := newCity(t)
	e := townHallOf("husie")
	e.Capacity = 4
	set(&e)
	e = must(c.Planner.CreateEvent(c.ctx, planner.Command(), e))
	e = must(c.Planner.MoveEvent(c.ctx, planner.Command(), e.ID, planner.Anyway, models.Publish, ""))
	for _, s := range []models.SignUp{
		{Name: "Bo Ek", Email: "bo@example.org", Party: 1, Note: "Nötallergi"},
		{Name: "Anna Svensson", Email: "anna@example.org", Party: 2},
		{Name: "Cia Dahl", Email: "cia@example.org", Party: 2},
	} {
		s.Consent = true
		must(c.Planner.SignUp(c.ctx, e.ID, s, nil))
	}
	v := &evening{city: c, event: e}
	v.link, v.code = c.door(e)
	for _, entry := range must(c.Planner.Store.Rosters.Get(c.ctx, e.ID)).Entries {
		if entry.Party == 1 {
			v.bo = entry.RSVP.String()
		} else if v.anna == "" {
			v.anna = entry.RSVP.String()
		}
	}
	return v
}

// form posts a form, as a browser with that cookie.
func (v *evening) form(url, body, cookie string) answer {
	v.t.Helper()
	return v.ask("POST", url, body, "Content-Type", "application/x-www-form-urlencoded", "Cookie", cookie)
}

// open lets a phone in, and returns its cookie.
func (v *evening) open(name string) string {
	v.t.Helper()
	a := v.form("/door/"+v.link, url.Values{"code": {v.code}, "name": {name}}.Encode(), "").want(v.t, 303)
	return strings.Split(a.Header.Get("Set-Cookie"), ";")[0]
}

func (v *evening) get(path, cookie string, headers ...string) answer {
	v.t.Helper()
	return v.ask("GET", "/door/"+v.link+path, "", append(headers, "Cookie", cookie)...)
}

// press sends one as a phone's page does.
func (v *evening) press(cookie string, p models.Press) answer {
	v.t.Helper()
	body := fmt.Sprintf(`{"presses":[{"id":%q,"rsvp":%q,"walk_in":%q,"count":%d,"at":%d}]}`, p.ID, p.RSVP, p.WalkIn, p.Count, p.At.UnixMilli())
	return v.ask("POST", "/door/"+v.link+"/presses", body, "Cookie", cookie)
}

// refuses runs scenarios with the same headers.
func (v *evening) refuses(t *testing.T, scenarios []scenario, headers ...string) {
	t.Helper()
	for i := range scenarios {
		scenarios[i].headers = headers
	}
	v.run(t, scenarios)
}

func anyEvent(*models.Event) {}

func TestDoor_TheLinkAloneSaysNothing(t *testing.T) {
	for name, set := range map[string]func(*models.Event){
		"of a public event":    anyEvent,
		"of a members' event":  func(e *models.Event) { e.Audience = models.Members },
		"of a protected event": func(e *models.Event) { e.SignUp.Protected = true },
	} {
		t.Run(name, func(t *testing.T) {
			v := &evening{city: newCity(t)}
			e := townHallOf("husie")
			set(&e)
			e = must(v.Planner.CreateEvent(v.ctx, planner.Command(), e))
			e = must(v.Planner.MoveEvent(v.ctx, planner.Command(), e.ID, planner.Anyway, models.Publish, ""))
			v.link, v.code = v.door(e)
			secrets := []string{e.Title, e.Place.Name, e.ID, e.Slug, v.code, "husie"}
			for _, a := range []answer{
				v.get("", "").want(t, 200),
				v.form("/door/"+v.link, "code=abcd", "").want(t, 422),
				v.get("/list", "").want(t, 401), v.get("/counts", "").want(t, 401), v.get("/shell", "").want(t, 401),
				v.form("/door/"+v.link+"/presses", "walk_in="+uuid.NewString()+"&count=1", "").want(t, 401),
			} {
				a.lacks(t, secrets...)
				if a.Header.Get("Set-Cookie") != "" || a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("X-Robots-Tag") != "noindex, nofollow" || a.Header.Get("Referrer-Policy") != "no-referrer" {
					t.Errorf("answered with %v", a.Header)
				}
			}
		})
	}
}

func TestDoor_Code(t *testing.T) {
	v := newEvening(t, anyEvent)
	at := "/door/" + v.link
	v.ask("GET", at+"x", "").want(t, 404).contains(t, "Länken gäller inte längre")
	spoken := v.code[:2] + " " + v.code[2:]
	a := v.form(at, "code="+url.QueryEscape(spoken)+"&name=D%C3%B6rr+mot+g%C3%A5rden", "").want(t, 303)
	cookie := a.Header.Get("Set-Cookie")
	for _, want := range []string{"__Secure-samling-door=", "; path=/door/" + v.link, "; HttpOnly", "; secure", "; SameSite=Strict"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("the cookie %q lacks %q", cookie, want)
		}
	}
	v.form(at, "code="+v.code+"&name="+strings.Repeat("x", 41), "").want(t, 422).contains(t, `id="name-fault"`)
	v.form(at, "code=12", "").want(t, 422).contains(t, "inte rätt kod")
	wrong := "0000"
	if v.code == wrong {
		wrong = "0001"
	}
	for range models.DoorTries {
		v.form(at, "code="+wrong, "").want(t, 422).contains(t, "inte rätt kod")
	}
	if a := v.form(at, "code="+v.code, "").want(t, 429); a.Header.Get("Retry-After") != "3600" {
		t.Errorf("asked to wait %q", a.Header.Get("Retry-After"))
	}
	v.pass(time.Hour)
	v.form(at, "code="+v.code, "").want(t, 303)
	must(v.Planner.Store.Doors.Update(v.ctx, v.event.ID, func(d *models.Door) error { d.Guesses = models.DoorGuesses; return nil }))
	v.form(at, "code="+v.code, "").want(t, 409).contains(t, "länken inte gäller längre")
}

func TestDoor_SeventhPhone(t *testing.T) {
	v := newEvening(t, func(e *models.Event) { e.Contact = models.Contact{Name: "Expeditionen", Phone: "040-000 00 00"} })
	first := v.open("")
	for range models.DoorPhones - 1 {
		v.open("")
	}
	v.form("/door/"+v.link, "code="+v.code, "").want(t, 409).contains(t, "Sex telefoner", "Expeditionen", "tel:0400000000")
	v.form("/door/"+v.link, "code=1", "").want(t, 422).lacks(t, "Expeditionen")
	v.form("/door/"+v.link, "code="+v.code, first).want(t, 303) // it is in already
}

// Everything without scripts.
func TestDoor_Page(t *testing.T) {
	v := newEvening(t, anyEvent)
	cookie := v.open("Dörr mot gården")
	page := v.get("", cookie).want(t, 200)
	page.contains(t, "Öppet möte", "Anna S.", "2 personer", "Bo E.", "har behov", "Cia D.", "På reservlistan", "Telefon 1 · Dörr mot gården",
		"0 av 3 har kommit", "0 utan anmälan · 1 plats kvar")
	page.lacks(t, "Svensson", "Nötallergi", "anna@example.org", "Dahl")
	if a, b := strings.Index(page.body, "Anna S."), strings.Index(page.body, "Bo E."); a > b {
		t.Error("not in the order of the letters")
	}
	presses := "/door/" + v.link + "/presses"
	a := v.form(presses, "rsvp="+v.anna+"&count=2", cookie).want(t, 303)
	if to := a.Header.Get("Location"); to != "/door/"+v.link+"#r-"+v.anna {
		t.Errorf("led to %s", to)
	}
	v.get("", cookie).contains(t, "2 av 3 har kommit", "2 av 2")
	v.form(presses, "rsvp="+v.anna+"&count=3", cookie).want(t, 303)
	v.get("", cookie).contains(t, "3 av 3 har kommit", "inga platser kvar")
	walk := regexp.MustCompile(`name="walk_in" value="([0-9a-f-]{36})"`).FindStringSubmatch(v.get("", cookie).body)[1]
	for range 2 {
		a = v.form(presses, "walk_in="+walk+"&count=5", cookie).want(t, 303)
	}
	v.get(strings.TrimPrefix(a.Header.Get("Location"), "/door/"+v.link), cookie).contains(t, "5 utan anmälan · 5 fler än platserna", "De är med i räkningen.")
	v.pass(time.Second)
	v.form(presses, "walk_in="+walk+"&count=0", cookie).want(t, 303)
	v.form(presses, "rsvp="+v.anna+"&count=0", cookie).want(t, 303)
	v.get("", cookie).contains(t, "0 av 3 har kommit", "0 utan anmälan")
	v.refuses(t, []scenario{
		{name: "somebody of another event", method: "POST", url: presses, body: "count=1&rsvp=" + uuid.NewString(), status: 404},
		{name: "too many", method: "POST", url: presses, body: "count=51&rsvp=" + v.anna, status: 422},
		{name: "not a number", method: "POST", url: presses, body: "count=alla&rsvp=" + v.anna, status: 422},
	}, "Cookie", cookie, "Content-Type", "application/x-www-form-urlencoded")
}

// Several doors see each other's ticks.
func TestDoor_Counts(t *testing.T) {
	v := newEvening(t, anyEvent)
	yard, street := v.open(""), v.open("")
	var list struct {
		Version string
		Rows    []struct{ RSVP, Name string }
	}
	must(0, json.Unmarshal([]byte(v.get("/list", yard).want(t, 200).body), &list))
	first := v.get("/counts", yard).want(t, 200).lacks(t, "Anna")
	tag := first.Header.Get("ETag")
	v.pass(5 * time.Second)
	if a := v.get("/counts", yard, "If-None-Match", tag).want(t, 304); a.body != "" {
		t.Errorf("304 with %q", a.body)
	}
	v.press(street, models.Press{ID: uuid.NewString(), RSVP: v.anna, Count: 2, At: *v.clock}).want(t, 200)
	after := v.get("/counts", yard, "If-None-Match", tag).want(t, 200)
	after.contains(t, `"`+v.anna+`":2`, `"version":"`+list.Version+`"`)
	must(v.Planner.SignUp(v.ctx, v.event.ID, models.SignUp{Name: "Disa Ek", Email: "disa@example.org", Party: 1, Consent: true}, nil))
	if strings.Contains(v.get("/counts", yard).body, list.Version) {
		t.Error("somebody more has signed up, and the list is the same")
	}
}

func TestDoor_PressesAsJSON(t *testing.T) {
	v := newEvening(t, anyEvent)
	cookie := v.open("")
	id, walkIn := uuid.NewString(), uuid.NewString()
	for range 3 {
		v.press(cookie, models.Press{ID: id, RSVP: v.anna, Count: 2, At: *v.clock}).want(t, 200).contains(t, `"refused":{}`)
		v.press(cookie, models.Press{ID: walkIn, WalkIn: walkIn, Count: 3, At: *v.clock}).want(t, 200)
	}
	v.press(cookie, models.Press{ID: id, RSVP: uuid.NewString(), Count: 2}).want(t, 200).contains(t, `"`+id+`":"not-found"`)
	v.get("/counts", cookie).contains(t, `"walk_ins":3`, `"`+v.anna+`":2`)
	many := `{"presses":[` + strings.Repeat(`{"id":"x"},`, mostPresses) + `{"id":"x"}]}`
	v.refuses(t, []scenario{
		{name: "not JSON", method: "POST", url: "/door/" + v.link + "/presses", body: `{"presses":`, status: 400},
		{name: "an unknown field", method: "POST", url: "/door/" + v.link + "/presses", body: `{"presses":[{"name":"Anna"}]}`, status: 422},
		{name: "a time that is none", method: "POST", url: "/door/" + v.link + "/presses", body: `{"presses":[{"at":"i kväll"}]}`, status: 422},
		{name: "too many at once", method: "POST", url: "/door/" + v.link + "/presses", body: many, status: 413},
	}, "Cookie", cookie)
}

// After two hours nothing is shown any more, and after three days nothing is taken.
func TestDoor_Afterwards(t *testing.T) {
	v := newEvening(t, anyEvent)
	cookie := v.open("")
	press := models.Press{ID: uuid.NewString(), RSVP: v.bo, Count: 1, At: *v.clock}
	*v.clock = v.event.Ends.Add(models.DoorReads)
	for _, path := range []string{"", "/list", "/counts"} {
		v.get(path, cookie).want(t, 409).lacks(t, "Anna", v.event.Title)
	}
	v.get("/shell", cookie).want(t, 200).lacks(t, "Anna", v.event.Title)
	v.form("/door/"+v.link, "code="+v.code, "").want(t, 409)
	*v.clock = v.event.Ends.Add(14 * time.Hour)
	v.press(cookie, press).want(t, 200).lacks(t, "Anna").contains(t, `"refused":{}`)
	if got := must(v.Planner.Store.RSVPs.Get(v.ctx, v.bo)).Present; got != 1 {
		t.Errorf("%d present", got)
	}
	*v.clock = v.event.Ends.Add(models.DoorWrites)
	v.press(cookie, press).want(t, 404)
}

func TestOrganiseDoor(t *testing.T) {
	v := newEvening(t, anyEvent)
	must(0, v.Planner.CloseDoor(v.ctx, planner.Command(), v.event.ID))
	session := "__Host-samling=" + v.session("husie@example.org")
	at := "/organise/events/" + v.event.ID + "/door"
	show := func() answer { return v.ask("GET", at, "", "Cookie", session).want(t, 200) }
	do := func(body string) { v.form(at, body, session).want(t, 303) }
	show().contains(t, "Gör en länk och en kod").lacks(t, "/door/"+v.link)
	do("do=open")
	link := func() string {
		return regexp.MustCompile(`value="https://samling\.test/door/([^"]+)"`).FindStringSubmatch(show().body)[1]
	}
	code := func() string { return regexp.MustCompile(`class="four">(\d{4})<`).FindStringSubmatch(show().body)[1] }
	v.link, v.code = link(), code()
	first := v.open("Dörr mot gården")
	second := v.open("")
	v.pass(time.Minute)
	v.get("/counts", first).want(t, 200)
	show().contains(t, "Telefon 1 · Dörr mot gården", "Öppnad 10.00, senast sedd 10.01.", "Telefoner: 2 av 6")
	do("do=phone&number=1")
	v.get("/counts", first).want(t, 401)
	v.get("/counts", second).want(t, 200)
	show().contains(t, "Stängd 10.01.", "Telefoner: 1 av 6")
	do("do=renew")
	if link() == v.link {
		t.Error("the new link is the old one")
	}
	v.get("/counts", second).want(t, 404)
	v.link, v.code = link(), code()
	v.open("")
	do("do=close")
	v.get("", "").want(t, 404)
	show().contains(t, "Gör en länk och en kod")
	v.form(at, "do=dance", session).want(t, 409)
	*v.clock = v.event.Ends.Add(models.DoorReads)
	v.form(at, "do=open", session).want(t, 409)
	show().contains(t, "Aktiviteten är slut")
}

func TestDoor_IsInTheLog(t *testing.T) {
	v := newEvening(t, anyEvent)
	cookie := v.open("Annas telefon")
	v.get("", cookie).want(t, 200)
	session := "__Host-samling=" + v.session("office@example.org")
	v.ask("GET", "/organise/log", "", "Cookie", session).want(t, 200).
		contains(t, "dörr: Telefon 1", "öppnade listan vid dörren", "3 anmälningar").lacks(t, "Annas telefon")
	if log := v.log.String(); strings.Contains(log, v.link) || !strings.Contains(log, "/door/…") {
		t.Errorf("the log has the link: %.600s", log)
	}
}

func TestDoor_InEnglish(t *testing.T) {
	v := newEvening(t, anyEvent)
	a := v.form("/en/door/"+v.link, "code="+v.code, "").want(t, 303)
	if to := a.Header.Get("Location"); to != "/en/door/"+v.link {
		t.Errorf("led to %s", to)
	}
	cookie := strings.Split(a.Header.Get("Set-Cookie"), ";")[0]
	v.ask("GET", "/en/door/"+v.link, "", "Cookie", cookie).want(t, http.StatusOK).contains(t, "0 of 3 are here", "has a need")
	v.ask("GET", "/ar/door/"+v.link, "").want(t, 404)
}

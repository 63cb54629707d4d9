package handlers

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"samling/models"
)

const doorOfTownHall = "/events/oppet-mote-om-skolan/rsvp"

// post sends a form as a browser does.
func (c *city) post(at string, form url.Values, headers ...string) answer {
	c.t.Helper()
	return c.ask("POST", at, form.Encode(), append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)...)
}

// filled is the form as somebody fills it in within a minute.
func (c *city) filled(change ...string) url.Values {
	form := url.Values{
		"name": {"Åsa"}, "email": {"asa@example.org"}, "party": {"2"}, "note": {"Nötter"}, "consent": {"yes"}, "homepage": {""},
		"at": {strconv.FormatInt(c.Now().Add(-time.Minute).Unix(), 10)}, "language": {"sv"},
	}
	for i := 0; i+1 < len(change); i += 2 {
		form.Set(change[i], change[i+1])
	}
	return form
}

func TestSignUpForm_Taken(t *testing.T) {
	for name, s := range map[string]struct {
		event, prefix string
		change        []string
		status        string
		say           string
	}{
		"a place":         {townHall, "", nil, "going", "Vi har mejlat dig. Där står om du fick plats."},
		"in English":      {townHall, "/en", nil, "going", "We’ve emailed you. It says if you got a place."},
		"too many":        {townHall, "", []string{"party", "4"}, "waiting", "Det är fullt just nu."},
		"no limit":        {strings.Replace(townHall, `,"capacity":3`, "", 1), "", nil, "going", "I mejlet finns allt du behöver"},
		"trapped":         {townHall, "", []string{"homepage", "https://spam.example"}, "confirm", "Bekräfta din anmälan"},
		"too fast":        {townHall, "", []string{"at", strconv.FormatInt(tuesday.Unix()-1, 10)}, "confirm", "Bekräfta din anmälan"},
		"without a stamp": {townHall, "", []string{"at", ""}, "confirm", "Bekräfta din anmälan"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCity(t)
			at := c.published(s.event)
			a := c.post(s.prefix+doorOfTownHall, c.filled(s.change...)).want(t, 303)
			to := a.Header.Get("Location")
			party := c.filled(s.change...).Get("party")
			if want := s.prefix + doorOfTownHall + "?party=" + party + "&status=" + s.status; to != want {
				t.Fatalf("leads to %q, want %q", to, want)
			}
			if page := c.ask("GET", to, "").want(t, 200); !strings.Contains(page.body, s.say) || page.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("says %s", page.body)
			}
			list := c.ask("GET", at+"/attendance", "", "token", c.husie).want(t, 200).json(t)
			if n := len(list["attendees"].([]any)); n != 1 {
				t.Errorf("%d signed up", n)
			}
		})
	}
}

// Who is known is not to be found out, and sending twice hurts nobody.
func TestSignUpForm_KnownAddress(t *testing.T) {
	c := newCity(t)
	at := c.published(strings.Replace(townHall, `"capacity":3`, `"capacity":30`, 1))
	first := c.post(doorOfTownHall, c.filled()).want(t, 303)
	again := c.post(doorOfTownHall, c.filled()).want(t, 303)
	new := c.post(doorOfTownHall, c.filled("email", "bo@example.org")).want(t, 303)
	for _, a := range []answer{again, new} {
		if got, want := a.Header.Get("Location"), first.Header.Get("Location"); got != want || a.body != first.body {
			t.Errorf("answered %q, want %q", got, want)
		}
	}
	list := c.ask("GET", at+"/attendance", "", "token", c.husie).want(t, 200).json(t)
	if list["going"] != 4.0 {
		t.Errorf("%v are going, want 4", list["going"])
	}
}

func TestSignUpForm_Refused(t *testing.T) {
	t.Parallel() // the longest ones, side by side
	for name, s := range map[string]struct {
		change   []string
		status   int
		contains []string
	}{
		"no name":       {[]string{"name", " "}, 422, []string{`href="#name"`, `id="name-wrong"`, `value="asa@example.org"`, ">Nötter</textarea>", " checked"}},
		"bad address":   {[]string{"email", "åsa@fel"}, 422, []string{`href="#email"`, `value="åsa@fel"`, `aria-describedby="email-wrong"`}},
		"no address":    {[]string{"email", ""}, 422, []string{`href="#email"`}},
		"a line break":  {[]string{"email", "a@example.org\nBcc: b@example.org"}, 422, []string{`href="#email"`}},
		"no consent":    {[]string{"consent", ""}, 422, []string{`href="#consent"`, "Utan ditt ja"}},
		"nobody":        {[]string{"party", "0"}, 422, []string{`href="#party"`, "från 1 till 4"}},
		"a crowd":       {[]string{"party", "500"}, 422, []string{`href="#party"`, "från 1 till 4", `value="500"`}},
		"no number":     {[]string{"party", "två"}, 422, []string{`href="#party"`, `value="två"`}},
		"a long name":   {[]string{"name", strings.Repeat("å", 10_000)}, 422, []string{`href="#name"`}},
		"a broken name": {[]string{"name", "\xff"}, 422, []string{`href="#name"`}},
		"everything":    {[]string{"name", "", "email", "", "party", "", "consent", ""}, 422, []string{`href="#name"`, `href="#email"`, `href="#party"`, `href="#consent"`}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCity(t)
			at := c.published(townHall)
			a := c.post(doorOfTownHall, c.filled(s.change...)).want(t, s.status)
			for _, text := range append(s.contains, "<title>Något behöver rättas – ", `<h2 tabindex="-1" autofocus>Något behöver rättas</h2>`) {
				if !strings.Contains(a.body, text) {
					t.Errorf("lacks %q: %s", text, a.body)
				}
			}
			if a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("ETag") != "" {
				t.Errorf("headers %v", a.Header)
			}
			wellFormed(t, name, strings.ToValidUTF8(a.body, "?"))
			list := c.ask("GET", at+"/attendance", "", "token", c.husie).want(t, 200).json(t)
			if n := len(list["attendees"].([]any)); n != 0 {
				t.Errorf("%d signed up", n)
			}
		})
	}
}

func TestSignUpForm_ShutDoors(t *testing.T) {
	shut := func(event string, then func(c *city, at string), status int, say string) func(*testing.T) {
		return func(t *testing.T) {
			c := newCity(t)
			at := c.published(event)
			then(c, at)
			a := c.post(doorOfTownHall, c.filled()).want(t, status)
			if !strings.Contains(a.body, say) {
				t.Errorf("does not say %q: %s", say, a.body)
			}
			if status == 409 && (!strings.Contains(a.body, `value="Åsa"`) || a.result() == "") {
				t.Error("what was typed is lost")
			}
		}
	}
	nothing := func(*city, string) {}
	t.Run("cancelled", shut(townHall, func(c *city, at string) {
		c.ask("POST", at+"/cancel", `{"reason":"Vatten i salen"}`, "token", c.office).want(t, 200)
	}, 409, "Vatten i salen"))
	t.Run("postponed", shut(townHall, func(c *city, at string) { c.ask("POST", at+"/postpone", `{}`, "token", c.office).want(t, 200) }, 409, "uppskjutet"))
	t.Run("past", shut(townHall, func(c *city, _ string) { c.pass(20 * 24 * time.Hour) }, 409, "redan varit"))
	t.Run("just come", shut(strings.Replace(townHall, `"capacity":3`, `"rsvp":{"needed":false}`, 1), nothing, 409, "bara att komma"))
	t.Run("closed", shut(strings.Replace(townHall, `"capacity":3`, `"rsvp":{"needed":true,"closes":"2026-03-01"}`, 1), nothing, 409, "stängd"))
	t.Run("not open yet", shut(strings.Replace(townHall, `"capacity":3`, `"rsvp":{"needed":true,"opens":"2026-03-10T08:00"}`, 1), nothing, 409, "Anmälan öppnar tisdag 10 mars kl. 08.00"))
	t.Run("for members", shut(strings.Replace(townHall, `"capacity":3`, `"audience":"members"`, 1), nothing, 404, "Sidan finns inte"))
}

func TestSignUpForm_OtherSites(t *testing.T) {
	c := newCity(t)
	at := c.published(townHall)
	for name, headers := range map[string][]string{
		"by fetch metadata": {"Sec-Fetch-Site", "cross-site"},
		"by origin":         {"Origin", "https://evil.example"},
		"from nowhere":      {"Origin", "null"},
	} {
		if a := c.post(doorOfTownHall, c.filled(), headers...); a.StatusCode != 403 {
			t.Errorf("%s: status %d", name, a.StatusCode)
		}
	}
	c.post(doorOfTownHall, c.filled(), "Sec-Fetch-Site", "same-origin", "Origin", "https://samling.test").want(t, 303)
	list := c.ask("GET", at+"/attendance", "", "token", c.husie).want(t, 200).json(t)
	if list["going"] != 2.0 {
		t.Errorf("%v are going", list["going"])
	}
	// What stands in the address is not what somebody typed.
	c.post(doorOfTownHall+"?"+c.filled("email", "bo@example.org").Encode(), url.Values{}).want(t, 422)
	if a := c.ask("GET", doorOfTownHall+"?status=lies", "").want(t, 303); a.Header.Get("Location") != "/events/oppet-mote-om-skolan#sign-up" {
		t.Errorf("leads to %q", a.Header.Get("Location"))
	}
}

// Beyond the limits one is asked to confirm, and only machines are sent away, with
// what was typed kept.
func TestSignUpForm_Limits(t *testing.T) {
	c := newCity(t)
	c.published(strings.Replace(townHall, `"capacity":3`, `"capacity":3000`, 1))
	last := ""
	for i := range models.ClientRate().Burst * tenfold {
		a := c.post(doorOfTownHall, c.filled("email", "p"+strconv.Itoa(i)+"@example.org")).want(t, 303)
		last = a.Header.Get("Location")
	}
	if !strings.Contains(last, "status=confirm") {
		t.Errorf("the last of many: %s", last)
	}
	a := c.post(doorOfTownHall, c.filled("email", "q@example.org")).want(t, 429)
	if a.Header.Get("Retry-After") == "" || !strings.Contains(a.body, `value="q@example.org"`) {
		t.Errorf("%v %s", a.Header, a.body)
	}
}

// The trap is nowhere for a reader: not on the screen, in the accessibility tree,
// in the order of the keys, or among what a browser fills in.
func TestSignUpForm_TrapIsForProgramsAlone(t *testing.T) {
	c := newCity(t)
	c.published(townHall)
	page := c.ask("GET", "/events/oppet-mote-om-skolan", "").want(t, 200)
	page.contains(t, `<p class="trap" aria-hidden="true">`, `<input id="homepage" name="homepage" tabindex="-1" autocomplete="off" data-1p-ignore data-lpignore="true">`, `<input type="hidden" name="at"`)
	if style := c.ask("GET", c.pages.named["samling.css"], "").want(t, 200); !strings.Contains(style.body, ".trap { display: none; }") {
		t.Error("the trap is drawn")
	}
}

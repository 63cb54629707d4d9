package handlers

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"samling/models"
)

// inField is the value of a hidden field of a page.
func (a answer) inField(name string) string {
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(a.body)
	if m == nil {
		return ""
	}
	return m[1]
}

// setUp gives whoever is signed in an authenticator, as she would do it without
// JavaScript, and returns its secret.
func (b *browser) setUp(then string) (secret string, a answer) {
	b.t.Helper()
	page := b.get("/organise/account/factors/new?then="+url.QueryEscape(then)).want(b.t, 200)
	secret = strings.ReplaceAll(regexp.MustCompile(`<code class="secret">([A-Z2-7 ]+)</code>`).FindStringSubmatch(page.body)[1], " ", "")
	fields := []string{"name", "Koder", "sealed", page.inField("sealed"), "then", then, "code"}
	wrong := b.post("/organise/account/codes", append(fields, "000000")...).want(b.t, 422).contains(b.t, "Koden stämmer inte", `href="#code"`)
	if again := wrong.inField("sealed"); again != page.inField("sealed") {
		b.t.Error("a wrong code changes the secret")
	}
	return secret, b.post("/organise/account/codes", append(fields, b.codeNow(secret))...)
}

// codeNow is what an authenticator shows, with the space that it shows in it.
func (b *browser) codeNow(secret string) string {
	code := must(totp.GenerateCode(secret, *b.clock))
	return code[:3] + " " + code[3:]
}

func TestProve_ThenOnwards(t *testing.T) {
	c := newCity(t)
	at, _ := c.doorOf(c.signedIn("husie@example.org"))
	office := &browser{city: c, cookie: c.mailedSession("office@example.org")}
	for _, path := range []string{at + "/attendance.csv", at + "/attendance.xlsx", at + "/attendance/details", "/organise/account/tokens/new"} {
		office.get(path).leads(t, "/organise/prove?then="+url.QueryEscape(path))
	}
	file := at + "/attendance.csv"
	ask := office.get("/organise/prove?then="+url.QueryEscape(file)).want(t, 200).contains(t, "Lägg till nu")
	if set := regexp.MustCompile(`href="(/organise/account/factors/new[^"]*)"`).FindStringSubmatch(ask.body); set == nil || !strings.Contains(set[1], url.QueryEscape(file)) {
		t.Fatalf("the page does not lead on by where she was going: %v", set)
	}
	secret, added := office.setUp(file)
	added.leads(t, "/organise/prove?then="+url.QueryEscape(file))
	office.get(added.Header.Get("Location")).want(t, 200).contains(t, `href="`+file+`"`, "Nu vet vi att det är du")
	office.get(file).want(t, 200)

	c.pass(models.ProofLasts)
	office.cookie = c.mailedSession("office@example.org")
	page := at + "/attendance/details"
	office.get(page).leads(t, "/organise/prove?then="+url.QueryEscape(page))
	office.get("/organise/prove?then="+url.QueryEscape(page)).want(t, 200).contains(t, "one-time-code").lacks(t, "Lägg till nu")
	office.post("/organise/prove", "then", page, "code", "000000").want(t, 422).contains(t, "Koden stämmer inte")
	office.post("/organise/prove", "then", "https://evil.example/", "code", office.codeNow(secret)).leads(t, "/organise")
	office.get(page).want(t, 200)
}

// An organiser is asked when the setting says so, and for her account's own keys as
// soon as she has some.
func TestProve_WhoIsAsked(t *testing.T) {
	c := newCity(t)
	husie := &browser{city: c, cookie: c.mailedSession("husie@example.org")}
	at, _ := c.doorOf(husie)
	husie.get(at+"/attendance.csv").want(t, 200)
	office := must(c.Planner.OrganiserByEmail(c.ctx, "office@example.org"))
	must(0, c.Planner.SetSettings(c.ctx, &office, func(s *models.Settings) { s.SecondFactor = true }))
	husie.get(at+"/attendance.csv").want(t, 303)
	must(0, c.Planner.SetSettings(c.ctx, &office, func(s *models.Settings) { s.SecondFactor = false }))

	_, added := husie.setUp("")
	added.leads(t, "/organise/account?done=factor")
	husie.cookie = c.mailedSession("husie@example.org")
	husie.get("/organise/account").want(t, 200).contains(t, "Koder")
	husie.get("/organise/account/factors/new").leads(t, "/organise/prove?then="+url.QueryEscape("/organise/account/factors/new"))
	husie.get(at+"/attendance.csv").want(t, 200)
}

func TestAccount_Sessions(t *testing.T) {
	c := newCity(t)
	o := must(c.Planner.OrganiserByEmail(c.ctx, "husie@example.org"))
	in := func(agent string, fields ...string) *browser {
		b := &browser{city: c, agent: agent}
		token := must(c.Planner.CreateSignIn(c.ctx, o.ID, time.Hour))
		b.post("/sign-in", append([]string{"token", token}, fields...)...).leads(t, "/organise")
		return b
	}
	firefox := in("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "own", "yes")
	phone := in("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1")
	strange := in(`Ring 040-12 34 56 <b>genast</b>/1.0`)
	firefox.get("/organise/account").want(t, 200).contains(t, "Firefox, Linux", "Den här", "Safari, iOS", "Okänd webbläsare").lacks(t, "Ring 040", "genast")

	all := must(c.Planner.Sessions(c.ctx, &o))
	for _, s := range all {
		if want := map[string]time.Duration{"Firefox, Linux": models.SessionLasts}[s.Browser]; want != 0 && s.Expires.Sub(s.Created) != want {
			t.Errorf("%s lasts %v", s.Browser, s.Expires.Sub(s.Created))
		} else if s.Browser == "Safari, iOS" {
			for range 2 { // pressed twice
				firefox.post("/organise/account/sessions/"+s.ID+"/end").leads(t, "/organise/account?done=ended")
			}
		}
	}
	phone.get("/organise").leads(t, "/sign-in?then=%2Forganise")
	firefox.post("/organise/account/sessions/end").leads(t, "/organise/account?done=others-ended")
	strange.get("/organise").leads(t, "/sign-in?then=%2Forganise")
	firefox.get("/organise/account").want(t, 200).lacks(t, "Logga ut överallt")
}

func TestAccount_Tokens(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	at, _ := c.doorOf(b)
	list := strings.Replace(at, "/organise/events", apiRoot+"/events", 1) + "/attendance"
	b.post("/organise/account/tokens", "name", "", "lasts", "30").want(t, 422).contains(t, `href="#name"`, `href="#scope"`)
	made := b.post("/organise/account/tokens", "name", "Vår webbplats", "scope", "read-events", "lasts", "30").want(t, 200)
	token := regexp.MustCompile(`samling_[A-Z2-7]{20,}`).FindString(made.body)
	c.ask("GET", apiRoot+"/events", "", "token", token).want(t, 200)
	c.ask("GET", list, "", "token", token).want(t, 403).contains(t, `"code":"not-in-scope"`)
	c.ask("POST", apiRoot+"/events", townHall, "token", token).want(t, 403)
	page := b.get("/organise/account").want(t, 200).contains(t, "Vår webbplats", "läsa dina aktiviteter").lacks(t, token)
	revoke := regexp.MustCompile(`action="(/organise/account/tokens/[^"]+/revoke)"[^\n]*Vår webbplats`).FindStringSubmatch(page.body)
	for range 2 { // pressed twice
		b.post(revoke[1]).leads(t, "/organise/account?done=revoked")
	}
	c.ask("GET", apiRoot+"/events", "", "token", token).want(t, 401)
}

func TestBrowserName(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0":              "Edge, Windows",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15":                      "Safari, macOS",
		"Mozilla/5.0 (Linux; Android 15; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36": "Samsung Browser, Android",
		"curl/8.9.1": "", "": "", "Du har vunnit, ring 0900/1.0": "", strings.Repeat("(", 20_000): "",
	} {
		if got := browserName(agent); got != want {
			t.Errorf("%.60q is called %q, want %q", agent, got, want)
		}
	}
}

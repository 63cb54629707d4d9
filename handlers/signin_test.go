package handlers

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"samling/models"
	"samling/planner"
)

// mailedSignIn is the token and the code of the newest sign-in mail.
func (c *city) mailedSignIn() (token, code string) {
	c.t.Helper()
	var newest models.Mail
	for m, err := range c.Planner.Store.Mails.List(c.ctx, models.Query{}) {
		if err != nil {
			c.t.Fatal(err)
		}
		if m.Kind == models.MailSignIn && !m.Born.Before(newest.Born) {
			newest = m
		}
	}
	if newest.SignIn == "" {
		c.t.Fatal("no sign-in was mailed")
	}
	v := c.Planner.Keys.Vault()
	return v.Token(planner.SignInPurpose, newest.SignIn), v.Code(planner.SignInPurpose, newest.SignIn)
}

func TestSignIn_ByLink(t *testing.T) {
	c := newCity(t)
	b := c.browser()
	b.get("/sign-in").want(t, 200).contains(t, `name="email"`, `action="/sign-in"`)
	b.post("/sign-in", "email", " Husie@Example.org ").want(t, 200).contains(t, `name="code"`)
	token, _ := c.mailedSignIn()

	// A mail program that opens the link must not use it up.
	for range 3 {
		b.get("/sign-in?token="+token).want(t, 200).contains(t, "husie@example.org", `value="`+token+`"`)
	}
	if b.cookie != "" {
		t.Error("opening the link signs in")
	}
	b.post("/sign-in", "token", token).leads(t, "/organise")
	b.get("/organise").want(t, 200).contains(t, "husie@example.org")

	c.browser().post("/sign-in", "token", token).want(t, 422).contains(t, "har använts eller gått ut")
	c.browser().get("/sign-in?token="+token).want(t, 422).lacks(t, "husie@example.org")
	if log := c.log.String(); strings.Contains(log, token) || strings.Contains(log, "husie@example.org") {
		t.Errorf("the log tells: %s", log)
	}
}

func TestSignIn_ByCodeInAnotherBrowser(t *testing.T) {
	c := newCity(t)
	c.browser().post("/en/sign-in", "email", "husie@example.org").want(t, 200).contains(t, "six digits")
	token, code := c.mailedSignIn()
	other := c.browser()
	other.post("/en/sign-in", "email", "HUSIE@example.org", "code", code[:3]+" "+code[3:], "then", "/en/organise/events").leads(t, "/en/organise/events")
	other.get("/en/organise/events").want(t, 200)
	c.browser().post("/sign-in", "token", token).want(t, 422)
	c.browser().post("/sign-in", "email", "husie@example.org", "code", code).want(t, 422)
}

func TestSignIn_RunsOut(t *testing.T) {
	c := newCity(t)
	c.browser().post("/sign-in", "email", "husie@example.org").want(t, 200)
	token, code := c.mailedSignIn()
	c.pass(models.SignInLasts)
	c.browser().get("/sign-in?token="+token).want(t, 422)
	c.browser().post("/sign-in", "token", token).want(t, 422)
	c.browser().post("/sign-in", "email", "husie@example.org", "code", code).want(t, 422)
}

// After five wrong codes neither the right one nor the link works.
func TestSignIn_FiveTries(t *testing.T) {
	c := newCity(t)
	c.browser().post("/sign-in", "email", "husie@example.org").want(t, 200)
	token, code := c.mailedSignIn()
	wrong := "000000"
	if code == wrong {
		wrong = "000001"
	}
	for range models.SignInTries {
		c.browser().post("/sign-in", "email", "husie@example.org", "code", wrong).want(t, 422).contains(t, "stämmer inte")
	}
	c.browser().post("/sign-in", "email", "husie@example.org", "code", code).want(t, 422)
	c.browser().post("/sign-in", "token", token).want(t, 422)

	// A new one works, and a machine that goes on guessing is stopped.
	c.pass(time.Minute)
	c.browser().post("/sign-in", "email", "husie@example.org").want(t, 200)
	_, code = c.mailedSignIn()
	stopped := false
	for range models.CodeRate().Burst {
		a := c.browser().post("/sign-in", "email", "husie@example.org", "code", "nonsense")
		stopped = stopped || a.StatusCode == 429 && a.Header.Get("Retry-After") != ""
	}
	if !stopped {
		t.Error("nothing stops somebody who tries all codes")
	}
	c.pass(time.Hour)
	c.browser().post("/sign-in", "email", "husie@example.org", "code", code).want(t, 422)
}

var requestIDs = regexp.MustCompile(`[0-9a-f]{16}`)

// Nobody learns by the sign-in page who is an organiser: what is answered differs
// in the address alone.
func TestSignIn_SaysNotWhoIsKnown(t *testing.T) {
	c := newCity(t)
	same := func(what string, answers ...answer) {
		t.Helper()
		said := map[string]bool{}
		for i, a := range answers {
			a.Header.Del("X-Request-Id")
			a.Header.Del("Date")
			text := a.Status + "\n" + requestIDs.ReplaceAllString(a.body, "")
			for _, email := range []string{"husie@example.org", "nobody@example.org"} {
				text = strings.ReplaceAll(text, email, "…")
			}
			a.Header.Del("Content-Length")
			for name, values := range a.Header {
				if len(values) != 1 || answers[0].Header.Get(name) != values[0] {
					t.Errorf("%s: answer %d has the header %s %q", what, i, name, values)
				}
			}
			said[text] = true
		}
		if len(said) != 1 {
			t.Errorf("%s: %d different answers", what, len(said))
		}
	}
	ask := func(fields ...string) answer { return c.browser().post("/sign-in", fields...) }
	same("asking for a mail", ask("email", "husie@example.org"), ask("email", "nobody@example.org"))
	same("a wrong code", ask("email", "husie@example.org", "code", "1"), ask("email", "nobody@example.org", "code", "1"))
	for range models.SignInRate().Burst {
		ask("email", "husie@example.org")
		ask("email", "nobody@example.org")
	}
	known, unknown := ask("email", "husie@example.org"), ask("email", "nobody@example.org")
	known.want(t, 429)
	same("asking too often", known, unknown)
}

func TestSignIn_BadInput(t *testing.T) {
	c := newCity(t)
	for name, email := range map[string]string{
		"nothing": "", "no address": "husie", "two lines": "husie@example.org\r\nBcc: a@example.org", "a list": "a@example.org,b@example.org",
	} {
		t.Run(name, func(t *testing.T) {
			c.browser().post("/sign-in", "email", email).want(t, 422).contains(t, `aria-invalid="true"`, `aria-describedby="email-fault"`, `name="email"`)
		})
	}
	t.Run("not a form", func(t *testing.T) {
		c.ask("POST", "/sign-in", "email=%zz", "Content-Type", "application/x-www-form-urlencoded").want(t, 400)
	})
}

// Anybody may post here: a body that says it is packed is not unpacked.
func TestSignIn_PackedForm(t *testing.T) {
	c := newCity(t)
	packed := string(gzipped([]byte("email=husie%40example.org")))
	c.ask("POST", "/sign-in", packed, "Content-Type", "application/x-www-form-urlencoded", "Content-Encoding", "gzip").want(t, 400)
}

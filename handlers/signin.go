package handlers

import (
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/gofiber/fiber/v2"
	"github.com/mileusna/useragent"

	"samling/models"
	"samling/planner"
)

// signInPage is the way in for organisers: an address first, then the code that
// was mailed to it; or a button, for who comes by the mailed link.
type signInPage struct {
	Desk               desk
	Here, Then         string // where the forms post to, and where one goes from there
	Email, Token, Name string
	Said, Wrong        string
	WrongField         string // that Wrong is about: email or code
	Kept               keptForm
}

// showSignIn is GET /sign-in. With a token it says whom the link signs in, and
// changes nothing: programs open the links of mails before people do.
func (s *Server) showSignIn(c *fiber.Ctx) error {
	p := s.pageWords(c)
	token := c.Query("token")
	if token != "" {
		_, o, err := s.Planner.SignIn(c.UserContext(), token)
		if codeOf(err) == models.CodeNotSignedIn {
			return s.signIn(c, http.StatusUnprocessableEntity, "sign-in", signInPage{Wrong: p.T("sign-in.link-gone")})
		}
		if err != nil {
			return err
		}
		return s.signIn(c, http.StatusOK, "sign-in-link", signInPage{Email: o.Email, Name: o.Name, Token: token})
	}
	who, err := s.bySession(c)
	if err != nil {
		return err
	}
	if who.Organiser != nil {
		return c.Redirect(s.onwards(c, c.Query("then")), http.StatusSeeOther)
	}
	body := signInPage{Then: c.Query("then")}
	if c.Query("done") == "out" {
		body.Said = p.T("sign-in.out")
	}
	return s.signIn(c, http.StatusOK, "sign-in", body)
}

// signInHere is POST /sign-in: what is in the form says which of the steps it is.
func (s *Server) signInHere(c *fiber.Ctx) error {
	f, err := formOfRequest(c)
	if err != nil {
		return err
	}
	switch {
	case f.has("token"):
		return s.signInByLink(c, f)
	case f["code"] != nil:
		return s.signInByCode(c, f)
	}
	return s.mailSignIn(c, f)
}

// mailSignIn mails a link and a code, and says so whether or not anybody has the
// address.
func (s *Server) mailSignIn(c *fiber.Ctx, f form) error {
	body := signInPage{Then: f.get("then"), Email: f.get("email"), Kept: s.keptIn(c, f)}
	var faults models.Faults
	models.CheckEmail(&faults, "email", body.Email, true)
	if err := faults.Err(); err != nil {
		body.Wrong, body.WrongField = heldWrong(s.pageWords(c), err), "email"
		return s.signIn(c, http.StatusUnprocessableEntity, "sign-in", body)
	}
	if err := s.limitedStrictly(c); err != nil {
		return err
	}
	if err := s.Planner.RequestSignIn(c.UserContext(), body.Email); err != nil {
		return err
	}
	return s.signIn(c, http.StatusOK, "sign-in-code", body)
}

func (s *Server) signInByCode(c *fiber.Ctx, f form) error {
	body := signInPage{Then: f.get("then"), Email: f.get("email"), Kept: s.keptIn(c, f)}
	if err := s.limitedStrictly(c); err != nil {
		return err
	}
	with := s.browser(c, f)
	secret, err := s.Planner.SpendCode(c.UserContext(), body.Email, digits(f.get("code")), with)
	if codeOf(err) == models.CodeNotSignedIn {
		body.Wrong, body.WrongField = s.pageWords(c).T("sign-in.wrong-code"), "code"
		return s.signIn(c, http.StatusUnprocessableEntity, "sign-in-code", body)
	}
	if err != nil {
		return err
	}
	return s.signedInNow(c, secret, with, body)
}

// digits is a code as it was meant: mails and authenticators show it as 482 913, and
// so people type it.
func digits(code string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' {
			return -1
		}
		return r
	}, code)
}

func (s *Server) signInByLink(c *fiber.Ctx, f form) error {
	with := s.browser(c, f)
	secret, err := s.Planner.SpendSignIn(c.UserContext(), f.get("token"), with)
	if codeOf(err) == models.CodeNotSignedIn {
		return s.signIn(c, http.StatusUnprocessableEntity, "sign-in", signInPage{Wrong: s.pageWords(c).T("sign-in.link-gone")})
	}
	if err != nil {
		return err
	}
	return s.signedInNow(c, secret, with, signInPage{})
}

// knownLasts is how long a browser is known as one that somebody signs in with:
// longer than a year, for who does it once a year; browsers allow no more than 400
// days (RFC 6265bis §5.5).
const knownLasts = 400 * 24 * time.Hour

// browser is what somebody signs in with.
func (s *Server) browser(c *fiber.Ctx, f form) planner.Browser {
	return planner.Browser{
		Name: browserName(c.Get(fiber.HeaderUserAgent)), Own: f.has("own"),
		Mark: c.Cookies(s.knownCookie()),
	}
}

// browserName is a browser and its system in words, out of what it says of itself.
// Only names that we know: this stands in mails, and anybody can call herself
// anything.
func browserName(agent string) string {
	ua := useragent.Parse(agent)
	var parts []string
	if slices.Contains([]string{
		useragent.Chrome, useragent.Edge, useragent.Firefox, useragent.Opera, useragent.Safari, useragent.Vivaldi, useragent.OperaMini, useragent.SamsungBrowser,
	}, ua.Name) {
		parts = append(parts, ua.Name)
	}
	if slices.Contains([]string{useragent.Windows, useragent.Android, useragent.MacOS, useragent.IOS, useragent.Linux, useragent.ChromeOS}, ua.OS) {
		parts = append(parts, ua.OS)
	}
	return strings.Join(parts, ", ")
}

// signedInNow gives a browser its new session, ends the one it had, and leads on: to
// where she was going, or to what she had written.
func (s *Server) signedInNow(c *fiber.Ctx, secret string, with planner.Browser, from signInPage) error {
	if old := c.Cookies(s.cookieName()); old != "" {
		if err := s.Planner.SignOut(c.UserContext(), old); err != nil {
			return err
		}
	}
	who, err := s.Planner.BySession(c.UserContext(), secret)
	if err != nil {
		return err
	}
	lasts := time.Duration(0)
	if with.Own {
		lasts = models.SessionLasts
	}
	s.setCookie(c, s.cookieName(), secret, lasts)
	s.setCookie(c, s.knownCookie(), s.Planner.MarkBrowser(who.ID), knownLasts)
	if from.Kept.To != "" {
		return s.signIn(c, http.StatusOK, "sign-in-kept", from)
	}
	return c.Redirect(s.onwards(c, from.Then), http.StatusSeeOther)
}

// signOut is POST /sign-out.
func (s *Server) signOut(c *fiber.Ctx) error {
	if secret := c.Cookies(s.cookieName()); secret != "" {
		if err := s.Planner.SignOut(c.UserContext(), secret); err != nil {
			return err
		}
		s.dropSession(c)
	}
	return c.Redirect(s.here(c, "/sign-in?done=out"), http.StatusSeeOther)
}

func (s *Server) signIn(c *fiber.Ctx, status int, name string, body signInPage) error {
	p := s.pageWords(c)
	body.Desk, body.Here = s.desk(c, ""), s.here(c, "/sign-in")
	return s.page(c, status, name, p, p.T("sign-in.title"), body)
}

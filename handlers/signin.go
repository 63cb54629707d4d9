package handlers

import (
	"net/http"
	"strings"
	"unicode"

	"github.com/gofiber/fiber/v2"

	"samling/models"
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
	o, err := s.bySession(c)
	if err != nil {
		return err
	}
	if o != nil {
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
	// Mails show the code as 482 913, and so people type it.
	code := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' {
			return -1
		}
		return r
	}, f.get("code"))
	secret, err := s.Planner.SpendCode(c.UserContext(), body.Email, code)
	if codeOf(err) == models.CodeNotSignedIn {
		body.Wrong, body.WrongField = s.pageWords(c).T("sign-in.wrong-code"), "code"
		return s.signIn(c, http.StatusUnprocessableEntity, "sign-in-code", body)
	}
	if err != nil {
		return err
	}
	return s.signedInNow(c, secret, body)
}

func (s *Server) signInByLink(c *fiber.Ctx, f form) error {
	secret, err := s.Planner.SpendSignIn(c.UserContext(), f.get("token"))
	if codeOf(err) == models.CodeNotSignedIn {
		return s.signIn(c, http.StatusUnprocessableEntity, "sign-in", signInPage{Wrong: s.pageWords(c).T("sign-in.link-gone")})
	}
	if err != nil {
		return err
	}
	return s.signedInNow(c, secret, signInPage{})
}

// signedInNow gives a browser its new session, ends the one it had, and leads on: to
// where she was going, or to what she had written.
func (s *Server) signedInNow(c *fiber.Ctx, secret string, from signInPage) error {
	if old := c.Cookies(s.cookieName()); old != "" {
		if err := s.Planner.SignOut(c.UserContext(), old); err != nil {
			return err
		}
	}
	s.keepSession(c, secret)
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
		s.keepSession(c, "")
	}
	return c.Redirect(s.here(c, "/sign-in?done=out"), http.StatusSeeOther)
}

func (s *Server) signIn(c *fiber.Ctx, status int, name string, body signInPage) error {
	p := s.pageWords(c)
	body.Desk, body.Here = s.desk(c, ""), s.here(c, "/sign-in")
	return s.page(c, status, name, p, p.T("sign-in.title"), body)
}

package handlers

import (
	"encoding/json"
	"net/http"
	"net/url"
	"path"
	"slices"

	"github.com/gofiber/fiber/v2"

	"samling/models"
)

// proven lets nobody on who must show a second factor and has not done so lately:
// she does, or sets one up, and then goes where she was going.
func (s *Server) proven(c *fiber.Ctx) error {
	if by(c).MustProve(s.Planner.Settings()) {
		return s.prove(c)
	}
	return c.Next()
}

// provenIfAble is proven for what a second factor guards of its own: whoever has one
// shows it, whatever the settings say.
func (s *Server) provenIfAble(c *fiber.Ctx) error {
	factors, err := s.Planner.Factors(c.UserContext(), by(c).ID)
	if err != nil {
		return err
	}
	if len(factors) > 0 {
		return s.prove(c)
	}
	return c.Next()
}

func (s *Server) prove(c *fiber.Ctx) error {
	if s.isProven(c) {
		return c.Next()
	}
	then := s.here(c, "/organise/account")
	if c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead {
		then = c.OriginalURL()
	} else if from, err := url.Parse(c.Get(fiber.HeaderReferer)); err == nil && from.Path != "" {
		then = from.RequestURI() // what was posted is gone, and its form is there
	}
	return c.Redirect(s.here(c, "/organise/prove?then="+url.QueryEscape(then)), http.StatusSeeOther)
}

// isProven reports whether a second factor has shown lately that it is she.
func (s *Server) isProven(c *fiber.Ctx) bool {
	session := signedInAs(c).Session
	return session.Proves(s.Now())
}

// provePage asks for a second factor.
type provePage struct {
	Desk                   desk
	Here, Then, Ask        string
	Passkeys, Codes, Shown bool // what she has; Shown: she has shown it
	NoCode, NoPasskey      string
	Wrong, Script          string
	SetUp                  string
}

// askProof is GET /organise/prove?then.
func (s *Server) askProof(c *fiber.Ctx) error {
	return s.provePage(c, http.StatusOK, c.Query("then"), "")
}

// takeProof is POST /organise/prove: a code, or what a passkey has answered.
func (s *Server) takeProof(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	if err := s.limitedStrictly(c); err != nil {
		return err
	}
	wrong := "prove.wrong-code"
	if answer := in.get("passkey"); answer != "" {
		wrong, err = "prove.wrong-passkey", s.Planner.ProveByPasskey(c.UserContext(), signedInAs(c), []byte(answer))
	} else {
		err = s.Planner.ProveByCode(c.UserContext(), signedInAs(c), digits(in.get("code")))
	}
	if codeOf(err) == models.CodeWrongFactor {
		return s.provePage(c, http.StatusUnprocessableEntity, in.get("then"), s.pageWords(c).T(wrong))
	}
	if err != nil {
		return err
	}
	return s.afterProof(c, in.get("then"))
}

// afterProof leads on. A file is not a page on which one could stand afterwards, so
// there is one with a link to it.
func (s *Server) afterProof(c *fiber.Ctx, then string) error {
	to := s.onwards(c, then)
	if u, err := url.Parse(to); err == nil && path.Ext(u.Path) != "" {
		to = s.here(c, "/organise/prove?then="+url.QueryEscape(to))
	}
	return c.Redirect(to, http.StatusSeeOther)
}

func (s *Server) provePage(c *fiber.Ctx, status int, then, wrong string) error {
	p := s.pageWords(c)
	body := provePage{Desk: s.desk(c, "account"), Then: s.onwards(c, then), Wrong: wrong, Shown: s.isProven(c) && wrong == "", Script: s.pages.named["passkey.js"]}
	body.Here = body.Desk.Base + "/prove"
	body.Ask = body.Here + "/passkey"
	body.SetUp = body.Desk.Base + "/account/factors/new?" + form{"then": {body.Then}}.encode()
	factors, err := s.Planner.Factors(c.UserContext(), by(c).ID)
	if err != nil {
		return err
	}
	has := func(kind models.FactorKind) bool {
		return slices.ContainsFunc(factors, func(f models.Factor) bool { return f.Kind == kind })
	}
	body.Codes, body.Passkeys = has(models.FactorCode), has(models.FactorPasskey) && s.Planner.HasPasskeys()
	title := p.T("prove.title")
	if body.Shown {
		title = p.T("prove.shown")
	}
	return s.page(c, status, "organise-prove", p, title, body)
}

// askPasskey is POST /organise/prove/passkey: what the browser is to ask of one of
// her passkeys, as JSON. It is a POST because it is remembered until it is answered.
func (s *Server) askPasskey(c *fiber.Ctx) error {
	ask, err := s.Planner.AskPasskey(c.UserContext(), signedInAs(c))
	return sendAsk(c, ask, err)
}

func sendAsk(c *fiber.Ctx, ask []byte, err error) error {
	if err != nil {
		return err
	}
	return c.JSON(json.RawMessage(ask))
}

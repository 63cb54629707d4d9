package handlers

import (
	"cmp"
	"encoding/base64"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"samling/models"
)

// factorPage sets up a second factor: a passkey, or the codes of an authenticator,
// which need no JavaScript.
type factorPage struct {
	formPage
	Then    string
	Sent    bool // she was going somewhere that asks for one
	Passkey string
	Ask     string
	Script  string
	Secret  string // to be typed by whose authenticator has no camera
	Sealed  string
	Code    template.URL // a picture of the same
	Codes   string
}

// newFactor is GET /organise/account/factors/new?then. Nothing is kept of the secret
// that it shows.
func (s *Server) newFactor(c *fiber.Ctx) error {
	return s.factorPage(c, http.StatusOK, form{"then": {c.Query("then")}}, nil, nil)
}

// addCode is POST /organise/account/codes.
func (s *Server) addCode(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	if err := s.limitedStrictly(c); err != nil {
		return err
	}
	sealed, err := base64.RawURLEncoding.DecodeString(in.get("sealed"))
	if err != nil {
		return models.Because(models.CodeMalformed, err)
	}
	err = s.Planner.AddCode(c.UserContext(), signedInAs(c), in.get("name"), sealed, digits(in.get("code")))
	if codeOf(err) == models.CodeWrongFactor {
		var f models.Faults
		f.Add("code", "wrong-code")
		err = f.Err()
	}
	return s.factorAdded(c, in, sealed, err)
}

// askNewPasskey is POST /organise/account/passkeys/ask: what the browser is to make
// a passkey with, as JSON.
func (s *Server) askNewPasskey(c *fiber.Ctx) error {
	ask, err := s.Planner.AskNewPasskey(c.UserContext(), signedInAs(c))
	return sendAsk(c, ask, err)
}

// addPasskey is POST /organise/account/passkeys.
func (s *Server) addPasskey(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	err = s.Planner.AddPasskey(c.UserContext(), signedInAs(c), in.get("passkey-name"), []byte(in.get("passkey")))
	fault := ""
	switch codeOf(err) {
	case models.CodeInvalid:
		fault = "required"
	case models.CodeWrongFactor:
		fault = "wrong-passkey"
	case models.CodeExists:
		fault = "known-passkey"
	}
	if fault != "" {
		var f models.Faults
		f.Add("passkey-name", fault)
		err = f.Err()
	}
	return s.factorAdded(c, in, nil, err)
}

// factorAdded leads on, or shows what is wrong.
func (s *Server) factorAdded(c *fiber.Ctx, in form, sealed []byte, err error) error {
	switch {
	case codeOf(err) == models.CodeInvalid:
		return s.factorPage(c, http.StatusUnprocessableEntity, in, sealed, err)
	case err != nil:
		return err
	case in.has("then"):
		return s.afterProof(c, in.get("then"))
	}
	return s.accountDone(c, "factor")
}

func (s *Server) factorPage(c *fiber.Ctx, status int, in form, sealed []byte, wrong error) error {
	p := s.pageWords(c)
	offered, err := s.Planner.OfferCode(signedInAs(c), s.house(), sealed)
	if err != nil {
		return err
	}
	picture, err := qrCode(offered.URL)
	if err != nil {
		return err
	}
	body := factorPage{
		formPage: formPage{Desk: s.desk(c, "account")}, Then: in.get("then"), Sent: in.has("then"), Script: s.pages.named["passkey.js"],
		Secret: inFours(offered.Secret), Sealed: base64.RawURLEncoding.EncodeToString(offered.Sealed),
		Code: template.URL("data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(picture)), //nolint:gosec // drawn by us
	}
	account := body.Desk.Base + "/account"
	body.Back = link{p.T("account.title"), account}
	body.Codes = account + "/codes"
	for name, value := range map[string]string{
		"passkey-name": cmp.Or(browserName(c.Get(fiber.HeaderUserAgent)), p.T("account.kind.passkey")), "name": p.T("account.code-name-is"),
	} {
		if in[name] == nil {
			in.set(name, value)
		}
	}
	body.fill(p, []input{
		{Name: "passkey-name", Sort: "text", Label: p.T("account.factor-name"), Hint: p.T("account.passkey-name-how"), Max: models.MaxName, Needed: true},
		{Name: "name", Sort: "text", Label: p.T("account.factor-name"), Hint: p.T("account.code-name-how"), Max: models.MaxName, Needed: true},
		{Name: "code", Sort: "half", Label: p.T("prove.code"), Max: 12, Needed: true},
	}, in, wrong, nil)
	if s.Planner.HasPasskeys() {
		body.Passkey, body.Ask = account+"/passkeys", account+"/passkeys/ask"
	}
	return s.page(c, status, "organise-factor", p, p.T("account.factor-new"), body)
}

// askReset is GET /organise/organisers/{id}/reset.
func (s *Server) askReset(c *fiber.Ctx) error { return s.resetPage(c, http.StatusOK, nil) }

// resetFactors is POST /organise/organisers/{id}/reset: a coordinator helps somebody
// who has lost her second factor.
func (s *Server) resetFactors(c *fiber.Ctx) error {
	id := c.Params("organiser")
	err := s.Planner.ResetFactors(c.UserContext(), by(c), id)
	if codeOf(err) == models.CodeInvalid {
		return s.resetPage(c, statusOf(models.CodeInvalid), err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(s.here(c, "/organise/organisers/"+id+"?done=reset"), http.StatusSeeOther)
}

func (s *Server) resetPage(c *fiber.Ctx, status int, wrong error) error {
	return s.organiserQuestion(c, status, askedTwice{"reset", "account.reset-question", "account.reset-lead", "account.reset-do"}, wrong)
}

// inFours is a long word in pieces that one can keep in mind while typing them.
func inFours(word string) string {
	var parts []string
	for part := range slices.Chunk([]byte(word), 4) {
		parts = append(parts, string(part))
	}
	return strings.Join(parts, " ")
}

package handlers

import (
	"cmp"
	"net/http"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
)

// accountRoutes are the pages of an organiser's own account.
func (s *Server) accountRoutes(desk fiber.Router) {
	desk.Get("/prove", s.askProof)
	desk.Post("/prove", s.takeProof)
	desk.Post("/prove/passkey", s.askPasskey)
	desk.Get("/account", s.account)
	desk.Get("/account/factors/new", s.provenIfAble, s.newFactor)
	desk.Post("/account/codes", s.provenIfAble, s.addCode)
	desk.Post("/account/passkeys", s.provenIfAble, s.addPasskey)
	desk.Post("/account/passkeys/ask", s.provenIfAble, s.askNewPasskey)
	desk.Get("/account/factors/:factor/remove", s.provenIfAble, s.askRemoveFactor)
	desk.Post("/account/factors/:factor/remove", s.provenIfAble, s.removeFactor)
	desk.Post("/account/sessions/end", s.endOthers)
	desk.Post("/account/sessions/:session/end", s.endSession)
	desk.Get("/account/tokens/new", s.proven, s.newToken)
	desk.Post("/account/tokens", s.proven, s.makeToken)
	desk.Post("/account/tokens/:token/revoke", s.revokeToken)
}

// accountPage is somebody's own account.
type accountPage struct {
	Desk               desk
	Here, Email, Until string
	Coordinates, Must  bool
	Factors            []accountRow
	Full               bool
	Sessions, Tokens   []accountRow
	Others             bool // there are sessions besides this one
	Said               string
}

// accountRow is something of her account: Href is where it is taken away.
type accountRow struct {
	Name, Href string
	Facts      []string
	This       bool // the session that shows the page
}

// account is GET /organise/account.
func (s *Server) account(c *fiber.Ctx) error {
	p, me := s.pageWords(c), signedInAs(c)
	body := accountPage{
		Desk: s.desk(c, "account"), Email: me.Email, Coordinates: me.MayOversee(), Must: me.MustProve(s.Planner.Settings()),
		Said: saidOf(c, p, "account.done.", "factor", "factor-removed", "ended", "others-ended", "revoked"),
	}
	body.Here = body.Desk.Base + "/account"
	if until := me.Lapses(); !until.IsZero() {
		body.Until = p.T("account.until", "Day", p.Date(until.In(s.zone)))
	}
	factors, err := s.Planner.Factors(c.UserContext(), me.ID)
	if err != nil {
		return err
	}
	body.Full = len(factors) >= models.MaxFactors
	for _, f := range factors {
		body.Factors = append(body.Factors, accountRow{
			Name: f.Name, Href: body.Here + "/factors/" + f.ID + "/remove",
			Facts: []string{p.T("account.kind." + string(f.Kind)), s.since(p, f.Created), s.used(p, f.Used)},
		})
	}
	sessions, err := s.Planner.Sessions(c.UserContext(), me.Organiser)
	if err != nil {
		return err
	}
	for _, one := range sessions {
		body.Sessions = append(body.Sessions, accountRow{
			Name: cmp.Or(one.Browser, p.T("account.some-browser")), Href: body.Here + "/sessions/" + one.ID + "/end", This: one.ID == me.Session.ID,
			Facts: []string{
				p.T("account.signed-in", "When", s.moments(p, one.Created)), p.T("account.seen", "When", s.moments(p, one.LastSeen())),
				p.T("account.ends", "When", s.moments(p, one.Expires)),
			},
		})
	}
	body.Others = len(sessions) > 1
	tokens, err := s.Planner.Tokens(c.UserContext(), me.Organiser)
	if err != nil {
		return err
	}
	for _, t := range tokens {
		body.Tokens = append(body.Tokens, accountRow{
			Name: cmp.Or(t.Name, p.T("account.token")), Href: body.Here + "/tokens/" + t.ID + "/revoke",
			Facts: []string{scopesOf(p, t.Scopes), s.since(p, t.Created), s.used(p, t.Used), p.T("account.ends", "When", p.Date(t.Expires.In(s.zone)))},
		})
	}
	return s.page(c, http.StatusOK, "organise-account", p, p.T("account.title"), body)
}

func (s *Server) moments(p *locale.Printer, t time.Time) string {
	return p.When(t.In(s.zone), time.Time{}, false)
}

func (s *Server) since(p *locale.Printer, t time.Time) string {
	return p.T("account.since", "Day", p.Date(t.In(s.zone)))
}

func (s *Server) used(p *locale.Printer, t time.Time) string {
	if t.IsZero() {
		return p.T("account.unused")
	}
	return p.T("account.used", "When", s.moments(p, t))
}

// scopesOf is what a token is for, in words.
func scopesOf(p *locale.Printer, scopes []models.Scope) string {
	if len(scopes) == 0 {
		scopes = models.Scopes()
	}
	var words []string
	for _, scope := range scopes {
		words = append(words, p.T("account.scope."+string(scope)))
	}
	return p.List(words)
}

func (s *Server) accountDone(c *fiber.Ctx, done string) error {
	return c.Redirect(s.here(c, "/organise/account?done="+done), http.StatusSeeOther)
}

// endSession is POST /organise/account/sessions/{id}/end.
func (s *Server) endSession(c *fiber.Ctx) error {
	if err := s.Planner.EndSession(c.UserContext(), by(c), c.Params("session")); err != nil {
		return err
	}
	return s.accountDone(c, "ended") // who ended this one itself is led to sign in
}

// endOthers is POST /organise/account/sessions/end.
func (s *Server) endOthers(c *fiber.Ctx) error {
	if err := s.Planner.EndOthers(c.UserContext(), signedInAs(c)); err != nil {
		return err
	}
	return s.accountDone(c, "others-ended")
}

// askRemoveFactor is GET /organise/account/factors/{id}/remove.
func (s *Server) askRemoveFactor(c *fiber.Ctx) error {
	f, err := s.Planner.Factor(c.UserContext(), by(c), c.Params("factor"))
	if err != nil {
		return err
	}
	p := s.pageWords(c)
	body := sayPage{Desk: s.desk(c, "account"), Lead: p.T("account.remove-lead", "Name", f.Name), Do: p.T("account.remove"), Danger: true}
	body.Back = link{p.T("account.remove-back"), body.Desk.Base + "/account"}
	body.Here = body.Back.Href + "/factors/" + f.ID + "/remove"
	return s.page(c, http.StatusOK, "organise-say", p, p.T("account.remove-question"), body)
}

// removeFactor is POST /organise/account/factors/{id}/remove.
func (s *Server) removeFactor(c *fiber.Ctx) error {
	if err := s.Planner.RemoveFactor(c.UserContext(), by(c), c.Params("factor")); err != nil {
		return err
	}
	return s.accountDone(c, "factor-removed")
}

// tokenPage makes a token, or shows the one that was made: only there and then.
type tokenPage struct {
	formPage
	Secret, Copy string
}

// newToken is GET /organise/account/tokens/new.
func (s *Server) newToken(c *fiber.Ctx) error {
	in := form{"scope": {string(models.ScopeReadEvents)}, "lasts": {strconv.Itoa(tokenTerms()[1])}}
	return s.tokenPage(c, http.StatusOK, in, "", nil)
}

// tokenTerms are how many days a token is offered for.
func tokenTerms() []int { return []int{30, 90, 365} }

// makeToken is POST /organise/account/tokens.
func (s *Server) makeToken(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	days, _ := strconv.Atoi(in.get("lasts"))
	var scopes []models.Scope
	for _, scope := range in.list("scope") {
		scopes = append(scopes, models.Scope(scope))
	}
	secret, err := s.Planner.CreateToken(c.UserContext(), by(c).ID, in.get("name"), time.Duration(days)*24*time.Hour, scopes...)
	switch codeOf(err) {
	case "":
		return s.tokenPage(c, http.StatusOK, in, secret, nil)
	case models.CodeInvalid:
		return s.tokenPage(c, http.StatusUnprocessableEntity, in, "", err)
	}
	return err
}

func (s *Server) tokenPage(c *fiber.Ctx, status int, in form, secret string, wrong error) error {
	p := s.pageWords(c)
	body := tokenPage{formPage: formPage{Desk: s.desk(c, "account"), Do: p.T("account.token-make"), Lead: p.T("account.token-lead")}, Secret: secret, Copy: s.pages.named["copy.js"]}
	body.Back = link{p.T("account.title"), body.Desk.Base + "/account"}
	body.Here = body.Back.Href + "/tokens"
	var scopes, terms []choice
	for _, scope := range models.Scopes() {
		scopes = append(scopes, choice{Value: string(scope), Label: p.T("account.scope." + string(scope))})
	}
	for _, days := range tokenTerms() {
		terms = append(terms, choice{Value: strconv.Itoa(days), Label: p.T("account.days", "Count", days)})
	}
	body.fill(p, []input{
		{Name: "name", Sort: "text", Label: p.T("account.token-name"), Hint: p.T("account.token-name-how"), Max: models.MaxName, Needed: true},
		{Name: "scope", Sort: "many", Label: p.T("account.token-scope"), Choices: scopes},
		{Name: "lasts", Sort: "one", Label: p.T("account.token-lasts"), Choices: terms},
	}, in, wrong, nil)
	title := p.T("account.token-new")
	if secret != "" {
		title = p.T("account.token-made")
	}
	return s.page(c, status, "organise-token", p, title, body)
}

// revokeToken is POST /organise/account/tokens/{id}/revoke.
func (s *Server) revokeToken(c *fiber.Ctx) error {
	if err := s.Planner.RevokeToken(c.UserContext(), by(c), c.Params("token")); err != nil {
		return err
	}
	return s.accountDone(c, "revoked")
}

package handlers

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
)

// organisersPage are those who may sign in.
type organisersPage struct {
	Desk         desk
	Here, Words  string
	Filters      []input
	Chosen       bool
	Rows         []organiserRow
	Count        int
	Renews       string // the association all of whose organisers are shown; empty: none
	RenewsOf     string // its name
	Newer, Older string
	Said         string
}

// organiserRow is one of them.
type organiserRow struct {
	ID, Href, Name, Email, Of string
	Coordinates               bool
	Standing                  string // why she should be looked at; empty: she need not be
	SignedIn, Until           string
	Renewable                 bool
}

// away is how long somebody has not signed in who should be asked about.
const away = 365 * 24 * time.Hour

// The ways in which organisers are picked out.
const (
	showLapsing = "lapsing"
	showLapsed  = "lapsed"
	showInvited = "invited"
	showAway    = "away"
)

// shows reports whether an organiser is one of those that are picked out.
func shows(o *models.Organiser, show string, now time.Time) bool {
	switch show {
	case showLapsing:
		return o.Lapsing(now)
	case showLapsed:
		return o.Lapsed(now)
	case showInvited:
		return o.SignedIn.IsZero()
	case showAway:
		return now.Sub(cmp.Or(o.SignedIn, o.Created)) > away
	}
	return true
}

// organiseOrganisers is GET /organise/organisers?q&of&role&show&page.
func (s *Server) organiseOrganisers(c *fiber.Ctx) error {
	p, now := s.pageWords(c), s.Now()
	all, err := s.Planner.Organisers(c.UserContext(), by(c))
	if err != nil {
		return err
	}
	asked := askedFor(c, "q", "of", "role", "show")
	words := strings.ToLower(asked.get("q"))
	found := slices.DeleteFunc(all, func(o models.Organiser) bool {
		of, role := asked.get("of"), models.Role(asked.get("role"))
		return of != "" && !slices.Contains(o.For, of) || role != "" && o.Role != role || !shows(&o, asked.get("show"), now) ||
			!strings.Contains(strings.ToLower(o.Name+"\n"+o.Email), words)
	})
	body := organisersPage{Desk: s.desk(c, "city"), Words: asked.get("q"), Chosen: len(asked) > 0, Count: len(found)}
	body.Here = body.Desk.Base + "/organisers"
	body.Filters = []input{
		anyOf("of", p.T("organisers.of"), p.T("organise.all-hosts"), s.allHosts(p, asked.get("of"))),
		anyOf("role", p.T("organisers.role"), p.T("organisers.any-role"), roleChoices(p, asked.get("role"))),
		anyOf("show", p.T("organisers.show"), p.T("organisers.show.all"), wordChoices(p, "organisers.show.", asked.get("show"), showLapsing, showLapsed, showInvited, showAway)),
	}
	page := pageOf(c, body.Here, asked, len(found), linesOnPage)
	body.Newer, body.Older = page.newer, page.older
	for _, o := range found[page.from:page.to] {
		body.Rows = append(body.Rows, s.organiserRow(p, body.Here, &o, now))
	}
	if of := asked.get("of"); len(asked) == 1 && of != "" && len(found) > 0 {
		body.Renews, body.RenewsOf = of, s.Planner.Catalogue().HostName(of, p.Language())
	}
	body.Said = saidOf(c, p, "organisers.done.", "removed", "renewed")
	if n, err := strconv.Atoi(c.Query("renewed")); err == nil && n >= 0 {
		body.Said = p.T("organisers.renewed-all", "Count", n)
	}
	return s.page(c, http.StatusOK, "organise-organisers", p, p.T("organisers.title"), body)
}

func roleChoices(p *locale.Printer, chosen string) []choice {
	return wordChoices(p, "organisers.role.", chosen, string(models.RoleOrganiser), string(models.RoleCoordinator))
}

func (s *Server) organiserRow(p *locale.Printer, base string, o *models.Organiser, now time.Time) organiserRow {
	row := organiserRow{
		ID: o.ID, Href: base + "/" + o.ID, Name: cmp.Or(o.Name, o.Email), Email: o.Email, Coordinates: o.Role == models.RoleCoordinator,
		Of: p.List(s.Planner.Catalogue().HostNames(o.For, p.Language())), SignedIn: p.T("organisers.never"),
		Renewable: o.Lapsing(now) || o.Lapsed(now),
	}
	if !o.SignedIn.IsZero() {
		row.SignedIn = p.T("organisers.signed-in", "Day", p.Date(o.SignedIn.In(s.zone)))
	}
	if until := o.Lapses(); !until.IsZero() {
		row.Until = p.T("organisers.until", "Day", p.Date(until.In(s.zone)))
	}
	switch {
	case o.Lapsed(now):
		row.Standing = p.T("organisers.is.lapsed")
	case o.Lapsing(now):
		row.Standing = p.T("organisers.is.lapsing")
	case o.SignedIn.IsZero():
		row.Standing = p.T("organisers.is.invited")
	case shows(o, showAway, now):
		row.Standing = p.T("organisers.is.away")
	}
	return row
}

// organiserPage is one organiser, or the form that invites one.
type organiserPage struct {
	formPage
	Row     *organiserRow // nil: it is for somebody new
	Since   string
	Invited string
	Again   string // the last invitation, as the form for another one carries it
	Itself  bool   // of her who looks
	Lapsed  bool
}

// newOrganiser is GET /organise/organisers/new.
func (s *Server) newOrganiser(c *fiber.Ctx) error {
	if !by(c).MayOversee() {
		return models.ErrNotFound
	}
	in := form{"role": {string(models.RoleOrganiser)}, "language": {s.Language}}
	if of := c.Query("of"); of != "" {
		in.set("association", of)
	}
	return s.organiserForm(c, http.StatusOK, nil, in, nil, nil)
}

// inviteOrganiser is POST /organise/organisers.
func (s *Server) inviteOrganiser(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	o := in.organiser()
	o.Email = in.get("email")
	o, err = s.Planner.InviteOrganiser(c.UserContext(), by(c), o)
	if codeOf(err) == models.CodeInvalid {
		return s.organiserForm(c, statusOf(models.CodeInvalid), nil, in, err, nil)
	}
	if err != nil {
		return err
	}
	return c.Redirect(s.here(c, "/organise/organisers/"+o.ID+"?done=invited"), http.StatusSeeOther)
}

// organiser is what such a form says of somebody.
func (f form) organiser() models.Organiser {
	return models.Organiser{Name: f.get("name"), Language: f.get("language"), Role: models.Role(f.get("role")), For: f.list("association")}
}

// organiserIn is a form that says what is kept of somebody.
func organiserIn(o *models.Organiser) form {
	return form{"name": {o.Name}, "language": {o.Language}, "role": {string(o.Role)}, "association": o.For}
}

// showOrganiser is GET /organise/organisers/{id}.
func (s *Server) showOrganiser(c *fiber.Ctx) error {
	o, err := s.Planner.Organiser(c.UserContext(), by(c), c.Params("organiser"))
	if err != nil {
		return err
	}
	return s.organiserForm(c, http.StatusOK, &o, organiserIn(&o), nil, nil)
}

// saveOrganiser is POST /organise/organisers/{id}.
func (s *Server) saveOrganiser(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	o := in.organiser()
	o.ID = c.Params("organiser")
	now, err := s.Planner.ChangeOrganiser(c.UserContext(), by(c), seenIn(in), o)
	switch codeOf(err) {
	case "":
		return c.Redirect(s.here(c, "/organise/organisers/"+o.ID+"?done=saved"), http.StatusSeeOther)
	case models.CodeChangedMeanwhile:
		return s.organiserForm(c, statusOf(models.CodeChangedMeanwhile), &now, in, nil, organiserIn(&now))
	case models.CodeInvalid, models.CodeNotPossible:
		if now, gerr := s.Planner.Organiser(c.UserContext(), by(c), o.ID); gerr == nil {
			return s.organiserForm(c, statusOf(codeOf(err)), &now, in, err, nil)
		}
	}
	return err
}

// organiserForm shows somebody, or asks about somebody new: o is nil then. kept is
// what somebody else saved while in was typed.
func (s *Server) organiserForm(c *fiber.Ctx, status int, o *models.Organiser, in form, wrong error, kept form) error {
	p, now := s.pageWords(c), s.Now()
	body := organiserPage{formPage: formPage{
		Desk: s.desk(c, "city"), Do: p.T("organisers.invite"), Lead: p.T("organisers.invite-lead"),
		Said: saidOf(c, p, "organisers.done.", "invited", "renewed", "saved", "reset"),
	}}
	body.Here = body.Desk.Base + "/organisers"
	body.Back = link{p.T("organisers.title"), body.Here}
	var fields []input
	title := p.T("organisers.new")
	if o == nil {
		fields = append(fields, input{Name: "email", Sort: "email", Label: p.T("organisers.email"), Hint: p.T("organisers.email-how"), Needed: true, Max: models.MaxEmail})
	} else {
		row := s.organiserRow(p, body.Here, o, now)
		title = row.Name
		body.Row, body.Itself, body.Lapsed = &row, o.ID == by(c).ID, o.Lapsed(now)
		body.Since = p.T("organisers.since", "Day", p.Date(o.Created.In(s.zone)))
		body.Again = writeSeen(o.Invited)
		if !o.Invited.IsZero() {
			body.Invited = p.T("organisers.invited", "Day", p.Date(o.Invited.In(s.zone)))
		}
		body.Here, body.Seen, body.Do, body.Lead = row.Href, writeSeen(o.Updated), p.T("organise.do.save"), ""
	}
	fields = append(fields,
		input{Name: "name", Sort: "text", Label: p.T("organisers.name"), Max: models.MaxName},
		input{Name: "language", Sort: "one", Label: p.T("organisers.language"), Choices: s.deskLanguages(p)},
		input{Name: "role", Sort: "one", Label: p.T("organisers.role"), Hint: p.T("organisers.role-how"), Choices: roleChoices(p, "")},
		input{Name: "association", Sort: "many", Label: p.T("organisers.works-for"), Choices: s.allHosts(p)},
	)
	body.fill(p, fields, in, wrong, kept)
	return s.page(c, status, "organise-organiser", p, title, body)
}

// deskLanguages are those that organisers are spoken to in.
func (s *Server) deskLanguages(p *locale.Printer) []choice {
	return wordChoices(p, "language.", "", s.Words.Complete().Languages()...)
}

// inviteAgain is POST /organise/organisers/{id}/invite.
func (s *Server) inviteAgain(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	id := c.Params("organiser")
	if err := s.Planner.InviteAgain(c.UserContext(), by(c), seenIn(in), id); err != nil {
		return err
	}
	return c.Redirect(s.here(c, "/organise/organisers/"+id+"?done=invited"), http.StatusSeeOther)
}

// renewOrganiser is POST /organise/organisers/{id}/renew.
func (s *Server) renewOrganiser(c *fiber.Ctx) error {
	id := c.Params("organiser")
	if err := s.Planner.RenewOrganiser(c.UserContext(), by(c), id); err != nil {
		return err
	}
	return c.Redirect(s.here(c, "/organise/organisers/"+id+"?done=renewed"), http.StatusSeeOther)
}

// renewAll is POST /organise/organisers/renew: all of one association or group.
func (s *Server) renewAll(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	n, err := s.Planner.RenewAll(c.UserContext(), by(c), in.get("of"))
	if err != nil {
		return err
	}
	query := form{"of": {in.get("of")}, "renewed": {strconv.Itoa(n)}}
	return c.Redirect(s.here(c, "/organise/organisers?"+query.encode()), http.StatusSeeOther)
}

// askRemove is GET /organise/organisers/{id}/remove.
func (s *Server) askRemove(c *fiber.Ctx) error { return s.removePage(c, http.StatusOK, nil) }

// removeOrganiser is POST /organise/organisers/{id}/remove.
func (s *Server) removeOrganiser(c *fiber.Ctx) error {
	err := s.Planner.RemoveOrganiser(c.UserContext(), by(c), c.Params("organiser"))
	switch codeOf(err) {
	case "":
		return c.Redirect(s.here(c, "/organise/organisers?done=removed"), http.StatusSeeOther)
	case models.CodeInvalid, models.CodeNotPossible:
		return s.removePage(c, statusOf(codeOf(err)), err)
	}
	return err
}

func (s *Server) removePage(c *fiber.Ctx, status int, wrong error) error {
	return s.organiserQuestion(c, status, askedTwice{"remove", "organisers.remove-question", "organisers.remove-lead", "organisers.remove"}, wrong)
}

// askedTwice is what is asked before something is done to an organiser: the end of the
// address to which the answer is posted, and the words' keys, the button's last.
type askedTwice struct{ ends, title, lead, do string }

func (s *Server) organiserQuestion(c *fiber.Ctx, status int, q askedTwice, wrong error) error {
	o, err := s.Planner.Organiser(c.UserContext(), by(c), c.Params("organiser"))
	if err != nil {
		return err
	}
	p := s.pageWords(c)
	body := sayPage{
		Desk: s.desk(c, "city"), Lead: p.T(q.lead, "Name", cmp.Or(o.Name, o.Email)),
		Do: p.T(q.do), Danger: true, Wrong: faultsOf(p, wrong),
	}
	body.Back = link{p.T("organisers.remove-back"), body.Desk.Base + "/organisers/" + o.ID}
	body.Here = body.Back.Href + "/" + q.ends
	return s.page(c, status, "organise-say", p, p.T(q.title), body)
}

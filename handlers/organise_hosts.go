package handlers

import (
	"net/http"
	"slices"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// hostsPage is who hosts an event together, who is asked to, and what they said.
type hostsPage struct {
	Desk        desk
	Here        string
	Title, When string
	Host        string
	CoHosts     []hostingRow
	Invited     []hostingRow
	Past        []hostingRow
	Others      []choice // who can be invited
	AtOnce      bool     // and become co-hosts without being asked
	Hides       bool     // names that a new one would not see
	Said, Wrong string
	Maximum     int // characters of a few words
}

// hostingRow is one of them. Mine: she who looks works for it.
type hostingRow struct {
	Slug, Name, Text, Words string
	Mine                    bool
}

// The ways in which hosts are changed; done=<one of them> says so afterwards.
const (
	hostsInvite   = "invite"
	hostsWithdraw = "withdraw"
	hostsRemove   = "remove"
)

// eventHosts is GET /organise/events/{id}/hosts.
func (s *Server) eventHosts(c *fiber.Ctx) error {
	e, err := s.editable(c)
	if err != nil {
		return err
	}
	return s.hostsPage(c, http.StatusOK, &e, "", nil)
}

func (s *Server) hostsPage(c *fiber.Ctx, status int, e *models.Event, chosen string, wrong error) error {
	p := s.pageWords(c)
	catalogue, o := s.Planner.Catalogue(), by(c)
	name := func(slug string) string { return catalogue.HostName(slug, p.Language()) }
	text, _ := e.In(p.Language(), s.Language)
	body := hostsPage{
		Desk: s.eventDesk(c, p, e, "hosts"), Title: text.Title, When: when(p, e, s.Now()), Host: name(e.Host),
		Others: s.inviteChoices(p, e, chosen), AtOnce: o.MayOversee(), Hides: e.SignUp.Needed && e.Status != models.Draft,
		Maximum: models.MaxNote,
	}
	body.Here = body.Desk.Base + "/events/" + e.ID + "/hosts"
	for _, slug := range e.CoHosts {
		row := hostingRow{Slug: slug, Name: name(slug), Mine: slices.Contains(o.For, slug)}
		if i := e.Invitation(slug); i != nil {
			row.Text, row.Words = s.invitationText(p, i), i.Words
		}
		body.CoHosts = append(body.CoHosts, row)
	}
	for i := range e.Invited {
		i := &e.Invited[i]
		row := hostingRow{Slug: i.Host, Name: name(i.Host), Text: s.invitationText(p, i), Words: i.Words}
		switch i.State {
		case models.InvitationAsked:
			body.Invited = append(body.Invited, row)
		case models.InvitationDeclined, models.InvitationLeft:
			body.Past = append(body.Past, row)
		}
	}
	body.Said = saidOf(c, p, "together.done.", hostsInvite, hostsWithdraw, hostsRemove, "accept")
	if wrong != nil {
		body.Wrong = heldWrong(p, wrong)
	}
	return s.page(c, status, "organise-hosts", p, p.T("organise.tab.hosts"), body)
}

// invitationText is where an invitation stands, with its day.
func (s *Server) invitationText(p *locale.Printer, i *models.Invitation) string {
	at := i.Answered
	if i.State == models.InvitationAsked {
		at = i.Asked
	}
	return p.T("together.invitation."+string(i.State), "Day", p.Day(at.In(s.zone)))
}

// inviteChoices are those who can be invited: they are neither hosts nor asked.
func (s *Server) inviteChoices(p *locale.Printer, e *models.Event, chosen string) []choice {
	return slices.DeleteFunc(s.allHosts(p, chosen), func(h choice) bool {
		return slices.Contains(e.Hosts(), h.Value) || slices.Contains(e.Pending(), h.Value)
	})
}

// changeHosts is POST /organise/events/{id}/hosts: somebody is invited, an
// invitation is taken back, or a co-host leaves or is taken out.
func (s *Server) changeHosts(c *fiber.Ctx) error {
	e, in, err := s.formAbout(c)
	if err != nil {
		return err
	}
	host, do := in.get("host"), in.get("do")
	after := e
	switch do {
	case hostsInvite:
		after, err = s.Planner.Invite(c.UserContext(), by(c), e.ID, host)
	case hostsWithdraw:
		after, err = s.Planner.Withdraw(c.UserContext(), by(c), e.ID, host)
	case hostsRemove:
		after, err = s.Planner.RemoveCoHost(c.UserContext(), by(c), e.ID, host, in.get("words"))
	default:
		err = models.Fault(models.CodeNotPossible)
	}
	switch code := codeOf(err); {
	case code == models.CodeInvalid || code == models.CodeNotPossible:
		return s.hostsPage(c, statusOf(code), &e, host, err)
	case err != nil:
		return err
	case !by(c).MayEdit(&after): // she has left
		return c.Redirect(s.here(c, "/organise?done=left"), http.StatusSeeOther)
	}
	return c.Redirect(s.here(c, "/organise/events/"+e.ID+"/hosts?done="+do), http.StatusSeeOther)
}

// invitationPage asks those who are invited for their answer.
type invitationPage struct {
	Desk        desk
	Here        string
	Title, When string
	Place, Host string
	Summary     string
	Draft       bool
	Contact     contact
	Asked       []hostingRow // of these an answer is awaited
	Wrong       string
	Words       string
	Maximum     int
}

// invitation is GET /organise/events/{id}/invitation. Who has nothing to answer is
// led to the hosts as they are.
func (s *Server) invitation(c *fiber.Ctx) error {
	e, err := s.Planner.Invited(c.UserContext(), by(c), c.Params("event"))
	if err != nil {
		return err
	}
	if !by(c).MayAnswer(&e) {
		return c.Redirect(s.here(c, "/organise/events/"+e.ID+"/hosts"), http.StatusSeeOther)
	}
	return s.invitationPage(c, http.StatusOK, &e, "", nil)
}

func (s *Server) invitationPage(c *fiber.Ctx, status int, e *models.Event, words string, wrong error) error {
	p := s.pageWords(c)
	catalogue := s.Planner.Catalogue()
	text, _ := e.In(p.Language(), s.Language)
	host := catalogue.HostName(e.Host, p.Language())
	body := invitationPage{
		Desk: s.desk(c, "home"), Title: text.Title, When: when(p, e, s.Now()), Place: e.Place.Line(), Summary: text.Summary,
		Host: p.List(catalogue.HostNames(e.Hosts(), p.Language())), Draft: e.Status == models.Draft, Contact: contactOf(e.Contact),
		Words: words, Maximum: models.MaxNote,
	}
	if e.SignUp.Protected {
		body.Place = p.T("organise.protected")
	}
	body.Here = body.Desk.Base + "/events/" + e.ID + "/invitation"
	for _, slug := range e.Pending() {
		if by(c).WorksFor(slug) {
			body.Asked = append(body.Asked, hostingRow{Slug: slug, Name: catalogue.HostName(slug, p.Language())})
		}
	}
	if wrong != nil {
		body.Wrong = heldWrong(p, wrong)
	}
	return s.page(c, status, "organise-invitation", p, p.T("together.invites", "Host", host), body)
}

// answerInvitation is POST /organise/events/{id}/invitation.
func (s *Server) answerInvitation(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	host, words, yes := in.get("host"), in.get("words"), in.get("answer") == "yes"
	if !yes && in.get("answer") != "no" {
		return models.Fault(models.CodeMalformed)
	}
	e, err := s.Planner.AnswerInvitation(c.UserContext(), by(c), c.Params("event"), host, yes, words)
	switch code := codeOf(err); {
	case code == models.CodeInvalid:
		e, gerr := s.Planner.Invited(c.UserContext(), by(c), c.Params("event"))
		if gerr != nil {
			return gerr
		}
		return s.invitationPage(c, statusOf(code), &e, words, err)
	case err != nil:
		return err
	case yes:
		return c.Redirect(s.here(c, "/organise/events/"+e.ID+"/hosts?done=accept"), http.StatusSeeOther)
	}
	return c.Redirect(s.here(c, "/organise?done=declined"), http.StatusSeeOther)
}

// asked are the things that others ask of the associations she works for.
func (s *Server) asked(p *locale.Printer, d desk, by *models.Organiser) []attention {
	var out []attention
	catalogue := s.Planner.Catalogue()
	add := func(l *planner.Listed, why, at string) {
		text, _ := l.In(p.Language(), s.Language)
		out = append(out, attention{why, text.Title, d.Base + "/events/" + l.ID + at})
	}
	for _, l := range catalogue.Invitations(by) {
		add(l, p.T("together.attention.invited", "Host", catalogue.HostName(l.Host, p.Language())), "/invitation")
	}
	for _, l := range catalogue.PartsAsked(by) {
		add(l, p.T("together.attention.part"), "#part")
	}
	for _, l := range catalogue.SentBack(by) {
		add(l, p.T("together.attention.back"), "")
	}
	return out
}

package handlers

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// directoryPage are the associations and groups.
type directoryPage struct {
	Desk      desk
	Here      string
	Words     string
	Filters   []input
	Rows      []hostRow
	Count     int
	Districts string
	Said      string
}

// hostRow is one of them.
type hostRow struct {
	Href, Name, District, Text string
	Group, Closed, Approval    bool
	Central                    bool
}

// The sorts of hosts and how they stand, as filters name them.
const (
	sortAssociation = "association"
	sortGroup       = "group"
	hostsOpen       = "open"
	hostsClosed     = "closed"
	hostsApproval   = "approval"
)

// organiseDirectory is GET /organise/directory?q&sort&district&show.
func (s *Server) organiseDirectory(c *fiber.Ctx) error {
	p := s.pageWords(c)
	standings, err := s.Planner.Standings(c.UserContext(), by(c))
	if err != nil {
		return err
	}
	asked := askedFor(c, "q", "sort", "district", "show")
	words := strings.ToLower(asked.get("q"))
	body := directoryPage{Desk: s.desk(c, "city"), Words: asked.get("q"), Said: saidOf(c, p, "directory.done.", "closed", "opened")}
	body.Here = body.Desk.Base + "/directory"
	districts := s.districtChoices(p, asked.get("district"))
	var names []string
	for _, d := range districts {
		names = append(names, d.Label)
	}
	body.Districts = p.List(names)
	body.Filters = []input{
		anyOf("sort", p.T("directory.sort"), p.T("directory.sort.all"), wordChoices(p, "directory.sort.", asked.get("sort"), sortAssociation, sortGroup)),
		anyOf("district", p.T("organise.field.district"), p.T("directory.any-district"), districts),
		anyOf("show", p.T("organisers.show"), p.T("directory.show.all"), wordChoices(p, "directory.show.", asked.get("show"), hostsOpen, hostsClosed, hostsApproval)),
	}
	for _, h := range standings {
		show := asked.get("show")
		switch {
		case !strings.Contains(strings.ToLower(h.Name+" "+h.Slug), words),
			asked.get("sort") != "" && h.Group != (asked.get("sort") == sortGroup),
			asked.get("district") != "" && h.District != asked.get("district"),
			show == hostsOpen && !h.Open(), show == hostsClosed && h.Open(), show == hostsApproval && !h.Approval:
			continue
		}
		body.Rows = append(body.Rows, s.hostRow(p, body.Here, &h))
	}
	body.Count = len(body.Rows)
	return s.page(c, http.StatusOK, "organise-directory", p, p.T("directory.title"), body)
}

func (s *Server) hostRow(p *locale.Printer, base string, h *planner.Standing) hostRow {
	row := hostRow{Href: base + "/" + h.Slug, Name: s.Planner.Catalogue().HostName(h.Slug, p.Language()), Group: h.Group, Closed: !h.Open(), Approval: h.Approval, Central: h.Central}
	if d, err := s.Planner.Catalogue().District(h.District); err == nil {
		row.District = d.In(p.Language())
	}
	said := []string{p.T("organisers.count", "Count", h.Organisers), p.T("directory.coming", "Count", h.Coming)}
	if !h.Last.IsZero() {
		said = append(said, p.T("directory.last", "Day", p.Date(h.Last.In(s.zone))))
	}
	row.Text = strings.Join(said, " · ")
	return row
}

// hostPage is the form of an association or a group.
type hostPageForm struct {
	formPage
	Slug    string // empty: it is new
	Links   []link
	Closed  string // since when; empty: it goes on
	Closing string // the address at which it is closed or opened again
}

// newHost is GET /organise/directory/new?sort.
func (s *Server) newHost(c *fiber.Ctx) error {
	if !by(c).MayOversee() {
		return models.ErrNotFound
	}
	in := form{}
	if c.Query("sort") == sortGroup {
		in.set("sort", sortGroup)
	}
	return s.hostForm(c, http.StatusOK, planner.Host{Group: in.has("sort")}, in, nil, nil)
}

// addHost is POST /organise/directory.
func (s *Server) addHost(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	h := s.hostOf(in)
	h.Group, h.Slug = in.get("sort") == sortGroup, in.get("slug")
	h, err = s.Planner.AddHost(c.UserContext(), by(c), h)
	if codeOf(err) == models.CodeInvalid {
		return s.hostForm(c, statusOf(models.CodeInvalid), planner.Host{Group: h.Group}, in, err, nil)
	}
	if err != nil {
		return err
	}
	return c.Redirect(s.here(c, "/organise/directory/"+h.Slug+"?done=added"), http.StatusSeeOther)
}

// hostOf is what such a form says.
func (s *Server) hostOf(in form) planner.Host {
	h := planner.Host{Name: in.get("name"), Names: map[string]string{}, District: in.get("district"), Email: in.get("email"), Website: in.get("website"), Central: in.has("central")}
	h.Approval = in.has("approval")
	for _, tag := range s.otherLanguages() {
		h.Names[tag] = in.get("name." + tag)
	}
	return h
}

// hostIn is a form that says what is kept.
func hostIn(h *planner.Host) form {
	in := form{"name": {h.Name}, "district": {h.District}, "email": {h.Email}, "website": {h.Website}}
	for tag, name := range h.Names {
		in.set("name."+tag, name)
	}
	for name, ticked := range map[string]bool{"central": h.Central, "approval": h.Approval} {
		if ticked {
			in.set(name, "yes")
		}
	}
	return in
}

// host finds an association or a group for a coordinator.
func (s *Server) host(c *fiber.Ctx) (planner.Host, error) {
	hosts := s.Planner.Catalogue().Hosts()
	i := slices.IndexFunc(hosts, func(h planner.Host) bool { return h.Slug == c.Params("host") })
	if i < 0 || !by(c).MayOversee() {
		return planner.Host{}, models.ErrNotFound
	}
	return hosts[i], nil
}

// showHost is GET /organise/directory/{slug}.
func (s *Server) showHost(c *fiber.Ctx) error {
	h, err := s.host(c)
	if err != nil {
		return err
	}
	return s.hostForm(c, http.StatusOK, h, hostIn(&h), nil, nil)
}

// saveHost is POST /organise/directory/{slug}.
func (s *Server) saveHost(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	was, err := s.host(c)
	if err != nil {
		return err
	}
	h := s.hostOf(in)
	h.Slug = was.Slug
	now, err := s.Planner.ChangeHost(c.UserContext(), by(c), seenIn(in), h)
	switch codeOf(err) {
	case "":
		return c.Redirect(s.here(c, "/organise/directory/"+h.Slug+"?done=saved"), http.StatusSeeOther)
	case models.CodeChangedMeanwhile:
		return s.hostForm(c, statusOf(models.CodeChangedMeanwhile), now, in, nil, hostIn(&now))
	case models.CodeInvalid:
		return s.hostForm(c, statusOf(models.CodeInvalid), was, in, err, nil)
	}
	return err
}

func (s *Server) hostForm(c *fiber.Ctx, status int, h planner.Host, in form, wrong error, kept form) error {
	p := s.pageWords(c)
	body := hostPageForm{Slug: h.Slug, formPage: formPage{
		Desk: s.desk(c, "city"), Seen: writeSeen(h.Updated), Do: p.T("organise.do.save"), Said: saidOf(c, p, "directory.done.", "added", "saved", "closed", "opened"),
	}}
	room := body.Desk.Base + "/directory"
	body.Here, body.Back = room, link{p.T("directory.title"), room}
	title, sort, public := p.T("directory.new-association"), sortAssociation, "/associations/"
	if h.Group {
		title, sort, public = p.T("directory.new-group"), sortGroup, "/groups/"
	}
	fields := []input{{Name: "name", Sort: "text", Label: p.T("directory.name"), Needed: true, Max: models.MaxName}}
	if h.Slug == "" {
		fields = append(fields, input{Name: "slug", Sort: "text", Label: p.T("directory.slug"), Hint: p.T("directory.slug-how")},
			input{Name: "sort", Sort: "one", Label: p.T("directory.sort"), Choices: wordChoices(p, "directory.sort.", sort, sortAssociation, sortGroup)})
	} else {
		title = s.Planner.Catalogue().HostName(h.Slug, p.Language())
		body.Here = room + "/" + h.Slug
		body.Closing = body.Here + "/close"
		if !h.Open() {
			body.Closed = p.T("directory.closed-since", "Day", p.Date(h.Closed.In(s.zone)))
		}
		of := "=" + h.Slug
		body.Links = []link{
			{p.T("organisers.title"), body.Desk.Base + "/organisers?of" + of}, {p.T("organise.menu.events"), body.Desk.Base + "/events?host" + of},
			{p.T("directory.about"), body.Desk.Base + "/texts/" + h.Slug}, {p.T("organise.public"), s.here(c, public+h.Slug)},
		}
	}
	if h.Group {
		for _, tag := range s.otherLanguages() {
			fields = append(fields, input{Name: "name." + tag, Sort: "text", Label: p.T("directory.name-in", "Language", p.T("language."+tag)), Max: models.MaxName})
		}
	} else {
		districts := append([]choice{{Label: p.T("directory.no-district")}}, s.districtChoices(p)...)
		fields = append(fields,
			input{Name: "district", Sort: "one", Label: p.T("organise.field.district"), Choices: districts},
			input{Name: "email", Sort: "email", Label: p.T("directory.email"), Hint: p.T("directory.email-how"), Max: models.MaxEmail},
			input{Name: "website", Sort: "url", Label: p.T("directory.website")},
			input{Name: "central", Sort: "box", Label: p.T("directory.central"), Hint: p.T("directory.central-how")})
	}
	fields = append(fields, input{Name: "approval", Sort: "box", Label: p.T("directory.approval"), Hint: p.T("directory.approval-how")})
	body.fill(p, fields, in, wrong, kept)
	return s.page(c, status, "organise-host", p, title, body)
}

// askCloseHost is GET /organise/directory/{slug}/close: whether it is to be closed, or
// opened again.
func (s *Server) askCloseHost(c *fiber.Ctx) error {
	h, err := s.host(c)
	if err != nil {
		return err
	}
	p, now := s.pageWords(c), s.Now()
	body := sayPage{Desk: s.desk(c, "city"), Do: p.T("directory.open"), Lead: p.T("directory.open-lead")}
	title := p.T("directory.open-question", "Name", h.Name)
	if h.Open() {
		coming, lead := 0, p.T("directory.close-lead")
		for range s.Planner.Catalogue().Ahead(planner.Filter{For: by(c), Associations: []string{h.Slug}}, now) {
			coming++
		}
		if coming > 0 {
			lead += " " + p.T("directory.close-coming", "Count", coming)
		}
		title = p.T("directory.close-question", "Name", h.Name)
		body.Do, body.Lead, body.Danger = p.T("directory.close"), lead, true
	}
	body.Back = link{p.T("organisers.remove-back"), body.Desk.Base + "/directory/" + h.Slug}
	body.Here = body.Back.Href + "/close"
	body.Hidden = map[string]string{"closed": "no"}
	if h.Open() {
		body.Hidden["closed"] = "yes"
	}
	return s.page(c, http.StatusOK, "organise-say", p, title, body)
}

// closeHost is POST /organise/directory/{slug}/close.
func (s *Server) closeHost(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	h, err := s.host(c)
	if err != nil {
		return err
	}
	closed := in.get("closed") == "yes"
	if err := s.Planner.CloseHost(c.UserContext(), by(c), h.Slug, closed); err != nil {
		return err
	}
	done := "opened"
	if closed {
		done = "closed"
	}
	return c.Redirect(s.here(c, "/organise/directory/"+h.Slug+"?done="+done), http.StatusSeeOther)
}

// overviewPage is how each association and group stands.
type overviewPage struct {
	Desk desk

	Rows []overviewRow
}

type overviewRow struct {
	Href, Name, Events, Drafts string // addresses
	Coming, Draft, Unclosed    int
	Next, Last, SignedIn       string
	Away                       string // what is wrong with the last; empty: nothing
}

// organiseOverview is GET /organise/overview: all associations and groups at a
// glance.
func (s *Server) organiseOverview(c *fiber.Ctx) error {
	p, now := s.pageWords(c), s.Now()
	standings, err := s.Planner.Standings(c.UserContext(), by(c))
	if err != nil {
		return err
	}
	body := overviewPage{Desk: s.desk(c, "city")}
	day := func(t time.Time) string {
		if t.IsZero() {
			return "–"
		}
		return t.In(s.zone).Format(time.DateOnly)
	}
	for _, h := range standings {
		if !h.Open() && h.Coming == 0 {
			continue
		}
		events := body.Desk.Base + "/events?host=" + h.Slug
		away := ""
		switch {
		case h.Organisers == 0:
			away = p.T("overview.nobody")
		case h.Quiet(now):
			away = p.T("overview.quiet")
		}
		body.Rows = append(body.Rows, overviewRow{
			Href: body.Desk.Base + "/directory/" + h.Slug, Name: s.Planner.Catalogue().HostName(h.Slug, p.Language()), Events: events, Drafts: events + "&which=drafts",
			Coming: h.Coming, Draft: h.Drafts, Unclosed: h.Unclosed, Next: day(h.Next), Last: day(h.Last), SignedIn: day(h.SignedIn), Away: away,
		})
	}
	return s.page(c, http.StatusOK, "organise-overview", p, p.T("overview.title"), body)
}

package handlers

import (
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
)

// textsPage are the texts that an organiser may write beside events: what an
// association or a group says of itself, and the notice.
type textsPage struct {
	Desk  desk
	Links []link
}

// organiseTexts is GET /organise/texts. Whoever has one goes straight to it.
func (s *Server) organiseTexts(c *fiber.Ctx) error {
	p, catalogue := s.pageWords(c), s.Planner.Catalogue()
	body := textsPage{Desk: s.desk(c, "ours")}
	add := func(may bool, name, path string) {
		if may {
			body.Links = append(body.Links, link{name, body.Desk.Base + path})
		}
	}
	add(by(c).MayOversee(), p.T("notice.title"), "/notice")
	for _, a := range catalogue.Associations {
		add(by(c).WorksFor(a.ID), a.Name, "/texts/"+a.ID)
	}
	for _, g := range catalogue.Groups {
		add(by(c).WorksFor(g.ID), g.In(p.Language()), "/texts/"+g.ID)
	}
	if len(body.Links) == 1 {
		return c.Redirect(body.Links[0].Href, http.StatusSeeOther)
	}
	return s.page(c, http.StatusOK, "organise-texts", p, p.T("organise.menu.texts"), body)
}

// textPage is the form for one text in all languages.
type textPage struct {
	Desk       desk
	Here, Lead string
	Public     string // where it is read
	Inputs     []input
	Wrong      []complaint
	Said       string
}

// askNotice is GET /organise/notice, for coordinators alone.
func (s *Server) askNotice(c *fiber.Ctx) error {
	if !by(c).MayOversee() {
		return models.ErrNotFound
	}
	in, n := form{}, s.Planner.Catalogue().Notice
	for tag, text := range n.Texts {
		in.set("text."+tag, text)
	}
	if !n.Until.IsZero() {
		in.set("until", n.Until.In(s.zone).AddDate(0, 0, -1).Format(time.DateOnly))
	}
	return s.noticePage(c, http.StatusOK, in, nil)
}

// takeNotice is POST /organise/notice.
func (s *Server) takeNotice(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	var f models.Faults
	n := models.Notice{Texts: s.texts(in), Until: s.readDay(&f, "until", in.get("until"))}
	if !n.Until.IsZero() {
		n.Until = n.Until.In(s.zone).AddDate(0, 0, 1) // to the end of that day
	}
	if err = f.Err(); err == nil {
		err = s.Planner.SetNotice(c.UserContext(), by(c), n)
	}
	if codeOf(err) == models.CodeInvalid {
		return s.noticePage(c, statusOf(models.CodeInvalid), in, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(s.here(c, "/organise/notice?done=saved"), http.StatusSeeOther)
}

func (s *Server) noticePage(c *fiber.Ctx, status int, in form, wrong error) error {
	p := s.pageWords(c)
	return s.textPage(c, status, p, p.T("notice.title"), textPage{Desk: s.desk(c, "city"), Lead: p.T("notice.lead"), Here: s.here(c, "/organise/notice"), Public: s.here(c, "/")},
		s.textInputs(p, "short", models.MaxNotice, input{Name: "until", Sort: "date", Label: p.T("notice.until"), Hint: p.T("notice.until-how")}), in, wrong)
}

// askAbout is GET /organise/texts/{association or group}.
func (s *Server) askAbout(c *fiber.Ctx) error {
	slug := c.Params("host")
	about, err := s.about(slug)
	if err != nil {
		return err
	}
	if !by(c).WorksFor(slug) {
		return models.Fault(models.CodeNotAllowed)
	}
	in := form{}
	for tag, text := range about.About {
		in.set("text."+tag, text)
	}
	return s.aboutForm(c, http.StatusOK, slug, in, nil)
}

// takeAbout is POST /organise/texts/{association or group}.
func (s *Server) takeAbout(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	slug := c.Params("host")
	err = s.Planner.SetAbout(c.UserContext(), by(c), slug, s.texts(in))
	if codeOf(err) == models.CodeInvalid {
		return s.aboutForm(c, statusOf(models.CodeInvalid), slug, in, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(s.here(c, "/organise/texts/"+slug+"?done=saved"), http.StatusSeeOther)
}

// about finds what an association or a group says of itself.
func (s *Server) about(slug string) (models.Listing, error) {
	catalogue := s.Planner.Catalogue()
	if a, err := catalogue.Association(slug); err == nil {
		return a.Listing, nil
	}
	g, err := catalogue.Group(slug)
	return g.Listing, err
}

func (s *Server) aboutForm(c *fiber.Ctx, status int, slug string, in form, wrong error) error {
	p, catalogue := s.pageWords(c), s.Planner.Catalogue()
	room := "/associations/"
	if _, err := catalogue.Group(slug); err == nil {
		room = "/groups/"
	}
	return s.textPage(c, status, p, catalogue.HostName(slug, p.Language()), textPage{Desk: s.desk(c, "ours"), Lead: p.T("about-host.lead"), Here: s.here(c, "/organise/texts/"+slug), Public: s.here(c, room+slug)},
		s.textInputs(p, "long", models.MaxAbout), in, wrong)
}

// textInputs are a field for each language, and more after them.
func (s *Server) textInputs(p *locale.Printer, sort string, longest int, more ...input) []input {
	var out []input
	for _, tag := range s.Words.Languages() {
		label := p.T("notice.text", "Language", p.T("language."+tag))
		out = append(out, input{Name: "text." + tag, Sort: sort, Label: label, Max: longest})
	}
	return append(out, more...)
}

// texts are the texts of such a form, by language.
func (s *Server) texts(in form) map[string]string {
	out := map[string]string{}
	for _, tag := range s.Words.Languages() {
		out[tag] = in.get("text." + tag)
	}
	return out
}

func (s *Server) textPage(c *fiber.Ctx, status int, p *locale.Printer, title string, body textPage, inputs []input, in form, wrong error) error {
	h := &sheet{Printer: p, in: in, wrong: wrongInputs(p, wrong), sections: []*section{{Inputs: inputs}}}
	for i := range inputs {
		inputs[i].Value, inputs[i].Wrong = in.get(inputs[i].Name), h.wrong[inputs[i].Name]
	}
	body.Inputs, body.Wrong = inputs, h.faults(wrong)
	body.Said = saidOf(c, p, "organise.done.", "saved")
	return s.page(c, status, "organise-text", p, title, body)
}

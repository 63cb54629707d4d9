package handlers

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
)

// showSettings is GET /organise/settings: what can be set while the program runs.
// How long names are kept is not among it: the keys of events are wrapped for the
// day on which they are erased, as residents were told when they signed up.
func (s *Server) showSettings(c *fiber.Ctx) error {
	if !by(c).MayOversee() {
		return models.ErrNotFound
	}
	set := s.Planner.Settings()
	in := form{"office.name": {set.Office.Name}, "office.phone": {set.Office.Phone}, "office.email": {set.Office.Email}}
	if set.SecondFactor {
		in.set("second_factor", "yes")
	}
	return s.settingsPage(c, http.StatusOK, in, nil)
}

// saveSettings is POST /organise/settings.
func (s *Server) saveSettings(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	err = s.Planner.SetSettings(c.UserContext(), by(c), func(set *models.Settings) {
		set.Office = models.Contact{Name: in.get("office.name"), Phone: in.get("office.phone"), Email: in.get("office.email")}
		set.SecondFactor = in.has("second_factor")
	})
	if codeOf(err) == models.CodeInvalid {
		return s.settingsPage(c, statusOf(models.CodeInvalid), in, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(s.here(c, "/organise/settings?done=saved"), http.StatusSeeOther)
}

func (s *Server) settingsPage(c *fiber.Ctx, status int, in form, wrong error) error {
	p := s.pageWords(c)
	body := formPage{
		Desk: s.desk(c, "city"), Lead: p.T("settings.lead"), Do: p.T("organise.do.save"), Said: saidOf(c, p, "organise.done.", "saved"),
	}
	body.Here, body.Back = body.Desk.Base+"/settings", link{p.T("organise.menu.city"), body.Desk.Base + "/city"}
	body.fill(p, settingsInputs(p), in, wrong, nil)
	return s.page(c, status, "organise-settings", p, p.T("settings.title"), body)
}

func settingsInputs(p *locale.Printer) []input {
	return []input{
		{Name: "office.name", Sort: "text", Label: p.T("settings.office.name"), Hint: p.T("settings.office-how"), Max: models.MaxName},
		{Name: "office.phone", Sort: "tel", Label: p.T("settings.office.phone"), Max: models.MaxPhone},
		{Name: "office.email", Sort: "email", Label: p.T("settings.office.email"), Max: models.MaxEmail},
		{Name: "second_factor", Sort: "box", Label: p.T("settings.second-factor"), Hint: p.T("settings.second-factor-how")},
	}
}

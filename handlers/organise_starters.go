package handlers

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
)

// startersPage is the room of what events are begun from.
type startersPage struct {
	Desk  desk
	Here  string
	From  string // id of the event that is to be kept; empty: none
	Title string
	Name  string
	City  bool // she may keep it for the whole city
	Wrong []complaint
	Said  string
	Rows  []starterRow
}

// starterRow is one of them.
type starterRow struct {
	ID, Name, Of, Href string
	Mine               bool
}

// starters is GET /organise/templates, with an event as "from" that is to be kept.
func (s *Server) starters(c *fiber.Ctx) error {
	return s.startersPage(c, http.StatusOK, c.Query("from"), "", nil)
}

func (s *Server) startersPage(c *fiber.Ctx, status int, from, name string, wrong error) error {
	p := s.pageWords(c)
	body := startersPage{Desk: s.desk(c, "ours"), City: by(c).MayOversee(), Name: name}
	body.Here = body.Desk.Base + "/templates"
	body.Said = saidOf(c, p, "starters.done.", "kept", "changed")
	if from != "" {
		e, err := s.Planner.Editable(c.UserContext(), by(c), from)
		if err != nil {
			return err
		}
		body.From, body.Title = e.ID, e.Title
		if body.Name == "" && wrong == nil {
			body.Name = e.Title
		}
	}
	for name, text := range wrongInputs(p, wrong) {
		body.Wrong = append(body.Wrong, complaint{"#" + name, p.T("starters.name"), text})
	}
	all, err := s.Planner.Starters(c.UserContext(), by(c))
	if err != nil {
		return err
	}
	for i := range all {
		body.Rows = append(body.Rows, s.starterRow(c, p, &all[i]))
	}
	return s.page(c, status, "organise-templates", p, p.T("organise.menu.templates"), body)
}

func (s *Server) starterRow(c *fiber.Ctx, p *locale.Printer, k *models.Starter) starterRow {
	row := starterRow{ID: k.ID, Name: k.Name, Of: p.T("starters.city"), Href: s.here(c, "/organise/events/new?template="+k.ID), Mine: by(c).MayKeep(k.Host)}
	if k.Host != "" {
		row.Of = s.Planner.Catalogue().HostName(k.Host, p.Language())
	}
	return row
}

// takeStarters is POST /organise/templates: do=keep, rename or remove.
func (s *Server) takeStarters(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	done := "changed"
	switch in.get("do") {
	case "keep":
		done = "kept"
		_, err = s.Planner.KeepStarter(c.UserContext(), by(c), in.get("from"), in.get("name"), in.has("city"))
	case "remove":
		err = s.Planner.RenameStarter(c.UserContext(), by(c), in.get("template"), "")
	default:
		if in.get("name") == "" {
			var f models.Faults
			f.Add("name", "required")
			err = f.Err()
			break
		}
		err = s.Planner.RenameStarter(c.UserContext(), by(c), in.get("template"), in.get("name"))
	}
	if codeOf(err) == models.CodeInvalid {
		return s.startersPage(c, http.StatusUnprocessableEntity, in.get("from"), in.get("name"), err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(s.here(c, "/organise/templates?done="+done), http.StatusSeeOther)
}

// fromStarter is GET /organise/events/new?template={id}.
func (s *Server) fromStarter(c *fiber.Ctx, id string) error {
	k, err := s.Planner.Starter(c.UserContext(), by(c), id)
	if err != nil {
		return err
	}
	if !by(c).WorksFor(k.Event.Host) && len(by(c).For) > 0 { // the city's
		k.Event.Host = by(c).For[0]
	}
	return s.likeForm(c, &k.Event)
}

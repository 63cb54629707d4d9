package handlers

import (
	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
)

// tab leads to one of the pages of an event.
type tab struct {
	Href, Label string
	Here        bool
}

// eventDesk is the desk around a page about one event, which is at the tab of
// that name.
func (s *Server) eventDesk(c *fiber.Ctx, p *locale.Printer, e *models.Event, at string) desk {
	d := s.desk(c, "events")
	d.Event = titled(p, e, e.Title)
	add := func(name, path string, may bool) {
		if may {
			d.Tabs = append(d.Tabs, tab{d.Base + "/events/" + e.ID + path, p.T("organise.tab." + name), name == at})
		}
	}
	// In the order of the work: what it is, who comes, the evening, what follows;
	// then what is rarely changed.
	add("event", "", true)
	add("attendance", "/attendance", e.Status != models.Draft && by(c).MayReadAttendance(e))
	add("door", "/door", e.Status != models.Draft && by(c).MayKeepDoor(e))
	add("write", "/write", e.MayBeWrittenTo(s.Now()))
	add("close", "/close", e.Closable(s.Now()))
	add("hosts", "/hosts", true)
	add("parts", "/parts", e.Parent == "" && (e.Kind == models.MayDay || len(s.Planner.Catalogue().Parts(e.Slug)) > 0))
	add("series", "/series", e.Follow == "" && !e.Sketch())
	if !e.Sketch() {
		d.Tabs = append(d.Tabs, tab{d.Base + "/events/new?from=" + e.ID, p.T("organise.tab.again"), false})
	}
	add("photo", "/photo", true)
	add("members", "/members", e.Audience == models.Members)
	add("history", "/history", true)
	return d
}

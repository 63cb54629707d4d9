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
	add("event", "", true)
	add("hosts", "/hosts", true)
	add("parts", "/parts", e.Parent == "" && (e.Kind == models.MayDay || len(s.Planner.Catalogue().Parts(e.Slug)) > 0))
	add("attendance", "/attendance", e.Status != models.Draft && by(c).MayReadAttendance(e))
	add("photo", "/photo", true)
	if !e.Sketch() {
		d.Tabs = append(d.Tabs, tab{d.Base + "/events/new?from=" + e.ID, p.T("organise.tab.again"), false})
	}
	add("series", "/series", e.Follow == "" && !e.Sketch())
	add("door", "/door", e.Status != models.Draft && by(c).MayKeepDoor(e))
	add("history", "/history", true)
	add("members", "/members", e.Audience == models.Members)
	add("write", "/write", e.MayBeWrittenTo(s.Now()))
	add("close", "/close", e.Closable(s.Now()))
	return d
}

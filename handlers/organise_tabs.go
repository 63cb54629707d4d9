package handlers

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
)

// tab leads to one of the pages of an event.
type tab struct {
	Href, Label string
	Here        bool
}

// tabsInFront is how many pages of an event stand open: on a telephone, two rows.
const tabsInFront = 5

// eventDesk is the desk around a page about one event, which is at the tab of
// that name.
func (s *Server) eventDesk(c *fiber.Ctx, p *locale.Printer, e *models.Event, at string) desk {
	d := s.desk(c, "events")
	d.Event = titled(p, e, e.Title)
	var tabs []tab
	add := func(name, path string, may bool) {
		if may {
			tabs = append(tabs, tab{d.Base + "/events/" + e.ID + path, p.T("organise.tab." + name), name == at})
		}
	}
	// In the order of the work: what it is, who comes, the evening, what follows;
	// then what is rarely changed.
	add("event", "", true)
	add("attendance", "/attendance", e.Status != models.Draft && by(c).MayReadAttendance(e))
	add("door", "/door", e.Status != models.Draft && by(c).MayKeepDoor(e))
	add("write", "/write", e.MayBeWrittenTo(s.Now()))
	add("close", "/close", e.Closable(s.Now()))
	add("parts", "/parts", e.Parent == "" && (e.Kind == models.MayDay || len(s.Planner.Catalogue().Parts(e.Slug)) > 0))
	add("hosts", "/hosts", true)
	add("series", "/series", e.Follow == "" && !e.Sketch())
	add("photo", "/photo", true)
	add("members", "/members", e.Audience == models.Members)
	add("history", "/history", true)
	d.Tabs, d.Folded = folded(tabs)
	return d
}

// folded parts the pages of an event into those that stand open, which the one that
// is shown always does, and the rest.
func folded(tabs []tab) (open, rest []tab) {
	if len(tabs) <= tabsInFront+1 { // the fold takes the room of one
		return tabs, nil
	}
	last := tabsInFront - 1
	here := max(last, slices.IndexFunc(tabs, func(t tab) bool { return t.Here }))
	return append(slices.Clone(tabs[:last]), tabs[here]), slices.Concat(tabs[last:here], tabs[here+1:])
}

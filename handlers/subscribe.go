package handlers

import (
	"html/template"
	"strings"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// calendarGroup are feeds of one sort. An empty label: the feed of everything.
type calendarGroup struct {
	Label string
	Feeds []calendarLink
}

// calendarLink is a feed with its two addresses: one to copy, and one that opens
// a calendar program.
type calendarLink struct {
	Name, Address string
	Opens         template.URL
}

func (s *Server) calendarLink(p *locale.Printer, name string, sel selection) calendarLink {
	sel.language = p.Language()
	address := s.Site + sel.path(s.Language)
	_, rest, _ := strings.Cut(address, "://")
	return calendarLink{name, address, template.URL("webcal://" + rest)} //nolint:gosec // made of our own address and slugs
}

// subscribePage is GET /subscribe: the calendars that one can subscribe to.
func (s *Server) subscribePage(c *fiber.Ctx) error {
	p := s.pageWords(c)
	return s.keptPage(c, "subscribe", "/subscribe", func(m moment) (page, error) {
		pg := s.newPage(p, "/subscribe", p.T("subscribe.title"), s.calendars(p, m.catalogue))
		pg.Feed, pg.Canonical = "/feeds/all.ics", s.Site+s.prefix(p.Language())+"/subscribe"
		return pg, nil
	})
}

// calendars are the feeds by what they are of, the one of all things first.
func (s *Server) calendars(p *locale.Printer, c *planner.Catalogue) []calendarGroup {
	var kinds, groups, districts, associations calendarGroup
	all := calendarGroup{Feeds: []calendarLink{s.calendarLink(p, p.T("feed.all"), selection{})}}
	kinds.Label, groups.Label = p.T("subscribe.by-kind"), p.T("subscribe.by-group")
	districts.Label, associations.Label = p.T("subscribe.by-district"), p.T("subscribe.by-association")
	for _, k := range models.Kinds() {
		kinds.Feeds = append(kinds.Feeds, s.calendarLink(p, p.T("kind."+string(k)), selection{Filter: planner.Filter{Kinds: []models.Kind{k}}}))
	}
	for _, g := range c.Groups {
		groups.Feeds = append(groups.Feeds, s.calendarLink(p, g.In(p.Language()), selection{Filter: planner.Filter{Groups: []string{g.ID}}}))
	}
	for _, d := range c.Districts {
		districts.Feeds = append(districts.Feeds, s.calendarLink(p, d.In(p.Language()), selection{Filter: planner.Filter{Districts: []string{d.ID}}}))
	}
	for _, a := range c.Associations {
		associations.Feeds = append(associations.Feeds, s.calendarLink(p, a.Name, selection{Filter: planner.Filter{Associations: []string{a.ID}}}))
	}
	return []calendarGroup{all, kinds, districts, groups, associations}
}

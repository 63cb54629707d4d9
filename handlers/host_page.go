package handlers

import (
	"html/template"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
)

// hostPage is the page of an association, a group or a district: who it is, and
// what is on there.
type hostPage struct {
	Room string // what it is: association, group, district
	// About is what it says of itself, AboutIn the language of that where it is
	// another than the page's.
	About          template.HTML
	AboutIn        string
	Email, Website string
	Site           string // the website without what stands before every one
	District       link
	Associations   []link // of a district
	Days           days
	Hits           int
	Recent         days   // the last few that have been
	All, Past      string // addresses of the whole lists
	Subscribe      string // where its calendar is
}

// associationPage is GET /associations/{slug}.
func (s *Server) associationPage(c *fiber.Ctx) error {
	slug := c.Params("association")
	if _, err := s.Planner.Catalogue().Association(slug); err != nil {
		return err
	}
	return s.hostPage(c, "association", slug, func(m moment, p *locale.Printer, sel *selection, body *hostPage) (string, error) {
		sel.Associations = []string{slug}
		a, err := m.catalogue.Association(slug)
		body.Email, body.Website = a.Email, a.Website
		_, body.Site, _ = strings.Cut(a.Website, "://")
		s.tell(p, body, &a.Listing)
		if d, err := m.catalogue.District(a.District); err == nil {
			body.District = link{d.In(p.Language()), s.prefix(p.Language()) + "/districts/" + d.ID}
		}
		return a.Name, err
	})
}

// groupPage is GET /groups/{slug}.
func (s *Server) groupPage(c *fiber.Ctx) error {
	slug := c.Params("group")
	if _, err := s.Planner.Catalogue().Group(slug); err != nil {
		return err
	}
	return s.hostPage(c, "group", slug, func(m moment, p *locale.Printer, sel *selection, body *hostPage) (string, error) {
		sel.Groups = []string{slug}
		g, err := m.catalogue.Group(slug)
		s.tell(p, body, &g.Listing)
		return g.In(p.Language()), err
	})
}

// districtPage is GET /districts/{slug}.
func (s *Server) districtPage(c *fiber.Ctx) error {
	slug := c.Params("district")
	if _, err := s.Planner.Catalogue().District(slug); err != nil {
		return err
	}
	return s.hostPage(c, "district", slug, func(m moment, p *locale.Printer, sel *selection, body *hostPage) (string, error) {
		sel.Districts = []string{slug}
		for _, a := range m.catalogue.Associations {
			if a.District == slug {
				body.Associations = append(body.Associations, link{a.Name, s.prefix(p.Language()) + "/associations/" + a.ID})
			}
		}
		d, err := m.catalogue.District(slug)
		return d.In(p.Language()), err
	})
}

// tell fills in what somebody says of itself.
func (s *Server) tell(p *locale.Printer, body *hostPage, l *models.Listing) {
	text, in := l.AboutIn(p.Language(), s.Language)
	if text != "" {
		body.About, body.AboutIn = markdown(text), foreign(p, in)
	}
}

// describing fills a page with what is particular to its room, chooses its
// events and gives its name.
type describing func(m moment, p *locale.Printer, sel *selection, body *hostPage) (string, error)

// recentShown is how much of what has been stands on such a page.
const recentShown = 3

func (s *Server) hostPage(c *fiber.Ctx, room, slug string, describe describing) error {
	p := s.pageWords(c)
	path := "/" + room + "s/" + slug
	return s.keptPage(c, "host", path, func(m moment) (page, error) {
		body := hostPage{Room: room}
		l := listing{selection: selection{language: p.Language()}}
		name, err := describe(m, p, &l.selection, &body)
		if err != nil {
			return page{}, err
		}
		all, shown, _ := l.choose(m)
		body.Days, body.Hits = s.rows(c, p, m, m.day, shown), len(all)
		recent := first(m.catalogue.Over(l.Filter, m.now, m.now.AddDate(-1, 0, 0)), recentShown)
		body.Recent = s.rows(c, p, m, time.Time{}, recent)
		prefix := s.prefix(p.Language())
		query := l.values()
		body.Subscribe = prefix + address("/subscribe", query)
		if len(shown) < len(all) {
			body.All = prefix + listPath(query)
		}
		body.Past = prefix + listPath(with(query, "to", yesterday(m)))
		pg := s.newPage(p, path, name, body)
		pg.Feed, pg.Canonical = l.path(s.Language), s.Site+prefix+path
		return pg, nil
	})
}

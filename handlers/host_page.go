package handlers

import (
	"github.com/gofiber/fiber/v2"

	"samling/locale"
)

// hostPage is the page of an association, a group or a district: who it is, and
// what is on there.
type hostPage struct {
	Room           string // what it is: association, group, district
	Email, Website string
	District       link
	Associations   []link // of a district
	Days           days
	Hits           int
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
	return s.hostPage(c, "group", slug, func(m moment, p *locale.Printer, sel *selection, _ *hostPage) (string, error) {
		sel.Groups = []string{slug}
		g, err := m.catalogue.Group(slug)
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

// describing fills a page with what is particular to its room, chooses its
// events and gives its name.
type describing func(m moment, p *locale.Printer, sel *selection, body *hostPage) (string, error)

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

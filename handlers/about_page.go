package handlers

import (
	"cmp"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
)

// aboutPage says what this is, who is behind it, and who takes part.
type aboutPage struct {
	Central, Contact, Version string
	Districts                 []aboutDistrict
	Groups                    []link
}

type aboutDistrict struct {
	link
	Associations []link
}

// aboutPage is GET /about.
func (s *Server) aboutPage(c *fiber.Ctx) error {
	return s.plainPage(c, "about", func(m moment, p *locale.Printer) (string, any) {
		prefix := s.prefix(p.Language())
		body := aboutPage{Central: s.central(p, m), Contact: cmp.Or(s.Access.Help, s.Privacy.Contact), Version: s.Version}
		for _, d := range append(m.catalogue.Districts[:len(m.catalogue.Districts):len(m.catalogue.Districts)], models.District{Name: p.T("whats-on.any-district")}) {
			in := aboutDistrict{link: link{d.In(p.Language()), ""}}
			if d.ID != "" {
				in.Href = prefix + "/districts/" + d.ID
			}
			for _, a := range m.catalogue.Associations {
				if a.District == d.ID {
					in.Associations = append(in.Associations, link{a.Name, prefix + "/associations/" + a.ID})
				}
			}
			if len(in.Associations) > 0 {
				body.Districts = append(body.Districts, in)
			}
		}
		for _, g := range m.catalogue.Groups {
			body.Groups = append(body.Groups, link{g.In(p.Language()), prefix + "/groups/" + g.ID})
		}
		return p.T("about.title"), body
	})
}

// accessibilityPage says who can use the site, what is known not to work, and
// whom to call.
type accessibilityPage struct {
	Access
	Missing bool // nobody is named
}

// accessibilityPage is GET /accessibility.
func (s *Server) accessibilityPage(c *fiber.Ctx) error {
	return s.plainPage(c, "accessibility", func(_ moment, p *locale.Printer) (string, any) {
		body := accessibilityPage{Access: s.Access}
		body.Help = cmp.Or(body.Help, s.Privacy.Contact)
		body.Missing = body.Help == ""
		return p.T("accessibility.title"), body
	})
}

// plainPage answers with a page that is the same for everybody, and called as
// its template.
func (s *Server) plainPage(c *fiber.Ctx, name string, say func(m moment, p *locale.Printer) (title string, body any)) error {
	p := s.pageWords(c)
	path := "/" + name
	return s.keptPage(c, name, path, func(m moment) (page, error) {
		title, body := say(m, p)
		pg := s.newPage(p, path, title, body)
		pg.Canonical = s.Site + s.prefix(p.Language()) + path
		return pg, nil
	})
}

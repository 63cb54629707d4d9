package handlers

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// framed is contentSecurity for the one page that other sites may show in a frame.
// It holds no form and knows nobody, so that there is nothing to be clicked by
// mistake.
var framed = strings.Replace(contentSecurity, "frame-ancestors 'none'", "frame-ancestors *", 1)

// embedded is how many events the frame shows: one scrolls in it, on a telephone
// with a thumb.
const embedded = 20

// embedPage is what an association shows on its own site: what is on, each of it a
// link to our page in a window of its own.
type embedPage struct {
	Days           days
	More           bool
	All, Subscribe string
}

// embedPage is GET /embed, with the choices that the list has.
func (s *Server) embedPage(c *fiber.Ctx) error {
	p := s.pageWords(c)
	sel := readChoices(c, p.Language())
	if err := s.Planner.Catalogue().Check(sel.Filter); err != nil {
		return err
	}
	v := sel.values()
	path := address("/embed", v)
	c.Set(fiber.HeaderContentSecurityPolicy, framed)
	return s.keptPage(c, "embed", path, func(m moment) (page, error) {
		l := listing{selection: sel}
		all, shown, _ := l.choose(m)
		shown = shown[:min(len(shown), embedded)]
		prefix := s.prefix(p.Language())
		body := embedPage{
			Days: s.rows(c, p, m, m.day, shown), More: len(all) > len(shown), All: prefix + listPath(v), Subscribe: prefix + address("/subscribe", v),
		}
		title := p.T("whats-on.title")
		if len(v) > 0 {
			title = capital(inWords(p, m.catalogue, &sel.Filter))
		}
		if len(v) == 1 && len(sel.Associations) == 1 {
			title = m.catalogue.HostName(sel.Associations[0], p.Language())
			body.All = prefix + "/associations/" + sel.Associations[0]
		}
		return s.newPage(p, path, title, body), nil
	})
}

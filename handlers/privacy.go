package handlers

import (
	"time"

	"github.com/gofiber/fiber/v2"
)

// privacyPage is what is said of personal data.
type privacyPage struct {
	Privacy
	Central string
	Days    int // that names are kept after an event; 0: less than one
	Missing bool
}

// privacyPage is GET /privacy.
func (s *Server) privacyPage(c *fiber.Ctx) error {
	p := s.pageWords(c)
	return s.keptPage(c, "privacy", "/privacy", func(m moment) (page, error) {
		body := privacyPage{
			Privacy: s.Privacy, Central: s.central(p, m), Days: int(s.Planner.Retention / (24 * time.Hour)),
			Missing: s.Privacy.Controller == "" || s.Privacy.Contact == "",
		}
		pg := s.newPage(p, "/privacy", p.T("privacy.title"), body)
		pg.Canonical = s.Site + s.prefix(p.Language()) + "/privacy"
		return pg, nil
	})
}

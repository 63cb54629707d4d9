package handlers

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/models"
)

// privacyPage is what is said of personal data.
type privacyPage struct {
	Privacy
	Central string
	Days    int // that names are kept after an event; 0: less than one
	// NoteDays are those of what somebody wrote; 0: no fewer than Days.
	NoteDays int
}

// privacyPage is GET /privacy.
func (s *Server) privacyPage(c *fiber.Ctx) error {
	p := s.pageWords(c)
	return s.keptPage(c, "privacy", "/privacy", func(m moment) (page, error) {
		body := privacyPage{Privacy: s.Privacy, Central: s.central(p, m), Days: int(s.Planner.Retention / (24 * time.Hour))}
		if s.Planner.Retention > models.NotesKept {
			body.NoteDays = int(models.NotesKept / (24 * time.Hour))
		}
		pg := s.newPage(p, "/privacy", p.T("privacy.title"), body)
		pg.Canonical = s.Site + s.prefix(p.Language()) + "/privacy"
		return pg, nil
	})
}

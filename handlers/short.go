package handlers

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"samling/models"
)

// shortPage is GET /e/{code}: the short address of an event leads to its page. It
// is the one redirect between pages of the same language, for posters, where each
// letter counts.
func (s *Server) shortPage(c *fiber.Ctx) error {
	l, err := s.Planner.Catalogue().ByShort(c.Params("code"))
	if err != nil || !l.Visible() {
		return models.ErrNotFound
	}
	// Kept for a day, not for ever: an event may be taken back.
	c.Set(fiber.HeaderCacheControl, "public, max-age=86400")
	return c.Redirect(s.prefix(s.pageWords(c).Language())+viewOf(c).event(l.Slug), http.StatusMovedPermanently)
}

// short is the short address of an event in a language, without its site; empty:
// it has none.
func (s *Server) short(language string, e *models.Event) string {
	if e.Short == "" || !e.Visible() {
		return ""
	}
	return s.prefix(language) + "/e/" + e.Short
}

// eventCode is GET /events/{slug}/qr.svg: the event's short address as a picture.
func (s *Server) eventCode(c *fiber.Ctx) error {
	l, err := s.viewed(c)
	if err != nil {
		return err
	}
	short := s.short(s.pageWords(c).Language(), l.Event)
	if short == "" {
		return models.ErrNotFound
	}
	return s.sendCode(c, s.Site+short)
}

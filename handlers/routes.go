package handlers

import "github.com/gofiber/fiber/v2"

// routes is every address that there is.
func (s *Server) routes() {
	s.app.Use(s.around, s.sameSite)

	s.app.Get("/healthz", s.healthz)
	s.app.Get("/readyz", s.within, s.readyz)

	s.app.Get("/feeds/all.ics", s.sendsFeed(everything))
	s.app.Get("/feeds/associations/:value.ics", s.sendsFeed(byAssociation))
	s.app.Get("/feeds/kinds/:value.ics", s.sendsFeed(byKind))
	s.app.Get("/feeds/groups/:value.ics", s.sendsFeed(byGroup))
	s.app.Get("/feeds/districts/:value.ics", s.sendsFeed(byDistrict))
	s.app.Get("/feeds/events.ics", s.sendsFeed(byQuery))
	s.app.Get("/events/:value.ics", s.sendsFeed(oneEvent))
	s.app.Get("/feeds/members/:secret.ics", s.membersOnly, s.membersFeed)
	s.app.Get("/members/:secret/events/:value.ics", s.membersOnly, s.sendsFeed(oneEvent))

	api := s.app.Group("/api/v1", s.within)
	api.Get("/openapi.json", s.openAPI)
	api.Get("/associations", s.listAssociations)
	api.Get("/groups", s.listGroups)
	api.Get("/districts", s.listDistricts)
	api.Get("/kinds", s.listKinds)
	api.Get("/events", s.listEvents)
	api.Post("/events", s.createEvent)
	api.Get("/events/:event", s.showEvent)
	api.Patch("/events/:event", s.patchEvent)
	api.Post("/events/:event/publish", s.publishEvent)
	api.Post("/events/:event/postpone", s.postponeEvent)
	api.Post("/events/:event/cancel", s.cancelEvent)
	api.Post("/events/:event/rsvps", s.signUp)
	api.Get("/events/:event/attendance", s.attendance)
	api.Post("/events/:event/checkins", s.checkIn)

	s.app.Get("/static/:file", s.static)
	for _, language := range s.Words.Languages() {
		in := s.app.Group(s.prefix(language), speaking(language), s.within)
		s.publicPages(in)
		in.Get("/rsvp/:token", s.showHeld)
		in.Post("/rsvp/:token", s.actOnHeld)
		s.membersPages(in)
		s.organisePages(in)
	}
}

// prefix is what stands before the addresses of pages in a language: nothing for
// the installation's own.
func (s *Server) prefix(language string) string {
	if language == s.Language {
		return ""
	}
	return "/" + language
}

// languageKey is where a request keeps the language of its address.
const languageKey = "language"

func speaking(language string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Locals(languageKey, language)
		return c.Next()
	}
}

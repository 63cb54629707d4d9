package handlers

import (
	"slices"

	"github.com/gofiber/fiber/v2"
)

// routes is every address that there is.
func (s *Server) routes() {
	s.app.Use(s.around, s.sameSite)

	s.app.Get("/healthz", s.healthz)
	s.app.Get("/readyz", s.within, s.readyz)

	s.app.Get("/feeds/all.:format", s.sendsFeed(s.feeds, everything))
	s.app.Get("/feeds/associations/:value.:format", s.sendsFeed(s.feeds, byAssociation))
	s.app.Get("/feeds/kinds/:value.:format", s.sendsFeed(s.feeds, byKind))
	s.app.Get("/feeds/groups/:value.:format", s.sendsFeed(s.feeds, byGroup))
	s.app.Get("/feeds/districts/:value.:format", s.sendsFeed(s.feeds, byDistrict))
	s.app.Get("/feeds/events.:format", s.sendsFeed(s.combined, byQuery))
	s.app.Get("/events/:value.:format", s.sendsFeed(s.kept, oneEvent))
	s.app.Get("/feeds/members/:secret.:format", s.membersOnly, s.membersFeed)
	s.app.Get("/members/:secret/events/:value.:format", s.membersOnly, s.sendsFeed(s.kept, oneEvent))

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
	s.app.Get("/photos/:photo/:size.jpg", s.within, s.photoFile)
	for _, language := range s.Words.Languages() {
		in := s.app.Group(s.prefix(language), speaking(language), s.within)
		s.publicPages(in)
		in.Get("/rsvp/:token", s.showHeld)
		in.Post("/rsvp/:token", s.actOnHeld)
		in.Get("/rsvp/:token/event.ics", s.heldCalendar)
		in.Get("/rsvp/:token/quiet", s.showHeld)
		in.Post("/rsvp/:token/quiet", s.quiet)
		s.membersPages(in)
		if slices.Contains(s.Words.Complete().Languages(), language) {
			s.organisePages(in)
			s.doorPages(in)
		}
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

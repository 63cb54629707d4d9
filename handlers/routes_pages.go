package handlers

import "github.com/gofiber/fiber/v2"

// publicPages are the pages that everybody may read, in one language.
func (s *Server) publicPages(in fiber.Router) {
	in.Get("/", s.whatsOn)
	in.Get("", s.whatsOn) // "/en" is a page too
	in.Get("/e/:code", s.shortPage)
	in.Get("/events/:event", s.eventPage)
	in.Get("/events/:event/qr.svg", s.eventCode)
	in.Get("/events/:event/share", s.sharePage)
	in.Get("/events/:event/:shape.png", s.eventPicture)
	in.Get("/events/:event/rsvp", s.thanks)
	in.Post("/events/:event/rsvp", s.signUpByForm)
	in.Get("/events/:event/poster", s.eventPoster)
	in.Get("/associations/:association", s.associationPage)
	in.Get("/associations/:association/share", s.hostShare)
	in.Get("/associations/:association/poster", s.monthPoster)
	in.Get("/associations/:association/qr.svg", s.hostCode)
	in.Get("/embed", s.embedPage)
	in.Get("/may-day/:year", s.mayDay)
	in.Get("/groups/:group", s.groupPage)
	in.Get("/districts/:district", s.districtPage)
	in.Get("/subscribe", s.subscribePage)
	in.Get("/subscribe/qr.svg", s.subscribeCode)
	in.Get("/privacy", s.privacyPage)
	in.Get("/about", s.aboutPage)
	in.Get("/accessibility", s.accessibilityPage)
	if s.Demo && s.Mailbox != nil {
		in.Get("/demo/mail", s.mailboxPage)
		in.Get("/demo/mail/:letter", s.letterPage)
		in.Get("/demo/mail/:letter/html", s.letterHTML)
		in.Get("/demo/mail/:letter/invitation.ics", s.letterCalendar)
	}
}

// membersPages are the pages of those who have a members' link, in one language.
func (s *Server) membersPages(in fiber.Router) {
	members := in.Group("/members/:secret", s.membersOnly)
	members.Get("", s.membersList)
	members.Get("/events/:event", s.eventPage)
	members.Get("/events/:event/rsvp", s.thanks)
	members.Post("/events/:event/rsvp", s.signUpByForm)
}

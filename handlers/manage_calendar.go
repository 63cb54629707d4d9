package handlers

import (
	"github.com/gofiber/fiber/v2"

	"samling/ics"
	"samling/models"
)

// heldCalendar is GET /rsvp/{token}/event.ics: her event for her own calendar,
// with the place of a protected one as soon as she may know it. Calendars are
// shared, so that nothing in it leads to her sign-up or says who she is.
func (s *Server) heldCalendar(c *fiber.Ctx) error {
	held, err := s.held(c)
	if err != nil {
		return s.heldFault(c, err)
	}
	e := held.Event.Event
	i := ics.Invitation{
		Method: ics.Publish, UID: e.ID, Sequence: held.Where.Sequence + held.Entry.Mails, Stamp: s.Now(),
		Facts: held.Where, About: held.About, Language: s.pageWords(c).Language(),
	}
	if i.About.Link != nil {
		// As in mails: who is going was shown the page, nobody else is told it.
		if i.About.Slug = ""; held.Entry.State == models.Going {
			i.URL = s.Site + s.here(c, s.ownPage(e))
		}
	}
	private(c)
	c.Set(fiber.HeaderContentType, "text/calendar; charset=utf-8; method="+ics.Publish)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+e.Slug+`.ics"`)
	return c.Send(s.Calendar.Invitation(i))
}

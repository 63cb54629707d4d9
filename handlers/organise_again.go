package handlers

import (
	"net/http"
	"slices"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// againOf is GET /organise/events/new?from={id}: the form of a new event that says
// what another one does, but for its days.
func (s *Server) againOf(c *fiber.Ctx, from string) error {
	e, err := s.Planner.Editable(c.UserContext(), by(c), from)
	if err != nil {
		return err
	}
	again, err := e.Again()
	if err != nil {
		return err
	}
	return s.likeForm(c, &again)
}

// likeForm is the form of a new event that says what another one does, but for its
// days.
func (s *Server) likeForm(c *fiber.Ctx, again *models.Event) error {
	in := filledIn(s.pageWords(c), again, s.otherLanguages())
	if !again.Starts.IsZero() { // it was more than begun
		in.undated()
		in.set("rsvp.opens.date", "")
		in.set("rsvp.closes.date", "")
	}
	return s.editPage(c, http.StatusOK, again, in, nil, editPage{})
}

// lastTimes is how many events somebody is offered to begin from.
const lastTimes = 3

// likeLastTime are the last events of those that somebody works for, to begin another
// one from; of a series, one.
func (s *Server) likeLastTime(p *locale.Printer, by *models.Organiser, base string) []choice {
	var out []choice
	var series []string
	for _, l := range slices.Backward(s.Planner.Catalogue().Select(planner.Filter{For: by})) {
		if len(out) == lastTimes || l.Sketch() || l.Status == models.Cancelled || !slices.Contains(by.For, l.Host) || l.Series != "" && slices.Contains(series, l.Series) {
			continue
		}
		series = append(series, l.Series)
		out = append(out, choice{Value: base + "/events/new?from=" + l.ID, Label: l.Title + ", " + when(p, l.Event, s.Now())})
	}
	return out
}

// mostOthers is how many other days of its series the page of an event names.
const mostOthers = 6

// otherDays are the other events of a series that are to come, as the public may see
// them.
func (s *Server) otherDays(p *locale.Printer, m moment, e *models.Event) []link {
	var out []link
	for _, l := range m.catalogue.Series(e.Series) {
		if l.ID != e.ID && len(out) < mostOthers && m.view.pass.MaySee(l.Event) && l.Status == models.Published && l.Starts.After(m.now) {
			out = append(out, link{when(p, l.Event, m.now), s.prefix(p.Language()) + m.view.event(l.Slug)})
		}
	}
	return out
}

package handlers

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"samling/models"
)

// The ways in which an organiser keeps a sign-up in order.
const (
	guardPause   = "pause"
	guardResume  = "resume"
	guardConfirm = "confirm"
	guardRemove  = "remove"
	guardBar     = "bar"
)

// guard is POST /organise/events/{id}/guard: sign-up is paused or goes on,
// everybody is asked to confirm, or those who were chosen are taken off the list.
func (s *Server) guard(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	event, action := c.Params("event"), in.get("do")
	switch action {
	case guardPause, guardResume:
		err = s.Planner.PauseSignUp(c.UserContext(), by(c), event, action == guardPause)
	case guardConfirm:
		err = s.Planner.RequireConfirm(c.UserContext(), by(c), event)
	case guardRemove, guardBar:
		err = s.Planner.RemoveAttendees(c.UserContext(), by(c), event, in["rsvp"], action == guardBar)
	default:
		err = models.Fault(models.CodeNotPossible)
	}
	if codeOf(err) == models.CodeInvalid {
		return s.listPage(c, http.StatusUnprocessableEntity, "", form{"party": {"1"}}, err)
	}
	if err != nil {
		return err
	}
	return s.toList(c, event, "", "choose", "1", "done", action)
}

package handlers

import (
	"cmp"
	"net/http"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/models"
)

// tickOff is POST /organise/events/{id}/checkins: a party that has come, or people
// who came without a sign-up.
func (s *Server) tickOff(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	event, rsvp := c.Params("event"), in.get("rsvp")
	var f models.Faults
	var done []string
	if in.has("walk_in") || in.has("id") {
		count := in.number(&f, "walk_in")
		if err = f.Err(); err == nil {
			err = s.Planner.WalkIn(c.UserContext(), by(c), event, in.get("id"), count)
		}
		done, rsvp = []string{"done", "walk-in"}, ""
	} else {
		present := in.number(&f, "present")
		if err = f.Err(); err == nil {
			err = s.Planner.CheckIn(c.UserContext(), by(c), event, rsvp, present)
		}
	}
	if codeOf(err) == models.CodeInvalid {
		return s.listPage(c, statusOf(models.CodeInvalid), "", form{"party": {"1"}}, err)
	}
	if err != nil {
		return err
	}
	return s.toList(c, event, rsvp, done...)
}

// seeTo is POST /organise/events/{id}/needs: what somebody needs is seen to, or is
// not after all.
func (s *Server) seeTo(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	// A moment that is none is one at which nobody said anything.
	said, _ := strconv.ParseInt(in.get("said"), 10, 64)
	err = s.Planner.SeeTo(c.UserContext(), by(c), c.Params("event"), in.get("rsvp"), time.UnixMilli(said), in.get("seen") == "yes")
	if codeOf(err) == models.CodeChangedMeanwhile {
		return s.listPage(c, statusOf(models.CodeChangedMeanwhile), "", form{"party": {"1"}}, err)
	}
	if err != nil {
		return err
	}
	return s.toList(c, c.Params("event"), in.get("rsvp"))
}

// addByHand is POST /organise/events/{id}/rsvps: somebody who called, and is put
// on the list by name, with an address if she has one.
func (s *Server) addByHand(c *fiber.Ctx) error {
	e, in, err := s.formAbout(c)
	if err != nil {
		return err
	}
	var f models.Faults
	ask := models.SignUp{
		Name: in.get("name"), Email: in.get("email"), Note: in.get("note"), Party: in.number(&f, "party"), Answers: answersOf(c, e.SignUp.Ask), Form: in.get("new"),
	}
	answer := ""
	if err = f.Err(); err == nil {
		answer, err = s.Planner.AddByHand(c.UserContext(), by(c), e.ID, ask)
	}
	switch code := codeOf(err); {
	case err == nil:
		return s.toList(c, e.ID, "", "done", "added-"+cmp.Or(answer, "known"))
	case statusOf(code) == http.StatusConflict, code == models.CodeInvalid:
		return s.listPage(c, statusOf(code), "", in, err)
	}
	return err
}

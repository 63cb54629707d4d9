package handlers

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"samling/models"
)

// signUp is POST /events/{event}/rsvps.
func (s *Server) signUp(c *fiber.Ctx) error {
	by, err := s.organiser(c, models.ScopeReadEvents)
	if err != nil {
		return err
	}
	form := struct {
		Name     string         `json:"name"`
		Email    string         `json:"email"`
		Party    int            `json:"party"`
		Consent  bool           `json:"consent"`
		Language string         `json:"language"`
		Note     string         `json:"note"`
		Answers  models.Answers `json:"answers"`
	}{Party: 1, Language: s.words(c).Language()}
	if err := decode(c, &form); err != nil {
		return err
	}
	ask := models.SignUp{
		Name: form.Name, Email: form.Email, Note: form.Note, Answers: form.Answers, Party: form.Party, Consent: form.Consent, Language: form.Language,
	}
	if by == nil {
		l, err := s.Planner.Catalogue().Event(c.Params("event"))
		if err != nil || !by.MaySee(l.Event) {
			return models.ErrNotFound
		}
		// What nobody could take is not counted: whoever corrects her form five
		// times is no machine.
		if err := ask.Validate(l.SignUp.Ask, false); err != nil {
			return inOrder(err, l.LargestParty())
		}
		if ask.Suspect, err = s.limited(c); err != nil {
			return err
		}
	}
	answer, err := s.Planner.SignUp(c.UserContext(), c.Params("event"), ask, by)
	if err != nil {
		return err
	}
	return s.json(c, http.StatusCreated, answer)
}

// checkIn is POST /events/{event}/checkins: a party that has come, or people who
// came without a sign-up. Repeating it changes nothing.
func (s *Server) checkIn(c *fiber.Ctx) error {
	by, err := s.signedIn(c, models.ScopeCheckIn)
	if err != nil {
		return err
	}
	var form struct {
		RSVP    string `json:"rsvp"`
		Present *int   `json:"present"`
		ID      string `json:"id"`
		WalkIn  *int   `json:"walk_in"`
	}
	if err := decode(c, &form); err != nil {
		return err
	}
	var f models.Faults
	party, walkIn := form.RSVP != "" || form.Present != nil, form.ID != "" || form.WalkIn != nil
	switch {
	case party && walkIn:
		f.Add("rsvp", "one-of-two")
	case walkIn && form.ID == "":
		f.Add("id", "required")
	case walkIn && form.WalkIn == nil:
		f.Add("walk_in", "required")
	case !walkIn && form.RSVP == "":
		f.Add("rsvp", "required")
	case !walkIn && form.Present == nil:
		f.Add("present", "required")
	}
	if err := f.Err(); err != nil {
		return err
	}
	event := c.Params("event")
	if walkIn {
		err = s.Planner.WalkIn(c.UserContext(), by, event, form.ID, *form.WalkIn)
	} else {
		err = s.Planner.CheckIn(c.UserContext(), by, event, form.RSVP, *form.Present)
	}
	if err != nil {
		return err
	}
	return c.SendStatus(http.StatusNoContent)
}

package handlers

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"samling/models"
)

// publishedPage is where publishing ends: the event is out, and here is what to do
// with it.
type publishedPage struct {
	sharePage
	Desk    desk
	When    string
	Public  string // its page
	Members string // address of its members' link; empty: it is for all
	List    string // who signs up stands here; empty: nobody has to
	Door    string // where those at the door are let in; empty: not by her
}

// published is GET /organise/events/{id}/published.
func (s *Server) published(c *fiber.Ctx) error {
	e, err := s.editable(c)
	if err != nil {
		return err
	}
	at := s.here(c, "/organise/events/"+e.ID)
	if e.Status != models.Published { // it was taken back since
		return c.Redirect(at, http.StatusSeeOther)
	}
	p, m := s.pageWords(c), s.moment()
	body := publishedPage{Desk: s.eventDesk(c, p, &e, ""), When: when(p, &e, m.now), Public: s.here(c, s.ownPage(&e))}
	text, _ := e.In(p.Language(), s.Language)
	body.Event = link{text.Title, body.Public}
	if s.sharing(p, &e) != nil {
		body.sharePage = s.shared(p, m, &e)
	}
	if e.Audience == models.Members {
		body.Members = at + "/members"
	}
	if e.SignUp.Needed {
		body.List = at + "/attendance"
		if by(c).MayKeepDoor(&e) {
			body.Door = at + "/door"
		}
	}
	return s.page(c, http.StatusOK, "organise-published", p, p.T("published.title"), body)
}

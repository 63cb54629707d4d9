package handlers

import (
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/gofiber/fiber/v2"

	"samling/models"
)

// codePage asks for the code of a door. Until it is given nothing is said of the
// event, of which the link's holder may know nothing.
type codePage struct {
	Here, Name string
	Wrong      string // of the code
	WrongName  string
	Full       bool // six phones are in
	Ask        contact
}

// askCode answers with the question for the code.
func (s *Server) askCode(c *fiber.Ctx, status int, body codePage) error {
	p := s.pageWords(c)
	body.Here = s.doorHere(c)
	pg := s.newPage(p, doorPath+c.Params("secret"), p.T("door.code.title"), body)
	pg.Hidden = true
	return s.sendPage(c, status, "door-code", pg)
}

// openDoor is POST /door/{secret}: a code that lets a phone in.
func (s *Server) openDoor(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	if err := s.limitedStrictly(c); err != nil {
		return err
	}
	// It is told by mouth, and typed as it was heard: 48 21, 48-21.
	code := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' {
			return -1
		}
		return r
	}, in.get("code"))
	p, body := s.pageWords(c), codePage{Name: in.get("name")}
	secret, err := s.Planner.OpenDoor(c.UserContext(), c.Params("secret"), code, body.Name, c.Cookies(s.doorCookie()))
	switch refused := codeOf(err); refused {
	case "":
		s.keepPhone(c, secret)
		return c.Redirect(s.doorHere(c), http.StatusSeeOther)
	case models.CodeNotSignedIn:
		body.Wrong = p.T("door.code.wrong")
		return s.askCode(c, http.StatusUnprocessableEntity, body)
	case models.CodeTooMany:
		saysWait(c, err)
		body.Wrong = p.T("door.code.too-many")
		return s.askCode(c, statusOf(refused), body)
	case models.CodeClosed:
		body.Wrong = p.T("door.code.worn")
		return s.askCode(c, statusOf(refused), body)
	case models.CodeInvalid:
		body.WrongName = heldWrong(p, err)
		return s.askCode(c, statusOf(refused), body)
	case models.CodeNotPossible:
		return s.sixPhones(c, body)
	case models.CodeNotFound:
		return s.doorGone(c, http.StatusNotFound, "gone")
	case models.CodePast:
		return s.doorGone(c, statusOf(refused), "over")
	}
	return err
}

// sixPhones tells the seventh whom to ask: she has given the code, and may know.
func (s *Server) sixPhones(c *fiber.Ctx, body codePage) error {
	e, _, err := s.Planner.ByDoorLink(c.UserContext(), c.Params("secret"))
	if err != nil {
		return err
	}
	body.Full, body.Ask = true, contactOf(e.Contact)
	return s.askCode(c, statusOf(models.CodeNotPossible), body)
}

// keepPhone gives a browser the secret by which its door knows it. Others' pages
// cannot send it (SameSite), and it lasts longer than anything is taken with it.
func (s *Server) keepPhone(c *fiber.Ctx, secret string) {
	c.Cookie(&fiber.Cookie{
		Name: s.doorCookie(), Value: secret, Path: s.doorHere(c), MaxAge: int(models.SessionLasts / time.Second),
		Secure: s.secure(), HTTPOnly: true, SameSite: fiber.CookieSameSiteStrictMode,
	})
}

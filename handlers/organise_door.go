package handlers

import (
	"encoding/base64"
	"html/template"
	"net/http"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/models"
)

// deskDoor is where the door of an event is kept.
type deskDoor struct {
	Desk          desk
	Here, Title   string
	When          string
	Said          string
	Open, Past    bool
	Address, Code string
	Picture       template.URL // of the address
	Copy          string
	Since         string
	Guessed       bool // so many wrong codes that the link has ended
	Phones        []phoneRow
	In            int // phones that are in
	Most          int
	Log           string
}

// phoneRow is one phone in the list.
type phoneRow struct {
	Number                    int
	Name, Opened, Seen, Ended string
}

// organiseDoor is GET /organise/events/{id}/door.
func (s *Server) organiseDoor(c *fiber.Ctx) error {
	e, d, err := s.Planner.Door(c.UserContext(), by(c), c.Params("event"))
	if err != nil {
		return err
	}
	p, zone := s.pageWords(c), e.Location()
	text, _ := e.In(p.Language(), s.Language)
	body := deskDoor{
		Desk: s.eventDesk(c, p, &e, "door"), Title: text.Title, When: when(p, &e, s.Now()), Open: !d.Closed,
		Past: !s.Now().Before(e.Ends.Add(models.DoorReads)), Most: models.DoorPhones, In: len(d.Open()), Guessed: d.Guesses >= models.DoorGuesses,
	}
	body.Here = body.Desk.Base + "/events/" + e.ID + "/door"
	body.Said = saidOf(c, p, "organise.door.done.", "opened", "renewed", "closed", "phone")
	if body.Desk.Oversees {
		body.Log = body.Desk.Base + "/log?event=" + e.Slug
	}
	if body.Open {
		body.Address, body.Code, body.Copy = s.Site+s.here(c, doorPath+s.Planner.DoorSecret(&d)), s.Planner.DoorCode(&d), s.pages.named["copy.js"]
		picture, err := qrCode(body.Address)
		if err != nil {
			return err
		}
		// In the page itself: a picture of a secret has no address.
		body.Picture = template.URL("data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(picture)) //nolint:gosec // drawn by us
		body.Since = clock(p, d.Made, zone)
	}
	for i := range d.Phones {
		phone := &d.Phones[i]
		row := phoneRow{Number: phone.Number, Name: s.phoneSaid(p, phone), Opened: p.Time(phone.Opened.In(zone)), Seen: p.Time(phone.Seen.In(zone))}
		if s.Now().Sub(phone.Opened) > 12*time.Hour {
			row.Opened, row.Seen = clock(p, phone.Opened, zone), clock(p, phone.Seen, zone)
		}
		if !phone.Closed.IsZero() {
			row.Ended = p.Time(phone.Closed.In(zone))
		}
		body.Phones = append(body.Phones, row)
	}
	return s.page(c, http.StatusOK, "organise-door", p, p.T("organise.tab.door"), body)
}

// keepDoor is POST /organise/events/{id}/door: the door is opened, given another link
// and code, or closed, or one of its phones is.
func (s *Server) keepDoor(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	event, done := c.Params("event"), ""
	switch in.get("do") {
	case "open":
		done, err = "opened", s.Planner.OpenUp(c.UserContext(), by(c), event)
	case "renew":
		done, err = "renewed", s.Planner.RenewDoor(c.UserContext(), by(c), event)
	case "close":
		done, err = "closed", s.Planner.CloseDoor(c.UserContext(), by(c), event)
	case "phone":
		number, _ := strconv.Atoi(in.get("number")) // none has the number 0
		done, err = "phone", s.Planner.ClosePhone(c.UserContext(), by(c), event, number)
	default:
		err = models.Fault(models.CodeNotPossible)
	}
	if err != nil {
		return err
	}
	return c.Redirect(s.here(c, "/organise/events/"+event+"/door?done="+done), http.StatusSeeOther)
}

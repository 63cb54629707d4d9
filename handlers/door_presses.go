package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"samling/locale"
	"samling/models"
)

// pressesJSON is what a phone sends that has gathered some.
type pressesJSON struct {
	Presses []pressJSON `json:"presses"`
}

// pressJSON is one tap.
type pressJSON struct {
	ID     string `json:"id"`
	RSVP   string `json:"rsvp"`
	WalkIn string `json:"walk_in"`
	Count  int    `json:"count"`
	At     int    `json:"at"` // milliseconds since 1970, by the server's clock as far as the phone knows it
}

// mostPresses is how many presses are taken at once: an evening of one phone.
const mostPresses = 500

// takePresses is POST /door/{secret}/presses: by a form, one press; as JSON, those
// that a phone has gathered. They are answered when they are kept.
func (s *Server) takePresses(c *fiber.Ctx) error {
	at, err := s.atDoor(c)
	if err != nil {
		return err
	}
	byForm := !strings.HasPrefix(c.Get(fiber.HeaderContentType), fiber.MIMEApplicationJSON)
	var presses []models.Press
	if byForm {
		presses, err = s.pressOfForm(c)
	} else {
		presses, err = pressesOf(c)
	}
	if err != nil {
		return err
	}
	refused, err := s.Planner.TakePresses(c.UserContext(), at, presses)
	if err != nil {
		return err
	}
	if byForm {
		for _, err := range refused {
			return err
		}
		to := s.doorHere(c) + "#r-" + presses[0].RSVP
		if w := presses[0].WalkIn; w != "" && presses[0].Count > 0 {
			to = s.doorHere(c) + "?walked=" + w
		}
		return c.Redirect(to, http.StatusSeeOther)
	}
	out := struct {
		Refused map[string]models.Code `json:"refused"`
	}{map[string]models.Code{}}
	for id, err := range refused {
		out.Refused[id] = codeOf(err)
	}
	return c.JSON(out)
}

// pressOfForm is the press of somebody without scripts: it is made now.
func (s *Server) pressOfForm(c *fiber.Ctx) ([]models.Press, error) {
	in, err := formOfRequest(c)
	if err != nil {
		return nil, err
	}
	var f models.Faults
	press := models.Press{ID: uuid.NewString(), RSVP: in.get("rsvp"), WalkIn: in.get("walk_in"), Count: in.number(&f, "count"), At: s.Now()}
	return []models.Press{press}, f.Err()
}

func pressesOf(c *fiber.Ctx) ([]models.Press, error) {
	var in pressesJSON
	if err := decode(c, &in); err != nil {
		return nil, err
	}
	if len(in.Presses) > mostPresses {
		return nil, models.Fault(models.CodeTooLarge)
	}
	var out []models.Press
	for _, p := range in.Presses {
		out = append(out, models.Press{ID: p.ID, RSVP: p.RSVP, WalkIn: p.WalkIn, Count: p.Count, At: time.UnixMilli(int64(p.At))})
	}
	return out, nil
}

// doorSentences are what the page's scripts say. Their gaps are {so}, since the same
// sentences are filled here and there.
func doorSentences(p *locale.Printer) map[string]string {
	out := map[string]string{}
	for _, key := range []string{
		"here", "walked", "left.one", "left.other", "full", "over", "saved", "online", "offline", "queued", "ticked", "unticked", "walked-in",
		"clock", "part", "party", "none", "closed", "ended", "ended.queued", "refused",
	} {
		out[key] = p.T("door.say." + key)
	}
	return out
}

// turnoutSaid is the number of the evening, and how many seats are left; door-rules.js
// says the same. seats is empty where there are as many as there may be.
func turnoutSaid(say map[string]string, list doorNamesJSON) (number, seats string) {
	var rows []models.DoorRow
	for _, r := range list.Rows {
		rows = append(rows, models.DoorRow{RSVP: r.RSVP, Party: r.Party, Expected: r.Expected})
	}
	t := models.TurnoutOf(rows, models.DoorCounts{Here: list.Here, WalkIns: list.WalkIns}, list.Capacity)
	number, seats = fill(say["here"], "here", t.Here, "of", t.Expected), fill(say["walked"], "n", t.WalkIns)
	left := ""
	switch {
	case !t.Limited:
		return number, seats
	case t.Left < 0:
		left = fill(say["over"], "n", -t.Left)
	case t.Left == 0:
		left = say["full"]
	case t.Left == 1:
		left = fill(say["left.one"], "n", t.Left)
	default:
		left = fill(say["left.other"], "n", t.Left)
	}
	return number, seats + " · " + left
}

// fill puts numbers into the gaps of a sentence of the door: names and numbers in
// turn.
func fill(sentence string, with ...any) string {
	for i := 0; i+1 < len(with); i += 2 {
		sentence = strings.ReplaceAll(sentence, fmt.Sprint("{", with[i], "}"), fmt.Sprint(with[i+1]))
	}
	return sentence
}

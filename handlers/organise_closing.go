package handlers

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// closingPage asks how it went.
type closingPage struct {
	Desk            desk
	Here            string
	Title, When     string
	Seen            string
	Ticked, WalkIns int
	Done            bool // it was closed before
	Lines           []closingLine
	Sections        []*section
	Wrong           []complaint
	Said            string
}

// closingLine is one thing that was said and who reads it, folded up while that is
// clear.
type closingLine struct {
	Text, Groups *input
	Readers      string
	Open         bool
}

// askClosing is GET /organise/events/{id}/close.
func (s *Server) askClosing(c *fiber.Ctx) error {
	k, err := s.Planner.Closable(c.UserContext(), by(c), c.Params("event"))
	if err != nil {
		return err
	}
	in := form{"came": {number(k.Ticked + k.WalkIns)}}
	if k.Event.Closing.Done() {
		in.set("came", strconv.Itoa(k.Event.Closing.Came))
	}
	if k.Event.Closing.Shown {
		in.set("shown", "yes")
	}
	for i, said := range k.Said {
		in.set(saidField(i+1, "text"), said.Text)
		if in.set(saidField(i+1, "groups"), said.Groups...); said.Text == "" {
			in.set(saidField(i+1, "groups"), k.Event.Groups...)
		}
	}
	said := ""
	if c.Query("done") == "closed" {
		said = s.pageWords(c).T("closing.done")
	}
	return s.closingPage(c, http.StatusOK, &k, in, said, nil)
}

// saidField is the name of a field of a contribution, as the faults of models call
// it.
func saidField(line int, name string) string { return fmt.Sprintf("said.%d.%s", line, name) }

// takeClosing is POST /organise/events/{id}/close.
func (s *Server) takeClosing(c *fiber.Ctx) error {
	// Asked first, so that nobody learns by this form of an event that she may not
	// see.
	k, err := s.Planner.Closable(c.UserContext(), by(c), c.Params("event"))
	if err != nil {
		return err
	}
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	var f models.Faults
	closing := models.Closing{Came: in.number(&f, "came"), Shown: in.has("shown") && k.Event.Visible()}
	if !in.has("came") {
		f.Add("came", "required")
	}
	var said []models.Contribution
	for i := range k.Said {
		said = append(said, models.Contribution{Line: i + 1, Text: in.get(saidField(i+1, "text")), Groups: in.list(saidField(i+1, "groups"))})
	}
	var seen time.Time
	if at := in.get("seen"); at != "" {
		seen, _ = readSeen(at) // what cannot be read has seen nothing
	}
	if err = f.Err(); err == nil {
		_, err = s.Planner.Close(c.UserContext(), by(c), k.Event.ID, seen, closing, said)
	}
	switch code := codeOf(err); code {
	case models.CodeInvalid, models.CodeChangedMeanwhile:
		// What was typed stays; sending it once more replaces what she now knows of.
		return s.closingPage(c, statusOf(code), &k, in, "", err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(s.here(c, "/organise/events/"+k.Event.ID+"/close?done=closed"), http.StatusSeeOther)
}

func (s *Server) closingPage(c *fiber.Ctx, status int, k *planner.Closable, in form, said string, wrong error) error {
	p, e := s.pageWords(c), &k.Event
	body := closingPage{
		Desk: s.eventDesk(c, p, e, "close"), Title: e.Title, When: when(p, e, s.Now()), Seen: writeSeen(k.Seen()),
		Ticked: k.Ticked, WalkIns: k.WalkIns, Done: e.Closing.Done(), Said: said,
	}
	body.Here = body.Desk.Base + "/events/" + e.ID + "/close"
	h := &sheet{Printer: p, in: in, wrong: wrongInputs(p, wrong)}
	h.section("came")
	h.add("number", "came").needed()
	if e.Visible() {
		h.add("box", "shown")
	}
	h.section("said")
	groups := s.groupChoices(p)
	for i := range k.Said {
		var line closingLine
		text := h.add("short", saidField(i+1, "text"))
		text.Label, text.Max = p.T("closing.line", "Number", i+1), models.MaxContribution
		line.Text = new(*text) // adding another may move it
		if len(groups) > 0 {
			line.Groups = h.many(saidField(i+1, "groups"), append([]choice(nil), groups...))
			line.Groups.Label = p.T("closing.groups", "Number", i+1)
			line.Readers = line.Groups.reads(p)
			line.Groups = new(*line.Groups)
			line.Open = line.Readers == "" || line.Groups.Wrong != ""
		}
		body.Lines = append(body.Lines, line)
	}
	body.Sections, body.Wrong = h.sections, h.faults(wrong)
	return s.page(c, status, "organise-closing", p, p.T("closing.title"), body)
}

// closingAsked is how long the desk asks how an event went.
const closingAsked = 14 * 24 * time.Hour

// closingAttention asks those who work on an event how it went.
func (s *Server) closingAttention(p *locale.Printer, d desk, by *models.Organiser, e *models.Event) []attention {
	now := s.Now()
	if !by.WorksOn(e) || !e.Unclosed(now) || now.Sub(e.Ends) > closingAsked {
		return nil
	}
	text, _ := e.In(p.Language(), s.Language)
	return []attention{{p.T("closing.attention"), text.Title, d.Base + "/events/" + e.ID + "/close"}}
}

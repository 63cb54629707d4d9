package handlers

import (
	"net/http"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"samling/locale"
	"samling/models"
)

// writePage is where an organiser writes to the attendees of an event, and what has
// been written to them before.
type writePage struct {
	Desk        desk
	Here, Title string
	Message     string // the id that it has or will have
	Sections    []*section
	Wrong       []complaint
	Closed      bool // nobody can be written to now
	Before      []messageRow
}

// messageRow is a message that was written before.
type messageRow struct{ Href, When, Who, State, Text string }

// askWrite is GET /organise/events/{id}/write?message, which takes up a draft.
func (s *Server) askWrite(c *fiber.Ctx) error {
	e, err := s.editable(c)
	if err != nil {
		return err
	}
	in := form{"to": {string(models.ToGoing)}, "message": {uuid.NewString()}}
	if draft := c.Query("message"); draft != "" {
		_, m, err := s.Planner.Message(c.UserContext(), by(c), e.ID, draft)
		if err != nil {
			return err
		}
		in = form{"to": {string(m.To)}, "message": {m.ID}, "text": {m.Text}, "business": {"yes"}}
	}
	return s.writePage(c, http.StatusOK, &e, in, nil)
}

// takeWrite is POST /organise/events/{id}/write: the draft is kept, and shown as it
// will look.
func (s *Server) takeWrite(c *fiber.Ctx) error {
	e, in, err := s.formAbout(c)
	if err != nil {
		return err
	}
	var m models.Message
	if !in.has("business") {
		var f models.Faults
		f.Add("business", "only-business")
		err = f.Err()
	} else {
		m, err = s.Planner.WriteMessage(c.UserContext(), by(c), e.ID, in.get("message"), models.Recipients(in.get("to")), in.get("text"))
	}
	switch code := codeOf(err); code {
	case models.CodeInvalid, models.CodePast, models.CodeNotPossible:
		return s.writePage(c, statusOf(code), &e, in, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(s.here(c, "/organise/events/"+e.ID+"/write/"+m.ID), http.StatusSeeOther)
}

func (s *Server) writePage(c *fiber.Ctx, status int, e *models.Event, in form, wrong error) error {
	p := s.pageWords(c)
	body := writePage{Desk: s.eventDesk(c, p, e, "write"), Title: e.Title, Message: in.get("message"), Closed: !e.MayBeWrittenTo(s.Now())}
	body.Here = body.Desk.Base + "/events/" + e.ID + "/write"
	h := &sheet{Printer: p, in: in, wrong: wrongInputs(p, wrong)}
	h.section("write")
	var to []choice
	for _, r := range models.AllRecipients() {
		to = append(to, choice{Value: string(r), Label: p.T("write.to." + string(r))})
	}
	h.one("to", to)
	h.add("long", "text").Max = models.MaxMessage
	h.add("box", "business")
	body.Sections, body.Wrong = h.sections, h.faults(wrong)
	before, err := s.Planner.Messages(c.UserContext(), by(c), e.ID)
	if err != nil {
		return err
	}
	for _, m := range before {
		body.Before = append(body.Before, messageRow{
			Href: body.Here + "/" + m.ID, When: s.messageWhen(p, &m), Who: s.Planner.Called(c.UserContext(), m.By), State: messageState(p, &m), Text: m.Text,
		})
	}
	return s.page(c, status, "organise-write", p, p.T("write.title"), body)
}

// messageState is how far a message has come.
func messageState(p *locale.Printer, m *models.Message) string {
	switch {
	case m.Sent.IsZero():
		return p.T("write.draft")
	case m.Open:
		return p.T("write.sending")
	}
	return p.T("write.sent", "Count", m.Mails)
}

// messageWhen is when a message was sent, or else written.
func (s *Server) messageWhen(p *locale.Printer, m *models.Message) string {
	if m.Sent.IsZero() {
		return clock(p, m.Written, s.zone)
	}
	return clock(p, m.Sent, s.zone)
}

// messagePage is a message as those will get it to whom it is written.
type messagePage struct {
	Desk                   desk
	Here, Change           string // Change: where its draft is written; empty: it was sent
	Subject, Lead, ReplyTo string
	Text, To               string
	Reached, Others        int
	Copied                 bool // the reader has been mailed a copy
	State, When, Who       string
	Said, Wrong            string
}

// showMessage is GET /organise/events/{id}/write/{message}.
func (s *Server) showMessage(c *fiber.Ctx) error {
	said := ""
	if c.Query("done") == "sent" {
		said = s.pageWords(c).T("write.done")
	}
	return s.messagePage(c, http.StatusOK, said, nil)
}

// takeMessage is POST /organise/events/{id}/write/{message}: the writer is mailed a
// copy, or it is sent.
func (s *Server) takeMessage(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	at, done := s.here(c, "/organise/events/"+c.Params("event")+"/write/"+c.Params("message")), ""
	switch in.get("do") {
	case "copy":
		_, err = s.Planner.CopyMessage(c.UserContext(), by(c), c.Params("event"), c.Params("message"))
	case "send":
		_, err = s.Planner.SendMessage(c.UserContext(), by(c), c.Params("event"), c.Params("message"))
		done = "?done=sent"
	default:
		err = models.Fault(models.CodeNotPossible)
	}
	switch code := codeOf(err); code {
	case models.CodeInvalid, models.CodePast, models.CodeNotPossible, models.CodeTooMany:
		return s.messagePage(c, statusOf(code), "", err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(at+done, http.StatusSeeOther)
}

func (s *Server) messagePage(c *fiber.Ctx, status int, said string, wrong error) error {
	e, m, err := s.Planner.Message(c.UserContext(), by(c), c.Params("event"), c.Params("message"))
	if err != nil {
		return err
	}
	p := s.pageWords(c)
	words := s.Words.In(s.Language) // the frame that most will see
	lead := "mail.message.body"
	if m.To == models.ToWaiting {
		lead += "-waiting"
	}
	body := messagePage{
		Desk: s.eventDesk(c, p, &e, "write"), Text: m.Text, To: p.T("write.to." + string(m.To)), ReplyTo: s.Planner.ReplyTo(&e),
		Subject: locale.Plain(words.T("mail.message.subject", "Tail", words.T("mail.tail", "Title", e.Title, "Day", words.Day(e.Starts.In(e.Location()))))),
		Lead:    words.T(lead, "Hosts", words.List(s.Planner.Catalogue().HostNames(e.Hosts(), ""))),
		Copied:  m.Copied == by(c).ID, State: messageState(p, &m), When: s.messageWhen(p, &m), Who: s.Planner.Called(c.UserContext(), m.By), Said: said,
	}
	body.Here = body.Desk.Base + "/events/" + e.ID + "/write/" + m.ID
	if m.Sent.IsZero() {
		body.Change = body.Desk.Base + "/events/" + e.ID + "/write?message=" + m.ID
		if body.Reached, body.Others, err = s.Planner.Reached(c.UserContext(), by(c), &e, m.To); err != nil {
			return err
		}
	}
	switch {
	case codeOf(wrong) == models.CodeTooMany:
		body.Wrong = p.T("write.too-many")
	case wrong != nil:
		body.Wrong = heldWrong(p, wrong)
	}
	return s.page(c, status, "organise-message", p, p.T("write.look"), body)
}

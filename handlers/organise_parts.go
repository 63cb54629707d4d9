package handlers

import (
	"net/http"
	"slices"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// partsPage is the parts of a larger event: who has said that hers stands, and who is
// asked to hold one.
type partsPage struct {
	Desk           desk
	Here, Several  string
	Title, When    string
	Answered       string // how many have, in words
	Parts          []partRow
	Remind, Cancel bool
	Ask            []input // for coordinators
	Said           string
	Wrong          []complaint
	Back           string // of the list that several events are chosen from
}

// partRow is one of them, and what its association has said.
type partRow struct {
	eventRow
	Answer, Words string
	Open          bool // nobody has answered
}

// partNote is what the form of a part says of the whole.
type partNote struct {
	Href, Text string
	Open       bool // an answer is awaited
}

func (s *Server) partNote(p *locale.Printer, at string, e *models.Event) *partNote {
	whole, err := s.Planner.Catalogue().Event(e.Parent)
	if err != nil {
		return nil
	}
	text, _ := whole.In(p.Language(), s.Language)
	n := partNote{Href: at + "/part", Open: e.AwaitsPart()}
	switch gaps := []any{"Title", text.Title, "When", when(p, whole.Event, s.Now()), "Day", p.Day(e.Part.Answered.In(s.zone))}; {
	case n.Open:
		n.Text = p.T("together.part.open", gaps...)
	case e.Part.Answer != "":
		n.Text = p.T("together.part.answered."+string(e.Part.Answer), gaps...)
	case whole.Status == models.Cancelled:
		n.Text = p.T("together.part.cancelled", gaps...)
	default:
		n.Text = p.T("together.part.of", gaps...)
	}
	return &n
}

// answerPart is POST /organise/events/{id}/part: do=stands or do=out.
func (s *Server) answerPart(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	e, err := s.Planner.AnswerPart(c.UserContext(), by(c), c.Params("event"), models.PartAnswer(in.get("do")), in.get("words"))
	if err != nil {
		return err
	}
	return c.Redirect(s.here(c, "/organise/events/"+e.ID+"?done="+in.get("do")), http.StatusSeeOther)
}

// eventParts is GET /organise/events/{id}/parts.
func (s *Server) eventParts(c *fiber.Ctx) error {
	e, err := s.editable(c)
	if err != nil {
		return err
	}
	in := form{}
	in.set("starts.time", writeClock(s.pageWords(c), e.Starts, e.Location()))
	in.set("ends.time", writeClock(s.pageWords(c), e.Ends, e.Location()))
	return s.partsPage(c, http.StatusOK, &e, in, nil)
}

func (s *Server) partsPage(c *fiber.Ctx, status int, e *models.Event, in form, wrong error) error {
	p := s.pageWords(c)
	text, _ := e.In(p.Language(), s.Language)
	body := partsPage{Desk: s.eventDesk(c, p, e, "parts"), Title: text.Title, When: when(p, e, s.Now())}
	body.Here = body.Desk.Base + "/events/" + e.ID + "/parts"
	body.Several = body.Desk.Base + "/events/several"
	answered := 0
	parts := s.Planner.Catalogue().Parts(e.Slug)
	for _, l := range parts {
		row := partRow{eventRow: s.eventRow(c, p, l.Event), Words: l.Part.Words, Open: l.AwaitsPart()}
		switch {
		case l.Status == models.Cancelled:
		case l.Part.Answer != "":
			row.Answer = p.T("together.part."+string(l.Part.Answer)+"-since", "Day", p.Day(l.Part.Answered.In(s.zone)))
		case !l.Part.Reminded.IsZero():
			row.Answer = p.T("together.part.reminded", "Since", s.whenLogged(p, l.Part.Reminded))
		default:
			row.Answer = p.T("together.part.silent")
		}
		body.Remind = body.Remind || row.Open
		body.Cancel = body.Cancel || e.Status == models.Cancelled && l.Status != models.Cancelled && l.Status != models.Draft
		if !row.Open {
			answered++
		}
		body.Parts = append(body.Parts, row)
	}
	body.Answered = p.T("together.parts.answered", "Answered", answered, "Count", len(parts))
	h := &sheet{Printer: p, in: in, wrong: wrongInputs(p, wrong)}
	if by(c).MayOversee() && e.Status != models.Cancelled {
		h.last = &section{}
		h.sections = []*section{h.last}
		others := slices.DeleteFunc(s.allHosts(p), func(o choice) bool {
			return o.Value == e.Host || slices.ContainsFunc(parts, func(l *planner.Listed) bool { return l.Host == o.Value })
		})
		h.many("associations", others)
		h.add("clock", "starts.time")
		h.add("clock", "ends.time")
		body.Ask = h.last.Inputs
	}
	body.Said = saidOf(c, p, "together.parts.done.", "ask", "remind")
	body.Wrong = h.faults(wrong)
	return s.page(c, status, "organise-parts", p, p.T("organise.tab.parts"), body)
}

// changeParts is POST /organise/events/{id}/parts: associations are asked to hold
// one, or those who have not answered are reminded.
func (s *Server) changeParts(c *fiber.Ctx) error {
	e, in, err := s.formAbout(c)
	if err != nil {
		return err
	}
	do := in.get("do")
	switch do {
	case "ask":
		var faults models.Faults
		date, zone := writeDate(e.Starts, e.Location()), e.Location()
		offer := planner.PartOffer{
			Associations: in.list("associations"),
			Starts:       readMoment(&faults, "starts", date, in.get("starts.time"), zone), Ends: readMoment(&faults, "ends", date, in.get("ends.time"), zone),
		}
		if err = faults.Err(); err == nil {
			_, err = s.Planner.AskParts(c.UserContext(), by(c), e.ID, offer)
		}
	case "remind":
		_, err = s.Planner.RemindParts(c.UserContext(), by(c), e.ID)
	default:
		err = models.Fault(models.CodeNotPossible)
	}
	if code := codeOf(err); code == models.CodeInvalid {
		return s.partsPage(c, statusOf(code), &e, in, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(s.here(c, "/organise/events/"+e.ID+"/parts?done="+do), http.StatusSeeOther)
}

package handlers

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// approval is what an event's form says of the central office's look at it.
type approval struct {
	Needed      bool // to publish is to ask
	Text, Words string
}

func (s *Server) approvalOf(p *locale.Printer, by *models.Organiser, e *models.Event) approval {
	a := approval{Needed: s.Planner.AwaitsApproval(by, e)}
	switch {
	case e.Status != models.Draft:
	case e.Approval.Waits():
		a.Text = p.T("together.approval.waits", "Since", s.whenLogged(p, e.Approval.Asked))
	case e.Approval.SentBack():
		a.Text, a.Words = p.T("together.approval.back"), e.Approval.Words
	case a.Needed:
		a.Text = p.T("together.approval.why")
	}
	return a
}

// approvalsPage is what waits for a coordinator's word.
type approvalsPage struct {
	Desk    desk
	Said    string
	Wrong   string
	Rows    []approvalRow
	Maximum int // characters of a few words
}

// approvalRow is one draft of those, with what was typed of it.
type approvalRow struct {
	eventRow
	Summary, Asked, Later, Seen, Words string
}

// organiseApprovals is GET /organise/approvals.
func (s *Server) organiseApprovals(c *fiber.Ctx) error {
	return s.approvalsPage(c, http.StatusOK, "", "", nil)
}

// approvalsPage shows what waits; words are those that were typed of one event, with
// which something is wrong.
func (s *Server) approvalsPage(c *fiber.Ctx, status int, event, words string, wrong error) error {
	p := s.pageWords(c)
	waiting, err := s.Planner.Approvals(by(c))
	if err != nil {
		return err
	}
	body := approvalsPage{Desk: s.desk(c, "city"), Maximum: models.MaxNote}
	for _, l := range waiting {
		row, err := s.approvalRow(c, p, l)
		if err != nil {
			return err
		}
		if l.ID == event {
			row.Words = words
		}
		body.Rows = append(body.Rows, row)
	}
	body.Said = saidOf(c, p, "organise.done.", "approve", "back")
	if wrong != nil {
		body.Wrong = heldWrong(p, wrong)
	}
	return s.page(c, status, "organise-approvals", p, p.T("organise.menu.approvals"), body)
}

func (s *Server) approvalRow(c *fiber.Ctx, p *locale.Printer, l *planner.Listed) (approvalRow, error) {
	who, err := s.Planner.AddressOf(c.UserContext(), l.Approval.By)
	if err != nil {
		return approvalRow{}, err
	}
	text, _ := l.In(p.Language(), s.Language)
	row := approvalRow{
		eventRow: s.eventRow(c, p, l.Event), Summary: text.Summary, Seen: writeSeen(l.Updated),
		Asked: p.T("together.approval.asked", "Who", whoDid(p, who, l.Approval.By), "Since", s.whenLogged(p, l.Approval.Asked)),
	}
	if !l.PublishAt.IsZero() {
		row.Later = p.T("together.approval.later", "When", clock(p, l.PublishAt, l.Location()))
	}
	return row, nil
}

// answerApproval is POST /organise/events/{id}/approval: do=approve, or do=back with
// words on what to change. It is about the draft as she has seen it.
func (s *Server) answerApproval(c *fiber.Ctx) error {
	e, in, seen, err := s.sentAbout(c)
	if err != nil {
		return err
	}
	do, words := in.get("do"), in.get("words")
	switch do {
	case "approve":
		_, err = s.Planner.Approve(c.UserContext(), by(c), e.ID, seen)
	case "back":
		_, err = s.Planner.SendBack(c.UserContext(), by(c), e.ID, seen, words)
	default:
		err = models.Fault(models.CodeMalformed)
	}
	switch code := codeOf(err); code {
	case "":
		return c.Redirect(s.here(c, "/organise/approvals?done="+do), http.StatusSeeOther)
	case models.CodeInvalid, models.CodeNotPossible, models.CodeChangedMeanwhile:
		return s.approvalsPage(c, statusOf(code), e.ID, words, err)
	}
	return err
}

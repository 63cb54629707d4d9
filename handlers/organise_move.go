package handlers

import (
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/models"
	"samling/planner"
)

// stepPage asks whether an event should really be postponed or cancelled, and
// what to tell those who were coming.
type stepPage struct {
	Desk               desk
	Here, Event, Seen  string
	Title, When        string
	Move               models.Move
	Told               int
	Reason, Wrong      string
	Scopes             []choice
	Question, Do, Back string
}

// askPostpone and askCancel are GET /organise/events/{id}/postpone and /cancel.
func (s *Server) askPostpone(c *fiber.Ctx) error { return s.askStep(c, models.Postpone) }

func (s *Server) askCancel(c *fiber.Ctx) error { return s.askStep(c, models.Cancel) }

func (s *Server) askStep(c *fiber.Ctx, move models.Move) error {
	e, err := s.editable(c)
	if err != nil {
		return err
	}
	status, err := move.After(e.Status)
	if err != nil {
		return err
	}
	if status == e.Status { // taken already
		return c.Redirect(s.here(c, "/organise/events/"+e.ID+taken(move)), http.StatusSeeOther)
	}
	return s.stepPage(c, http.StatusOK, &e, move, "", nil)
}

func (s *Server) stepPage(c *fiber.Ctx, status int, e *models.Event, move models.Move, reason string, wrong error) error {
	p := s.pageWords(c)
	told, err := s.Planner.ToBeTold(c.UserContext(), e.ID)
	if err != nil {
		return err
	}
	body := stepPage{
		Desk: s.eventDesk(c, p, e, "event"), Seen: writeSeen(e.Updated), Title: e.Title, When: when(p, e, s.Now()), Move: move, Told: told, Reason: reason,
		Question: p.T("organise.step." + string(move)), Do: p.T("organise.step." + string(move) + ".do"), Back: p.T("organise.step.back"),
	}
	body.Scopes = s.scopes(p, e, "")
	body.Event = body.Desk.Base + "/events/" + e.ID
	body.Here = body.Event + "/" + string(move)
	if wrong != nil {
		body.Wrong = heldWrong(p, wrong)
	}
	return s.page(c, status, "organise-step", p, body.Question, body)
}

// takePublish, takePostpone and takeCancel are the POSTs to .../publish, /postpone
// and /cancel.
func (s *Server) takePublish(c *fiber.Ctx) error { return s.takeStep(c, models.Publish) }

func (s *Server) takePostpone(c *fiber.Ctx) error { return s.takeStep(c, models.Postpone) }

func (s *Server) takeCancel(c *fiber.Ctx) error { return s.takeStep(c, models.Cancel) }

func (s *Server) takeStep(c *fiber.Ctx, move models.Move) error {
	e, in, seen, err := s.sentAbout(c)
	if err != nil {
		return err
	}
	if ofMany(&e, in) {
		return s.moveMany(c, &e, in, seen, move)
	}
	return s.move(c, &e, seen, move, in.get("reason"))
}

// move takes an event a step on and leads back to it.
func (s *Server) move(c *fiber.Ctx, e *models.Event, seen time.Time, move models.Move, reason string) error {
	at := s.here(c, "/organise/events/"+e.ID)
	after, err := s.Planner.MoveEvent(c.UserContext(), by(c), e.ID, seen, move, reason)
	switch code := codeOf(err); {
	case err == nil && after.Approval.Waits():
		return c.Redirect(at+"?done=asked", http.StatusSeeOther)
	case err == nil:
		return c.Redirect(at+taken(move), http.StatusSeeOther)
	case code == models.CodeChangedMeanwhile:
		// Sent twice, or somebody else saved: what there is now says which.
		now, gerr := s.Planner.Editable(c.UserContext(), by(c), e.ID)
		if gerr != nil {
			return gerr
		}
		if to, aerr := move.After(now.Status); aerr == nil && to == now.Status {
			return c.Redirect(at+taken(move), http.StatusSeeOther)
		}
		if move != models.Publish {
			return s.stepPage(c, statusOf(code), &now, move, reason, err)
		}
		return s.editAgain(c, &now, filledIn(s.pageWords(c), &now, s.otherLanguages()), models.Fault(models.CodeNotPossible), editPage{})
	case code == models.CodeInvalid && move != models.Publish:
		return s.stepPage(c, statusOf(code), e, move, reason, err)
	}
	return s.editAgain(c, e, filledIn(s.pageWords(c), e, s.otherLanguages()), err, editPage{})
}

// taken is where a step leads to from the address of its event.
func taken(move models.Move) string {
	if move == models.Publish {
		return "/published"
	}
	return "?done=" + string(move)
}

// preview is GET /organise/events/{id}/preview: the event's page as the public
// will see it, whatever its state is.
func (s *Server) preview(c *fiber.Ctx) error {
	e, err := s.editable(c)
	if err != nil {
		return err
	}
	p := s.pageWords(c)
	at := s.here(c, "/organise/events/"+e.ID)
	if e.Sketch() { // there is no page yet without a title and a time
		return c.Redirect(at, http.StatusSeeOther)
	}
	bar := &previewBar{Edit: at, Seen: writeSeen(e.Updated)}
	if e.Status == models.Draft || e.Status == models.Postponed {
		bar.Publish = at + "/publish"
		e.Status = models.Published
	}
	if e.SignUp.Protected {
		e = e.Unplaced()
	}
	pg, err := s.drawEvent(c, p, s.moment(), &planner.Listed{Event: &e, Changed: e.Changed}, nil)
	if err != nil {
		return err
	}
	pg.Preview, pg.Canonical, pg.Feed, pg.Stamp = bar, "", "", ""
	return s.sendPage(c, http.StatusOK, "event", pg)
}

// previewBar stands above the preview of an event's page.
type previewBar struct{ Edit, Publish, Seen string }

package handlers

import (
	"net/http"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// What the buttons of an event's form do, and the form itself while somebody types.
const (
	doKeep     = "keep" // asked for by nobody
	doPreview  = "preview"
	doPublish  = "publish"
	doLater    = "later"
	doNotLater = "not-later"
)

// whole reports whether a form must have everything that publishing needs.
func (f form) whole() bool {
	do := f.get("do")
	return do == doPreview || do == doPublish || do == doLater
}

// createDraft is POST /organise/events.
func (s *Server) createDraft(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	// The form brings the id, so that sending it twice makes one draft.
	id := in.get("new")
	if _, err := models.ParseID(id); err != nil {
		id = uuid.NewString()
	}
	if in.get("do") == doKeep {
		return s.keepDraft(c, id, planner.Anyway, in)
	}
	read, err := s.reading(c, in)
	if err != nil {
		return err
	}
	e, err := s.Planner.KeepDraft(c.UserContext(), by(c), id, planner.Anyway, read)
	switch codeOf(err) {
	case "":
	case models.CodeNotPossible: // it was sent before, and is published by now
		return s.conflict(c, id, planner.Anyway, in)
	default:
		return s.editAgain(c, &models.Event{TimeZone: s.Zone, Status: models.Draft, Kind: models.Kind(in.get("kind"))}, in, err, editPage{})
	}
	return s.saved(c, &e, in)
}

// reading puts a form into an event, with what is known of its place when that is
// another than it was.
func (s *Server) reading(c *fiber.Ctx, in form) (func(*models.Event) error, error) {
	venues, err := s.Planner.Venues(c.UserContext(), by(c), in.get("host"))
	return func(e *models.Event) error {
		was := e.Place.Name
		err := in.read(e, s.otherLanguages())
		if i := slices.IndexFunc(venues, func(v models.Venue) bool { return v.Named(e.Place.Name) }); i >= 0 && !venues[i].Named(was) {
			e.TakePlace(venues[i])
		}
		return err
	}, err
}

// keepDraft keeps what somebody is typing, and answers the form itself. What cannot be
// read yet is left out and named: she may be in the middle of it.
func (s *Server) keepDraft(c *fiber.Ctx, id string, seen time.Time, in form) error {
	var unread error
	e, err := s.Planner.KeepDraft(c.UserContext(), by(c), id, seen, func(e *models.Event) error {
		if unread = in.read(e, s.otherLanguages()); codeOf(unread) == models.CodeInvalid {
			return nil
		}
		return unread
	})
	p := s.pageWords(c)
	if err != nil {
		if wrong := s.faultsIn(p, by(c), &e, in, err); len(wrong) > 0 {
			return c.Status(statusOf(codeOf(err))).JSON(keptDraft{Said: p.T("writing.not-kept-but", "Why", wrong[0])})
		}
		return c.Status(statusOf(codeOf(err))).JSON(keptDraft{Said: p.T("writing.not-kept") + " " + sentence(p, err)})
	}
	kept := keptDraft{Said: s.keptAt(p, &e), At: s.here(c, "/organise/events/"+e.ID), Seen: writeSeen(e.Updated)}
	if wrong := s.faultsIn(p, by(c), &e, in, unread); len(wrong) > 0 {
		kept.Said += " " + p.T("writing.kept-but", "Fields", p.List(wrong))
	}
	return c.JSON(kept)
}

// keptDraft is what the form hears of a draft that was kept: where its page is, the
// state that it has now, and a sentence for its writer.
type keptDraft struct {
	Said string `json:"said"`
	At   string `json:"at,omitempty"`
	Seen string `json:"seen,omitempty"`
}

func (s *Server) keptAt(p *locale.Printer, e *models.Event) string {
	return p.T("writing.kept", "Time", p.Time(e.Updated.In(s.zone)))
}

// faultsIn are the labels of what is wrong in a form.
func (s *Server) faultsIn(p *locale.Printer, by *models.Organiser, e *models.Event, in form, err error) []string {
	if codeOf(err) != models.CodeInvalid {
		return nil
	}
	_, wrong := s.sheet(p, by, e, in, err)
	var out []string
	for _, w := range wrong {
		if w.Label != "" {
			out = append(out, w.Label)
		}
	}
	return out
}

// saveEvent is POST /organise/events/{id}.
func (s *Server) saveEvent(c *fiber.Ctx) error {
	e, in, seen, err := s.sentAbout(c)
	if err != nil {
		return err
	}
	if in.get("do") == doKeep {
		return s.keepDraft(c, e.ID, seen, in)
	}
	in.choose(filledIn(s.pageWords(c), &e, s.otherLanguages()))
	read, err := s.reading(c, in)
	if err != nil {
		return err
	}
	if ofMany(&e, in) {
		return s.saveMany(c, &e, in, seen, read)
	}
	after, err := s.Planner.ChangeEvent(c.UserContext(), by(c), e.ID, seen, read)
	if codeOf(err) == models.CodeChangedMeanwhile {
		return s.conflict(c, e.ID, seen, in)
	}
	if err != nil {
		return s.editAgain(c, &e, in, err, editPage{})
	}
	return s.saved(c, &after, in)
}

// saved leads on from what was saved: to the preview, to being published now or
// later, or back to the form.
func (s *Server) saved(c *fiber.Ctx, e *models.Event, in form) error {
	if e.Sketch() { // saved by hand, it gets its address as soon as it can have one
		named, err := s.Planner.ChangeEvent(c.UserContext(), by(c), e.ID, e.Updated, func(*models.Event) error { return nil })
		if err != nil {
			return err
		}
		*e = named
	}
	at := s.here(c, "/organise/events/"+e.ID)
	switch in.get("do") {
	case doPreview:
		return c.Redirect(at+"/preview", http.StatusSeeOther)
	case doPublish:
		return s.move(c, e, e.Updated, models.Publish, "")
	case doLater:
		return s.publishLater(c, e, in)
	case doNotLater:
		if _, err := s.Planner.PublishLater(c.UserContext(), by(c), e.ID, e.Updated, time.Time{}); err != nil {
			return err
		}
	}
	return c.Redirect(at+"?done=saved", http.StatusSeeOther)
}

// publishLater gives a draft the time at which it publishes itself.
func (s *Server) publishLater(c *fiber.Ctx, e *models.Event, in form) error {
	var f models.Faults
	if in.get("publish.date") == "" {
		f.Add("publish", "required")
	}
	at := readMoment(&f, "publish", in.get("publish.date"), in.get("publish.time"), e.Location())
	err := f.Err()
	if err == nil {
		_, err = s.Planner.PublishLater(c.UserContext(), by(c), e.ID, e.Updated, at)
	}
	if err != nil {
		return s.editAgain(c, e, in, err, editPage{})
	}
	return c.Redirect(s.here(c, "/organise/events/"+e.ID+"?done=later"), http.StatusSeeOther)
}

// askHelp is POST /organise/events/{id}/help.
func (s *Server) askHelp(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	e, err := s.editable(c)
	if err != nil {
		return err
	}
	if _, err = s.Planner.AskHelp(c.UserContext(), by(c), e.ID, in.has("wanted")); err != nil {
		return err
	}
	done := "help"
	if !in.has("wanted") {
		done = "helped"
	}
	return c.Redirect(s.here(c, "/organise/events/"+e.ID+"?done="+done), http.StatusSeeOther)
}

// aboutDraft is what the page of a draft says around its form.
func (s *Server) aboutDraft(c *fiber.Ctx, p *locale.Printer, e *models.Event, body *editPage) error {
	body.Kept = s.keptAt(p, e)
	if !e.PublishAt.IsZero() {
		body.Publishes = p.T("writing.publishes", "When", clock(p, e.PublishAt, e.Location()))
	}
	author, err := s.Planner.Author(c.UserContext(), e)
	if author != "" && e.Author != by(c).ID {
		body.By = p.T("writing.by", "Who", author)
	}
	if !e.Help.IsZero() {
		body.Helping = p.T("writing.help.asked", "When", clock(p, e.Help, s.zone))
	}
	return err
}

// titled is the title of an event, or that it has none yet.
func titled(p *locale.Printer, e *models.Event, title string) string {
	if title == "" && e.Sketch() {
		return p.T("writing.untitled")
	}
	return title
}

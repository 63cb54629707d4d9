package handlers

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/models"
	"samling/planner"
)

// The most and the usual number of events in one answer.
const mostEvents, usualEvents = 500, 100

// listEvents is GET /events.
func (s *Server) listEvents(c *fiber.Ctx) error {
	by, err := s.organiser(c, models.ScopeReadEvents)
	if err != nil {
		return err
	}
	q, err := s.eventQuery(c, by)
	if err != nil {
		return err
	}
	catalogue := s.Planner.Catalogue()
	if err := catalogue.Check(q.Filter); err != nil {
		return err
	}
	out := struct {
		Events []eventForm `json:"events"`
		Next   string      `json:"next,omitempty"`
	}{Events: []eventForm{}}
	for _, l := range catalogue.Select(q.Filter) {
		if !q.after.before(l) || l.Sketch() {
			continue
		}
		if len(out.Events) == q.limit {
			out.Next = q.after.String()
			break
		}
		e, err := s.whole(c, by, l)
		if err != nil {
			return err
		}
		out.Events = append(out.Events, s.shown(c, by, e))
		q.after = placeOf(l)
	}
	return s.json(c, http.StatusOK, out)
}

// showEvent is GET /events/{id or slug}.
func (s *Server) showEvent(c *fiber.Ctx) error {
	by, err := s.organiser(c, models.ScopeReadEvents)
	if err != nil {
		return err
	}
	l, err := s.Planner.Catalogue().Event(c.Params("event"))
	if err != nil {
		return err
	}
	if !by.MaySee(l.Event) || l.Sketch() {
		return models.ErrNotFound
	}
	e, err := s.whole(c, by, l)
	if err != nil {
		return err
	}
	return s.event(c, http.StatusOK, by, e)
}

// whole is all of an event that somebody may know: where a protected one is, its
// organisers alone.
func (s *Server) whole(c *fiber.Ctx, by *models.Organiser, l *planner.Listed) (*models.Event, error) {
	if l.SignUp.Protected && by.MayEdit(l.Event) {
		e, err := s.Planner.Editable(c.UserContext(), by, l.ID)
		return &e, err
	}
	l, err := s.Planner.Whole(c.UserContext(), l)
	if err != nil {
		return nil, err
	}
	return l.Event, nil
}

// createEvent is POST /events.
func (s *Server) createEvent(c *fiber.Ctx) error {
	by, err := s.signedIn(c, models.ScopeWriteEvents)
	if err != nil {
		return err
	}
	var f eventForm
	if err := decode(c, &f); err != nil {
		return err
	}
	var e models.Event
	e.Slug = f.Slug
	if err := f.keeps(eventIs{Slug: f.Slug, Status: models.Draft}); err != nil {
		return err
	}
	if err := f.write(&e, s.Zone); err != nil {
		return err
	}
	e, err = s.Planner.CreateEvent(c.UserContext(), by, f.filled(e, s.Words.In(s.Language), s.Zone))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderLocation, s.Site+"/api/v1/events/"+e.ID)
	return s.event(c, http.StatusCreated, by, &e)
}

// toChange is who wants to change which event, and the state of it that she has
// seen.
func (s *Server) toChange(c *fiber.Ctx) (by *models.Organiser, id string, seen time.Time, err error) {
	if by, err = s.signedIn(c, models.ScopeWriteEvents); err != nil {
		return by, id, seen, err
	}
	l, err := s.Planner.Catalogue().Event(c.Params("event"))
	if err != nil || !by.MaySee(l.Event) || l.Sketch() {
		return by, id, seen, models.ErrNotFound
	}
	seen, err = ifMatch(c, l.Updated)
	return by, l.ID, seen, err
}

// patchEvent is PATCH /events/{id}: a JSON merge patch of what is shown.
func (s *Server) patchEvent(c *fiber.Ctx) error {
	by, id, seen, err := s.toChange(c)
	if err != nil {
		return err
	}
	body, err := bodyOf(c)
	if err != nil {
		return err
	}
	patch, err := objectLike(body, eventForm{})
	if err != nil {
		return err
	}
	e, err := s.Planner.ChangeEvent(c.UserContext(), by, id, seen, func(e *models.Event) error { return s.patched(e, patch) })
	if err != nil {
		return err
	}
	return s.event(c, http.StatusOK, by, &e)
}

// patched changes an event by a merge patch.
func (s *Server) patched(e *models.Event, patch map[string]any) error {
	was := s.formOf(e)
	was.SignUp.MaxParty = e.SignUp.MaxParty // 0, where it follows from the limit of seats
	before, err := json.Marshal(was)
	if err != nil {
		return err
	}
	tree, err := object(before)
	if err != nil {
		return err
	}
	after, err := json.Marshal(merged(tree, patch))
	if err != nil {
		return err
	}
	var f eventForm
	if err := decodeObject(after, &f); err != nil {
		return err
	}
	if err := f.keeps(was.eventIs); err != nil {
		return err
	}
	return f.write(e, s.Zone)
}

// publishEvent, postponeEvent and cancelEvent are the steps of an event's life.
// A step that was taken already changes nothing.
func (s *Server) publishEvent(c *fiber.Ctx) error {
	return s.moveEvent(c, models.Publish, &struct{}{}, func() string { return "" })
}

func (s *Server) postponeEvent(c *fiber.Ctx) error { return s.moveWhy(c, models.Postpone) }

func (s *Server) cancelEvent(c *fiber.Ctx) error { return s.moveWhy(c, models.Cancel) }

func (s *Server) moveWhy(c *fiber.Ctx, move models.Move) error {
	var why struct {
		Reason string `json:"reason"`
	}
	return s.moveEvent(c, move, &why, func() string { return strings.TrimSpace(why.Reason) })
}

func (s *Server) moveEvent(c *fiber.Ctx, move models.Move, form any, reason func() string) error {
	by, id, seen, err := s.toChange(c)
	if err != nil {
		return err
	}
	if err := decode(c, form); err != nil {
		return err
	}
	e, err := s.Planner.MoveEvent(c.UserContext(), by, id, seen, move, reason())
	if err != nil {
		return err
	}
	status := http.StatusOK
	if e.Approval.Waits() {
		status = http.StatusAccepted // a coordinator will publish it, or send it back
	}
	return s.event(c, status, by, &e)
}

// event answers with one event.
func (s *Server) event(c *fiber.Ctx, status int, by *models.Organiser, e *models.Event) error {
	c.Set(fiber.HeaderETag, etagOf(e.Updated))
	return s.json(c, status, s.shown(c, by, e))
}

// shown is an event with its seats: in words for everybody, in numbers for those
// who may know.
func (s *Server) shown(c *fiber.Ctx, by *models.Organiser, e *models.Event) eventForm {
	f := s.formOf(e)
	if parent, err := s.Planner.Catalogue().Event(e.Parent); err == nil && !by.MaySee(parent.Event) {
		f.Parent = ""
	}
	mine := by.MayEdit(e)
	if mine {
		f.Invited, f.Approval = invitedOf(e), approvalOf(e)
	}
	if e.SignUp.Protected && !mine {
		f.Capacity = nil
	}
	// What is closed by its facts alone need not be read.
	if !mine && e.Facts().Refusal(s.Now()) != "" {
		f.Seats = models.SeatsClosed
		return f
	}
	seats, counts := s.Planner.Seats(c.UserContext(), e)
	f.Seats = seats
	if mine {
		f.Going, f.Waiting = &counts.Going, &counts.Waiting
		if e.Capacity > 0 {
			left := max(0, e.Capacity-counts.Seated())
			f.Left = &left
		}
	}
	return f
}

// json answers with a document that nobody keeps: what it says of seats moves by
// itself.
func (s *Server) json(c *fiber.Ctx, status int, doc any) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Status(status).JSON(doc)
}

package handlers

import (
	"net/http"
	"slices"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
)

// calendarPage is one calendar that is followed, or may be.
type calendarPage struct {
	Desk           desk
	Here           string
	Of, Site       string
	New, Busy      bool
	Drafts         bool
	Trouble        string
	Fetched, Again string // when it last was, and when it will be; empty: never
	Count          int    // events here that follow it
	Found          models.Found
	Next           []foundRow
	Left           []foundRow
	Waiting        []goneRow
	Missing        []goneRow
	Said           string
}

// foundRow is an event of a calendar, and why it is left out.
type foundRow struct{ Title, When, Place, Why string }

// goneRow is an event that is not in its calendar any more.
type goneRow struct {
	ID, Title, When, Href, Why string
	Told                       int // how many get a mail when it is cancelled
}

// calendar is GET /organise/calendars/{id}.
func (s *Server) calendar(c *fiber.Ctx) error {
	f, err := s.Planner.Follow(c.UserContext(), by(c), c.Params("calendar"))
	if err != nil {
		return err
	}
	p := s.pageWords(c)
	body := calendarPage{
		Desk: s.desk(c, "ours"), Site: f.Site, Of: s.Planner.Catalogue().HostName(f.Association, p.Language()),
		New: f.Status == models.FollowNew, Busy: f.Busy(s.Now()), Drafts: f.Drafts, Trouble: s.trouble(p, &f),
		Count: len(s.Planner.Followed(f.ID)), Found: f.Found,
	}
	body.Here = body.Desk.Base + "/calendars/" + f.ID
	body.Said = saidOf(c, p, "calendars.done.", "approved", "fetched", "just-now", "cancelled", "kept")
	if !f.Fetched.IsZero() {
		body.Fetched = clock(p, f.Fetched, s.zone)
	}
	if !f.Due.IsZero() && !body.Busy {
		body.Again = clock(p, f.Due, s.zone)
	}
	for _, g := range f.Found.Next {
		body.Next = append(body.Next, s.foundRow(p, g))
	}
	for _, l := range f.Found.Left {
		row := s.foundRow(p, l.Glimpse)
		row.Why = troubled(p, "calendars.left.", l.Trouble)
		body.Left = append(body.Left, row)
	}
	if err := s.gone(c, p, &f, &body); err != nil {
		return err
	}
	return s.page(c, http.StatusOK, "organise-calendar", p, calendarName(&f), body)
}

func (s *Server) foundRow(p *locale.Printer, g models.Glimpse) foundRow {
	row := foundRow{Title: g.Title, Place: g.Place}
	if row.Title == "" {
		row.Title = p.T("calendars.untitled")
	}
	if !g.Starts.IsZero() {
		e := models.Event{Starts: g.Starts, Ends: g.Ends, DateOnly: g.DateOnly, TimeZone: g.TimeZone}
		if e.TimeZone == "" {
			e.TimeZone = s.Zone
		}
		row.When = when(p, &e, s.Now())
	}
	return row
}

// gone are the events that are not in their calendar any more: those that wait for
// a word, and those that may come back.
func (s *Server) gone(c *fiber.Ctx, p *locale.Printer, f *models.Follow, body *calendarPage) error {
	for _, g := range f.Gone {
		l, err := s.Planner.Catalogue().Event(g.Event)
		if err != nil || g.Word == models.WordKeep {
			continue
		}
		text, _ := l.In(p.Language(), s.Language)
		row := goneRow{
			ID: g.Event, Title: text.Title, When: when(p, l.Event, s.Now()), Href: body.Desk.Base + "/events/" + g.Event,
			Why: p.T("calendars.gone." + string(g.Why)),
		}
		if g.Word == "" {
			body.Missing = append(body.Missing, row)
			continue
		}
		if row.Told, err = s.Planner.ToBeTold(c.UserContext(), g.Event); err != nil {
			return err
		}
		body.Waiting = append(body.Waiting, row)
	}
	return nil
}

// approveCalendar is POST /organise/calendars/{id}/approve.
func (s *Server) approveCalendar(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	err = s.Planner.ApproveFollow(c.UserContext(), by(c), c.Params("calendar"), in.get("as") == "drafts")
	return s.toCalendar(c, "approved", err)
}

// fetchCalendar is POST /organise/calendars/{id}/fetch.
func (s *Server) fetchCalendar(c *fiber.Ctx) error {
	err := s.Planner.FetchFollow(c.UserContext(), by(c), c.Params("calendar"))
	if codeOf(err) == models.CodeTooMany {
		return s.toCalendar(c, "just-now", nil)
	}
	return s.toCalendar(c, "fetched", err)
}

// sayOfGone is POST /organise/calendars/{id}/gone: cancel and keep are ids of
// events, or "all".
func (s *Server) sayOfGone(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	ctx, id := c.UserContext(), c.Params("calendar")
	done, keep, events := "cancelled", false, in.list("cancel")
	if len(events) == 0 {
		done, keep, events = "kept", true, in.list("keep")
	}
	if slices.Contains(events, "all") {
		f, err := s.Planner.Follow(ctx, by(c), id)
		if err != nil {
			return err
		}
		for _, g := range f.Waiting() {
			events = append(events, g.Event)
		}
	}
	return s.toCalendar(c, done, s.Planner.SayOfGone(ctx, by(c), id, events, keep))
}

// stopCalendar is POST /organise/calendars/{id}/stop.
func (s *Server) stopCalendar(c *fiber.Ctx) error {
	if err := s.Planner.StopFollowing(c.UserContext(), by(c), c.Params("calendar")); err != nil {
		return err
	}
	return c.Redirect(s.here(c, "/organise/calendars?done=stopped"), http.StatusSeeOther)
}

// toCalendar leads back to a calendar after something was done.
func (s *Server) toCalendar(c *fiber.Ctx, done string, err error) error {
	if err != nil {
		return err
	}
	return c.Redirect(s.here(c, "/organise/calendars/"+c.Params("calendar")+"?done="+done), http.StatusSeeOther)
}

// followed is what an event's form says of the calendar that it follows.
type followed struct {
	Name, Href string
	Own        []foundRow // what was changed here: Title is the field, Why what the calendar says
}

// followed is nil for an event that follows no calendar that somebody may see.
func (s *Server) followed(c *fiber.Ctx, p *locale.Printer, e *models.Event) (*followed, error) {
	if e.Follow == "" {
		return nil, nil
	}
	f, err := s.Planner.Follow(c.UserContext(), by(c), e.Follow)
	if codeOf(err) == models.CodeNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := &followed{Name: calendarName(&f), Href: s.here(c, "/organise/calendars/"+f.ID)}
	for _, name := range e.Own() {
		row := foundRow{Title: p.T("calendars.field." + name)}
		there := models.Event{Starts: e.Taken.Starts, Ends: e.Taken.Ends, DateOnly: e.Taken.DateOnly, TimeZone: e.Taken.TimeZone}
		switch name {
		case "title":
			row.Why = e.Taken.Title
		case "starts":
			row.Why = when(p, &there, s.Now())
		case "place":
			row.Why = e.Taken.Place.Line()
		case "online_url":
			row.Why = e.Taken.OnlineURL
		}
		out.Own = append(out.Own, row)
	}
	return out, nil
}

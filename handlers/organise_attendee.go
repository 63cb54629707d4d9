package handlers

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// attendeePage is one person of a list, and what an organiser can do with her
// sign-up.
type attendeePage struct {
	Desk       desk
	Here       string // the address to which its forms go
	List       string // back to where she stands
	Details    string // what she wrote, and how she is reached
	Name, When string
	State      string
	Number     int
	Since      string
	Party      int
	Coming     bool // she counts on the event
	ByName     bool // nobody can mail her
	NoMail     bool
	Can        map[string]bool // by the name of the action, since templates look up by strings
	// How many, and a line to her, as fields.
	Count, Parting input
	Wrong          []complaint
	// Full says that there are no seats for it, and Do and Typed are what was asked
	// and can be asked anyway; empty: nothing was refused.
	Full, Do, Typed, Undoing string
}

// showAttendee is GET /organise/events/{id}/attendance/{rsvp}.
func (s *Server) showAttendee(c *fiber.Ctx) error {
	return s.attendeePage(c, http.StatusOK, form{}, nil)
}

func (s *Server) attendeePage(c *fiber.Ctx, status int, in form, wrong error) error {
	p := s.pageWords(c)
	e, l, err := s.Planner.Attendee(c.UserContext(), by(c), c.Params("event"), c.Params("rsvp"), "person")
	if err != nil {
		return err
	}
	asked := listAsked(c).query()
	body := attendeePage{
		Desk: s.eventDesk(c, p, &e, "attendance"), Name: l.Person.Name, When: when(p, &e, s.Now()), Number: l.Line,
		State: p.T("attendance.status." + l.Entry.State.String()), Since: clock(p, l.Entry.Since, e.Location()),
		Party: l.Entry.Party, Coming: l.Entry.State.Coming(), ByName: l.Entry.Who == (models.Who{}), NoMail: l.Returned,
		Can: map[string]bool{},
	}
	if body.Name == "" {
		body.Name = p.T("list.erased")
	}
	at := body.Desk.Base + "/events/" + e.ID + "/attendance"
	body.Here, body.List = at+"/"+l.RSVP+asked, at+asked+"#r-"+l.RSVP
	body.Details = at + "/details" + form{"q": {l.Person.Name}, "stand": {l.Entry.State.String()}}.query()
	for _, action := range handable(&e, &l, s.Now().Before(e.Ends)) {
		body.Can[string(action)] = true
	}
	if !in.has("party") {
		in.set("party", strconv.Itoa(l.Entry.Party))
	}
	h := &sheet{Printer: p, in: in, wrong: wrongInputs(p, wrong)}
	h.section("add")
	count := h.add("number", "party")
	count.Max, count.Label = models.MaxParty, p.T("list.do.party")
	h.add("short", "parting").Max = models.MaxParting
	body.Count, body.Parting = h.sections[0].Inputs[0], h.sections[0].Inputs[1]
	if body.ByName {
		body.Parting.Hint = p.T("list.why.cancel-by-name")
	}
	if ours, ok := errors.AsType[*models.Error](wrong); ok && ours.Code == models.CodeNoSeats {
		body.Full, body.Do, body.Typed, body.Undoing = p.T("list.full", gaps(ours.With)...), in.get("do"), in.get("party"), in.get("undo")
	} else {
		body.Wrong = h.faults(wrong)
	}
	return s.page(c, status, "organise-attendee", p, body.Name, body)
}

// handable are the actions that fit where somebody stands.
func handable(e *models.Event, l *models.Attendee, open bool) []models.HandAction {
	state, addressed := l.Entry.State, l.Entry.Who != (models.Who{})
	switch {
	case !open || e.Status == models.Cancelled:
		return nil
	case state == models.Left && l.Person.Name != "":
		return []models.HandAction{models.HandReturn}
	case state == models.Left:
		return nil
	}
	can := []models.HandAction{models.HandParty, models.HandCancel}
	if state != models.Going {
		can = append(can, models.HandSeat)
	}
	if state == models.Going && addressed {
		can = append(can, models.HandHold)
	}
	if state.Seated() && e.Capacity > 0 {
		can = append(can, models.HandWait)
	}
	return can
}

// handAttendee is POST /organise/events/{id}/attendance/{rsvp}.
func (s *Server) handAttendee(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	var f models.Faults
	event, rsvp := c.Params("event"), c.Params("rsvp")
	hand := models.Hand{Action: models.HandAction(in.get("do")), Party: in.number(&f, "party"), Anyway: in.has("anyway"), Undo: in.has("undo")}
	was := models.Entry{}
	if err = f.Err(); err == nil {
		was, err = s.Planner.Hand(c.UserContext(), by(c), event, rsvp, hand, in.get("parting"))
	}
	switch code := codeOf(err); {
	case err == nil:
	case code == models.CodeNotFound, code == models.CodeNotAllowed, statusOf(code) >= http.StatusInternalServerError:
		return err
	default:
		return s.attendeePage(c, statusOf(code), in, err)
	}
	done := []string{"did", string(hand.Action), "who", rsvp}
	if !hand.Undo {
		done = append(done, "was", string(was.State), "party", strconv.Itoa(was.Party))
	}
	return s.toList(c, event, "", done...)
}

// done says where somebody stands with whom something was done just now, and
// offers to undo it.
func (b *attendancePage) done(c *fiber.Ctx, p *locale.Printer, a *planner.List) {
	l, ok := a.Of(c.Query("who"))
	did := models.HandAction(c.Query("did"))
	if !ok || !slices.Contains(models.HandActions(), did) {
		return
	}
	key := "list.now." + l.Entry.State.String()
	b.Said = p.T(key, "Name", l.Person.Name, "Line", l.Line, "People", p.T("organise.party", "Count", l.Entry.Party))
	if l.Entry.Who == (models.Who{}) {
		b.Said += " " + p.T("list.now.unmailed")
	}
	if was := c.Query("was"); was != "" {
		if back := reverse(did, models.State(was[0]), l.Entry.State); back != "" {
			b.Undo = &undo{l.RSVP, string(back), clip(c.Query("party"))}
		}
	}
}

// reverse is what undoes an action by which somebody came from one state to the
// other; empty: nothing does.
func reverse(did models.HandAction, was, is models.State) models.HandAction {
	switch {
	case did == models.HandParty:
		return models.HandParty
	case was == is, did == models.HandHold && is != models.Held:
		return ""
	case is == models.Left:
		return models.HandReturn
	case was == models.Left:
		return models.HandCancel
	case was == models.Held:
		return models.HandHold
	case was == models.Going || was == models.Offered && is == models.Waiting:
		return models.HandSeat
	case was == models.Waiting || was == models.Offered:
		return models.HandWait
	}
	return ""
}

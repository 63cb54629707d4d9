package handlers

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"samling/locale"
	"samling/models"
)

// doorPage is the attendance list of an event, as somebody at the door uses it.
type doorPage struct {
	Desk            desk
	Here, Event     string
	Title, When     string
	Counts          models.Counts
	Ticked, WalkIns int
	Needs           int  // sign-ups that need what nobody has seen to
	Answers         bool // the lists have answers, which an export can take along
	Lists           []doorList
	Cancelled       bool // shown are those who are not coming
	Said            string
	Wrong           []complaint
	WalkIn          string // a new id, so that a form that is sent twice counts once
	Add             []input
	Hidden          int // names that she may not read
	CSV, XLSX, All  string
	Log             string // who has looked at it; empty: not for her to know
	Open            bool   // one can still add somebody
	Choosing        bool   // one chooses several, instead of ticking off one
	Choose          string
	Paused, Confirm bool // as the event stands
}

// doorList are those who stand alike.
type doorList struct {
	Head  string
	Lines []doorLine
}

// doorLine is one sign-up.
type doorLine struct {
	RSVP, Name, Note, State, Since string
	Answers                        []answered
	Phone                          contact
	Said                           int64 // when she said what she needs, in milliseconds
	Needs, Open, Seen              bool
	Party, Here                    int
	Number                         int // place in the waiting line; 0: none
	Tick                           bool
	NoMail                         bool // what is mailed to her does not arrive
}

// door is GET /organise/events/{id}/attendance.
func (s *Server) door(c *fiber.Ctx) error {
	p := s.pageWords(c)
	said := ""
	switch done := c.Query("done"); done {
	case "added", "walk-in", guardPause, guardResume, guardConfirm, guardRemove, guardBar:
		said = p.T("organise.done." + done)
	}
	return s.doorPage(c, http.StatusOK, said, form{"party": {"1"}}, nil)
}

// doorPage shows the list. Each time is a look at it, and is kept as one.
func (s *Server) doorPage(c *fiber.Ctx, status int, said string, in form, wrong error) error {
	p := s.pageWords(c)
	cancelled := c.Query("status") == "cancelled"
	a, err := s.Planner.Attendance(c.UserContext(), by(c), c.Params("event"), "page", cancelled)
	if err != nil {
		return err
	}
	body := doorPage{
		Desk: s.eventDesk(c, p, &a.Event, "attendance"), Title: a.Event.Title, When: when(p, &a.Event, s.Now()), Counts: a.Counts, Ticked: a.Here, WalkIns: a.WalkIns,
		Cancelled: cancelled, Said: said, WalkIn: uuid.NewString(), Open: a.Event.Ends.After(s.Now()) && a.Event.Status == models.Published,
	}
	body.Event = body.Desk.Base + "/events/" + a.Event.ID
	body.Here = body.Event + "/attendance"
	body.CSV, body.XLSX, body.All, body.Choose = body.Here+".csv", body.Here+".xlsx", body.Here, body.Here+"?choose=1"
	body.Choosing = c.Query("choose") != "" || strings.HasSuffix(c.Path(), "/guard")
	body.Paused, body.Confirm = a.Event.SignUp.Paused, a.Event.SignUp.Confirm
	if !cancelled {
		body.All = body.Here + "?status=cancelled"
	}
	if body.Desk.Oversees {
		body.Log = body.Desk.Base + "/log?event=" + a.Event.Slug
	}
	body.Lists, body.Needs, body.Answers = doorLists(p, &a), a.Needs(), len(a.Asked) > 0
	for _, l := range a.Attendees {
		if l.Person.Name == "" {
			body.Hidden++
		}
	}
	h := &sheet{Printer: p, in: in, wrong: wrongInputs(p, wrong)}
	h.section("add")
	h.text("name", models.MaxName).needed()
	h.add("number", "party").Max = models.MaxParty
	h.add("email", "email").Max = models.MaxEmail
	for _, q := range a.Event.SignUp.Ask {
		h.add("text", "answers."+string(q)).Max = models.MaxAnswer
	}
	h.text("note", models.MaxNote)
	body.Add, body.Wrong = h.sections[0].Inputs, h.faults(wrong)
	return s.page(c, status, "organise-attendance", p, p.T("organise.attendance"), body)
}

// doorLists are the lines by where they stand: who has a place by name, since
// that is how one looks for them at the door, who waits in their order.
func doorLists(p *locale.Printer, a *models.Attendance) []doorList {
	zone := a.Event.Location()
	lists := []doorList{
		{Head: p.T("organise.list.going")}, {Head: p.T("organise.list.held")},
		{Head: p.T("organise.list.waiting")}, {Head: p.T("organise.list.cancelled")},
	}
	for _, l := range a.Attendees {
		line := doorLine{
			RSVP: l.RSVP, Name: l.Person.Name, Note: l.Person.Note, Since: clock(p, l.Entry.Since, zone),
			Party: l.Entry.Party, Here: l.Here, NoMail: l.Returned, Tick: l.Entry.State != models.Left || l.Here > 0,
			State:   p.T("attendance.status." + l.Entry.State.String()),
			Answers: answers(p, needs(l.Person.Answers)), Phone: contactOf(models.Contact{Phone: l.Person.Answers.Phone}),
			Said: l.Said.UnixMilli(), Needs: l.Person.Needs(), Open: l.Open(), Seen: l.Seen,
		}
		list := &lists[doorListOf(l.Entry.State)]
		if l.Entry.State == models.Waiting {
			line.Number = len(list.Lines) + 1
		}
		list.Lines = append(list.Lines, line)
	}
	letters := collate.New(language.Make(p.Language()))
	for _, list := range []doorList{lists[0], lists[1], lists[3]} {
		slices.SortStableFunc(list.Lines, func(a, b doorLine) int { return letters.CompareString(a.Name, b.Name) })
	}
	return slices.DeleteFunc(lists, func(l doorList) bool { return len(l.Lines) == 0 })
}

func doorListOf(state models.State) int {
	switch state {
	case models.Going:
		return 0
	case models.Held, models.Offered:
		return 1
	case models.Waiting:
		return 2
	}
	return 3
}

// tickOff is POST /organise/events/{id}/checkins: a party that has come, or people
// who came without a sign-up.
func (s *Server) tickOff(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	event, to := c.Params("event"), s.here(c, "/organise/events/"+c.Params("event")+"/attendance")
	var f models.Faults
	if in.has("walk_in") || in.has("id") {
		count := in.number(&f, "walk_in")
		if err = f.Err(); err == nil {
			err = s.Planner.WalkIn(c.UserContext(), by(c), event, in.get("id"), count)
		}
		to += "?done=walk-in"
	} else {
		present := in.number(&f, "present")
		if err = f.Err(); err == nil {
			err = s.Planner.CheckIn(c.UserContext(), by(c), event, in.get("rsvp"), present)
		}
		to += "#r-" + in.get("rsvp")
	}
	if codeOf(err) == models.CodeInvalid {
		return s.doorPage(c, statusOf(models.CodeInvalid), "", form{"party": {"1"}}, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(to, http.StatusSeeOther)
}

// seeTo is POST /organise/events/{id}/needs: what somebody needs is seen to, or is
// not after all.
func (s *Server) seeTo(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	// A moment that is none is one at which nobody said anything.
	said, _ := strconv.ParseInt(in.get("said"), 10, 64)
	err = s.Planner.SeeTo(c.UserContext(), by(c), c.Params("event"), in.get("rsvp"), time.UnixMilli(said), in.get("seen") == "yes")
	if codeOf(err) == models.CodeChangedMeanwhile {
		return s.doorPage(c, statusOf(models.CodeChangedMeanwhile), "", form{"party": {"1"}}, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(s.here(c, "/organise/events/"+c.Params("event")+"/attendance#r-"+in.get("rsvp")), http.StatusSeeOther)
}

// addByHand is POST /organise/events/{id}/rsvps: somebody who called, and is put
// on the list by name, with an address if she has one.
func (s *Server) addByHand(c *fiber.Ctx) error {
	// Asked first, so that nobody learns by this form of an event that she may
	// not see, or signs a stranger up as a resident would.
	e, err := s.Planner.Editable(c.UserContext(), by(c), c.Params("event"))
	if err != nil {
		return err
	}
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	var f models.Faults
	ask := models.SignUp{
		Name: in.get("name"), Email: in.get("email"), Note: in.get("note"), Party: in.number(&f, "party"), Answers: answersOf(c, e.SignUp.Ask),
	}
	if err = f.Err(); err == nil {
		_, err = s.Planner.SignUp(c.UserContext(), e.ID, ask, by(c))
	}
	switch code := codeOf(err); {
	case err == nil:
		return c.Redirect(s.here(c, "/organise/events/"+e.ID+"/attendance?done=added"), http.StatusSeeOther)
	case statusOf(code) == http.StatusConflict, code == models.CodeInvalid:
		return s.doorPage(c, statusOf(code), "", in, err)
	}
	return err
}

// doorCSV and doorXLSX are GET /organise/events/{id}/attendance.csv and .xlsx.
func (s *Server) doorCSV(c *fiber.Ctx) error {
	return s.doorFile(c, "csv", "text/csv; charset=utf-8")
}

func (s *Server) doorXLSX(c *fiber.Ctx) error {
	return s.doorFile(c, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
}

func (s *Server) doorFile(c *fiber.Ctx, format, media string) error {
	along := c.Query("answers") == "yes"
	a, err := s.Planner.Attendance(c.UserContext(), by(c), c.Params("event"), how(format, along), c.Query("status") == "cancelled")
	if err != nil {
		return err
	}
	if !along {
		a.Asked = nil
	}
	var b bytes.Buffer
	if err := WriteAttendance(&b, format, a, s.pageWords(c)); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, media)
	c.Set(fiber.HeaderContentDisposition, "attachment; filename="+strconv.Quote(a.Event.Slug+"."+format))
	return c.Send(b.Bytes())
}

package handlers

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// linesShown is how many sign-ups stand on one page of a list: a page of them
// stays under what a telephone loads in a yard.
const linesShown = 60

// attendancePage is the attendance list of an event, as an organiser works with it.
type attendancePage struct {
	Desk              desk
	Here, Event       string // addresses: of the list, of its event
	Details           string // the address of the list with or without what people wrote
	Detailed          bool
	Asked             string // what was asked for, as it stands behind the addresses of forms
	Title, When       string
	Counts            models.Counts
	Ticked, WalkIns   int
	Needs, Unsure     int // sign-ups that need what nobody has seen to; people not confirmed yet
	Words             string
	Stands, Orders    []choice
	OnlyNeeds, NoMail bool
	Narrowed          bool // by more than words, or in another order
	Filtered          bool
	Found             string // how many were found, in words
	Lists             []lineGroup
	Newer, Older      string
	Said              string
	Undo              *undo
	Wrong             []complaint
	New               string // a new id, so that a form that is sent twice counts once
	Add               []input
	Hidden, People    int // sign-ups that she may not read, and their people
	Take              takeAlong
	Log               string // who has looked at it; empty: not for her to know
	Open              bool   // one can still add somebody
	Choosing          bool   // one chooses several, instead of ticking off one
	Choose            string
	Paused            bool // as the event stands
}

// lineGroup are those who stand alike; without a head the order is another.
type lineGroup struct {
	Head  string
	Lines []listLine
}

// listLine is one sign-up.
type listLine struct {
	RSVP, Name, State, Since string
	Note, Email              string // in detail alone, as are the answers
	Answers                  []answered
	Phone                    contact
	Said                     int64 // when she said what she needs, in milliseconds
	Needs, Open, Seen        bool
	Party, Here              int
	Number                   int // place in the waiting line; 0: none
	Tick                     bool
	NoMail                   bool // what is mailed to her does not arrive
}

// undo is a form that takes back what was just done.
type undo struct{ RSVP, Do, Party string }

// listAsked is what somebody asks of a list, as it stands in its address: behind
// those of the forms on it, too, so that they lead back to the same lines.
func listAsked(c *fiber.Ctx) form {
	asked := form{}
	for _, name := range []string{"q", "stand", "order", "needs", "no-mail", "page", "choose"} {
		if value := clip(c.Query(name)); value != "" {
			asked.set(name, value)
		}
	}
	return asked
}

// query is what was asked, as the end of an address.
func (f form) query() string {
	if len(f) == 0 {
		return ""
	}
	return "?" + f.encode()
}

// with is what was asked with one thing else.
func (f form) with(name, value string) form {
	out := form{}
	for n, v := range f {
		out[n] = v
	}
	if out.set(name, value); value == "" {
		delete(out, name)
	}
	return out
}

// toList leads back to the list that a form stood on.
func (s *Server) toList(c *fiber.Ctx, event, rsvp string, more ...string) error {
	asked, to := listAsked(c), s.here(c, "/organise/events/"+event+"/attendance")
	if c.Query("details") != "" {
		to += "/details"
	}
	for i := 0; i+1 < len(more); i += 2 {
		asked.set(more[i], more[i+1])
	}
	if to += asked.query(); rsvp != "" {
		to += "#r-" + rsvp
	}
	return c.Redirect(to, http.StatusSeeOther)
}

// attendanceList is GET /organise/events/{id}/attendance, and in detail
// GET .../attendance/details.
func (s *Server) attendanceList(c *fiber.Ctx) error {
	said := saidOf(c, s.pageWords(c), "list.done.", "added-going", "added-waiting", "added-known", "walk-in", guardPause, guardResume, guardConfirm, guardRemove, guardBar)
	return s.listPage(c, http.StatusOK, said, form{"party": {"1"}}, nil)
}

// listPage shows the list. Each time is a look at it, and is kept as one.
func (s *Server) listPage(c *fiber.Ctx, status int, said string, in form, wrong error) error {
	p, asked := s.pageWords(c), listAsked(c)
	detailed := strings.HasSuffix(c.Path(), "/details") || c.Method() == fiber.MethodPost && c.Query("details") != ""
	how := "page"
	if detailed {
		how = "page+details"
	}
	page, _ := strconv.Atoi(asked.get("page"))
	page = max(page, 1)
	a, err := s.Planner.List(c.UserContext(), by(c), c.Params("event"), how, planner.ListFilter{
		Words: asked.get("q"), Stand: planner.Stand(asked.get("stand")), Order: planner.Order(asked.get("order")),
		Needs: asked.has("needs"), Returned: asked.has("no-mail"), Language: p.Language(), From: (page - 1) * linesShown, Most: linesShown,
	})
	if err != nil {
		return err
	}
	e := &a.Event
	body := attendancePage{
		Desk: s.eventDesk(c, p, e, "attendance"), Title: e.Title, When: when(p, e, s.Now()), Detailed: detailed,
		Counts: a.Counts, Ticked: a.Here, WalkIns: a.WalkIns, Needs: a.Open, Unsure: a.Counts.Held + a.Counts.Offered, Hidden: a.Hidden, People: a.HiddenPeople,
		Words: asked.get("q"), OnlyNeeds: asked.has("needs"), NoMail: asked.has("no-mail"),
		Said: said, New: uuid.NewString(), Open: e.Ends.After(s.Now()) && e.Status == models.Published, Paused: e.SignUp.Paused,
	}
	for _, stand := range planner.Stands() {
		body.Stands = append(body.Stands, choice{string(stand), p.T("list.stand." + cmp.Or(string(stand), "coming")), string(stand) == asked.get("stand")})
	}
	for _, order := range planner.Orders() {
		body.Orders = append(body.Orders, choice{string(order), p.T("list.order." + cmp.Or(string(order), "state")), string(order) == asked.get("order")})
	}
	s.listAddresses(&body, e, asked, a.Found, page)
	body.Narrowed = asked.has("stand") || asked.has("order") || body.OnlyNeeds || body.NoMail
	body.Filtered = body.Narrowed || body.Words != ""
	body.Found = p.T("list.found", "Count", a.Found, "People", p.T("organise.party", "Count", a.FoundPeople))
	body.Lists = lineGroups(p, &a, asked.get("order") == "", detailed)
	body.Take = takes(p, body.Event+"/attendance", len(a.Asked) > 0, asked.get("stand") == string(planner.StandLeft))
	body.done(c, p, &a)
	h := &sheet{Printer: p, in: in, wrong: wrongInputs(p, wrong)}
	h.section("add")
	h.text("name", models.MaxName).needed()
	h.add("number", "party").Max = models.MaxParty
	h.add("email", "email").Max = models.MaxEmail
	for _, q := range e.SignUp.Ask {
		h.add("text", "answers."+string(q)).Max = models.MaxAnswer
	}
	h.text("note", models.MaxNote)
	body.Add, body.Wrong = h.sections[0].Inputs, h.faults(wrong)
	return s.page(c, status, "organise-attendance", p, p.T("organise.attendance"), body)
}

// listAddresses are those to which the list leads.
func (s *Server) listAddresses(body *attendancePage, e *models.Event, asked form, found, page int) {
	body.Event = body.Desk.Base + "/events/" + e.ID
	plain := body.Event + "/attendance"
	body.Here, body.Details = plain, plain+"/details"+asked.query()
	if body.Asked = asked.query(); body.Detailed {
		body.Here, body.Details = plain+"/details", plain+asked.query()
		body.Asked = asked.with("details", "1").query()
	}
	body.Choosing = asked.has("choose")
	body.Choose = body.Here + asked.with("choose", map[bool]string{false: "1"}[body.Choosing]).query()
	if page > 2 {
		body.Newer = body.Here + asked.with("page", strconv.Itoa(page-1)).query()
	} else if page == 2 {
		body.Newer = body.Here + asked.with("page", "").query()
	}
	if page*linesShown < found {
		body.Older = body.Here + asked.with("page", strconv.Itoa(page+1)).query()
	}
	if body.Desk.Oversees {
		body.Log = body.Desk.Base + "/log?event=" + e.Slug
	}
}

// lineGroups are the lines of a list as they are shown: in detail with what people
// wrote. grouped puts those who stand alike under a head.
func lineGroups(p *locale.Printer, a *planner.List, grouped, detailed bool) []lineGroup {
	zone := a.Event.Location()
	var groups []lineGroup
	for i := range a.Attendees {
		l := &a.Attendees[i]
		head := ""
		if grouped {
			head = p.T("organise.list." + groupOf(l.Entry.State))
		}
		if len(groups) == 0 || groups[len(groups)-1].Head != head {
			groups = append(groups, lineGroup{Head: head})
		}
		line := listLine{
			RSVP: l.RSVP, Name: l.Person.Name, Since: clock(p, l.Entry.Since, zone), State: p.T("attendance.status." + l.Entry.State.String()),
			Party: l.Entry.Party, Here: l.Here, NoMail: l.Returned, Tick: l.Entry.State != models.Left || l.Here > 0,
			Number: l.Line, Said: l.Said.UnixMilli(), Needs: l.Person.Needs(), Open: l.Open(), Seen: l.Seen,
		}
		if detailed {
			line.Note, line.Email, line.Answers = l.Person.Note, l.Person.Email, answers(p, needs(l.Person.Answers))
			line.Phone = contactOf(models.Contact{Phone: l.Person.Answers.Phone})
		}
		last := &groups[len(groups)-1]
		last.Lines = append(last.Lines, line)
	}
	return groups
}

// groupOf is the head under which a state stands.
func groupOf(state models.State) string {
	switch state {
	case models.Going:
		return "going"
	case models.Held, models.Offered:
		return "held"
	case models.Waiting:
		return "waiting"
	}
	return "cancelled"
}

package handlers

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
)

// calendarsPage are the calendars that are followed, and the form for another.
type calendarsPage struct {
	Desk   desk
	Here   string
	Rows   []calendarRow
	Inputs []input // none: whoever sees it speaks for no association
	Wrong  []complaint
	Said   string
}

// calendarRow is one of them.
type calendarRow struct {
	Href, Name, Of string
	New            bool
	State, Trouble string
	Waiting        int // events that wait for a word
}

// organiseCalendars is GET /organise/calendars.
func (s *Server) organiseCalendars(c *fiber.Ctx) error {
	body := calendarsPage{Said: saidOf(c, s.pageWords(c), "calendars.done.", "stopped")}
	return s.calendarsPage(c, http.StatusOK, form{}, nil, body)
}

// followCalendar is POST /organise/calendars.
func (s *Server) followCalendar(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	f, err := s.Planner.StartFollowing(c.UserContext(), by(c), in.get("association"), in.get("address"))
	if codeOf(err) == models.CodeInvalid {
		return s.calendarsPage(c, statusOf(models.CodeInvalid), in, err, calendarsPage{})
	}
	if err != nil {
		return err
	}
	return c.Redirect(s.here(c, "/organise/calendars/"+f.ID), http.StatusSeeOther)
}

func (s *Server) calendarsPage(c *fiber.Ctx, status int, in form, wrong error, body calendarsPage) error {
	p := s.pageWords(c)
	body.Desk = s.desk(c, "ours")
	body.Here = body.Desk.Base + "/calendars"
	follows, err := s.Planner.Follows(c.UserContext(), by(c))
	if err != nil {
		return err
	}
	// What somebody should do something about comes first.
	slices.SortStableFunc(follows, func(a, b models.Follow) int { return cmp.Compare(calm(&a), calm(&b)) })
	for i := range follows {
		body.Rows = append(body.Rows, s.calendarRow(p, body.Here, &follows[i]))
	}
	h := &sheet{Printer: p, in: in, wrong: wrongInputs(p, wrong)}
	h.section("calendar")
	var hosts []choice
	for _, a := range s.Planner.Catalogue().Associations {
		if by(c).WorksFor(a.ID) {
			hosts = append(hosts, choice{Value: a.ID, Label: a.Name})
		}
	}
	if len(hosts) > 0 {
		h.one("association", hosts).needed()
		h.text("address", 0).needed()
		body.Inputs = h.sections[0].Inputs
	}
	body.Wrong = h.faults(wrong)
	return s.page(c, status, "organise-calendars", p, p.T("calendars.title"), body)
}

// calm is 0 for a calendar that somebody should look at, and 1 for another.
func calm(f *models.Follow) int {
	if f.Trouble.Code != "" || len(f.Waiting()) > 0 || f.Status == models.FollowNew {
		return 0
	}
	return 1
}

func (s *Server) calendarRow(p *locale.Printer, base string, f *models.Follow) calendarRow {
	row := calendarRow{
		Href: base + "/" + f.ID, Name: calendarName(f), Of: s.Planner.Catalogue().HostName(f.Association, p.Language()),
		New: f.Status == models.FollowNew, Trouble: s.trouble(p, f), Waiting: len(f.Waiting()),
	}
	switch {
	case f.Busy(s.Now()):
		row.State = p.T("calendars.busy")
	case row.New:
		row.State = p.T("calendars.new")
	case row.Trouble == "":
		row.State = p.T("calendars.follow", "Count", len(s.Planner.Followed(f.ID)), "Time", clock(p, f.Fetched, s.zone))
	}
	return row
}

// calendarName is what a calendar calls itself, or where it is.
func calendarName(f *models.Follow) string { return cmp.Or(f.Name, f.Site) }

// trouble is what is wrong with a calendar, in words; empty: nothing.
func (s *Server) trouble(p *locale.Printer, f *models.Follow) string {
	if f.Trouble.Code == "" || f.Busy(s.Now()) {
		return ""
	}
	return troubled(p, "follow.trouble.", f.Trouble)
}

// troubled is a trouble in words, or that something cannot be read: why in
// particular helps nobody who did not write the file herself.
func troubled(p *locale.Printer, prefix string, t models.Trouble) string {
	var with []any
	for name, value := range t.With {
		with = append(with, name, value)
	}
	if p.Has(prefix + t.Code) {
		return p.T(prefix+t.Code, with...)
	}
	return p.T(prefix + "unreadable")
}

// calendarsAttention is what somebody should do about the calendars that she may
// follow.
func (s *Server) calendarsAttention(c *fiber.Ctx, p *locale.Printer, d desk) ([]attention, error) {
	follows, err := s.Planner.Follows(c.UserContext(), by(c))
	var out []attention
	for i := range follows {
		f := &follows[i]
		why := ""
		switch {
		case len(f.Waiting()) > 0:
			why = p.T("calendars.attention.waiting", "Count", len(f.Waiting()))
		case s.trouble(p, f) != "":
			why = p.T("calendars.attention.trouble")
		case f.Status == models.FollowNew:
			why = p.T("calendars.attention.new")
		default:
			continue
		}
		out = append(out, attention{why, calendarName(f), d.Base + "/calendars/" + f.ID})
	}
	return out, err
}

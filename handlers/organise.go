package handlers

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// desk is what every page of the organiser's side has around it.
type desk struct {
	Base     string // of its addresses: /organise in the page's language
	SignOut  string
	Style    string
	At       string // the entry of the menu that this is
	Who      string // address of who is signed in; empty: nobody
	Oversees bool
	Public   string   // what stands before the addresses of public pages
	Stuck    *stuck   // nil: mail goes its way
	Office   *contact // whom to ask for help; nil: nobody has said
	Event    string   // title of the event that the page is about; empty: of none
	Tabs     []tab    // the pages of that event
}

func (s *Server) desk(c *fiber.Ctx, at string) desk {
	d := desk{
		Base: s.here(c, "/organise"), SignOut: s.here(c, "/sign-out"), Public: s.here(c, ""),
		Style: s.pages.named["organise.css"], At: at,
	}
	if office := s.Planner.Settings().Office; office != (models.Contact{}) {
		d.Office = new(contactOf(office))
	}
	if o := by(c); o != nil {
		d.Who, d.Oversees = o.Email, o.MayOversee()
		d.Stuck = s.stuck(c, d.Oversees)
	}
	return d
}

// eventRow is an event in a list of the organiser's.
type eventRow struct {
	ID, Title, When, Place, Host string
	Status                       models.Status
	Members, Preliminary         bool
	SignUp                       bool
	Going, Waiting, Capacity     int
}

// rows is what the template of such a list is given.
type rows struct {
	Page page
	Base string
	Rows []eventRow
}

// attention is something that somebody should do about an event, or about mail
// when there is none.
type attention struct{ Text, Title, Href string }

// homePage is what is on an organiser's desk.
type homePage struct {
	Desk           desk
	Said           string
	Attention      []attention
	Coming, Drafts []eventRow
	More           bool // more are coming than are shown
}

// Rows are the events of a list as their template takes them.
func (b homePage) Rows(pg page, events []eventRow) rows { return rows{pg, b.Desk.Base, events} }

// The most events on the first page, and on one page of a list.
const eventsAtHome, eventsOnPage = 20, 50

// organiseHome is GET /organise.
func (s *Server) organiseHome(c *fiber.Ctx) error {
	p, now := s.pageWords(c), s.Now()
	body := homePage{Desk: s.desk(c, "home")}
	switch done := c.Query("done"); done {
	case "declined", "left":
		body.Said = p.T("together.done." + done)
	}
	for _, l := range s.Planner.Catalogue().Select(planner.Filter{For: by(c)}) {
		e, list := l.Event, listOf(l.Event, now)
		if list == "past" {
			body.Attention = append(body.Attention, s.closingAttention(p, body.Desk, by(c), e)...)
			continue
		}
		body.Attention = append(body.Attention, s.attention(p, body.Desk, e)...)
		switch {
		case list == "drafts":
			body.Drafts = append(body.Drafts, s.eventRow(c, p, e))
		case len(body.Coming) == eventsAtHome:
			body.More = true
		default:
			row := s.eventRow(c, p, e)
			if row.Waiting > 0 && e.Status == models.Published {
				body.Attention = append(body.Attention, attention{
					p.T("organise.attention.waiting", "Count", row.Waiting), row.Title, body.Desk.Base + "/events/" + e.ID + "/attendance",
				})
			}
			body.Coming = append(body.Coming, row)
		}
	}
	body.Attention = append(s.asked(p, body.Desk, by(c)), body.Attention...)
	calendars, err := s.calendarsAttention(c, p, body.Desk)
	if err != nil {
		return err
	}
	body.Attention = append(body.Attention, calendars...)
	if body.Desk.Oversees {
		if s.Privacy.Missing() && !s.Demo {
			body.Attention = append(body.Attention, attention{p.T("organise.attention.privacy"), "", s.here(c, "/privacy")})
		}
		_, counts, _, err := s.Planner.Outbox(c.UserContext(), by(c), models.MailFailed, models.Cursor{}, 1)
		if err != nil {
			return err
		}
		if n := counts[models.MailFailed]; n > 0 {
			body.Attention = append(body.Attention, attention{p.T("organise.attention.mail", "Count", n), "", body.Desk.Base + "/outbox?status=failed"})
		}
	}
	return s.page(c, http.StatusOK, "organise", p, p.T("organise.title"), body)
}

// listOf is the list that an event stands in.
func listOf(e *models.Event, now time.Time) string {
	switch {
	case e.Status == models.Draft:
		return "drafts"
	case e.Ends.After(now):
		return "coming"
	}
	return "past"
}

// soon is how close an event is when it should be settled what is left open.
const soon = 14 * 24 * time.Hour

// attention is what is left open of an event.
func (s *Server) attention(p *locale.Printer, d desk, e *models.Event) []attention {
	why := ""
	switch near := e.Starts.Sub(s.Now()) < soon; {
	case e.Status == models.Cancelled:
	case e.Status == models.Postponed:
		why = "organise.attention.postponed"
	case !near, !e.Ends.After(s.Now()):
	case e.Status == models.Draft:
		why = "organise.attention.draft"
	case e.Place.Line() == "" && e.OnlineURL == "" && !e.SignUp.Protected: // else it is not told here
		why = "organise.attention.place"
	case e.Preliminary:
		why = "organise.attention.preliminary"
	}
	if why == "" {
		return nil
	}
	text, _ := e.In(p.Language(), s.Language)
	return []attention{{p.T(why), text.Title, d.Base + "/events/" + e.ID}}
}

func (s *Server) eventRow(c *fiber.Ctx, p *locale.Printer, e *models.Event) eventRow {
	text, _ := e.In(p.Language(), s.Language)
	row := eventRow{
		ID: e.ID, Title: text.Title, When: when(p, e, s.Now()), Place: e.Place.Name, Status: e.Status,
		Host:    p.List(s.Planner.Catalogue().HostNames(e.Hosts(), p.Language())),
		Members: e.Audience == models.Members, Preliminary: e.Preliminary,
		SignUp: e.SignUp.Needed && e.Status != models.Draft, Capacity: e.Capacity,
	}
	if e.SignUp.Protected {
		row.Place = p.T("organise.protected")
	}
	if row.SignUp {
		_, counts := s.Planner.Seats(c.UserContext(), e)
		row.Going, row.Waiting = counts.Going, counts.Waiting
	}
	return row
}

// listPage is a list of events: those to come, drafts, or past ones.
type listPage struct {
	Desk         desk
	Which        string
	Tabs         []choice // Value is the address
	Hosts        []choice // for coordinators, who see all associations
	Here, Words  string
	Events       []eventRow
	Newer, Older string // addresses of the neighbouring pages
}

// Rows are the events of a list as their template takes them.
func (b listPage) Rows(pg page, events []eventRow) rows { return rows{pg, b.Desk.Base, events} }

// organiseEvents is GET /organise/events?which=coming|drafts|past&host&q&page.
func (s *Server) organiseEvents(c *fiber.Ctx) error {
	p, now := s.pageWords(c), s.Now()
	body := listPage{Desk: s.desk(c, "events"), Which: c.Query("which", "coming"), Words: clip(c.Query("q"))}
	body.Here = body.Desk.Base + "/events"
	host := c.Query("host")
	found := slices.DeleteFunc(s.Planner.Catalogue().Select(planner.Filter{For: by(c), Words: body.Words}), func(l *planner.Listed) bool {
		return listOf(l.Event, now) != body.Which || host != "" && !slices.Contains(l.Hosts(), host)
	})
	if body.Which == "past" {
		slices.Reverse(found)
	}
	address := func(which string, page int) string {
		query := form{"which": {which}}
		for name, value := range map[string]string{"host": host, "q": body.Words} {
			if value != "" {
				query[name] = []string{value}
			}
		}
		if page > 1 {
			query["page"] = []string{strconv.Itoa(page)}
		}
		return body.Here + "?" + query.encode()
	}
	page, _ := strconv.Atoi(c.Query("page"))
	page = max(page, 1)
	from := min((page-1)*eventsOnPage, len(found))
	to := min(from+eventsOnPage, len(found))
	for _, l := range found[from:to] {
		body.Events = append(body.Events, s.eventRow(c, p, l.Event))
	}
	if page > 1 {
		body.Newer = address(body.Which, page-1)
	}
	if to < len(found) {
		body.Older = address(body.Which, page+1)
	}
	for _, which := range []string{"coming", "drafts", "past"} {
		body.Tabs = append(body.Tabs, choice{Value: address(which, 1), Label: p.T("organise.list." + which), Chosen: which == body.Which})
	}
	if hosts := s.hostChoices(p, by(c), host); len(hosts) > 1 {
		body.Hosts = hosts
	}
	return s.page(c, http.StatusOK, "organise-events", p, p.T("organise.menu.events"), body)
}

// hostChoices are the associations and groups that somebody speaks for.
func (s *Server) hostChoices(p *locale.Printer, by *models.Organiser, chosen ...string) []choice {
	var out []choice
	for _, h := range s.allHosts(p, chosen...) {
		if by.WorksFor(h.Value) || h.Chosen {
			out = append(out, h)
		}
	}
	return out
}

// allHosts are all associations and groups.
func (s *Server) allHosts(p *locale.Printer, chosen ...string) []choice {
	catalogue := s.Planner.Catalogue()
	var out []choice
	for _, a := range catalogue.Associations {
		out = append(out, choice{a.ID, a.Name, slices.Contains(chosen, a.ID)})
	}
	for _, g := range catalogue.Groups {
		out = append(out, choice{g.ID, g.In(p.Language()), slices.Contains(chosen, g.ID)})
	}
	return out
}

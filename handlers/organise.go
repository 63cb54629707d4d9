package handlers

import (
	"net/http"
	"slices"
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
	Folded   []tab    // those of them that are folded away
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
	Need                         string // what it needs; empty: nothing that the list is about
	Again                        string // what a link to another one like it says; empty: there is none
}

// rows is what the template of such a list is given.
type rows struct {
	Page page
	Base string
	Rows []eventRow
	Pick bool // they can be ticked
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
	MoreDrafts     bool
}

// Rows are the events of a list as their template takes them.
func (b homePage) Rows(pg page, events []eventRow) rows {
	return rows{Page: pg, Base: b.Desk.Base, Rows: events}
}

// The most events on the first page, and on one page of a list.
const eventsAtHome, eventsOnPage = 20, 50

// organiseHome is GET /organise.
func (s *Server) organiseHome(c *fiber.Ctx) error {
	p, now := s.pageWords(c), s.Now()
	body := homePage{Desk: s.desk(c, "home")}
	body.Said = saidOf(c, p, "together.done.", "declined", "left")
	others := map[models.Need]int{} // of the whole city, of those that she does not work on herself
	for _, l := range s.Planner.Catalogue().Select(planner.Filter{For: by(c)}) {
		e, list := l.Event, listOf(l.Event, now)
		own := by(c).WorksOn(e)
		if need := e.Needs(now); need != "" && !own {
			others[need]++
		}
		if list == "past" {
			body.Attention = append(body.Attention, s.closingAttention(p, body.Desk, by(c), e)...)
			continue
		}
		if own || !e.Help.IsZero() {
			body.Attention = append(body.Attention, s.attention(p, body.Desk, e)...)
		}
		switch {
		case list == "drafts" && len(body.Drafts) == eventsAtHome:
			body.MoreDrafts = true
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
	for _, need := range models.Needs() {
		if n := others[need]; n > 0 {
			query := form{"which": {listNeeds}, "need": {string(need)}}
			body.Attention = append(body.Attention, attention{p.T("city.needs."+string(need), "Count", n), "", body.Desk.Base + "/events?" + query.encode()})
		}
	}
	if body.Desk.Oversees {
		if !s.Planner.Settings().Reachable() {
			body.Attention = append(body.Attention, attention{p.T("organise.attention.office"), "", body.Desk.Base + "/settings"})
		}
		if n := len(s.Planner.Waiting()); n > 0 {
			body.Attention = append(body.Attention, attention{p.T("together.attention.approvals", "Count", n), "", body.Desk.Base + "/approvals"})
		}
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

// attention is what is left open of an event. How it went is asked elsewhere.
func (s *Server) attention(p *locale.Printer, d desk, e *models.Event) []attention {
	need := string(e.Needs(s.Now()))
	switch {
	case !e.Help.IsZero() && d.Oversees:
		need = "help"
	case need == "", need == string(models.NeedCount):
		return nil
	}
	text, _ := e.In(p.Language(), s.Language)
	return []attention{{p.T("organise.attention." + need), titled(p, e, text.Title), d.Base + "/events/" + e.ID}}
}

func (s *Server) eventRow(c *fiber.Ctx, p *locale.Printer, e *models.Event) eventRow {
	text, _ := e.In(p.Language(), s.Language)
	row := eventRow{
		ID: e.ID, Title: titled(p, e, text.Title), When: when(p, e, s.Now()), Place: e.Place.Name, Status: e.Status,
		Host:    p.List(s.Planner.Catalogue().HostNames(e.Hosts(), p.Language())),
		Members: e.Audience == models.Members, Preliminary: e.Preliminary,
		SignUp: e.SignUp.Needed && e.Status != models.Draft, Capacity: e.Capacity,
	}
	switch {
	case e.Sketch():
	case listOf(e, s.Now()) == "past":
		row.Again = p.T("series.once-more")
	default:
		row.Again = p.T("series.copy")
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

// openHosts are those that can arrange something new, beside the one that already
// has the event.
func (s *Server) openHosts(p *locale.Printer, by *models.Organiser, of, chosen string) []choice {
	return slices.DeleteFunc(s.hostChoices(p, by, chosen), func(h choice) bool { return h.Value != of && !s.Planner.Catalogue().IsOpen(h.Value) })
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

// groupChoices are the working groups.
func (s *Server) groupChoices(p *locale.Printer, chosen ...string) []choice {
	var out []choice
	for _, g := range s.Planner.Catalogue().Groups {
		out = append(out, choice{Value: g.ID, Label: g.In(p.Language())})
	}
	return ticked(out, chosen)
}

// districtChoices are all districts.
func (s *Server) districtChoices(p *locale.Printer, chosen ...string) []choice {
	var out []choice
	for _, d := range s.Planner.Catalogue().Districts {
		out = append(out, choice{Value: d.ID, Label: d.In(p.Language())})
	}
	return ticked(out, chosen)
}

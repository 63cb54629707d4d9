package handlers

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// view is with whose eyes pages are drawn: the public's, which is the zero view,
// or those of somebody with a members' link.
type view struct {
	pass *models.Pass
	at   string // what stands before the addresses of events: /members/{secret}
}

// event is the address of an event's page, without a language.
func (v view) event(slug string) string { return v.at + "/events/" + slug }

// find is the event of a slug, if it may be seen.
func (v view) find(c *planner.Catalogue, slug string) (*planner.Listed, error) {
	l, err := c.Event(slug)
	if err != nil || !v.pass.MaySee(l.Event) || l.Slug != slug {
		return nil, models.ErrNotFound
	}
	return l, nil
}

// membersPath is what the paths of members' links begin with.
const membersPath = "/members/"

// viewKey is where a request with a members' link keeps its view.
const viewKey = "view"

// viewOf is the view of who asks.
func viewOf(c *fiber.Ctx) view {
	v, _ := c.Locals(viewKey).(view)
	return v
}

// viewed is the event that a page's address names by its slug.
func (s *Server) viewed(c *fiber.Ctx) (*planner.Listed, error) {
	return viewOf(c).find(s.Planner.Catalogue(), c.Params("event"))
}

// membersOnly lets nobody on but who has a members' link. Whatever is answered
// behind it may be kept by her browser or calendar alone, by no search engine, and
// its address is told to nobody: not even to us, since a proxy may log the Referer.
func (s *Server) membersOnly(c *fiber.Ctx) error {
	secret := c.Params("secret")
	pass, err := s.Planner.ByMembersLink(secret)
	if err != nil {
		return err
	}
	private(c)
	c.Locals(viewKey, view{pass, membersPath + secret})
	if err := c.Next(); err != nil {
		return err
	}
	if kept := c.GetRespHeader(fiber.HeaderCacheControl); kept != "no-store" {
		c.Set(fiber.HeaderCacheControl, "private, "+strings.TrimPrefix(kept, "public, "))
	}
	return nil
}

// membersFeed is GET /feeds/members/{secret}.ics, .atom and .json. One event is no calendar to
// subscribe to: it has its file.
func (s *Server) membersFeed(c *fiber.Ctx) error {
	if viewOf(c).pass.Event != "" {
		return models.ErrNotFound
	}
	return s.sendsFeed(s.feeds, everything)(c)
}

// ownPage is the path of an event's page that can be given to whoever may have
// the event.
func (s *Server) ownPage(e *models.Event) string { return view{at: s.ownLink(e)}.event(e.Slug) }

// ownLink is the path of an event's own members' link, which shows nothing else;
// empty for one that is public.
func (s *Server) ownLink(e *models.Event) string {
	if e.Audience != models.Members {
		return ""
	}
	return membersPath + s.Planner.EventSecret(e)
}

// membersPage is what a members' link shows: all that is on in the association,
// or in the whole city.
type membersPage struct {
	Name        string
	Everything  bool // of the whole city
	Days        days
	Hits        int
	More, First string
	Ways        ways // of taking its calendar home
}

// membersList is GET /members/{secret}. The link of one event leads to that.
func (s *Server) membersList(c *fiber.Ctx) error {
	p, v := s.pageWords(c), viewOf(c)
	prefix := s.prefix(p.Language())
	if v.pass.Event != "" {
		l, err := s.Planner.Catalogue().Event(v.pass.Event)
		if err != nil {
			return err
		}
		return c.Redirect(prefix+v.event(l.Slug), http.StatusSeeOther)
	}
	after, _ := parsePlace(c.Query("cursor"))
	draw := func(m moment) (page, error) { return s.drawMembers(c, p, m, v, after) }
	if after != (place{}) {
		return s.drawn(c, http.StatusOK, "members", draw)
	}
	return s.keptPage(c, "members", v.at, draw)
}

func (s *Server) drawMembers(c *fiber.Ctx, p *locale.Printer, m moment, v view, after place) (page, error) {
	a, err := m.catalogue.Association(v.pass.Association)
	if err != nil {
		return page{}, err
	}
	m.view = v
	l := listing{after: after}
	l.Pass = v.pass
	all, shown, next := l.choose(m)
	body := membersPage{Name: a.Name, Everything: v.pass.Everything, Days: s.rows(c, p, m, m.day, shown), Hits: len(all)}
	here := s.prefix(p.Language()) + v.at
	sel := selection{language: p.Language(), view: v}
	title := s.feedTitle(&sel, m.catalogue, p)
	body.Ways = s.waysTo(p, s.Site+sel.path(s.Language), title, s.Site+here)
	if next != (place{}) {
		body.More = here + "?" + url.Values{"cursor": {next.String()}}.Encode()
	}
	if after != (place{}) {
		body.First = here
	}
	pg := s.newPage(p, v.at, title, body)
	pg.Hidden, pg.Feed = true, sel.path(s.Language)
	return pg, nil
}

package handlers

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// mayDayPage is a whole first of May on one page, and on one sheet of paper.
type mayDayPage struct {
	Event       link
	House       string // the language of what is never translated, when it is another than the page's
	Lead        string
	LeadIn      string // its language, when it is another than the page's
	When        string
	Off         string
	Preliminary bool
	Hours       []hour
	Walkers     []link
	Route       *route
	Share       *sharing
}

// hour is one thing on the day: an item of the programme, or a part of its own.
type hour struct {
	at               time.Time
	Clock            string
	About            bool
	Title, Href      string
	Language         string // the title's, when it is another than the page's
	Speaker, Place   string
	Hosts            string
	Badge            string // that it is preliminary or off
	Off, Preliminary bool
}

// mayDay is GET /may-day/{year}.
func (s *Server) mayDay(c *fiber.Ctx) error {
	year, err := strconv.Atoi(c.Params("year"))
	if err != nil || c.Params("year") != strconv.Itoa(year) {
		return models.ErrNotFound
	}
	if _, err := s.mayDayOf(s.Planner.Catalogue(), year); err != nil {
		return err
	}
	p := s.pageWords(c)
	path := "/may-day/" + strconv.Itoa(year)
	return s.keptPage(c, "may-day", path, func(m moment) (page, error) {
		l, err := s.mayDayOf(m.catalogue, year)
		if err != nil {
			return page{}, err
		}
		return s.drawMayDay(p, m, l.Event, path), nil
	})
}

// mayDayOf is the first of May of a year that the whole city sees: the central
// office's own or, where that has none, the one with most parts.
func (s *Server) mayDayOf(c *planner.Catalogue, year int) (*planner.Listed, error) {
	var days []*planner.Listed
	from := time.Date(year, time.January, 1, 0, 0, 0, 0, s.zone)
	for _, l := range c.Select(planner.Filter{Kinds: []models.Kind{models.MayDay}, From: from, To: from.AddDate(1, 0, 0)}) {
		if l.Parent == "" {
			days = append(days, l)
		}
	}
	if len(days) == 0 {
		return nil, models.ErrNotFound
	}
	rank := func(l *planner.Listed) int {
		if a, err := c.Association(l.Host); err == nil && a.Central {
			return 1 << 20
		}
		return len(c.Parts(l.Slug))
	}
	return slices.MaxFunc(days, func(a, b *planner.Listed) int { return cmp.Compare(rank(a), rank(b)) }), nil
}

func (s *Server) drawMayDay(p *locale.Printer, m moment, e *models.Event, path string) page {
	text, language := e.In(p.Language(), s.Language)
	prefix := s.prefix(p.Language())
	body := mayDayPage{
		Event: link{text.Title, prefix + "/events/" + e.Slug}, House: foreign(p, s.Language), Lead: text.Summary, LeadIn: foreign(p, language),
		When: capital(when(p, e, m.now)), Hours: s.hours(p, m, e), Route: routeOf(e.March.Route), Share: s.sharing(p, e),
	}
	body.Preliminary = slices.ContainsFunc(body.Hours, func(h hour) bool { return h.Preliminary })
	if e.Status != models.Published {
		body.Off = p.T("event.off." + string(e.Status))
	}
	for _, walker := range e.March.Order {
		body.Walkers = append(body.Walkers, s.walker(p, m.catalogue, walker))
	}
	pg := s.newPage(p, path, p.T("may-day.title", "Year", path[strings.LastIndexByte(path, '/')+1:]), body)
	pg.Summary, pg.Canonical = text.Summary, s.Site+prefix+path
	return pg
}

// walker is who walks in a march, with a way to whoever is one of ours.
func (s *Server) walker(p *locale.Printer, c *planner.Catalogue, name string) link {
	for _, a := range c.Associations {
		if a.ID == name || strings.EqualFold(a.Name, name) {
			return link{a.Name, s.prefix(p.Language()) + "/associations/" + a.ID}
		}
	}
	if c.IsHost(name) {
		return s.hostLinks(p, c, []string{name})[0]
	}
	return link{Name: name}
}

// hours are the day from morning to evening: the programme and the parts together,
// since nobody who comes asks which is which.
func (s *Server) hours(p *locale.Printer, m moment, e *models.Event) []hour {
	var out []hour
	for _, i := range e.Programme {
		h := hour{at: i.Time, About: i.Approximate, Title: i.Title, Language: foreign(p, s.Language), Speaker: i.Speaker, Place: i.Place, Preliminary: e.Preliminary}
		if !i.Time.IsZero() {
			h.Clock = p.Time(i.Time.In(e.Location()))
		}
		out = append(out, h)
	}
	for _, l := range m.catalogue.Parts(e.Slug) {
		if !l.Visible() {
			continue
		}
		text, language := l.In(p.Language(), s.Language)
		h := hour{
			at: l.Starts, Title: text.Title, Href: s.prefix(p.Language()) + "/events/" + l.Slug, Language: foreign(p, language), Place: l.Place.Line(),
			Hosts: p.List(m.catalogue.HostNames(l.Hosts(), p.Language())), Preliminary: l.Preliminary, Off: l.Status != models.Published,
		}
		if !l.DateOnly {
			h.Clock = p.Time(l.Starts.In(l.Location())) + "–" + p.Time(l.Ends.In(l.Location()))
		}
		if h.Off {
			h.Badge = p.T("status." + string(l.Status))
		} else if moved := mark(p, m, l.Event); moved != "" {
			h.Badge = moved
		}
		out = append(out, h)
	}
	slices.SortStableFunc(out, func(a, b hour) int { return a.at.Compare(b.at) })
	for i := range out {
		if out[i].Preliminary && out[i].Badge == "" {
			out[i].Badge = p.T("whats-on.preliminary")
		}
	}
	return out
}

package handlers

import (
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"samling/ics"
	"samling/locale"
	"samling/models"
	"samling/planner"
)

// subscribing is the page on which somebody puts a calendar together and takes it
// home.
type subscribing struct {
	Active    []active
	Picks     []pick
	Languages []choice
	// Several: answers to more than one question are picked, which must all fit.
	Several bool
	Hits    int
	Days    days // of the next few
	Ways    ways
	// Atom and JSON are the same feed for those who read feeds.
	Atom, JSON string
	// Here is the address of the page, for posters and other devices; Code is a
	// picture of it, empty when it is too long for one.
	Here, Code string
	// Back and Ahead are the months that a calendar shows, Most its events, Marked
	// the days that a move stands out, Off those that what is cancelled stays.
	Back, Ahead, Most, Marked, Off int
}

// previewed is how many of the coming events the page shows.
const previewed = 5

// subscribePage is GET /subscribe. It is the same for every device: only a guess
// could tell them apart (an iPad says that it is a Mac), and whoever sits at one
// often does it for another. What a finger alone can do the stylesheet knows.
func (s *Server) subscribePage(c *fiber.Ctx) error {
	p := s.pageWords(c)
	sel, v, err := s.readSubscription(c, p)
	if err != nil {
		return err
	}
	path := address("/subscribe", v)
	return s.keptPage(c, "subscribe", path, func(m moment) (page, error) {
		body, err := s.subscribing(c, p, m, &sel, v)
		if err != nil {
			return page{}, err
		}
		title := p.T("subscribe.title")
		if len(body.Active) > 0 {
			title = p.T("subscribe.title-chosen", "Choice", inWords(p, m.catalogue, &sel.Filter))
		}
		pg := s.newPage(p, path, title, body)
		pg.Summary, pg.Feed = p.T("subscribe.lead"), sel.path(s.Language)
		if len(v) == 0 {
			pg.Canonical = body.Here
		}
		return pg, nil
	})
}

// readSubscription reads what somebody has picked, and as a canonical query.
// ErrNotFound: it names something that there is not.
func (s *Server) readSubscription(c *fiber.Ctx, p *locale.Printer) (selection, url.Values, error) {
	sel := readChoices(c, c.Query("lang", p.Language()))
	if !slices.Contains(s.Words.Languages(), sel.language) {
		return sel, nil, models.ErrNotFound
	}
	v := sel.values()
	if sel.language != p.Language() {
		v.Set("lang", sel.language)
	}
	return sel, v, s.Planner.Catalogue().Check(sel.Filter)
}

// subscribeCode is GET /subscribe/qr.svg: the address of the page with the same
// query, as a picture. It leads to the page and not to the feed because no one
// address of a feed opens on every telephone.
func (s *Server) subscribeCode(c *fiber.Ctx) error {
	p := s.pageWords(c)
	_, v, err := s.readSubscription(c, p)
	if err != nil {
		return err
	}
	return s.sendCode(c, s.Site+s.prefix(p.Language())+address("/subscribe", v))
}

func (s *Server) subscribing(c *fiber.Ctx, p *locale.Printer, m moment, sel *selection, v url.Values) (subscribing, error) {
	inFeed, err := chosen(sel, m)
	if err != nil {
		return subscribing{}, err
	}
	coming := slices.DeleteFunc(inFeed, func(l *planner.Listed) bool { return !l.Ends.After(m.now) })
	prefix := s.prefix(p.Language())
	body := subscribing{
		Active: s.active(p, m.catalogue, &listing{selection: *sel}, "/subscribe", v),
		Picks:  picks(p, m, sel),
		Hits:   len(coming), Days: s.rows(c, p, m, m.day, coming[:min(len(coming), previewed)]),
		Here: s.Site + prefix + address("/subscribe", v),
		Back: ics.MonthsBack, Ahead: ics.MonthsAhead, Most: ics.MaxFeedEvents, Marked: models.MarkedDays, Off: ics.DaysCancelled,
	}
	in := func(f format) string {
		other := *sel
		other.format = f
		return other.path(s.Language)
	}
	body.Atom, body.JSON = in(inAtom), in(inJSON)
	name := s.feedTitle(sel, m.catalogue, s.Words.In(sel.language))
	body.Ways = s.waysTo(p, s.Site+sel.path(s.Language), name, body.Here)
	if len(body.Here) <= longestCode {
		body.Code = prefix + address("/subscribe/qr.svg", v)
	}
	body.Several = len(sel.values()) > 1
	for _, tag := range s.Words.Languages() {
		body.Languages = append(body.Languages, choice{tag, s.Words.In(tag).T("page.language"), tag == sel.language})
	}
	return body, nil
}

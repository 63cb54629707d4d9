package handlers

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// hostMonth is what an association has on in a month.
type hostMonth struct {
	host   models.Association
	name   string    // as in 2026-05
	from   time.Time // its first midnight
	events []*planner.Listed
}

// monthsKept is for how many months, from the one that is, pages are kept:
// others anybody could ask for without end.
const monthsKept = 6

// monthPage answers with a page about an association's month, which is this one
// when the address names none.
func (s *Server) monthPage(c *fiber.Ctx, name string, draw func(p *locale.Printer, m moment, on hostMonth, path string) page) error {
	host, err := s.Planner.Catalogue().Association(c.Params("association"))
	if err != nil {
		return err
	}
	p := s.pageWords(c)
	asked := c.Query("month")
	from, err := time.ParseInLocation(monthForm, asked, s.zone)
	if asked != "" && (err != nil || from.Year() < 2000 || from.Year() > 2100) {
		var f models.Faults
		f.Add("month", "bad-month", "Value", clip(asked))
		return f.Err()
	}
	path := "/associations/" + host.ID + "/" + name
	drawing := func(m moment) (page, error) {
		on := hostMonth{host: host, from: from}
		if asked == "" {
			on.from = monthOf(m.day.In(s.zone))
		}
		on.name = on.from.Format(monthForm)
		filter := planner.Filter{Associations: []string{host.ID}, From: on.from, To: on.from.AddDate(0, 1, 0)}
		on.events = slices.DeleteFunc(m.catalogue.Select(filter), func(l *planner.Listed) bool {
			// What began in the month before stands there, and of this month only what
			// one can still come to.
			this := m.day.Before(filter.To) && !l.Ends.After(m.day)
			return l.Status != models.Published || l.Starts.Before(on.from) || this && !on.from.After(m.day)
		})
		return draw(p, m, on, path), nil
	}
	this := monthOf(s.Now().In(s.zone))
	if asked != "" && (from.Before(this) || !from.Before(this.AddDate(0, monthsKept, 0))) {
		return s.drawn(c, fiber.StatusOK, name, drawing)
	}
	return s.keptPage(c, name, path+"?month="+asked, drawing)
}

// monthOf is the first moment of the month of a time, in its zone.
func monthOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, t.Location())
}

// hostShare is what an association needs for its own site, letters and walls.
type hostShare struct {
	Host   link
	Month  string
	Months []choice // their addresses
	Hits   int
	Texts  []readyText
	Poster string
	Frame  string // address of the page for its own site
	Script string
}

// hostShare is GET /associations/{slug}/share.
func (s *Server) hostShare(c *fiber.Ctx) error {
	return s.monthPage(c, "share-month", func(p *locale.Printer, m moment, on hostMonth, _ string) page {
		prefix := s.prefix(p.Language())
		at := prefix + "/associations/" + on.host.ID
		body := hostShare{
			Host: link{on.host.Name, at}, Month: p.Month(on.from), Hits: len(on.events), Poster: at + "/poster?month=" + on.name,
			Frame: prefix + "/embed?association=" + on.host.ID, Script: s.pages.named["copy.js"],
		}
		for ahead := range monthsKept {
			each := monthOf(m.day.In(s.zone)).AddDate(0, ahead, 0)
			name := each.Format(monthForm)
			body.Months = append(body.Months, choice{at + "/share?month=" + name, capital(p.Month(each)), name == on.name})
		}
		text, markup := s.newsletter(p, on)
		body.Texts = []readyText{
			{"text", p.T("share.letter"), p.T("share.letter-help"), text, 12},
			{"html", p.T("share.letter-html"), p.T("share.letter-html-help"), markup, 12},
			{"frame", p.T("share.frame"), p.T("share.frame-help"), s.frame(p, on.host, body.Frame), 5},
		}
		return s.newPage(p, "/associations/"+on.host.ID+"/share", p.T("share.month-title", "Host", on.host.Name), body)
	})
}

// newsletter is a month as text and as HTML, to paste in a newsletter. The HTML is
// what every mail program takes: no classes, no styles.
func (s *Server) newsletter(p *locale.Printer, on hostMonth) (text, markup string) {
	var t, h strings.Builder
	heading := p.T("share.month-heading", "Host", on.host.Name, "Month", p.Month(on.from))
	fmt.Fprintf(&t, "%s\n", heading)
	fmt.Fprintf(&h, "<h2>%s</h2>\n", html.EscapeString(heading))
	if len(on.events) > 0 {
		h.WriteString("<ul>\n")
	}
	for _, l := range on.events {
		words, _ := l.In(p.Language(), s.Language)
		at := s.Site + s.prefix(p.Language()) + "/events/" + l.Slug
		if short := s.short(p.Language(), l.Event); short != "" {
			at = s.Site + short
		}
		said := capital(when(p, l.Event, on.from))
		fmt.Fprintf(&t, "\n%s\n%s\n", said, words.Title)
		fmt.Fprintf(&h, "<li><strong>%s</strong><br>\n<a href=%q>%s</a>", html.EscapeString(said), at, html.EscapeString(words.Title))
		if where := l.Place.Line(); where != "" {
			fmt.Fprintf(&t, "%s\n", where)
			fmt.Fprintf(&h, "<br>\n%s", html.EscapeString(where))
		}
		if words.Summary != "" {
			fmt.Fprintf(&t, "%s\n", words.Summary)
			fmt.Fprintf(&h, "<br>\n%s", html.EscapeString(words.Summary))
		}
		fmt.Fprintf(&t, "%s\n", at)
		h.WriteString("</li>\n")
	}
	if len(on.events) > 0 {
		h.WriteString("</ul>\n")
	} else {
		fmt.Fprintf(&t, "\n%s\n", p.T("share.month-empty"))
		fmt.Fprintf(&h, "<p>%s</p>\n", html.EscapeString(p.T("share.month-empty")))
	}
	all := s.Site + s.prefix(p.Language()) + "/associations/" + on.host.ID
	fmt.Fprintf(&t, "\n%s %s\n", p.T("share.all"), all)
	fmt.Fprintf(&h, "<p><a href=%q>%s</a></p>\n", all, html.EscapeString(p.T("share.all-linked")))
	return t.String(), h.String()
}

// frame is the line that shows an association's calendar on its own site.
func (s *Server) frame(p *locale.Printer, host models.Association, at string) string {
	return fmt.Sprintf(`<iframe src="%s%s" title="%s" width="100%%" height="600" style="border:0" loading="lazy"></iframe>`,
		s.Site, html.EscapeString(at), html.EscapeString(p.T("share.frame-title", "Host", host.Name)))
}

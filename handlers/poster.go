package handlers

import (
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
)

// paper is one sheet to hang up, on A4 or A3: the stylesheet measures all of it
// by the width of the paper.
type paper struct {
	Style string
	Back  link   // the page that it is of
	Over  string // what it is
	Off   string // that it is off
	Size  string // how large the title can be
	Leaf  *leaf  // nil: it is of a whole month
	When  string
	Way   string // how one comes
	Place models.Place
	Lead  string
	// LeadIn is the language of the title and the lead, when it is another than the
	// page's.
	LeadIn string
	Know   []string
	Host   string
	// Rows are what is on in a month, Dense how small they must be, Rest how many
	// more there are.
	Rows  []posterRow
	Dense string
	Rest  int
	// Code is the address as a picture, Bare as people say it.
	Code, Bare string
}

// posterRow is one event on the poster of a month.
type posterRow struct {
	Day             int
	Weekday, Clock  string
	Title, Language string // the title's language, when it is another than the page's
	Place           string
}

// eventPoster is GET /events/{slug}/poster.
func (s *Server) eventPoster(c *fiber.Ctx) error {
	return s.carriedPage(c, "poster", s.drawEventPoster)
}

// posterPlace is where the event is, or when one is told.
func posterPlace(p *locale.Printer, e *models.Event) models.Place {
	if e.SignUp.Protected {
		return models.Place{Name: placeLine(p, e)}
	}
	return e.Place
}

func (s *Server) drawEventPoster(p *locale.Printer, m moment, e *models.Event, path string) page {
	text, language := e.In(p.Language(), s.Language)
	starts := e.Starts.In(e.Location())
	prefix := s.prefix(p.Language())
	body := paper{
		Style: s.pages.named["poster.css"], Back: link{text.Title, prefix + "/events/" + e.Slug + "/share"},
		Leaf: new(leafOf(p, starts)), Over: p.T("kind." + string(e.Kind)), Size: sizeOf(text.Title), When: when(p, e, m.now), Place: posterPlace(p, e), Lead: text.Summary, LeadIn: foreign(p, language),
		Know: good(p, e), Host: p.List(append(m.catalogue.HostNames(e.Hosts(), p.Language()), e.Partners...)),
		Code: prefix + "/events/" + e.Slug + "/qr.svg", Bare: s.bare() + s.short(p.Language(), e),
	}
	if e.Status != models.Published {
		body.Off = p.T("event.off." + string(e.Status))
	} else if e.SignUp.Needed {
		body.Way = p.T("poster.sign-up")
	} else {
		body.Way = p.T("event.just-come")
	}
	if e.Preliminary {
		body.Know = append(body.Know, p.T("event.preliminary"))
	}
	if tongues := languages(p, e.Interpreted); tongues != "" {
		body.Know = append(body.Know, p.T("event.interpreted", "Languages", tongues))
	}
	for _, fact := range access(p, e.Access) {
		body.Know = append(body.Know, ended(capital(fact)))
	}
	return s.newPage(p, path, text.Title, body)
}

// sizeOf is how large a title can be on paper.
func sizeOf(title string) string {
	switch n := utf8.RuneCountInString(title); {
	case n <= 20:
		return "huge"
	case n <= 45:
		return "large"
	case n <= 90:
		return "middle"
	}
	return "small"
}

// The most events on a poster of a month, and up to how many they are larger.
const largeRows, middleRows, mostRows = 6, 11, 18

// monthPoster is GET /associations/{slug}/poster.
func (s *Server) monthPoster(c *fiber.Ctx) error {
	return s.monthPage(c, "poster", func(p *locale.Printer, m moment, on hostMonth, path string) page {
		at := s.prefix(p.Language()) + "/associations/" + on.host.ID
		title := capital(p.Month(on.from))
		body := paper{
			Style: s.pages.named["poster.css"], Back: link{on.host.Name, at + "/share?month=" + on.name}, Over: on.host.Name,
			Size: "large", Code: at + "/qr.svg", Bare: s.bare() + at, Host: s.house(),
		}
		shown := on.events[:min(len(on.events), mostRows)]
		body.Rest = len(on.events) - len(shown)
		switch n := len(shown); {
		case n > middleRows:
			body.Dense = "dense"
		case n > largeRows:
			body.Dense = "middling"
		}
		for _, l := range shown {
			row := s.row(c, p, m, l, l.Starts.In(s.zone))
			starts := l.Starts.In(l.Location())
			body.Rows = append(body.Rows, posterRow{
				Day: starts.Day(), Weekday: p.Weekday(starts), Clock: row.Clock, Title: row.Title, Language: row.Language, Place: row.Place,
			})
		}
		return s.newPage(p, path, title, body)
	})
}

// hostCode is GET /associations/{slug}/qr.svg: the association's page as a
// picture.
func (s *Server) hostCode(c *fiber.Ctx) error {
	a, err := s.Planner.Catalogue().Association(c.Params("association"))
	if err != nil {
		return err
	}
	return s.sendCode(c, s.Site+s.prefix(s.pageWords(c).Language())+"/associations/"+a.ID)
}

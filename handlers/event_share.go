package handlers

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
)

// sharing is how an event is carried further.
type sharing struct {
	Bare   string // its short address as people say it
	Href   string // the same, to copy
	Code   string // and as a picture
	Page   string // with texts and pictures for all sorts of places
	Script string
}

// sharing is nil for what only some may know of, or is over.
func (s *Server) sharing(p *locale.Printer, e *models.Event) *sharing {
	short := s.short(p.Language(), e)
	if short == "" {
		return nil
	}
	at := s.prefix(p.Language()) + "/events/" + e.Slug
	return &sharing{Bare: s.bare() + short, Href: s.Site + short, Code: at + "/qr.svg", Page: at + "/share", Script: s.pages.named["copy.js"]}
}

// sharePage is what somebody needs who wants others to know of an event.
type sharePage struct {
	Event    link
	Share    *sharing
	Texts    []readyText
	Pictures []sharedPicture
	Poster   string
	Off      string
}

// readyText is a text to paste somewhere.
type readyText struct {
	ID, Heading, Help, Text string
	Rows                    int
}

// sharedPicture is a picture to fetch.
type sharedPicture struct {
	Href, Name, File string
	Width, Height    int
}

// carriedPage keeps a page that carries an event further, on paper or by others. One
// without a short address has none.
func (s *Server) carriedPage(c *fiber.Ctx, name string, draw func(p *locale.Printer, m moment, e *models.Event, path string) page) error {
	l, err := s.viewed(c)
	if err != nil {
		return err
	}
	p := s.pageWords(c)
	if s.short(p.Language(), l.Event) == "" {
		return models.ErrNotFound
	}
	path := "/events/" + l.Slug + "/" + name
	return s.keptPage(c, name, path, func(m moment) (page, error) {
		l, err := m.view.find(m.catalogue, l.Slug)
		if err != nil {
			return page{}, err
		}
		return draw(p, m, l.Event, path), nil
	})
}

// sharePage is GET /events/{slug}/share.
func (s *Server) sharePage(c *fiber.Ctx) error {
	return s.carriedPage(c, "share", func(p *locale.Printer, m moment, e *models.Event, path string) page {
		return s.newPage(p, path, p.T("share.title"), s.shared(p, m, e))
	})
}

// shared is what there is to carry an event further.
func (s *Server) shared(p *locale.Printer, m moment, e *models.Event) sharePage {
	text, _ := e.In(p.Language(), s.Language)
	at := s.prefix(p.Language()) + "/events/" + e.Slug
	body := sharePage{Event: link{text.Title, at}, Share: s.sharing(p, e), Poster: at + "/poster"}
	if e.Status != models.Published {
		body.Off = p.T("status." + string(e.Status))
	}
	body.Texts = []readyText{
		{"sms", p.T("share.sms"), p.T("share.sms-help"), s.textMessage(p, m, e), 6},
		{"post", p.T("share.post"), p.T("share.post-help"), s.post(p, m, e), 16},
	}
	for _, shape := range []sharedPicture{{Name: "square", Width: 1080, Height: 1080}, {Name: "tall", Width: 1080, Height: 1920}, {Name: "wide", Width: 1200, Height: 630}} {
		shape.File = e.Slug + "-" + shape.Name + ".png"
		shape.Href = s.picturePath(p, m, e, shape.Name)
		shape.Name = p.T("share." + shape.Name)
		body.Pictures = append(body.Pictures, shape)
	}
	return body
}

// textMessage is an event in a text message: what, when, where and the address.
func (s *Server) textMessage(p *locale.Printer, m moment, e *models.Event) string {
	text, _ := e.In(p.Language(), s.Language)
	parts := []string{ended(offIn(p, e) + text.Title), ended(capital(when(p, e, m.now)))}
	if where := e.Place.Line(); where != "" {
		parts = append(parts, ended(where))
	}
	return strings.Join(append(parts, s.Site+s.short(p.Language(), e)), " ")
}

// post is an event as a text for a page where people read on.
func (s *Server) post(p *locale.Printer, m moment, e *models.Event) string {
	text, _ := e.In(p.Language(), s.Language)
	blocks := []string{offIn(p, e) + text.Title}
	facts := []string{p.T("event.when") + ": " + when(p, e, m.now)}
	if where := e.Place.Line(); where != "" {
		facts = append(facts, p.T("event.where")+": "+where)
	}
	hosts := append(m.catalogue.HostNames(e.Hosts(), p.Language()), e.Partners...)
	facts = append(facts, p.T("event.host")+": "+p.List(hosts))
	if off := e.Status != models.Published; off && e.Reason != "" {
		blocks = append(blocks, e.Reason)
	} else if !off && text.Summary != "" {
		blocks = append(blocks, text.Summary)
	}
	blocks = append(blocks, strings.Join(facts, "\n"))
	way := p.T("calendar.read-more")
	if e.Status == models.Published {
		if e.SignUp.Needed {
			way = p.T("event.sign-up")
		}
		know := good(p, e)
		if !e.SignUp.Needed {
			know = append(know, p.T("calendar.just-come"))
		}
		if len(know) > 0 {
			blocks = append(blocks, strings.Join(know, " "))
		}
	}
	return strings.Join(append(blocks, way+": "+s.Site+s.short(p.Language(), e)), "\n\n")
}

// offIn says before a title that the event is off, loud where there are no
// colours; empty: it is not.
func offIn(p *locale.Printer, e *models.Event) string {
	if e.Status == models.Cancelled || e.Status == models.Postponed {
		return p.T("calendar."+string(e.Status)) + ": "
	}
	return ""
}

// ended is a text with a full stop, unless it ends with a mark of its own.
func ended(text string) string {
	if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, "?") {
		return text
	}
	return text + "."
}

// capital is a text that begins a sentence.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

package handlers

import (
	"bytes"
	"cmp"
	"net/http"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// page is what every template is given. T and the other methods of the Printer
// speak the page's language.
type page struct {
	*locale.Printer
	Title string
	At    string // its path, without the language's prefix
	House string // name of the installation
	Site  string // its public base address
	// Style and Icon are addresses of files.
	Style, Icon string
	Demo        bool
	// Result is what came of what somebody sent. A heading that has the focus says
	// it, and the title begins with it; empty: nothing was sent.
	Result string
	// Summary and Feed, a calendar, are for search engines and programs; empty:
	// none.
	Summary, Feed string
	Languages     []languageLink
	// Desk is where organisers sign in, in a language that speaks to them.
	Desk      languageLink
	Canonical string // empty: not for search engines
	// Hidden: its address is a secret, and so is that there is such a page.
	Hidden bool
	// Stamp is when the page was made, for forms that want to know how long
	// somebody took; empty: none does.
	Stamp string
	// Notice is what the central office says on every page.
	Notice said
	// Preview stands above an event that its organiser looks at before others do.
	Preview any
	Body    any // of the page itself

	prefix string
}

// said is a text and its language, where that is another than the page's; the zero
// value says nothing.
type said struct{ Text, Language string }

// notice is what the central office has to say now.
func (s *Server) notice(p *locale.Printer) said {
	n := s.Planner.Catalogue().Notice
	if !n.Stands(s.Now()) {
		return said{}
	}
	text, in := n.In(p.Language(), s.Language)
	return said{text, foreign(p, in)}
}

// languageLink leads to the same page in a language.
type languageLink struct {
	Tag, Name, Href string
	Here            bool
}

// Link is the address of another of our pages, in the same language.
func (p page) Link(path string) string { return p.prefix + path }

// feedLink is a feed for programs to find.
type feedLink struct{ Media, Href string }

// Feeds are the page's feed in all formats.
func (p page) Feeds() []feedLink {
	var out []feedLink
	for _, f := range formats() {
		if p.Feed != "" {
			media, _, _ := strings.Cut(f.media(), ";")
			out = append(out, feedLink{media, strings.Replace(p.Feed, "."+string(inCalendar), "."+string(f), 1)})
		}
	}
	return out
}

// newPage is a page at an address, which is without the language's prefix.
func (s *Server) newPage(p *locale.Printer, path, title string, body any) page {
	at, _, _ := strings.Cut(path, "?")
	out := page{
		Printer: p, Title: title, At: at, House: s.house(), Site: s.Site, Demo: s.Demo, Body: body, Notice: s.notice(p),
		Style: s.pages.named["samling.css"], Icon: s.pages.named["icon.svg"], prefix: s.prefix(p.Language()),
	}
	words := s.Words
	if isDesk(at) || strings.HasPrefix(at, doorPath) {
		words = words.Complete()
	}
	for _, tag := range words.Languages() {
		out.Languages = append(out.Languages, s.in(tag, path, p))
	}
	out.Desk = s.in(s.Words.Complete().In(p.Language()).Language(), "/sign-in", p)
	return out
}

// in leads from a page in the language of p to one in that of the tag.
func (s *Server) in(tag, path string, p *locale.Printer) languageLink {
	return languageLink{tag, s.Words.In(tag).T("page.language"), s.prefix(tag) + path, tag == p.Language()}
}

// house is the name of the installation.
func (s *Server) house() string { return cmp.Or(s.Name, "Samling") }

// html renders a page whole, so that a fault in it is an error and not half a
// page.
func (s *Server) html(name string, pg page) ([]byte, error) {
	var b bytes.Buffer
	err := s.pages.sets[name].ExecuteTemplate(&b, "layout", pg)
	return b.Bytes(), err
}

// page answers with a page in a language.
func (s *Server) page(c *fiber.Ctx, status int, name string, p *locale.Printer, title string, body any) error {
	return s.sendPage(c, status, name, s.newPage(p, s.unprefixed(c.Path(), p), title, body))
}

func (s *Server) sendPage(c *fiber.Ctx, status int, name string, pg page) error {
	body, err := s.html(name, pg)
	if err != nil {
		return err
	}
	c.Status(status)
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Set(fiber.HeaderContentLanguage, pg.Language())
	return c.Send(body)
}

// unprefixed is the path of a page without its language.
func (s *Server) unprefixed(path string, p *locale.Printer) string {
	prefix := s.prefix(p.Language())
	if path == prefix {
		return "/"
	}
	if rest, ok := strings.CutPrefix(path, prefix+"/"); ok {
		return "/" + rest
	}
	return path
}

// pageLasts is how long a finished page is sent without a look at what moves by
// itself: the seats, and what is over.
const pageLasts = time.Second

// moving is what of the page's bytes says nothing to its reader.
func (p page) moving() []byte {
	if p.Stamp == "" {
		return nil
	}
	return []byte(`value="` + p.Stamp + `"`)
}

// drawing makes a page for a moment.
type drawing func(m moment) (pg page, err error)

// keptPage answers a GET from finished bytes. key is the canonical address,
// without the language's prefix.
func (s *Server) keptPage(c *fiber.Ctx, name, key string, draw drawing) error {
	return s.keptPageOn(s.kept, c, name, key, draw)
}

func (s *Server) keptPageOn(on *shelf, c *fiber.Ctx, name, key string, draw drawing) error {
	p := s.pageWords(c)
	m := s.moment()
	f, err := on.finished(s.prefix(p.Language())+key, m, func(before *finished) (*finished, error) {
		pg, err := draw(m)
		if err != nil {
			return nil, err
		}
		body, err := s.html(name, pg)
		if err != nil {
			return nil, err
		}
		made := &finished{until: m.now.Add(pageLasts)}
		made.bodyIs(body, pg.moving(), before)
		return made, nil
	})
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentLanguage, p.Language())
	// Kept by browsers, but asked for every time: an edit is seen at once.
	return sendFinished(c, f, fiber.MIMETextHTMLCharsetUTF8, "no-cache")
}

// sendFinished answers with finished bytes, or that the client has them.
func sendFinished(c *fiber.Ctx, f *finished, media, caching string) error {
	body, tag, zipped := f.chosen(c)
	c.Set(fiber.HeaderCacheControl, caching)
	if _, same := namesTag(c, tag); same {
		return c.SendStatus(http.StatusNotModified)
	}
	return send(c, media, body, zipped)
}

// pageWords speaks the language of a page's address; of one that is not known,
// the reader's.
func (s *Server) pageWords(c *fiber.Ctx) *locale.Printer {
	if language, ok := c.Locals(languageKey).(string); ok {
		return s.Words.In(language)
	}
	return s.words(c)
}

// errorBody is what an error page says.
type errorBody struct {
	Text string
	// More is what one can do now, where the sentence of the error does not say.
	More string
	// Search: what was looked for is not there, but may be found. Days is what comes
	// next.
	Search bool
	Days   days
	// Sent is the form that could not be taken just now, to be sent once more to
	// Here; empty: there was none.
	Sent []sentField
	Here string
}

// sentField is one value of a form, as it was sent.
type sentField struct{ Name, Value string }

// sent is the form of a request, so that what somebody wrote is not lost with
// it.
func sent(c *fiber.Ctx) []sentField {
	var all []sentField
	c.Request().PostArgs().VisitAll(func(name, value []byte) {
		all = append(all, sentField{string(name), string(value)})
	})
	return all
}

// failPage answers with an error as a page.
func (s *Server) failPage(c *fiber.Ctx, code models.Code, err error) error {
	p := s.pageWords(c)
	title := "page.fault." + string(code)
	if !p.Has(title) {
		title = "page.error"
	}
	body := errorBody{Text: sentence(p, err)}
	if code == models.CodeUnavailable && c.Method() == fiber.MethodPost {
		body.Sent, body.Here = sent(c), c.Path()
	}
	if code == models.CodeNotFound && !strings.Contains(c.Path(), membersPath) {
		m := s.moment()
		body.Search, body.Days = true, s.rows(c, p, m, m.day, first(m.catalogue.Ahead(planner.Filter{}, m.now), nearestShown))
	}
	if more := title + ".more"; p.Has(more) {
		body.More = p.T(more)
	}
	if rerr := s.page(c, statusOf(code), "error", p, p.T(title), body); rerr != nil {
		c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
		return c.SendString(sentence(p, err) + "\n")
	}
	return nil
}

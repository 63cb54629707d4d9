package handlers

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
)

//go:embed templates/*.html static/*
var files embed.FS

// pages are the parsed templates, each page a set of its own with the layout and
// the parts that pages share, and the static files under names that change with what is in them.
type pages struct {
	sets   map[string]*template.Template // by the name of the page
	static map[string]staticFile         // by the name in the address
	named  map[string]string             // the address of a file's plain name
}

type staticFile struct {
	media string
	bytes []byte
}

// page is what every template is given. T and the other methods of the Printer
// speak the page's language.
type page struct {
	*locale.Printer
	Title string
	Style string // address of the stylesheet
	Body  any    // of the page itself
}

func parsePages() (pages, error) {
	p := pages{sets: map[string]*template.Template{}, static: map[string]staticFile{}, named: map[string]string{}}
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return p, err
	}
	const layout, part = "templates/layout.html", "templates/part-"
	shared := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name != layout && !strings.HasPrefix(name, part) })
	for _, name := range names {
		if slices.Contains(shared, name) {
			continue
		}
		// Sets of their own, so that two pages may each define a "main".
		set, err := template.ParseFS(files, append(slices.Clone(shared), name)...)
		if err != nil {
			return p, err
		}
		p.sets[strings.TrimSuffix(path.Base(name), ".html")] = set
	}
	media := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
	entries, err := files.ReadDir("static")
	if err != nil {
		return p, err
	}
	for _, entry := range entries {
		content, err := files.ReadFile("static/" + entry.Name())
		if err != nil {
			return p, err
		}
		kind := path.Ext(entry.Name())
		if media[kind] == "" {
			return p, fmt.Errorf("handlers: static/%s has a suffix without a media type", entry.Name())
		}
		sum := sha256.Sum256(content)
		hashed := strings.TrimSuffix(entry.Name(), kind) + "." + hex.EncodeToString(sum[:6]) + kind
		p.static[hashed] = staticFile{media[kind], content}
		p.named[entry.Name()] = "/static/" + hashed
	}
	return p, nil
}

// static serves a file under its hashed name, which stands for these bytes for
// ever.
func (s *Server) static(c *fiber.Ctx) error {
	f, ok := s.pages.static[c.Params("file")]
	if !ok {
		return models.ErrNotFound
	}
	c.Set(fiber.HeaderContentType, f.media)
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	c.Response().SetBodyRaw(f.bytes)
	return nil
}

// page answers with a page in a language. It is rendered whole before anything
// is sent, so that a fault in it is an error and not half a page.
func (s *Server) page(c *fiber.Ctx, status int, name string, p *locale.Printer, title string, body any) error {
	var b bytes.Buffer
	err := s.pages.sets[name].ExecuteTemplate(&b, "layout", page{Printer: p, Title: title, Style: s.pages.named["samling.css"], Body: body})
	if err != nil {
		return err
	}
	c.Status(status)
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Set(fiber.HeaderContentLanguage, p.Language())
	return c.Send(b.Bytes())
}

// pageWords speaks the language of a page's address; of one that is not known,
// the reader's.
func (s *Server) pageWords(c *fiber.Ctx) *locale.Printer {
	if language, ok := c.Locals(languageKey).(string); ok {
		return s.Words.In(language)
	}
	return s.words(c)
}

// failPage answers with an error as a page.
func (s *Server) failPage(c *fiber.Ctx, code models.Code, err error) error {
	p := s.pageWords(c)
	if rerr := s.page(c, statusOf(code), "error", p, p.T("page.error"), sentence(p, err)); rerr != nil {
		c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
		return c.SendString(sentence(p, err) + "\n")
	}
	return nil
}

// when is the time of an event as people say it, in its own zone.
func when(p *locale.Printer, e *models.Event) string {
	zone := e.Location()
	return p.When(e.Starts.In(zone), e.Ends.In(zone), e.DateOnly)
}

// clock is a moment as people say it.
func clock(p *locale.Printer, t time.Time, zone *time.Location) string {
	t = t.In(zone)
	return p.When(t, time.Time{}, false)
}

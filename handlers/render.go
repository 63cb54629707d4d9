package handlers

import (
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
	media         string
	bytes, zipped []byte
}

func parsePages() (pages, error) {
	p := pages{sets: map[string]*template.Template{}, static: map[string]staticFile{}, named: map[string]string{}}
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return p, err
	}
	const layout, part = "templates/layout.html", "templates/part-"
	shared := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name != layout && !strings.HasPrefix(name, part) })
	common, err := template.New("").Funcs(template.FuncMap{"direction": locale.Direction}).ParseFS(files, shared...)
	if err != nil {
		return p, err
	}
	for _, name := range names {
		if slices.Contains(shared, name) {
			continue
		}
		// Sets of their own, so that two pages may each define a "main".
		set := template.Must(common.Clone())
		if set, err = set.ParseFS(files, name); err != nil {
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
		p.static[hashed] = staticFile{media[kind], content, gzipped(content)}
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
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	if takesGzip(c.Get(fiber.HeaderAcceptEncoding)) {
		return send(c, f.media, f.zipped, true)
	}
	return send(c, f.media, f.bytes, false)
}

// when is the time of an event as people say it, in its own zone: with the year
// when that is not this one.
func when(p *locale.Printer, e *models.Event, now time.Time) string {
	if e.Starts.IsZero() { // a sketch's
		return p.T("writing.no-time")
	}
	zone := e.Location()
	starts := e.Starts.In(zone)
	said := p.When(starts, e.Ends.In(zone), e.DateOnly)
	if starts.Year() == now.In(zone).Year() || strings.HasPrefix(said, p.Date(starts)) {
		return said
	}
	return strings.Replace(said, p.Day(starts), p.Date(starts), 1)
}

// clock is a moment as people say it.
func clock(p *locale.Printer, t time.Time, zone *time.Location) string {
	t = t.In(zone)
	return p.When(t, time.Time{}, false)
}

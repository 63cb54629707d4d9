package handlers

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// selection is what a feed is of. Its lists are sorted and without repetition,
// so that equal selections have equal keys.
type selection struct {
	planner.Filter
	event    string // the slug of one event, which then is all
	language string
	view     view   // whose pass the Filter has
	format   format // empty: inCalendar
}

// format is how a feed is written, and the end of its address.
type format string

// The formats: RFC 5545, RFC 4287, and JSON Feed 1.1.
const (
	inCalendar format = "ics"
	inAtom     format = "atom"
	inJSON     format = "json"
)

func formats() []format { return []format{inCalendar, inAtom, inJSON} }

func (f format) known() bool { return slices.Contains(formats(), f) }

// isFeed reports whether programs read what is at a path, and not people.
func isFeed(path string) bool {
	return strings.HasPrefix(path, "/feeds/") || format(path[strings.LastIndexByte(path, '.')+1:]).known()
}

// media is the media type of a format.
func (f format) media() string {
	switch f {
	case inAtom:
		return "application/atom+xml; charset=utf-8"
	case inJSON:
		return "application/feed+json" // which has no charset: it is always UTF-8
	}
	return "text/calendar; charset=utf-8"
}

// selecting reads a selection out of a request.
type selecting func(s *selection, c *fiber.Ctx)

func everything(*selection, *fiber.Ctx) {}

func byAssociation(s *selection, c *fiber.Ctx) { s.Associations = []string{c.Params("value")} }

func byKind(s *selection, c *fiber.Ctx) { s.Kinds = []models.Kind{models.Kind(c.Params("value"))} }

func byGroup(s *selection, c *fiber.Ctx) { s.Groups = []string{c.Params("value")} }

func byDistrict(s *selection, c *fiber.Ctx) { s.Districts = []string{c.Params("value")} }

func oneEvent(s *selection, c *fiber.Ctx) { s.event = c.Params("value") }

// byQuery takes the values of the query. Parameters that mean nothing are left
// aside: people paste addresses with all sorts of tails into their calendars.
func byQuery(s *selection, c *fiber.Ctx) {
	c.Context().QueryArgs().VisitAll(func(k, v []byte) {
		choose(&s.Filter, string(k), string(v))
	})
	s.Kinds, s.Associations, s.Groups, s.Districts = set(s.Kinds), set(s.Associations), set(s.Groups), set(s.Districts)
}

// choose adds a choice to a filter, if the parameter is one of those that choose.
func choose(f *planner.Filter, parameter, value string) bool {
	switch parameter {
	case "kind":
		f.Kinds = append(f.Kinds, models.Kind(value))
	case "association":
		f.Associations = append(f.Associations, value)
	case "group":
		f.Groups = append(f.Groups, value)
	case "district":
		f.Districts = append(f.Districts, value)
	default:
		return false
	}
	return true
}

func set[T ~string](list []T) []T {
	slices.Sort(list)
	return slices.Compact(list)
}

// path is the canonical address of the selection, which is its key too. Only
// another language than the given one is named in it.
func (s *selection) path(language string) string {
	single := s.Choices() == 1
	b := make([]byte, 0, 128)
	var values []byte // of a query
	add := func(room, parameter, slug string) {
		if single {
			b = append(append(append(b, "/feeds/"...), room...), slug...)
			return
		}
		values = append(append(append(append(values, '&'), parameter...), '='), slug...)
	}
	for _, slug := range s.Associations {
		add("associations/", "association", slug)
	}
	for _, slug := range s.Districts {
		add("districts/", "district", slug)
	}
	for _, slug := range s.Groups {
		add("groups/", "group", slug)
	}
	for _, k := range s.Kinds {
		add("kinds/", "kind", string(k))
	}
	switch {
	case s.event != "":
		b = append(b, s.view.event(s.event)...)
	case s.view.pass != nil:
		b = append(append(b, "/feeds"...), s.view.at...)
	case len(values) > 0:
		b = append(b, "/feeds/events"...)
	case !single:
		b = append(b, "/feeds/all"...)
	}
	b = append(append(b, '.'), cmp.Or(s.format, inCalendar)...)
	if s.language != language {
		values = append(append(values, "&lang="...), s.language...)
	}
	if len(values) > 0 {
		values[0] = '?'
	}
	return string(append(b, values...))
}

// sendsFeed serves the feed of a selection, which is mostly on that shelf.
func (s *Server) sendsFeed(on *shelf, read selecting) fiber.Handler {
	return func(c *fiber.Ctx) error {
		m := s.moment()
		// Who subscribes asks for the address that our pages say, which is the
		// key: nothing has to be read out of it.
		f := on.get(utils.UnsafeString(c.Request().RequestURI()))
		if !f.rightAt(m) {
			sel := selection{language: s.Language, format: format(c.Params("format")), view: viewOf(c)}
			if !sel.format.known() {
				return c.Next()
			}
			sel.Pass = sel.view.pass
			read(&sel, c)
			if lang := c.Query("lang"); lang != "" {
				if !slices.Contains(s.Words.Languages(), lang) {
					return models.ErrNotFound
				}
				sel.language = lang
			}
			var err error
			if f, err = s.feed(c.UserContext(), &sel, m); err != nil {
				return err
			}
		}
		modified := f.feed.modified
		if f.rightAt(m) {
			modified = s.modified(m, f.feed.members)
		}
		return s.sendFeed(c, f, modified)
	}
}

// name is the file name that browsers suggest.
func (s *selection) name() string {
	if s.view.pass != nil && s.event == "" {
		return "members." + string(s.format) // the secret is for no folder
	}
	path, _, _ := strings.Cut(s.path(s.language), "?")
	return path[strings.LastIndexByte(path, '/')+1:]
}

// sendFeed answers a GET or HEAD from finished bytes.
func (s *Server) sendFeed(c *fiber.Ctx, f *finished, modified time.Time) error {
	body, tag, zipped := f.chosen(c)
	c.Set(fiber.HeaderLastModified, modified.Format(http.TimeFormat))
	c.Set(fiber.HeaderCacheControl, "public, max-age=300")
	if unchanged(c, tag, modified) {
		return c.SendStatus(http.StatusNotModified)
	}
	c.Set(fiber.HeaderContentDisposition, f.feed.file)
	return send(c, f.feed.media, body, zipped)
}

// unchanged reports whether the client has what it asks for (RFC 9110 §13.2.2):
// dates count only where no tag was sent, and ones that cannot be read do not.
func unchanged(c *fiber.Ctx, tag string, modified time.Time) bool {
	if asked, same := namesTag(c, tag); asked {
		return same
	}
	since := peek(c, fiber.HeaderIfModifiedSince)
	if since == "" {
		return false
	}
	t, err := http.ParseTime(since)
	return err == nil && !modified.After(t)
}

// takesGzip reports whether gzip was asked for by its name (RFC 9110 §12.5.3).
// "*" and silence get plain bytes: Outlook once failed on what it had not asked
// for.
func takesGzip(header string) bool {
	for coding := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(coding, ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			q, weighed := strings.CutPrefix(strings.TrimSpace(weight), "q=")
			v, err := strconv.ParseFloat(q, 64)
			return !weighed || err == nil && v > 0
		}
	}
	return false
}

// feedTitle is what a feed is called. It begins with whose it is: in somebody's
// list of calendars nothing else says that, and the end of a long name is cut off.
func (s *Server) feedTitle(sel *selection, c *planner.Catalogue, p *locale.Printer) string {
	if l, err := c.Event(sel.event); err == nil {
		text, _ := l.In(sel.language, s.Language)
		return text.Title
	}
	if pass := sel.view.pass; pass != nil {
		return locale.Plain(p.T("feed.members", "Host", c.HostName(pass.Association, sel.language)))
	}
	whose, chosen := s.house(), sel.Filter
	if n := len(sel.Associations); n > 0 && n <= namedMost {
		whose, chosen.Associations = p.List(c.HostNames(sel.Associations, sel.language)), nil
	}
	if chosen.Choices() > 0 {
		whose += ": " + inWords(p, c, &chosen)
	}
	return locale.Plain(whose)
}

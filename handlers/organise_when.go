package handlers

import (
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
)

// understood is what a form says of when, in words: what people read beside the hours
// before they believe them.
type understood struct {
	Words string `json:"words"`
	Warn  string `json:"warn,omitempty"` // what is odd about it
	Ends  string `json:"ends,omitempty"` // the hour that an empty end means
}

// understandWhen is GET /organise/when with the fields of a form: the words for what
// is being typed. They come from here alone, so that nobody reads others later.
func (s *Server) understandWhen(c *fiber.Ctx) error {
	values, err := url.ParseQuery(string(c.Request().URI().QueryString()))
	if err != nil {
		return models.Because(models.CodeMalformed, err)
	}
	in := form(values)
	zone := s.zone
	if name := in.get("zone"); name != "" {
		zone = models.Zone(name)
	}
	return c.JSON(s.understand(s.pageWords(c), in, zone))
}

func (s *Server) understand(p *locale.Printer, in form, zone *time.Location) understood {
	if in.get("starts.date") == "" {
		return understood{Words: p.T("writing.no-day")}
	}
	var f models.Faults
	e := models.Event{DateOnly: in.has("date_only"), TimeZone: zone.String()}
	usual := models.Kind(in.get("kind")).Template().Length
	e.Starts, e.Ends = readSpan(&f, in, e.DateOnly, false, usual, zone)
	if ours, ok := f.Err().(*models.Error); ok { //nolint:errorlint // just made here
		first := ours.Fields[0]
		return understood{Words: p.T("writing.not-understood"), Warn: p.T("field."+first.Code, gaps(first.With)...)}
	}
	out := understood{Words: when(p, &e, s.Now())}
	if in.get("ends.time") == "" && !e.DateOnly {
		out.Ends = p.Time(e.Ends.In(zone))
	}
	switch {
	case !e.Ends.After(e.Starts):
		out.Warn = p.T("field.ends-before-starts")
	case !e.Ends.After(s.Now()):
		out.Warn = p.T("writing.past")
	}
	return out
}

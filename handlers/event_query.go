package handlers

import (
	"cmp"
	"encoding/base64"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/models"
	"samling/planner"
)

// eventQuery is what GET /events was asked for.
type eventQuery struct {
	planner.Filter
	limit int
	after place
}

// eventQuery reads the query of GET /events. Parameters that are not known are
// refused: a mistyped filter would quietly answer with everything.
func (s *Server) eventQuery(c *fiber.Ctx, by *models.Organiser) (eventQuery, error) {
	q := eventQuery{limit: usualEvents}
	var f models.Faults
	var unauthorised error
	c.Context().QueryArgs().VisitAll(func(k, v []byte) {
		name, value := clip(string(k)), string(v)
		if choose(&q.Filter, name, value) {
			return
		}
		switch name {
		case "from":
			q.From = readTime(&f, name, value, s.zone)
		case "to":
			q.To = readTime(&f, name, value, s.zone)
			if dateForm.MatchString(value) {
				q.To = q.To.In(s.zone).AddDate(0, 0, 1) // the whole of the last day
			}
		case "q":
			models.CheckLine(&f, name, value, false, models.MaxLine)
			q.Words = value
		case "limit":
			n, err := strconv.Atoi(value)
			if err != nil || n < 1 || n > mostEvents {
				f.Add(name, "out-of-range", "From", 1, "To", mostEvents)
			}
			q.limit = n
		case "cursor":
			var ok bool
			if q.after, ok = parsePlace(value); !ok {
				f.Add(name, "bad-cursor")
			}
		case "mine":
			if by == nil {
				unauthorised = models.Fault(models.CodeNotSignedIn)
			}
			q.For = by
		case "lang":
		default:
			f.Add(name, "unknown-field")
		}
	})
	return q, cmp.Or(unauthorised, f.Err())
}

var dateForm = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)

// place is a place in the order of events: what a cursor says. The zero value is
// before all of them.
type place struct {
	starts time.Time
	id     string
}

func placeOf(l *planner.Listed) place { return place{l.Starts, l.ID} }

// before reports whether an event stands behind the place.
func (p place) before(l *planner.Listed) bool {
	return p == place{} || cmp.Or(p.starts.Compare(l.Starts), cmp.Compare(p.id, l.ID)) < 0
}

// String is the place as clients get it and give it back; how it is made is not
// for them to know.
func (p place) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(p.starts.UnixMilli(), 10) + " " + p.id))
}

func parsePlace(text string) (place, bool) {
	if text == "" {
		return place{}, true
	}
	b, err := base64.RawURLEncoding.DecodeString(text)
	millis, id, found := strings.Cut(string(b), " ")
	n, nerr := strconv.ParseInt(millis, 10, 64)
	return place{time.UnixMilli(n).UTC(), id}, err == nil && nerr == nil && found && len(id) <= 64
}

package handlers

import (
	"iter"
	"net/url"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// listed is how many events one page of a list has.
const listed = 40

// listing is what a reader asked the list for.
type listing struct {
	selection
	// from and to are days as they were typed, to the last one that counts.
	from, to string
	after    place
	// past: only what has been, the latest first.
	past bool
	// month is the first moment of the month of a month view; zero: a list.
	month time.Time
}

// readListing reads the query of a list. What is empty or unknown is left aside:
// a form sends all its fields, and people share addresses with tails. Days that
// there are not are noted.
func (s *Server) readListing(c *fiber.Ctx, f *models.Faults) listing {
	l := listing{selection: readChoices(c, s.pageWords(c).Language())}
	for _, value := range queried(c, "fact") {
		l.Facts = append(l.Facts, models.Fact(value))
	}
	l.Facts, l.Spoken = set(l.Facts), set(queried(c, "spoken"))
	l.Words = c.Query("q")
	if c.Query("view") == "month" {
		l.month = s.readMonth(c.Query("month"))
		l.From, l.To = l.month, l.month.AddDate(0, 1, 0)
	} else {
		s.readSpan(c, f, &l)
	}
	models.CheckLine(f, "q", l.Words, false, models.MaxLine)
	return l
}

// readSpan reads the days of a list, and where in it somebody is.
func (s *Server) readSpan(c *fiber.Ctx, f *models.Faults, l *listing) {
	l.from, l.to = c.Query("from"), c.Query("to")
	l.From, l.To = s.readDay(f, "from", l.from), s.readDay(f, "to", l.to)
	l.past = l.from == "" && !l.To.IsZero() && !l.To.After(s.midnight(s.Now()))
	if !l.To.IsZero() {
		l.To = l.To.In(s.zone).AddDate(0, 0, 1) // the whole of the last day
	}
	if cursor := c.Query("cursor"); cursor != "" {
		l.after, _ = parsePlace(cursor) // one that is broken begins at the beginning
	}
}

// queried are the values of one parameter of the query that are not empty.
func queried(c *fiber.Ctx, name string) []string {
	var out []string
	for _, value := range c.Context().QueryArgs().PeekMulti(name) {
		if len(value) > 0 {
			out = append(out, string(value))
		}
	}
	return out
}

// readChoices reads the selection that a form sends.
func readChoices(c *fiber.Ctx, language string) selection {
	sel := selection{language: language}
	byQuery(&sel, c)
	sel.Kinds, sel.Associations, sel.Groups, sel.Districts = given(sel.Kinds), given(sel.Associations), given(sel.Groups), given(sel.Districts)
	return sel
}

func given[T ~string](list []T) []T {
	return slices.DeleteFunc(list, func(v T) bool { return v == "" })
}

// readDay reads a day of a form, as its first moment.
func (s *Server) readDay(f *models.Faults, field, text string) time.Time {
	if text != "" && !dateForm.MatchString(text) {
		f.Add(field, "bad-day", "Value", clip(text))
		return time.Time{}
	}
	return readTime(f, field, text, s.zone)
}

// values are the query of the listing, without the place in it.
func (l *listing) values() url.Values {
	v := l.selection.values()
	for name, value := range map[string]string{"q": l.Words, "from": l.from, "to": l.to} {
		if value != "" {
			v.Set(name, value)
		}
	}
	for _, fact := range l.Facts {
		v.Add("fact", string(fact))
	}
	for _, tag := range l.Spoken {
		v.Add("spoken", tag)
	}
	if !l.month.IsZero() {
		v.Set("view", "month")
		v.Set("month", l.month.Format(monthForm))
	}
	return v
}

// values are the query of the selection, without its language.
func (s *selection) values() url.Values {
	v := url.Values{}
	for name, values := range map[string][]string{"association": s.Associations, "group": s.Groups, "district": s.Districts} {
		for _, value := range values {
			v.Add(name, value)
		}
	}
	for _, k := range s.Kinds {
		v.Add("kind", string(k))
	}
	return v
}

// address is the canonical address of a page with that query.
func address(path string, v url.Values) string {
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// listPath is the address of the list with that query.
func listPath(v url.Values) string { return address("/", v) }

// choose are the events of the listing at a moment, all of them and those of the
// page; next is the place where the page after it begins, zero for none.
func (l *listing) choose(m moment) (all, shown []*planner.Listed, next place) {
	filter := l.Filter
	if filter.From.IsZero() && !l.past {
		filter.From = m.now
	}
	all = m.catalogue.Select(filter)
	if l.past {
		slices.Reverse(all)
	}
	for _, e := range all {
		if l.after != (place{}) && (e.ID == l.after.id || l.after.before(e) == l.past) {
			continue
		}
		if len(shown) == listed {
			return all, shown, placeOf(shown[listed-1])
		}
		shown = append(shown, e)
	}
	return all, shown, place{}
}

// days are rows of events under the days on which they are.
type days []day

type day struct {
	// Week is said above the first day of one; empty: nothing is.
	Week    string
	Leaf    leaf
	Heading string
	Date    string // as in 2026-05-01
	Rows    []row
}

// leaf is a day as a leaf of a calendar shows it, beside the words that say it.
type leaf struct {
	Day   int
	Month string // its short name
}

func leafOf(p *locale.Printer, at time.Time) leaf { return leaf{at.Day(), p.ShortMonth(at)} }

// row is one event in a list.
type row struct {
	Href, Title, Language string // the title's language, when it is another than the page's
	Clock, Starts         string
	Kind, Place, Hosts    string
	Drawing               models.Kind // whose mark stands beside it
	Members               string      // that it is for them alone; empty: for all
	Badge, Tone           string      // what must be seen at once, and how loud it is
	Mark                  string      // what has moved of late
}

// rows puts events under their days. What began earlier and goes on stands under
// the first day of the list.
func (s *Server) rows(c *fiber.Ctx, p *locale.Printer, m moment, first time.Time, events []*planner.Listed) days {
	var out days
	for _, l := range events {
		at := l.Starts.In(s.zone)
		if at.Before(first) {
			at = first.In(s.zone)
		}
		date := at.Format(time.DateOnly)
		if len(out) == 0 || out[len(out)-1].Date != date {
			out = append(out, day{Leaf: leafOf(p, at), Heading: s.heading(p, m, at), Date: date})
		}
		d := &out[len(out)-1]
		d.Rows = append(d.Rows, s.row(c, p, m, l, at))
	}
	return out
}

// sayWeeks says above the days of a list in which week they are, by its number
// where one would have to count.
func (s *Server) sayWeeks(p *locale.Printer, m moment, list days) {
	said := ""
	for i := range list {
		at, err := time.ParseInLocation(time.DateOnly, list[i].Date, s.zone)
		if err != nil {
			continue
		}
		if week := s.week(p, m, at); week != said {
			list[i].Week, said = week, week
		}
	}
}

func (s *Server) week(p *locale.Printer, m moment, at time.Time) string {
	year, number := at.ISOWeek()
	for away, key := range []string{"whats-on.this-week", "whats-on.next-week"} {
		if y, n := m.day.In(s.zone).AddDate(0, 0, 7*away).ISOWeek(); y == year && n == number {
			return p.T(key, "Week", number)
		}
	}
	return p.T("whats-on.week", "Week", number)
}

// heading is a day as a list says it.
func (s *Server) heading(p *locale.Printer, m moment, at time.Time) string {
	today := m.day.In(s.zone)
	switch date := at.Format(time.DateOnly); {
	case date == today.Format(time.DateOnly):
		return p.T("whats-on.today", "Day", p.Day(at))
	case date == today.AddDate(0, 0, 1).Format(time.DateOnly):
		return p.T("whats-on.tomorrow", "Day", p.Day(at))
	case at.Year() != today.Year():
		return p.Date(at)
	}
	return p.Day(at)
}

// row is an event under the day of at.
func (s *Server) row(c *fiber.Ctx, p *locale.Printer, m moment, l *planner.Listed, at time.Time) row {
	e := l.Event
	text, language := e.In(p.Language(), s.Language)
	zone := e.Location()
	r := row{
		Href: s.prefix(p.Language()) + m.view.event(e.Slug), Title: text.Title, Language: foreign(p, language),
		Clock: p.Time(e.Starts.In(zone)), Starts: e.Starts.In(zone).Format(time.RFC3339),
		Kind: p.T("kind." + string(e.Kind)), Drawing: e.Kind, Place: e.Place.Name, Hosts: p.List(m.catalogue.HostNames(e.Hosts(), p.Language())),
	}
	if r.Place == "" {
		r.Place = placeLine(p, e)
	}
	if e.Audience == models.Members {
		r.Members = p.T("audience.members")
	}
	switch {
	case at.Format(time.DateOnly) != e.Starts.In(s.zone).Format(time.DateOnly):
		r.Clock = p.T("whats-on.goes-on")
	case e.DateOnly:
		r.Clock, r.Starts = p.T("whats-on.no-hours"), e.Starts.In(zone).Format(time.DateOnly)
	}
	r.Badge, r.Tone = s.badge(c, p, m, e)
	r.Mark = mark(p, m, e)
	return r
}

// mark says what has moved of late of an event that is still to come.
func mark(p *locale.Printer, m moment, e *models.Event) string {
	marks := e.Marks(m.day)
	switch {
	case !m.now.Before(e.Ends):
	case marks.Time && marks.Place:
		return p.T("calendar.new-time-and-place")
	case marks.Time:
		return p.T("calendar.new-time")
	case marks.Place:
		return p.T("calendar.new-place")
	}
	return ""
}

// badge is what somebody must know of an event before she plans her day.
func (s *Server) badge(c *fiber.Ctx, p *locale.Printer, m moment, e *models.Event) (text, tone string) {
	switch e.Status {
	case models.Cancelled, models.Postponed:
		return p.T("status." + string(e.Status)), "off"
	}
	switch seats := s.seats(c, m, e); seats {
	case models.SeatsFew, models.SeatsFull:
		return p.T("seats." + string(seats)), string(seats)
	}
	if e.Preliminary {
		return p.T("whats-on.preliminary"), "quiet"
	}
	return "", ""
}

// placeLine is where an event is, on one line; of a protected one when that is told.
func placeLine(p *locale.Printer, e *models.Event) string {
	if e.SignUp.Protected {
		return p.T("calendar.place-later")
	}
	return e.Place.Line()
}

// seats are the seats of an event in a word. What its facts alone decide is not
// asked of the store.
func (s *Server) seats(c *fiber.Ctx, m moment, e *models.Event) models.Seats {
	if e.Facts().Refusal(m.now) != "" {
		return models.SeatsClosed
	}
	if e.Capacity == 0 {
		return models.SeatsOpen
	}
	seats, _ := s.Planner.Seats(c.UserContext(), e)
	return seats
}

// foreign is the language of a text where it differs from the page's.
func foreign(p *locale.Printer, language string) string {
	if language == p.Language() {
		return ""
	}
	return language
}

// first are at most so many events of a sequence.
func first(events iter.Seq[*planner.Listed], most int) []*planner.Listed {
	var out []*planner.Listed
	for l := range events {
		if out = append(out, l); len(out) == most {
			break
		}
	}
	return out
}

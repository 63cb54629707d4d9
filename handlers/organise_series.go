package handlers

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// The ways in which an event comes again, as the form calls them.
const (
	everyWeek   = "week"
	secondWeek  = "second-week"
	nthOfMonth  = "month"
	lastOfMonth = "month-last"
	ownDates    = "dates"
)

// seriesPage is where an event is made to come again, and where its series is seen.
type seriesPage struct {
	Desk        desk
	Here        string
	ID          string
	Title, When string
	Said        string
	Events      []eventRow // of the series, if there is one
	Possible    bool       // it can come again
	Hows        []choice
	Dates       string
	Count       string
	Until       string
	Skip        bool
	Wrong       []complaint
	Asked       bool // for days
	Days        []seriesDay
	Published   bool
}

// Rows are the events of the series as their template takes them.
func (b seriesPage) Rows(pg page, events []eventRow) rows {
	return rows{Page: pg, Base: b.Desk.Base, Rows: events}
}

// seriesDay is a day on which the event may come again.
type seriesDay struct {
	Days   int
	When   string
	Why    string // what is said of the day: a holiday, an hour that is not there
	Ticked bool
	Barred bool // it cannot be ticked
}

// series is GET /organise/events/{id}/series: with a "how" it lists the days.
func (s *Server) series(c *fiber.Ctx) error {
	e, err := s.editable(c)
	if err != nil {
		return err
	}
	p := s.pageWords(c)
	in := form{}
	for _, name := range []string{"how", "dates", "count", "until", "skip"} {
		in.set(name, c.Query(name))
	}
	body := s.seriesPage(c, p, &e, in)
	if n, err := strconv.Atoi(c.Query("made")); err == nil && n >= 0 {
		body.Said = p.T("series.made", "Count", n)
		if n == 0 { // pressed twice
			body.Said = p.T("series.all-there")
		}
	}
	if body.Asked {
		rule, err := recurrence(in)
		var days []planner.Occurrence
		if err == nil {
			days, err = rule.Occurrences(e.Starts, e.Location())
		}
		if body.Wrong = seriesWrong(p, err); err == nil {
			s.seriesDays(p, &e, days, &body)
		}
	}
	return s.page(c, http.StatusOK, "organise-series", p, e.Title, body)
}

func (s *Server) seriesPage(c *fiber.Ctx, p *locale.Printer, e *models.Event, in form) seriesPage {
	body := seriesPage{
		Desk: s.eventDesk(c, p, e, "series"), ID: e.ID, Title: e.Title, When: when(p, e, s.Now()),
		Possible:  !e.Sketch() && by(c).WorksFor(e.Host) && (e.Status == models.Draft || e.Status == models.Published),
		Asked:     in.has("how"),
		Published: s.Planner.RepeatsPublished(by(c), e),
		Dates:     in.get("dates"), Count: in.get("count"), Until: in.get("until"), Skip: in.has("skip"),
	}
	body.Here = body.Desk.Base + "/events/" + e.ID + "/series"
	if !body.Asked {
		body.Skip, body.Count = true, "10"
	}
	for _, l := range s.Planner.Catalogue().Series(e.Series) {
		body.Events = append(body.Events, s.eventRow(c, p, l.Event))
	}
	local := e.Starts.In(e.Location())
	chosen := in.get("how")
	add := func(how, label string) {
		body.Hows = append(body.Hows, choice{how, label, how == chosen || chosen == "" && how == everyWeek})
	}
	weekday := p.Weekday(local)
	add(everyWeek, p.T("series.how.week", "Weekday", weekday))
	add(secondWeek, p.T("series.how.second-week", "Weekday", weekday))
	if nth := (local.Day() + 6) / 7; nth < 5 {
		add(nthOfMonth, p.T("series.nth."+strconv.Itoa(nth), "Weekday", weekday))
	}
	if local.AddDate(0, 0, 7).Month() != local.Month() {
		add(lastOfMonth, p.T("series.how.month-last", "Weekday", weekday))
	}
	add(ownDates, p.T("series.how.dates"))
	return body
}

// seriesDays fills in the days on which an event would come again.
func (s *Server) seriesDays(p *locale.Printer, e *models.Event, days []planner.Occurrence, body *seriesPage) {
	var there []int
	for _, l := range s.Planner.Catalogue().Series(e.Series) {
		there = append(there, models.Days(e.Starts, l.Starts, e.Location()))
	}
	for _, o := range days {
		then := e.DaysOn(o.Days)
		row := seriesDay{Days: o.Days, When: when(p, &then, s.Now()), Ticked: !o.Left}
		if o.Holiday != "" {
			row.Why = p.T("series.holiday." + o.Holiday)
		}
		switch {
		case slices.Contains(there, o.Days):
			row.Why, row.Barred, row.Ticked = p.T("series.there"), true, true
		case o.Skipped:
			row.Why, row.Barred = p.T("series.skipped", "Hour", p.Time(e.Starts.In(e.Location()))), true
		}
		body.Days = append(body.Days, row)
	}
}

// recurrence reads how an event is to come again.
func recurrence(in form) (planner.Recurrence, error) {
	r := planner.Recurrence{SkipHolidays: in.has("skip")}
	var f models.Faults
	day := func(name, text string) time.Time {
		t, err := time.Parse(time.DateOnly, text)
		if err != nil {
			f.Add(name, "bad-date", "Value", clip(text))
		}
		return t
	}
	switch in.get("how") {
	case everyWeek:
		r.Weeks = 1
	case secondWeek:
		r.Weeks = 2
	case nthOfMonth:
		r.Monthly = true
	case lastOfMonth:
		r.Monthly, r.Last = true, true
	case ownDates:
		for _, text := range strings.FieldsFunc(in.get("dates"), func(c rune) bool { return strings.ContainsRune(" \n\t,;", c) }) {
			r.Dates = append(r.Dates, day("dates", text))
		}
		if len(r.Dates) == 0 {
			f.Add("dates", "required")
		}
		return r, f.Err()
	default:
		f.Add("how", "required")
	}
	if in.has("until") {
		r.Until = day("until", in.get("until"))
	} else if r.Count = in.number(&f, "count"); r.Count < 2 || r.Count > models.MaxSeries {
		f.Add("count", "out-of-range", "From", 2, "To", models.MaxSeries)
	}
	return r, f.Err()
}

// seriesWrong are the lines of the summary of what is wrong.
func seriesWrong(p *locale.Printer, err error) (out []complaint) {
	for name, text := range wrongInputs(p, err) {
		out = append(out, complaint{"#" + name, p.T("series.field." + name), text})
	}
	return out
}

// takeSeries is POST /organise/events/{id}/series: the event comes again on the days
// that are ticked.
func (s *Server) takeSeries(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	var days []int
	for _, text := range in.list("days") {
		if n, err := strconv.Atoi(text); err == nil && n > 0 {
			days = append(days, n)
		}
	}
	made, err := s.Planner.Repeat(c.UserContext(), by(c), c.Params("event"), days)
	if codeOf(err) == models.CodeInvalid {
		e, gerr := s.editable(c)
		if gerr != nil {
			return gerr
		}
		p := s.pageWords(c)
		body := s.seriesPage(c, p, &e, form{})
		if body.Wrong = seriesWrong(p, err); len(body.Wrong) == 0 {
			body.Wrong = []complaint{{Text: sentence(p, err)}}
		}
		return s.page(c, http.StatusUnprocessableEntity, "organise-series", p, e.Title, body)
	}
	if err != nil {
		return err
	}
	return c.Redirect(s.here(c, "/organise/events/"+c.Params("event")+"/series?made="+strconv.Itoa(made.New)), http.StatusSeeOther)
}

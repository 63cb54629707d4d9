package handlers

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/planner"
)

// monthForm is how an address names a month.
const monthForm = "2006-01"

// How many events of a month its page lists, and how many a day of the table.
const (
	listedInMonth = 200
	shownInDay    = 3
)

// monthView is a month as a table of weeks.
type monthView struct {
	Name, Here     string // Here as an address names it
	Earlier, Later link
	Weekdays       []weekday
	Weeks          []week
}

type weekday struct{ Name, Short string }

// week is a row of the table, under its ISO number.
type week struct {
	Number int
	Days   []monthDay
}

// monthDay is a day of the table. Events are the first few, More how many there
// are beside them; Href leads to all, empty when there is nothing.
type monthDay struct {
	Number     int
	Say, Href  string
	Out, Today bool // of another month; today
	Count      int
	Events     []row
	More       int
}

// Dots are one for each event, as far as a telephone has room for them.
func (d monthDay) Dots() []struct{} { return make([]struct{}, min(d.Count, shownInDay)) }

// readMonth is the first moment of a month of an address; this month where that
// names none.
func (s *Server) readMonth(text string) time.Time {
	at, err := time.ParseInLocation(monthForm, text, s.zone)
	if now := s.Now().In(s.zone); err != nil || at.Year() < 2000 || at.Year() > now.Year()+20 {
		return time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, s.zone)
	}
	return at
}

// drawMonth is the table of a month and what stands under it.
func (s *Server) drawMonth(c *fiber.Ctx, p *locale.Printer, m moment, l *listing, all []*planner.Listed) (*monthView, days) {
	prefix, v := s.prefix(p.Language()), l.values()
	list := s.rows(c, p, m, l.month, all[:min(len(all), listedInMonth)])
	byDate, count := map[string]*day{}, map[string]int{}
	for i := range list {
		byDate[list[i].Date] = &list[i]
	}
	for _, e := range all {
		count[later(e.Starts, l.month).In(s.zone).Format(time.DateOnly)]++
	}
	to := func(away int) link {
		other := l.month.AddDate(0, away, 0)
		return link{p.Month(other), prefix + listPath(with(v, "month", other.Format(monthForm)))}
	}
	view := &monthView{Name: p.Month(l.month), Here: l.month.Format(monthForm), Earlier: to(-1), Later: to(1)}
	// The table begins with the Monday before the first, or with that.
	at := mondayOf(l.month)
	today := m.day.In(s.zone).Format(time.DateOnly)
	for n := range 7 {
		view.Weekdays = append(view.Weekdays, weekday{p.Weekday(at.AddDate(0, 0, n)), p.ShortWeekday(at.AddDate(0, 0, n))})
	}
	for at.Before(l.To) {
		_, number := at.ISOWeek()
		w := week{Number: number}
		for range 7 {
			date := at.Format(time.DateOnly)
			d := monthDay{Number: at.Day(), Out: at.Month() != l.month.Month(), Today: date == today, Count: count[date]}
			if d.Count > 0 {
				d.Say, d.Href = p.T("whats-on.in-day", "Count", d.Count, "Day", p.Day(at)), "#d"+date
				if listed := byDate[date]; listed != nil {
					d.Events = listed.Rows[:min(len(listed.Rows), shownInDay)]
				} else {
					one := with(with(cleared(v, "view", "month"), "from", date), "to", date)
					d.Href = prefix + listPath(one)
				}
				d.More = d.Count - len(d.Events)
			}
			w.Days = append(w.Days, d)
			at = at.AddDate(0, 0, 1)
		}
		view.Weeks = append(view.Weeks, w)
	}
	return view, list
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

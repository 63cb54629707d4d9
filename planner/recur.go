package planner

import (
	"slices"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/se"
	"github.com/teambition/rrule-go"

	"samling/models"
)

// Recurrence is how an event comes again.
type Recurrence struct {
	// Weeks: on the same weekday, every so many weeks; 0: every week.
	Weeks int
	// Monthly: on the same weekday of the month instead, as the first Tuesday; Last
	// counts from the month's end.
	Monthly, Last bool
	// Dates are days of their own choice, each as midnight in UTC.
	Dates []time.Time
	// Count is how many there are, the first included; 0: as many as there is room
	// for before Until.
	Count int
	// Until is the last day, as midnight in UTC; zero: none.
	Until time.Time
	// SkipHolidays leaves out public holidays, and the eves that are kept like them.
	SkipHolidays bool
}

// Occurrence is a day on which an event comes again, or would.
type Occurrence struct {
	Days   int       // after the first
	Starts time.Time // by the clock of the first
	// Holiday is the public holiday that it is on, by the name that its sentence in
	// locale has; empty: none.
	Holiday string
	// Skipped: the clocks skip the hour of the first on that day.
	Skipped bool
	// Left: it is left out.
	Left bool
}

// recurLasts is how far ahead a series reaches.
const recurLasts = 2 * 366

// Occurrences are the days after the first on which something comes again that
// starts at a time in a zone, at most so many that there are models.MaxSeries with
// it.
func (r Recurrence) Occurrences(starts time.Time, zone *time.Location) ([]Occurrence, error) {
	y, m, d := starts.In(zone).Date()
	first := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	days, err := r.days(first)
	if err != nil {
		return nil, err
	}
	most := models.MaxSeries
	if r.Count > 0 {
		most = min(most, r.Count)
	}
	var out []Occurrence
	for kept := 1; kept < most; {
		day, ok := days()
		n := int(day.Sub(first) / (24 * time.Hour))
		if !ok || n > recurLasts || !r.Until.IsZero() && day.After(r.Until) {
			break
		}
		if n <= 0 {
			continue
		}
		o := Occurrence{Days: n, Starts: models.DaysOn(starts, n, zone), Holiday: Holiday(day), Skipped: models.Skipped(starts, n, zone)}
		if o.Left = o.Skipped || r.SkipHolidays && o.Holiday != ""; !o.Left {
			kept++
		}
		out = append(out, o)
	}
	return out, nil
}

// days are the dates, in their order.
func (r Recurrence) days(first time.Time) (func() (time.Time, bool), error) {
	if len(r.Dates) > 0 {
		dates := slices.Clone(r.Dates)
		slices.SortFunc(dates, time.Time.Compare)
		dates = slices.Compact(dates)
		return func() (day time.Time, ok bool) {
			if len(dates) == 0 {
				return day, false
			}
			day, dates = dates[0], dates[1:]
			return day, true
		}, nil
	}
	option := rrule.ROption{Freq: rrule.WEEKLY, Interval: max(1, r.Weeks), Dtstart: first}
	if r.Monthly {
		nth := (first.Day() + 6) / 7
		if r.Last {
			nth = -1
		}
		days := []rrule.Weekday{rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU}
		option.Freq, option.Interval = rrule.MONTHLY, 1
		option.Byweekday = []rrule.Weekday{days[(int(first.Weekday())+6)%7].Nth(nth)}
	}
	rule, err := rrule.NewRRule(option)
	if err != nil {
		return nil, err
	}
	return rule.Iterator(), nil
}

// holiday is a public holiday, or an eve that is kept like one. The library says
// them in Swedish alone, so each has a name of ours.
type holiday struct {
	name string
	rule *cal.Holiday
}

func holidays() []holiday {
	return []holiday{
		{"new-year", se.Nyarsdagen}, {"epiphany", se.TrettondedagJul}, {"good-friday", se.Langfredagen}, {"easter", se.Paskdagen}, {"easter-monday", se.AnnandagPask},
		{"may-day", se.ForstaMaj}, {"ascension", se.KristiHimmelfardsdag}, {"whit-sunday", se.Pingstdagen}, {"national-day", se.Nationaldagen},
		{"midsummer-eve", se.Midsommarafton}, {"midsummer", se.Midsommardagen}, {"all-saints", se.AllaHelgonsDag},
		{"christmas-eve", se.Julafton}, {"christmas", se.Juldagen}, {"boxing-day", se.AnnandagJul}, {"new-year-eve", se.Nyarsafton},
	}
}

// Holiday is the name of the public holiday, or of the eve that is kept like one,
// that a date is, as Occurrence has it; empty: it is neither.
func Holiday(day time.Time) string {
	for _, h := range holidays() {
		if actual, _ := h.rule.Calc(day.Year()); actual.Month() == day.Month() && actual.Day() == day.Day() {
			return h.name
		}
	}
	return ""
}

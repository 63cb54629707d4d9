package locale

import (
	"strconv"
	"time"
)

// calendar is what a language calls days and how it writes hours.
type calendar struct {
	weekdays []string // from Sunday, as time.Weekday counts
	days     []string // names of the weekdays, where there is little room
	months   []string // from January
	short    []string // names of the months, where there is little room
	clock    string   // a layout for time.Format
}

// Date is "onsdag 4 mars 2026", in t's own zone.
func (p *Printer) Date(t time.Time) string { return p.Day(t) + " " + t.Format("2006") }

// Day is "onsdag 4 mars", in t's own zone.
func (p *Printer) Day(t time.Time) string { return string(p.AppendDay(nil, t)) }

// AppendDay adds what Day says to b.
func (p *Printer) AppendDay(b []byte, t time.Time) []byte {
	b = append(append(b, p.calendar.weekdays[t.Weekday()]...), ' ')
	b = append(strconv.AppendInt(b, int64(t.Day()), 10), ' ')
	return append(b, p.calendar.months[t.Month()-1]...)
}

// Month is "mars 2026", in t's own zone.
func (p *Printer) Month(t time.Time) string {
	return p.calendar.months[t.Month()-1] + " " + t.Format("2006")
}

// Weekday is "onsdag", in t's own zone.
func (p *Printer) Weekday(t time.Time) string { return p.calendar.weekdays[t.Weekday()] }

// ShortWeekday is "ons", in t's own zone.
func (p *Printer) ShortWeekday(t time.Time) string { return p.calendar.days[t.Weekday()] }

// ShortMonth is "mars" or "nov", in t's own zone.
func (p *Printer) ShortMonth(t time.Time) string { return p.calendar.short[t.Month()-1] }

// Time is "18.00", in t's own zone.
func (p *Printer) Time(t time.Time) string { return t.Format(p.calendar.clock) }

// AppendTime adds what Time says to b.
func (p *Printer) AppendTime(b []byte, t time.Time) []byte {
	return t.AppendFormat(b, p.calendar.clock)
}

// When is a span as one says it: "onsdag 4 mars kl. 18.00–20.00". Both times are
// already in the event's zone. With dateOnly they are midnights, ends the one
// after the last day. A zero ends leaves the end open. Years stand only where
// the span crosses from one into the next.
func (p *Printer) When(starts, ends time.Time, dateOnly bool) string {
	day := p.Day
	last := ends
	if dateOnly {
		last = ends.AddDate(0, 0, -1)
	}
	if !ends.IsZero() && starts.Year() != last.Year() {
		day = p.Date
	}
	switch oneDay := ends.IsZero() || sameDay(starts, last); {
	case dateOnly && (oneDay || last.Before(starts)):
		return day(starts)
	case dateOnly:
		return p.T("date.until", "From", day(starts), "To", day(last))
	case ends.IsZero() || ends.Equal(starts):
		return p.at(day(starts), starts)
	case oneDay || ends.Sub(starts) < 12*time.Hour:
		// A party that ends at one in the night is said by its evening.
		return p.T("date.between", "Day", day(starts), "From", p.Time(starts), "To", p.Time(ends))
	}
	return p.T("date.until", "From", p.at(day(starts), starts), "To", p.at(day(ends), ends))
}

func (p *Printer) at(day string, t time.Time) string {
	return p.T("date.at", "Day", day, "Time", p.Time(t))
}

func sameDay(a, b time.Time) bool {
	return a.YearDay() == b.YearDay() && a.Year() == b.Year()
}

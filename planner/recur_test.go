package planner

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/rickar/cal/v2/se"
	"github.com/teambition/rrule-go"

	"samling/models"
)

var stockholm = models.Zone("Europe/Stockholm")

func dates(all []Occurrence) (out []string) {
	for _, o := range all {
		text := o.Starts.In(stockholm).Format("Mon 2006-01-02 15:04")
		if o.Holiday != "" {
			text += " " + o.Holiday
		}
		if o.Skipped {
			text += " skipped"
		}
		if o.Left {
			text = "- " + text
		}
		out = append(out, text)
	}
	return out
}

func TestRecurrence_Occurrences(t *testing.T) {
	day := func(m time.Month, d int) time.Time { return time.Date(2026, m, d, 0, 0, 0, 0, time.UTC) }
	evening := time.Date(2026, 3, 18, 18, 0, 0, 0, stockholm) // a Wednesday, the third
	for name, c := range map[string]struct {
		rule  Recurrence
		first time.Time
		want  []string
	}{
		"every second Wednesday, over the change of the clocks": {
			Recurrence{Weeks: 2, Count: 3}, evening, []string{"Wed 2026-04-01 18:00", "Wed 2026-04-15 18:00"},
		},
		"every week until a day": {
			Recurrence{Weeks: 1, Until: day(4, 1)}, evening, []string{"Wed 2026-03-25 18:00", "Wed 2026-04-01 18:00"},
		},
		"the third Wednesday of the month": {
			Recurrence{Monthly: true, Count: 4}, evening, []string{"Wed 2026-04-15 18:00", "Wed 2026-05-20 18:00", "Wed 2026-06-17 18:00"},
		},
		"the last Tuesday of the month": {
			Recurrence{Monthly: true, Last: true, Count: 3}, time.Date(2026, 3, 31, 18, 0, 0, 0, stockholm), []string{"Tue 2026-04-28 18:00", "Tue 2026-05-26 18:00"},
		},
		"fifth weekdays are not in every month": {
			Recurrence{Monthly: true, Count: 3}, time.Date(2026, 3, 31, 18, 0, 0, 0, stockholm), []string{"Tue 2026-06-30 18:00", "Tue 2026-09-29 18:00"},
		},
		"a list, in any order, twice": {
			Recurrence{Dates: []time.Time{day(5, 4), day(3, 20), day(5, 4), day(3, 18), day(3, 1)}}, evening, []string{"Fri 2026-03-20 18:00", "Mon 2026-05-04 18:00"},
		},
		"without red days there are as many all the same": {
			Recurrence{Weeks: 1, Count: 3, SkipHolidays: true}, time.Date(2026, 12, 18, 18, 0, 0, 0, stockholm),
			[]string{"- Fri 2026-12-25 18:00 christmas", "- Fri 2027-01-01 18:00 new-year", "Fri 2027-01-08 18:00", "Fri 2027-01-15 18:00"},
		},
		"red days that nobody minds are named": {
			Recurrence{Weeks: 1, Count: 2}, time.Date(2026, 12, 30, 18, 0, 0, 0, stockholm), []string{"Wed 2027-01-06 18:00 epiphany"},
		},
		"an hour that the clocks skip": {
			Recurrence{Weeks: 1, Count: 2}, time.Date(2026, 3, 22, 2, 30, 0, 0, stockholm), []string{"- Sun 2026-03-29 03:30 skipped", "Sun 2026-04-05 02:30 easter"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			wantList(t, name, dates(must(c.rule.Occurrences(c.first, stockholm))), c.want...)
		})
	}
}

func TestRecurrence_Bounded(t *testing.T) {
	starts := time.Date(2026, 3, 18, 18, 0, 0, 0, stockholm)
	if n := len(must(Recurrence{Weeks: 1}.Occurrences(starts, stockholm))); n != models.MaxSeries-1 {
		t.Errorf("without an end it comes %d times again", n)
	}
	if n := len(must(Recurrence{Monthly: true, Count: 1000}.Occurrences(starts, stockholm))); n > 24 {
		t.Errorf("it comes %d months ahead", n)
	}
}

// What we find by calendar dates is what the rules of RFC 5545 say in local time,
// over every change of the clocks.
func TestRecurrence_AsRulesSay(t *testing.T) {
	weekdays := []rrule.Weekday{rrule.SU, rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA}
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same every time
	for range 300 {
		starts := time.Date(2024+random.IntN(4), time.Month(1+random.IntN(12)), 1+random.IntN(31), 4+random.IntN(20), random.IntN(60), 0, 0, stockholm)
		rule := Recurrence{Weeks: 1 + random.IntN(4), Count: 2 + random.IntN(20)}
		option := rrule.ROption{Freq: rrule.WEEKLY, Interval: rule.Weeks, Count: rule.Count, Dtstart: starts}
		if random.IntN(2) == 0 {
			rule.Monthly, rule.Weeks = true, 0
			option.Freq, option.Interval = rrule.MONTHLY, 1
			option.Byweekday = []rrule.Weekday{weekdays[starts.Weekday()].Nth((starts.Day() + 6) / 7)}
		}
		name := fmt.Sprintf("%+v from %v", rule, starts)
		all := must(rrule.NewRRule(option)).All()
		found := must(rule.Occurrences(starts, stockholm))
		for i, o := range found {
			if !o.Starts.Equal(all[i+1]) {
				t.Fatalf("%s: the %dth is %v, want %v", name, i+2, o.Starts.In(stockholm), all[i+1])
			}
		}
		if want := all[len(all)-1]; len(found) != len(all)-1 && want.Sub(starts) < 700*24*time.Hour {
			t.Fatalf("%s: %d times, want %d", name, len(found)+1, len(all))
		}
	}
}

func TestHoliday(t *testing.T) {
	for date, want := range map[string]string{
		"2026-01-06": "epiphany", "2026-04-03": "good-friday", "2026-04-05": "easter", "2026-04-06": "easter-monday", "2026-05-01": "may-day",
		"2026-05-14": "ascension", "2026-05-24": "whit-sunday", "2026-06-06": "national-day", "2026-06-19": "midsummer-eve",
		"2026-06-20": "midsummer", "2026-10-31": "all-saints", "2026-12-24": "christmas-eve", "2026-12-26": "boxing-day", "2026-12-31": "new-year-eve",
		"2026-03-18": "", "2026-06-18": "",
	} {
		if got := Holiday(must(time.Parse(time.DateOnly, date))); got != want {
			t.Errorf("%s is %q, want %q", date, got, want)
		}
	}
	// A day that becomes a holiday by law comes with the library.
	for _, rule := range se.Holidays {
		if !slices.ContainsFunc(holidays(), func(h holiday) bool { return h.rule == rule }) {
			t.Errorf("%s has no name of ours", rule.Name)
		}
	}
}

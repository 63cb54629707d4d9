package ics

import (
	"fmt"
	"strings"
	"testing"
	"time"

	ical "github.com/arran4/golang-ical"
	"github.com/teambition/rrule-go"
)

// observance is a STANDARD or DAYLIGHT as a reader expands it.
type observance struct {
	at     time.Time
	offset int
}

// expand follows the rules of a VTIMEZONE with rrule-go, knowing nothing of where
// they came from.
func expand(t *testing.T, z *ical.VTimezone) []observance {
	t.Helper()
	var out []observance
	for _, c := range z.Components {
		value := map[string]string{}
		for _, p := range c.UnknownPropertiesIANAProperties() {
			value[p.IANAToken] = p.Value
		}
		option, err := rrule.StrToROption(value["RRULE"])
		if err != nil {
			t.Fatal(err)
		}
		if option.Dtstart, err = time.Parse(localForm, value["DTSTART"]); err != nil {
			t.Fatal(err)
		}
		option.Until = time.Date(2047, 1, 1, 0, 0, 0, 0, time.UTC)
		rule, err := rrule.NewRRule(*option)
		if err != nil {
			t.Fatal(err)
		}
		for _, wall := range rule.All() {
			out = append(out, observance{wall.Add(-seconds(t, value["TZOFFSETFROM"])), int(seconds(t, value["TZOFFSETTO"]).Seconds())})
		}
	}
	return out
}

func seconds(t *testing.T, offset string) time.Duration {
	t.Helper()
	var sign rune
	var h, m int
	if _, err := fmt.Sscanf(offset, "%c%02d%02d", &sign, &h, &m); err != nil {
		t.Fatal(err)
	}
	d := time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
	if sign == '-' {
		return -d
	}
	return d
}

func TestZone_AgreesWithTzdataEveryHour(t *testing.T) {
	for _, name := range []string{"Europe/Stockholm", "Europe/London", "Europe/Dublin", "Europe/Helsinki", "America/New_York", "America/Los_Angeles", "Australia/Sydney", "Pacific/Auckland"} {
		t.Run(name, func(t *testing.T) {
			loc, err := time.LoadLocation(name)
			if err != nil {
				t.Fatal(err)
			}
			z := newZone(name, loc)
			if len(z.rules) != 2 {
				t.Fatalf("no two rules: %+v", z)
			}
			all := expand(t, z.component())
			for hour := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC); hour.Year() <= 2045; hour = hour.Add(time.Hour) {
				latest := observance{}
				for _, o := range all {
					if !o.at.After(hour) && !o.at.Before(latest.at) {
						latest = o
					}
				}
				if _, want := hour.In(loc).Zone(); latest.offset != want {
					t.Fatalf("%s: offset %d by the VTIMEZONE, %d by tzdata", hour, latest.offset, want)
				}
			}
		})
	}
}

func TestZone_WithoutYearlyRulesIsWrittenInUTC(t *testing.T) {
	for _, name := range []string{"Africa/Casablanca", "Asia/Tokyo", "UTC", "Etc/GMT+3", "America/Sao_Paulo", "Africa/Cairo", "America/Nuuk"} {
		loc, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		if z := newZone(name, loc); z.writes(time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)) {
			t.Errorf("%s is written with rules: %v", name, z.component().Components)
		}
	}
}

// A reader takes the first of two wall clocks, Go the second, and one is an hour
// wrong before each change: what is near is never written as a wall clock, and
// everything else always is.
func TestZone_WritesNothingNearAChange(t *testing.T) {
	for name, c := range map[string]struct {
		change time.Time
		unsure time.Duration
	}{
		"Europe/Stockholm": {time.Date(2026, 10, 25, 1, 0, 0, 0, time.UTC), 3 * time.Hour},
		"America/New_York": {time.Date(2026, 3, 8, 7, 0, 0, 0, time.UTC), 6 * time.Hour},
	} {
		z := (&zones{}).named(name)
		for minute := c.change.Add(-24 * time.Hour); minute.Before(c.change.Add(24 * time.Hour)); minute = minute.Add(time.Minute) {
			near := !minute.Before(c.change.Add(-c.unsure)) && minute.Before(c.change.Add(c.unsure))
			if z.writes(minute) == near {
				t.Fatalf("%s: %s is near a change: %v; written: %v", name, minute, near, z.writes(minute))
			}
		}
	}
	z := (&zones{}).named("Europe/Stockholm")
	for _, year := range []int{2026, 2040, 2044, 2099} {
		for day := range 366 {
			noon := time.Date(year, 1, 1+day, 12, 0, 0, 0, time.UTC)
			if !z.writes(noon) {
				t.Fatalf("%s is not written", noon)
			}
		}
	}
	if z.writes(time.Date(1996, 6, 1, 12, 0, 0, 0, time.UTC)) {
		t.Error("a time before the rules held is written by them")
	}
}

// Beyond 2037 Go's ZoneBounds stands still on the last day of leap years, which
// once kept the search for rules going for ever.
func TestZone_LeapYearsAfterTheTable(t *testing.T) {
	loc, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		t.Fatal(err)
	}
	for year := 2036; year <= lastYear; year++ {
		var got []string
		for _, c := range changes(loc, year) {
			got = append(got, c.first.Weekday().String()+" "+c.first.Month().String())
		}
		if s := strings.Join(got, ", "); s != "Sunday March, Sunday October" {
			t.Errorf("%d: %s", year, s)
		}
	}
}

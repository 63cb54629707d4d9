package handlers

import (
	"testing"
	"time"

	"samling/models"
)

// What a form shows of a moment leads back to it, in any night of the year.
func FuzzMoment(f *testing.F) {
	for _, seed := range [][2]string{
		{"2026-03-04", "18"}, {"2026-03-04", "kl. 18.30"}, {"2026-03-04", "klockan 18 30"}, {"2026-03-04", "24.00"}, {"2026-03-29", "02.30"}, {"2026-10-25", "02:30"}, {"2026-10-25", "02:30+01:00"},
		{"", "2026-10-25T02:30:00+02:00"}, {"2026-02-30", "24"}, {"x", "9999"}, {"2026-03-04", ""},
	} {
		f.Add(seed[0], seed[1])
	}
	p := swedish().In("sv")
	zone := models.Zone("Europe/Stockholm")
	f.Fuzz(func(t *testing.T, date, clock string) {
		var faults models.Faults
		at := readMoment(&faults, "starts", date, clock, zone)
		if faults.Err() != nil || at.IsZero() {
			if !at.IsZero() {
				t.Fatalf("%q %q is wrong, and yet %s", date, clock, at)
			}
			return
		}
		at = at.Truncate(time.Minute) // forms show no seconds
		again := readMoment(&faults, "starts", writeDate(at, zone), writeClock(p, at, zone), zone)
		if err := faults.Err(); err != nil || !again.Equal(at) {
			t.Fatalf("%q %q is %s, shown as %s %s, which is %s, %v", date, clock, at, writeDate(at, zone), writeClock(p, at, zone), again, err)
		}
	})
}

func TestSpan_AsPeopleFillItIn(t *testing.T) {
	zone := models.Zone("Europe/Stockholm")
	at := func(text string) time.Time { return must(time.ParseInLocation("2006-01-02 15:04", text, zone)) }
	for name, tc := range map[string]struct {
		in           [4]string // first day, from, last day, to
		dateOnly     bool
		starts, ends time.Time
	}{
		"an evening":           {[4]string{"2026-03-04", "18", "", "20"}, false, at("2026-03-04 18:00"), at("2026-03-04 20:00")},
		"no end":               {[4]string{"2026-03-04", "18", "", ""}, false, at("2026-03-04 18:00"), at("2026-03-04 20:00")},
		"past midnight":        {[4]string{"2026-03-04", "20", "", "01.30"}, false, at("2026-03-04 20:00"), at("2026-03-05 01:30")},
		"until 24":             {[4]string{"2026-03-04", "18", "", "24"}, false, at("2026-03-04 18:00"), at("2026-03-05 00:00")},
		"from midnight to 24":  {[4]string{"2026-03-04", "0", "", "kl. 24.00"}, false, at("2026-03-04 00:00"), at("2026-03-05 00:00")},
		"until 24 of a day":    {[4]string{"2026-12-30", "18", "2026-12-31", "24:00"}, false, at("2026-12-30 18:00"), at("2027-01-01 00:00")},
		"a mistyped end":       {[4]string{"2026-03-04", "18", "", "17"}, false, at("2026-03-04 18:00"), at("2026-03-04 17:00")},
		"early in the morning": {[4]string{"2026-03-04", "4", "", "5"}, false, at("2026-03-04 04:00"), at("2026-03-04 05:00")},
		"a weekend":            {[4]string{"2026-03-06", "18", "2026-03-08", "14"}, false, at("2026-03-06 18:00"), at("2026-03-08 14:00")},
		"a day":                {[4]string{"2026-03-29", "", "", ""}, true, at("2026-03-29 00:00"), at("2026-03-30 00:00")},
		"three days":           {[4]string{"2026-03-28", "", "2026-03-30", ""}, true, at("2026-03-28 00:00"), at("2026-03-31 00:00")},
	} {
		t.Run(name, func(t *testing.T) {
			var f models.Faults
			in := form{"starts.date": {tc.in[0]}, "starts.time": {tc.in[1]}, "ends.date": {tc.in[2]}, "ends.time": {tc.in[3]}}
			starts, ends := readSpan(&f, in, tc.dateOnly, false, 2*time.Hour, zone)
			if err := f.Err(); err != nil || !starts.Equal(tc.starts) || !ends.Equal(tc.ends) {
				t.Errorf("%s to %s, %v", starts.In(zone), ends.In(zone), err)
			}
		})
	}
}

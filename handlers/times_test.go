package handlers

import (
	"errors"
	"testing"
	"time"

	"samling/models"
)

func TestReadTime(t *testing.T) {
	stockholm := must(time.LoadLocation("Europe/Stockholm"))
	saoPaulo := must(time.LoadLocation("America/Sao_Paulo"))
	lordHowe := must(time.LoadLocation("Australia/Lord_Howe"))
	apia := must(time.LoadLocation("Pacific/Apia"))
	for _, s := range []struct {
		name, text string
		zone       *time.Location
		want, code string // want in UTC
	}{
		{"winter", "2026-01-15T18:00", stockholm, "2026-01-15T17:00:00Z", ""},
		{"summer", "2026-07-15T18:00", stockholm, "2026-07-15T16:00:00Z", ""},
		{"with seconds", "2026-07-15T18:00:30", stockholm, "2026-07-15T16:00:30Z", ""},
		{"with parts of them", "2026-07-15T18:00:30.25", stockholm, "2026-07-15T16:00:30.25Z", ""},
		{"with a space", "2026-07-15 18:00", stockholm, "2026-07-15T16:00:00Z", ""},
		{"an offset wins over the zone", "2026-07-15T18:00:00+05:30", stockholm, "2026-07-15T12:30:00Z", ""},
		{"UTC", "2026-07-15t18:00:00z", stockholm, "2026-07-15T18:00:00Z", ""},
		{"a day", "2026-07-15", stockholm, "2026-07-14T22:00:00Z", ""},
		{"before the gap", "2026-03-29T01:59", stockholm, "2026-03-29T00:59:00Z", ""},
		{"in the gap", "2026-03-29T02:00", stockholm, "", "no-such-time"},
		{"at its end", "2026-03-29T02:59", stockholm, "", "no-such-time"},
		{"behind it", "2026-03-29T03:00", stockholm, "2026-03-29T01:00:00Z", ""},
		{"before the fold", "2026-10-25T01:59", stockholm, "2026-10-24T23:59:00Z", ""},
		{"in the fold", "2026-10-25T02:00", stockholm, "", "time-twice"},
		{"behind it", "2026-10-25T03:00", stockholm, "2026-10-25T02:00:00Z", ""},
		{"in the fold, with an offset", "2026-10-25T02:00:00+02:00", stockholm, "2026-10-25T00:00:00Z", ""},
		{"a midnight that did not exist", "2018-11-04", saoPaulo, "", "no-such-time"},
		{"a gap of half an hour", "2026-10-04T02:15", lordHowe, "", "no-such-time"},
		{"a day that did not exist", "2011-12-30T12:00", apia, "", "no-such-time"},
		{"30 February", "2026-02-30", stockholm, "", "no-such-date"},
		{"29 February of another year", "2027-02-29T10:00Z", stockholm, "", "no-such-date"},
		{"29 February", "2028-02-29T10:00Z", stockholm, "2028-02-29T10:00:00Z", ""},
		{"month 13", "2026-13-01", stockholm, "", "no-such-date"},
		{"24 o'clock", "2026-01-01T24:00", stockholm, "", "no-such-date"},
		{"a leap second", "2026-12-31T23:59:60Z", stockholm, "", "no-such-date"},
		{"words", "i morgon", stockholm, "", "not-a-time"},
		{"American", "03/04/2026", stockholm, "", "not-a-time"},
		{"without zeros", "2026-3-4", stockholm, "", "not-a-time"},
		{"an offset without hours", "2026-07-15+02:00", stockholm, "", "not-a-time"},
		{"an impossible offset", "2026-07-15T18:00+25:00", stockholm, "", "not-a-time"},
		{"nothing", "", stockholm, "0001-01-01T00:00:00Z", ""},
	} {
		t.Run(s.name, func(t *testing.T) {
			var f models.Faults
			got := readTime(&f, "starts", s.text, s.zone)
			code := ""
			if ours, ok := errors.AsType[*models.Error](f.Err()); ok {
				code = ours.Fields[0].Code
			}
			if code != s.code {
				t.Fatalf("code %q, want %q (got %v)", code, s.code, got)
			}
			if code == "" && got.UTC().Format(time.RFC3339Nano) != s.want {
				t.Errorf("got %v, want %s", got.UTC(), s.want)
			}
		})
	}
}

// The two choices that a refused hour is answered with can both be sent, and lie
// on either side of the change.
func TestReadTime_ChoicesAreTimes(t *testing.T) {
	stockholm := must(time.LoadLocation("Europe/Stockholm"))
	for _, text := range []string{"2026-03-29T02:30", "2026-10-25T02:30"} {
		var f models.Faults
		readTime(&f, "starts", text, stockholm)
		with := f.Err().(*models.Error).Fields[0].With
		var again models.Faults
		first := readTime(&again, "x", with["First"].(string), stockholm)
		second := readTime(&again, "x", with["Second"].(string), stockholm)
		if again.Err() != nil || second.Sub(first) != time.Hour {
			t.Errorf("%s: %v and %v, %v", text, first, second, again.Err())
		}
	}
}

func FuzzReadTime(f *testing.F) {
	for _, text := range []string{"2026-03-29T02:30", "2026-10-25T02:30:00.5+02:00", "2026-02-30", "x"} {
		f.Add(text)
	}
	stockholm := must(time.LoadLocation("Europe/Stockholm"))
	f.Fuzz(func(t *testing.T, text string) {
		var faults models.Faults
		got := readTime(&faults, "starts", text, stockholm)
		if year := got.UTC().Year(); faults.Err() != nil || text == "" || year < 1 || year > 9999 {
			return
		}
		again := readTime(&faults, "starts", got.UTC().Format(time.RFC3339Nano), stockholm)
		if faults.Err() != nil || !again.Equal(got) {
			t.Errorf("%q is %v, which reads back as %v, %v", text, got, again, faults.Err())
		}
	})
}

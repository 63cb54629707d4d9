package ics

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"samling/locale"
	"samling/models"
)

// file is a calendar of those lines, the first of which is line 3.
func file(lines ...string) []byte {
	return []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VCALENDAR\r\n")
}

// vevents is an event with these lines; the first of them is line 6.
func vevents(lines ...string) []byte {
	return file(append(append([]string{"BEGIN:VEVENT", "UID:u1", "SUMMARY:Möte"}, lines...), "END:VEVENT")...)
}

func options(t testing.TB) ParseOptions {
	return ParseOptions{Zone: "Europe/Stockholm", From: clock(t, "2026-01-01 00:00"), To: clock(t, "2027-01-01 00:00")}
}

func one(t *testing.T, data []byte) models.Event {
	t.Helper()
	got, err := Parse(data, options(t))
	if err != nil || len(got) != 1 {
		t.Fatalf("%d events, %v", len(got), err)
	}
	return got[0]
}

func TestParse_Times(t *testing.T) {
	for name, c := range map[string]struct {
		lines        []string
		starts, ends string // RFC 3339
		zone         string
		dateOnly     bool
	}{
		"UTC":                      {[]string{"DTSTART:20260304T170000Z", "DTEND:20260304T190000Z"}, "2026-03-04T17:00:00Z", "2026-03-04T19:00:00Z", "Europe/Stockholm", false},
		"floating":                 {[]string{"DTSTART:20260304T180000", "DTEND:20260304T200000"}, "2026-03-04T17:00:00Z", "2026-03-04T19:00:00Z", "Europe/Stockholm", false},
		"a zone":                   {[]string{"DTSTART;TZID=America/New_York:20260704T180000", "DURATION:PT90M"}, "2026-07-04T22:00:00Z", "2026-07-04T23:30:00Z", "America/New_York", false},
		"a zone of Windows":        {[]string{"DTSTART;TZID=W. Europe Standard Time:20260704T180000", "DURATION:PT1H"}, "2026-07-04T16:00:00Z", "2026-07-04T17:00:00Z", "Europe/Stockholm", false},
		"a quoted zone":            {[]string{`DTSTART;TZID="Europe/Helsinki":20260704T180000`, "DURATION:PT1H"}, "2026-07-04T15:00:00Z", "2026-07-04T16:00:00Z", "Europe/Helsinki", false},
		"a zone behind a path":     {[]string{"DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Helsinki:20260704T180000", "DURATION:PT1H"}, "2026-07-04T15:00:00Z", "2026-07-04T16:00:00Z", "Europe/Helsinki", false},
		"no end":                   {[]string{"DTSTART:20260304T170000Z"}, "2026-03-04T17:00:00Z", "2026-03-04T19:00:00Z", "Europe/Stockholm", false},
		"an end that is the start": {[]string{"DTSTART:20260304T170000Z", "DTEND:20260304T170000Z"}, "2026-03-04T17:00:00Z", "2026-03-04T19:00:00Z", "Europe/Stockholm", false},
		"a day":                    {[]string{"DTSTART;VALUE=DATE:20260329"}, "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", "Europe/Stockholm", true},
		"a day without VALUE":      {[]string{"DTSTART:20260329", "DTEND:20260329"}, "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", "Europe/Stockholm", true},
		"two days":                 {[]string{"DTSTART;VALUE=DATE:20260304", "DTEND;VALUE=DATE:20260306"}, "2026-03-03T23:00:00Z", "2026-03-05T23:00:00Z", "Europe/Stockholm", true},
		"two days by duration":     {[]string{"DTSTART;VALUE=DATE:20260304", "DURATION:P2D"}, "2026-03-03T23:00:00Z", "2026-03-05T23:00:00Z", "Europe/Stockholm", true},
		"a day of 23 hours":        {[]string{"DTSTART:20260328T180000", "DURATION:P1D"}, "2026-03-28T17:00:00Z", "2026-03-29T16:00:00Z", "Europe/Stockholm", false},
		"the first of two 02:30":   {[]string{"DTSTART:20261025T023000", "DURATION:PT1H"}, "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "Europe/Stockholm", false},
		"a 02:30 that is not":      {[]string{"DTSTART:20260329T023000", "DURATION:PT1H"}, "2026-03-29T01:30:00Z", "2026-03-29T02:30:00Z", "Europe/Stockholm", false},
		"a leap second":            {[]string{"DTSTART:20260304T175960Z", "DURATION:P1W"}, "2026-03-04T17:59:59Z", "2026-03-11T17:59:59Z", "Europe/Stockholm", false},
	} {
		t.Run(name, func(t *testing.T) {
			e := one(t, vevents(c.lines...))
			got := fmt.Sprint(e.Starts.UTC().Format(time.RFC3339), e.Ends.UTC().Format(time.RFC3339), e.TimeZone, e.DateOnly)
			if want := fmt.Sprint(c.starts, c.ends, c.zone, c.dateOnly); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestParse_Texts(t *testing.T) {
	e := one(t, vevents("DTSTART:20260304T170000Z", "DESCRIPTION:rad\\nråd\\, och \\\\n", "LOCATION:Folkets hus\\, Malmö",
		"URL:https://forening.example/mote", "GEO:55.6;13.0", "ATTENDEE;CN=Bo:mailto:bo@example.org", "STATUS:TENTATIVE", "X_ODD:1"))
	if e.Title != "Möte" || e.Description != "rad\nråd, och \\n\n\nhttps://forening.example/mote" || e.Place.Name != "Folkets hus, Malmö" ||
		*e.Place.Latitude != 55.6 || !e.Preliminary || e.OnlineURL != "" || e.Source != "u1" || e.Kind != models.Other || e.Status != models.Draft {
		t.Errorf("got %+v", e)
	}
	meeting := one(t, vevents("DTSTART:20260304T170000Z", "URL:https://us02web.zoom.us/j/1", "STATUS:CANCELLED"))
	if meeting.OnlineURL != "https://us02web.zoom.us/j/1" || meeting.Description != "" || meeting.Status != models.Cancelled {
		t.Errorf("got %+v", meeting)
	}
	if e := one(t, vevents("DTSTART:20260304T170000Z", "LOCATION:https://meet.google.com/abc", "DESCRIPTION:a\x01b")); e.OnlineURL == "" || e.Place.Name != "" || e.Description != "ab" {
		t.Errorf("got %+v", e)
	}
}

func TestParse_Forms(t *testing.T) {
	event := "BEGIN:VEVENT\r\nUID:u\r\nSUMMARY:Ett långt\r\n  namn\r\nDTSTART:20260304T170000Z\r\nEND:VEVENT\r\n"
	calendar := "BEGIN:VCALENDAR\r\n" + event + "END:VCALENDAR\r\n"
	for name, data := range map[string]string{
		"plain":             calendar,
		"byte order mark":   "\uFEFF" + calendar,
		"bare line feeds":   strings.ReplaceAll(calendar, "\r\n", "\n"),
		"blank lines":       strings.ReplaceAll(calendar, "\r\nDTSTART", "\r\n\r\nDTSTART"),
		"a blank in a fold": strings.ReplaceAll(calendar, "\r\n  namn", "\r\n\r\n  namn"),
		"lower case":        strings.NewReplacer("BEGIN:VCALENDAR", "begin:vcalendar", "DTSTART", "dtstart").Replace(calendar),
		"several calendars": strings.ReplaceAll(calendar, "UID:u\r\n", "UID:v\r\nCLASS:PRIVATE\r\n") + calendar,
		"no line end":       strings.TrimSuffix(calendar, "\r\n"),
		"inner parts":       strings.ReplaceAll(calendar, "END:VEVENT", "BEGIN:VALARM\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\nEND:VEVENT"),
		"twice":             "BEGIN:VCALENDAR\r\n" + event + strings.ReplaceAll(event, "DTSTART", "SEQUENCE:1\r\nDTSTART") + "END:VCALENDAR\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			if e := one(t, []byte(data)); e.Title != "Ett långt namn" || e.Source != "u" {
				t.Errorf("got %+v", e)
			}
		})
	}
}

func TestParse_Faults(t *testing.T) {
	many := strings.Repeat("BEGIN:VEVENT\r\nUID:u\r\nSUMMARY:x\r\nDTSTART:20260304T170000Z\r\nEND:VEVENT\r\n", 3)
	for i := range 3 {
		many = strings.Replace(many, "UID:u\r", fmt.Sprintf("UID:v%d\r", i), 1)
	}
	start := "DTSTART:20260304T170000Z"
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"nothing":                {nil, "1: not-a-calendar"},
		"a web page":             {[]byte("<!doctype html>\n<p>Hej"), "1: not-a-calendar"},
		"no events":              {file("BEGIN:VTODO", "UID:1", "END:VTODO"), "1: no-events"},
		"private ones alone":     {vevents(start, "CLASS:PRIVATE"), "1: no-events"},
		"too many":               {[]byte("BEGIN:VCALENDAR\r\n" + many + "END:VCALENDAR"), "12: too-many-events"},
		"Windows-1252":           {append(vevents("LOCATION:M"), 0xf6), "9: not-utf8"},
		"Windows-1252 inside":    {vevents(start, "LOCATION:M\xf6llan"), "7: not-utf8"},
		"cut in the middle":      {bytes.TrimSuffix(vevents(start), []byte("END:VEVENT\r\nEND:VCALENDAR\r\n")), "6: cut-off"},
		"cut within a line":      {bytes.TrimSuffix(vevents(start), []byte("00Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")), "6: cut-off"},
		"a broken line":          {vevents(start, "DETTA ÄR INGEN RAD"), "7: broken-line"},
		"a broken parameter":     {vevents(`DTSTART;TZID:20260304T170000Z`), "6.DTSTART: broken-line"},
		"a line outside":         {append(vevents(start), "X:1\r\n"...), "9: outside-calendar"},
		"an event outside":       {append(vevents(start), "BEGIN:VEVENT\r\nEND:VEVENT\r\n"...), "9: outside-calendar"},
		"unbalanced":             {vevents(start, "END:VALARM"), "7: unbalanced"},
		"unknown zone":           {vevents("DTSTART;TZID=Mars/Olympus:20260304T170000"), "6.DTSTART: unknown-tzid"},
		"the server's zone":      {vevents("DTSTART;TZID=Local:20260304T170000"), "6.DTSTART: unknown-tzid"},
		"a path out":             {vevents("DTSTART;TZID=../../etc/passwd:20260304T170000"), "6.DTSTART: unknown-tzid"},
		"30 February":            {vevents("DTSTART:20260230T170000Z"), "6.DTSTART: bad-time"},
		"no start":               {vevents("DTEND:20260304T170000Z"), "3.DTSTART: no-start"},
		"ends before it starts":  {vevents(start, "DTEND:20260303T170000Z"), "7.DTEND: ends-before-starts"},
		"a date as end":          {vevents(start, "DTEND;VALUE=DATE:20260305"), "7.DTEND: bad-time"},
		"no length":              {vevents(start, "DURATION:2 timmar"), "7.DURATION: bad-length"},
		"a length before":        {vevents(start, "DURATION:-PT1H"), "7.DURATION: bad-length"},
		"no title":               {file("BEGIN:VEVENT", "UID:1", start, "END:VEVENT"), "3.SUMMARY: no-title"},
		"no UID":                 {file("BEGIN:VEVENT", "SUMMARY:x", start, "END:VEVENT"), "3.UID: no-uid"},
		"a long title":           {file("BEGIN:VEVENT", "UID:1", "SUMMARY:"+strings.Repeat("å", 201), start, "END:VEVENT"), "5.SUMMARY: too-long"},
		"a rule that is none":    {vevents(start, "RRULE:FREQ=IBLAND"), "7.RRULE: bad-rule"},
		"a rule for no day":      {vevents(start, "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), "7.RRULE: bad-rule"},
		"every second":           {vevents(start, "RRULE:FREQ=SECONDLY"), "7.RRULE: recurs-too-often"},
		"every second of a day":  {vevents(start, "RRULE:FREQ=DAILY;BYHOUR=1,2,3,4,5,6;BYMINUTE=1,2,3,4,5"), "7.RRULE: recurs-too-often"},
		"this and all after":     {vevents(start, "RECURRENCE-ID;RANGE=THISANDFUTURE:20260304T170000Z"), "7.RECURRENCE-ID: series-split"},
		"a bad exception":        {vevents(start, "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20261301T000000Z"), "8.EXDATE: bad-time"},
		"a nesting bomb":         {file(strings.Repeat("BEGIN:A\r\n", 100_000)), "22: nested-too-deep"},
		"parameters and a colon": {vevents("DTSTART" + strings.Repeat(";A=b", 100_000) + ":1"), "6: too-many-parameters"},
		"a long line":            {vevents("DESCRIPTION:" + strings.Repeat("x", maxLineBytes)), "6: line-too-long"},
		"a long folded line":     {vevents("DESCRIPTION:" + strings.Repeat("x\r\n ", maxLineBytes)), "6: line-too-long"},
		"two faults":             {vevents("DTSTART:x", "DTEND:y"), "6.DTSTART: bad-time"},
	} {
		t.Run(name, func(t *testing.T) {
			opts := options(t)
			opts.MaxEvents = 2
			got, err := Parse(c.data, opts)
			if len(got) > 0 || models.CodeOf(err) != models.CodeInvalid || err.Error() != "invalid; "+c.want {
				t.Errorf("%d events, %v, want %s", len(got), err, c.want)
			}
			sentences(t, err)
		})
	}
}

// sentences fails unless every field of an error has its sentence in every language
// of those who import calendars.
func sentences(t *testing.T, err error) {
	t.Helper()
	c, loadErr := locale.Load("sv")
	if loadErr != nil {
		t.Fatal(loadErr)
	}
	e, _ := errors.AsType[*models.Error](err)
	for _, language := range c.Complete().Languages() {
		for _, f := range e.Fields {
			var with []any
			for name, value := range f.With {
				with = append(with, name, value)
			}
			if s := c.In(language).T("field."+f.Code, with...); !c.In(language).Has("field."+f.Code) || strings.Contains(s, "<no value>") {
				t.Errorf("%s: field.%s is %q", language, f.Code, s)
			}
		}
	}
}

func TestParse_AllFaultsAtOnce(t *testing.T) {
	var all []string
	for i := range 50 {
		all = append(all, "BEGIN:VEVENT", fmt.Sprint("UID:", i), "SUMMARY:x", "DTSTART:x", "END:VEVENT")
	}
	_, err := Parse(file(all...), options(t))
	e, ok := errors.AsType[*models.Error](err)
	if !ok || len(e.Fields) != maxFaults || e.Fields[0].Name != "6.DTSTART" || e.Fields[1].Name != "11.DTSTART" {
		t.Errorf("got %v", err)
	}
}

func TestParse_FiftyMegabytesInOneLine(t *testing.T) {
	data := append([]byte("BEGIN:VCALENDAR\r\nX:"), bytes.Repeat([]byte("x"), 50_000_000)...)
	allocated := testing.AllocsPerRun(1, func() {
		if _, err := Parse(data, options(t)); models.CodeOf(err) != models.CodeTooLarge {
			t.Errorf("got %v", err)
		}
	})
	if allocated > 50 {
		t.Errorf("%v allocations for what is refused by its size", allocated)
	}
}

func TestParse_ZoneOfItsOwn(t *testing.T) {
	event := []string{"BEGIN:VEVENT", "UID:1", "SUMMARY:x", "DTSTART;TZID=Vår tid:20260704T180000", "END:VEVENT"}
	known := one(t, file(append([]string{"BEGIN:VTIMEZONE", "TZID:Vår tid", "X-LIC-LOCATION:Europe/Stockholm", "END:VTIMEZONE"}, event...)...))
	if known.TimeZone != "Europe/Stockholm" || !known.Starts.Equal(clock(t, "2026-07-04 18:00")) {
		t.Errorf("got %+v", known)
	}
	_, err := Parse(file(append([]string{"BEGIN:VTIMEZONE", "TZID:Vår tid", "END:VTIMEZONE"}, event...)...), options(t))
	if err == nil || err.Error() != "invalid; 9.DTSTART: unknown-tzid" {
		t.Errorf("got %v", err)
	}
}

func TestParse_Series(t *testing.T) {
	for name, c := range map[string]struct {
		lines []string
		want  []string // starts by the clocks of Stockholm
	}{
		"weekly across a change of clocks": {
			[]string{"DTSTART;TZID=Europe/Stockholm:20260322T180000", "RRULE:FREQ=WEEKLY;COUNT=3"},
			[]string{"2026-03-22 18:00", "2026-03-29 18:00", "2026-04-05 18:00"},
		},
		"across the change of October": {
			[]string{"DTSTART;TZID=Europe/Stockholm:20261018T180000", "RRULE:FREQ=WEEKLY;UNTIL=20261025T170000Z"},
			[]string{"2026-10-18 18:00", "2026-10-25 18:00"},
		},
		"until a date": {
			[]string{"DTSTART;TZID=Europe/Stockholm:20261018T180000", "RRULE:FREQ=DAILY;UNTIL=20261020"},
			[]string{"2026-10-18 18:00", "2026-10-19 18:00", "2026-10-20 18:00"},
		},
		"without some, and with more": {
			[]string{"DTSTART;TZID=Europe/Stockholm:20260302T180000", "RRULE:FREQ=DAILY;COUNT=4", "EXDATE;TZID=Europe/Stockholm:20260303T180000,20260304T180000", "RDATE:20260401T100000Z"},
			[]string{"2026-03-02 18:00", "2026-03-05 18:00", "2026-04-01 12:00"},
		},
		"without a day": {
			[]string{"DTSTART;TZID=Europe/Stockholm:20260302T180000", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20260303"},
			[]string{"2026-03-02 18:00", "2026-03-04 18:00"},
		},
		"days": {
			[]string{"DTSTART;VALUE=DATE:20260328", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20260329"},
			[]string{"2026-03-28 00:00", "2026-03-30 00:00"},
		},
		"for ever, within the window": {
			[]string{"DTSTART;TZID=Europe/Stockholm:20100115T180000", "RRULE:FREQ=MONTHLY;BYDAY=3TH;INTERVAL=6"},
			[]string{"2026-01-15 18:00", "2026-07-16 18:00"},
		},
		"the first is always one": {
			[]string{"DTSTART;TZID=Europe/Stockholm:20260303T180000", "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=2"},
			[]string{"2026-03-03 18:00", "2026-03-09 18:00", "2026-03-16 18:00"},
		},
		"before the window": {
			[]string{"DTSTART;TZID=Europe/Stockholm:20200303T180000", "RRULE:FREQ=WEEKLY;COUNT=2"},
			nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Parse(vevents(c.lines...), options(t))
			if err != nil {
				t.Fatal(err)
			}
			var starts []string
			for _, e := range got {
				starts = append(starts, e.Starts.In(models.Zone("Europe/Stockholm")).Format("2006-01-02 15:04"))
			}
			if !slices.Equal(starts, c.want) {
				t.Errorf("got %v, want %v", starts, c.want)
			}
		})
	}
}

func TestParse_ChangedOccurrences(t *testing.T) {
	got, err := Parse(file(
		"BEGIN:VEVENT", "UID:s", "SUMMARY:Kör", "DTSTART;TZID=Europe/Stockholm:20260302T180000", "DTEND;TZID=Europe/Stockholm:20260302T193000",
		"RRULE:FREQ=WEEKLY;COUNT=4", "END:VEVENT",
		"BEGIN:VEVENT", "UID:s", "SUMMARY:Kör med fika", "RECURRENCE-ID;TZID=Europe/Stockholm:20260309T180000",
		"DTSTART;TZID=Europe/Stockholm:20260310T190000", "END:VEVENT",
		"BEGIN:VEVENT", "UID:s", "SUMMARY:Kör", "RECURRENCE-ID:20260316T170000Z", "STATUS:CANCELLED",
		"DTSTART;TZID=Europe/Stockholm:20260316T180000", "END:VEVENT",
	), options(t))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range got {
		all = append(all, fmt.Sprint(e.Source, " ", e.Title, " ", e.Starts.UTC().Format(utcForm), " ", e.Ends.Sub(e.Starts), " ", e.Status))
	}
	want := []string{
		"s/20260302T170000Z Kör 20260302T170000Z 1h30m0s draft",
		"s/20260309T170000Z Kör med fika 20260310T180000Z 2h0m0s draft",
		"s/20260316T170000Z Kör 20260316T170000Z 2h0m0s cancelled",
		"s/20260323T170000Z Kör 20260323T170000Z 1h30m0s draft",
	}
	if !slices.Equal(all, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(all, "\n"), strings.Join(want, "\n"))
	}
}

func TestParse_UnboundedSeriesWithoutAWindow(t *testing.T) {
	_, err := Parse(vevents("DTSTART:20260304T170000Z", "RRULE:FREQ=DAILY"), ParseOptions{})
	if err == nil || !strings.HasSuffix(err.Error(), "too-many-events") {
		t.Errorf("got %v", err)
	}
}

// What we write we read, but for what an import does not take over.
func TestParse_ReadsOurOwnFeeds(t *testing.T) {
	for _, name := range []string{"ordinary", "all-day", "clock-changes", "zones", "states", "english"} {
		t.Run(name, func(t *testing.T) {
			data := samples(t)[name].bytes
			got, err := Parse(data, options(t))
			if err != nil {
				t.Fatal(err)
			}
			want := readBack(t, data)
			if len(got) != len(want) {
				t.Fatalf("%d events of %d", len(got), len(want))
			}
			for _, w := range want {
				i := slices.IndexFunc(got, func(e models.Event) bool { return e.Source == w.UID })
				if i < 0 || got[i].Title != w.Summary || got[i].Place.Name != w.Location || !strings.HasPrefix(got[i].Description, w.Description) {
					t.Errorf("%+v is not in %+v", w, got)
				}
			}
		})
	}
}

// FuzzParse: no file makes it panic or go on for ever, and what it gives is what
// it promises.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*/*.ics")
	if err != nil || len(files) == 0 {
		f.Fatal("no calendars", err)
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add(vevents("DTSTART:20260304T170000Z", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYSETPOS=-1;WKST=SU", "EXDATE:20260304T170000Z"))
	f.Add(vevents("DTSTART;TZID=Europe/Stockholm:20260304T170000", "RRULE:FREQ=MONTHLY;BYMONTHDAY=-1;BYHOUR=1,2;UNTIL=20270101", "RDATE;VALUE=PERIOD:20260304T170000Z/PT1H"))
	f.Fuzz(func(t *testing.T, data []byte) {
		opts := options(t)
		opts.MaxEvents = 200
		got, err := Parse(data, opts)
		wantReadable(t, data, opts, got)
		if err != nil {
			if code := models.CodeOf(err); code != models.CodeInvalid && code != models.CodeTooLarge || len(got) > 0 {
				t.Fatalf("%d events and %v", len(got), err)
			}
			return
		}
		if len(got) > opts.MaxEvents {
			t.Fatalf("%d events", len(got))
		}
		for _, e := range got {
			if e.Title == "" || e.Source == "" || !e.Ends.After(e.Starts) || e.TimeZone == "Local" {
				t.Fatalf("got %+v", e)
			}
		}
	})
}

// wantReadable: what is taken whole is also read in part, and what is left out is
// not among it.
func wantReadable(t *testing.T, data []byte, opts ParseOptions, whole []models.Event) {
	t.Helper()
	c, err := Read(data, opts)
	if len(whole) > 0 && (err != nil || len(c.Events) != len(whole)) {
		t.Fatalf("%d events in part, %d as a whole, %v", len(c.Events), len(whole), err)
	}
	seen := map[string]bool{}
	for _, e := range c.Events {
		if seen[e.Source] {
			t.Fatalf("%q is there twice", e.Source)
		}
		seen[e.Source] = true
		for _, l := range c.Left {
			if l.Source != "" && l.Of(e.Source) {
				t.Fatalf("%q was left out as %q", e.Source, l.Source)
			}
		}
	}
}

func BenchmarkParse(b *testing.B) {
	items := make([]Item, 1_000)
	for i := range items {
		items[i] = townHall(b, fmt.Sprintf("%04d", i), nil)
	}
	data := feedOf(b, items...)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(data, options(b)); err != nil {
			b.Fatal(err)
		}
	}
}

package ics

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"samling/models"
)

// listing is a calendar as its reader understands it, a line for each event.
func listing(c Calendar) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", c.Name)
	for _, e := range c.Events {
		form := "2006-01-02 15:04"
		if e.DateOnly {
			form = "2006-01-02"
		}
		fmt.Fprintf(&b, "%s - %s %s | %s | %s\n", e.Starts.In(e.Location()).Format(form), e.Ends.In(e.Location()).Format(form), e.TimeZone, e.Title, e.Source)
		for _, more := range []string{e.Place.Line(), e.OnlineURL, e.Description} {
			if more != "" {
				fmt.Fprintf(&b, "\t%s\n", strings.ReplaceAll(more, "\n", "\n\t"))
			}
		}
		if e.Status != models.Draft || e.Preliminary {
			fmt.Fprintf(&b, "\t%s preliminary=%v\n", e.Status, e.Preliminary)
		}
	}
	for _, l := range c.Left {
		fmt.Fprintf(&b, "left out: %q %s", l.Title, l.Source)
		for _, f := range l.Why {
			fmt.Fprintf(&b, ", %s %s", f.Name, f.Code)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// Calendars as other programs write them: folded lines, their own properties,
// zones with the names of Windows and with none, marks, line feeds, HTML.
func TestRead_OtherPrograms(t *testing.T) {
	paths, err := filepath.Glob("testdata/foreign/*.ics")
	if err != nil || len(paths) < 4 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			opts := options(t)
			opts.Within = true
			c, err := Read(data, opts)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join("..", "foreign", strings.TrimSuffix(filepath.Base(path), ".ics")+".txt"), []byte(listing(c)))
		})
	}
}

func sources(c Calendar) []string {
	var out []string
	for _, e := range c.Events {
		out = append(out, e.Source)
	}
	return out
}

func TestRead_LeavesOutWhatItCannotTell(t *testing.T) {
	event := func(uid string, lines ...string) string {
		return strings.Join(append(append([]string{"BEGIN:VEVENT", "UID:" + uid, "SUMMARY:" + uid}, lines...), "END:VEVENT"), "\r\n")
	}
	start, weekly := "DTSTART:20260304T170000Z", "RRULE:FREQ=WEEKLY;COUNT=2"
	second := "RECURRENCE-ID:20260311T170000Z"
	for name, c := range map[string]struct {
		events []string
		want   []string // sources
		left   []string // source: code
	}{
		"one of two":            {[]string{event("a", start), event("b", "DTSTART:igår")}, []string{"a"}, []string{"b: bad-time"}},
		"a broken line":         {[]string{event("a", start, "ingen rad"), event("b", start)}, []string{"b"}, []string{"a: broken-line"}},
		"a private series":      {[]string{event("a", start, weekly), event("a", start, second, "CLASS:CONFIDENTIAL"), event("b", start)}, []string{"b"}, []string{"a: private"}},
		"one occurrence":        {[]string{event("a", start, weekly), event("a", second, "DTSTART:x")}, []string{"a/20260304T170000Z"}, []string{"a/20260311T170000Z: bad-time"}},
		"one that is not known": {[]string{event("a", start, weekly), event("a", "RECURRENCE-ID:x", start)}, nil, []string{"a: bad-time"}},
		"a series cut in two":   {[]string{event("a", start, weekly), event("a", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260311T170000Z", start)}, nil, []string{"a: series-split"}},
		"a series without rule": {[]string{event("a", start, "RRULE:FREQ=ALDRIG"), event("a", second, start)}, nil, []string{"a: bad-rule"}},
		"the same twice":        {[]string{event("a", start, weekly), event("a", start, second), event("a", start, "RECURRENCE-ID;TZID=Europe/Stockholm:20260311T180000")}, []string{"a/20260304T170000Z", "a/20260311T170000Z"}, nil},
		"what lies outside":     {[]string{event("a", "DTSTART:20251231T170000Z"), event("b", "DTSTART:20270101T000000Z"), event("c", "DTSTART:20251231T210000Z", "DURATION:PT5H")}, []string{"c"}, nil},
		"nothing":               {nil, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			opts := options(t)
			opts.Within = true
			got, err := Read(file(c.events...), opts)
			if err != nil {
				t.Fatal(err)
			}
			var left []string
			for _, l := range got.Left {
				left = append(left, l.Source+": "+l.Why[0].Code)
				if l.Private() != (l.Title == "") {
					t.Errorf("%+v", l)
				}
			}
			slices.Sort(left)
			if found := sources(got); !slices.Equal(found, c.want) || !slices.Equal(left, c.left) {
				t.Errorf("got %v, left out %v", found, left)
			}
		})
	}
}

func TestLeft_Of(t *testing.T) {
	for _, c := range []struct {
		left, source string
		want         bool
	}{
		{"a", "a", true},
		{"a", "a/20260311T170000Z", true},
		{"a", "a/20260311", true},
		{"a", "a/b", false},
		{"a/20260311", "a/20260311", true},
		{"a/20260311", "a/20260318", false},
		{"a", "ab", false},
	} {
		if got := (Left{Source: c.left}).Of(c.source); got != c.want {
			t.Errorf("%s of %s: %v", c.source, c.left, got)
		}
	}
}

// A rule that never comes to pass is looked for until the year 9999: a file may
// have few of them.
func TestRead_RulesThatTakeForEver(t *testing.T) {
	var all []string
	for i := range 20_000 {
		all = append(all, "BEGIN:VEVENT", fmt.Sprint("UID:", i), "SUMMARY:x", "DTSTART:20260304T170000Z", "RRULE:FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30", "END:VEVENT")
	}
	opts := options(t)
	opts.Within = true
	_, err := Read(file(all...), opts)
	if err == nil || !strings.HasSuffix(err.Error(), "RRULE: bad-rule") {
		t.Errorf("got %v", err)
	}
}

func TestRead_JunkIsRefusedSoon(t *testing.T) {
	for name, data := range map[string][]byte{
		"broken lines":     file(strings.Repeat("x\r\n", 100_000)),
		"empty components": file(strings.Repeat("BEGIN:VEVENT\r\nUID:1\r\nRECURRENCE-ID:1\r\nEND:VEVENT\r\n", 1_000), strings.Repeat("BEGIN:VEVENT\r\nEND:VEVENT\r\n", 30_000)),
	} {
		opts := options(t)
		opts.Within = true
		if c, err := Read(data, opts); models.CodeOf(err) != models.CodeInvalid {
			t.Errorf("%s: %d events, %d left out, %v", name, len(c.Events), len(c.Left), err)
		}
	}
}

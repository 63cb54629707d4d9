package ics

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// requirement is one point of what calendars must be, as our research of the
// field numbers them.
type requirement struct {
	name string
	// check fails when the point does not hold for some sample; nil: elsewhere.
	check func(t *testing.T, s suite)
	// elsewhere are tests of other rooms that hold the point, or the rest of it.
	elsewhere []string
	// reason is why it needs no more than its check; empty: it does not say.
	reason string
}

// requirements are all points, the first of them number 1.
func requirements() []requirement {
	return []requirement{
		{name: "lines-end-with-crlf", check: crlf},
		{name: "lines-of-75-octets", check: lineLength},
		{name: "no-fold-within-a-character", check: foldsBetweenCharacters},
		{name: "no-fold-within-an-escape", check: foldsBetweenEscapes},
		{name: "texts-round-trip", check: textsRoundTrip},
		{name: "no-control-characters", check: noControls},
		{name: "injection", check: noInjection},
		{name: "parameters-are-quoted", check: parametersQuoted},
		{name: "names-read-the-same", check: namesReadTheSame, reason: "that six readers agree is judged in .ci/judges: invite-names, invite-hostile"},
		{name: "one-calendar-from-first-byte-to-last", check: oneCalendar},
		{name: "version-prodid-calscale-once", check: headOnce},
		{name: "feeds-are-no-messages", check: noMessage, elsewhere: []string{"handlers.TestFeed_Conditional"}},
		{name: "name-and-x-wr-calname", check: calendarName},
		{name: "refresh-interval", check: refreshInterval},
		{name: "colour-is-a-css-name", check: colours},
		{name: "source-is-the-feeds-address", check: source, elsewhere: []string{"handlers.TestFeed_Selections"}},
		{name: "no-uid-of-the-calendar", check: noCalendarUID},
		{name: "uid-dtstamp-dtstart-summary-once", check: eventOnce},
		{name: "uid-is-stable", check: uidStable, elsewhere: []string{"models.TestEvent_Revised"}},
		{name: "uid-once-in-a-file", check: uidOnce},
		{name: "dtstamp-is-last-modified", check: stamps},
		{name: "sequence-rises", check: sequenceWritten, elsewhere: []string{"models.TestEvent_Revised"}},
		{name: "last-modified-follows-what-is-shown", check: lastModified, elsewhere: []string{"handlers.TestFeed_RenamedHost", "ics.TestFragment_Marks"}},
		{name: "each-zone-has-a-vtimezone", check: zonesDefined},
		{name: "vtimezone-agrees-with-tzdata", elsewhere: []string{"ics.TestZone_AgreesWithTzdataEveryHour", "ics.TestZone_WritesNothingNearAChange"}},
		{name: "no-zone-on-utc-and-nothing-floats", check: nothingFloats},
		{name: "all-day", check: allDay},
		{name: "ends-after-it-starts", check: endsAfterStart},
		{name: "weekly-keeps-its-hour", check: weeklyKeepsItsHour, elsewhere: []string{"ics.TestParse_Series"}},
		{name: "until-in-utc", check: noRecurrence, reason: "a series is a set of events, so feeds carry no RRULE and no UNTIL; of rules that are imported TestParse_Series reads every form"},
		{name: "exdate-and-recurrence-id", check: noRecurrence, reason: "as there is no RRULE, nothing is left out or overridden", elsewhere: []string{"ics.TestParse_ChangedOccurrences"}},
		{name: "ambiguous-times", check: ambiguousInUTC, elsewhere: []string{"handlers.TestReadTime", "ics.TestZone_WritesNothingNearAChange"}},
		{name: "cancelled-ones-stay", check: cancelledStay, elsewhere: []string{"ics.TestWindow_Cancelled", "models.TestEvent_Revised"}},
		{name: "categories-on-one-line", check: categoriesOnOneLine},
		{name: "uris-and-geo", check: urisAndGeo, reason: "feeds carry no IMAGE and no CONFERENCE: few programs show them, and one that does not know VALUE=URI breaks"},
		{name: "at-most-900-kb-and-1000-events", elsewhere: []string{"ics.TestFeed_StaysWithinItsBytes", "ics.TestWindow", "ics.TestWindow_DropsThePastThenTheFarthest"}},
		{name: "get-head-405-404", elsewhere: []string{"handlers.TestFeed_Conditional", "handlers.TestFeed_Selections"}},
		{name: "etag-and-conditions", elsewhere: []string{"handlers.TestFeed_Conditional"}},
		{name: "last-modified-never-falls", elsewhere: []string{"handlers.TestFeed_FollowsEdits", "handlers.TestFeed_ChangesWithTheDay", "handlers.TestFeed_RenamedHost"}},
		{name: "gzip-on-request", elsewhere: []string{"handlers.TestFeed_GzipOnRequestAlone", "handlers.TestFeed_Conditional"}},
		{name: "address-without-cookie-or-redirect", elsewhere: []string{"handlers.TestFeed_Conditional", "handlers.TestFeed_Selections"}},
		{name: "invitation-is-the-last-alternative", elsewhere: []string{"mailer.TestCompose_Shape", "mailer.TestCompose_Golden"}},
		{name: "request-names-organiser-and-recipient", check: requestNamesTwo, reason: "nothing is sent with METHOD:PUBLISH; libical's check of both methods is in .ci/judges"},
		{name: "update-and-cancel", check: updateAndCancel, elsewhere: []string{"ics.TestInvitation"}},
		{name: "mail-keeps-the-bytes", elsewhere: []string{"mailer.TestCompose_Shape"}},
		{name: "fast-and-fuzzed", elsewhere: []string{"ics.TestFragment_Allocations", "ics.FuzzWriter", "ics.FuzzFeed", "ics.BenchmarkFeed"}, reason: "ical.js and libical read the random sample in .ci/judges; milliseconds are for a benchmark to say"},
	}
}

// TestRequirement holds every point, each under its number.
func TestRequirement(t *testing.T) {
	s := newSuite(t)
	all := requirements()
	if len(all) != 46 {
		t.Errorf("%d points, there are 46", len(all))
	}
	for i, r := range all {
		t.Run(fmt.Sprintf("%02d-%s", i+1, r.name), func(t *testing.T) {
			if r.check != nil {
				r.check(t, s)
			}
			for _, name := range r.elsewhere {
				if !exists(t, name) {
					t.Errorf("there is no %s", name)
				}
			}
			if r.check == nil && len(r.elsewhere) == 0 {
				t.Error("nothing holds it")
			}
			if r.reason != "" {
				t.Log(r.reason)
			}
		})
	}
}

// exists reports whether a room has a test of that name.
func exists(t *testing.T, test string) bool {
	t.Helper()
	room, name, _ := strings.Cut(test, ".")
	files, err := filepath.Glob(filepath.Join("..", room, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "\nfunc "+name+"(") {
			return true
		}
	}
	return false
}

// suite is what the points are held against: every sample, in lines.
type suite struct{ calendars map[string]calendar }

// calendar is a sample, read with nothing of ours.
type calendar struct {
	bytes    string
	physical []string
	lines    []content   // outside of all components but the calendar
	zones    [][]content // of each VTIMEZONE, its parts included
	events   [][]content
}

// content is one unfolded line.
type content struct{ name, parameters, value string }

var lineParts = regexp.MustCompile(`^([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(.*)$`)

func newSuite(t testing.TB) suite {
	t.Helper()
	s := suite{map[string]calendar{}}
	for name, sample := range samples(t) {
		s.calendars[name] = opened(t, sample.bytes)
	}
	return s
}

func opened(t testing.TB, b []byte) calendar {
	t.Helper()
	c := calendar{bytes: string(b), physical: strings.Split(strings.TrimSuffix(string(b), "\r\n"), "\r\n")}
	component := ""
	for l := range strings.SplitSeq(strings.TrimSuffix(strings.ReplaceAll(string(b), "\r\n ", ""), "\r\n"), "\r\n") {
		parts := lineParts.FindStringSubmatch(l)
		if parts == nil {
			t.Fatalf("not a content line: %q", l)
		}
		line := content{parts[1], parts[2], parts[3]}
		switch {
		case line.name == "BEGIN" && component == "" && line.value != "VCALENDAR":
			component = line.value
			if component == "VEVENT" {
				c.events = append(c.events, nil)
			} else {
				c.zones = append(c.zones, nil)
			}
		case line.name == "END" && line.value == component:
			component = ""
		case component == "VEVENT":
			c.events[len(c.events)-1] = append(c.events[len(c.events)-1], line)
		case component != "":
			c.zones[len(c.zones)-1] = append(c.zones[len(c.zones)-1], line)
		default:
			c.lines = append(c.lines, line)
		}
	}
	return c
}

// all are the lines of that name.
func all(lines []content, name string) (out []content) {
	for _, l := range lines {
		if l.name == name {
			out = append(out, l)
		}
	}
	return out
}

// value is that of the first such line; empty when there is none.
func value(lines []content, name string) string {
	for _, l := range lines {
		if l.name == name {
			return l.value
		}
	}
	return ""
}

// feeds are the samples that are no messages, each with its name for the report.
func (s suite) feeds() map[string]calendar { return s.some(false) }

// messages are the invitations.
func (s suite) messages() map[string]calendar { return s.some(true) }

func (s suite) some(messages bool) map[string]calendar {
	out := map[string]calendar{}
	for name, c := range s.calendars {
		if strings.HasPrefix(name, "invite-") == messages {
			out[name] = c
		}
	}
	return out
}

// each looks at all events of all samples.
func (s suite) each(look func(name string, event []content)) {
	for name, c := range s.calendars {
		for _, e := range c.events {
			look(name+" "+value(e, "UID"), e)
		}
	}
}

package ics

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"samling/models"
)

// Points 18 to 35, 43 and 44: the events.

func eventOnce(t *testing.T, s suite) {
	s.each(func(name string, e []content) {
		for _, property := range []string{"UID", "DTSTAMP", "DTSTART", "SUMMARY"} {
			if n := len(all(e, property)); n != 1 {
				t.Errorf("%s has %d %s", name, n, property)
			}
		}
	})
}

var hexUUID = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// uidStable edits all that can be edited and reads the event in two feeds.
func uidStable(t *testing.T, s suite) {
	s.each(func(name string, e []content) {
		if uid := value(e, "UID"); !hexUUID.MatchString(uid) {
			t.Errorf("%s: %q is no UUID", name, uid)
		}
	})
	before := mayDay(t)
	after := before
	edited := *before.Event
	edited.Title, edited.Starts, edited.Slug, edited.Status = "Annat", edited.Starts.Add(time.Hour), "annat", models.Cancelled
	after.Event = &edited
	for _, language := range []string{"sv", "en"} {
		if got := value(opened(t, feedIn(t, language, after)).events[0], "UID"); got != before.Event.ID {
			t.Errorf("%s after an edit, %s before", got, before.Event.ID)
		}
	}
}

func uidOnce(t *testing.T, s suite) {
	for name, c := range s.calendars {
		seen := map[string]bool{}
		for _, e := range c.events {
			if seen[value(e, "UID")] {
				t.Errorf("%s has %s twice", name, value(e, "UID"))
			}
			seen[value(e, "UID")] = true
		}
	}
	item := townHall(t, "01", nil)
	if n := len(opened(t, feedOf(t, item, item, townHall(t, "02", nil), item)).events); n != 2 {
		t.Errorf("of two events in overlapping selections there are %d", n)
	}
}

func stamps(t *testing.T, s suite) {
	utc := regexp.MustCompile(`^\d{8}T\d{6}Z$`)
	for name, c := range s.feeds() {
		for _, e := range c.events {
			if stamp := value(e, "DTSTAMP"); !utc.MatchString(stamp) || stamp != value(e, "LAST-MODIFIED") {
				t.Errorf("%s: DTSTAMP %s, LAST-MODIFIED %s", name, stamp, value(e, "LAST-MODIFIED"))
			}
		}
	}
	again := samples(t)
	for name, c := range s.calendars {
		if !bytes.Equal(again[name].bytes, []byte(c.bytes)) {
			t.Errorf("%s is made of other bytes another time", name)
		}
	}
}

func sequenceWritten(t *testing.T, s suite) {
	s.each(func(name string, e []content) {
		if len(all(e, "SEQUENCE")) != 1 {
			t.Errorf("%s has no SEQUENCE", name)
		}
	})
	item := townHall(t, "01", nil)
	for n := range 3 {
		item.Event.Sequence = 98 + n
		if got := value(opened(t, feedOf(t, item)).events[0], "SEQUENCE"); got != fmt.Sprint(98+n) {
			t.Errorf("SEQUENCE is %s of an event at %d", got, 98+n)
		}
	}
}

// lastModified: whatever makes other bytes makes a later date too, if what it
// came from is dated.
func lastModified(t *testing.T, _ suite) {
	item := townHall(t, "01", nil)
	for name, change := range map[string]func(*Item){
		"the event":        func(i *Item) { i.Event.Title, i.Event.Changed = "Annat", i.Changed.Add(time.Hour) },
		"a host's name":    func(i *Item) { i.Hosts, i.Changed = []string{"Annan"}, i.Changed.Add(time.Hour) },
		"a mark that goes": func(i *Item) { i.Event.Moved.TimeAt = clock(t, "2026-02-01 23:30") },
	} {
		other := item
		ev := *item.Event
		other.Event = &ev
		change(&other)
		before, after := value(opened(t, feedOf(t, item)).events[0], "LAST-MODIFIED"), value(opened(t, feedOf(t, other)).events[0], "LAST-MODIFIED")
		if after <= before {
			t.Errorf("%s: %s, before it %s", name, after, before)
		}
	}
}

func zonesDefined(t *testing.T, s suite) {
	wholeMinutes := regexp.MustCompile(`^[+-]\d{4}$`)
	forward := func(a, b string) bool {
		x, _ := strconv.Atoi(a)
		y, _ := strconv.Atoi(b)
		return x > y
	}
	for name, c := range s.calendars {
		defined := map[string]bool{}
		for _, z := range c.zones {
			defined[value(z, "TZID")] = true
			var parts []string
			for _, l := range all(z, "BEGIN") {
				parts = append(parts, l.value)
			}
			slices.Sort(parts)
			if !slices.Equal(parts, []string{"DAYLIGHT", "STANDARD"}) || len(all(z, "RRULE")) != 2 || len(all(z, "RDATE")) > 0 {
				t.Errorf("%s: %+v", name, z)
			}
			from, to := all(z, "TZOFFSETFROM"), all(z, "TZOFFSETTO")
			for i, part := range all(z, "BEGIN") {
				if !wholeMinutes.MatchString(from[i].value) || !wholeMinutes.MatchString(to[i].value) || forward(to[i].value, from[i].value) != (part.value == "DAYLIGHT") {
					t.Errorf("%s: %s from %s to %s", name, part.value, from[i].value, to[i].value)
				}
			}
		}
		for _, e := range c.events {
			for _, l := range e {
				if _, zone, ok := strings.Cut(l.parameters, "TZID="); ok && !defined[zone] {
					t.Errorf("%s: %s is not defined", name, zone)
				}
			}
		}
	}
	if len(s.calendars["zones"].zones) < 2 {
		t.Error("the samples have no several zones")
	}
}

func nothingFloats(t *testing.T, s suite) {
	forms := map[string]*regexp.Regexp{
		"":            regexp.MustCompile(`^\d{8}T\d{6}Z$`),
		";VALUE=DATE": regexp.MustCompile(`^\d{8}$`),
		"zone":        regexp.MustCompile(`^\d{8}T\d{6}$`),
	}
	s.each(func(name string, e []content) {
		for _, l := range append(all(e, "DTSTART"), all(e, "DTEND")...) {
			form := l.parameters
			if strings.HasPrefix(form, ";TZID=") {
				form = "zone"
			}
			if forms[form] == nil || !forms[form].MatchString(l.value) {
				t.Errorf("%s: %+v", name, l)
			}
		}
	})
}

func allDay(t *testing.T, s suite) {
	days := s.calendars["all-day"].events
	for i, want := range [][2]string{{"20260308", "20260309"}, {"20260328", "20260329"}, {"20260328", "20260331"}, {"20261231", "20270101"}} {
		starts := slices.IndexFunc(days, func(e []content) bool { return value(e, "DTSTART") == want[0] && value(e, "DTEND") == want[1] })
		if starts < 0 || all(days[starts], "DTSTART")[0].parameters != ";VALUE=DATE" || all(days[starts], "DTEND")[0].parameters != ";VALUE=DATE" {
			t.Errorf("%d: there are no days from %s to before %s", i, want[0], want[1])
		}
	}
}

func endsAfterStart(t *testing.T, s suite) {
	s.each(func(name string, e []content) {
		starts, ends := all(e, "DTSTART"), all(e, "DTEND")
		if len(ends) != 1 || len(all(e, "DURATION")) > 0 || starts[0].parameters != ends[0].parameters || ends[0].value <= starts[0].value {
			t.Errorf("%s: %+v to %+v", name, starts, ends)
		}
	})
}

// weeklyKeepsItsHour follows a series, which is a set of events, over both changes
// of the clocks.
func weeklyKeepsItsHour(t *testing.T, _ suite) {
	var series []Item
	for week := range 40 {
		series = append(series, townHall(t, fmt.Sprintf("%02d", week), func(i *Item) {
			i.Event.Starts = time.Date(2026, 3, 1+7*week, 18, 0, 0, 0, i.Event.Location()).UTC()
			i.Event.Ends = i.Event.Starts.Add(2 * time.Hour)
		}))
	}
	got := feedOf(t, series...)
	for _, e := range readBack(t, got) {
		starts, err := time.Parse(time.RFC3339, e.Starts)
		if err != nil || starts.In(today(t).Location()).Format("Mon 15:04") != "Sun 18:00" {
			t.Errorf("starts %s, %v", e.Starts, err)
		}
	}
	c := opened(t, got)
	if len(c.events) != len(series) {
		t.Errorf("%d events of a series of %d", len(c.events), len(series))
	}
	noRecurrence(t, suite{map[string]calendar{"a series": c}})
}

// noRecurrence: a series is a set of events, each with its own seats and changes.
func noRecurrence(t *testing.T, s suite) {
	s.each(func(name string, e []content) {
		for _, property := range []string{"RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID"} {
			if len(all(e, property)) > 0 {
				t.Errorf("%s has %s", name, property)
			}
		}
	})
}

func ambiguousInUTC(t *testing.T, s suite) {
	for _, e := range s.calendars["clock-changes"].events {
		for _, l := range append(all(e, "DTSTART"), all(e, "DTEND")...) {
			if night := strings.HasPrefix(l.value, "20261025T0") || strings.HasPrefix(l.value, "20260329T0"); night && l.parameters != "" {
				t.Errorf("%+v", l)
			}
		}
	}
}

func cancelledStay(t *testing.T, s suite) {
	for name, prefix := range map[string]string{"states": "INSTÄLLT: ", "states-english": "CANCELLED: "} {
		e := s.calendars[name].events[0]
		if value(e, "STATUS") != "CANCELLED" || value(e, "TRANSP") != "TRANSPARENT" || !strings.HasPrefix(value(e, "SUMMARY"), prefix) {
			t.Errorf("%s: %+v", name, e)
		}
	}
	s.each(func(name string, e []content) {
		if value(e, "STATUS") != "CANCELLED" && value(e, "TRANSP") != "" {
			t.Errorf("%s is not cancelled and takes no time", name)
		}
	})
}

func categoriesOnOneLine(t *testing.T, s suite) {
	for name, c := range s.feeds() {
		for _, e := range c.events {
			if lists := all(e, "CATEGORIES"); len(lists) != 1 || strings.ContainsAny(lists[0].value, `\;`) {
				t.Errorf("%s: %+v", name, lists)
			}
		}
	}
	if got := value(s.calendars["categories"].events[0], "CATEGORIES"); got != "Öppet möte,Mat dryck fest,a b,Klimat: el,X X-INJ:1" {
		t.Errorf("got %s", got)
	}
}

func urisAndGeo(t *testing.T, s suite) {
	decimal := regexp.MustCompile(`^-?\d+\.\d{6};-?\d+\.\d{6}$`)
	s.each(func(name string, e []content) {
		for _, l := range e {
			switch {
			case l.name == "GEO" && !decimal.MatchString(l.value), l.name == "URL" && !strings.HasPrefix(l.value, "https://"),
				l.name == "IMAGE", l.name == "CONFERENCE", l.name == "ATTACH":
				t.Errorf("%s: %+v", name, l)
			}
		}
	})
	if got := value(s.calendars["places"].events[0], "GEO"); got != "0.000010;-0.500000" {
		t.Errorf("GEO %s", got)
	}
}

func requestNamesTwo(t *testing.T, s suite) {
	for name, c := range s.messages() {
		organisers, attendees := all(c.events[0], "ORGANIZER"), all(c.events[0], "ATTENDEE")
		method := value(c.lines, "METHOD")
		if len(organisers) != 1 || len(attendees) != 1 || organisers[0].value != "mailto:svar@kalender.example" || attendees[0].value != "mailto:a+b@example.org" {
			t.Errorf("%s names %+v and %+v", name, organisers, attendees)
			continue
		}
		for _, parameter := range []string{";RSVP=FALSE", ";ROLE=REQ-PARTICIPANT", ";CUTYPE=INDIVIDUAL"} {
			if !strings.Contains(attendees[0].parameters, parameter) {
				t.Errorf("%s: %s", name, attendees[0].parameters)
			}
		}
		if method == Request && !strings.Contains(attendees[0].parameters, ";PARTSTAT=ACCEPTED") || method != Request && method != Cancel {
			t.Errorf("%s: %s, %s", name, method, attendees[0].parameters)
		}
	}
}

func updateAndCancel(t *testing.T, s suite) {
	first := s.calendars["invite-request"].events[0]
	for name, status := range map[string]string{"invite-moved": "CONFIRMED", "invite-cancelled": "CANCELLED", "invite-left": ""} {
		e := s.calendars[name].events[0]
		if value(e, "UID") != value(first, "UID") || value(e, "SEQUENCE") <= value(first, "SEQUENCE") || value(e, "DTSTAMP") < value(first, "DTSTAMP") ||
			value(e, "STATUS") != status || strings.Contains(s.calendars[name].bytes, "VALARM") {
			t.Errorf("%s: %+v", name, e)
		}
	}
	if value(s.calendars["invite-moved"].events[0], "DTSTAMP") == value(first, "DTSTAMP") {
		t.Error("an update has the stamp of what it updates")
	}
}

package ics

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"samling/models"
)

// Points 1 to 17: the bytes, and the calendar as a whole.

func crlf(t *testing.T, s suite) {
	for name, c := range s.calendars {
		if rest := strings.ReplaceAll(c.bytes, "\r\n", ""); strings.ContainsAny(rest, "\r\n") || !strings.HasSuffix(c.bytes, "\r\n") {
			t.Errorf("%s has a bare CR or LF, or none at its end", name)
		}
	}
}

func lineLength(t *testing.T, s suite) {
	longest := 0
	for name, c := range s.calendars {
		for _, l := range c.physical {
			if longest = max(longest, len(l)); len(l) > 75 {
				t.Errorf("%s: %d octets: %q", name, len(l), l)
			}
		}
	}
	if longest != 75 {
		t.Errorf("the longest line has %d octets: the samples try nothing", longest)
	}
}

func foldsBetweenCharacters(t *testing.T, s suite) {
	for name, c := range s.calendars {
		for _, l := range c.physical {
			if !utf8.ValidString(l) {
				t.Errorf("%s: %q is not UTF-8 by itself", name, l)
			}
		}
	}
}

func foldsBetweenEscapes(t *testing.T, s suite) {
	for name, c := range s.calendars {
		for i, l := range c.physical[1:] {
			if strings.HasPrefix(l, " ") && openEscape(c.physical[i]) {
				t.Errorf("%s: folded within an escape: %q", name, c.physical[i])
			}
		}
	}
}

// textsRoundTrip undoes the escapes by the letter of RFC 5545 §3.3.11.
func textsRoundTrip(t *testing.T, s suite) {
	undone := strings.NewReplacer(`\\`, `\`, `\;`, ";", `\,`, ",", `\n`, "\n", `\N`, "\n")
	for name, sample := range samples(t) {
		for _, want := range sample.given {
			i := slices.IndexFunc(s.calendars[name].events, func(e []content) bool { return value(e, "UID") == want.UID })
			for property, text := range map[string]string{"SUMMARY": want.Summary, "DESCRIPTION": want.Description, "LOCATION": want.Location} {
				got := value(s.calendars[name].events[i], property)
				if undone.Replace(got) != text || strings.Contains(got, `\:`) {
					t.Errorf("%s: %s is %q, given was %q", name, property, got, text)
				}
			}
		}
	}
}

func noControls(t *testing.T, s suite) {
	for name, c := range s.calendars {
		for _, l := range c.physical {
			if i := strings.IndexFunc(l, func(r rune) bool { return r < ' ' && r != '\t' || r >= 0x7f && r <= 0x9f }); i >= 0 {
				t.Errorf("%s: a control character: %q", name, l)
			}
		}
	}
}

// noInjection puts a line break and a line behind it into every text that people
// can write, and looks for a line that nobody meant.
func noInjection(t *testing.T, _ suite) {
	evil := func(s *string) { *s += "x\r\nX-INJ:1\nX-INJ:2\rX-INJ:3\u0085X-INJ:4\u2028X-INJ:5" }
	item := mayDay(t)
	ev := item.Event
	for _, s := range []*string{
		&ev.Title, &ev.Summary, &ev.Description, &ev.Reason, &ev.Place.Name, &ev.Place.Address, &ev.OnlineURL, &ev.Access.Notes,
		&ev.Contact.Name, &ev.Contact.Phone, &ev.Contact.Email, &ev.Programme[0].Title, &ev.Programme[0].Speaker, &ev.Programme[0].Place,
		&ev.Partners[0], &ev.Spoken[0], &ev.Slug, &ev.ID, &ev.TimeZone, &item.Hosts[0], &item.Groups[0], &item.At,
	} {
		evil(s)
	}
	f := city
	evil(&f.Name)
	evil(&f.Description)
	evil(&f.URL)
	e := encoder(t)
	got := opened(t, e.Feed(f, fragments(t, e, "sv", item)))
	invitation := invitations(t)["request"]
	for _, s := range []*string{
		&invitation.UID, &invitation.OrganiserName, &invitation.Organiser, &invitation.Attendee, &invitation.AttendeeName,
		&invitation.Facts.Place, &invitation.Facts.OnlineURL, &invitation.About.Slug, &invitation.About.Summary, &invitation.About.Hosts[0], &invitation.URL, &invitation.Method,
	} {
		evil(s)
	}
	message := opened(t, e.Invitation(invitation))
	for _, c := range []calendar{got, message} {
		if len(c.events) != 1 {
			t.Errorf("%d events", len(c.events))
		}
		for _, lines := range append(slices.Clone(c.events), c.lines) {
			for _, l := range lines {
				if strings.HasPrefix(l.name, "X-INJ") {
					t.Errorf("a line of its own: %+v", l)
				}
			}
		}
	}
}

func parametersQuoted(t *testing.T, s suite) {
	quoted := 0
	s.each(func(name string, e []content) {
		for _, l := range e {
			if strings.Contains(l.parameters, `\`) || strings.Count(l.parameters, `"`)%2 != 0 {
				t.Errorf("%s: %s", name, l.parameters)
			}
			quoted += strings.Count(l.parameters, `"`) / 2
		}
	})
	if quoted == 0 {
		t.Error("no sample has a name that must be quoted")
	}
}

func namesReadTheSame(t *testing.T, s suite) {
	for name, c := range s.messages() {
		for _, l := range c.events[0] {
			if l.name == "ORGANIZER" || l.name == "ATTENDEE" {
				address := strings.TrimPrefix(l.value, "mailto:")
				if strings.ContainsAny(strings.ReplaceAll(l.parameters, ";", ""), "^\\") || address == l.value || strings.ContainsAny(address, " \";:,") {
					t.Errorf("%s: %+v", name, l)
				}
				for _, p := range strings.Split(l.parameters, ";")[1:] {
					if strings.Count(p, `"`)%2 != 0 { // a semicolon within quotes
						t.Errorf("%s: %+v", name, l)
					}
				}
			}
		}
	}
	known, err := os.ReadFile(filepath.Join("..", ".ci", "judges", "known.json"))
	if err != nil {
		t.Fatal(err)
	}
	var excuses []struct{ Judge, File, Why string }
	if err := json.Unmarshal(known, &excuses); err != nil {
		t.Fatal(err)
	}
	for _, e := range excuses {
		if strings.HasPrefix(e.File, "invite-") || e.Why == "" {
			t.Errorf("a judge is excused for %s: %q", e.File, e.Why)
		}
	}
}

func oneCalendar(t *testing.T, s suite) {
	for name, c := range s.calendars {
		if !strings.HasPrefix(c.bytes, "BEGIN:VCALENDAR\r\n") || !strings.HasSuffix(c.bytes, "\r\nEND:VCALENDAR\r\n") || strings.Count(c.bytes, "\nBEGIN:VCALENDAR\r\n") != 0 {
			t.Errorf("%s is not one calendar from its first byte to its last", name)
		}
	}
}

func headOnce(t *testing.T, s suite) {
	for name, c := range s.calendars {
		for _, property := range []string{"VERSION", "PRODID", "CALSCALE"} {
			if n := len(all(c.lines, property)); n != 1 {
				t.Errorf("%s has %d %s", name, n, property)
			}
		}
		if value(c.lines, "VERSION") != "2.0" || value(c.lines, "CALSCALE") != "GREGORIAN" {
			t.Errorf("%s: %+v", name, c.lines)
		}
	}
}

func noMessage(t *testing.T, s suite) {
	for name, c := range s.feeds() {
		for _, lines := range append(slices.Clone(c.events), c.lines) {
			for _, l := range lines {
				if slices.Contains([]string{"METHOD", "ORGANIZER", "ATTENDEE", "VALARM"}, l.name) {
					t.Errorf("%s: %+v", name, l)
				}
			}
		}
	}
}

func calendarName(t *testing.T, s suite) {
	for name, c := range s.feeds() {
		called := value(c.lines, "NAME")
		if name != "members" && called == "" || called != value(c.lines, "X-WR-CALNAME") || utf8.RuneCountInString(called) > 255 || strings.Contains(called, `\n`) {
			t.Errorf("%s is called %q and %q", name, called, value(c.lines, "X-WR-CALNAME"))
		}
	}
	long := city
	long.Name = strings.Repeat("å", 300)
	if n := utf8.RuneCountInString(value(opened(t, encoder(t).Feed(long, nil)).lines, "NAME")); n != 255 {
		t.Errorf("a long name has %d characters", n)
	}
}

func refreshInterval(t *testing.T, s suite) {
	for name, c := range s.feeds() {
		again := all(c.lines, "REFRESH-INTERVAL")
		if name == "members" { // one event, which is taken once
			continue
		}
		if len(again) != 1 || again[0].parameters != ";VALUE=DURATION" || again[0].value != "PT1H" || value(c.lines, "X-PUBLISHED-TTL") != "PT1H" {
			t.Errorf("%s: %+v", name, again)
		}
	}
}

func colours(t *testing.T, s suite) {
	known := []string{"crimson", "seagreen", "steelblue", "darkorange", "firebrick", "rebeccapurple", "teal", "slategray"}
	for _, k := range append(models.Kinds(), "unheard-of") {
		if c := colour(k); !slices.Contains(known, c) {
			t.Errorf("%s is %q, which is none of CSS Color 3", k, c)
		}
	}
	for name, c := range s.calendars {
		if strings.Contains(c.bytes, "X-APPLE-CALENDAR-COLOR") {
			t.Errorf("%s has a colour of its own, which is for its reader to choose", name)
		}
	}
}

func source(t *testing.T, s suite) {
	for name, c := range s.feeds() {
		if from := all(c.lines, "SOURCE"); name != "members" && (len(from) != 1 || from[0] != content{"SOURCE", ";VALUE=URI", site + "/feeds/all.ics"}) {
			t.Errorf("%s: %+v", name, from)
		}
	}
}

func noCalendarUID(t *testing.T, s suite) {
	for name, c := range s.calendars {
		if value(c.lines, "UID") != "" {
			t.Errorf("%s has a UID, and some programs make one entry of all its events", name)
		}
	}
}

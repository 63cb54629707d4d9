package ics

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

var contentForm = regexp.MustCompile(`^[A-Z][A-Z0-9-]*(;[A-Z-]+=("[^"\x00-\x1f]*"|[^";:,\x00-\x1f]*)(,("[^"]*"|[^";:,]*))*)*:`)

// lint reads the bytes of a calendar as strictly as RFC 5545 is written. It knows
// nothing of our writer nor of any library.
func lint(t testing.TB, b []byte) {
	t.Helper()
	for _, fault := range faults(b) {
		t.Error(fault)
	}
}

func faults(b []byte) (out []string) {
	complain := func(what, where string) { out = append(out, what+": "+where) }
	if !bytes.HasPrefix(b, []byte("BEGIN:VCALENDAR\r\n")) || !bytes.HasSuffix(b, []byte("END:VCALENDAR\r\n")) {
		complain("not a calendar from its first byte to its last", string(b[:min(20, len(b))]))
	}
	if n := bytes.Count(b, []byte("BEGIN:VCALENDAR")); n != 1 {
		complain("not one VCALENDAR", string(b))
	}
	physical := strings.Split(strings.TrimSuffix(string(b), "\r\n"), "\r\n")
	for i, l := range physical {
		switch {
		case len(l) > 75:
			complain("longer than 75 octets", l)
		case !utf8.ValidString(l):
			complain("not UTF-8 by itself", l)
		case strings.ContainsFunc(l, func(r rune) bool { return r < ' ' && r != '\t' || r >= 0x7f && r <= 0x9f || r == 0x2028 || r == 0x2029 }):
			complain("a control character", l)
		case i+1 < len(physical) && strings.HasPrefix(physical[i+1], " ") && openEscape(l):
			complain("folded within an escape", l)
		case l == "" || l == " ":
			complain("an empty line", l)
		}
	}
	unfolded := strings.ReplaceAll(string(b), "\r\n ", "")
	zones, named := map[string]bool{}, map[string]bool{}
	seen := map[string]bool{}
	var open []string
	var event map[string][]string
	for _, l := range strings.Split(strings.TrimSuffix(unfolded, "\r\n"), "\r\n") {
		head := contentForm.FindString(l)
		if head == "" {
			complain("not a content line", l)
			continue
		}
		value := l[len(head):]
		name, parameters, _ := strings.Cut(strings.TrimSuffix(head, ":"), ";")
		switch name {
		case "BEGIN":
			open = append(open, value)
			if value == "VEVENT" {
				event = map[string][]string{}
			}
			continue
		case "END":
			if len(open) == 0 || open[len(open)-1] != value {
				complain("unbalanced", l)
				return out
			}
			open = open[:len(open)-1]
			if value == "VEVENT" {
				for _, fault := range eventFaults(event, seen) {
					complain(fault, event["UID"][0])
				}
				event = nil
			}
			continue
		}
		if name == "TZID" {
			zones[value] = true
		}
		if event == nil {
			if len(open) == 1 && name == "UID" {
				complain("a UID of the calendar", l)
			}
			continue
		}
		event[name] = append(event[name], parameters+":"+value)
		if tzid, ok := strings.CutPrefix(parameters, "TZID="); ok {
			named[tzid] = true
			if strings.HasSuffix(value, "Z") {
				complain("a zone on UTC", l)
			}
		} else if (name == "DTSTART" || name == "DTEND") && parameters == "" && !strings.HasSuffix(value, "Z") {
			complain("a floating time", l)
		}
	}
	for tzid := range named {
		if !zones[tzid] {
			complain("a zone without VTIMEZONE", tzid)
		}
	}
	return out
}

// openEscape reports whether a line ends with a backslash that escapes what comes.
func openEscape(l string) bool { return (len(l)-len(strings.TrimRight(l, `\`)))%2 == 1 }

func eventFaults(e map[string][]string, seen map[string]bool) (out []string) {
	for _, name := range []string{"UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE"} {
		if len(e[name]) != 1 {
			out = append(out, "not one "+name)
		}
	}
	for _, name := range []string{"DTEND", "LAST-MODIFIED", "STATUS", "LOCATION", "GEO", "DESCRIPTION", "URL", "CATEGORIES", "ORGANIZER", "ATTENDEE", "CLASS", "COLOR", "TRANSP"} {
		if len(e[name]) > 1 {
			out = append(out, "several "+name)
		}
	}
	if len(out) > 0 {
		return out
	}
	if uid := e["UID"][0]; seen[uid] {
		out = append(out, "a UID twice")
	} else {
		seen[uid] = true
	}
	if end := e["DTEND"]; len(end) == 1 {
		startForm, start, _ := strings.Cut(e["DTSTART"][0], ":")
		endForm, stop, _ := strings.Cut(end[0], ":")
		if startForm != endForm || len(start) != len(stop) || stop <= start {
			out = append(out, "an end that does not fit: "+e["DTSTART"][0]+" "+end[0])
		}
	}
	for _, geo := range e["GEO"] {
		if !regexp.MustCompile(`^:-?\d+\.\d+;-?\d+\.\d+$`).MatchString(geo) {
			out = append(out, "a GEO that is not decimal: "+geo)
		}
	}
	return out
}

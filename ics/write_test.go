package ics

import (
	"strings"
	"testing"
	"unicode/utf8"

	ical "github.com/arran4/golang-ical"
)

func written(c ical.Component) string {
	var w writer
	w.component(c)
	return string(w.buf)
}

func event(properties ...ical.IANAProperty) ical.Component {
	return &ical.VEvent{ComponentBase: ical.ComponentBase{Properties: properties}}
}

func TestWriter_CategoriesOnOneLine(t *testing.T) {
	got := written(event(property("CATEGORIES", "A"), property("CATEGORIES", "B"), property("COLOR", "red"), property("CATEGORIES", "C")))
	want := "BEGIN:VEVENT\r\nCATEGORIES:A,B\r\nCOLOR:red\r\nCATEGORIES:C\r\nEND:VEVENT\r\n"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWriter_ParametersInOrder(t *testing.T) {
	want := written(event(property("ATTENDEE", "mailto:a@b.example", "RSVP", "FALSE", "CN", "A", "ROLE", "CHAIR", "CUTYPE", "ROOM")))
	for range 20 {
		if got := written(event(property("ATTENDEE", "mailto:a@b.example", "ROLE", "CHAIR", "CUTYPE", "ROOM", "RSVP", "FALSE", "CN", "A"))); got != want {
			t.Fatalf("got %q, then %q", want, got)
		}
	}
}

// Folding at every place that a line can have, through each kind of unit.
func TestWriter_Folding(t *testing.T) {
	for name, unit := range map[string]string{"letters": "a", "umlauts": "å", "emoji": "😀", "families": "👨‍👩‍👧‍👦", "escapes": `\`, "breaks": "\n", "mixed": "å;😀\\,a\n", "spaces": " "} {
		t.Run(name, func(t *testing.T) {
			for lead := range 80 {
				text := strings.Repeat("x", lead) + strings.Repeat(unit, 60)
				physical := strings.Split(strings.TrimSuffix(written(event(property("SUMMARY", text))), "\r\n"), "\r\n")
				for i, l := range physical {
					if len(l) > maxLine || !utf8.ValidString(l) || i+1 < len(physical) && strings.HasPrefix(physical[i+1], " ") && openEscape(l) {
						t.Fatalf("after %d letters: %q", lead, l)
					}
				}
				unfolded := strings.ReplaceAll(strings.Join(physical, "\r\n"), "\r\n ", "")
				_, value, _ := strings.Cut(strings.Split(unfolded, "\r\n")[1], ":")
				if got := ical.FromText(value); got != text {
					t.Fatalf("after %d letters: read %q, written %q", lead, got, text)
				}
			}
		})
	}
}

// FuzzWriter writes anything anywhere: the bytes must stay one calendar with the
// lines that were asked for, and a text be read as it was written.
func FuzzWriter(f *testing.F) {
	f.Add("Å, B", "x\r\nX-INJ:1", `a\n;,"`)
	f.Add("\r\u2028", "0", "0")
	f.Add("\x00\x7f\u2028\ufeff", "END:VEVENT\r\n", strings.Repeat("👩🏽‍🚀", 40))
	f.Fuzz(func(t *testing.T, text, name, address string) {
		got := written(event(property("SUMMARY", text), property("ATTENDEE", address, "CN", name)))
		unfolded := strings.ReplaceAll(got, "\r\n ", "")
		all := strings.Split(unfolded, "\r\n")
		if len(all) != 5 || all[0] != "BEGIN:VEVENT" || all[3] != "END:VEVENT" || !strings.HasPrefix(all[2], "ATTENDEE;CN=") {
			t.Fatalf("not four lines: %q", got)
		}
		for _, l := range strings.Split(got, "\r\n") {
			if len(l) > maxLine || !utf8.ValidString(l) || strings.ContainsFunc(l, func(r rune) bool { return r < ' ' && r != '\t' || r >= 0x7f && r <= 0x9f }) {
				t.Fatalf("%q in %q", l, got)
			}
		}
		// CR LF is one break first: after that nothing else may join a CR.
		want := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(valid(text))
		want = clean(strings.NewReplacer("\u0085", "\n", "\u2028", "\n", "\u2029", "\n").Replace(want))
		if read := ical.FromText(strings.TrimPrefix(all[1], "SUMMARY:")); read != want {
			t.Fatalf("read %q, written %q", read, want)
		}
	})
}

// valid has U+FFFD for every single byte that is not UTF-8.
func valid(s string) string { return string([]rune(s)) }

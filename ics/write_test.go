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

// Each case is something that golang-ical 0.3.6 writes wrongly.
func TestWriter_CorrectsTheLibrary(t *testing.T) {
	for name, c := range map[string]struct {
		property ical.IANAProperty
		want     string
	}{
		"lines end with CRLF":                 {property("SUMMARY", "a"), "SUMMARY:a\r\n"},
		"a comma in a name is quoted":         {property("ATTENDEE", "mailto:a@b.example", "CN", "Å, B"), "ATTENDEE;CN=\"Å, B\":mailto:a@b.example\r\n"},
		"a colon in a name is quoted":         {property("ATTENDEE", "mailto:a@b.example", "CN", "Styrelsen: Bo"), "ATTENDEE;CN=\"Styrelsen: Bo\":mailto:a@b.example\r\n"},
		"an address in a parameter is quoted": {property("ATTENDEE", "mailto:a@b.example", "SENT-BY", "mailto:x@y.example"), "ATTENDEE;SENT-BY=\"mailto:x@y.example\":mailto:a@b.example\r\n"},
		"an apostrophe is left alone":         {property("ATTENDEE", "mailto:a@b.example", "CN", "d'Arc"), "ATTENDEE;CN=d'Arc:mailto:a@b.example\r\n"},
		"a quotation mark in a name":          {property("ATTENDEE", "mailto:a@b.example", "CN", `"Bo"`), "ATTENDEE;CN='Bo':mailto:a@b.example\r\n"},
		"a backslash in a name":               {property("ATTENDEE", "mailto:a@b.example", "CN", `a\b`), "ATTENDEE;CN=a/b:mailto:a@b.example\r\n"},
		"a semicolon in a name":               {property("ATTENDEE", "mailto:a@b.example", "CN", "a;b"), "ATTENDEE;CN=\"a,b\":mailto:a@b.example\r\n"},
		"what RFC 6868 would decode":          {property("ATTENDEE", "mailto:a@b.example", "CN", "a^nb^'"), "ATTENDEE;CN=anb':mailto:a@b.example\r\n"},
		"a line break in a name":              {property("ATTENDEE", "mailto:a@b.example", "CN", "x\r\nX-INJ:1"), "ATTENDEE;CN=\"xX-INJ:1\":mailto:a@b.example\r\n"},
		"a line break in an address":          {property("URL", "https://x.example\r\nATTENDEE:a"), "URL:https://x.exampleATTENDEE:a\r\n"},
		"a line break in a name of a line":    {property("X-A\r\nB", "1"), "X-AB:1\r\n"},
		"controls in a text":                  {property("LOCATION", "a\rb\x00c\x0bd\x7fe\u0085f\u2028g\u0090h\ti"), "LOCATION:a\\nbcde\\nf\\ngh\ti\r\n"},
		"each text escape once":               {property("SUMMARY", "a\\b;c,d\r\ne:f\"g"), "SUMMARY:a\\\\b\\;c\\,d\\ne:f\"g\r\n"},
		"bytes that are not UTF-8":            {property("SUMMARY", "a\xffb"), "SUMMARY:a\uFFFDb\r\n"},
		"an unknown name with VALUE=URI":      {property("IMAGE", "https://a.example/b,c;d", "VALUE", "URI"), "IMAGE;VALUE=URI:https://a.example/b,c;d\r\n"},
		"GEO keeps its semicolon":             {property("GEO", newSheet().geo(0.00001, -18)), "GEO:0.000010;-18.000000\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got := written(event(c.property))
			if want := "BEGIN:VEVENT\r\n" + c.want + "END:VEVENT\r\n"; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
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

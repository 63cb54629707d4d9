package ics

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	ical "github.com/arran4/golang-ical"
)

// defect is something that golang-ical 0.3.6 does wrongly, as our research of the
// field numbers it.
type defect struct {
	name  string
	cases []correction // where the writer puts it right
	// unused are calls that have the defect, which nothing of ours makes.
	unused []string
	// elsewhere are tests that hold the rest of it.
	elsewhere []string
}

// correction is a property of the model and the line that our writer makes of it.
type correction struct {
	property ical.IANAProperty
	want     string
}

// attendee is somebody with a parameter.
func attendee(parameter, value string) ical.IANAProperty {
	return property("ATTENDEE", "mailto:a@b.example", parameter, value)
}

// defects are all of them, the first of them number 1.
func defects() []defect {
	return []defect{
		{name: "bare-lf", cases: []correction{{property("SUMMARY", "a"), "SUMMARY:a"}}, unused: []string{"Serialize", "SerializeTo"}},
		{name: "comma-in-a-name", cases: []correction{
			{attendee("CN", "Å, B"), `ATTENDEE;CN="Å, B":mailto:a@b.example`},
			{attendee("CN", "d'Arc"), `ATTENDEE;CN=d'Arc:mailto:a@b.example`},
		}, unused: []string{"WithCN"}},
		{name: "colon-in-a-name", cases: []correction{{attendee("CN", "Styrelsen: Bo"), `ATTENDEE;CN="Styrelsen: Bo":mailto:a@b.example`}}},
		{name: "address-in-a-parameter", cases: []correction{{attendee("SENT-BY", "mailto:x@y.example"), `ATTENDEE;SENT-BY="mailto:x@y.example":mailto:a@b.example`}}},
		{name: "no-rfc-6868", cases: []correction{
			{attendee("CN", `"Bo"`), `ATTENDEE;CN='Bo':mailto:a@b.example`},
			{attendee("CN", "a^nb^'"), `ATTENDEE;CN=anb':mailto:a@b.example`},
			{attendee("CN", `a\b`), `ATTENDEE;CN=a/b:mailto:a@b.example`},
			{attendee("CN", "a;b"), `ATTENDEE;CN="a,b":mailto:a@b.example`},
		}},
		{name: "injection", cases: []correction{
			{attendee("CN", "x\r\nX-INJ:1"), `ATTENDEE;CN="xX-INJ:1":mailto:a@b.example`},
			{property("URL", "https://x.example\r\nATTENDEE:a"), "URL:https://x.exampleATTENDEE:a"},
			{property("X-A\r\nB", "1"), "X-AB:1"},
		}},
		{name: "controls", cases: []correction{
			{property("LOCATION", "a\rb\x00c\x0bd\x7fe\u0085f\u2028g\u0090h\ti"), "LOCATION:a\\nbcde\\nf\\ngh\ti"},
			{property("SUMMARY", "a\xffb"), "SUMMARY:a\uFFFDb"},
		}},
		{name: "lists", cases: []correction{{property("CATEGORIES", "X"), "CATEGORIES:X"}}, unused: []string{"AddCategory"}, elsewhere: []string{"ics.TestWriter_CategoriesOnOneLine"}},
		{name: "unknown-names-are-text", cases: []correction{
			{property("IMAGE", "https://a.example/b,c;d", "VALUE", "URI"), "IMAGE;VALUE=URI:https://a.example/b,c;d"},
			{property("SOURCE", "https://a.example/b?c=1,2;d", "VALUE", "URI"), "SOURCE;VALUE=URI:https://a.example/b?c=1,2;d"},
		}},
		{name: "endless-folding", unused: []string{"SerializeTo", "WithLineLength"}, elsewhere: []string{"ics.TestWriter_Folding"}},
		{name: "parameters-in-quadratic-time", elsewhere: []string{"ics.TestParse_Faults", "ics.TestParse_FiftyMegabytesInOneLine"}, unused: []string{"ParseCalendar"}},
		{name: "nesting-bomb", elsewhere: []string{"ics.TestParse_Faults"}, unused: []string{"ParseCalendar"}},
		{name: "x-x", unused: []string{"ComponentPropertyExtended"}},
		{name: "removes-everything-else", unused: []string{"RemovePropertyByValue"}},
		{name: "mailto-twice", unused: []string{"SetOrganizer", "AddAttendee"}, elsewhere: []string{"ics.TestInvitation"}},
		{name: "geo-with-an-exponent", cases: []correction{{property("GEO", newSheet().geo(0.00001, -18)), "GEO:0.000010;-18.000000"}}, unused: []string{"SetGeo"}},
		{name: "id-unescapes-twice", unused: []string{"Id"}},
		{name: "folds-within-escapes", cases: []correction{
			{property("SUMMARY", strings.Repeat("x", 66)+"\n"), "SUMMARY:" + strings.Repeat("x", 66) + "\r\n \\n"},
			{property("SUMMARY", "a\\b;c,d\r\ne:f\"g"), `SUMMARY:a\\b\;c\,d\ne:f"g`},
		}, elsewhere: []string{"ics.TestWriter_Folding", "ics.FuzzWriter"}},
		{name: "forgives-and-refuses-at-random", elsewhere: []string{"ics.TestParse_Faults", "ics.TestParse_Forms"}, unused: []string{"ParseCalendar"}},
		{name: "ignores-write-errors", unused: []string{"SerializeTo"}},
	}
}

// TestDefect holds that each defect is corrected, or cannot reach us.
func TestDefect(t *testing.T) {
	all := defects()
	if len(all) != 20 {
		t.Errorf("%d defects, there are 20", len(all))
	}
	code := ours(t)
	for i, d := range all {
		t.Run(fmt.Sprintf("D%02d-%s", i+1, d.name), func(t *testing.T) {
			for _, c := range d.cases {
				if got, want := written(event(c.property)), "BEGIN:VEVENT\r\n"+c.want+"\r\nEND:VEVENT\r\n"; got != want {
					t.Errorf("got %q, want %q", got, want)
				}
			}
			for _, call := range d.unused {
				if regexp.MustCompile(`\.` + call + `\(`).MatchString(code) {
					t.Errorf("%s is called", call)
				}
			}
			for _, name := range d.elsewhere {
				if !exists(t, name) {
					t.Errorf("there is no %s", name)
				}
			}
			if len(d.cases)+len(d.unused)+len(d.elsewhere) == 0 {
				t.Error("nothing holds it")
			}
		})
	}
}

// ours is all code that may use the library.
func ours(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var code bytes.Buffer
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		code.Write(text)
	}
	return code.String()
}

// Why there is a writer of our own: a name, a list and a fold as the library
// writes them. When this fails the library has been mended, and may write again.
func TestDefect_LibraryHasThem(t *testing.T) {
	cal := ical.NewCalendar()
	e := cal.AddEvent("u1")
	e.Properties = append(e.Properties, attendee("CN", "Styrelsen: Bo"), property("URL", "https://x.example\r\nX-INJ:1"), property("SUMMARY", strings.Repeat("x", 66)+"\n"))
	var got bytes.Buffer
	if err := cal.SerializeTo(&got, ical.WithNewLineWindows, ical.WithLineLength(maxLine)); err != nil {
		t.Fatal(err)
	}
	for what, still := range map[string]string{
		"escapes in a name": `CN=Styrelsen\: Bo:`,
		"an injection":      "\r\nX-INJ:1\r\n",
		"a fold in two":     "x\\\r\n n",
	} {
		if !strings.Contains(got.String(), still) {
			t.Errorf("%s: the library no longer has it:\n%s", what, got.String())
		}
	}
}

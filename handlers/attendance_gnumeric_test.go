package handlers

import (
	"bytes"
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"samling/models"
)

// ssconvert is the variable that names gnumeric's converter. Where it is set the
// converter must work; .ci/run sheets sets it.
const ssconvert = "SAMLING_TEST_SSCONVERT"

// nasty are names that a spreadsheet could take for something else, or lose.
func nasty() []string {
	return []string{
		"Åsa Öqvist-Ärlig", "=1+1", "=cmd|' /C calc'!A0", "+46 70 123 45 67", "-2", "@SUM(A1:A2)", "＝1+1", "0701234567", "070 123 45 67", "007",
		"1,5", "1.5", "Bo \"Bosse\" Ek", "Ek; Bo, Ada|Dua", "🙂 Emoji 👩‍👩‍👧", "عمر الحسيني", "'redan citerad", "Anna & <Bo>", "TRUE", "#N/A", strings.Repeat("Långt namn ", 18),
	}
}

// nastyList is a list of them, with notes of several lines.
func nastyList() models.Attendance {
	a := models.Attendance{Asked: models.Questions()}
	a.Event.Title, a.Event.TimeZone = "Möte; om \"allt\" & mer", "Europe/Stockholm"
	for i, name := range nasty() {
		a.Attendees = append(a.Attendees, models.Attendee{
			RSVP:   strconv.Itoa(i),
			Person: models.Person{Name: name, Email: "a@example.org", Note: "Rad ett; \"citat\"\n=rad två\tmed tabb", Answers: models.Answers{Phone: "0701234567", Food: "=nötter"}},
			Entry:  models.Entry{Party: i + 1, State: models.Going, Since: tuesday.Add(time.Duration(i) * time.Hour)}, Here: i,
		})
	}
	return a
}

// cell is one of a spreadsheet as gnumeric has read it.
type cell struct {
	Row    int    `xml:"Row,attr"`
	Column int    `xml:"Col,attr"`
	Type   int    `xml:"ValueType,attr"` // 0: it calculates
	Text   string `xml:",chardata"`
}

// The types of values, as gnumeric numbers them.
const gnumericNumber, gnumericText = 40, 60

// opened is a file as gnumeric reads it, by row and column.
func opened(t *testing.T, program, language, name string, content []byte) map[[2]int]cell {
	t.Helper()
	from, to := filepath.Join(t.TempDir(), name), filepath.Join(t.TempDir(), "read.xml")
	must(0, os.WriteFile(from, content, 0o600))
	command := exec.CommandContext(t.Context(), program, "--export-type=Gnumeric_XmlIO:sax:0", from, to) //nolint:gosec // it is named by whoever runs the test
	command.Env = append(os.Environ(), "LC_ALL="+language)
	said, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, said)
	}
	var book struct {
		Cells []cell `xml:"Sheets>Sheet>Cells>Cell"`
	}
	must(0, xml.Unmarshal(must(os.ReadFile(to)), &book))
	out := map[[2]int]cell{}
	for _, c := range book.Cells {
		out[[2]int{c.Row, c.Column}] = c
	}
	return out
}

// A spreadsheet program that we did not write reads what we wrote: every text is
// one, and the same, and numbers and times are numbers.
func TestAttendance_OpenedByGnumeric(t *testing.T) {
	program := os.Getenv(ssconvert)
	if program == "" {
		t.Skip(ssconvert + " names no converter; .ci/run sheets does")
	}
	words := swedish()
	a := nastyList()
	for _, language := range []string{"sv", "en"} {
		for _, format := range []string{"csv", "xlsx"} {
			t.Run(format+" "+language, func(t *testing.T) {
				a := a
				if format == "csv" {
					// gnumeric guesses what stands between cells, and cannot be told: it gives
					// up where a line begins with a quotation mark. CSV itself cannot say that
					// TRUE is a name, nor keep an apostrophe before one from being a mark.
					a.Attendees = slices.DeleteFunc(slices.Clone(a.Attendees), func(l models.Attendee) bool {
						return strings.ContainsAny(l.Person.Name, `";`) || l.Person.Name == "TRUE" || l.Person.Name[0] == '\''
					})
				}
				var b bytes.Buffer
				taken := Takeout{Format: format, Along: Alongs(), By: "=ada@example.org", At: tuesday, Destroy: tuesday.AddDate(0, 0, 14)}
				must(0, WriteAttendance(&b, taken, a, words.In(language)))
				cells := opened(t, program, map[string]string{"sv": "sv_SE.UTF-8", "en": "en_GB.UTF-8"}[language], "list."+format, b.Bytes())
				text := func(row, column int, want string) {
					t.Helper()
					if c := cells[[2]int{row, column}]; want != "" && (c.Type != gnumericText || c.Text != want) {
						t.Errorf("row %d, column %d is %q of type %d, want the text %q", row, column, c.Text, c.Type, want)
					}
				}
				number := func(row, column int, want float64) {
					t.Helper()
					c := cells[[2]int{row, column}]
					if got, err := strconv.ParseFloat(c.Text, 64); err != nil || c.Type != gnumericNumber || got-want > 1e-6 || want-got > 1e-6 {
						t.Errorf("row %d, column %d is %q of type %d, want the number %v", row, column, c.Text, c.Type, want)
					}
				}
				for i, l := range a.Attendees {
					row := i + 1
					text(row, 0, l.Person.Name)
					number(row, 1, float64(l.Entry.Party))
					text(row, 3, "a@example.org")
					note := l.Person.Note
					if format == "csv" {
						note = strings.ReplaceAll(note, "\t", " ")
					}
					text(row, 6, note)
					// Days since the last of 1899, of the clock on the wall.
					wall := l.Entry.Since.Add(time.Hour)
					number(row, 7, wall.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours()/24)
					number(row, 8, float64(l.Here))
					text(row, 9, "0701234567")
					text(row, 10, "=nötter")
				}
				if last := cells[[2]int{len(a.Attendees) + 1, 0}]; last.Type != gnumericText || !strings.Contains(last.Text, "=ada@example.org") {
					t.Errorf("the last line is %+v", last)
				}
				if len(cells) < len(a.Attendees)*10 {
					t.Errorf("only %d cells", len(cells))
				}
			})
		}
	}
}

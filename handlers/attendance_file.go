package handlers

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"samling/locale"
	"samling/models"
)

// WriteAttendance writes an attendance list as json, csv or xlsx, the last two
// with headers in the reader's language and times in the event's zone. CSV is as
// spreadsheets take it: with a byte order mark, the language's own separator, and
// no cell that they would calculate.
func WriteAttendance(w io.Writer, format string, a models.Attendance, p *locale.Printer) error {
	switch format {
	case "json":
		return json.NewEncoder(w).Encode(attendanceForm(a))
	case "csv":
		return attendanceCSV(w, a, p)
	case "xlsx":
		return attendanceXLSX(w, a, p)
	}
	return fmt.Errorf("handlers: attendance lists are not written as %q", format)
}

// attendanceJSON is an attendance list as the API has it. Going, Waiting and
// Here count people.
type attendanceJSON struct {
	Going     int            `json:"going"`
	Waiting   int            `json:"waiting"`
	Here      int            `json:"here"`
	WalkIns   int            `json:"walk_ins"`
	Needs     int            `json:"needs"`
	Attendees []attendeeJSON `json:"attendees"`
}

type attendeeJSON struct {
	RSVP   string    `json:"rsvp"`
	Name   string    `json:"name"`
	Email  string    `json:"email"`
	Party  int       `json:"party"`
	Status string    `json:"status"`
	Note   string    `json:"note"`
	Since  time.Time `json:"since"`
	Here   int       `json:"here"`
	// Need says whether somebody has seen to what she needs: open or answered;
	// empty: she needs nothing.
	Need string `json:"need"`
	// Answers are there when they were asked for.
	Answers *models.Answers `json:"answers,omitempty"`
}

func attendanceForm(a models.Attendance) attendanceJSON {
	zone := a.Event.Location()
	out := attendanceJSON{Going: a.Counts.Going, Waiting: a.Counts.Waiting, Here: a.Here, WalkIns: a.WalkIns, Needs: a.Needs(), Attendees: []attendeeJSON{}}
	for _, l := range a.Attendees {
		line := attendeeJSON{
			RSVP: l.RSVP, Name: l.Person.Name, Email: l.Person.Email, Party: l.Entry.Party,
			Status: l.Entry.State.String(), Note: l.Person.Note, Since: l.Entry.Since.In(zone), Here: l.Here,
		}
		if l.Person.Needs() {
			line.Need = map[bool]string{false: "open", true: "answered"}[l.Seen]
		}
		if len(a.Asked) > 0 {
			line.Answers = &l.Person.Answers
		}
		out.Attendees = append(out.Attendees, line)
	}
	return out
}

// columns are the headers, in the order in which the lines have their cells: the
// questions whose answers are shown come last.
func columns(p *locale.Printer, asked []models.Question) []string {
	var out []string
	for _, name := range []string{"name", "email", "party", "status", "note", "since", "here"} {
		out = append(out, p.T("attendance."+name))
	}
	for _, q := range asked {
		out = append(out, p.T("attendance."+string(q)))
	}
	return out
}

func attendanceCSV(w io.Writer, a models.Attendance, p *locale.Printer) error {
	rows := [][]string{columns(p, a.Asked)}
	for _, l := range attendanceForm(a).Attendees {
		row := []string{
			harmless(l.Name), harmless(l.Email), strconv.Itoa(l.Party), p.T("attendance.status." + l.Status),
			harmless(l.Note), l.Since.Format("2006-01-02 15:04"), strconv.Itoa(l.Here),
		}
		for _, q := range a.Asked {
			row = append(row, harmless(*l.Answers.To(q)))
		}
		rows = append(rows, row)
	}
	return spreadsheet(w, p, rows)
}

// spreadsheet writes CSV with a byte order mark and the language's own separator.
// Its cells are to be harmless.
func spreadsheet(w io.Writer, p *locale.Printer, rows [][]string) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.Comma = []rune(p.T("attendance.separator"))[0]
	out.UseCRLF = true
	return out.WriteAll(rows)
}

// harmless is a text that no spreadsheet takes for a formula: what somebody typed
// into a form must not run on an organiser's machine.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return "'" + s
	}
	return s
}

func attendanceXLSX(w io.Writer, a models.Attendance, p *locale.Printer) (err error) {
	f := excelize.NewFile()
	defer func() { err = firstOf(err, f.Close()) }()
	sheet := p.T("attendance.sheet")
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	form := "yyyy-mm-dd hh:mm"
	moment, err := f.NewStyle(&excelize.Style{CustomNumFmt: &form})
	if err != nil {
		return err
	}
	out, err := f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	for i, width := range []float64{28, 32, 8, 12, 40, 18, 8, 18, 30, 30} {
		if err := out.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	var headers []any
	for _, h := range columns(p, a.Asked) {
		headers = append(headers, excelize.Cell{StyleID: bold, Value: h})
	}
	rows := [][]any{headers}
	for _, l := range attendanceForm(a).Attendees {
		// A spreadsheet's time has no zone: the clock on the wall is written.
		_, offset := l.Since.Zone()
		wall := l.Since.UTC().Add(time.Duration(offset) * time.Second).Truncate(time.Second)
		row := []any{
			l.Name, l.Email, l.Party, p.T("attendance.status." + l.Status), l.Note, excelize.Cell{StyleID: moment, Value: wall}, l.Here,
		}
		for _, q := range a.Asked {
			row = append(row, *l.Answers.To(q))
		}
		rows = append(rows, row)
	}
	for i, row := range rows {
		if err := out.SetRow("A"+strconv.Itoa(i+1), row); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return f.Write(w)
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

package handlers

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"samling/locale"
	"samling/models"
)

// column is one column of an attendance list in a spreadsheet. Its cells are texts,
// whole numbers or times.
type column struct {
	head  string
	width float64 // in characters
	cell  func(*models.Attendee) any
}

// columns are what is taken along of people, in their order.
func (t Takeout) columns(a *models.Attendance, p *locale.Printer) []column {
	zone := a.Event.Location()
	text := func(of func(*models.Attendee) string) func(*models.Attendee) any {
		return func(l *models.Attendee) any { return of(l) }
	}
	out := []column{
		{p.T("attendance.name"), 32, text(func(l *models.Attendee) string { return l.Person.Name })},
		{p.T("attendance.party"), 9, func(l *models.Attendee) any { return l.Entry.Party }},
		{p.T("attendance.status"), 16, text(func(l *models.Attendee) string { return p.T("attendance.status." + l.Entry.State.String()) })},
	}
	if t.has(AlongEmail) {
		out = append(out, column{p.T("attendance.email"), 32, text(func(l *models.Attendee) string { return l.Person.Email })},
			column{p.T("organise.no-mail"), 22, text(func(l *models.Attendee) string { return map[bool]string{true: p.T("organise.yes")}[l.Returned] })})
	}
	if t.has(AlongNeeds) {
		out = append(out, column{p.T("list.needs"), 18, text(func(l *models.Attendee) string {
			switch {
			case l.Open():
				return p.T("organise.need.open")
			case l.Person.Needs():
				return p.T("organise.need.seen")
			}
			return ""
		})})
	}
	if t.has(AlongNote) {
		out = append(out, column{p.T("attendance.note"), 40, text(func(l *models.Attendee) string { return l.Person.Note })})
	}
	if t.has(AlongTimes) {
		out = append(out, column{p.T("attendance.since"), 18, func(l *models.Attendee) any { return l.Entry.Since.In(zone) }},
			column{p.T("attendance.here"), 9, func(l *models.Attendee) any { return l.Here }})
	}
	if t.has(AlongAnswers) {
		for _, q := range a.Asked {
			out = append(out, column{p.T("attendance." + string(q)), 28, text(func(l *models.Attendee) string { return *l.Person.Answers.To(q) })})
		}
	}
	return out
}

// shown are the lines that the reader may read, and how many others and their people
// there are.
func shown(a *models.Attendance) (lines []*models.Attendee, hidden, people int) {
	for i := range a.Attendees {
		l := &a.Attendees[i]
		if l.Hidden {
			hidden, people = hidden+1, people+l.Entry.Party
			continue
		}
		lines = append(lines, l)
	}
	return lines, hidden, people
}

// last are the lines below the people: how many the reader may not read, and who
// took the list and when it has to be destroyed.
func (t Takeout) last(p *locale.Printer, hidden, people int) (out []string) {
	if hidden > 0 {
		out = append(out, p.T("list.hidden", "Count", hidden, "People", p.T("organise.party", "Count", people)))
	}
	return append(out, t.foot(p))
}

// foot says who took a list, when, and when it has to be destroyed.
func (t Takeout) foot(p *locale.Printer) string {
	return p.T("list.taken", "Who", t.By, "When", p.Date(t.At)+" "+p.Time(t.At), "Day", p.Date(t.Destroy))
}

func (t Takeout) writeCSV(w io.Writer, a models.Attendance, p *locale.Printer) error {
	columns := t.columns(&a, p)
	row := func(cell func(column) string) []string {
		out := make([]string, len(columns))
		for i, c := range columns {
			out[i] = harmless(cell(c))
		}
		return out
	}
	rows := [][]string{row(func(c column) string { return c.head })}
	lines, hidden, people := shown(&a)
	for _, l := range lines {
		rows = append(rows, row(func(c column) string {
			switch v := c.cell(l).(type) {
			case time.Time:
				return v.Format("2006-01-02 15:04")
			case int:
				return strconv.Itoa(v)
			case string:
				return asText(v)
			}
			return ""
		}))
	}
	for _, text := range t.last(p, hidden, people) {
		rows = append(rows, append([]string{locale.Plain(text)}, make([]string, len(columns)-1)...))
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
// into a form must not run on an organiser's machine, nor turn into an error there.
// Programs for Japanese and Chinese take the wide signs, too, and some skip spaces.
func harmless(s string) string {
	if strings.IndexAny(strings.TrimLeft(s, " \u00a0"), "=+-@#\t\r\n＝＋－＠") == 0 {
		return "'" + s
	}
	return s
}

// asText keeps a text from being read as a number, by which a telephone number
// would lose its first zero. Programs that guess what stands between cells believe
// in any tab that they see.
func asText(s string) string {
	s = strings.ReplaceAll(s, "\t", " ")
	if s != "" && strings.Trim(s, "0123456789 \u00a0.,") == "" {
		return "'" + s
	}
	return s
}

func (t Takeout) writeXLSX(w io.Writer, a models.Attendance, p *locale.Printer) (err error) {
	f := excelize.NewFile()
	defer func() { err = firstOf(err, f.Close()) }()
	sheet, columns := p.T("attendance.sheet"), t.columns(&a, p)
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	if err := printed(f, sheet, a.Event.Title, len(columns)); err != nil {
		return err
	}
	bold, moment, wrapped, quiet, err := styles(f)
	if err != nil {
		return err
	}
	out, err := f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	for i, c := range columns {
		if err := out.SetColWidth(i+1, i+1, c.width); err != nil {
			return err
		}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	number := 0
	add := func(row []any) error {
		number++
		return out.SetRow("A"+strconv.Itoa(number), row)
	}
	row := func(cell func(column) any) []any {
		var out []any
		for _, c := range columns {
			out = append(out, cell(c))
		}
		return out
	}
	err = add(row(func(c column) any { return excelize.Cell{StyleID: bold, Value: c.head} }))
	lines, hidden, people := shown(&a)
	for _, l := range lines {
		if err != nil {
			return err
		}
		err = add(row(func(c column) any {
			switch v := c.cell(l).(type) {
			case time.Time:
				return excelize.Cell{StyleID: moment, Value: wall(v)}
			case string:
				return excelize.Cell{StyleID: wrapped, Value: v}
			default:
				return v
			}
		}))
	}
	for _, text := range t.last(p, hidden, people) {
		err = firstOf(err, add([]any{excelize.Cell{StyleID: quiet, Value: locale.Plain(text)}}))
	}
	if err = firstOf(err, out.Flush()); err != nil {
		return err
	}
	return f.Write(w)
}

// wall is the clock on the wall as a spreadsheet keeps it, whose times have no zone.
func wall(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second).Truncate(time.Second)
}

// styles are those of a header, a time, people's own words and the last lines.
func styles(f *excelize.File) (bold, moment, wrapped, quiet int, err error) {
	form, top := "yyyy-mm-dd hh:mm", &excelize.Alignment{Vertical: "top", WrapText: true}
	var all [4]int
	for i, s := range []excelize.Style{
		{Font: &excelize.Font{Bold: true}, Alignment: top},
		{CustomNumFmt: &form, Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "left"}},
		{NumFmt: 49, Alignment: top}, // "@": a text stays one when somebody edits it
		{Font: &excelize.Font{Italic: true}},
	} {
		if all[i], err = f.NewStyle(&s); err != nil {
			break
		}
	}
	return all[0], all[1], all[2], all[3], err
}

// printed sets a sheet up for A4: as wide as the paper, its header on each page,
// its event and the number of the page below.
func printed(f *excelize.File, sheet, title string, columns int) error {
	orientation, a4, pages := "portrait", 9, 0
	if columns > 4 {
		orientation = "landscape"
	}
	return firstOf(
		f.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: new(true)}),
		f.SetPageLayout(sheet, &excelize.PageLayoutOptions{Size: &a4, Orientation: &orientation, FitToWidth: new(1), FitToHeight: &pages}),
		f.SetHeaderFooter(sheet, &excelize.HeaderFooterOptions{OddFooter: "&L" + strings.ReplaceAll(clip(title), "&", "&&") + "&R&P / &N"}),
		f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: "'" + sheet + "'!$1:$1", Scope: sheet}),
	)
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

package handlers

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// numbersPage are the numbers of a city in one table.
type numbersPage struct {
	Desk    desk
	Here    string
	CSV     string
	Filters []input
	Caption string
	Heads   []string
	Rows    []numbersRow
	Total   numbersRow
	Unread  string
}

// numbersRow is a row of it. Share is how much of the widest row's people it has, in
// steps of five per cent, for its bar.
type numbersRow struct {
	Name  string
	Cells []int
	Share int
}

// organiseNumbers is GET /organise/numbers?by&period.
func (s *Server) organiseNumbers(c *fiber.Ctx) error {
	p := s.pageWords(c)
	report, asked, err := s.numbers(c)
	if err != nil {
		return err
	}
	body := numbersPage{Desk: s.desk(c, "city"), Heads: numberHeads(p, asked.get("by"))}
	body.Here = body.Desk.Base + "/numbers"
	body.CSV = body.Here + ".csv?" + asked.encode()
	var groupings []string
	for _, g := range planner.Groupings() {
		groupings = append(groupings, string(g))
	}
	body.Filters = []input{
		{Name: "by", Sort: "one", Label: p.T("numbers.by"), Choices: wordChoices(p, "numbers.by.", asked.get("by"), groupings...)},
		{Name: "period", Sort: "one", Label: p.T("numbers.period"), Choices: s.periods(p, asked.get("period"))},
	}
	most := 0
	for _, r := range report.Rows {
		most = max(most, r.SignedUp)
	}
	for _, r := range report.Rows {
		row := numbersRow{Name: s.numbersName(p, asked.get("by"), r.Key), Cells: cellsOf(r.Numbers)}
		if most > 0 {
			row.Share = (r.SignedUp*20 + most - 1) / most * 5
		}
		body.Rows = append(body.Rows, row)
	}
	body.Total = numbersRow{Name: p.T("numbers.total"), Cells: cellsOf(report.Total)}
	for _, period := range body.Filters[1].Choices {
		if period.Chosen {
			body.Caption = p.T("numbers.caption", "Period", period.Label)
		}
	}
	if report.Unread > 0 {
		body.Unread = p.T("numbers.unread", "Count", report.Unread)
	}
	return s.page(c, http.StatusOK, "organise-numbers", p, p.T("numbers.title"), body)
}

// numbersCSV is GET /organise/numbers.csv: the same table to take home.
func (s *Server) numbersCSV(c *fiber.Ctx) error {
	p := s.pageWords(c)
	report, asked, err := s.numbers(c)
	if err != nil {
		return err
	}
	row := func(name string, n planner.Numbers) []string {
		out := []string{harmless(name)}
		for _, cell := range cellsOf(n) {
			out = append(out, strconv.Itoa(cell))
		}
		return out
	}
	rows := [][]string{numberHeads(p, asked.get("by"))}
	for _, r := range report.Rows {
		rows = append(rows, row(s.numbersName(p, asked.get("by"), r.Key), r.Numbers))
	}
	rows = append(rows, row(p.T("numbers.total"), report.Total))
	var b bytes.Buffer
	if err := spreadsheet(&b, p, rows); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, typeCSV+"; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+p.T("numbers.file")+"-"+asked.get("by")+"-"+asked.get("period")+`.csv"`)
	return c.Send(b.Bytes())
}

// lastYear is the period of the twelve months that end with this one.
const lastYear = "12"

// numbers are those that are asked for, and what was asked.
func (s *Server) numbers(c *fiber.Ctx) (planner.Report, form, error) {
	asked := form{"by": {string(planner.ByAssociation)}, "period": {lastYear}}
	if by := c.Query("by"); slices.Contains(planner.Groupings(), planner.Grouping(by)) {
		asked.set("by", clip(by))
	}
	now := s.Now().In(s.zone)
	to := time.Date(now.Year(), now.Month()+1, 1, 0, 0, 0, 0, s.zone)
	from := to.AddDate(-1, 0, 0)
	if year, err := strconv.Atoi(c.Query("period")); err == nil && year >= 2000 && year <= 2100 {
		asked.set("period", strconv.Itoa(year))
		from, to = time.Date(year, 1, 1, 0, 0, 0, 0, s.zone), time.Date(year+1, 1, 1, 0, 0, 0, 0, s.zone)
	}
	report, err := s.Planner.Numbers(c.UserContext(), by(c), planner.Grouping(asked.get("by")), from, to)
	return report, asked, err
}

// periods are the years in which there are events, the newest first, and the last
// twelve months.
func (s *Server) periods(p *locale.Printer, chosen string) []choice {
	out := []choice{{lastYear, p.T("numbers.period.12"), chosen == lastYear}}
	events := s.Planner.Catalogue().Events
	if len(events) == 0 {
		return out
	}
	first, last := events[0].Starts.In(s.zone).Year(), events[len(events)-1].Starts.In(s.zone).Year()
	for year := last; year >= first; year-- {
		text := strconv.Itoa(year)
		out = append(out, choice{text, text, text == chosen})
	}
	return out
}

func numberHeads(p *locale.Printer, by string) []string {
	out := []string{p.T("numbers.by." + by)}
	for _, head := range []string{"events", "cancelled", "signed-up", "made", "left", "came", "counted", "eligible"} {
		out = append(out, p.T("numbers.head."+head))
	}
	return out
}

func cellsOf(n planner.Numbers) []int {
	return []int{n.Events, n.Cancelled, n.SignedUp, n.Made, n.Left, n.Came, n.Counted, n.Eligible}
}

// numbersName is what a row is called.
func (s *Server) numbersName(p *locale.Printer, by, key string) string {
	catalogue := s.Planner.Catalogue()
	switch {
	case key == "":
		return p.T("numbers.none." + by)
	case by == string(planner.ByKind):
		return p.T("kind." + string(models.Kind(key)))
	case by == string(planner.ByDistrict):
		if d, err := catalogue.District(key); err == nil {
			return d.In(p.Language())
		}
		return key
	case by == string(planner.ByMonth):
		return key
	}
	return catalogue.HostName(key, p.Language())
}

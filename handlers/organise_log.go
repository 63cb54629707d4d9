package handlers

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// logPage is what the pages of both logs have: what was asked for, and the ways on.
type logPage struct {
	Desk                 desk
	Here, CSV            string
	Event, Who, From, To string // as they were asked for
	Wrong                []complaint
	Chosen               bool
	Older                string
}

// newLog is the page of the log of that name, what its address asks for, and what is
// wrong with that; wrong nil: nothing.
func (s *Server) newLog(c *fiber.Ctx, p *locale.Printer, name string) (body logPage, filter planner.LogFilter, wrong error) {
	filter, asked, wrong := s.logFilter(c)
	body = logPage{
		Desk: s.desk(c, "city"), Event: asked.get("event"), Who: asked.get("who"), From: asked.get("from"), To: asked.get("to"), Chosen: len(asked) > 0,
	}
	for _, w := range faultsOf(p, wrong) {
		body.Wrong = append(body.Wrong, complaint{"#" + w.Name, w.Label, w.Text})
	}
	body.Here = body.Desk.Base + "/" + name
	body.CSV = body.Here + ".csv?" + asked.encode()
	return body, filter, wrong
}

// goesOn leads to the lines after a place, chosen by the same filter.
func (b *logPage) goesOn(older models.Cursor) {
	after := writeCursor(older)
	if after == "" {
		return
	}
	query := form{"after": {after}}
	for name, value := range map[string]string{"event": b.Event, "who": b.Who, "from": b.From, "to": b.To} {
		if value != "" {
			query.set(name, value)
		}
	}
	b.Older = b.Here + "?" + query.encode()
}

type lookRow struct{ When, Who, How, Event, Title, Counted string }

// organiseLog is GET /organise/log?event&who&from&to: who looked at which attendance
// list.
func (s *Server) organiseLog(c *fiber.Ctx) error {
	return showLog(s, c, "log", s.Planner.Reads, s.lookRow)
}

// showLog is a page of the log of that name: the lines that its address asks for, each
// as a row that draw makes of it.
func showLog[T, R any](
	s *Server, c *fiber.Ctx, name string,
	lines func(context.Context, *models.Organiser, planner.LogFilter, models.Cursor, int) ([]planner.Logged[T], models.Cursor, error),
	draw func(p *locale.Printer, line *planner.Logged[T], base string) R,
) error {
	p := s.pageWords(c)
	body, filter, wrong := s.newLog(c, p, name)
	found, older, err := lines(c.UserContext(), by(c), filter, readCursor(c.Query("after")), linesOnPage)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if wrong != nil { // these are other lines than she asked for
		status, found, older = statusOf(codeOf(wrong)), nil, models.Cursor{}
	}
	var rows []R
	for _, line := range found {
		rows = append(rows, draw(p, &line, body.Desk.Base))
	}
	body.goesOn(older)
	return s.page(c, status, "organise-"+name, p, p.T("organise.menu."+name), struct {
		logPage
		Rows []R
	}{body, rows})
}

// logFilter reads which lines are asked for, and returns what was asked, too, for the
// addresses of other pages.
func (s *Server) logFilter(c *fiber.Ctx) (filter planner.LogFilter, asked form, err error) {
	asked = form{}
	for _, name := range []string{"event", "who", "from", "to"} {
		if value := clip(c.Query(name)); value != "" {
			asked[name] = []string{value}
		}
	}
	var f models.Faults
	filter = planner.LogFilter{Event: asked.get("event"), Who: asked.get("who"), From: s.readDay(&f, "from", asked.get("from"))}
	if last := s.readDay(&f, "to", asked.get("to")); !last.IsZero() {
		filter.To = last.In(s.zone).AddDate(0, 0, 1) // the whole of the last day
	}
	return filter, asked, f.Err()
}

// whoDid is what people call who stands in a line of a log.
func whoDid(p *locale.Printer, address, id string) string {
	switch {
	case address != "":
		return address
	case id == planner.Command().ID:
		return p.T("organise.how.command")
	case id == planner.CalendarID:
		return p.T("history.calendar")
	}
	return p.T("organise.gone")
}

// whenLogged is the moment of a line.
func (s *Server) whenLogged(p *locale.Printer, at time.Time) string {
	at = at.In(s.zone)
	return p.Date(at) + " " + p.Time(at)
}

// lookRow is a look in words. base is of the organiser's addresses.
func (s *Server) lookRow(p *locale.Printer, l *planner.Look, base string) lookRow {
	row := lookRow{When: s.whenLogged(p, l.Line.At), Who: whoDid(p, l.Who, l.Line.Organiser), How: howWords(p, l.Line.How), Counted: p.T("organise.sign-ups", "Count", l.Line.Count)}
	if l.Line.Phone > 0 {
		row.Who = p.T("organise.how.phone", "Number", l.Line.Phone)
	}
	switch {
	case l.Line.How == models.LogTaken:
		row.Title, row.Counted = p.T("organise.menu.log"), p.T("organise.looks", "Count", l.Line.Count)
	case l.Event == nil:
		row.Title = p.T("organise.gone-event")
	default:
		text, _ := l.Event.In(p.Language(), s.Language)
		row.Event, row.Title = base+"/events/"+l.Event.ID, text.Title
	}
	return row
}

// logCSV is GET /organise/log.csv, the whole of what organiseLog shows in pages.
func (s *Server) logCSV(c *fiber.Ctx) error {
	p := s.pageWords(c)
	filter, _, err := s.logFilter(c)
	if err != nil {
		return err
	}
	looks, err := s.Planner.TakeReads(c.UserContext(), by(c), filter)
	if err != nil {
		return err
	}
	rows := [][]string{{p.T("organise.log.at"), p.T("organise.log.who"), p.T("organise.log.how"), p.T("organise.log.event"), p.T("organise.log.address"), p.T("organise.log.count")}}
	for _, l := range looks {
		row, address := s.lookRow(p, &l, ""), ""
		if l.Event != nil {
			address = s.Site + s.prefix(p.Language()) + "/organise" + row.Event
		}
		rows = append(rows, []string{l.Line.At.In(s.zone).Format(time.DateTime), harmless(row.Who), row.How, harmless(row.Title), address, strconv.Itoa(l.Line.Count)})
	}
	return sendCSV(c, p, p.T("organise.log.file"), rows)
}

// sendCSV answers with a table as a file.
func sendCSV(c *fiber.Ctx, p *locale.Printer, name string, rows [][]string) error {
	var b bytes.Buffer
	if err := spreadsheet(&b, p, rows); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, typeCSV+"; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`.csv"`)
	return c.Send(b.Bytes())
}

// howWords says how somebody looked: in which form, and with what of people in it.
func howWords(p *locale.Printer, how string) string {
	form, rest, found := strings.Cut(strings.Replace(how, "-answers", "+answers", 1), "+") // as it was once written
	if !found {
		return p.T("organise.how." + form)
	}
	var along []string
	for name := range strings.SplitSeq(rest, "+") {
		along = append(along, p.T("list.along."+name))
	}
	return p.T("list.took", "How", p.T("organise.how."+form), "Along", p.List(along))
}

package handlers

import (
	"bytes"
	"net/http"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// logPage is who looked at which attendance list.
type logPage struct {
	Desk                 desk
	Here, CSV            string
	Event, Who, From, To string // as they were asked for
	Wrong                []complaint
	Chosen               bool
	Looks                []lookRow
	Older                string
}

type lookRow struct{ When, Who, How, Event, Title, Counted string }

// organiseLog is GET /organise/log?event&who&from&to.
func (s *Server) organiseLog(c *fiber.Ctx) error {
	p := s.pageWords(c)
	filter, asked, wrong := s.lookFilter(c)
	looks, older, err := s.Planner.Reads(c.UserContext(), by(c), filter, readCursor(c.Query("after")), linesOnPage)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if wrong != nil { // these are other looks than she asked for
		status, looks, older = statusOf(codeOf(wrong)), nil, models.Cursor{}
	}
	body := logPage{
		Desk: s.desk(c, "city"), Event: asked.get("event"), Who: asked.get("who"), From: asked.get("from"), To: asked.get("to"), Chosen: len(asked) > 0,
	}
	for _, w := range faultsOf(p, wrong) {
		body.Wrong = append(body.Wrong, complaint{"#" + w.Name, w.Label, w.Text})
	}
	body.Here = body.Desk.Base + "/log"
	body.CSV = body.Here + ".csv?" + asked.encode()
	for _, l := range looks {
		body.Looks = append(body.Looks, s.lookRow(p, &l, body.Desk.Base))
	}
	if after := writeCursor(older); after != "" {
		asked["after"] = []string{after}
		body.Older = body.Here + "?" + asked.encode()
	}
	return s.page(c, status, "organise-log", p, p.T("organise.menu.log"), body)
}

// lookFilter reads which looks are asked for, and returns what was asked, too, for
// the addresses of other pages.
func (s *Server) lookFilter(c *fiber.Ctx) (filter planner.LookFilter, asked form, err error) {
	asked = form{}
	for _, name := range []string{"event", "who", "from", "to"} {
		if value := clip(c.Query(name)); value != "" {
			asked[name] = []string{value}
		}
	}
	var f models.Faults
	filter = planner.LookFilter{Event: asked.get("event"), Who: asked.get("who"), From: s.readDay(&f, "from", asked.get("from"))}
	if last := s.readDay(&f, "to", asked.get("to")); !last.IsZero() {
		filter.To = last.In(s.zone).AddDate(0, 0, 1) // the whole of the last day
	}
	return filter, asked, f.Err()
}

// lookRow is a look in words. base is of the organiser's addresses.
func (s *Server) lookRow(p *locale.Printer, l *planner.Look, base string) lookRow {
	row := lookRow{Who: l.Who, How: p.T("organise.how." + l.How), Counted: p.T("organise.sign-ups", "Count", l.Count)}
	row.When = p.Date(l.At.In(s.zone)) + " " + p.Time(l.At.In(s.zone))
	switch {
	case l.Who != "":
	case l.Organiser == planner.Command().ID:
		row.Who = p.T("organise.how.command")
	default:
		row.Who = p.T("organise.gone")
	}
	switch {
	case l.How == models.LogTaken:
		row.Title, row.Counted = p.T("organise.menu.log"), p.T("organise.looks", "Count", l.Count)
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
	filter, _, err := s.lookFilter(c)
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
		rows = append(rows, []string{l.At.In(s.zone).Format(time.DateTime), harmless(row.Who), row.How, harmless(row.Title), address, strconv.Itoa(l.Count)})
	}
	var b bytes.Buffer
	if err := spreadsheet(&b, p, rows); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, typeCSV+"; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+p.T("organise.log.file")+`.csv"`)
	return c.Send(b.Bytes())
}

package handlers

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// attendanceCSV and attendanceXLSX are GET /organise/events/{id}/attendance.csv and
// .xlsx, with=email&with=note… for what is taken along.
func (s *Server) attendanceCSV(c *fiber.Ctx) error {
	return s.attendanceFile(c, "csv", typeCSV+"; charset=utf-8")
}

func (s *Server) attendanceXLSX(c *fiber.Ctx) error { return s.attendanceFile(c, "xlsx", typeXLSX) }

func (s *Server) attendanceFile(c *fiber.Ctx, format, media string) error {
	t := Takeout{Format: format}
	for _, name := range Alongs() {
		if slices.Contains(queried(c, "with"), name) {
			t.Along = append(t.Along, name)
		}
	}
	a, err := s.Planner.Attendance(c.UserContext(), by(c), c.Params("event"), t.How(), c.Query("status") == "cancelled")
	if err != nil {
		return err
	}
	s.taken(c, &t, &a.Event)
	var b bytes.Buffer
	if err := WriteAttendance(&b, t, a, s.pageWords(c)); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, media)
	c.Set(fiber.HeaderContentDisposition, "attachment; filename="+strconv.Quote(a.Event.Slug+"."+format))
	return c.Send(b.Bytes())
}

// taken notes who takes a list of an event, when, and until when she may keep it.
func (s *Server) taken(c *fiber.Ctx, t *Takeout, e *models.Event) {
	t.By, t.At, t.Destroy = by(c).Email, s.Now().In(s.zone), s.Planner.ErasedBy(e).In(s.zone)
}

// takeAlong is the form in which one chooses what a file has in it.
type takeAlong struct {
	CSV, XLSX, Ticks, Blank string // addresses
	Cancelled               bool   // of those who are not coming
	Choices                 []choice
}

func takes(p *locale.Printer, at string, asked bool, cancelled bool) takeAlong {
	out := takeAlong{CSV: at + ".csv", XLSX: at + ".xlsx", Ticks: at + "/ticks", Blank: at + "/blank", Cancelled: cancelled}
	for _, name := range Alongs() {
		if name != AlongAnswers || asked {
			out.Choices = append(out.Choices, choice{Value: name, Label: p.T("list.along." + name)})
		}
	}
	return out
}

// sheetPage is a list on paper.
type sheetPage struct {
	Style       string
	Back        string
	Title, When string
	Consent     string // what one says yes to who writes her name on it
	Blank       []int  // numbers of empty lines
	Groups      []sheetGroup
	More        string // how many she may not read
	Foot        string
}

type sheetGroup struct {
	Head  string
	Lines []sheetLine
}

// sheetLine is one sign-up on paper, with a box for each of the party up to a few.
type sheetLine struct {
	Name         string
	Number       int
	Party        int
	Boxes        []int
	Needs, Maybe bool // who is here may still have to confirm
}

// ticksPrinted is GET /organise/events/{id}/attendance/ticks: the list for whoever
// stands at the door with a pen.
func (s *Server) ticksPrinted(c *fiber.Ctx) error {
	p, t := s.pageWords(c), Takeout{Format: "ticks"}
	a, err := s.Planner.List(c.UserContext(), by(c), c.Params("event"), t.How(), planner.ListFilter{Language: p.Language()})
	if err != nil {
		return err
	}
	s.taken(c, &t, &a.Event)
	body := s.sheetPage(c, p, &a.Event, t)
	if a.Hidden > 0 {
		body.More = p.T("list.hidden", "Count", a.Hidden, "People", p.T("organise.party", "Count", a.HiddenPeople))
	}
	for i := range a.Attendees {
		l := &a.Attendees[i]
		head := p.T("list.paper.coming")
		if l.Entry.State == models.Waiting {
			head = p.T("organise.list.waiting")
		}
		if len(body.Groups) == 0 || body.Groups[len(body.Groups)-1].Head != head {
			body.Groups = append(body.Groups, sheetGroup{Head: head})
		}
		line := sheetLine{Name: l.Person.Name, Number: l.Line, Party: l.Entry.Party, Needs: l.Person.Needs(), Maybe: l.Entry.State.Lapses()}
		line.Boxes = make([]int, min(line.Party, mostBoxes))
		group := &body.Groups[len(body.Groups)-1]
		group.Lines = append(group.Lines, line)
	}
	return s.sendPage(c, http.StatusOK, "organise-sheet", s.newPage(p, s.unprefixed(c.Path(), p), p.T("list.paper.ticks"), body))
}

// mostBoxes is how many boxes stand in one line; a larger party is written as a
// number. blankLines fill one A4.
const mostBoxes, blankLines = 6, 18

// blankPrinted is GET /organise/events/{id}/attendance/blank: a sheet to pass round,
// on which people write themselves.
func (s *Server) blankPrinted(c *fiber.Ctx) error {
	p, t := s.pageWords(c), Takeout{Format: "blank"}
	e, err := s.Planner.TakeBlank(c.UserContext(), by(c), c.Params("event"), t.How())
	if err != nil {
		return err
	}
	s.taken(c, &t, &e)
	body := s.sheetPage(c, p, &e, t)
	body.Blank = make([]int, blankLines)
	body.Consent = p.T("list.paper.consent", "Hosts", p.List(s.Planner.Catalogue().HostNames(e.Hosts(), p.Language())), "Day", p.Date(t.Destroy))
	return s.sendPage(c, http.StatusOK, "organise-sheet", s.newPage(p, s.unprefixed(c.Path(), p), p.T("list.paper.blank"), body))
}

func (s *Server) sheetPage(c *fiber.Ctx, p *locale.Printer, e *models.Event, t Takeout) sheetPage {
	return sheetPage{
		Style: s.pages.named["sheet.css"], Back: s.here(c, "/organise/events/"+e.ID+"/attendance"),
		Title: e.Title, When: when(p, e, s.Now()), Foot: t.foot(p),
	}
}

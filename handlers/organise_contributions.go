package handlers

import (
	"bytes"
	"net/http"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// contributionsPage is what was said at events, for the working groups.
type contributionsPage struct {
	Desk         desk
	Here, CSV    string
	Groups       []choice // empty: she reads for one alone
	Words, Older string
	Chosen       bool
	Said         []saidRow
}

// saidRow is one contribution.
type saidRow struct {
	Text, Groups, Title, When, Host string
	Event                           string // its address for the public; empty: it has none
}

// organiseContributions is GET /organise/contributions?group&q.
func (s *Server) organiseContributions(c *fiber.Ctx) error {
	p := s.pageWords(c)
	filter := planner.ContributionFilter{Group: clip(c.Query("group")), Words: clip(c.Query("q"))}
	found, older, err := s.Planner.Contributions(c.UserContext(), by(c), filter, readCursor(c.Query("after")), linesOnPage)
	if err != nil {
		return err
	}
	body := contributionsPage{Desk: s.desk(c, "ours"), Words: filter.Words, Chosen: filter != planner.ContributionFilter{}}
	body.Here = body.Desk.Base + "/contributions"
	asked := form{"group": {filter.Group}, "q": {filter.Words}}
	body.CSV = body.Here + ".csv?" + asked.encode()
	mine := s.Planner.GroupsOf(by(c))
	if len(mine) > 1 {
		body.Groups = slices.DeleteFunc(s.groupChoices(p, filter.Group), func(g choice) bool { return !slices.Contains(mine, g.Value) })
	}
	for _, said := range found {
		body.Said = append(body.Said, s.saidRow(p, &said))
	}
	if after := writeCursor(older); after != "" {
		asked.set("after", after)
		body.Older = body.Here + "?" + asked.encode()
	}
	return s.page(c, http.StatusOK, "organise-contributions", p, p.T("organise.menu.contributions"), body)
}

func (s *Server) saidRow(p *locale.Printer, said *planner.Said) saidRow {
	catalogue := s.Planner.Catalogue()
	row := saidRow{Text: said.Text, Groups: p.List(catalogue.HostNames(said.Groups, p.Language())), Title: p.T("organise.gone-event")}
	if e := said.Event; e != nil {
		text, _ := e.In(p.Language(), s.Language)
		row.Title, row.When, row.Host = text.Title, when(p, e, s.Now()), p.List(catalogue.HostNames(e.Hosts(), p.Language()))
		if e.Visible() {
			row.Event = s.prefix(p.Language()) + s.ownPage(e)
		}
	}
	return row
}

// contributionsCSV is GET /organise/contributions.csv, the whole of what
// organiseContributions shows in pages.
func (s *Server) contributionsCSV(c *fiber.Ctx) error {
	p := s.pageWords(c)
	filter := planner.ContributionFilter{Group: clip(c.Query("group")), Words: clip(c.Query("q"))}
	found, _, err := s.Planner.Contributions(c.UserContext(), by(c), filter, models.Cursor{}, mostContributions)
	if err != nil {
		return err
	}
	var head []string
	for _, name := range []string{"written", "text", "groups", "event", "when", "host"} {
		head = append(head, p.T("contributions."+name))
	}
	rows := [][]string{head}
	for _, said := range found {
		row := s.saidRow(p, &said)
		rows = append(rows, []string{
			said.At.In(s.zone).Format(time.DateOnly), harmless(row.Text), harmless(row.Groups), harmless(row.Title), row.When, harmless(row.Host),
		})
	}
	var b bytes.Buffer
	if err := spreadsheet(&b, p, rows); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, typeCSV+"; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+p.T("contributions.file")+`.csv"`)
	return c.Send(b.Bytes())
}

// mostContributions is how many are taken home at once: decades of a city's.
const mostContributions = 100_000

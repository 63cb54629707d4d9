package handlers

import (
	"net/http"
	"slices"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// listPage is a list of events: those to come, drafts, past ones, or those that need
// somebody.
type listPage struct {
	Desk         desk
	Tabs         []choice // Value is the address
	Here, Words  string
	Asked        form    // what is asked for, so that it can be asked for again
	First, Rest  []input // what the list is chosen by; Rest is folded away
	More         bool    // more of the filters are used than the first
	Events       []eventRow
	Count        int
	Wrong        []wrongField
	Newer, Older string // addresses of the neighbouring pages
	Said         string
	Undo         string // the reminding that can be taken back; empty: none
}

// Rows are the events of a list as their template takes them.
func (b listPage) Rows(pg page, events []eventRow) rows {
	return rows{Page: pg, Base: b.Desk.Base, Rows: events, Pick: true}
}

// The list of events that need somebody, and what all lists are asked by.
const listNeeds = "needs"

var eventFilters = []string{"which", "q", "host", "kind", "group", "district", "status", "need", "from", "to"}

// organiseEvents is GET /organise/events?which&q&host&kind&group&district&status&need&from&to&page.
func (s *Server) organiseEvents(c *fiber.Ctx) error {
	p := s.pageWords(c)
	asked := askedFor(c, eventFilters...)
	found, wrong := s.eventsAsked(by(c), asked)
	which := asked.get("which")
	body := listPage{Desk: s.desk(c, "events"), Words: asked.get("q"), Asked: asked, Count: len(found), Wrong: faultsOf(p, wrong)}
	body.Here = body.Desk.Base + "/events"
	page := pageOf(c, body.Here, asked, len(found), eventsOnPage)
	body.Newer, body.Older = page.newer, page.older
	for _, l := range found[page.from:page.to] {
		row := s.eventRow(c, p, l.Event)
		if need := l.Needs(s.Now()); need != "" && which == listNeeds {
			row.Need = p.T("mail.work.needs." + string(need))
		}
		body.Events = append(body.Events, row)
	}
	for _, list := range []string{"coming", "drafts", "past", listNeeds} {
		at := form{}
		for name, values := range asked {
			at[name] = values
		}
		at.set("which", list)
		delete(at, "need") // which only one of them asks by
		body.Tabs = append(body.Tabs, choice{Value: body.Here + "?" + at.encode(), Label: p.T("organise.list." + list), Chosen: list == which})
	}
	body.First, body.Rest, body.More = s.eventInputs(p, by(c), asked)
	s.saySeveral(c, p, &body)
	status := http.StatusOK
	if wrong != nil {
		status = statusOf(codeOf(wrong))
	}
	return s.page(c, status, "organise-events", p, p.T("organise.menu.events"), body)
}

// eventsAsked are the events of an organiser that are asked for, in the order in
// which their list has them. What is asked for that there is not chooses none.
func (s *Server) eventsAsked(by *models.Organiser, asked form) ([]*planner.Listed, error) {
	if asked.get("which") == "" {
		asked.set("which", "coming")
	}
	which, need, status, now := asked.get("which"), models.Need(asked.get("need")), models.Status(asked.get("status")), s.Now()
	var f models.Faults
	filter := planner.Filter{For: by, Words: asked.get("q"), From: s.readDay(&f, "from", asked.get("from"))}
	if last := s.readDay(&f, "to", asked.get("to")); !last.IsZero() {
		filter.To = last.In(s.zone).AddDate(0, 0, 1) // the whole of the last day
	}
	if err := f.Err(); err != nil {
		return nil, err
	}
	for name, values := range map[string]*[]string{"group": &filter.Groups, "district": &filter.Districts} {
		if value := asked.get(name); value != "" {
			*values = []string{value}
		}
	}
	if kind := asked.get("kind"); kind != "" {
		filter.Kinds = []models.Kind{models.Kind(kind)}
	}
	host := asked.get("host")
	found := slices.DeleteFunc(s.Planner.Catalogue().Select(filter), func(l *planner.Listed) bool {
		needs := l.Needs(now)
		return which == listNeeds && needs == "" || which != listNeeds && listOf(l.Event, now) != which ||
			need != "" && needs != need || status != "" && l.Status != status || host != "" && !slices.Contains(l.Hosts(), host)
	})
	if which == "past" {
		slices.Reverse(found)
	}
	return found, nil
}

// eventInputs are what a list of events can be chosen by beside words; more: some of
// the rest is used.
func (s *Server) eventInputs(p *locale.Printer, by *models.Organiser, asked form) (first, rest []input, more bool) {
	if hosts := s.hostChoices(p, by, asked.get("host")); len(hosts) > 1 {
		first = append(first, anyOf("host", p.T("organise.field.host"), p.T("organise.all-hosts"), hosts))
	}
	var kinds, needs []string
	for _, k := range models.Kinds() {
		kinds = append(kinds, string(k))
	}
	for _, n := range models.Needs() {
		needs = append(needs, string(n))
	}
	every := p.T("organisers.show.all")
	if asked.get("which") == listNeeds {
		first = append(first, anyOf("need", p.T("several.need"), every, wordChoices(p, "several.need.", asked.get("need"), needs...)))
	}
	rest = []input{
		anyOf("kind", p.T("organise.field.kind"), every, wordChoices(p, "kind.", asked.get("kind"), kinds...)),
		anyOf("group", p.T("directory.sort.group"), every, s.groupChoices(p, asked.get("group"))),
		anyOf("district", p.T("organise.field.district"), every, s.districtChoices(p, asked.get("district"))),
		anyOf("status", p.T("several.status"), every, wordChoices(p, "status.", asked.get("status"), string(models.Published), string(models.Postponed), string(models.Cancelled))),
		input{Name: "from", Sort: "date", Label: p.T("organise.log.from"), Value: asked.get("from")},
		input{Name: "to", Sort: "date", Label: p.T("organise.log.to"), Value: asked.get("to")},
	}
	for _, name := range []string{"kind", "group", "district", "status", "from", "to"} {
		more = more || asked.has(name)
	}
	return first, rest, more
}

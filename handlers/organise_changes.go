package handlers

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/planner"
)

// changeRow is a line of the log of changes in words.
type changeRow struct {
	When, Who, Deed, Event, Title, About string
	Fields                               []changedField
}

// changedField is a field and what it says before and after, as people read it.
type changedField struct{ Label, From, To string }

// history is GET /organise/events/{id}/history.
func (s *Server) history(c *fiber.Ctx) error {
	e, err := s.editable(c)
	if err != nil {
		return err
	}
	changes, older, err := s.Planner.History(c.UserContext(), by(c), e.ID, readCursor(c.Query("after")), linesOnPage)
	if err != nil {
		return err
	}
	p := s.pageWords(c)
	body := struct {
		Desk  desk
		Rows  []changeRow
		Older string
	}{Desk: s.eventDesk(c, p, &e, "history")}
	for _, change := range changes {
		row := s.changeRow(p, &change, "")
		row.Event, row.Title = "", "" // it is her own page
		body.Rows = append(body.Rows, row)
	}
	if after := writeCursor(older); after != "" {
		body.Older = body.Desk.Base + "/events/" + e.ID + "/history?" + form{"after": {after}}.encode()
	}
	return s.page(c, http.StatusOK, "organise-history", p, p.T("history.title", "Title", titled(p, &e, e.Title)), body)
}

// organiseChanges is GET /organise/changes?event&who&from&to: who changed what.
func (s *Server) organiseChanges(c *fiber.Ctx) error {
	return showLog(s, c, "changes", s.Planner.Changes, s.changeRow)
}

// changesCSV is GET /organise/changes.csv: a row for each field that was changed.
func (s *Server) changesCSV(c *fiber.Ctx) error {
	p := s.pageWords(c)
	filter, _, err := s.logFilter(c)
	if err != nil {
		return err
	}
	changes, err := s.Planner.AllChanges(c.UserContext(), by(c), filter)
	if err != nil {
		return err
	}
	rows := [][]string{{p.T("organise.log.at"), p.T("organise.log.who"), p.T("changes.deed"), p.T("organise.log.event"), p.T("changes.about"), p.T("changes.field"), p.T("changes.from"), p.T("changes.to")}}
	for _, change := range changes {
		row := s.changeRow(p, &change, "")
		start := []string{change.Line.At.In(s.zone).Format(time.DateTime), harmless(row.Who), row.Deed, harmless(row.Title), harmless(row.About)}
		if len(row.Fields) == 0 {
			row.Fields = []changedField{{}}
		}
		for _, f := range row.Fields {
			rows = append(rows, append(start[:len(start):len(start)], f.Label, harmless(f.From), harmless(f.To)))
		}
	}
	return sendCSV(c, p, p.T("changes.file"), rows)
}

// changeRow is a change in words. base is of the organiser's addresses.
func (s *Server) changeRow(p *locale.Printer, l *planner.Changed, base string) changeRow {
	row := changeRow{
		When: s.whenLogged(p, l.Line.At), Who: whoDid(p, l.Who, l.Line.Organiser), Deed: p.T("deed." + string(l.Line.Deed)),
		About: s.Planner.Catalogue().HostName(l.Line.About, p.Language()),
	}
	zone := s.zone
	switch {
	case l.Event != nil:
		text, _ := l.Event.In(p.Language(), s.Language)
		row.Event, row.Title, zone = base+"/events/"+l.Event.ID, titled(p, l.Event, text.Title), l.Event.Location()
	case l.Line.Event != "":
		row.Title = p.T("organise.gone-event")
	}
	for _, f := range l.Line.Fields {
		if f.Field == "photo.photo" { // ids tell nobody anything
			f.From, f.To = spoken(f.From, p.T("photo.before")), spoken(f.To, p.T("photo.after"))
		}
		row.Fields = append(row.Fields, changedField{changedLabel(p, f.Field), s.changedValue(p, f.Field, f.From, zone), s.changedValue(p, f.Field, f.To, zone)})
	}
	return row
}

// spoken is words for what has an id, and empty for what is not there.
func spoken(id, words string) string {
	if id == "" {
		return ""
	}
	return words
}

// changedLabel is what the form calls a field that the log names as JSON does.
func changedLabel(p *locale.Printer, field string) string {
	field = formName(field)
	for _, key := range []string{"history.field." + field, "organise.field." + field} {
		if p.Has(key) {
			return p.T(key)
		}
	}
	parts := strings.Split(field, ".")
	last := parts[len(parts)-1]
	switch {
	case parts[0] == "texts" && len(parts) == 3:
		return changedLabel(p, last) + " (" + languages(p, parts[1:2]) + ")"
	case parts[0] == "programme" && len(parts) == 3 && p.Has("organise.item."+last):
		number, _ := strconv.Atoi(parts[1])
		if last == "time" { // which says the number itself
			return p.T("organise.section.programme") + " " + p.T("organise.item.time", "Number", number+1)
		}
		return p.T("organise.section.programme") + " " + strconv.Itoa(number+1) + ". " + p.T("organise.item."+last)
	case parts[0] == "march":
		return p.T("organise.section.march")
	}
	return field
}

// changedValue is what a field says, in words.
func (s *Server) changedValue(p *locale.Printer, field, text string, zone *time.Location) string {
	catalogue := s.Planner.Catalogue()
	switch {
	case text == "":
		return ""
	case text == "true":
		return p.T("organise.yes")
	case text == "false":
		return p.T("organise.no")
	case field == "kind" || field == "audience":
		return p.T(field + "." + text)
	case field == "host" || field == "co_hosts" || field == "groups" || field == "for":
		return p.List(catalogue.HostNames(strings.Split(text, ", "), p.Language()))
	case field == "attendee.state":
		return p.T("attendance.status." + text)
	case field == "role":
		return p.T("organisers.role." + text)
	case field == "spoken" || field == "interpreted":
		return languages(p, strings.Split(text, ", "))
	case field == "district":
		if d, err := catalogue.District(text); err == nil {
			return d.In(p.Language())
		}
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return clock(p, at, zone)
	}
	return text
}

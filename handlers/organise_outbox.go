package handlers

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/models"
)

// linesOnPage is how many looks or mails one page has.
const linesOnPage = 100

// outboxPage is how the mails fare that were to be sent.
type outboxPage struct {
	Desk  desk
	Tabs  []mailTab
	Mails []mailRow
	Again bool // these can be tried again
	Held  bool // these can be released
	Here  string
	Older string
	Said  string
}

type mailTab struct {
	choice
	Count int
}

// mailRow says nothing of whom a mail is for: the outbox does not know.
type mailRow struct {
	ID, What, Event, Title, When, Reply string
	Tries                               int
}

// organiseOutbox is GET /organise/outbox?status=.
func (s *Server) organiseOutbox(c *fiber.Ctx) error {
	p := s.pageWords(c)
	status := models.MailStatus(c.Query("status"))
	if !slices.Contains(models.MailStatuses(), status) {
		status = models.MailQueued
	}
	mails, counts, older, err := s.Planner.Outbox(c.UserContext(), by(c), status, readCursor(c.Query("after"), string(status)), linesOnPage)
	if err != nil {
		return err
	}
	body := outboxPage{Desk: s.desk(c, "city"), Again: status == models.MailFailed, Held: status == models.MailWithheld}
	body.Here = body.Desk.Base + "/outbox"
	body.Said = saidOf(c, p, "organise.done.", "again", "released")
	for _, st := range models.MailStatuses() {
		body.Tabs = append(body.Tabs, mailTab{choice{body.Here + "?status=" + string(st), p.T("organise.mail." + string(st)), st == status}, counts[st]})
	}
	catalogue := s.Planner.Catalogue()
	for _, m := range mails {
		at := cmp.Or(m.Settled, m.Due).In(s.zone)
		row := mailRow{ID: m.ID, What: p.T("organise.mail-kind." + string(m.Kind)), When: p.Day(at) + " " + p.Time(at), Reply: m.Reply, Tries: m.Tries}
		if l, err := catalogue.Event(m.Event); err == nil {
			text, _ := l.In(p.Language(), s.Language)
			row.Event, row.Title = body.Desk.Base+"/events/"+l.ID, text.Title
		}
		body.Mails = append(body.Mails, row)
	}
	if after := writeCursor(older); after != "" {
		body.Older = body.Here + "?status=" + string(status) + "&after=" + after
	}
	return s.page(c, http.StatusOK, "organise-outbox", p, p.T("organise.menu.outbox"), body)
}

// mailAgain is POST /organise/outbox: a mail that failed is tried again, or all
// that are withheld are released.
func (s *Server) mailAgain(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	if in.get("action") == "release" {
		if _, err := s.Planner.Release(c.UserContext(), by(c)); err != nil {
			return err
		}
		return c.Redirect(s.here(c, "/organise/outbox?status=queued&done=released"), http.StatusSeeOther)
	}
	if err := s.Planner.TryAgain(c.UserContext(), by(c), in.get("mail")); err != nil {
		return err
	}
	return c.Redirect(s.here(c, "/organise/outbox?status=failed&done=again"), http.StatusSeeOther)
}

// writeCursor and readCursor are a place in a list as an address carries it: the
// time that the list is ordered by, and an id. before are the parts of its index
// that are the same for the whole list. What cannot be read is the beginning.
func writeCursor(at models.Cursor) string {
	if at.ID == "" {
		return ""
	}
	millis, _ := at.Parts[len(at.Parts)-1].(int64)
	return place{time.UnixMilli(millis), at.ID}.String()
}

func readCursor(text string, before ...any) models.Cursor {
	at, ok := parsePlace(text)
	if !ok || at.id == "" {
		return models.Cursor{}
	}
	return models.Cursor{Parts: append(before, at.starts.UnixMilli()), ID: at.id}
}

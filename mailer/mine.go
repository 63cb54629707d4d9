package mailer

import (
	"time"

	"samling/models"
)

// mine lists all that an address has signed up for. It holds nothing that anybody
// but an organiser has written, for it goes to people who have shown nothing yet.
func (w *writer) mine() {
	form := ""
	switch {
	case len(w.Living) == 0:
		form = "-none"
	case w.Mail.Gathers:
		form = "-gathers"
	}
	w.page.Subject = w.T("mail.mine.subject")
	w.page.Head = w.T("mail.mine.head")
	w.page.Body = w.T("mail.mine.body" + form)
	w.page.Preview = w.page.Body
	for _, s := range w.Living {
		zone := models.Zone(s.Is.TimeZone)
		w.page.Items = append(w.page.Items, item{
			Title: oneLine(s.About.Title(w.page.Language)), Stands: []string{w.stands(&s, zone)},
			When: w.When(s.Is.Starts.In(zone), s.Is.Ends.In(zone), s.Is.DateOnly), Links: []link{{Label: w.T("mail.manage"), URL: w.manageOf(s.RSVP)}},
		})
	}
	if len(w.Living) > 0 {
		w.page.Notes = []string{w.T("mail.mine.not-me")}
	}
	w.page.Footer = []string{w.T("mail.footer", "House", w.House.Name)}
}

// stands is where a sign-up stands, in a sentence.
func (w *writer) stands(s *models.Living, zone *time.Location) string {
	if s.Is.Status == models.Cancelled || s.Is.Status == models.Postponed {
		return w.T("mail.mine.is." + string(s.Is.Status))
	}
	return w.T("mail.mine.is."+s.Entry.State.String(), "Line", s.Line, "Until", w.When(s.Entry.Until.In(zone), time.Time{}, false))
}

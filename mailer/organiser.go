package mailer

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"samling/locale"
	"samling/models"
)

// stillAsked returns pointless when what a mail tells an organiser of an event does
// not concern her any more: it was answered, or she works elsewhere.
func (o *Outbox) stillAsked(ctx context.Context, m *models.Mail) error {
	organiser, err := o.cfg.Store.Organisers.Get(ctx, m.Organiser)
	if err == nil && m.Host != "" && !slices.Contains(organiser.For, m.Host) {
		return pointless("works elsewhere")
	}
	if err != nil {
		return err
	}
	event, err := o.cfg.Store.Events.Get(ctx, m.Event)
	if errors.Is(err, models.ErrNotFound) || err == nil && answered(m, &event) {
		return pointless("superseded")
	}
	return err
}

// answered reports whether what a mail asks of an organiser has been answered.
func answered(m *models.Mail, e *models.Event) bool {
	switch m.Kind {
	case models.MailCoHostAsked:
		return !slices.Contains(e.Pending(), m.Host)
	case models.MailPartAsked, models.MailPartReminder, models.MailPartMoved:
		return !e.AwaitsPart()
	}
	return false
}

// together fills in a mail to an organiser of what associations do together: what
// is asked or was answered, of which event, in whose words, and where on her desk
// she goes on.
func (w *writer) together() {
	m, key := w.Mail, "mail."+string(w.Mail.Kind)
	gaps := []any{
		"Tail", w.T("mail.tail", "Title", clip(w.page.Event, longestTail), "Day", w.Day(m.Is.Starts.In(w.zone))), "From", oneLine(cmp.Or(m.From, w.House.Central, w.House.Name)),
	}
	w.page.Subject = locale.Plain(w.T(key+".subject", gaps...))
	w.page.Head = w.T(key+".head", gaps...)
	w.page.Body = w.T(key+".body", gaps...)
	w.page.Preview = w.when(m.Is)
	w.fact("when", w.when(m.Is))
	w.fact("where", w.theirs(m.Is.Place))
	w.fact("host", w.List(w.hosts()))
	w.words(w.T("mail.words", gaps...), w.Mail.About.Reason)
	if at := deskPage(m.Kind); at != "" {
		url := w.url("/organise/events/" + m.Event + strings.TrimSuffix(at, "/"))
		w.page.Actions = []link{{w.T(key + ".action"), url, true}}
	}
	w.page.Footer = []string{w.T("mail.footer", "House", w.House.Name), w.T("mail.footer-organiser")}
}

// deskPage is the page of the event on the organiser's side where she goes on, the
// event itself being /; empty: there is nothing for her to do.
func deskPage(kind models.MailKind) string {
	switch kind {
	case models.MailCoHostAsked:
		return "/invitation"
	case models.MailCoHostAccepted, models.MailCoHostDeclined, models.MailCoHostLeft:
		return "/hosts"
	case models.MailApprovalGiven, models.MailApprovalBack,
		models.MailPartAsked, models.MailPartReminder, models.MailPartMoved, models.MailPartCancelled:
		return "/"
	}
	return ""
}

// approvals lists to a coordinator what waits for her.
func (w *writer) approvals() {
	w.page.Subject = w.T("mail.approval-waits.subject", "Count", len(w.Waiting))
	w.page.Head = w.page.Subject
	w.page.Body = w.T("mail.approval-waits.body")
	w.page.Preview = w.page.Body
	for i := range w.Waiting {
		e := &w.Waiting[i]
		zone := e.Location()
		w.page.Items = append(w.page.Items, item{
			Title: oneLine(e.Title), When: w.When(e.Starts.In(zone), e.Ends.In(zone), e.DateOnly),
			Links: []link{{Label: w.T("mail.approval-waits.look"), URL: w.url("/organise/events/" + e.ID + "/preview")}},
		})
	}
	w.page.Actions = []link{{w.T("mail.approval-waits.action"), w.url("/organise/approvals"), true}}
	w.page.Notes = []string{w.T("mail.approval-waits.rest")}
	w.page.Footer = []string{w.T("mail.footer", "House", w.House.Name)}
}

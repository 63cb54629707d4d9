package mailer

import (
	"context"
	"errors"

	"samling/locale"
	"samling/models"
)

// round tells an organiser of her events: what is new, that one is tomorrow, or that
// one is over and nobody has said how it went.
func (w *writer) round() {
	key, subject := "mail."+string(w.Mail.Kind), ".subject"
	count, fresh := len(w.Mail.Standings), 0
	for _, s := range w.Mail.Standings {
		fresh += s.New
		w.page.Items = append(w.page.Items, w.standing(&s))
	}
	s := &w.Mail.Standings[0] // without any there is no mail
	tail := w.T("mail.tail", "Title", clip(w.page.Items[0].Title, longestTail), "Day", w.Day(s.Starts.In(models.Zone(s.TimeZone))))
	gaps := []any{"Count", count, "Tail", tail}
	if count == 1 && fresh > 0 && w.Mail.Kind == models.MailDigest {
		subject, gaps = ".subject-new", []any{"Count", fresh, "Tail", tail}
	}
	w.page.Subject = locale.Plain(w.T(key+subject, gaps...))
	w.page.Head = w.T(key + ".head")
	w.page.Body = w.T(key + ".body")
	w.page.Preview = w.page.Body
	w.page.Actions = []link{{w.T("mail.round.choose"), w.url("/organise/account/digest"), false}, {w.T("mail.round.off"), w.off(), false}}
	w.page.Footer = []string{w.T("mail.footer", "House", w.House.Name)}
}

// standing is one event and how it stands.
func (w *writer) standing(s *models.Standing) item {
	title := s.Titles[w.page.Language]
	if title == "" {
		title = s.Titles[""]
	}
	zone := models.Zone(s.TimeZone)
	i := item{Title: oneLine(title), When: w.When(s.Starts.In(zone), s.Ends.In(zone), s.DateOnly)}
	at := w.url("/organise/events/" + s.Event)
	if w.Mail.Kind == models.MailClose {
		i.Links = []link{{Label: w.T("mail.close.action"), URL: at + "/close", Button: true}}
		return i
	}
	say := func(key string, n int) string {
		if n == 0 {
			return ""
		}
		return w.T("mail.standing."+key, "Count", n)
	}
	going := w.T("mail.standing.going", "Count", s.Going)
	if fresh := say("new", s.New); fresh != "" {
		going += ", " + fresh
	}
	for _, line := range []string{going, say("waiting", s.Waiting), say("cancelled", s.Cancelled), say("needs", s.Needs), say("returned", s.Returned)} {
		if line != "" {
			i.Stands = append(i.Stands, line)
		}
	}
	i.Links = []link{{Label: w.T("mail.standing.list"), URL: at + "/attendance"}}
	if w.Mail.Kind == models.MailEve {
		i.Links = append(i.Links, link{Label: w.T("mail.standing.door"), URL: at + "/door"})
	}
	return i
}

// off is the address at which she ends mails of this kind.
func (l Letter) off() string {
	kind := l.Mail.Kind
	return l.url("/mail-off/" + string(kind) + "/" + l.House.Token(models.OffPurpose(kind), l.Mail.Organiser))
}

// unsubscribe is where a mail program ends mails like this one; empty: they cannot
// be ended.
func (l Letter) unsubscribe() string {
	switch {
	case l.Mail.Kind == models.MailReminder:
		return l.manage() + "/quiet"
	case l.Mail.Kind.Round():
		return l.off()
	}
	return ""
}

// wanted returns pointless when an organiser does not want a mail of hers any more,
// or has it too late.
func (o *Outbox) wanted(ctx context.Context, m *models.Mail) error {
	if !o.cfg.Now().Before(m.Until) {
		return pointless("too late")
	}
	d, err := o.cfg.Store.Digests.Get(ctx, m.Organiser)
	if err == nil && !d.Wants(m.Kind) {
		return pointless("switched off")
	}
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	return err
}

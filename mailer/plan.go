package mailer

import (
	"context"
	"crypto/sha256"
	"errors"
	"strings"

	"samling/models"
)

// withOthers makes the mails that a plan brings to one address into one, which goes by
// one of its sign-ups. It returns pointless for a mail that another has told with the
// rest, and later until it has: when the sign-up by which it was to go is erased first,
// it goes by this one. For a mail that has nothing to be told with it returns nil.
func (o *Outbox) withOthers(ctx context.Context, m *models.Mail, address string) error {
	sum := sha256.Sum256([]byte("together\x00" + m.Plan + "\x00" + o.cfg.Keys.Vault().Hash(models.LimitPurpose(models.LimitSignUp), models.NormaliseEmail(address))))
	one := models.Mail{
		Document: models.Document{ID: models.ID(sum[:16]).String()}, Kind: models.MailTogether, Event: m.Event, RSVP: m.RSVP, Plan: m.Plan,
		Born: m.Born, About: models.About{Reason: m.About.Reason}, Status: models.MailQueued, Due: m.Due,
	}
	kept, err := o.cfg.Store.Mails.Get(ctx, one.ID)
	fresh := errors.Is(err, models.ErrNotFound)
	switch lost := kept.Status == models.MailSkipped && kept.Reply == string(erased); {
	case err != nil && !fresh:
		return err
	case fresh, lost:
	case kept.Settled.IsZero():
		return later(max(o.pace.beat, kept.Due.Sub(o.cfg.Now())))
	default:
		return pointless("told with others in one mail")
	}
	all, err := o.cfg.Planned(ctx, m.Plan, address)
	if err != nil || len(all) < 2 {
		return err
	}
	if fresh {
		err = o.cfg.Store.Mails.Create(ctx, one)
	} else {
		_, err = o.cfg.Store.Mails.Update(ctx, one.ID, func(kept *models.Mail) error {
			if !kept.Settled.IsZero() { // another of hers has not come first
				one.Document = kept.Document
				*kept = one
			}
			return nil
		})
	}
	if err != nil && !errors.Is(err, models.ErrExists) {
		return err
	}
	o.Wake()
	return later(o.pace.beat)
}

// each is a letter for each of the events that a letter tells of together.
func (l Letter) each() []Letter {
	var out []Letter
	for _, s := range l.Living {
		one := l
		one.Living = nil
		one.Mail.Kind = models.MailChanged
		switch s.Is.Status {
		case models.Cancelled:
			one.Mail.Kind = models.MailCancelled
		case models.Postponed:
			one.Mail.Kind = models.MailPostponed
		}
		one.Mail.Event, one.Mail.RSVP, one.Mail.State, one.Mail.Party = s.Event, s.RSVP, s.Entry.State, s.Entry.Party
		one.Mail.Is, one.Mail.Was, one.Mail.Sequence, one.Mail.About = s.Is, s.Was, s.Is.Sequence+s.Entry.Mails, s.About
		out = append(out, one)
	}
	return out
}

// planned lists what a plan has changed of all that an address has signed up for.
func (w *writer) planned() {
	w.page.Subject = w.T("mail.together.subject", "Count", len(w.Living))
	w.page.Head = w.T("mail.together.head", "Count", len(w.Living))
	w.page.Body = w.T("mail.together.body")
	w.page.Preview = w.page.Body
	invites := false
	for _, l := range w.each() {
		one := &writer{Printer: w.Printer, Letter: l, zone: models.Zone(l.Mail.Is.TimeZone)}
		w.page.Items = append(w.page.Items, item{
			Title: oneLine(l.Mail.About.Title(w.page.Language)), When: one.when(l.Mail.Is), Stands: []string{one.news()},
			Links: []link{{Label: w.T("mail.manage"), URL: l.manage()}},
		})
		invites = invites || l.Mail.Invites()
	}
	w.reason()
	if invites {
		w.page.Notes = append(w.page.Notes, w.T("mail.together.calendar"))
	}
	w.page.Notes = append(w.page.Notes, w.T("mail.mine.not-me"))
	w.page.Footer = []string{w.T("mail.footer", "House", w.House.Name)}
}

// news is what has changed, in a sentence or two.
func (w *writer) news() string {
	is, was := w.Mail.Is, w.Mail.Was
	if w.Mail.Kind != models.MailChanged {
		return w.T("mail.mine.is." + string(is.Status))
	}
	what, before := w.changed(), ""
	said := w.T("mail.changed." + what)
	if strings.HasSuffix(what, "place") {
		said, before = said+": "+w.theirs(is.Place), w.theirs(was.Place)
	}
	if strings.HasPrefix(what, "time") {
		before = joined(w.when(was), before)
	}
	if before == "" {
		return said + "."
	}
	return said + ". " + w.T("mail.together.before", "Before", before)
}

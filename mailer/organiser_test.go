package mailer

import (
	"strings"
	"testing"
	"time"

	"samling/models"
)

// organiserKinds are the mails to organisers about their events.
func organiserKinds() []models.MailKind {
	return []models.MailKind{
		models.MailCoHostAsked, models.MailCoHostAccepted, models.MailCoHostDeclined, models.MailCoHostLeft, models.MailCoHostRemoved,
		models.MailApprovalGiven, models.MailApprovalBack, models.MailApprovalWaits,
		models.MailPartAsked, models.MailPartReminder, models.MailPartMoved, models.MailPartCancelled,
	}
}

// toOrganiser is a mail of a kind to somebody who works for an association.
func toOrganiser(t testing.TB, kind models.MailKind) Letter {
	t.Helper()
	l := letter(t, kind)
	l.To, l.Mail.Organiser, l.Mail.Host, l.Mail.From = "arrangor@forening.example", id(0x0f, 1), "videdal", "Västra föreningen"
	l.Mail.RSVP, l.Mail.State, l.Mail.Party, l.Mail.Sequence = "", 0, 0, 0
	l.Mail.About.ReplyTo = "vastra@forening.example"
	switch kind {
	case models.MailCoHostAsked, models.MailCoHostRemoved, models.MailApprovalGiven,
		models.MailPartAsked, models.MailPartReminder, models.MailPartMoved, models.MailPartCancelled:
	case models.MailApprovalWaits:
		l.Mail.Event, l.Mail.Host, l.Mail.From, l.Mail.Is, l.Mail.About = "", "", "", models.Facts{}, models.About{}
		starts := born.Add(240 * time.Hour)
		for i, title := range []string{"Öppet möte om skolan", "Gårdsfest"} {
			l.Waiting = append(l.Waiting, models.Event{
				Document: models.Document{ID: id(0xee, i)}, Text: models.Text{Title: title}, Starts: starts, Ends: starts.Add(2 * time.Hour), TimeZone: "Europe/Stockholm",
			})
		}
	case models.MailApprovalBack:
		l.Mail.From, l.Mail.About.Reason = "Stadsorganisationen", "Det saknas en adress.\nVem svarar i telefonen?"
	default:
		l.Mail.About.Reason = "Tack för att ni tänkte på oss!\nVi tar med kaffe."
	}
	return l
}

func TestCompose_ToOrganisers(t *testing.T) {
	for _, kind := range organiserKinds() {
		for _, language := range []string{"sv", "en"} {
			t.Run(string(kind)+"/"+language, func(t *testing.T) {
				l := toOrganiser(t, kind)
				l.Language = language
				golden(t, string(kind)+"."+language+".eml", compose(t, l).Bytes)
			})
		}
	}
	t.Run("one who reads Arabic", func(t *testing.T) { // the desk speaks none
		l := toOrganiser(t, models.MailCoHostAsked)
		l.Language = "ar"
		if m := compose(t, l); !strings.Contains(m.Subject, "bjuder in") {
			t.Errorf("subject %q", m.Subject)
		}
	})
}

// A mail to an organiser goes to whom it still concerns.
func TestOutbox_ToOrganisers(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.must(w.store.Events.Create(ctx, models.Event{
			Document: models.Document{ID: w.event}, Slug: "fest",
			Invited: []models.Invitation{{Host: "videdal", State: models.InvitationAsked}, {Host: "husie", State: models.InvitationDeclined}},
		}))
		for i, for_ := range []string{"videdal", "husie", "elsewhere"} {
			w.must(w.store.Organisers.Create(ctx, models.Organiser{
				Document: models.Document{ID: id(0x0f, i)}, Email: for_ + "@post.example", Role: models.RoleOrganiser, For: []string{for_},
			}))
		}
		mail := func(n int, host, organiser string) string {
			m := toOrganiser(t, models.MailCoHostAsked).Mail
			m.ID, m.Event, m.Host, m.Organiser, m.Status, m.Is = id(0x0b, n), w.event, host, organiser, models.MailQueued, w.facts()
			m.Born = models.Milli(w.clocks())
			m.Due = m.Born
			w.must(w.store.Mails.Create(ctx, m))
			return m.ID
		}
		mail(1, "videdal", id(0x0f, 0))
		answered := mail(2, "husie", id(0x0f, 1))
		moved := mail(3, "videdal", id(0x0f, 2))
		gone := mail(4, "videdal", id(0x0f, 9))
		s := &script{}
		stop := run(t, w.outbox("a", s))
		time.Sleep(time.Minute)
		stop()
		if s.to["videdal@post.example"] != 1 || len(s.to) != 1 {
			t.Errorf("sent to %v", s.to)
		}
		for id, why := range map[string]string{answered: "superseded", moved: "works elsewhere", gone: "no such organiser"} {
			if m := w.mail(id); m.Status != models.MailSkipped || m.Reply != why {
				t.Errorf("%s %q, want skipped because %q", m.Status, m.Reply, why)
			}
		}
	})
}

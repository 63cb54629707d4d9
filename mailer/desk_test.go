package mailer

import (
	"errors"
	"strings"
	"testing"
	"time"

	"samling/models"
)

// deskLetter is a mail of a kind to an organiser.
func deskLetter(t testing.TB, kind models.MailKind) Letter {
	t.Helper()
	m := models.Mail{
		Document: models.Document{ID: "0198c0de-0000-7000-8000-00000000000a"}, Kind: kind, Organiser: "0198c0de-0000-7000-8000-0000000000bb",
		Born: born, Is: models.Facts{TimeZone: "Europe/Stockholm"}, About: models.About{Hosts: []string{"Östra föreningen", "Bostadsgruppen"}},
	}
	switch kind {
	case models.MailInvited:
		m.SignIn, m.Until = "0198c0de-0000-7000-8000-0000000000cc", born.Add(models.InvitationLasts)
	case models.MailNewBrowser:
		m.What, m.About.Hosts = "Firefox, Windows", nil
	case models.MailFactorAdded, models.MailFactorRemoved:
		m.What, m.About.Hosts = "Telefonen", nil
	case models.MailFactorReset:
		m.About.Hosts = nil
	case models.MailTokenMade:
		m.What, m.About.Hosts = "Vår webbplats", nil
	case models.MailLapsing:
		m.Until = born.AddDate(0, 0, 30)
	case models.MailWork:
		starts := time.Date(2026, 3, 4, 17, 0, 0, 0, time.UTC)
		m.About.Hosts = nil
		for i, need := range models.Needs() {
			m.Work = append(m.Work, models.Work{
				Event: id(0xee, i), Title: "Kväll nummer " + string(rune('1'+i)), Starts: starts, Ends: starts.Add(2 * time.Hour), TimeZone: "Europe/Stockholm", Need: need,
			})
		}
	case models.MailLapses:
		m.Asked, m.About.Hosts = 12, nil
	}
	return Letter{House: house(t), Mail: m, To: "arrangor@post.example"}
}

func deskKinds() []models.MailKind {
	return []models.MailKind{models.MailInvited, models.MailLapsing, models.MailLapsed, models.MailLapses, models.MailWork,
		models.MailNewBrowser, models.MailFactorAdded, models.MailFactorRemoved, models.MailFactorReset, models.MailTokenMade}
}

func TestCompose_DeskGolden(t *testing.T) {
	for _, kind := range deskKinds() {
		for _, language := range []string{"sv", "en"} {
			t.Run(string(kind)+"/"+language, func(t *testing.T) {
				l := deskLetter(t, kind)
				l.Language = language
				golden(t, string(kind)+"."+language+".eml", compose(t, l).Bytes)
			})
		}
	}
}

// An organiser whose language the desk does not speak is written to in the house's.
func TestCompose_DeskSpeaksItsOwnLanguages(t *testing.T) {
	l := deskLetter(t, models.MailInvited)
	l.Language = "ar"
	if got := string(compose(t, l).Bytes); !strings.Contains(got, "Content-Language: sv\r\n") {
		t.Errorf("she is written to so: %.400s", got)
	}
}

func TestOutbox_DeskMailIsPointless(t *testing.T) {
	w := newWorld(t)
	o := w.outbox("one", &script{})
	w.must(w.store.Organisers.Create(t.Context(), models.Organiser{Document: models.Document{ID: "there"}, Email: "arrangor@post.example", Role: models.RoleCoordinator}))
	w.must(w.store.SignIns.Create(t.Context(), models.SignIn{Document: models.Document{ID: "open"}, Organiser: "there", Expires: time.Now().Add(time.Hour)}))
	w.must(w.store.SignIns.Create(t.Context(), models.SignIn{Document: models.Document{ID: "spent"}, Organiser: "there", Expires: time.Now().Add(time.Hour), Spent: true}))
	for name, c := range map[string]struct {
		mail models.Mail
		sent bool
	}{
		"to somebody who is there":      {models.Mail{Kind: models.MailLapsing, Organiser: "there"}, true},
		"to somebody who was removed":   {models.Mail{Kind: models.MailLapsing, Organiser: "gone"}, false},
		"an invitation":                 {models.Mail{Kind: models.MailInvited, Organiser: "there", SignIn: "open"}, true},
		"an invitation that was used":   {models.Mail{Kind: models.MailInvited, Organiser: "there", SignIn: "spent"}, false},
		"an invitation that went since": {models.Mail{Kind: models.MailInvited, Organiser: "there", SignIn: "gone"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := o.letter(t.Context(), &c.mail)
			if _, skip := errors.AsType[pointless](err); skip == c.sent {
				t.Errorf("got %v", err)
			}
			if c.sent && l.To != "arrangor@post.example" {
				t.Errorf("it goes to %q", l.To)
			}
		})
	}
}

// A mail to an organiser has no event whose end would make it pointless, so a server
// that asks to come back later gets it later.
func TestPointlessFrom_DeskMail(t *testing.T) {
	m := models.Mail{Kind: models.MailLapsing, Organiser: "somebody", Born: born}
	if at := pointlessFrom(&m); at.Before(born.AddDate(0, 0, 6)) {
		t.Errorf("nobody needs it from %v", at)
	}
}

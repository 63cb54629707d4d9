package mailer

import (
	"errors"
	"strings"
	"testing"

	"samling/models"
)

const announcement = "Hej!\nTa gärna med en kopp.\n\nVägen står på https://example.org/vag?a=1&b=2. Vi ses!\n<b>Fet</b> blir det inte."

// messageLetter is a message to somebody in a state.
func messageLetter(t testing.TB, state models.State) Letter {
	l := letter(t, models.MailReminder)
	l.Mail.Kind, l.Mail.Message, l.Mail.To, l.Mail.State = models.MailMessage, "0198c0de-0000-7000-8000-0000000000dd", models.ToBoth, state
	l.Text = announcement
	return l
}

func TestCompose_MessageGolden(t *testing.T) {
	for _, language := range []string{"sv", "en", "ar"} {
		l := messageLetter(t, models.Going)
		l.Language = language
		golden(t, "message."+language+".eml", compose(t, l).Bytes)
	}
	l := messageLetter(t, models.Waiting)
	l.Mail.Organiser, l.Mail.RSVP, l.Name = "0198c0de-0000-7000-8000-0000000000bb", "", ""
	golden(t, "message-copy.sv.eml", compose(t, l).Bytes)
}

func TestWrittenLines(t *testing.T) {
	for text, want := range map[string]string{
		"":                                "",
		"En rad":                          "En rad",
		"En\n\n\ntvå\ntre\n":              "En|¶två|tre",
		"\n\nBörjar tomt":                 "Börjar tomt",
		"Se https://a.example/b.":         "Se [https://a.example/b].",
		"(http://a.example), och mer":     "([http://a.example]), och mer",
		"https://a.example/?q=ö&x=1 slut": "[https://a.example/?q=ö&x=1] slut",
		"javascript:alert(1) ftp://x":     "javascript:alert(1) ftp://x",
		"https:// är ingen":               "https:// är ingen",
		"vänd \u202e om":                  "vänd om",
	} {
		var lines []string
		for _, l := range writtenLines(text) {
			line := ""
			if l.Gap {
				line = "¶"
			}
			for _, p := range l.Parts {
				if p.Link {
					p.Text = "[" + p.Text + "]"
				}
				line += p.Text
			}
			lines = append(lines, line)
		}
		if got := strings.Join(lines, "|"); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// Whoever has left since gets nothing, and neither does one who has moved from those
// to whom it was written, or anybody when its text is erased.
func TestOutbox_MessageIsPointless(t *testing.T) {
	w := newWorld(t)
	o := w.outbox("one", &script{})
	w.must(w.store.Messages.Create(t.Context(), models.Message{Document: models.Document{ID: "says"}, Event: w.event, Text: "Hej!"}))
	w.must(w.store.Messages.Create(t.Context(), models.Message{Document: models.Document{ID: "erased"}, Event: w.event}))
	for name, c := range map[string]struct {
		message string
		to      models.Recipients
		state   models.State
		sent    bool
	}{
		"who is going":        {"says", models.ToGoing, models.Going, true},
		"who is more now":     {"says", models.ToGoing, models.Going, true},
		"who has left":        {"says", models.ToBoth, models.Left, false},
		"who waits":           {"says", models.ToGoing, models.Waiting, false},
		"who got a place":     {"says", models.ToWaiting, models.Going, false},
		"who was offered one": {"says", models.ToWaiting, models.Offered, true},
		"what is erased":      {"erased", models.ToGoing, models.Going, false},
		"what is not there":   {"gone", models.ToGoing, models.Going, false},
	} {
		t.Run(name, func(t *testing.T) {
			m := w.mail(w.mails(1)[0])
			m.Kind, m.Message, m.To = models.MailMessage, c.message, c.to
			w.roster(func(r *models.Roster) {
				e := &r.Entries[len(r.Entries)-1]
				if e.State = c.state; name == "who is more now" {
					e.Party = 4
				}
			})
			clear(o.known)
			l, err := o.letter(t.Context(), &m)
			if _, skip := errors.AsType[pointless](err); skip == c.sent || c.sent && l.Text != "Hej!" {
				t.Errorf("text %q, error %v", l.Text, err)
			}
		})
	}
}

package mailer

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"samling/models"
)

// standings are so many events and how they stand.
func standings(count int) (out []models.Standing) {
	starts := born.Add(34 * time.Hour)
	for i := range count {
		out = append(out, models.Standing{
			Event: fmt.Sprintf("0198c0de-0000-7000-8000-0000000000%02d", i), Titles: map[string]string{"": "Öppet möte om bussarna", "en": "Town hall about the buses"},
			Starts: starts, Ends: starts.Add(2 * time.Hour), TimeZone: "Europe/Stockholm",
			Numbers: models.Numbers{Going: 42, Waiting: 5, SignedUp: 50, Left: 3, Needs: 2, Returned: 1}, New: 3, Cancelled: 1,
		})
		starts = starts.AddDate(0, 0, 7)
	}
	for i := range out[1:] {
		out[i+1].Titles = map[string]string{"": fmt.Sprintf("Gårdsfest %d", i+1)}
		out[i+1].Numbers, out[i+1].New, out[i+1].Cancelled = models.Numbers{Going: 1}, 0, 0
	}
	return out
}

// roundLetter is a mail of a kind to an organiser, about so many events.
func roundLetter(t testing.TB, kind models.MailKind, count int) Letter {
	l := deskLetter(t, kind)
	l.Mail.Standings, l.Mail.About, l.Mail.Until = standings(count), models.About{}, born.Add(24*time.Hour)
	return l
}

func TestCompose_RoundGolden(t *testing.T) {
	for _, kind := range models.DeskRounds() {
		for _, language := range []string{"sv", "en"} {
			for _, count := range []int{1, 2} {
				t.Run(fmt.Sprintf("%s/%s/%d", kind, language, count), func(t *testing.T) {
					l := roundLetter(t, kind, count)
					l.Language = language
					name := string(kind)
					if count > 1 {
						name += "-several"
					}
					golden(t, name+"."+language+".eml", compose(t, l).Bytes)
				})
			}
		}
	}
}

func TestCompose_RoundWithoutEvents(t *testing.T) {
	if _, err := Compose(roundLetter(t, models.MailDigest, 1)); err != nil {
		t.Errorf("with one: %v", err)
	}
	l := roundLetter(t, models.MailDigest, 1)
	l.Mail.Standings = nil
	if _, err := Compose(l); err == nil {
		t.Error("a mail about nothing is composed")
	}
}

// Each of them can be ended by one press, and by a mail program's (RFC 8058).
func TestCompose_RoundsCanBeEnded(t *testing.T) {
	for _, kind := range models.DeskRounds() {
		got := string(compose(t, roundLetter(t, kind, 1)).Bytes)
		at := "/mail-off/" + string(kind) + "/" + models.OffPurpose(kind) + "-0198c0de-0000-7000-8000-0000000000bb"
		for _, want := range []string{"List-Unsubscribe: <https://samling.example" + at + ">\r\n", "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"} {
			if !strings.Contains(strings.ReplaceAll(got, "\r\n ", " "), want) {
				t.Errorf("%s has no %q", kind, want)
			}
		}
	}
}

func TestOutbox_RoundIsPointless(t *testing.T) {
	w := newWorld(t)
	o := w.outbox("one", &script{})
	for _, id := range []string{"wants", "not"} {
		w.must(w.store.Organisers.Create(t.Context(), models.Organiser{Document: models.Document{ID: id}, Email: id + "@post.example", Role: models.RoleCoordinator}))
	}
	w.must(w.store.Digests.Create(t.Context(), models.Digest{Document: models.Document{ID: "not"}, Off: []models.MailKind{models.MailDigest}}))
	soon := time.Now().Add(time.Hour)
	for name, c := range map[string]struct {
		mail models.Mail
		sent bool
	}{
		"she wants it":      {models.Mail{Kind: models.MailDigest, Organiser: "wants", Until: soon}, true},
		"she does not":      {models.Mail{Kind: models.MailDigest, Organiser: "not", Until: soon}, false},
		"but another she":   {models.Mail{Kind: models.MailEve, Organiser: "not", Until: soon}, true},
		"it is too late":    {models.Mail{Kind: models.MailDigest, Organiser: "wants", Until: time.Now().Add(-time.Minute)}, false},
		"her account is no": {models.Mail{Kind: models.MailClose, Organiser: "gone", Until: soon}, false},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := o.letter(t.Context(), &c.mail)
			if _, skip := errors.AsType[pointless](err); skip == c.sent {
				t.Errorf("got %v", err)
			}
		})
	}
}

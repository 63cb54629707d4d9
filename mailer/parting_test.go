package mailer

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"samling/models"
)

// What an organiser does by hand with one sign-up, and says about it.
func TestCompose_ByHand(t *testing.T) {
	for _, language := range []string{"sv", "en", "ar"} {
		t.Run("taken off, with a line/"+language, func(t *testing.T) {
			l := letter(t, models.MailRegret)
			l.Language, l.Parting = language, "Du står med två gånger, så vi tog bort den ena.\nVi ses ändå!"
			golden(t, "parting."+language+".eml", compose(t, l).Bytes)
		})
		t.Run("to the waiting line/"+language, func(t *testing.T) {
			l := letter(t, models.MailWaiting)
			l.Language, l.Mail.Told = language, models.Going
			golden(t, "moved."+language+".eml", compose(t, l).Bytes)
		})
	}
}

// Whoever has a place no more has the event taken out of her calendar, whatever
// became of it.
func TestCalendar_WithdrawnWithThePlace(t *testing.T) {
	for kind, state := range map[models.MailKind]models.State{
		models.MailWaiting: models.Waiting, models.MailNoPlace: models.Waiting, models.MailOffer: models.Offered, models.MailRegret: models.Left,
	} {
		l := letter(t, kind)
		l.Mail.State, l.Mail.Told = state, models.Going
		if object, method := l.calendar(); method != "CANCEL" || !bytes.Contains(object, []byte("\r\nMETHOD:CANCEL\r\n")) {
			t.Errorf("%s: method %q\n%s", kind, method, object)
		}
		l.Mail.Told = models.Waiting
		if object, _ := l.calendar(); object != nil {
			t.Errorf("%s to one who had no place:\n%s", kind, object)
		}
	}
}

// The line is in the one mail that it is for, and nowhere else: neither in the
// outbox nor in what is sent later.
func TestOutbox_CarriesTheParting(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		const said = "Vi tog bort den ena."
		ids := w.mails(2)
		key, err := w.keys.Key(t.Context(), w.event)
		w.must(err)
		for i, id := range ids {
			m, err := w.store.Mails.Update(t.Context(), id, func(m *models.Mail) error {
				m.Kind, m.State, m.Told, m.Sequence = models.MailRegret, models.Left, models.Going, m.Is.Sequence+4+i
				return nil
			})
			w.must(err)
			_, err = w.store.RSVPs.Update(t.Context(), m.RSVP, func(r *models.RSVP) error {
				r.Parting = models.Parting{Sealed: key.Seal(w.event, models.PartingID(r.ID), []byte(said)), Mails: 4}
				return nil
			})
			w.must(err)
		}
		w.roster(func(r *models.Roster) {
			for i := range r.Entries {
				r.Entries[i].State = models.Left
			}
		})
		s := &script{}
		stop := run(t, w.outbox("one", s))
		time.Sleep(time.Minute)
		stop()
		w.sums(ids, 2, 0)
		for i, id := range ids {
			m := w.mail(id)
			row, err := json.Marshal(m)
			w.must(err)
			if strings.Contains(string(row), "bort") {
				t.Errorf("the outbox has the line: %s", row)
			}
			var sent []byte
			for _, messages := range s.messages {
				if bytes.Contains(messages[0], []byte("message-"+id)) || len(s.messages) == 1 {
					sent = messages[0]
				}
			}
			_, parts := leaves(t, sent)
			if got := bytes.Contains(parts[0].content, []byte(said)); got != (i == 0) {
				t.Errorf("mail %d has the line: %v\n%s", i, got, parts[0].content)
			}
		}
	})
}

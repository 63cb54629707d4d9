package mailer

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"samling/models"
)

// watchedMails calls before ahead of every write.
type watchedMails struct {
	models.Collection[models.Mail]
	before func()
}

func (c watchedMails) Update(ctx context.Context, id string, change func(*models.Mail) error) (models.Mail, error) {
	c.before()
	return c.Collection.Update(ctx, id, change)
}

// Somebody is erased before the first, second … write of the worker that has her
// mail in hand, whatever its server says: nothing of her is written back, and
// nothing goes out once she is erased before it is claimed.
func TestOutbox_RacesAnErasure(t *testing.T) {
	for name, answer := range map[string]func(to string) (string, error){
		"sent": func(to string) (string, error) { return withoutAddresses("250 queued for " + to), nil },
		"refused": func(to string) (string, error) {
			return "", &Fault{Class: Permanent, Phase: phaseRcpt, Reply: withoutAddresses("550 no " + to), Err: errors.New("550 no " + to)}
		},
		"put off": func(to string) (string, error) {
			return "", &Fault{Class: Temporary, Phase: phaseRcpt, Err: errors.New("nobody reads " + to)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			for writes, erased := 0, true; erased; writes++ {
				bubble(t, func(t *testing.T, w *world) {
					s := &script{do: func(_ context.Context, _ int, to string) (string, error) { return answer(to) }}
					mail := w.mail(w.mails(1)[0])
					left := writes
					erased = false
					w.store.Mails = watchedMails{w.store.Mails, func() {
						if left--; left >= 0 || erased {
							return
						}
						erased = true
						_, err := w.store.RSVPs.Update(t.Context(), mail.RSVP, func(r *models.RSVP) error { r.Forget(); return nil })
						w.must(err)
					}}
					o := w.outbox("a", s)
					defer run(t, o)()
					time.Sleep(10 * time.Minute)
					rsvp, err := w.store.RSVPs.Get(t.Context(), mail.RSVP)
					w.must(err)
					row, err := json.Marshal(w.mail(mail.ID))
					w.must(err)
					if erased && len(rsvp.Sealed) > 0 {
						t.Errorf("erased before write %d, she was written back", writes+1)
					}
					for _, word := range []string{"post.example", "Namnsson"} {
						if strings.Contains(string(row), word) {
							t.Errorf("the row holds %q: %s", word, row)
						}
					}
					if tries, _ := s.count(); erased && writes == 0 && tries > 0 {
						t.Errorf("%d tries after she was erased", tries)
					}
				})
			}
		})
	}
}

package mailer

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"samling/models"
)

// toOne queues so many mails, each to another sign-up of one address.
func (w *world) toOne(count int) (ids []string) {
	w.t.Helper()
	key, err := w.keys.Key(w.t.Context(), w.event)
	w.must(err)
	for _, id := range w.mails(count) {
		rsvp := w.mail(id).RSVP
		_, err := w.store.RSVPs.Update(w.t.Context(), rsvp, func(r *models.RSVP) error {
			r.Sealed = key.Seal(w.event, rsvp, models.Person{Name: "Namn Namnsson", Email: "one@post.example"}.Bytes())
			return nil
		})
		w.must(err)
		ids = append(ids, id)
	}
	return ids
}

// limiting is an outbox that counts, and lists one sign-up.
func (w *world) limiting(instance string, s Sender) *Outbox {
	o := w.outbox(instance, s)
	o.cfg.Limits = true
	o.cfg.Living = func(context.Context, string) ([]models.Living, error) {
		return []models.Living{{RSVP: id(0xaa, 1), Is: w.facts(), Entry: models.Entry{State: models.Going}, About: models.About{Titles: map[string]string{"": "Fest"}}}}, nil
	}
	return o
}

func (w *world) statuses(ids []string) map[models.MailStatus]int {
	out := map[models.MailStatus]int{}
	for _, id := range ids {
		out[w.mail(id).Status]++
	}
	return out
}

// Ten mails at once on two instances: six go out, the sixth says so, and a day
// later one lists what there is.
func TestOutbox_SixADay(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		ids := w.toOne(10)
		s := &script{}
		defer run(t, patient(w.limiting("a", s)))()
		defer run(t, patient(w.limiting("b", s)))()
		time.Sleep(time.Minute)
		if got := w.statuses(ids); got[models.MailSent] != models.MailsADay || got[models.MailSkipped] != 4 {
			t.Errorf("became %v", got)
		}
		said := 0
		for _, m := range s.messages["one@post.example"] {
			if strings.Contains(string(m), "6 g=C3=A5nger") {
				said++
			}
		}
		if said != 1 {
			t.Errorf("%d mails say that more would be gathered, want 1", said)
		}
		time.Sleep(23 * time.Hour)
		if tries, _ := s.count(); tries != models.MailsADay {
			t.Errorf("%d mails within the day", tries)
		}
		time.Sleep(time.Hour)
		if tries, _ := s.count(); tries != models.MailsADay+1 {
			t.Errorf("%d mails after a day", tries)
		}
		all := s.messages["one@post.example"]
		if r := receive("", "", all[len(all)-1]); r.Subject != "Dina anmälningar" || !strings.Contains(r.Text, "Fest") || strings.Contains(r.Text, "Namnsson") {
			t.Errorf("the last is %q\n%s", r.Subject, r.Text)
		}
	})
}

func TestOutbox_WhomItCounts(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(r *models.RSVP)
		limits bool
		want   int
	}{
		"a stranger may have signed her up": {func(*models.RSVP) {}, true, models.MailsADay},
		"she has used a link":               {func(r *models.RSVP) { r.Used = r.Created }, true, 8},
		"an organiser knows her":            {func(r *models.RSVP) { r.By = "organiser" }, true, 8},
		"limits are off":                    {func(*models.RSVP) {}, false, 8},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, w *world) {
				for _, id := range w.toOne(8) {
					_, err := w.store.RSVPs.Update(t.Context(), w.mail(id).RSVP, func(r *models.RSVP) error { tt.change(r); return nil })
					w.must(err)
				}
				s := &script{}
				o := w.limiting("a", s)
				o.cfg.Limits = tt.limits
				defer run(t, o)()
				time.Sleep(time.Minute)
				if _, n := s.count(); n != tt.want {
					t.Errorf("%d mails, want %d", n, tt.want)
				}
			})
		})
	}
}

// A mail that is tried again is the same mail.
func TestOutbox_CountsOnce(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		s := &script{do: func(_ context.Context, n int, _ string) (string, error) {
			if n <= 12 {
				return "", &Fault{Class: Temporary, Phase: "rcpt", Reply: "450 greylisted"}
			}
			return "250 ok", nil
		}}
		ids := w.toOne(models.MailsADay)
		defer run(t, patient(w.limiting("a", s)))()
		time.Sleep(4 * time.Hour)
		if got := w.statuses(ids); got[models.MailSent] != models.MailsADay {
			t.Errorf("became %v", got)
		}
	})
}

// An address from which mail came back gets no more, and the organisers of each
// of its sign-ups see that; when it gets mail again they see that too.
func TestOutbox_Returned(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		limit := models.Limit{Returned: models.Milli(time.Now().Add(models.ReturnedLasts))}
		limit.ID = w.keys.Vault().Hash(models.LimitPurpose(models.LimitSignUp), "one@post.example")
		w.must(w.store.Limits.Create(t.Context(), limit))
		ids := append(w.toOne(2), w.mails(1)...)
		s := &script{}
		defer run(t, w.limiting("a", s))()
		marked := func(ids []string) (out []bool) {
			for _, id := range ids {
				r, err := w.store.RSVPs.Get(t.Context(), w.mail(id).RSVP)
				w.must(err)
				out = append(out, !r.Returned.IsZero())
			}
			return out
		}
		time.Sleep(2 * time.Second)
		if got := w.statuses(ids); got[models.MailSkipped] != 2 || got[models.MailSent] != 1 || !slices.Equal(marked(ids), []bool{true, true, false}) {
			t.Errorf("became %v, marked %v", got, marked(ids))
		}
		if m := w.mail(ids[0]); m.Reply != "mail to this address came back" {
			t.Errorf("skipped because of %q", m.Reply)
		}
		_, err := w.store.Limits.Update(t.Context(), limit.ID, func(l *models.Limit) error { l.Returned = time.Time{}; return nil })
		w.must(err)
		_, err = w.store.Mails.Update(t.Context(), ids[0], func(m *models.Mail) error { m.Status = models.MailQueued; return nil })
		w.must(err)
		time.Sleep(2 * time.Second)
		if !slices.Equal(marked(ids), []bool{false, true, false}) || s.to["one@post.example"] != 1 {
			t.Errorf("afterwards marked %v, mailed %v", marked(ids), s.to)
		}
	})
}

// What a server says of an address is heeded, and nothing else that it refuses at
// the same time.
func TestOutbox_RefusedAddress(t *testing.T) {
	for name, tt := range map[string]struct {
		phase string
		reply smtp.SMTPError
		alone bool
	}{
		"nobody there":          {phaseRcpt, smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}}, true},
		"no such domain":        {phaseRcpt, smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 2}}, true},
		"will not relay":        {phaseRcpt, smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}}, false},
		"full":                  {phaseRcpt, smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 2, 2}}, false},
		"later":                 {phaseRcpt, smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 1, 1}}, false},
		"does not say":          {phaseRcpt, smtp.SMTPError{Code: 550}, false},
		"our own address":       {phaseRcpt, smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 8}}, false},
		"the words of the mail": {phaseDot, smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, w *world) {
				m := w.mail(w.mails(1)[0])
				o := w.outbox("a", &script{do: func(context.Context, int, string) (string, error) { return "", classify(tt.phase, &tt.reply) }})
				var alone []string
				away := true
				o.cfg.LeaveAlone = func(_ context.Context, rsvp string) error {
					if away = !away; !away {
						return models.ErrUnavailable // and then again
					}
					alone = append(alone, rsvp)
					return nil
				}
				stop := run(t, o)
				time.Sleep(20 * time.Second)
				stop()
				var want []string
				if tt.alone {
					want = []string{m.RSVP}
				}
				if !slices.Equal(alone, want) {
					t.Errorf("left alone are %q, want %q", alone, want)
				}
				if got := w.mail(m.ID); tt.alone && got.Status != models.MailFailed {
					t.Errorf("the mail is %s", got.Status)
				}
			})
		})
	}
}

// The sender of the envelope and the organiser of the invitation tell which mail
// and which sign-up it was; the sender that people see stays the same.
func TestCompose_Bounce(t *testing.T) {
	for bounce, want := range map[string][2]string{
		"":                        {"post@samling.example", "mailto:post@samling.example"},
		"retur@studs.example.org": {"retur+bounce-%s@studs.example.org", "mailto:retur+reply-%s@studs.example.org"},
	} {
		l := letter(t, models.MailGoing)
		l.House.Bounce = bounce
		if bounce != "" {
			want = [2]string{fmt.Sprintf(want[0], l.Mail.ID), fmt.Sprintf(want[1], l.Mail.RSVP)}
		}
		m := compose(t, l)
		header, parts := leaves(t, m.Bytes)
		calendar := strings.ReplaceAll(string(parts[2].content), "\r\n ", "")
		from, err := header.AddressList("From")
		if m.From != want[0] || !strings.Contains(calendar, want[1]+"\r\n") || err != nil || from[0].Address != "post@samling.example" {
			t.Errorf("%q: sent by %s and %v, organised by\n%s", bounce, m.From, from, calendar)
		}
		again := letter(t, models.MailCancelled)
		again.House.Bounce, again.Mail.ID = bounce, id(0x0a, 2)
		if object, _ := again.calendar(); !strings.Contains(strings.ReplaceAll(string(object), "\r\n ", ""), want[1]+"\r\n") {
			t.Errorf("%q: another organiser cancels\n%s", bounce, object)
		}
	}
}

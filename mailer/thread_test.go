package mailer

import (
	"bytes"
	"log/slog"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"samling/models"
	"samling/planner"
)

// All mails of one sign-up are one thread from first to last, about one entry in
// her calendar that has one organiser; only what nobody asked for can be
// unsubscribed from; and what comes of each leads back to it alone.
func TestOutbox_WholeLifeIsOneThread(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		must := func(_ any, err error) { w.t.Helper(); w.must(err) }
		ctx, by := t.Context(), planner.Command()
		v := w.keys.Vault()
		w.house.Bounce, w.house.Token, w.house.Tag = "bounce@samling.example", v.Token, v.Tag
		w.must(planner.Install(ctx, w.store, v, time.Now(), []models.District{{Document: models.Document{ID: "oster"}, Name: "Öster"}}))
		p := planner.New(planner.Config{
			Store: w.store, Keys: w.keys, Now: time.Now, Log: slog.New(slog.DiscardHandler), Zone: "Europe/Stockholm", Language: "sv",
			Retention: 14 * 24 * time.Hour, Mailed: func() {},
		})
		w.must(p.Refresh(ctx))
		must(p.ImportAssociations(ctx, []planner.Row[models.Association]{{Line: 2, Doc: models.Association{Document: models.Document{ID: "husie"}, Name: "Husie", District: "oster"}}}))
		starts := time.Now().Truncate(24*time.Hour).AddDate(0, 0, 10).Add(17 * time.Hour)
		e, err := p.CreateEvent(ctx, by, models.Event{
			Kind: models.TownHall, Host: "husie", Text: models.Text{Title: "Fest"}, Starts: starts, TimeZone: "Europe/Stockholm",
			SignUp: models.SignUpRules{Needed: true, Confirm: true}, Place: models.Place{Name: "Aulan"},
		})
		w.must(err)
		must(p.MoveEvent(ctx, by, e.ID, planner.Anyway, models.Publish, ""))

		box := NewMailbox(20)
		o := patient(w.outbox("a", box))
		defer run(t, o)()
		tell := func(after time.Duration) {
			t.Helper()
			time.Sleep(after)
			must(p.TellDue(ctx))
			o.Wake()
			time.Sleep(2 * time.Second)
		}
		must(p.SignUp(ctx, e.ID, models.SignUp{Name: "Ada", Email: "ada@example.org", Party: 1, Consent: true, Language: "sv"}, nil))
		tell(0)
		r, err := w.store.Rosters.Get(ctx, e.ID)
		w.must(err)
		rsvp := r.Entries[0].RSVP.String()
		w.must(p.Act(ctx, rsvp, models.ActConfirm, 0))
		tell(0)
		must(p.ChangeEvent(ctx, by, e.ID, planner.Anyway, func(e *models.Event) error {
			e.Starts, e.Ends = e.Starts.AddDate(0, 0, 1), e.Ends.AddDate(0, 0, 1)
			return nil
		}))
		tell(11 * time.Minute)
		tell(time.Until(starts)) // 18 local time on the day before
		must(p.MoveEvent(ctx, by, e.ID, planner.Anyway, models.Cancel, "Vattenskada"))
		tell(2 * time.Minute)

		mails := box.Messages()
		slices.Reverse(mails)
		var subjects, senders, ids, sequences []string
		for _, m := range mails {
			subject, _, _ := strings.Cut(m.Subject, ":")
			subjects = append(subjects, subject)
			parsed, err := mail.ReadMessage(bytes.NewReader(m.Raw))
			w.must(err)
			h := parsed.Header
			first, err := mail.ReadMessage(bytes.NewReader(mails[0].Raw))
			w.must(err)
			if h.Get("References") == "" || h.Get("References") != first.Header.Get("References") || h.Get("In-Reply-To") != h.Get("References") {
				t.Errorf("%s: in the thread %q, answers %q", m.Subject, h.Get("References"), h.Get("In-Reply-To"))
			}
			unsubscribe := ""
			if subject == "I morgon" {
				unsubscribe = "<" + w.house.Site + "/rsvp/" + v.Token(ManagePurpose, rsvp) + "/quiet>"
			}
			if h.Get("List-Unsubscribe") != unsubscribe || (h.Get("List-Unsubscribe-Post") != "") != (unsubscribe != "") {
				t.Errorf("%s: unsubscribed from at %q", m.Subject, h.Get("List-Unsubscribe"))
			}
			senders, ids = append(senders, m.From), append(ids, h.Get("Message-Id"))
			if calendar := strings.ReplaceAll(m.Calendar, "\r\n ", ""); calendar != "" {
				if !strings.Contains(calendar, ":mailto:bounce+"+v.Tag(models.TagReply, rsvp)+"@samling.example\r\n") {
					t.Errorf("%s: organised by another\n%s", m.Subject, calendar)
				}
				_, after, _ := strings.Cut(calendar, "SEQUENCE:")
				sequence, _, _ := strings.Cut(after, "\r\n")
				sequences = append(sequences, sequence)
			}
		}
		if want := []string{"Bekräfta din anmälan", "Du är anmäld", "Ny tid", "I morgon", "Inställt"}; !slices.Equal(subjects, want) {
			t.Fatalf("mailed %q, want %q", subjects, want)
		}
		for what, list := range map[string][]string{"senders": senders, "Message-IDs": ids} {
			if slices.Sort(list); len(slices.Compact(slices.Clone(list))) != 5 {
				t.Errorf("%s of five mails: %q", what, list)
			}
		}
		if len(sequences) != 3 || !slices.IsSorted(sequences) || len(slices.Compact(slices.Clone(sequences))) != 3 {
			t.Errorf("the calendar's SEQUENCE goes %q", sequences)
		}
	})
}

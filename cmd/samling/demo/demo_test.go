package demo

import (
	"encoding/csv"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"samling/models"
	"samling/models/vault"
	"samling/planner"
	"samling/store"
)

func rows[T any](t *testing.T, file string, doc func(record []string) T) []planner.Row[T] {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []planner.Row[T]
	for i, r := range records[1:] {
		out = append(out, planner.Row[T]{Line: i + 2, Doc: doc(r)})
	}
	return out
}

func TestFill(t *testing.T) {
	for name, today := range map[string]time.Time{
		"in winter":        time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC),
		"on the change":    time.Date(2026, 3, 29, 1, 30, 0, 0, time.UTC),
		"on the first May": time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC),
	} {
		if testing.Short() && name != "on the change" {
			continue
		}
		t.Run(name, func(t *testing.T) { fill(t, today) })
	}
}

func fill(t *testing.T, today time.Time) {
	clock := today
	v, err := vault.Create(filepath.Join(t.TempDir(), "key"), vault.DayOf(today.AddDate(0, 0, -150)))
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "demo.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := planner.Install(t.Context(), s, v, today, nil); err != nil {
		t.Fatal(err)
	}
	p := planner.New(planner.Config{
		Store: s, Keys: planner.Keyring(s, v), Now: func() time.Time { return clock }, Log: slog.New(slog.DiscardHandler),
		Zone: "Europe/Stockholm", Language: "sv", Retention: 14 * 24 * time.Hour, Mailed: func() {},
	})
	city := City{Planner: p, Clock: &clock, Today: today}
	err = city.Fill(t.Context(),
		rows(t, "../districts.csv", func(r []string) models.District {
			return models.District{Document: models.Document{ID: r[0]}, Name: r[1]}
		}),
		rows(t, "groups.csv", func(r []string) models.Group {
			return models.Group{Document: models.Document{ID: r[0]}, Name: r[1], Names: map[string]string{"en": r[2]}}
		}),
		rows(t, "associations.csv", func(r []string) models.Association {
			return models.Association{Document: models.Document{ID: r[0]}, Name: r[1], District: r[2], Email: r[3], Website: r[4]}
		}))
	if err != nil {
		t.Fatal(err)
	}
	if !clock.Equal(today) {
		t.Errorf("the clock stands at %v", clock)
	}
	seen := map[string]int{}
	for _, l := range p.Catalogue().Events {
		seen[string(l.Kind)]++
		seen[string(l.Status)]++
		seen[string(l.Audience)]++
		if len(l.CoHosts) > 0 {
			seen["co-hosted"]++
		}
		if !l.SignUp.Needed {
			seen["drop-in"]++
		}
		if l.SignUp.Protected && l.Starts.After(today) {
			seen["protected"]++
		}
		if len(l.SignUp.Ask) > 0 {
			seen["asking"]++
		}
		if l.Parent != "" {
			seen["part"]++
		}
		if l.Part.Answer == models.PartStands {
			seen["part that stands"]++
		}
		if !l.Part.Asked.IsZero() && l.AwaitsPart() {
			seen["part that was asked for"]++
		}
		if l.Status == models.Draft && l.Approval.Waits() {
			seen["waits for approval"]++
		}
		if l.Ends.After(today) && l.Visible() {
			seen["ahead"]++
		}
		if seats, counts := p.Seats(t.Context(), l.Event); seats == models.SeatsFull && counts.Waiting > 0 {
			seen["full with a line"]++
		}
		if l.Closing.Shown {
			seen["shown how many came"]++
		}
		if l.Unclosed(today) && l.Host == Host {
			seen["waits to be closed by who signs in"]++
		}
		if l.Ends.Before(today) && l.Status == models.Published {
			if a, err := p.Attendance(t.Context(), nil, l.ID, "test", false); err != nil {
				t.Fatal(err)
			} else if a.Here > 0 && a.WalkIns > 0 {
				seen["held"]++
			}
		}
	}
	for _, k := range models.Kinds() {
		if seen[string(k)] == 0 {
			t.Errorf("no %s", k)
		}
	}
	for what, least := range map[string]int{
		"published": 150, "draft": 3, "cancelled": 3, "postponed": 3, "members": 10, "public": 100, "co-hosted": 5,
		"drop-in": 10, "part": 4, "protected": 1, "asking": 20, "full with a line": 3, "held": 5, "ahead": 60,
		"part that stands": 2, "part that was asked for": 1, "waits for approval": 1,
		"shown how many came": 3, "waits to be closed by who signs in": 1,
	} {
		if seen[what] < least {
			t.Errorf("%d %s, want at least %d", seen[what], what, least)
		}
	}
	if c, works := p.Catalogue(), (&models.Organiser{For: []string{Host}}); len(c.Invitations(works)) != 1 || len(c.PartsAsked(works)) != 1 {
		t.Errorf("who signs in has %d invitations and %d parts to answer", len(c.Invitations(works)), len(c.PartsAsked(works)))
	}
	if said, _, err := p.Contributions(t.Context(), planner.Command(), planner.ContributionFilter{}, models.Cursor{}, 100); err != nil || len(said) < 10 {
		t.Errorf("%d contributions, error %v", len(said), err)
	}
	if n := len(p.Catalogue().Associations); n != 52 {
		t.Errorf("%d associations", n)
	}
	due, err := s.Mails.Count(t.Context(), models.Query{})
	if err != nil || due > 0 {
		t.Errorf("%d mails, %v", due, err)
	}
	if t.Failed() {
		t.Log(seen)
	}
}

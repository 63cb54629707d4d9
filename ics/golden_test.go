package ics

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"samling/locale"
	"samling/models"
)

var update = flag.Bool("update", false, "write the golden files anew")

const site = "https://kalender.example"

func encoder(t testing.TB) *Encoder {
	t.Helper()
	c, err := locale.Load("sv")
	if err != nil {
		t.Fatal(err)
	}
	return NewEncoder(c, site)
}

// clock is an instant by the clocks of Stockholm.
func clock(t testing.TB, wall string) time.Time {
	t.Helper()
	instant, err := time.ParseInLocation("2006-01-02 15:04", wall, models.Zone("Europe/Stockholm"))
	if err != nil {
		t.Fatal(err)
	}
	return instant.UTC()
}

func is[T any](v T) *T { return &v }

// townHall is an ordinary event; change makes another of it.
func townHall(t testing.TB, id string, change func(*Item)) Item {
	item := Item{
		Event: &models.Event{
			Document: models.Document{ID: "0193a1b2-0000-7000-8000-0000000000" + id},
			Slug:     "oppet-mote-" + id, Kind: models.TownHall,
			Text: models.Text{
				Title:       "Öppet möte om bostäder",
				Summary:     "Vad behöver din gård? Kom och säg det.",
				Description: "## Kvällen\n\n**Först** berättar [arbetsgruppen](https://kalender.example/groups/bostader), sedan talar vi.\n\n- hyror\n- gårdar",
			},
			Status: models.Published, Audience: models.Public, Host: "norra",
			Starts: clock(t, "2026-03-04 18:00"), Ends: clock(t, "2026-03-04 20:00"), TimeZone: "Europe/Stockholm",
			Place:    models.Place{Name: "Folkets hus", Address: "Storgatan 1", Latitude: is(55.605), Longitude: is(13.00001)},
			Access:   models.Access{StepFree: is(true), Toilet: is(false), Notes: "Ring på klockan."},
			SignUp:   models.SignUpRules{Needed: true, Closes: clock(t, "2026-03-04 00:00")},
			Sequence: 2,
		},
		Hosts: []string{"Norra föreningen", "Östra föreningen"}, Groups: []string{"Bostäder", "Mat, dryck"},
		Changed: clock(t, "2026-02-01 12:00"),
	}
	if change != nil {
		change(&item)
	}
	return item
}

// Each calendar is kept as a file, with what was given beside it: the judges of
// .ci/judges must read the same. golang-ical's parser is the first of them.
func TestGolden(t *testing.T) {
	for name, c := range samples(t) {
		t.Run(name, func(t *testing.T) {
			given, err := json.MarshalIndent(c.given, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name+".ics", c.bytes)
			golden(t, name+".json", append(given, '\n'))
			lint(t, c.bytes)
			if d := cmp.Diff(c.given, readBack(t, c.bytes), cmpopts.SortSlices(func(a, b reading) bool { return a.UID < b.UID })); d != "" {
				t.Errorf("read is not what was given (-given +read):\n%s", d)
			}
		})
	}
}

// The marks that hold a Swedish name together in Arabic stand in descriptions, which
// people read, and in nothing that programs show on a line, search or follow.
func TestGolden_MarksOfDirection(t *testing.T) {
	const mark = "\u2068"
	described := 0
	for name, c := range samples(t) {
		for line := range strings.SplitSeq(strings.ReplaceAll(string(c.bytes), "\r\n ", ""), "\r\n") {
			switch marked := strings.Contains(line, mark); {
			case marked && !strings.HasPrefix(line, "DESCRIPTION:"):
				t.Errorf("%s: %q", name, line)
			case marked && (strings.Contains(line, mark+"http") || strings.Contains(line, "@example.org\u2069")):
				t.Errorf("%s has marks around an address: %q", name, line)
			case strings.Contains(line, mark+"040-00 00 00\u2069"):
				described++
			}
		}
	}
	if described < 2 {
		t.Errorf("%d telephone numbers are held together in Arabic, want 2", described)
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from what it was; if that is meant, run go test ./ics -update and read the difference\ngot:\n%s", path, got)
	}
}

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"samling/cmd/samling/demo"
	"samling/models"
	"samling/models/vault"
	"samling/store"
)

// elsewhere is where a SQLite file is copied to: MongoDB if there is a server,
// else another file.
func elsewhere(t *testing.T) string {
	t.Helper()
	server := os.Getenv("SAMLING_TEST_MONGODB")
	if server == "" {
		return "sqlite:elsewhere/samling.db"
	}
	return newDatabase(t, server).String()
}

// demonstrate fills the city's store with the one that demo shows, and returns a
// coordinator's token.
func (c *city) demonstrate(t *testing.T) (token string) {
	t.Helper()
	catalogue, speak := words("sv", nil)
	clock := time.Now().AddDate(0, 0, -demo.Memory)
	s := &session{ctx: t.Context(), stdout: io.Discard, stderr: io.Discard, now: func() time.Time { return clock }, words: catalogue, speak: speak}
	s.settings = settings{
		store: "sqlite:" + c.dir + "/data/samling.db", keyFile: c.dir + "/data/samling.key", zone: "Europe/Stockholm", language: "sv", retention: 14 * day,
	}
	in, err := s.openFor(slog.New(slog.DiscardHandler), func() {}, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	today := time.Now()
	err = s.fill(&demo.City{Planner: in.planner, Clock: &clock, Today: today})
	if err := errors.Join(err, in.planner.Keys.Vault().Advance(vault.DayOf(today)), in.close()); err != nil {
		t.Fatal(err)
	}
	c.must(t, "organiser", "add", "kansliet@example.org", "--role", "coordinator")
	return c.must(t, "token", "create", "--organiser", "kansliet@example.org")
}

// seen is what residents and organisers get from a running serve: each feed with
// the headers that calendar programs go by, and each attendance list.
func (c *city) seen(t *testing.T, token string, kept string) map[string]string {
	t.Helper()
	s := c.serve(t, token, "--store", kept)
	defer s.stop(t)
	all := map[string]string{}
	feeds := []string{"/feeds/all", "/feeds/events?kind=town-hall&kind=seminar&lang=en"}
	for _, of := range []string{"associations", "groups", "districts", "kinds"} {
		for _, one := range s.api(t, http.StatusOK, "GET", "/"+of, "")[of].([]any) {
			feeds = append(feeds, "/feeds/"+of+"/"+one.(map[string]any)["slug"].(string))
		}
	}
	for _, feed := range feeds {
		for _, kind := range []string{".ics", ".atom", ".json"} {
			path := feed + kind
			if before, query, ok := strings.Cut(feed, "?"); ok {
				path = before + kind + "?" + query
			}
			all[path] = s.feed(t, path)
		}
	}
	for cursor := ""; ; {
		page := s.api(t, http.StatusOK, "GET", "/events?limit=500&from=2000-01-01T00:00:00Z&cursor="+cursor, "")
		for _, e := range page["events"].([]any) {
			id := e.(map[string]any)["id"].(string)
			status, list := s.call(t, "GET", "/api/v1/events/"+id+"/attendance", token, "")
			if status != http.StatusOK {
				t.Fatalf("attendance of %s: %d %s", id, status, list)
			}
			all["attendance of "+id] = string(list)
		}
		if cursor, _ = page["next"].(string); cursor == "" {
			return all
		}
	}
}

// feed is one as it comes without gzip, behind its headers.
func (s *server) feed(t *testing.T, path string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", s.address+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "identity")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK || answer.Header.Get("ETag") == "" || answer.Header.Get("Last-Modified") == "" {
		t.Fatalf("%s: %s %v %v", path, answer.Status, answer.Header, err)
	}
	return answer.Header.Get("ETag") + "\n" + answer.Header.Get("Last-Modified") + "\n" + string(body)
}

// The demonstration's city there and back again: nobody who reads it can tell.
func TestMigrate_ThereAndBack(t *testing.T) {
	long(t)
	t.Parallel()
	c := newCity(t)
	token := c.demonstrate(t)
	there, back := elsewhere(t), "sqlite:back/samling.db"
	// A serve takes away notes that have had their time; then nothing changes.
	first := map[string]string{}
	eventually(t, time.Minute, func() (any, bool) {
		before := first
		first = c.seen(t, token, "sqlite:data/samling.db")
		return cmp.Diff(before, first), maps.Equal(before, first)
	})
	if len(first) < 300 || !strings.Contains(first["/feeds/all.ics"], "BEGIN:VEVENT") {
		t.Fatalf("only %d feeds and lists: %v", len(first), slices.Sorted(maps.Keys(first)))
	}
	for _, move := range [][2]string{{"sqlite:data/samling.db", there}, {there, back}} {
		moved := c.run(t, "migrate", "--from", move[0], "--to", move[1])
		if moved.code != done || moved.out != "" || strings.Contains(moved.err, "\r") {
			t.Fatalf("%+v", moved)
		}
		for _, want := range []string{"Kopierar", "\nrsvps ", "kontrollerade", "Nyckelfilen data/samling.key är densamma"} {
			if !strings.Contains(moved.err, want) {
				t.Errorf("it does not say %q\n%s", want, moved.err)
			}
		}
		if diff := cmp.Diff(first, c.seen(t, token, move[1])); diff != "" {
			t.Errorf("from %s to %s: %.3000s", move[0], move[1], diff)
		}
	}
}

// Killed sooner and later, as often as it takes to come to the end.
func TestKill_Migrating(t *testing.T) {
	long(t)
	t.Parallel()
	c := newCity(t)
	c.founded(t)
	source, err := store.Open(t.Context(), "sqlite:"+c.dir+"/data/samling.db", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for first := range 60 {
		var ops []models.Op
		for n := range 100 {
			ops = append(ops, source.WalkIns.Creating(models.WalkIn{Document: models.Document{ID: fmt.Sprintf("%08x", (100*first+n)*2654435761)}, Event: "e", Count: n}))
		}
		if err := source.Write(t.Context(), ops...); err != nil {
			t.Fatal(err)
		}
	}
	if err := source.Close(); err != nil {
		t.Fatal(err)
	}
	to := elsewhere(t)
	cmdline := []string{"migrate", "--from", "sqlite:data/samling.db", "--to", to}
	var said bytes.Buffer
	kills := 0
	for life := 10 * time.Millisecond; ; life = life * 4 / 3 {
		said.Reset()
		cmd := c.asks(t.Context(), t, cmdline...)
		cmd.Stderr = &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		kill := time.AfterFunc(life, func() { _ = cmd.Process.Kill() })
		err := cmd.Wait()
		if !kill.Stop() {
			kills++
		}
		if err == nil || strings.Contains(said.String(), "Det finns redan något") { // killed when all was done
			break
		}
		if cmd.ProcessState.Exited() {
			t.Fatalf("after %d kills: %v\n%s", kills, err, &said)
		}
		if s := c.run(t, "attendance", "e", "--store", to); s.code != failed {
			t.Errorf("after %d kills: %+v", kills, s)
		}
	}
	again := c.run(t, cmdline...)
	if again.code != failed || !strings.Contains(again.err, "Det finns redan något") {
		t.Errorf("a copy of a copy that is finished: %+v", again)
	}
	// What it is now is what it was: a copy back has the same numbers and sums.
	back := c.run(t, "migrate", "--from", to, "--to", "sqlite:back.db")
	straight := c.run(t, "migrate", "--from", "sqlite:data/samling.db", "--to", "sqlite:straight.db")
	if back.code != done || straight.code != done || !strings.Contains(back.err, "walk_ins            6000  ") {
		t.Fatalf("%+v\n%+v", back, straight)
	}
	if diff := cmp.Diff(straight.err, back.err); diff != "" {
		t.Error(diff)
	}
	t.Logf("%d kills", kills)
}

func TestMigrate_Refuses(t *testing.T) {
	long(t)
	t.Parallel()
	c, other := newCity(t), newCity(t)
	token := c.founded(t)
	other.founded(t)
	foreign := "sqlite:" + filepath.Join(other.dir, "data", "samling.db")
	served := c.serve(t, token)
	junk := c.file(t, "junk.db", "this is no database, and never was")
	for name, test := range map[string]struct {
		args []string
		code int
		want string
	}{
		"served":        {[]string{"--from", "sqlite:data/samling.db", "--to", "sqlite:new.db"}, failed, "--from går inte att kopiera:\nDatabasen används av en annan samling. Stoppa den först."},
		"nothing there": {[]string{"--from", "sqlite:none.db", "--to", "sqlite:new.db"}, failed, "Där finns ingen databas som Samling har använt."},
		"a new one":     {[]string{"--from", foreign, "--to", "sqlite:data/samling.db"}, failed, "Det går inte att kopiera till --to:\nDatabasen används"},
		"taken":         {[]string{"--from", foreign, "--to", "sqlite:taken.db"}, failed, "Det finns redan något i den databasen"},
		"junk":          {[]string{"--from", foreign, "--to", "sqlite:" + junk}, failed, "ingen databas för Samling"},
		"the same":      {[]string{"--from", foreign, "--to", foreign}, misuse, "--from och --to är samma"},
		"no store":      {[]string{"--from", "data/samling.db", "--to", "postgres://u:hemligt@h/d"}, misuse, "--to: Skriv sqlite:"},
		"no from":       {[]string{"--to", "sqlite:new.db"}, misuse, "--from: Skriv sqlite:"},
		"no database":   {[]string{"--from", foreign, "--to", "mongodb://u:hemligt@h"}, misuse, "--to: Databasens namn saknas"},
	} {
		if name == "taken" {
			c.must(t, "import", "groups", sample(t, "groups.csv"), "--store", "sqlite:taken.db")
		}
		s := c.run(t, append([]string{"migrate"}, test.args...)...)
		if s.code != test.code || s.out != "" || !strings.Contains(s.err, test.want) || strings.Contains(s.err, "hemligt") {
			t.Errorf("%s: %+v, want code %d saying %q", name, s, test.code, test.want)
		}
	}
	if status, _ := served.call(t, "GET", "/healthz", "", ""); status != http.StatusOK {
		t.Errorf("the serve answers %d", status)
	}
	if _, err := os.Stat(filepath.Join(c.dir, "new.db")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a target was made: %v", err)
	}
}

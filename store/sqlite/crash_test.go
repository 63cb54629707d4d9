package sqlite

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"samling/models"
)

// victimOf is the file in which a child process writes until it is killed.
const victimOf = "SAMLING_TEST_VICTIM"

func TestMain(m *testing.M) {
	if path := os.Getenv(victimOf); path != "" {
		fmt.Fprintln(os.Stderr, victim(path, os.Getenv("SAMLING_TEST_RUN")))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// victim signs up as planner does, an RSVP and its entry in one Write, and says
// so on its standard output after each.
func victim(path, run string) error {
	ctx := context.Background()
	s, err := Open(ctx, path, Options{Exclusive: true})
	if err != nil {
		return err
	}
	err = s.Rosters.Create(ctx, models.Roster{Document: models.Document{ID: "hot"}})
	if err != nil && !errors.Is(err, models.ErrExists) {
		return err
	}
	var out sync.Mutex
	failed := make(chan error)
	for w := range 16 {
		go func() {
			for n := 0; ; n++ {
				name := fmt.Sprintf("%s-%d-%d", run, w, n)
				var id models.ID
				copy(id[:], name)
				err := s.Write(ctx,
					s.RSVPs.Creating(models.RSVP{Document: models.Document{ID: name}, Event: "hot"}),
					s.Rosters.Updating("hot", func(r *models.Roster) error {
						r.Entries = append(r.Entries, models.Entry{RSVP: id, Party: 1, State: models.Going})
						return nil
					}))
				if err != nil {
					failed <- err
					return
				}
				out.Lock()
				fmt.Println(name)
				out.Unlock()
			}
		}()
	}
	return <-failed
}

// TestCrash_NothingAcknowledgedIsLost kills a writing process again and again at
// no chosen moment. The lock goes with it each time.
func TestCrash_NothingAcknowledgedIsLost(t *testing.T) {
	runs := 12
	if testing.Short() {
		runs = 3
	}
	path := filepath.Join(t.TempDir(), "samling.db")
	acknowledged := map[string]bool{}
	for run := range runs {
		for _, name := range killed(t, path, run) {
			acknowledged[name] = true
		}
		s := reopened(t, path, Options{Exclusive: true})
		roster, err := s.Rosters.Get(t.Context(), "hot")
		if err != nil {
			t.Fatal(err)
		}
		entries := map[string]bool{}
		for _, e := range roster.Entries {
			entries[strings.TrimRight(string(e.RSVP[:]), "\x00")] = true
		}
		if len(entries) != len(roster.Entries) {
			t.Errorf("run %d: %d entries, %d different ones", run, len(roster.Entries), len(entries))
		}
		for name := range acknowledged {
			if _, err := s.RSVPs.Get(t.Context(), name); err != nil || !entries[name] {
				t.Fatalf("run %d: %s was acknowledged and is lost (%v, in the roster: %v)", run, name, err, entries[name])
			}
		}
		// Both are one commit, so neither may stand alone.
		if n, err := s.RSVPs.Count(t.Context(), models.Query{}); err != nil || n != len(entries) {
			t.Errorf("run %d: %d RSVPs, %d entries, %v", run, n, len(entries), err)
		}
		if got := value(t, under(s).read, "PRAGMA integrity_check"); got != "ok" {
			t.Errorf("run %d: integrity_check: %s", run, got)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if len(acknowledged) < runs*10 {
		t.Errorf("only %d writes in %d runs: the processes died too early to show anything", len(acknowledged), runs)
	}
	t.Logf("%d writes acknowledged in %d lives", len(acknowledged), runs)
}

// killed runs a victim until it has said enough, kills it, and returns all that
// it said.
func killed(t *testing.T, path string, run int) []string {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program)
	cmd.Env = append(os.Environ(), victimOf+"="+path, fmt.Sprintf("SAMLING_TEST_RUN=%d", run))
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	watchdog := time.AfterFunc(30*time.Second, func() { _ = cmd.Process.Kill() })
	defer watchdog.Stop()
	var said []string
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if said = append(said, lines.Text()); len(said) == 20+run*13 {
			if err := cmd.Process.Kill(); err != nil { // SIGKILL
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // "signal: killed"
	return said
}

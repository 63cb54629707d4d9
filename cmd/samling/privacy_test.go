package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What somebody told us is sealed wherever it lies, is gone when she wants it to
// be, even from an older copy, and cannot be opened when its time is over.
func TestPrivacy_FilesErasureAndOldCopies(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	token := c.founded(t)
	s := c.serve(t, token)
	event := s.event(t, townHall("Öppet hus", 10))
	for _, address := range []string{"ett@example.net", "tva@example.net"} {
		s.signUp(t, event, address)
		c.expect(t, address, 1)
	}
	backup := filepath.Join(c.dir, "copy.db")
	c.must(t, "backup", backup)

	nowhere := func(when string, words ...string) {
		t.Helper()
		files := map[string][]byte{"the log": []byte(s.log.String())}
		err := filepath.WalkDir(c.dir, func(path string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() && !strings.HasSuffix(path, ".csv") {
				files[path], err = os.ReadFile(path)
			}
			return err
		})
		if err != nil || len(files) < 5 { // the log, the store, its WAL, the key, the copy
			t.Fatalf("%s: %d files, %v", when, len(files), err)
		}
		for name, text := range files {
			for _, word := range words {
				if bytes.Contains(text, []byte(word)) {
					t.Errorf("%s: %s holds %q", when, name, word)
				}
			}
		}
	}
	nowhere("while it runs", "ett@example.net", "tva@example.net", "Provperson")

	if said := c.run(t, "erase", "ETT@example.net"); said.code != done || !strings.Contains(said.err, "Raderade en anmälan.") || said.out != "" {
		t.Errorf("erasing: %+v", said)
	}
	if said := c.run(t, "erase", "ett"); said.code != failed || said.err == "" {
		t.Errorf("erasing what is no address: %+v", said)
	}
	if got := s.list(t, event).Attendees; len(got) != 1 || got[0].Email != "tva@example.net" {
		t.Errorf("after erasing: %+v", got)
	}

	// Yesterday's copy takes the store's place. What was erased since is erased
	// again, and the copy's outbox waits for a coordinator.
	s.stop(t)
	if said := c.run(t, "restore", backup); said.code != done {
		t.Fatalf("restoring: %+v", said)
	}
	s = c.serve(t, token)
	eventually(t, 10*time.Second, func() (any, bool) {
		got := s.list(t, event).Attendees
		return got, len(got) == 1 && got[0].Email == "tva@example.net"
	})

	// The same copy, when what it holds should be gone: the key file of a later
	// day opens none of it, and the counts are right.
	s.stop(t)
	c.ahead = 40 * 24 * time.Hour
	if said := c.run(t, "version"); said.code != done {
		t.Fatal(said)
	}
	c.must(t, "attendance", event) // the key file goes on
	if said := c.run(t, "restore", backup); said.code != done {
		t.Fatalf("restoring: %+v", said)
	}
	got := c.must(t, "attendance", event, "--format", "json")
	if strings.Contains(got, "example.net") || strings.Contains(got, "Provperson") || !strings.Contains(got, `"going":2`) {
		t.Errorf("40 days later the copy shows\n%s", got)
	}
}

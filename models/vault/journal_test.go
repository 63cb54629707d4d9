package vault

import (
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
)

func TestJournal_RemembersInOrder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	v, err := Create(path, 20_000)
	if err != nil {
		t.Fatal(err)
	}
	if id, rsvps, err := v.Journal().Read(); id != "" || len(rsvps) != 0 || err != nil {
		t.Fatalf("nothing was erased: %q %q %v", id, rsvps, err)
	}
	note := func(rsvps ...string) {
		t.Helper()
		if err := v.Journal().Note(rsvps...); err != nil {
			t.Fatal(err)
		}
	}
	note("a")
	first, _, _ := v.Journal().Read()

	// A power cut in the middle of a line, which nobody was told is written.
	f, err := os.OpenFile(path+".erased", os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("tor"); err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
	if _, rsvps, _ := v.Journal().Read(); !slices.Equal(rsvps, []string{"a"}) {
		t.Errorf("with a torn line: %q", rsvps)
	}
	again, err := Open(path, 20_000)
	if err != nil {
		t.Fatal(err)
	}
	v = again
	note("b", "c")
	id, rsvps, err := v.Journal().Read()
	if id != first || !slices.Equal(rsvps, []string{"a", "tor", "b", "c"}) || err != nil {
		t.Errorf("%q (was %q): %q, %v", id, first, rsvps, err)
	}
	if info, err := os.Stat(path + ".erased"); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// A command and a serve write at once.
func TestJournal_ManyWriters(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	if _, err := Create(path, 20_000); err != nil {
		t.Fatal(err)
	}
	var writers sync.WaitGroup
	for range 4 {
		v, err := Open(path, 20_000)
		if err != nil {
			t.Fatal(err)
		}
		if err := v.Journal().Note("begun"); err != nil {
			t.Fatal(err)
		}
		writers.Go(func() {
			for range 50 {
				if err := v.Journal().Note("x"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	_, rsvps, err := (&Journal{path: path + ".erased"}).Read()
	n := 0
	for _, r := range rsvps {
		if r == "x" {
			n++
		}
	}
	if err != nil || n != 200 || len(rsvps) != 204 {
		t.Errorf("%d of 200 whole lines in %d: %v", n, len(rsvps), err)
	}
}

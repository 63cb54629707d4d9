package sqlite

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"samling/models"
)

func district(id string) models.District {
	return models.District{Document: models.Document{ID: id}, Name: id}
}

func TestBackup_BesideARunningServe(t *testing.T) {
	s, path := fresh(t, Options{Exclusive: true})
	file := filepath.Join(t.TempDir(), "backup.db")
	if err := s.Districts.Create(t.Context(), district("before")); err != nil {
		t.Fatal(err)
	}
	if err := Backup(t.Context(), path, file); err != nil {
		t.Fatal(err)
	}
	if err := s.Districts.Create(t.Context(), district("after")); err != nil {
		t.Fatal(err)
	}
	if err := Backup(t.Context(), path, file); !errors.Is(err, fs.ErrExist) {
		t.Errorf("error = %v, want fs.ErrExist", err)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	restored := filepath.Join(t.TempDir(), "new", "samling.db")
	if err := Restore(t.Context(), file, restored); err != nil {
		t.Fatal(err)
	}
	r := reopened(t, restored, Options{Exclusive: true})
	if _, err := r.Districts.Get(t.Context(), "before"); err != nil {
		t.Error(err)
	}
	if _, err := r.Districts.Get(t.Context(), "after"); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("error = %v, want ErrNotFound", err)
	}
	if left, _ := filepath.Glob(filepath.Dir(file) + "/*"); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

func TestBackup_NothingThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "samling.db")
	if err := Backup(t.Context(), path, path+".backup"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error = %v, want fs.ErrNotExist", err)
	}
	if files, _ := filepath.Glob(path + "*"); len(files) != 0 {
		t.Errorf("made %v", files)
	}
}

func TestRestore_KeepsWhatItReplaces(t *testing.T) {
	path := older(t) // with the district norr
	file := path + ".backup"
	if err := Backup(t.Context(), path, file); err != nil {
		t.Fatal(err)
	}
	for n, id := range []string{"first", "second"} {
		s := reopened(t, path, Options{})
		if err := s.Districts.Create(t.Context(), district(id)); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := Restore(t.Context(), file, path); err != nil {
			t.Fatal(err)
		}
		kept := path + ".replaced-" + string(rune('1'+n))
		if got := value(t, reopen(t, kept), "SELECT group_concat(id) FROM districts"); got != id+",norr" && got != "norr,"+id {
			t.Errorf("%s has %s", kept, got)
		}
		if got := value(t, reopen(t, path), "SELECT group_concat(id) FROM districts"); got != "norr" {
			t.Errorf("restored: %s", got)
		}
	}
}

func TestRestore_Refuses(t *testing.T) {
	good := older(t)
	damaged := good + ".damaged"
	content, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	half := bytes.Clone(content)
	for i := len(half) / 2; i < len(half)/2+8192 && i < len(half); i++ {
		half[i] = 0xa5
	}
	files := map[string][]byte{damaged: half, good + ".cut": content[:len(content)/2], good + ".text": []byte(strings.Repeat("text ", 500)), good + ".empty": nil}
	for name, content := range files {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	newer := good + ".newer"
	if err := Backup(t.Context(), good, newer); err != nil {
		t.Fatal(err)
	}
	if _, err := reopen(t, newer).Exec("PRAGMA user_version = 999"); err != nil {
		t.Fatal(err)
	}
	s, path := fresh(t, Options{})
	if err := s.Districts.Create(t.Context(), district("stays")); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, file string
		want       error // nil: any
	}{
		{"missing", good + ".missing", fs.ErrNotExist},
		{"a folder", filepath.Dir(good), ErrForeign},
		{"a text", good + ".text", ErrForeign},
		{"empty", good + ".empty", ErrForeign},
		{"damaged", damaged, nil},
		{"cut", good + ".cut", nil},
		{"newer", newer, ErrNewer},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := Restore(t.Context(), c.file, path)
			if err == nil || c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("error = %v, want %v", err, c.want)
			}
			if got := value(t, reopen(t, path), "SELECT group_concat(id) FROM districts"); got != "stays" {
				t.Errorf("the database has %q", got)
			}
		})
	}
	if files, _ := filepath.Glob(path + ".*"); len(files) != 0 {
		t.Errorf("left behind: %v", files)
	}
}

func TestRestore_WhileInUse(t *testing.T) {
	good := older(t)
	file := good + ".backup"
	if err := Backup(t.Context(), good, file); err != nil {
		t.Fatal(err)
	}
	for _, exclusive := range []bool{true, false} {
		s, path := fresh(t, Options{Exclusive: exclusive})
		if err := s.Districts.Create(t.Context(), district("stays")); err != nil {
			t.Fatal(err)
		}
		if err := Restore(t.Context(), file, path); !errors.Is(err, ErrInUse) {
			t.Errorf("exclusive %v: error = %v, want ErrInUse", exclusive, err)
		}
		if _, err := s.Districts.Get(t.Context(), "stays"); err != nil {
			t.Error(err)
		}
	}
}

// TestRestore_OverADamagedOne is what a restore is for.
func TestRestore_OverADamagedOne(t *testing.T) {
	good := older(t)
	for name, content := range map[string]string{"a text": strings.Repeat("text ", 500), "zeros": strings.Repeat("\x00", 8192)} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "samling.db")
			for _, suffix := range []string{"", "-wal", "-shm"} {
				if err := os.WriteFile(path+suffix, []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := Restore(t.Context(), good, path); err != nil {
				t.Fatal(err)
			}
			if _, err := reopened(t, path, Options{}).Districts.Get(t.Context(), "norr"); err != nil {
				t.Error(err)
			}
			if kept, err := os.ReadFile(path + ".replaced-1"); err != nil || string(kept) != content {
				t.Errorf("not kept as it was: %v", err)
			}
		})
	}
}

// TestRestore_TheOldWALStaysWithTheOld: beside the restored database it would be
// read as part of it.
func TestRestore_TheOldWALStaysWithTheOld(t *testing.T) {
	good := older(t)
	s, live := fresh(t, Options{})
	// The first page, which is damaged below, must not stand in the WAL too.
	if _, err := under(s).write.Exec("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		t.Fatal(err)
	}
	if err := s.Districts.Create(t.Context(), district("in the WAL")); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "samling.db")
	for _, suffix := range []string{"", "-wal"} { // as after a crash, and then damaged
		content, err := os.ReadFile(live + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if suffix == "" {
			content = append([]byte("damaged database"), content[min(16, len(content)):]...)
		}
		if err := os.WriteFile(path+suffix, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := Restore(t.Context(), good, path); err != nil {
		t.Fatal(err)
	}
	if got := value(t, reopen(t, path), "SELECT group_concat(id) FROM districts"); got != "norr" {
		t.Errorf("restored: %s", got)
	}
	if got := value(t, reopen(t, path), "PRAGMA integrity_check"); got != "ok" {
		t.Error(got)
	}
}

// TestRestore_NoWALIsLeft is for a WAL that SQLite did not fold in.
func TestRestore_NoWALIsLeft(t *testing.T) {
	path := filepath.Join(t.TempDir(), "samling.db")
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.WriteFile(path+suffix, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := keepReplaced(path); err != nil {
		t.Fatal(err)
	}
	got, _ := filepath.Glob(path + "*")
	for i := range got {
		got[i] = strings.TrimPrefix(got[i], path)
	}
	if want := []string{"", ".replaced-1", ".replaced-1-wal"}; !slices.Equal(got, want) {
		t.Errorf("files %q, want %q", got, want)
	}
}

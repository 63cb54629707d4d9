package store_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"samling/models"
	"samling/store"
)

func TestOpen_Addresses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "samling.db")
	for _, c := range []struct {
		name, url string
		says      string // empty: it opens
	}{
		{"sqlite", "sqlite:" + path, ""},
		{"no path", "sqlite:", "sqlite:PATH"},
		{"a bare path", path, "sqlite:PATH"},
		{"another scheme", "postgres://user:secret@localhost", "sqlite:PATH"},
		{"nothing", "", "sqlite:PATH"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := store.Open(t.Context(), c.url, store.Options{})
			if c.says == "" {
				if err != nil {
					t.Fatal(err)
				}
				if err := errors.Join(s.Ping(t.Context()), s.Close()); err != nil {
					t.Error(err)
				}
				return
			}
			if !errors.Is(err, store.ErrAddress) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error = %v, want ErrAddress saying %q", err, c.says)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the error tells the password: %v", err)
			}
			is := func(err error) bool { return errors.Is(err, store.ErrAddress) }
			file := filepath.Join(t.TempDir(), "backup")
			if !is(store.Backup(t.Context(), c.url, file)) || !is(store.Restore(t.Context(), file, c.url)) {
				t.Error("Backup or Restore takes the address")
			}
		})
	}
}

// TestOpen_MongoDB: the address is handed on, and neither it nor its password is
// told.
func TestOpen_MongoDB(t *testing.T) {
	for _, url := range []string{"mongodb://user:sec/ret@localhost/samling", "mongodb+srv://user:sec/ret@localhost/samling"} {
		_, err := store.Open(t.Context(), url, store.Options{Exclusive: true})
		if !errors.Is(err, store.ErrMongoAddress) || strings.Contains(err.Error(), "ret@") {
			t.Errorf("error = %v", err)
		}
		file := filepath.Join(t.TempDir(), "backup")
		for _, err := range []error{store.Backup(t.Context(), url, file), store.Restore(t.Context(), file, url)} {
			if !errors.Is(err, store.ErrOwnTools) {
				t.Errorf("error = %v, want ErrOwnTools", err)
			}
		}
	}
}

// TestBackup_RoundTrip by addresses, as the commands do it.
func TestBackup_RoundTrip(t *testing.T) {
	folder := t.TempDir()
	url, file := "sqlite:"+filepath.Join(folder, "samling.db"), filepath.Join(folder, "backup")
	open := func(opts store.Options) *models.Store {
		s, err := store.Open(t.Context(), url, opts)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := open(store.Options{Exclusive: true})
	if err := s.Groups.Create(t.Context(), models.Group{Document: models.Document{ID: "g"}, Name: "before"}); err != nil {
		t.Fatal(err)
	}
	if err := store.Backup(t.Context(), url, file); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Groups.Update(t.Context(), "g", func(g *models.Group) error { g.Name = "after"; return nil }); err != nil {
		t.Fatal(err)
	}
	if err := store.Restore(t.Context(), file, url); !errors.Is(err, store.ErrInUse) {
		t.Errorf("error = %v, want ErrInUse", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := store.Restore(t.Context(), file, url); err != nil {
		t.Fatal(err)
	}
	s = open(store.Options{})
	g, err := s.Groups.Get(t.Context(), "g")
	if err != nil || g.Name != "before" {
		t.Errorf("group %v, %v", g, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

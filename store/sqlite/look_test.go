package sqlite

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"samling/models"
)

// A look is possible beside a serve, and changes nothing.
func TestLook_BesideAServe(t *testing.T) {
	serving, path := fresh(t, Options{Exclusive: true})
	kept := models.Group{Document: models.Document{ID: "bostad"}, Name: "Bostad"}
	if err := serving.Groups.Create(t.Context(), kept); err != nil {
		t.Fatal(err)
	}
	looked := reopened(t, path, Options{Look: true})
	if g, err := looked.Groups.Get(t.Context(), "bostad"); err != nil || g.Name != "Bostad" {
		t.Errorf("sees %+v, %v", g, err)
	}
	if err := looked.Groups.Create(t.Context(), models.Group{Document: models.Document{ID: "skola"}}); err == nil {
		t.Error("it can write")
	}
}

func TestLook_Refuses(t *testing.T) {
	for name, c := range map[string]struct {
		change string
		want   error
	}{
		"an older one":      {"PRAGMA user_version = -1", ErrOlder},
		"a newer one":       {"PRAGMA user_version = 99", ErrNewer},
		"without an index":  {"DROP INDEX reads_by_at", ErrIncomplete},
		"without a table":   {"DROP TABLE follows", ErrIncomplete},
		"another program's": {"PRAGMA application_id = 7", ErrForeign},
	} {
		t.Run(name, func(t *testing.T) {
			s, path := fresh(t, Options{})
			if _, err := under(s).write.Exec(c.change); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(t.Context(), path, Options{Look: true}); !errors.Is(err, c.want) {
				t.Errorf("error = %v, want %v", err, c.want)
			}
		})
	}
	path := filepath.Join(t.TempDir(), "none.db")
	if _, err := Open(t.Context(), path, Options{Look: true}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error = %v for no file", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("the look made a file")
	}
	if err := ready(path); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path, Options{Look: true}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error = %v for an empty file", err)
	}
}

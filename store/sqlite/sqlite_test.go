package sqlite

import (
	"path/filepath"
	"testing"

	"samling/models"
	"samling/store/storetest"
)

// fresh opens a store in a folder of its own.
func fresh(t testing.TB, opts Options) (*models.Store, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "samling.db")
	return reopened(t, path, opts), path
}

func reopened(t testing.TB, path string, opts Options) *models.Store {
	t.Helper()
	s, err := Open(t.Context(), path, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) *models.Store {
		s, _ := fresh(t, Options{})
		return s
	})
}

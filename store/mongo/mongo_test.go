package mongo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"samling/models"
	"samling/store/storetest"
)

// server is the address of a real server without a database; .ci/mongodb starts
// one. Without it nothing is tested here, and says so.
func server(t testing.TB) string {
	t.Helper()
	address := os.Getenv("SAMLING_TEST_MONGODB")
	if address == "" {
		t.Skip("SAMLING_TEST_MONGODB names no server; .ci/mongodb starts one")
	}
	return address
}

// own is the address of a database of the test's own, on the server itself or on
// what stands before it.
func own(t testing.TB, address string) string {
	t.Helper()
	address, query, _ := strings.Cut(address, "?")
	url := fmt.Sprintf("%s/samling_test_%016x", strings.TrimSuffix(address, "/"), rand.Uint64())
	if query != "" {
		url += "?" + query
	}
	return url
}

func reopened(t testing.TB, url string) *models.Store {
	t.Helper()
	s, err := Open(t.Context(), url)
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

// dropped drops the test's database when the test is over.
func dropped(t testing.TB, url string) {
	t.Helper()
	t.Cleanup(func() {
		s, err := Open(context.Background(), url)
		if err != nil {
			t.Error(err)
			return
		}
		if err := under(s).db.Drop(context.Background()); err != nil {
			t.Error(err)
		}
		_ = s.Close()
	})
}

func fresh(t testing.TB) (*models.Store, string) {
	t.Helper()
	url := own(t, server(t))
	dropped(t, url)
	return reopened(t, url), url
}

func under(s *models.Store) *backend { return s.Backend.(*backend) }

func TestStore(t *testing.T) {
	server(t)
	storetest.Run(t, func(t *testing.T) *models.Store {
		s, _ := fresh(t)
		return s
	})
}

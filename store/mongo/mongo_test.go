package mongo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

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

// own is the address of a new database of the test's own.
func own(address string) string {
	return named(address, fmt.Sprintf("samling_test_%016x", rand.Uint64()))
}

// named is the address of a database on a server.
func named(address, database string) string {
	address, query, _ := strings.Cut(address, "?")
	url := strings.TrimSuffix(address, "/") + "/" + database
	if query != "" {
		url += "?" + query
	}
	return url
}

func reopened(t testing.TB, url string) *models.Store {
	t.Helper()
	s, err := Open(t.Context(), url, Options{})
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

// dropped drops the test's database when the test is over, whatever became of it.
func dropped(t testing.TB, url string) {
	t.Helper()
	t.Cleanup(func() {
		client, err := mongo.Connect(options.Client().ApplyURI(url))
		if err == nil {
			err = errors.Join(client.Database(databaseOf(url)).Drop(context.Background()), client.Disconnect(context.Background()))
		}
		if err != nil {
			t.Error(err)
		}
	})
}

func fresh(t testing.TB) (*models.Store, string) {
	t.Helper()
	url := own(server(t))
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

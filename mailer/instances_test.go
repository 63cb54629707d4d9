package mailer

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// newDatabase is the address of a database on the server that
// SAMLING_TEST_MONGODB names; .ci/mongodb starts one. It is dropped when the test
// is over.
func newDatabase(t *testing.T) string {
	t.Helper()
	server := os.Getenv("SAMLING_TEST_MONGODB")
	if server == "" {
		t.Skip("SAMLING_TEST_MONGODB names no server; .ci/mongodb starts one")
	}
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = fmt.Sprintf("/samling_test_%016x", rand.Uint64())
	t.Cleanup(func() {
		client, err := mongo.Connect(options.Client().ApplyURI(u.String()))
		if err == nil {
			err = errors.Join(client.Database(u.Path[1:]).Drop(context.Background()), client.Disconnect(context.Background()))
		}
		if err != nil {
			t.Error(err)
		}
	})
	return u.String()
}

func TestOutbox_TwoInstancesSendEachMailOnce(t *testing.T) {
	for name, address := range map[string]func(t *testing.T) string{
		"SQLite":  func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "x.db") },
		"MongoDB": newDatabase,
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorldIn(t, address(t))
			defer func() { w.must(w.store.Close()) }()
			ids := w.mails(500)
			s := &script{}
			stopA, stopB := run(t, w.outbox("a", s)), run(t, w.outbox("b", s))
			eventually(t, func() bool { _, n := s.count(); return n >= len(ids) })
			stopA()
			stopB()
			for to, n := range s.to {
				if n != 1 {
					t.Errorf("%s got %d mails", to, n)
				}
			}
			if tries, n := s.count(); tries != 500 || n != 500 {
				t.Errorf("%d tries, %d accepted, want 500 of each", tries, n)
			}
			w.sums(ids, 500, 0)
		})
	}
}

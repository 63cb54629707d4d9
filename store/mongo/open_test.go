package mongo

import (
	"errors"
	"net"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"samling/models"
	"samling/store/shape"
)

func TestOpen_Sentences(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	hello := func(newest int) bson.M {
		return bson.M{"ok": 1, "ismaster": true, "isWritablePrimary": true, "minWireVersion": 0, "maxWireVersion": newest,
			"maxBsonObjectSize": 16 << 20, "maxMessageSizeBytes": 48 << 20, "maxWriteBatchSize": 1000}
	}
	refusing := bson.M{"ok": 0, "code": 18, "codeName": "AuthenticationFailed", "errmsg": "Authentication failed."}
	old := fake(t, map[string]bson.M{"isMaster": hello(6), "hello": hello(6)})
	strict := fake(t, map[string]bson.M{"isMaster": hello(21), "hello": hello(21), "saslStart": refusing})
	for _, c := range []struct{ name, url, says string }{
		{"nobody there", "mongodb://user:secret@" + closed.Addr().String() + "/samling", "can be reached"},
		{"too old", "mongodb://" + old + "/samling", "too old"},
		{"wrong password", "mongodb://user:secret@" + strict + "/samling", "refuses the user or the password"},
		{"an option of no meaning", "mongodb://user:secret@localhost/samling?w=-1", "cannot be read"},
		{"a special character", "mongodb://user:sec/ret@localhost/samling", "cannot be read"},
		{"no host", "mongodb:///samling", "cannot be read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			url := c.url
			if !strings.Contains(url, "?") {
				url += "?serverSelectionTimeoutMS=500"
			}
			_, err := Open(t.Context(), url)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Fatalf("error = %v, want one saying %q", err, c.says)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the error tells the password: %v", err)
			}
		})
	}
}

func TestDatabaseOf(t *testing.T) {
	for address, want := range map[string]string{
		"mongodb://localhost":                      "samling",
		"mongodb://localhost/?x=/y":                "samling",
		"mongodb://a:1,b:2/moten":                  "moten",
		"mongodb+srv://u:p%40@host/moten?tls=true": "moten",
	} {
		if got := databaseOf(address); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}

func TestOpen_NewerIsRefused(t *testing.T) {
	s, url := fresh(t)
	if _, err := under(s).about().UpdateByID(t.Context(), schemaID, bson.M{"$set": bson.M{"version": models.SchemaVersion + 1}}); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), url); !errors.Is(err, shape.ErrNewer) || !strings.Contains(err.Error(), "newer program") {
		t.Errorf("error = %v, want ErrNewer saying what to do", err)
	}
}

func TestOpen_ForeignIsRefused(t *testing.T) {
	s, url := fresh(t)
	if err := under(s).db.Drop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := under(s).db.Collection("cats").InsertOne(t.Context(), bson.M{"name": "Misse"}); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), url); !errors.Is(err, shape.ErrForeign) {
		t.Errorf("error = %v, want ErrForeign", err)
	}
}

func TestOpen_IndexOfAnotherShape(t *testing.T) {
	s, url := fresh(t)
	mails := under(s).db.Collection("mails").Indexes()
	if err := mails.DropOne(t.Context(), "status"); err != nil {
		t.Fatal(err)
	}
	wrong := mongo.IndexModel{Keys: bson.D{{Key: "status_2", Value: 1}}, Options: options.Index().SetName("status")}
	if _, err := mails.CreateOne(t.Context(), wrong); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), url); err == nil || !strings.Contains(err.Error(), "index status of mails") {
		t.Errorf("error = %v, want one naming the index", err)
	}
	if err := mails.DropOne(t.Context(), "status"); err != nil {
		t.Fatal(err)
	}
	reopened(t, url)
}

// TestOpen_ByManyAtOnce makes one new database from many sides.
func TestOpen_ByManyAtOnce(t *testing.T) {
	url := own(server(t))
	dropped(t, url)
	opened := make(chan error)
	for range 4 {
		go func() {
			s, err := Open(t.Context(), url)
			if err == nil {
				err = errors.Join(s.Ping(t.Context()), s.Close())
			}
			opened <- err
		}()
	}
	for range 4 {
		if err := <-opened; err != nil {
			t.Error(err)
		}
	}
}

package mongo

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http/httptest"
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
	certified := encrypted(t)
	for _, c := range []struct {
		name, url string
		want      error
	}{
		{"nobody there", "mongodb://user:secret@" + closed.Addr().String() + "/samling", ErrUnreachable},
		{"no such host", "mongodb://user:secret@nowhere.invalid/samling", ErrUnreachable},
		{"no such host, by srv", "mongodb+srv://user:secret@nowhere.example.invalid/samling", ErrUnreachable},
		{"too old", "mongodb://" + old + "/samling", ErrTooOld},
		{"wrong password", "mongodb://user:secret@" + strict + "/samling", ErrRefused},
		{"TLS where none is spoken", "mongodb://user:secret@" + strict + "/samling?tls=true", ErrUnreachable},
		{"a certificate of nobody's", "mongodb://user:secret@" + certified + "/samling?tls=true", ErrTLS},
		{"no TLS where there is", "mongodb://user:secret@" + certified + "/samling", ErrUnreachable},
		{"an option of no meaning", "mongodb://user:secret@localhost/samling?w=-1", ErrAddress},
		{"a special character", "mongodb://user:sec/ret@localhost/samling", ErrAddress},
		{"no host", "mongodb:///samling", ErrAddress},
		{"no database", "mongodb://user:secret@localhost", ErrNoDatabase},
		{"no certificates", "mongodb://user:secret@localhost/samling?tls=true&tlsCAFile=/nowhere/secret", fs.ErrNotExist},
	} {
		t.Run(c.name, func(t *testing.T) {
			mark := "?"
			if strings.Contains(c.url, "?") {
				mark = "&"
			}
			_, err := Open(t.Context(), c.url+mark+"serverSelectionTimeoutMS=500", Options{})
			if !errors.Is(err, c.want) {
				t.Fatalf("error = %v, want %v", err, c.want)
			}
			if strings.Contains(strings.ReplaceAll(err.Error(), "/nowhere/secret", ""), "secret") {
				t.Errorf("the error tells the password: %v", err)
			}
		})
	}
}

// TestCheck asks nobody: what is well written is right.
func TestCheck(t *testing.T) {
	for address, want := range map[string]error{
		"mongodb://a:1,b:2/moten?replicaSet=rs":      nil,
		"mongodb+srv://u:p%40@nowhere.invalid/moten": nil,
		"mongodb+srv://nowhere.invalid":              ErrNoDatabase,
		"mongodb://localhost/?authSource=admin":      ErrNoDatabase,
		"mongodb://u:a@b@localhost/moten":            ErrAddress,
	} {
		if err := Check(address); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", address, err, want)
		}
	}
}

func TestDatabaseOf(t *testing.T) {
	for address, want := range map[string]string{
		"mongodb://localhost":                      "",
		"mongodb://localhost/?x=/y":                "",
		"mongodb://a:1,b:2/moten":                  "moten",
		"mongodb+srv://u:p%40@host/moten?tls=true": "moten",
	} {
		if got := databaseOf(address); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}

func TestOpen_ExistingIsNotMade(t *testing.T) {
	url := own(server(t))
	dropped(t, url)
	if _, err := Open(t.Context(), url, Options{Existing: true}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error = %v, want fs.ErrNotExist", err)
	}
	s := reopened(t, url)
	if names, err := under(s).db.ListCollectionNames(t.Context(), bson.M{}); err != nil || len(names) == 0 {
		t.Errorf("collections %v, %v", names, err)
	}
	again, err := Open(t.Context(), url, Options{Existing: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

// TestOpen_Lifts an older database: each step once, and after one that failed
// the rest of them.
func TestOpen_Lifts(t *testing.T) {
	s, url := fresh(t)
	want := schema{version: models.SchemaVersion + 2, migrations: make([]func(context.Context, *mongo.Database) error, models.SchemaVersion+1)}
	var steps []string
	broken := errors.New("broken off")
	first := func(context.Context, *mongo.Database) error { steps = append(steps, "first"); return nil }
	second := func(context.Context, *mongo.Database) error { steps = append(steps, "second"); return broken }
	want.migrations[models.SchemaVersion-1], want.migrations[models.SchemaVersion] = first, second
	if _, err := open(t.Context(), url, Options{}, want); !errors.Is(err, broken) {
		t.Errorf("error = %v, want that of the step", err)
	}
	broken = nil
	lifted, err := open(t.Context(), url, Options{}, want)
	if err != nil {
		t.Fatal(err)
	}
	if err := lifted.Close(); err != nil {
		t.Error(err)
	}
	if got := strings.Join(steps, " "); got != "first second second" {
		t.Errorf("steps %s", got)
	}
	if is, err := under(s).owner(t.Context()); err != nil || is.Version != want.version {
		t.Errorf("version %d, %v", is.Version, err)
	}
}

func TestOpen_NewerIsRefused(t *testing.T) {
	s, url := fresh(t)
	if _, err := under(s).about().UpdateByID(t.Context(), schemaID, bson.M{"$set": bson.M{"version": models.SchemaVersion + 1}}); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), url, Options{}); !errors.Is(err, shape.ErrNewer) || !strings.Contains(err.Error(), "newer program") {
		t.Errorf("error = %v, want ErrNewer saying what to do", err)
	}
}

// A look changes nothing, not even an index that is missing.
func TestOpen_Look(t *testing.T) {
	s, url := fresh(t)
	look := func(want error) {
		t.Helper()
		looked, err := Open(t.Context(), url, Options{Look: true})
		if !errors.Is(err, want) {
			t.Errorf("error = %v, want %v", err, want)
		}
		if err == nil {
			err = looked.Close()
		}
		if want == nil && err != nil {
			t.Error(err)
		}
	}
	look(nil)
	if err := under(s).db.Collection("reads").Indexes().DropOne(t.Context(), "at"); err != nil {
		t.Fatal(err)
	}
	look(ErrIndex)
	look(ErrIndex)
	if _, err := under(s).about().UpdateByID(t.Context(), schemaID, bson.M{"$set": bson.M{"version": models.SchemaVersion - 1}}); err != nil {
		t.Fatal(err)
	}
	look(shape.ErrOlder)
	if err := under(s).db.Drop(t.Context()); err != nil {
		t.Fatal(err)
	}
	look(fs.ErrNotExist)
}

func TestOpen_ForeignIsRefused(t *testing.T) {
	s, url := fresh(t)
	if err := under(s).db.Drop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := under(s).db.Collection("cats").InsertOne(t.Context(), bson.M{"name": "Misse"}); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), url, Options{}); !errors.Is(err, shape.ErrForeign) {
		t.Errorf("error = %v, want ErrForeign", err)
	}
}

// TestOpen_Indexes that are not as they must be stop the program; without the
// wrong one it makes the right one.
func TestOpen_Indexes(t *testing.T) {
	part := bson.D{{Key: "status_1", Value: 1}, {Key: "status_2", Value: 1}, {Key: "_id", Value: 1}}
	filter := bson.D{{Key: "status_1", Value: bson.D{{Key: "$exists", Value: true}}}}
	for _, c := range []struct {
		name string
		keys bson.D
		opts *options.IndexOptionsBuilder
	}{
		{"of other fields", part[1:], options.Index().SetPartialFilterExpression(filter)},
		{"unique", part, options.Index().SetPartialFilterExpression(filter).SetUnique(true)},
		{"of all documents", part, options.Index()},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, url := fresh(t)
			mails := under(s).db.Collection("mails").Indexes()
			if err := mails.DropOne(t.Context(), "status"); err != nil {
				t.Fatal(err)
			}
			wrong := mongo.IndexModel{Keys: c.keys, Options: c.opts.SetName("status")}
			if _, err := mails.CreateOne(t.Context(), wrong); err != nil {
				t.Fatal(err)
			}
			_, err := Open(t.Context(), url, Options{})
			if !errors.Is(err, ErrIndex) || !strings.Contains(err.Error(), "index status of mails") {
				t.Errorf("error = %v, want ErrIndex naming the index", err)
			}
			if err := mails.DropOne(t.Context(), "status"); err != nil {
				t.Fatal(err)
			}
			reopened(t, url)
		})
	}
}

// TestOpen_IndexThatCannotBeBuilt: two documents have one unique key.
func TestOpen_IndexThatCannotBeBuilt(t *testing.T) {
	s, url := fresh(t)
	organisers := under(s).db.Collection("organisers")
	if err := organisers.Indexes().DropOne(t.Context(), "email"); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"a", "b"} {
		if err := s.Organisers.Create(t.Context(), models.Organiser{Document: models.Document{ID: id}, Email: "same@example.org"}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Open(t.Context(), url, Options{}); !errors.Is(err, ErrIndex) {
		t.Errorf("error = %v, want ErrIndex", err)
	}
}

// TestOpen_ByManyAtOnce makes one new database from many sides.
func TestOpen_ByManyAtOnce(t *testing.T) {
	url := own(server(t))
	dropped(t, url)
	opened := make(chan error)
	for range 4 {
		go func() {
			s, err := Open(t.Context(), url, Options{})
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

// encrypted is a server that speaks TLS, with a certificate that nobody knows.
func encrypted(t *testing.T) string {
	s := httptest.NewUnstartedServer(nil)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

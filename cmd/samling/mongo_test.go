package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// newMongoCity is a city with a database of its own on the server that
// SAMLING_TEST_MONGODB names; .ci/mongodb starts one. It stands behind a door
// that tests can shut.
func newMongoCity(t *testing.T) (*city, *door) {
	t.Helper()
	long(t)
	address := os.Getenv("SAMLING_TEST_MONGODB")
	if address == "" {
		t.Skip("SAMLING_TEST_MONGODB names no server; .ci/mongodb starts one")
	}
	u := newDatabase(t, address)
	d := newDoor(t, u.Host)
	through := *u
	through.Host = d.address
	query := through.Query()
	query.Set("directConnection", "true") // a replica set would name its own hosts
	through.RawQuery = query.Encode()
	c := newCity(t)
	c.environ = append(c.environ, "SAMLING_RATE_LIMIT=off", "SAMLING_STORE="+through.String())
	return c, d
}

// newDatabase is the address of a database on a server, which is dropped when the
// test is over.
func newDatabase(t testing.TB, server string) *url.URL {
	t.Helper()
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
	return u
}

// machine is the city on another machine: with a copy of the key file, and the
// same database and mail server.
func (c *city) machine(t *testing.T) *city {
	t.Helper()
	other := *c
	other.dir = t.TempDir()
	other.environ = slices.Clone(c.environ)
	key, err := os.ReadFile(filepath.Join(c.dir, "data", "samling.key"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(other.dir, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	other.file(t, "data/samling.key", string(key))
	return &other
}

// door is the way to a server. While it is shut, what was on its way is cut off
// and what comes is refused.
type door struct {
	address, to string

	mu       sync.Mutex
	listener net.Listener // nil: shut
	conns    map[net.Conn]bool
}

func newDoor(t *testing.T, to string) *door {
	t.Helper()
	d := &door{address: "127.0.0.1:0", to: to, conns: map[net.Conn]bool{}}
	d.open(t)
	t.Cleanup(d.shut)
	return d
}

func (d *door) open(t *testing.T) {
	t.Helper()
	l, err := net.Listen("tcp", d.address)
	if err != nil {
		t.Fatal(err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.listener, d.address = l, l.Addr().String()
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			go d.lead(in)
		}
	}()
}

func (d *door) shut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.listener != nil {
		_ = d.listener.Close()
	}
	d.listener = nil
	for conn := range d.conns {
		_ = conn.Close()
	}
}

// lead passes bytes on in both directions until one of them ends.
func (d *door) lead(in net.Conn) {
	out, err := net.Dial("tcp", d.to)
	if err != nil {
		_ = in.Close()
		return
	}
	both := func(close bool) {
		d.mu.Lock()
		defer d.mu.Unlock()
		for _, conn := range []net.Conn{in, out} {
			if close || d.listener == nil {
				_ = conn.Close()
				delete(d.conns, conn)
			} else {
				d.conns[conn] = true
			}
		}
	}
	both(false)
	go func() { _, _ = io.Copy(in, out); both(true) }()
	_, _ = io.Copy(out, in)
	both(true)
}

func TestMongo_Round(t *testing.T) {
	t.Parallel()
	c, _ := newMongoCity(t)
	newcomersRound(t, c)
}

// Commands beside a serve on another machine, and what cannot be done.
func TestMongo_Commands(t *testing.T) {
	t.Parallel()
	c, d := newMongoCity(t)
	if s := c.run(t, "sign-in", "kansliet@example.org"); s.code != failed || !strings.Contains(s.err, "finns ingen databas för Samling") {
		t.Errorf("of a database that is not there: %+v", s)
	}
	token := c.founded(t)
	s := c.serve(t, token)
	event := s.event(t, townHall("Rådslag", 10))
	if got, _ := s.signUp(t, event, "person@example.net"); got != "going" {
		t.Fatal(got)
	}
	desk := c.machine(t)
	desk.must(t, "import", "associations", sample(t, "associations.csv"))
	if link := desk.must(t, "sign-in", "kansliet@example.org"); !strings.HasPrefix(link, site+"/sign-in?token=") {
		t.Errorf("a link: %s", link)
	}
	if list := desk.must(t, "attendance", event, "--format", "csv", "--with", "email"); !strings.Contains(list, "person@example.net") {
		t.Errorf("a list: %s", list)
	}
	for _, args := range [][]string{{"backup", "file"}, {"restore", sample(t, "groups.csv")}} {
		if s := desk.run(t, args...); s.code != failed || !strings.Contains(s.err, "mongodump") || !strings.Contains(s.err, "mongorestore") {
			t.Errorf("%v: %+v", args, s)
		}
	}
	if left, _ := os.ReadDir(desk.dir); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}

	stranger := newCity(t)
	stranger.environ = append(stranger.environ, c.environ[len(c.environ)-1])
	if s := stranger.run(t, "serve"); s.code != failed || !strings.Contains(s.err, "data/samling.key är borta") {
		t.Errorf("a machine without the key file: %+v", s)
	}
	d.shut()
	if s := desk.run(t, "serve"); s.code != failed || s.out != "" || !strings.Contains(s.err, "Databasen svarar inte.") {
		t.Errorf("while the database is away: %+v", s)
	}
}

// Package sqlite keeps Samling's documents in one SQLite file: one table for
// each collection, the document as JSON, and a column for each part of an index.
// It is the default store because it needs nothing but the file.
//
// All writes of a process go through one goroutine, which commits whatever
// waits together: a commit costs an fsync, and a hundred writes cost little more
// than one. Reads have connections of their own and never wait for writes.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/gofrs/flock"
	_ "modernc.org/sqlite" // the driver "sqlite"
	codes "modernc.org/sqlite/lib"

	"samling/models"
	"samling/store/shape"
)

// Options say how a store is opened.
type Options = shape.Options

// backend is one open file.
type backend struct {
	path string
	// write has one connection, used by the writer's goroutine alone.
	write, read *sql.DB
	lock        *flock.Flock // nil: not exclusive
	tables      []table

	requests  chan *request
	closing   chan struct{}
	stopped   chan struct{} // the writer's goroutine has ended
	closeOnce sync.Once
	closeErr  error
}

// table is a collection without its type.
type table interface {
	shape.Table
	ddl() []string
	prepare(ctx context.Context) error
}

var _ shape.Whole = (*backend)(nil)

// Open opens the file, makes it and its folder when they are not there, and
// brings it up to this program's schema. The errors are ErrInUse, ErrNewer,
// ErrForeign, those of shape, and what the system says of the file.
func Open(ctx context.Context, path string, opts Options) (*models.Store, error) {
	return open(ctx, path, opts, current())
}

func open(ctx context.Context, path string, opts Options, want schema) (*models.Store, error) {
	if opts.Existing || opts.Look {
		if err := there(path); err != nil {
			return nil, err
		}
	}
	if err := ready(path); err != nil {
		return nil, err
	}
	s := &backend{
		path:     path,
		requests: make(chan *request), // unbuffered: a request is taken or it is not
		closing:  make(chan struct{}),
		stopped:  make(chan struct{}),
	}
	var err error
	if opts.Exclusive {
		if s.lock, err = lock(path); err != nil {
			return nil, err
		}
	}
	store := s.collections()
	start := s.start
	if opts.Look {
		start = s.look
	}
	if err := start(ctx, opts, want); err != nil {
		return nil, errors.Join(err, s.release())
	}
	go s.run()
	return store, nil
}

// collections declares every collection; the tables follow from their specs.
func (s *backend) collections() *models.Store {
	return &models.Store{
		Districts:      newCollection(s, models.DistrictSpec()),
		Associations:   newCollection(s, models.AssociationSpec()),
		Groups:         newCollection(s, models.GroupSpec()),
		Organisers:     newCollection(s, models.OrganiserSpec()),
		Formers:        newCollection(s, models.FormerSpec()),
		SignIns:        newCollection(s, models.SignInSpec()),
		Sessions:       newCollection(s, models.SessionSpec()),
		Tokens:         newCollection(s, models.TokenSpec()),
		Factors:        newCollection(s, models.FactorSpec()),
		Events:         newCollection(s, models.EventSpec()),
		Rosters:        newCollection(s, models.RosterSpec()),
		RSVPs:          newCollection(s, models.RSVPSpec()),
		WalkIns:        newCollection(s, models.WalkInSpec()),
		Doors:          newCollection(s, models.DoorSpec()),
		EventKeys:      newCollection(s, models.EventKeySpec()),
		Limits:         newCollection(s, models.LimitSpec()),
		Follows:        newCollection(s, models.FollowSpec()),
		Mails:          newCollection(s, models.MailSpec()),
		Instances:      newCollection(s, models.InstanceSpec()),
		Photos:         newCollection(s, models.PhotoSpec()),
		Venues:         newCollection(s, models.VenueSpec()),
		Reads:          newCollection(s, models.ReadSpec()),
		Digests:        newCollection(s, models.DigestSpec()),
		Messages:       newCollection(s, models.MessageSpec()),
		Contributions:  newCollection(s, models.ContributionSpec()),
		Changes:        newCollection(s, models.ChangeSpec()),
		ShortAddresses: newCollection(s, models.ShortAddressSpec()),
		Plans:          newCollection(s, models.PlanSpec()),
		Starters:       newCollection(s, models.StarterSpec()),
		Installation:   newCollection(s, models.InstallationSpec()),
		Backend:        s,
	}
}

// start opens the connections, asserts what durability rests on, and brings the
// schema up to date.
func (s *backend) start(ctx context.Context, opts Options, want schema) error {
	var err error
	if s.write, err = connect(s.path, 1, "mode=rw&_txlock=immediate",
		"journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "journal_size_limit(67108864)"); err != nil {
		return err
	}
	if err := patiently(ctx, func() error { return durable(ctx, s.write) }); err != nil {
		return opening(s.path, err)
	}
	if opts.CopyOf != "" {
		err = s.beCopy(ctx, opts.CopyOf, want.version)
	} else {
		err = s.bring(ctx, opts, want)
	}
	if err != nil {
		return opening(s.path, err)
	}
	return s.readers(ctx)
}

// look is start for whoever changes nothing: its writer's connection cannot
// write either.
func (s *backend) look(ctx context.Context, _ Options, want schema) error {
	var err error
	if s.write, err = connect(s.path, 1, "mode=rw", "query_only(1)"); err != nil {
		return err
	}
	if err := s.complete(ctx, want); err != nil {
		return opening(s.path, err)
	}
	return s.readers(ctx)
}

// readers opens what reads, and prepares all statements.
func (s *backend) readers(ctx context.Context) error {
	var err error
	// mmap_size stays off: it kept 450 MB resident and read no faster.
	if s.read, err = connect(s.path, max(4, 2*runtime.NumCPU()), "mode=rw", "query_only(1)"); err != nil {
		return err
	}
	for _, t := range s.tables {
		if err := t.prepare(ctx); err != nil {
			return opening(s.path, err)
		}
	}
	return nil
}

// busyTimeout is how long a connection waits for another process's write, in
// milliseconds.
const busyTimeout = "busy_timeout(10000)"

// connect opens a pool of that many connections. The PRAGMAs stand in the name
// because an Exec would reach one connection of the pool only; busy_timeout is
// first because the others may have to wait.
func connect(path string, connections int, query string, pragmas ...string) (*sql.DB, error) {
	for _, p := range append([]string{busyTimeout}, pragmas...) {
		query += "&_pragma=" + url.QueryEscape(p)
	}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: query}).String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

// patiently tries again for two seconds while another process is opening or
// closing the file: the change to WAL does not wait for busy_timeout as all else
// does.
func patiently(ctx context.Context, try func() error) error {
	const times, apart = 100, 20 * time.Millisecond
	for n := 1; ; n++ {
		err := try()
		if codeOf(err)&0xff != codes.SQLITE_BUSY || n == times {
			return err
		}
		select {
		case <-time.After(apart):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// durable refuses a connection on which a committed write could be lost: some
// file systems cannot do WAL, and SQLite then quietly goes on without.
func durable(ctx context.Context, db *sql.DB) error {
	var mode string
	var synchronous int
	if err := db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return err
	}
	if err := db.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&synchronous); err != nil {
		return err
	}
	if full := 2; mode != "wal" || synchronous != full {
		return fmt.Errorf("its file system cannot keep it safe (journal_mode %s, synchronous %d instead of wal, %d); put it on a local disk",
			mode, synchronous, full)
	}
	return nil
}

// ready makes the file and its folder, readable by their owner alone, and says
// in plain words why it cannot.
func ready(path string) error {
	if path == ":memory:" {
		return errors.New("store: a database in memory would be another one for every connection; name a file")
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return fmt.Errorf("store: %s is a folder; name a file in it, as in %s: %w", path, filepath.Join(path, "samling.db"), ErrForeign)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("store: the folder of %s cannot be made: %w", path, err)
	}
	// SQLite would make it readable by all; -wal and -shm follow the mode of the
	// file itself.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("store: %s cannot be written: %w", path, err)
	}
	return f.Close()
}

// lock takes the lock of a serve. The kernel lets go of it when the process
// dies, however it dies; the file itself stays.
func lock(path string) (*flock.Flock, error) {
	l := flock.New(path + "-lock")
	switch held, err := l.TryLock(); {
	case err != nil:
		return nil, fmt.Errorf("store: the lock file %s cannot be used: %w", l.Path(), err)
	case !held:
		return nil, fmt.Errorf("store: another samling serve has %s (it holds %s); stop it first: %w", path, l.Path(), ErrInUse)
	}
	return l, nil
}

// Tables are all collections; see shape.Whole.
func (s *backend) Tables() []shape.Table {
	var all []shape.Table
	for _, t := range s.tables {
		all = append(all, t)
	}
	return all
}

// Ping reads, and has the writer take and give back the write lock.
func (s *backend) Ping(ctx context.Context) error {
	var version int
	if err := s.read.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return away(ctx, err)
	}
	return s.submit(ctx, nil)
}

// Close waits for the writes in hand; all that comes later is ErrUnavailable.
func (s *backend) Close() error {
	s.closeOnce.Do(func() {
		close(s.closing)
		<-s.stopped
		s.closeErr = s.release()
	})
	return s.closeErr
}

// release gives back what start took, as much as that was. Reads end before the
// last write connection, which then takes the WAL away.
func (s *backend) release() error {
	var errs []error
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Unlock())
	}
	return errors.Join(errs...)
}

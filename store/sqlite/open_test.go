package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"samling/models"
)

// under is the store without its face.
func under(s *models.Store) *backend { return s.Backend.(*backend) }

func value(t *testing.T, db *sql.DB, query string) string {
	t.Helper()
	var v string
	if err := db.QueryRow(query).Scan(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// TestOpen_Durable: SIGKILL leaves the page cache alone and so cannot show that
// fsync is asked for; the settings can.
func TestOpen_Durable(t *testing.T) {
	s, _ := fresh(t, Options{})
	db := under(s).write
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000", "fullfsync": "0",
	} {
		if got := value(t, db, "PRAGMA "+pragma); got != want {
			t.Errorf("%s = %s, want %s", pragma, got, want)
		}
	}
	if got := value(t, under(s).read, "PRAGMA query_only"); got != "1" {
		t.Errorf("readers can write: query_only = %s", got)
	}
	if n := db.Stats().MaxOpenConnections; n != 1 {
		t.Errorf("%d write connections, want 1", n)
	}
}

func TestOpen_RefusesWhatIsNotDurable(t *testing.T) {
	for _, pragma := range []string{"synchronous(NORMAL)", "journal_mode(DELETE)"} {
		t.Run(pragma, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "samling.db")
			if err := ready(path); err != nil {
				t.Fatal(err)
			}
			pragmas := map[string][]string{
				"synchronous(NORMAL)":  {"journal_mode(WAL)", "synchronous(NORMAL)"},
				"journal_mode(DELETE)": {"journal_mode(DELETE)", "synchronous(FULL)"},
			}[pragma]
			db, err := connect(path, 1, "mode=rw", pragmas...)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = db.Close() }()
			if err := durable(t.Context(), db); err == nil {
				t.Error("taken")
			}
		})
	}
}

func TestOpen_Files(t *testing.T) {
	folder := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	foreign := filepath.Join(folder, "foreign.db")
	db, err := sql.Open("sqlite", foreign)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("CREATE TABLE cats (name)"); err != nil {
		t.Fatal(err)
	}
	_ = db.Close()

	for _, c := range []struct {
		name, path string
		want       error // nil: any
		says       string
	}{
		{"a folder", folder, ErrForeign, "is a folder"},
		{"a text", write("text", strings.Repeat("not a database\n", 100)), ErrForeign, "not a SQLite database"},
		{"another program's database", foreign, ErrForeign, "not made by Samling"},
		{"a file as a folder", filepath.Join(foreign, "samling.db"), nil, "folder of"},
		{"in memory", ":memory:", nil, "name a file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Open(t.Context(), c.path, Options{Exclusive: true})
			if err == nil || c.want != nil && !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error = %v, want %v saying %q", err, c.want, c.says)
			}
		})
	}
	if value(t, reopen(t, foreign), "SELECT count(*) FROM cats") != "0" {
		t.Error("the other program's database was changed")
	}
}

// TestOpen_UnwritableFolder needs a user whom permissions bind.
func TestOpen_UnwritableFolder(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write anywhere")
	}
	folder := t.TempDir()
	if err := os.Chmod(folder, 0o500); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), filepath.Join(folder, "samling.db"), Options{})
	if !errors.Is(err, os.ErrPermission) {
		t.Errorf("error = %v, want one of permission", err)
	}
}

func TestOpen_Private(t *testing.T) {
	s, path := fresh(t, Options{Exclusive: true})
	if err := s.Rosters.Create(t.Context(), models.Roster{Document: models.Document{ID: "r"}}); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) < 4 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others: %v", filepath.Base(file), info.Mode())
		}
	}
}

func TestOpen_OddNames(t *testing.T) {
	for _, name := range []string{"med mellanslag.db", "50%?mode=ro&x=#y.db", "å/ä/ö.db"} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), name)
			s := reopened(t, path, Options{})
			if err := s.Ping(t.Context()); err != nil {
				t.Error(err)
			}
			if info, err := os.Stat(path); err != nil || info.Size() == 0 {
				t.Errorf("the database is somewhere else: %v", err)
			}
		})
	}
}

func TestOpen_Exclusive(t *testing.T) {
	s, path := fresh(t, Options{Exclusive: true})
	_, err := Open(t.Context(), path, Options{Exclusive: true})
	if !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), path) {
		t.Errorf("error = %v, want ErrInUse naming the file", err)
	}
	beside := reopened(t, path, Options{}) // a command
	if err := beside.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	reopened(t, path, Options{Exclusive: true})
}

// reopen looks at a file from outside.
func reopen(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := connect(path, 1, "mode=rw")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestSchema_NewerIsRefused(t *testing.T) {
	s, path := fresh(t, Options{})
	if _, err := under(s).write.Exec("PRAGMA user_version = 999"); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), path, Options{})
	if !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), "newer program") {
		t.Errorf("error = %v, want ErrNewer saying what to do", err)
	}
}

// older makes a database of this schema with one district.
func older(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "samling.db")
	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Districts.Create(t.Context(), models.District{Document: models.Document{ID: "norr"}, Name: "Norr"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// next is a schema that gives every district another name.
func next(fail error) schema {
	return schema{version: models.SchemaVersion + 1, migrations: append(current().migrations, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE districts SET data = json_set(data, '$.name', 'Nytt namn')`)
		return errors.Join(err, fail)
	})}
}

func TestSchema_OlderIsMigratedAfterABackup(t *testing.T) {
	path := older(t)
	now := func() time.Time { return time.Date(2026, 5, 1, 23, 30, 0, 0, time.UTC) }
	s, err := open(t.Context(), path, Options{Now: now}, next(nil))
	if err != nil {
		t.Fatal(err)
	}
	d, err := s.Districts.Get(t.Context(), "norr")
	if err != nil || d.Name != "Nytt namn" {
		t.Errorf("district %v, %v", d, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	kept := path + ".schema-1.2026-05-01-1"
	if err := Restore(t.Context(), kept, path+".old"); err != nil {
		t.Fatal(err)
	}
	d, err = reopened(t, path+".old", Options{}).Districts.Get(t.Context(), "norr")
	if err != nil || d.Name != "Norr" {
		t.Errorf("the backup has district %v, %v", d, err)
	}
	if s, err = open(t.Context(), path, Options{}, next(errors.New("must not run again"))); err != nil {
		t.Fatal(err)
	}
	_ = s.Close()
}

// A collection that an older program of the same version did not know is there
// after opening, and opening once more writes nothing.
func TestSchema_NewCollection(t *testing.T) {
	path := older(t)
	outside := reopen(t, path)
	if _, err := outside.Exec("DROP TABLE groups"); err != nil {
		t.Fatal(err)
	}
	s := reopened(t, path, Options{})
	if err := s.Groups.Create(t.Context(), models.Group{Document: models.Document{ID: "skola"}}); err != nil {
		t.Error(err)
	}
	var before, after int
	_ = outside.QueryRow("PRAGMA data_version").Scan(&before)
	reopened(t, path, Options{})
	if err := outside.QueryRow("PRAGMA data_version").Scan(&after); err != nil || before != after {
		t.Errorf("opening it again wrote: data version %d, then %d; %v", before, after, err)
	}
}

func TestSchema_FailedMigrationChangesNothing(t *testing.T) {
	path := older(t)
	fault := errors.New("a fault")
	if _, err := open(t.Context(), path, Options{}, next(fault)); !errors.Is(err, fault) {
		t.Errorf("error = %v, want %v", err, fault)
	}
	d, err := reopened(t, path, Options{}).Districts.Get(t.Context(), "norr")
	if err != nil || d.Name != "Norr" {
		t.Errorf("district %v, %v", d, err)
	}
}

func TestSchema_NotMigratedUnderAServe(t *testing.T) {
	path := older(t)
	reopened(t, path, Options{Exclusive: true})
	if _, err := open(t.Context(), path, Options{}, next(nil)); !errors.Is(err, ErrInUse) {
		t.Errorf("error = %v, want ErrInUse", err)
	}
}

// TestSchema_EveryVersionHasItsMigration fails when the version was raised and
// the way to it forgotten.
func TestSchema_EveryVersionHasItsMigration(t *testing.T) {
	if c := current(); len(c.migrations) != c.version-1 {
		t.Errorf("%d migrations to schema %d", len(c.migrations), c.version)
	}
}

// TestSchema_OpenedByManyAtOnce makes one new file from many sides.
func TestSchema_OpenedByManyAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "samling.db")
	opened := make(chan error)
	for range 8 {
		go func() {
			s, err := Open(context.Background(), path, Options{})
			if err == nil {
				err = errors.Join(s.Ping(context.Background()), s.Close())
			}
			opened <- err
		}()
	}
	for range 8 {
		if err := <-opened; err != nil {
			t.Error(err)
		}
	}
}

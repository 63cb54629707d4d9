package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	codes "modernc.org/sqlite/lib"

	"samling/models"
	"samling/store/shape"
)

// What the header says of the file: "SAML" that it is Samling's own, "SAMC" that
// it will be when its copying is finished.
const (
	applicationID = 0x53414d4c
	copyID        = 0x53414d43
)

// schema is a version and the way to it.
type schema struct {
	version int
	// migrations[v-1] lifts version v to v+1. They are only ever appended to.
	// Collections that are new need none, nor a new version.
	migrations []func(context.Context, *sql.Tx) error
}

func current() schema {
	return schema{version: models.SchemaVersion}
}

// bring makes the tables of a new file and migrates an older one, after a backup
// beside it. Tables that an older program of the same version did not know are
// added without more ado: they are in nobody's way.
func (s *backend) bring(ctx context.Context, opts Options, want schema) error {
	have, err := s.version(ctx)
	switch {
	case err != nil:
		return err
	case have > want.version:
		return newer(have, want.version)
	case have == 0 && opts.Existing:
		return fmt.Errorf("it is empty: %w", fs.ErrNotExist)
	case have > 0 && have < want.version:
		// Nobody may serve the old shape while it changes.
		if s.lock == nil {
			l, err := lock(s.path)
			if err != nil {
				return err
			}
			defer func() { _ = l.Unlock() }()
		}
		if err := s.keepOld(ctx, opts, have); err != nil {
			return err
		}
	}
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	// Read again under the write lock: another command may have been faster.
	if have, err = userVersion(ctx, tx); err != nil {
		return err
	}
	for v := max(have, 1); v < want.version && have > 0; v++ {
		if err := want.migrations[v-1](ctx, tx); err != nil {
			return fmt.Errorf("migrating schema %d to %d: %w", v, v+1, err)
		}
	}
	if err := s.declare(ctx, tx, have, want.version); err != nil {
		return err
	}
	return tx.Commit()
}

// complete returns how the file differs from what bring would make of it. DDL
// that finds everything writes nothing, so a connection that cannot write tells.
func (s *backend) complete(ctx context.Context, want schema) error {
	have, err := s.version(ctx)
	switch {
	case err != nil:
		return err
	case have == 0:
		return fmt.Errorf("it is empty: %w", fs.ErrNotExist)
	case have > want.version:
		return newer(have, want.version)
	case have < want.version:
		return fmt.Errorf("schema %d, this program makes it %d: %w", have, want.version, shape.ErrOlder)
	}
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	err = s.declare(ctx, tx, have, have)
	if codeOf(err)&0xff == codes.SQLITE_READONLY {
		return fmt.Errorf("%w (%w)", shape.ErrIncomplete, err)
	}
	return err
}

func newer(have, known int) error {
	return fmt.Errorf("a newer Samling wrote it (schema %d, this program knows %d); use the newer program, or restore a backup from before: %w",
		have, known, ErrNewer)
}

// version is the schema of the file; 0 for an empty one. A database of another
// program is refused.
func (s *backend) version(ctx context.Context) (int, error) {
	if err := ours(ctx, s.write, true); err != nil {
		return 0, err
	}
	return userVersion(ctx, s.write)
}

// querier is what sql.DB and sql.Tx share.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func userVersion(ctx context.Context, q querier) (version int, err error) {
	err = q.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version)
	return version, err
}

// ours returns ErrForeign for a database that Samling did not make.
func ours(ctx context.Context, q querier, emptyToo bool) error {
	var application, tables int
	// The tables first: another command may be making the file just now, and both
	// come with one commit. The other way round its tables could be seen without
	// its name.
	if err := q.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
		return err
	}
	if err := q.QueryRowContext(ctx, "PRAGMA application_id").Scan(&application); err != nil {
		return err
	}
	switch {
	case application == applicationID || emptyToo && application == 0 && tables == 0:
		return nil
	case application == copyID:
		return fmt.Errorf("it is a copy that is not finished; go on with samling migrate, or name another file: %w", shape.ErrUnfinished)
	}
	return fmt.Errorf("it was not made by Samling; name another file: %w", ErrForeign)
}

// declare runs the DDL that follows from the specs. Where nothing is new it
// writes nothing.
func (s *backend) declare(ctx context.Context, tx *sql.Tx, have, want int) error {
	var statements []string
	if have != want {
		statements = append(statements, fmt.Sprintf("PRAGMA application_id = %d", applicationID), fmt.Sprintf("PRAGMA user_version = %d", want))
	}
	for _, t := range s.tables {
		statements = append(statements, t.ddl()...)
	}
	for _, statement := range statements {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

// beCopy makes an empty file the copy of a source that is not finished, or finds
// that it is that already.
func (s *backend) beCopy(ctx context.Context, source string, version int) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	have, err := userVersion(ctx, tx)
	if err != nil {
		return err
	}
	switch err := ours(ctx, tx, true); {
	case errors.Is(err, shape.ErrUnfinished):
		var of string
		if err := tx.QueryRowContext(ctx, "SELECT source FROM copy_of").Scan(&of); err != nil {
			return err
		}
		if of != source || have != version {
			return fmt.Errorf("it is the unfinished copy of another installation, or by another version of Samling; name another file: %w", shape.ErrTaken)
		}
	case err != nil:
		return err
	case have > 0:
		return fmt.Errorf("it is in use already, and a copy replaces nothing; name a new file: %w", shape.ErrTaken)
	default:
		if _, err := tx.ExecContext(ctx, fmt.Sprintf("CREATE TABLE copy_of (source TEXT NOT NULL) STRICT; INSERT INTO copy_of VALUES (?); "+
			"PRAGMA application_id = %d; PRAGMA user_version = %d", copyID, version), source); err != nil {
			return err
		}
	}
	if err := s.declare(ctx, tx, version, version); err != nil {
		return err
	}
	return tx.Commit()
}

// Finish lets the copy be used; see shape.Whole.
func (s *backend) Finish(ctx context.Context) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return away(ctx, err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("DROP TABLE copy_of; PRAGMA application_id = %d", applicationID)); err != nil {
		return away(ctx, err)
	}
	return tx.Commit()
}

// keepOld backs the file up beside itself before it is migrated.
func (s *backend) keepOld(ctx context.Context, opts Options, version int) error {
	name := fmt.Sprintf("%s.schema-%d", s.path, version)
	if opts.Now != nil {
		name += opts.Now().UTC().Format(".2006-01-02")
	}
	return snapshot(ctx, s.write, free(name))
}

package sqlite

import (
	"context"
	"errors"
	"fmt"

	driver "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"samling/models"
	"samling/store/shape"
)

// Faults of opening, backing up and restoring.
var (
	ErrInUse      = errors.New("in use")
	ErrNewer      = shape.ErrNewer
	ErrOlder      = shape.ErrOlder
	ErrIncomplete = shape.ErrIncomplete
	ErrForeign    = shape.ErrForeign
)

// away is the error for what the database could not do: the caller's context if
// that has ended, else models.ErrUnavailable with the cause.
func away(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return models.Because(models.CodeUnavailable, fmt.Errorf("store: %w", err))
}

// taken reports whether a statement met a unique key.
func taken(err error) bool {
	code := codeOf(err)
	return code == codes.SQLITE_CONSTRAINT_UNIQUE || code == codes.SQLITE_CONSTRAINT_PRIMARYKEY
}

// codeOf is SQLite's result code, 0 for an error that is not SQLite's.
func codeOf(err error) int {
	if e, ok := errors.AsType[*driver.Error](err); ok {
		return e.Code()
	}
	return 0
}

// opening says what is wrong with a file that could not be opened.
func opening(path string, err error) error {
	switch codeOf(err) & 0xff {
	case codes.SQLITE_NOTADB:
		return fmt.Errorf("store: %s is not a SQLite database; name another file or restore a backup: %w", path, ErrForeign)
	case codes.SQLITE_CORRUPT:
		return fmt.Errorf("store: %s is damaged; restore a backup: %w", path, err)
	case codes.SQLITE_BUSY:
		return fmt.Errorf("store: %s is kept busy by another program; try again: %w", path, errors.Join(ErrInUse, err))
	}
	return fmt.Errorf("store: %s: %w", path, err)
}

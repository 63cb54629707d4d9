// Package store opens the place where everything lasts. It chooses the store by
// the scheme of an address, so that the rest of Samling knows one contract
// (models.Store) and no database.
package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"samling/models"
	"samling/store/mongo"
	"samling/store/shape"
	"samling/store/sqlite"
)

// Faults that a program may decide by; the text around them says what to do.
var (
	// ErrInUse: another serve, or for Restore any other program, has the store.
	ErrInUse = sqlite.ErrInUse
	// ErrNewer: a newer Samling wrote the store.
	ErrNewer = shape.ErrNewer
	// ErrForeign: it is not a Samling store.
	ErrForeign = shape.ErrForeign
	// ErrUnfinished: it is a copy of another store that was not finished.
	ErrUnfinished = shape.ErrUnfinished
	// ErrTaken: a copy would have to replace what is there.
	ErrTaken = shape.ErrTaken
	// ErrOlder: an older Samling wrote the store, and it was opened for a look.
	ErrOlder = shape.ErrOlder
	// ErrIncomplete: so, and a table or an index is missing.
	ErrIncomplete = shape.ErrIncomplete
	// ErrAddress: the address names no store that this build knows.
	ErrAddress = errors.New("unknown store address")
	// ErrOwnTools: the store is backed up and restored with tools of its own.
	ErrOwnTools = errors.New("a MongoDB database is backed up and restored with its own tools, mongodump and mongorestore")
)

// Faults of a MongoDB database alone.
var (
	ErrMongoAddress = mongo.ErrAddress
	ErrNoDatabase   = mongo.ErrNoDatabase
	ErrUnreachable  = mongo.ErrUnreachable
	ErrTooOld       = mongo.ErrTooOld
	ErrRefused      = mongo.ErrRefused
	ErrTLS          = mongo.ErrTLS
	ErrIndex        = mongo.ErrIndex
)

// Options say how a store is opened.
type Options = shape.Options

// Check returns what is wrong with an address as it is written: ErrAddress,
// ErrMongoAddress, ErrNoDatabase, or an fs.PathError of a file that it names. It
// opens nothing.
func Check(url string) error {
	if mongo.Is(url) {
		return mongo.Check(url)
	}
	_, err := sqlitePath(url)
	return err
}

// File is the file of a store that is one; false: the store is none.
func File(url string) (path string, ok bool) {
	path, err := sqlitePath(url)
	return path, err == nil
}

// Open opens the store at an address and brings it up to this program's schema:
// "sqlite:PATH", which is made when it is not there, or "mongodb://…/DATABASE"
// (or mongodb+srv), where Exclusive means nothing: several serve one database
// together. Close it after use.
func Open(ctx context.Context, url string, opts Options) (*models.Store, error) {
	if mongo.Is(url) {
		return mongo.Open(ctx, url, opts)
	}
	path, err := sqlitePath(url)
	if err != nil {
		return nil, err
	}
	return sqlite.Open(ctx, path, opts)
}

// Backup copies the store into a new file as it is at one moment, beside a
// running serve if there is one. A file that exists is refused. The key file is
// not part of it.
func Backup(ctx context.Context, url, file string) error {
	path, err := sqlitePath(url)
	if err != nil {
		return err
	}
	return sqlite.Backup(ctx, path, file)
}

// Restore puts a backup in the place of the store, after checking that it is
// whole and of a schema that this program knows. What was there before is kept
// beside it as PATH.replaced-N. ErrInUse: stop the serve first.
func Restore(ctx context.Context, file, url string) error {
	path, err := sqlitePath(url)
	if err != nil {
		return err
	}
	return sqlite.Restore(ctx, file, path)
}

func sqlitePath(url string) (string, error) {
	scheme, path, found := strings.Cut(url, ":")
	switch {
	case found && scheme == "sqlite" && path != "":
		return path, nil
	case mongo.Is(url):
		return "", fmt.Errorf("store: %w", ErrOwnTools)
	}
	// The address may carry a password, so it is not repeated.
	return "", fmt.Errorf("store: the address must be sqlite:PATH, as in sqlite:data/samling.db, or mongodb://…/DATABASE: %w", ErrAddress)
}

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	codes "modernc.org/sqlite/lib"

	"samling/models"
)

// Backup writes the database as it is at one moment into a new file; see
// store.Backup.
func Backup(ctx context.Context, path, file string) (err error) {
	if err := there(path); err != nil {
		return err
	}
	if _, err := os.Lstat(file); err == nil {
		return fmt.Errorf("store: %s exists already; a backup replaces nothing: %w", file, fs.ErrExist)
	}
	db, err := connect(path, 1, "mode=rw")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := ours(ctx, db, false); err != nil {
		return opening(path, err)
	}
	return snapshot(ctx, db, file)
}

// snapshot copies a database into a file that appears whole or not at all.
func snapshot(ctx context.Context, db *sql.DB, file string) error {
	unfinished := file + ".unfinished"
	if err := os.Remove(unfinished); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("store: an unfinished backup is in the way: %w", err)
	}
	// VACUUM INTO takes an empty file; made here, it is readable by us alone.
	if err := os.WriteFile(unfinished, nil, 0o600); err != nil {
		return fmt.Errorf("store: the backup cannot be written: %w", err)
	}
	defer func() { _ = os.Remove(unfinished) }() // gone already when all went well
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", unfinished); err != nil {
		return fmt.Errorf("store: the backup %s was not finished: %w", file, err)
	}
	if err := persist(unfinished); err != nil {
		return err
	}
	if err := os.Rename(unfinished, file); err != nil {
		return err
	}
	return persist(filepath.Dir(file))
}

// Restore puts a backup in the place of the database; see store.Restore.
func Restore(ctx context.Context, file, path string) error {
	if err := check(ctx, file); err != nil {
		return err
	}
	if err := ready(path); err != nil {
		return err
	}
	l, err := lock(path)
	if err != nil {
		return err
	}
	defer func() { _ = l.Unlock() }()

	incoming := path + ".incoming"
	if err := os.Remove(incoming); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	db, err := connect(file, 1, "mode=rw")
	if err != nil {
		return err
	}
	err = snapshot(ctx, db, incoming)
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	defer func() { _ = os.Remove(incoming) }()
	if err := settle(ctx, path); err != nil {
		return err
	}
	if err := keepReplaced(path); err != nil {
		return err
	}
	if err := os.Rename(incoming, path); err != nil {
		return err
	}
	return persist(filepath.Dir(path))
}

// check returns why a file is no backup that this program can take.
func check(ctx context.Context, file string) (err error) {
	if err := there(file); err != nil {
		return err
	}
	db, err := connect(file, 1, "mode=rw")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := ours(ctx, db, false); err != nil {
		return opening(file, err)
	}
	version, err := userVersion(ctx, db)
	if err != nil {
		return opening(file, err)
	}
	if version > models.SchemaVersion {
		return fmt.Errorf("store: %s was made by a newer Samling (schema %d, this program knows %d); restore it with that: %w",
			file, version, models.SchemaVersion, ErrNewer)
	}
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return opening(file, err)
	}
	if verdict != "ok" {
		return fmt.Errorf("store: %s is damaged (%s); nothing was replaced: %w", file, strings.TrimSpace(verdict), ErrForeign)
	}
	return nil
}

// settle folds the WAL of the database that is to be replaced into its file, and
// finds out whether anybody has it open: leaving WAL needs it for oneself. One
// that is damaged is left as it is, since that may be why it is replaced.
func settle(ctx context.Context, path string) (err error) {
	db, err := connect(path, 1, "mode=rw")
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "PRAGMA journal_mode = DELETE")
	closing := db.Close()
	switch codeOf(err) & 0xff {
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED:
		return fmt.Errorf("store: another program has %s open; let it finish first: %w", path, ErrInUse)
	case codes.SQLITE_NOTADB, codes.SQLITE_CORRUPT:
		return nil
	}
	return errors.Join(err, closing)
}

// keepReplaced gives the old database a second name, so that its own stays in
// use until the new one takes it. A WAL that could not be folded in goes with
// it: beside the new database it would be read as part of that.
func keepReplaced(path string) error {
	if info, err := os.Stat(path); err == nil && info.Size() == 0 {
		return nil // nothing was there
	}
	kept := free(path + ".replaced")
	if err := os.Link(path, kept); err != nil {
		// Not every file system has links.
		if err := os.Rename(path, kept); err != nil {
			return err
		}
	}
	if err := os.Rename(path+"-wal", kept+"-wal"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Remove(path + "-shm"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// there returns a sentence when there is no file to read.
func there(path string) error {
	switch info, err := os.Stat(path); {
	case err != nil:
		return fmt.Errorf("store: there is no database %s: %w", path, err)
	case info.IsDir():
		return fmt.Errorf("store: %s is a folder, not a database: %w", path, ErrForeign)
	}
	return nil
}

// free is the first of name-1, name-2 … that is not taken.
func free(name string) string {
	for n := 1; ; n++ {
		numbered := fmt.Sprintf("%s-%d", name, n)
		if _, err := os.Lstat(numbered); errors.Is(err, fs.ErrNotExist) {
			return numbered
		}
	}
}

// persist makes a file, or the names in a folder, survive a power cut.
func persist(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

package main

import (
	"errors"
	"io/fs"
	"os"
	"time"

	"samling/cmd/samling/doctor"
	"samling/planner"
	"samling/store"
)

type backupCommand struct {
	File string `arg:"" help:"New file."`
}

// Run copies the store. The key file is left out on purpose: together they open
// what each alone keeps shut.
func (b *backupCommand) Run(s *session) error {
	if err := s.storeExists(); err != nil {
		return err
	}
	if err := store.Backup(s.ctx, s.settings.store, b.File); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return failure{"command.file-exists", []any{"File", b.File}, nil}
		}
		return err
	}
	if err := touch(s.settings.keyFile+doctor.BackedUp, s.now()); err != nil {
		return err
	}
	s.say("command.backed-up", "File", b.File, "Key", s.settings.keyFile)
	return nil
}

// touch leaves a mark that is only a time.
func touch(path string, now time.Time) error {
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		return err
	}
	return os.Chtimes(path, now, now)
}

type restoreCommand struct {
	File string `arg:"" help:"A backup."`
}

// Run puts a backup in the place of the store.
func (r *restoreCommand) Run(s *session) error {
	if _, err := os.Stat(r.File); err != nil {
		return unreadable(r.File, err)
	}
	if err := s.makeStoreFolder(); err != nil {
		return err
	}
	if err := store.Restore(s.ctx, r.File, s.settings.store); err != nil {
		return err
	}
	s.say("command.restored", "Key", s.settings.keyFile)
	return s.withhold()
}

// withhold keeps back what the copy has in its outbox: it may have gone out
// since the copy was made.
func (s *session) withhold() error {
	kept, err := store.Open(s.ctx, s.settings.store, store.Options{Now: s.now})
	if err != nil {
		return err
	}
	n, err := planner.Withhold(s.ctx, kept)
	if n > 0 {
		s.say("command.withheld", "Count", n)
	}
	return errors.Join(err, kept.Close())
}

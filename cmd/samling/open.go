package main

import (
	_ "embed"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"samling/models"
	"samling/models/vault"
	"samling/planner"
	"samling/store"
)

// firstDistricts is the list that a new installation begins with: the first
// city's. An import of another replaces it.
//
//go:embed districts.csv
var firstDistricts string

// installation is an opened store with its keys.
type installation struct {
	store   *models.Store
	planner *planner.Planner
}

func (i *installation) close() error { return i.store.Close() }

// open opens store and keys and reads the catalogue, beside a serve if there is
// one.
func (s *session) open() (*installation, error) {
	return s.openFor(slog.New(slog.DiscardHandler), func() {}, store.Options{})
}

// openUsed is open for commands that have nothing to do in a new store: a
// mistyped SAMLING_STORE must not make one.
func (s *session) openUsed() (*installation, error) {
	if err := s.storeExists(); err != nil {
		return nil, err
	}
	in, err := s.openFor(slog.New(slog.DiscardHandler), func() {}, store.Options{Existing: true})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, failure{"command.no-database", nil, nil}
	}
	return in, err
}

// openFor is open for serve too, which wants the store for its own, and whose
// planner has something to log and a mail worker to wake.
func (s *session) openFor(log *slog.Logger, mailed func(), how store.Options) (*installation, error) {
	if err := s.makeStoreFolder(); err != nil {
		return nil, err
	}
	how.Now = s.now
	kept, err := store.Open(s.ctx, s.settings.store, how)
	if err != nil {
		return nil, err
	}
	in, err := s.install(kept, log, mailed)
	if err != nil {
		return nil, errors.Join(err, kept.Close())
	}
	return in, nil
}

func (s *session) install(kept *models.Store, log *slog.Logger, mailed func()) (*installation, error) {
	keys, err := s.unlock(kept)
	if err != nil {
		return nil, err
	}
	districts, err := districtTable().read(strings.NewReader(firstDistricts))
	if err != nil {
		return nil, err
	}
	var first []models.District
	for _, row := range districts {
		first = append(first, row.Doc)
	}
	if err := planner.Install(s.ctx, kept, keys, s.now(), first); err != nil {
		return nil, err
	}
	var decided func(models.Answer)
	if s.metrics != nil {
		kept, decided = s.metrics.timed(kept, s.now), s.metrics.decided
	}
	p := planner.New(planner.Config{
		Store: kept, Keys: planner.Keyring(kept, keys), Now: s.now, Log: log, Site: s.settings.url, Zone: s.settings.zone, Language: s.settings.language,
		Retention: s.settings.retention, Limits: s.settings.limits, Mailed: mailed, Decided: decided,
	})
	return &installation{kept, p}, p.Refresh(s.ctx)
}

// unlock opens the key file. A new one is made for a store that was never used,
// and for no other: what an older one sealed would be lost in silence.
func (s *session) unlock(kept *models.Store) (*vault.Vault, error) {
	path, today := s.settings.keyFile, vault.DayOf(s.now())
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return vault.Open(path, today)
	}
	used, err := planner.Installed(s.ctx, kept)
	if err != nil {
		return nil, err
	}
	if used {
		return nil, failure{"command.key-missing", []any{"File", path}, nil}
	}
	if err := makeFolder(path); err != nil {
		return nil, err
	}
	keys, err := vault.Create(path, today)
	if errors.Is(err, fs.ErrExist) { // another command came first
		return vault.Open(path, today)
	}
	if err == nil {
		s.say("command.key-made", "File", path)
	}
	return keys, err
}

func (s *session) makeStoreFolder() error {
	if path, ok := store.File(s.settings.store); ok {
		return makeFolder(path)
	}
	return nil
}

// makeFolder makes the folder of a file, open to its owner alone: what lies in
// it says who comes to what.
func makeFolder(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return failure{"command.no-folder", []any{"Folder", filepath.Dir(path), "Reason", err}, nil}
	}
	return nil
}

// storeExists refuses a store that is a file and is not there, since opening one
// makes it.
func (s *session) storeExists() error {
	path, ok := store.File(s.settings.store)
	if !ok {
		return nil
	}
	if _, err := os.Stat(path); err != nil {
		return failure{"command.no-store", []any{"File", path, "Reason", err}, nil}
	}
	return nil
}

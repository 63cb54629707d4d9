package planner

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"samling/models"
	"samling/models/vault"
)

// InstallationID is the id of the one document about the whole database.
const InstallationID = "installation"

// Installed reports whether the store was ever used: whether a key file exists
// that must not be made anew.
func Installed(ctx context.Context, s *models.Store) (bool, error) {
	_, err := s.Installation.Get(ctx, InstallationID)
	if errors.Is(err, models.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Mark is the name of an installation for everybody: it tells one from another,
// and nothing of the chain that it is made from.
func Mark(chain string) string {
	sum := sha256.Sum256([]byte("samling installation " + chain))
	return hex.EncodeToString(sum[:8])
}

// Install ties a store to its key file: a new one is given the chain's id and
// the districts that a city begins with, one that has another id is refused
// with vault.ErrForeign.
func Install(ctx context.Context, s *models.Store, v *vault.Vault, now time.Time, districts []models.District) error {
	now = models.Milli(now)
	i, err := s.Installation.Get(ctx, InstallationID)
	if errors.Is(err, models.ErrNotFound) {
		for n, d := range districts {
			d.Listing = models.Listing{Order: n + 1, Updated: now}
			if err := s.Districts.Create(ctx, d); err != nil && !errors.Is(err, models.ErrExists) {
				return err
			}
		}
		i = models.Installation{Document: models.Document{ID: InstallationID}, Chain: v.ID(), Born: now, Swept: now}
		err = s.Installation.Create(ctx, i)
		if errors.Is(err, models.ErrExists) {
			i, err = s.Installation.Get(ctx, InstallationID)
		}
	}
	if err != nil {
		return err
	}
	return v.CheckChain(i.Chain)
}

// Keyring opens the event keys of a store.
func Keyring(s *models.Store, v *vault.Vault) *vault.Keyring {
	return vault.NewKeyring(v, func(ctx context.Context, event string) ([]byte, vault.Day, error) {
		k, err := s.EventKeys.Get(ctx, event)
		return k.Wrapped, vault.Day(k.Day), err
	})
}

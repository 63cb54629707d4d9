package doctor

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"samling/models"
	"samling/models/vault"
	"samling/planner"
	"samling/store"
)

// The marks beside the key file whose times say when something was last copied.
// The copies themselves lie where this program should not be able to look.
const (
	// KeyCopied is for whoever copies the key file to touch.
	KeyCopied = ".copied"
	// BackedUp is touched by samling backup, and by whoever copies the store in
	// another way.
	BackedUp = ".backed-up"
)

// Stale is the age at which a copy that should be made every week is too old.
const Stale = 8 * day

const day = 24 * time.Hour

// inside examines what lies on this machine, or in its database. chain is the id
// of the installation; empty when neither store nor key file tells.
func (p *Patient) inside(ctx context.Context) (chain string, found []Finding) {
	found = append(found, p.controller(), p.limits())
	kept, stored := p.store(ctx)
	found = append(found, stored...)
	chain, key := p.key(kept)
	return chain, append(found, key, p.copied("copy", KeyCopied), p.copied("backup", BackedUp))
}

// controller examines what the law wants said of whoever answers for the data.
func (p *Patient) controller() Finding {
	switch {
	case p.Privacy.Controller == "", p.Privacy.Contact == "":
		return fault("controller", "missing")
	case p.Privacy.Processors == "":
		return warning("controller", "processors")
	}
	return ok("controller", "ok", "Controller", p.Privacy.Controller)
}

func (p *Patient) limits() Finding {
	if !p.Limits {
		return warning("limits", "off")
	}
	return ok("limits", "ok")
}

// store examines the store, and returns what it says of the installation; the
// zero value when it does not tell.
func (p *Patient) store(ctx context.Context) (models.Installation, []Finding) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	none := models.Installation{}
	kept, err := store.Open(ctx, p.Store, store.Options{Look: true})
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return none, []Finding{fault("store", "absent")}
	case errors.Is(err, store.ErrOlder):
		return none, []Finding{warning("store", "older")}
	case errors.Is(err, store.ErrIncomplete):
		return none, []Finding{fault("store", "incomplete")}
	case err != nil:
		return none, []Finding{fault("store", "unopened").because(err)}
	}
	defer func() { _ = kept.Close() }() // nothing was written
	found, err := kept.Installation.Get(ctx, planner.InstallationID)
	switch {
	case errors.Is(err, models.ErrNotFound):
		return none, []Finding{fault("store", "unused")}
	case err != nil:
		return none, []Finding{fault("store", "unopened").because(err)}
	}
	stored := append([]Finding{ok("store", "ok", "Schema", models.SchemaVersion)}, p.disk()...)
	return found, append(stored, office(found.Settings))
}

// office examines whether organisers are told whom they can ask for help.
func office(set models.Settings) Finding {
	if !set.Reachable() {
		return warning("office", "missing")
	}
	return ok("office", "ok", "Name", set.Office.Name)
}

// How little disk is too little: a commit that finds no room is refused, and a
// backup beside the store needs as much as the store.
const (
	leastFree  = 100 << 20
	littleFree = 1 << 30
)

// disk examines the disk of a store that is a file.
func (p *Patient) disk() []Finding {
	path, isFile := store.File(p.Store)
	if !isFile {
		return nil
	}
	free, known := p.Free(filepath.Dir(path))
	if !known {
		return nil
	}
	needed := uint64(littleFree)
	if info, err := os.Stat(path); err == nil {
		needed = max(needed, 2*uint64(info.Size()))
	}
	with := []any{"Free", free >> 20, "Needed", needed >> 20}
	switch {
	case free < leastFree:
		return []Finding{fault("disk", "full", with...)}
	case free < needed:
		return []Finding{warning("disk", "low", with...)}
	}
	return []Finding{ok("disk", "ok", with...)}
}

// key examines the key file, and returns the chain that it holds, or else the one
// that the store wants.
func (p *Patient) key(in models.Installation) (chain string, found Finding) {
	chain, stands, err := vault.Look(p.KeyFile)
	today := vault.DayOf(p.Now())
	with := []any{"File", p.KeyFile, "Day", stands.String(), "Today", today.String()}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return in.Chain, fault("key", "missing", with...)
	case err != nil:
		return in.Chain, fault("key", "unopened", with...).because(err)
	case in.Chain != "" && in.Chain != chain:
		return in.Chain, fault("key", "foreign", with...)
	case stands > today:
		return chain, fault("key", "ahead", with...)
	case today-stands > vault.LongestStep:
		return chain, fault("key", "far-behind", with...)
	case stands < today-1: // a serve steps within the hours after midnight
		return chain, warning("key", "behind", with...)
	}
	return chain, ok("key", "ok", with...)
}

// copied examines when something was last copied, by the mark beside the key
// file.
func (p *Patient) copied(check, mark string) Finding {
	file := p.KeyFile + mark
	with := []any{"File", file, "Key", p.KeyFile}
	info, err := os.Stat(file)
	if err != nil {
		return warning(check, "never", with...)
	}
	age := p.Now().Sub(info.ModTime())
	with = append(with, "Count", int(age/day))
	if age > Stale {
		return warning(check, "old", with...)
	}
	return ok(check, "ok", with...)
}

// domain is what stands behind the @ of the sender's address; empty for one that
// the world's DNS cannot know.
func (p *Patient) domain() string {
	_, domain, _ := strings.Cut(p.From, "@")
	for _, reserved := range []string{".localhost", ".invalid", ".local", ".test"} { // RFC 6761, RFC 6762
		if strings.HasSuffix(domain, reserved) {
			return ""
		}
	}
	return domain
}

package main

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/alecthomas/kong"

	"samling/models"
	"samling/planner"
	"samling/store"
)

type migrateCommand struct {
	To   string `required:"" placeholder:"URL" help:"Empty store to copy to, or the unfinished copy of an earlier try."`
	from string
}

// AfterApply takes --from over. Kong knows one flag of a name, and for every
// other command it is the sender of mail.
func (m *migrateCommand) AfterApply(f *flags) error {
	m.from, f.From = f.From, ""
	return nil
}

// help prints the help of a command. In that of migrate, --from is its own.
func help(options kong.HelpOptions, c *kong.Context) error {
	if n := c.Selected(); n != nil && n.Name == "migrate" {
		for _, f := range c.Flags() {
			if f.Name == "from" {
				f.Group, f.Required, f.PlaceHolder = nil, true, "URL"
				f.Help = "Store to copy, which nobody may be serving."
			}
		}
	}
	return kong.DefaultHelpPrinter(options, c)
}

// Run copies one store into another. It can be cut off at any moment and run
// again.
func (m *migrateCommand) Run(s *session) error {
	var faults models.Faults
	readStore(&faults, "--from", m.from)
	readStore(&faults, "--to", m.To)
	if err := faults.Err(); err != nil {
		return wrongUse{err}
	}
	if m.from == m.To {
		return wrongUse{failure{"command.migrate-same", nil, nil}}
	}
	from, installation, err := s.source(m.from)
	if err != nil {
		return failure{"command.migrate-from", nil, err}
	}
	defer from.Close()
	to, err := store.Open(s.ctx, m.To, store.Options{Exclusive: true, CopyOf: installation.Chain, Now: s.now})
	if err != nil {
		return failure{"command.migrate-to", nil, err}
	}
	watched := newProgress(s)
	sums, err := store.Copy(s.ctx, from, to, watched.step)
	watched.end()
	if err := errors.Join(err, to.Close()); err != nil {
		if d, ok := errors.AsType[*store.Difference](err); ok {
			err = failure{"command.migrate-differs", []any{"Collection", d.From.Collection, "From", d.From.Documents, "To", d.To.Documents}, nil}
		}
		return failure{"command.migrate-broken", nil, err}
	}
	documents := 0
	for _, sum := range sums {
		if sum.Documents == 0 {
			continue
		}
		documents += sum.Documents
		fmt.Fprintf(s.stderr, "%-14s %9d  %x\n", sum.Collection, sum.Documents, sum.Checksum[:16])
	}
	s.say("command.migrated", "Count", documents, "Key", s.settings.keyFile)
	return nil
}

// source opens a store that was used and that nobody serves.
func (s *session) source(url string) (*models.Store, models.Installation, error) {
	var none models.Installation
	kept, err := store.Open(s.ctx, url, store.Options{Exclusive: true, Existing: true, Now: s.now})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, none, failure{"command.migrate-nothing", nil, nil}
	}
	if err != nil {
		return nil, none, err
	}
	installation, err := kept.Installation.Get(s.ctx, planner.InstallationID)
	if errors.Is(err, models.ErrNotFound) {
		err = failure{"command.migrate-nothing", nil, nil}
	}
	if err != nil {
		return nil, none, errors.Join(err, kept.Close())
	}
	return kept, installation, nil
}

package main

import (
	"context"
	"os"

	"samling/models"
	"samling/planner"
)

type importCommands struct {
	Associations importAssociations `cmd:"" help:"Columns slug, name, district, and if you like email, website, central. None is dropped."`
	Groups       importGroups       `cmd:"" help:"Working groups: columns slug, name, and if you like name_en and other languages. None is dropped."`
	Districts    importDistricts    `cmd:"" help:"Columns slug, name, and if you like name_en and other languages. Those not in the file are dropped, unless something is there."`
	Calendar     importCalendar     `cmd:"" help:"The events of an association's own calendar."`
}

type importAssociations struct {
	File string `arg:"" help:"CSV file."`
}

func (i *importAssociations) Run(s *session) error {
	return importFile(s, i.File, associationTable(), (*planner.Planner).ImportAssociations)
}

type importGroups struct {
	File string `arg:"" help:"CSV file."`
}

func (i *importGroups) Run(s *session) error {
	return importFile(s, i.File, groupTable(), (*planner.Planner).ImportGroups)
}

type importDistricts struct {
	File string `arg:"" help:"CSV file."`
}

func (i *importDistricts) Run(s *session) error {
	return importFile(s, i.File, districtTable(), (*planner.Planner).ImportDistricts)
}

// importFile reads a file whole, then gives it to the planner, which checks it
// whole before it writes.
func importFile[T any](s *session, path string, t *table[T], take func(*planner.Planner, context.Context, []planner.Row[T]) (int, error)) error {
	file, err := os.Open(path)
	if err != nil {
		return unreadable(path, err)
	}
	defer file.Close()
	rows, err := t.read(file)
	switch {
	case models.CodeOf(err) == models.CodeInvalid:
		return notImported(path, err)
	case err != nil:
		return unreadable(path, err)
	}
	in, err := s.open()
	if err != nil {
		return err
	}
	defer in.close()
	n, err := take(in.planner, s.ctx, rows)
	if err != nil {
		return notImported(path, err)
	}
	s.say("command.imported", "Count", n, "File", path)
	return nil
}

func unreadable(path string, err error) error {
	return failure{"command.no-file", []any{"File", path, "Reason", err}, nil}
}

// notImported says whether anything was written: nothing was when the file is
// wrong; else it is finished by repeating.
func notImported(path string, err error) error {
	if models.CodeOf(err) == models.CodeInvalid || models.CodeOf(err) == models.CodeMalformed {
		return failure{"command.nothing-imported", []any{"File", path}, err}
	}
	return failure{"command.import-cut-off", []any{"File", path}, err}
}

func associationTable() *table[models.Association] {
	type A = models.Association
	return &table[A]{columns: []column[A]{
		{"slug", true, text(func(a *A) *string { return &a.ID })},
		{"name", true, text(func(a *A) *string { return &a.Name })},
		{"district", true, text(func(a *A) *string { return &a.District })},
		{"email", false, text(func(a *A) *string { return &a.Email })},
		{"website", false, text(func(a *A) *string { return &a.Website })},
		{"central", false, func(a *A, cell string) string {
			switch cell {
			case "", "0", "false", "no", "nej":
			case "1", "true", "yes", "ja", "x":
				a.Central = true
			default:
				return "not-yes-or-no"
			}
			return ""
		}},
	}}
}

func groupTable() *table[models.Group] {
	type G = models.Group
	return &table[G]{
		columns: []column[G]{
			{"slug", true, text(func(g *G) *string { return &g.ID })},
			{"name", true, text(func(g *G) *string { return &g.Name })},
		},
		translated: func(g *G, language, cell string) { g.Names = withName(g.Names, language, cell) },
	}
}

func districtTable() *table[models.District] {
	type D = models.District
	return &table[D]{
		columns: []column[D]{
			{"slug", true, text(func(d *D) *string { return &d.ID })},
			{"name", true, text(func(d *D) *string { return &d.Name })},
		},
		translated: func(d *D, language, cell string) { d.Names = withName(d.Names, language, cell) },
	}
}

// text is the cell of a column that is taken as it stands.
func text[T any](of func(*T) *string) func(*T, string) string {
	return func(doc *T, cell string) string {
		*of(doc) = cell
		return ""
	}
}

func withName(names map[string]string, language, name string) map[string]string {
	if name == "" {
		return names
	}
	if names == nil {
		names = map[string]string{}
	}
	names[language] = name
	return names
}

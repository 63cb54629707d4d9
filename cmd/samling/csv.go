package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"samling/models"
	"samling/planner"
)

// largestCSV is the most bytes of a file that are read. Fifty associations are
// five thousand.
const largestCSV = 10 << 20

// column is one column that a file may have.
type column[T any] struct {
	name     string
	required bool
	// set puts a cell into a document; a code of a "field." sentence says what
	// is wrong with it.
	set func(doc *T, cell string) (code string)
}

// table says what a file of documents looks like.
type table[T any] struct {
	columns []column[T]
	// translated takes cells of columns like name_en; nil: there are none.
	translated func(doc *T, language, cell string)
}

const translatedName = "name_"

// read reads a file whole and reports everything that is wrong with its form at
// once, each fault by its line, the header being line 1. What the cells say is
// for the planner to check.
func (t *table[T]) read(from io.Reader) ([]planner.Row[T], error) {
	text, err := io.ReadAll(io.LimitReader(from, largestCSV+1))
	if err != nil {
		return nil, err
	}
	var f models.Faults
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	switch {
	case len(text) > largestCSV:
		f.Add("", "file-too-large", "Max", largestCSV>>20)
	case len(bytes.TrimSpace(text)) == 0:
		f.Add("", "file-empty")
	case !utf8.Valid(text):
		f.Add(fmt.Sprint(firstBadLine(text)), "not-utf8-file")
	}
	if err := f.Err(); err != nil {
		return nil, err
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma = separator(text)
	r.FieldsPerRecord = -1 // ours to check, so that every wrong line is told
	header, err := r.Read()
	if err != nil {
		return nil, badQuotes(err)
	}
	columns := t.header(header, &f)
	if err := f.Err(); err != nil {
		return nil, err
	}
	var rows []planner.Row[T]
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, badQuotes(err)
		}
		line, _ := r.FieldPos(0)
		if len(cells) != len(columns) {
			f.Add(fmt.Sprint(line), "row-length", "Want", len(columns), "Have", len(cells))
			continue
		}
		row := planner.Row[T]{Line: line}
		for i, cell := range cells {
			if code := columns[i].set(&row.Doc, strings.TrimSpace(cell)); code != "" {
				f.Add(fmt.Sprint(line)+"."+columns[i].name, code, "Value", cell)
			}
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 && f.Err() == nil {
		f.Add("", "file-empty")
	}
	if err := f.Err(); err != nil {
		return nil, err
	}
	return rows, nil
}

// header finds the columns that a file has.
func (t *table[T]) header(header []string, f *models.Faults) []column[T] {
	var known, found []string
	for _, c := range t.columns {
		known = append(known, c.name)
	}
	if t.translated != nil {
		known = append(known, translatedName+"en")
	}
	out := make([]column[T], len(header))
	for i, cell := range header {
		name := strings.ToLower(strings.TrimSpace(cell))
		at := slices.IndexFunc(t.columns, func(c column[T]) bool { return c.name == name })
		language, isName := strings.CutPrefix(name, translatedName)
		switch {
		case slices.Contains(found, name):
			f.Add("1", "repeated-column", "Value", name)
		case at >= 0:
			out[i] = t.columns[at]
		case isName && t.translated != nil && isLanguage(language):
			out[i] = column[T]{name: name, set: func(doc *T, cell string) string {
				t.translated(doc, language, cell)
				return ""
			}}
		default:
			f.Add("1", "unknown-column", "Value", shortened(cell), "Known", strings.Join(known, ", "))
		}
		found = append(found, name)
	}
	for _, c := range t.columns {
		if c.required && !slices.Contains(found, c.name) {
			f.Add("1", "missing-column", "Value", c.name, "Known", strings.Join(known, ", "))
		}
	}
	return out
}

func isLanguage(tag string) bool {
	return (len(tag) == 2 || len(tag) == 3) && strings.Trim(tag, "abcdefghijklmnopqrstuvwxyz") == ""
}

// badQuotes is the sentence for the one thing that encoding/csv can find wrong.
func badQuotes(err error) error {
	parse, ok := errors.AsType[*csv.ParseError](err)
	if !ok {
		return err
	}
	var f models.Faults
	f.Add(fmt.Sprint(parse.StartLine), "bad-quotes")
	return f.Err()
}

// separator is what stands between the columns: a Swedish Excel writes
// semicolons, a copied sheet has tabs. No name of a column holds any of them.
func separator(text []byte) rune {
	header, _, _ := bytes.Cut(text, []byte("\n"))
	best, most := ',', 0
	for _, c := range ",;\t" {
		if n := strings.Count(string(header), string(c)); n > most {
			best, most = c, n
		}
	}
	return best
}

// firstBadLine is the first line that is not UTF-8.
func firstBadLine(text []byte) int {
	n := 0
	for line := range bytes.Lines(text) {
		n++
		if !utf8.Valid(line) {
			return n
		}
	}
	return n
}

func shortened(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

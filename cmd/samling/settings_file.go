package main

import (
	"os"
	"strings"
	"unicode/utf8"
)

// lineFault is what is wrong with one line of a settings file; line 0 is the
// whole of it.
type lineFault struct {
	line int
	code string // of a "field." sentence
	with []any
}

// readSettingsFile reads a file of KEY=value lines; known are the keys that
// there are.
func readSettingsFile(path string, known map[string]bool) (map[string]string, []lineFault) {
	text, err := os.ReadFile(path)
	if err != nil {
		return map[string]string{}, []lineFault{{code: "unreadable", with: []any{"Reason", err}}}
	}
	return parseSettings(string(text), known)
}

// parseSettings reads KEY=value lines as systemd and Docker do, but plainer: a
// comment is a whole line, since passwords hold # as well as $, and nothing is
// expanded. One pair of quotes around a value is taken off. An empty value says
// nothing.
func parseSettings(text string, known map[string]bool) (map[string]string, []lineFault) {
	values, first := map[string]string{}, map[string]int{}
	var faults []lineFault
	if !utf8.ValidString(text) {
		return values, []lineFault{{code: "not-utf8"}}
	}
	n := 0
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		key, value = strings.TrimSpace(key), unquote(strings.TrimSpace(value))
		switch {
		case !ok:
			faults = append(faults, lineFault{n, "no-key", nil})
		case !known[key]:
			faults = append(faults, lineFault{n, "unknown-key", []any{"Value", key}})
		case first[key] > 0:
			faults = append(faults, lineFault{n, "repeated-key", []any{"Value", key, "Line", first[key]}})
		case value != "":
			values[key], first[key] = value, n
		}
	}
	return values, faults
}

func unquote(s string) string {
	if n := len(s); n >= 2 && (s[0] == '"' || s[0] == '\'') && s[n-1] == s[0] {
		return s[1 : n-1]
	}
	return s
}

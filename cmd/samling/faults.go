package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"

	"samling/locale"
	"samling/models"
	"samling/models/vault"
	"samling/planner/follow"
	"samling/store"
)

// mostFaults is how many wrong places of one file are listed: more than anybody
// corrects before trying again.
const mostFaults = 20

// failure is an error that has a sentence of its own in the translations.
type failure struct {
	key   string
	with  []any // names and values that fill its gaps
	cause error // told behind the sentence; may be nil
}

func (f failure) Error() string {
	if f.cause != nil {
		return f.key + ": " + f.cause.Error()
	}
	return f.key
}

func (f failure) Unwrap() error { return f.cause }

// fail tells an error to whoever reads what the program prints, and returns the
// exit code.
func (s *session) fail(err error) int {
	for _, line := range sentences(s.speak, err) {
		fmt.Fprintln(s.stderr, line)
	}
	return exitCode(err)
}

// sentences are an error in words, one for each thing that is wrong.
func sentences(p *locale.Printer, err error) []string {
	if err == nil {
		return nil
	}
	if f, ok := errors.AsType[failure](err); ok {
		return append([]string{p.T(f.key, inWords(p, f.with)...)}, sentences(p, f.cause)...)
	}
	for known, key := range map[error]string{
		store.ErrInUse:        "command.store-in-use",
		store.ErrNewer:        "command.store-newer",
		store.ErrForeign:      "command.store-foreign",
		store.ErrUnfinished:   "command.store-unfinished",
		store.ErrTaken:        "command.store-taken",
		store.ErrOwnTools:     "command.store-own-tools",
		store.ErrMongoAddress: "field.mongodb-unreadable", // of mongodb+srv, which is looked up late
		vault.ErrForeign:      "command.key-foreign",
		vault.ErrExposed:      "command.key-exposed",
		vault.ErrBroken:       "command.key-broken",
	} {
		if errors.Is(err, known) {
			return []string{p.T(key)}
		}
	}
	// Of these the server's or the driver's own words say more than we can.
	for known, key := range map[error]string{
		store.ErrUnreachable: "command.mongodb-unreachable",
		store.ErrTooOld:      "command.mongodb-too-old",
		store.ErrRefused:     "command.mongodb-refused",
		store.ErrTLS:         "command.mongodb-tls",
		store.ErrIndex:       "command.mongodb-index",
	} {
		if errors.Is(err, known) {
			return []string{p.T(key), err.Error()}
		}
	}
	ours, ok := errors.AsType[*models.Error](err)
	switch {
	case !ok:
		return []string{err.Error()}
	case ours.Code == models.CodeInvalid && len(ours.Fields) > 0:
		return fieldSentences(p, ours.Fields)
	case ours.Err != nil: // the store is away: only its own words say why
		return []string{p.T("error."+string(ours.Code), pairs(p, ours.With)...), ours.Err.Error()}
	}
	return []string{p.T("error."+string(ours.Code), pairs(p, ours.With)...)}
}

// fieldSentences say what is wrong with each field. Before that of a file stands
// its line: "12.district".
func fieldSentences(p *locale.Printer, fields []models.Field) []string {
	var out []string
	for i, f := range fields {
		if i == mostFaults {
			return append(out, p.T("command.more-faults", "Count", len(fields)-i))
		}
		where, sentence := f.Name, p.T("field."+f.Code, pairs(p, f.With)...)
		if line, column, ok := strings.Cut(f.Name, "."); isNumber(line) {
			where = p.T("command.line", "Line", line)
			if ok {
				where += ", " + column
			}
		}
		if where == "" {
			out = append(out, sentence)
		} else {
			out = append(out, where+": "+sentence)
		}
	}
	return out
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// pairs are the gaps of a sentence, errors of the machine in words.
func pairs(p *locale.Printer, with map[string]any) []any {
	var out []any
	for name, value := range with {
		out = append(out, name, value)
	}
	return inWords(p, out)
}

// inWords are the gaps of a sentence with the errors of the machine in words.
func inWords(p *locale.Printer, with []any) []any {
	out := slices.Clone(with)
	for i, value := range out {
		if err, ok := value.(error); ok {
			out[i] = reason(p, err)
		}
	}
	return out
}

// reason is why the machine would not do something, without the chain of who
// tried. What has no words of ours keeps its own.
func reason(p *locale.Printer, err error) string {
	if fault, ok := errors.AsType[*follow.Fault](err); ok {
		var with []any
		for name, value := range fault.With {
			with = append(with, name, value)
		}
		return p.T("follow.trouble."+fault.Code, with...)
	}
	for _, known := range []struct {
		is  error
		key string
	}{
		{fs.ErrNotExist, "reason.not-there"},
		{fs.ErrPermission, "reason.not-allowed"},
		{syscall.EISDIR, "reason.folder"},
		{syscall.ENOTDIR, "reason.no-folder"},
		{syscall.ENOSPC, "reason.disk-full"},
		{syscall.EROFS, "reason.read-only"},
		{syscall.EADDRINUSE, "reason.in-use"},
		{syscall.EADDRNOTAVAIL, "reason.not-ours"},
		{syscall.ECONNREFUSED, "reason.refused"},
		{os.ErrDeadlineExceeded, "reason.no-answer"},
		{context.DeadlineExceeded, "reason.no-answer"},
	} {
		if errors.Is(err, known.is) {
			return p.T(known.key)
		}
	}
	if name, ok := errors.AsType[*net.DNSError](err); ok && name.IsNotFound {
		return p.T("reason.no-such-host")
	}
	if number, ok := errors.AsType[syscall.Errno](err); ok {
		return number.Error()
	}
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err.Error()
	}
	return err.Error()
}

package vault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	day   Day = 20_500
	event     = "0195a000-0000-7000-8000-000000000001"
	rsvp      = "0195a000-0000-7000-8000-000000000002"
	other     = "0195a000-0000-7000-8000-000000000003"
)

// newVault makes a key file in a folder of its own.
func newVault(t testing.TB) (v *Vault, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "samling.key")
	v, err := Create(path, day)
	if err != nil {
		t.Fatal(err)
	}
	return v, path
}

func mustOpen(t testing.TB, path string, today Day) *Vault {
	t.Helper()
	v, err := Open(path, today)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func mustWrap(t testing.TB, v *Vault, key Key, day Day) []byte {
	t.Helper()
	wrapped, err := v.Wrap(event, key, day)
	if err != nil {
		t.Fatal(err)
	}
	return wrapped
}

func mustRead(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func mustWrite(t testing.TB, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestDay(t *testing.T) {
	malmo := time.FixedZone("CET", 3600)
	d := DayOf(time.Date(2026, 5, 1, 0, 30, 0, 0, malmo))
	if d != 20_573 || d.String() != "2026-04-30" {
		t.Errorf("half past midnight in Malmö is day %d (%s) in UTC", int(d), d)
	}
}

// The point of the whole thing: with all that is left on the day after, which is
// the key file and whatever copies there are of the database, a key that was
// kept until yesterday cannot be had.
func TestUnwrap_UntilItsDayAndNeverAfter(t *testing.T) {
	v, path := newVault(t)
	key := NewKey()
	wrapped := mustWrap(t, v, key, day+3)
	for today := day; today <= day+3; today++ {
		got, err := mustOpen(t, path, today).Unwrap(event, wrapped, day+3)
		if err != nil || got != key {
			t.Fatalf("on %s: %v, %v", today, got, err)
		}
	}
	v = mustOpen(t, path, day+4)
	if _, err := v.Unwrap(event, wrapped, day+3); !errors.Is(err, ErrDestroyed) {
		t.Errorf("on the day after: %v", err)
	}
	if _, err := v.Wrap(event, key, day+3); !errors.Is(err, ErrDestroyed) {
		t.Errorf("wrapping for yesterday: %v", err)
	}
	// Somebody with another program tries all that could be tried: every day from
	// here on, and this day's value for that day.
	for d := day + 4; d < day+50; d++ {
		if _, err := v.Unwrap(event, wrapped, d); err == nil {
			t.Fatalf("opened as if it had been kept until %s", d)
		}
	}
	b := bytes.Replace(mustRead(t, path), fmt.Appendf(nil, `"day": %d`, day+4), fmt.Appendf(nil, `"day": %d`, day+3), 1)
	mustWrite(t, path, b)
	if _, err := mustOpen(t, path, day+3).Unwrap(event, wrapped, day+3); err == nil {
		t.Error("opened after the file was told that it is yesterday")
	}
}

func TestUnwrap_NothingElse(t *testing.T) {
	v, _ := newVault(t)
	foreign, _ := newVault(t)
	wrapped := mustWrap(t, v, NewKey(), day+3)
	changed := slices.Clone(wrapped)
	changed[len(changed)-1] ^= 1
	for name, unwrap := range map[string]func() (Key, error){
		"another event":    func() (Key, error) { return v.Unwrap(other, wrapped, day+3) },
		"an earlier day":   func() (Key, error) { return v.Unwrap(event, wrapped, day+2) },
		"a later day":      func() (Key, error) { return v.Unwrap(event, wrapped, day+4) },
		"another key file": func() (Key, error) { return foreign.Unwrap(event, wrapped, day+3) },
		"changed bytes":    func() (Key, error) { return v.Unwrap(event, changed, day+3) },
		"cut bytes":        func() (Key, error) { return v.Unwrap(event, wrapped[:20], day+3) },
		"no bytes":         func() (Key, error) { return v.Unwrap(event, nil, day+3) },
		"a day too far":    func() (Key, error) { return v.Unwrap(event, wrapped, day+40_000) },
	} {
		if key, err := unwrap(); err == nil || errors.Is(err, ErrDestroyed) || key != (Key{}) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAdvance_TheSameByAnySteps(t *testing.T) {
	v, path := newVault(t)
	at := filepath.Join(filepath.Dir(path), "copy.key")
	mustWrite(t, at, mustRead(t, path))
	for _, today := range []Day{day + 1, day + 2, day + 2, day + 1, day + 30, day + 31} {
		if err := v.Advance(today); err != nil {
			t.Fatal(err)
		}
	}
	if mustOpen(t, at, day+31).now() != v.now() {
		t.Error("31 days at once lead elsewhere than in steps")
	}
	if !bytes.Equal(mustRead(t, at), mustRead(t, path)) {
		t.Error("two files of one chain differ on one day")
	}
	if v.Today() != day+31 {
		t.Errorf("is at %s", v.Today())
	}
}

func TestAdvance_ClockGoesBack(t *testing.T) {
	v, path := newVault(t)
	before := mustRead(t, path)
	if err := v.Advance(day - 100); err != nil || !bytes.Equal(before, mustRead(t, path)) || v.Today() != day {
		t.Errorf("changed something: %v", err)
	}
	if v = mustOpen(t, path, day-100); v.Today() != day {
		t.Errorf("opened at %s", v.Today())
	}
}

func TestAdvance_ClockYearsAhead(t *testing.T) {
	v, path := newVault(t)
	before := mustRead(t, path)
	if err := mustOpen(t, path, day).Advance(day + 401); err == nil {
		t.Error("401 days at once while running")
	}
	_, err := Open(path, day+401)
	if err == nil || !strings.Contains(err.Error(), "allow_until") || !strings.Contains(err.Error(), (day+401).String()) {
		t.Fatalf("401 days at once: %v", err)
	}
	if !bytes.Equal(before, mustRead(t, path)) {
		t.Error("the refusal changed the file")
	}
	// What the sentence says how to do.
	mustWrite(t, path, bytes.Replace(before, []byte("{"), fmt.Appendf(nil, `{"allow_until": %d,`, day+401), 1))
	if _, err := Open(path, day+402); err == nil {
		t.Error("further than was allowed")
	}
	if got := mustOpen(t, path, day+401).Today(); got != day+401 {
		t.Errorf("allowed, and stands at %s", got)
	}
	if bytes.Contains(mustRead(t, path), []byte("allow_until")) {
		t.Error("the leave lasts longer than one step")
	}
	if err := v.Advance(day + 401); err != nil || v.Today() != day+401 {
		t.Errorf("another process does not follow: %v", err)
	}
}

// Two processes with one file: neither undoes a step of the other, whichever
// clock is behind.
func TestAdvance_TwoProcesses(t *testing.T) {
	a, path := newVault(t)
	b := mustOpen(t, path, day)
	if err := a.Advance(day + 2); err != nil {
		t.Fatal(err)
	}
	if err := b.Advance(day + 1); err != nil {
		t.Fatal(err)
	}
	if a.now() != b.now() || b.Today() != day+2 {
		t.Error("the slower one stays behind, or goes another way")
	}
	var wg sync.WaitGroup
	for n := range 16 {
		wg.Go(func() {
			v, err := Open(path, day+3)
			if err == nil {
				err = v.Advance(day + 3 + Day(n%2))
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := errors.Join(a.Advance(day+4), b.Advance(day+4)); err != nil || a.now() != b.now() {
		t.Errorf("after many steps at once: %v", err)
	}
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	if len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

func TestAdvance_FileReplacedOrGone(t *testing.T) {
	v, path := newVault(t)
	_, foreign := newVault(t)
	mustWrite(t, path, mustRead(t, foreign))
	if err := v.Advance(day + 1); !errors.Is(err, ErrForeign) {
		t.Errorf("replaced: %v", err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := v.Advance(day + 1); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("gone: %v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("made a new file")
	}
}

func TestCheckChain(t *testing.T) {
	v, path := newVault(t)
	foreign, _ := newVault(t)
	if err := mustOpen(t, path, day+1).CheckChain(v.ID()); err != nil {
		t.Error(err)
	}
	if err := v.CheckChain(foreign.ID()); !errors.Is(err, ErrForeign) {
		t.Errorf("another chain: %v", err)
	}
}

func TestCreate_NeverOverAFile(t *testing.T) {
	_, path := newVault(t)
	before := mustRead(t, path)
	if _, err := Create(path, day); !errors.Is(err, os.ErrExist) {
		t.Errorf("a second one: %v", err)
	}
	if !bytes.Equal(before, mustRead(t, path)) {
		t.Error("wrote over a key file")
	}
}

func TestFile_ForItsOwnerAlone(t *testing.T) {
	_, path := newVault(t)
	mustOpen(t, path, day+1)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v", info.Mode(), err)
	}
	for _, mode := range []os.FileMode{0o640, 0o604, 0o620, 0o602} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path, day+1); err == nil || !strings.Contains(err.Error(), "chmod 600") {
			t.Errorf("mode %o: %v", mode, err)
		}
	}
}

func TestFile_BehindALink(t *testing.T) {
	_, path := newVault(t)
	link := filepath.Join(t.TempDir(), "link.key")
	if err := os.Symlink(path, link); err != nil {
		t.Skip(err)
	}
	mustOpen(t, link, day+1)
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Error("the link was replaced by a file")
	}
	if mustOpen(t, path, day).Today() != day+1 {
		t.Error("the file behind the link did not move")
	}
}

func TestFile_HoldsNothingOfThePast(t *testing.T) {
	v, path := newVault(t)
	key := NewKey()
	mustWrap(t, v, key, day)
	past := []secret{key.s}
	for today := day; today < day+5; today++ {
		past = append(past, v.now().Value)
		if err := v.Advance(today + 1); err != nil {
			t.Fatal(err)
		}
	}
	b := mustRead(t, path)
	for i, s := range past {
		text, _ := s.MarshalText()
		if bytes.Contains(b, text) || bytes.Contains(b, s[:]) {
			t.Errorf("secret %d is still in the file", i)
		}
	}
	if text, _ := v.now().Value.MarshalText(); !bytes.Contains(b, text) {
		t.Error("today's value is not in the file, so this test sees nothing")
	}
}

func TestFile_Damaged(t *testing.T) {
	_, path := newVault(t)
	whole := mustRead(t, path)
	edit := func(change func(m map[string]any)) []byte {
		var m map[string]any
		if err := json.Unmarshal(whole, &m); err != nil {
			t.Fatal(err)
		}
		change(m)
		b, _ := json.Marshal(m)
		return b
	}
	for name, b := range map[string][]byte{
		"empty":            nil,
		"cut in two":       whole[:len(whole)/2],
		"no JSON":          []byte("-----BEGIN PRIVATE KEY-----"),
		"something else":   []byte(`{"name":"samling"}`),
		"a newer format":   edit(func(m map[string]any) { m["format"] = 2 }),
		"no chain":         edit(func(m map[string]any) { delete(m, "chain") }),
		"no value":         edit(func(m map[string]any) { delete(m, "value") }),
		"a short value":    edit(func(m map[string]any) { m["value"] = "c2hvcnQ=" }),
		"no base64":        edit(func(m map[string]any) { m["signing"] = "?" }),
		"no day":           edit(func(m map[string]any) { delete(m, "day") }),
		"no address key":   edit(func(m map[string]any) { m["addresses"] = nil }),
		"a day in letters": edit(func(m map[string]any) { m["day"] = "today" }),
	} {
		mustWrite(t, path, b)
		if _, err := Open(path, day); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
		if !bytes.Equal(b, mustRead(t, path)) {
			t.Errorf("%s: the file was changed", name)
		}
	}
	if _, err := Open(path+".not", day); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func TestSecrets_InNoLog(t *testing.T) {
	v, _ := newVault(t)
	key := NewKey()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		for _, thing := range []any{key, &key, v} {
			text := fmt.Sprintf(verb, thing)
			if len(text) > 50 {
				t.Errorf("%s prints %s", verb, text)
			}
		}
	}
}

func TestLook_ChangesNothing(t *testing.T) {
	v, path := newVault(t)
	before := mustRead(t, path)
	chain, stands, err := Look(path)
	if chain != v.ID() || stands != day || err != nil {
		t.Errorf("sees %s on %v, %v", chain, stands, err)
	}
	if !bytes.Equal(mustRead(t, path), before) {
		t.Error("the look changed the file")
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Look(path); !errors.Is(err, ErrExposed) {
		t.Errorf("error = %v of an exposed file", err)
	}
}

package vault

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"
)

// The errors that a caller acts upon; match them with errors.Is.
var (
	// ErrDestroyed: the day until which the key was kept has passed. Nobody can
	// bring it back.
	ErrDestroyed = errors.New("the key has been destroyed, as its day has passed")
	// ErrForeign: the key file belongs to another installation.
	ErrForeign = errors.New("the key file belongs to another installation")
	// ErrExposed: others than its owner may read the key file.
	ErrExposed = errors.New("others may read the key file")
	// ErrBroken: the key file is none, or not whole.
	ErrBroken = errors.New("not a whole key file")
)

// Day is a day in UTC, as days since 1970-01-01.
type Day int

// DayOf is the day in which an instant lies, in UTC.
func DayOf(t time.Time) Day { return Day(t.Unix() / 86400) }

// String is the date, as in 2026-05-01.
func (d Day) String() string { return time.Unix(int64(d)*86400, 0).UTC().Format(time.DateOnly) }

const (
	// LongestStep is how far the chain goes forward at once, in days. A clock
	// that stands years ahead would destroy every key for good.
	LongestStep = 400
	// furthest is how far ahead a key may be kept, in days: a century. Each day
	// costs a derivation.
	furthest = 36_525
)

// Vault is an opened key file. It may be used by many goroutines at once.
type Vault struct {
	path    string
	journal *Journal

	mu sync.Mutex
	in contents
}

// Create makes a new key file that only its owner can read, with a chain that
// begins today. An existing file is refused: nothing is as lost as what was
// sealed with a key file that was written over.
func Create(path string, today Day) (*Vault, error) {
	in := contents{Format: fileFormat, Chain: newChainID(), Day: today}
	for _, s := range []*secret{&in.Value, &in.Signing, &in.Addresses} {
		*s = newSecret()
	}
	if err := in.create(path); err != nil {
		return nil, err
	}
	return Open(path, today)
}

// Open reads a key file and steps its chain forward to today, on disk before it
// returns. A clock that has gone back changes nothing; one that is more than 400
// days ahead of the file is refused, with a sentence that says what to do.
func Open(path string, today Day) (*Vault, error) {
	// The file is replaced by renaming, which would replace a link to it.
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	in, err := read(path)
	if err != nil {
		return nil, err
	}
	v := &Vault{path: path, journal: &Journal{path: path + ".erased"}, in: in}
	if err := v.Advance(today); err != nil {
		return nil, err
	}
	return v, nil
}

// ID is the chain's id. The store keeps it too, so that a foreign key file is
// noticed.
func (v *Vault) ID() string { return v.now().Chain }

// Today is the day at which the chain stands.
func (v *Vault) Today() Day { return v.now().Day }

// CheckChain returns ErrForeign when the id is not that of the chain.
func (v *Vault) CheckChain(id string) error {
	if have := v.ID(); id != have {
		return fmt.Errorf("%s has the chain %s, the store was sealed with %s: %w", v.path, have, id, ErrForeign)
	}
	return nil
}

// Advance steps the chain forward to today, on disk and in memory; what was
// wrapped for an earlier day is destroyed by it. It never goes backwards.
//
// The file is read anew each time: another process may have stepped further, and
// its step must never be undone. Two that step at once write the same bytes.
func (v *Vault) Advance(today Day) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	file, err := read(v.path)
	if err != nil {
		return err
	}
	if file.Chain != v.in.Chain {
		return fmt.Errorf("%s was replaced while it was in use: %w", v.path, ErrForeign)
	}
	next := file
	if v.in.Day > next.Day {
		next = v.in
	}
	if days := today - next.Day; days > LongestStep && file.AllowUntil < today {
		return fmt.Errorf("the clock says %s, but %s was last used on %s; going on would destroy every key that was kept for the %d days between. "+
			`Put the clock right. If it is right, write "allow_until": %d into the file and start again`,
			today, v.path, next.Day, days, int(today))
	}
	next.AllowUntil = 0
	next.Value = next.Value.forward(next.Day, today)
	next.Day = max(next.Day, today)
	if next != file {
		if err := next.replace(v.path); err != nil {
			return err
		}
	}
	v.in = next
	return nil
}

// now is what the vault holds at this moment.
func (v *Vault) now() contents {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.in
}

// Format keeps secrets out of logs, whatever verb they are printed with.
func (v *Vault) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "vault %s", v.ID()) }

// secret is 256 random or derived bits.
type secret [32]byte

func newSecret() secret {
	var s secret
	rand.Read(s[:]) // never fails; see crypto/rand
	return s
}

// derive makes another secret that tells nothing of this one.
func (s secret) derive(label string) secret {
	b, err := hkdf.Key(sha256.New, s[:], nil, label, len(s))
	if err != nil {
		panic(err) // only for lengths beyond 255 hashes
	}
	return secret(b)
}

// forward is the chain's value on a later day, given the one on day from.
func (s secret) forward(from, to Day) secret {
	for ; from < to; from++ {
		s = s.derive("samling 1 chain")
	}
	return s
}

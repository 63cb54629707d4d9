package vault

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
)

const fileFormat = 1

// contents is what the key file holds.
type contents struct {
	Format int    `json:"format"`
	Chain  string `json:"chain"`
	Day    Day    `json:"day"`
	// Value is the chain's on Day. No earlier one can be had from it.
	Value secret `json:"value"`
	// Signing makes tokens and codes, and seals what is kept for good; Addresses
	// makes hashes. Neither ever changes.
	Signing   secret `json:"signing"`
	Addresses secret `json:"addresses"`
	// AllowUntil is written by hand, to let the chain make one longer step.
	AllowUntil Day `json:"allow_until,omitempty"`
}

// MarshalText and UnmarshalText are base64.
func (s secret) MarshalText() ([]byte, error) {
	return base64.StdEncoding.AppendEncode(nil, s[:]), nil
}

func (s *secret) UnmarshalText(text []byte) error {
	b, err := base64.StdEncoding.Strict().AppendDecode(nil, text)
	if err == nil && len(b) != len(s) {
		err = fmt.Errorf("a secret of %d bytes, not %d", len(b), len(s))
	}
	if err == nil {
		copy(s[:], b)
	}
	return err
}

// read returns the contents of a key file that nobody else may read.
func read(path string) (contents, error) {
	f, err := os.Open(path)
	if err != nil {
		return contents{}, fmt.Errorf("key file: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return contents{}, fmt.Errorf("key file: %w", err)
	}
	// Windows has no such bits: every file looks open to all there.
	if info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		return contents{}, fmt.Errorf("%s has the mode %04o; make it yours alone with chmod 600, and think of who may have read it: %w",
			path, info.Mode().Perm(), ErrExposed)
	}
	b, err := io.ReadAll(io.LimitReader(f, 1<<16))
	if err != nil {
		return contents{}, fmt.Errorf("key file: %w", err)
	}
	in, err := parse(b)
	if err != nil {
		return contents{}, fmt.Errorf("%s (%w); put the right one in its place, or its copy: %w", path, err, ErrBroken)
	}
	return in, nil
}

// Look says which chain a key file holds and on which day it stands, and leaves
// it as it is. Its errors are those of Open.
func Look(path string) (chain string, day Day, err error) {
	in, err := read(path)
	return in.Chain, in.Day, err
}

// parse reads the bytes of a key file.
func parse(b []byte) (contents, error) {
	var in contents
	if err := json.Unmarshal(b, &in); err != nil {
		return contents{}, err
	}
	switch {
	case in.Format > fileFormat:
		return contents{}, fmt.Errorf("format %d was written by a newer Samling, which is needed to read it", in.Format)
	case in.Format != fileFormat || in.Chain == "" || in.Day <= 0:
		return contents{}, errors.New("no chain in it")
	case in.Value == secret{}, in.Signing == secret{}, in.Addresses == secret{}:
		return contents{}, errors.New("a secret is missing")
	}
	return in, nil
}

// bytes are the contents as they stand in the file.
func (in contents) bytes() []byte {
	b, err := json.MarshalIndent(in, "", "  ")
	if err != nil {
		panic(err) // numbers and texts cannot fail
	}
	return append(b, '\n')
}

// create writes a new file, and refuses one that exists: linking does, where
// renaming would replace it.
func (in contents) create(path string) error { return in.put(path, os.Link) }

// replace puts the contents in the place of an older file.
func (in contents) replace(path string) error { return in.put(path, os.Rename) }

// put writes a file beside the path and gives it its place. Whoever reads, or a
// power cut, finds the older file or the newer one, whole.
func (in contents) put(path string, place func(from, to string) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*") // mode 0600
	if err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	defer os.Remove(f.Name()) // gone already, unless something failed
	if err := in.fill(f); err != nil {
		return err
	}
	if err := place(f.Name(), path); err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	return syncFolder(path)
}

// fill writes the contents, waits for the disk and closes the file.
func (in contents) fill(f *os.File) error {
	_, err := f.Write(in.bytes())
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	return nil
}

// syncFolder makes the file's name as durable as its bytes.
func syncFolder(path string) error {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	if err := errors.Join(dir.Sync(), dir.Close()); err != nil && runtime.GOOS != "windows" {
		return fmt.Errorf("key file: %w", err)
	}
	return nil
}

// newChainID is random and 128 bits long.
func newChainID() string {
	var b [16]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

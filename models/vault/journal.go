package vault

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"
)

// Journal remembers what was erased, for the day on which an older copy of the
// store takes its place. It is a file beside the key file, and so apart from the
// store and its backups: its first line is its id, every other that of an erased
// sign-up, which says nothing of anybody. Several processes may write to it.
type Journal struct {
	path string
	mu   sync.Mutex
}

// Journal is the one of this key file.
func (v *Vault) Journal() *Journal { return v.journal }

// Note adds erased sign-ups. They are on the disk when it returns.
func (j *Journal) Note(rsvps ...string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	f, err := os.OpenFile(j.path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	lines, err := begun(f)
	if err == nil {
		lines = append(append(lines, strings.Join(rsvps, "\n")...), '\n')
		_, err = f.Write(lines) // in one write, so that those of others stay whole
	}
	return errors.Join(err, f.Sync(), f.Close(), syncFolder(j.path))
}

// begun is what has to stand before the next line: the id of a new journal, or
// the end of a line that a power cut left unfinished.
func begun(f *os.File) ([]byte, error) {
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	if size == 0 {
		return []byte(rand.Text() + "\n"), nil
	}
	last := make([]byte, 1)
	if _, err := f.ReadAt(last, size-1); err != nil || last[0] == '\n' {
		return nil, err
	}
	return []byte("\n"), nil
}

// Read is the journal's id, and the sign-ups in the order in which they were
// erased. Both are empty when nothing ever was. A line that was not finished was
// never acknowledged, and is left out.
func (j *Journal) Read() (id string, rsvps []string, err error) {
	text, err := os.ReadFile(j.path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil, nil
	}
	whole := string(text[:bytes.LastIndexByte(text, '\n')+1])
	if err != nil || whole == "" {
		return "", nil, err
	}
	lines := strings.Split(strings.TrimSuffix(whole, "\n"), "\n")
	return lines[0], lines[1:], nil
}

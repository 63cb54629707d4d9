// Package shape is the form in which every store keeps a document: its revision,
// the parts of its indexes and its JSON. It is shared so that a document reads
// back alike from all of them, and can be moved from one to another.
package shape

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	fast "github.com/go-json-experiment/json"

	"samling/models"
)

// Faults of opening a store that its program may decide by.
var (
	// ErrNewer: a newer Samling wrote it.
	ErrNewer = errors.New("newer schema")
	// ErrForeign: it is not a Samling store.
	ErrForeign = errors.New("not a Samling database")
	// ErrUnfinished: it is a copy of another store that was not finished.
	ErrUnfinished = errors.New("an unfinished copy")
	// ErrTaken: a copy would have to replace what is there.
	ErrTaken = errors.New("not empty")
	// ErrOlder: an older Samling wrote it, and a look does not migrate it.
	ErrOlder = errors.New("older schema")
	// ErrIncomplete: a table or an index is missing, and a look does not make it.
	ErrIncomplete = errors.New("a table or an index is missing")
)

// Options say how a store is opened.
type Options struct {
	// Exclusive is for serve: a second exclusive opening of the same SQLite file
	// is refused. Commands open without it and may run beside a serve.
	Exclusive bool
	// Now dates the backup that is made before an older store is migrated; nil
	// leaves the date out.
	Now func() time.Time
	// Existing refuses with fs.ErrNotExist to make a store that is not there.
	Existing bool
	// Look opens a store that is there for reading alone and leaves it as it is:
	// what has to be migrated or made first is ErrOlder or ErrIncomplete. Writes
	// fail on SQLite; on MongoDB nothing stops them.
	Look bool
	// CopyOf opens an empty store that is to become a copy of the installation
	// with that id, or such a copy that was not finished; any other is ErrTaken.
	// Until it is finished nobody else can open it: ErrUnfinished. Empty: for use.
	CopyOf string
}

// Codec encodes the documents of one collection.
type Codec[T any, P models.DocumentOf[T]] struct {
	spec  models.Spec[T]
	times times
}

// New makes the codec of a collection. It panics for a type that cannot be kept.
func New[T any, P models.DocumentOf[T]](spec models.Spec[T]) Codec[T, P] {
	return Codec[T, P]{spec: spec, times: timesOf[T]()}
}

// Encode is the JSON form of a document; models.CodeTooLarge for one with more
// than models.MaxDocument bytes.
func (c Codec[T, P]) Encode(value *T) ([]byte, error) {
	data, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("store: %s %q cannot be encoded: %w", c.spec.Name, P(value).Doc().ID, err)
	}
	if len(data) > models.MaxDocument {
		return nil, models.Because(models.CodeTooLarge, fmt.Errorf("store: %s %q has %d bytes", c.spec.Name, P(value).Doc().ID, len(data)))
	}
	return data, nil
}

// Decode returns a document that is the caller's own, its times as models.Milli
// has them.
func (c Codec[T, P]) Decode(doc models.Document, data []byte) (*T, error) {
	value := new(T)
	if err := fast.Unmarshal(data, value); err != nil {
		return nil, fmt.Errorf("store: %s %q cannot be decoded: %w", c.spec.Name, doc.ID, err)
	}
	c.times.settle(value)
	*P(value).Doc() = doc
	return value, nil
}

// Settled reports whether a value is as it would be decoded: a time that a
// change set in another zone reads back in UTC.
func (c Codec[T, P]) Settled(value *T) bool { return c.times.settled(value) }

// Columns are the index parts of a document, index by index; those of an index
// that it is not in are nil.
func (c Codec[T, P]) Columns(value *T) ([]any, error) {
	var all []any
	for _, ix := range c.spec.Indexes {
		values := ix.Parts(value)
		if values == nil {
			values = make([]any, ix.Width)
		} else if err := CheckParts(values, ix.Width); err != nil {
			return nil, fmt.Errorf("store: %s, index %s: %w", c.spec.Name, ix.Name, err)
		}
		all = append(all, values...)
	}
	return all, nil
}

// Part is the name under which one part of an index is kept, counted from 0.
func Part(index string, n int) string { return index + "_" + strconv.Itoa(n+1) }

// CheckParts returns what is wrong with the parts of an index.
func CheckParts(values []any, width int) error {
	if len(values) != width {
		return fmt.Errorf("%d parts instead of %d", len(values), width)
	}
	for _, v := range values {
		switch v.(type) {
		case string, int64:
		default:
			return fmt.Errorf("part %v is a %T, neither a string nor an int64", v, v)
		}
	}
	return nil
}

// Following is the revision after another: a count for the eye, and a random
// number, since a document that was deleted and made again counts from one.
func Following(r models.Revision) models.Revision {
	count, _, _ := strings.Cut(string(r), "-")
	n, _ := strconv.Atoi(count) // 0 for a document that was never stored
	return models.Revision(fmt.Sprintf("%d-%016x", n+1, rand.Uint64()))
}

// Attempt runs a change. One that panics fails alone: the process serves others,
// and so does the batch.
func Attempt[T any](change func(*T) error, value *T) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = models.Because(models.CodeInternal, fmt.Errorf("store: a change panicked: %v\n%s", p, debug.Stack()))
		}
	}()
	return change(value)
}

package shape

import (
	"context"
	"fmt"
	"iter"

	"samling/models"
)

// Row is a document as it is kept, without its type.
type Row struct {
	models.Document
	Data []byte
}

// Table is a collection without its type: what is needed to copy one exactly.
type Table interface {
	Name() string
	// Size is about how many documents there are.
	Size(ctx context.Context) (int, error)
	// Rows yields all documents in the order of their ids' bytes. Like List it
	// reads in pages and holds nothing while it yields.
	Rows(ctx context.Context) iter.Seq2[Row, error]
	// Inserting makes an op for Write that creates documents with the revisions
	// and the very bytes that they had elsewhere.
	Inserting(...Row) models.Op
	Deleting(id string, revision models.Revision) models.Op
}

// Mine are ops as the store that made them knows them.
func Mine[O models.Op](ops []models.Op) ([]O, error) {
	mine := make([]O, len(ops))
	for i, o := range ops {
		var ok bool
		if mine[i], ok = o.(O); !ok {
			return nil, fmt.Errorf("store: op %d (%T) was made by another store", i, o)
		}
	}
	return mine, nil
}

// Whole is the backend of a store as a copy sees it.
type Whole interface {
	models.Backend
	Tables() []Table
	// Finish lets a store that was opened with Options.CopyOf be used.
	Finish(ctx context.Context) error
}

// A page of List ends at so many documents or, for big ones, bytes.
const (
	PageDocuments = 200
	PageBytes     = 4 << 20
)

// Pages yields rows page by page, at most limit of them; 0: all. next reads the
// page that comes then, of at most size rows, and says whether there may be
// another behind it.
func Pages(limit int, next func(size int) (page []Row, more bool, err error)) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for left := limit; ; {
			size := PageDocuments
			if limit > 0 {
				size = min(size, left)
			}
			page, more, err := next(size)
			if err != nil {
				yield(Row{}, err)
				return
			}
			for _, r := range page {
				if !yield(r, nil) {
					return
				}
			}
			if left -= len(page); !more || limit > 0 && left <= 0 {
				return
			}
		}
	}
}

// Value decodes a row that was read without an error.
func (c Codec[T, P]) Value(r Row, err error) (T, error) {
	var none T
	if err != nil {
		return none, err
	}
	value, err := c.Decode(r.Document, r.Data)
	if err != nil {
		return none, err
	}
	return *value, nil
}

// Documents decodes rows. The first error ends the sequence.
func (c Codec[T, P]) Documents(rows iter.Seq2[Row, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for r, err := range rows {
			value, err := c.Value(r, err)
			if !yield(value, err) || err != nil {
				return
			}
		}
	}
}

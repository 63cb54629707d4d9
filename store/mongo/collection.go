package mongo

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"iter"
	"slices"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"samling/models"
	"samling/store/shape"
)

// collection keeps one kind of document.
type collection[T any, P models.DocumentOf[T]] struct {
	s     *backend
	spec  models.Spec[T]
	codec shape.Codec[T, P]
	docs  *mongo.Collection
	// unique: a write may meet a unique key, and is not joined with others.
	unique bool
	// wanted are locks for the values of unique keys, shared by their hash.
	wanted [64]sync.Mutex

	mu sync.Mutex
	// lines are the changes that wait, by document. A line is there as long as
	// somebody works it off.
	lines map[string][]*updating[T, P]
}

func newCollection[T any, P models.DocumentOf[T]](s *backend, spec models.Spec[T]) *collection[T, P] {
	c := &collection[T, P]{
		s: s, spec: spec, codec: shape.New[T, P](spec), docs: s.db.Collection(spec.Name),
		lines: map[string][]*updating[T, P]{},
	}
	for _, ix := range spec.Indexes {
		c.unique = c.unique || ix.Unique
	}
	s.tables = append(s.tables, c)
	return c
}

// stored is a document as it is read.
type stored struct {
	ID       string `bson:"_id"`
	Revision models.Revision
	Data     string
	Parts    map[string]any `bson:",inline"`
}

func (d stored) row() shape.Row {
	return shape.Row{Document: models.Document{ID: d.ID, Revision: d.Revision}, Data: []byte(d.Data)}
}

// kept is a document as it is written. Parts of an index that it is not in are
// left out.
func (c *collection[T, P]) kept(doc models.Document, value *T, data []byte) (bson.D, error) {
	columns, err := c.codec.Columns(value)
	if err != nil {
		return nil, err
	}
	d := bson.D{{Key: "_id", Value: doc.ID}, {Key: "revision", Value: doc.Revision}}
	for _, ix := range c.spec.Indexes {
		for n := range ix.Width {
			if columns[n] != nil {
				d = append(d, bson.E{Key: shape.Part(ix.Name, n), Value: columns[n]})
			}
		}
		columns = columns[ix.Width:]
	}
	return append(d, bson.E{Key: "data", Value: string(data)}), nil
}

// alone lets one write of a unique key go ahead at a time, and returns how to let
// the next. The server does without; but DocumentDB has two who want one key wait
// for each other until it finds the deadlock a second later, and a crowd for
// longer than a call may take. Between processes that is rare, and tried again.
func (c *collection[T, P]) alone(kept bson.D) func() {
	if !c.unique {
		return func() {}
	}
	key := fnv.New32a()
	for _, ix := range c.spec.Indexes {
		for _, e := range kept {
			if ix.Unique && slices.Contains(orderOf(ix), e.Key) {
				_, _ = fmt.Fprint(key, e.Value) // a hash takes everything
			}
		}
	}
	lock := &c.wanted[key.Sum32()%uint32(len(c.wanted))]
	lock.Lock()
	return lock.Unlock
}

// load reads one document; models.ErrNotFound when there is none.
func (c *collection[T, P]) load(ctx context.Context, id string) (shape.Row, error) {
	var d stored
	err := patiently(ctx, func(call context.Context) error { return c.docs.FindOne(call, byID(id)).Decode(&d) })
	if errors.Is(err, mongo.ErrNoDocuments) {
		err = models.ErrNotFound
	}
	return d.row(), err
}

func byID(id string) bson.D { return bson.D{{Key: "_id", Value: id}} }

func byRevision(d models.Document) bson.D {
	return append(byID(d.ID), bson.E{Key: "revision", Value: d.Revision})
}

// Name is that of the collection; see shape.Table.
func (c *collection[T, P]) Name() string { return c.spec.Name }

// Size is what the server has counted; see shape.Table.
func (c *collection[T, P]) Size(ctx context.Context) (int, error) {
	var n int64
	err := patiently(ctx, func(call context.Context) (err error) {
		n, err = c.docs.EstimatedDocumentCount(call)
		return err
	})
	return int(n), err
}

// Rows reads all documents; see shape.Table.
func (c *collection[T, P]) Rows(ctx context.Context) iter.Seq2[shape.Row, error] {
	return c.rows(ctx, models.Query{})
}

// Get reads one document; see models.Collection.
func (c *collection[T, P]) Get(ctx context.Context, id string) (T, error) {
	return c.codec.Value(c.load(ctx, id))
}

// Create stores a new document; see models.Collection.
func (c *collection[T, P]) Create(ctx context.Context, doc T) error {
	return c.s.Write(ctx, c.Creating(doc))
}

// Update changes a document; see models.Collection. What it returns was decoded
// from what was committed, which may hold the changes of others who were
// committed with it.
func (c *collection[T, P]) Update(ctx context.Context, id string, change func(*T) error) (T, error) {
	o := &updating[T, P]{c: c, id: id, change: change}
	_, err := o.apply(ctx, nil)
	return c.codec.Value(o.committed, err)
}

// Delete removes one revision; see models.Collection.
func (c *collection[T, P]) Delete(ctx context.Context, id string, revision models.Revision) error {
	return c.s.Write(ctx, c.Deleting(id, revision))
}

// Updating makes an op; see models.Collection.
func (c *collection[T, P]) Updating(id string, change func(*T) error) models.Op {
	return &updating[T, P]{c: c, id: id, change: change}
}

// Deleting makes an op; see models.Collection.
func (c *collection[T, P]) Deleting(id string, revision models.Revision) models.Op {
	return &deleting[T, P]{c: c, doc: models.Document{ID: id, Revision: revision}}
}

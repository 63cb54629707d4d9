package mongo

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"samling/models"
	"samling/store/shape"
)

// creating are new documents, mostly one.
type creating[T any, P models.DocumentOf[T]] struct {
	c   *collection[T, P]
	all []addition
}

func (*creating[T, P]) Op() {}

// addition is one new document.
type addition struct {
	doc  models.Document
	kept bson.D
	err  error // why it cannot be kept
}

// Creating makes an op; see models.Collection. The document is encoded here: what
// the caller does with it afterwards changes nothing.
func (c *collection[T, P]) Creating(doc T) models.Op {
	data, err := c.codec.Encode(&doc)
	return &creating[T, P]{c, []addition{c.addition(models.Document{ID: P(&doc).Doc().ID, Revision: shape.Following("")}, &doc, data, err)}}
}

// Inserting makes an op; see shape.Table.
func (c *collection[T, P]) Inserting(rows ...shape.Row) models.Op {
	o := &creating[T, P]{c: c}
	for _, r := range rows {
		value, err := c.codec.Decode(r.Document, r.Data)
		o.all = append(o.all, c.addition(r.Document, value, r.Data, err))
	}
	return o
}

func (c *collection[T, P]) addition(doc models.Document, value *T, data []byte, err error) addition {
	f := addition{doc: doc, err: err}
	if f.err == nil && doc.ID == "" {
		f.err = fmt.Errorf("store: a document of %s has no id", c.spec.Name)
	}
	if f.err == nil {
		f.kept, f.err = c.kept(doc, value, data)
	}
	return f
}

// apply takes the new documents behind along, unless a unique key may be wanted by
// others too.
func (o *creating[T, P]) apply(ctx context.Context, behind []op) (together int, err error) {
	all := o.all
	for _, next := range behind {
		same, ok := next.(*creating[T, P])
		if !ok || same.c != o.c || o.c.unique {
			break
		}
		all = append(all[:len(all):len(all)], same.all...)
		together++
	}
	done, err := o.c.s.begin(ctx)
	if err != nil {
		return 0, err
	}
	defer done()
	var cannot error
	for i, f := range all {
		if f.err != nil {
			all, cannot = all[:i], f.err
			break
		}
	}
	if len(all) > 0 {
		err = o.c.insert(ctx, all)
	}
	if err != nil {
		return 0, err
	}
	return together, cannot
}

// errMore: more of the documents are there than before, and not yet all.
var errMore = errors.New("not all were written")

// insert sends new documents in one message, of which the server takes one after
// the other and stops at the first that it refuses.
func (c *collection[T, P]) insert(ctx context.Context, all []addition) error {
	if len(all) == 1 {
		defer c.alone(all[0].kept)()
	}
	err := sure(ctx, func(ctx context.Context) error {
		docs := make([]bson.D, len(all))
		for i, f := range all {
			docs[i] = f.kept
		}
		_, err := c.docs.InsertMany(ctx, docs)
		return err
	}, func(ctx context.Context) (bool, error) {
		left, err := c.missing(ctx, all)
		if err == nil && len(left) > 0 && len(left) < len(all) {
			err = errMore
		}
		all = left
		return len(left) == 0, err
	})
	if mongo.IsDuplicateKeyError(err) {
		return models.Because(models.CodeExists, err)
	}
	return err
}

// missing are those of the new documents that are not there.
func (c *collection[T, P]) missing(ctx context.Context, all []addition) (left []addition, err error) {
	for i, f := range all {
		r, err := c.load(ctx, f.doc.ID)
		if err != nil && !errors.Is(err, models.ErrNotFound) {
			return append(left, all[i:]...), err
		}
		if r.Revision != f.doc.Revision {
			left = append(left, f)
		}
	}
	return left, nil
}

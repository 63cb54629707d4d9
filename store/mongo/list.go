package mongo

import (
	"context"
	"fmt"
	"iter"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"samling/models"
	"samling/store/shape"
)

// List reads page by page; see models.Collection. Between pages it holds nothing
// but the place of the last document, and goes on behind that.
func (c *collection[T, P]) List(ctx context.Context, q models.Query) iter.Seq2[T, error] {
	return c.codec.Documents(c.rows(ctx, q))
}

func (c *collection[T, P]) rows(ctx context.Context, q models.Query) iter.Seq2[shape.Row, error] {
	return func(yield func(shape.Row, error) bool) {
		s, err := c.search(q)
		if err != nil {
			yield(shape.Row{}, err)
			return
		}
		shape.Pages(q.Limit, func(size int) ([]shape.Row, bool, error) { return c.page(ctx, s, size) })(yield)
	}
}

// Count counts; see models.Collection.
func (c *collection[T, P]) Count(ctx context.Context, q models.Query) (int, error) {
	s, err := c.search(q)
	if err != nil {
		return 0, err
	}
	var n int64
	err = patiently(ctx, func(call context.Context) (err error) {
		n, err = c.docs.CountDocuments(call, s.where(), options.Count().SetHint(s.hint))
		return err
	})
	return int(n), err
}

// page reads one page. more says that there may be another, which is then the
// next that is read.
func (c *collection[T, P]) page(ctx context.Context, s *search, size int) (page []shape.Row, more bool, err error) {
	err = patiently(ctx, func(call context.Context) error {
		page, more, err = c.pageOnce(call, s, size)
		return err
	})
	return page, more, err
}

// pageOnce reads one page and closes its cursor.
func (c *collection[T, P]) pageOnce(call context.Context, s *search, size int) (page []shape.Row, more bool, err error) {
	cursor, err := c.docs.Find(call, s.where(), options.Find().SetSort(s.sort()).SetHint(s.hint).
		SetLimit(int64(size)).SetBatchSize(int32(size)))
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = cursor.Close(call) }() // its error is in cursor.Err
	var last stored
	for total := 0; total < shape.PageBytes && cursor.Next(call); {
		var d stored
		if err := cursor.Decode(&d); err != nil {
			return nil, false, fmt.Errorf("store: a document of %s cannot be read: %w", c.spec.Name, err)
		}
		last = d
		total += len(d.Data)
		more = len(page)+1 == size || total >= shape.PageBytes
		page = append(page, d.row())
	}
	if err := cursor.Err(); err != nil {
		return nil, false, err
	}
	if page != nil {
		s.after = s.place(last)
	}
	return page, more, nil
}

// search is a query against the fields of one index.
type search struct {
	hint       string
	order      []string // fields
	inIndex    bson.D   // condition for being in the index at all
	equal      []any    // values of the first fields
	low, high  any      // bounds of the one after those
	descending bool
	after      []any // values of all fields, nil for the beginning
}

// search translates a query. Its errors are the programmer's.
func (c *collection[T, P]) search(q models.Query) (*search, error) {
	s := &search{hint: "_id_", order: []string{"_id"}, descending: q.Descending, equal: q.Equal, low: q.From, high: q.To}
	ix, after, err := shape.Asked(c.spec, q)
	if err != nil {
		return nil, err
	}
	if q.Index != "" {
		s.hint, s.order, s.inIndex = ix.Name, orderOf(ix), inIndex(ix)
	}
	if after != nil {
		s.after = after[:len(s.order)]
	}
	return s, nil
}

// where is the condition.
func (s *search) where() bson.D {
	all := bson.A{}
	add := func(field, operator string, value any) {
		all = append(all, bson.D{{Key: field, Value: bson.D{{Key: operator, Value: value}}}})
	}
	if s.inIndex != nil {
		all = append(all, s.inIndex)
	}
	for i, value := range s.equal {
		add(s.order[i], "$eq", value)
	}
	if s.after != nil {
		all = append(all, s.behind()...)
	}
	if s.low != nil {
		add(s.order[len(s.equal)], "$gte", s.low)
	}
	if s.high != nil {
		add(s.order[len(s.equal)], "$lt", s.high)
	}
	if len(all) == 0 {
		return bson.D{}
	}
	return bson.D{{Key: "$and", Value: all}}
}

// behind is the condition for standing behind a place: greater in the first
// field, or equal there and greater in the second, and so on. That the first is
// not smaller follows, but the server does not see it, and would read the index
// from its beginning for every page.
func (s *search) behind() bson.A {
	rest, values := s.order[len(s.equal):], s.after[len(s.equal):]
	if len(rest) == 0 {
		return bson.A{bson.D{{Key: "_id", Value: bson.M{"$in": bson.A{}}}}} // a unique key that is fixed wholly has nothing behind it
	}
	than := "$gt"
	if s.descending {
		than = "$lt"
	}
	any := bson.A{}
	for i := range rest {
		var d bson.D
		for j := range i {
			d = append(d, bson.E{Key: rest[j], Value: values[j]})
		}
		any = append(any, append(d, bson.E{Key: rest[i], Value: bson.M{than: values[i]}}))
	}
	return bson.A{bson.D{{Key: rest[0], Value: bson.M{than + "e": values[0]}}}, bson.D{{Key: "$or", Value: any}}}
}

func (s *search) sort() bson.D {
	direction := 1
	if s.descending {
		direction = -1
	}
	var d bson.D
	for _, name := range s.order {
		d = append(d, bson.E{Key: name, Value: direction})
	}
	return d
}

// place is where a document stands in the order.
func (s *search) place(d stored) []any {
	values := make([]any, len(s.order))
	for i, name := range s.order {
		if name == "_id" {
			values[i] = d.ID
		} else {
			values[i] = d.Parts[name]
		}
	}
	return values
}

package sqlite

import (
	"context"
	"iter"
	"strings"

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
		shape.Pages(q.Limit, func(size int) ([]shape.Row, bool, error) { return s.page(ctx, c.s, size) })(yield)
	}
}

// Count counts; see models.Collection.
func (c *collection[T, P]) Count(ctx context.Context, q models.Query) (int, error) {
	s, err := c.search(q)
	if err != nil {
		return 0, err
	}
	where, args := s.where()
	var n int
	if err := c.s.read.QueryRowContext(ctx, "SELECT count(*) FROM "+s.from+where, args...).Scan(&n); err != nil {
		return 0, away(ctx, err)
	}
	return n, nil
}

// search is a query against the columns of one index.
type search struct {
	from       string   // the table, and the index by which it is read
	order      []string // columns
	inIndex    string   // condition for being in the index at all
	equal      []any    // values of the first columns
	low, high  any      // bounds of the one after those
	descending bool
	after      []any // values of all columns, nil for the beginning
}

// search translates a query. Its errors are the programmer's.
func (c *collection[T, P]) search(q models.Query) (*search, error) {
	s := &search{from: quoted(c.spec.Name), order: []string{quoted("id")}, descending: q.Descending, equal: q.Equal, low: q.From, high: q.To}
	ix, after, err := shape.Asked(c.spec, q)
	if err != nil {
		return nil, err
	}
	if q.Index != "" {
		s.from += " INDEXED BY " + c.indexName(ix)
		s.order, s.inIndex = orderOf(ix), part(ix.Name, 0)+" IS NOT NULL"
	}
	if after != nil {
		s.after = after[:len(s.order)]
	}
	return s, nil
}

// where is the condition with its arguments.
func (s *search) where() (string, []any) {
	var conditions []string
	var args []any
	add := func(condition string, values ...any) {
		conditions, args = append(conditions, condition), append(args, values...)
	}
	if s.inIndex != "" {
		add(s.inIndex)
	}
	for i, value := range s.equal {
		add(s.order[i]+" = ?", value)
	}
	// Columns that are fixed are left out of the comparison with the cursor, or
	// SQLite would read the index from its beginning for every page.
	rest := s.order[len(s.equal):]
	switch {
	case s.after == nil:
	case len(rest) == 0:
		add("FALSE") // a unique key that is fixed wholly has nothing behind it
	default:
		than := " > "
		if s.descending {
			than = " < "
		}
		add("("+strings.Join(rest, ", ")+")"+than+"(?"+strings.Repeat(", ?", len(rest)-1)+")", s.after[len(s.equal):]...)
	}
	if s.low != nil {
		add(rest[0]+" >= ?", s.low)
	}
	if s.high != nil {
		add(rest[0]+" < ?", s.high)
	}
	if conditions == nil {
		return "", nil
	}
	return " WHERE " + strings.Join(conditions, " AND "), args
}

// query is the statement that reads one page, with its arguments.
func (s *search) query(size int) (string, []any) {
	where, args := s.where()
	direction := ""
	if s.descending {
		direction = " DESC"
	}
	return "SELECT id, revision, data, " + strings.Join(s.order, ", ") + " FROM " + s.from + where +
		" ORDER BY " + strings.Join(s.order, direction+", ") + direction + " LIMIT ?", append(args, size)
}

// page reads one page and closes its rows: a reader that stays open keeps the
// WAL from being folded in. more says that there may be another, which is then
// the next that is read.
func (s *search) page(ctx context.Context, b *backend, size int) (page []shape.Row, more bool, err error) {
	query, args := s.query(size)
	rows, err := b.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, false, away(ctx, err)
	}
	defer func() { _ = rows.Close() }() // its error is in rows.Err
	for total := 0; total < shape.PageBytes && rows.Next(); {
		var r shape.Row
		s.after = make([]any, len(s.order))
		into := []any{&r.ID, &r.Revision, &r.Data}
		for i := range s.after {
			into = append(into, &s.after[i])
		}
		if err := rows.Scan(into...); err != nil {
			return nil, false, away(ctx, err)
		}
		total += len(r.Data)
		more = len(page)+1 == size || total >= shape.PageBytes
		page = append(page, r)
	}
	if err := rows.Err(); err != nil {
		return nil, false, away(ctx, err)
	}
	return page, more, nil
}

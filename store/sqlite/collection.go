package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"samling/models"
	"samling/store/shape"
)

// collection keeps one kind of document in one table.
type collection[T any, P models.DocumentOf[T]] struct {
	s     *backend
	spec  models.Spec[T]
	codec shape.Codec[T, P]
	made  *made
	// unique: a write may meet a unique key, and is not put off until others
	// have joined it.
	unique bool
	// kept are decoded documents, nil without Spec.Keep. The writer's alone.
	kept *simplelru.LRU[string, *working[T, P]]
}

// statements are prepared once for each collection: get for the readers, the
// others for the writer.
type statements struct {
	get, peek, load, insert, update, remove *sql.Stmt
}

func newCollection[T any, P models.DocumentOf[T]](s *backend, spec models.Spec[T]) *collection[T, P] {
	c := &collection[T, P]{
		s: s, spec: spec, codec: shape.New[T, P](spec),
		made: &made{name: spec.Name, statements: &statements{}},
	}
	for _, ix := range spec.Indexes {
		c.unique = c.unique || ix.Unique
	}
	if spec.Keep > 0 {
		c.kept, _ = simplelru.NewLRU[string, *working[T, P]](spec.Keep, nil) // fails for sizes below one
	}
	s.tables = append(s.tables, c)
	return c
}

// quoted is a name as SQL takes it: "groups" is a word of SQL's own.
func quoted(name string) string { return `"` + name + `"` }

// part is the column of one part of an index, counted from 0.
func part(index string, n int) string { return quoted(shape.Part(index, n)) }

// parts are the columns of an index.
func parts[T any](ix models.Index[T]) []string {
	names := make([]string, ix.Width)
	for n := range names {
		names[n] = part(ix.Name, n)
	}
	return names
}

// orderOf are the columns that order an index: its parts, and the id where they
// alone do not tell two documents apart.
func orderOf[T any](ix models.Index[T]) []string {
	if ix.Unique {
		return parts(ix)
	}
	return append(parts(ix), quoted("id"))
}

// ddl follows from the spec. A part is ANY, which keeps a string a string and a
// number a number. The document stands last, so that what is before it is read
// without walking through its pages. It is a rowid table: WITHOUT ROWID more
// than doubled the file.
func (c *collection[T, P]) ddl() []string {
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE TABLE IF NOT EXISTS %s (id TEXT PRIMARY KEY NOT NULL, revision TEXT NOT NULL", quoted(c.spec.Name))
	var indexes []string
	for _, ix := range c.spec.Indexes {
		for _, name := range parts(ix) {
			fmt.Fprintf(&b, ", %s ANY", name)
		}
		unique := ""
		if ix.Unique {
			unique = "UNIQUE "
		}
		indexes = append(indexes, fmt.Sprintf("CREATE %sINDEX IF NOT EXISTS %s ON %s (%s) WHERE %s IS NOT NULL",
			unique, c.indexName(ix), quoted(c.spec.Name), strings.Join(orderOf(ix), ", "), part(ix.Name, 0)))
	}
	b.WriteString(", data TEXT NOT NULL) STRICT")
	return append([]string{b.String()}, indexes...)
}

func (c *collection[T, P]) indexName(ix models.Index[T]) string {
	return quoted(c.spec.Name + "_by_" + ix.Name)
}

func (c *collection[T, P]) prepare(ctx context.Context) error {
	names := []string{"revision"}
	for _, ix := range c.spec.Indexes {
		names = append(names, parts(ix)...)
	}
	names = append(names, "data")
	table := quoted(c.spec.Name)
	for _, p := range []struct {
		db    *sql.DB
		into  **sql.Stmt
		query string
	}{
		{c.s.read, &c.made.get, "SELECT revision, data FROM " + table + " WHERE id = ?"},
		{c.s.write, &c.made.peek, "SELECT revision FROM " + table + " WHERE id = ?"},
		{c.s.write, &c.made.load, "SELECT revision, data FROM " + table + " WHERE id = ?"},
		{c.s.write, &c.made.insert, "INSERT INTO " + table + " (id, " + strings.Join(names, ", ") + ") VALUES (?" + strings.Repeat(", ?", len(names)) + ")"},
		{c.s.write, &c.made.update, "UPDATE " + table + " SET " + strings.Join(names, " = ?, ") + " = ? WHERE id = ?"},
		{c.s.write, &c.made.remove, "DELETE FROM " + table + " WHERE id = ? AND revision = ?"},
	} {
		var err error
		if *p.into, err = p.db.PrepareContext(ctx, p.query); err != nil {
			return fmt.Errorf("%s is not kept as this program declares it: %w", c.spec.Name, err)
		}
	}
	return nil
}

// Name is that of the table; see shape.Table.
func (c *collection[T, P]) Name() string { return c.spec.Name }

// Size counts; see shape.Table.
func (c *collection[T, P]) Size(ctx context.Context) (int, error) {
	return c.Count(ctx, models.Query{})
}

// Rows reads all documents; see shape.Table.
func (c *collection[T, P]) Rows(ctx context.Context) iter.Seq2[shape.Row, error] {
	return c.rows(ctx, models.Query{})
}

// Get reads one document; see models.Collection.
func (c *collection[T, P]) Get(ctx context.Context, id string) (T, error) {
	r := shape.Row{Document: models.Document{ID: id}}
	err := c.made.get.QueryRowContext(ctx, id).Scan(&r.Revision, &r.Data)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		err = models.ErrNotFound
	case err != nil:
		err = away(ctx, err)
	}
	return c.codec.Value(r, err)
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
	err := c.s.submit(ctx, []op{o})
	return c.codec.Value(o.committed, err)
}

// Delete removes one revision; see models.Collection.
func (c *collection[T, P]) Delete(ctx context.Context, id string, revision models.Revision) error {
	return c.s.Write(ctx, c.Deleting(id, revision))
}

// Creating makes an op; see models.Collection. The document is encoded here: what
// the caller does with it afterwards changes nothing.
func (c *collection[T, P]) Creating(doc T) models.Op {
	data, err := c.codec.Encode(&doc)
	return c.creating(models.Document{ID: P(&doc).Doc().ID, Revision: shape.Following("")}, &doc, data, err)
}

// Inserting makes an op; see shape.Table.
func (c *collection[T, P]) Inserting(rows ...shape.Row) models.Op {
	var all inserting
	for _, r := range rows {
		value, err := c.codec.Decode(r.Document, r.Data)
		all = append(all, c.creating(r.Document, value, r.Data, err))
	}
	return all
}

func (c *collection[T, P]) creating(doc models.Document, value *T, data []byte, err error) *creating {
	o := &creating{made: c.made, id: doc.ID, err: err}
	if o.err == nil && doc.ID == "" {
		o.err = fmt.Errorf("store: a document of %s has no id", c.spec.Name)
	}
	if o.err == nil {
		var parts []any
		parts, o.err = c.codec.Columns(value)
		o.columns = append(append([]any{string(doc.Revision)}, parts...), string(data))
	}
	return o
}

// Updating makes an op; see models.Collection.
func (c *collection[T, P]) Updating(id string, change func(*T) error) models.Op {
	return &updating[T, P]{c: c, id: id, change: change}
}

// Deleting makes an op; see models.Collection.
func (c *collection[T, P]) Deleting(id string, revision models.Revision) models.Op {
	return &deleting{made: c.made, id: id, revision: revision}
}

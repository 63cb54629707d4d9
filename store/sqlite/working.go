package sqlite

import (
	"bytes"
	"errors"

	"samling/models"
	"samling/store/shape"
)

// working is a document while it is being changed. It is read and decoded once
// for all changes of a batch, and written once; with Spec.Keep it stays decoded
// for the next batch. Only the writer's goroutine touches it, and its value is
// given to nobody but the changes.
type working[T any, P models.DocumentOf[T]] struct {
	c      *collection[T, P]
	doc    models.Document
	value  *T
	stored []byte // as it stands in the database
	// mark is the value before the pending changes, encoded: from there they are
	// done again when a later one fails.
	mark    []byte
	pending []func(*T) error
	dirty   bool
}

// working is the copy of a document in this batch: the one already there, one
// that was kept and is still what stands in the database, or a new one.
func (c *collection[T, P]) working(b *batch, id string) (*working[T, P], error) {
	k := key{c.made.name, id}
	if w, ok := b.documents[k]; ok {
		return w.(*working[T, P]), nil
	}
	w, err := c.load(b, id)
	if err != nil {
		return nil, err
	}
	b.documents[k] = w
	b.order = append(b.order, k)
	return w, nil
}

func (c *collection[T, P]) load(b *batch, id string) (*working[T, P], error) {
	if w, ok := c.unkeep(id); ok {
		// A command beside this process may have written it since.
		var revision string
		if err := b.scan(c.made.peek, id, &revision); err != nil {
			return nil, err
		}
		if models.Revision(revision) == w.doc.Revision {
			return w, nil
		}
	}
	var revision string
	var data []byte
	if err := b.scan(c.made.load, id, &revision, &data); err != nil {
		return nil, err
	}
	doc := models.Document{ID: id, Revision: models.Revision(revision)}
	value, err := c.codec.Decode(doc, data)
	if err != nil {
		return nil, err
	}
	return &working[T, P]{c: c, doc: doc, value: value, stored: data, mark: data}, nil
}

// unkeep takes a kept copy out of those that are kept; it goes back after the
// commit, so that an undone batch leaves none behind.
func (c *collection[T, P]) unkeep(id string) (*working[T, P], bool) {
	if c.kept == nil {
		return nil, false
	}
	w, ok := c.kept.Get(id)
	c.kept.Remove(id)
	return w, ok
}

// change does one change. When it fails nothing of it remains.
func (w *working[T, P]) change(b *batch, change func(*T) error) error {
	if err := shape.Attempt(change, w.value); err != nil {
		if undone := w.undo(); undone != nil {
			return b.fail(undone)
		}
		return err
	}
	*P(w.value).Doc() = w.doc // not for the change to set
	w.dirty = true
	w.pending = append(w.pending, change)
	if !w.c.unique && !b.apart {
		return nil
	}
	if err := w.flush(b); err != nil {
		delete(b.documents, key{w.c.made.name, w.doc.ID})
		return err
	}
	return nil
}

// undo brings the value back to where it was before a change that failed.
func (w *working[T, P]) undo() error {
	value, err := w.c.codec.Decode(w.doc, w.mark)
	if err != nil {
		return err
	}
	w.value = value
	if len(w.pending) == 0 {
		return nil
	}
	for _, change := range w.pending {
		if err := shape.Attempt(change, w.value); err != nil {
			return errors.Join(errApart, err)
		}
		*P(w.value).Doc() = w.doc
	}
	// The next failure need not go back further than this.
	if w.mark, err = w.c.codec.Encode(w.value); err != nil {
		return errors.Join(errApart, err)
	}
	w.pending = nil
	return nil
}

// flush writes the value if it has changed.
func (w *working[T, P]) flush(b *batch) error {
	if !w.dirty {
		return nil
	}
	data, err := w.c.codec.Encode(w.value)
	if err != nil {
		return err
	}
	if !bytes.Equal(data, w.stored) {
		columns, err := w.c.codec.Columns(w.value)
		if err != nil {
			return err
		}
		next := shape.Following(w.doc.Revision)
		args := append([]any{string(next)}, columns...)
		if _, err := b.exec(w.c.made.update, append(args, string(data), w.doc.ID)...); err != nil {
			return err
		}
		w.doc.Revision = next
		*P(w.value).Doc() = w.doc
	}
	w.stored, w.mark, w.pending, w.dirty = data, data, nil, false
	return nil
}

// keep leaves the decoded document for the next batch.
func (w *working[T, P]) keep() {
	// A time that a change set in another zone reads back in UTC; the kept value
	// must not differ from one that was read.
	if w.c.kept != nil && w.c.codec.Settled(w.value) {
		w.c.kept.Add(w.doc.ID, w)
	}
}

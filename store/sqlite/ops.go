package sqlite

import (
	"errors"

	"samling/models"
	"samling/store/shape"
)

// creating is a new document, encoded by its caller so that the writer need not.
type creating struct {
	made    *made
	id      string
	columns []any // revision, index parts, data
	err     error // why it cannot be kept
}

// made are the parts of a collection that have no type.
type made struct {
	name string
	*statements
}

func (*creating) Op()      {}
func (*creating) written() {}

func (o *creating) apply(b *batch) error {
	if o.err != nil {
		return o.err
	}
	if err := b.release(key{o.made.name, o.id}); err != nil {
		return err
	}
	_, err := b.exec(o.made.insert, append([]any{o.id}, o.columns...)...)
	return err
}

// inserting is many new documents.
type inserting []*creating

func (inserting) Op()      {}
func (inserting) written() {}

func (all inserting) apply(b *batch) error {
	for _, o := range all {
		if err := o.apply(b); err != nil {
			return err
		}
	}
	return nil
}

// deleting removes one revision of a document.
type deleting struct {
	made     *made
	id       string
	revision models.Revision
}

func (*deleting) Op()      {}
func (*deleting) written() {}

func (o *deleting) apply(b *batch) error {
	if err := b.release(key{o.made.name, o.id}); err != nil {
		return err
	}
	n, err := b.exec(o.made.remove, o.id, string(o.revision))
	if err != nil || n == 1 {
		return err
	}
	var revision string
	if err := b.scan(o.made.peek, o.id, &revision); err != nil {
		return err
	}
	return models.ErrChangedMeanwhile
}

// release writes a document that is being changed and lets go of it, since the
// next op goes to the database itself.
func (b *batch) release(k key) error {
	d, ok := b.documents[k]
	if !ok {
		return nil
	}
	delete(b.documents, k)
	if err := d.flush(b); err != nil {
		return b.fail(errors.Join(errApart, err))
	}
	return nil
}

// updating is a change of one document.
type updating[T any, P models.DocumentOf[T]] struct {
	c      *collection[T, P]
	id     string
	change func(*T) error
	at     *working[T, P]
	// committed is set before the caller is answered: the working copy goes on to
	// the next batch.
	committed shape.Row
}

func (*updating[T, P]) Op() {}

func (o *updating[T, P]) written() {
	if o.at != nil {
		o.committed = shape.Row{Document: o.at.doc, Data: o.at.stored}
	}
}

func (o *updating[T, P]) apply(b *batch) error {
	w, err := o.c.working(b, o.id)
	if err != nil {
		return err
	}
	if err := w.change(b, o.change); err != nil {
		return err
	}
	o.at = w
	return nil
}

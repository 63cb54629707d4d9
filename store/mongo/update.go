package mongo

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"samling/models"
	"samling/store/shape"
)

// updating is a change of one document.
type updating[T any, P models.DocumentOf[T]] struct {
	c         *collection[T, P]
	id        string
	change    func(*T) error
	ctx       context.Context // its caller's
	err       error
	done      chan struct{} // closed when err or committed is set
	committed shape.Row
}

func (*updating[T, P]) Op() {}

// apply stands in line for the document, and works the line off if nobody does.
// As long as a change waits the context can call it back; one that is being
// written is waited for.
func (o *updating[T, P]) apply(ctx context.Context, _ []op) (together int, err error) {
	done, err := o.c.s.begin(ctx)
	if err != nil {
		return 0, err
	}
	defer done()
	o.ctx, o.done = ctx, make(chan struct{})
	if o.c.join(o) {
		go o.c.serve(context.WithoutCancel(ctx), o.id) // for others too
	}
	select {
	case <-o.done:
	case <-ctx.Done():
		if o.c.leave(o) {
			return 0, ctx.Err()
		}
		<-o.done
	}
	return 0, o.err
}

// join reports whether the line is new and needs somebody to serve it.
func (c *collection[T, P]) join(o *updating[T, P]) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	line, served := c.lines[o.id]
	c.lines[o.id] = append(line, o)
	return !served
}

// leave reports whether the change was still waiting.
func (c *collection[T, P]) leave(o *updating[T, P]) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := slices.Index(c.lines[o.id], o)
	if n >= 0 {
		c.lines[o.id] = slices.Delete(c.lines[o.id], n, n+1)
	}
	return n >= 0
}

// serve commits all that waits for a document until nobody does.
func (c *collection[T, P]) serve(ctx context.Context, id string) {
	for {
		c.mu.Lock()
		line := c.lines[id]
		if len(line) == 0 {
			delete(c.lines, id)
			c.mu.Unlock()
			return
		}
		c.lines[id] = nil
		c.mu.Unlock()
		if c.unique {
			c.apart(ctx, id, line)
		} else {
			c.together(ctx, id, line)
		}
	}
}

// apart commits changes one by one, so that each has its own fault.
func (c *collection[T, P]) apart(ctx context.Context, id string, line []*updating[T, P]) {
	for _, o := range line {
		c.together(ctx, id, []*updating[T, P]{o})
	}
}

// together commits changes as one write and answers them.
func (c *collection[T, P]) together(ctx context.Context, id string, line []*updating[T, P]) {
	for try := 1; ; try++ {
		line = slices.DeleteFunc(slices.Clone(line), func(o *updating[T, P]) bool {
			if o.err = o.ctx.Err(); o.err != nil {
				close(o.done)
			}
			return o.err != nil
		})
		if len(line) == 0 {
			return
		}
		committed, err := c.once(ctx, id, line)
		switch {
		case errors.Is(err, errConflict):
			// Another process was faster; its changes are seen the next time.
			pause(line[0].ctx, try)
			continue
		case err != nil && len(line) > 1 && models.CodeOf(err) != models.CodeUnavailable && !errors.Is(err, models.ErrNotFound):
			// Whose change it was cannot be seen any more.
			c.apart(ctx, id, line)
			return
		}
		for _, o := range line {
			if err != nil {
				o.err = err
			}
			o.committed = committed
			close(o.done)
		}
		return
	}
}

// errConflict: the document has another revision than the one that was read.
var errConflict = errors.New("another write came first")

// once reads a document, does the changes, and replaces what was read. Changes
// that fail have their own error set, which holds once the others are written.
func (c *collection[T, P]) once(ctx context.Context, id string, line []*updating[T, P]) (shape.Row, error) {
	var none shape.Row
	read, err := c.load(ctx, id)
	if err != nil {
		return none, err
	}
	value, err := c.changed(read, line)
	if err != nil {
		return none, err
	}
	data, err := c.codec.Encode(value)
	if err != nil || bytes.Equal(data, read.Data) {
		return read, err
	}
	next := models.Document{ID: id, Revision: shape.Following(read.Revision)}
	kept, err := c.kept(next, value, data)
	if err != nil {
		return none, err
	}
	defer c.alone(kept)()
	err = sure(ctx, func(ctx context.Context) error {
		result, err := c.docs.ReplaceOne(ctx, byRevision(read.Document), kept)
		if err == nil && result.MatchedCount == 0 {
			return errConflict
		}
		return err
	}, c.is(next))
	if mongo.IsDuplicateKeyError(err) {
		err = models.Because(models.CodeExists, err)
	}
	return shape.Row{Document: next, Data: data}, err
}

// changed does the changes in order. Of one that fails nothing remains: what was
// done before it is done again from the beginning.
func (c *collection[T, P]) changed(read shape.Row, line []*updating[T, P]) (*T, error) {
	doc, data := read.Document, read.Data
	value, err := c.codec.Decode(doc, data)
	if err != nil {
		return nil, err
	}
	done := 0 // so many of pending stand in data already
	var pending []*updating[T, P]
	for _, o := range line {
		if o.err = shape.Attempt(o.change, value); o.err == nil {
			*P(value).Doc() = doc // not for the change to set
			pending = append(pending, o)
			continue
		}
		if value, err = c.codec.Decode(doc, data); err != nil {
			return nil, err
		}
		for _, before := range pending[done:] {
			if err := shape.Attempt(before.change, value); err != nil {
				return nil, err
			}
			*P(value).Doc() = doc
		}
		// The next failure need not go back further than this.
		if data, err = c.codec.Encode(value); err != nil {
			return nil, err
		}
		done = len(pending)
	}
	return value, nil
}

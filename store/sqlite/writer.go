package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"runtime"

	"samling/models"
	"samling/store/shape"
)

// mostTogether bounds the requests of one commit, so that none waits for too
// many others.
const mostTogether = 512

// request is what one caller wants written.
type request struct {
	ops  []op
	err  error
	done chan error
}

// op is one write of a request.
type op interface {
	models.Op
	// apply does it within the transaction of a batch. An error is the caller's
	// alone, unless the batch has failed.
	apply(b *batch) error
	// written is called after the commit, before the caller is answered.
	written()
}

// Write applies the ops in one commit; see models.Backend.
func (s *backend) Write(ctx context.Context, ops ...models.Op) error {
	mine, err := shape.Mine[op](ops)
	if err != nil {
		return err
	}
	if len(mine) == 0 {
		return nil
	}
	return s.submit(ctx, mine)
}

// submit hands ops to the writer. As long as it has not taken them the context
// can call them back; afterwards the outcome is open and has to be waited for.
func (s *backend) submit(ctx context.Context, ops []op) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	r := &request{ops: ops, done: make(chan error, 1)}
	select {
	case s.requests <- r:
		return <-r.done
	case <-ctx.Done():
		return ctx.Err()
	case <-s.closing:
		return models.Because(models.CodeUnavailable, errors.New("store: closed"))
	}
}

// run is the writer: it commits all that waits, until Close.
func (s *backend) run() {
	defer close(s.stopped)
	for {
		select {
		case first := <-s.requests:
			s.commit(s.gather(first))
		case <-s.closing:
			return
		}
	}
}

// gather takes all requests that wait.
func (s *backend) gather(first *request) []*request {
	// Those who were answered a moment ago are about to ask again; without
	// letting them, one would be committed alone and all others after it.
	runtime.Gosched()
	together := []*request{first}
	for len(together) < mostTogether {
		select {
		case r := <-s.requests:
			together = append(together, r)
		default:
			return together
		}
	}
	return together
}

// commit writes the requests in one transaction and answers them.
func (s *backend) commit(requests []*request) {
	err := s.try(requests, false)
	if errors.Is(err, errApart) {
		err = s.try(requests, true)
	}
	for _, r := range requests {
		if err != nil {
			r.err = away(context.Background(), err)
		}
		r.done <- r.err
	}
}

// errApart: the changes of a batch cannot be told from each other any more; they
// have to be written one by one.
var errApart = errors.New("changes must be written apart")

// try is one transaction; when it returns an error nothing was written. It has
// no context: it is the work of many callers.
func (s *backend) try(requests []*request, apart bool) error {
	ctx := context.Background()
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // nothing to do after a commit
	b := &batch{tx: tx, apart: apart, documents: map[key]document{}}
	for _, r := range requests {
		if r.err = b.apply(r.ops); b.failed != nil {
			return b.failed
		}
	}
	if err := b.flush(); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	for _, d := range b.documents {
		d.keep()
	}
	for _, r := range requests {
		for _, o := range r.ops {
			o.written()
		}
	}
	return nil
}

// batch is one transaction and the documents that are being changed in it.
type batch struct {
	tx *sql.Tx
	// apart: every change is written at once, so that its fault is its own.
	apart     bool
	documents map[key]document
	order     []key
	// failed is a fault that is nobody's own: the whole batch is undone.
	failed error
}

type key struct{ table, id string }

// document is a copy without its type.
type document interface {
	flush(b *batch) error
	keep()
}

// apply does the ops of one request up to the first that fails.
func (b *batch) apply(ops []op) error {
	for _, o := range ops {
		if err := o.apply(b); err != nil {
			return err
		}
	}
	return nil
}

// flush writes what was changed and not yet written.
func (b *batch) flush() error {
	for _, k := range b.order {
		if d, ok := b.documents[k]; ok {
			if err := d.flush(b); err != nil {
				if b.failed != nil {
					return b.failed
				}
				// It has no place in the database, and whose change did that
				// cannot be seen any more.
				return errApart
			}
		}
	}
	return nil
}

// fail notes that the batch cannot go on.
func (b *batch) fail(err error) error {
	if b.failed == nil {
		b.failed = err
	}
	return err
}

// exec runs a statement and returns how many rows it changed. ErrExists leaves
// the batch as it was; anything else ends it.
func (b *batch) exec(statement *sql.Stmt, args ...any) (int64, error) {
	result, err := b.tx.Stmt(statement).Exec(args...)
	switch {
	case taken(err):
		return 0, models.Because(models.CodeExists, err)
	case err != nil:
		return 0, b.fail(err)
	}
	return result.RowsAffected()
}

// scan reads one row; models.ErrNotFound when there is none.
func (b *batch) scan(statement *sql.Stmt, id string, into ...any) error {
	err := b.tx.Stmt(statement).QueryRow(id).Scan(into...)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return models.ErrNotFound
	case err != nil:
		return b.fail(err)
	}
	return nil
}

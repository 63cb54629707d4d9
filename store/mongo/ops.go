package mongo

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"samling/models"
)

// op is one write.
type op interface {
	models.Op
	// apply does it, and with it as many of those behind as go into one write;
	// together says how many these were.
	apply(ctx context.Context, behind []op) (together int, err error)
}

// patience is how long a call is made again whose fault may pass. It leaves time
// in a request to say that it did not.
const patience = 5 * time.Second

// pause waits before another try, longer each time and never as long as the
// others who wait. It reports whether there is to be one.
func pause(ctx context.Context, try int) bool {
	longest := min(time.Millisecond<<min(try, 8), 100*time.Millisecond)
	select {
	case <-time.After(rand.N(longest)):
	case <-ctx.Done():
	}
	return ctx.Err() == nil
}

// patiently reads, and reads again while the fault may pass.
func patiently(ctx context.Context, read func(context.Context) error) error {
	trying, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for try := 1; ; try++ {
		call, cancel := context.WithTimeout(trying, callTimeout)
		err := read(call)
		cancel()
		if err == nil || errors.Is(err, mongo.ErrNoDocuments) {
			return err
		}
		if !passes(err) || !pause(trying, try) {
			return away(ctx, err)
		}
	}
}

// sure sends a write until it is known what became of it. done looks for the
// write's own mark in the database, which is the only way to know after a
// connection broke or the server lost its majority; write may then have happened
// before. What stays unknown is ErrUnavailable.
//
// A write that was sent is waited for after its caller's context has ended, since
// it cannot be called back.
func sure(ctx context.Context, write func(context.Context) error, done func(context.Context) (bool, error)) error {
	trying, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for try := 1; ; try++ {
		call, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
		err := write(call)
		cancel()
		answered := mongo.IsDuplicateKeyError(err) || errors.Is(err, errConflict)
		if err == nil || try == 1 && answered {
			return err
		}
		if isSelection(err) && try == 1 {
			return away(ctx, err) // nothing was sent
		}
		switch ours, failed := done(trying); {
		case ours:
			return nil
		case answered && failed == nil: // by another's document, not by what an earlier try wrote
			return err
		case !answered && !passes(err) || !pause(trying, try):
			return away(ctx, errors.Join(err, failed))
		}
	}
}

// is returns a question for sure: does the document stand in this revision?
func (c *collection[T, P]) is(doc models.Document) func(context.Context) (bool, error) {
	return func(ctx context.Context) (bool, error) {
		d, err := c.load(ctx, doc.ID)
		if errors.Is(err, models.ErrNotFound) {
			return false, nil
		}
		return d.Revision == doc.Revision, err
	}
}

// deleting removes one revision of a document.
type deleting[T any, P models.DocumentOf[T]] struct {
	c   *collection[T, P]
	doc models.Document
}

func (*deleting[T, P]) Op() {}

func (o *deleting[T, P]) apply(ctx context.Context, _ []op) (together int, err error) {
	done, err := o.c.s.begin(ctx)
	if err != nil {
		return 0, err
	}
	defer done()
	var deleted bool
	err = sure(ctx, func(ctx context.Context) error {
		result, err := o.c.docs.DeleteOne(ctx, byRevision(o.doc))
		deleted = err == nil && result.DeletedCount == 1
		return err
	}, func(ctx context.Context) (bool, error) {
		// Gone after a broken connection: whether by us or by another who was
		// to delete the same, it is what was asked for.
		_, err := o.c.load(ctx, o.doc.ID)
		if errors.Is(err, models.ErrNotFound) {
			deleted = true
			return true, nil
		}
		return false, err
	})
	if err != nil || deleted {
		return 0, err
	}
	if _, err := o.c.load(ctx, o.doc.ID); err != nil {
		return 0, err
	}
	return 0, models.ErrChangedMeanwhile
}

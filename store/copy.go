package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"iter"
	"maps"
	"time"

	"golang.org/x/sync/errgroup"

	"samling/models"
	"samling/store/shape"
)

// Work is what Copy does, one after the other.
type Work int

// The works, in their order.
const (
	// Waiting to see whether the instances that the source knows still live.
	Waiting Work = iota
	Copying
	// Verifying reads both stores again.
	Verifying
)

// Step is how far Copy has come. It has done Documents of about Of.
type Step struct {
	Work
	Collection    string
	Documents, Of int
}

// Sum is what a collection holds. The checksum is over all ids, revisions and
// bytes in the order of the ids, and so the same for both kinds of store.
type Sum struct {
	Collection string
	Documents  int
	Checksum   [sha256.Size]byte
}

// Difference is the error for a copy that is not what its source is.
type Difference struct{ From, To Sum }

func (d *Difference) Error() string {
	return fmt.Sprintf("store: the copy of %s has %d documents (%x), the source %d (%x)",
		d.To.Collection, d.To.Documents, d.To.Checksum, d.From.Documents, d.From.Checksum)
}

const (
	// An instance whose beat has stood still for so long is dead: it changes it
	// every five seconds.
	beatsWithin = 20 * time.Second
	// A write ends at so many documents or bytes, so that the copy needs little
	// memory; so many go on at once, since a database far away answers late.
	together      = 100
	togetherBytes = 1 << 20
	writers       = 8
	// reportEvery is how many documents are read between two reports.
	reportEvery = 500
)

// Copy makes a store, opened with Options.CopyOf, the same as another, down to
// revisions and bytes; reads both again to see that it is; and lets it be used.
// What an earlier Copy of the same source has left is taken up or put right,
// whatever has changed since. It returns what each collection holds. ErrInUse:
// somebody serves the source. A *Difference: the source was changed meanwhile,
// or the target does not keep what it was given; copying again puts it right.
func Copy(ctx context.Context, from, to *models.Store, report func(Step)) ([]Sum, error) {
	beats, err := quiet(ctx, from, report)
	if err != nil {
		return nil, err
	}
	source, target := from.Backend.(shape.Whole), to.Backend.(shape.Whole)
	var copies []*collectionCopy
	for i, t := range source.Tables() {
		of, err := t.Size(ctx)
		if err != nil {
			return nil, err
		}
		copies = append(copies, &collectionCopy{source: t, target: target.Tables()[i], to: to, of: of, report: report})
	}
	for _, c := range copies {
		if err := c.bring(ctx); err != nil {
			return nil, err
		}
	}
	var sums []Sum
	for _, c := range copies {
		sum, err := c.verify(ctx)
		if err != nil {
			return nil, err
		}
		sums = append(sums, sum)
	}
	if now, err := beatsOf(ctx, from); err != nil {
		return nil, err
	} else if !maps.Equal(now, beats) {
		return nil, inUse()
	}
	return sums, target.Finish(ctx)
}

// quiet returns the beats of dead instances, and ErrInUse if one lives. SQLite's
// lock would do for that; the other store has none.
func quiet(ctx context.Context, s *models.Store, report func(Step)) (map[string]int64, error) {
	before, err := beatsOf(ctx, s)
	if err != nil || len(before) == 0 {
		return before, err
	}
	report(Step{Work: Waiting})
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for range beatsWithin / time.Second {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if now, err := beatsOf(ctx, s); err != nil {
			return nil, err
		} else if !maps.Equal(now, before) {
			return nil, inUse()
		}
	}
	return before, nil
}

func inUse() error {
	return fmt.Errorf("store: a samling serve is writing to it; stop all of them first: %w", ErrInUse)
}

func beatsOf(ctx context.Context, s *models.Store) (map[string]int64, error) {
	beats := map[string]int64{}
	for i, err := range s.Instances.List(ctx, models.Query{}) {
		if err != nil {
			return nil, err
		}
		beats[i.ID] = i.Beat
	}
	return beats, nil
}

// collectionCopy is the copying of one collection.
type collectionCopy struct {
	source, target shape.Table
	to             *models.Store
	of             int
	report         func(Step)
}

// bring makes the target what the source is. What differs is removed before
// anything is added: a unique key may have gone from one document to another.
func (c *collectionCopy) bring(ctx context.Context) error {
	err := c.write(ctx, without(c.target.Rows(ctx), c.source.Rows(ctx)), func(rows []shape.Row) (ops []models.Op) {
		for _, r := range rows {
			ops = append(ops, c.target.Deleting(r.ID, r.Revision))
		}
		return ops
	})
	if err != nil {
		return err
	}
	return c.write(ctx, without(c.read(ctx, Copying), c.target.Rows(ctx)), func(rows []shape.Row) []models.Op {
		return []models.Op{c.target.Inserting(rows...)}
	})
}

// verify reads both sides and compares them.
func (c *collectionCopy) verify(ctx context.Context) (Sum, error) {
	var from, to Sum
	both, ctx := errgroup.WithContext(ctx)
	both.Go(func() (err error) { from, err = c.sum(c.read(ctx, Verifying)); return err })
	both.Go(func() (err error) { to, err = c.sum(c.target.Rows(ctx)); return err })
	if err := both.Wait(); err != nil {
		return Sum{}, err
	}
	if from != to {
		return Sum{}, &Difference{from, to}
	}
	return from, nil
}

// read reads the source and reports how far it has come.
func (c *collectionCopy) read(ctx context.Context, work Work) iter.Seq2[shape.Row, error] {
	return func(yield func(shape.Row, error) bool) {
		n := 0
		for r, err := range c.source.Rows(ctx) {
			if !yield(r, err) {
				return
			}
			if n++; n%reportEvery == 0 {
				c.report(Step{work, c.source.Name(), n, c.of})
			}
		}
		c.report(Step{work, c.source.Name(), n, n})
	}
}

// write does with rows what ops makes of them, many at once.
func (c *collectionCopy) write(ctx context.Context, rows iter.Seq2[shape.Row, error], ops func([]shape.Row) []models.Op) error {
	writing, ctx := errgroup.WithContext(ctx)
	writing.SetLimit(writers)
	var batch []shape.Row
	size := 0
	send := func() {
		full := batch
		writing.Go(func() error { return c.to.Write(ctx, ops(full)...) })
		batch, size = nil, 0
	}
	var failed error
	for r, err := range rows {
		if failed = err; failed != nil {
			break
		}
		batch, size = append(batch, r), size+len(r.Data)
		if len(batch) == together || size >= togetherBytes {
			send()
		}
	}
	send()
	if err := writing.Wait(); err != nil {
		return err // reading broke off because of it
	}
	return failed
}

// without yields the rows that are not among others to the letter, both in the
// order of ids.
func without(rows, others iter.Seq2[shape.Row, error]) iter.Seq2[shape.Row, error] {
	return func(yield func(shape.Row, error) bool) {
		next, stop := iter.Pull2(others)
		defer stop()
		var other shape.Row
		more := true
		for r, err := range rows {
			for err == nil && more && other.ID < r.ID {
				other, err, more = next()
			}
			if err != nil {
				yield(r, err)
				return
			}
			if more && other.Document == r.Document && bytes.Equal(other.Data, r.Data) {
				continue
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

func (c *collectionCopy) sum(rows iter.Seq2[shape.Row, error]) (Sum, error) {
	s := Sum{Collection: c.source.Name()}
	all := sha256.New()
	var length [8]byte
	for r, err := range rows {
		if err != nil {
			return Sum{}, err
		}
		for _, part := range [][]byte{[]byte(r.ID), []byte(r.Revision), r.Data} {
			binary.BigEndian.PutUint64(length[:], uint64(len(part)))
			all.Write(length[:])
			all.Write(part)
		}
		s.Documents++
	}
	all.Sum(s.Checksum[:0])
	return s, nil
}

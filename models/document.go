package models

import (
	"context"
	"iter"
	"time"
)

// Document is embedded in everything a store keeps. The id is ours: a UUID or
// something derived, never a number made by the store.
type Document struct {
	ID string `json:"-"`
	// Revision is set by the store and changes with every write. Empty: the
	// document was never stored.
	Revision Revision `json:"-"`
}

// Doc gives stores their way to the id and the revision of any document.
func (d *Document) Doc() *Document { return d }

// Revision is opaque to all but the store that made it. Two revisions of one
// document are never equal, not even after it was deleted and made again.
type Revision string

// DocumentOf is what a pointer to a kept type can do.
type DocumentOf[T any] interface {
	*T
	Doc() *Document
}

// Store is everything that lasts. A write that returned without an error is
// durable: it survives the death of the process and of the machine.
//
// There are no transactions over several documents. What spans documents is
// built from single writes in an order that a crash cannot hurt, and from loops
// that repair.
type Store struct {
	Districts    Collection[District]
	Associations Collection[Association]
	Groups       Collection[Group]
	Organisers   Collection[Organiser]
	Formers      Collection[Former]
	SignIns      Collection[SignIn]
	Sessions     Collection[Session]
	Tokens       Collection[Token]
	Factors      Collection[Factor]
	Events       Collection[Event]
	Rosters      Collection[Roster]
	RSVPs        Collection[RSVP]
	WalkIns      Collection[WalkIn]
	Doors        Collection[Door]
	EventKeys    Collection[EventKey]
	Limits       Collection[Limit]
	Follows      Collection[Follow]
	Mails        Collection[Mail]
	Instances    Collection[Instance]
	Photos       Collection[Photo]
	Venues       Collection[Venue]
	Reads        Collection[Read]
	// Digests are by the ids of their organisers.
	Digests Collection[Digest]
	// Messages are what organisers write to attendees.
	Messages Collection[Message]
	// Contributions are what was said at events.
	Contributions Collection[Contribution]
	Changes       Collection[Change]
	// ShortAddresses are by their codes.
	ShortAddresses Collection[ShortAddress]
	Plans          Collection[Plan]
	Starters       Collection[Starter]
	Installation   Collection[Installation]

	Backend
}

// Backend is the part of a store that is not about one kind of document.
type Backend interface {
	// Write applies the ops in order. They are not atomic together: the first
	// that fails stops the rest, what stands before it stays, and its error is
	// returned. SQLite does all of them in one commit.
	Write(ctx context.Context, ops ...Op) error
	// Ping reports whether the store can be read and written just now.
	Ping(ctx context.Context) error
	// Close waits for the writes in hand.
	Close() error
}

// Op is one write, made by the collection it is for and understood only by that
// collection's store.
type Op interface{ Op() }

// Collection keeps the documents of one kind.
type Collection[T any] interface {
	// Get returns ErrNotFound when there is no such document. What it returns
	// belongs to the caller.
	Get(ctx context.Context, id string) (T, error)
	// Create returns ErrExists when the id or a unique key is taken, and
	// CodeTooLarge for more than MaxDocument.
	Create(ctx context.Context, doc T) error
	// Update is an atomic read-modify-write: no other write comes between what
	// change sees and what is stored. change must be pure and idempotent, with
	// ids and times made before it: it may run more than once. When it returns
	// an error that error is returned and nothing has changed. change must not
	// keep what it is given. ErrNotFound, and the errors of Create.
	Update(ctx context.Context, id string, change func(*T) error) (T, error)
	// Delete removes only that revision. ErrNotFound: there is no such
	// document; ErrChangedMeanwhile: it has another revision by now.
	Delete(ctx context.Context, id string, revision Revision) error
	// List yields the documents of a query in the order of its index. It reads
	// in pages and holds no transaction or connection while it yields; a
	// document whose sort key stands still is neither skipped nor repeated.
	// The first error ends the sequence.
	List(ctx context.Context, q Query) iter.Seq2[T, error]
	// Count says how many documents List would yield without a limit.
	Count(ctx context.Context, q Query) (int, error)

	// Creating, Updating and Deleting make ops for Write with the rules of
	// Create, Update and Delete.
	Creating(doc T) Op
	Updating(id string, change func(*T) error) Op
	Deleting(id string, revision Revision) Op
}

// MaxDocument is how many bytes a document may have as JSON, in every store:
// MongoDB's end at 16 MB, of which the index parts take some.
const MaxDocument = 15 << 20

// Query asks for the documents of one index, in its order. The zero value asks
// for all documents in the order of their ids.
type Query struct {
	Index string // a declared index; empty: by id
	// Equal fixes the first parts of the index.
	Equal []any
	// From (inclusive) and To (exclusive) bound the part after those; nil: open.
	From, To any
	// Descending turns the order round.
	Descending bool
	// Limit is the most documents to yield; 0: no limit.
	Limit int
	// After continues behind a document: the cursor that At gave for it.
	After Cursor
}

// Cursor is a place in the order of a query: the index parts of a document and
// its id. The zero value is the beginning.
type Cursor struct {
	Parts []any
	ID    string
}

// Index is one declared order of a collection.
type Index[T any] struct {
	Name   string
	Unique bool
	// Parts are the key of one document, each a string or an int64, always the
	// same number of them; nil keeps the document out of the index.
	Parts func(*T) []any
	// Width is the number of parts.
	Width int
}

// Spec says how a collection is kept.
type Spec[T any] struct {
	Name    string
	Indexes []Index[T]
	// Keep is how many decoded documents a store may hold beside their revision
	// to spare itself the decoding; 0: none. Worth it for rosters alone.
	Keep int
}

// At is the cursor of a document in one index; with it a List goes on behind
// the document.
func (s Spec[T]) At(index string, doc *T, id string) Cursor {
	for _, ix := range s.Indexes {
		if ix.Name == index {
			return Cursor{Parts: ix.Parts(doc), ID: id}
		}
	}
	return Cursor{ID: id}
}

// Milli is the instant that a store can keep: UTC, whole milliseconds.
func Milli(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// moment is a time as an index part. The zero time is 0.
func moment(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

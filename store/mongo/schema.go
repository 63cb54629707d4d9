package mongo

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"samling/models"
	"samling/store/shape"
)

// The collection "samling" holds one document, which says whose the database is.
const schemaID = "schema"

func (s *backend) about() *mongo.Collection { return s.db.Collection("samling") }

// owner is what that document says.
type owner struct {
	ID      string `bson:"_id"`
	Version int
	// CopyOf is set until the database is a finished copy of that source.
	CopyOf string `bson:"copy_of,omitempty"`
}

// schema is a version and the way to it.
type schema struct {
	version int
	// migrations[v-1] lifts version v to v+1. They are only ever appended to, and
	// each may run again, or beside another process that runs it too. Collections
	// that are new need none.
	migrations []func(context.Context, *mongo.Database) error
}

func current() schema { return schema{version: models.SchemaVersion} }

// bring claims an empty database, lifts one of an older program, and refuses one
// of a newer or of another, or that is being copied to.
func (s *backend) bring(ctx context.Context, how Options, want schema) error {
	is, err := s.owner(ctx)
	if errors.Is(err, mongo.ErrNoDocuments) {
		is, err = s.claim(ctx, how, want.version)
	}
	have := is.Version
	switch {
	case err != nil:
		return err
	case how.CopyOf != "" && (is.CopyOf != how.CopyOf || have != want.version):
		return fmt.Errorf("store: the database %s is in use already, or the unfinished copy of another installation or by another version of Samling; a copy replaces nothing: name another in the address: %w",
			s.db.Name(), shape.ErrTaken)
	case is.CopyOf != how.CopyOf:
		return fmt.Errorf("store: the database %s is a copy that is not finished; go on with samling migrate, or name another in the address: %w",
			s.db.Name(), shape.ErrUnfinished)
	case have > want.version:
		return fmt.Errorf("store: a newer Samling wrote the database %s (schema %d, this program knows %d); use the newer program, or restore a backup from before: %w",
			s.db.Name(), have, want.version, shape.ErrNewer)
	case how.Look && have < want.version:
		return fmt.Errorf("store: the database %s has schema %d, this program makes it %d: %w", s.db.Name(), have, want.version, shape.ErrOlder)
	}
	for v := have; v < want.version; v++ {
		if err := want.migrations[v-1](ctx, s.db); err != nil {
			return fmt.Errorf("migrating schema %d to %d: %w", v, v+1, err)
		}
		// Another process that has just done the same has written it already.
		lifted := bson.M{"$set": bson.M{"version": v + 1}}
		if _, err := s.about().UpdateOne(ctx, bson.M{"_id": schemaID, "version": v}, lifted); err != nil {
			return err
		}
	}
	return nil
}

func (s *backend) owner(ctx context.Context) (is owner, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	err = s.about().FindOne(ctx, bson.M{"_id": schemaID}).Decode(&is)
	return is, err
}

// claim makes an empty database Samling's, together with others who do the same.
func (s *backend) claim(ctx context.Context, how Options, version int) (none owner, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	names, err := s.db.ListCollectionNames(ctx, bson.M{})
	if err != nil {
		return none, err
	}
	if len(names) == 0 && (how.Existing || how.Look) {
		return none, fmt.Errorf("store: the database %s is empty: %w", s.db.Name(), fs.ErrNotExist)
	}
	if len(names) > 0 && !slices.Contains(names, "samling") {
		return none, fmt.Errorf("store: the database %s was not made by Samling; name another in the address: %w", s.db.Name(), shape.ErrForeign)
	}
	_, err = s.about().InsertOne(ctx, owner{schemaID, version, how.CopyOf})
	if err != nil && !mongo.IsDuplicateKeyError(err) {
		return none, err
	}
	return s.owner(ctx)
}

// Finish lets the copy be used; see shape.Whole.
func (s *backend) Finish(ctx context.Context) error {
	call, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	if _, err := s.about().UpdateByID(call, schemaID, bson.M{"$unset": bson.M{"copy_of": ""}}); err != nil {
		return away(ctx, err)
	}
	return nil
}

// declare builds the indexes that are missing, which hinders nobody's writes,
// and checks that all are there and as they must be.
func (c *collection[T, P]) declare(ctx context.Context) error {
	if err := c.build(ctx); err != nil {
		return err
	}
	return c.complete(ctx)
}

// build builds the indexes that are missing.
func (c *collection[T, P]) build(ctx context.Context) error {
	there, err := c.indexes(ctx)
	if err != nil {
		return err
	}
	var missing []mongo.IndexModel
	for _, ix := range c.spec.Indexes {
		// One that another process is building just now is waited for.
		if i, ok := there[ix.Name]; !ok || i.Building != nil {
			missing = append(missing, mongo.IndexModel{Keys: keysOf(ix), Options: options.Index().SetName(ix.Name).SetUnique(ix.Unique).
				SetPartialFilterExpression(inIndex(ix))})
		}
	}
	if missing == nil {
		return nil
	}
	_, err = c.docs.Indexes().CreateMany(ctx, missing)
	if err == nil || mongo.IsNetworkError(err) || mongo.IsTimeout(err) {
		return err
	}
	return fmt.Errorf("store: the indexes of %s cannot be built: %w: %w", c.spec.Name, ErrIndex, err)
}

// complete returns which index is missing or not as it must be.
func (c *collection[T, P]) complete(ctx context.Context) error {
	there, err := c.indexes(ctx)
	if err != nil {
		return err
	}
	for _, ix := range c.spec.Indexes {
		if err := c.check(ix, there[ix.Name]); err != nil {
			return err
		}
	}
	return nil
}

// index is an index as the server describes it.
type index struct {
	Name     string
	Key      bson.D
	Unique   bool
	Partial  bson.D `bson:"partialFilterExpression"`
	Building any    `bson:"buildUUID"`
}

func (c *collection[T, P]) indexes(ctx context.Context) (map[string]index, error) {
	cursor, err := c.docs.Indexes().List(ctx)
	if err != nil {
		return nil, err
	}
	var all []index
	if err := cursor.All(ctx, &all); err != nil {
		return nil, err
	}
	byName := map[string]index{}
	for _, i := range all {
		byName[i.Name] = i
	}
	return byName, nil
}

// check returns how an index differs from the one declared.
func (c *collection[T, P]) check(ix models.Index[T], there index) error {
	is := fmt.Sprint(there.Key, there.Unique, there.Partial)
	if want := fmt.Sprint(keysOf(ix), ix.Unique, inIndex(ix)); is != want || there.Building != nil {
		return fmt.Errorf("store: the index %s of %s is %s instead of %s; drop it and start again: %w", ix.Name, c.spec.Name, is, want, ErrIndex)
	}
	return nil
}

// orderOf are the fields that order an index: its parts, and the id where they
// alone do not tell two documents apart.
func orderOf[T any](ix models.Index[T]) []string {
	var names []string
	for n := range ix.Width {
		names = append(names, shape.Part(ix.Name, n))
	}
	if ix.Unique {
		return names
	}
	return append(names, "_id")
}

func keysOf[T any](ix models.Index[T]) bson.D {
	var keys bson.D
	for _, name := range orderOf(ix) {
		keys = append(keys, bson.E{Key: name, Value: 1})
	}
	return keys
}

// inIndex is the condition for being in an index at all.
func inIndex[T any](ix models.Index[T]) bson.D {
	return bson.D{{Key: shape.Part(ix.Name, 0), Value: bson.D{{Key: "$exists", Value: true}}}}
}

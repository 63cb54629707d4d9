package mongo

import (
	"context"
	"errors"
	"fmt"
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

// bring claims an empty database and refuses one of a newer program or of
// another. There is no older schema yet that it could migrate.
func (s *backend) bring(ctx context.Context, want int) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	have, err := s.version(ctx)
	if errors.Is(err, mongo.ErrNoDocuments) {
		if have, err = s.claim(ctx, want); err != nil {
			return err
		}
	}
	switch {
	case err != nil:
		return err
	case have > want:
		return fmt.Errorf("store: a newer Samling wrote the database %s (schema %d, this program knows %d); use the newer program, or restore a backup from before: %w",
			s.db.Name(), have, want, shape.ErrNewer)
	case have < want:
		return fmt.Errorf("store: the database %s has schema %d, and this program cannot lift it to %d: %w", s.db.Name(), have, want, shape.ErrForeign)
	}
	return nil
}

func (s *backend) version(ctx context.Context) (int, error) {
	var about struct{ Version int }
	err := s.about().FindOne(ctx, bson.M{"_id": schemaID}).Decode(&about)
	return about.Version, err
}

// claim makes an empty database Samling's, together with others who do the same.
func (s *backend) claim(ctx context.Context, version int) (int, error) {
	names, err := s.db.ListCollectionNames(ctx, bson.M{})
	if err != nil {
		return 0, err
	}
	if len(names) > 0 && !slices.Contains(names, "samling") {
		return 0, fmt.Errorf("store: the database %s was not made by Samling; name another in the address: %w", s.db.Name(), shape.ErrForeign)
	}
	_, err = s.about().InsertOne(ctx, bson.M{"_id": schemaID, "version": version})
	if err != nil && !mongo.IsDuplicateKeyError(err) {
		return 0, err
	}
	return s.version(ctx)
}

// declare builds the indexes that are missing, which hinders nobody's writes,
// and checks those that are there.
func (c *collection[T, P]) declare(ctx context.Context) error {
	there, err := c.docs.Indexes().ListSpecifications(ctx)
	if err != nil {
		return err
	}
	var missing []mongo.IndexModel
	for _, ix := range c.spec.Indexes {
		n := slices.IndexFunc(there, func(i mongo.IndexSpecification) bool { return i.Name == ix.Name })
		if n < 0 {
			missing = append(missing, mongo.IndexModel{Keys: keysOf(ix), Options: options.Index().SetName(ix.Name).SetUnique(ix.Unique).
				SetPartialFilterExpression(inIndex(ix))})
			continue
		}
		if err := c.check(ix, there[n]); err != nil {
			return err
		}
	}
	if missing == nil {
		return nil
	}
	if _, err := c.docs.Indexes().CreateMany(ctx, missing); err != nil {
		return fmt.Errorf("the indexes of %s cannot be built: %w", c.spec.Name, err)
	}
	return nil
}

// check returns how an index differs from the one declared.
func (c *collection[T, P]) check(ix models.Index[T], there mongo.IndexSpecification) error {
	elements, err := there.KeysDocument.Elements()
	if err != nil {
		return err
	}
	var names []string
	for _, e := range elements {
		names = append(names, e.Key())
	}
	unique := there.Unique != nil && *there.Unique
	if !slices.Equal(names, orderOf(ix)) || unique != ix.Unique {
		return fmt.Errorf("store: the index %s of %s is over %v (unique: %v) instead of %v (%v); drop it and start again: %w",
			ix.Name, c.spec.Name, names, unique, orderOf(ix), ix.Unique, shape.ErrForeign)
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
	return bson.D{{Key: shape.Part(ix.Name, 0), Value: bson.M{"$exists": true}}}
}

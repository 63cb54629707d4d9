// Package mongo keeps Samling's documents in MongoDB, or in a server that speaks
// its protocol: one collection for each kind, a document as its index parts and
// its JSON. It is the store for more than one machine.
//
// It asks for single documents to be atomic and for nothing else, so that it
// runs on a single server, a replica set, a sharded cluster and FerretDB alike:
// a write replaces the revision that it has read, and tries again when another
// was faster.
package mongo

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
	"golang.org/x/sync/errgroup"

	"samling/models"
	"samling/store/shape"
)

const (
	// callTimeout ends a call that the server does not answer.
	callTimeout = 10 * time.Second
	// findTimeout is how long a call looks for a server that takes writes; an
	// election of a replica set is over sooner. The address may name another.
	findTimeout = 5 * time.Second
	// buildTimeout is how long an index may take to be built.
	buildTimeout = time.Hour
)

// backend is one database.
type backend struct {
	client *mongo.Client
	db     *mongo.Database
	tables []table

	// mu guards closed against writes that begin; hand counts those in hand.
	mu     sync.Mutex
	closed bool
	hand   sync.WaitGroup

	closeOnce sync.Once
	closeErr  error
}

// table is a collection without its type.
type table interface {
	shape.Table
	declare(ctx context.Context) error
	complete(ctx context.Context) error
}

var _ shape.Whole = (*backend)(nil)

// Options say how a store is opened.
type Options = shape.Options

// Open connects to the database that the address names and brings it up to this
// program's schema. The address carries credentials, TLS and the driver's other
// options; how writes are acknowledged is not for it to say. The errors are the
// faults above, those of shape and fs.ErrNotExist; none repeats the address.
func Open(ctx context.Context, address string, opts Options) (*models.Store, error) {
	return open(ctx, address, opts, current())
}

func open(ctx context.Context, address string, how Options, want schema) (*models.Store, error) {
	name := databaseOf(address)
	if name == "" {
		return nil, ErrNoDatabase
	}
	opts, err := read(address)
	if err != nil {
		return nil, err
	}
	// Only what a majority has on disk was written, and only that is read. The
	// driver's own retries are off: ours work on servers without sessions too.
	durable := writeconcern.Majority()
	durable.Journal = new(true)
	opts.SetWriteConcern(durable).SetReadConcern(readconcern.Majority()).SetReadPreference(readpref.Primary()).
		SetRetryWrites(false).SetAppName("samling")
	var servers oldest
	opts.SetServerMonitor(servers.monitor())
	if opts.ServerSelectionTimeout == nil {
		opts.SetServerSelectionTimeout(findTimeout)
	}
	client, err := mongo.Connect(opts)
	if err != nil {
		return nil, servers.opening(err)
	}
	s := &backend{client: client, db: client.Database(name)}
	store := s.collections()
	if err := s.start(ctx, how, want); err != nil {
		return nil, errors.Join(servers.opening(err), s.Close())
	}
	return store, nil
}

// collections declares every collection; the indexes follow from their specs.
func (s *backend) collections() *models.Store {
	return &models.Store{
		Districts:      newCollection(s, models.DistrictSpec()),
		Associations:   newCollection(s, models.AssociationSpec()),
		Groups:         newCollection(s, models.GroupSpec()),
		Organisers:     newCollection(s, models.OrganiserSpec()),
		Formers:        newCollection(s, models.FormerSpec()),
		SignIns:        newCollection(s, models.SignInSpec()),
		Sessions:       newCollection(s, models.SessionSpec()),
		Tokens:         newCollection(s, models.TokenSpec()),
		Factors:        newCollection(s, models.FactorSpec()),
		Events:         newCollection(s, models.EventSpec()),
		Rosters:        newCollection(s, models.RosterSpec()),
		RSVPs:          newCollection(s, models.RSVPSpec()),
		WalkIns:        newCollection(s, models.WalkInSpec()),
		Doors:          newCollection(s, models.DoorSpec()),
		EventKeys:      newCollection(s, models.EventKeySpec()),
		Limits:         newCollection(s, models.LimitSpec()),
		Follows:        newCollection(s, models.FollowSpec()),
		Mails:          newCollection(s, models.MailSpec()),
		Instances:      newCollection(s, models.InstanceSpec()),
		Photos:         newCollection(s, models.PhotoSpec()),
		Venues:         newCollection(s, models.VenueSpec()),
		Reads:          newCollection(s, models.ReadSpec()),
		Digests:        newCollection(s, models.DigestSpec()),
		Messages:       newCollection(s, models.MessageSpec()),
		Contributions:  newCollection(s, models.ContributionSpec()),
		Changes:        newCollection(s, models.ChangeSpec()),
		ShortAddresses: newCollection(s, models.ShortAddressSpec()),
		Plans:          newCollection(s, models.PlanSpec()),
		Starters:       newCollection(s, models.StarterSpec()),
		Installation:   newCollection(s, models.InstallationSpec()),
		Backend:        s,
	}
}

// start brings the schema up to date and builds what indexes are missing.
func (s *backend) start(ctx context.Context, how Options, want schema) error {
	if err := s.bring(ctx, how, want); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, buildTimeout)
	defer cancel()
	building, ctx := errgroup.WithContext(ctx)
	building.SetLimit(4)
	for _, t := range s.tables {
		building.Go(func() error {
			if how.Look {
				return t.complete(ctx)
			}
			return t.declare(ctx)
		})
	}
	return building.Wait()
}

// Tables are all collections; see shape.Whole.
func (s *backend) Tables() []shape.Table {
	var all []shape.Table
	for _, t := range s.tables {
		all = append(all, t)
	}
	return all
}

// begin lets a write in, unless the store is closed, and returns what ends it.
func (s *backend) begin(ctx context.Context) (done func(), err error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, models.Because(models.CodeUnavailable, errors.New("store: closed"))
	}
	s.hand.Add(1)
	return s.hand.Done, nil
}

// Write applies the ops in order; see models.Backend.
func (s *backend) Write(ctx context.Context, ops ...models.Op) error {
	mine, err := shape.Mine[op](ops)
	if err != nil {
		return err
	}
	for len(mine) > 0 {
		together, err := mine[0].apply(ctx, mine[1:])
		if err != nil {
			return err
		}
		mine = mine[1+together:]
	}
	return nil
}

// Ping writes: a server that cannot reach a majority still reads.
func (s *backend) Ping(ctx context.Context) error {
	call, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err := s.about().UpdateByID(call, schemaID, bson.M{"$set": bson.M{"pinged": rand.Int64()}})
	if err != nil {
		return away(ctx, err)
	}
	return nil
}

// Close waits for the writes in hand; all that comes later is ErrUnavailable.
func (s *backend) Close() error {
	s.closeOnce.Do(func() {
		s.mu.Lock()
		s.closed = true
		s.mu.Unlock()
		s.hand.Wait()
		ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
		defer cancel()
		s.closeErr = s.client.Disconnect(ctx)
	})
	return s.closeErr
}

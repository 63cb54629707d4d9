// Package planner holds the use cases: what associations, residents and
// organisers do with Samling, whichever way they come in. It is the one place
// where the rules of models meet what lasts: it says in which order documents
// are written so that a crash between two writes hurts nobody, and runs the
// loops that finish what a crash cut off.
package planner

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	lru "github.com/hashicorp/golang-lru/v2"

	"samling/models"
	"samling/models/vault"
)

// Config is what a planner works with. All fields are needed but those that say
// otherwise.
type Config struct {
	Store *models.Store
	Keys  *vault.Keyring
	Now   func() time.Time
	Log   *slog.Logger
	// Site is the public base address: passkeys are bound to its host.
	Site string
	// Zone and Language are those of events that name none.
	Zone, Language string
	// Retention is how long after an event names and addresses are kept.
	Retention time.Duration
	// Limits false lets every address do as much as it likes, for load tests.
	Limits bool
	// Mailed is called after mails were put into the outbox.
	Mailed func()
	// Fetch is called when somebody waits for a calendar that is followed to be
	// fetched; it returns when that is done, or takes longer than people wait. nil:
	// nobody fetches.
	Fetch func(ctx context.Context, follow string)
	// Decided is called after a sign-up was answered; nil: nobody counts them.
	Decided func(models.Answer)
}

// Planner runs the use cases. It is safe for use by many goroutines.
type Planner struct {
	Config
	catalogue atomic.Pointer[Catalogue]
	catching  sync.Mutex // one change of the catalogue at a time
	refreshed atomic.Pointer[time.Time]
	seats     *lru.Cache[string, seatsSeen]
	tallies   *lru.Cache[string, tally] // of events that are long over
	silent    atomic.Pointer[time.Time] // when the store last let a page wait
	due       chan struct{}             // a roster has something to do
}

// New returns a planner with an empty catalogue: Refresh fills it.
func New(c Config) *Planner {
	p := &Planner{Config: c, due: make(chan struct{}, 1)}
	p.seats, _ = lru.New[string, seatsSeen](4096)  // errs for sizes below one alone
	p.tallies, _ = lru.New[string, tally](1 << 17) // a hundred thousand events
	p.catalogue.Store(newCatalogue())
	return p
}

// newID is the id of something new: a UUIDv7, so that what was made later sorts
// later.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

// namespace makes derived ids ours alone.
var namespace = uuid.MustParse("6f1f2c0e-6d0a-5b8e-9c57-2f6b1d1c7a11")

// derivedID is the id of something that must get the same id when it is made
// again.
func derivedID(parts ...string) string {
	var b []byte
	for _, p := range parts {
		b = append(append(b, p...), 0)
	}
	return uuid.NewSHA1(namespace, b).String()
}

// wakeDue makes the loop over due rosters look at once.
func (p *Planner) wakeDue() {
	select {
	case p.due <- struct{}{}:
	default:
	}
}

// Ready reports whether the store answers and the catalogue has been read.
func (p *Planner) Ready(ctx context.Context) error {
	if p.catalogue.Load().Version == 0 {
		return models.Fault(models.CodeUnavailable)
	}
	return p.Store.Ping(ctx)
}

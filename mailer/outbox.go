package mailer

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"samling/models"
	"samling/models/vault"
)

// Config is what an outbox needs. Zero numbers and durations mean their
// defaults; everything else is required.
type Config struct {
	Store  *models.Store
	Keys   *vault.Keyring
	House  *House
	Sender Sender
	// Instance is the id of this process, new with every start.
	Instance string
	// Now is the clock. Its monotonic reading, where it has one, tells how long
	// another instance has shown no sign of life.
	Now func() time.Time
	// Jitter is a random number in [0, 1), so that what failed together is not
	// tried together.
	Jitter func() float64
	Log    *slog.Logger
	// Living are the sign-ups that a mail of kind MailMine lists.
	Living func(ctx context.Context, address string) ([]models.Living, error)
	// Planned are those that one of kind MailTogether lists: what a plan has changed.
	Planned func(ctx context.Context, plan, address string) ([]models.Living, error)
	// Waiting are the drafts that a mail of kind MailApprovalWaits lists.
	Waiting func() []models.Event
	// LeaveAlone is called when a server refuses the address of a sign-up for good:
	// it gets no more mail, and its organisers are shown that.
	LeaveAlone func(ctx context.Context, rsvp string) error
	// Limits false lets any number of mails go to an address, for load tests.
	Limits bool
	// Connections is how many mails are handed over at once; default 4.
	Connections int
	// Beat is the time between signs of life; default 5 s. Who gives none for four
	// of them is dead, and its mails are taken over: all instances on one store must
	// have the same.
	Beat time.Duration
	// GiveUp is the age at which a mail that never got through has failed;
	// default 5 days (RFC 5321 §4.5.4.1).
	GiveUp time.Duration
}

// Outbox is the worker that sends what stands in the outbox. Any number of them
// may work on one store.
type Outbox struct {
	cfg   Config
	pace  pace
	wake  chan struct{}
	slots chan struct{} // one for each mail that is being handed over
	pause pause

	mu     sync.Mutex
	inHand map[string]bool // ids of rows given to a worker
	beaten time.Time       // when our sign of life was last written
	seen   map[string]sighting
	known  map[string]acquaintance
}

// pace is how often things are done.
type pace struct {
	poll     time.Duration // between looks for mails that another instance has queued
	beat     time.Duration // between signs of life
	takeover time.Duration // without one, an instance is dead
	grace    time.Duration // for the mails in hand when we are to stop
	write    time.Duration // for one write to the store
}

// workersPerConnection is more than one because a worker also claims, unseals,
// composes and notes the outcome, and mostly waits for the store's commits, which
// it shares with all others; meanwhile another one sends.
const workersPerConnection = 16

// batch is how many due mails are read at once.
const batch = 256

// NewOutbox makes an outbox; Run starts it.
func NewOutbox(cfg Config) *Outbox {
	if cfg.Connections == 0 {
		cfg.Connections = 4
	}
	if cfg.GiveUp == 0 {
		cfg.GiveUp = 5 * 24 * time.Hour
	}
	if cfg.Beat == 0 {
		cfg.Beat = 5 * time.Second
	}
	return &Outbox{
		cfg:   cfg,
		pace:  pace{poll: time.Second, beat: cfg.Beat, takeover: 4 * cfg.Beat, grace: 10 * time.Second, write: 10 * time.Second},
		wake:  make(chan struct{}, 1),
		slots: make(chan struct{}, cfg.Connections),
		pause: pause{now: cfg.Now, jitter: cfg.Jitter},

		inHand: map[string]bool{},
		seen:   map[string]sighting{},
		known:  map[string]acquaintance{},
	}
}

// Wake makes the outbox look at once. It never blocks.
func (o *Outbox) Wake() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// Run sends mail until ctx ends. Then it claims nothing more, gives the mails in
// hand ten seconds, writes what became of them, gives back what was not sent,
// and returns.
func (o *Outbox) Run(ctx context.Context) error {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, func() {
		o.sleep(work, o.pace.grace, nil)
		cancel()
	})
	defer stop()

	o.beat(work)
	var life, workers sync.WaitGroup
	done := make(chan struct{})
	life.Go(func() { o.live(work, done) })
	jobs := make(chan models.Mail)
	for range o.cfg.Connections * workersPerConnection {
		workers.Go(func() {
			for m := range jobs {
				o.handle(ctx, work, m)
			}
		})
	}
	o.feed(ctx, work, jobs)
	close(jobs)
	workers.Wait()
	close(done)
	life.Wait()
	o.depart()
	return nil
}

// feed hands due mails to the workers until ctx ends.
func (o *Outbox) feed(ctx, work context.Context, jobs chan<- models.Mail) {
	for ctx.Err() == nil {
		if wait, paused := o.pause.left(); paused {
			// In steps, since a mail that was on its way may show that the server is
			// back.
			o.sleep(ctx, min(wait, o.pace.poll), nil)
			continue
		}
		due, next, err := o.due(ctx)
		if err != nil && ctx.Err() == nil {
			o.cfg.Log.Error("the outbox cannot be read", "error", err)
		}
		if o.pause.probing() && len(due) > 0 {
			// The server was away. One mail shows whether it is back, before all of
			// them run against the same wall.
			o.handle(ctx, work, due[0])
			for _, m := range due[1:] {
				o.release(m.ID)
			}
			continue
		}
		for _, m := range due {
			if _, paused := o.pause.left(); paused {
				o.release(m.ID)
				continue
			}
			select {
			case jobs <- m:
			case <-ctx.Done():
				return
			}
		}
		if len(due) == 0 {
			o.sleep(ctx, next, o.wake)
		}
	}
}

// due are mails to be sent now that no worker has in hand yet; next is how long
// to wait when there are none.
func (o *Outbox) due(ctx context.Context) (due []models.Mail, next time.Duration, err error) {
	now := models.Milli(o.cfg.Now())
	o.mu.Lock()
	limit := batch + len(o.inHand)
	o.mu.Unlock()
	for m, err := range o.cfg.Store.Mails.List(ctx, models.Query{Index: "status", Equal: []any{string(models.MailQueued)}, Limit: limit}) {
		if err != nil {
			return nil, o.pace.poll, err
		}
		if m.Due.After(now) {
			return due, min(o.pace.poll, m.Due.Sub(now)), nil
		}
		if o.take(m.ID) {
			due = append(due, m)
		}
		if len(due) == 1 && o.pause.probing() {
			break
		}
	}
	return due, o.pace.poll, nil
}

// take notes that a worker gets the mail; false when one has it.
func (o *Outbox) take(id string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.inHand[id] {
		return false
	}
	o.inHand[id] = true
	return true
}

func (o *Outbox) release(id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.inHand, id)
}

// sleep waits, until ctx ends or early says so.
func (o *Outbox) sleep(ctx context.Context, d time.Duration, early <-chan struct{}) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-early:
	case <-ctx.Done():
	}
}

// errNotOurs: the row is another's by now, or done.
var errNotOurs = errors.New("mailer: the mail is not ours")

// claim makes the mail ours, if it is still to be had. It goes through even when
// we are to stop meanwhile: a claim of which nobody knows is a mail that waits
// for a takeover.
func (o *Outbox) claim(ctx context.Context, id string) (models.Mail, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), o.pace.write)
	defer cancel()
	now := models.Milli(o.cfg.Now())
	return o.cfg.Store.Mails.Update(ctx, id, func(m *models.Mail) error {
		// Not due: since we read it, another instance has tried it in vain.
		if m.Status != models.MailQueued || m.Due.After(now) {
			return errNotOurs
		}
		m.Status, m.Owner = models.MailSending, o.cfg.Instance
		m.Tries++
		return nil
	})
}

// settle writes what became of a claimed mail. It goes on trying while the store
// is away, since an outcome that is lost is a mail that is sent twice; when work
// is over it tries once more.
func (o *Outbox) settle(work context.Context, claimed models.Mail, become func(*models.Mail)) (models.Mail, error) {
	for wait := o.pace.poll; ; wait = min(2*wait, time.Minute) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(work), o.pace.write)
		m, err := o.cfg.Store.Mails.Update(ctx, claimed.ID, func(m *models.Mail) error {
			// Somebody thought us dead and took it over: hers is the last word.
			if m.Status != models.MailSending || m.Owner != o.cfg.Instance || m.Tries != claimed.Tries {
				return errNotOurs
			}
			m.Owner = ""
			become(m)
			return nil
		})
		cancel()
		if err == nil || errors.Is(err, errNotOurs) || errors.Is(err, models.ErrNotFound) || work.Err() != nil {
			return m, err
		}
		o.cfg.Log.Error("what became of a mail cannot be written", "mail", claimed.ID, "error", err)
		o.sleep(work, wait, nil)
	}
}

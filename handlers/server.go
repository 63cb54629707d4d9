package handlers

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/handlers/picture"
	"samling/ics"
	"samling/locale"
	"samling/models"
	"samling/planner"
)

// Config is what a server works with. All fields are needed but those that say
// otherwise.
type Config struct {
	Planner  *planner.Planner
	Calendar *ics.Encoder
	Words    *locale.Catalogue
	// Site is the public base address, without a slash at its end: all links are
	// made from it, never from what a request says of its host.
	Site string
	// Language and Zone are the installation's own.
	Language, Zone string
	Version        string // of the program
	// Name is the installation's own, Central that of its central office, which
	// may read every list. Empty: Samling, and the central association.
	Name, Central string
	Privacy       Privacy
	Access        Access
	// Demo says on every page that it is a demonstration, whose mail is in
	// Mailbox; nil: nobody can look into it.
	Demo    bool
	Mailbox Mailbox
	Now     func() time.Time
	Log     *slog.Logger
	// Answered is called after each request with the pattern of its route; nil:
	// nobody counts them.
	Answered func(route, method string, status int, took time.Duration)
	// TrustedProxies are addresses and CIDR ranges whose X-Forwarded-For is
	// believed. None: nobody's is.
	TrustedProxies []string
	// Outbox says how mail fares; nil: nothing is said of it.
	Outbox Outbox
}

// Access is what the installation says of itself on its page about accessibility.
type Access struct {
	// Help is whom to call or write to; empty: the contact of Privacy.
	Help string
	// KnownFaults are those that its own people know of, beside those of Samling.
	KnownFaults string
}

// Privacy is what the installation says of itself on its page about personal
// data. What is empty the page calls missing.
type Privacy struct {
	// Controller is who answers for the data, Contact how to reach them, and
	// Processors who else handles it for them.
	Controller, Contact, Processors string
	// Officer is their data protection officer; empty: they have none.
	Officer string
}

// Missing reports whether the law wants more said (GDPR, article 13).
func (p Privacy) Missing() bool { return p.Controller == "" || p.Contact == "" || p.Processors == "" }

// Outbox is the mail queue as far as pages and probes look at it.
type Outbox interface {
	// Fares says how it fares now. It may ask the store.
	Fares(ctx context.Context) (MailFares, error)
}

// MailFares is how mail fares. The zero value: all is well.
type MailFares struct {
	// Paused: nothing is sent just now.
	Paused bool
	// Oldest is when the oldest mail that is still to be sent was due; zero: there
	// is none.
	Oldest time.Time
	// Trouble is why somebody must look: refused, away or late; empty: nobody must.
	Trouble string
	// Since is when the trouble began, and Words what the mail server said, with
	// addresses cut out.
	Since time.Time
	Words string
}

// Server answers requests. It is safe for use by many goroutines.
type Server struct {
	Config
	app      *fiber.App
	zone     *time.Location
	zones    zones
	proxies  []netip.Prefix
	pages    pages
	feeds    *shelf // that have an address of their own
	combined *shelf // feeds of what somebody has put together
	kept     *shelf // pages and the files of events
	pictures *shelf
	photos   *shelf
	darkroom *turns // for photos that are made
	drawer   *picture.Drawer
	lists    *shelf // pages of what somebody has put together
	pieces   *cache[pieceKey, *piece]
	today    atomic.Pointer[localDay]
	limits   *limits
	ready    readiness
	mail     mailSeen

	// ctx is the parent of every request's context: it ends when the time to
	// finish requests is over.
	ctx    context.Context
	cancel context.CancelFunc

	stopping atomic.Bool
	mu       sync.Mutex
	listener net.Listener
	stopped  chan struct{} // closed when Shutdown is done
}

// The limits of one request. Bodies are forms and events: a text of 20,000
// characters in twenty languages is the largest.
const (
	requestLasts = 10 * time.Second
	bodyLimit    = 2 << 20
	headerLimit  = 16 << 10
)

// New returns a server that listens nowhere yet. It errs when a setting cannot
// be used or a template is broken.
func New(c Config) (*Server, error) {
	c.Site = strings.TrimRight(c.Site, "/")
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return nil, err
	}
	s := &Server{Config: c, zone: zone, stopped: make(chan struct{})}
	if s.proxies, err = prefixes(c.TrustedProxies); err != nil {
		return nil, err
	}
	if s.pages, err = parsePages(); err != nil {
		return nil, err
	}
	s.feeds, s.combined, s.kept, s.lists = newShelf(), newShelf(), newShelf(), newShelf()
	// Half of the machine, so that who thinks of ever new combinations does not
	// get all of it.
	s.combined.turns = newTurns(max(1, runtime.GOMAXPROCS(0)/2), combinationsWait)
	if s.drawer, err = picture.New(); err != nil {
		return nil, err
	}
	s.pictures = &shelf{cache: newCache[string, *finished](picturesKept, pictureBytesKept), turns: newTurns(1, picturesWait)}
	s.photos, s.darkroom = &shelf{cache: newCache[string, *finished](photosKept, photoBytesKept)}, newTurns(1, photosWait)
	s.lists.turns = newTurns(max(1, runtime.GOMAXPROCS(0)/2), combinationsWait)
	s.pieces = newCache[pieceKey, *piece](piecesKept, pieceBytesKept)
	s.limits = newLimits(c.Now)
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.app = fiber.New(fiber.Config{
		// Fiber's strings are the buffers of its requests: without Immutable a
		// kept name becomes the next visitor's.
		Immutable:     true,
		StrictRouting: true, CaseSensitive: true,
		ReadTimeout: 15 * time.Second, WriteTimeout: 60 * time.Second, IdleTimeout: 75 * time.Second,
		BodyLimit: bodyLimit, ReadBufferSize: headerLimit,
		// Nobody sends us files; parsed early they would be written to disk.
		DisablePreParseMultipartForm: true,
		ErrorHandler:                 s.fail,
		DisableStartupMessage:        true,
		// Calendar programs probe with these; Fiber answers methods that it does
		// not know with 400 and a sentence of its own.
		RequestMethods: append([]string{"PROPFIND", "REPORT", "MKCALENDAR"}, fiber.DefaultMethods...),
	})
	s.app.Server().HeaderReceived = s.roomFor
	s.routes()
	return s, nil
}

// App is the application, for tests.
func (s *Server) App() *fiber.App { return s.app }

// Serve answers requests until Shutdown, and returns when that is done.
func (s *Server) Serve(l net.Listener) error {
	s.mu.Lock()
	if s.stopping.Load() {
		s.mu.Unlock()
		return errors.Join(errors.New("handlers: the server was shut down"), l.Close())
	}
	s.listener = &closedOnce{Listener: l}
	s.mu.Unlock()
	err := s.app.Listener(lingerer{s.listener})
	// Fiber returns as soon as the listener is closed, with requests in hand.
	if s.stopping.Load() {
		<-s.stopped
		return nil
	}
	return err
}

// closedOnce is a listener that may be closed again. Shutdown closes it before
// fasthttp does, which takes an error of closing for a reason not to wait for the
// requests in hand.
type closedOnce struct {
	net.Listener
	once sync.Once
	err  error
}

// Close closes the listener the first time and gives the same answer afterwards.
func (l *closedOnce) Close() error {
	l.once.Do(func() { l.err = l.Listener.Close() })
	return l.err
}

// Shutdown stops accepting and finishes the requests in hand. It returns the
// context's error when they did not finish in its time.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	first := !s.stopping.Swap(true)
	if first && s.listener != nil {
		// Closed here too: Fiber's own Shutdown does nothing when it comes
		// before its server has begun to listen, which then starts anyway.
		_ = s.listener.Close()
	}
	s.mu.Unlock()
	if !first {
		<-s.stopped
		return nil
	}
	defer close(s.stopped)
	defer s.cancel()
	return s.app.ShutdownWithContext(ctx)
}

// organiser is who asks: nil for the public. A token that is wrong or has run
// out is CodeNotSignedIn even where the public may ask, since whoever sends it
// believes that it works; one that is for other things is CodeNotInScope.
func (s *Server) organiser(c *fiber.Ctx, scope models.Scope) (*models.Organiser, error) {
	scheme, token, _ := strings.Cut(c.Get(fiber.HeaderAuthorization), " ")
	if !strings.EqualFold(scheme, "bearer") {
		return nil, nil
	}
	return s.Planner.ByToken(c.UserContext(), strings.TrimSpace(token), scope)
}

// signedIn is organiser where the public may not ask.
func (s *Server) signedIn(c *fiber.Ctx, scope models.Scope) (*models.Organiser, error) {
	o, err := s.organiser(c, scope)
	if o == nil && err == nil {
		err = models.Fault(models.CodeNotSignedIn)
	}
	return o, err
}

// words speaks the language that the reader asked for: by lang in the query, or
// by Accept-Language.
func (s *Server) words(c *fiber.Ctx) *locale.Printer { return asked(c, s.Words) }

// deskWords is words where organisers and programs are spoken to.
func (s *Server) deskWords(c *fiber.Ctx) *locale.Printer { return asked(c, s.Words.Complete()) }

func asked(c *fiber.Ctx, words *locale.Catalogue) *locale.Printer {
	if lang := c.Query("lang"); lang != "" {
		return words.In(lang)
	}
	return words.Match(c.Get(fiber.HeaderAcceptLanguage))
}

// prefixes reads addresses and CIDR ranges.
func prefixes(list []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, text := range list {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			a, aerr := netip.ParseAddr(text)
			if aerr != nil {
				return nil, cmp.Or(err, aerr)
			}
			p = netip.PrefixFrom(a, a.BitLen())
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

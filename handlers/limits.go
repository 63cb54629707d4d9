package handlers

import (
	"hash/maphash"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/hashicorp/golang-lru/v2/simplelru"

	"samling/models"
)

const clientsKept = 50_000 // about 10 MB

// limits are those of clients, in memory alone and under a hash whose seed dies
// with the process: who was where is nobody's to keep. Those of mail addresses
// are the planner's.
type limits struct {
	now  func() time.Time
	seed maphash.Seed
	mu   sync.Mutex
	kept *simplelru.LRU[uint64, *models.Limit]
}

func newLimits(now func() time.Time) *limits {
	kept, err := simplelru.NewLRU[uint64, *models.Limit](clientsKept, nil)
	if err != nil {
		panic(err) // only for a size below one
	}
	return &limits{now: now, seed: maphash.MakeSeed(), kept: kept}
}

// count counts on the limit of a client.
func (l *limits) count(client string, take func(limit *models.Limit, now time.Time)) {
	id := maphash.String(l.seed, client)
	l.mu.Lock()
	defer l.mu.Unlock()
	limit, known := l.kept.Get(id)
	if !known {
		limit = &models.Limit{}
		l.kept.Add(id, limit)
	}
	take(limit, l.now())
}

// limited reports whether a client does more than people do; CodeTooMany for a
// machine.
func (s *Server) limited(c *fiber.Ctx) (suspect bool, err error) {
	if s.Planner.Limits {
		s.limits.count(s.client(c), func(l *models.Limit, now time.Time) { suspect, err = l.Take(models.ClientRate(), now) })
	}
	return suspect, err
}

// limitedStrictly is CodeTooMany for a client that does more than people do,
// where nobody can be asked to confirm.
func (s *Server) limitedStrictly(c *fiber.Ctx) (err error) {
	if s.Planner.Limits {
		s.limits.count(s.client(c), func(l *models.Limit, now time.Time) { err = l.TakeStrictly(models.ClientRate(), now) })
	}
	return err
}

// client is who asks, as far as limits go: an address, of IPv6 the /64 that one
// household has.
func (s *Server) client(c *fiber.Ctx) string {
	from, _ := s.from(c)
	if from.Is6() {
		if network, err := from.Prefix(64); err == nil {
			return network.String()
		}
	}
	return from.String()
}

// from is the address that a request comes from. Behind proxies that are trusted
// it is the first from the right of X-Forwarded-For that is not theirs: what
// stands to its left, the client may have written herself. how is one of the words
// for HeaderClient.
func (s *Server) from(c *fiber.Ctx) (from netip.Addr, how string) {
	from, _ = netip.AddrFromSlice(c.Context().RemoteIP())
	from = from.Unmap()
	header := c.Get(fiber.HeaderXForwardedFor)
	switch {
	case header == "":
		return from, ClientDirect
	case !s.trusted(from):
		return from, ClientIgnored
	}
	hops := strings.Split(header, ",")
	for i := len(hops) - 1; i >= 0 && s.trusted(from); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		from = hop.Unmap().WithZone("")
	}
	return from, ClientForwarded
}

func (s *Server) trusted(a netip.Addr) bool {
	for _, p := range s.proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

package handlers

import (
	"hash/maphash"
	"net/netip"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"samling/models"
)

// What one client and one address may do. Above it a sign-up is asked to confirm
// by mail: a library or an association's wireless network is one client to us,
// and nobody is to be shut out for standing beside others. At ten times that it
// is a machine.
const (
	clientBurst, clientEvery   = 60, 30 * time.Second
	addressBurst, addressEvery = 3, 10 * time.Minute
	machine                    = 10
	clientsKept                = 50_000 // about 15 MB
)

// limits counts sign-ups by client and by address, in memory alone and under a
// hash whose seed dies with the process.
type limits struct {
	now  func() time.Time
	seed maphash.Seed
	kept *lru.Cache[uint64, *limit]
}

// limit is the two buckets of one key.
type limit struct{ suspect, refused *rate.Limiter }

func newLimits(now func() time.Time) *limits {
	kept, err := lru.New[uint64, *limit](clientsKept)
	if err != nil {
		panic(err) // only for a size below one
	}
	return &limits{now: now, seed: maphash.MakeSeed(), kept: kept}
}

// take counts one sign-up. wait is how long a machine has to.
func (l *limits) take(key string, burst int, every time.Duration) (suspect bool, wait time.Duration) {
	now := l.now()
	id := maphash.String(l.seed, key)
	known, ok := l.kept.Get(id)
	if !ok {
		known = &limit{
			suspect: rate.NewLimiter(rate.Every(every), burst),
			refused: rate.NewLimiter(rate.Every(every/machine), burst*machine),
		}
		// Somebody may have come between; hers then counts.
		if before, there, _ := l.kept.PeekOrAdd(id, known); there {
			known = before
		}
	}
	if !known.refused.AllowN(now, 1) {
		r := known.refused.ReserveN(now, 1)
		defer r.CancelAt(now)
		return true, r.DelayFrom(now)
	}
	return !known.suspect.AllowN(now, 1), 0
}

// limited reports whether a sign-up looks like one too many; CodeTooMany for a
// machine's.
func (s *Server) limited(c *fiber.Ctx, address string) (suspect bool, err error) {
	if !s.Limits {
		return false, nil
	}
	one, wait := s.limits.take("client "+s.client(c), clientBurst, clientEvery)
	two, more := false, time.Duration(0)
	if address != "" {
		two, more = s.limits.take("address "+models.NormaliseEmail(address), addressBurst, addressEvery)
	}
	if wait = max(wait, more); wait > 0 {
		retryAfter(c, wait)
		return true, models.Fault(models.CodeTooMany)
	}
	return one || two, nil
}

// client is who asks, as far as limits go: an address, of IPv6 the /64 that one
// household has. Behind proxies that are trusted it is the first address from
// the right of X-Forwarded-For that is not theirs: what stands to its left, the
// client may have written herself.
func (s *Server) client(c *fiber.Ctx) string {
	from, _ := netip.AddrFromSlice(c.Context().RemoteIP())
	from = from.Unmap()
	hops := strings.Split(c.Get(fiber.HeaderXForwardedFor), ",")
	for i := len(hops) - 1; i >= 0 && s.trusted(from); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		from = hop.Unmap().WithZone("")
	}
	if from.Is6() {
		if network, err := from.Prefix(64); err == nil {
			return network.String()
		}
	}
	return from.String()
}

func (s *Server) trusted(a netip.Addr) bool {
	for _, p := range s.proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

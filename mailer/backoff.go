package mailer

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"samling/models"
)

// schedule is how long to wait after each try; the last goes on. The first is
// below a minute even with the jitter, because greylisting servers take a mail
// back after one, and people wait for a confirmation.
func schedule() []time.Duration {
	return []time.Duration{
		50 * time.Second, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour,
	}
}

// jitter is how far a wait may lie from its schedule, either way.
const jitter = 0.2

func jittered(d time.Duration, random float64) time.Duration {
	return time.Duration(float64(d) * (1 - jitter + 2*jitter*random))
}

// backoff is the wait after so many tries; longer when the server names a longer
// one.
func (o *Outbox) backoff(tries int, reply string) time.Duration {
	s := schedule()
	wait := jittered(s[min(max(tries, 1), len(s))-1], o.cfg.Jitter())
	return max(wait, min(asked(reply), s[len(s)-1]))
}

var waitLike = regexp.MustCompile(`(?i)\b(\d{1,5}) ?(s|secs?|seconds?|m|mins?|minutes?|h|hours?)\b`)

// asked is the wait that a server's answer asks for, 0 when it names none:
// "Greylisted, try again in 300 seconds".
func asked(reply string) time.Duration {
	m := waitLike.FindStringSubmatch(reply)
	if m == nil {
		return 0
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return 0
	}
	unit := map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour}[strings.ToLower(m[2])[0]]
	return time.Duration(n) * unit
}

// pointlessFrom is when nobody needs the mail any more.
func pointlessFrom(m *models.Mail) time.Time {
	switch m.Kind {
	case models.MailSignIn, models.MailInvited, models.MailMine, models.MailConfirm, models.MailOffer,
		models.MailDigest, models.MailEve, models.MailClose:
		return m.Until
	}
	if m.Organiser != "" {
		return m.Born.AddDate(1, 0, 0) // it is given up before
	}
	return m.Is.Ends
}

// pause stops the whole queue while the fault is not with a single mail. It is
// safe for many goroutines.
type pause struct {
	now    func() time.Time
	jitter func() float64

	mu     sync.Mutex
	class  Class
	why    string
	since  time.Time
	until  time.Time
	faults int // in a row
}

// The first and the longest wait when the server is away, and when it refuses
// us: that needs a human, and hammering it gets us blocked.
const (
	awayFirst, awayLongest = 5 * time.Second, 2 * time.Minute
	oursFirst, oursLongest = 30 * time.Second, 15 * time.Minute
)

// start begins a pause or lengthens the one there is, and returns how long it
// lasts. Mails that fail together count once.
func (p *pause) start(class Class, why string) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if left := p.until.Sub(now); p.faults > 0 && left > 0 && (class == p.class || p.class == Ours) {
		return left
	}
	if p.faults == 0 {
		p.since = now
	}
	if class != p.class {
		p.faults = 0
	}
	first, longest := awayFirst, awayLongest
	if class == Ours {
		first, longest = oursFirst, oursLongest
	}
	wait := jittered(min(first<<min(p.faults, 16), longest), p.jitter())
	p.class, p.why, p.until = class, why, now.Add(wait)
	p.faults++
	return wait
}

// over ends it: the server has taken or refused a mail on its own merits.
func (p *pause) over() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults, p.why, p.since, p.until = 0, "", time.Time{}, time.Time{}
}

// left is how long the pause goes on, if there is one.
func (p *pause) left() (time.Duration, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	left := p.until.Sub(p.now())
	return left, p.faults > 0 && left > 0
}

// probing reports whether the last that was heard of the server was a fault.
func (p *pause) probing() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.faults > 0
}

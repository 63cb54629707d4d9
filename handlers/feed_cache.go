package handlers

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/sync/singleflight"

	"samling/ics"
	"samling/models"
	"samling/planner"
)

// How many finished feeds are kept, and how many bytes of them together.
const (
	feedsKept     = 1024
	feedBytesKept = 64 << 20
)

// feeds are the finished feeds, the latest used of them.
type feeds struct {
	mu    sync.Mutex
	kept  *simplelru.LRU[string, *feed]
	bytes int
	// making lets many who ask for the same new feed wait for one rendering.
	making singleflight.Group
	newest atomic.Pointer[newestChange]
}

// feed is one finished feed. It is never changed: what is newer replaces it.
type feed struct {
	version   uint64    // of the catalogue that it is right for
	day       time.Time // the local midnight that it is right from
	name      string
	events    []*planner.Listed
	body      []byte
	zipped    []byte
	tag       string
	zippedTag string
}

func (f *feed) size() int { return len(f.body) + len(f.zipped) + 8*len(f.events) + 512 }

func newFeeds() *feeds {
	f := &feeds{}
	kept, err := simplelru.NewLRU(feedsKept, func(_ string, gone *feed) { f.bytes -= gone.size() })
	if err != nil {
		panic(err) // only for a size below one
	}
	f.kept = kept
	return f
}

func (f *feeds) get(key string) *feed {
	f.mu.Lock()
	defer f.mu.Unlock()
	found, _ := f.kept.Get(key)
	return found
}

func (f *feeds) put(key string, made *feed) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.kept.Remove(key) // so that its bytes are counted out
	f.kept.Add(key, made)
	f.bytes += made.size()
	for f.bytes > feedBytesKept && f.kept.Len() > 1 {
		f.kept.RemoveOldest()
	}
}

// feed is the finished feed of a selection, right for the newest catalogue.
// ErrNotFound: it names something that there is not.
func (s *Server) feed(sel *selection) (*feed, error) {
	catalogue, day := s.Planner.Catalogue(), s.midnight()
	// Only values that there are become keys: each is then a slug, and no two
	// selections have one key.
	if err := catalogue.Check(sel.Filter); err != nil {
		return nil, err
	}
	key := sel.path("")
	found := s.feeds.get(key)
	if found != nil && found.version == catalogue.Version && found.day.Equal(day) {
		return found, nil
	}
	once := strconv.FormatUint(catalogue.Version, 36) + " " + key
	made, err, _ := s.feeds.making.Do(once, func() (any, error) { return s.makeFeed(key, sel, catalogue, day, found) })
	if err != nil {
		return nil, err
	}
	return made.(*feed), nil
}

// makeFeed renders a feed, or finds that what was rendered before still holds.
func (s *Server) makeFeed(key string, sel *selection, catalogue *planner.Catalogue, day time.Time, before *feed) (*feed, error) {
	items, events, err := chosen(sel, catalogue, day)
	if err != nil {
		return nil, err
	}
	made := &feed{version: catalogue.Version, day: day, name: sel.title(catalogue, s.Words.In(sel.language)), events: events}
	if before != nil && before.name == made.name && slices.Equal(before.events, events) {
		made.body, made.zipped, made.tag, made.zippedTag = before.body, before.zipped, before.tag, before.zippedTag
	} else {
		made.finish(s.render(sel, catalogue, made.name, items))
	}
	s.feeds.put(key, made)
	return made, nil
}

// chosen are the events of a selection: those that the public may see, around
// now.
func chosen(sel *selection, catalogue *planner.Catalogue, day time.Time) ([]ics.Item, []*planner.Listed, error) {
	if sel.event != "" {
		l, err := catalogue.Event(sel.event)
		if err != nil || !l.Visible() || l.Slug != sel.event {
			return nil, nil, models.ErrNotFound
		}
		return []ics.Item{{Event: l.Event, Changed: l.Changed}}, []*planner.Listed{l}, nil
	}
	var items []ics.Item
	for _, l := range catalogue.Select(sel.Filter) {
		items = append(items, ics.Item{Event: l.Event, Changed: l.Changed})
	}
	items = ics.Window(items, day)
	events := make([]*planner.Listed, len(items))
	for i := range items {
		events[i], _ = catalogue.Event(items[i].Event.ID)
	}
	return items, events, nil
}

// finish makes what is sent from the bytes of the calendar.
func (f *feed) finish(body []byte) {
	f.body = body
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(body) // a bytes.Buffer takes all
	_ = w.Close()
	f.zipped = bytes.Clone(b.Bytes())
	sum := sha256.Sum256(body)
	hash := base64.RawURLEncoding.EncodeToString(sum[:12])
	f.tag, f.zippedTag = `"`+hash+`"`, `"`+hash+`-gzip"`
}

// midnight is the last local midnight: until the next, feeds do not change by
// the clock.
func (s *Server) midnight() time.Time {
	y, m, d := s.Now().In(s.zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, s.zone)
}

// newestChange is when anything that feeds show last changed, in a version of
// the catalogue.
type newestChange struct {
	version uint64
	at      time.Time
}

// modified is the Last-Modified of all feeds: one number, since an event that
// moves from one feed to another changes both. It never goes backwards: Apple's
// calendar asks by date alone, and would be answered 304 for ever. Events for
// members count too, because one that was public leaves the feeds when it
// becomes one of theirs. While its second is still running it is the second
// before, since more may happen in it.
func (s *Server) modified() time.Time {
	catalogue := s.Planner.Catalogue()
	newest := s.feeds.newest.Load()
	if newest == nil || newest.version != catalogue.Version {
		newest = &newestChange{catalogue.Version, lastChange(catalogue)}
		s.feeds.newest.Store(newest)
	}
	at := newest.at
	if day := s.midnight(); day.After(at) {
		at = day
	}
	at = at.UTC().Truncate(time.Second)
	if !s.Now().Truncate(time.Second).After(at) {
		at = at.Add(-time.Second)
	}
	return at
}

func lastChange(c *planner.Catalogue) time.Time {
	var newest time.Time
	take := func(t time.Time) {
		if t.After(newest) {
			newest = t
		}
	}
	for _, l := range c.Events {
		if l.Status != models.Draft {
			take(l.Changed)
		}
	}
	for _, a := range c.Associations {
		take(a.Updated)
	}
	for _, g := range c.Groups {
		take(g.Updated)
	}
	for _, d := range c.Districts {
		take(d.Updated)
	}
	return newest
}

package handlers

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/valyala/fasthttp"

	"samling/models"
)

// combination is the address of a combination of what there is, which the number
// chooses.
func combination(n uint64) string {
	address := "/feeds/events.ics?x="
	values := []string{"association=husie", "association=videdal", "district=oster", "group=klimat"}
	for _, k := range models.Kinds() {
		values = append(values, "kind="+string(k))
	}
	for i, value := range values {
		if n>>i&1 == 1 {
			address += "&" + value
		}
	}
	return address
}

// However many addresses are asked for, few answers are kept, and the feeds that
// most people subscribe to stay.
func TestFeed_MemoryIsBounded(t *testing.T) {
	c := feedCity(t)
	c.ask("GET", "/feeds/all.ics", "").want(t, 200)
	popular := c.feeds.get("/feeds/all.ics")
	for i := range 100 {
		c.ask("GET", fmt.Sprintf("/feeds/all.ics?x=%d", i), "").want(t, 200)
		c.ask("GET", fmt.Sprintf("/feeds/events.ics?association=a%d", i), "").want(t, 404)
		c.ask("GET", fmt.Sprintf("/feeds/events.ics?lang=l%d", i), "").want(t, 404)
		c.ask("GET", fmt.Sprintf("/feeds/kinds/k%d.json", i), "").want(t, 404)
	}
	if n := c.feeds.kept.Len() + c.combined.kept.Len() + c.Server.kept.kept.Len(); n != 1 {
		t.Errorf("%d feeds are kept for addresses that mean one", n)
	}
	handle := c.App().Handler()
	for n := range uint64(answersKept + 100) {
		var r fasthttp.RequestCtx
		r.Request.SetRequestURI(combination(n))
		if handle(&r); r.Response.StatusCode() != 200 {
			t.Fatalf("%s: %d", combination(n), r.Response.StatusCode())
		}
	}
	if n := c.combined.kept.Len(); n != answersKept || c.combined.bytes > answerBytesKept {
		t.Errorf("%d combinations of %d bytes are kept", n, c.combined.bytes)
	}
	// One with an address of its own for each value, and that of everything.
	if n, most := c.feeds.kept.Len(), 4+len(models.Kinds())+1; n > most {
		t.Errorf("%d feeds with an address of their own, want %d at most", n, most)
	}
	if c.feeds.get("/feeds/all.ics") != popular {
		t.Error("the calendar of everything was pushed out by what somebody thought of")
	}
	if n := c.pieces.kept.Len(); n != 1 {
		t.Errorf("%d pieces of one event", n)
	}
}

func TestCache_IsBounded(t *testing.T) {
	s := newShelf()
	for i := range 3 * answersKept {
		s.put(fmt.Sprint(i), &finished{body: make([]byte, 1<<10)})
	}
	if s.kept.Len() != answersKept {
		t.Errorf("%d answers are kept, want %d", s.kept.Len(), answersKept)
	}
	for i := range 200 {
		s.put(fmt.Sprint(i%100), &finished{body: make([]byte, 1<<20)})
		s.put("the same", &finished{body: make([]byte, 1<<10)})
	}
	if s.bytes > answerBytesKept || s.kept.Len() < 10 {
		t.Errorf("%d bytes in %d answers are kept", s.bytes, s.kept.Len())
	}
	counted := 0
	for _, f := range s.kept.Values() {
		counted += f.size()
	}
	if counted != s.bytes {
		t.Errorf("counted %d bytes, there are %d", s.bytes, counted)
	}
	long := strings.Repeat("x", 4096)
	if a, b := (&finished{key: long}).size(), (&finished{}).size(); a < b+len(long) {
		t.Error("the address itself is not counted")
	}
}

// Addresses that were made to be costly or to deceive are refused, or mean what
// the plain ones do.
func TestFeed_StrangeAddresses(t *testing.T) {
	c := feedCity(t)
	for i, s := range []struct {
		url    string
		status int
		key    string // under which the answer is kept
	}{
		{"/feeds/events.ics?" + strings.Repeat("association=husie&", 800), 200, "/feeds/associations/husie.ics"},
		{"/feeds/events.ics?" + strings.Repeat("x=y&", 3000), 200, "/feeds/all.ics"},
		{"/feeds/events.ics?" + strings.Repeat("&", 12_000), 200, "/feeds/all.ics"},
		{"/feeds/events.ics?associ%61tion=husi%65", 200, "/feeds/associations/husie.ics"},
		{"/feeds/events.ics?association=husie&association=%68usie&lang=%73v", 200, "/feeds/associations/husie.ics"},
		{"/feeds/events.ics?association=husie;kind=seminar", 404, ""},
		{"/feeds/events.ics?association=husie%00", 404, ""},
		{"/feeds/events.ics?association=husie%26kind%3Dseminar", 404, ""},
		{"/feeds/events.ics?association=hu%zzsie", 404, ""},
		{"/feeds/events.ics?association=HUSIE", 404, ""},
		{"/feeds/events.ics?association[]=husie", 200, "/feeds/all.ics"},
		{"/feeds/events.ics?kind=", 404, ""},
		{"/feeds/events.ics?lang=sv&lang=en", 200, "/feeds/all.ics"},
		{"/feeds/all.ICS", 404, ""},
		{"/feeds/all.ics.json", 404, ""},
		{"/feeds/all.", 404, ""},
		{"/feeds/all.ics%3Flang=en", 404, ""},
		{"/feeds/associations/husi%65.ics", 200, "/feeds/associations/husie.ics"},
		{"/feeds/../feeds/all.ics", 404, ""},
		{"/feeds//all.ics", 404, ""},
		{"/feeds/associations/husie/..%2fall.ics", 404, ""},
	} {
		a := c.ask("GET", s.url, "").want(t, s.status)
		if strings.Contains(a.body, "<html") || s.status == 404 && a.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
			t.Errorf("%d: %.80s is answered with a %s", i, s.url, a.Header.Get("Content-Type"))
		}
		for _, shelf := range []*shelf{c.feeds, c.combined} {
			for _, key := range shelf.kept.Keys() {
				if !strings.HasPrefix(key, "/feeds/") || strings.Contains(key, "%") || len(key) > 200 {
					t.Errorf("%d: %.80s is kept as %.200q", i, s.url, key)
				}
			}
		}
		if s.status == 200 && c.feeds.get(s.key) == nil {
			t.Errorf("%d: %.80s is not kept as %s", i, s.url, s.key)
		}
	}
}

// Any order and any repetition of the same values is one feed.
func TestFeed_OneKeyForEveryOrder(t *testing.T) {
	c := feedCity(t)
	values := []string{"association=husie", "association=videdal", "district=oster", "group=klimat", "kind=seminar", "kind=may-day", "lang=en", "utm_source=x"}
	random := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		query := append([]string(nil), values...)
		for range random.IntN(5) {
			query = append(query, values[random.IntN(len(values))])
		}
		random.Shuffle(len(query), func(i, j int) { query[i], query[j] = query[j], query[i] })
		c.ask("GET", "/feeds/events.atom?"+strings.Join(query, "&"), "").want(t, 200)
	}
	want := "/feeds/events.atom?association=husie&association=videdal&district=oster&group=klimat&kind=may-day&kind=seminar&lang=en"
	if keys := c.combined.kept.Keys(); len(keys) != 1 || keys[0] != want {
		t.Errorf("kept as %q", keys)
	}
}

// A thousand who ask at once for what has become stale wait for one rendering.
func TestShelf_Herd(t *testing.T) {
	m := feedCity(t).moment()
	synctest.Test(t, func(t *testing.T) {
		s, made := newShelf(), 0
		s.put("feed", &finished{version: m.catalogue.Version - 1})
		var all sync.WaitGroup
		for i := range 1000 {
			all.Go(func() {
				time.Sleep(time.Duration(i) * time.Millisecond / 2) // half of them while it is made, half when it is there
				f, err := s.finished("feed", m, func(before *finished) (*finished, error) {
					time.Sleep(250 * time.Millisecond)
					made++
					return &finished{body: []byte("new")}, nil
				})
				if err != nil || string(f.body) != "new" {
					t.Errorf("somebody got %v, %v", f, err)
				}
			})
		}
		all.Wait()
		if made != 1 {
			t.Errorf("rendered %d times", made)
		}
	})
}

// The same through the whole server, at one moment.
func TestFeed_Herd(t *testing.T) {
	c := feedCity(t)
	m := c.moment()
	for round := range 20 {
		sel := selection{language: "sv", format: []format{inCalendar, inAtom, inJSON}[round%3]}
		c.feeds = newShelf()
		var rendered sync.Map
		var all sync.WaitGroup
		for range 1000 {
			all.Go(func() {
				f, err := c.feed(c.ctx, &sel, m)
				if err != nil {
					t.Error(err)
					return
				}
				rendered.Store(&f.body[0], true)
			})
		}
		all.Wait()
		n := 0
		rendered.Range(func(any, any) bool { n++; return true })
		if n != 1 {
			t.Fatalf("%d renderings of one feed", n)
		}
	}
}

// Of those who ask for ever new combinations few are served at once, few wait,
// and the rest are sent away.
func TestTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := newTurns(2, 3)
		var mu sync.Mutex
		doing, most, served, refused := 0, 0, 0, 0
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				done, ok := turns.take()
				mu.Lock()
				if !ok {
					refused++
					mu.Unlock()
					return
				}
				doing++
				most = max(most, doing)
				mu.Unlock()
				time.Sleep(time.Second)
				mu.Lock()
				doing--
				served++
				mu.Unlock()
				done()
			})
		}
		all.Wait()
		if most != 2 || served != 5 || refused != 5 {
			t.Errorf("%d at once, %d served, %d sent away", most, served, refused)
		}
		if done, ok := turns.take(); !ok {
			t.Error("a turn was not given back")
		} else {
			done()
		}
	})
}

// When there is too much to do, a combination that was there before is served as
// it was, with the date that it had.
func TestFeed_StaleRatherThanNothing(t *testing.T) {
	c := newCity(t)
	at := c.published(townHall)
	c.pass(time.Minute)
	const known, other = "/feeds/events.ics?association=husie&kind=town-hall", "/feeds/events.ics?association=husie&kind=seminar"
	before := c.ask("GET", known, "").want(t, 200)
	c.ask("PATCH", at, `{"title":"Nytt namn"}`, "token", c.husie).want(t, 200)
	c.pass(time.Minute)
	c.combined.turns = newTurns(1, 0)
	done, _ := c.combined.turns.take()
	stale := c.ask("GET", known, "").want(t, 200)
	if stale.body != before.body || stale.Header.Get("Last-Modified") != before.Header.Get("Last-Modified") || stale.Header.Get("ETag") != before.Header.Get("ETag") {
		t.Errorf("served %v instead of %v", stale.Header, before.Header)
	}
	if a := c.ask("GET", other, "").want(t, 503); a.Header.Get("Retry-After") == "" || a.Header.Get("Last-Modified") != "" || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/plain") {
		t.Errorf("one that was never there: %v", a.Header)
	}
	c.ask("GET", "/feeds/associations/husie.ics", "").want(t, 200)
	done()
	if a := c.ask("GET", known, "", "If-Modified-Since", stale.Header.Get("Last-Modified")).want(t, 200); !strings.Contains(a.body, "Nytt namn") {
		t.Error("it does not catch up")
	}
	c.ask("GET", other, "").want(t, 200)
}

// Feeds need no store: it may be away for days.
func TestFeed_WhileTheStoreIsAway(t *testing.T) {
	c := feedCity(t)
	if err := c.Planner.Store.Close(); err != nil {
		t.Fatal(err)
	}
	if err := c.Planner.Refresh(c.ctx); err == nil {
		t.Fatal("the store is not away")
	}
	for range 2 {
		for _, url := range []string{"/feeds/all.ics", "/feeds/all.atom?lang=en", "/feeds/all.json", "/feeds/kinds/town-hall.ics", "/feeds/events.json?kind=town-hall&kind=seminar", "/events/oppet-mote-om-skolan.ics"} {
			a := c.ask("GET", url, "").want(t, 200)
			if !strings.Contains(a.body, "Öppet möte om skolan") {
				t.Errorf("%s has nothing in it: %s", url, a.body)
			}
			c.ask("HEAD", url, "").want(t, 200)
			c.ask("GET", url, "", "If-None-Match", a.Header.Get("ETag")).want(t, 304)
		}
		c.pass(36 * time.Hour)
	}
}

// A rendering that fails is not kept, and told to nobody in detail.
func TestShelf_FailedRendering(t *testing.T) {
	c := feedCity(t)
	s, m := newShelf(), c.moment()
	broken := errors.New("broken")
	for range 2 {
		if _, err := s.finished("feed", m, func(*finished) (*finished, error) { return nil, broken }); !errors.Is(err, broken) {
			t.Errorf("err %v", err)
		}
	}
	if s.kept.Len() != 0 {
		t.Error("something is kept")
	}
}

// One edit makes one piece of each language and format anew, however many feeds
// it is in.
func TestPieces_OneAnEdit(t *testing.T) {
	c := newCity(t)
	at := c.published(townHall)
	for i := range 20 {
		c.published(fmt.Sprintf(`{"kind":"town-hall","title":"Möte %d","host":"husie","starts":"2026-04-%02dT18:00"}`, i, i+1))
	}
	feeds := func() {
		for _, url := range []string{"/feeds/all.", "/feeds/associations/husie.", "/feeds/kinds/town-hall.", "/feeds/districts/oster."} {
			for _, f := range formats() {
				c.ask("GET", url+string(f), "").want(t, 200)
				c.ask("GET", url+string(f)+"?lang=en", "").want(t, 200)
			}
		}
		c.ask("GET", "/feeds/events.ics?kind=town-hall&association=husie", "").want(t, 200)
	}
	kept := func() map[pieceKey]*piece {
		all := map[pieceKey]*piece{}
		for _, key := range c.pieces.kept.Keys() {
			all[key], _ = c.pieces.kept.Peek(key)
		}
		return all
	}
	feeds()
	before := kept()
	if len(before) != 21*3*2 {
		t.Errorf("%d pieces of 21 events in 3 formats and 2 languages", len(before))
	}
	c.ask("PATCH", at, `{"title":"Nytt namn"}`, "token", c.husie).want(t, 200)
	feeds()
	anew := 0
	for key, p := range kept() {
		if before[key] != p {
			anew++
		}
	}
	if anew != 3*2 {
		t.Errorf("%d pieces were made anew by one edit, want 6", anew)
	}
	// A mark goes by the clock: the pieces that have one are made anew then.
	c.ask("PATCH", at, `{"starts":"2026-03-13T19:00"}`, "token", c.husie).want(t, 200)
	if a := c.ask("GET", "/feeds/all.json", ""); !strings.Contains(a.body, "Ny tid: Nytt namn") {
		t.Errorf("the move is not marked: %s", a.body)
	}
	c.pass(9 * 24 * time.Hour)
	if a := c.ask("GET", "/feeds/all.json", ""); strings.Contains(a.body, "Ny tid") {
		t.Error("the mark of a move stays for ever")
	}
}

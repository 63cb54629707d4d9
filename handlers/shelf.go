package handlers

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/klauspost/compress/gzip"
	"golang.org/x/sync/singleflight"

	"samling/models"
	"samling/planner"
)

// How many finished answers a shelf keeps, and how many bytes of them together.
const (
	answersKept     = 1024
	answerBytesKept = 48 << 20
)

// shelf keeps finished answers.
type shelf struct {
	*cache[string, *finished]
	// making lets many who ask for the same new answer wait for one rendering.
	making singleflight.Group
	// turns limit how many are made at once; nil: nothing does.
	turns *turns
}

func newShelf() *shelf {
	return &shelf{cache: newCache[string, *finished](answersKept, answerBytesKept)}
}

// finished is one answer as it is sent. It is never changed: what is newer
// replaces it.
type finished struct {
	key     string
	version uint64    // of the catalogue that it is right for
	day     time.Time // the local midnight that it is right from
	// until is when it must be made anew though nothing was edited; zero: not by
	// itself.
	until     time.Time
	feed      feedOf // what a feed was made of
	body      []byte
	zipped    []byte
	tag       string
	zippedTag string
}

// moment is what an answer is made from.
type moment struct {
	catalogue *planner.Catalogue
	day       time.Time // the last local midnight
	now       time.Time
	view      view
}

func (s *Server) moment() moment {
	now := s.Now()
	return moment{catalogue: s.Planner.Catalogue(), day: s.midnight(now), now: now}
}

// rightAt reports whether the answer, if there is one, still holds.
func (f *finished) rightAt(m moment) bool {
	return f != nil && f.version == m.catalogue.Version && f.day.Equal(m.day) && (f.until.IsZero() || m.now.Before(f.until))
}

func (f *finished) size() int {
	return len(f.body) + len(f.zipped) + 2*len(f.key) + 8*len(f.feed.events) + 512
}

// finished is the answer of that key which is right at the moment. make makes it;
// before is the one that was right earlier, or nil. When too many are being made,
// it is the earlier one, or models.CodeUnavailable.
func (s *shelf) finished(key string, m moment, make func(before *finished) (*finished, error)) (*finished, error) {
	found := s.get(key)
	if found.rightAt(m) {
		return found, nil
	}
	once := strconv.FormatUint(m.catalogue.Version, 36) + " " + key
	made, err, _ := s.making.Do(once, func() (any, error) {
		// Who made it may have been done between our look and our turn.
		if found = s.get(key); found.rightAt(m) {
			return found, nil
		}
		done, ok := s.turns.take()
		if !ok && found != nil {
			return found, nil
		} else if !ok {
			return nil, models.Fault(models.CodeUnavailable)
		}
		defer done()
		made, err := make(found)
		if err == nil {
			made.version, made.day, made.key = m.catalogue.Version, m.day, key
			s.put(key, made)
		}
		return made, err
	})
	if err != nil {
		return nil, err
	}
	return made.(*finished), nil
}

// turns let so many do something at once, so many more wait, and send the rest
// away.
type turns struct{ doing, here chan struct{} }

func newTurns(doing, waiting int) *turns {
	return &turns{make(chan struct{}, doing), make(chan struct{}, doing+waiting)}
}

// take waits for a turn, which ends with done; not ok: too many wait already.
func (t *turns) take() (done func(), ok bool) {
	if t == nil {
		return func() {}, true
	}
	select {
	case t.here <- struct{}{}:
	default:
		return nil, false
	}
	t.doing <- struct{}{}
	return func() { <-t.doing; <-t.here }, true
}

// bodyIs makes what is sent from the bytes. moving is the part of them that says
// nothing to the reader and is left out of the tag. The same bytes as before are
// not compressed again.
func (f *finished) bodyIs(body, moving []byte, before *finished) {
	if before != nil && bytes.Equal(before.body, body) {
		f.like(before)
		return
	}
	f.body, f.zipped = body, gzipped(body)
	still, weak := body, ""
	if len(moving) > 0 {
		still, weak = bytes.Replace(body, moving, nil, 1), "W/"
	}
	sum := sha256.Sum256(still)
	hash := base64.RawURLEncoding.EncodeToString(sum[:12])
	f.tag, f.zippedTag = weak+`"`+hash+`"`, weak+`"`+hash+`-gzip"`
}

// asItIs is bodyIs for what is compressed already.
func (f *finished) asItIs(body []byte) {
	sum := sha256.Sum256(body)
	f.body, f.tag = body, `"`+base64.RawURLEncoding.EncodeToString(sum[:12])+`"`
}

// like takes over what is sent from an answer that says the same.
func (f *finished) like(before *finished) {
	f.body, f.zipped, f.tag, f.zippedTag = before.body, before.zipped, before.tag, before.zippedTag
}

func gzipped(body []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(body) // a bytes.Buffer takes all
	_ = w.Close()
	return bytes.Clone(b.Bytes())
}

// chosen are the bytes for this client and their tag, which stands in the answer
// already.
func (f *finished) chosen(c *fiber.Ctx) (body []byte, tag string, zipped bool) {
	body, tag = f.body, f.tag
	if zipped = f.zipped != nil && takesGzip(peek(c, fiber.HeaderAcceptEncoding)); zipped {
		body, tag = f.zipped, f.zippedTag
	}
	c.Set(fiber.HeaderETag, tag)
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	return body, tag, zipped
}

// send answers with the bytes, in the coding that was chosen.
func send(c *fiber.Ctx, media string, body []byte, zipped bool) error {
	c.Response().Header.SetContentType(media)
	if zipped {
		c.Set(fiber.HeaderContentEncoding, "gzip")
	}
	c.Response().SetBodyRaw(body)
	return nil
}

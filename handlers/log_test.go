package handlers

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/valyala/fasthttp"
)

// written is where a log goes, counting how often.
type written struct {
	mu    sync.Mutex
	text  bytes.Buffer
	calls int
	err   error
}

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls++
	if w.err != nil {
		return 0, w.err
	}
	return w.text.Write(p)
}

func (w *written) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.calls
}

func (w *written) says() (messages []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for d := json.NewDecoder(bytes.NewReader(w.text.Bytes())); d.More(); {
		var line struct{ Msg string }
		if err := d.Decode(&line); err != nil {
			return append(messages, err.Error())
		}
		messages = append(messages, line.Msg)
	}
	return messages
}

func TestLog_GathersLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &written{}
		log, flush := NewLog(w)
		want := func(when string, calls int, messages ...string) {
			t.Helper()
			synctest.Wait()
			if got := w.says(); w.count() != calls || strings.Join(got, " ") != strings.Join(messages, " ") {
				t.Errorf("%s: %q in %d writes, want %q in %d", when, got, w.count(), messages, calls)
			}
		}
		time.Sleep(10 * lineWaits)
		want("when nothing was said", 0)
		log.Info("a")
		time.Sleep(lineWaits - 1)
		log.Info("b")
		want("within the second", 0)
		time.Sleep(time.Nanosecond)
		want("a second after the first", 1, "a", "b")
		log.With("x", 1).WithGroup("g").Info("c", "y", 2)
		log.With("x", 1).Warn("d")
		want("after a warning", 2, "a", "b", "c", "d")
		log.Info("e")
		flush()
		want("after a flush", 3, "a", "b", "c", "d", "e")
		log.Info("f")
		time.Sleep(lineWaits)
		want("when the next was said later", 4, "a", "b", "c", "d", "e", "f")
	})
}

func TestLog_ManyLinesAreNotHeldBack(t *testing.T) {
	w := &written{}
	log, flush := NewLog(w)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 1000 {
				log.Info("line", slog.String("path", "/feeds/all.ics"))
			}
		})
	}
	all.Wait()
	held := w.count()
	flush()
	if n := len(w.says()); n != 8000 || held < 5 || w.calls > 100 {
		t.Errorf("%d lines in %d writes, %d before the flush", n, w.calls, held)
	}
}

func TestLog_GoesOnAfterAFault(t *testing.T) {
	w := &written{err: errors.New("no space left")}
	log, flush := NewLog(w)
	for range 10_000 {
		log.Info("lost")
	}
	flush()
	w.err = nil
	log.Error("there")
	if got := w.says(); len(got) != 1 || got[0] != "there" {
		t.Errorf("says %q", got)
	}
}

// A HEAD is logged with the bytes that were sent.
func TestLog_Request(t *testing.T) {
	c := feedCity(t)
	c.ask("GET", "/feeds/all.ics", "").want(t, 200)
	c.ask("HEAD", "/feeds/all.ics", "").want(t, 200)
	got := strings.Split(strings.TrimSpace(c.log.String()), "\n")
	get, head := got[len(got)-2], got[len(got)-1]
	if !strings.Contains(get, "method=GET path=/feeds/all.ics status=200") || strings.Contains(get, "bytes=0") {
		t.Errorf("GET: %s", get)
	}
	if !strings.Contains(head, "method=HEAD path=/feeds/all.ics status=200 bytes=0") {
		t.Errorf("HEAD: %s", head)
	}
}

// A request's line is the one that slog writes, also where it takes the short way.
func TestLog_RequestAsSlogWritesIt(t *testing.T) {
	short, long := &written{}, &strings.Builder{}
	lines, flush := NewLog(short)
	c := newCityWith(t, func(config *Config) { config.Log = lines })
	handle := c.App().Handler()
	ask := func(path string) {
		var r fasthttp.RequestCtx
		r.Request.SetRequestURI(path)
		handle(&r)
	}
	for _, path := range []string{"/feeds/all.ics", "/feeds/nothing.ics", "/", "/a\"b\\c", "/räksmörgås", "/\x01\x7f\xff", "/<b>&'"} {
		short.text.Reset()
		ask(path)
		flush()
		got := short.text.String()
		c.Log = slog.New(slog.NewJSONHandler(long, nil))
		long.Reset()
		ask(path)
		c.Log = lines
		if same(got) != same(long.String()) {
			t.Errorf("%q: wrote\n%s, slog writes\n%s", path, got, long)
		}
		if !json.Valid([]byte(got)) {
			t.Errorf("%q: %s is no JSON", path, got)
		}
	}
}

// same is a line without the request's name.
func same(line string) string {
	before, rest, _ := strings.Cut(line, `"id":"`)
	_, after, _ := strings.Cut(rest, `"`)
	return before + after
}

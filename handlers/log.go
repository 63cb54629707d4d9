package handlers

import (
	"context"
	"io"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
)

// How long a line of the log may wait for others, and how many bytes are written
// together.
const (
	lineWaits     = time.Second
	linesTogether = 64 << 10
)

// NewLog is a log of JSON lines that are gathered and written together: one
// write a request cost a seventh of what a feed does. A line waits a second at
// most. A warning or an error is written at once, behind what was before it. Call
// flush before the process ends; a kill loses the last second. Lines that cannot
// be written are lost.
func NewLog(to io.Writer) (log *slog.Logger, flush func()) {
	l := &lines{to: to, buf: make([]byte, 0, linesTogether+1<<10)}
	l.late = time.AfterFunc(lineWaits, l.flush)
	return slog.New(gathering{slog.NewJSONHandler(l, nil), l}), l.flush
}

// lines are those that wait to be written.
type lines struct {
	to   io.Writer
	mu   sync.Mutex
	buf  []byte
	late *time.Timer
}

// Write takes a line. Errors come too late for whoever wrote it: there are none.
func (l *lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wait()
	l.buf = append(l.buf, line...)
	l.enough()
	return len(line), nil
}

// wait is before a line that waits for others.
func (l *lines) wait() {
	if len(l.buf) == 0 {
		l.late.Reset(lineWaits)
	}
}

// enough writes the lines if there are many.
func (l *lines) enough() {
	if len(l.buf) >= linesTogether {
		l.empty()
	}
}

func (l *lines) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.empty()
}

func (l *lines) empty() {
	if len(l.buf) > 0 {
		_, _ = l.to.Write(l.buf)
		l.buf = l.buf[:0]
	}
}

// gathering is a handler that writes into lines.
type gathering struct {
	slog.Handler
	lines *lines
}

// Handle is part of slog.Handler.
func (g gathering) Handle(ctx context.Context, r slog.Record) error {
	err := g.Handler.Handle(ctx, r)
	if r.Level > slog.LevelInfo {
		g.lines.flush()
	}
	return err
}

// WithAttrs is part of slog.Handler.
func (g gathering) WithAttrs(attrs []slog.Attr) slog.Handler {
	return gathering{g.Handler.WithAttrs(attrs), g.lines}
}

// WithGroup is part of slog.Handler.
func (g gathering) WithGroup(name string) slog.Handler {
	return gathering{g.Handler.WithGroup(name), g.lines}
}

// logRequest writes the line of one answered request.
func (s *Server) logRequest(c *fiber.Ctx, id string, at time.Time, took time.Duration) {
	ctx, h := context.Background(), s.Log.Handler()
	if !h.Enabled(ctx, slog.LevelInfo) {
		return
	}
	sent := len(c.Response().Body())
	if c.Method() == fiber.MethodHead {
		sent = 0
	}
	method, path, status := c.Method(), loggable(c.Path()), c.Response().StatusCode()
	if g, ok := h.(gathering); ok && legible(path) {
		g.lines.request(at, id, method, path, status, sent, took)
		return
	}
	// Not by the Logger, which looks up its caller each time.
	r := slog.NewRecord(at, slog.LevelInfo, "request", 0)
	r.AddAttrs(slog.String("id", id), slog.String("method", method), slog.String("path", path),
		slog.Int("status", status), slog.Int("bytes", sent), slog.Duration("took", took))
	_ = h.Handle(ctx, r)
}

// request writes the line that slog's JSON handler would, for what needs no
// escapes: of what a feed costs beside its bytes that was the greatest part.
func (l *lines) request(at time.Time, id, method, path string, status, sent int, took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wait()
	b := at.AppendFormat(append(l.buf, `{"time":"`...), time.RFC3339Nano)
	b = append(append(b, `","level":"INFO","msg":"request","id":"`...), id...)
	b = append(append(b, `","method":"`...), method...)
	b = append(append(b, `","path":"`...), path...)
	b = strconv.AppendInt(append(b, `","status":`...), int64(status), 10)
	b = strconv.AppendInt(append(b, `,"bytes":`...), int64(sent), 10)
	b = strconv.AppendInt(append(b, `,"took":`...), int64(took), 10)
	b = append(b, "}\n"...)
	l.buf = b
	l.enough()
}

// legible reports whether a text stands in JSON as it is.
func legible(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

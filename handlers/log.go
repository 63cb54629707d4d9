package handlers

import (
	"context"
	"io"
	"log/slog"
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
	if len(l.buf) == 0 {
		l.late.Reset(lineWaits)
	}
	l.buf = append(l.buf, line...)
	if len(l.buf) >= linesTogether {
		l.empty()
	}
	return len(line), nil
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
	// Not by the Logger, which looks up its caller each time.
	r := slog.NewRecord(at, slog.LevelInfo, "request", 0)
	r.AddAttrs(
		slog.String("id", id),
		slog.String("method", c.Method()),
		slog.String("path", loggable(c.Path())),
		slog.Int("status", c.Response().StatusCode()),
		slog.Int("bytes", sent),
		slog.Duration("took", took))
	_ = h.Handle(ctx, r)
}

package handlers

import (
	"io"
	"net"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
)

// How long, and for how many bytes, a client that sends too much is listened to
// after it was answered.
const (
	lingers     = 2 * time.Second
	lingerBytes = 64 << 20
)

// lingerer is a listener whose connections can be closed gently. A connection
// that is closed while the other side still sends is reset by the kernel, and
// the answer that says why may be lost on its way.
type lingerer struct{ net.Listener }

func (l lingerer) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &lingering{Conn: c}, nil
}

type lingering struct {
	net.Conn
	unread atomic.Bool // there is more to come that nobody will read
}

func (c *lingering) Close() error {
	half, ok := c.Conn.(interface{ CloseWrite() error })
	if c.unread.Swap(false) && ok && half.CloseWrite() == nil {
		end := time.AfterFunc(lingers, func() { _ = c.SetReadDeadline(time.Unix(1, 0)) })
		_, _ = io.CopyN(io.Discard, c.Conn, lingerBytes)
		end.Stop()
	}
	return c.Conn.Close()
}

// linger has the connection of a request that is too large closed gently.
func linger(c *fiber.Ctx) {
	if conn, ok := c.Context().Conn().(*lingering); ok {
		conn.unread.Store(true)
	}
}

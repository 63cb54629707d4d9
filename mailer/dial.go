package mailer

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strings"
	"sync/atomic"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// errOurs marks what no waiting will cure.
var errOurs = errors.New("check SAMLING_SMTP")

// line is one connection to the relay, greeted and signed in.
type line struct {
	conn   *timedConn
	client *smtp.Client
	idle   *time.Timer // closes it when it was not used for a while
}

func (l *line) close() { l.conn.Close() }

// farewell is how long an answer may take on which nothing hangs.
const farewell = 2 * time.Second

// reset ends a mail that was refused; false: the connection is of no more use.
func (l *line) reset() bool {
	enough := time.AfterFunc(farewell, l.close)
	defer enough.Stop()
	return l.client.Reset() == nil
}

// leave says goodbye before it closes: whoever just closes breaks the protocol
// (RFC 5321 §4.1.1.10), and fills the server's log.
func (l *line) leave() {
	enough := time.AfterFunc(farewell, l.close)
	defer enough.Stop()
	_ = l.client.Quit()
	l.close()
}

// dial opens a connection up to where the first mail can go.
func (s *SMTP) dial(ctx context.Context) (*line, error) {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Timeouts.Connect)
	defer cancel()
	raw, err := s.cfg.Dial(ctx, "tcp", s.cfg.Relay.address())
	if err != nil {
		return nil, classify(phaseConnect, err)
	}
	fault := func(phase string, err error) error {
		raw.Close()
		if ctx.Err() != nil {
			err = ctx.Err() // and not what our closing looks like
		}
		return classify(phase, err)
	}
	// Closing is the one thing that ends every wait, whichever layer is in it.
	stop := context.AfterFunc(ctx, func() { raw.Close() })
	defer stop()
	timed := &timedConn{Conn: raw, now: s.cfg.Now, write: s.cfg.Timeouts.Write}
	conn, phase, err := s.encrypt(ctx, timed)
	if err != nil {
		return nil, fault(phase, err)
	}
	client := smtp.NewClient(conn)
	client.CommandTimeout, client.SubmissionTimeout = s.cfg.Timeouts.Command, s.cfg.Timeouts.Submit
	if err := client.Hello(s.cfg.Hello); err != nil {
		return nil, fault(phaseHello, err)
	}
	if err := s.signIn(client); err != nil {
		return nil, fault(phaseAuth, err)
	}
	return &line{conn: timed, client: client}, nil
}

// encrypt demands TLS, unless the relay is on the same machine and was said to
// have none. phase is how far it came.
func (s *SMTP) encrypt(ctx context.Context, conn net.Conn) (_ net.Conn, phase string, err error) {
	config := s.cfg.TLS.Clone()
	if config == nil {
		config = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	if config.ServerName == "" {
		config.ServerName = s.cfg.Relay.Host
	}
	switch {
	case s.cfg.Relay.Plain:
		return conn, phaseHello, nil
	case s.cfg.Relay.Implicit:
		secure := tls.Client(conn, config)
		return secure, phaseTLS, secure.HandshakeContext(ctx)
	}
	if phase, err := s.startTLS(conn); err != nil {
		return nil, phase, err
	}
	secure := tls.Client(conn, config)
	// After STARTTLS no greeting comes, but the library waits for one.
	return &greeted{Conn: secure, greeting: strings.NewReader("220 encrypted\r\n")}, phaseTLS, secure.HandshakeContext(ctx)
}

// startTLS asks for encryption. The library could, but it says EHLO localhost
// first, which some servers refuse, and shows a bad certificate only later.
func (s *SMTP) startTLS(conn net.Conn) (phase string, err error) {
	if err := conn.SetDeadline(s.cfg.Now().Add(s.cfg.Timeouts.Command)); err != nil {
		return phaseHello, err
	}
	buffer := bufio.NewReader(io.LimitReader(conn, 64<<10))
	text := textproto.NewReader(buffer)
	if _, _, err := text.ReadResponse(220); err != nil {
		return phaseHello, err
	}
	if _, err := fmt.Fprintf(conn, "EHLO %s\r\n", s.cfg.Hello); err != nil {
		return phaseHello, err
	}
	_, extensions, err := text.ReadResponse(250)
	if err != nil {
		return phaseHello, err
	}
	if !strings.Contains(strings.ToUpper(extensions)+"\n", "\nSTARTTLS\n") {
		return phaseTLS, fmt.Errorf("the server offers no STARTTLS; %w", errOurs)
	}
	if _, err := io.WriteString(conn, "STARTTLS\r\n"); err != nil {
		return phaseTLS, err
	}
	if _, _, err := text.ReadResponse(220); err != nil {
		return phaseTLS, err
	}
	if buffer.Buffered() > 0 {
		// Somebody on the way has put words in before the encryption began.
		return phaseTLS, fmt.Errorf("the server went on in clear after STARTTLS; %w", errOurs)
	}
	return phaseTLS, conn.SetDeadline(time.Time{})
}

func (s *SMTP) signIn(client *smtp.Client) error {
	r := s.cfg.Relay
	switch {
	case r.User == "":
		return nil
	case client.SupportsAuth(sasl.Plain):
		return client.Auth(sasl.NewPlainClient("", r.User, r.Password))
	case client.SupportsAuth(sasl.Login):
		return client.Auth(sasl.NewLoginClient(r.User, r.Password))
	}
	return fmt.Errorf("the server takes no user name and password; %w", errOurs)
}

// timedConn bounds every write. The library sets deadlines for commands and
// answers but none for the body, and a peer that stops reading would hold it for
// ever.
type timedConn struct {
	net.Conn
	now   func() time.Time
	write time.Duration
	// cut: a write failed, so the other side does not have the last of what we
	// said.
	cut atomic.Bool
}

func (c *timedConn) Write(b []byte) (n int, err error) {
	if err = c.SetWriteDeadline(c.now().Add(c.write)); err == nil {
		n, err = c.Conn.Write(b)
	}
	if err != nil {
		c.cut.Store(true)
	}
	return n, err
}

// greeted is a connection that begins with a greeting of our own.
type greeted struct {
	net.Conn
	greeting *strings.Reader
}

func (c *greeted) Read(b []byte) (int, error) {
	if c.greeting.Len() > 0 {
		return c.greeting.Read(b)
	}
	return c.Conn.Read(b)
}

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
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// errOurs marks what no waiting will cure.
var errOurs = errors.New("check SAMLING_SMTP")

// line is one connection to the relay, greeted and signed in.
type line struct {
	conn   net.Conn
	client *smtp.Client
	idle   *time.Timer // closes it when it was not used for a while
}

func (l *line) close() { l.conn.Close() }

// dial opens a connection up to where the first mail can go.
func (s *SMTP) dial(ctx context.Context) (*line, error) {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Timeouts.Connect)
	defer cancel()
	raw, err := (&net.Dialer{}).DialContext(ctx, "tcp", s.cfg.Relay.address())
	if err != nil {
		return nil, classify(phaseConnect, err)
	}
	// Closing is the one thing that ends every wait, whichever layer is in it.
	stop := context.AfterFunc(ctx, func() { raw.Close() })
	defer stop()
	var conn net.Conn = &timedConn{Conn: raw, now: s.cfg.Now, write: s.cfg.Timeouts.Write}
	if conn, err = s.encrypt(ctx, conn); err != nil {
		raw.Close()
		return nil, classify(phaseTLS, err)
	}
	client := smtp.NewClient(conn)
	client.CommandTimeout, client.SubmissionTimeout = s.cfg.Timeouts.Command, s.cfg.Timeouts.Submit
	if err := client.Hello(s.cfg.Hello); err != nil {
		raw.Close()
		return nil, classify(phaseHello, err)
	}
	if err := s.signIn(client); err != nil {
		raw.Close()
		return nil, classify(phaseAuth, err)
	}
	return &line{conn: raw, client: client}, nil
}

// encrypt demands TLS, unless the relay is on the same machine and was said to
// have none.
func (s *SMTP) encrypt(ctx context.Context, conn net.Conn) (net.Conn, error) {
	config := s.cfg.TLS.Clone()
	if config == nil {
		config = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	if config.ServerName == "" {
		config.ServerName = s.cfg.Relay.Host
	}
	switch {
	case s.cfg.Relay.Plain:
		return conn, nil
	case s.cfg.Relay.Implicit:
		secure := tls.Client(conn, config)
		return secure, secure.HandshakeContext(ctx)
	}
	if err := s.startTLS(conn); err != nil {
		return nil, err
	}
	secure := tls.Client(conn, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, err
	}
	// After STARTTLS no greeting comes, but the library waits for one.
	return &greeted{Conn: secure, greeting: strings.NewReader("220 encrypted\r\n")}, nil
}

// startTLS asks for encryption. The library could, but it says EHLO localhost
// first, which some servers refuse, and shows a bad certificate only later.
func (s *SMTP) startTLS(conn net.Conn) error {
	if err := conn.SetDeadline(s.cfg.Now().Add(s.cfg.Timeouts.Command)); err != nil {
		return err
	}
	buffer := bufio.NewReader(io.LimitReader(conn, 64<<10))
	text := textproto.NewReader(buffer)
	if _, _, err := text.ReadResponse(220); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(conn, "EHLO %s\r\n", s.cfg.Hello); err != nil {
		return err
	}
	_, extensions, err := text.ReadResponse(250)
	if err != nil {
		return err
	}
	if !strings.Contains(strings.ToUpper(extensions)+"\n", "\nSTARTTLS\n") {
		return fmt.Errorf("the server offers no STARTTLS; %w", errOurs)
	}
	if _, err := io.WriteString(conn, "STARTTLS\r\n"); err != nil {
		return err
	}
	if _, _, err := text.ReadResponse(220); err != nil {
		return err
	}
	if buffer.Buffered() > 0 {
		// Somebody on the way has put words in before the encryption began.
		return fmt.Errorf("the server went on in clear after STARTTLS; %w", errOurs)
	}
	return conn.SetDeadline(time.Time{})
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
}

func (c *timedConn) Write(b []byte) (int, error) {
	if err := c.SetWriteDeadline(c.now().Add(c.write)); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
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

package mailer

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// SMTPConfig says how mail is handed to a relay. Zero durations and numbers mean
// their defaults.
type SMTPConfig struct {
	Relay       Relay
	Hello       string // our name in EHLO: the host of the site
	Connections int    // at most at once; default 4
	Timeouts    Timeouts
	TLS         *tls.Config // nil: the system's certificates
	Now         func() time.Time
	// Dial opens a connection; nil: over the network.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Timeouts bound every wait.
type Timeouts struct {
	Connect time.Duration // until signed in, all together; default 1 minute
	Command time.Duration // for the answer to a command; default 5 minutes (RFC 5321 §4.5.3.2)
	Write   time.Duration // for one write of the body; default 3 minutes
	Submit  time.Duration // for the answer to the final dot; default 10 minutes, as servers filter then
	Idle    time.Duration // how long an unused connection is kept; default 30 seconds
}

// SMTP hands mail to a relay. One recipient a transaction, connections are
// reused. It may be used by many goroutines.
type SMTP struct {
	cfg   SMTPConfig
	slots chan struct{}

	mu     sync.Mutex
	idle   []*line
	closed bool
}

var _ Sender = (*SMTP)(nil)

// NewSMTP makes a sender; nothing is dialled before the first mail. Close it
// after use.
func NewSMTP(cfg SMTPConfig) *SMTP {
	or := func(d *time.Duration, def time.Duration) {
		if *d == 0 {
			*d = def
		}
	}
	or(&cfg.Timeouts.Connect, time.Minute)
	or(&cfg.Timeouts.Command, 5*time.Minute)
	or(&cfg.Timeouts.Write, 3*time.Minute)
	or(&cfg.Timeouts.Submit, 10*time.Minute)
	or(&cfg.Timeouts.Idle, 30*time.Second)
	if cfg.Connections == 0 {
		cfg.Connections = 4
	}
	if cfg.Dial == nil {
		cfg.Dial = new(net.Dialer).DialContext
	}
	return &SMTP{cfg: cfg, slots: make(chan struct{}, cfg.Connections)}
}

// Send implements Sender. It waits for a free connection as long as ctx lasts;
// when ctx ends in the middle, the connection is closed.
func (s *SMTP) Send(ctx context.Context, from, to string, message []byte) (string, error) {
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return "", &Fault{Class: Away, Phase: phaseConnect, Err: ctx.Err()}
	}
	if l := s.take(); l != nil {
		reply, err := s.hand(ctx, l, from, to, message)
		if !stale(err) {
			return reply, err
		}
		// The server hung up while nobody was talking. That is no failure of this
		// mail.
	}
	l, err := s.dial(ctx)
	if err != nil {
		return "", err
	}
	return s.hand(ctx, l, from, to, message)
}

// Knock connects to the relay, signs in, names the sender and leaves: as far as
// one can go without sending. Its errors are Faults.
func (s *SMTP) Knock(ctx context.Context, from string) error {
	l, err := s.dial(ctx)
	if err != nil {
		return err
	}
	defer l.close()
	stop := context.AfterFunc(ctx, l.close)
	defer stop()
	if err := l.client.Mail(from, nil); err != nil {
		return classify(phaseMail, err)
	}
	_ = l.client.Reset()
	_ = l.client.Quit() // what is said to these changes nothing
	return nil
}

// stale reports whether a kept connection was dead before anything was said.
func stale(err error) bool {
	f, ok := errors.AsType[*Fault](err)
	if !ok || f.Phase != phaseMail {
		return false
	}
	reply, answered := errors.AsType[*smtp.SMTPError](f.Err)
	return !answered || reply.Code == 421
}

// hand hands one mail over and keeps the connection if it is still good.
func (s *SMTP) hand(ctx context.Context, l *line, from, to string, message []byte) (string, error) {
	stop := context.AfterFunc(ctx, l.close)
	defer stop()
	reply, phase, err := transact(l.client, from, to, message)
	if err == nil {
		s.keep(l)
		return reply, nil
	}
	if phase == phaseDot && l.conn.cut.Load() {
		phase = phaseBody // the dot did not get out: the server cannot have the mail
	}
	f := classify(phase, err)
	answer, answered := errors.AsType[*smtp.SMTPError](err)
	// Never QUIT and never a dot after an error in the body: the dot would commit
	// what was cut off.
	if answered && answer.Code != 421 && phase != phaseBody && l.reset() {
		s.keep(l)
	} else {
		l.close()
	}
	return "", f
}

// transact is one mail transaction; phase is how far it came.
func transact(c *smtp.Client, from, to string, message []byte) (reply, phase string, err error) {
	if err := c.Mail(from, &smtp.MailOptions{Size: int64(len(message))}); err != nil {
		return "", phaseMail, err
	}
	if err := c.Rcpt(to, nil); err != nil {
		return "", phaseRcpt, err
	}
	data, err := c.Data()
	if err != nil {
		return "", phaseData, err
	}
	if _, err := data.Write(message); err != nil {
		return "", phaseBody, err
	}
	answer, err := data.CloseWithResponse()
	if err != nil {
		return "", phaseDot, err
	}
	return withoutAddresses("250 " + answer.StatusText), "", nil
}

// take is a kept connection, nil when there is none.
func (s *SMTP) take() *line {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.idle) > 0 {
		l := s.idle[len(s.idle)-1]
		s.idle = s.idle[:len(s.idle)-1]
		if l.idle.Stop() {
			return l
		}
	}
	return nil
}

func (s *SMTP) keep(l *line) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		go l.leave()
		return
	}
	l.idle = time.AfterFunc(s.cfg.Timeouts.Idle, l.leave)
	s.idle = append(s.idle, l)
}

// Close closes the connections that are kept; those in use close after their
// mail.
func (s *SMTP) Close() error {
	s.mu.Lock()
	kept := s.idle
	s.closed, s.idle = true, nil
	s.mu.Unlock()
	var leaving sync.WaitGroup
	for _, l := range kept {
		if l.idle.Stop() {
			leaving.Go(l.leave)
		}
	}
	leaving.Wait()
	return nil
}

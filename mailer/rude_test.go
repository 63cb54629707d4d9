package mailer

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// rude is a mail server that misbehaves exactly as it is told. It knows just
// enough SMTP for one client, so that every byte and every silence is ours.
type rude struct {
	// on answers for a phase of the n-th connection (from 1): "" goes on as a good
	// server would, a reply like "450 later" is sent instead, and hang, drop and
	// stall do what they say.
	on         func(n int, phase string) string
	extensions []string
	tls        *tls.Config // STARTTLS and smtps
	implicit   bool
	// wrong are other certificates, by what on answers for the handshake.
	wrong map[string]*tls.Config

	listener net.Listener
	quit     chan struct{}
	mu       sync.Mutex
	conns    int
	open     []net.Conn
	mails    []string // accepted with 250, or with a dot that got no answer
	said     []string // commands
}

const (
	hang  = "hang"  // say nothing more
	drop  = "drop"  // close the connection
	stall = "stall" // stop reading
	slow  = "slow"  // answer well, nine minutes later
	gone  = "gone"  // answer well, and close the connection
)

// start serves on a port of this machine.
func (r *rude) start(t testing.TB) *rude {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r.serveOn(t, l)
	return r
}

func (r *rude) serveOn(t testing.TB, l net.Listener) {
	r.listener, r.quit = l, make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			r.mu.Lock()
			r.conns++
			n := r.conns
			r.open = append(r.open, c)
			r.mu.Unlock()
			wg.Go(func() { defer c.Close(); r.serve(c, n) })
		}
	})
	t.Cleanup(func() { close(r.quit); l.Close(); r.hangUp(); wg.Wait() })
}

// pipes is a network in memory, whose waits end in fake time.
type pipes struct {
	*rude
	dialled chan net.Conn
	closed  chan struct{}
	dials   int
}

// startInMemory serves on pipes, through which dial leads.
func (r *rude) startInMemory(t testing.TB) (dial func(ctx context.Context, network, address string) (net.Conn, error)) {
	p := &pipes{rude: r, dialled: make(chan net.Conn), closed: make(chan struct{})}
	r.serveOn(t, p)
	return p.dial
}

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	p.mu.Lock()
	p.dials++
	n := p.dials
	p.mu.Unlock()
	switch p.on(n, "connect") {
	case drop:
		return nil, syscall.ECONNREFUSED
	case hang:
		<-ctx.Done()
		return nil, ctx.Err()
	}
	ours, theirs := net.Pipe()
	p.dialled <- theirs
	return &roomy{ours, bufio.NewReaderSize(ours, 64<<10)}, nil
}

// roomy takes all that was written at once, as a real connection does: otherwise
// who finds fault with a certificate says so to somebody who is still writing.
type roomy struct {
	net.Conn
	in *bufio.Reader
}

func (r *roomy) Read(b []byte) (int, error) { return r.in.Read(b) }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.dialled:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.closed); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 25} }

// hangUp closes every connection, as a server does with idle ones.
func (r *rude) hangUp() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.open {
		c.Close()
	}
	r.open = nil
}

func (r *rude) relay() Relay {
	host, port, _ := net.SplitHostPort(r.listener.Addr().String())
	return Relay{Host: host, Port: port, Plain: r.tls == nil, Implicit: r.implicit}
}

func (r *rude) state() (conns int, mails, said []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.conns, append([]string(nil), r.mails...), append([]string(nil), r.said...)
}

func (r *rude) serve(c net.Conn, n int) {
	if r.implicit {
		c = tls.Server(c, r.tls)
	}
	in := bufio.NewReader(c)
	var body strings.Builder
	// reply answers in a phase. goOn: the conversation goes on; ok: as a good
	// server would have it.
	reply := func(phase, normal string) (goOn, ok bool) {
		given := ""
		if r.on != nil {
			given = r.on(n, phase)
		}
		if _, refused, _ := strings.Cut(given, " "); phase == "dot" && refused == "" {
			r.accept(body.String())
		}
		switch given {
		case gone:
			_, _ = io.WriteString(c, normal+"\r\n")
			return false, false
		case slow:
			time.Sleep(9 * time.Minute)
			_, err := io.WriteString(c, normal+"\r\n")
			return err == nil, err == nil
		case hang, stall:
			<-r.quit
			return false, false
		case drop:
			return false, false
		case "":
			_, err := io.WriteString(c, normal+"\r\n")
			return err == nil, err == nil
		}
		_, err := io.WriteString(c, given+"\r\n")
		return err == nil && !strings.HasPrefix(given, "421"), err == nil && given[:3] == normal[:3]
	}
	if goOn, _ := reply("greet", "220 rude.example"); !goOn {
		return
	}
	ehlo := "ehlo"
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
		r.mu.Lock()
		r.said = append(r.said, line)
		r.mu.Unlock()
		var goOn, ok bool
		switch verb {
		case "EHLO":
			lines := append([]string{"rude.example"}, r.extensions...)
			for i := range lines {
				sep := "-"
				if i == len(lines)-1 {
					sep = " "
				}
				lines[i] = "250" + sep + lines[i]
			}
			goOn, _ = reply(ehlo, strings.Join(lines, "\r\n"))
		case "STARTTLS":
			if goOn, ok = reply("starttls", "220 go"); ok {
				if c, goOn = r.encrypt(c, n); goOn {
					in, ehlo = bufio.NewReader(c), "ehlo with TLS"
				}
			}
		case "AUTH":
			goOn, _ = reply("auth", "235 welcome")
		case "MAIL":
			goOn, _ = reply("mail", "250 ok")
		case "RCPT":
			goOn, _ = reply("rcpt", "250 ok")
		case "DATA":
			if goOn, ok = reply("data", "354 go"); ok {
				body.Reset()
				if goOn = r.read(in, n, &body); goOn {
					goOn, _ = reply("dot", "250 2.0.0 queued as 4711")
				}
			}
		case "QUIT":
			_, _ = reply("quit", "221 bye")
			goOn = false
		default:
			goOn, _ = reply(strings.ToLower(verb), "250 ok")
		}
		if !goOn {
			return
		}
	}
}

// encrypt is the server's side of STARTTLS.
func (r *rude) encrypt(c net.Conn, n int) (_ net.Conn, goOn bool) {
	given := ""
	if r.on != nil {
		given = r.on(n, "handshake")
	}
	switch given {
	case "":
		return tls.Server(c, r.tls), true
	case hang:
		<-r.quit
	}
	if config := r.wrong[given]; config != nil {
		return tls.Server(c, config), true
	}
	return c, false
}

// read takes a mail up to its dot.
func (r *rude) read(in *bufio.Reader, n int, mail *strings.Builder) bool {
	if r.on != nil {
		switch r.on(n, "body") {
		case drop:
			_, _ = in.ReadString('\n')
			return false
		case stall:
			<-r.quit
			return false
		}
	}
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			return true
		}
		mail.WriteString(strings.TrimPrefix(line, "."))
	}
}

func (r *rude) accept(mail string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.mails = append(r.mails, mail)
}

// certificate is for names, or else for this machine, signed by itself; pool
// trusts it.
func certificate(t testing.TB, names ...string) (config *tls.Config, pool *x509.CertPool) {
	t.Helper()
	return certificateUntil(t, time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC), names...)
}

// certificateUntil is a certificate that was good in fake time too, which begins
// with the year 2000.
func certificateUntil(t testing.TB, until time.Time, names ...string) (config *tls.Config, pool *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: strings.Join(append(names, "rude"), " ")}, DNSNames: names,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore:   time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: until,
		IsCA: true, BasicConstraintsValid: true,
	}
	if len(names) > 0 {
		template.IPAddresses = nil
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool = x509.NewCertPool()
	pool.AddCert(parsed)
	return &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key, Leaf: parsed}},
		// In memory a ticket would wait for a client that is writing itself.
		SessionTicketsDisabled: true,
	}, pool
}

package main

import (
	"context"
	"io"
	"log"
	"net"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"

	"samling/mailer"
)

// postOffice is a mail server that keeps what it has accepted.
type postOffice struct {
	address string

	mu   sync.Mutex
	mail []letter
	// at is called in each phase of a mail to somebody, as far as she is known by
	// then, and may keep it waiting or answer with an error; nil: nobody does.
	at func(phase, to string) error
}

// meet has at called from now on.
func (p *postOffice) meet(at func(phase, to string) error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at = at
}

// refusing changes which mails are taken from now on; nil: all are.
func (p *postOffice) refusing(refuses func(to string) error) {
	p.meet(func(phase, to string) error {
		if phase != "data" || refuses == nil {
			return nil
		}
		return refuses(to)
	})
}

func (p *postOffice) reached(phase, to string) error {
	p.mu.Lock()
	at := p.at
	p.mu.Unlock()
	if at == nil {
		return nil
	}
	return at(phase, to)
}

// letter is one accepted message.
type letter struct {
	mailer.Received
	id string // Message-ID
}

func newPostOffice(t testing.TB) *postOffice {
	t.Helper()
	p := &postOffice{}
	s := smtp.NewServer(p)
	s.Domain = "post.example.org"
	s.ErrorLog = log.New(io.Discard, "", 0) // of connections that our kills break
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.address = l.Addr().String()
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	return p
}

// NewSession is part of smtp.Backend.
func (p *postOffice) NewSession(*smtp.Conn) (smtp.Session, error) {
	return &postSession{office: p}, p.reached("hello", "")
}

type postSession struct {
	office   *postOffice
	from, to string
}

func (s *postSession) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return s.office.reached("mail", s.to)
}
func (s *postSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return s.office.reached("rcpt", s.to)
}
func (s *postSession) Reset()        {}
func (s *postSession) Logout() error { return nil }

func (s *postSession) Data(r io.Reader) error {
	if err := s.office.reached("data", s.to); err != nil {
		return err
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return err // the connection broke before the dot
	}
	box := mailer.NewMailbox(1)
	if _, err := box.Send(context.Background(), s.from, s.to, raw); err != nil {
		return err
	}
	m, err := mail.ReadMessage(strings.NewReader(string(raw)))
	if err != nil {
		return err
	}
	s.office.keep(letter{box.Messages()[0], m.Header.Get("Message-Id")})
	return s.office.reached("dot", s.to)
}

// keep puts a mail on the pile, unless it tells the coordinator of the token that her
// city was founded with: that one is of no test's business.
func (p *postOffice) keep(l letter) {
	if l.Subject == "En nyckel för ett program är skapad" || l.Subject == "A token for a program was made" {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mail = append(p.mail, l)
}

// to are the mails that an address has got, oldest first.
func (p *postOffice) to(address string) []letter {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(p.mail), func(l letter) bool { return l.To != address })
}

// all are the mails of everybody.
func (p *postOffice) all() map[string][]letter {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := map[string][]letter{}
	for _, l := range p.mail {
		all[l.To] = append(all[l.To], l)
	}
	return all
}

// count is how many mails there are.
func (p *postOffice) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.mail)
}

// method is the iTIP method of a mail's calendar part, empty when it has none.
func (l letter) method() string { return calendarValue(l.Calendar, "METHOD") }

// calendarValue is the value of the first property of that name, zones aside.
func calendarValue(calendar, name string) string {
	if before, after, ok := strings.Cut(calendar, "BEGIN:VTIMEZONE"); ok {
		_, after, _ = strings.Cut(after, "END:VTIMEZONE")
		calendar = before + after
	}
	for line := range strings.Lines(strings.ReplaceAll(calendar, "\r\n ", "")) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			if key, _, _ = strings.Cut(key, ";"); key == name {
				return value
			}
		}
	}
	return ""
}

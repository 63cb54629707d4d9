package mailer

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"strings"
	"testing"
	"time"
)

// quick are timeouts short enough for a test and long enough for a busy machine.
var quick = Timeouts{
	Connect: 400 * time.Millisecond, Command: 400 * time.Millisecond, Write: 400 * time.Millisecond, Submit: 400 * time.Millisecond,
	Idle: time.Minute,
}

const message = "Subject: hej\r\n\r\nhej\r\n.punkt\r\n"

func sender(t testing.TB, r *rude, change func(*SMTPConfig)) *SMTP {
	t.Helper()
	cfg := SMTPConfig{Relay: r.relay(), Hello: "samling.example", Timeouts: quick, Now: time.Now}
	if change != nil {
		change(&cfg)
	}
	s := NewSMTP(cfg)
	t.Cleanup(func() { s.Close() })
	return s
}

func send(t testing.TB, s *SMTP, message string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	return s.Send(ctx, "post@samling.example", "boende@post.example", []byte(message))
}

func TestSMTP_Sent(t *testing.T) {
	r := (&rude{}).start(t)
	s := sender(t, r, nil)
	for range 3 {
		reply, err := send(t, s, message)
		if err != nil || reply != "250 2.0.0 queued as 4711" {
			t.Fatalf("%q, %v", reply, err)
		}
	}
	conns, mails, said := r.state()
	if conns != 1 || len(mails) != 3 || mails[0] != message {
		t.Errorf("%d connections, mails %q", conns, mails)
	}
	if said[0] != "EHLO samling.example" {
		t.Errorf("said %q first", said[0])
	}
}

func TestSMTP_AcceptedThenDropped(t *testing.T) {
	r := (&rude{on: func(_ int, phase string) string {
		if phase == "quit" || phase == "rset" {
			return drop
		}
		return ""
	}}).start(t)
	if _, err := send(t, sender(t, r, nil), message); err != nil {
		t.Errorf("a mail that was accepted counts as %v", err)
	}
}

// A connection that the server closed while nobody was talking is no failure.
func TestSMTP_StaleConnection(t *testing.T) {
	for name, kill := range map[string]func(*rude){
		"closed": (*rude).hangUp,
		"421":    func(*rude) {},
	} {
		t.Run(name, func(t *testing.T) {
			mails := 0
			r := &rude{}
			r.on = func(n int, phase string) string {
				if phase == "mail" && name == "421" {
					if mails++; n == 1 && mails == 2 {
						return "421 idle too long"
					}
				}
				return ""
			}
			r.start(t)
			s := sender(t, r, nil)
			if _, err := send(t, s, message); err != nil {
				t.Fatal(err)
			}
			kill(r)
			if _, err := send(t, s, message); err != nil {
				t.Errorf("the second mail: %v", err)
			}
			if conns, got, _ := r.state(); conns != 2 || len(got) != 2 {
				t.Errorf("%d connections, %d mails, want 2 and 2", conns, len(got))
			}
		})
	}
}

func TestSMTP_RefusedRecipientKeepsTheConnection(t *testing.T) {
	asked := 0
	r := (&rude{on: func(_ int, phase string) string {
		if phase == "rcpt" {
			if asked++; asked == 1 {
				return "550 5.1.1 <boende@post.example> unknown"
			}
		}
		return ""
	}}).start(t)
	s := sender(t, r, nil)
	_, err := send(t, s, message)
	f, _ := errors.AsType[*Fault](err)
	if f == nil || f.Reply != "550 5.1.1 <…> unknown" {
		t.Errorf("the fault is %+v", f)
	}
	if _, err := send(t, s, message); err != nil {
		t.Error(err)
	}
	if conns, mails, _ := r.state(); conns != 1 || len(mails) != 1 {
		t.Errorf("%d connections, %d mails, want 1 and 1", conns, len(mails))
	}
}

func TestSMTP_Encryption(t *testing.T) {
	good, pool := certificate(t)
	other, _ := certificate(t)
	named, namedPool := certificate(t, "other.example")
	starttls := []string{"STARTTLS", "AUTH PLAIN LOGIN"}
	withUser := func(c *SMTPConfig) { c.Relay.User, c.Relay.Password = "user", "secret" }
	for _, tt := range []struct {
		name     string
		server   *rude
		change   func(*SMTPConfig)
		ours     bool
		notSaid  string
		lastSaid string
	}{
		{name: "STARTTLS", server: &rude{tls: good, extensions: starttls}, change: func(c *SMTPConfig) {
			withUser(c)
			c.TLS = &tls.Config{RootCAs: pool}
		}},
		{name: "implicit", server: &rude{tls: good, implicit: true}, change: func(c *SMTPConfig) { c.TLS = &tls.Config{RootCAs: pool} }},
		{name: "AUTH LOGIN is refused like any other wrong password", server: &rude{tls: good, extensions: starttls, on: func(_ int, phase string) string {
			if phase == "auth" {
				return "535 5.7.8 wrong"
			}
			return ""
		}}, change: func(c *SMTPConfig) {
			withUser(c)
			c.TLS = &tls.Config{RootCAs: pool}
		}, ours: true, notSaid: "MAIL"},
		{name: "no STARTTLS", server: &rude{tls: good}, change: withUser, ours: true, notSaid: "AUTH"},
		{name: "no AUTH", server: &rude{tls: good, extensions: []string{"STARTTLS"}}, change: func(c *SMTPConfig) {
			withUser(c)
			c.TLS = &tls.Config{RootCAs: pool}
		}, ours: true, notSaid: "MAIL"},
		{name: "unknown issuer", server: &rude{tls: other, extensions: starttls}, change: func(c *SMTPConfig) { c.TLS = &tls.Config{RootCAs: pool} }, ours: true, notSaid: "MAIL"},
		{name: "another name", server: &rude{tls: named, extensions: starttls}, change: func(c *SMTPConfig) { c.TLS = &tls.Config{RootCAs: namedPool} }, ours: true, notSaid: "MAIL"},
		{name: "smtps to a server without TLS", server: &rude{}, change: func(c *SMTPConfig) { c.Relay.Plain, c.Relay.Implicit = false, true }, ours: true, notSaid: "MAIL"},
		{name: "words slipped in after STARTTLS", server: &rude{tls: good, extensions: starttls, on: func(_ int, phase string) string {
			if phase == "starttls" {
				return "220 go\r\n250 evil"
			}
			return ""
		}}, change: func(c *SMTPConfig) { c.TLS = &tls.Config{RootCAs: pool} }, ours: true, notSaid: "MAIL"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := tt.server.start(t)
			_, err := send(t, sender(t, r, tt.change), message)
			_, mails, said := r.state()
			if !tt.ours {
				if err != nil || len(mails) != 1 {
					t.Fatalf("%d mails, %v", len(mails), err)
				}
				for _, s := range said {
					if strings.HasPrefix(s, "EHLO") && s != "EHLO samling.example" {
						t.Errorf("said %q", s)
					}
				}
				return
			}
			f, _ := errors.AsType[*Fault](err)
			if f == nil || f.Class != Ours {
				t.Errorf("the error is %v, want one of ours", err)
			}
			for _, s := range said {
				if strings.HasPrefix(s, tt.notSaid) {
					t.Errorf("said %q", s)
				}
			}
			if len(mails) != 0 {
				t.Errorf("the server got %d mails", len(mails))
			}
		})
	}
}

func TestSMTP_ContextEndsEveryWait(t *testing.T) {
	r := (&rude{on: func(_ int, phase string) string {
		if phase == "rcpt" {
			return hang
		}
		return ""
	}}).start(t)
	s := sender(t, r, func(c *SMTPConfig) { c.Timeouts.Command = time.Hour })
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := s.Send(ctx, "a@b.example", "c@d.example", []byte(message)); err == nil {
		t.Error("no error")
	}
}

func TestParseRelay(t *testing.T) {
	for setting, want := range map[string]Relay{
		"smtp://u:p@mail.example:587":           {Host: "mail.example", Port: "587", User: "u", Password: "p"},
		"smtp://u%40x:p%2F%3A@mail.example":     {Host: "mail.example", Port: "587", User: "u@x", Password: "p/:"},
		"smtps://mail.example":                  {Host: "mail.example", Port: "465", Implicit: true},
		"smtp://localhost:25?starttls=never":    {Host: "localhost", Port: "25", Plain: true},
		"smtp://[::1]:25?starttls=never":        {Host: "::1", Port: "25", Plain: true},
		"smtp://127.0.0.1:2525/?starttls=never": {Host: "127.0.0.1", Port: "2525", Plain: true},
	} {
		if got, err := ParseRelay(setting); err != nil || got != want {
			t.Errorf("ParseRelay(%q) = %+v, %v", setting, got, err)
		}
	}
	for setting, want := range map[string]RelayFault{
		"": "smtp-scheme", "none": "smtp-scheme", "mail.example:587": "smtp-scheme", "http://mail.example": "smtp-scheme",
		"smtp://": "smtp-host", "smtp://u@mail.example": "smtp-login", "smtp://u:geheim@mail.example/x": "smtp-path",
		"smtp://mail.example?starttls=never": "smtp-plain", "smtps://localhost?starttls=never": "smtp-never-tls",
		"smtp://mail.example?starttls=maybe": "smtp-option", "smtp://mail.example?tls=off": "smtp-option",
		"smtp://u:geheim@mail.example:port": "smtp-unreadable", "smtp://u:gehe/im@mail.example": "smtp-unreadable",
		"smtp://u:geheim%0a@mail.example": "smtp-unreadable",
	} {
		if r, err := ParseRelay(setting); err != error(want) {
			t.Errorf("ParseRelay(%q) = %+v, %v, want %s", setting, r, err, want)
		}
	}
}

func FuzzParseRelay(f *testing.F) {
	f.Add("smtp://u:p@mail.example:587?starttls=never")
	f.Fuzz(func(t *testing.T, setting string) {
		r, err := ParseRelay(setting)
		if err == nil && (r.Host == "" || r.Port == "" || r.Plain && !loopback(r.Host)) {
			t.Errorf("ParseRelay(%q) = %+v", setting, r)
		}
	})
}

func TestMailbox(t *testing.T) {
	b := NewMailbox(2)
	var raws [][]byte
	for _, id := range []string{"a", "b", "c"} {
		l := letter(t, "going")
		l.Mail.ID = id
		m := compose(t, l)
		raws = append(raws, m.Bytes)
		if _, err := b.Send(t.Context(), m.From, m.To, m.Bytes); err != nil {
			t.Fatal(err)
		}
	}
	got := b.Messages()
	if len(got) != 2 || !bytes.Equal(got[0].Raw, raws[2]) || !bytes.Equal(got[1].Raw, raws[1]) {
		t.Fatalf("%d messages, want the newest two", len(got))
	}
	m := got[0]
	if m.To != "boende@post.example" || m.Subject != "Du är anmäld: Bostäder för alla, onsdag 4 mars" || !m.Time.Equal(born) {
		t.Errorf("to %q, subject %q, time %v", m.To, m.Subject, m.Time)
	}
	if !strings.Contains(m.Text, "Vi ses!") || !strings.Contains(m.HTML, "<h1") || !strings.HasPrefix(m.Calendar, "BEGIN:VCALENDAR") {
		t.Errorf("text %q, html %q, calendar %q", m.Text, m.HTML, m.Calendar)
	}
	if _, err := b.Send(t.Context(), "a@b.example", "c@d.example", []byte("no mail at all")); err != nil {
		t.Error(err)
	}
}

package mailer

import (
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"samling/models"
)

// sink is a mail server that takes everything and keeps nothing.
type sink struct{ got atomic.Int64 }

func (s *sink) NewSession(*smtp.Conn) (smtp.Session, error) { return sinkSession{s}, nil }

type sinkSession struct{ sink *sink }

func (sinkSession) Reset()                               {}
func (sinkSession) Logout() error                        { return nil }
func (sinkSession) Mail(string, *smtp.MailOptions) error { return nil }
func (sinkSession) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (s sinkSession) Data(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	s.sink.got.Add(1)
	return err
}

func startSink(b *testing.B) (*sink, Relay) {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	s := &sink{}
	server := smtp.NewServer(s)
	server.Domain = "sink.example"
	go func() { _ = server.Serve(l) }()
	b.Cleanup(func() { server.Close() })
	host, port, _ := net.SplitHostPort(l.Addr().String())
	return s, Relay{Host: host, Port: port, Plain: true}
}

// BenchmarkOutbox is the whole way of a mail: claimed, looked up, unsealed,
// composed with its invitation, handed to a local sink, noted as sent. Bare is
// what it is measured against: a go-smtp client that sends the same finished
// bytes in a loop. Signed is outbox with a DKIM signature on each mail.
func BenchmarkOutbox(b *testing.B) {
	b.Run("bare", func(b *testing.B) {
		got, relay := startSink(b)
		c, err := smtp.Dial(relay.address())
		if err != nil {
			b.Fatal(err)
		}
		defer c.Close()
		m := compose(b, letter(b, models.MailGoing))
		for b.Loop() {
			if _, _, err := transact(c, m.From, m.To, m.Bytes); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(got.got.Load())/b.Elapsed().Seconds(), "mails/s")
	})
	for _, c := range []struct {
		name   string
		signed func(Sender) Sender
	}{
		{"outbox", func(s Sender) Sender { return s }},
		{"signed", newDKIM(b).Signing},
	} {
		b.Run(c.name, func(b *testing.B) {
			got, relay := startSink(b)
			w := newWorld(b)
			defer func() { w.must(w.store.Close()) }()
			s := NewSMTP(SMTPConfig{Relay: relay, Hello: "samling.example", Now: time.Now})
			defer s.Close()
			const hall = 3000 // people of one event
			n := 0
			for b.Loop() {
				b.StopTimer()
				w.mails(hall)
				n += hall
				b.StartTimer()
				stop := run(b, w.outbox("a", c.signed(s)))
				for got.got.Load() < int64(n) {
					time.Sleep(time.Millisecond)
				}
				stop()
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "mails/s")
		})
	}
}

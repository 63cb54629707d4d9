package main

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"time"

	"github.com/google/uuid"

	"samling/handlers"
	"samling/ics"
	"samling/mailer"
)

// mailsShown is how many mails are kept when there is no mail server.
const mailsShown = 1_000

// sender hands mail to the server of the settings, signed if there is a key, or
// keeps it in memory.
func (s *session) sender() (sender mailer.Sender, hangUp func() error, err error) {
	signer, err := s.dkim()
	if err != nil || s.settings.noMail {
		return mailer.NewMailbox(mailsShown), func() error { return nil }, err
	}
	site, err := url.Parse(s.settings.url)
	if err != nil {
		panic(err) // the settings were read before
	}
	smtp := mailer.NewSMTP(mailer.SMTPConfig{
		Relay: s.settings.relay, Hello: site.Hostname(), Connections: s.settings.smtpConnections, Now: s.now,
	})
	if signer != nil {
		return signer.Signing(smtp), smtp.Close, nil
	}
	return smtp, smtp.Close, nil
}

// outbox is the worker that sends what the planner has put into the store.
func (s *session) outbox(in *installation, calendar *ics.Encoder, sender mailer.Sender, log *slog.Logger) *mailer.Outbox {
	keys := in.planner.Keys
	return mailer.NewOutbox(mailer.Config{
		Store: in.store, Keys: keys, Sender: sender, Log: log, Now: s.now,
		Living: in.planner.Living, Planned: in.planner.Planned, Waiting: in.planner.Waiting, LeaveAlone: in.planner.LeaveAlone, Limits: s.settings.limits,
		Instance: uuid.NewString(), Jitter: rand.Float64, Connections: s.settings.smtpConnections, Beat: s.beat,
		House: &mailer.House{
			Site: s.settings.url, From: s.settings.from, Name: s.settings.name, Central: s.settings.central,
			Language: s.settings.language, Catalogue: s.words, Calendar: calendar,
			Token: keys.Vault().Token, Code: keys.Vault().Code, Tag: keys.Vault().Tag, Bounce: s.settings.bounce,
		},
	})
}

// fares tells pages and probes how mail fares: handlers may not know the mailer.
type fares struct {
	outbox *mailer.Outbox
	now    func() time.Time
}

// Fares is part of handlers.Outbox.
func (f fares) Fares(ctx context.Context) (handlers.MailFares, error) {
	since, _, _ := f.outbox.Paused()
	says := handlers.MailFares{Paused: !since.IsZero()}
	lag, err := f.outbox.Lag(ctx)
	if err != nil {
		return says, err
	}
	if lag > 0 {
		says.Oldest = f.now().Add(-lag)
	}
	trouble, since, words, err := f.outbox.Trouble(ctx)
	says.Trouble, says.Since, says.Words = string(trouble), since, words
	return says, err
}

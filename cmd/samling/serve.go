package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"samling/handlers"
	"samling/ics"
	"samling/mailer"
	"samling/planner/follow"
	"samling/store"
)

type serveCommand struct{}

func (*serveCommand) needs() []string { return []string{"url", "smtp"} }

// finishLasts is the time that requests in hand have when serve is stopped.
const finishLasts = 10 * time.Second

// Run serves until it is told to stop, by SIGTERM or an interrupt: the first lets
// requests and the mail in hand finish, a second one kills.
func (*serveCommand) Run(s *session) error {
	log, flush := logger(s.stderr)
	defer flush()
	sender, hangUp, err := s.sender()
	if err != nil {
		return err
	}
	err = s.serve(log, sender, nil, func(_ *installation, address string) error {
		return s.make("http://" + address)
	})
	return errors.Join(err, hangUp())
}

// serve opens everything from the store outwards, answers requests, and closes
// everything in the other order. mailbox is shown to visitors of a
// demonstration; nil: this is none. ready is called when all is open, at that
// address, and nobody has been answered yet.
func (s *session) serve(log *slog.Logger, sender mailer.Sender, mailbox handlers.Mailbox, ready func(in *installation, address string) error) (err error) {
	ctx, stop := signal.NotifyContext(s.ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	s.ctx = ctx

	var answered func(string, string, int, time.Duration)
	if s.settings.metricsListen != "" {
		s.metrics = newMetrics()
		answered = s.metrics.answered
	}
	var outbox *mailer.Outbox
	read := thrifty()
	in, err := s.openFor(log, func() { outbox.Wake() }, store.Options{Exclusive: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	read()
	calendar := ics.NewEncoder(s.words, s.settings.url)
	outbox = s.outbox(in, calendar, sender, log)
	calendars := follow.New(in.planner, follow.NewFetcher(agent(s.settings.url)), log)
	in.planner.Fetch = calendars.Fetch
	server, err := handlers.New(handlers.Config{
		Planner: in.planner, Calendar: calendar, Words: s.words, Site: s.settings.url, Language: s.settings.language, Zone: s.settings.zone,
		Name: s.settings.name, Central: s.settings.central, Privacy: s.settings.privacy, Access: s.settings.access,
		Version: version(), Now: s.now, Log: log, TrustedProxies: s.settings.trustedProxies,
		Outbox: fares{outbox, s.now}, Answered: answered, Demo: mailbox != nil, Mailbox: mailbox,
	})
	if err != nil {
		return err
	}
	if s.metrics != nil {
		s.metrics.watch(outbox, in.planner, s.now)
		stopMetrics, err := s.metrics.serve(s.settings.metricsListen)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, stopMetrics()) }()
	}
	listener, err := net.Listen("tcp", s.settings.listen)
	if err != nil {
		return failure{"command.cannot-listen", []any{"Address", s.settings.listen, "Reason", err}, nil}
	}
	log.Info("listening", "address", listener.Addr().String(), "site", s.settings.url, "version", version())
	if err := ready(in, listener.Addr().String()); err != nil {
		return errors.Join(err, listener.Close())
	}

	// What runs beside the requests ends after them, so that what they began is
	// told and sent if there is time.
	working, rest := context.WithCancel(context.WithoutCancel(ctx))
	var workers sync.WaitGroup
	workers.Go(func() { in.planner.Run(working) })
	workers.Go(func() { calendars.Run(working) })
	if alarm := s.alarm(fares{outbox, s.now}, log); alarm != nil {
		workers.Go(func() { alarm.run(working) })
	}
	workers.Go(func() {
		if err := outbox.Run(working); err != nil {
			log.Error("the outbox has stopped", "error", err)
		}
	})
	err = answer(ctx, stop, server, listener, log)
	rest()
	workers.Wait()
	return err
}

// answer answers requests until ctx ends, and then those in hand.
func answer(ctx context.Context, stop func(), server *handlers.Server, listener net.Listener, log *slog.Logger) error {
	broken := make(chan error, 1)
	go func() { broken <- server.Serve(listener) }()
	var err error
	select {
	case err = <-broken:
	case <-ctx.Done():
		log.Info("stopping")
	}
	stop() // from here on a signal kills
	finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishLasts)
	defer cancel()
	if late := server.Shutdown(finish); late != nil {
		log.Warn("requests were cut off", "error", late)
	}
	return err
}

// logger writes for whoever reads: lines for people on a terminal, at once, JSON
// for programs. flush writes what is still held back.
func logger(w io.Writer) (log *slog.Logger, flush func()) {
	if isTerminal(w) {
		return slog.New(slog.NewTextHandler(w, nil)), func() {}
	}
	return handlers.NewLog(w)
}

package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"samling/mailer"
	"samling/models"
	"samling/planner"
)

// metrics are what a monitoring program may know: numbers alone, never who.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	signUps  *prometheus.CounterVec
	seats    *prometheus.CounterVec
	store    *prometheus.HistogramVec
}

func newMetrics() *metrics {
	buckets := []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, 1, 5}
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "samling_request_seconds", Help: "Answered requests by route, method and status.", Buckets: buckets,
		}, []string{"route", "method", "status"}),
		signUps: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "samling_sign_ups_total", Help: "Sign-ups by what they were answered.",
		}, []string{"answer"}),
		seats: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "samling_seats_decided_total", Help: "People in those sign-ups.",
		}, []string{"answer"}),
		store: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "samling_store_seconds", Help: "Calls of the store by what they did and whether it went well.", Buckets: buckets,
		}, []string{"call", "outcome"}),
	}
	m.registry.MustRegister(m.requests, m.signUps, m.seats, m.store,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// answered counts one request; it is handlers' to call.
func (m *metrics) answered(route, method string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Observe(took.Seconds())
}

// decided counts one sign-up; it is the planner's to call.
func (m *metrics) decided(a models.Answer) {
	m.signUps.WithLabelValues(a.Status).Inc()
	m.seats.WithLabelValues(a.Status).Add(float64(a.Party))
}

// called counts one call of the store; it is the store's to call.
func (m *metrics) called(call string, err error, took time.Duration) {
	outcome := "done"
	if err != nil {
		outcome = string(models.CodeOf(err))
	}
	m.store.WithLabelValues(call, outcome).Observe(took.Seconds())
}

// watch adds what is looked up when it is asked for: the mail and the catalogue.
func (m *metrics) watch(outbox *mailer.Outbox, p *planner.Planner, now func() time.Time) {
	m.registry.MustRegister(fleeting{outbox, p, now})
}

var (
	mailDesc    = prometheus.NewDesc("samling_mails", "Mails in the outbox by how they fare.", []string{"status"}, nil)
	lagDesc     = prometheus.NewDesc("samling_mail_oldest_due_seconds", "How long the oldest mail that is due has waited.", nil, nil)
	pausedDesc  = prometheus.NewDesc("samling_mail_paused", "1 while the outbox is paused because the mail server refuses us or is away.", nil, nil)
	troubleDesc = prometheus.NewDesc("samling_mail_trouble", "1 for what somebody must look at: refused, away or late.", []string{"trouble"}, nil)
	ageDesc     = prometheus.NewDesc("samling_catalogue_age_seconds", "How long ago the catalogue was last compared with the store.", nil, nil)
	eventsDesc  = prometheus.NewDesc("samling_catalogue_events", "Events in the catalogue.", nil, nil)
)

// fleeting is what has no counter of its own.
type fleeting struct {
	outbox  *mailer.Outbox
	planner *planner.Planner
	now     func() time.Time
}

// Describe is part of prometheus.Collector.
func (fleeting) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{mailDesc, lagDesc, pausedDesc, troubleDesc, ageDesc, eventsDesc} {
		to <- d
	}
}

// Collect is part of prometheus.Collector. What the store cannot say while it is
// away is left out.
func (f fleeting) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	if counts, err := f.planner.MailCounts(ctx); err == nil {
		for status, n := range counts {
			gauge(mailDesc, float64(n), string(status))
		}
	}
	if lag, err := f.outbox.Lag(ctx); err == nil {
		gauge(lagDesc, lag.Seconds())
	}
	paused := 0.0
	if since, _, _ := f.outbox.Paused(); !since.IsZero() {
		paused = 1
	}
	gauge(pausedDesc, paused)
	if trouble, _, _, err := f.outbox.Trouble(ctx); err == nil {
		for _, t := range []mailer.Trouble{mailer.TroubleRefused, mailer.TroubleAway, mailer.TroubleLate} {
			is := 0.0
			if t == trouble {
				is = 1
			}
			gauge(troubleDesc, is, string(t))
		}
	}
	gauge(ageDesc, f.now().Sub(f.planner.Refreshed()).Seconds())
	gauge(eventsDesc, float64(len(f.planner.Catalogue().Events)))
}

// serve answers on an address of its own, which is never the public one.
func (m *metrics) serve(address string) (stop func() error, err error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, failure{"command.cannot-listen", []any{"Address", address, "Reason", err}, nil}
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	broken := make(chan error, 1)
	go func() { broken <- server.Serve(listener) }()
	return func() error {
		err := server.Close()
		if served := <-broken; !errors.Is(served, http.ErrServerClosed) {
			err = errors.Join(err, served)
		}
		return err
	}, nil
}

package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"samling/handlers"
	"samling/planner"
)

// site examines the public address as a visitor's browser meets it, and what its
// answer tells of the proxy and the clock.
func (p *Patient) site(ctx context.Context, chain string) []Finding {
	if p.Site == "" {
		return []Finding{fault("address", "missing")}
	}
	sent := p.Now()
	answer, err := p.ask(ctx, "") //nolint:bodyclose // ask closes it
	if err != nil {
		return []Finding{p.unanswered(err)}
	}
	found := []Finding{p.address(answer, chain)}
	if mark := answer.Header.Get(handlers.HeaderInstallation); mark == "" || chain != "" && mark != planner.Mark(chain) {
		return found // of another's proxy there is nothing to say
	}
	return append(found, p.proxy(ctx, answer), p.clock(answer, sent))
}

// ask asks the public address whether it lives, as if for somebody else when
// there is a forwarded address.
func (p *Patient) ask(ctx context.Context, forwarded string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.Site+"/healthz", nil)
	if err != nil {
		return nil, err
	}
	if forwarded != "" {
		r.Header.Set("X-Forwarded-For", forwarded)
	}
	answer, err := p.HTTP.Do(r)
	if err != nil {
		return nil, err
	}
	return answer, answer.Body.Close()
}

func (p *Patient) unanswered(err error) Finding {
	with := []any{"Site", p.Site, "Host", p.host(), "Reason", err}
	if bad, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		if wrong, ok := errors.AsType[x509.CertificateInvalidError](bad.Err); ok && wrong.Reason == x509.Expired {
			return fault("address", "expired", with...)
		}
		return fault("address", "certificate", append(with, "Fault", bad.Err)...)
	}
	if name, ok := errors.AsType[*net.DNSError](err); ok && name.IsNotFound {
		return fault("address", "no-host", with...)
	}
	return fault("address", "no-answer", with...)
}

// expiring is how long before its end a certificate that renews itself has been
// renewed.
const expiring = 14 * day

func (p *Patient) address(answer *http.Response, chain string) Finding {
	with := []any{"Site", p.Site, "Host", p.host(), "Status", answer.StatusCode}
	mark := answer.Header.Get(handlers.HeaderInstallation)
	switch {
	case answer.StatusCode >= 300 && answer.StatusCode < 400:
		return fault("address", "elsewhere", append(with, "Where", answer.Header.Get("Location"))...)
	case mark == "":
		return fault("address", "stranger", with...)
	case chain != "" && mark != planner.Mark(chain):
		return fault("address", "another", with...)
	case answer.TLS == nil && local(p.host()):
		return warning("address", "local", with...)
	case answer.TLS == nil:
		return fault("address", "plain", with...)
	}
	left := answer.TLS.PeerCertificates[0].NotAfter.Sub(p.Now())
	with = append(with, "Count", int(left/day))
	if left < expiring {
		return warning("address", "expiring", with...)
	}
	return ok("address", "ok", with...)
}

// stranger is an address that nobody has (RFC 5737), and that must not be
// believed of a client.
const stranger = "192.0.2.1"

// proxy examines whom the server takes us for, by ourselves and when we say that
// we are somebody else.
func (p *Patient) proxy(ctx context.Context, answer *http.Response) Finding {
	how, seen, _ := strings.Cut(answer.Header.Get(handlers.HeaderClient), " ")
	with := []any{"Seen", seen}
	switch {
	case how == handlers.ClientIgnored:
		return fault("proxy", "untrusted", with...)
	case how == handlers.ClientDirect && answer.TLS != nil:
		return fault("proxy", "silent", with...)
	}
	lied, err := p.ask(ctx, stranger) //nolint:bodyclose // ask closes it
	if err != nil {
		return warning("proxy", "unknown", append(with, "Reason", err)...)
	}
	if _, seen, _ := strings.Cut(lied.Header.Get(handlers.HeaderClient), " "); seen != stranger {
		if how == handlers.ClientDirect {
			return ok("proxy", "none", with...)
		}
		return ok("proxy", "ok", with...)
	}
	if p.trusts(seen) {
		return warning("proxy", "ourselves", with...)
	}
	return fault("proxy", "gullible", with...)
}

// trusts reports whether an address is one of our proxies'.
func (p *Patient) trusts(text string) bool {
	address, err := netip.ParseAddr(text)
	if err != nil {
		return false
	}
	for _, proxy := range p.TrustedProxies {
		if network, err := netip.ParsePrefix(proxy); err == nil && network.Contains(address) || proxy == text {
			return true
		}
	}
	return false
}

// How far two clocks may be apart: what nobody notices, and what several machines
// on one database bear.
const (
	apart    = 30 * time.Second
	farApart = 5 * time.Minute
)

// clock compares ours with that of the server that answered, which says whole
// seconds.
func (p *Patient) clock(answer *http.Response, sent time.Time) Finding {
	theirs, err := http.ParseTime(answer.Header.Get("Date"))
	if err != nil {
		return warning("clock", "unknown")
	}
	off := theirs.Sub(p.Now())
	if early := theirs.Sub(sent); early.Abs() < off.Abs() {
		off = early
	}
	with := []any{"Seconds", int(off.Abs() / time.Second)}
	switch {
	case off.Abs() > farApart:
		return fault("clock", "wrong", with...)
	case off.Abs() > apart:
		return warning("clock", "off", with...)
	}
	return ok("clock", "ok", with...)
}

// host is that of the public address.
func (p *Patient) host() string {
	u, err := url.Parse(p.Site)
	if err != nil || u.Hostname() == "" {
		return "localhost"
	}
	return u.Hostname()
}

func local(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

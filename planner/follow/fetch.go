package follow

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"syscall"
	"time"

	"samling/ics"
	"samling/models"
)

// What one fetch may cost.
const (
	fetchLasts    = 20 * time.Second // in all, redirects and the last byte included
	connectLasts  = 10 * time.Second
	maxRedirects  = 5
	maxHeader     = 64 << 10
	maxAskedToGo  = 24 * time.Hour
	calendarTypes = "text/calendar, text/plain;q=0.5, */*;q=0.1"
)

// Fetcher gets calendars over HTTPS, and only from public addresses: whoever types
// an address in must not be able to look through us at what is behind our
// firewall. It may be used by many goroutines.
type Fetcher struct {
	agent  string
	dialer *net.Dialer
	client *http.Client
	// schemes are those that may be asked for.
	schemes map[string]bool
}

// NewFetcher makes a Fetcher that gives its name as agent.
func NewFetcher(agent string) *Fetcher {
	return newFetcher(agent, publicWeb, nil, "https")
}

// NewLocalFetcher is NewFetcher for somebody who types a command on this machine:
// she may ask for whatever the machine can reach, by HTTP too and through its
// proxy.
func NewLocalFetcher(agent string) *Fetcher {
	return newFetcher(agent, anywhere, http.ProxyFromEnvironment, "https", "http")
}

func newFetcher(agent string, permit func(netip.AddrPort) error, proxy func(*http.Request) (*url.URL, error), schemes ...string) *Fetcher {
	f := &Fetcher{agent: agent, schemes: map[string]bool{}}
	for _, s := range schemes {
		f.schemes[s] = true
	}
	f.dialer = &net.Dialer{
		Timeout: connectLasts,
		// Asked when a socket is about to connect: by then the name has been looked
		// up, and nobody can answer with another address any more.
		Control: func(_, address string, _ syscall.RawConn) error {
			to, err := netip.ParseAddrPort(address)
			if err != nil {
				return err
			}
			return permit(to)
		},
	}
	f.client = &http.Client{
		Timeout:       fetchLasts,
		CheckRedirect: f.redirect,
		Transport: &http.Transport{
			Proxy: proxy, DialContext: f.dialer.DialContext, ForceAttemptHTTP2: true,
			TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout: connectLasts, MaxResponseHeaderBytes: maxHeader,
			DisableKeepAlives: true, // it is half an hour until the next fetch
		},
	}
	return f
}

var errRedirect = errors.New("redirected to where it may not lead, or too often")

// redirect says whether to go where an answer leads.
func (f *Fetcher) redirect(next *http.Request, before []*http.Request) error {
	if len(before) > maxRedirects || !f.schemes[next.URL.Scheme] || next.URL.User != nil {
		return errRedirect
	}
	next.Header.Del("Referer") // the address before may be a secret
	return nil
}

// Answer is what a fetch has brought.
type Answer struct {
	// Unchanged: it is as when it was sent with the ETag and Modified that were
	// given; there is no Body.
	Unchanged bool
	Body      []byte
	// ETag and Modified are what to ask with the next time.
	ETag, Modified string
}

// Fault is why a fetch failed. Its text holds no address.
type Fault struct {
	models.Trouble
	// Later is how long the server asks to be left alone.
	Later time.Duration
	cause error
}

func (f *Fault) Error() string {
	if f.cause != nil {
		return "fetching a calendar: " + f.Code + ": " + f.cause.Error()
	}
	return "fetching a calendar: " + f.Code
}

// Unwrap is the cause.
func (f *Fault) Unwrap() error { return f.cause }

// Fetch gets a calendar, unless it is unchanged since it was sent with that etag
// and modified. Errors are Faults, and the context's.
func (f *Fetcher) Fetch(ctx context.Context, address, etag, modified string) (Answer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil || !f.schemes[request.URL.Scheme] {
		return Answer{}, &Fault{Trouble: models.Trouble{Code: "not-web"}}
	}
	request.Header.Set("User-Agent", f.agent)
	request.Header.Set("Accept", calendarTypes)
	for name, value := range map[string]string{"If-None-Match": etag, "If-Modified-Since": modified} {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	answer, err := f.client.Do(request)
	if err != nil {
		return Answer{}, broken(ctx, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusNotModified && etag+modified != "" {
		return Answer{Unchanged: true, ETag: etag, Modified: modified}, nil
	}
	if answer.StatusCode != http.StatusOK {
		return Answer{}, refused(answer)
	}
	// The length that the header gives is that of packed bytes, if it is true.
	body, err := io.ReadAll(io.LimitReader(answer.Body, ics.MaxImportBytes+1))
	if err != nil {
		return Answer{}, broken(ctx, err)
	}
	if len(body) > ics.MaxImportBytes {
		return Answer{}, &Fault{Trouble: models.Trouble{Code: "too-large", With: map[string]string{"Max": strconv.Itoa(ics.MaxImportBytes / 1_000_000)}}}
	}
	return Answer{Body: body, ETag: short(answer.Header.Get("ETag")), Modified: short(answer.Header.Get("Last-Modified"))}, nil
}

// short is a validator that is worth keeping.
func short(validator string) string {
	if len(validator) > 300 {
		return ""
	}
	return validator
}

// refused is the Fault of a status that is no calendar.
func refused(answer *http.Response) error {
	fault := &Fault{Trouble: models.Trouble{Code: "status", With: map[string]string{"Status": strconv.Itoa(answer.StatusCode)}}}
	switch answer.StatusCode {
	case http.StatusNotFound, http.StatusGone:
		fault.Code = "not-there"
	case http.StatusUnauthorized, http.StatusForbidden:
		fault.Code = "closed"
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		fault.Code = "busy"
		if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil && seconds > 0 {
			fault.Later = min(time.Duration(min(seconds, 1e6))*time.Second, maxAskedToGo)
		}
	}
	return fault
}

// broken is the Fault of a fetch that got no answer, or half of one.
func broken(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err() // we are stopping; the calendar has done nothing
	}
	if outer, ok := errors.AsType[*url.Error](err); ok {
		err = outer.Err // its own text repeats the address
	}
	code := "unreachable"
	dns, isDNS := errors.AsType[*net.DNSError](err)
	timeout, isNet := errors.AsType[net.Error](err)
	_, isForbidden := errors.AsType[forbidden](err)
	_, isCertificate := errors.AsType[*tls.CertificateVerificationError](err)
	switch {
	case isForbidden:
		code = "not-public"
	case errors.Is(err, errRedirect):
		code = "redirects"
	case isCertificate:
		code = "certificate"
	case isDNS && dns.IsNotFound:
		code = "no-such-host"
	case isNet && timeout.Timeout():
		code = "slow"
	}
	return &Fault{Trouble: models.Trouble{Code: code}, cause: err}
}

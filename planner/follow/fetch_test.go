package follow

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"samling/ics"
)

// fetcherFor fetches from a server of the test alone, whose certificate it knows.
func fetcherFor(server *httptest.Server) *Fetcher {
	own := netip.MustParseAddrPort(server.Listener.Addr().String())
	f := newFetcher("Samling/test", func(to netip.AddrPort) error {
		if to != own {
			return forbidden{to}
		}
		return nil
	}, nil, "https")
	f.client.Transport.(*http.Transport).TLSClientConfig = server.Client().Transport.(*http.Transport).TLSClientConfig
	return f
}

func serve(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(handler)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// wantFault fails unless an error is a Fault with that code, without the address.
func wantFault(t *testing.T, err error, code string) {
	t.Helper()
	f, ok := errors.AsType[*Fault](err)
	if !ok || f.Code != code {
		t.Fatalf("got %v, want %s", err, code)
	}
	if strings.Contains(err.Error(), "hemlig") {
		t.Errorf("the error tells the address: %v", err)
	}
}

func TestFetch_Conditional(t *testing.T) {
	var asked http.Header
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = r.Header.Clone()
		w.Header().Set("ETag", `"1"`)
		w.Header().Set("Last-Modified", "Tue, 03 Mar 2026 09:00:00 GMT")
		if r.Header.Get("If-None-Match") == `"1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, "BEGIN:VCALENDAR")
	})
	f := fetcherFor(s)
	first, err := f.Fetch(t.Context(), s.URL+"/a.ics", "", "")
	if err != nil || string(first.Body) != "BEGIN:VCALENDAR" || first.Unchanged || first.ETag != `"1"` {
		t.Fatalf("%+v, %v", first, err)
	}
	if asked.Get("User-Agent") != "Samling/test" || asked.Get("If-None-Match") != "" || asked.Get("Cookie")+asked.Get("Authorization") != "" {
		t.Errorf("asked with %v", asked)
	}
	second, err := f.Fetch(t.Context(), s.URL+"/a.ics", first.ETag, first.Modified)
	if err != nil || !second.Unchanged || second.Body != nil || second.ETag != `"1"` {
		t.Errorf("%+v, %v", second, err)
	}
	if asked.Get("If-Modified-Since") != "Tue, 03 Mar 2026 09:00:00 GMT" {
		t.Errorf("asked with %v", asked)
	}
}

func TestFetch_Answers(t *testing.T) {
	large := bytes.Repeat([]byte("x"), ics.MaxImportBytes+1)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(make([]byte, 10*ics.MaxImportBytes))
	_ = z.Close()
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   string
		later  time.Duration
	}{
		"not found":              {http.NotFound, "not-there", 0},
		"gone":                   {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) }, "not-there", 0},
		"a password":             {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }, "closed", 0},
		"forbidden":              {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }, "closed", 0},
		"a fault of its own":     {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, "status", 0},
		"no content":             {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }, "status", 0},
		"a 304 nobody asked for": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) }, "status", 0},
		"busy": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "7200")
			w.WriteHeader(http.StatusTooManyRequests)
		}, "busy", 2 * time.Hour},
		"busy for ever": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "99999999999")
			w.WriteHeader(http.StatusServiceUnavailable)
		}, "busy", 24 * time.Hour},
		"busy in words": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "Tue, 03 Mar 2026 09:00:00 GMT")
			w.WriteHeader(http.StatusServiceUnavailable)
		}, "busy", 0},
		"too large": {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(large) }, "too-large", 0},
		"a bomb": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(packed.Bytes())
		}, "too-large", 0},
		"half": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "BEGIN:VCALENDAR")
		}, "unreachable", 0},
		"a header without end": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X", strings.Repeat("x", 1<<20))
		}, "unreachable", 0},
		"round and round": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/hemlig2", http.StatusFound) }, "redirects", 0},
		"to HTTP": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://"+r.Host+"/hemlig", http.StatusFound)
		}, "redirects", 0},
		"to a file": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		}, "redirects", 0},
		"to somebody's password": {func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/" {
				http.Redirect(w, r, "https://a:b@"+r.Host+"/", http.StatusFound)
			}
		}, "redirects", 0},
		"to a place behind the wall": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://169.254.169.254/latest/meta-data", http.StatusFound)
		}, "not-public", 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, c.answer)
			_, err := fetcherFor(s).Fetch(t.Context(), s.URL+"/hemlig.ics", "", "")
			wantFault(t, err, c.want)
			if f, _ := errors.AsType[*Fault](err); f.Later != c.later {
				t.Errorf("asks to be left alone for %v", f.Later)
			}
		})
	}
}

func TestFetch_Unreachable(t *testing.T) {
	hangs := make(chan struct{})
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusOK)
		w.(http.Flusher).Flush()
		<-hangs
	})
	defer close(hangs)
	f := fetcherFor(s)
	f.client.Timeout = 100 * time.Millisecond
	_, err := f.Fetch(t.Context(), s.URL+"/hemlig.ics", "", "")
	wantFault(t, err, "slow")

	f = fetcherFor(s)
	f.client.Transport.(*http.Transport).TLSClientConfig = &tls.Config{}
	_, err = f.Fetch(t.Context(), s.URL+"/hemlig.ics", "", "")
	wantFault(t, err, "certificate")

	f = fetcherFor(s)
	f.dialer.Resolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go answerName(theirs, "")
		return ours, nil
	}}
	_, err = f.Fetch(t.Context(), "https://kalender.example/hemlig.ics", "", "")
	wantFault(t, err, "no-such-host")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = f.Fetch(ctx, s.URL+"/hemlig.ics", "", ""); !errors.Is(err, context.Canceled) {
		t.Errorf("when we stop: %v", err)
	}
	away := serve(t, http.NotFound)
	f = fetcherFor(away)
	away.Close()
	_, err = f.Fetch(t.Context(), away.URL+"/hemlig.ics", "", "")
	wantFault(t, err, "unreachable")
}

// Five redirects are followed, and none of the places learns the address before.
func TestFetch_Redirects(t *testing.T) {
	told := ""
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		told += r.Header.Get("Referer")
		if n := len(r.URL.Path); n < len("/hemlig12345") {
			http.Redirect(w, r, r.URL.Path+fmt.Sprint(n-len("/hemlig")+1), http.StatusMovedPermanently)
			return
		}
		fmt.Fprint(w, "BEGIN:VCALENDAR")
	})
	answer, err := fetcherFor(s).Fetch(t.Context(), s.URL+"/hemlig", "", "")
	if err != nil || len(answer.Body) == 0 {
		t.Errorf("%+v, %v", answer, err)
	}
	if told != "" {
		t.Errorf("the next place is told where we came from: %s", told)
	}
}

// The product's own Fetcher reaches nothing on this machine, however the address
// is written.
func TestFetch_OnlyPublicPlaces(t *testing.T) {
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:1")
	reached := atomic.Int32{}
	s := serve(t, func(http.ResponseWriter, *http.Request) { reached.Add(1) })
	port := fmt.Sprint(netip.MustParseAddrPort(s.Listener.Addr().String()).Port())
	f := NewFetcher("Samling/test")
	f.client.Transport.(*http.Transport).TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
	for _, host := range []string{
		"127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port, "[::ffff:127.0.0.1]:" + port, "127.1:" + port, "2130706433:" + port, "0x7f.1:" + port,
		"0.0.0.0:" + port, "127.0.0.1", "[::1]", "10.0.0.1", "169.254.169.254", "[fd00:ec2::254]", "[64:ff9b::7f00:1]",
	} {
		_, err := f.Fetch(t.Context(), "https://"+host+"/hemlig.ics", "", "")
		if fault, ok := errors.AsType[*Fault](err); !ok || fault.Code != "not-public" && fault.Code != "no-such-host" && fault.Code != "unreachable" {
			t.Errorf("%s: %v", host, err)
		}
	}
	for _, address := range []string{"http://127.0.0.1/", "file:///etc/passwd", "gopher://example.org/", "", "https://\x00"} {
		_, err := f.Fetch(t.Context(), address, "", "")
		wantFault(t, err, "not-web")
	}
	if n := reached.Load(); n > 0 {
		t.Errorf("the server on this machine was reached %d times", n)
	}
}

// A name that is public when it is looked up first and ours when it is used: what
// counts is the address that the socket connects to.
func TestFetch_NameThatChangesItsAddress(t *testing.T) {
	reached := atomic.Int32{}
	s := serve(t, func(http.ResponseWriter, *http.Request) { reached.Add(1) })
	own := netip.MustParseAddrPort(s.Listener.Addr().String())
	turned := atomic.Bool{}
	f := newFetcher("Samling/test", func(to netip.AddrPort) error {
		if to.Port() == own.Port() && to.Addr().IsLoopback() {
			return publicWeb(netip.AddrPortFrom(to.Addr(), 443)) // as if it were the right port
		}
		return publicWeb(to)
	}, nil, "https")
	names := &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		if turned.Load() {
			go answerName(theirs, "127.0.0.1")
		} else {
			go answerName(theirs, "93.184.216.34")
		}
		return ours, nil
	}}
	// Whoever checks beforehand sees a public address.
	if seen, err := names.LookupHost(t.Context(), "kalender.example"); err != nil || seen[0] != "93.184.216.34" {
		t.Fatal(seen, err)
	}
	turned.Store(true)
	f.dialer.Resolver = names
	_, err := f.Fetch(t.Context(), fmt.Sprintf("https://kalender.example:%d/hemlig.ics", own.Port()), "", "")
	wantFault(t, err, "not-public")
	if n := reached.Load(); n > 0 {
		t.Errorf("reached %d times", n)
	}
}

// answerName answers one question of a resolver over TCP; empty: there is no such
// name.
func answerName(c net.Conn, address string) {
	defer c.Close()
	length := make([]byte, 2)
	if _, err := io.ReadFull(c, length); err != nil {
		return
	}
	question := make([]byte, int(length[0])<<8|int(length[1]))
	if _, err := io.ReadFull(c, question); err != nil {
		return
	}
	var m dnsmessage.Message
	if err := m.Unpack(question); err != nil {
		return
	}
	m.Response, m.Additionals = true, nil
	if address == "" {
		m.RCode = dnsmessage.RCodeNameError
	} else if m.Questions[0].Type == dnsmessage.TypeA {
		m.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: m.Questions[0].Name, Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET},
			Body:   &dnsmessage.AResource{A: netip.MustParseAddr(address).As4()},
		}}
	}
	packed, _ := m.Pack()
	_, _ = c.Write(append([]byte{byte(len(packed) >> 8), byte(len(packed))}, packed...))
}

package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"samling/cmd/samling/doctor"
	"samling/handlers"
	"samling/mailer"
	"samling/models"
	"samling/models/vault"
	"samling/planner"
	"samling/store"
)

var update = flag.Bool("update", false, "write the golden files anew")

// examined is far ahead of any clock, since deadlines are reckoned from it.
var examined = time.Date(2100, 5, 4, 12, 0, 0, 0, time.UTC)

// surgery is a patient in good health, and all that it rests upon.
type surgery struct {
	*testing.T
	doctor.Patient
	dir     string
	post    *strictPost
	names   names
	answer  publicAnswer
	issued  tls.Certificate
	trusted *x509.CertPool
	dials   func(address string) (string, error)
}

// publicAnswer is how the public address answers.
type publicAnswer struct {
	mark, date, where string
	status            int
	client            func(forwarded string) string
}

func (a *publicAnswer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h["Date"] = nil
	for name, value := range map[string]string{
		handlers.HeaderInstallation: a.mark, handlers.HeaderClient: a.client(r.Header.Get("X-Forwarded-For")), "Date": a.date, "Location": a.where,
	} {
		if value != "" {
			h.Set(name, value)
		}
	}
	w.WriteHeader(a.status)
}

// names is a resolver. An error answers for a name, too.
type names map[string]any

func (n names) LookupTXT(_ context.Context, name string) ([]string, error) {
	switch found := n[name].(type) {
	case error:
		return nil, found
	case []string:
		return slices.Clone(found), nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (n names) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	hosts, err := n.LookupTXT(ctx, "MX "+name)
	var out []*net.MX
	for _, host := range hosts {
		out = append(out, &net.MX{Host: host})
	}
	return out, err
}

// strictPost is a mail server that wants TLS and a password.
type strictPost struct{ refuses, got string }

func (p *strictPost) NewSession(*smtp.Conn) (smtp.Session, error) { return &strictSession{p}, nil }

type strictSession struct{ post *strictPost }

func (s *strictSession) AuthMechanisms() []string { return []string{sasl.Plain} }
func (s *strictSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if password != "hemligt" {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "who is " + user + "?"}
		}
		return nil
	}), nil
}
func (s *strictSession) Mail(from string, _ *smtp.MailOptions) error {
	if s.post.refuses != "" {
		return &smtp.SMTPError{Code: 553, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: s.post.refuses}
	}
	return nil
}
func (s *strictSession) Rcpt(to string, _ *smtp.RcptOptions) error { s.post.got = to; return nil }
func (s *strictSession) Data(io.Reader) error                      { s.post.got = "data"; return nil }
func (s *strictSession) Reset()                                    {}
func (s *strictSession) Logout() error                             { return nil }

func newSurgery(t *testing.T) *surgery {
	s := &surgery{T: t, dir: t.TempDir(), post: &strictPost{}, trusted: x509.NewCertPool()}
	s.dials = func(address string) (string, error) { return address, nil }
	s.Patient = doctor.Patient{
		Site: "https://samling.example.org", From: "samling@mejl.example.org", Store: "sqlite:" + s.path("samling.db"), KeyFile: s.path("samling.key"),
		Privacy: handlers.Privacy{Controller: "Provföreningen", Contact: "kontakt@example.org", Processors: "Provhotellet"},
		Limits:  true, TrustedProxies: []string{"127.0.0.1", "10.0.0.0/8"}, Now: func() time.Time { return examined },
		Free: func(string) (uint64, bool) { return 9 << 30, true },
	}
	keys := s.install(s.path("samling.db"), s.KeyFile, vault.DayOf(examined))
	for _, mark := range []string{doctor.KeyCopied, doctor.BackedUp} {
		s.must(touch(s.KeyFile+mark, examined.Add(-3*day)))
	}
	s.names = names{
		"MX mejl.example.org": []string{"mx.example.org."}, "mejl.example.org": []string{"a-site-verification=1", "v=spf1 a:mail.example.org -all"},
		"_dmarc.example.org": []string{"v=DMARC1; p=quarantine"},
	}
	s.Resolver = s.names
	s.answer = publicAnswer{mark: planner.Mark(keys.ID()), status: 200, date: examined.Format(http.TimeFormat), client: func(string) string { return "forwarded 198.51.100.7" }}
	s.issued = s.certificate(examined.Add(60*day), true)
	web := httptest.NewUnstartedServer(&s.answer)
	config := &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return &s.issued, nil }}
	web.TLS = config
	web.Config.ErrorLog = log.New(io.Discard, "", 0)
	web.StartTLS()
	t.Cleanup(web.Close)
	s.TLS = &tls.Config{RootCAs: s.trusted, Time: s.Now, ServerName: "samling.example.org"}
	s.HTTP = &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: s.TLS, DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			address, err := s.dials(web.Listener.Addr().String())
			if err != nil {
				return nil, err
			}
			return (&net.Dialer{}).DialContext(ctx, network, address)
		}},
	}
	server := smtp.NewServer(s.post)
	server.TLSConfig = config
	server.ErrorLog = log.New(io.Discard, "", 0)
	t.Cleanup(func() { _ = server.Close() })
	l := s.listen()
	go func() { _ = server.Serve(l) }()
	s.Relay = s.relay("smtp://samling:hemligt@" + l.Addr().String())
	return s
}

func (s *surgery) path(name string) string { return filepath.Join(s.dir, name) }

func (s *surgery) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *surgery) listen() net.Listener {
	s.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	s.must(err)
	return l
}

func (s *surgery) relay(address string) mailer.Relay {
	s.Helper()
	r, err := mailer.ParseRelay(address)
	s.must(err)
	return r
}

// signing is a key for DKIM.
func (s *surgery) signing() *rsa.PrivateKey {
	s.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	s.must(err)
	return key
}

// install makes a store and a key file that belong together.
func (s *surgery) install(path, key string, today vault.Day) *vault.Vault {
	s.Helper()
	keys, err := vault.Create(key, today)
	s.must(err)
	kept, err := store.Open(s.Context(), "sqlite:"+path, store.Options{})
	s.must(err)
	s.must(planner.Install(s.Context(), kept, keys, examined, nil))
	s.must(kept.Close())
	s.office(path, models.Contact{Name: "Kim Kansli", Phone: "040-000 00 00"})
	return keys
}

// office makes somebody answer organisers' questions.
func (s *surgery) office(path string, is models.Contact) {
	s.Helper()
	kept, err := store.Open(s.Context(), "sqlite:"+path, store.Options{})
	s.must(err)
	_, err = kept.Installation.Update(s.Context(), planner.InstallationID, func(i *models.Installation) error { i.Settings.Office = is; return nil })
	s.must(errors.Join(err, kept.Close()))
}

// rekey puts another key file in the place of the right one.
func (s *surgery) rekey(today vault.Day) {
	s.must(os.Remove(s.KeyFile))
	s.must(os.Remove(s.path("samling.db")))
	s.answer.mark = planner.Mark(s.install(s.path("samling.db"), s.KeyFile, today).ID())
}

// exec changes the store's file behind its back.
func (s *surgery) exec(statement string) {
	s.Helper()
	db, err := sql.Open("sqlite", s.path("samling.db"))
	s.must(err)
	_, err = db.Exec(statement)
	s.must(errors.Join(err, db.Close()))
}

// certificate is one for the site; ours is trusted.
func (s *surgery) certificate(until time.Time, ours bool) tls.Certificate {
	s.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	s.must(err)
	is := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: until.Add(-90 * day), NotAfter: until, DNSNames: []string{"samling.example.org"},
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, is, is, &key.PublicKey, key)
	s.must(err)
	leaf, err := x509.ParseCertificate(der)
	s.must(err)
	if ours {
		s.trusted.AddCert(leaf)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// ailments are what can be wrong, one at a time.
func ailments() []struct {
	name string
	of   func(s *surgery)
} {
	broken := &net.DNSError{Err: "server misbehaving", Name: "example.org", IsTemporary: true}
	type ailment = struct {
		name string
		of   func(s *surgery)
	}
	return []ailment{
		{"nothing", func(*surgery) {}},
		{"a new installation", func(s *surgery) {
			s.Patient = doctor.Patient{Store: "sqlite:" + s.path("none.db"), KeyFile: s.path("none.key"), Now: s.Now, Resolver: s.names, HTTP: s.HTTP, Free: s.Free}
		}},
		{"no processors", func(s *surgery) { s.Privacy.Processors = "" }},
		{"nobody at the central office", func(s *surgery) {
			s.office(s.path("samling.db"), models.Contact{Name: "Kim Kansli", Email: "kim@example.org"})
		}},
		{"an unused store", func(s *surgery) {
			s.Store = "sqlite:" + s.path("other.db")
			kept, err := store.Open(s.Context(), s.Store, store.Options{})
			s.must(err)
			s.must(kept.Close())
		}},
		{"an older store", func(s *surgery) { s.exec("PRAGMA user_version = -1") }},
		{"a newer store", func(s *surgery) { s.exec("PRAGMA user_version = 99") }},
		{"a store without an index", func(s *surgery) { s.exec("DROP INDEX reads_by_at") }},
		{"another program's store", func(s *surgery) { s.exec("PRAGMA application_id = 7") }},
		{"a database that is away", func(s *surgery) {
			l := s.listen()
			s.must(l.Close())
			s.Store = "mongodb://user:hemligt@" + l.Addr().String() + "/samling?serverSelectionTimeoutMS=100"
		}},
		{"little disk", func(s *surgery) { s.Free = func(string) (uint64, bool) { return 900 << 20, true } }},
		{"no disk", func(s *surgery) { s.Free = func(string) (uint64, bool) { return 20 << 20, true } }},
		{"a lost key file", func(s *surgery) { s.must(os.Remove(s.KeyFile)) }},
		{"an exposed key file", func(s *surgery) { s.must(os.Chmod(s.KeyFile, 0o644)) }},
		{"a broken key file", func(s *surgery) { s.must(os.WriteFile(s.KeyFile, []byte(`{"signing":"hemligt"}`), 0o600)) }},
		{"a foreign key file", func(s *surgery) {
			s.must(os.Remove(s.KeyFile))
			_, err := vault.Create(s.KeyFile, vault.DayOf(examined))
			s.must(err)
		}},
		{"a key file of tomorrow", func(s *surgery) { s.rekey(vault.DayOf(examined) + 1) }},
		{"a key file of last week", func(s *surgery) { s.rekey(vault.DayOf(examined) - 7) }},
		{"a key file of years ago", func(s *surgery) { s.rekey(vault.DayOf(examined) - vault.LongestStep - 1) }},
		{"old copies", func(s *surgery) {
			for _, mark := range []string{doctor.KeyCopied, doctor.BackedUp} {
				s.must(touch(s.KeyFile+mark, examined.Add(-9*day)))
			}
		}},
		{"mail to nowhere", func(s *surgery) { s.NoMail = true }},
		{"a mail server without a password", func(s *surgery) { s.Relay.User = "" }},
		{"a mail server that is away", func(s *surgery) {
			l := s.listen()
			s.must(l.Close())
			s.Relay = s.relay("smtp://" + l.Addr().String())
		}},
		{"a mail server with another's certificate", func(s *surgery) {
			s.TLS = s.TLS.Clone()
			s.TLS.ServerName = "mail.example.org"
		}},
		{"a mail server that does not greet", func(s *surgery) {
			l := s.listen()
			s.Cleanup(func() { _ = l.Close() })
			go func() {
				for {
					conn, err := l.Accept()
					if err != nil {
						return
					}
					_, _ = io.WriteString(conn, "554 not you\r\n")
					_ = conn.Close()
				}
			}()
			s.Relay = s.relay("smtp://" + l.Addr().String() + "?starttls=never")
		}},
		{"a wrong password", func(s *surgery) { s.Relay.Password = "gissat" }},
		{"a sender who is not ours", func(s *surgery) { s.post.refuses = "you are not <samling@mejl.example.org>" }},
		{"a sender of no domain", func(s *surgery) { s.From = "samling@samling.localhost" }},
		{"a domain without records", func(s *surgery) { clear(s.names) }},
		{"a null MX", func(s *surgery) { s.names["MX mejl.example.org"] = []string{"."} }},
		{"a resolver that is away", func(s *surgery) {
			for _, name := range []string{"MX mejl.example.org", "mejl.example.org", "_dmarc.mejl.example.org"} {
				s.names[name] = broken
			}
		}},
		{"two records where one may be", func(s *surgery) {
			s.names["mejl.example.org"] = []string{"v=spf1 -all", "v=spf1 mx -all"}
			s.names["_dmarc.mejl.example.org"] = []string{"v=DMARC1; p=none", "v=DMARC1; p=reject"}
		}},
		{"records that protect nobody", func(s *surgery) {
			s.names["mejl.example.org"] = []string{"v=spf1 +all"}
			s.names["_dmarc.mejl.example.org"] = []string{"v=DMARC1; p=none"}
		}},
		{"records that say little", func(s *surgery) {
			s.names["mejl.example.org"] = []string{"v=spf1 mx"}
			s.names["_dmarc.mejl.example.org"] = []string{"v=DMARC1; rua=mailto:a@example.org"}
		}},
		{"mail that is signed", func(s *surgery) {
			s.DKIM = &mailer.DKIM{Domain: "mejl.example.org", Selector: "samling", Key: s.signing()}
			name, record := s.DKIM.Record()
			s.names[name] = []string{strings.Join(record, "")}
		}},
		{"mail that is signed with another key", func(s *surgery) {
			s.DKIM = &mailer.DKIM{Domain: "mejl.example.org", Selector: "samling", Key: s.signing()}
			s.names["samling._domainkey.mejl.example.org"] = []string{"v=DKIM1; k=rsa; p=MIIB"}
		}},
		{"a signature that nobody can check", func(s *surgery) {
			s.DKIM = &mailer.DKIM{Domain: "mejl.example.org", Selector: "samling", Key: s.signing()}
		}},
		{"a signature of which the resolver does not know", func(s *surgery) {
			s.DKIM = &mailer.DKIM{Domain: "mejl.example.org", Selector: "samling", Key: s.signing()}
			s.names["samling._domainkey.mejl.example.org"] = broken
		}},
		{"no key to sign with", func(s *surgery) { s.DKIMFault = failure{"command.dkim.missing", []any{"File", "dkim.pem"}, nil} }},
		{"an SPF record elsewhere", func(s *surgery) { s.names["mejl.example.org"] = []string{"v=spf1 redirect=_spf.example.org"} }},
		{"a host that is not known", func(s *surgery) {
			s.dials = func(string) (string, error) {
				return "", &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "samling.example.org", IsNotFound: true}}
			}
		}},
		{"an address that is away", func(s *surgery) {
			s.dials = func(string) (string, error) { return "", &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED} }
		}},
		{"an expired certificate", func(s *surgery) { s.issued = s.certificate(examined.Add(-time.Hour), true) }},
		{"nobody's certificate", func(s *surgery) { s.issued = s.certificate(examined.Add(60*day), false) }},
		{"a certificate that ends soon", func(s *surgery) { s.issued = s.certificate(examined.Add(5*day), true) }},
		{"another address", func(s *surgery) { s.answer.status, s.answer.where = 301, "https://www.example.org/healthz" }},
		{"a proxy without a serve", func(s *surgery) { s.answer.status, s.answer.mark = 502, "" }},
		{"another installation", func(s *surgery) { s.answer.mark = planner.Mark("another") }},
		{"no encryption", func(s *surgery) { s.plain("http://samling.example.org") }},
		{"no proxy", func(s *surgery) { s.plain("http://localhost:3000") }},
		{"a proxy that is not trusted", func(s *surgery) { s.answer.client = func(string) string { return "ignored 172.16.0.9" } }},
		{"a proxy that says nothing", func(s *surgery) { s.answer.client = func(string) string { return "direct 127.0.0.1" } }},
		{"a proxy that believes everybody", func(s *surgery) { s.answer.client = believing("198.51.100.7") }},
		{"a doctor who is the proxy", func(s *surgery) { s.answer.client = believing("10.0.0.7") }},
		{"a second question without an answer", func(s *surgery) {
			asked := 0
			through := s.dials
			s.dials = func(address string) (string, error) {
				if asked++; asked > 1 {
					return "", &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
				}
				return through(address)
			}
		}},
		{"no date", func(s *surgery) { s.answer.date = "" }},
		{"a clock that is off", func(s *surgery) { s.answer.date = examined.Add(90 * time.Second).Format(http.TimeFormat) }},
		{"a clock that is wrong", func(s *surgery) { s.answer.date = examined.Add(-time.Hour).Format(http.TimeFormat) }},
	}
}

// believing takes a client at her word.
func believing(address string) func(string) string {
	return func(forwarded string) string {
		if forwarded != "" {
			address = forwarded
		}
		return "forwarded " + address
	}
}

// plain answers at an address without encryption, with no proxy before it.
func (s *surgery) plain(site string) {
	web := httptest.NewServer(&s.answer)
	s.Cleanup(web.Close)
	s.Site = site
	s.dials = func(string) (string, error) { return web.Listener.Addr().String(), nil }
	s.answer.client = func(string) string { return "direct 127.0.0.1" }
}

// Every check is seen to pass, and each of its other answers to come of what it
// stands for. The golden files hold what a healthy installation is told, and of
// every other only what is different.
func TestDoctor(t *testing.T) {
	long(t)
	t.Parallel()
	words, _ := words("sv", nil)
	languages := []string{"sv", "en"}
	golden, healthy, seen := map[string]*strings.Builder{}, map[string]bool{}, map[string]bool{}
	for _, language := range languages {
		golden[language] = &strings.Builder{}
	}
	for _, a := range ailments() {
		s := newSurgery(t)
		a.of(s)
		found := s.Examine(t.Context())
		if s.post.got != "" {
			t.Errorf("%s: a mail was begun: %s", a.name, s.post.got)
		}
		for _, language := range languages {
			p := words.In(language)
			fmt.Fprintf(golden[language], "# %s\n", a.name)
			for _, f := range found {
				var line bytes.Buffer
				s.must(printFindings(&line, p, []saidFinding{inSentences(p, f)}))
				text := s.same(line.String())
				seen[f.Check+"."+f.Code] = true
				if a.name == "nothing" {
					healthy[text] = true
				} else if healthy[text] {
					continue
				}
				golden[language].WriteString(text)
			}
		}
	}
	for _, language := range languages {
		text := golden[language].String()
		for _, secret := range []string{"hemligt", "gissat", "%!", "doctor."} {
			if strings.Contains(text, secret) {
				t.Errorf("it says %q", secret)
			}
		}
		file := filepath.Join("testdata", "doctor."+language+".golden")
		if *update {
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if diff := cmp.Diff(string(want), text); diff != "" || err != nil {
			t.Errorf("%v\n%s", err, diff)
		}
	}
	for _, code := range codes(t) {
		if !seen[code] {
			t.Errorf("%s is never found", code)
		}
	}
}

// same is a text without what differs from run to run.
func (s *surgery) same(text string) string {
	text = strings.ReplaceAll(text, s.dir, "data")
	text, _, _ = strings.Cut(text, ": server selection error") // the driver's own words change
	return regexp.MustCompile(`127\.0\.0\.1:\d+`).ReplaceAllString(strings.TrimSpace(text)+"\n", "mail.example.org:587")
}

// codes are all that the doctor can find, as its source has them.
func codes(t *testing.T) []string {
	t.Helper()
	finding := regexp.MustCompile(`\b(?:ok|warning|fault)\("([a-z]+)", "([a-z-]+)"`)
	files, err := filepath.Glob("doctor/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	var all []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range finding.FindAllStringSubmatch(string(text), -1) {
			all = append(all, m[1]+"."+m[2])
		}
	}
	return append(all, "smtp.connect", "smtp.tls", "smtp.hello", "smtp.auth", "smtp.mail", "copy.ok", "copy.never", "copy.old", "backup.ok")
}

// The command looks beside a serve, changes nothing, and fails while there is
// something to mend.
func TestDoctor_BesideAServe(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close()
	c.environ = append(c.environ, "SAMLING_URL=http://"+address, "SAMLING_LISTEN="+address, "SAMLING_CONTROLLER=Provföreningen", "SAMLING_LANGUAGE=en")
	c.serve(t, c.founded(t))
	c.must(t, "backup", filepath.Join(c.dir, "copy.db"))

	said := c.run(t, "doctor", "--json")
	for _, want := range []string{
		`"check":"controller","verdict":"fault","code":"missing"`, `"check":"store","verdict":"ok"`, `"check":"key","verdict":"ok"`,
		`"check":"copy","verdict":"warning","code":"never"`, `"check":"backup","verdict":"ok"`, `"check":"smtp","verdict":"ok","code":"open"`,
		`"check":"sender","verdict":"fault","code":"missing"`, `"check":"address","verdict":"warning","code":"local"`,
		`"check":"proxy","verdict":"ok","code":"none"`, `"check":"clock","verdict":"ok"`,
	} {
		if !strings.Contains(said.out, want) {
			t.Errorf("it does not say %s", want)
		}
	}
	if said.code != failed || said.err != "2 things have to be mended.\n" || t.Failed() {
		t.Errorf("%+v", said)
	}
	if n := c.post.count(); n != 0 {
		t.Errorf("%d mails were sent", n)
	}
	if _, err := os.Stat(filepath.Join(c.dir, "data/samling.db")); err != nil {
		t.Error(err)
	}
}

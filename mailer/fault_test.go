package mailer

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"text/tabwriter"
	"time"

	"samling/models"
)

// misdeed is one way in which a mail server misbehaves.
type misdeed struct {
	phase string // of rude
	does  string // what on answers there
	name  string // empty: does
	// after: first this phase is answered so, and then phase.
	after, answered string
	// lasts: until somebody mends it, an hour later. Otherwise it happens once.
	lasts bool
}

func (m misdeed) String() string {
	name := m.name
	if name == "" {
		name = map[string]string{hang: "says nothing", drop: "hangs up", stall: "stops reading"}[m.does]
	}
	if name == "" {
		name = m.does
	}
	return m.phase + ": " + name
}

// misdeeds are those that the table of faults shows: every phase with every
// ordinary fault, and what is special to some.
func misdeeds() []misdeed {
	all := []misdeed{{phase: "connect", does: hang}, {phase: "connect", does: drop, name: "is refused"}}
	for _, phase := range []string{"greet", "ehlo", "starttls", "handshake", "ehlo with TLS", "auth", "mail", "rcpt", "data", "body", "dot", "quit"} {
		if phase == "body" {
			all = append(all, misdeed{phase: phase, does: stall}, misdeed{phase: phase, does: drop})
			continue
		}
		all = append(all, misdeed{phase: phase, does: hang}, misdeed{phase: phase, does: drop})
		if phase == "handshake" {
			continue
		}
		for _, reply := range []string{"421 4.3.2 closing", "451 4.3.0 later", "554 5.3.0 no"} {
			all = append(all, misdeed{phase: phase, does: reply})
		}
	}
	return append(all,
		misdeed{phase: "dot", does: slow, name: "answers after nine minutes"},
		misdeed{phase: "ehlo", does: "250 rude.example", name: "no STARTTLS", lasts: true},
		misdeed{phase: "ehlo with TLS", does: "250 rude.example", name: "no AUTH", lasts: true},
		misdeed{phase: "starttls", does: "220 go\r\n250 evil", name: "somebody slips in words", lasts: true},
		misdeed{phase: "handshake", does: "stranger", name: "certificate of an unknown issuer", lasts: true},
		misdeed{phase: "handshake", does: "expired", name: "certificate has run out", lasts: true},
		misdeed{phase: "handshake", does: "another", name: "certificate of another host", lasts: true},
		misdeed{phase: "auth", does: "535 5.7.8 wrong password", lasts: true},
		misdeed{phase: "mail", does: "530 5.7.0 authenticate first", lasts: true},
		misdeed{phase: "mail", does: "550 5.7.1 sender rejected", lasts: true},
		misdeed{phase: "mail", does: "552 5.3.4 too large"},
		misdeed{phase: "rcpt", does: "450 4.2.0 greylisted, try again in 300 seconds"},
		misdeed{phase: "rcpt", does: "452 4.5.3 too many recipients"},
		misdeed{phase: "rcpt", does: "552 5.5.3 too many recipients"},
		misdeed{phase: "rcpt", does: "550 5.1.1 <p1@post.example> unknown"},
		misdeed{phase: "rset", does: hang, name: "says nothing, after 550 to rcpt", after: "rcpt", answered: "550 5.1.1 unknown"},
		misdeed{phase: "dot", does: "550 5.7.1 spam"},
		misdeed{phase: "dot", does: "550 5.7.515 access denied", lasts: true},
		misdeed{phase: "dot", does: gone, name: "250, then hangs up"},
	)
}

// deadlines are how long a server may be silent before we take it for dead: a
// minute until we are signed in, then what RFC 5321 §4.5.3.2 asks for.
func (m misdeed) deadline() time.Duration {
	switch m.phase {
	case "mail", "rcpt", "data", "rset":
		return 5 * time.Minute
	case "body":
		return 3 * time.Minute
	case "dot":
		return 10 * time.Minute
	}
	return time.Minute
}

// TestFault_Table shows a mail to a server that misbehaves in one way: what
// becomes of it then and in the end, how many copies the server has, and when
// the next mail goes. Time is not real in it: all deadlines are those of
// production. It is testdata/faults.txt; -update writes that anew, and then it
// is to be read.
func TestFault_Table(t *testing.T) {
	if testing.Short() {
		t.Skip("long: it is run whole without -short")
	}
	all, keys := misdeeds(), newKeys(t)
	outcomes := make([]outcome, len(all))
	t.Run("all", func(t *testing.T) {
		for i, m := range all {
			t.Run(m.String(), func(t *testing.T) {
				t.Parallel()
				bubble(t, func(t *testing.T, w *world) { outcomes[i] = m.happens(t, w, keys) })
			})
		}
	})
	var table bytes.Buffer
	columns := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(columns, "THE SERVER\tNOTICED AFTER\tTHE MAIL THEN\tBECAUSE\tTHE QUEUE\tIN THE END\tCOPIES\tTHE NEXT MAIL")
	for i, m := range all {
		o := outcomes[i]
		fmt.Fprintf(columns, "%s\t%v\t%s\t%s\t%s\t%s\t%d\t%s\n", m, o.noticed, o.then, o.because, o.queue, o.end, o.copies, o.next)
	}
	if err := columns.Flush(); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + table.String())
	golden(t, "faults.txt", table.Bytes())
}

// keys are the certificates of good and of bad servers, made once.
type keys struct {
	good  *tls.Config
	wrong map[string]*tls.Config
	pool  *x509.CertPool
}

func newKeys(t *testing.T) keys {
	good, pool := certificate(t, "mail.example")
	stranger, _ := certificate(t, "mail.example", "stranger.example")
	another, _ := certificate(t, "another.example")
	expired, _ := certificateUntil(t, time.Date(1999, 12, 31, 0, 0, 0, 0, time.UTC), "mail.example", "expired.example")
	pool.AddCert(another.Certificates[0].Leaf)
	pool.AddCert(expired.Certificates[0].Leaf)
	return keys{good, map[string]*tls.Config{"stranger": stranger, "expired": expired, "another": another}, pool}
}

// outcome is a line of the table.
type outcome struct {
	noticed                         time.Duration
	then, because, queue, end, next string
	copies                          int
}

// happens lets it happen to one mail, and sends another one after it.
func (m misdeed) happens(t *testing.T, w *world, k keys) (o outcome) {
	var mended atomic.Bool
	var mu sync.Mutex
	met := map[string]int{}
	server := &rude{
		tls: k.good, extensions: []string{"STARTTLS", "AUTH PLAIN"}, wrong: k.wrong,
		on: func(_ int, phase string) string {
			mu.Lock()
			defer mu.Unlock()
			met[phase]++
			switch {
			case phase == m.after && met[phase] == 1:
				return m.answered
			case phase == m.phase && (m.lasts && !mended.Load() || !m.lasts && met[phase] == 1):
				return m.does
			}
			return ""
		},
	}
	dial := server.startInMemory(t)
	relay := Relay{Host: "mail.example", Port: "587", User: "user", Password: "secret"}
	smtp := NewSMTP(SMTPConfig{Relay: relay, Hello: "samling.example", Now: time.Now, Dial: dial, TLS: &tls.Config{RootCAs: k.pool}})
	box := patient(w.outbox("a", smtp))
	stop := run(t, box)
	defer func() { stop(); smtp.Close() }()

	begun := time.Now()
	first := w.mails(1)[0]
	box.Wake()
	row := w.until(first, 20*time.Minute, func(m models.Mail) bool { return m.Reply != "" })
	o.noticed = time.Since(begun).Round(time.Second)
	o.then, o.because = string(row.Status), row.Reply
	if row.Status == models.MailQueued {
		o.then += ", again in " + time.Until(row.Due).Round(time.Second).String()
	}
	o.queue = "goes on"
	if since, _, ours := box.Paused(); !since.IsZero() {
		left, _ := box.pause.left()
		o.queue = "pauses " + left.Round(time.Second).String()
		if ours {
			o.queue += ", alarm"
		}
	}
	if o.noticed > m.deadline() {
		t.Errorf("noticed after %v, which is later than %v", o.noticed, m.deadline())
	}

	again := time.Now()
	second := w.mails(1)[0]
	box.Wake()
	if m.lasts {
		time.Sleep(time.Hour - time.Since(begun))
		if got, _ := copiesOf(server, second); got > 0 && m.phase != "dot" {
			t.Error("a mail went out before it was mended")
		}
		mended.Store(true)
	}
	row = w.until(second, 3*time.Hour, func(m models.Mail) bool { return m.Status == models.MailSent })
	o.next = "sent after " + row.Settled.Sub(again).Round(time.Second).String()
	row = w.until(first, 3*time.Hour, func(m models.Mail) bool { return m.Status != models.MailQueued && m.Status != models.MailSending })
	o.end = fmt.Sprintf("%s after %v", row.Status, row.Settled.Sub(begun).Round(time.Second))
	time.Sleep(2 * time.Minute) // for goodbyes, and for what must not come

	var same bool
	o.copies, same = copiesOf(server, first)
	switch {
	case !same:
		t.Error("its copies differ")
	case o.copies > 1 && row.Unsure == 0:
		t.Errorf("%d copies of a mail of which we knew what became of it", o.copies)
	case o.copies == 0 && row.Status == models.MailSent:
		t.Error("sent, but the server has none")
	}
	if n, _ := copiesOf(server, second); n != 1 {
		t.Errorf("the next mail came %d times", n)
	}
	return o
}

// copiesOf is how many copies of a mail a server has accepted, and whether they
// are the same.
func copiesOf(r *rude, id string) (n int, same bool) {
	_, mails, _ := r.state()
	first := ""
	same = true
	for _, m := range mails {
		if !strings.Contains(m, "Message-ID: <message-"+id+"@") {
			continue
		}
		if n++; n == 1 {
			first = m
		}
		same = same && m == first
	}
	return n, same
}

// until waits in fake time until a row is so.
func (w *world) until(id string, within time.Duration, is func(models.Mail) bool) models.Mail {
	w.t.Helper()
	for deadline := time.Now().Add(within); ; time.Sleep(500 * time.Millisecond) {
		synctest.Wait()
		m := w.mail(id)
		if is(m) {
			return m
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("after %v the mail is %s, %q", within, m.Status, m.Reply)
		}
	}
}

// Package doctor examines an installation: whether all that it rests upon is as
// it must be, inside and as others see it. It exists because most of what goes
// wrong with mail, keys and proxies is silent until somebody needs them. It
// changes nothing, sends no mail, and repeats no secret.
package doctor

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"sync"
	"time"

	"samling/handlers"
	"samling/mailer"
)

// Verdict is how bad something is.
type Verdict string

// The verdicts.
const (
	OK      Verdict = "ok"
	Warning Verdict = "warning" // it works, but somebody should look
	Fault   Verdict = "fault"   // it does not work, or must not stay so
)

// Finding is what one check has found. Its sentence is "doctor.<check>.<code>" in
// the translations, and what to do ".mend" behind that, where there is something
// to do.
type Finding struct {
	Check   string
	Verdict Verdict
	Code    string
	With    []any // names and values that fill the gaps of both sentences
	Err     error // said behind the sentence; nil: nothing
}

func ok(check, code string, with ...any) Finding { return Finding{check, OK, code, with, nil} }

func warning(check, code string, with ...any) Finding {
	return Finding{check, Warning, code, with, nil}
}

func fault(check, code string, with ...any) Finding { return Finding{check, Fault, code, with, nil} }

// because is a finding with the error that says why.
func (f Finding) because(err error) Finding {
	f.Err = err
	return f
}

// Resolver looks names up, as a net.Resolver does.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
}

// Patient is the installation, and the ways of looking at it.
type Patient struct {
	Site, From     string // empty: not given
	Store, KeyFile string
	Relay          mailer.Relay
	NoMail         bool
	DKIM           *mailer.DKIM // nil: we do not sign
	DKIMFault      error        // why its key cannot be read
	Privacy        handlers.Privacy
	Limits         bool
	TrustedProxies []string

	Now      func() time.Time
	Resolver Resolver
	HTTP     *http.Client // that follows no redirect
	TLS      *tls.Config  // for the mail server; nil: the system's certificates
	// Free is how many bytes are left on the disk of a folder; false: nobody knows.
	Free func(folder string) (uint64, bool)
}

// patience is how long one check may take.
const patience = 20 * time.Second

// Examine makes all checks, in the order in which they are to be read. They wait
// for each other's servers together.
func (p *Patient) Examine(ctx context.Context) []Finding {
	chain, inside := p.inside(ctx)
	outside := []func(context.Context) []Finding{
		p.smtp, p.sender,
		func(ctx context.Context) []Finding { return p.site(ctx, chain) },
	}
	found := make([][]Finding, len(outside))
	var waiting sync.WaitGroup
	for i, check := range outside {
		waiting.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, patience)
			defer cancel()
			found[i] = check(ctx)
		})
	}
	waiting.Wait()
	for _, f := range found {
		inside = append(inside, f...)
	}
	return inside
}

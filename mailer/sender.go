package mailer

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
)

// Sender hands one message for one recipient over to whoever delivers it. A nil
// error means that it was accepted: it must not be sent again. Every other
// outcome is a *Fault. reply is what the other side said, addresses cut out.
type Sender interface {
	Send(ctx context.Context, from, to string, message []byte) (reply string, err error)
}

// Class is whose fault it is that a mail was not accepted, and so what is to be
// done.
type Class int

// The classes.
const (
	Temporary Class = iota // this mail, again later
	Permanent              // this mail, never
	Away                   // the server cannot be reached or is busy: no mail's fault
	Ours                   // our settings, our certificate, our name: nothing goes until somebody looks
)

// String is the word for the log.
func (c Class) String() string {
	return [...]string{"temporary", "permanent", "away", "ours"}[c]
}

// Fault is why a mail was not accepted.
type Fault struct {
	Class Class
	// Phase is how far it came: connect, tls, hello, auth, mail, rcpt, data,
	// body, dot.
	Phase string
	// Uncertain: the connection broke between the final dot and the answer. The
	// server may have the mail or not, and nobody can know.
	Uncertain bool
	// Reply is what the server said, addresses cut out; empty: nothing.
	Reply string
	// Err is the cause. It may show an address: for programs, not for logs.
	Err error
}

func (f *Fault) Error() string {
	if f.Reply != "" {
		return fmt.Sprintf("mailer: %s at %s: %s", f.Class, f.Phase, f.Reply)
	}
	return fmt.Sprintf("mailer: %s at %s: %v", f.Class, f.Phase, f.Err)
}

// Unwrap is the cause.
func (f *Fault) Unwrap() error { return f.Err }

// words are what people are shown: what the server said, or how it fell silent.
// Addresses are cut out.
func (f *Fault) words() string {
	timeout, ok := errors.AsType[net.Error](f.Err)
	certificate, bad := errors.AsType[*tls.CertificateVerificationError](f.Err)
	switch {
	case f.Reply != "":
		return f.Reply
	case bad:
		return withoutAddresses(f.Phase + ": the server's certificate is not good: " + strings.TrimPrefix(certificate.Err.Error(), "x509: "))
	case ok && timeout.Timeout():
		return f.Phase + ": no answer in time"
	case errors.Is(f.Err, io.EOF), errors.Is(f.Err, io.ErrUnexpectedEOF), errors.Is(f.Err, io.ErrClosedPipe), errors.Is(f.Err, syscall.ECONNRESET), errors.Is(f.Err, syscall.EPIPE):
		return f.Phase + ": the server hung up"
	}
	return withoutAddresses(f.Phase + ": " + f.Err.Error())
}

// faultOf is the fault that an error is; one that is none counts as temporary.
func faultOf(err error) *Fault {
	if f, ok := errors.AsType[*Fault](err); ok {
		return f
	}
	return &Fault{Class: Temporary, Phase: "send", Err: err}
}

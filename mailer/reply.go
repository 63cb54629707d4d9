package mailer

import (
	"crypto/tls"
	"errors"
	"net/textproto"
	"regexp"
	"slices"
	"strconv"

	"github.com/emersion/go-smtp"
)

// The phases of handing over a mail, in their order.
const (
	phaseConnect = "connect"
	phaseTLS     = "tls"
	phaseHello   = "hello"
	phaseAuth    = "auth"
	phaseMail    = "mail"
	phaseRcpt    = "rcpt"
	phaseData    = "data"
	phaseBody    = "body"
	phaseDot     = "dot"
)

// classify says whose fault an error in a phase is.
func classify(phase string, err error) *Fault {
	f := &Fault{Phase: phase, Err: err}
	if protocol, ok := errors.AsType[*textproto.Error](err); ok {
		err = &smtp.SMTPError{Code: protocol.Code, Message: protocol.Msg}
	}
	early := slices.Contains([]string{phaseConnect, phaseTLS, phaseHello, phaseAuth}, phase)
	reply, answered := errors.AsType[*smtp.SMTPError](err)
	switch {
	case !answered && certificateFault(err):
		f.Class = Ours
	case !answered && early:
		f.Class = Away
	case !answered:
		f.Uncertain = phase == phaseDot
	case reply.Temporary() && early:
		f.Class = Away
	case reply.Temporary():
		f.Class = Temporary
	case early, ourFault(reply), phase == phaseMail && reply.Code != 552:
		f.Class = Ours
	case phase == phaseRcpt && reply.Code == 552:
		// Too many recipients, says RFC 5321 §4.5.3.1.10, so: later.
		f.Class = Temporary
	default:
		f.Class = Permanent
	}
	if answered {
		f.Reply = said(reply)
	}
	return f
}

// ourFault reports whether a refusal is about who we are: credentials, or what
// SPF, DKIM, DMARC and the big houses' rules say about our domain. 5.7.1 is not
// among them, since a single reader's filter says it too.
func ourFault(r *smtp.SMTPError) bool {
	switch r.Code {
	case 530, 534, 535, 538:
		return true
	}
	e := r.EnhancedCode
	if e[0] == 5 && e[1] == 1 && (e[2] == 7 || e[2] == 8) {
		return true // RFC 3463 §3.2: the sender's address, and its domain
	}
	return e[0] == 5 && e[1] == 7 && (e[2] == 8 || e[2] == 9 || e[2] == 11 || e[2] >= 20 && e[2] <= 27 || e[2] == 509 || e[2] == 515)
}

// certificateFault tells a handshake that will fail again from a broken line.
func certificateFault(err error) bool {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return true
	}
	if _, ok := errors.AsType[tls.AlertError](err); ok {
		return true
	}
	return errors.Is(err, errOurs)
}

var addressLike = regexp.MustCompile(`<?[^\s<>@]+@[^\s<>]+>?`)

// longestReply is how much of an answer is kept, in characters.
const longestReply = 300

// said is a server's answer as it may be kept: servers like to repeat the
// address.
func said(r *smtp.SMTPError) string {
	text := strconv.Itoa(r.Code)
	if e := r.EnhancedCode; e != (smtp.EnhancedCode{}) && e != smtp.NoEnhancedCode {
		text += " " + strconv.Itoa(e[0]) + "." + strconv.Itoa(e[1]) + "." + strconv.Itoa(e[2])
	}
	return withoutAddresses(text + " " + r.Message)
}

func withoutAddresses(text string) string {
	return clip(oneLine(addressLike.ReplaceAllString(text, "<…>")), longestReply)
}

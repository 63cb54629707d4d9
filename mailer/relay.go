package mailer

import (
	"net"
	"net/url"
	"strings"
)

// Relay is the mail server that takes our mail, as a setting names it.
type Relay struct {
	Host, Port     string
	User, Password string // empty: none asked for
	// Implicit: TLS from the first byte (smtps). Otherwise STARTTLS is demanded,
	// unless Plain.
	Implicit bool
	// Plain: no TLS at all, to a relay on the same machine.
	Plain bool
}

// RelayFault is what is wrong with a relay's address: a code of its own in the
// translations ("field.smtp-…"). It never shows the password.
type RelayFault string

func (f RelayFault) Error() string { return string(f) }

// ParseRelay reads smtp://user:pass@host:587, smtps://user:pass@host:465, or
// smtp://localhost:25?starttls=never. Without a port it is 587, or 465 for
// smtps. Its errors are RelayFaults.
func ParseRelay(setting string) (Relay, error) {
	u, err := url.Parse(setting)
	if err != nil {
		// The error of url.Parse repeats all of it, password included.
		return Relay{}, RelayFault("smtp-unreadable")
	}
	r := Relay{Host: u.Hostname(), Port: u.Port(), User: u.User.Username(), Implicit: u.Scheme == "smtps"}
	r.Password, _ = u.User.Password()
	switch {
	case u.Scheme != "smtp" && u.Scheme != "smtps":
		return Relay{}, RelayFault("smtp-scheme")
	case r.Host == "":
		return Relay{}, RelayFault("smtp-host")
	case u.Path != "" && u.Path != "/" || u.Fragment != "":
		return Relay{}, RelayFault("smtp-path")
	case (r.User == "") != (r.Password == ""):
		return Relay{}, RelayFault("smtp-login")
	case strings.ContainsAny(r.Host+r.User+r.Password, "\r\n\x00"):
		return Relay{}, RelayFault("smtp-unreadable")
	}
	for name, values := range u.Query() {
		if name != "starttls" || len(values) != 1 || values[0] != "never" {
			return Relay{}, RelayFault("smtp-option")
		}
		r.Plain = true
	}
	switch {
	case r.Plain && r.Implicit:
		return Relay{}, RelayFault("smtp-never-tls")
	case r.Plain && !loopback(r.Host):
		// Mails carry links that nobody else may read.
		return Relay{}, RelayFault("smtp-plain")
	}
	if r.Port == "" {
		r.Port = "587"
		if r.Implicit {
			r.Port = "465"
		}
	}
	return r, nil
}

// String is the relay without its password.
func (r Relay) String() string {
	scheme, after := "smtp", ""
	if r.Implicit {
		scheme = "smtps"
	}
	if r.Plain {
		after = "?starttls=never"
	}
	return scheme + "://" + r.address() + after
}

func (r Relay) address() string { return net.JoinHostPort(r.Host, r.Port) }

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

package mailer

import (
	"errors"
	"fmt"
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

// ParseRelay reads smtp://user:pass@host:587, smtps://user:pass@host:465, or
// smtp://localhost:25?starttls=never. Without a port it is 587, or 465 for
// smtps. The errors never show the password.
func ParseRelay(setting string) (Relay, error) {
	u, err := url.Parse(setting)
	if err != nil {
		// The error of url.Parse repeats all of it, password included.
		return Relay{}, errors.New("not an address: percent-encode signs like @ : / # in user name and password")
	}
	r := Relay{Host: u.Hostname(), Port: u.Port(), User: u.User.Username(), Implicit: u.Scheme == "smtps"}
	r.Password, _ = u.User.Password()
	switch {
	case u.Scheme != "smtp" && u.Scheme != "smtps":
		return Relay{}, fmt.Errorf("unknown scheme %q: write smtp://user:pass@host:587, smtps://user:pass@host:465 or none", clip(u.Scheme, 20))
	case r.Host == "":
		return Relay{}, errors.New("no host: write smtp://user:pass@host:587")
	case u.Path != "" && u.Path != "/" || u.Fragment != "":
		return Relay{}, errors.New("nothing may stand behind host and port: percent-encode signs like / and # in user name and password")
	case (r.User == "") != (r.Password == ""):
		return Relay{}, errors.New("give both user name and password, or neither")
	case strings.ContainsAny(r.Host+r.User+r.Password, "\r\n\x00"):
		return Relay{}, errors.New("no line breaks in host, user name and password")
	}
	for name, values := range u.Query() {
		if name != "starttls" || len(values) != 1 || values[0] != "never" {
			return Relay{}, fmt.Errorf("unknown option %q: there is only starttls=never", clip(name, 20))
		}
		r.Plain = true
	}
	if r.Plain && r.Implicit {
		return Relay{}, errors.New("smtps is always encrypted: starttls=never goes with smtp")
	}
	if r.Plain && !loopback(r.Host) {
		return Relay{}, errors.New("starttls=never is only for a relay on the same machine (localhost): mails carry links that nobody else may read")
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

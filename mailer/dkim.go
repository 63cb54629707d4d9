package mailer

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strings"

	"github.com/emersion/go-msgauth/dkim"
)

// DKIM signs mail in the name of a domain (RFC 6376), for relays that do not.
type DKIM struct {
	// Domain is that of the sender's address, so that DMARC finds both the same.
	Domain string
	// Selector names the key among those of the domain.
	Selector string
	Key      *rsa.PrivateKey
}

// signedFields are the header fields that a signature covers. Each is named
// twice, once more than it may be there: then nobody can add another From, or a
// List-Unsubscribe where there was none (RFC 6376 §8.15, RFC 8058 §4).
func signedFields() []string {
	fields := []string{
		"From", "Reply-To", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References",
		"List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted", "MIME-Version", "Content-Type",
	}
	return append(fields, fields...)
}

// Sign returns the message with its signature before it. The signature says when
// it was made, so only what follows it is the same on every try.
func (d *DKIM) Sign(message []byte) ([]byte, error) {
	var signed bytes.Buffer
	err := dkim.Sign(&signed, bytes.NewReader(message), &dkim.SignOptions{
		Domain: d.Domain, Selector: d.Selector, Signer: d.Key, HeaderKeys: signedFields(),
		// Relays fold lines anew and take blanks away.
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
	})
	return signed.Bytes(), err
}

// Record is what the domain's DNS must say: a TXT record, by its name. It is cut
// into strings of 255 bytes, the longest there are, as zone files want them.
func (d *DKIM) Record() (name string, strings []string) {
	text := "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(marshalled(&d.Key.PublicKey))
	const longest = 255
	for len(text) > longest {
		strings, text = append(strings, text[:longest]), text[longest:]
	}
	return d.Selector + "._domainkey." + d.Domain, append(strings, text)
}

func marshalled(key *rsa.PublicKey) []byte {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		panic(err) // for kinds of keys that it does not know alone
	}
	return der
}

// Signing hands over mail that is signed.
func (d *DKIM) Signing(sender Sender) Sender { return signing{d, sender} }

type signing struct {
	dkim   *DKIM
	sender Sender
}

// Send implements Sender.
func (s signing) Send(ctx context.Context, from, to string, message []byte) (string, error) {
	signed, err := s.dkim.Sign(message)
	if err != nil {
		return "", &Fault{Class: Ours, Phase: "sign", Err: err}
	}
	return s.sender.Send(ctx, from, to, signed)
}

// DKIMFault is what is wrong with a key: a code of its own in the translations
// ("command.dkim.…").
type DKIMFault string

func (f DKIMFault) Error() string { return string(f) }

// leastDKIMBits is the shortest key that big houses still believe for some years
// (RFC 8301 §3.2); what is longer than 2048 bits does not fit into every DNS.
const leastDKIMBits = 2048

// ParseDKIMKey reads an RSA key in PEM, as openssl and `samling dkim` write it.
// Its errors are DKIMFaults.
func ParseDKIMKey(text []byte) (*rsa.PrivateKey, error) {
	block, _ := pem.Decode(text)
	if block == nil || !strings.HasSuffix(block.Type, "PRIVATE KEY") || block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["DEK-Info"] != "" {
		return nil, DKIMFault("no-key")
	}
	var key any
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		if key, err = x509.ParsePKCS1PrivateKey(block.Bytes); err != nil {
			return nil, DKIMFault("no-key")
		}
	}
	private, ok := key.(*rsa.PrivateKey)
	switch {
	case !ok:
		return nil, DKIMFault("not-rsa")
	case private.N.BitLen() < leastDKIMBits:
		return nil, DKIMFault("short")
	}
	return private, nil
}

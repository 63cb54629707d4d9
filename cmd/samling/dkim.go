package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"
	"strings"

	"samling/mailer"
)

type dkimCommand struct{}

func (*dkimCommand) needs() []string { return []string{"url", "dkim-key"} }

// Run prints what the DNS must say so that others believe our signatures, and
// makes the key first where there is none.
func (*dkimCommand) Run(s *session) error {
	path := s.settings.dkimKey
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := makeDKIMKey(path); err != nil {
			return err
		}
		s.say("command.dkim.made", "File", path)
	}
	signer, err := s.dkim()
	if err != nil {
		return err
	}
	name, record := signer.Record()
	s.say("command.dkim.record")
	return s.make(name + `. IN TXT "` + strings.Join(record, `" "`) + `"`)
}

// dkim is what signs our mail; nil when no key is set.
func (s *session) dkim() (*mailer.DKIM, error) {
	path := s.settings.dkimKey
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, failure{"command.dkim.missing", []any{"File", path}, nil}
	}
	if err != nil {
		return nil, unreadable(path, err)
	}
	key, err := mailer.ParseDKIMKey(text)
	if fault, ok := errors.AsType[mailer.DKIMFault](err); ok {
		return nil, failure{"command.dkim." + string(fault), []any{"File", path}, nil}
	}
	_, domain, _ := strings.Cut(s.settings.from, "@")
	return &mailer.DKIM{Domain: domain, Selector: s.settings.dkimSelector, Key: key}, err
}

// makeDKIMKey writes a new key, and never over another one.
func makeDKIMKey(path string) (err error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := makeFolder(path); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return failure{"command.dkim.unwritable", []any{"File", path, "Reason", err}, nil}
	}
	return errors.Join(pem.Encode(f, &pem.Block{Type: "PRIVATE KEY", Bytes: der}), f.Close())
}

package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
)

// Key is the key of one event: it seals what people said of themselves. The zero
// value is no key.
type Key struct{ s secret }

// NewKey is a new random key.
func NewKey() Key { return Key{newSecret()} }

// Seal encrypts with AES-256-GCM under a random nonce, which stands in front.
// The result opens for the same event and RSVP alone, so that nobody who can
// write to the database can pass one person off as another.
func (k Key) Seal(event, rsvp string, plain []byte) []byte {
	return sealer(k.s.derive("samling 1 seal")).Seal(nil, nil, plain, join(event, rsvp))
}

// Open decrypts what Seal made. The error says nothing but that it cannot be
// opened.
func (k Key) Open(event, rsvp string, sealed []byte) ([]byte, error) {
	plain, err := sealer(k.s.derive("samling 1 seal")).Open(nil, nil, sealed, join(event, rsvp))
	if err != nil {
		return nil, errors.New("sealed data does not open: another key, event or sign-up, or changed bytes")
	}
	return plain, nil
}

// SealFor encrypts what the installation must be able to read for as long as it is
// kept, and nobody who has only the database. The result opens for the same
// purpose and id alone.
func (v *Vault) SealFor(purpose, id string, plain []byte) []byte {
	return v.keeping().Seal(purpose, id, plain)
}

// OpenFor decrypts what SealFor made; its error says nothing but that it cannot be
// opened.
func (v *Vault) OpenFor(purpose, id string, sealed []byte) ([]byte, error) {
	return v.keeping().Open(purpose, id, sealed)
}

// keeping is a key that lasts as long as the key file.
func (v *Vault) keeping() Key { return Key{v.now().Signing.derive("samling 1 keep")} }

// Who is the same for the same address of one event, and says nothing of it to
// anybody without the key. The caller normalises the address.
func (k Key) Who(address string) [16]byte {
	return [16]byte(mac(k.s.derive("samling 1 who"), address))
}

// Format keeps the key out of logs, whatever verb it is printed with.
func (k Key) Format(f fmt.State, _ rune) { fmt.Fprint(f, "key") }

// Wrap encrypts an event's key so that it can be unwrapped until the end of that
// day and never after it. ErrDestroyed: the day has passed already.
func (v *Vault) Wrap(event string, key Key, day Day) ([]byte, error) {
	wrapping, err := v.wrapping(event, day)
	if err != nil {
		return nil, err
	}
	return sealer(wrapping).Seal(nil, nil, key.s[:], nil), nil
}

// Unwrap gives the key that Wrap was given, for the same event and day.
// ErrDestroyed: the day has passed.
func (v *Vault) Unwrap(event string, wrapped []byte, day Day) (Key, error) {
	wrapping, err := v.wrapping(event, day)
	if err != nil {
		return Key{}, err
	}
	b, err := sealer(wrapping).Open(nil, nil, wrapped, nil)
	if err != nil || len(b) != len(secret{}) {
		return Key{}, fmt.Errorf("the key of event %s, kept until %s, does not unwrap: another key file or day, or changed bytes", event, day)
	}
	return Key{secret(b)}, nil
}

// wrapping is the key that wraps an event's key for a day.
func (v *Vault) wrapping(event string, day Day) (secret, error) {
	in := v.now()
	switch {
	case day < in.Day:
		return secret{}, fmt.Errorf("event %s, kept until %s: %w", event, day, ErrDestroyed)
	case day-in.Day > furthest:
		return secret{}, fmt.Errorf("event %s: %s is more than a century away", event, day)
	}
	return in.Value.forward(in.Day, day).derive("samling 1 wrap " + event), nil
}

// sealer is AES-256-GCM that makes its own nonces.
func sealer(s secret) cipher.AEAD {
	block, err := aes.NewCipher(s[:])
	if err != nil {
		panic(err) // only for other lengths
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // only for other ciphers
	}
	return aead
}

// mac is HMAC-SHA-256 over the parts, none of which can run into the next.
func mac(key secret, parts ...string) []byte {
	h := hmac.New(sha256.New, key[:])
	h.Write(join(parts...))
	return h.Sum(nil)
}

// join strings the parts together, each with its length before it.
func join(parts ...string) []byte {
	var b []byte
	for _, p := range parts {
		b = binary.AppendUvarint(b, uint64(len(p)))
		b = append(b, p...)
	}
	return b
}

package vault

import (
	"crypto/hmac"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
)

// macSize is how much of the MAC a token carries: 128 bits cannot be guessed,
// and the link still fits on one line of a mail.
const macSize = 16

// Token is a name for a link: it carries the id, and nobody without the key file
// can make one. It fits into a URL as it is and lasts as long as the key file.
// The id must be a UUID in lower case; anything else is a fault of the program
// and panics.
func (v *Vault) Token(purpose, id string) string {
	b, ok := uuidBytes(id)
	if !ok {
		panic(fmt.Sprintf("vault: a token for %q, which is no UUID", id))
	}
	return base64.RawURLEncoding.EncodeToString(append(b, v.tokenMAC(purpose, id)...))
}

// Check returns the id that a token of that purpose carries; false for whatever
// Token did not make.
func (v *Vault) Check(purpose, token string) (id string, ok bool) {
	id, sum, ok := opened(token)
	if !ok || !hmac.Equal(sum, v.tokenMAC(purpose, id)) {
		return "", false
	}
	return id, true
}

// Claimed is the id that a token says it is for, where the purpose that it must
// be checked against depends on that. Anybody can claim any id.
func Claimed(token string) (id string, ok bool) {
	id, _, ok = opened(token)
	return id, ok
}

func opened(token string) (id string, sum []byte, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(token)
	// The decoder skips line breaks and spare bits: only the one spelling counts.
	if err != nil || len(b) != 16+macSize || base64.RawURLEncoding.EncodeToString(b) != token {
		return "", nil, false
	}
	return uuidString(b[:16]), b[16:], true
}

func (v *Vault) tokenMAC(purpose, id string) []byte {
	return mac(v.now().Signing, "token", purpose, id)[:macSize]
}

// TagLength is how many characters a tag has.
const TagLength = 42

// tagMACSize is how much of the MAC a tag carries. A guess costs a mail, and 80
// bits of them nobody sends.
const tagMACSize = 10

// tagLetters has one case alone, since mail servers on the way may turn a local
// part into lower or upper case.
var tagLetters = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Tag is Token for an address of mail: short enough for a local part, of which
// RFC 5321 §4.5.3.1.1 allows 64 octets, and of letters and digits alone.
func (v *Vault) Tag(purpose, id string) string {
	b, ok := uuidBytes(id)
	if !ok {
		panic(fmt.Sprintf("vault: a tag for %q, which is no UUID", id))
	}
	return tagLetters.EncodeToString(append(b, v.tagMAC(purpose, id)...))
}

// CheckTag returns the id that a tag of that purpose carries, in whatever case it
// is written; false for whatever Tag did not make.
func (v *Vault) CheckTag(purpose, tag string) (id string, ok bool) {
	tag = strings.ToLower(tag)
	b, err := tagLetters.DecodeString(tag)
	// As with tokens, only one spelling counts.
	if err != nil || len(b) != 16+tagMACSize || tagLetters.EncodeToString(b) != tag {
		return "", false
	}
	if id = uuidString(b[:16]); !hmac.Equal(b[16:], v.tagMAC(purpose, id)) {
		return "", false
	}
	return id, true
}

func (v *Vault) tagMAC(purpose, id string) []byte {
	return mac(v.now().Signing, "tag", purpose, id)[:tagMACSize]
}

// Code is six digits for the id, to be typed where a link cannot be followed. A
// million is soon tried through: the caller must count the tries.
func (v *Vault) Code(purpose, id string) string {
	n := binary.BigEndian.Uint64(mac(v.now().Signing, "code", purpose, id))
	return fmt.Sprintf("%06d", n%1_000_000)
}

// Hash is a hash that nobody without the key file can compute, in hex: for
// addresses that are only counted, and for secrets that are only recognised.
func (v *Vault) Hash(purpose, secret string) string {
	return hex.EncodeToString(mac(v.now().Addresses, "hash", purpose, secret))
}

func uuidBytes(id string) ([]byte, bool) {
	if len(id) != 36 {
		return nil, false
	}
	b, err := hex.DecodeString(id[:8] + id[9:13] + id[14:18] + id[19:23] + id[24:])
	return b, err == nil && uuidString(b) == id
}

func uuidString(b []byte) string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

package mailer

import (
	"encoding/base64"
	"net/mail"
	"strings"
	"unicode/utf8"

	"samling/models"
)

// The longest line that RFC 5322 §2.1.1 recommends, and the longest
// encoded-word that RFC 2047 §2 allows.
const (
	longestLine = 76
	longestWord = 75
)

// headers is a header block under way. Field names and the values given to line
// are ours; everything that came from people goes through text or address.
type headers []byte

// line adds a field, folded where it has spaces.
func (b *headers) line(name, value string) {
	at := len(name) + 1
	*b = append(append(*b, name...), ':')
	for word := range strings.SplitSeq(value, " ") {
		if at+1+len(word) > longestLine && at > len(name)+1 {
			*b = append(*b, "\r\n"...)
			at = 0
		}
		*b = append(append(*b, ' '), word...)
		at += 1 + len(word)
	}
	*b = append(*b, "\r\n"...)
}

// text adds a field of free text.
func (b *headers) text(name, value string) {
	value = oneLine(value)
	if !plainText(value) || longestIn(value) > longestWord {
		value = encodedWords(value, longestLine-len(name)-2)
	}
	b.line(name, value)
}

// address adds a field with one mailbox. The name may be anything, the address
// must be a plain one.
func (b *headers) address(field, name, address string) {
	name = oneLine(name)
	switch {
	case name == "":
		b.line(field, address)
	case !plainText(name) || len(name) > longestWord:
		b.line(field, encodedWords(name, longestLine-len(field)-2)+" <"+address+">")
	default:
		b.line(field, (&mail.Address{Name: name, Address: address}).String())
	}
}

// encodedWords is a text as encoded-words in base64 (RFC 2047), the first of
// which takes at most so many bytes. mime.BEncoding makes all of them 75 long,
// so the first would not fit behind its field name.
func encodedWords(s string, space int) string {
	const open, end = "=?utf-8?b?", "?="
	var b, word strings.Builder
	flush := func() {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(open + base64.StdEncoding.EncodeToString([]byte(word.String())) + end)
		word.Reset()
		space = longestWord
	}
	for _, r := range s {
		if word.Len() > 0 && base64.StdEncoding.EncodedLen(word.Len()+utf8.RuneLen(r)) > space-len(open)-len(end) {
			flush()
		}
		word.WriteRune(r)
	}
	flush()
	return b.String()
}

// plainText reports whether a text can stand in a header as it is.
func plainText(s string) bool {
	for _, r := range s {
		if r < ' ' || r > '~' {
			return false
		}
	}
	return !strings.Contains(s, "=?")
}

// longestIn is the length of the longest word.
func longestIn(s string) int {
	longest := 0
	for word := range strings.SplitSeq(s, " ") {
		longest = max(longest, len(word))
	}
	return longest
}

// plainAddress reports whether it is an address that means the same in a header
// and in an envelope, whoever reads it.
func plainAddress(address string) bool {
	var f models.Faults
	models.CheckEmail(&f, "address", address, true)
	return f.Err() == nil
}

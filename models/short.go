package models

import (
	"crypto/sha256"
	"strconv"
)

// ShortAddress gives an event, for ever, the code of its short address, which is
// the document's id: so that a code is one event's alone also where a store is
// sharded.
type ShortAddress struct {
	Document
	Event string `json:"event"`
}

// shortLetters are told apart on a poster in the rain, and make no words: no
// vowels, and of those that look alike (0 o, 1 l i, 2 z, 5 s, 6 b, 8, 9 g q, u v)
// one at most.
const shortLetters = "23456789cdfhjkmnprtvwx"

// ShortLength is how many letters a code has: five million codes.
const ShortLength = 5

// ShortCode is the code that an event tries first, and then, when it is another's,
// the next ones. It follows from the event's id, so that whoever was cut off finds
// again what it has taken.
func ShortCode(event string, attempt int) string {
	sum := sha256.Sum256([]byte(event + " " + strconv.Itoa(attempt)))
	code := make([]byte, ShortLength)
	for i := range code {
		code[i] = shortLetters[int(sum[i])%len(shortLetters)]
	}
	return string(code)
}

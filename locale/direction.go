package locale

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/bidi"
)

// The two directions of writing, as HTML's dir attribute has them.
const (
	LeftToRight = "ltr"
	RightToLeft = "rtl"
)

// Direction is how a language is written; left to right when it is not known.
func Direction(tag string) string {
	script, _ := language.Make(tag).Script()
	// Dari is Persian as it is spoken in Afghanistan, of which x/text knows no script.
	if tag == "prs" || slices.Contains([]string{"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"}, script.String()) {
		return RightToLeft
	}
	return LeftToRight
}

// A first strong isolate and what ends it (UAX 9 §2.4).
const (
	isolate = "\u2068"
	pop     = "\u2069"
)

// Isolate sets a text that somebody wrote apart from the sentence it stands in,
// where that is written the other way: else the sentence's own words and marks
// would be drawn into the text, and the figures of a telephone number turned
// round. Texts of the sentence's own direction are returned as they are.
func (p *Printer) Isolate(s string) string {
	if !p.foreign(s) {
		return s
	}
	return isolate + s + pop
}

// foreign reports whether a text is written in the other direction. Between words
// that run to the left, groups of figures do too, one after the other: a telephone
// number or a date does not hold together by itself, an hour or a price does.
func (p *Printer) foreign(s string) bool {
	for _, r := range s {
		if r < 0x590 && p.direction == LeftToRight {
			continue // no script below it is written to the left
		}
		letter, _ := bidi.LookupRune(r)
		switch letter.Class() {
		case bidi.FSI:
			return false // apart already
		case bidi.L:
			return p.direction == RightToLeft
		case bidi.R, bidi.AL:
			return p.direction == LeftToRight
		}
	}
	return p.direction == RightToLeft && strings.ContainsAny(s, " -+/")
}

// Plain is a text without what Isolate puts around things, for a line that
// programs show and search and that is no sentence: a subject, the name of a
// calendar.
func Plain(s string) string { return strings.NewReplacer(isolate, "", pop, "").Replace(s) }

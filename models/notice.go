package models

import (
	"maps"
	"slices"
	"time"
)

// MaxNotice is the longest notice that is taken, in characters: two sentences, on
// a telephone too.
const MaxNotice = 300

// Notice is what the central office says on every page for a while. The zero value
// says nothing.
type Notice struct {
	Texts map[string]string `json:"texts,omitempty"` // plain, by language tag
	Until time.Time         `json:"until,omitzero"`
}

// Stands reports whether it is to be shown at a time.
func (n Notice) Stands(at time.Time) bool { return len(n.Texts) > 0 && at.Before(n.Until) }

// Same reports whether two notices say the same.
func (n Notice) Same(other Notice) bool {
	return n.Until.Equal(other.Until) && maps.Equal(n.Texts, other.Texts)
}

// In is the text in a language and the language that it is in: the fallback, then
// any, when there is none.
func (n Notice) In(language, fallback string) (text, in string) {
	return inOne(n.Texts, language, fallback)
}

// inOne is the text in a language, in the fallback, or in whichever there is.
func inOne(texts map[string]string, language, fallback string) (text, in string) {
	for _, tag := range append([]string{language, fallback}, slices.Sorted(maps.Keys(texts))...) {
		if texts[tag] != "" {
			return texts[tag], tag
		}
	}
	return "", ""
}

// Validate returns the wrong fields.
func (n Notice) Validate() error {
	var f Faults
	for _, tag := range slices.Sorted(maps.Keys(n.Texts)) {
		CheckLine(&f, "text."+tag, n.Texts[tag], false, MaxNotice)
	}
	if len(n.Texts) > 0 && n.Until.IsZero() {
		f.Add("until", "required")
	}
	return f.Err()
}

package planner

import (
	"iter"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"samling/models"
)

// Filter chooses events: the values of one field are "or", the fields are
// "and". The zero value chooses all that the public may see.
type Filter struct {
	Kinds                           []models.Kind
	Associations, Groups, Districts []string // slugs
	// Facts must all hold; it is in one of Spoken, or interpreted into it.
	Facts  []models.Fact
	Spoken []string // language tags
	// From and To choose events that are not over at From and have begun before
	// To; zero: open.
	From, To time.Time
	// Words must all be found, each anywhere.
	Words string
	// For chooses what an organiser may edit, drafts and members' events
	// included, instead of what the public may see.
	For *models.Organiser
	// Pass chooses what a members' link opens instead; nil: the public.
	Pass *models.Pass
}

// Choices is how many kinds, associations, groups and districts a filter names.
func (f *Filter) Choices() int {
	return len(f.Kinds) + len(f.Associations) + len(f.Groups) + len(f.Districts)
}

// Check returns ErrNotFound when a value names nothing that there is. It stops at
// the first: who sends thousands gets no thousand look-ups.
func (c *Catalogue) Check(f Filter) error {
	for _, k := range f.Kinds {
		if !k.Known() {
			return models.ErrNotFound
		}
	}
	for _, slug := range f.Associations {
		if _, err := c.Association(slug); err != nil {
			return err
		}
	}
	for _, slug := range f.Groups {
		if _, err := c.Group(slug); err != nil {
			return err
		}
	}
	for _, slug := range f.Districts {
		if _, err := c.District(slug); err != nil {
			return err
		}
	}
	for _, fact := range f.Facts {
		if !slices.Contains(models.FactChoices(), fact) {
			return models.ErrNotFound
		}
	}
	return nil
}

// Select are the events that a filter chooses, in the order of their start.
func (c *Catalogue) Select(f Filter) []*Listed {
	words := c.needles(f.Words)
	var out []*Listed
	for _, l := range c.Events {
		if !f.To.IsZero() && !l.Starts.Before(f.To) {
			break // in the order of their start
		}
		if f.takes(l) && c.has(l, words) {
			out = append(out, l)
		}
	}
	return out
}

// Ahead are the events that a filter chooses which are not over at a time, in the
// order of their start.
func (c *Catalogue) Ahead(f Filter, at time.Time) iter.Seq[*Listed] {
	words := c.needles(f.Words)
	return func(yield func(*Listed) bool) {
		for _, l := range c.Events[c.startedBy(at.Add(-c.extremes.longest)):] {
			if l.Ends.After(at) && f.takes(l) && c.has(l, words) && !yield(l) {
				return
			}
		}
	}
}

// Over are the events that a filter chooses which are over at a time but were not
// at another, those that began latest first.
func (c *Catalogue) Over(f Filter, at, since time.Time) iter.Seq[*Listed] {
	words := c.needles(f.Words)
	f.From = since
	return func(yield func(*Listed) bool) {
		first := c.startedBy(since.Add(-c.extremes.longest))
		for i := c.startedBy(at.Add(time.Nanosecond)) - 1; i >= first; i-- {
			if l := c.Events[i]; !l.Ends.After(at) && f.takes(l) && c.has(l, words) && !yield(l) {
				return
			}
		}
	}
}

// startedBy is how many events begin before a time.
func (c *Catalogue) startedBy(at time.Time) int {
	i, _ := slices.BinarySearchFunc(c.Events, at, func(l *Listed, at time.Time) int { return l.Starts.Compare(at) })
	return i
}

func (f *Filter) takes(l *Listed) bool { return f.misses(l) == 0 }

// field is one field of a filter, or several of them.
type field uint8

const (
	byKind field = 1 << iota
	byAssociation
	byGroup
	byDistrict
	bySpoken
	byElse // what nobody chooses instead of it
)

// misses are the fields that keep an event out.
func (f *Filter) misses(l *Listed) field {
	switch {
	case f.For != nil && !f.For.MayEdit(l.Event),
		f.For == nil && !f.Pass.MaySee(l.Event),
		!f.From.IsZero() && !l.Ends.After(f.From),
		slices.ContainsFunc(f.Facts, func(fact models.Fact) bool { return !l.Holds(fact) }):
		return byElse
	}
	var missed field
	if len(f.Kinds) > 0 && !slices.Contains(f.Kinds, l.Kind) {
		missed |= byKind
	}
	if len(f.Districts) > 0 && !slices.Contains(f.Districts, l.District) {
		missed |= byDistrict
	}
	if len(f.Associations) > 0 && !l.hostedBy(f.Associations) {
		missed |= byAssociation
	}
	if len(f.Groups) > 0 && !l.hostedBy(f.Groups) && !overlaps(l.Groups, f.Groups) {
		missed |= byGroup
	}
	if len(f.Spoken) > 0 && !overlaps(l.languages(), f.Spoken) {
		missed |= bySpoken
	}
	return missed
}

// has reports whether all words are found.
func (c *Catalogue) has(l *Listed, words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(c.words(l), w) })
}

// languages are those in which one can follow what is said.
func (l *Listed) languages() []string {
	return append(l.Spoken[:len(l.Spoken):len(l.Spoken)], l.Interpreted...)
}

func (l *Listed) hostedBy(slugs []string) bool {
	return slices.Contains(slugs, l.Host) || overlaps(l.CoHosts, slugs)
}

func overlaps(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// needles are the words of a search, as has looks for them.
func (c *Catalogue) needles(words string) []string { return strings.Fields(fold(words)) }

// haystack is what a text is searched in: once with the Swedish letters, once
// without. So who types åker does not find aker, while malmo finds Malmö, as
// those type whose keyboard has no ö.
func haystack(text string) string {
	folded := fold(text)
	if plain := bare.Replace(folded); plain != folded {
		return folded + "\n" + plain
	}
	return folded
}

var bare = strings.NewReplacer("å", "a", "ä", "a", "ö", "o")

// fold makes texts comparable as Swedes expect: case and accents do not matter,
// but å, ä and ö are letters of their own.
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFC.String(strings.ToLower(s)) {
		if r < unicode.MaxASCII || r == 'å' || r == 'ä' || r == 'ö' {
			b.WriteRune(r)
			continue
		}
		for _, part := range norm.NFD.String(string(r)) {
			if !unicode.Is(unicode.Mn, part) {
				b.WriteRune(part)
			}
		}
	}
	return b.String()
}

package planner

import (
	"slices"
	"time"

	"samling/models"
)

// Counts are how many events a filter would choose, by each value that somebody
// might choose next: beside the values that she has chosen already for the fields
// whose values are "or", on top of them for facts.
type Counts struct {
	All                                     int
	Kinds                                   map[models.Kind]int
	Associations, Groups, Districts, Spoken map[string]int
	Facts                                   map[models.Fact]int
}

// Count counts what is ahead at a time and begins before the filter's To, in one
// round: an event that only one field keeps out is what that field's other values
// would bring.
func (c *Catalogue) Count(f Filter, at time.Time) Counts {
	n := Counts{
		Kinds: map[models.Kind]int{}, Facts: map[models.Fact]int{},
		Associations: map[string]int{}, Groups: map[string]int{}, Districts: map[string]int{}, Spoken: map[string]int{},
	}
	f.From = at
	words := c.needles(f.Words)
	for _, l := range c.Events[c.startedBy(at.Add(-c.extremes.longest)):] {
		if !f.To.IsZero() && !l.Starts.Before(f.To) {
			break
		}
		missed := f.misses(l)
		if missed == byElse || !c.has(l, words) {
			continue
		}
		n.add(l, missed)
	}
	return n
}

// add counts an event that is kept out by one field; 0: by none.
func (n *Counts) add(l *Listed, missed field) {
	in := func(field field) bool { return missed == 0 || missed == field }
	each := func(counts map[string]int, slugs []string) {
		for i, slug := range slugs {
			if !slices.Contains(slugs[:i], slug) {
				counts[slug]++
			}
		}
	}
	if missed == 0 {
		n.All++
		for _, fact := range models.FactChoices() {
			if l.Holds(fact) {
				n.Facts[fact]++
			}
		}
	}
	if in(byKind) {
		n.Kinds[l.Kind]++
	}
	if in(byDistrict) {
		n.Districts[l.District]++
	}
	if in(byAssociation) {
		each(n.Associations, l.Hosts())
	}
	if in(byGroup) {
		each(n.Groups, append(l.Hosts(), l.Groups...))
	}
	if in(bySpoken) {
		each(n.Spoken, l.languages())
	}
}

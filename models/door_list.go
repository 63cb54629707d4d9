package models

import (
	"strconv"
	"strings"
	"unicode"
)

// DoorRow is what a phone at the door shows of one sign-up: enough to find somebody
// who says her name, and nothing that she wrote.
type DoorRow struct {
	RSVP  string
	Name  string // as DoorNames has it; empty: erased, or not for whoever keeps the door
	Party int
	Needs bool // she asked something of the hosts
	// Expected: she has a seat. Others wait for one, or had one.
	Expected bool
}

// DoorCounts is what has been ticked off.
type DoorCounts struct {
	Here    map[string]int // by RSVP; without those of whom nobody is here
	WalkIns int
}

// DoorNames are names as they are said at a door: the first name and as much of the
// last one as tells its owner from the others, one letter at least. Whoever cannot
// be told apart so is numbered.
func DoorNames(names []string) []string {
	people := make([]doorName, len(names))
	namesakes := map[string][]doorName{} // by the first name
	for i, name := range names {
		people[i] = splitName(name)
		first := strings.ToLower(people[i].first)
		namesakes[first] = append(namesakes[first], people[i])
	}
	said := make([]string, len(names))
	same := map[string]int{}
	for i, p := range people {
		shown := 1
		for _, q := range namesakes[strings.ToLower(p.first)] {
			if !p.is(q) {
				shown = max(shown, p.apart(q))
			}
		}
		said[i] = p.say(shown)
		same[strings.ToLower(said[i])]++
	}
	number := map[string]int{}
	for i, s := range said {
		if key := strings.ToLower(s); s != "" && same[key] > 1 {
			number[key]++
			said[i] = s + " (" + strconv.Itoa(number[key]) + ")"
		}
	}
	return said
}

// doorName is a name in two.
type doorName struct {
	first string
	last  [][]rune // letters of the last word, each with the marks that belong to it
}

func splitName(name string) doorName {
	words := strings.Fields(name)
	if len(words) == 0 {
		return doorName{}
	}
	n := doorName{first: words[0]}
	if len(words) == 1 {
		return n
	}
	for _, r := range words[len(words)-1] {
		if unicode.Is(unicode.M, r) && len(n.last) > 0 {
			n.last[len(n.last)-1] = append(n.last[len(n.last)-1], r)
			continue
		}
		n.last = append(n.last, []rune{r})
	}
	return n
}

// is reports whether a namesake has the same last name.
func (n doorName) is(m doorName) bool {
	return strings.EqualFold(n.letters(len(n.last)), m.letters(len(m.last)))
}

// apart is how many letters of the last name tell n from a namesake.
func (n doorName) apart(m doorName) int {
	i := 0
	for i < len(n.last) && i < len(m.last) && strings.EqualFold(string(n.last[i]), string(m.last[i])) {
		i++
	}
	return min(i+1, len(n.last))
}

func (n doorName) letters(most int) string {
	var b strings.Builder
	for _, letter := range n.last[:min(most, len(n.last))] {
		b.WriteString(string(letter))
	}
	return b.String()
}

func (n doorName) say(shown int) string {
	switch {
	case len(n.last) == 0:
		return n.first
	case shown >= len(n.last) && len(n.last) > 1:
		return n.first + " " + n.letters(shown)
	}
	return n.first + " " + n.letters(shown) + "."
}

// Turnout is how many have come, as one number at the door.
type Turnout struct {
	Here, Expected int // people, walk-ins not among them
	WalkIns        int
	// Left are the seats that nobody has or is expected on; negative when there are
	// more people than seats. It means nothing unless Limited.
	Left    int
	Limited bool
}

// TurnoutOf adds up what a door shows. A party that brings somebody along takes a
// seat more than it signed up for. capacity 0: no limit.
func TurnoutOf(rows []DoorRow, counts DoorCounts, capacity int) Turnout {
	t := Turnout{WalkIns: counts.WalkIns, Limited: capacity > 0}
	taken := counts.WalkIns
	for _, r := range rows {
		here := counts.Here[r.RSVP]
		t.Here += here
		if taken += here; r.Expected {
			t.Expected += r.Party
			taken += max(0, r.Party-here)
		}
	}
	t.Left = capacity - taken
	return t
}

package models

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

func TestFollow_Lose(t *testing.T) {
	missing := func(n int) []Lost {
		var out []Lost
		for i := range n {
			out = append(out, Lost{Event: fmt.Sprint(i), Why: GoneMissing})
		}
		return out
	}
	one := missing(1)
	type round struct {
		after time.Duration
		lost  []Lost
		of    int
		want  []string
	}
	const hour = time.Hour
	for name, c := range map[string]struct {
		rounds  []round
		waiting int
	}{
		"missing once":                    {[]round{{0, one, 10, nil}}, 0},
		"missing for six hours":           {[]round{{0, one, 10, nil}, {6 * hour, one, 10, []string{"0"}}}, 0},
		"not quite":                       {[]round{{0, one, 10, nil}, {6*hour - 1, one, 10, nil}}, 0},
		"back between":                    {[]round{{0, one, 10, nil}, {hour, nil, 10, nil}, {6 * hour, one, 10, nil}}, 0},
		"repeated, if it was not done":    {[]round{{0, one, 10, nil}, {6 * hour, one, 10, []string{"0"}}, {7 * hour, one, 10, []string{"0"}}}, 0},
		"cancelled there":                 {[]round{{0, []Lost{{"0", GoneCancelled, false}}, 10, []string{"0"}}}, 0},
		"cancelled there, people coming":  {[]round{{0, []Lost{{"0", GoneCancelled, true}}, 10, nil}}, 1},
		"missing, and then cancelled":     {[]round{{0, one, 10, nil}, {hour, []Lost{{"0", GoneCancelled, false}}, 10, []string{"0"}}}, 0},
		"missing, people coming":          {[]round{{0, []Lost{{"0", GoneMissing, true}}, 10, nil}, {6 * hour, []Lost{{"0", GoneMissing, true}}, 10, nil}}, 1},
		"private now":                     {[]round{{0, []Lost{{"0", GonePrivate, false}}, 10, nil}}, 1},
		"a fifth":                         {[]round{{0, missing(2), 10, nil}, {6 * hour, missing(2), 10, []string{"0", "1"}}}, 0},
		"more than a fifth":               {[]round{{0, missing(3), 10, nil}, {6 * hour, missing(3), 10, nil}}, 3},
		"more than a fifth, by and by":    {[]round{{0, missing(1), 10, nil}, {5 * hour, missing(3), 10, nil}, {6 * hour, missing(3), 10, nil}}, 1},
		"the whole calendar":              {[]round{{0, missing(1), 1, nil}, {6 * hour, missing(1), 1, nil}}, 1},
		"waiting, and then back":          {[]round{{0, missing(3), 10, nil}, {6 * hour, missing(3), 10, nil}, {7 * hour, nil, 10, nil}}, 0},
		"waiting goes on when fewer wait": {[]round{{0, missing(3), 10, nil}, {6 * hour, missing(3), 10, nil}, {7 * hour, missing(1), 10, nil}}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			var f Follow
			for i, r := range c.rounds {
				if got := f.Lose(r.lost, r.of, noon.Add(r.after)); !slices.Equal(got, r.want) {
					t.Errorf("round %d: cancels %v, want %v", i+1, got, r.want)
				}
			}
			if got := len(f.Waiting()); got != c.waiting {
				t.Errorf("%d wait, want %d: %+v", got, c.waiting, f.Gone)
			}
		})
	}
}

func TestFollow_Say(t *testing.T) {
	lost := []Lost{{"a", GonePrivate, false}, {"b", GonePrivate, false}, {"c", GoneMissing, false}}
	var f Follow
	f.Lose(lost, 20, noon)
	f.Say([]string{"a", "c", "x"}, true)
	f.Say([]string{"b"}, false)
	if got := fmt.Sprint(f.Gone); got != fmt.Sprint([]Gone{{"a", noon, GonePrivate, WordKeep}, {"c", noon, GoneMissing, ""}}) {
		t.Errorf("got %s", got)
	}
	// What she keeps she is not asked again about, and it does not count towards
	// a fifth of what is left.
	cancel := f.Lose([]Lost{{"a", GonePrivate, true}, {"c", GoneMissing, false}}, 5, noon.Add(6*time.Hour))
	if len(f.Waiting()) > 0 || !slices.Equal(cancel, []string{"c"}) {
		t.Errorf("cancels %v, waiting %v", cancel, f.Waiting())
	}
}

package models

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// changedBy is the line for a change of an event by somebody.
func changedBy(e *Event, at time.Time, organiser string, change func(*Event)) Change {
	after := *e
	change(&after)
	after = after.Revised(e, at)
	c := after.ChangeOf(e, organiser)
	*e = after
	return c
}

func said(c Change) string {
	var out []string
	for _, d := range c.Fields {
		out = append(out, fmt.Sprintf("%s: %s > %s", d.Field, d.From, d.To))
	}
	return strings.Join(out, "\n")
}

func TestChangeOf_SaysWhichFields(t *testing.T) {
	hall := townHall()
	hall.Status = Published
	for _, tc := range []struct {
		name   string
		change func(*Event)
		want   string
	}{
		{"a text", func(e *Event) { e.Title = "Rådslag" }, "title: " + hall.Title + " > Rådslag"},
		{"within", func(e *Event) { e.Place.Name = "Biblioteket" }, "place.name: " + hall.Place.Name + " > Biblioteket"},
		{"a time", func(e *Event) { e.Starts = e.Starts.Add(-time.Hour) }, "starts: " + hall.Starts.Format(time.RFC3339) + " > " + hall.Starts.Add(-time.Hour).Format(time.RFC3339)},
		{"what nobody had said", func(e *Event) { e.Food = new(false) }, "food:  > false"},
		{"a list", func(e *Event) { e.CoHosts = []string{"videdal", "almgarden"} }, "co_hosts:  > videdal, almgarden"},
		{"a programme", func(e *Event) { e.Programme = []Item{{Title: "Tal"}} }, "programme.0.title:  > Tal"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := hall
			c := changedBy(&e, noon, "o", tc.change)
			if said(c) != tc.want || c.Deed != DeedChange || c.Organiser != "o" || !c.At.Equal(e.Updated) {
				t.Errorf("%s by %s at %s:\n%s\nwant\n%s", c.Deed, c.Organiser, c.At, said(c), tc.want)
			}
		})
	}
}

func TestChangeOf_Deeds(t *testing.T) {
	e := townHall()
	e.Status = Draft
	if c := e.ChangeOf(nil, "o"); c.Deed != DeedCreate || len(c.Fields) > 0 {
		t.Errorf("new: %+v", c)
	}
	for _, step := range []struct {
		to   Status
		want Deed
	}{{Published, DeedPublish}, {Postponed, DeedPostpone}, {Published, DeedPublish}, {Cancelled, DeedCancel}} {
		if c := changedBy(&e, noon, "o", func(e *Event) { e.Status = step.to }); c.Deed != step.want {
			t.Errorf("to %s it is %q", step.to, c.Deed)
		}
	}
}

// A long text shows where it was changed, and no more than fits.
func TestChangeOf_CutsLongTexts(t *testing.T) {
	e := townHall()
	e.Description = strings.Repeat("å", 5000)
	c := changedBy(&e, noon, "o", func(e *Event) { e.Description += "nytt" })
	if len(c.Fields) != 1 || !strings.HasSuffix(c.Fields[0].To, "ånytt") || !strings.HasPrefix(c.Fields[0].To, "…") {
		t.Fatalf("%+v", c.Fields)
	}
	c = changedBy(&e, noon, "o", func(e *Event) {
		e.Description = strings.Repeat("ö", 5000)
		for i := range 100 {
			e.Programme = append(e.Programme, Item{Title: fmt.Sprint(i), Speaker: "N.N."})
		}
	})
	longest := 0
	for _, d := range c.Fields {
		longest = max(longest, len([]rune(d.From)), len([]rune(d.To)))
	}
	if len(c.Fields) != mostDifferences || longest > longestDifference+2 {
		t.Errorf("%d fields, the longest of %d", len(c.Fields), longest)
	}
}

// What a writer changes in her draft within an hour is one line, however often the
// draft kept itself.
func TestChange_DraftsAreJoined(t *testing.T) {
	e := townHall()
	e.Status = Draft
	e.Title = "A"
	first := changedBy(&e, noon, "o", func(e *Event) { e.Title = "AB" })
	second := changedBy(&e, noon.Add(time.Minute), "o", func(e *Event) { e.Title, e.Rain = "ABC", "Inne" })
	third := changedBy(&e, noon.Add(2*time.Minute), "o", func(e *Event) { e.Rain = "" })
	other := changedBy(&e, noon.Add(3*time.Minute), "another", func(e *Event) { e.Title = "X" })
	later := changedBy(&e, noon.Add(2*time.Hour), "o", func(e *Event) { e.Title = "Y" })
	if first.Line() != second.Line() || second.Line() != third.Line() {
		t.Error("one writer's changes of an hour are several lines")
	}
	if lines := []string{first.Line(), other.Line(), later.Line()}; len(slices.Compact(slices.Sorted(slices.Values(lines)))) != 3 {
		t.Errorf("another writer's, or a later one's, are in the same line: %q", lines)
	}
	all := first.Joined(second).Joined(third)
	if want := "title: A > ABC"; said(all) != want {
		t.Errorf("joined:\n%s\nwant\n%s", said(all), want)
	}
	// A crash may have written any of them before.
	if again := all.Joined(second).Joined(third); said(again) != said(all) {
		t.Errorf("joined again:\n%s", said(again))
	}
	if said(first) != "title: A > AB" {
		t.Error("joining has changed the line that it began with")
	}
}

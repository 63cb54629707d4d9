package models

import (
	"slices"
	"testing"
	"time"
)

func TestDoorNames(t *testing.T) {
	for name, c := range map[string]struct{ names, want []string }{
		"first name and initial":       {[]string{"Anna Svensson", "Bo Ek"}, []string{"Anna S.", "Bo E."}},
		"a first name alone":           {[]string{"Anna"}, []string{"Anna"}},
		"names in the middle":          {[]string{"Anna Maria von Ek"}, []string{"Anna E."}},
		"as many letters as it takes":  {[]string{"Anna Svensson", "Anna Svärd", "Anna Ek"}, []string{"Anna Sve.", "Anna Svä.", "Anna E."}},
		"a name within another":        {[]string{"Anna Ek", "Anna Ekberg"}, []string{"Anna Ek", "Anna Ekb."}},
		"with and without a last name": {[]string{"Anna", "Anna Ek"}, []string{"Anna", "Anna E."}},
		"the same name":                {[]string{"Anna Ek", "Bo Ek", "anna ek"}, []string{"Anna E. (1)", "Bo E.", "anna e. (2)"}},
		"small letters":                {[]string{"anna svensson", "ANNA SVÄRD"}, []string{"anna sve.", "ANNA SVÄ."}},
		"marks of their own":           {[]string{"Anna A\u030aberg"}, []string{"Anna A\u030a."}},
		"one letter":                   {[]string{"Anna E"}, []string{"Anna E."}},
		"nobody's names":               {[]string{"", ""}, []string{"", ""}},
		"space about":                  {[]string{"  Anna \t Ek "}, []string{"Anna E."}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := DoorNames(c.names); !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestTurnoutOf(t *testing.T) {
	rows := []DoorRow{
		{RSVP: "a", Party: 2, Expected: true}, {RSVP: "b", Party: 3, Expected: true}, {RSVP: "waits", Party: 1},
	}
	here := func(walkIns int, of map[string]int) DoorCounts { return DoorCounts{Here: of, WalkIns: walkIns} }
	for name, c := range map[string]struct {
		counts   DoorCounts
		capacity int
		want     Turnout
	}{
		"nobody yet":               {here(0, nil), 10, Turnout{Expected: 5, Left: 5, Limited: true}},
		"part of a party":          {here(0, map[string]int{"b": 1}), 10, Turnout{Here: 1, Expected: 5, Left: 5, Limited: true}},
		"more than the party":      {here(0, map[string]int{"a": 4}), 10, Turnout{Here: 4, Expected: 5, Left: 3, Limited: true}},
		"who waited came in":       {here(0, map[string]int{"waits": 1}), 10, Turnout{Here: 1, Expected: 5, Left: 4, Limited: true}},
		"walk-ins":                 {here(2, nil), 10, Turnout{Expected: 5, WalkIns: 2, Left: 3, Limited: true}},
		"more people than seats":   {here(7, nil), 10, Turnout{Expected: 5, WalkIns: 7, Left: -2, Limited: true}},
		"as many as there may be":  {here(7, nil), 0, Turnout{Expected: 5, WalkIns: 7, Left: -12}},
		"somebody who is not here": {here(0, map[string]int{"z": 9}), 10, Turnout{Expected: 5, Left: 5, Limited: true}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := TurnoutOf(rows, c.counts, c.capacity); got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

var evening = time.Date(2026, 3, 3, 18, 0, 0, 0, time.UTC)

func TestDoor_Try(t *testing.T) {
	var d Door
	now := evening
	for range DoorTries {
		if err := d.Try(false, now); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Minute)
	}
	err := d.Try(true, now)
	if CodeOf(err) != CodeTooMany || err.(*Error).With["Wait"] != 55*time.Minute {
		t.Errorf("the sixth, though right: %v %v", err, err.(*Error).With)
	}
	now = evening.Add(time.Hour)
	if err := d.Try(true, now); err != nil {
		t.Errorf("an hour after the first: %v", err)
	}
	if err := d.Try(false, now); err != nil {
		t.Errorf("once more: %v", err)
	}
	if err := d.Try(false, now); CodeOf(err) != CodeTooMany {
		t.Errorf("and once too often: %v", err)
	}
}

func TestDoor_TryForWeeks(t *testing.T) {
	var d Door
	now, tried := evening, 0
	for d.Try(false, now) == nil {
		tried++
		now = now.Add(time.Hour)
	}
	if tried != DoorGuesses {
		t.Errorf("%d codes were tried, want %d", tried, DoorGuesses)
	}
	if err := d.Try(true, now.Add(24*time.Hour)); CodeOf(err) != CodeClosed {
		t.Errorf("the right one then: %v", err)
	}
	d.Renew(&Organiser{}, now)
	if err := d.Try(true, now); err != nil {
		t.Errorf("a new link: %v", err)
	}
}

func TestDoor_Phones(t *testing.T) {
	var d Door
	d.Renew(&Organiser{}, evening)
	for i := range DoorPhones {
		if err := d.Admit(string(rune('a'+i)), nil, evening); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Admit("g", nil, evening); CodeOf(err) != CodeNotPossible {
		t.Errorf("the seventh: %v", err)
	}
	d.ClosePhone(2, evening)
	if d.Phone("b") != nil || d.Phone("a") == nil {
		t.Error("closed another phone, or none")
	}
	if err := d.Admit("g", nil, evening); err != nil || d.Phone("g").Number != 7 {
		t.Errorf("in its place: %v %+v", err, d.Phone("g"))
	}
	before := d.Purpose()
	d.Renew(&Organiser{}, evening)
	if len(d.Open()) > 0 || d.Purpose() == before {
		t.Errorf("renewed within the same moment: %+v", d)
	}
}

// In whatever order presses come, and however often each: the last by its own time
// stands.
func TestRSVP_Press(t *testing.T) {
	at := func(id string, minute, count int) Press {
		return Press{ID: id, Count: count, At: evening.Add(time.Duration(minute) * time.Minute)}
	}
	for name, c := range map[string]struct {
		presses []Press
		want    int
	}{
		"one":                           {[]Press{at("a", 1, 2)}, 2},
		"sent again":                    {[]Press{at("a", 1, 2), at("a", 1, 2)}, 2},
		"another door later":            {[]Press{at("a", 1, 2), at("b", 2, 3)}, 3},
		"another door earlier":          {[]Press{at("b", 2, 3), at("a", 1, 2)}, 3},
		"fewer, later":                  {[]Press{at("a", 1, 2), at("b", 2, 1)}, 1},
		"taken back":                    {[]Press{at("a", 1, 2), at("b", 2, 0)}, 0},
		"taken back, the first late":    {[]Press{at("b", 2, 0), at("a", 1, 2)}, 0},
		"at once, the larger":           {[]Press{at("a", 1, 1), at("b", 1, 2)}, 2},
		"at once, the larger first":     {[]Press{at("b", 1, 2), at("a", 1, 1)}, 2},
		"again after it was taken back": {[]Press{at("a", 1, 2), at("b", 2, 0), at("a", 1, 2)}, 0},
		// A clock that ran ahead is put back to now, which is later each time.
		"again, though its time has moved": {[]Press{at("a", 1, 2), at("b", 2, 0), at("a", 3, 2)}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var r RSVP
			var w WalkIn
			for _, p := range c.presses {
				r.Press(p)
				w.Press(p)
			}
			if r.Present != c.want || w.Count != c.want {
				t.Errorf("%d present and %d walked in, want %d", r.Present, w.Count, c.want)
			}
		})
	}
	var r RSVP
	for i := range 100 {
		r.Press(at(string(rune('a'+i)), i, 1))
	}
	if len(r.Presses) != pressesKnown {
		t.Errorf("%d presses are remembered", len(r.Presses))
	}
}

func TestPress_Within(t *testing.T) {
	opened, now := evening, evening.Add(time.Hour)
	for name, c := range map[string]struct{ at, want time.Time }{
		"as it was":        {evening.Add(time.Minute), evening.Add(time.Minute)},
		"before it opened": {evening.AddDate(-10, 0, 0), opened},
		"in the future":    {evening.AddDate(10, 0, 0), now},
		"no time at all":   {time.Time{}, opened},
	} {
		t.Run(name, func(t *testing.T) {
			if got := (Press{At: c.at}).Within(opened, now).At; !got.Equal(c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

func TestPress_Validate(t *testing.T) {
	const id = "0197a1b2-0000-7000-8000-000000000001"
	for name, c := range map[string]struct {
		press Press
		ok    bool
	}{
		"a party":            {Press{ID: id, RSVP: id, Count: 2}, true},
		"walk-ins":           {Press{ID: id, WalkIn: id, Count: 60}, true},
		"taken back":         {Press{ID: id, RSVP: id}, true},
		"without an id":      {Press{RSVP: id, Count: 2}, false},
		"of nobody":          {Press{ID: id, Count: 2}, false},
		"a negative party":   {Press{ID: id, RSVP: id, Count: -1}, false},
		"a party of 51":      {Press{ID: id, RSVP: id, Count: 51}, false},
		"a slip of the hand": {Press{ID: id, WalkIn: id, Count: 1000}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if err := c.press.Validate(); (err == nil) != c.ok {
				t.Error(err)
			}
		})
	}
}

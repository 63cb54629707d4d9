package models

import (
	"slices"
	"testing"
	"time"
)

// choir is an event as its own calendar says it, taken over.
func choir() Event {
	e := Event{
		Kind: Other, Host: "husie", Text: Text{Title: "Kören övar", Description: "Alla röster."},
		Starts: noon, Ends: noon.Add(time.Hour), TimeZone: "Europe/Stockholm",
		Place: Place{Name: "Aulan", Latitude: new(55.6), Longitude: new(13.0)}, Source: "kor@example.org",
	}
	e.Take(&e)
	return e
}

func TestEvent_Take(t *testing.T) {
	for name, c := range map[string]struct {
		here, there func(*Event)
		own         []string
		want        func(*Event)
	}{
		"nothing": {func(*Event) {}, func(*Event) {}, nil, func(*Event) {}},
		"changed there": {
			func(*Event) {},
			func(e *Event) { e.Title, e.Starts, e.Place = "Kör", noon.Add(-time.Hour), Place{Name: "Salen"} },
			nil,
			func(e *Event) { e.Title, e.Starts, e.Place = "Kör", noon.Add(-time.Hour), Place{Name: "Salen"} },
		},
		"changed here": {
			func(e *Event) { e.Title, e.Groups = "Öppen kör", []string{"kultur"} },
			func(*Event) {},
			[]string{"title"},
			func(e *Event) { e.Title, e.Groups = "Öppen kör", []string{"kultur"} },
		},
		"the same field on both sides": {
			func(e *Event) { e.Ends = noon.Add(2 * time.Hour) },
			func(e *Event) { e.Starts = noon.Add(-time.Hour) },
			[]string{"starts"},
			func(e *Event) { e.Ends = noon.Add(2 * time.Hour) },
		},
		"other fields on both sides": {
			func(e *Event) { e.Place.Address, e.OnlineURL = "Storgatan 1", "https://meet.example/1" },
			func(e *Event) { e.Description, e.Preliminary, e.DateOnly = "Kom!", true, true },
			[]string{"place", "online_url"},
			func(e *Event) {
				e.Place.Address, e.OnlineURL = "Storgatan 1", "https://meet.example/1"
				e.Description, e.Preliminary, e.DateOnly = "Kom!", true, true
			},
		},
		"a space is no change": {func(*Event) {}, func(e *Event) { e.Title += " " }, nil, func(*Event) {}},
		"the same numbers at other addresses": {
			func(e *Event) { e.Place.Latitude = new(*e.Place.Latitude) }, func(*Event) {}, nil, func(*Event) {},
		},
	} {
		t.Run(name, func(t *testing.T) {
			e, want, there := choir(), choir(), choir()
			c.here(&e)
			c.there(&there)
			e.Take(&there)
			c.want(&want)
			if got := e.Own(); !slices.Equal(got, c.own) {
				t.Errorf("own %v, want %v", got, c.own)
			}
			if e.Taken == nil || len(there.says().changed(e.Taken)) > 0 {
				t.Errorf("does not remember what was said: %+v", e.Taken)
			}
			e.Taken, want.Taken = nil, nil
			if len(e.says().changed(new(want.says()))) > 0 || !slices.Equal(e.Groups, want.Groups) {
				t.Errorf("got %+v, want %+v", e, want)
			}
		})
	}
}

// What was changed back to what the calendar says follows it again.
func TestEvent_TakeFollowsAgain(t *testing.T) {
	e, there := choir(), choir()
	e.Title = "Öppen kör"
	there.Title = "Kör"
	e.Take(&there)
	if e.Title != "Öppen kör" {
		t.Fatal(e.Title)
	}
	e.Title = "Kör"
	there.Title = "Kören"
	e.Take(&there)
	if e.Title != "Kören" || e.Own() != nil {
		t.Errorf("%q, own %v", e.Title, e.Own())
	}
}

func TestEvent_IsTaken(t *testing.T) {
	e, other := choir(), choir()
	if !e.IsTaken(&other) {
		t.Error("the same is not taken")
	}
	other.Source = "annan@example.org"
	moved := choir()
	moved.Starts = noon.Add(time.Hour)
	if e.IsTaken(&other) || e.IsTaken(&moved) || (&Event{}).IsTaken(&e) {
		t.Error("another is taken")
	}
}

// Where an event comes from nobody sees, so nobody is told that it has changed.
func TestEvent_RevisedByItsCalendarAlone(t *testing.T) {
	old := choir()
	old.Updated, old.Changed = noon, noon
	e := old
	e.Follow, e.Source, e.Taken = "k", "annan@example.org", nil
	got := e.Revised(&old, noon.Add(time.Hour))
	if !got.Updated.After(noon) || !got.Changed.Equal(noon) || got.Follow != "k" || got.Source != "annan@example.org" {
		t.Errorf("got %+v", got)
	}
}

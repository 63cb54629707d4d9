package models

import (
	"testing"
	"time"
)

func TestEvent_Moves(t *testing.T) {
	hall := townHall()
	hall.Updated, hall.Place = noon, Place{Name: "Folkets hus", Address: "Storgatan 1"}
	day := hall
	day.DateOnly, day.Starts, day.Ends = true, midnightIn(&day, 4), midnightIn(&day, 6)
	online := hall
	online.Place, online.OnlineURL = Place{}, "https://meet.example/x"
	for name, c := range map[string]struct {
		from        Event
		how         func(*Event)
		time, place bool
	}{
		"nothing":                      {hall, func(*Event) {}, false, false},
		"the title":                    {hall, func(e *Event) { e.Title = "Möte" }, false, false},
		"later":                        {hall, func(e *Event) { e.Starts, e.Ends = e.Starts.Add(time.Hour), e.Ends.Add(time.Hour) }, true, false},
		"longer":                       {hall, func(e *Event) { e.Ends = e.Ends.Add(time.Hour) }, true, false},
		"the same in another zone":     {hall, func(e *Event) { e.TimeZone = "Europe/Oslo" }, false, false},
		"no hours any more":            {hall, func(e *Event) { e.DateOnly, e.Starts, e.Ends = true, midnightIn(e, 4), midnightIn(e, 5) }, true, false},
		"hours on the day":             {day, func(e *Event) { e.DateOnly, e.Starts, e.Ends = false, hall.Starts, hall.Ends }, false, false},
		"hours on another day":         {day, func(e *Event) { e.DateOnly, e.Starts, e.Ends = false, midnightIn(e, 7), midnightIn(e, 8) }, true, false},
		"another place":                {hall, func(e *Event) { e.Place = Place{Name: "Biblioteket"} }, false, true},
		"another house":                {hall, func(e *Event) { e.Place.Address = "Storgatan 2" }, false, true},
		"without its address":          {hall, func(e *Event) { e.Place.Address = "" }, false, false},
		"in capitals":                  {hall, func(e *Event) { e.Place.Name = "Folkets Hus" }, false, false},
		"its coordinates":              {hall, func(e *Event) { e.Place.Latitude, e.Place.Longitude = a(55.6), a(13.0) }, false, false},
		"no place any more":            {hall, func(e *Event) { e.Place = Place{} }, false, true},
		"online instead":               {hall, func(e *Event) { e.Place, e.OnlineURL = Place{}, "https://meet.example/x" }, false, true},
		"online too":                   {hall, func(e *Event) { e.OnlineURL = "https://meet.example/x" }, false, false},
		"a place instead of online":    {online, func(e *Event) { e.Place, e.OnlineURL = hall.Place, "" }, false, true},
		"a place too":                  {online, func(e *Event) { e.Place = hall.Place }, false, false},
		"a place where none was known": {townHall(), func(e *Event) { e.Place = hall.Place }, false, false},
		"both":                         {hall, func(e *Event) { e.Starts = e.Starts.Add(-time.Hour); e.Place = Place{Name: "Biblioteket"} }, true, true},
		"a draft":                      {draft(hall), func(e *Event) { e.Starts = e.Starts.Add(-time.Hour); e.Place = Place{} }, false, false},
		"published with another time":  {draft(hall), func(e *Event) { e.Status = Published; e.Starts = e.Starts.Add(-time.Hour) }, false, false},
		"cancelled with another time":  {hall, func(e *Event) { e.Status = Cancelled; e.Starts = e.Starts.Add(-time.Hour) }, false, false},
		"what cannot be set":           {hall, func(e *Event) { e.Title = "x"; e.Moved = Moved{TimeAt: noon, PlaceAt: noon} }, false, false},
	} {
		e := c.from
		c.how(&e)
		e = e.Revised(&c.from, noon.Add(time.Hour))
		want := Moved{}
		if c.time {
			want.TimeAt, want.Starts, want.Ends, want.DateOnly = e.Updated, c.from.Starts, c.from.Ends, c.from.DateOnly
		}
		if c.place {
			want.PlaceAt, want.Place = e.Updated, c.from.Place.Line()
		}
		if e.Moved != want {
			t.Errorf("%s: got %+v, want %+v", name, e.Moved, want)
		}
	}
	over := hall
	over.Starts = over.Starts.Add(time.Minute)
	if e := over.Revised(&hall, hall.Ends.Add(time.Hour)); e.Moved != (Moved{}) {
		t.Errorf("what is over has moved: %+v", e.Moved)
	}
}

func draft(e Event) Event { e.Status = Draft; return e }

// What changed stands while another change is made, each with its own time.
func TestEvent_MovesTwice(t *testing.T) {
	first := townHall()
	first.Place = Place{Name: "Folkets hus"}
	second := first
	second.Starts = second.Starts.Add(time.Hour)
	second = second.Revised(&first, noon)
	third := second
	third.Place = Place{Name: "Biblioteket"}
	third = third.Revised(&second, noon.Add(48*time.Hour))
	want := Moved{
		TimeAt: second.Updated, Starts: first.Starts, Ends: first.Ends,
		PlaceAt: third.Updated, Place: "Folkets hus",
	}
	if third.Moved != want {
		t.Errorf("got %+v, want %+v", third.Moved, want)
	}
}

// The clocks go forward on 29 March: the days of a mark are those of a calendar.
func TestEvent_Marks(t *testing.T) {
	zone := Zone("Europe/Stockholm")
	march := func(day int) time.Time { return time.Date(2026, 3, day, 0, 0, 0, 0, zone) }
	moved := time.Date(2026, 3, 25, 22, 59, 0, 0, time.UTC) // a minute before midnight
	e := townHall()
	e.Moved = Moved{TimeAt: moved, PlaceAt: moved.Add(time.Minute)}
	for _, c := range []struct {
		day  time.Time
		want Marks
	}{
		{march(25), Marks{Time: true, Place: true, Until: march(25 + 8)}},
		{march(25 + 7), Marks{Time: true, Place: true, Until: march(25 + 8)}},
		{march(25 + 8), Marks{Place: true, Until: march(25 + 9), Gone: march(25 + 8)}},
		{march(25 + 9), Marks{Gone: march(25 + 9)}},
		{march(25 + 99), Marks{Gone: march(25 + 9)}},
	} {
		if got := e.Marks(c.day); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.day.Format(time.DateOnly), got, c.want)
		}
	}
	for _, status := range []Status{Draft, Postponed, Cancelled} {
		off := e
		off.Status = status
		if got := off.Marks(march(26)); got != (Marks{}) {
			t.Errorf("%s: got %+v", status, got)
		}
	}
	still := townHall()
	if got := still.Marks(march(26)); got != (Marks{}) {
		t.Errorf("without a move: got %+v", got)
	}
}

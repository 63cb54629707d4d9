package models

import (
	"testing"
	"time"
)

func TestEvent_Needs(t *testing.T) {
	now := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	event := func(in time.Duration, change func(*Event)) Event {
		e := Event{Status: Published, Starts: now.Add(in), Ends: now.Add(in + 2*time.Hour), Place: Place{Name: "Aulan"}}
		change(&e)
		return e
	}
	for name, c := range map[string]struct {
		event Event
		want  Need
	}{
		"nothing":                     {event(3*day, func(*Event) {}), ""},
		"postponed":                   {event(90*day, func(e *Event) { e.Status = Postponed }), NeedDate},
		"a draft that is soon":        {event(3*day, func(e *Event) { e.Status = Draft }), NeedPublish},
		"a draft that publishes":      {event(3*day, func(e *Event) { e.Status, e.PublishAt = Draft, now.Add(day) }), ""},
		"a draft that is far":         {event(15*day, func(e *Event) { e.Status = Draft }), ""},
		"a draft that never was":      {event(-3*day, func(e *Event) { e.Status = Draft }), ""},
		"no place":                    {event(3*day, func(e *Event) { e.Place = Place{} }), NeedPlace},
		"no place, but online":        {event(3*day, func(e *Event) { e.Place, e.OnlineURL = Place{}, "https://x" }), ""},
		"a place that is secret":      {event(3*day, func(e *Event) { e.Place, e.SignUp.Protected = Place{}, true }), ""},
		"not settled":                 {event(3*day, func(e *Event) { e.Preliminary = true }), NeedFix},
		"cancelled":                   {event(3*day, func(e *Event) { e.Status, e.Place = Cancelled, Place{} }), ""},
		"over":                        {event(-3*day, func(*Event) {}), NeedCount},
		"over and closed":             {event(-3*day, func(e *Event) { e.Closing.At = now }), ""},
		"over so long that it is let": {event(-91*day, func(*Event) {}), ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.event.Needs(now); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// A day is one on the calendar. The clocks go forward on 29 March 2026.
func TestEvent_Move(t *testing.T) {
	stockholm, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		t.Fatal(err)
	}
	at := func(text string) time.Time {
		at, err := time.ParseInLocation("2006-01-02 15:04", text, stockholm)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	old := Event{
		TimeZone: "Europe/Stockholm", Starts: at("2026-03-27 18:00"), Ends: at("2026-03-27 20:00"), SignUp: SignUpRules{Closes: at("2026-03-26 12:00")},
		Programme: []Item{{Title: "Fika"}, {Title: "Tal", Time: at("2026-03-27 18:30")}},
	}
	for name, c := range map[string]struct {
		days                        int
		beside                      time.Duration
		starts, ends, closes, speak string
	}{
		"a week later":      {7, 0, "2026-04-03 18:00", "2026-04-03 20:00", "2026-04-02 12:00", "2026-04-03 18:30"},
		"half an hour":      {0, 30 * time.Minute, "2026-03-27 18:30", "2026-03-27 20:30", "2026-03-26 12:30", "2026-03-27 19:00"},
		"earlier":           {-1, -time.Hour, "2026-03-26 17:00", "2026-03-26 19:00", "2026-03-25 11:00", "2026-03-26 17:30"},
		"over the new time": {2, 0, "2026-03-29 18:00", "2026-03-29 20:00", "2026-03-28 12:00", "2026-03-29 18:30"},
	} {
		t.Run(name, func(t *testing.T) {
			e := old
			if err := e.Move(c.days, c.beside); err != nil {
				t.Fatal(err)
			}
			for _, pair := range []struct {
				of   string
				got  time.Time
				want string
			}{{"starts", e.Starts, c.starts}, {"ends", e.Ends, c.ends}, {"closes", e.SignUp.Closes, c.closes}, {"the speech", e.Programme[1].Time, c.speak}} {
				if !pair.got.Equal(at(pair.want)) {
					t.Errorf("%s %v, want %s", pair.of, pair.got.In(stockholm), pair.want)
				}
			}
			if !e.Programme[0].Time.IsZero() || !e.SignUp.Opens.IsZero() {
				t.Error("what had no time has one")
			}
			if !old.Programme[1].Time.Equal(at("2026-03-27 18:30")) {
				t.Error("the event that it was is moved, too")
			}
		})
	}
	days := Event{TimeZone: "Europe/Stockholm", DateOnly: true, Starts: at("2026-03-27 00:00"), Ends: at("2026-03-28 00:00")}
	if err := days.Move(0, time.Hour); CodeOf(err) != CodeNotPossible {
		t.Errorf("an hour where only the day is known: %v", err)
	}
}

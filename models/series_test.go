package models

import (
	"slices"
	"testing"
	"time"
)

// weekly is one of a series, so many weeks after the first, which is a fortnight
// before the clocks go forward.
func weekly(weeks int) Event {
	zone := Zone("Europe/Stockholm")
	e := townHall()
	e.ID, e.Slug, e.Series = "evening", "evening", "series"
	e.Starts = time.Date(2026, 3, 18, 18, 0, 0, 0, zone)
	e.Ends = e.Starts.Add(2 * time.Hour)
	e.SignUp.Closes = time.Date(2026, 3, 17, 12, 0, 0, 0, zone)
	e.SignUp.MaxParty = 4
	e.Place = Place{Name: "Aulan", Address: "Provvägen 1"}
	e.Contact = Contact{Name: "Anna", Phone: "040-1"}
	e.Programme = []Item{{Title: "Fika", Time: e.Starts.Add(30 * time.Minute)}}
	return e.cleaned().DaysOn(7 * weeks)
}

func TestEvent_DaysOn(t *testing.T) {
	for weeks := range 40 {
		e := weekly(weeks)
		for _, at := range []struct {
			what string
			time time.Time
			want string
		}{{"it begins", e.Starts, "Wednesday 18:00"}, {"it ends", e.Ends, "Wednesday 20:00"}, {"sign-up closes", e.SignUp.Closes, "Tuesday 12:00"}, {"there is coffee", e.Programme[0].Time, "Wednesday 18:30"}} {
			if got := at.time.In(e.Location()).Format("Monday 15:04"); got != at.want {
				t.Errorf("after %d weeks %s %s, want %s", weeks, at.what, got, at.want)
			}
		}
	}
	half := time.Date(2026, 3, 22, 2, 30, 0, 0, Zone("Europe/Stockholm"))
	if !Skipped(half, 7, half.Location()) || Skipped(half, 14, half.Location()) {
		t.Error("half past two is there on each day but the one on which the clocks go forward")
	}
}

func TestEvent_TakeChange(t *testing.T) {
	for name, c := range map[string]struct {
		own, change, want func(*Event)
		kept              []string
	}{
		"an hour later, in summer time": {
			change: func(e *Event) { e.Starts, e.Ends = e.Starts.Add(time.Hour), e.Ends.Add(time.Hour) },
			want:   func(e *Event) { e.Starts, e.Ends = e.Starts.Add(time.Hour), e.Ends.Add(time.Hour) },
		},
		"on Thursday": {
			change: func(e *Event) { *e = e.DaysOn(1) },
			want:   func(e *Event) { *e = e.DaysOn(1) },
		},
		"another place, and a phone of its own": {
			own:    func(e *Event) { e.Contact.Phone = "040-2" },
			change: func(e *Event) { e.Place, e.Contact = Place{Name: "Biblioteket"}, Contact{Name: "Bo", Phone: "040-3"} },
			want:   func(e *Event) { e.Place, e.Contact = Place{Name: "Biblioteket"}, Contact{Name: "Bo", Phone: "040-2"} },
			kept:   []string{"contact.phone"},
		},
		"times of its own": {
			own:    func(e *Event) { e.Starts = e.Starts.Add(-time.Hour) },
			change: func(e *Event) { e.Starts, e.Ends, e.Title = e.Starts.Add(time.Hour), e.Ends.Add(time.Hour), "Rådslag" },
			want:   func(e *Event) { e.Starts, e.Title = e.Starts.Add(-time.Hour), "Rådslag" },
			kept:   []string{"starts"},
		},
		"what it says of its own in another field stands": {
			own:    func(e *Event) { e.Summary = "Med gäst" },
			change: func(e *Event) { e.Capacity = 30 },
			want:   func(e *Event) { e.Summary, e.Capacity = "Med gäst", 30 },
		},
		"what it says already": {
			own:    func(e *Event) { e.Title = "Rådslag" },
			change: func(e *Event) { e.Title = "Rådslag" },
			want:   func(e *Event) { e.Title = "Rådslag" },
		},
		"nothing any more": {
			change: func(e *Event) {
				e.Place, e.SignUp.MaxParty, e.SignUp.Closes, e.Programme = Place{}, 0, time.Time{}, nil
			},
			want: func(e *Event) {
				e.Place, e.SignUp.MaxParty, e.SignUp.Closes, e.Programme = Place{}, 0, time.Time{}, nil
			},
		},
		"cancelled": {
			change: func(e *Event) { e.Status, e.Reason = Cancelled, "Regn" },
			want:   func(e *Event) { e.Status, e.Reason = Cancelled, "Regn" },
		},
	} {
		t.Run(name, func(t *testing.T) {
			was, is, own, want := weekly(0), weekly(0), weekly(4), weekly(4)
			c.change(&is)
			if c.own != nil {
				c.own(&own)
			}
			is, own = is.cleaned(), own.cleaned()
			c.want(&want)
			want = want.cleaned()
			kept, err := own.TakeChange(&was, &is)
			if err != nil || !slices.Equal(kept, c.kept) {
				t.Errorf("it keeps %v, want %v (%v)", kept, c.kept, err)
			}
			if before, after, _ := own.FieldsSince(&want); len(before) > 0 {
				t.Errorf("it says %s, want %s", after, before)
			}
		})
	}
}

func TestEvent_Again(t *testing.T) {
	e := weekly(0)
	e.Status, e.Reason, e.Source, e.Taken, e.Follow = Published, "x", "s", &Taken{Title: "x"}, "f"
	e.Closing.Came, e.SignUp.Paused, e.Link.Made = 7, true, e.Starts
	e.Sequence, e.Updated, e.Short, e.Planned.Plan = 4, e.Starts, "abc", "p"
	again, err := e.Again()
	if err != nil {
		t.Fatal(err)
	}
	want := weekly(0)
	want.Document, want.Slug, want.Series, want.Status = Document{}, "", "", Draft
	if before, after, _ := again.FieldsSince(&want); len(before) > 0 || again.Slug+again.Series+again.Source+again.Short+again.Follow+again.ID != "" || again.Sequence != 0 || again.Taken != nil {
		t.Errorf("it says %s, want %s: %+v", after, before, again)
	}
}

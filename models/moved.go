package models

import (
	"strings"
	"time"
)

// Moved is what an event said before its time and its place last changed, for
// those who have seen only that: a calendar program may come back once a week.
type Moved struct {
	TimeAt   time.Time `json:"time_at,omitzero"` // when the time changed; zero: it has not
	Starts   time.Time `json:"starts,omitzero"`  // before that, as Event has them
	Ends     time.Time `json:"ends,omitzero"`
	DateOnly bool      `json:"date_only,omitempty"`
	PlaceAt  time.Time `json:"place_at,omitzero"` // when the place changed; zero: it has not
	Place    string    `json:"place,omitempty"`   // before that, on one line; empty: it was online alone
}

// moved is what an event says of its moves after a change from old. Only what
// was known to people can move, and only while somebody can still come.
func (e *Event) moved(old *Event) Moved {
	m := old.Moved
	if old.Status == Draft || e.Status == Cancelled || !e.Ends.After(e.Updated) {
		return m
	}
	if e.atAnotherTime(old) {
		m.TimeAt, m.Starts, m.Ends, m.DateOnly = e.Updated, old.Starts, old.Ends, old.DateOnly
	}
	if e.elsewhere(old) {
		m.PlaceAt, m.Place = e.Updated, old.Place.Line()
	}
	return m
}

// atAnotherTime reports whether somebody who comes when the event was said to be
// would be wrong. Hours that are told of a day that stands are no other time.
func (e *Event) atAnotherTime(old *Event) bool {
	if old.DateOnly && !e.DateOnly {
		return e.Starts.Before(old.Starts) || e.Ends.After(old.Ends)
	}
	return !e.Starts.Equal(old.Starts) || !e.Ends.Equal(old.Ends) || e.DateOnly != old.DateOnly
}

// elsewhere reports whether somebody who goes where the event was said to be
// would be wrong. A place of which only more or less is said is the same.
func (e *Event) elsewhere(old *Event) bool {
	was, is := old.Place, e.Place
	switch {
	case was.Line() == "":
		return old.OnlineURL != "" && e.OnlineURL == ""
	case was.Name != "" && strings.EqualFold(was.Name, is.Name) && (was.Address == "" || is.Address == ""):
		return false
	}
	return !strings.EqualFold(was.Line(), is.Line())
}

// MarkedDays is how many days a move is marked, after the one on which it was
// made.
const MarkedDays = 7

// Marks are the moves of an event that stand out on a day.
type Marks struct {
	Time, Place bool
	// Until is the midnight at which a mark goes; zero: none stands.
	Until time.Time
	// Gone is the last midnight at which one went; zero: none has.
	Gone time.Time
}

// Marks are those of the day that began at a local midnight, in the zone by
// whose midnights they go. Those of events that are off are not needed any more.
func (e *Event) Marks(midnight time.Time) Marks {
	var m Marks
	if e.Status == Published {
		m.Time = m.mark(e.Moved.TimeAt, midnight)
		m.Place = m.mark(e.Moved.PlaceAt, midnight)
	}
	return m
}

// mark reports whether a move made at a time stands out.
func (m *Marks) mark(at, midnight time.Time) bool {
	if at.IsZero() {
		return false
	}
	year, month, day := at.In(midnight.Location()).Date()
	goes := time.Date(year, month, day+MarkedDays+1, 0, 0, 0, 0, midnight.Location())
	if !goes.After(midnight) {
		if goes.After(m.Gone) {
			m.Gone = goes
		}
		return false
	}
	if m.Until.IsZero() || goes.Before(m.Until) {
		m.Until = goes
	}
	return true
}

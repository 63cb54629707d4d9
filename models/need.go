package models

import "time"

// Need is what is left open of an event that somebody who works on it should see
// to; empty: nothing.
type Need string

// The needs, in the order in which people are asked about them.
const (
	NeedDate    Need = "postponed"   // it waits for a new day
	NeedPublish Need = "draft"       // it is soon, and not published
	NeedPlace   Need = "place"       // it is soon, and nobody knows where
	NeedFix     Need = "preliminary" // it is soon, and not settled
	NeedCount   Need = "closing"     // it was lately, and nobody has said how many came
)

// Needs are all needs.
func Needs() []Need { return []Need{NeedDate, NeedPublish, NeedPlace, NeedFix, NeedCount} }

// How close an event is when it should be settled what is left open, and how long
// it is asked how many came: later nobody knows.
const (
	soon        = 14 * 24 * time.Hour
	countMissed = 90 * 24 * time.Hour
)

// Needs is what the event needs at a time.
func (e *Event) Needs(now time.Time) Need {
	near := e.Starts.Sub(now) < soon
	switch {
	case e.Status == Cancelled:
	case e.Status == Postponed:
		return NeedDate
	case e.Unclosed(now) && now.Sub(e.Ends) < countMissed:
		return NeedCount
	case !near, !e.Ends.After(now):
	case e.Status == Draft && e.PublishAt.IsZero() && !e.Approval.Waits():
		return NeedPublish
	case e.Place.Line() == "" && e.OnlineURL == "" && !e.SignUp.Protected: // else it is not told here
		return NeedPlace
	case e.Preliminary:
		return NeedFix
	}
	return ""
}

// Move moves an event by days and by so much beside, and with it all that hangs on
// its time. A day is one on the calendar: what begins at six begins at six, whether
// or not the clocks are changed in between. CodeNotPossible for less than a day where
// only the day is known.
func (e *Event) Move(days int, beside time.Duration) error {
	if e.DateOnly && beside != 0 {
		return Fault(CodeNotPossible)
	}
	zone := e.Location()
	moved := func(t time.Time) time.Time {
		if t.IsZero() {
			return t
		}
		return Milli(t.In(zone).AddDate(0, 0, days).Add(beside))
	}
	e.Starts, e.Ends, e.SignUp.Opens, e.SignUp.Closes = moved(e.Starts), moved(e.Ends), moved(e.SignUp.Opens), moved(e.SignUp.Closes)
	items := append([]Item(nil), e.Programme...) // the old event has them still
	for i := range items {
		items[i].Time = moved(items[i].Time)
	}
	e.Programme = items
	return nil
}

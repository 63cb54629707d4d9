package models

import (
	"slices"
	"time"
)

// A protected event tells where it is only to those whose sign-up is confirmed,
// and only from some hours before it begins. So nobody learns it who does not give
// an address, nor early enough to pass it on.

// The hours before a protected event begins from which its people know the place,
// where nothing else is said, and at most; and its largest party.
const (
	PlaceHours     = 24
	MaxPlaceHours  = 14 * 24
	ProtectedParty = 2
)

// PlaceFrom is when those who are going to a protected event are told where it is.
func (e *Event) PlaceFrom() time.Time {
	hours := e.SignUp.PlaceHours
	if hours == 0 {
		hours = PlaceHours
	}
	return e.Starts.Add(-time.Duration(hours) * time.Hour)
}

// Unplaced is the event without whatever tells where it is: what of a protected
// one anybody may see. What an organiser writes into its texts is hers to mind.
func (e Event) Unplaced() Event {
	e.Place, e.District, e.OnlineURL, e.Access.Notes = Place{}, "", "", ""
	e.Moved.PlaceAt, e.Moved.Place = time.Time{}, ""
	e.Rain, e.March.Route = "", nil
	e.Programme = slices.Clone(e.Programme)
	for i := range e.Programme {
		e.Programme[i].Place = ""
	}
	return e
}

// checkProtected notes what a protected event cannot be.
func checkProtected(f *Faults, s SignUpRules) {
	if s.PlaceHours < 0 || s.PlaceHours > MaxPlaceHours {
		f.Add("rsvp.place_hours", "out-of-range", "From", 1, "To", MaxPlaceHours)
	}
	if s.Protected && !s.Needed {
		f.Add("rsvp.protected", "needs-sign-up")
	}
}

// Veil takes the place out of the facts, for somebody who is not to know it.
func (f Facts) Veil() Facts {
	f.Place, f.OnlineURL, f.Veiled = "", "", true
	return f
}

// Shown are the facts as somebody may know them now.
func (r *Roster) Shown(e *Entry, now time.Time) Facts {
	if r.Facts.Protected && !(e.State == Going && e.Confirmed && !Milli(now).Before(r.Facts.PlaceFrom)) {
		return r.Facts.Veil()
	}
	return r.Facts
}

// places reports whether the hour has come at which she is told the place.
func (r *Roster) places(e *Entry, now time.Time) bool {
	return r.saysPlace(e, now) && e.Told.Heard&HeardPlace == 0 && r.stands(e)
}

// saysPlace reports whether a mail to her says now where a protected event is.
func (r *Roster) saysPlace(e *Entry, now time.Time) bool {
	is := r.Shown(e, now)
	return is.Protected && is.Place+is.OnlineURL != ""
}

package models

import "time"

// When an event says something by itself, and how long people are given.
const (
	HoldLasts     = 24 * time.Hour // confirm-by-mail
	HoldLastsFull = 2 * time.Hour  // the same, when others wait for the seats
	OfferLasts    = 3 * time.Hour  // an offered seat

	offersFrom = 24 * time.Hour // before it begins: too late to be given a seat unasked
	lineEnds   = 2 * time.Hour  // before it begins: too late to move up at all

	// An organiser who changes an event seldom changes it once. What she did is
	// told when she has had the time to do all of it, or to undo it.
	gathered     = 10 * time.Minute
	gatheredSoon = time.Minute // when it begins within a day

	reminderHour = 11 // the day before, local time
	morningHour  = 8  // the same day, when others wait for the seats
)

// hours are the moments at which a roster has something to do by itself.
type hours struct {
	of hoursOf
	// offers and ends are when those who wait are asked before they get a seat,
	// and when they get none any more.
	offers, ends time.Time
	// Reminders go out from reminder until midnight, when "tomorrow" is no longer
	// true, and from morning for an hour: later there is no time to give seats
	// back.
	reminder, midnight, morning, noMorning time.Time
}

// hoursOf is what hours follow from.
type hoursOf struct {
	starts, ends time.Time
	dateOnly     bool
	zone         string
}

// hours are those of the facts as they are now. They are kept, since a zone is a
// file to read, and asked for with every sign-up.
func (r *Roster) hours() *hours {
	t, f := r.tallied(), &r.Facts
	of := hoursOf{f.Starts, f.Ends, f.DateOnly, f.TimeZone}
	if t.hours.of == of {
		return &t.hours
	}
	begins := f.Starts
	if f.DateOnly {
		begins = f.Ends // nobody knows the hour, so the whole day counts
	}
	zone := Zone(f.TimeZone)
	y, m, d := f.Starts.In(zone).Date()
	at := func(day, hour int) time.Time { return time.Date(y, m, d+day, hour, 0, 0, 0, zone).UTC() }
	t.hours = hours{
		of: of, offers: begins.Add(-offersFrom), ends: begins.Add(-lineEnds),
		reminder: at(-1, reminderHour), midnight: at(0, 0), morning: at(0, morningHour), noMorning: at(0, morningHour+1),
	}
	t.untold = 0
	return &t.hours
}

// Heard are the things that a person is told once, however often she is told
// something else. They are told anew when the event gets other hours.
type Heard byte

// What there is to hear.
const (
	HeardReminder Heard = 1 << iota // tomorrow
	HeardMorning                    // today, and others wait
	HeardNoPlace                    // nobody moves up any more
	HeardPlace                      // where a protected event is
)

// says is what an entry is to have heard by now: all of it is heard with any
// mail that says where she stands.
func (r *Roster) says(e *Entry, now time.Time) (h Heard) {
	hours := r.hours()
	switch {
	case e.State == Waiting && r.LineOver(now):
		h = HeardNoPlace
	case e.State == Going && !now.Before(hours.morning):
		h = HeardReminder | HeardMorning
	case e.State == Going && !now.Before(hours.reminder):
		h = HeardReminder
	}
	if r.saysPlace(e, now) {
		h |= HeardPlace
	}
	return h
}

// reminds reports whether a reminder is due: who was told anything since its hour
// needs none.
func (r *Roster) reminds(e *Entry, now time.Time) bool {
	if e.State != Going || e.Quiet || !r.stands(e) {
		return false
	}
	h := r.hours()
	switch {
	case !now.Before(h.reminder) && now.Before(h.midnight):
		return e.Told.Heard&HeardReminder == 0
	case !now.Before(h.morning) && now.Before(h.noMorning) && now.Before(h.ends):
		return e.Told.Heard&HeardMorning == 0 && r.Counts().Waiting > 0
	}
	return false
}

// closes reports whether she is to hear that she waited in vain.
func (r *Roster) closes(e *Entry, now time.Time) bool {
	return e.State == Waiting && e.Told.Heard&HeardNoPlace == 0 && r.stands(e) && r.LineOver(now)
}

// stands reports whether the event takes place as she was told: if not, that is
// to be told first.
func (r *Roster) stands(e *Entry) bool {
	return r.Facts.Status == Published && e.Told.Sequence >= r.Said
}

// nextHour is the next of the moments after now at which something may be to be
// told; zero when there is none.
func (r *Roster) nextHour(now time.Time) (next time.Time) {
	if r.Facts.Status == Draft || len(r.Entries) == 0 {
		return next
	}
	h, c := r.hours(), r.Counts()
	for _, at := range []struct {
		when  time.Time
		needs bool
	}{
		{r.Gathered, true}, {h.reminder, c.Going > 0}, {h.morning, c.Going > 0 && c.Waiting > 0}, {h.ends, c.Waiting > 0},
		{r.Facts.PlaceFrom, c.Going > 0},
	} {
		if at.needs && at.when.After(now) && (next.IsZero() || at.when.Before(next)) {
			next = at.when
		}
	}
	return next
}

// phase changes whenever somebody who had nothing to hear may have something.
func (r *Roster) phase(now time.Time) (p int) {
	h := r.hours()
	for _, at := range []time.Time{r.Gathered, h.reminder, h.midnight, h.morning, h.noMorning, h.ends, r.Facts.PlaceFrom} {
		p *= 2
		if !now.Before(at) {
			p++
		}
	}
	if p *= 2; r.Counts().Waiting > 0 {
		p++
	}
	return p
}

package handlers

import (
	"cmp"
	"time"

	"samling/locale"
	"samling/models"
)

// near says how far off an event is, in days by its own clock; empty where that
// helps nobody.
func near(p *locale.Printer, m moment, e *models.Event) string {
	if e.Status != models.Published || !m.now.Before(e.Ends) {
		return ""
	}
	zone := e.Location()
	date := func(t time.Time) time.Time {
		year, month, day := t.In(zone).Date()
		return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	}
	switch days := int(date(e.Starts).Sub(date(m.now)).Hours() / 24); {
	case !e.DateOnly && !m.now.Before(e.Starts), days < 0:
		return p.T("event.near.now")
	case days == 0:
		return p.T("event.near.today")
	case days == 1:
		return p.T("event.near.tomorrow")
	case days < 14:
		return p.T("event.near.days", "Count", days)
	case days < 9*7:
		return p.T("event.near.weeks", "Count", days/7)
	default:
		return p.T("event.near.months", "Count", days/30)
	}
}

// was is what an event said before it moved, until it is over: posters hang longer
// than any mark in a list stands.
func was(p *locale.Printer, m moment, e *models.Event) (at, in moved) {
	if e.Status != models.Published || !m.now.Before(e.Ends) {
		return at, in
	}
	if !e.Moved.TimeAt.IsZero() {
		before := models.Event{Starts: e.Moved.Starts, Ends: e.Moved.Ends, DateOnly: e.Moved.DateOnly, TimeZone: e.TimeZone}
		at = moved{p.T("calendar.new-time"), p.T("event.before"), when(p, &before, m.now)}
	}
	if !e.Moved.PlaceAt.IsZero() {
		in = moved{p.T("calendar.new-place"), p.T("event.before"), cmp.Or(e.Moved.Place, p.T("event.before-online"))}
		if e.Place.Line()+e.OnlineURL == "" {
			in.Mark = p.T("event.no-place")
		}
	}
	return at, in
}

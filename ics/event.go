package ics

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	ical "github.com/arran4/golang-ical"

	"samling/models"
)

// event is the VEVENT of an item.
func (e *Encoder) event(item Item, language, fallback string) vevent {
	fallback = cmp.Or(fallback, e.fallback.language)
	language = cmp.Or(language, fallback)
	ev, w := item.Event, e.wordsIn(language)
	text, shown := ev.In(language, fallback)
	page := e.page(ev.Slug, language, fallback)
	changed := later(item.Changed, ev.Changed).UTC().Format(utcForm)
	span, zone := e.span(ev.Starts, ev.Ends, ev.DateOnly, ev.TimeZone)

	p := make([]ical.IANAProperty, 0, 20+len(item.Groups))
	add := func(name, value string) {
		if value != "" {
			p = append(p, property(name, value))
		}
	}
	// Without a METHOD the stamp says when the event last changed (RFC 5545
	// §3.8.7.2), which also keeps the bytes as they are until it does.
	add("UID", ev.ID)
	add("DTSTAMP", changed)
	add("LAST-MODIFIED", changed)
	add("SEQUENCE", strconv.Itoa(ev.Sequence))
	p = append(p, span...)
	add("SUMMARY", w.marked(ev.Status, line(text.Title, len(text.Title))))
	add("STATUS", status(ev.Status, ev.Preliminary))
	if ev.Status == models.Cancelled {
		add("TRANSP", "TRANSPARENT")
	}
	if ev.Audience == models.Members {
		add("CLASS", "PRIVATE")
	}
	add("LOCATION", location(ev.Place.Line(), ev.OnlineURL))
	if lat, lon := ev.Place.Latitude, ev.Place.Longitude; lat != nil && lon != nil {
		add("GEO", geo(*lat, *lon))
	}
	add("DESCRIPTION", w.describe(item, text, w.textIn(shown, language), page, e.zones.named(ev.TimeZone).loc))
	add("URL", page)
	add("CATEGORIES", category(w.kinds[ev.Kind]))
	for _, group := range item.Groups {
		add("CATEGORIES", category(group))
	}
	add("COLOR", colour(ev.Kind))
	return vevent{&ical.VEvent{ComponentBase: ical.ComponentBase{Properties: p}}, zone}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// page is the public address of an event in a language; only other languages
// than the fallback have a prefix.
func (e *Encoder) page(slug, language, fallback string) string {
	if language != "" && language != fallback && e.words[language] != nil {
		return e.site + "/" + language + "/events/" + slug
	}
	return e.site + "/events/" + slug
}

// status is the STATUS of an event (RFC 5545 §3.8.1.11).
func status(s models.Status, preliminary bool) string {
	switch {
	case s == models.Cancelled:
		return string(ical.ObjectStatusCancelled)
	case s == models.Postponed, preliminary:
		return string(ical.ObjectStatusTentative)
	}
	return string(ical.ObjectStatusConfirmed)
}

// location is the place, or the link when there is no other place.
func location(place, online string) string {
	if place = line(place, len(place)); place != "" {
		return place
	}
	return online
}

// category is a name without commas, semicolons and backslashes: half of the
// readers split at a comma even when it is escaped, ts-ics leaves the escapes in.
func category(name string) string {
	return line(strings.Map(func(r rune) rune {
		if r == ',' || r == ';' || r == '\\' {
			return ' '
		}
		return r
	}, name), len(name))
}

// colour is the CSS3 name (RFC 7986 §5.9) of a kind's colour.
func colour(k models.Kind) string {
	switch k {
	case models.TownHall:
		return "crimson"
	case models.YardParty:
		return "seagreen"
	case models.Seminar:
		return "steelblue"
	case models.RoundTable:
		return "darkorange"
	case models.MayDay:
		return "firebrick"
	case models.Consultation:
		return "rebeccapurple"
	case models.Meeting:
		return "teal"
	}
	return "slategray"
}

package ics

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	ical "github.com/arran4/golang-ical"

	"samling/models"
)

// Fragment is one event as it stands in every feed of a language. It is never
// changed, and can be kept until the event, a name in it or the day is another.
type Fragment struct {
	body    []byte // the lines of its VEVENT; none: it stands in no feed
	id      string
	starts  time.Time
	zone    *zone // that it names; nil: none
	members bool
	until   time.Time
}

// Size is how many bytes the fragment takes.
func (f *Fragment) Size() int { return len(f.body) }

// Until is the local midnight at which the fragment must be made anew although
// nothing was edited, because a mark goes; zero: it need not.
func (f *Fragment) Until() time.Time { return f.until }

// Fragment is the event of an item on the day that began at a local midnight, in
// the zone by whose midnights feeds change. Drafts stand in no feed.
func (e *Encoder) Fragment(item Item, language string, midnight time.Time) *Fragment {
	if item.Event.Status == models.Draft {
		return &Fragment{id: item.Event.ID}
	}
	return e.fragment(item, language, item.Event.Marks(midnight))
}

// Title is what an event is called in a list that somebody has subscribed to: it
// says for itself that the event is off or has moved, since some programs show
// what is cancelled as if it were not, and all of them lag behind.
func (e *Encoder) Title(ev *models.Event, language string, midnight time.Time) string {
	text, _ := ev.In(language, e.fallback.language)
	return e.wordsIn(language).marked(ev.Status, ev.Marks(midnight), text.Title)
}

func (e *Encoder) fragment(item Item, language string, marks models.Marks) *Fragment {
	language = cmp.Or(language, e.fallback.language)
	ev, w := item.Event, e.wordsIn(language)
	text, shown := ev.In(language, e.fallback.language)
	page := e.page(ev.Slug, language)
	changed := later(later(item.Changed, ev.Changed), marks.Gone).UTC().Format(utcForm)
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
	add("SUMMARY", w.marked(ev.Status, marks, text.Title))
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
	var body writer
	body.component(&ical.VEvent{ComponentBase: ical.ComponentBase{Properties: p}})
	return &Fragment{
		body: body.buf, id: ev.ID, starts: ev.Starts, zone: zone, members: ev.Audience == models.Members, until: marks.Until,
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// page is the public address of an event in a language; only other languages
// than the fallback have a prefix.
func (e *Encoder) page(slug, language string) string {
	if language != e.fallback.language && e.words[language] != nil {
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

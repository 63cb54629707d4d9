package ics

import (
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
	return e.pooled(func(s *sheet) *Fragment { return e.fragment(s, item, language, item.Event.Marks(midnight)) })
}

// Title is what an event is called in a list that somebody has subscribed to: it
// says for itself that the event is off or has moved, since some programs show
// what is cancelled as if it were not, and all of them lag behind.
func (e *Encoder) Title(ev *models.Event, language string, midnight time.Time) string {
	text, _ := ev.In(language, e.fallback.language)
	title := line(text.Title, len(text.Title))
	if mark := e.wordsIn(language).mark(ev.Status, ev.Marks(midnight)); mark != "" {
		return mark + ": " + title
	}
	return title
}

// Description is what a feed says of an event beside its title, time and place, as
// plain text whose paragraphs have an empty line between them.
func (e *Encoder) Description(item Item, language string) string {
	var p prose
	e.describe(&p, item, language, e.wordsIn(language).site+item.At+"/events/"+item.Event.Slug)
	return string(p.text)
}

func (e *Encoder) describe(p *prose, item Item, language, page string) {
	text, shown := item.Event.In(language, e.fallback.language)
	e.wordsIn(language).describe(p, item, text, shown, page, e.zones.named(item.Event.TimeZone).loc)
}

// fragment writes an item on a blank sheet.
func (e *Encoder) fragment(s *sheet, item Item, language string, marks models.Marks) *Fragment {
	ev, w, z := item.Event, e.wordsIn(language), e.zones.named(item.Event.TimeZone)
	f := &Fragment{id: ev.ID, starts: ev.Starts, members: ev.Audience == models.Members, until: marks.Until}
	text, _ := ev.In(language, e.fallback.language)
	changed := s.time(later(later(item.Changed, ev.Changed), marks.Gone).UTC(), utcForm)

	// Without a METHOD the stamp says when the event last changed (RFC 5545
	// §3.8.7.2), which also keeps the bytes as they are until it does.
	s.add("UID", ev.ID)
	s.add("DTSTAMP", changed)
	s.add("LAST-MODIFIED", changed)
	s.add("SEQUENCE", strconv.Itoa(ev.Sequence))
	f.zone = s.span(ev.Starts, ev.Ends, ev.DateOnly, z)
	s.title(w.mark(ev.Status, marks), text.Title)
	s.add("STATUS", status(ev.Status, ev.Preliminary))
	if ev.Status == models.Cancelled {
		s.add("TRANSP", "TRANSPARENT")
	}
	if f.members {
		s.add("CLASS", "PRIVATE")
	}
	if ev.SignUp.Protected {
		s.where(w.phrases["place-later"], "", models.Place{})
	} else {
		s.where(s.kept(ev.Place.AppendLine(s.prose[:0])), ev.OnlineURL, ev.Place)
	}
	page := s.joined(w.site, item.At, "/events/", ev.Slug)
	told := s.text()
	e.describe(told, item, language, page)
	s.add("DESCRIPTION", s.said(told))
	s.add("URL", page)
	s.add("CATEGORIES", category(w.kinds[ev.Kind]))
	for _, group := range item.Groups {
		s.add("CATEGORIES", category(group))
	}
	s.add("COLOR", colour(ev.Kind))
	f.body = s.finished()
	return f
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
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

package ics

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	ical "github.com/arran4/golang-ical"

	"samling/locale"
	"samling/models"
)

// The most that a feed holds. Google leaves events out without a word above one
// megabyte or about 1,100 events.
const (
	MaxFeedBytes  = 900_000
	MaxFeedEvents = 1_000
)

// refresh is how often subscribers are asked to look again. Without it Nextcloud
// comes once a week.
const refresh = "PT1H"

// Item is one event with what is told of it that stands in other documents.
type Item struct {
	Event  *models.Event
	Hosts  []string // display names, the host first
	Groups []string // display names
	// At is what stands before the path of its page, that of a members' link;
	// empty: the page is public.
	At string
	// Changed is when anything that the feed shows of the event last changed,
	// a renamed host included. Some programs take an event anew only if this rose.
	Changed time.Time
}

// Feed is a subscribable calendar.
type Feed struct {
	Name        string // what calendar programs call it
	Description string // may be empty
	URL         string // its own https address
	Language    string // in which it is read
	// Members: it is for members, and shows what is for them.
	Members bool
}

// Encoder writes calendars. It may be used by many goroutines.
type Encoder struct {
	zones zones
	words map[string]*words
	// fallback are the words for a language that the catalogue lacks.
	fallback *words
	sheets   sync.Pool // of *sheet
}

// NewEncoder returns an encoder with the words of a catalogue. site is the public
// base address of all links, without a slash at its end.
func NewEncoder(c *locale.Catalogue, site string) *Encoder {
	site = strings.TrimRight(site, "/")
	e := &Encoder{words: map[string]*words{}, fallback: newWords(c.In(""), site)}
	e.sheets.New = func() any { return newSheet() }
	for _, language := range c.Languages() {
		e.words[language] = newWords(c.In(language), site+"/"+language)
	}
	// Only other languages than the fallback have a prefix.
	e.words[e.fallback.language] = e.fallback
	return e
}

// Feed is the calendar as RFC 5545 text, in UTF-8: a snapshot without METHOD,
// ORGANIZER or ATTENDEE. The fragments are of its language and stand in the order
// of their importance, as Window puts them: what does not fit is left out from
// the end. The same feed is the same bytes, and events that stand in it twice are
// written once.
func (e *Encoder) Feed(f Feed, fragments []*Fragment) []byte {
	o := e.object(f.Language)
	name := line(f.Name, 255) // Outlook takes no longer name for a folder
	o.head("NAME", name)
	o.head("X-WR-CALNAME", name)
	if f.Description != "" {
		o.head("DESCRIPTION", f.Description)
		o.head("X-WR-CALDESC", f.Description)
	}
	o.header = append(o.header, property("REFRESH-INTERVAL", refresh, "VALUE", "DURATION"))
	o.head("X-PUBLISHED-TTL", refresh)
	if f.URL != "" {
		o.header = append(o.header, property("SOURCE", f.URL, "VALUE", "URI"))
	}
	seen := make(map[string]bool, len(fragments))
	for _, fragment := range fragments {
		if seen[fragment.id] || len(fragment.body) == 0 || fragment.members && !f.Members {
			continue
		}
		seen[fragment.id] = true
		if len(o.parts) == MaxFeedEvents || !o.fits(fragment) {
			break
		}
		o.add(fragment)
	}
	return o.bytes()
}

// Event is the file of one event, whoever may see it: that is for the caller to
// decide. It is taken once and never asked for again, so nothing is marked in it
// that would have to go.
func (e *Encoder) Event(item Item, language string) []byte {
	o := e.object(language)
	o.add(e.pooled(func(s *sheet) *Fragment { return e.fragment(s, item, language, models.Marks{}) }))
	return o.bytes()
}

// pooled writes on a sheet that others have used and will use.
func (e *Encoder) pooled(write func(*sheet) *Fragment) *Fragment {
	s, _ := e.sheets.Get().(*sheet)
	defer e.sheets.Put(s)
	return write(s.blank())
}

// object is one VCALENDAR that is being made.
type object struct {
	header []ical.IANAProperty
	zones  []*zone // that its parts use
	parts  []*Fragment
	size   int // at most so many octets
}

func (e *Encoder) object(language string) *object {
	o := &object{size: 256}
	o.head("VERSION", "2.0")
	o.head("PRODID", "-//Samling//Samling//"+strings.ToUpper(e.wordsIn(language).language))
	o.head("CALSCALE", "GREGORIAN")
	return o
}

func (o *object) head(name, value string) {
	o.header = append(o.header, property(name, value))
	o.size += len(name) + 2*len(value)
}

// zoneSize is the most octets that a VTIMEZONE takes.
const zoneSize = 512

// fits reports whether the object stays small enough with another part.
func (o *object) fits(f *Fragment) bool { return o.sizeWith(f) <= MaxFeedBytes }

func (o *object) sizeWith(f *Fragment) int {
	size := o.size + len(f.body)
	if f.zone != nil && !slices.Contains(o.zones, f.zone) {
		size += zoneSize
	}
	return size
}

func (o *object) add(f *Fragment) {
	o.size = o.sizeWith(f)
	if f.zone != nil && !slices.Contains(o.zones, f.zone) {
		o.zones = append(o.zones, f.zone)
	}
	o.parts = append(o.parts, f)
}

// bytes puts the header, the zones and the parts together, all in an order that
// does not depend on the order in which they came.
func (o *object) bytes() []byte {
	slices.SortFunc(o.zones, func(a, b *zone) int { return strings.Compare(a.name, b.name) })
	slices.SortFunc(o.parts, func(a, b *Fragment) int {
		return cmp.Or(a.starts.Compare(b.starts), strings.Compare(a.id, b.id))
	})
	w := writer{buf: make([]byte, 0, o.size)}
	w.begin("VCALENDAR")
	for i := range o.header {
		w.property(&o.header[i].BaseProperty, nil)
	}
	for _, z := range o.zones {
		w.component(z.component())
	}
	for _, p := range o.parts {
		w.buf = append(w.buf, p.body...)
	}
	w.end("VCALENDAR")
	return w.buf
}

// property is one property of the model; parameters are names and values in turn.
func property(name, value string, parameters ...string) ical.IANAProperty {
	p := ical.IANAProperty{BaseProperty: ical.BaseProperty{IANAToken: name, Value: value}}
	for i := 0; i+1 < len(parameters); i += 2 {
		if p.ICalParameters == nil {
			p.ICalParameters = make(map[string][]string, len(parameters)/2)
		}
		p.ICalParameters[parameters[i]] = []string{parameters[i+1]}
	}
	return p
}

// line is a text without line breaks, of at most that many characters.
func line(s string, most int) string {
	if strings.ContainsFunc(s, func(r rune) bool { return r != ' ' && unicode.IsSpace(r) }) || strings.Contains(s, "  ") {
		s = strings.Join(strings.Fields(s), " ")
	}
	if s = strings.TrimSpace(s); len(s) <= most {
		return s
	}
	if r := []rune(s); len(r) > most {
		return strings.TrimSpace(string(r[:most-1])) + "…"
	}
	return s
}

// The forms of times (RFC 5545 §3.3.4, §3.3.5).
const (
	dateForm  = "20060102"
	localForm = "20060102T150405"
	utcForm   = "20060102T150405Z"
)

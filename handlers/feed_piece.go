package handlers

import (
	"cmp"
	"html"
	"slices"
	"strings"
	"time"

	"samling/ics"
	"samling/models"
	"samling/planner"
)

// How many pieces of feeds are kept, and how many bytes of them together.
const (
	piecesKept     = 1 << 15
	pieceBytesKept = 32 << 20
)

// piece is one event as it stands in all feeds of a language and a format. It is
// made once, however many feeds an edit makes anew.
type piece struct {
	of *planner.Listed
	// day and until are the local midnights from which it holds and before which
	// a mark in it must go; zero: it has none.
	day, until time.Time
	calendar   *ics.Fragment // in calendars
	entry      []byte        // in the other formats
}

type pieceKey struct {
	id, language string
	format       format
}

func (p *piece) size() int {
	if p.calendar != nil {
		return p.calendar.Size() + 256
	}
	return len(p.entry) + 256
}

func (p *piece) rightFor(l *planner.Listed, day time.Time) bool {
	return p != nil && p.of == l && !day.Before(p.day) && (p.until.IsZero() || day.Before(p.until))
}

// piece is an event as it stands in the feeds like that of the selection.
func (s *Server) piece(l *planner.Listed, sel *selection, m moment) (*piece, error) {
	key := pieceKey{l.ID, sel.language, sel.format}
	if kept := s.pieces.get(key); kept.rightFor(l, m.day) {
		return kept, nil
	}
	made := &piece{of: l, day: m.day, until: l.Marks(m.day).Until}
	var err error
	switch sel.format {
	case inAtom:
		made.entry, err = s.entry(l, sel, m).atom()
	case inJSON:
		made.entry, err = s.entry(l, sel, m).json()
	default:
		made.calendar = s.Calendar.Fragment(s.item(l, sel, m), sel.language, m.day)
	}
	if err != nil {
		return nil, err
	}
	s.pieces.put(key, made)
	return made, nil
}

// item is an event with what a calendar tells of it that stands elsewhere.
func (s *Server) item(l *planner.Listed, sel *selection, m moment) ics.Item {
	return ics.Item{
		Event: l.Event, Changed: l.Changed, At: s.ownLink(l.Event),
		Hosts:  m.catalogue.HostNames(l.Hosts(), sel.language),
		Groups: m.catalogue.HostNames(l.Groups, sel.language),
	}
}

// entry is an event as people read it who follow what is new.
type entry struct {
	id, page, title, summary string
	content                  string // HTML
	changed                  time.Time
	kind                     models.Kind
	kindName                 string
	hosts, groups            []string
}

// entry says what the calendar says, in the order in which one reads it.
func (s *Server) entry(l *planner.Listed, sel *selection, m moment) *entry {
	p, it := s.Words.In(sel.language), s.item(l, sel, m)
	text, _ := l.In(sel.language, s.Language)
	page := s.Site + s.prefix(sel.language) + s.ownPage(l.Event)
	return &entry{
		id: "urn:uuid:" + l.ID, page: page,
		title: s.Calendar.Title(l.Event, sel.language, m.day), summary: text.Summary,
		// Its year is always said: what was written once is read for years.
		content: content(when(p, l.Event, time.Time{}), placeLine(p, l.Event), s.Calendar.Description(it, sel.language), page),
		changed: l.Changed, kind: l.Kind, kindName: p.T("kind." + string(l.Kind)), hosts: it.Hosts, groups: it.Groups,
	}
}

// content is the text of an entry as HTML: when and where, and what a calendar
// says beside that, which ends with the address of the page.
func content(when, place, description, page string) string {
	var b strings.Builder
	b.WriteString("<p><strong>" + html.EscapeString(when) + "</strong>")
	if place != "" {
		b.WriteString("<br>" + html.EscapeString(place))
	}
	description, linked := strings.CutSuffix(description, page)
	for text := range strings.SplitSeq(description, "\n\n") {
		b.WriteString("</p><p>" + strings.ReplaceAll(html.EscapeString(text), "\n", "<br>"))
	}
	if linked {
		b.WriteString(`<a href="` + page + `">` + page + "</a>")
	}
	return b.String() + "</p>"
}

// addresses are those that a feed says of itself: its own, and that of the page
// which shows the same. What a members' link opened says nothing of that: whoever
// shares what she reads does not share the secret.
func (s *Server) addresses(sel *selection) (self, home string) {
	root := s.Site + s.prefix(sel.language)
	if sel.view.pass != nil {
		return "", root + "/"
	}
	path, _, _ := strings.Cut(sel.path(sel.language), ".")
	switch {
	case sel.event != "":
	case len(sel.Kinds) == 0 && s.shelfOf(sel) == s.feeds && path != "/feeds/all":
		path = strings.TrimPrefix(path, "/feeds")
	default:
		path = listPath(sel.values())
	}
	return s.Site + sel.path(s.Language), root + path
}

// newest is the last change that any of the pieces shows. Formats ask for a date
// also where there are none: then it is that of the day, which all instances agree
// about and with which feeds are made anew.
func newest(pieces []*piece, day time.Time) time.Time {
	if len(pieces) == 0 {
		return day
	}
	var at time.Time
	for _, p := range pieces {
		if p.of.Changed.After(at) {
			at = p.of.Changed
		}
	}
	return at
}

// whole puts the entries of a feed between its head and its end, in the order of
// their start. What does not fit is left out from the least important.
func whole(head, between, end string, pieces []*piece) []byte {
	size := len(head) + len(end)
	kept := make([]*piece, 0, len(pieces))
	for _, p := range pieces {
		if size += len(p.entry) + len(between); size > ics.MaxFeedBytes {
			break
		}
		kept = append(kept, p)
	}
	slices.SortFunc(kept, func(a, b *piece) int { return cmp.Or(a.of.Starts.Compare(b.of.Starts), cmp.Compare(a.of.ID, b.of.ID)) })
	b := append(make([]byte, 0, size), head...)
	for i, p := range kept {
		if i > 0 {
			b = append(b, between...)
		}
		b = append(b, p.entry...)
	}
	return append(b, end...)
}

package handlers

import (
	"slices"
	"time"

	"samling/ics"
	"samling/models"
	"samling/planner"
)

// feedOf is what a feed was made of.
type feedOf struct {
	name     string
	media    string
	file     string // the header that suggests a file name to browsers
	members  bool   // a members' link opened it
	modified time.Time
	events   []*planner.Listed
}

// combinationsWait is how many combinations may wait to be rendered.
const combinationsWait = 64

// feed is the finished feed of a selection, right for the newest catalogue; the
// one before when too much is asked at once. ErrNotFound: it names something that
// there is not.
func (s *Server) feed(sel *selection, m moment) (*finished, error) {
	// Only values that there are become keys: each is then a slug, and no two
	// selections have one key.
	if err := m.catalogue.Check(sel.Filter); err != nil {
		return nil, err
	}
	return s.shelfOf(sel).finished(sel.path(s.Language), m, func(before *finished) (*finished, error) { return s.makeFeed(sel, m, before) })
}

// shelfOf is where the feed of a selection is kept. The few that have an address
// of their own, which most people subscribe to, are never pushed out by those
// that anybody can think of, or by the files of all events.
func (s *Server) shelfOf(sel *selection) *shelf {
	switch {
	case sel.event != "":
		return s.kept
	case len(sel.Kinds)+len(sel.Associations)+len(sel.Groups)+len(sel.Districts) > 1:
		return s.combined
	}
	return s.feeds
}

// makeFeed renders a feed, or finds that what was rendered before still holds.
func (s *Server) makeFeed(sel *selection, m moment, before *finished) (*finished, error) {
	events, err := chosen(sel, m)
	if err != nil {
		return nil, err
	}
	made := &finished{feed: feedOf{
		name: sel.title(m.catalogue, s.Words.In(sel.language)), media: sel.format.media(), file: `inline; filename="` + sel.name() + `"`,
		members: sel.Pass != nil, modified: s.modified(m, sel.Pass != nil), events: events,
	}}
	if before != nil && before.day.Equal(m.day) && before.feed.name == made.feed.name && slices.Equal(before.feed.events, events) {
		made.like(before)
		return made, nil
	}
	body, err := s.render(sel, m, made.feed)
	if err != nil {
		return nil, err
	}
	made.bodyIs(body, nil, before)
	return made, nil
}

// render writes a feed of its events.
func (s *Server) render(sel *selection, m moment, of feedOf) ([]byte, error) {
	if sel.event != "" && sel.format == inCalendar {
		return s.Calendar.Event(s.item(of.events[0], sel, m), sel.language), nil
	}
	pieces := make([]*piece, len(of.events))
	for i, l := range of.events {
		var err error
		if pieces[i], err = s.piece(l, sel, m); err != nil {
			return nil, err
		}
	}
	switch sel.format {
	case inAtom:
		return s.atom(sel, of.name, pieces)
	case inJSON:
		return s.jsonFeed(sel, of.name, pieces)
	}
	fragments := make([]*ics.Fragment, len(pieces))
	for i, p := range pieces {
		fragments[i] = p.calendar
	}
	self, _ := s.addresses(sel)
	return s.Calendar.Feed(ics.Feed{Name: of.name, URL: self, Language: sel.language, Members: of.members}, fragments), nil
}

// chosen are the events of a selection, the most important first: those that its
// reader may see, around now.
func chosen(sel *selection, m moment) ([]*planner.Listed, error) {
	if sel.event != "" {
		l, err := sel.view.find(m.catalogue, sel.event)
		return []*planner.Listed{l}, err
	}
	var items []ics.Item
	window := ics.WindowAt(m.day)
	for _, l := range nearest(m.catalogue.Select(sel.Filter), window, m.day) {
		items = append(items, ics.Item{Event: l.Event})
	}
	items = window.Of(items)
	events := make([]*planner.Listed, len(items))
	for i := range items {
		events[i], _ = m.catalogue.Event(items[i].Event.ID)
	}
	return events, nil
}

// nearest are those of many events, in the order of their start, among which a
// feed chooses: as many as it can hold of those to come, and of those that are
// over. Ordering all of a hundred thousand took longer than the rest.
func nearest(events []*planner.Listed, window ics.Window, day time.Time) []*planner.Listed {
	var over, ahead []*planner.Listed
	for _, l := range events {
		switch {
		case !window.Shows(l.Event):
		case !l.Ends.After(day):
			over = append(over, l)
		case len(ahead) < ics.MaxFeedEvents:
			ahead = append(ahead, l)
		}
	}
	return append(over[max(0, len(over)-ics.MaxFeedEvents):], ahead...)
}

// localDay is the time between two local midnights.
type localDay struct{ begins, ends time.Time }

// midnight is the last local midnight before now: until the next, feeds do not
// change by the clock. It is kept, since every request asks.
func (s *Server) midnight(now time.Time) time.Time {
	if today := s.today.Load(); today != nil && !now.Before(today.begins) && now.Before(today.ends) {
		return today.begins
	}
	y, m, d := now.In(s.zone).Date()
	today := &localDay{time.Date(y, m, d, 0, 0, 0, 0, s.zone), time.Date(y, m, d+1, 0, 0, 0, 0, s.zone)}
	s.today.Store(today)
	return today.begins
}

// newestChange is when anything that feeds show last changed, in a version of
// the catalogue.
type newestChange struct {
	version uint64
	// public is that of the public's feeds, members that of the feeds which
	// members' links open.
	public, members time.Time
}

// modified is the Last-Modified of all feeds: one number, since an event that
// moves from one feed to another changes both. But what only members see must
// not move that of the public's feeds: they have another. It never goes
// backwards: Apple's calendar asks by date alone, and would be answered 304 for
// ever; an event that becomes one of the members' counts as withdrawn. While its
// second is still running it is the second before, since more may happen in it.
// It is that of the moment from which the answer was made: with a later one a
// client would keep what is out of date.
func (s *Server) modified(m moment, members bool) time.Time {
	newest := s.newest.Load()
	if newest == nil || newest.version != m.catalogue.Version {
		newest = &newestChange{m.catalogue.Version, lastChange(m.catalogue, nil), lastChange(m.catalogue, &models.Pass{Everything: true})}
		s.newest.Store(newest)
	}
	at := newest.public
	if members {
		at = newest.members
	}
	if m.day.After(at) {
		at = m.day
	}
	at = at.UTC().Truncate(time.Second)
	// The clock of another instance may be ahead of ours: a date to come would
	// stand still until then, whatever changes (RFC 9110 §8.8.2.1 forbids it).
	if over := m.now.UTC().Truncate(time.Second).Add(-time.Second); at.After(over) {
		at = over
	}
	return at
}

// lastChange is when anything last changed that somebody with a pass sees.
func lastChange(c *planner.Catalogue, pass *models.Pass) time.Time {
	var newest time.Time
	take := func(t time.Time) {
		if t.After(newest) {
			newest = t
		}
	}
	for _, l := range c.Events {
		take(l.Withdrawn)
		if pass.MaySee(l.Event) {
			take(l.Changed)
		}
	}
	for _, a := range c.Associations {
		take(a.Updated)
	}
	for _, g := range c.Groups {
		take(g.Updated)
	}
	for _, d := range c.Districts {
		take(d.Updated)
	}
	return newest
}

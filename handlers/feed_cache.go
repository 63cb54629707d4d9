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
	name        string
	disposition string // the header, with the file name that browsers suggest
	members     bool   // a members' link opened it
	events      []*planner.Listed
}

// feed is the finished feed of a selection, right for the newest catalogue.
// ErrNotFound: it names something that there is not.
func (s *Server) feed(sel *selection, m moment) (*finished, error) {
	// Only values that there are become keys: each is then a slug, and no two
	// selections have one key.
	if err := m.catalogue.Check(sel.Filter); err != nil {
		return nil, err
	}
	return s.feeds.finished(sel.path(s.Language), m, func(before *finished) (*finished, error) { return s.makeFeed(sel, m, before) })
}

// makeFeed renders a feed, or finds that what was rendered before still holds.
func (s *Server) makeFeed(sel *selection, m moment, before *finished) (*finished, error) {
	items, events, err := chosen(sel, m.catalogue, m.day)
	if err != nil {
		return nil, err
	}
	made := &finished{feed: feedOf{
		name: sel.title(m.catalogue, s.Words.In(sel.language)), disposition: `inline; filename="` + sel.name() + `"`,
		members: sel.Pass != nil, events: events,
	}}
	if before != nil && before.day.Equal(m.day) && before.feed.name == made.feed.name && slices.Equal(before.feed.events, events) {
		made.like(before)
	} else {
		made.bodyIs(s.render(sel, m, made.feed.name, items), nil, before)
	}
	return made, nil
}

// chosen are the events of a selection: those that its reader may see, around
// now.
func chosen(sel *selection, catalogue *planner.Catalogue, day time.Time) ([]ics.Item, []*planner.Listed, error) {
	if sel.event != "" {
		l, err := sel.view.find(catalogue, sel.event)
		if err != nil {
			return nil, nil, err
		}
		return []ics.Item{{Event: l.Event, Changed: l.Changed}}, []*planner.Listed{l}, nil
	}
	var items []ics.Item
	window := ics.WindowAt(day)
	for _, l := range nearest(catalogue.Select(sel.Filter), window, day) {
		items = append(items, ics.Item{Event: l.Event, Changed: l.Changed})
	}
	items = window.Of(items)
	events := make([]*planner.Listed, len(items))
	for i := range items {
		events[i], _ = catalogue.Event(items[i].Event.ID)
	}
	return items, events, nil
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
	if !m.now.Truncate(time.Second).After(at) {
		at = at.Add(-time.Second)
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

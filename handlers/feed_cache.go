package handlers

import (
	"context"
	"slices"
	"time"

	"samling/ics"
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
func (s *Server) feed(ctx context.Context, sel *selection, m moment) (*finished, error) {
	// Only values that there are become keys: each is then a slug, and no two
	// selections have one key.
	if err := m.catalogue.Check(sel.Filter); err != nil {
		return nil, err
	}
	return s.shelfOf(sel).finished(sel.path(s.Language), m, func(before *finished) (*finished, error) { return s.makeFeed(ctx, sel, m, before) })
}

// shelfOf is where the feed of a selection is kept. The few that have an address
// of their own, which most people subscribe to, are never pushed out by those
// that anybody can think of, or by the files of all events.
func (s *Server) shelfOf(sel *selection) *shelf {
	switch {
	case sel.event != "":
		return s.kept
	case sel.Choices() > 1:
		return s.combined
	}
	return s.feeds
}

// makeFeed renders a feed, or finds that what was rendered before still holds.
func (s *Server) makeFeed(ctx context.Context, sel *selection, m moment, before *finished) (*finished, error) {
	events, err := chosen(sel, m)
	if err != nil {
		return nil, err
	}
	made := &finished{feed: feedOf{
		name: s.feedTitle(sel, m.catalogue, s.Words.In(sel.language)), media: sel.format.media(), file: `inline; filename="` + sel.name() + `"`,
		members: sel.Pass != nil, modified: s.modified(m, sel.Pass != nil), events: events,
	}}
	if before != nil && before.day.Equal(m.day) && before.feed.name == made.feed.name && slices.Equal(before.feed.events, events) {
		made.like(before)
		return made, nil
	}
	body, err := s.render(ctx, sel, m, made.feed)
	if err != nil {
		return nil, err
	}
	made.bodyIs(body, nil, before)
	return made, nil
}

// render writes a feed of its events.
func (s *Server) render(ctx context.Context, sel *selection, m moment, of feedOf) ([]byte, error) {
	if sel.event != "" {
		whole, err := s.Planner.Whole(ctx, of.events[0])
		if err != nil {
			return nil, err
		}
		if sel.format == inCalendar {
			return s.Calendar.Event(s.item(whole, sel, m), sel.language), nil
		}
		of.events = []*planner.Listed{whole}
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
		return s.atom(sel, of.name, pieces, m.day)
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
	return nearest(m.catalogue, sel.Filter, m.day), nil
}

// nearest are the events that a feed shows, in the order that ics.Window has. It
// looks at no more of a hundred thousand than it needs.
func nearest(c *planner.Catalogue, f planner.Filter, day time.Time) []*planner.Listed {
	var out []*planner.Listed
	window := ics.WindowAt(day)
	for l := range c.Ahead(f, day) {
		if len(out) == ics.MaxFeedEvents || !window.Shows(l.Event) {
			break // the rest begins later
		}
		out = append(out, l)
	}
	for l := range c.Over(f, day, window.Since()) {
		if len(out) == ics.MaxFeedEvents {
			break
		}
		if window.Shows(l.Event) {
			out = append(out, l)
		}
	}
	return out
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

// modified is the Last-Modified of all feeds: one number, since an event that
// moves from one feed to another changes both. But what only members see must
// not move that of the public's feeds: they have another. It never goes
// backwards: Apple's calendar asks by date alone, and would be answered 304 for
// ever; an event that becomes one of the members' counts as withdrawn. While its
// second is still running it is the second before, since more may happen in it.
// It is that of the moment from which the answer was made: with a later one a
// client would keep what is out of date.
func (s *Server) modified(m moment, members bool) time.Time {
	at := m.catalogue.Changed()
	if members {
		at = m.catalogue.MembersChanged()
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

package planner

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"samling/models"
)

// Catalogue is what is on, as it was at one moment: an immutable snapshot that
// pages and feeds read without asking the store. Nothing in it may be changed.
type Catalogue struct {
	// Version rises with every change of the catalogue of this instance. 0: it
	// was never read.
	Version uint64
	// Events are all events, drafts too, in the order of their start.
	Events       []*Listed
	Associations []models.Association
	Groups       []models.Group
	Districts    []models.District
	// Notice is what the central office says on every page.
	Notice models.Notice
	// Settings are those that the central office changes while all is running.
	Settings models.Settings

	byID, bySlug map[string]*Listed
	hosts        map[string]host
	linked       map[string]string // associations by the id in their members' link
	wholes       map[string]bool   // slugs of the events that have, or had, parts
	extremes     extremes
}

// extremes are what is known of all events together. Nobody looks through a
// hundred thousand for them: each change adds what it brings, and none falls.
type extremes struct {
	updated         time.Time     // the newest write
	public, members time.Time     // the newest change that the public sees, and that members do
	longest         time.Duration // event
}

func (x *extremes) take(l *Listed) {
	x.updated = newer(x.updated, l.Updated)
	x.everybody(l.Withdrawn)
	if l.Visible() {
		x.public = newer(x.public, l.Changed)
	}
	if l.Status != models.Draft {
		x.members = newer(x.members, l.Changed)
	}
	x.longest = max(x.longest, l.Ends.Sub(l.Starts))
}

// everybody takes a change that all see.
func (x *extremes) everybody(at time.Time) {
	x.public, x.members = newer(x.public, at), newer(x.members, at)
}

func newer(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Changed is when anything that the public sees of any event last changed, or
// left it. It never falls.
func (c *Catalogue) Changed() time.Time { return c.extremes.public }

// MembersChanged is Changed for those with the members' link of the whole city.
func (c *Catalogue) MembersChanged() time.Time { return c.extremes.members }

// Listed is one event with what readers need beside it. One that is long over has
// no descriptions; Whole reads them.
type Listed struct {
	*models.Event
	abridged bool
	// Changed is the last change that the public can see, that of a host's name
	// included.
	Changed time.Time
	// words are set by the first search: most of a hundred thousand events are
	// long over and never looked through.
	words atomic.Pointer[string]
}

func newCatalogue() *Catalogue {
	return &Catalogue{byID: map[string]*Listed{}, bySlug: map[string]*Listed{}, hosts: map[string]host{}}
}

// Catalogue is the newest snapshot.
func (p *Planner) Catalogue() *Catalogue { return p.catalogue.Load() }

// Event finds an event by its id or slug; ErrNotFound.
func (c *Catalogue) Event(ref string) (*Listed, error) {
	if l, ok := c.byID[ref]; ok {
		return l, nil
	}
	if l, ok := c.bySlug[ref]; ok {
		return l, nil
	}
	return nil, models.ErrNotFound
}

// Parts are the events whose parent is that one, in the order of their start.
func (c *Catalogue) Parts(slug string) []*Listed {
	var out []*Listed
	if !c.wholes[slug] {
		return nil
	}
	for _, l := range c.Events {
		if l.Parent == slug {
			out = append(out, l)
		}
	}
	return out
}

// overlap is how far back a listing of changes reaches behind the newest change
// that was seen: clocks of other machines may differ, and writes that began
// earlier may become visible later.
const overlap = 5 * time.Minute

// Refresh brings the catalogue up to date with the store. The first one reads
// everything.
func (p *Planner) Refresh(ctx context.Context) error {
	p.catching.Lock()
	defer p.catching.Unlock()
	old := p.catalogue.Load()
	next := *old
	changedDirectory, err := p.readDirectory(ctx, &next)
	if err != nil {
		return err
	}
	said, err := p.readInstallation(ctx, &next)
	if err != nil {
		return err
	}
	if said {
		next.Version++
	}
	if old.Version == 0 {
		if err := p.readEverything(ctx, &next); err != nil {
			return err
		}
		changedDirectory = false // all of them know it
	}
	query := models.Query{Index: "updated"}
	if newest := next.extremes.updated; !newest.IsZero() {
		query.From = newest.Add(-overlap).UnixMilli()
	}
	var changed []*models.Event
	for e, err := range p.Store.Events.List(ctx, query) {
		if err != nil {
			return err
		}
		if known, ok := next.byID[e.ID]; !ok || known.Revision != e.Revision {
			changed = append(changed, &e)
		}
	}
	now := p.Now()
	p.refreshed.Store(&now)
	if changedDirectory || len(changed) > 0 {
		next.take(changed, changedDirectory)
	}
	if next.Version > old.Version {
		p.catalogue.Store(&next)
	}
	return nil
}

// Refreshed is when the catalogue was last compared with the store; zero: never.
func (p *Planner) Refreshed() time.Time {
	if at := p.refreshed.Load(); at != nil {
		return *at
	}
	return time.Time{}
}

// show puts one event, just written here, into the catalogue before its writer
// is answered. Somebody else may have refreshed meanwhile with a newer one.
func (p *Planner) show(e models.Event) {
	p.catching.Lock()
	defer p.catching.Unlock()
	old := p.catalogue.Load()
	if known, ok := old.byID[e.ID]; ok && known.Updated.After(e.Updated) {
		return
	}
	next := *old
	next.take([]*models.Event{&e}, false)
	p.catalogue.Store(&next)
}

// take replaces or adds events in a copy of a catalogue.
func (c *Catalogue) take(changed []*models.Event, again bool) {
	c.Version++
	c.byID, c.bySlug = maps.Clone(c.byID), maps.Clone(c.bySlug)
	if !again && len(changed) == 1 {
		l := c.listed(changed[0])
		c.Events = replaced(c.Events, c.byID[l.ID], l)
		c.put(l)
		return
	}
	if again {
		for _, l := range c.byID {
			again := c.listed(l.Event)
			again.abridged = l.abridged
			c.put(again)
		}
	}
	for _, e := range changed {
		c.put(c.listed(e))
	}
	c.Events = inOrder(c.byID)
}

// inOrder are many events in the order of their start. Their times are laid side
// by side for it: in a hundred thousand events, each comparison would wait for
// memory.
func inOrder(events map[string]*Listed) []*Listed {
	type placed struct {
		starts int64
		*Listed
	}
	all := make([]placed, 0, len(events))
	for _, l := range events {
		all = append(all, placed{l.Starts.UnixMilli(), l})
	}
	slices.SortFunc(all, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.starts, b.starts), cmp.Compare(a.ID, b.ID))
	})
	out := make([]*Listed, len(all))
	for i, p := range all {
		out[i] = p.Listed
	}
	return out
}

func (c *Catalogue) put(l *Listed) {
	c.byID[l.ID], c.bySlug[l.Slug] = l, l
	if l.Parent != "" && !c.wholes[l.Parent] { // rare, and others read the old one
		c.wholes = maps.Clone(c.wholes)
		if c.wholes == nil {
			c.wholes = map[string]bool{}
		}
		c.wholes[l.Parent] = true
	}
	c.extremes.take(l)
}

// replaced is the list with one event in the place of what it was before; nil:
// there was none.
func replaced(events []*Listed, before, l *Listed) []*Listed {
	out := make([]*Listed, 0, len(events)+1)
	if before != nil {
		at, _ := slices.BinarySearchFunc(events, before, byStart)
		out = append(append(out, events[:at]...), events[at+1:]...)
	} else {
		out = append(out, events...)
	}
	at, _ := slices.BinarySearchFunc(out, l, byStart)
	return slices.Insert(out, at, l)
}

func byStart(a, b *Listed) int {
	return cmp.Or(a.Starts.Compare(b.Starts), cmp.Compare(a.ID, b.ID))
}

// listed is an event as the catalogue has it. Whatever is shown to anybody comes
// from here, so a protected event has no place in it: who may know that reads it
// from the store, or from the roster.
func (c *Catalogue) listed(e *models.Event) *Listed {
	if e.SignUp.Protected {
		e = new(e.Unplaced())
	}
	l := &Listed{Event: e, Changed: e.Changed}
	for _, slug := range append(e.Hosts(), e.Groups...) {
		if updated := c.hosts[slug].Updated; updated.After(l.Changed) {
			l.Changed = updated
		}
	}
	return l
}

// words are what an event can be found by, folded.
func (c *Catalogue) words(l *Listed) string {
	if known := l.words.Load(); known != nil {
		return *known
	}
	found := []string{l.Title, l.Summary, l.Place.Line()}
	for _, t := range l.Texts {
		found = append(found, t.Title, t.Summary)
	}
	for _, slug := range append(l.Hosts(), l.Groups...) {
		found = append(found, c.hosts[slug].name)
	}
	for _, item := range l.Programme {
		found = append(found, item.Title, item.Speaker, item.Place)
	}
	if d, err := c.District(l.District); err == nil {
		found = append(found, d.Name)
	}
	words := haystack(strings.Join(append(found, l.Partners...), "\n"))
	l.words.Store(&words)
	return words
}

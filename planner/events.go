package planner

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/gosimple/slug"

	"samling/models"
)

// CreateEvent writes a new draft, with what its kind brings with it filled in,
// and returns it as it is kept. by must work for the host. The id may be the
// client's, a UUID: then writing it again changes nothing and returns what is
// there.
func (p *Planner) CreateEvent(ctx context.Context, by *models.Organiser, e models.Event) (models.Event, error) {
	if _, err := models.ParseID(e.ID); err != nil {
		e.ID = newID()
	} else if kept, err := p.Store.Events.Get(ctx, e.ID); err == nil {
		return kept, mayChange(by, &kept)
	}
	e.Status = models.Draft
	e.Source, e.Taken, e.Follow = "", nil, "" // only its calendar can say that it comes from there
	e.Invited, e.Errands, e.Part, e.Approval = nil, nil, models.Part{}, models.Approval{}
	return p.create(ctx, by, e)
}

func (p *Planner) create(ctx context.Context, by *models.Organiser, e models.Event) (models.Event, error) {
	c := p.Catalogue()
	now := p.stamp()
	e.Created, e.Updated, e.Changed, e.Sequence, e.Moved = now, now, now, 0, models.Moved{}
	e.Unsettled, e.Short, e.Author = e.Status != models.Draft, "", by.ID
	e.PublishAt, e.PublishBy, e.Help = time.Time{}, "", time.Time{}
	e = e.Prepared(p.Zone)
	e.Noted = []models.Change{e.ChangeOf(nil, by.ID)}
	if a, err := c.Association(e.Host); err == nil && e.District == "" {
		e.District = a.District
	}
	given := e.Slug != ""
	if e.Series == "" { // who holds one of a series holds them all
		e.TakeHosts(by, nil, now)
	}
	slugs := c.freeSlugs(&e)
	e.Slug = slugs[0]
	if err := p.check(c, by, &e, nil); err != nil {
		return e, err
	}
	if !by.WorksFor(e.Host) {
		return e, models.Fault(models.CodeNotAllowed)
	}
	c.hearWhole(&e, nil, now)
	err := p.Store.Events.Create(ctx, e)
	// Only the slug can be taken, by somebody who came between the catalogue and
	// the store: the id is new.
	for errors.Is(err, models.ErrExists) && !given && len(slugs) > 1 {
		slugs = slugs[1:]
		e.Slug = slugs[0]
		err = p.Store.Events.Create(ctx, e)
	}
	if err != nil {
		return e, err
	}
	return p.settle(ctx, e.ID)
}

// stamp is the time of a change: now. Where the clock of another instance is
// ahead of ours, it is the second after the newest change that is known, or by
// their dates the feeds would not have changed.
func (p *Planner) stamp() time.Time {
	now := models.Milli(p.Now())
	if newest := p.Catalogue().extremes.updated; newest.Sub(now) > time.Second {
		return newest.Truncate(time.Second).Add(time.Second)
	}
	return now
}

// freeSlugs are slugs for a new event, best first: the one that was asked for,
// the title's, that with the date, that with a part of the id, that with all of it.
// An event for members gets one of the last two: a public one must not have another address because of
// it.
func (c *Catalogue) freeSlugs(e *models.Event) []string {
	if e.Slug != "" {
		return []string{e.Slug}
	}
	title := slug.MakeLang(e.Title, "sv")
	title = strings.TrimRight(title[:min(len(title), 60)], "-")
	if title == "" {
		title = cmp.Or(string(e.Kind), string(models.Other))
	}
	dated := title + "-" + e.Starts.In(e.Location()).Format("2006-01-02")
	unique := dated + "-" + e.ID[len(e.ID)-6:] // the end of a UUIDv7 is random
	last := dated + "-" + e.ID                 // of thousands with one title some share six letters
	if e.Audience == models.Members {
		return []string{unique, last}
	}
	return append(slices.DeleteFunc([]string{title, dated, unique}, func(s string) bool { return c.bySlug[s] != nil }), last)
}

// check is everything that must be right of an event, what needs the directory
// included. was is the event before it was changed; nil: it is new.
func (p *Planner) check(c *Catalogue, by *models.Organiser, e, was *models.Event) error {
	var f models.Faults
	if err := e.Validate(); err != nil {
		ours, ok := errors.AsType[*models.Error](err)
		if !ok {
			return err
		}
		for _, field := range ours.Fields {
			f.Add(field.Name, field.Code, pairs(field.With)...)
		}
	}
	switch {
	case e.Host == "" || was != nil && was.Host == e.Host:
	case !c.IsHost(e.Host):
		f.Add("host", "unknown-host", "Value", e.Host)
	case !c.IsOpen(e.Host):
		f.Add("host", "closed-host", "Value", c.HostName(e.Host, ""))
	case was != nil && p.evades(by, e):
		f.Add("host", "approving-host", "Value", c.HostName(e.Host, ""))
	}
	for _, h := range e.CoHosts {
		if !c.IsHost(h) {
			f.Add("co_hosts", "unknown-host", "Value", h)
		}
	}
	for _, g := range e.Groups {
		if _, err := c.Group(g); err != nil {
			f.Add("groups", "unknown-group", "Value", g)
		}
	}
	if e.District != "" {
		if _, err := c.District(e.District); err != nil {
			f.Add("district", "unknown-district", "Value", e.District)
		}
	}
	if e.Parent != "" {
		parent, ok := c.bySlug[e.Parent]
		kept := was != nil && was.Parent == e.Parent // by another of its hosts
		switch {
		case !ok || parent.Sketch() || !kept && !by.MaySee(parent.Event):
			f.Add("parent", "unknown-event", "Value", e.Parent)
		case parent.ID == e.ID || parent.Parent != "":
			f.Add("parent", "not-a-parent", "Value", e.Parent)
		}
	}
	return f.Err()
}

func pairs(with map[string]any) []any {
	var out []any
	for name, value := range with {
		out = append(out, name, value)
	}
	return out
}

// Anyway is no particular state of an event: ChangeEvent then takes any.
var Anyway time.Time

// ChangeEvent changes an event and everything that follows from it before it
// returns: the roster knows the new facts, the catalogue shows them. seen is the
// Updated of the event that the caller has seen: CodeChangedMeanwhile when it is
// another by now; Anyway: do not ask. change may run more than once. A sketch that has
// what an event needs gets its address.
func (p *Planner) ChangeEvent(ctx context.Context, by *models.Organiser, id string, seen time.Time, change func(*models.Event) error) (models.Event, error) {
	e, err := p.change(ctx, by, id, seen, change, byTitle, asItIs)
	if errors.Is(err, models.ErrExists) { // somebody came between the catalogue and the store
		e, err = p.change(ctx, by, id, seen, change, unique, asItIs)
	}
	return e, err
}

// naming chooses among the addresses that are free for a sketch, best first; nil: it
// stays a sketch.
type naming func(free []string) string

func byTitle(free []string) string { return free[0] }
func unique(free []string) string  { return free[len(free)-1] }

func asItIs(*models.Event) {}

// change is ChangeEvent; mark notes on the changed event what only we know of it.
func (p *Planner) change(ctx context.Context, by *models.Organiser, id string, seen time.Time, change func(*models.Event) error, named naming, mark func(*models.Event)) (models.Event, error) {
	now := p.stamp()
	return p.rewrite(ctx, by, id, now, func(e *models.Event) error {
		if err := mayChange(by, e); err != nil {
			return err
		}
		if !seen.Equal(Anyway) && !seen.Equal(e.Updated) {
			return models.ErrChangedMeanwhile
		}
		return p.apply(by, e, change, named, now)
	}, func(e, was *models.Event) error {
		mark(e)
		return p.check(p.Catalogue(), by, e, was)
	})
}

// apply is a change by somebody who may change the event.
func (p *Planner) apply(by *models.Organiser, e *models.Event, change func(*models.Event) error, named naming, now time.Time) error {
	was := *e
	if err := change(e); err != nil {
		return err
	}
	if was.Sketch() && named != nil && e.Title != "" && !e.Starts.IsZero() {
		e.Slug = ""
		e.Slug = named(p.Catalogue().freeSlugs(e))
	}
	// Asked here too, because a plan says "published" for events that nobody has asked
	// for one by one.
	if was.Status == models.Draft && e.Status == models.Published {
		if p.wantsApproval(by, e) {
			return models.Fault(models.CodeNotApproved)
		}
		e.Approve(now)
	}
	// A co-host was let in: it may not put itself in the host's place.
	if e.Host != was.Host && !(by.WorksFor(e.Host) && by.WorksFor(was.Host)) {
		return models.Fault(models.CodeNotAllowed)
	}
	e.TakeHosts(by, &was, now)
	return nil
}

// tried is an event as a change by somebody would leave it.
func (p *Planner) tried(by *models.Organiser, e *models.Event, change func(*models.Event) error, now time.Time) (models.Event, error) {
	if err := mayChange(by, e); err != nil {
		return *e, err
	}
	after := *e
	if err := p.apply(by, &after, change, byTitle, now); err != nil {
		return *e, err
	}
	after = after.Revised(e, now)
	return after, p.check(p.Catalogue(), by, &after, e)
}

// rewrite changes an event, whatever by may do with it, and everything that follows
// from it. right is asked whether what came of it is; nil: change can do no wrong.
func (p *Planner) rewrite(ctx context.Context, by *models.Organiser, id string, now time.Time, change func(*models.Event) error, right func(e, was *models.Event) error) (models.Event, error) {
	e, err := p.Store.Events.Update(ctx, id, func(e *models.Event) error {
		after := *e
		if err := change(&after); err != nil {
			return err
		}
		after = after.Revised(e, now)
		if right != nil {
			if err := right(&after, e); err != nil {
				return err
			}
		}
		if !after.Updated.Equal(e.Updated) {
			after.Noted = append(slices.Clone(e.Noted), after.ChangeOf(e, by.ID))
		}
		*e = after
		return nil
	})
	if err != nil {
		return e, err
	}
	return p.settle(ctx, e.ID)
}

// mayChange says what somebody may not do to an event: what she may not see is
// not found.
func mayChange(by *models.Organiser, e *models.Event) error {
	switch {
	case by.MayEdit(e):
		return nil
	case by.MaySee(e):
		return models.Fault(models.CodeNotAllowed)
	}
	return models.ErrNotFound
}

// MoveEvent takes an event a step on in its life: publish, postpone, cancel.
// reason is told to those who are coming. A step that was taken already changes
// nothing; publishing may have to wait, as Moving says.
func (p *Planner) MoveEvent(ctx context.Context, by *models.Organiser, id string, seen time.Time, move models.Move, reason string) (models.Event, error) {
	return p.ChangeEvent(ctx, by, id, seen, p.Moving(by, move, reason))
}

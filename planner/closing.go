package planner

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"samling/models"
)

// Closable is an event that can be closed, or was, with what is known of how many
// came.
type Closable struct {
	Event models.Event
	// Ticked and WalkIns are people who were ticked off, and who came without a
	// sign-up.
	Ticked, WalkIns int
	// Said are its contributions in their places, of which some may be empty.
	Said [models.MaxContributions]models.Contribution
}

// Seen is when the newest of it was written; zero: nothing was.
func (c *Closable) Seen() time.Time {
	seen := c.Event.Closing.At
	for _, s := range c.Said {
		if s.At.After(seen) {
			seen = s.At
		}
	}
	return seen
}

// Closable finds an event, named by id or slug, that somebody may close.
// CodeNotPossible while it has not begun.
func (p *Planner) Closable(ctx context.Context, by *models.Organiser, ref string) (Closable, error) {
	e, err := p.Editable(ctx, by, ref)
	c := Closable{Event: e}
	if err == nil && !e.Closable(p.Now()) {
		err = models.Fault(models.CodeNotPossible)
	}
	if err != nil {
		return c, err
	}
	for r, err := range p.Store.RSVPs.List(ctx, models.Query{Index: "event", Equal: []any{e.ID}}) {
		if err != nil {
			return c, err
		}
		c.Ticked += r.Present
	}
	for w, err := range p.Store.WalkIns.List(ctx, models.Query{Index: "event", Equal: []any{e.ID}}) {
		if err != nil {
			return c, err
		}
		c.WalkIns += w.Count
	}
	said, err := p.said(ctx, e.ID)
	for _, s := range said {
		if s.Line >= 1 && s.Line <= len(c.Said) {
			c.Said[s.Line-1] = s
		}
	}
	return c, err
}

// said are the contributions of an event.
func (p *Planner) said(ctx context.Context, event string) (said []models.Contribution, err error) {
	for c, err := range p.Store.Contributions.List(ctx, models.Query{Index: "event", Equal: []any{event}}) {
		if err != nil {
			return nil, err
		}
		said = append(said, c)
	}
	return said, nil
}

// Close closes an event, named by id or slug, or corrects what was written when it
// was; seen is the Seen of what the writer had before her. said are its contributions
// by their lines; those without a text are taken away. The errors are those of
// Event.Close and CheckClosing.
//
// What was said is written first: cut off between, the event is not closed, and
// its page shows what is there already.
func (p *Planner) Close(ctx context.Context, by *models.Organiser, ref string, seen time.Time, closing models.Closing, said []models.Contribution) (models.Event, error) {
	e, err := p.Editable(ctx, by, ref)
	if err != nil {
		return e, err
	}
	var groups []string
	for _, g := range p.Catalogue().Groups {
		groups = append(groups, g.ID)
	}
	if err := models.CheckClosing(closing.Came, said, groups); err != nil {
		return e, err
	}
	now := p.stamp()
	closing.By, closing.At = by.ID, now
	closed := func(e *models.Event) error {
		if err := mayChange(by, e); err != nil {
			return err
		}
		after := *e
		if err := after.Close(closing, seen, now); err != nil {
			return err
		}
		after = after.Revised(e, now)
		if !after.Updated.Equal(e.Updated) {
			after.Noted = append(slices.Clone(e.Noted), after.ChangeOf(e, by.ID))
		}
		*e = after
		return nil
	}
	tried := e // before anything is written
	if err := closed(&tried); err != nil {
		return e, err
	}
	ops, err := p.saying(ctx, e.ID, by, seen, said, now)
	if err == nil {
		err = p.Store.Write(ctx, ops...)
	}
	if errors.Is(err, models.ErrExists) || errors.Is(err, models.ErrNotFound) {
		err = models.ErrChangedMeanwhile // somebody else writes the same line
	}
	if err != nil {
		return e, err
	}
	if e, err = p.Store.Events.Update(ctx, e.ID, closed); err != nil {
		return e, err
	}
	return p.settle(ctx, e.ID)
}

// saying are the writes that make the contributions of an event what is said.
func (p *Planner) saying(ctx context.Context, event string, by *models.Organiser, seen time.Time, said []models.Contribution, now time.Time) (ops []models.Op, err error) {
	kept := map[int]models.Contribution{}
	all, err := p.said(ctx, event)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		kept[c.Line] = c
	}
	for _, c := range said {
		c.ID, c.Text = derivedID("contribution", event, strconv.Itoa(c.Line)), strings.TrimSpace(c.Text)
		c.Event, c.By, c.At = event, by.ID, now
		was, known := kept[c.Line]
		switch {
		case known && c.SaysSame(&was), !known && c.Text == "":
		case was.At.After(seen):
			return nil, models.ErrChangedMeanwhile
		case !known:
			ops = append(ops, p.Store.Contributions.Creating(c))
		case c.Text == "":
			ops = append(ops, p.Store.Contributions.Deleting(c.ID, was.Revision))
		default:
			ops = append(ops, p.Store.Contributions.Updating(c.ID, func(k *models.Contribution) error {
				if k.At.After(seen) {
					return models.ErrChangedMeanwhile
				}
				c.Document = k.Document
				*k = c
				return nil
			}))
		}
	}
	return ops, nil
}

// ContributionFilter chooses contributions. The zero value chooses all that
// somebody may read.
type ContributionFilter struct {
	Group string // slug
	// Words are looked for in the text and in the title of the event.
	Words string
}

// Said is a contribution with the event that it was said at; nil: gone.
type Said struct {
	models.Contribution
	Event *models.Event
}

// Contributions are those that a filter chooses and somebody may read, newest
// first, at most that many, those after a place in that order. older is the place
// of the last when there are more. CodeNotFound for whoever reads for no group.
func (p *Planner) Contributions(ctx context.Context, by *models.Organiser, f ContributionFilter, after models.Cursor, most int) (found []Said, older models.Cursor, err error) {
	if len(p.GroupsOf(by)) == 0 && !by.MayOversee() {
		return nil, older, models.ErrNotFound
	}
	c := p.Catalogue()
	words := c.needles(f.Words)
	for said, err := range p.Store.Contributions.List(ctx, models.Query{Index: "at", Descending: true, After: after}) {
		if err != nil {
			return nil, older, err
		}
		if f.Group != "" && !slices.Contains(said.Groups, f.Group) || !by.MayReadContribution(&said) {
			continue
		}
		one, text := Said{Contribution: said}, said.Text
		if l, err := c.Event(said.Event); err == nil {
			one.Event = l.Event
			text += " " + l.Title
		}
		if text = haystack(text); slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
			continue
		}
		if len(found) == most {
			last := &found[most-1].Contribution
			return found, models.ContributionSpec().At("at", last, last.ID), nil
		}
		found = append(found, one)
	}
	return found, models.Cursor{}, nil
}

// GroupsOf are the slugs of the working groups whose contributions somebody reads.
func (p *Planner) GroupsOf(by *models.Organiser) (slugs []string) {
	for _, g := range p.Catalogue().Groups {
		if by.WorksFor(g.ID) {
			slugs = append(slugs, g.ID)
		}
	}
	return slugs
}

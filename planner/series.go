package planner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"samling/models"
)

// Scope is how much of a series a change is for.
type Scope string

// The scopes. What is over is in none of them.
const (
	ScopeOne   Scope = "one"
	ScopeAfter Scope = "after" // this one and those after it
	ScopeAll   Scope = "all"
)

// Series are the events of a series, in the order of their starts.
func (c *Catalogue) Series(id string) []*Listed {
	var out []*Listed
	for _, l := range c.Events {
		if id != "" && l.Series == id {
			out = append(out, l)
		}
	}
	return out
}

// Repeated are the events of the days on which one was to come again, and how many of
// them are new.
type Repeated struct {
	Events []models.Event
	New    int
}

// Repeat lets an event come again, so many days after it each time: as drafts, or
// published like the first; see RepeatsPublished. Doing it again makes none twice, and
// finishes what was cut off. CodeNotPossible for an event that is off, CodeInvalid for
// no days or more than a series holds.
func (p *Planner) Repeat(ctx context.Context, by *models.Organiser, id string, days []int) (made Repeated, err error) {
	first, err := p.Editable(ctx, by, id)
	if err != nil {
		return made, err
	}
	if first.Status != models.Draft && first.Status != models.Published || first.Sketch() {
		return made, models.Fault(models.CodeNotPossible)
	}
	var f models.Faults
	switch held := len(p.Catalogue().Series(first.Series)); {
	case len(days) == 0:
		f.Add("days", "required")
	case len(days) >= models.MaxSeries, held > 1 && held+len(days) > 2*models.MaxSeries:
		f.Add("days", "too-many", "Max", models.MaxSeries-1)
	}
	if err := f.Err(); err != nil {
		return made, err
	}
	if first.Series == "" {
		series := derivedID("series", first.ID)
		if first, err = p.ChangeEvent(ctx, by, first.ID, Anyway, func(e *models.Event) error { e.Series = series; return nil }); err != nil {
			return made, err
		}
	}
	plain, err := first.Again()
	if err != nil {
		return made, err
	}
	if plain.Series = first.Series; p.RepeatsPublished(by, &first) {
		plain.Status = models.Published
	}
	for _, n := range days {
		e := plain.DaysOn(n)
		e.ID = derivedID("of series", first.Series, e.Starts.Format(time.RFC3339))
		kept, err := p.Store.Events.Get(ctx, e.ID)
		for err == nil && !kept.Starts.Equal(e.Starts) { // it was moved since, and its day is free
			e.ID = derivedID("of series", e.ID)
			kept, err = p.Store.Events.Get(ctx, e.ID)
		}
		if err == nil {
			made.Events = append(made.Events, kept)
			continue
		}
		if !errors.Is(err, models.ErrNotFound) {
			return made, err
		}
		if e, err = p.create(ctx, by, e); err != nil {
			return made, fmt.Errorf("planner: the one %d days later: %w", n, err)
		}
		made.Events = append(made.Events, e)
		made.New++
	}
	return made, nil
}

// RepeatsPublished reports whether an event that comes again is published at once each
// time. A coordinator who is to look first has seen one day of it, and not the others.
func (p *Planner) RepeatsPublished(by *models.Organiser, e *models.Event) bool {
	next := models.Event{Host: e.Host, Status: models.Draft}
	return e.Status == models.Published && p.mayPublish(by, e) == nil && !p.AwaitsApproval(by, &next)
}

// PlanSeries makes a plan of a change to an event of a series and to others of it. The
// others take the fields that it changes, on their own days, but for those that are
// their own already. seen is the event as the caller has seen it; the errors are those
// of ChangeEvent.
func (p *Planner) PlanSeries(ctx context.Context, by *models.Organiser, id string, seen time.Time, scope Scope, i Intent) (models.Plan, error) {
	was, err := p.Editable(ctx, by, id)
	if err != nil {
		return models.Plan{}, err
	}
	if !seen.Equal(was.Updated) {
		return models.Plan{}, models.ErrChangedMeanwhile
	}
	now := p.stamp()
	is, err := p.tried(by, &was, i.Change, now)
	if err != nil {
		return models.Plan{}, err
	}
	change := i.Change
	i.Change = func(e *models.Event) error {
		if e.ID == was.ID {
			return change(e)
		}
		_, err := e.TakeChange(&was, &is)
		if err == nil && is.Approval.Waits() && is.Approval != was.Approval && p.AwaitsApproval(by, e) {
			err = e.AskApproval(by, now, time.Time{})
		}
		return err
	}
	i.Kept = func(e models.Event) ([]string, error) {
		if e.ID == was.ID {
			return nil, nil
		}
		return e.TakeChange(&was, &is)
	}
	i.Events = []string{was.ID}
	for _, l := range p.Catalogue().Series(was.Series) {
		in := scope == ScopeAll || scope == ScopeAfter && l.Starts.After(was.Starts)
		if in && l.ID != was.ID && l.Status != models.Cancelled && l.Ends.After(p.Now()) {
			i.Events = append(i.Events, l.ID)
		}
	}
	return p.MakePlan(ctx, by, i)
}

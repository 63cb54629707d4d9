package planner

import (
	"context"
	"errors"
	"time"

	"samling/models"
)

// CarryOut does what a plan says, event by event, and returns it with what became
// of each. Doing it again changes nothing. What was changed meanwhile is left as
// it is and stands in the plan as refused. If the process dies on the way, the
// loop over open plans goes on. CodeNotPossible for a plan that does nothing, or
// was undone.
func (p *Planner) CarryOut(ctx context.Context, by *models.Organiser, id string) (models.Plan, error) {
	return p.turnPlan(ctx, by, id, func(plan *models.Plan) error { return plan.Begin(p.Now()) })
}

// UndoPlan takes back what a plan has done, but for events that were changed
// since: those stand in it with the reason. Nobody has been told by then, but for
// those at events that are soon: they are told that it is as it was. Doing it again
// changes nothing; CodeNotPossible before it was carried out, or more than
// models.UndoLasts after it was confirmed.
func (p *Planner) UndoPlan(ctx context.Context, by *models.Organiser, id string) (models.Plan, error) {
	plan, err := p.Plan(ctx, by, id)
	if err != nil {
		return plan, err
	}
	if _, err := p.finishPlan(ctx, &plan); err != nil { // what was begun comes to its end first
		return plan, err
	}
	return p.turnPlan(ctx, by, id, func(plan *models.Plan) error { return plan.Undo(p.Now()) })
}

// turnPlan takes a plan a step on and does what follows from it.
func (p *Planner) turnPlan(ctx context.Context, by *models.Organiser, id string, turn func(*models.Plan) error) (models.Plan, error) {
	if plan, err := p.Plan(ctx, by, id); err != nil {
		return plan, err
	}
	plan, err := p.Store.Plans.Update(ctx, id, turn)
	if err != nil {
		return plan, err
	}
	return p.finishPlan(ctx, &plan)
}

// finishPlan does what is still to be done of an open plan. The events carry the
// mark of the plan that has changed them, so that it may be done any number of
// times, and by many at once.
func (p *Planner) finishPlan(ctx context.Context, plan *models.Plan) (models.Plan, error) {
	if !plan.Open() {
		return *plan, nil
	}
	by, err := p.maker(ctx, plan)
	if err != nil {
		return *plan, err
	}
	for i := range plan.Steps {
		s := &plan.Steps[i]
		if plan.Status == models.PlanCarrying {
			err = p.carry(ctx, by, plan, s)
		} else {
			err = p.takeBack(ctx, by, plan, s)
		}
		if err != nil {
			return *plan, err
		}
	}
	open, steps := plan.Status, plan.Steps
	return p.Store.Plans.Update(ctx, plan.ID, func(plan *models.Plan) error {
		if plan.Status == open { // another has not come before us
			plan.Steps = steps
			plan.Finish()
		}
		return nil
	})
}

// maker is who made a plan, as she is now. Whoever is no organiser any more may
// change nothing.
func (p *Planner) maker(ctx context.Context, plan *models.Plan) (*models.Organiser, error) {
	if plan.By == Command().ID {
		return Command(), nil
	}
	o, err := p.Store.Organisers.Get(ctx, plan.By)
	return &o, ignoring(err, models.CodeNotFound)
}

// carry does one step.
func (p *Planner) carry(ctx context.Context, by *models.Organiser, plan *models.Plan, s *models.Step) error {
	if s.Refused != "" || !s.Done.IsZero() {
		return nil
	}
	after, now := replacing(s.After), p.stamp()
	e, err := p.change(ctx, by, s.Event, s.Seen, func(e *models.Event) error {
		if s.Asks || s.Says.Status == models.Published && e.Status != models.Published {
			if err := p.mayPublish(by, e); err != nil {
				return err
			}
		}
		if err := after(e); err != nil || !s.Asks {
			return err
		}
		return e.AskApproval(by, now, plan.Told(false))
	}, byTitle, func(e *models.Event) { e.Planned = plan.Mark(s, e) })
	if errors.Is(err, models.ErrChangedMeanwhile) {
		if e, gerr := p.Store.Events.Get(ctx, s.Event); gerr != nil {
			err = gerr
		} else if e.Planned.Plan == plan.ID { // by ourselves, before something broke off
			s.Done = e.Planned.At
			_, err = p.settle(ctx, e.ID)
			return err
		}
	}
	if err != nil {
		return s.Refuse(err)
	}
	s.Done = e.Planned.At
	return nil
}

// takeBack undoes one step.
func (p *Planner) takeBack(ctx context.Context, by *models.Organiser, plan *models.Plan, s *models.Step) error {
	if s.Done.IsZero() || s.Undone {
		return nil
	}
	if s.Said.Status == models.Draft && s.Says.Status != models.Draft {
		r, err := p.Store.Rosters.Get(ctx, s.Event)
		if err := ignoring(err, models.CodeNotFound); err != nil {
			return err
		}
		if counts := r.Counts(); counts.Seated()+counts.Waiting > 0 {
			s.Stands = models.CodeNotPossible // they have been told that they are in
			return nil
		}
	}
	before := replacing(s.Before)
	_, err := p.change(ctx, by, s.Event, s.Done, func(e *models.Event) error {
		if s.Asks {
			e.Approval = s.Approval
		}
		return before(e)
	}, byTitle, func(e *models.Event) {
		e.Planned, e.Moved = plan.Mark(s, e), s.Moved // it never was anywhere else
	})
	if errors.Is(err, models.ErrChangedMeanwhile) {
		if e, gerr := p.Store.Events.Get(ctx, s.Event); gerr != nil {
			err = gerr
		} else if e.Planned.Plan == plan.ID && e.Planned.Undone {
			_, err = p.settle(ctx, e.ID)
		}
	}
	if err == nil {
		s.Undone = true
		return nil
	}
	refused := models.Step{}
	err = refused.Refuse(err)
	s.Stands = refused.Refused
	return err
}

// replacing is the change that gives an event these fields.
func replacing(fields models.Fields) func(*models.Event) error {
	return func(e *models.Event) error {
		after, err := e.With(fields)
		if err == nil {
			*e = after
		}
		return err
	}
}

// planRests is how long a plan is left to whoever confirmed it before the loop
// takes it up: longer than it takes to carry out the largest.
const planRests = 30 * time.Second

// CarryOn finishes the plans that were cut off, and drops those that are of no use
// any more.
func (p *Planner) CarryOn(ctx context.Context) error {
	now := p.Now()
	for plan, err := range p.Store.Plans.List(ctx, models.Query{Index: "open", To: now.Add(-planRests).UnixMilli()}) {
		if err != nil {
			return err
		}
		if _, err := p.finishPlan(ctx, &plan); err != nil {
			return err
		}
	}
	for plan, err := range p.Store.Plans.List(ctx, models.Query{Index: "made", To: now.Add(-models.PlanUnused).UnixMilli()}) {
		if err != nil {
			return err
		}
		if plan.Open() || plan.Status != models.PlanMade && plan.Made.After(now.Add(-models.PlanLasts)) {
			continue
		}
		err := p.Store.Plans.Delete(ctx, plan.ID, plan.Revision)
		if err := ignoring(err, models.CodeNotFound, models.CodeChangedMeanwhile); err != nil {
			return err
		}
	}
	return nil
}

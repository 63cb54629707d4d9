package planner

import (
	"context"
	"strconv"

	"samling/models"
)

// PauseSignUp stops an event from taking new names, or lets it take them again.
// Those who wait still move up.
func (p *Planner) PauseSignUp(ctx context.Context, by *models.Organiser, id string, paused bool) error {
	_, err := p.ChangeEvent(ctx, by, id, Anyway, func(e *models.Event) error { e.SignUp.Paused = paused; return nil })
	return err
}

// RequireConfirm makes everybody show that the address she gave is hers: those
// who sign up from now on, and within a day those who are in already.
func (p *Planner) RequireConfirm(ctx context.Context, by *models.Organiser, id string) error {
	e, err := p.ChangeEvent(ctx, by, id, Anyway, func(e *models.Event) error { e.SignUp.Confirm = true; return nil })
	if err != nil {
		return err
	}
	now := p.Now()
	return p.guard(ctx, e.ID, func(r *models.Roster) { r.RequireConfirm(now) })
}

// RemoveAttendees takes people off the list of an event; they are told. bar lets
// nothing come of their addresses at this event any more.
func (p *Planner) RemoveAttendees(ctx context.Context, by *models.Organiser, id string, rsvps []string, bar bool) error {
	e, err := p.Editable(ctx, by, id)
	if err != nil {
		return err
	}
	var ids []models.ID
	for _, rsvp := range rsvps {
		if id, err := models.ParseID(rsvp); err == nil {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		var f models.Faults
		f.Add("rsvp", "required")
		return f.Err()
	}
	if err := p.Store.Write(ctx, p.Noting(by, models.Change{
		Deed: models.DeedRemove, Event: e.ID, Fields: []models.Difference{{Field: "attendees", From: strconv.Itoa(len(ids))}},
	})); err != nil {
		return err
	}
	now := p.Now()
	return p.guard(ctx, e.ID, func(r *models.Roster) { r.Remove(ids, bar, now) })
}

func (p *Planner) guard(ctx context.Context, event string, change func(*models.Roster)) error {
	r, err := p.Store.Rosters.Update(ctx, event, func(r *models.Roster) error { change(r); return nil })
	if err != nil {
		return err
	}
	p.seats.Add(event, seatsOf(&r, p.Now()))
	p.wakeDue()
	return nil
}

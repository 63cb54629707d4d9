package planner

import (
	"context"
	"errors"
	"time"

	"samling/models"
)

// A door's link is an address with a secret, as a members' link is: a token of the
// vault that carries the event's id, its purpose being the moment at which the link
// was made. The code follows from the same. Phones have a secret each, of which only
// a hash is kept.

// Door is the door of an event, named by id or slug, for somebody who may keep it;
// one that never was opened is closed and has no Made.
func (p *Planner) Door(ctx context.Context, by *models.Organiser, ref string) (models.Event, models.Door, error) {
	e, err := p.Editable(ctx, by, ref)
	if err == nil && !by.MayKeepDoor(&e) {
		err = models.Fault(models.CodeNotAllowed)
	}
	if err != nil {
		return e, models.Door{}, err
	}
	d, err := p.Store.Doors.Get(ctx, e.ID)
	if errors.Is(err, models.ErrNotFound) {
		return e, models.Door{Document: models.Document{ID: e.ID}, Closed: true}, nil
	}
	return e, d, err
}

// OpenUp opens the door of an event; one that stands open is left alone, since
// somebody may have been told its code already. The errors are those of RenewDoor.
func (p *Planner) OpenUp(ctx context.Context, by *models.Organiser, ref string) error {
	return p.makeDoor(ctx, by, ref, func(d *models.Door, now time.Time) {
		if d.Closed || d.Made.IsZero() {
			d.Renew(by, now)
		}
	})
}

// RenewDoor gives the door of an event another link and another code, which ends
// those before and closes all phones. CodeNotPossible for a draft, and when nobody
// would be let in any more.
func (p *Planner) RenewDoor(ctx context.Context, by *models.Organiser, ref string) error {
	return p.makeDoor(ctx, by, ref, func(d *models.Door, now time.Time) { d.Renew(by, now) })
}

func (p *Planner) makeDoor(ctx context.Context, by *models.Organiser, ref string, change func(*models.Door, time.Time)) error {
	e, d, err := p.Door(ctx, by, ref)
	if err != nil {
		return err
	}
	now := p.Now()
	if e.Status == models.Draft || !now.Before(e.Ends.Add(models.DoorReads)) {
		return models.Fault(models.CodeNotPossible)
	}
	change(&d, now)
	err = p.Store.Doors.Create(ctx, d)
	if !errors.Is(err, models.ErrExists) {
		return err
	}
	return p.changeDoor(ctx, e.ID, func(d *models.Door) { change(d, now) })
}

// CloseDoor ends the link, the code and all phones.
func (p *Planner) CloseDoor(ctx context.Context, by *models.Organiser, ref string) error {
	e, _, err := p.Door(ctx, by, ref)
	if err != nil {
		return err
	}
	return p.changeDoor(ctx, e.ID, (*models.Door).Close)
}

// ClosePhone closes one phone by its number.
func (p *Planner) ClosePhone(ctx context.Context, by *models.Organiser, ref string, number int) error {
	e, _, err := p.Door(ctx, by, ref)
	if err != nil {
		return err
	}
	now := p.Now()
	return p.changeDoor(ctx, e.ID, func(d *models.Door) { d.ClosePhone(number, now) })
}

func (p *Planner) changeDoor(ctx context.Context, id string, change func(*models.Door)) error {
	_, err := p.Store.Doors.Update(ctx, id, func(d *models.Door) error { change(d); return nil })
	return err
}

// DoorSecret is the secret of a door's link, DoorCode the four digits that open it.
func (p *Planner) DoorSecret(d *models.Door) string { return p.Keys.Vault().Token(d.Purpose(), d.ID) }

// DoorCode is the four digits that open a door.
func (p *Planner) DoorCode(d *models.Door) string {
	return p.Keys.Vault().Code(d.Purpose(), d.ID)[2:]
}

// phoneName is what names of phones are sealed for.
const phoneName = "door phone"

// PhoneName is what somebody typed to tell her phone by; empty: nothing.
func (p *Planner) PhoneName(phone *models.Phone) string {
	if len(phone.Name) == 0 {
		return ""
	}
	name, err := p.Keys.Vault().OpenFor(phoneName, phone.ID, phone.Name)
	if err != nil {
		return ""
	}
	return string(name)
}

// SweepDoors drops the doors of events that are so long over that nothing is taken
// from their phones any more.
func (p *Planner) SweepDoors(ctx context.Context) error {
	now := p.Now()
	for d, err := range p.Store.Doors.List(ctx, models.Query{}) {
		if err != nil {
			return err
		}
		e, err := p.Store.Events.Get(ctx, d.ID)
		if err == nil && now.Before(e.Ends.Add(models.DoorWrites)) {
			continue
		}
		if err == nil || errors.Is(err, models.ErrNotFound) {
			err = p.Store.Doors.Delete(ctx, d.ID, d.Revision)
		}
		if err != nil && !errors.Is(err, models.ErrNotFound) && !errors.Is(err, models.ErrChangedMeanwhile) {
			return err
		}
	}
	return nil
}

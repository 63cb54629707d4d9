package planner

import (
	"context"
	"errors"
	"time"

	"samling/models"
)

// KeepDraft keeps what somebody is writing: a draft that is there already, or a new
// sketch with that id, a UUID of the client's. It takes what is unfinished, gives no
// address, and never touches what is out: CodeNotPossible. write fills the event, and
// may run more than once. seen is as for ChangeEvent; Anyway is for a client that made
// the id and so is the only one to know it.
func (p *Planner) KeepDraft(ctx context.Context, by *models.Organiser, id string, seen time.Time, write func(*models.Event) error) (models.Event, error) {
	_, err := p.Store.Events.Get(ctx, id)
	if errors.Is(err, models.ErrNotFound) {
		if _, err := models.ParseID(id); err != nil {
			return models.Event{}, models.Because(models.CodeMalformed, err)
		}
		e := models.Event{Document: models.Document{ID: id}, Slug: id, TimeZone: p.Zone, Status: models.Draft}
		if err := write(&e); err != nil {
			return e, err
		}
		return p.create(ctx, by, e)
	}
	if err != nil {
		return models.Event{}, err
	}
	return p.change(ctx, by, id, seen, func(e *models.Event) error {
		if e.Status != models.Draft {
			return models.Fault(models.CodeNotPossible)
		}
		return write(e)
	}, nil, asItIs)
}

// mayPublish says why somebody may not show an event to others; nil: she may. Whatever
// publishes asks here.
func (p *Planner) mayPublish(by *models.Organiser, e *models.Event) error {
	if !by.MayPublish(e) {
		return models.Fault(models.CodeNotAllowed)
	}
	return nil
}

// PublishLater lets a draft publish itself at a time, or not any more: zero. Whether
// she may publish it is asked now, of her and of a coordinator who must have a look
// first: until she has, it stays a draft beyond its time. CodeInvalid: the time is not between now and when
// the event begins, or something is missing that publishing needs.
func (p *Planner) PublishLater(ctx context.Context, by *models.Organiser, id string, seen, at time.Time) (models.Event, error) {
	now := p.stamp()
	return p.ChangeEvent(ctx, by, id, seen, func(e *models.Event) error {
		if e.Status != models.Draft {
			return models.Fault(models.CodeNotPossible)
		}
		if at.IsZero() {
			e.PublishAt, e.PublishBy = at, ""
			return nil
		}
		if err := p.mayPublish(by, e); err != nil {
			return err
		}
		out := *e
		out.Status = models.Published
		if err := out.Validate(); err != nil {
			return err
		}
		var f models.Faults
		switch {
		case !at.After(p.Now()):
			f.Add("publish", "already-past")
		case !at.Before(e.Starts):
			f.Add("publish", "after-start")
		}
		e.PublishAt, e.PublishBy = at, by.ID
		if err := f.Err(); err != nil {
			return err
		}
		if p.AwaitsApproval(by, e) {
			return e.AskApproval(by, now, time.Time{})
		}
		e.Approve(now)
		return nil
	})
}

// PublishDue publishes the drafts whose time has come. Whichever instance does it, and
// however late, it happens once. An event that is over by then stays a draft, and its
// log says so.
func (p *Planner) PublishDue(ctx context.Context) error {
	now := models.Milli(p.Now())
	for e, err := range p.Store.Events.List(ctx, models.Query{Index: "publish", To: now.UnixMilli() + 1}) {
		if err != nil {
			return err
		}
		if e.Approval.Waits() {
			continue
		}
		// She chose it when she might; that she has left since takes nothing back.
		by := &models.Organiser{Document: models.Document{ID: e.PublishBy}, Role: models.RoleCoordinator}
		_, err := p.ChangeEvent(ctx, by, e.ID, Anyway, func(e *models.Event) error {
			if e.PublishAt.IsZero() || e.PublishAt.After(now) || e.Status != models.Draft {
				return nil // somebody else was faster, or thought better of it
			}
			if e.Ends.After(now) {
				e.Status = models.Published
			}
			e.PublishAt, e.PublishBy = time.Time{}, ""
			return nil
		})
		if models.CodeOf(err) == models.CodeInvalid {
			// What it names is gone since: a group, a host. It waits for somebody, and
			// does not keep the others from being published.
			p.Log.Warn("a draft did not publish itself", "event", e.ID, "error", err)
			_, err = p.rewrite(ctx, by, e.ID, p.stamp(), func(e *models.Event) error {
				e.PublishAt, e.PublishBy = time.Time{}, ""
				return nil
			}, nil)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// AskHelp puts a draft on the desk of the central office, or takes it off again.
func (p *Planner) AskHelp(ctx context.Context, by *models.Organiser, id string, wanted bool) (models.Event, error) {
	now := models.Milli(p.Now())
	return p.change(ctx, by, id, Anyway, func(e *models.Event) error {
		switch {
		case e.Status != models.Draft:
			return models.Fault(models.CodeNotPossible)
		case !wanted:
			e.Help = time.Time{}
		case e.Help.IsZero():
			e.Help = now
		}
		return nil
	}, nil, asItIs)
}

// Author is the address of who began to write an event; empty: it was not written
// here, or her account is gone.
func (p *Planner) Author(ctx context.Context, e *models.Event) (string, error) {
	return p.AddressOf(ctx, e.Author)
}

// AddressOf is the address of an organiser by her id; empty: her account is gone.
func (p *Planner) AddressOf(ctx context.Context, organiser string) (string, error) {
	o, err := p.Store.Organisers.Get(ctx, organiser)
	if errors.Is(err, models.ErrNotFound) {
		return "", nil
	}
	return o.Email, err
}

package planner

import (
	"context"
	"errors"
	"slices"
	"time"

	"samling/models"
)

// Intent is a change of several events that somebody thinks of.
type Intent struct {
	// What is done, as a key of its words; Reason what people are told about it.
	What, Reason string
	// Back is the path of the page to return to, without its language.
	Back string
	// Events are ids or slugs.
	Events []string
	// Change is what is done to each of them: like that of ChangeEvent. Moving makes
	// one of a step in their lives.
	Change func(*models.Event) error
	// Kept are the fields in which an event keeps what is its own; nil: there are
	// none.
	Kept func(models.Event) ([]string, error)
}

// Moving is the change that takes an event a step on in its life. reason is told
// to those who are coming. A step that was taken already changes nothing. To publish
// what a coordinator must look at first asks for that, and the event stays a draft
// whose Approval waits.
func (p *Planner) Moving(by *models.Organiser, move models.Move, reason string) func(*models.Event) error {
	now := p.stamp()
	return func(e *models.Event) error {
		status, err := move.After(e.Status)
		if err != nil || status == e.Status {
			return err
		}
		if move == models.Publish {
			if err := p.mayPublish(by, e); err != nil {
				return err
			}
		}
		// What has been can be written down afterwards. But what was postponed
		// would be told to its people as if it were still to come.
		if move == models.Publish && e.Status == models.Postponed && !e.Ends.After(p.Now()) {
			return models.Fault(models.CodePast)
		}
		if move == models.Publish {
			if p.AwaitsApproval(by, e) {
				return e.AskApproval(by, now, time.Time{})
			}
		}
		e.Status, e.Reason = status, reason
		return nil
	}
}

// MakePlan says what a change would do to events, and to whom; nothing is done
// until CarryOut. What the change does nothing to is left out; what cannot be
// changed stands there with the reason. CodeInvalid for no events or more than
// MaxSteps, ErrNotFound when she may not see one of them.
func (p *Planner) MakePlan(ctx context.Context, by *models.Organiser, i Intent) (models.Plan, error) {
	now := p.stamp()
	plan := models.Plan{
		Document: models.Document{ID: newID()}, What: i.What, Reason: i.Reason, By: by.ID, Back: i.Back,
		Status: models.PlanMade, Made: now,
	}
	var f models.Faults
	switch {
	case len(i.Events) == 0:
		f.Add("events", "required")
	case len(i.Events) > models.MaxSteps:
		f.Add("events", "too-many", "Max", models.MaxSteps)
	}
	if err := f.Err(); err != nil {
		return plan, err
	}
	for _, ref := range i.Events {
		l, err := p.Catalogue().Event(ref)
		if err != nil {
			return plan, err
		}
		e, err := p.Store.Events.Get(ctx, l.ID)
		if err != nil {
			return plan, err
		}
		step, err := p.step(by, &e, i.Change, now)
		if err != nil {
			return plan, err
		}
		if i.Kept != nil && step.Refused == "" {
			if step.Kept, err = i.Kept(e); err != nil {
				return plan, err
			}
			if len(step.Kept) > 0 && !step.Changes() {
				step.Refused = models.CodeNotPossible
			}
		}
		if step.Refused != "" || step.Changes() {
			plan.Steps = append(plan.Steps, step)
		}
	}
	if err := p.count(ctx, &plan, now); err != nil {
		return plan, err
	}
	return plan, p.Store.Plans.Create(ctx, plan)
}

// step is what a change does to one event.
func (p *Planner) step(by *models.Organiser, e *models.Event, change func(*models.Event) error, now time.Time) (models.Step, error) {
	s := models.Step{Event: e.ID, Seen: e.Updated, Moved: e.Moved, Approval: e.Approval, Said: e.Facts(), Says: e.Facts()}
	after, err := p.tried(by, e, change, now)
	if models.CodeOf(err) == models.CodeNotFound {
		return s, err // it is not for her to know that there is such an event
	}
	if err != nil {
		return s, s.Refuse(err)
	}
	s.Says, s.Asks = after.Facts(), after.Approval.Waits() && after.Approval != e.Approval
	s.Before, s.After, err = after.FieldsSince(e)
	return s, err
}

// count says whom a plan is told to. One person is one address, whatever she is
// signed up for, so addresses are opened to be compared; they stay in here.
func (p *Planner) count(ctx context.Context, plan *models.Plan, now time.Time) error {
	parties := map[string]int{} // the largest by address
	type mail struct {
		address string
		soon    bool
	}
	mails := map[mail]bool{}
	for i := range plan.Steps {
		s := &plan.Steps[i]
		if !s.Tells(now) {
			continue
		}
		r, err := p.Store.Rosters.Get(ctx, s.Event)
		if errors.Is(err, models.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		r.Settle(now)
		for _, entry := range r.Entries {
			if !entry.State.Coming() {
				continue
			}
			if entry.Who == (models.Who{}) {
				plan.Unreached += entry.Party
				continue
			}
			address, err := p.addressOf(ctx, entry.RSVP.String())
			if err != nil {
				return err
			}
			if address = models.NormaliseEmail(address); address != "" {
				s.Told++
				parties[address] = max(parties[address], entry.Party)
				mails[mail{address, s.Soon(now)}] = true
			}
		}
	}
	plan.Mails, plan.People = len(mails), plan.Unreached
	for _, party := range parties {
		plan.People += party
	}
	return nil
}

// ignoring is the error unless it has one of the codes.
func ignoring(err error, codes ...models.Code) error {
	if slices.Contains(codes, models.CodeOf(err)) {
		return nil
	}
	return err
}

// Plan is a plan as it stands, for whoever made it and for coordinators;
// ErrNotFound for everybody else.
func (p *Planner) Plan(ctx context.Context, by *models.Organiser, id string) (models.Plan, error) {
	plan, err := p.Store.Plans.Get(ctx, id)
	if err == nil && plan.By != by.ID && !by.MayOversee() {
		return models.Plan{}, models.ErrNotFound
	}
	return plan, err
}

// Planned are the events at which an address is told a tale of a plan, in the order
// of their starts: those that have not been changed again since. A sign-up that
// came after the plan knows nothing else.
func (p *Planner) Planned(ctx context.Context, tale, address string) ([]models.Living, error) {
	plan, err := p.Store.Plans.Get(ctx, models.PlanOf(tale))
	if err != nil {
		return nil, ignoring(err, models.CodeNotFound)
	}
	now := p.Now()
	var out []models.Living
	for i := range plan.Steps {
		s := &plan.Steps[i]
		if s.Done.IsZero() || s.Undone || !s.Tells(now) {
			continue
		}
		e, err := p.Catalogue().Event(s.Event)
		if err != nil {
			continue
		}
		l, err := p.livingAt(ctx, e.Event, models.NormaliseEmail(address), now)
		if err != nil {
			return nil, err
		}
		if l == nil || l.tale != tale || l.Entry.Since.After(plan.Begun) {
			continue
		}
		l.Was = s.Said
		if l.Is.Veiled || s.Said.Protected && l.Entry.Told.Heard&models.HeardPlace == 0 {
			l.Was = s.Said.Veil()
		}
		out = append(out, l.Living)
	}
	slices.SortStableFunc(out, func(a, b models.Living) int { return a.Is.Starts.Compare(b.Is.Starts) })
	return out, nil
}

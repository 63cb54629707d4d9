package planner

import (
	"context"
	"slices"

	"samling/models"
)

// Invite asks an association or a group to be co-host of an event. Whom by works
// for is one at once; so is everybody for a coordinator.
func (p *Planner) Invite(ctx context.Context, by *models.Organiser, id, host string) (models.Event, error) {
	return p.ChangeEvent(ctx, by, id, Anyway, func(e *models.Event) error {
		if slices.Contains(e.CoHosts, host) {
			return nil
		}
		var f models.Faults
		switch {
		case host == "":
			f.Add("host", "required")
		case host == e.Host:
			f.Add("host", "hosts-already")
		case !p.Catalogue().IsHost(host):
			f.Add("host", "unknown-host", "Value", host)
		}
		e.CoHosts = append(slices.Clone(e.CoHosts), host)
		return f.Err()
	})
}

// Withdraw takes an invitation back; CodeNotPossible when it was answered.
func (p *Planner) Withdraw(ctx context.Context, by *models.Organiser, id, host string) (models.Event, error) {
	return p.ChangeEvent(ctx, by, id, Anyway, func(e *models.Event) error { return e.Withdraw(host) })
}

// RemoveCoHost takes a co-host out, whose organisers are told. Who works for it
// leaves by it, and the host is told, with her words. One that is gone changes nothing;
// CodeNotPossible for the host itself, and for one that is only asked.
func (p *Planner) RemoveCoHost(ctx context.Context, by *models.Organiser, id, host, words string) (models.Event, error) {
	if err := checkWords(words); err != nil {
		return models.Event{}, err
	}
	now := p.stamp()
	return p.ChangeEvent(ctx, by, id, Anyway, func(e *models.Event) error {
		if host == e.Host || slices.Contains(e.Pending(), host) {
			return models.Fault(models.CodeNotPossible)
		}
		if slices.Contains(by.For, host) {
			e.Leave(host, words, now)
			return nil
		}
		e.CoHosts = slices.DeleteFunc(slices.Clone(e.CoHosts), func(h string) bool { return h == host })
		return nil
	})
}

// Invited finds an event to whose hosting somebody is invited, as the store has
// it now. What she may not see is not found; CodeNotAllowed: she sees it and is
// not asked.
func (p *Planner) Invited(ctx context.Context, by *models.Organiser, ref string) (models.Event, error) {
	l, err := p.Catalogue().Event(ref)
	if err != nil {
		return models.Event{}, err
	}
	e, err := p.Store.Events.Get(ctx, l.ID)
	switch {
	case err != nil, by.MayAnswer(&e), by.MayEdit(&e):
		return e, err
	case by.MaySee(&e):
		return e, models.Fault(models.CodeNotAllowed)
	}
	return e, models.ErrNotFound
}

// AnswerInvitation says yes or no for an association that is asked to be co-host;
// saying the same again changes nothing. CodeNotPossible: it said the other, or
// left since. An invitation that was withdrawn is not found.
func (p *Planner) AnswerInvitation(ctx context.Context, by *models.Organiser, ref, host string, yes bool, words string) (models.Event, error) {
	l, err := p.Catalogue().Event(ref)
	if err != nil {
		return models.Event{}, err
	}
	if err := checkWords(words); err != nil {
		return models.Event{}, err
	}
	now := p.stamp()
	return p.rewrite(ctx, by, l.ID, now, func(e *models.Event) error {
		switch {
		case e.Invitation(host) != nil && by.WorksFor(host):
			return e.Answer(host, yes, words, now)
		case by.MaySee(e):
			return models.Fault(models.CodeNotAllowed)
		}
		return models.ErrNotFound
	}, nil)
}

// Invitations are the events that await an answer of the associations and groups
// that somebody works for, in the order of their start. A coordinator, who may
// answer for everybody, is not asked for everybody.
func (c *Catalogue) Invitations(by *models.Organiser) []*Listed {
	var out []*Listed
	for _, l := range c.Events {
		if overlaps(l.Pending(), by.For) {
			out = append(out, l)
		}
	}
	return out
}

func checkWords(words string) error {
	var f models.Faults
	models.CheckText(&f, "words", words, false, models.MaxNote)
	return f.Err()
}

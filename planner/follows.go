package planner

import (
	"context"
	"errors"
	"slices"
	"strings"

	"samling/models"
)

// followPurpose separates the sealed addresses of calendars from all else.
const followPurpose = "follow"

// StartFollowing notes the address of an association's own calendar, and has it
// looked at: nothing is taken over before ApproveFollow. One that is noted already
// is returned as it is.
func (p *Planner) StartFollowing(ctx context.Context, by *models.Organiser, association, address string) (models.Follow, error) {
	var f models.Faults
	if _, err := p.Catalogue().Association(association); err != nil {
		f.Add("association", "unknown-host", "Value", association)
	}
	address, site := models.CalendarAddress(&f, "address", address)
	if err := f.Err(); err != nil {
		return models.Follow{}, err
	}
	if !by.WorksFor(association) {
		return models.Follow{}, models.Fault(models.CodeNotAllowed)
	}
	now := models.Milli(p.Now())
	v := p.Keys.Vault()
	id := derivedID(followPurpose, association, v.Hash(followPurpose, address))
	begun := models.Follow{
		Document: models.Document{ID: id}, Association: association, Status: models.FollowNew,
		Sealed: v.SealFor(followPurpose, id, []byte(address)), Site: site, Created: now, Due: now,
	}
	if err := p.roomToFollow(ctx, association, id); err != nil {
		return begun, err
	}
	err := p.Store.Follows.Create(ctx, begun)
	if errors.Is(err, models.ErrExists) {
		begun, err = p.Store.Follows.Update(ctx, id, func(f *models.Follow) error {
			if f.Status == models.FollowOff {
				begun.Document = f.Document
				*f = begun
			}
			return nil
		})
	}
	if err != nil {
		return begun, err
	}
	return p.fetch(ctx, begun)
}

// roomToFollow errs when an association follows as many calendars as it may.
func (p *Planner) roomToFollow(ctx context.Context, association, id string) error {
	n := 0
	for f, err := range p.Store.Follows.List(ctx, models.Query{}) {
		if err != nil {
			return err
		}
		if f.Association == association && f.Status != models.FollowOff && f.ID != id {
			n++
		}
	}
	var f models.Faults
	if n >= models.MaxFollows {
		f.Add("address", "too-many-calendars", "Max", models.MaxFollows)
	}
	return f.Err()
}

// fetch lets somebody who waits for it see a calendar as it is now, if that is
// soon.
func (p *Planner) fetch(ctx context.Context, f models.Follow) (models.Follow, error) {
	if p.Fetch == nil || !f.Busy(p.Now()) {
		return f, nil
	}
	p.Fetch(ctx, f.ID)
	return p.Store.Follows.Get(ctx, f.ID)
}

// Follows are the calendars that are followed for the associations that somebody
// works for, by the names of those and then of the calendars.
func (p *Planner) Follows(ctx context.Context, by *models.Organiser) ([]models.Follow, error) {
	var out []models.Follow
	for f, err := range p.Store.Follows.List(ctx, models.Query{}) {
		if err != nil {
			return nil, err
		}
		if f.Status != models.FollowOff && by.WorksFor(f.Association) {
			out = append(out, f)
		}
	}
	c := p.Catalogue()
	slices.SortStableFunc(out, func(a, b models.Follow) int {
		return strings.Compare(c.HostName(a.Association, "")+"\n"+a.Name, c.HostName(b.Association, "")+"\n"+b.Name)
	})
	return out, nil
}

// Follow is one of those; what somebody may not see is not found.
func (p *Planner) Follow(ctx context.Context, by *models.Organiser, id string) (models.Follow, error) {
	f, err := p.Store.Follows.Get(ctx, id)
	if err == nil && (f.Status == models.FollowOff || !by.WorksFor(f.Association)) {
		return models.Follow{}, models.ErrNotFound
	}
	return f, err
}

// changeFollow changes a calendar that somebody may follow.
func (p *Planner) changeFollow(ctx context.Context, by *models.Organiser, id string, change func(*models.Follow) error) (models.Follow, error) {
	if _, err := p.Follow(ctx, by, id); err != nil {
		return models.Follow{}, err
	}
	return p.Store.Follows.Update(ctx, id, change)
}

// ApproveFollow lets the events of a calendar in that was looked at: published, or
// as drafts.
func (p *Planner) ApproveFollow(ctx context.Context, by *models.Organiser, id string, drafts bool) error {
	f, err := p.changeFollow(ctx, by, id, func(f *models.Follow) error {
		// What a coordinator looks at first does not come in by the back door.
		return f.Approve(drafts || !by.MayOversee() && p.Catalogue().Approves(f.Association), p.Now())
	})
	if err == nil {
		_, err = p.fetch(ctx, f)
	}
	return err
}

// FetchFollow fetches a calendar now. CodeTooMany: it has just been.
func (p *Planner) FetchFollow(ctx context.Context, by *models.Organiser, id string) error {
	f, err := p.changeFollow(ctx, by, id, func(f *models.Follow) error { return f.Again(p.Now()) })
	if err == nil {
		_, err = p.fetch(ctx, f)
	}
	return err
}

// StopFollowing gives a calendar up and forgets its address. Its events stay.
func (p *Planner) StopFollowing(ctx context.Context, by *models.Organiser, id string) error {
	_, err := p.changeFollow(ctx, by, id, func(f *models.Follow) error { f.Stop(); return nil })
	return err
}

// SayOfGone is an organiser's word about events that are not in their calendar any
// more and wait for it: they are cancelled, and who is coming is told, or they take
// place all the same.
func (p *Planner) SayOfGone(ctx context.Context, by *models.Organiser, id string, events []string, keep bool) error {
	f, err := p.Follow(ctx, by, id)
	if err != nil {
		return err
	}
	for _, g := range f.Waiting() {
		if !keep && slices.Contains(events, g.Event) {
			if err := p.cancelGone(ctx, by, g.Event); err != nil {
				return err
			}
		}
	}
	_, err = p.changeFollow(ctx, by, id, func(f *models.Follow) error { f.Say(events, keep); return nil })
	return err
}

// cancelGone cancels an event, unless somebody else did or it is a draft again.
func (p *Planner) cancelGone(ctx context.Context, by *models.Organiser, event string) error {
	_, err := p.MoveEvent(ctx, by, event, Anyway, models.Cancel, "")
	if models.CodeOf(err) == models.CodeNotPossible {
		return nil
	}
	return err
}

// What follows is for the room that fetches.

// CalendarAddress is where a calendar is fetched from.
func (p *Planner) CalendarAddress(f *models.Follow) (string, error) {
	address, err := p.Keys.Vault().OpenFor(followPurpose, f.ID, f.Sealed)
	return string(address), err
}

// Followed are the events that follow a calendar, in the order of their start.
func (p *Planner) Followed(calendar string) []*Listed {
	var out []*Listed
	for _, l := range p.Catalogue().Events {
		if l.Follow == calendar {
			out = append(out, l)
		}
	}
	return out
}

// TakenOver are the events that were taken over from calendars of an association,
// in the order of their start.
func (p *Planner) TakenOver(association string) []*Listed {
	var out []*Listed
	for _, l := range p.Catalogue().Events {
		if l.Taken != nil && l.Host == association {
			out = append(out, l)
		}
	}
	return out
}

// TakeFollowed makes an event of what a followed calendar says, or brings the one
// with that id up to date; empty: the one that was taken over under that Source, if
// there is one. CodeInvalid: it cannot be an event here. CodeNotAllowed: the event
// follows another calendar, or was given to another host, and is left alone.
func (p *Planner) TakeFollowed(ctx context.Context, f *models.Follow, id string, e models.Event) error {
	if id == "" {
		id = derivedID("import", f.Association, e.Source)
	}
	if l, err := p.Catalogue().Event(id); err == nil && l.Follow != f.ID {
		other, err := p.Store.Follows.Get(ctx, l.Follow)
		switch {
		case err == nil && other.Status != models.FollowOff:
			return models.Fault(models.CodeNotAllowed)
		case err != nil && !errors.Is(err, models.ErrNotFound):
			return err
		}
	}
	e.Host, e.Follow, e.Status = f.Association, f.ID, models.Published
	if f.Drafts {
		e.Status = models.Draft
	}
	_, err := p.takeOver(ctx, follower(f), id, e.Prepared(p.Zone), func(old *models.Event) { old.Follow = f.ID })
	if errors.Is(err, models.ErrNotFound) {
		return models.Fault(models.CodeNotAllowed)
	}
	return err
}

// CancelFollowed cancels an event that is gone from its calendar.
func (p *Planner) CancelFollowed(ctx context.Context, f *models.Follow, event string) error {
	return p.cancelGone(ctx, follower(f), event)
}

// HasSignUps reports whether anybody is coming to an event, or waits for a seat.
func (p *Planner) HasSignUps(ctx context.Context, event string) (bool, error) {
	r, err := p.Store.Rosters.Get(ctx, event)
	if errors.Is(err, models.ErrNotFound) {
		return false, nil
	}
	r.Settle(p.Now())
	return slices.ContainsFunc(r.Entries, func(e models.Entry) bool { return e.State.Coming() }), err
}

// CalendarID is who acts when a calendar changes.
const CalendarID = "calendar"

// follower is who acts when a calendar changes: it may do for its association what
// an organiser may.
func follower(f *models.Follow) *models.Organiser {
	return &models.Organiser{Document: models.Document{ID: CalendarID}, Role: models.RoleOrganiser, For: []string{f.Association}}
}

package planner

import (
	"context"
	"errors"
	"sync"
	"time"

	"samling/models"
	"samling/models/vault"
)

// The beats of the loops.
const (
	refreshEvery = time.Second      // other instances' edits are seen within two
	repairEvery  = 10 * time.Second // what a crash cut off
	publishEvery = 5 * time.Second  // drafts whose time has come
	dueAtLeast   = time.Second      // other instances' sign-ups
	dueAtMost    = 20 * time.Millisecond
	sweepEvery   = 10 * time.Minute
	digestEvery  = time.Minute
	lapseEvery   = time.Hour
	advanceEvery = time.Minute // the day of the key chain
)

// Run keeps the catalogue fresh, tells people what is due, finishes what a crash
// cut off and sweeps what means nothing. It returns when ctx ends and all of it
// has come to rest.
func (p *Planner) Run(ctx context.Context) {
	var loops sync.WaitGroup
	every := func(what string, wait time.Duration, do func(context.Context) error) {
		loops.Go(func() { p.every(ctx, what, wait, nil, do) })
	}
	every("refresh the catalogue", refreshEvery, p.Refresh)
	every("settle events", repairEvery, p.repair)
	every("publish drafts", publishEvery, p.PublishDue)
	every("sweep sign-ups", sweepEvery, p.Sweep)
	every("erase what is due", sweepEvery, p.Purge)
	every("sweep limits", sweepEvery, p.SweepLimits)
	every("distribute messages", repairEvery, p.Distribute)
	every("tell organisers of their events", digestEvery, p.Digest)
	every("warn of access that lapses", lapseEvery, p.WarnOfLapse)
	every("sweep doors", sweepEvery, p.SweepDoors)
	every("carry on with plans", repairEvery, p.CarryOn)
	every("step the key chain", advanceEvery, p.advance)
	loops.Go(func() {
		p.every(ctx, "tell people", dueAtLeast, p.due, func(ctx context.Context) error {
			_, err := p.TellDue(ctx)
			return err
		})
	})
	loops.Wait()
}

// every does something now, and again after each wait or when it is woken; woken
// ones keep a short distance, so that a burst becomes one batch.
func (p *Planner) every(ctx context.Context, what string, wait time.Duration, woken <-chan struct{}, do func(context.Context) error) {
	tick := time.NewTicker(wait)
	defer tick.Stop()
	for {
		if err := do(ctx); err != nil && ctx.Err() == nil {
			p.Log.Error("could not "+what, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-woken:
			select {
			case <-ctx.Done():
				return
			case <-time.After(dueAtMost):
			}
		}
	}
}

func (p *Planner) advance(context.Context) error {
	v := p.Keys.Vault()
	return v.Advance(vault.DayOf(p.Now()))
}

// orphansLast is how long a sign-up that never took effect is kept: longer than
// any request takes.
const orphansLast = time.Hour

// Sweep drops sign-ups that have no entry in their roster: those of addresses
// that were known already, and those that a crash or a refusal cut off.
func (p *Planner) Sweep(ctx context.Context) error {
	at, err := p.Store.Installation.Get(ctx, InstallationID)
	if err != nil {
		return err
	}
	until := models.Milli(p.Now().Add(-orphansLast))
	rosters := map[string]map[models.ID]bool{}
	for r, err := range p.Store.RSVPs.List(ctx, models.Query{Index: "created", From: at.Swept.UnixMilli(), To: until.UnixMilli()}) {
		if err != nil {
			return err
		}
		if err := p.sweep(ctx, r, rosters); err != nil {
			return err
		}
	}
	_, err = p.Store.Installation.Update(ctx, InstallationID, func(i *models.Installation) error {
		i.Swept = until
		return nil
	})
	return err
}

// sweep drops one sign-up if its roster does not know it. rosters remembers
// those that were read.
func (p *Planner) sweep(ctx context.Context, rsvp models.RSVP, rosters map[string]map[models.ID]bool) error {
	known, ok := rosters[rsvp.Event]
	if !ok {
		r, err := p.Store.Rosters.Get(ctx, rsvp.Event)
		if err != nil && !errors.Is(err, models.ErrNotFound) {
			return err
		}
		known = make(map[models.ID]bool, len(r.Entries))
		for i := range r.Entries {
			known[r.Entries[i].RSVP] = true
		}
		rosters[rsvp.Event] = known
	}
	id, err := models.ParseID(rsvp.ID)
	if err != nil || known[id] {
		return err
	}
	err = p.Store.RSVPs.Delete(ctx, rsvp.ID, rsvp.Revision)
	if errors.Is(err, models.ErrNotFound) || errors.Is(err, models.ErrChangedMeanwhile) {
		return nil
	}
	return err
}

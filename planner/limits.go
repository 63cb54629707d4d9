package planner

import (
	"context"
	"errors"

	"samling/models"
)

// counted writes ops behind one that counts what is done with an address: one
// commit where the store can. take counts on the address's limit; when it errs,
// nothing else is done. No other op may be about something that exists already.
// Limits stand in the store so that they hold on all instances together, and when
// one of them starts anew.
func (p *Planner) counted(ctx context.Context, what, address string, take func(*models.Limit) error, ops ...models.Op) error {
	limit := models.Limit{Document: models.Document{ID: p.limitID(what, address)}}
	if err := take(&limit); err != nil {
		return err
	}
	for {
		// Most addresses have done nothing lately.
		err := p.Store.Write(ctx, append([]models.Op{p.Store.Limits.Creating(limit)}, ops...)...)
		if !errors.Is(err, models.ErrExists) {
			return err
		}
		err = p.Store.Write(ctx, append([]models.Op{p.Store.Limits.Updating(limit.ID, take)}, ops...)...)
		if !errors.Is(err, models.ErrNotFound) {
			return err
		}
		// Swept in between, unless it is something else that is not there.
		if _, gone := p.Store.Limits.Get(ctx, limit.ID); !errors.Is(gone, models.ErrNotFound) {
			return err
		}
	}
}

func (p *Planner) limitID(what, address string) string {
	return p.Keys.Vault().Hash(models.LimitPurpose(what), models.NormaliseEmail(address))
}

// strictly counts what is done with an address, known or not; CodeTooMany.
func (p *Planner) strictly(ctx context.Context, what, address string, rate models.Rate) error {
	if !p.Limits {
		return nil
	}
	now := models.Milli(p.Now())
	return p.counted(ctx, what, address, func(l *models.Limit) error { return l.TakeStrictly(rate, now) })
}

// SweepLimits drops the limits that say nothing any more.
func (p *Planner) SweepLimits(ctx context.Context) error {
	for l, err := range p.Store.Limits.List(ctx, models.Query{Index: "full", To: p.Now().UnixMilli()}) {
		if err != nil {
			return err
		}
		err := p.Store.Limits.Delete(ctx, l.ID, l.Revision)
		if err != nil && !errors.Is(err, models.ErrNotFound) && !errors.Is(err, models.ErrChangedMeanwhile) {
			return err
		}
	}
	return nil
}

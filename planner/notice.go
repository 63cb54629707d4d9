package planner

import (
	"context"
	"maps"

	"samling/models"
)

// SetNotice says something on every page until a time, or nothing more when it
// has no texts. For coordinators alone; to others there is no such thing.
func (p *Planner) SetNotice(ctx context.Context, by *models.Organiser, n models.Notice) error {
	if !by.MayOversee() {
		return models.ErrNotFound
	}
	n.Texts = maps.Clone(n.Texts)
	maps.DeleteFunc(n.Texts, func(_, text string) bool { return text == "" })
	if err := n.Validate(); err != nil {
		return err
	}
	switch {
	case len(n.Texts) == 0:
		n = models.Notice{}
	case !n.Stands(p.Now()): // nobody would ever read it
		var f models.Faults
		f.Add("until", "day-over")
		return f.Err()
	}
	n.Until = models.Milli(n.Until)
	fields := models.Differences(p.Catalogue().Notice, n)
	err := p.noted(ctx, by, models.DeedNotice, "", fields, p.Store.Installation.Updating(InstallationID, func(i *models.Installation) error {
		i.Notice = n
		return nil
	}))
	if err != nil {
		return err
	}
	p.Log.Info("notice set", "organiser", by.ID, "until", n.Until)
	return p.Refresh(ctx)
}

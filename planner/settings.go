package planner

import (
	"context"
	"errors"

	"samling/models"
)

// Settings are those of now.
func (p *Planner) Settings() models.Settings { return p.Catalogue().Settings }

// SetSettings changes what can be set while all is running. For coordinators
// alone; to others there is no such thing. change may run more than once.
func (p *Planner) SetSettings(ctx context.Context, by *models.Organiser, change func(*models.Settings)) error {
	if !by.MayOversee() {
		return models.ErrNotFound
	}
	i, err := p.Store.Installation.Get(ctx, InstallationID)
	if err != nil {
		return err
	}
	was := i.Settings
	change(&i.Settings)
	if err := i.Settings.Validate(); err != nil || i.Settings == was {
		return err
	}
	err = p.noted(ctx, by, models.DeedSettings, "", models.Differences(was, i.Settings), p.Store.Installation.Updating(InstallationID, func(i *models.Installation) error {
		change(&i.Settings)
		return i.Settings.Validate()
	}))
	if err != nil {
		return err
	}
	p.Log.Info("settings changed", "organiser", by.ID)
	return p.Refresh(ctx)
}

// readInstallation reads what the central office has said and set into a copy of a
// catalogue, and reports whether it differs from what is there.
func (p *Planner) readInstallation(ctx context.Context, c *Catalogue) (changed bool, err error) {
	i, err := p.Store.Installation.Get(ctx, InstallationID)
	if errors.Is(err, models.ErrNotFound) || err == nil && i.Notice.Same(c.Notice) && i.Settings == c.Settings {
		return false, nil
	}
	c.Notice, c.Settings = i.Notice, i.Settings
	return err == nil, err
}

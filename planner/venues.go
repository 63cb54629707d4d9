package planner

import (
	"context"
	"errors"
	"slices"

	"samling/models"
)

// cityVenues is whose the venues of the whole city are.
const cityVenues = ""

// Venues are those that somebody may use: the city's, and those of the associations
// that she works for and of the hosts that are named. By association, the city's first,
// then by name.
func (p *Planner) Venues(ctx context.Context, by *models.Organiser, hosts ...string) (venues []models.Venue, err error) {
	of := []string{cityVenues}
	if by.MayOversee() && len(hosts) == 0 {
		for _, a := range p.Catalogue().Associations {
			of = append(of, a.ID)
		}
	} else {
		of = append(append(of, by.For...), hosts...)
	}
	var asked []string
	for _, association := range of {
		if slices.Contains(asked, association) {
			continue
		}
		asked = append(asked, association)
		for v, err := range p.Store.Venues.List(ctx, models.Query{Index: "association", Equal: []any{association}}) {
			if err != nil {
				return nil, err
			}
			venues = append(venues, v)
		}
	}
	return venues, nil
}

// mayKeep says who may not change the venues of an association.
func mayKeep(by *models.Organiser, association string) error {
	if association == cityVenues && by.MayOversee() || association != cityVenues && by.WorksFor(association) {
		return nil
	}
	return models.Fault(models.CodeNotAllowed)
}

// Venue finds a venue that somebody may change.
func (p *Planner) Venue(ctx context.Context, by *models.Organiser, id string) (models.Venue, error) {
	v, err := p.Store.Venues.Get(ctx, id)
	if err == nil {
		err = mayKeep(by, v.Association)
	}
	return v, err
}

// KeepVenue writes a venue, of which the writer has seen the revision that it has; one
// without a revision is new, and its id the client's, so that sending it twice makes
// one. Events keep what they say of their places. ErrChangedMeanwhile: there is another
// revision by now.
func (p *Planner) KeepVenue(ctx context.Context, by *models.Organiser, v models.Venue) error {
	c := p.Catalogue()
	if err := mayKeep(by, v.Association); err != nil {
		return err
	}
	if err := v.Validate(); err != nil {
		return err
	}
	var f models.Faults
	if v.Association != cityVenues && !c.IsHost(v.Association) {
		f.Add("association", "unknown-host", "Value", v.Association)
	}
	if v.District != "" {
		if _, err := c.District(v.District); err != nil {
			f.Add("district", "unknown-district", "Value", v.District)
		}
	}
	if err := f.Err(); err != nil {
		return err
	}
	seen := v.Revision
	if seen == "" {
		err := p.Store.Venues.Create(ctx, v)
		if errors.Is(err, models.ErrExists) {
			return nil
		}
		return err
	}
	_, err := p.Store.Venues.Update(ctx, v.ID, func(kept *models.Venue) error {
		if err := mayKeep(by, kept.Association); err != nil {
			return err
		}
		if kept.Revision != seen {
			return models.ErrChangedMeanwhile
		}
		v.Document = kept.Document
		*kept = v
		return nil
	})
	return err
}

// DropVenue takes a venue away. One that is gone already is no error.
func (p *Planner) DropVenue(ctx context.Context, by *models.Organiser, id string) error {
	v, err := p.Venue(ctx, by, id)
	if err == nil {
		err = p.Store.Venues.Delete(ctx, v.ID, v.Revision)
	}
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	return err
}

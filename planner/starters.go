package planner

import (
	"context"

	"samling/models"
)

// Starters are what somebody can begin an event from: her associations' and the
// city's, by name.
func (p *Planner) Starters(ctx context.Context, by *models.Organiser) ([]models.Starter, error) {
	var out []models.Starter
	for s, err := range p.Store.Starters.List(ctx, models.Query{Index: "name"}) {
		if err != nil {
			return nil, err
		}
		if s.Host == "" || by.WorksFor(s.Host) {
			out = append(out, s)
		}
	}
	return out, nil
}

// Starter is one of them; ErrNotFound for another's.
func (p *Planner) Starter(ctx context.Context, by *models.Organiser, id string) (models.Starter, error) {
	s, err := p.Store.Starters.Get(ctx, id)
	if err == nil && s.Host != "" && !by.WorksFor(s.Host) {
		return models.Starter{}, models.ErrNotFound
	}
	return s, err
}

// KeepStarter keeps an event under a name, for its host or, with city, for
// everybody. Sent twice, it is kept once. CodeInvalid: the name, or there are too
// many.
func (p *Planner) KeepStarter(ctx context.Context, by *models.Organiser, event, name string, city bool) (models.Starter, error) {
	e, err := p.Editable(ctx, by, event)
	if err != nil {
		return models.Starter{}, err
	}
	s := models.Starter{Name: name, Host: e.Host, Made: models.Milli(p.Now())}
	if city {
		s.Host = ""
	}
	s.ID = derivedID("starter", s.Host, e.ID, name)
	if !by.MayKeep(s.Host) {
		return s, models.Fault(models.CodeNotAllowed)
	}
	if err := s.Validate(); err != nil {
		return s, err
	}
	if s.Event, err = e.Again(); err != nil {
		return s, err
	}
	all, err := p.Starters(ctx, by)
	if err != nil {
		return s, err
	}
	held := 0
	for i := range all {
		if all[i].Host == s.Host && all[i].ID != s.ID {
			held++
		}
	}
	if held >= models.MaxStarters {
		var f models.Faults
		f.Add("name", "too-many", "Max", models.MaxStarters)
		return s, f.Err()
	}
	return s, ignoring(p.Store.Starters.Create(ctx, s), models.CodeExists)
}

// RenameStarter gives one another name; an empty one removes it.
func (p *Planner) RenameStarter(ctx context.Context, by *models.Organiser, id, name string) error {
	s, err := p.Starter(ctx, by, id)
	if err != nil {
		return err
	}
	if !by.MayKeep(s.Host) {
		return models.Fault(models.CodeNotAllowed)
	}
	if name == "" {
		return ignoring(p.Store.Starters.Delete(ctx, id, s.Revision), models.CodeNotFound)
	}
	s.Name = name
	if err := s.Validate(); err != nil {
		return err
	}
	_, err = p.Store.Starters.Update(ctx, id, func(s *models.Starter) error { s.Name = name; return nil })
	return err
}

package planner

import (
	"context"
	"maps"

	"samling/models"
)

// SetAbout changes what an association or a group says of itself, by language,
// for somebody who works for it.
func (p *Planner) SetAbout(ctx context.Context, by *models.Organiser, slug string, about map[string]string) error {
	c := p.Catalogue()
	if !c.IsHost(slug) {
		return models.ErrNotFound
	}
	if !by.WorksFor(slug) {
		return models.Fault(models.CodeNotAllowed)
	}
	var f models.Faults
	about = maps.Clone(about)
	for tag, text := range about {
		models.CheckText(&f, "text."+tag, text, false, models.MaxAbout)
	}
	if err := f.Err(); err != nil {
		return err
	}
	maps.DeleteFunc(about, func(_, text string) bool { return text == "" })
	say := func(l *models.Listing) {
		if !maps.Equal(l.About, about) {
			l.About, l.Updated = about, models.Milli(p.Now())
		}
	}
	_, err := c.Association(slug)
	if err == nil {
		_, err = p.Store.Associations.Update(ctx, slug, func(a *models.Association) error { say(&a.Listing); return nil })
	} else {
		_, err = p.Store.Groups.Update(ctx, slug, func(g *models.Group) error { say(&g.Listing); return nil })
	}
	if err != nil {
		return err
	}
	return p.Refresh(ctx)
}

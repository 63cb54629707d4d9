package planner

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"samling/models"
)

// host is an association or a group, which can both be one.
type host struct {
	models.Listing
	name  string
	names map[string]string
	email string
}

// HostName is the name of an association or a group in a language; the slug
// when there is none.
func (c *Catalogue) HostName(slug, language string) string {
	h, ok := c.hosts[slug]
	switch {
	case !ok:
		return slug
	case h.names[language] != "":
		return h.names[language]
	}
	return h.name
}

// HostNames are the names of several.
func (c *Catalogue) HostNames(slugs []string, language string) []string {
	out := make([]string, len(slugs))
	for i, s := range slugs {
		out[i] = c.HostName(s, language)
	}
	return out
}

// HostEmail is the public address of an association; empty when it has none.
func (c *Catalogue) HostEmail(slug string) string { return c.hosts[slug].email }

// IsHost reports whether an association or a group has that slug.
func (c *Catalogue) IsHost(slug string) bool { _, ok := c.hosts[slug]; return ok }

// IsOpen reports whether an association or a group has that slug and goes on.
func (c *Catalogue) IsOpen(slug string) bool {
	h, ok := c.hosts[slug]
	return ok && h.Open()
}

// Approves reports whether the events of an association or a group wait for a
// coordinator before they are published.
func (c *Catalogue) Approves(slug string) bool { return c.hosts[slug].Approval }

// Association finds an association by its slug; ErrNotFound.
func (c *Catalogue) Association(slug string) (models.Association, error) {
	return bySlug(c.Associations, slug, func(a models.Association) string { return a.ID })
}

// Group finds a working group by its slug; ErrNotFound.
func (c *Catalogue) Group(slug string) (models.Group, error) {
	return bySlug(c.Groups, slug, func(g models.Group) string { return g.ID })
}

// District finds a district by its slug; ErrNotFound.
func (c *Catalogue) District(slug string) (models.District, error) {
	return bySlug(c.Districts, slug, func(d models.District) string { return d.ID })
}

func bySlug[T any](list []T, slug string, of func(T) string) (T, error) {
	if i := slices.IndexFunc(list, func(t T) bool { return of(t) == slug }); i >= 0 {
		return list[i], nil
	}
	var none T
	return none, models.ErrNotFound
}

// readDirectory reads associations, groups and districts, which are few, and
// reports whether they differ from what is there.
func (p *Planner) readDirectory(ctx context.Context, c *Catalogue) (changed bool, err error) {
	associations, err1 := all(ctx, p.Store.Associations, func(a models.Association) int { return a.Order })
	groups, err2 := all(ctx, p.Store.Groups, func(g models.Group) int { return g.Order })
	districts, err3 := all(ctx, p.Store.Districts, func(d models.District) int { return d.Order })
	if err := errors.Join(err1, err2, err3); err != nil {
		return false, err
	}
	same := slices.EqualFunc(c.Associations, associations, func(a, b models.Association) bool { return a.Document == b.Document }) &&
		slices.EqualFunc(c.Groups, groups, func(a, b models.Group) bool { return a.Document == b.Document }) &&
		slices.EqualFunc(c.Districts, districts, func(a, b models.District) bool { return a.Document == b.Document })
	if same {
		return false, nil
	}
	c.Associations, c.Groups, c.Districts = associations, groups, districts
	c.hosts, c.linked = map[string]host{}, map[string]string{}
	for _, a := range associations {
		c.extremes.everybody(a.Updated)
		c.linked[associationLink(a.ID)] = a.ID
		c.hosts[a.ID] = host{Listing: a.Listing, name: a.Name, email: a.Email}
	}
	for _, d := range districts {
		c.extremes.everybody(d.Updated)
	}
	for _, g := range groups {
		c.extremes.everybody(g.Updated)
		c.hosts[g.ID] = host{Listing: g.Listing, name: g.Name, names: g.Names}
	}
	return true, nil
}

// all are the documents of a small collection in the order in which people see
// them.
func all[T any](ctx context.Context, c models.Collection[T], order func(T) int) ([]T, error) {
	var out []T
	for doc, err := range c.List(ctx, models.Query{}) {
		if err != nil {
			return nil, err
		}
		out = append(out, doc)
	}
	slices.SortStableFunc(out, func(a, b T) int { return cmp.Compare(order(a), order(b)) })
	return out, nil
}

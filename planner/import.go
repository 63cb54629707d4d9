package planner

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"samling/models"
)

// Everything of an import is checked before anything is written, and all its
// ids are given or derived: an import that was cut off is finished by repeating
// it, and repeating a whole one changes nothing.

// ImportDistricts takes a list of all districts. Those that are not in it and
// that nothing refers to are dropped, so that a city's own list replaces the one
// that a new installation begins with.
func (p *Planner) ImportDistricts(ctx context.Context, rows []Row[models.District]) (int, error) {
	n, err := importRows(ctx, p, p.Store.Districts, rows, func(d *models.District, f *models.Faults, at string) {
		f.Within(at, d.Validate())
	})
	if err != nil {
		return n, err
	}
	c := p.Catalogue()
	for _, d := range c.Districts {
		used := slices.ContainsFunc(rows, func(r Row[models.District]) bool { return r.Doc.ID == d.ID }) ||
			slices.ContainsFunc(c.Associations, func(a models.Association) bool { return a.District == d.ID }) ||
			slices.ContainsFunc(c.Events, func(l *Listed) bool { return l.District == d.ID })
		if used {
			continue
		}
		if err := p.Store.Districts.Delete(ctx, d.ID, d.Revision); err != nil && !errors.Is(err, models.ErrNotFound) {
			return n, err
		}
	}
	return n, p.Refresh(ctx)
}

// ImportAssociations takes associations: new ones are added, known ones brought
// up to date, none dropped.
func (p *Planner) ImportAssociations(ctx context.Context, rows []Row[models.Association]) (int, error) {
	c := p.Catalogue()
	return importRows(ctx, p, p.Store.Associations, rows, func(a *models.Association, f *models.Faults, at string) {
		f.Within(at, a.Validate())
		if _, err := c.District(a.District); err != nil {
			switch {
			case a.District != "":
				f.Add(at+".district", "unknown-district", "Value", a.District)
			case !a.Central:
				f.Add(at+".district", "required")
			}
		}
		if _, err := c.Group(a.ID); err == nil {
			f.Add(at+".slug", "slug-taken", "Value", a.ID)
		}
	})
}

// ImportGroups takes working groups: new ones are added, known ones brought up
// to date, none dropped.
func (p *Planner) ImportGroups(ctx context.Context, rows []Row[models.Group]) (int, error) {
	c := p.Catalogue()
	return importRows(ctx, p, p.Store.Groups, rows, func(g *models.Group, f *models.Faults, at string) {
		f.Within(at, g.Validate())
		if _, err := c.Association(g.ID); err == nil {
			f.Add(at+".slug", "slug-taken", "Value", g.ID)
		}
	})
}

// directory is what the entries of the directory can do.
type directory[T any] interface {
	models.DocumentOf[T]
	Listed() *models.Listing
}

// importRows checks all rows, then adds or updates their documents in the order
// of the file. A document that says the same as before is left alone.
func importRows[T any, P directory[T]](ctx context.Context, p *Planner, c models.Collection[T], rows []Row[T], check func(*T, *models.Faults, string)) (int, error) {
	var f models.Faults
	first := map[string]int{}
	for i := range rows {
		doc, at := &rows[i].Doc, fmt.Sprint(rows[i].Line)
		check(doc, &f, at)
		slug := P(doc).Doc().ID
		if line, ok := first[slug]; ok && slug != "" {
			f.Add(at+".slug", "repeated-slug", "Value", slug, "Line", line)
		} else {
			first[slug] = rows[i].Line
		}
	}
	if err := f.Err(); err != nil {
		return 0, err
	}
	now := models.Milli(p.Now())
	for i := range rows {
		doc := rows[i].Doc
		*P(&doc).Listed() = models.Listing{Order: i + 1, Updated: now}
		err := c.Create(ctx, doc)
		if errors.Is(err, models.ErrExists) {
			_, err = c.Update(ctx, P(&doc).Doc().ID, func(old *T) error {
				next := doc
				*P(&next).Doc() = *P(old).Doc()
				is, order := P(&next).Listed(), P(&next).Listed().Order
				*is = *P(old).Listed() // a file says nothing of the rest
				is.Order = order
				if !reflect.DeepEqual(next, *old) {
					P(&next).Listed().Updated = now
					*old = next
				}
				return nil
			})
		}
		if err != nil {
			return i, err
		}
	}
	return len(rows), p.Refresh(ctx)
}

// Row is one line of a file.
type Row[T any] struct {
	Line int // from 1, the header being the first
	Doc  T
}

// ImportEvents takes the events of an association's own calendar, as ics.Parse
// gives them: each has a Source, and an ID if it is known to be here. They are
// published, or drafts on wish; one that was imported before is brought up to date.
// fresh says how many were not known.
func (p *Planner) ImportEvents(ctx context.Context, by *models.Organiser, association string, events []models.Event, draft bool) (imported, fresh int, err error) {
	c := p.Catalogue()
	var f models.Faults
	if _, err := c.Association(association); err != nil {
		f.Add("association", "unknown-host", "Value", association)
		return 0, 0, f.Err()
	}
	for i := range events {
		e := &events[i]
		e.Host = association
		if draft {
			e.Status = models.Draft
		} else if e.Status != models.Cancelled {
			e.Status = models.Published
		}
		*e = e.Prepared(p.Zone)
		checked := *e
		checked.Slug = "given-later"
		f.Within(fmt.Sprintf("%d (%s)", i+1, strings.TrimSpace(e.Title)), p.check(c, by, &checked, nil))
	}
	if err := f.Err(); err != nil {
		return 0, 0, err
	}
	for i, e := range events {
		id := cmp.Or(e.ID, derivedID("import", association, e.Source))
		known, err := p.takeOver(ctx, by, id, e, func(old *models.Event) {
			if e.Status == models.Cancelled || old.Status == models.Draft {
				old.Status = e.Status
			}
		})
		if err != nil {
			return i, fresh, err
		}
		if !known {
			fresh++
		}
	}
	return len(events), fresh, nil
}

// takeOver makes an event of what its own calendar says, or brings the one that
// is known by that id up to date. What the calendar does not know of is left as it
// is, and so is what somebody has changed here; also does whatever else there is
// to do to a known one.
func (p *Planner) takeOver(ctx context.Context, by *models.Organiser, id string, e models.Event, also func(old *models.Event)) (known bool, err error) {
	_, err = p.Store.Events.Get(ctx, id)
	if errors.Is(err, models.ErrNotFound) {
		e.ID = id
		e.Take(&e)
		_, err = p.create(ctx, by, e)
		return false, err
	}
	if err != nil {
		return true, err
	}
	_, err = p.ChangeEvent(ctx, by, id, Anyway, func(old *models.Event) error {
		old.Take(&e)
		old.Source = e.Source
		also(old)
		return nil
	})
	return true, err
}

package planner

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/gosimple/slug"

	"samling/models"
)

// Host is an association or a working group, whichever can arrange something.
type Host struct {
	Slug  string
	Group bool
	Name  string
	Names map[string]string // of a group in other languages
	// District, Email, Website and Central are an association's.
	District, Email, Website string
	Central                  bool
	models.Listing
}

// Hosts are all associations and groups, in the order in which people see them.
func (c *Catalogue) Hosts() []Host {
	var out []Host
	for _, a := range c.Associations {
		out = append(out, hostOf(&a))
	}
	for _, g := range c.Groups {
		out = append(out, hostOfGroup(&g))
	}
	return out
}

func hostOf(a *models.Association) Host {
	return Host{Slug: a.ID, Name: a.Name, District: a.District, Email: a.Email, Website: a.Website, Central: a.Central, Listing: a.Listing}
}

func hostOfGroup(g *models.Group) Host {
	return Host{Slug: g.ID, Group: true, Name: g.Name, Names: g.Names, Listing: g.Listing}
}

// trimmed is a host without the space that people type around words.
func (h Host) trimmed() Host {
	for _, text := range []*string{&h.Slug, &h.Name, &h.Email, &h.Website} {
		*text = strings.TrimSpace(*text)
	}
	h.Names = maps.Clone(h.Names)
	maps.DeleteFunc(h.Names, func(_, name string) bool { return strings.TrimSpace(name) == "" })
	return h
}

func (h *Host) association() models.Association {
	return models.Association{
		Document: models.Document{ID: h.Slug}, Name: h.Name, District: h.District, Email: h.Email, Website: h.Website, Central: h.Central, Listing: h.Listing,
	}
}

func (h *Host) group() models.Group {
	return models.Group{Document: models.Document{ID: h.Slug}, Name: h.Name, Names: h.Names, Listing: h.Listing}
}

// check returns the wrong fields of a host.
func (h *Host) check(c *Catalogue) error {
	if h.Group {
		g := h.group()
		return g.Validate()
	}
	var f models.Faults
	a := h.association()
	f.Join(a.Validate())
	if _, err := c.District(h.District); err != nil && (h.District != "" || !h.Central) {
		code := "unknown-district"
		if h.District == "" {
			code = "required"
		}
		f.Add("district", code, "Value", h.District)
	}
	return f.Err()
}

// AddHost adds an association or a group. Without a slug it gets one of its name,
// and keeps that. For coordinators alone.
func (p *Planner) AddHost(ctx context.Context, by *models.Organiser, h Host) (Host, error) {
	if !by.MayOversee() {
		return h, models.ErrNotFound
	}
	c := p.Catalogue()
	h = h.trimmed()
	if h.Slug == "" {
		h.Slug = strings.Trim(slug.MakeLang(h.Name, "sv"), "-")
		h.Slug = strings.TrimRight(h.Slug[:min(len(h.Slug), 60)], "-")
	}
	h.Listing = models.Listing{Updated: models.Milli(p.Now()), Approval: h.Approval}
	for _, other := range c.Hosts() {
		if other.Group == h.Group {
			h.Order = max(h.Order, other.Order+1)
		}
	}
	if err := h.check(c); err != nil {
		return h, err
	}
	err := models.ErrExists
	if !c.IsHost(h.Slug) { // the other collection's are taken, too
		create := p.Store.Associations.Creating(h.association())
		if h.Group {
			create = p.Store.Groups.Creating(h.group())
		}
		err = p.noted(ctx, by, models.DeedAddHost, h.Slug, nil, create)
	}
	if errors.Is(err, models.ErrExists) {
		var f models.Faults
		f.Add("slug", "slug-taken", "Value", h.Slug)
		return h, f.Err()
	}
	if err != nil {
		return h, err
	}
	p.Log.Info("host added", "host", h.Slug, "by", by.ID)
	return h, p.Refresh(ctx)
}

// ChangeHost changes what is said of an association or a group; its slug stays, and
// what it says of itself. seen is the Updated of what by has seen:
// ErrChangedMeanwhile, with what is there now, when it is another. For coordinators
// alone.
func (p *Planner) ChangeHost(ctx context.Context, by *models.Organiser, seen time.Time, to Host) (Host, error) {
	return p.changeHost(ctx, by, models.DeedChangeHost, to.Slug, func(h *Host) error {
		if !seen.Equal(h.Updated) {
			return models.ErrChangedMeanwhile
		}
		to := to.trimmed()
		h.Name, h.Names, h.District, h.Email, h.Website, h.Central, h.Approval = to.Name, to.Names, to.District, to.Email, to.Website, to.Central, to.Approval
		return h.check(p.Catalogue())
	})
}

// CloseHost lets an association or a group arrange nothing new any more, or go on.
// What it has arranged stays as it is. For coordinators alone.
func (p *Planner) CloseHost(ctx context.Context, by *models.Organiser, slug string, closed bool) error {
	now, deed := models.Milli(p.Now()), models.DeedOpenHost
	if closed {
		deed = models.DeedCloseHost
	}
	_, err := p.changeHost(ctx, by, deed, slug, func(h *Host) error {
		switch {
		case !closed:
			h.Closed = time.Time{}
		case h.Open():
			h.Closed = now
		}
		return nil
	})
	return err
}

// changeHost changes an association or a group, and returns it as it is now.
func (p *Planner) changeHost(ctx context.Context, by *models.Organiser, deed models.Deed, slug string, change func(*Host) error) (now Host, err error) {
	if !by.MayOversee() {
		return now, models.ErrNotFound
	}
	at := models.Milli(p.Now())
	changed := func(h Host) (Host, error) {
		after := h
		if err := change(&after); err != nil {
			return h, err
		}
		after.Updated = at
		return after, nil
	}
	var fields []models.Difference
	var op models.Op
	if _, err := p.Catalogue().Group(slug); err == nil {
		was, err := p.Store.Groups.Get(ctx, slug)
		if err == nil {
			now, err = changed(hostOfGroup(&was))
		}
		if err != nil {
			return now, err
		}
		fields = models.Differences(was, now.group())
		op = p.Store.Groups.Updating(slug, func(g *models.Group) error {
			h, err := changed(hostOfGroup(g))
			document := g.Document
			*g = h.group()
			g.Document = document
			return err
		})
	} else {
		was, err := p.Store.Associations.Get(ctx, slug)
		if err == nil {
			now, err = changed(hostOf(&was))
		}
		if err != nil {
			return now, err
		}
		fields = models.Differences(was, now.association())
		op = p.Store.Associations.Updating(slug, func(a *models.Association) error {
			h, err := changed(hostOf(a))
			document := a.Document
			*a = h.association()
			a.Document = document
			return err
		})
	}
	if len(fields) == 0 {
		return now, nil
	}
	if err := p.noted(ctx, by, deed, slug, fields, op); err != nil {
		return now, err
	}
	p.Log.Info("host changed", "host", slug, "by", by.ID, "closed", !now.Open())
	return now, p.Refresh(ctx)
}

// Standing is how an association or a group stands, for the central office that
// sees all of them at a glance.
type Standing struct {
	Host
	Organisers int
	SignedIn   time.Time // when the last of them did; zero: never
	// Coming are its events ahead, Drafts what is not published of them, Unclosed
	// those lately over of which nobody has said how many came.
	Coming, Drafts, Unclosed int
	Next, Last               time.Time // its next event and its last; zero: none
}

// lately is how long it is missed that nobody closes an event: later nobody knows.
const lately = 90 * 24 * time.Hour

// Quiet reports whether nobody who works for it has signed in for a year.
func (s *Standing) Quiet(now time.Time) bool {
	return s.Open() && now.Sub(s.SignedIn) > 365*24*time.Hour
}

// Standings are those of all associations and groups. For coordinators alone.
func (p *Planner) Standings(ctx context.Context, by *models.Organiser) ([]Standing, error) {
	organisers, err := p.Organisers(ctx, by)
	if err != nil {
		return nil, err
	}
	c, now := p.Catalogue(), p.Now()
	hosts := c.Hosts()
	out, at := make([]Standing, len(hosts)), map[string]*Standing{}
	for i, h := range hosts {
		out[i].Host = h
		at[h.Slug] = &out[i]
	}
	for _, o := range organisers {
		for _, slug := range o.For {
			if s := at[slug]; s != nil {
				s.Organisers++
				s.SignedIn = newer(s.SignedIn, o.SignedIn)
			}
		}
	}
	for _, l := range c.Events { // in the order of their start
		for _, slug := range slices.Compact(l.Hosts()) {
			if s := at[slug]; s != nil {
				s.add(l.Event, now)
			}
		}
	}
	return out, nil
}

func (s *Standing) add(e *models.Event, now time.Time) {
	ahead := e.Ends.After(now)
	switch {
	case e.Status == models.Draft && ahead:
		s.Drafts++
	case e.Status != models.Published && e.Status != models.Postponed:
	case !ahead:
		s.Last = e.Starts
		if e.Unclosed(now) && now.Sub(e.Ends) < lately {
			s.Unclosed++
		}
	default:
		if s.Coming++; s.Next.IsZero() {
			s.Next = e.Starts
		}
	}
}

package planner

import (
	"context"
	"errors"
	"time"

	"samling/models"
	"samling/models/vault"
)

// A members' link is an address with a secret. The secret is a token of the
// vault: it carries the id of what it opens, and its purpose the moment at which
// the link was made, so a link that is made anew ends the one before as soon as
// the catalogue has seen it, and looking one up reads no store.

// EventSecret is the secret of an event's own members' link.
func (p *Planner) EventSecret(e *models.Event) string {
	return p.Keys.Vault().Token(e.Link.Purpose(), e.ID)
}

// AssociationSecret is the secret of an association's members' link.
func (p *Planner) AssociationSecret(a *models.Association) string {
	return p.Keys.Vault().Token(a.Link.Purpose(), associationLink(a.ID))
}

// associationLink is the id that the link of an association carries.
func associationLink(slug string) string { return derivedID("members", slug) }

// ByMembersLink is what a members' link opens, by its secret; ErrNotFound when it
// was not made here, or another has taken its place.
func (p *Planner) ByMembersLink(secret string) (*models.Pass, error) {
	id, _ := vault.Claimed(secret)
	link, pass := p.Catalogue().link(id)
	// Checked even when nothing has that id, so that the time it takes does not
	// tell.
	if _, ok := p.Keys.Vault().Check(link.Purpose(), secret); !ok || pass == nil {
		return nil, models.ErrNotFound
	}
	return pass, nil
}

// link is the link that carries an id, and what it opens: nil, nothing, as long
// as an event is a draft.
func (c *Catalogue) link(id string) (models.Link, *models.Pass) {
	if l, ok := c.byID[id]; ok && l.Status != models.Draft {
		return l.Link, &models.Pass{Event: l.ID}
	}
	a, err := c.Association(c.linked[id])
	if err != nil {
		return models.Link{}, nil
	}
	return a.Link, &models.Pass{Association: a.ID, Everything: a.Central}
}

// Linked finds an association for somebody who works for it, and so may have its
// members' link. That there are associations is no secret.
func (p *Planner) Linked(by *models.Organiser, slug string) (models.Association, error) {
	a, err := p.Catalogue().Association(slug)
	if err == nil && !by.WorksFor(slug) {
		err = models.Fault(models.CodeNotAllowed)
	}
	return a, err
}

// RenewedBy is the address of the organiser who made a link anew; empty: nobody
// did, or her account is gone.
func (p *Planner) RenewedBy(ctx context.Context, l models.Link) (string, error) {
	o, err := p.Store.Organisers.Get(ctx, l.By)
	if errors.Is(err, models.ErrNotFound) {
		err = nil
	}
	return o.Email, err
}

// RenewEventLink gives an event a new members' link, for somebody who may change
// it; the one before opens nothing any more. seen is when the link that she wants
// to end was made: another one that has taken its place already is left as it is.
func (p *Planner) RenewEventLink(ctx context.Context, by *models.Organiser, id string, seen time.Time) error {
	now := p.Now()
	e, err := p.ChangeEvent(ctx, by, id, Anyway, func(e *models.Event) error {
		if e.Link.Made.Equal(seen) {
			e.Link = e.Link.Anew(by, now)
		}
		return nil
	})
	if err == nil {
		p.Log.Info("members' link made anew", "event", e.ID, "organiser", by.ID, "made", e.Link.Made)
	}
	return err
}

// RenewAssociationLink is RenewEventLink for the link of an association, by
// somebody who works for it.
func (p *Planner) RenewAssociationLink(ctx context.Context, by *models.Organiser, slug string, seen time.Time) error {
	if _, err := p.Linked(by, slug); err != nil {
		return err
	}
	now := p.Now()
	a, err := p.Store.Associations.Update(ctx, slug, func(a *models.Association) error {
		if a.Link.Made.Equal(seen) {
			a.Link = a.Link.Anew(by, now)
		}
		return nil
	})
	if err != nil {
		return err
	}
	p.Log.Info("members' link made anew", "association", slug, "organiser", by.ID, "made", a.Link.Made)
	return p.Refresh(ctx)
}

package planner

import (
	"context"
	"errors"
	"slices"
	"time"

	"samling/models"
)

// AddOrganiser adds somebody who may sign in. An address that is known keeps its
// account, which is renewed, and gets the role and the associations added.
func (p *Planner) AddOrganiser(ctx context.Context, o models.Organiser) (models.Organiser, error) {
	o.Email = models.NormaliseEmail(o.Email)
	now := models.Milli(p.Now())
	o.Document, o.Created = models.Document{ID: newID()}, now
	o.Renew(now)
	if err := o.Validate(); err != nil {
		return o, err
	}
	if err := p.checkHosts(o.For); err != nil {
		return o, err
	}
	err := p.Store.Organisers.Create(ctx, o)
	if !errors.Is(err, models.ErrExists) {
		return o, err
	}
	known, err := p.OrganiserByEmail(ctx, o.Email)
	if err != nil {
		return o, err
	}
	return p.Store.Organisers.Update(ctx, known.ID, func(k *models.Organiser) error {
		k.Role = o.Role
		k.Updated = now
		k.Renew(now)
		for _, slug := range o.For {
			if !slices.Contains(k.For, slug) {
				k.For = append(k.For, slug)
			}
		}
		return nil
	})
}

// OrganiserByEmail finds an organiser by her address; ErrNotFound.
func (p *Planner) OrganiserByEmail(ctx context.Context, email string) (models.Organiser, error) {
	for o, err := range p.Store.Organisers.List(ctx, models.Query{Index: "email", Equal: []any{models.NormaliseEmail(email)}}) {
		return o, err
	}
	return models.Organiser{}, models.ErrNotFound
}

// SignInPurpose separates the tokens of sign-in links from all others.
const SignInPurpose = "sign-in"

// ManagePurpose separates the tokens of the links with which residents see and
// change their sign-ups.
const ManagePurpose = "manage"

// CreateSignIn makes a link that signs an organiser in once, and returns its
// token, which is not kept.
func (p *Planner) CreateSignIn(ctx context.Context, organiser string, lasts time.Duration) (string, error) {
	id := newID()
	return p.Keys.Vault().Token(SignInPurpose, id), p.createSignIn(ctx, id, organiser, lasts)
}

func (p *Planner) createSignIn(ctx context.Context, id, organiser string, lasts time.Duration) error {
	return p.Store.SignIns.Create(ctx, models.SignIn{
		Document: models.Document{ID: id}, Organiser: organiser, Expires: models.Milli(p.Now().Add(lasts)),
	})
}

func notSignedIn(err error) error {
	if errors.Is(err, models.ErrNotFound) {
		return models.Fault(models.CodeNotSignedIn)
	}
	return err
}

// Command is who acts when somebody uses the command line: she has the database
// and the key file in her hands, so no rule of ours could hold her.
func Command() *models.Organiser {
	return &models.Organiser{Document: models.Document{ID: "command"}, Role: models.RoleCoordinator}
}

// ByManageToken is the id of the sign-up that a mailed link is for; ErrNotFound
// when the link was not made here.
func (p *Planner) ByManageToken(token string) (string, error) {
	if id, ok := p.Keys.Vault().Check(ManagePurpose, token); ok {
		return id, nil
	}
	return "", models.ErrNotFound
}

package planner

import (
	"context"
	"errors"
	"strings"

	"samling/models"
)

// factorPurpose separates what second factors are checked with from all else that
// is sealed.
const factorPurpose = "factor"

// accountMail tells an organiser what has happened to her account: that is how she
// notices what she has not done herself.
func (p *Planner) accountMail(o *models.Organiser, kind models.MailKind, what, about string) models.Mail {
	m := p.deskMail(o, kind, models.Milli(p.Now()), about)
	m.About, m.What = models.About{}, what
	return m
}

// Factors are the second factors of an organiser, the oldest first.
func (p *Planner) Factors(ctx context.Context, organiser string) ([]models.Factor, error) {
	var out []models.Factor
	for f, err := range p.Store.Factors.List(ctx, models.Query{Index: "organiser", Equal: []any{organiser}}) {
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// addFactor keeps another factor, tells its owner, and lets the session in which she
// showed that she has it count as proven.
func (p *Planner) addFactor(ctx context.Context, by SignedIn, f models.Factor, plain []byte) error {
	f.Organiser, f.Name, f.Created = by.ID, strings.TrimSpace(f.Name), models.Milli(p.Now())
	f.Used, f.Sealed = f.Created, p.Keys.Vault().SealFor(factorPurpose, f.ID, plain)
	var faults models.Faults
	models.CheckLine(&faults, "name", f.Name, true, models.MaxName)
	if err := faults.Err(); err != nil {
		return err
	}
	all, err := p.Factors(ctx, by.ID)
	if err != nil {
		return err
	}
	if len(all) >= models.MaxFactors {
		return models.Fault(models.CodeNotPossible)
	}
	return p.post(ctx, []models.Mail{p.accountMail(by.Organiser, models.MailFactorAdded, f.Name, f.ID)},
		p.Store.Factors.Creating(f), p.proving(by))
}

// proving notes that a second factor has shown that it is she.
func (p *Planner) proving(by SignedIn) models.Op {
	now := models.Milli(p.Now())
	return p.Store.Sessions.Updating(by.Session.ID, func(s *models.Session) error {
		s.Proven, s.Challenge = now, nil
		return nil
	})
}

// RemoveFactor takes one of hers away. ErrNotFound: she has none of that id.
func (p *Planner) RemoveFactor(ctx context.Context, by *models.Organiser, id string) error {
	f, err := p.Factor(ctx, by, id)
	if err != nil {
		return err
	}
	if err := drop(ctx, p.Store.Factors, f.ID); err != nil {
		return err
	}
	return p.post(ctx, []models.Mail{p.accountMail(by, models.MailFactorRemoved, f.Name, f.ID)})
}

// Factor is one of hers; ErrNotFound.
func (p *Planner) Factor(ctx context.Context, by *models.Organiser, id string) (models.Factor, error) {
	f, err := p.Store.Factors.Get(ctx, id)
	if err == nil && f.Organiser != by.ID {
		err = models.ErrNotFound
	}
	return f, err
}

// ResetFactors takes away all second factors of somebody who has lost them, and with
// them whatever she is signed in with: what was lost may have been found. She is told
// by mail, and sets up new ones at her next sign-in. For coordinators, and for nobody
// in her own case: a thief would be the first to ask.
func (p *Planner) ResetFactors(ctx context.Context, by *models.Organiser, id string) error {
	o, err := p.Organiser(ctx, by, id)
	if err != nil {
		return err
	}
	if id == by.ID {
		return onlyOthers("organiser")
	}
	if err := p.endAccess(ctx, id); err != nil {
		return err
	}
	p.Log.Info("second factors reset", "organiser", id, "by", by.ID)
	return p.post(ctx, []models.Mail{p.accountMail(&o, models.MailFactorReset, "", newID())})
}

// triesFactor counts what is tried as a second factor of somebody: codes have six
// digits. CodeTooMany.
func (p *Planner) triesFactor(ctx context.Context, o *models.Organiser) error {
	return p.strictly(ctx, "factor", o.ID, models.CodeRate())
}

func wrongFactor(cause error) error { return models.Because(models.CodeWrongFactor, cause) }

// errUnknownFactor is the cause where none of hers fits.
var errUnknownFactor = errors.New("planner: none of her factors gave this answer")

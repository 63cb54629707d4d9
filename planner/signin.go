package planner

import (
	"context"
	"crypto/subtle"
	"errors"
	"time"

	"samling/models"
)

// RequestSignIn mails a link and a code to an organiser. An address that nobody
// has is answered in the same way, so that nobody can ask who is one. CodeTooMany.
func (p *Planner) RequestSignIn(ctx context.Context, email string) error {
	if err := p.strictly(ctx, "sign-in", email, models.SignInRate()); err != nil {
		return err
	}
	o, err := p.OrganiserByEmail(ctx, email)
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	now := models.Milli(p.Now())
	if o.Lapsed(now) {
		return p.post(ctx, []models.Mail{p.deskMail(&o, models.MailLapsed, now, newID())})
	}
	token, err := p.CreateSignIn(ctx, o.ID, models.SignInLasts)
	if err != nil {
		return err
	}
	id, _ := p.Keys.Vault().Check(SignInPurpose, token)
	return p.post(ctx, []models.Mail{{
		Document: models.Document{ID: derivedID("sign-in", id)}, Kind: models.MailSignIn, SignIn: id,
		Born: now, Until: now.Add(models.SignInLasts), Status: models.MailQueued, Due: now,
	}})
}

// SignIn is the sign-in of a link that can still be used, and whom it signs in.
// CodeNotSignedIn: the link is wrong, spent or has run out; which, is not said.
func (p *Planner) SignIn(ctx context.Context, token string) (models.SignIn, models.Organiser, error) {
	id, ok := p.Keys.Vault().Check(SignInPurpose, token)
	if !ok {
		return models.SignIn{}, models.Organiser{}, models.Fault(models.CodeNotSignedIn)
	}
	s, err := p.Store.SignIns.Get(ctx, id)
	if err == nil && !p.usable(&s) {
		err = models.ErrNotFound
	}
	if err != nil {
		return s, models.Organiser{}, notSignedIn(err)
	}
	o, err := p.Store.Organisers.Get(ctx, s.Organiser)
	return s, o, notSignedIn(err)
}

func (p *Planner) usable(s *models.SignIn) bool {
	return !s.Spent && s.Tries < models.SignInTries && p.Now().Before(s.Expires)
}

// SpendSignIn uses a link up and returns the secret of a new session.
func (p *Planner) SpendSignIn(ctx context.Context, token string, with Browser) (string, error) {
	s, _, err := p.SignIn(ctx, token)
	if err != nil {
		return "", err
	}
	return p.spend(ctx, s.ID, with)
}

// SpendCode uses up a link by its code, typed into a browser that may be another
// than the one that opens the mail. A wrong one counts against every link of
// that organiser: five, and none of them can be used any more. CodeTooMany.
func (p *Planner) SpendCode(ctx context.Context, email, code string, with Browser) (string, error) {
	if err := p.strictly(ctx, "code", email, models.CodeRate()); err != nil {
		return "", err
	}
	o, err := p.OrganiserByEmail(ctx, email)
	if err != nil {
		return "", notSignedIn(err)
	}
	var open []models.SignIn
	for s, err := range p.Store.SignIns.List(ctx, models.Query{Index: "organiser", Equal: []any{o.ID}, From: p.Now().UnixMilli()}) {
		if err != nil {
			return "", err
		}
		if !p.usable(&s) {
			continue
		}
		right := p.Keys.Vault().Code(SignInPurpose, s.ID)
		if subtle.ConstantTimeCompare([]byte(right), []byte(code)) == 1 {
			return p.spend(ctx, s.ID, with)
		}
		open = append(open, s)
	}
	for _, s := range open {
		if _, err := p.Store.SignIns.Update(ctx, s.ID, func(s *models.SignIn) error { s.Tries++; return nil }); err != nil {
			return "", err
		}
	}
	return "", models.Fault(models.CodeNotSignedIn)
}

func (p *Planner) spend(ctx context.Context, id string, with Browser) (string, error) {
	s, err := p.Store.SignIns.Update(ctx, id, func(s *models.SignIn) error {
		if !p.usable(s) {
			return models.Fault(models.CodeNotSignedIn)
		}
		s.Spent = true
		return nil
	})
	if err != nil {
		return "", notSignedIn(err)
	}
	o, err := p.Store.Organisers.Get(ctx, s.Organiser)
	if err != nil {
		return "", notSignedIn(err)
	}
	return p.begin(ctx, &o, with)
}

// organiser is somebody whom a token or a session that lasts until expires
// stands for.
func (p *Planner) organiser(ctx context.Context, id string, expires time.Time) (*models.Organiser, error) {
	if !p.Now().Before(expires) {
		return nil, models.Fault(models.CodeNotSignedIn)
	}
	o, err := p.Store.Organisers.Get(ctx, id)
	if err == nil && o.Lapsed(p.Now()) {
		err = models.ErrNotFound
	}
	if err != nil {
		return nil, notSignedIn(err)
	}
	return &o, nil
}

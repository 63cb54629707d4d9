package planner

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"time"

	"samling/models"
)

// tokenPrefix lets people and secret scanners recognise our tokens.
const tokenPrefix = "samling_"

// CreateToken makes a token with which a program acts as an organiser, for what is
// in scopes alone, and returns it. Only its hash is kept. She is told by mail.
func (p *Planner) CreateToken(ctx context.Context, organiser, name string, lasts time.Duration, scopes ...models.Scope) (string, error) {
	o, err := p.Store.Organisers.Get(ctx, organiser)
	if err != nil {
		return "", err
	}
	secret := tokenPrefix + rand.Text()
	now := models.Milli(p.Now())
	t := models.Token{
		Document: models.Document{ID: p.tokenID(secret)}, Organiser: organiser, Created: now, Expires: now.Add(lasts),
		Name: strings.TrimSpace(name), Scopes: scopes,
	}
	if err := t.Validate(); err != nil {
		return "", err
	}
	return secret, p.post(ctx, []models.Mail{p.accountMail(&o, models.MailTokenMade, t.Name, t.ID)}, p.Store.Tokens.Creating(t))
}

func (p *Planner) tokenID(secret string) string { return p.Keys.Vault().Hash("token", secret) }

// ByToken is the organiser for whom a token speaks. CodeNotSignedIn: it is wrong
// or has run out; which, is not said. CodeNotInScope: it is not for that.
func (p *Planner) ByToken(ctx context.Context, secret string, scope models.Scope) (*models.Organiser, error) {
	if !strings.HasPrefix(secret, tokenPrefix) {
		return nil, models.Fault(models.CodeNotSignedIn)
	}
	t, err := p.Store.Tokens.Get(ctx, p.tokenID(secret))
	if err != nil {
		return nil, notSignedIn(err)
	}
	o, err := p.organiser(ctx, t.Organiser, t.Expires)
	if err != nil {
		return nil, err
	}
	if !t.May(scope) {
		return nil, models.Fault(models.CodeNotInScope)
	}
	now := models.Milli(p.Now())
	if now.Sub(t.Used) >= models.UsedEvery {
		_, err = p.Store.Tokens.Update(ctx, t.ID, func(t *models.Token) error { t.Used = now; return nil })
	}
	return o, notSignedIn(err) // revoked just now
}

// Tokens are those of an organiser that still work, the newest first.
func (p *Planner) Tokens(ctx context.Context, by *models.Organiser) ([]models.Token, error) {
	var out []models.Token
	for t, err := range p.Store.Tokens.List(ctx, models.Query{Index: "organiser", Equal: []any{by.ID}}) {
		if err != nil {
			return nil, err
		}
		if p.Now().Before(t.Expires) {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b models.Token) int { return b.Created.Compare(a.Created) })
	return out, nil
}

// RevokeToken ends a token of hers. ErrNotFound: she has none of that id.
func (p *Planner) RevokeToken(ctx context.Context, by *models.Organiser, id string) error {
	t, err := p.Store.Tokens.Get(ctx, id)
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if t.Organiser != by.ID {
		return models.ErrNotFound
	}
	return drop(ctx, p.Store.Tokens, id)
}

package planner

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"

	"samling/models"
)

// Browser is what somebody signs in with.
type Browser struct {
	// Name is what it calls itself, in words; empty: it does not say.
	Name string
	// Own: it is hers alone, and remembers her for longer.
	Own bool
	// Mark is the one that MarkBrowser gave it. Of a browser without hers she is told
	// by mail.
	Mark string
}

// browserPurpose separates the mark of a browser that somebody has signed in with
// from all other tokens; its id is the organiser's.
const browserPurpose = "browser"

// MarkBrowser is a mark for a browser that an organiser has signed in with.
func (p *Planner) MarkBrowser(organiser string) string {
	return p.Keys.Vault().Token(browserPurpose, organiser)
}

// SignedIn is somebody and the session that says who she is.
type SignedIn struct {
	*models.Organiser
	Session models.Session
}

// begin makes a session and returns its secret. Those of hers that have run out
// are cleared away.
func (p *Planner) begin(ctx context.Context, o *models.Organiser, with Browser) (string, error) {
	secret, now, lasts := rand.Text(), models.Milli(p.Now()), models.VisitLasts
	if with.Own {
		lasts = models.SessionLasts
	}
	session := models.Session{
		Document: models.Document{ID: p.sessionID(secret)}, Organiser: o.ID, Created: now, Expires: now.Add(lasts), Browser: with.Name,
	}
	var mails []models.Mail
	if known, _ := p.Keys.Vault().Check(browserPurpose, with.Mark); known != o.ID && !o.SignedIn.IsZero() {
		mails = append(mails, p.accountMail(o, models.MailNewBrowser, with.Name, session.ID))
	}
	err := p.post(ctx, mails, p.Store.Sessions.Creating(session), p.Store.Organisers.Updating(o.ID, func(o *models.Organiser) error {
		o.SignedIn = now
		return nil
	}))
	if err != nil {
		return "", err
	}
	over := models.Query{Index: "organiser", Equal: []any{o.ID}, To: now.UnixMilli() + 1}
	return secret, dropAll(ctx, p.Store.Sessions, over)
}

func (p *Planner) sessionID(secret string) string { return p.Keys.Vault().Hash("session", secret) }

// BySession is whom a session's secret signs in; CodeNotSignedIn.
func (p *Planner) BySession(ctx context.Context, secret string) (SignedIn, error) {
	if secret == "" {
		return SignedIn{}, models.Fault(models.CodeNotSignedIn)
	}
	s, err := p.Store.Sessions.Get(ctx, p.sessionID(secret))
	if err != nil {
		return SignedIn{}, notSignedIn(err)
	}
	o, err := p.organiser(ctx, s.Organiser, s.Expires)
	if err != nil {
		return SignedIn{}, err
	}
	if now := models.Milli(p.Now()); now.Sub(s.LastSeen()) >= models.UsedEvery {
		s, err = p.Store.Sessions.Update(ctx, s.ID, func(s *models.Session) error { s.Seen = now; return nil })
	}
	return SignedIn{o, s}, notSignedIn(err) // ended just now
}

// SignOut ends a session. One that is gone already is no error.
func (p *Planner) SignOut(ctx context.Context, secret string) error {
	return drop(ctx, p.Store.Sessions, p.sessionID(secret))
}

// Sessions are those of an organiser that last, the one that was used last first.
func (p *Planner) Sessions(ctx context.Context, by *models.Organiser) ([]models.Session, error) {
	var out []models.Session
	for s, err := range p.Store.Sessions.List(ctx, models.Query{Index: "organiser", Equal: []any{by.ID}, From: p.Now().UnixMilli() + 1}) {
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	slices.SortStableFunc(out, func(a, b models.Session) int { return b.LastSeen().Compare(a.LastSeen()) })
	return out, nil
}

// EndSession ends one of hers; one that has ended already is no error. ErrNotFound: it
// is another's.
func (p *Planner) EndSession(ctx context.Context, by *models.Organiser, id string) error {
	s, err := p.Store.Sessions.Get(ctx, id)
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if s.Organiser != by.ID {
		return models.ErrNotFound
	}
	return drop(ctx, p.Store.Sessions, id)
}

// EndOthers ends all of hers but one.
func (p *Planner) EndOthers(ctx context.Context, by SignedIn) error {
	all, err := p.Sessions(ctx, by.Organiser)
	for _, s := range all {
		if s.ID != by.Session.ID {
			err = errors.Join(err, drop(ctx, p.Store.Sessions, s.ID))
		}
	}
	return err
}

// endAccess takes away all that opens the desk to somebody, and what would open it
// again: her links, sessions, tokens and second factors.
func (p *Planner) endAccess(ctx context.Context, organiser string) error {
	hers := models.Query{Index: "organiser", Equal: []any{organiser}}
	return errors.Join(
		dropAll(ctx, p.Store.SignIns, hers),
		dropAll(ctx, p.Store.Sessions, hers),
		dropAll(ctx, p.Store.Tokens, hers),
		dropAll(ctx, p.Store.Factors, hers),
	)
}

// drop deletes a document, whatever happens to it meanwhile. One that is gone
// already is no error.
func drop[T any, P models.DocumentOf[T]](ctx context.Context, c models.Collection[T], id string) error {
	for {
		doc, err := c.Get(ctx, id)
		if err == nil {
			err = c.Delete(ctx, id, P(&doc).Doc().Revision)
		}
		if errors.Is(err, models.ErrNotFound) {
			return nil
		}
		if !errors.Is(err, models.ErrChangedMeanwhile) {
			return err
		}
	}
}

func dropAll[T any, P models.DocumentOf[T]](ctx context.Context, c models.Collection[T], q models.Query) error {
	for doc, err := range c.List(ctx, q) {
		if err != nil {
			return err
		}
		if err := drop[T, P](ctx, c, P(&doc).Doc().ID); err != nil {
			return err
		}
	}
	return nil
}

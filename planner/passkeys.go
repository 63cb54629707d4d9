package planner

import (
	"context"
	"encoding/json"
	"errors"
	"net/netip"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/google/uuid"

	"samling/models"
)

// passkeyUser is an organiser as the library wants to see her.
type passkeyUser struct {
	*models.Organiser
	keys []webauthn.Credential
}

// WebAuthnID is hers alone and says nothing of her (W3C WebAuthn §5.4.3).
func (u passkeyUser) WebAuthnID() []byte {
	id, err := uuid.Parse(u.ID)
	if err != nil {
		return []byte(u.ID)
	}
	return id[:]
}

// WebAuthnName is what the authenticator calls the account.
func (u passkeyUser) WebAuthnName() string { return u.Email }

// WebAuthnDisplayName is part of webauthn.User.
func (u passkeyUser) WebAuthnDisplayName() string { return u.Email }

// WebAuthnCredentials is part of webauthn.User.
func (u passkeyUser) WebAuthnCredentials() []webauthn.Credential { return u.keys }

// HasPasskeys reports whether browsers can make passkeys for the installation: they
// are bound to a name, and do not take the bare address of a machine.
func (p *Planner) HasPasskeys() bool {
	u, err := url.Parse(p.Site)
	if err != nil || u.Hostname() == "" {
		return false
	}
	_, err = netip.ParseAddr(u.Hostname())
	return err != nil
}

// party is us, as passkeys see us.
func (p *Planner) party() (*webauthn.WebAuthn, error) {
	if !p.HasPasskeys() {
		return nil, models.Fault(models.CodeNotPossible)
	}
	u, err := url.Parse(p.Site)
	if err != nil {
		return nil, err
	}
	return webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: u.Hostname(), RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation,
	})
}

// passkeys is somebody with her passkeys.
func (p *Planner) passkeys(ctx context.Context, o *models.Organiser) (passkeyUser, error) {
	u := passkeyUser{Organiser: o}
	all, err := p.Factors(ctx, o.ID)
	if err != nil {
		return u, err
	}
	for _, f := range all {
		if f.Kind != models.FactorPasskey {
			continue
		}
		key, err := p.passkey(&f)
		if err != nil {
			return u, err
		}
		u.keys = append(u.keys, key)
	}
	return u, nil
}

func (p *Planner) passkey(f *models.Factor) (key webauthn.Credential, err error) {
	plain, err := p.Keys.Vault().OpenFor(factorPurpose, f.ID, f.Sealed)
	if err != nil {
		return key, err
	}
	return key, json.Unmarshal(plain, &key)
}

func (p *Planner) passkeyID(credential []byte) string {
	return p.Keys.Vault().Hash("passkey", string(credential))
}

// AskNewPasskey is what a browser is to be asked for to make another passkey, as JSON.
func (p *Planner) AskNewPasskey(ctx context.Context, by SignedIn) ([]byte, error) {
	party, err := p.party()
	if err != nil {
		return nil, err
	}
	u, err := p.passkeys(ctx, by.Organiser)
	if err != nil {
		return nil, err
	}
	ask, session, err := party.BeginRegistration(u,
		webauthn.WithExclusions(webauthn.Credentials(u.keys).CredentialDescriptors()),
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{UserVerification: protocol.VerificationPreferred}))
	if err != nil {
		return nil, err
	}
	return p.challenge(ctx, by, ask.Response, session)
}

// AskPasskey is what a browser is to be asked for to show one of hers, as JSON.
// CodeNotPossible: she has none.
func (p *Planner) AskPasskey(ctx context.Context, by SignedIn) ([]byte, error) {
	party, err := p.party()
	if err != nil {
		return nil, err
	}
	u, err := p.passkeys(ctx, by.Organiser)
	if err != nil {
		return nil, err
	}
	if len(u.keys) == 0 {
		return nil, models.Fault(models.CodeNotPossible)
	}
	ask, session, err := party.BeginLogin(u, webauthn.WithUserVerification(protocol.VerificationPreferred))
	if err != nil {
		return nil, err
	}
	return p.challenge(ctx, by, ask.Response, session)
}

// challenge keeps what was asked until it is answered.
func (p *Planner) challenge(ctx context.Context, by SignedIn, ask any, session *webauthn.SessionData) ([]byte, error) {
	kept, err := json.Marshal(session)
	if err != nil {
		return nil, err
	}
	sealed := p.Keys.Vault().SealFor(challengePurpose, by.Session.ID, kept)
	until := models.Milli(p.Now().Add(models.ChallengeLasts))
	_, err = p.Store.Sessions.Update(ctx, by.Session.ID, func(s *models.Session) error {
		s.Challenge, s.ChallengeExpires = sealed, until
		return nil
	})
	if err != nil {
		return nil, err
	}
	return json.Marshal(ask)
}

// challengePurpose separates what was asked of a passkey from all else that is
// sealed.
const challengePurpose = "challenge"

// asked takes what was asked away: whatever the answer is worth, there is no other.
func (p *Planner) asked(ctx context.Context, by SignedIn) (session webauthn.SessionData, err error) {
	var sealed []byte
	now := p.Now()
	_, err = p.Store.Sessions.Update(ctx, by.Session.ID, func(s *models.Session) error {
		if sealed = s.Challenge; sealed == nil || !now.Before(s.ChallengeExpires) {
			return wrongFactor(errors.New("planner: nothing was asked"))
		}
		s.Challenge = nil
		return nil
	})
	if err != nil {
		return session, err
	}
	plain, err := p.Keys.Vault().OpenFor(challengePurpose, by.Session.ID, sealed)
	if err != nil {
		return session, err
	}
	err = json.Unmarshal(plain, &session)
	session.Expires = time.Time{} // ours is by the clock that we were given
	return session, err
}

// AddPasskey keeps the passkey that a browser has made. CodeWrongFactor: it is not
// what was asked for; ErrExists: somebody has it already.
func (p *Planner) AddPasskey(ctx context.Context, by SignedIn, name string, answer []byte) error {
	party, err := p.party()
	if err != nil {
		return err
	}
	session, err := p.asked(ctx, by)
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return wrongFactor(err)
	}
	key, err := party.CreateCredential(passkeyUser{Organiser: by.Organiser}, session, parsed)
	if err != nil {
		return wrongFactor(err)
	}
	f := models.Factor{Document: models.Document{ID: p.passkeyID(key.ID)}, Kind: models.FactorPasskey, Name: name}
	if _, err := p.Store.Factors.Get(ctx, f.ID); !errors.Is(err, models.ErrNotFound) {
		if err == nil {
			err = models.ErrExists
		}
		return err
	}
	plain, err := json.Marshal(key)
	if err != nil {
		return err
	}
	return p.addFactor(ctx, by, f, plain)
}

// ProveByPasskey takes the answer of one of her passkeys. CodeWrongFactor: it is not
// one to what was asked last, or the passkey has been copied.
func (p *Planner) ProveByPasskey(ctx context.Context, by SignedIn, answer []byte) error {
	party, err := p.party()
	if err != nil {
		return err
	}
	session, err := p.asked(ctx, by)
	if err != nil {
		return err
	}
	u, err := p.passkeys(ctx, by.Organiser)
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return wrongFactor(err)
	}
	key, err := party.ValidateLogin(u, session, parsed)
	if err != nil {
		return wrongFactor(err)
	}
	// A counter that stands still or goes back is that of a copy (W3C WebAuthn §6.1.1).
	if key.Authenticator.CloneWarning {
		p.Log.Warn("a passkey may have been copied", "organiser", by.ID)
		return wrongFactor(errors.New("planner: the passkey's counter went back"))
	}
	id, now := p.passkeyID(key.ID), models.Milli(p.Now())
	plain, err := json.Marshal(key)
	if err != nil {
		return err
	}
	sealed := p.Keys.Vault().SealFor(factorPurpose, id, plain)
	err = p.Store.Write(ctx, p.Store.Factors.Updating(id, func(f *models.Factor) error {
		f.Sealed, f.Used = sealed, now
		return nil
	}), p.proving(by))
	if errors.Is(err, models.ErrNotFound) {
		return wrongFactor(err) // removed just now
	}
	return err
}

package planner

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"samling/models"
)

// codePeriod is how long one code of an authenticator stands, and codeSkew how many
// before and after it are taken, for clocks that are not right (RFC 6238 §5.2).
const (
	codePeriod = 30 * time.Second
	codeSkew   = 1
)

// codePurpose separates secrets that are offered from those that are kept.
const codePurpose = "code offered"

// OfferedCode is what an authenticator is to be set up with. Nothing of it is kept
// before it has given a right code.
type OfferedCode struct {
	// Secret is what one types who cannot read the picture of URL.
	Secret, URL string
	// Sealed comes back with the code; it is good in this session alone.
	Sealed []byte
}

// OfferCode makes a secret for an authenticator, or gives the one anew that was
// offered before; sealed is nil for the first time. issuer is what the authenticator
// calls us.
func (p *Planner) OfferCode(by SignedIn, issuer string, sealed []byte) (OfferedCode, error) {
	secret := []byte(nil)
	if sealed == nil {
		secret = make([]byte, 20) // as long as what the hash gives, RFC 4226 §4
		_, _ = rand.Read(secret)  // never errs
		sealed = p.Keys.Vault().SealFor(codePurpose, by.Session.ID, secret)
	} else {
		var err error
		if secret, err = p.Keys.Vault().OpenFor(codePurpose, by.Session.ID, sealed); err != nil {
			return OfferedCode{}, models.Because(models.CodeMalformed, err)
		}
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: by.Email, Secret: secret})
	if err != nil {
		return OfferedCode{}, err
	}
	return OfferedCode{key.Secret(), key.URL(), sealed}, nil
}

// AddCode keeps an authenticator that has given a right code. CodeWrongFactor: it has
// not; CodeTooMany.
func (p *Planner) AddCode(ctx context.Context, by SignedIn, name string, sealed []byte, code string) error {
	if err := p.triesFactor(ctx, by.Organiser); err != nil {
		return err
	}
	secret, err := p.Keys.Vault().OpenFor(codePurpose, by.Session.ID, sealed)
	if err != nil {
		return models.Because(models.CodeMalformed, err)
	}
	step, err := codeStep(secret, code, p.Now(), 0)
	if err != nil {
		return err
	}
	return p.addFactor(ctx, by, models.Factor{Document: models.Document{ID: newID()}, Kind: models.FactorCode, Name: name, Step: step}, secret)
}

// ProveByCode takes a code of one of her authenticators. CodeWrongFactor: it is wrong,
// or was taken before; CodeTooMany.
func (p *Planner) ProveByCode(ctx context.Context, by SignedIn, code string) error {
	if err := p.triesFactor(ctx, by.Organiser); err != nil {
		return err
	}
	all, err := p.Factors(ctx, by.ID)
	if err != nil {
		return err
	}
	now := models.Milli(p.Now())
	for _, f := range all {
		if f.Kind != models.FactorCode {
			continue
		}
		secret, err := p.Keys.Vault().OpenFor(factorPurpose, f.ID, f.Sealed)
		if err != nil {
			return err
		}
		if _, err := codeStep(secret, code, now, f.Step); err != nil {
			continue
		}
		_, err = p.Store.Factors.Update(ctx, f.ID, func(f *models.Factor) error {
			step, err := codeStep(secret, code, now, f.Step) // whoever comes second with it is refused
			f.Step, f.Used = step, now
			return err
		})
		if errors.Is(err, models.ErrNotFound) {
			return wrongFactor(err) // removed just now
		}
		if err != nil {
			return err
		}
		return p.Store.Write(ctx, p.proving(by))
	}
	return wrongFactor(errUnknownFactor)
}

// codeStep is the step of time of which a code is, later than the last one that was
// taken. CodeWrongFactor.
func codeStep(secret []byte, code string, now time.Time, last int64) (int64, error) {
	step := now.Unix() / int64(codePeriod/time.Second)
	for s := max(step-codeSkew, last+1); s <= step+codeSkew; s++ {
		right, err := totp.GenerateCodeCustom(base32.StdEncoding.EncodeToString(secret), time.Unix(s*int64(codePeriod/time.Second), 0), totp.ValidateOpts{
			Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
		})
		if err != nil {
			return 0, err
		}
		if subtle.ConstantTimeCompare([]byte(right), []byte(code)) == 1 {
			return s, nil
		}
	}
	return 0, wrongFactor(errUnknownFactor)
}

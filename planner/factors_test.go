package planner

import (
	"crypto/ecdsa"
	"crypto/x509"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"
	"github.com/pquerna/otp/totp"

	"samling/models"
)

// entered is an organiser's session in a browser.
func (c *city) entered(o models.Organiser, with Browser) SignedIn {
	c.t.Helper()
	secret := must(c.SpendSignIn(c.ctx, must(c.CreateSignIn(c.ctx, o.ID, time.Hour)), with))
	return must(c.BySession(c.ctx, secret))
}

// proves reports whether a session is proven by now.
func (c *city) proves(by SignedIn) bool {
	s := must(c.Store.Sessions.Get(c.ctx, by.Session.ID))
	return s.Proves(*c.clock)
}

// mailed are the kinds of the mails about accounts that are in the outbox, counted.
func (c *city) mailed() map[models.MailKind]int {
	out := map[models.MailKind]int{}
	for _, m := range c.outbox() {
		out[m.Kind]++
	}
	return out
}

// withCode gives somebody an authenticator and returns its secret.
func (c *city) withCode(by SignedIn) string {
	c.t.Helper()
	offered := must(c.OfferCode(by, "Samling", nil))
	must(0, c.AddCode(c.ctx, by, "Telefonen", offered.Sealed, must(totp.GenerateCode(offered.Secret, *c.clock))))
	return offered.Secret
}

func TestCode_SetUpAndProve(t *testing.T) {
	c := newCity(t)
	by := c.entered(c.organiser(), Browser{})
	offered := must(c.OfferCode(by, "Samling", nil))
	if again := must(c.OfferCode(by, "Samling", offered.Sealed)); again.Secret != offered.Secret || again.URL != offered.URL {
		t.Error("the secret changed while it was being typed")
	}
	wantCode(t, "a wrong code", c.AddCode(c.ctx, by, "Telefonen", offered.Sealed, "000000"), models.CodeWrongFactor)
	right := must(totp.GenerateCode(offered.Secret, *c.clock))
	elsewhere := c.entered(c.organiser(), Browser{})
	wantCode(t, "in another session", c.AddCode(c.ctx, elsewhere, "Telefonen", offered.Sealed, right), models.CodeMalformed)
	wantCode(t, "without a name", c.AddCode(c.ctx, by, " ", offered.Sealed, right), models.CodeInvalid)
	if c.proves(by) || len(must(c.Factors(c.ctx, by.ID))) != 0 {
		t.Fatal("something was kept of what was wrong")
	}
	must(0, c.AddCode(c.ctx, by, "Telefonen", offered.Sealed, right))
	if !c.proves(by) || c.mailed()[models.MailFactorAdded] != 1 {
		t.Errorf("added: proven %v, mails %v", c.proves(by), c.mailed())
	}
	if c.proves(elsewhere) {
		t.Error("another session is proven with it")
	}
	c.pass(models.ProofLasts)
	if c.proves(by) {
		t.Error("it is proven for ever")
	}

	wantCode(t, "the code of half a day ago", c.ProveByCode(c.ctx, by, right), models.CodeWrongFactor)
	now := must(totp.GenerateCode(offered.Secret, *c.clock))
	must(0, c.ProveByCode(c.ctx, by, now))
	if !c.proves(by) {
		t.Error("a right code proves nothing")
	}
	wantCode(t, "the same code again", c.ProveByCode(c.ctx, elsewhere, now), models.CodeWrongFactor)
	before := must(totp.GenerateCode(offered.Secret, c.clock.Add(-codePeriod)))
	wantCode(t, "the one before it", c.ProveByCode(c.ctx, elsewhere, before), models.CodeWrongFactor)
	must(0, c.ProveByCode(c.ctx, elsewhere, must(totp.GenerateCode(offered.Secret, c.clock.Add(codePeriod)))))
}

// Who comes with the same code at the same moment is refused.
func TestCode_RacesItself(t *testing.T) {
	c := newCity(t)
	by := c.entered(c.organiser(), Browser{})
	secret := c.withCode(by)
	c.pass(time.Minute)
	code := must(totp.GenerateCode(secret, *c.clock))
	done := make(chan error)
	for range 8 {
		go func() { done <- c.ProveByCode(c.ctx, by, code) }()
	}
	taken := 0
	for range 8 {
		if err := <-done; err == nil {
			taken++
		}
	}
	if taken != 1 {
		t.Errorf("one code was taken %d times", taken)
	}
}

func TestCode_Skew(t *testing.T) {
	c := newCity(t)
	by := c.entered(c.organiser(), Browser{})
	secret := c.withCode(by)
	for name, off := range map[string]struct {
		by   time.Duration
		want models.Code
	}{
		"half a minute late":  {-codePeriod, ""},
		"half a minute early": {codePeriod, ""},
		"a minute late":       {-2 * codePeriod, models.CodeWrongFactor},
		"a minute early":      {2 * codePeriod, models.CodeWrongFactor},
	} {
		c.pass(time.Hour)
		err := c.ProveByCode(c.ctx, by, must(totp.GenerateCode(secret, c.clock.Add(off.by))))
		if models.CodeOf(err) != off.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCode_TriesAreCounted(t *testing.T) {
	c := newCity(t)
	c.Limits = true
	by := c.entered(c.organiser(), Browser{})
	secret := c.withCode(by)
	c.pass(time.Hour)
	var err error
	for range models.CodeRate().Burst {
		err = c.ProveByCode(c.ctx, by, "000000")
	}
	wantCode(t, "the last that is tried", err, models.CodeWrongFactor)
	wantCode(t, "the next, though it is right", c.ProveByCode(c.ctx, by, must(totp.GenerateCode(secret, *c.clock))), models.CodeTooMany)
}

// key is a passkey in somebody's hand.
type key struct {
	virtualwebauthn.Authenticator
	virtualwebauthn.Credential
}

func newKey() *key {
	for {
		made := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
		// One in 128 has a coordinate that begins with a zero, which virtualwebauthn leaves
		// out though RFC 9053 §7.1.1 wants it.
		private, err := x509.ParsePKCS8PrivateKey(made.Key.Data)
		if ec, ok := private.(*ecdsa.PrivateKey); err == nil && ok && min(ec.X.BitLen(), ec.Y.BitLen()) > 248 {
			return &key{virtualwebauthn.NewAuthenticator(), made}
		}
	}
}

func us() virtualwebauthn.RelyingParty {
	return virtualwebauthn.RelyingParty{ID: "samling.test", Name: "Samling", Origin: "https://samling.test"}
}

// made is what the key answers when it is to be a new passkey.
func (k *key) made(ask []byte) []byte {
	options := must(virtualwebauthn.ParseAttestationOptions(string(ask)))
	return []byte(virtualwebauthn.CreateAttestationResponse(us(), k.Authenticator, k.Credential, *options))
}

// shown is what the key answers when it is to prove whose it is.
func (k *key) shown(ask []byte, to virtualwebauthn.RelyingParty) []byte {
	k.Counter++
	options := must(virtualwebauthn.ParseAssertionOptions(string(ask)))
	return []byte(virtualwebauthn.CreateAssertionResponse(to, k.Authenticator, k.Credential, *options))
}

func TestPasskey_SetUpAndProve(t *testing.T) {
	c := newCity(t)
	by, k := c.entered(c.organiser(), Browser{}), newKey()
	_, err := c.AskPasskey(c.ctx, by)
	wantCode(t, "asked of who has none", err, models.CodeNotPossible)
	made := k.made(must(c.AskNewPasskey(c.ctx, by)))
	must(0, c.AddPasskey(c.ctx, by, "Telefonen", made))
	if !c.proves(by) || c.mailed()[models.MailFactorAdded] != 1 {
		t.Errorf("added: proven %v, mails %v", c.proves(by), c.mailed())
	}
	wantCode(t, "the same answer again", c.AddPasskey(c.ctx, by, "Telefonen", made), models.CodeWrongFactor)
	wantCode(t, "the same passkey again", c.AddPasskey(c.ctx, by, "Telefonen", k.made(must(c.AskNewPasskey(c.ctx, by)))), models.CodeExists)

	c.pass(models.ProofLasts)
	shown := k.shown(must(c.AskPasskey(c.ctx, by)), us())
	must(0, c.ProveByPasskey(c.ctx, by, shown))
	if !c.proves(by) {
		t.Error("a passkey proves nothing")
	}
	wantCode(t, "the same answer again", c.ProveByPasskey(c.ctx, by, shown), models.CodeWrongFactor)
	if f := must(c.Factors(c.ctx, by.ID)); len(f) != 1 || !f[0].Used.Equal(*c.clock) {
		t.Errorf("kept: %+v", f)
	}
}

func TestPasskey_ProvesNothing(t *testing.T) {
	theirs := us()
	theirs.Origin = "https://samling.example"
	phishing := us()
	phishing.ID = "samling.example"
	for name, answer := range map[string]func(c *city, by, other SignedIn, hers, others *key) []byte{
		"of another origin": func(c *city, by, _ SignedIn, hers, _ *key) []byte {
			return hers.shown(must(c.AskPasskey(c.ctx, by)), theirs)
		},
		"of another party": func(c *city, by, _ SignedIn, hers, _ *key) []byte {
			return hers.shown(must(c.AskPasskey(c.ctx, by)), phishing)
		},
		"another's passkey": func(c *city, by, _ SignedIn, _, others *key) []byte {
			return others.shown(must(c.AskPasskey(c.ctx, by)), us())
		},
		"to what another was asked": func(c *city, by, other SignedIn, hers, _ *key) []byte {
			must(c.AskPasskey(c.ctx, by))
			return hers.shown(must(c.AskPasskey(c.ctx, other)), us())
		},
		"to what was asked before": func(c *city, by, _ SignedIn, hers, _ *key) []byte {
			before := must(c.AskPasskey(c.ctx, by))
			must(c.AskPasskey(c.ctx, by))
			return hers.shown(before, us())
		},
		"too late": func(c *city, by, _ SignedIn, hers, _ *key) []byte {
			ask := must(c.AskPasskey(c.ctx, by))
			c.pass(models.ChallengeLasts)
			return hers.shown(ask, us())
		},
		"a copy, whose counter lags behind": func(c *city, by, _ SignedIn, hers, _ *key) []byte {
			copied := *hers
			must(0, c.ProveByPasskey(c.ctx, by, hers.shown(must(c.AskPasskey(c.ctx, by)), us())))
			must(c.Store.Sessions.Update(c.ctx, by.Session.ID, func(s *models.Session) error { s.Proven = time.Time{}; return nil }))
			return copied.shown(must(c.AskPasskey(c.ctx, by)), us())
		},
		"removed meanwhile": func(c *city, by, _ SignedIn, hers, _ *key) []byte {
			ask := must(c.AskPasskey(c.ctx, by))
			must(0, c.RemoveFactor(c.ctx, by.Organiser, must(c.Factors(c.ctx, by.ID))[0].ID))
			return hers.shown(ask, us())
		},
		"no answer": func(c *city, by, _ SignedIn, _, _ *key) []byte {
			must(c.AskPasskey(c.ctx, by))
			return []byte("{}")
		},
		"no JSON": func(*city, SignedIn, SignedIn, *key, *key) []byte { return []byte("x") },
	} {
		t.Run(name, func(t *testing.T) {
			c := newCity(t)
			by, hers, others := c.entered(c.organiser(), Browser{}), newKey(), newKey()
			other := c.entered(must(c.AddOrganiser(c.ctx, models.Organiser{Email: "other@example.org", Role: models.RoleCoordinator})), Browser{})
			for _, one := range []struct {
				by SignedIn
				k  *key
			}{{by, hers}, {other, others}} {
				must(0, c.AddPasskey(c.ctx, one.by, "Telefonen", one.k.made(must(c.AskNewPasskey(c.ctx, one.by)))))
			}
			c.pass(models.ProofLasts)
			wantCode(t, name, c.ProveByPasskey(c.ctx, by, answer(c, by, other, hers, others)), models.CodeWrongFactor)
			if c.proves(by) {
				t.Error("the session is proven")
			}
		})
	}
}

func TestPasskeys_NeedAName(t *testing.T) {
	c := newCity(t)
	for site, want := range map[string]bool{
		"https://samling.test": true, "http://localhost:3000": true, "http://127.0.0.1:3000": false, "http://[::1]:3000": false, "": false,
	} {
		if c.Site = site; c.HasPasskeys() != want {
			t.Errorf("%q: %v", site, !want)
		}
	}
}

func TestResetFactors(t *testing.T) {
	c := newCity(t)
	office := must(c.AddOrganiser(c.ctx, models.Organiser{Email: "office@example.org", Role: models.RoleCoordinator}))
	by := c.entered(c.organiser(), Browser{Own: true})
	c.withCode(by)
	token := must(c.CreateToken(c.ctx, by.ID, "test", models.TokenLasts, models.Scopes()...))
	wantCode(t, "by somebody else", c.ResetFactors(c.ctx, by.Organiser, office.ID), models.CodeNotFound)
	wantCode(t, "her own", c.ResetFactors(c.ctx, &office, office.ID), models.CodeInvalid)
	must(0, c.ResetFactors(c.ctx, &office, by.ID))
	if left := must(c.Factors(c.ctx, by.ID)); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	_, err := c.ByToken(c.ctx, token, models.ScopeReadEvents)
	wantCode(t, "her token", err, models.CodeNotSignedIn)
	if left := must(c.Sessions(c.ctx, by.Organiser)); len(left) != 0 {
		t.Errorf("she is signed in: %v", left)
	}
	if n := c.mailed()[models.MailFactorReset]; n != 1 {
		t.Errorf("%d mails", n)
	}
}

func TestRemoveFactor_Another(t *testing.T) {
	c := newCity(t)
	by := c.entered(c.organiser(), Browser{})
	c.withCode(by)
	other := must(c.AddOrganiser(c.ctx, models.Organiser{Email: "other@example.org", Role: models.RoleCoordinator}))
	id := must(c.Factors(c.ctx, by.ID))[0].ID
	wantCode(t, "another's", c.RemoveFactor(c.ctx, &other, id), models.CodeNotFound)
	must(0, c.RemoveFactor(c.ctx, by.Organiser, id))
	if n := c.mailed()[models.MailFactorRemoved]; n != 1 {
		t.Errorf("%d mails", n)
	}
}

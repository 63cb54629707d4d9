package models

import (
	"slices"
	"time"
)

// How long what signs an organiser in lasts, and how many wrong codes are
// taken.
const (
	SignInLasts     = time.Hour
	InvitationLasts = 14 * 24 * time.Hour
	// SessionLasts is for her own device, VisitLasts for any other.
	SessionLasts = 30 * 24 * time.Hour
	VisitLasts   = 12 * time.Hour
	// ProofLasts is how long a second factor proves that it is she.
	ProofLasts = 12 * time.Hour
	// ChallengeLasts is how long a passkey may take to answer.
	ChallengeLasts = 5 * time.Minute
	// TokenLasts is the longest that one may be made for.
	TokenLasts  = 365 * 24 * time.Hour
	SignInTries = 5
)

// SignIn is one mailed or printed link, with its code, that signs an organiser
// in once. Link and code are derived from the id with the installation's key, so
// that neither is kept.
type SignIn struct {
	Document
	Organiser string    `json:"organiser"`
	Expires   time.Time `json:"expires"`
	Tries     int       `json:"tries,omitempty"` // wrong codes so far
	Spent     bool      `json:"spent,omitempty"`
}

// Session is a browser that an organiser signed in with. The id is a hash of the
// secret in its cookie.
type Session struct {
	Document
	Organiser string    `json:"organiser"`
	Created   time.Time `json:"created"`
	Expires   time.Time `json:"expires"`
	// Browser is what it calls itself, in words: "Firefox, Windows". Empty: it did
	// not say.
	Browser string `json:"browser,omitempty"`
	// Seen is when it was last used, exact to UsedEvery; zero: not since Created.
	Seen time.Time `json:"seen,omitzero"`
	// Proven is when a second factor last showed that it is she; zero: never.
	Proven time.Time `json:"proven,omitzero"`
	// Challenge is what a passkey has been asked and has not answered yet, sealed.
	// It stands here, and not in the memory of a process, because another instance
	// may be given the answer; and is taken away by the first one.
	Challenge        []byte    `json:"challenge,omitempty"`
	ChallengeExpires time.Time `json:"challenge_expires,omitzero"`
}

// UsedEvery is how often it is written down that a session or a token is used.
const UsedEvery = time.Hour

// LastSeen is when the session was last used, at least.
func (s *Session) LastSeen() time.Time {
	if s.Seen.IsZero() {
		return s.Created
	}
	return s.Seen
}

// Proves reports whether a second factor has shown lately that it is she.
func (s *Session) Proves(now time.Time) bool {
	return !s.Proven.IsZero() && now.Before(s.Proven.Add(ProofLasts))
}

// FactorKind is the kind of a second factor.
type FactorKind string

// The kinds.
const (
	FactorPasskey FactorKind = "passkey" // W3C Web Authentication
	FactorCode    FactorKind = "code"    // RFC 6238
)

// Factor is something that an organiser has besides her mail, with which she shows
// that it is she. The id of a passkey is a hash of its own, so that nobody can call
// another's hers.
type Factor struct {
	Document
	Organiser string     `json:"organiser"`
	Kind      FactorKind `json:"kind"`
	Name      string     `json:"name"` // that she gave it
	// Sealed is what its answers are checked with, for as long as the key file lasts.
	Sealed []byte `json:"sealed"`
	// Step is the last step of time whose code was taken: none is taken twice
	// (RFC 6238 §5.2).
	Step    int64     `json:"step,omitempty"`
	Created time.Time `json:"created"`
	Used    time.Time `json:"used,omitzero"` // last; zero: never
}

// MaxFactors is how many one organiser may have.
const MaxFactors = 10

// MustProve reports whether she is asked for a second factor before addresses,
// notes and exports. Whoever acts by the command line has the database in her hands.
func (o *Organiser) MustProve(s Settings) bool {
	return o != nil && (o.Role == RoleCoordinator || s.SecondFactor)
}

// Scope is something that a program may do with a token.
type Scope string

// The scopes. Reading events is in each.
const (
	ScopeReadEvents     Scope = "read-events"     // drafts and numbers too
	ScopeWriteEvents    Scope = "write-events"    //
	ScopeReadAttendance Scope = "read-attendance" // names, addresses and notes
	ScopeCheckIn        Scope = "check-in"        //
)

// Scopes are all scopes.
func Scopes() []Scope {
	return []Scope{ScopeReadEvents, ScopeWriteEvents, ScopeReadAttendance, ScopeCheckIn}
}

// Token lets a program act as an organiser. The id is a hash of the secret,
// which itself is shown once and never kept.
type Token struct {
	Document
	Organiser string    `json:"organiser"`
	Created   time.Time `json:"created"`
	Expires   time.Time `json:"expires"`
	Name      string    `json:"name,omitempty"` // what uses it
	// Scopes are what it is for; none: everything, as when there were none.
	Scopes []Scope `json:"scopes,omitempty"`
	// Used is when it was last used, exact to UsedEvery; zero: never.
	Used time.Time `json:"used,omitzero"`
}

// May reports whether the token is for that.
func (t *Token) May(scope Scope) bool {
	return len(t.Scopes) == 0 || scope == ScopeReadEvents || slices.Contains(t.Scopes, scope)
}

// Validate returns the wrong fields of a token that is to be made.
func (t Token) Validate() error {
	var f Faults
	CheckLine(&f, "name", t.Name, true, MaxName)
	if lasts := t.Expires.Sub(t.Created); lasts <= 0 || lasts > TokenLasts {
		f.Add("lasts", "out-of-range", "From", 1, "To", int(TokenLasts/(24*time.Hour)))
	}
	if len(t.Scopes) == 0 {
		f.Add("scope", "required")
	}
	for _, s := range t.Scopes {
		if !slices.Contains(Scopes(), s) {
			f.Add("scope", "unknown-scope", "Value", clip(string(s)))
		}
	}
	return f.Err()
}

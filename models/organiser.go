package models

import (
	"slices"
	"time"
)

// Role is how far an organiser's word reaches.
type Role string

// The roles.
const (
	RoleOrganiser   Role = "organiser"   // the events of her own associations and groups
	RoleCoordinator Role = "coordinator" // everything
)

// Organiser is somebody who signs in. The address is hers as an organiser and
// not sealed: it is how she is recognised.
type Organiser struct {
	Document
	Email string `json:"email"` // normalised; unique
	Name  string `json:"name,omitempty"`
	Role  Role   `json:"role"`
	// For are the slugs of the associations and groups she works for.
	For      []string  `json:"for,omitempty"`
	Language string    `json:"language,omitempty"`
	Created  time.Time `json:"created"`
}

// Validate returns the wrong fields.
func (o Organiser) Validate() error {
	var f Faults
	CheckEmail(&f, "email", o.Email, true)
	CheckLine(&f, "name", o.Name, false, MaxName)
	switch o.Role {
	case RoleCoordinator:
	case RoleOrganiser:
		if len(o.For) == 0 {
			f.Add("association", "required")
		}
	default:
		f.Add("role", "unknown-role", "Value", clip(string(o.Role)))
	}
	return f.Err()
}

// WorksFor reports whether she speaks for an association or a group.
func (o *Organiser) WorksFor(slug string) bool {
	return o != nil && (o.Role == RoleCoordinator || slices.Contains(o.For, slug))
}

// MayEdit reports whether she may change the event: host and co-hosts may, and
// coordinators. A nil organiser is the public.
func (o *Organiser) MayEdit(e *Event) bool {
	return o != nil && slices.ContainsFunc(e.Hosts(), o.WorksFor)
}

// MaySee reports whether she may see the event at all: everybody sees what is
// public, organisers what they may edit. What a members' link opens is for its
// Pass to say.
func (o *Organiser) MaySee(e *Event) bool { return e.Visible() || o.MayEdit(e) }

// MayReadAttendance reports whether she may read the names of who comes. The
// residents' consent names the hosts and the central office, and nobody else.
func (o *Organiser) MayReadAttendance(e *Event) bool { return o.MayEdit(e) }

// MayOversee reports whether she may see what concerns the whole city: who looked
// at which list, and how the mail fares.
func (o *Organiser) MayOversee() bool { return o != nil && o.Role == RoleCoordinator }

// Token lets a program act as an organiser. The id is a hash of the secret,
// which itself is shown once and never kept.
type Token struct {
	Document
	Organiser string    `json:"organiser"`
	Created   time.Time `json:"created"`
	Expires   time.Time `json:"expires"`
}

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
}

// How long what signs an organiser in lasts, and how many wrong codes are
// taken.
const (
	SignInLasts     = time.Hour
	InvitationLasts = 14 * 24 * time.Hour
	SessionLasts    = 30 * 24 * time.Hour
	TokenLasts      = 365 * 24 * time.Hour
	SignInTries     = 5
)

// Read is one look at an attendance list, kept before the list is sent.
type Read struct {
	Document
	At        time.Time `json:"at"`
	Organiser string    `json:"organiser"` // id; "command" for the command line
	Event     string    `json:"event"`
	How       string    `json:"how"`   // json, csv, xlsx, page, log
	Count     int       `json:"count"` // how many sign-ups it showed
}

// LogTaken is how somebody looks who takes the log of looks home; it is of no
// event, and counts looks.
const LogTaken = "log"

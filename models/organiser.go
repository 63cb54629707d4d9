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
	// Updated is when somebody last changed what stands above; zero: never.
	Updated time.Time `json:"updated,omitzero"`
	// Renewed is when the central office last said that she is to have access, or
	// the program first saw an account of whom nobody had. Zero: not seen yet.
	Renewed time.Time `json:"renewed,omitzero"`
	// Warned is how many of LapseWarnings she has been sent since.
	Warned int `json:"warned,omitempty"`
	// Invited is when she was last mailed an invitation, SignedIn when she last
	// signed in; zero: never.
	Invited  time.Time `json:"invited,omitzero"`
	SignedIn time.Time `json:"signed_in,omitzero"`
}

// accessMonths is how long access lasts unless it is renewed: what comes round once
// a year, an annual meeting, comes round before it ends.
const accessMonths = 13

// LapseWarnings are how long before access lapses it is said.
func LapseWarnings() []time.Duration {
	return []time.Duration{30 * 24 * time.Hour, 7 * 24 * time.Hour}
}

// Lapses is when her access ends unless it is renewed; zero: nothing is known yet.
func (o *Organiser) Lapses() time.Time {
	if o.Renewed.IsZero() {
		return time.Time{}
	}
	return o.Renewed.AddDate(0, accessMonths, 0)
}

// Lapsed reports whether her access has ended.
func (o *Organiser) Lapsed(now time.Time) bool { return !o.Renewed.IsZero() && !now.Before(o.Lapses()) }

// Lapsing reports whether her access ends so soon that it is to be said.
func (o *Organiser) Lapsing(now time.Time) bool { return o.warnings(now) > 0 && !o.Lapsed(now) }

// Unwarned reports whether a warning is due that she has not been sent.
func (o *Organiser) Unwarned(now time.Time) bool { return o.Lapsing(now) && o.warnings(now) > o.Warned }

// warnings is how many warnings should have been sent by now.
func (o *Organiser) warnings(now time.Time) (n int) {
	for _, before := range LapseWarnings() {
		if !o.Renewed.IsZero() && !now.Before(o.Lapses().Add(-before)) {
			n++
		}
	}
	return n
}

// Warn notes that all warnings that are due have been sent.
func (o *Organiser) Warn(now time.Time) { o.Warned = o.warnings(now) }

// Renew lets her access last for another term.
func (o *Organiser) Renew(now time.Time) { o.Renewed, o.Warned = Milli(now), 0 }

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

// WorksOn reports whether an event is hers to look after: that of an association or
// a group which she works for by name, so that a coordinator, who may do
// everything, is not asked about everything.
func (o *Organiser) WorksOn(e *Event) bool {
	return o != nil && slices.ContainsFunc(e.Hosts(), func(host string) bool { return slices.Contains(o.For, host) })
}

// MayEdit reports whether she may change the event: host and co-hosts may, and
// coordinators. A nil organiser is the public.
func (o *Organiser) MayEdit(e *Event) bool {
	return o != nil && slices.ContainsFunc(e.Hosts(), o.WorksFor)
}

// MayPublish reports whether she may show the event to others.
func (o *Organiser) MayPublish(e *Event) bool { return o.MayEdit(e) }

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

// Former is what is left of an organiser who was removed, under her id: whose
// looks the log tells of.
type Former struct {
	Document
	Email   string    `json:"email"`
	Removed time.Time `json:"removed"`
}

// Read is one look at an attendance list, kept before the list is sent.
type Read struct {
	Document
	At        time.Time `json:"at"`
	Organiser string    `json:"organiser"` // id; "command" for the command line, DoorReader
	Event     string    `json:"event"`
	How       string    `json:"how"`   // json, csv, xlsx, page, log, door
	Count     int       `json:"count"` // how many sign-ups it showed
	// Phone is the number of the phone at the event's door, for DoorReader.
	Phone int `json:"phone,omitempty"`
}

// ListWritten is how somebody uses a list who writes to those on it.
const ListWritten = "write"

// LogTaken is how somebody looks who takes the log of looks home; it is of no
// event, and counts looks.
const LogTaken = "log"

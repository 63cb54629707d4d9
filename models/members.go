package models

import (
	"slices"
	"strconv"
	"time"
)

// Link is a members' link: an address with a secret in it, for pasting in a
// letter, that opens what is for members. The secret is derived with the
// installation's key file from whose link it is and from this, so no backup of
// the store opens anything. The zero value is the link that there always was.
type Link struct {
	// Made is when it was last made anew, which ended the one before; zero:
	// never.
	Made time.Time `json:"made,omitzero"`
	By   string    `json:"by,omitempty"` // the organiser who did; empty: nobody
}

// Anew is the link that takes its place, and that nobody has had before.
func (l Link) Anew(by *Organiser, now time.Time) Link {
	return Link{Made: later(now, l.Made), By: by.ID}
}

// Purpose separates the tokens of this link from all others, those of the links
// that it has replaced included.
func (l Link) Purpose() string { return "members " + strconv.FormatInt(moment(l.Made), 36) }

// Pass is what a members' link opens: the events of one association, those of the
// whole city, or one event. A nil Pass is nobody's: the public's.
type Pass struct {
	Association string // slug; events that it hosts alone or with others
	Everything  bool   // the link of the central office
	Event       string // id
}

// MaySee reports whether somebody with the pass may see the event. Drafts are
// their organisers' alone.
func (p *Pass) MaySee(e *Event) bool {
	switch {
	case p == nil:
		return e.Visible()
	case e.Status == Draft:
		return false
	case p.Event != "":
		return p.Event == e.ID
	}
	return p.Everything || slices.Contains(e.Hosts(), p.Association)
}

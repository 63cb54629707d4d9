package models

import (
	"slices"
	"time"
)

// InvitationState is where an invitation stands.
type InvitationState string

// The states. One that was withdrawn is gone.
const (
	InvitationAsked    InvitationState = "asked"
	InvitationAccepted InvitationState = "accepted"
	InvitationDeclined InvitationState = "declined"
	InvitationLeft     InvitationState = "left" // accepted once, and left again
)

// Invitation asks another association or group to be co-host of an event. It
// stands on the event, so that being asked and being one are never both true,
// and moves with it wherever events are kept.
type Invitation struct {
	Host     string          `json:"host"` // slug of who is asked
	State    InvitationState `json:"state"`
	By       string          `json:"by"` // the organiser who asked
	Asked    time.Time       `json:"asked"`
	Answered time.Time       `json:"answered,omitzero"`
	// Words are what she wrote who answered.
	Words string `json:"words,omitempty"`
}

// Invitation is the one of a host; nil: it was never asked.
func (e *Event) Invitation(host string) *Invitation {
	i := slices.IndexFunc(e.Invited, func(i Invitation) bool { return i.Host == host })
	if i < 0 {
		return nil
	}
	return &e.Invited[i]
}

// Pending are the slugs of those who have been asked and have not answered.
func (e *Event) Pending() (hosts []string) {
	for _, i := range e.Invited {
		if i.State == InvitationAsked {
			hosts = append(hosts, i.Host)
		}
	}
	return hosts
}

// MayAnswer reports whether she may answer an invitation to host the event: she
// works for somebody who is asked.
func (o *Organiser) MayAnswer(e *Event) bool { return slices.ContainsFunc(e.Pending(), o.WorksFor) }

// TakeHosts makes true what by did to the hosts of an event that was another
// before; nil: it is new. Whom she works for is co-host at once, which for a
// coordinator is everybody; others are invited, and whoever was one stays one. Who
// is not among the hosts any more is told.
func (e *Event) TakeHosts(by *Organiser, was *Event, now time.Time) {
	var standing []string
	if was != nil {
		standing = was.Hosts()
	}
	e.Invited = slices.Clone(e.Invited)
	e.CoHosts = slices.DeleteFunc(unique(e.CoHosts), func(host string) bool {
		if !slices.Contains(standing, host) && !by.WorksFor(host) {
			e.invite(by, host, now)
			return true
		}
		if !slices.Contains(standing, host) {
			e.forgetInvitation(host)
		}
		return false
	})
	for _, host := range standing {
		i := e.Invitation(host)
		if slices.Contains(e.Hosts(), host) || i != nil && i.State == InvitationLeft {
			continue
		}
		e.forgetInvitation(host)
		if !slices.Contains(by.For, host) {
			e.Errands = append(e.Errands, Errand{Kind: MailCoHostRemoved, To: host, From: e.Host, At: Milli(now)})
		}
	}
}

func (e *Event) invite(by *Organiser, host string, now time.Time) {
	if i := e.Invitation(host); i != nil && i.State == InvitationAsked {
		return
	}
	e.forgetInvitation(host)
	now = Milli(now)
	e.Invited = append(e.Invited, Invitation{Host: host, State: InvitationAsked, By: by.ID, Asked: now})
	e.Errands = append(e.Errands, Errand{Kind: MailCoHostAsked, To: host, From: e.Host, At: now})
}

func (e *Event) forgetInvitation(host string) {
	e.Invited = slices.DeleteFunc(e.Invited, func(i Invitation) bool { return i.Host == host })
}

// Answer is what host says to its invitation: yes makes it a co-host. The organisers
// of the host are told, with her words. CodeNotPossible when it is not asked any
// more; saying the same again changes nothing.
func (e *Event) Answer(host string, yes bool, words string, now time.Time) error {
	e.Invited = slices.Clone(e.Invited)
	state, kind := InvitationDeclined, MailCoHostDeclined
	if yes {
		state, kind = InvitationAccepted, MailCoHostAccepted
	}
	i := e.Invitation(host)
	switch {
	case i != nil && i.State == state:
		return nil
	case i == nil || i.State != InvitationAsked:
		return Fault(CodeNotPossible)
	}
	i.State, i.Answered, i.Words = state, Milli(now), words
	if yes {
		e.CoHosts = append(slices.Clone(e.CoHosts), host)
	}
	e.Errands = append(e.Errands, Errand{Kind: kind, To: e.Host, From: host, Words: words, At: Milli(now)})
	return nil
}

// Withdraw takes an invitation back that nobody has answered. One that is gone
// changes nothing; CodeNotPossible when it was answered.
func (e *Event) Withdraw(host string) error {
	if i := e.Invitation(host); i != nil && i.State != InvitationAsked {
		return Fault(CodeNotPossible)
	}
	e.Invited = slices.Clone(e.Invited)
	e.forgetInvitation(host)
	return nil
}

// Leave takes a co-host out at its own wish, and tells the host so.
func (e *Event) Leave(host, words string, now time.Time) {
	if !slices.Contains(e.CoHosts, host) {
		return
	}
	now = Milli(now)
	e.CoHosts = slices.DeleteFunc(slices.Clone(e.CoHosts), func(h string) bool { return h == host })
	e.Invited = slices.Clone(e.Invited)
	i := e.Invitation(host)
	if i == nil {
		e.Invited = append(e.Invited, Invitation{Host: host, Asked: now})
		i = &e.Invited[len(e.Invited)-1]
	}
	i.State, i.Answered, i.Words = InvitationLeft, now, words
	e.Errands = append(e.Errands, Errand{Kind: MailCoHostLeft, To: e.Host, From: host, Words: words, At: now})
}

// invitationDeed is what was done to the invitations of an event since old, and
// whose that is.
func (e *Event) invitationDeed(old *Event) (Deed, string) {
	deeds := map[InvitationState]Deed{
		InvitationAsked: DeedInvite, InvitationAccepted: DeedAccept, InvitationDeclined: DeedDecline, InvitationLeft: DeedLeave,
	}
	for _, i := range e.Invited {
		if was := old.Invitation(i.Host); was == nil || *was != i {
			return deeds[i.State], i.Host
		}
	}
	for _, i := range old.Invited {
		if i.State == InvitationAsked && !slices.Contains(e.Hosts(), i.Host) && e.Invitation(i.Host) == nil {
			return DeedWithdraw, i.Host
		}
	}
	return DeedChange, ""
}

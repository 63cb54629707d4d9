package models

import "testing"

func TestOrganiser_May(t *testing.T) {
	public := Event{Status: Published, Audience: Public, Host: "norr", CoHosts: []string{"bostad"}}
	draft, members := public, public
	draft.Status, members.Audience = Draft, Members
	// The sign-up agreed when norr alone was host; bostad came later.
	early := &RSVP{Consent: Consent{Hosts: []string{"norr"}}}
	late := &RSVP{Consent: Consent{Hosts: []string{"norr", "bostad"}}}
	byHand := &RSVP{By: "somebody"}
	byNorr := &RSVP{By: "somebody", Consent: Consent{Hosts: []string{"norr"}}}
	works := func(slugs ...string) *Organiser { return &Organiser{Role: RoleOrganiser, For: slugs} }

	type rights struct{ edit, seePublic, seeDraft, seeMembers, readEarly, readLate, readByHand, readByNorr bool }
	for name, c := range map[string]struct {
		who  *Organiser
		want rights
	}{
		"the public":                 {nil, rights{seePublic: true}},
		"organiser of the host":      {works("norr"), rights{true, true, true, true, true, true, true, true}},
		"of a co-host":               {works("bostad"), rights{true, true, true, true, false, true, true, false}},
		"of both":                    {works("bostad", "norr"), rights{true, true, true, true, true, true, true, true}},
		"of another association":     {works("soder"), rights{seePublic: true}},
		"of nothing":                 {works(), rights{seePublic: true}},
		"the coordinator":            {&Organiser{Role: RoleCoordinator}, rights{true, true, true, true, true, true, true, true}},
		"somebody with no such role": {&Organiser{Role: "boss"}, rights{seePublic: true}},
	} {
		got := rights{
			c.who.MayEdit(&public), c.who.MaySee(&public), c.who.MaySee(&draft), c.who.MaySee(&members),
			c.who.MayReadName(&public, early), c.who.MayReadName(&public, late), c.who.MayReadName(&public, byHand), c.who.MayReadName(&public, byNorr),
		}
		if got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
		if c.who.MayReadAttendance(&public) != c.want.edit {
			t.Errorf("%s: the list is for others than those who may edit", name)
		}
	}
}

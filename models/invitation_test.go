package models

import (
	"slices"
	"strings"
	"testing"
	"time"
)

var thatTuesday = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)

// errandsOf are the kinds and addressees of errands.
func errandsOf(errands []Errand) string {
	var out []string
	for _, r := range errands {
		out = append(out, string(r.Kind)+" to "+r.To+r.Organiser)
	}
	return strings.Join(out, ", ")
}

func TestEvent_TakeHosts(t *testing.T) {
	works := func(slugs ...string) *Organiser {
		return &Organiser{Document: Document{ID: "o"}, Role: RoleOrganiser, For: slugs}
	}
	office := &Organiser{Document: Document{ID: "c"}, Role: RoleCoordinator}
	for name, c := range map[string]struct {
		by      *Organiser
		was, is []string // co-hosts; nil was: the event is new
		invited []Invitation
		want    []string
		pending []string
		told    string
	}{
		"another one is asked":            {by: works("norr"), was: []string{}, is: []string{"soder"}, pending: []string{"soder"}, told: "co-host-asked to soder"},
		"of a new event too":              {by: works("norr"), is: []string{"soder"}, pending: []string{"soder"}, told: "co-host-asked to soder"},
		"whom she works for is one":       {by: works("norr", "soder"), was: []string{}, is: []string{"soder"}, want: []string{"soder"}},
		"by a coordinator at once":        {by: office, was: []string{}, is: []string{"soder"}, want: []string{"soder"}},
		"a coordinator answers for them":  {by: office, was: []string{}, is: []string{"soder"}, invited: []Invitation{{Host: "soder", State: InvitationAsked}}, want: []string{"soder"}},
		"whoever was one stays one":       {by: works("norr"), was: []string{"soder"}, is: []string{"soder"}, want: []string{"soder"}},
		"asked once":                      {by: works("norr"), was: []string{}, is: []string{"soder"}, invited: []Invitation{{Host: "soder", State: InvitationAsked}}, pending: []string{"soder"}},
		"asked again after a no":          {by: works("norr"), was: []string{}, is: []string{"soder"}, invited: []Invitation{{Host: "soder", State: InvitationDeclined}}, pending: []string{"soder"}, told: "co-host-asked to soder"},
		"one that is taken out":           {by: works("norr"), was: []string{"soder"}, is: nil, invited: []Invitation{{Host: "soder", State: InvitationAccepted}}, told: "co-host-removed to soder"},
		"one that takes itself out":       {by: works("soder"), was: []string{"soder"}, is: nil},
		"one that has left is not thrown": {by: office, was: []string{"soder"}, is: nil, invited: []Invitation{{Host: "soder", State: InvitationLeft}}},
	} {
		t.Run(name, func(t *testing.T) {
			e := Event{Host: "norr", CoHosts: c.is, Invited: c.invited}
			var was *Event
			if c.was != nil {
				was = &Event{Host: "norr", CoHosts: c.was, Invited: c.invited}
			}
			e.TakeHosts(c.by, was, thatTuesday)
			if !slices.Equal(e.CoHosts, c.want) || !slices.Equal(e.Pending(), c.pending) || errandsOf(e.Errands) != c.told {
				t.Errorf("hosts %v, pending %v, told %q; want %v, %v, %q", e.CoHosts, e.Pending(), errandsOf(e.Errands), c.want, c.pending, c.told)
			}
			if i := e.Invitation("soder"); slices.Contains(e.CoHosts, "soder") && i != nil && i.State == InvitationAsked {
				t.Error("it is co-host and asked to be one")
			}
		})
	}
}

func TestEvent_Answer(t *testing.T) {
	with := func(state InvitationState) Event {
		return Event{Host: "norr", Invited: []Invitation{{Host: "soder", State: state, Asked: thatTuesday}}}
	}
	for name, c := range map[string]struct {
		e    Event
		yes  bool
		code Code
		host bool
		told string
	}{
		"yes":           {with(InvitationAsked), true, "", true, "co-host-accepted to norr"},
		"no":            {with(InvitationAsked), false, "", false, "co-host-declined to norr"},
		"no again":      {with(InvitationDeclined), false, "", false, ""},
		"yes after all": {with(InvitationDeclined), true, CodeNotPossible, false, ""},
		"has left":      {with(InvitationLeft), true, CodeNotPossible, false, ""},
		"was not asked": {Event{Host: "norr"}, true, CodeNotPossible, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			before := slices.Clone(c.e.Invited)
			e := c.e
			err := e.Answer("soder", c.yes, "Gärna!", thatTuesday)
			if CodeOf(err) != c.code || slices.Contains(e.CoHosts, "soder") != c.host || errandsOf(e.Errands) != c.told {
				t.Errorf("%v, hosts %v, told %q; want %q, %v, %q", err, e.CoHosts, errandsOf(e.Errands), c.code, c.host, c.told)
			}
			if !slices.Equal(before, c.e.Invited) {
				t.Error("the event that was is changed")
			}
		})
	}
}

func TestEvent_Leave(t *testing.T) {
	e := Event{Host: "norr", CoHosts: []string{"soder", "oster"}}
	e.Leave("soder", "Vi hinner inte.", thatTuesday)
	e.Leave("soder", "", thatTuesday) // pressed twice
	if !slices.Equal(e.CoHosts, []string{"oster"}) || errandsOf(e.Errands) != "co-host-left to norr" || e.Errands[0].Words != "Vi hinner inte." {
		t.Errorf("hosts %v, errands %+v", e.CoHosts, e.Errands)
	}
	if err := e.Withdraw("soder"); CodeOf(err) != CodeNotPossible {
		t.Errorf("what was answered is withdrawn: %v", err)
	}
}

func TestEvent_Revised_HidesWhatOrganisersAsk(t *testing.T) {
	e := Event{Host: "norr", Status: Published, Audience: Public, Changed: thatTuesday, Updated: thatTuesday}
	after := e
	after.TakeHosts(&Organiser{Role: RoleOrganiser, For: []string{"norr"}}, &e, thatTuesday)
	after.CoHosts = []string{"soder"}
	after.TakeHosts(&Organiser{Role: RoleOrganiser, For: []string{"norr"}}, &e, thatTuesday)
	after = after.Revised(&e, thatTuesday.Add(time.Hour))
	if !after.Changed.Equal(thatTuesday) || !after.Updated.After(thatTuesday) || after.Sequence != 0 {
		t.Errorf("an invitation changes what the public sees: %+v", after)
	}
}

func TestErrand_For(t *testing.T) {
	all := []Organiser{
		{Document: Document{ID: "a"}, For: []string{"norr"}}, {Document: Document{ID: "b"}, For: []string{"soder", "norr"}},
		{Document: Document{ID: "c"}, Role: RoleCoordinator}, {Document: Document{ID: "d"}, For: []string{"soder"}},
	}
	for name, c := range map[string]struct {
		r    Errand
		want string
	}{
		"those of a host": {Errand{To: "norr"}, "ab"},
		"one":             {Errand{Organiser: "c"}, "c"},
		"nobody is there": {Errand{To: "oster"}, ""},
	} {
		got := ""
		for _, o := range c.r.For(all) {
			got += o.ID
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

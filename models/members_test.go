package models

import (
	"testing"
	"time"
)

func TestPass_MaySee(t *testing.T) {
	open, shut, draft := townHall(), townHall(), townHall()
	shut.Audience, draft.Audience, draft.Status = Members, Members, Draft
	open.CoHosts, shut.CoHosts, draft.CoHosts = []string{"videdal"}, []string{"videdal"}, []string{"videdal"}
	off := shut
	off.Status = Cancelled
	type seen struct{ open, shut, off, draft bool }
	all := seen{true, true, true, false}
	for name, c := range map[string]struct {
		pass *Pass
		want seen
	}{
		"the public's":          {nil, seen{open: true}},
		"of nothing":            {&Pass{}, seen{}},
		"the host's":            {&Pass{Association: "kirseberg"}, all},
		"a co-host's":           {&Pass{Association: "videdal"}, all},
		"another association's": {&Pass{Association: "husie"}, seen{}},
		"the central office's":  {&Pass{Association: "staden", Everything: true}, all},
		"the event's own":       {&Pass{Event: open.ID}, all},
		"that of another event": {&Pass{Event: "0195a000-0000-7000-8000-000000000002"}, seen{}},
	} {
		got := seen{c.pass.MaySee(&open), c.pass.MaySee(&shut), c.pass.MaySee(&off), c.pass.MaySee(&draft)}
		if got != c.want {
			t.Errorf("the pass %s shows %+v, want %+v", name, got, c.want)
		}
	}
}

func TestLink_AnewIsNeverOneThatWas(t *testing.T) {
	now := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	by := &Organiser{Document: Document{ID: "ada"}}
	seen := map[string]bool{Link{}.Purpose(): true}
	l := Link{}
	for _, at := range []time.Time{now, now, now.Add(-time.Hour), now.Add(time.Hour)} { // clocks stand still and go back
		if l = l.Anew(by, at); seen[l.Purpose()] || l.By != "ada" {
			t.Errorf("made anew at %v it is %+v", at, l)
		}
		seen[l.Purpose()] = true
	}
}

func TestEvent_RevisedNotesWhenItWasWithdrawn(t *testing.T) {
	now := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	open := townHall()
	shut := open
	shut.Audience = Members
	shut = shut.Revised(&open, now)
	if !shut.Withdrawn.Equal(now) {
		t.Errorf("withdrawn %v, want %v", shut.Withdrawn, now)
	}
	edited := shut
	edited.Title = "Stormöte om skolan"
	if edited = edited.Revised(&shut, now.Add(time.Hour)); !edited.Withdrawn.Equal(now) {
		t.Errorf("an edit of what the public does not see moved it to %v", edited.Withdrawn)
	}
	again := edited
	again.Audience, again.Withdrawn = Public, time.Time{}
	if again = again.Revised(&edited, now.Add(2*time.Hour)); !again.Withdrawn.Equal(now) {
		t.Errorf("made public again it says %v", again.Withdrawn)
	}
}

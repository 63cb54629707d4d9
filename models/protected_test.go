package models

import (
	"slices"
	"testing"
	"time"
)

// protect makes the event of a tale a protected one, whose place is told a day
// before it begins.
func (s *story) protect() {
	s.change(func(f *Facts) {
		f.Protected, f.Confirm, f.LargestParty, f.PlaceFrom = true, true, ProtectedParty, f.Starts.Add(-PlaceHours*time.Hour)
	})
}

// places are the mails that are due, each with the place that it tells.
func (s *story) places() (out []string) {
	for _, t := range s.post() {
		if t.Kind != MailSilent {
			out = append(out, string(t.Kind)+":"+t.Is.Place)
		}
		if t.Is.Place == "" && t.Was.Place != "" && t.Is.Protected {
			s.t.Errorf("%s tells where it was", t.Kind)
		}
	}
	s.r.HasTold(s.r.Tellings(s.now, 100), s.now)
	return out
}

func TestProtected_WhoIsToldThePlaceAndWhen(t *testing.T) {
	const hour = PlaceHours * time.Hour
	for name, c := range map[string]struct {
		tale func(*story) []string
		want []string
	}{
		"confirmed, at its hour": {func(s *story) []string {
			s.signUp(1, 2)
			out := s.places()
			s.act(1, ActConfirm, 0)
			out = append(out, s.places()...)
			s.at(hour + time.Millisecond)
			out = append(out, s.places()...)
			s.at(hour)
			out = append(out, s.places()...)
			return append(out, s.places()...) // once
		}, []string{"confirm:", "going:", "reminder:", "place:Folkets park"}},
		"confirmed after its hour": {func(s *story) []string {
			s.at(hour - time.Hour)
			s.signUp(1, 1)
			out := s.places()
			s.act(1, ActConfirm, 0)
			return append(out, s.places()...)
		}, []string{"confirm:", "going:Folkets park"}},
		"never confirmed": {func(s *story) []string {
			s.at(hour + time.Hour)
			s.signUp(1, 1)
			out := s.places()
			s.at(hour)
			return append(out, s.places()...)
		}, []string{"confirm:"}},
		"waits": {func(s *story) []string {
			s.change(func(f *Facts) { f.Capacity = 1 })
			s.ask(Ask{RSVP: ID{9}, Party: 1, ByOrganiser: true})
			s.signUp(1, 1)
			s.act(1, ActConfirm, 0)
			out := s.places()
			s.at(hour)
			return append(out, s.places()...)
		}, []string{"waiting:"}},
		"wants no reminders": {func(s *story) []string {
			s.signUp(1, 1)
			s.act(1, ActQuiet, 0)
			s.act(1, ActConfirm, 0)
			out := s.places()
			s.at(hour)
			return append(out, s.places()...)
		}, []string{"going:", "place:Folkets park"}},
		"another place before its hour": {func(s *story) []string {
			s.signUp(1, 1)
			s.act(1, ActConfirm, 0)
			out := s.places()
			s.change(func(f *Facts) { f.Place = "Stadshuset" })
			out = append(out, s.places()...)
			s.at(hour)
			return append(out, s.places()...)
		}, []string{"going:", "place:Stadshuset"}},
		"another place after it": {func(s *story) []string {
			s.signUp(1, 1)
			s.act(1, ActConfirm, 0)
			out := s.places()
			s.at(hour)
			out = append(out, s.places()...)
			s.change(func(f *Facts) { f.Place = "Stadshuset" })
			return append(out, s.places()...)
		}, []string{"going:", "place:Folkets park", "changed:Stadshuset"}},
		"a place that is found late": {func(s *story) []string {
			s.change(func(f *Facts) { f.Place = "" })
			s.signUp(1, 1)
			s.act(1, ActConfirm, 0)
			out := s.places()
			s.at(hour)
			out = append(out, s.places()...)
			s.change(func(f *Facts) { f.Place = "Stadshuset" })
			return append(out, s.places()...)
		}, []string{"going:", "reminder:", "changed:Stadshuset"}},
		"moved to a later day after its hour": {func(s *story) []string {
			s.signUp(1, 1)
			s.act(1, ActConfirm, 0)
			out := s.places()
			s.at(hour)
			out = append(out, s.places()...)
			s.change(func(f *Facts) {
				f.Starts, f.Ends, f.PlaceFrom = f.Starts.Add(72*time.Hour), f.Ends.Add(72*time.Hour), f.PlaceFrom.Add(72*time.Hour)
			})
			out = append(out, s.places()...)
			s.at(hour)
			return append(out, s.places()...)
		}, []string{"going:", "place:Folkets park", "changed:", "place:Folkets park"}},
		"no longer protected": {func(s *story) []string {
			s.signUp(1, 1)
			s.act(1, ActConfirm, 0)
			out := s.places()
			s.change(func(f *Facts) { f.Protected, f.PlaceFrom = false, time.Time{} })
			return append(out, s.places()...)
		}, []string{"going:", "changed:Folkets park"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := tale(t, 4)
			s.protect()
			if got := c.tale(s); !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// Who is in when an event becomes protected shows that her address is hers, and
// hears nothing of the place that she knew.
func TestProtected_LateOn(t *testing.T) {
	s := tale(t, 4)
	s.signUp(1, 1)
	s.signUp(2, 4) // waits
	if got := s.places(); !slices.Equal(got, []string{"going:Folkets park", "waiting:Folkets park"}) {
		t.Fatalf("before: %q", got)
	}
	s.protect()
	if got := s.places(); !slices.Equal(got, []string{"confirm:"}) {
		t.Errorf("when it is protected: %q", got)
	}
	s.act(1, ActCancel, 0)
	if got := s.places(); !slices.Equal(got, []string{"confirm:"}) {
		t.Errorf("who moves up is to confirm too: %q", got)
	}
	s.act(2, ActConfirm, 0)
	s.at(PlaceHours * time.Hour)
	if got := s.places(); !slices.Equal(got, []string{"going:Folkets park"}) {
		t.Errorf("at its hour: %q", got)
	}
}

func TestProtected_Rules(t *testing.T) {
	e := Event{Starts: noon, Capacity: 40, SignUp: SignUpRules{Needed: true, MaxParty: 7, Protected: true, PlaceHours: 3}}
	if f := e.Facts(); !f.Confirm || f.LargestParty != 2 || !f.PlaceFrom.Equal(noon.Add(-3*time.Hour)) {
		t.Errorf("facts are %+v", f)
	}
	if e.SignUp.MaxParty = 1; e.LargestParty() != 1 {
		t.Error("one alone is allowed")
	}
	for want, s := range map[string]SignUpRules{
		"rsvp.protected: needs-sign-up":  {Protected: true},
		"rsvp.place_hours: out-of-range": {Needed: true, Protected: true, PlaceHours: MaxPlaceHours + 1},
	} {
		var f Faults
		checkSignUp(&f, &Event{SignUp: s})
		if got := reasons(f.Err()); !slices.Equal(got, []string{want}) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestEntries_KeepThatThePlaceWasHeard(t *testing.T) {
	for heard := range Heard(16) {
		es := Entries{{RSVP: ID{1}, Party: 1, State: Going, Confirmed: true, Told: Told{Heard: heard}}}
		b, err := es.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var back Entries
		if err := back.UnmarshalBinary(b); err != nil || back[0].Told.Heard != heard || !back[0].Confirmed || back[0].Quiet {
			t.Errorf("%b came back as %+v (%v)", heard, back, err)
		}
	}
}

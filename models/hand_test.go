package models

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// hand does what an organiser may do with anybody's sign-up: over capacity only
// where she said so, and nothing at all when it is refused.
func (w *world) hand(t *rapid.T) {
	if len(w.r.Entries) == 0 {
		t.Skip("nobody there")
	}
	e := rapid.SampledFrom(w.r.Entries).Draw(t, "entry")
	h := Hand{
		Action: rapid.SampledFrom(append(HandActions(), "dance")).Draw(t, "action"), Party: rapid.IntRange(0, 6).Draw(t, "party"),
		Anyway: rapid.Bool().Draw(t, "anyway"), Undo: rapid.Bool().Draw(t, "undo"),
	}
	settled := w.clone(t)
	settled.Settle(w.now)
	if err := w.r.Hand(e.RSVP, h, w.now); err != nil {
		if !same(w.r, settled) {
			t.Fatalf("%+v was refused (%v) and changed the roster", h, err)
		}
		return
	}
	if is, _ := w.r.Entry(e.RSVP); h.Action == HandWait && !h.Undo && is.State != Waiting {
		t.Fatalf("moved to the waiting line, and is %s", is.State)
	}
	if h.Anyway {
		w.seated = w.r.Counts().Seated()
	}
	w.unchanged(t, "the same by hand again", func() {
		if err := w.r.Hand(e.RSVP, h, w.now); err != nil {
			t.Fatalf("%+v again: %v", h, err)
		}
	})
}

// order is who stands where, those who wait in their order.
func (s *story) order() (out string) {
	for i := range s.r.Entries {
		e := &s.r.Entries[i]
		out += string(rune('0'+e.RSVP[0])) + string(e.State) + string(rune('0'+e.Party)) + " "
	}
	return out[:max(0, len(out)-1)]
}

func TestHand(t *testing.T) {
	// Two seats: 1 is going with one more, 2 and 3 wait.
	full := func(s *story) { s.signUp(1, 2); s.signUp(2, 1); s.signUp(3, 1); s.tell() }
	seat := func(anyway bool) Hand { return Hand{Action: HandSeat, Anyway: anyway} }
	for name, c := range map[string]struct {
		capacity int
		before   func(*story)
		who      byte
		hand     Hand
		want     Code
		order    string
		mails    []MailKind // that come of it
	}{
		"a place that there is not":      {2, full, 3, seat(false), CodeNoSeats, "1g2 2w1 3w1", nil},
		"a place anyway":                 {2, full, 3, seat(true), "", "1g2 2w1 3g1", []MailKind{MailPromoted}},
		"a place in confirming":          {2, func(s *story) { s.ask(Ask{RSVP: ID{1}, Who: Who{1}, Party: 2, MustConfirm: true}); s.tell() }, 1, seat(false), "", "1g2", []MailKind{MailGoing}},
		"a place that was offered":       {2, func(s *story) { full(s); s.r.Entries[0].Party = 1; s.r.tally = nil; s.offer(3) }, 3, seat(false), "", "1g1 2w1 3g1", []MailKind{MailPromoted}},
		"a place when the line is over":  {2, func(s *story) { full(s); s.at(time.Hour); s.act(1, ActCancel, 0); s.tell() }, 3, seat(false), "", "1c2 2w1 3g1", []MailKind{MailPromoted}},
		"a place that she has":           {2, full, 1, seat(false), "", "1g2 2w1 3w1", nil},
		"a place to one who left":        {2, func(s *story) { full(s); s.act(3, ActLeave, 0) }, 3, seat(true), CodeNotPossible, "1g2 2w1 3c1", []MailKind{MailRegret}},
		"to the line":                    {2, full, 1, Hand{Action: HandWait}, "", "2g1 3g1 1w2", []MailKind{MailPromoted, MailPromoted, MailWaiting}},
		"to the line, undone":            {2, func(s *story) { full(s); s.hand(3, seat(true)); s.tell() }, 3, Hand{Action: HandWait, Undo: true}, "", "1g2 2w1 3w1", []MailKind{MailWaiting}},
		"to a line where nobody stands":  {2, func(s *story) { s.signUp(1, 2) }, 1, Hand{Action: HandWait}, CodeInvalid, "1g2", []MailKind{MailGoing}},
		"to the line of no limit":        {0, func(s *story) { s.signUp(1, 2) }, 1, Hand{Action: HandWait}, CodeInvalid, "1g2", []MailKind{MailGoing}},
		"to the line when it is over":    {2, func(s *story) { s.signUp(1, 2); s.tell(); s.at(time.Hour); s.tell() }, 1, Hand{Action: HandWait}, "", "1w2", []MailKind{MailNoPlace}},
		"more people":                    {3, full, 1, Hand{Action: HandParty, Party: 3}, CodeNoSeats, "1g2 2g1 3w1", nil},
		"more people anyway":             {2, full, 1, Hand{Action: HandParty, Party: 3, Anyway: true}, "", "1g3 2w1 3w1", []MailKind{MailParty}},
		"more than the largest party":    {0, full, 1, Hand{Action: HandParty, Party: 6}, "", "1g6 2g1 3g1", []MailKind{MailParty}},
		"more than there are":            {0, full, 1, Hand{Action: HandParty, Party: MaxParty + 1}, CodeInvalid, "1g2 2g1 3g1", nil},
		"nobody":                         {2, full, 1, Hand{Action: HandParty}, CodeInvalid, "1g2 2w1 3w1", nil},
		"fewer people let others in":     {2, full, 1, Hand{Action: HandParty, Party: 1}, "", "1g1 2g1 3w1", []MailKind{MailParty, MailPromoted}},
		"off the list":                   {2, full, 1, Hand{Action: HandCancel}, "", "1c2 2g1 3g1", []MailKind{MailRegret, MailPromoted, MailPromoted}},
		"on it again":                    {2, func(s *story) { s.signUp(1, 2); s.act(1, ActCancel, 0); s.tell() }, 1, Hand{Action: HandReturn}, "", "1g2", []MailKind{MailGoing}},
		"on it again, last in the line":  {2, func(s *story) { full(s); s.act(2, ActLeave, 0); s.tell() }, 2, Hand{Action: HandReturn}, "", "1g2 3w1 2w1", []MailKind{MailWaiting}},
		"on it again, where she stood":   {2, func(s *story) { full(s); s.act(2, ActLeave, 0); s.tell() }, 2, Hand{Action: HandReturn, Undo: true}, "", "1g2 2w1 3w1", []MailKind{MailWaiting}},
		"on it again anyway":             {2, func(s *story) { full(s); s.act(2, ActLeave, 0); s.tell() }, 2, Hand{Action: HandReturn, Anyway: true}, "", "1g2 2g1 3w1", []MailKind{MailGoing}},
		"on it again, who was barred":    {2, func(s *story) { s.signUp(1, 1); s.r.Remove([]ID{{1}}, true, s.now); s.tell() }, 1, Hand{Action: HandReturn}, "", "1g1", []MailKind{MailGoing}},
		"on it again, who was forgotten": {2, func(s *story) { s.signUp(1, 1); s.act(1, ActErase, 0) }, 1, Hand{Action: HandReturn}, CodeNotPossible, "1c1", nil},
		"to confirm after all": {2, func(s *story) {
			s.ask(Ask{RSVP: ID{1}, Who: Who{1}, Party: 2, MustConfirm: true})
			s.hand(1, seat(false))
			s.tell()
		}, 1, Hand{Action: HandHold}, "", "1h2", []MailKind{MailConfirm}},
		"to confirm without an address": {2, func(s *story) { s.ask(Ask{RSVP: ID{1}, Party: 2, ByOrganiser: true}) }, 1, Hand{Action: HandHold}, CodeNotPossible, "1g2", nil},
		"a stranger":                    {2, full, 9, Hand{Action: HandCancel}, CodeNotFound, "1g2 2w1 3w1", nil},
		"a word that means nothing":     {2, full, 1, Hand{Action: "dance"}, CodeNotPossible, "1g2 2w1 3w1", nil},
		"when it is cancelled":          {2, func(s *story) { full(s); s.change(func(f *Facts) { f.Status = Cancelled }); s.tell() }, 1, Hand{Action: HandCancel}, CodeCancelled, "1g2 2w1 3w1", nil},
		"when it is over":               {2, func(s *story) { full(s); s.at(-72 * time.Hour) }, 1, Hand{Action: HandCancel}, CodePast, "1g2 2w1 3w1", nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := tale(t, c.capacity)
			c.before(s)
			s.mails = nil
			if err := s.r.Hand(ID{c.who}, c.hand, s.now); CodeOf(err) != c.want {
				t.Fatalf("%v, want %q", err, c.want)
			}
			s.tell()
			if got := s.order(); got != c.order {
				t.Errorf("they stand as %s, want %s", got, c.order)
			}
			slices.Sort(s.mails)
			slices.Sort(c.mails)
			if !slices.Equal(s.mails, c.mails) {
				t.Errorf("mails %v, want %v", s.mails, c.mails)
			}
		})
	}
}

func (s *story) hand(n byte, h Hand) {
	s.t.Helper()
	if err := s.r.Hand(ID{n}, h, s.now); err != nil {
		s.t.Fatal(err)
	}
}

func TestHand_SaysHowManyThereWouldBe(t *testing.T) {
	s := tale(t, 2)
	s.signUp(1, 2)
	s.signUp(2, 3)
	err := s.r.Hand(ID{2}, Hand{Action: HandSeat}, s.now)
	want := map[string]any{"Party": 3, "Capacity": 2, "Left": 0, "Would": 5}
	ours, ok := err.(*Error)
	if !ok || ours.Code != CodeNoSeats {
		t.Fatal(err)
	}
	for name, value := range want {
		if ours.With[name] != value {
			t.Errorf("%s is %v, want %v", name, ours.With[name], value)
		}
	}
}

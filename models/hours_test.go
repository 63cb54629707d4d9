package models

import (
	"slices"
	"testing"
	"time"
)

// What the hour brings: reminders, offers, and the end of the line. The event of
// a tale begins at 12.00 UTC three days after noon of 1 April, which is 14.00 in
// Stockholm on Saturday the 4th.
func TestHours_Stories(t *testing.T) {
	eve := 27 * time.Hour // the day before at 11.00 in Stockholm
	morning := 6 * time.Hour
	for name, c := range map[string]struct {
		capacity int
		story    func(*story)
		want     []MailKind
	}{
		"reminded the day before":        {4, func(s *story) { s.signUp(1, 1); s.tell(); s.at(eve) }, []MailKind{MailGoing, MailReminder}},
		"not a moment earlier":           {4, func(s *story) { s.signUp(1, 1); s.tell(); s.at(eve + time.Millisecond) }, []MailKind{MailGoing}},
		"late, for the machine was away": {4, func(s *story) { s.signUp(1, 1); s.tell(); s.at(14*time.Hour + time.Minute) }, []MailKind{MailGoing, MailReminder}},
		"too late to say tomorrow":       {4, func(s *story) { s.signUp(1, 1); s.tell(); s.at(14 * time.Hour) }, []MailKind{MailGoing}},
		"signed up at its hour":          {4, func(s *story) { s.at(eve); s.signUp(1, 1); s.tell(); s.at(20 * time.Hour) }, []MailKind{MailGoing}},
		"just told of more people":       {4, func(s *story) { s.signUp(1, 1); s.tell(); s.at(eve); s.act(1, ActParty, 2) }, []MailKind{MailGoing, MailParty}},
		"wants no reminders":             {4, func(s *story) { s.signUp(1, 1); s.tell(); s.act(1, ActQuiet, 0); s.at(eve) }, []MailKind{MailGoing}},
		"waits":                          {1, func(s *story) { s.signUp(1, 2); s.tell(); s.at(eve) }, []MailKind{MailWaiting}},
		"gave no address":                {4, func(s *story) { s.ask(Ask{RSVP: ID{1}, Party: 1, ByOrganiser: true}); s.at(eve) }, nil},
		"postponed": {4, func(s *story) {
			s.signUp(1, 1)
			s.tell()
			s.change(func(f *Facts) { f.Status = Postponed })
			s.tell()
			s.at(eve)
		}, []MailKind{MailGoing, MailPostponed}},
		"moved, and reminded anew": {4, func(s *story) {
			s.signUp(1, 1)
			s.tell()
			s.at(eve)
			s.tell()
			s.change(func(f *Facts) { f.Starts = f.Starts.Add(72 * time.Hour); f.Ends = f.Ends.Add(72 * time.Hour) })
			s.tell()
			s.at(eve)
		}, []MailKind{MailGoing, MailReminder, MailChanged, MailReminder}},
		"moved after its hour, which is reminder enough": {4, func(s *story) {
			s.signUp(1, 1)
			s.tell()
			s.at(eve)
			s.change(func(f *Facts) { f.Starts = f.Starts.Add(time.Hour) })
		}, []MailKind{MailGoing, MailChanged}},
		"moved and back at its hour": {4, func(s *story) {
			s.signUp(1, 1)
			s.tell()
			s.at(eve)
			s.change(func(f *Facts) { f.Place = "Stadshuset" })
			s.change(func(f *Facts) { f.Place = "Folkets park" })
		}, []MailKind{MailGoing, MailReminder}},

		"nobody waits in the morning": {4, func(s *story) { s.signUp(1, 1); s.tell(); s.at(eve); s.tell(); s.at(morning) }, []MailKind{MailGoing, MailReminder}},
		"somebody waits in the morning": {1, func(s *story) {
			s.signUp(1, 1)
			s.signUp(2, 1)
			s.tell()
			s.at(eve)
			s.tell()
			s.at(morning)
		}, []MailKind{MailGoing, MailWaiting, MailReminder, MailReminder}},
		"somebody waits, too late in the morning": {1, func(s *story) {
			s.signUp(1, 1)
			s.signUp(2, 1)
			s.tell()
			s.at(eve)
			s.tell()
			s.at(morning - time.Hour)
		}, []MailKind{MailGoing, MailWaiting, MailReminder}},

		"a seat is free a day before": {1, func(s *story) {
			s.signUp(1, 1)
			s.signUp(2, 1)
			s.tell()
			s.at(24*time.Hour + 1)
			s.act(1, ActCancel, 0)
		}, []MailKind{MailGoing, MailWaiting, MailRegret, MailPromoted}},
		"a seat is free later": {1, func(s *story) { s.signUp(1, 1); s.signUp(2, 1); s.tell(); s.at(24 * time.Hour); s.act(1, ActCancel, 0) }, []MailKind{MailGoing, MailWaiting, MailRegret, MailOffer}},
		"waits in vain":        {1, func(s *story) { s.signUp(2, 2); s.tell(); s.at(2 * time.Hour) }, []MailKind{MailWaiting, MailNoPlace}},
		"waits, and it is postponed": {1, func(s *story) {
			s.signUp(2, 2)
			s.tell()
			s.change(func(f *Facts) { f.Status = Postponed })
			s.tell()
			s.at(2 * time.Hour)
		}, []MailKind{MailWaiting, MailPostponed}},
		"comes when nobody moves up":       {1, func(s *story) { s.at(time.Hour); s.signUp(2, 2); s.tell(); s.at(time.Minute) }, []MailKind{MailNoPlace}},
		"a seat is free in the last hours": {1, func(s *story) { s.signUp(1, 1); s.signUp(2, 1); s.at(time.Hour); s.act(1, ActCancel, 0) }, []MailKind{MailRegret, MailNoPlace}},
		"and she takes it herself": {1, func(s *story) {
			s.signUp(2, 2)
			s.tell()
			s.at(time.Hour)
			s.tell()
			s.change(func(f *Facts) { f.Capacity = 2 })
			s.act(2, ActTake, 0)
		}, []MailKind{MailWaiting, MailNoPlace, MailPromoted}},
		"waits on when it is a week later": {1, func(s *story) {
			s.signUp(2, 2)
			s.tell()
			s.at(time.Hour)
			s.tell()
			s.change(func(f *Facts) { f.Starts = f.Starts.Add(168 * time.Hour); f.Ends = f.Ends.Add(168 * time.Hour) })
			s.tell()
			s.at(time.Hour)
		}, []MailKind{MailWaiting, MailNoPlace, MailChanged, MailNoPlace}},

		"everybody is asked to confirm": {4, func(s *story) {
			s.signUp(1, 1)
			s.tell()
			s.ask(Ask{RSVP: ID{2}, Who: Who{2}, Party: 1, ByOrganiser: true})
			s.r.RequireConfirm(s.now)
		}, []MailKind{MailGoing, MailConfirm, MailGoing}},
		"but those who used their links": {4, func(s *story) {
			s.signUp(1, 1)
			s.tell()
			s.act(1, ActParty, 2)
			s.r.RequireConfirm(s.now)
		}, []MailKind{MailGoing, MailParty}},
		"and lost when she does not": {4, func(s *story) {
			s.signUp(1, 1)
			s.tell()
			s.r.RequireConfirm(s.now)
			s.tell()
			s.now = s.now.Add(HoldLasts)
			s.r.Settle(s.now)
		}, []MailKind{MailGoing, MailConfirm}},
		"taken off the list": {4, func(s *story) { s.signUp(1, 1); s.tell(); s.r.Remove([]ID{{1}}, false, s.now) }, []MailKind{MailGoing, MailRegret}},
		"taken off, and comes back": {4, func(s *story) {
			s.signUp(1, 1)
			s.tell()
			s.r.Remove([]ID{{1}}, false, s.now)
			s.tell()
			s.ask(Ask{RSVP: ID{2}, Who: Who{1}, Party: 1})
		}, []MailKind{MailGoing, MailRegret, MailGoing}},
		"barred, and nothing comes of it": {4, func(s *story) {
			s.signUp(1, 1)
			s.tell()
			s.r.Remove([]ID{{1}}, true, s.now)
			s.tell()
			s.ask(Ask{RSVP: ID{2}, Who: Who{1}, Party: 1})
		}, []MailKind{MailGoing, MailRegret}},
		"barred for good": {4, func(s *story) {
			s.signUp(1, 1)
			s.tell()
			s.r.Remove([]ID{{1}}, true, s.now)
			s.tell()
			s.now = s.now.Add(LeftKept)
			s.r.Forget(s.r.Forgettable(s.now, 9), s.now)
			s.ask(Ask{RSVP: ID{2}, Who: Who{1}, Party: 1})
		}, []MailKind{MailGoing, MailRegret}},

		"edits of ten minutes are one mail": {4, func(s *story) {
			s.signUp(1, 1)
			s.tell()
			s.change(func(f *Facts) { f.Place = "Stadshuset" })
			s.now = s.now.Add(gathered - time.Second)
			s.change(func(f *Facts) { f.Starts = f.Starts.Add(time.Hour) })
			s.change(func(f *Facts) { f.Status = Cancelled })
		}, []MailKind{MailGoing, MailCancelled}},
	} {
		t.Run(name, func(t *testing.T) {
			s := tale(t, c.capacity)
			s.facts.TimeZone = "Europe/Stockholm"
			s.change(func(*Facts) {})
			c.story(s)
			for range 3 {
				s.tell()
			}
			if !slices.Equal(s.mails, c.want) {
				t.Errorf("got %q, want %q", s.mails, c.want)
			}
		})
	}
}

// Nothing is told before its time, and the time is known of.
func TestGathering_TellsWhenItIsTime(t *testing.T) {
	for name, c := range map[string]struct {
		before time.Duration // the start, when the first edit is made
		later  time.Duration // from then to the second edit
		want   time.Duration // from the first edit to the mail
	}{
		"ten minutes":               {72 * time.Hour, -1, gathered},
		"from the first edit":       {72 * time.Hour, 9 * time.Minute, gathered},
		"a minute when it is soon":  {23 * time.Hour, -1, gatheredSoon},
		"and when it becomes soon":  {24*time.Hour + 5*time.Minute, 6 * time.Minute, 7 * time.Minute},
		"a new round after a while": {72 * time.Hour, 10 * time.Minute, gathered},
	} {
		t.Run(name, func(t *testing.T) {
			s := tale(t, 4)
			s.signUp(1, 1)
			s.tell()
			s.at(c.before)
			s.tell()
			first := s.now
			s.change(func(f *Facts) { f.Place = "Stadshuset" })
			if c.later >= 0 && c.later < gathered {
				s.now = s.now.Add(c.later)
				s.change(func(f *Facts) { f.Place = "Moriska" })
			}
			at := first.Add(c.want)
			if !s.r.Due.Equal(at) {
				t.Errorf("due %s after the first edit, want %s", s.r.Due.Sub(first), c.want)
			}
			if early := s.r.Tellings(at.Add(-1), 9); len(early) > 0 {
				t.Errorf("told too early: %+v", early)
			}
			if told := s.r.Tellings(at, 9); len(told) != 1 || told[0].Kind != MailChanged {
				t.Errorf("told %+v", told)
			}
		})
	}
}

// Offers are kept for three hours, and never past the start.
func TestOffers_RunOut(t *testing.T) {
	for name, c := range map[string]struct {
		before, until time.Duration // the start
	}{
		"a day before":     {24 * time.Hour, 21 * time.Hour},
		"a moment in time": {2*time.Hour + time.Minute, 0},
	} {
		s := tale(t, 1)
		s.signUp(1, 1)
		s.signUp(2, 1)
		s.signUp(3, 1)
		s.at(c.before)
		s.act(1, ActCancel, 0)
		e, _ := s.r.Entry(ID{2})
		if until := s.facts.Starts.Add(-c.until); e.State != Offered || !e.Until.Equal(until) {
			t.Errorf("%s: %s until %s, want %s", name, e.State, e.Until, until)
		}
		if c.until == 0 {
			continue
		}
		s.at(c.until)
		if s.state(2) != Left || s.state(3) != Offered {
			t.Errorf("%s: when it has run out they are %s and %s", name, s.state(2), s.state(3))
		}
	}
}

package models

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

var noon = time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)

// story is a roster whose mails are collected.
type story struct {
	t     *testing.T
	now   time.Time
	r     *Roster
	facts Facts
	mails []MailKind
	ids   []string
}

// tale begins with an event in three days.
func tale(t *testing.T, capacity int) *story {
	s := &story{t: t, now: noon, r: &Roster{}, facts: Facts{
		Status: Published, Needed: true, Capacity: capacity, LargestParty: 4, Place: "Folkets park",
		Starts: noon.Add(72 * time.Hour), Ends: noon.Add(74 * time.Hour),
	}}
	s.change(func(*Facts) {})
	return s
}

func (s *story) change(how func(*Facts)) {
	how(&s.facts)
	s.facts.Sequence++
	s.r.Learn(s.facts, s.now)
}

// at lets time pass until so long before the event begins.
func (s *story) at(before time.Duration) {
	s.now = s.facts.Starts.Add(-before)
	s.r.Settle(s.now)
}

func (s *story) signUp(n byte, party int) Answer {
	s.t.Helper()
	return s.ask(Ask{RSVP: ID{n}, Who: Who{n}, Party: party})
}

func (s *story) ask(ask Ask) Answer {
	s.t.Helper()
	answer, err := s.r.SignUp(ask, s.now)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer
}

func (s *story) act(n byte, action Action, party int) {
	s.t.Helper()
	if err := s.r.Act(ID{n}, action, party, s.now); err != nil {
		s.t.Fatal(err)
	}
}

// post makes the mails of all that is to be told when changes have been
// gathered, and notes nothing.
func (s *story) post() []Telling {
	if s.r.Gathered.After(s.now) {
		s.now = s.r.Gathered
	}
	tellings := s.r.Tellings(s.now, 100)
	for _, t := range tellings {
		if id := t.ID(); t.Kind != MailSilent && !slices.Contains(s.ids, id) {
			s.mails, s.ids = append(s.mails, t.Kind), append(s.ids, id)
		}
	}
	return tellings
}

func (s *story) tell() { s.r.HasTold(s.post(), s.now) }

// offer keeps a seat for somebody who waits.
func (s *story) offer(n byte) {
	i := s.r.find(ID{n})
	e := s.r.Entries[i]
	e.State, e.Until = Offered, s.now.Add(time.Hour)
	s.r.set(i, e)
	s.r.Settle(s.now)
}

func (s *story) state(n byte) State {
	e, _ := s.r.Entry(ID{n})
	return e.State
}

func TestTellings_Stories(t *testing.T) {
	for name, c := range map[string]struct {
		capacity int
		story    func(*story)
		want     []MailKind
	}{
		"signs up":             {4, func(s *story) { s.signUp(1, 2) }, []MailKind{MailGoing}},
		"in line":              {1, func(s *story) { s.signUp(1, 2) }, []MailKind{MailWaiting}},
		"promoted":             {1, func(s *story) { s.signUp(1, 2); s.tell(); s.change(func(f *Facts) { f.Capacity = 2 }) }, []MailKind{MailWaiting, MailPromoted}},
		"promoted by a regret": {2, func(s *story) { s.signUp(1, 2); s.signUp(2, 1); s.tell(); s.act(1, ActCancel, 0) }, []MailKind{MailGoing, MailWaiting, MailRegret, MailPromoted}},
		"asked to confirm":     {4, func(s *story) { s.ask(Ask{RSVP: ID{1}, Who: Who{1}, Party: 1, MustConfirm: true}) }, []MailKind{MailConfirm}},
		"confirms": {4, func(s *story) {
			s.change(func(f *Facts) { f.Confirm = true })
			s.signUp(1, 1)
			s.tell()
			s.act(1, ActConfirm, 0)
		}, []MailKind{MailConfirm, MailGoing}},
		"does not confirm": {4, func(s *story) {
			s.change(func(f *Facts) { f.Confirm = true })
			s.signUp(1, 1)
			s.tell()
			s.r.Settle(noon.Add(HoldLasts))
		}, []MailKind{MailConfirm}},
		"more people": {4, func(s *story) { s.signUp(1, 1); s.tell(); s.act(1, ActParty, 3) }, []MailKind{MailGoing, MailParty}},
		"regrets":     {4, func(s *story) { s.signUp(1, 1); s.tell(); s.act(1, ActCancel, 0); s.tell(); s.act(1, ActCancel, 0) }, []MailKind{MailGoing, MailRegret}},
		"regrets and returns": {4, func(s *story) {
			s.signUp(1, 1)
			s.tell()
			s.act(1, ActCancel, 0)
			s.tell()
			s.ask(Ask{RSVP: ID{2}, Who: Who{1}, Party: 1})
		}, []MailKind{MailGoing, MailRegret, MailGoing}},
		"erased": {4, func(s *story) { s.signUp(1, 1); s.tell(); s.act(1, ActErase, 0) }, []MailKind{MailGoing}},
		"moved":  {4, func(s *story) { s.signUp(1, 1); s.tell(); s.change(func(f *Facts) { f.Place = "Stadshuset" }) }, []MailKind{MailGoing, MailChanged}},
		"moved and back": {4, func(s *story) {
			s.signUp(1, 1)
			s.tell()
			s.change(func(f *Facts) { f.Place = "?" })
			s.change(func(f *Facts) { f.Place = "Folkets park" })
		}, []MailKind{MailGoing}},
		"moved, told, and back": {4, func(s *story) {
			s.signUp(1, 1)
			s.tell()
			s.change(func(f *Facts) { f.Place = "?" })
			s.tell()
			s.change(func(f *Facts) { f.Place = "Folkets park" })
		}, []MailKind{MailGoing, MailChanged, MailChanged}},
		"other rules": {4, func(s *story) {
			s.signUp(1, 1)
			s.tell()
			s.change(func(f *Facts) { f.Capacity, f.LargestParty = 9, 9 })
		}, []MailKind{MailGoing}},
		"postponed, new date": {4, func(s *story) {
			s.signUp(1, 1)
			s.tell()
			s.change(func(f *Facts) { f.Status = Postponed })
			s.tell()
			s.change(func(f *Facts) { f.Status = Published; f.Starts = f.Starts.Add(time.Hour) })
		}, []MailKind{MailGoing, MailPostponed, MailChanged}},
		"called off": {4, func(s *story) {
			s.signUp(1, 1)
			s.signUp(2, 4)
			s.tell()
			s.change(func(f *Facts) { f.Status = Cancelled })
		}, []MailKind{MailGoing, MailWaiting, MailCancelled, MailCancelled}},
		"called off at once": {4, func(s *story) { s.signUp(1, 1); s.change(func(f *Facts) { f.Status = Cancelled }) }, []MailKind{MailCancelled}},
		"offered and taken":  {1, func(s *story) { s.signUp(1, 2); s.tell(); s.offer(1); s.tell(); s.act(1, ActTake, 0) }, []MailKind{MailWaiting, MailOffer, MailPromoted}},
		"offered, declined":  {1, func(s *story) { s.signUp(1, 2); s.tell(); s.offer(1); s.tell(); s.act(1, ActDecline, 0) }, []MailKind{MailWaiting, MailOffer, MailRegret}},
		"offered, too late":  {1, func(s *story) { s.signUp(1, 2); s.tell(); s.offer(1); s.tell(); s.r.Settle(noon.Add(time.Hour)) }, []MailKind{MailWaiting, MailOffer, MailRegret}},
		"left before that": {4, func(s *story) {
			s.signUp(1, 1)
			s.act(1, ActCancel, 0)
			s.tell()
			s.change(func(f *Facts) { f.Status = Cancelled })
		}, []MailKind{MailRegret}},
		"added by name":       {4, func(s *story) { s.ask(Ask{RSVP: ID{1}, Party: 1, ByOrganiser: true}) }, nil},
		"address given again": {4, func(s *story) { s.signUp(1, 1); s.tell(); s.ask(Ask{RSVP: ID{9}, Who: Who{1}, Party: 3}) }, []MailKind{MailGoing, MailAsked}},
		"given again and again": {4, func(s *story) {
			for n := byte(1); n < 20; n++ {
				s.ask(Ask{RSVP: ID{n}, Who: Who{1}, Party: 1})
				s.tell()
			}
		}, []MailKind{MailGoing, MailAsked, MailAsked, MailAsked, MailAsked, MailAsked}},

		// What a crash, or something else at the same time, must not hurt.
		"moved while the first mail is made": {4, func(s *story) {
			s.signUp(1, 1)
			told := s.post()
			s.change(func(f *Facts) { f.Place = "Stadshuset" })
			s.r.HasTold(told, s.now)
		}, []MailKind{MailGoing, MailChanged}},
		"another question while the first is told": {4, func(s *story) {
			s.signUp(1, 1)
			s.tell()
			s.ask(Ask{RSVP: ID{8}, Who: Who{1}, Party: 2})
			told := s.post()
			s.ask(Ask{RSVP: ID{9}, Who: Who{1}, Party: 3})
			s.r.HasTold(told, s.now)
		}, []MailKind{MailGoing, MailAsked, MailAsked}},
		"a crash, and more seats": {4, func(s *story) {
			s.signUp(1, 1)
			s.post()
			s.change(func(f *Facts) { f.Capacity = 5 })
		}, []MailKind{MailGoing}},
		"a crash, and a question": {4, func(s *story) {
			s.signUp(1, 1)
			s.post()
			s.ask(Ask{RSVP: ID{9}, Who: Who{1}, Party: 3})
		}, []MailKind{MailGoing, MailAsked}},
		"a crash, and the party is changed back": {4, func(s *story) {
			s.signUp(1, 2)
			s.tell()
			s.act(1, ActParty, 3)
			s.post()
			s.act(1, ActParty, 2)
		}, []MailKind{MailGoing, MailParty, MailParty}},
	} {
		t.Run(name, func(t *testing.T) {
			s := tale(t, c.capacity)
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

func TestTellings_SayWhatWas(t *testing.T) {
	s := tale(t, 4)
	s.signUp(1, 1)
	s.tell()
	for _, place := range []string{"Stadshuset", "Moriska"} {
		s.change(func(f *Facts) { f.Place = place })
	}
	told := s.post()
	if len(told) != 1 || told[0].Was.Place != "Folkets park" {
		t.Errorf("got %+v", told)
	}
}

func TestTellings_NoMoreWhenItIsOver(t *testing.T) {
	s := tale(t, 4)
	s.signUp(1, 1)
	if told := s.r.Tellings(s.facts.Ends, 100); len(told) != 0 {
		t.Errorf("told %+v", told)
	}
	if s.r.Settle(s.facts.Ends); !s.r.Due.IsZero() {
		t.Errorf("due %s", s.r.Due)
	}
}

func TestSettle_LetsInWhoFitsInTheirOrder(t *testing.T) {
	s := tale(t, 4)
	s.signUp(1, 3)
	s.signUp(2, 4)
	s.signUp(3, 2)
	s.signUp(4, 1) // fits beside the three
	s.signUp(5, 1)
	got := fmt.Sprint(s.state(1), s.state(2), s.state(3), s.state(4), s.state(5))
	if got != "going waiting waiting going waiting" {
		t.Fatalf("at first: %s", got)
	}
	if line := [5]int{s.r.Line(ID{1}), s.r.Line(ID{2}), s.r.Line(ID{3}), s.r.Line(ID{5}), s.r.Line(ID{99})}; line != [5]int{0, 1, 2, 3, 0} {
		t.Errorf("in line: %v", line)
	}
	s.act(1, ActParty, 1)
	if got = fmt.Sprint(s.state(2), s.state(3), s.state(5)); got != "waiting going waiting" {
		t.Errorf("two seats are free: %s", got)
	}
	s.change(func(f *Facts) { f.Capacity = 2 })
	if c := s.r.Counts(); c.Going != 4 || c.Seated() != 4 || c.Waiting != 5 {
		t.Errorf("lowering threw somebody out: %+v", c)
	}
	s.change(func(f *Facts) { f.Capacity = 0 })
	if c := s.r.Counts(); c.Waiting != 0 {
		t.Errorf("without a limit: %+v", c)
	}
}

// A shut door is shut for new names alone, and a party that becomes smaller may
// fit at once.
func TestSettle_LineMovesOn(t *testing.T) {
	for name, shut := range map[string]func(*Facts){
		"closed": func(f *Facts) { f.Closes = noon },
		"paused": func(f *Facts) { f.Paused = true },
	} {
		t.Run(name, func(t *testing.T) {
			s := tale(t, 2)
			s.signUp(1, 1)
			s.signUp(2, 1)
			s.signUp(3, 3)
			s.signUp(4, 1)
			s.change(shut)
			if _, err := s.r.SignUp(Ask{RSVP: ID{9}, Who: Who{9}, Party: 1}, s.now); err == nil {
				t.Error("a new name was taken")
			}
			s.act(1, ActCancel, 0)
			if s.state(3) != Waiting || s.state(4) != Going {
				t.Errorf("a seat is free: the three are %s, the one is %s", s.state(3), s.state(4))
			}
			s.act(2, ActCancel, 0)
			s.act(3, ActParty, 1)
			if s.state(3) != Going {
				t.Errorf("one of the three would come, and is %s", s.state(3))
			}
		})
	}
}

func TestSettle_HoldsLapse(t *testing.T) {
	s := tale(t, 2)
	s.change(func(f *Facts) { f.Confirm = true })
	s.signUp(1, 1)
	s.signUp(2, 1) // takes the last seat, so it is kept shorter
	s.tell()
	if want := noon.Add(HoldLastsFull); !s.r.Due.Equal(want) {
		t.Errorf("due %s, want %s", s.r.Due, want)
	}
	s.r.Settle(noon.Add(HoldLastsFull - time.Millisecond))
	if s.state(1) != Held || s.state(2) != Held {
		t.Error("lapsed too early")
	}
	s.r.Settle(noon.Add(HoldLastsFull))
	if s.state(1) != Held || s.state(2) != Left {
		t.Errorf("are %s and %s", s.state(1), s.state(2))
	}
	if !s.r.Due.Equal(noon.Add(HoldLasts)) && s.r.Due.After(noon.Add(HoldLasts)) {
		t.Errorf("due %s", s.r.Due)
	}
}

// Where only the day is known, one signs up on the day itself too: what is held
// then must not lapse at once, and who waits goes before who comes.
func TestSignUp_OnTheDayItself(t *testing.T) {
	s := tale(t, 1)
	s.change(func(f *Facts) {
		f.DateOnly, f.Confirm = true, true
		f.Starts, f.Ends = noon.Add(-12*time.Hour), noon.Add(12*time.Hour)
	})
	s.signUp(1, 1)
	e, _ := s.r.Entry(ID{1})
	if e.State != Held || !e.Until.Equal(noon.Add(HoldLastsFull)) {
		t.Fatalf("is %s until %s", e.State, e.Until)
	}
	s.signUp(2, 1)
	s.act(1, ActCancel, 0)
	if s.state(2) != Offered {
		t.Errorf("a seat is free, and she is %s", s.state(2))
	}
}

func TestSignUp_Refused(t *testing.T) {
	type world struct {
		facts func(*Facts)
		ask   Ask
		full  bool
	}
	for name, c := range map[string]struct {
		world
		want Code
	}{
		"no people":            {world{ask: Ask{Party: 0}}, CodeInvalid},
		"fewer than none":      {world{ask: Ask{Party: -1}}, CodeInvalid},
		"more than she may":    {world{ask: Ask{Party: 5}}, CodeInvalid},
		"500":                  {world{ask: Ask{Party: 500, ByOrganiser: true}}, CodeInvalid},
		"more, by hand":        {world{ask: Ask{Party: 50, ByOrganiser: true}}, ""},
		"called off":           {world{func(f *Facts) { f.Status = Cancelled }, Ask{Party: 1, ByOrganiser: true}, false}, CodeCancelled},
		"postponed":            {world{func(f *Facts) { f.Status = Postponed }, Ask{Party: 1, ByOrganiser: true}, false}, CodePostponed},
		"paused":               {world{func(f *Facts) { f.Paused = true }, Ask{Party: 1}, false}, CodePaused},
		"paused, by hand":      {world{func(f *Facts) { f.Paused = true }, Ask{Party: 1, ByOrganiser: true}, false}, ""},
		"closed":               {world{func(f *Facts) { f.Closes = noon }, Ask{Party: 1}, false}, CodeClosed},
		"closed, by hand":      {world{func(f *Facts) { f.Closes = noon }, Ask{Party: 1, ByOrganiser: true}, false}, ""},
		"begun, by hand":       {world{func(f *Facts) { f.Starts = noon }, Ask{Party: 1, ByOrganiser: true}, false}, ""},
		"over, by hand":        {world{func(f *Facts) { f.Starts, f.Ends = noon.Add(-1), noon }, Ask{Party: 1, ByOrganiser: true}, false}, CodePast},
		"10,000 are in":        {world{ask: Ask{Party: 1}, full: true}, CodeRosterFull},
		"10,000, and of those": {world{ask: Ask{Party: 1, Who: Who{15: 7}}, full: true}, CodeRosterFull},
	} {
		t.Run(name, func(t *testing.T) {
			s := tale(t, 100)
			if c.full {
				for n := range MaxEntries {
					s.r.add(Entry{RSVP: ID{1, 14: byte(n >> 8), 15: byte(n)}, Who: Who{14: byte(n >> 8), 15: byte(n)}, Party: 1, State: Waiting})
				}
			}
			if c.facts != nil {
				s.change(c.facts)
			}
			c.ask.RSVP = ID{99}
			if _, err := s.r.SignUp(c.ask, noon); CodeOf(err) != c.want {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestAct_Refused(t *testing.T) {
	s := tale(t, 2)
	s.signUp(1, 2)
	s.signUp(2, 1)
	s.signUp(3, 1)
	s.act(3, ActLeave, 0)
	for name, c := range map[string]struct {
		n      byte
		action Action
		party  int
		want   Code
	}{
		"nobody":                   {9, ActCancel, 0, CodeNotFound},
		"more than fit":            {1, ActParty, 3, CodeNoSeats},
		"none":                     {1, ActParty, 0, CodeInvalid},
		"more than the largest":    {1, ActParty, 5, CodeInvalid},
		"a seat that is not there": {2, ActTake, 0, CodeNotPossible},
		"declines in line":         {2, ActDecline, 0, CodeNotPossible},
		"more after leaving":       {3, ActParty, 2, CodeNotPossible},
		"confirms after leaving":   {3, ActConfirm, 0, CodeNotPossible},
		"something else":           {1, "dance", 0, CodeNotPossible},
	} {
		before := slices.Clone(s.r.Entries)
		if err := s.r.Act(ID{c.n}, c.action, c.party, noon); CodeOf(err) != c.want {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
		if !slices.Equal(before, s.r.Entries) {
			t.Errorf("%s: changed something", name)
		}
	}
	if err := s.r.Act(ID{1}, ActCancel, 0, s.facts.Ends); CodeOf(err) != CodePast {
		t.Errorf("when it is over: %v", err)
	}
	s.change(func(f *Facts) { f.Status = Cancelled })
	if err := s.r.Act(ID{1}, ActParty, 1, noon); CodeOf(err) != CodeCancelled {
		t.Errorf("when it is called off: %v", err)
	}
	if err := s.r.Act(ID{1}, ActErase, 0, s.facts.Ends); err != nil || s.r.known(Who{1}) >= 0 {
		t.Errorf("may always be forgotten: %v", err)
	}
}

func TestSeats(t *testing.T) {
	for name, c := range map[string]struct {
		capacity, going int
		facts           func(*Facts)
		want            Seats
	}{
		"none gone":         {100, 0, nil, SeatsOpen},
		"more than a tenth": {100, 89, nil, SeatsOpen},
		"a tenth":           {100, 90, nil, SeatsFew},
		"five of forty":     {40, 35, nil, SeatsOpen},
		"four of forty":     {40, 36, nil, SeatsFew},
		"a small room":      {4, 0, nil, SeatsFew},
		"one left":          {40, 39, nil, SeatsFew},
		"none left":         {40, 40, nil, SeatsFull},
		"too many":          {30, 40, nil, SeatsFull},
		"no limit":          {0, 1000, nil, SeatsOpen},
		"closed":            {40, 0, func(f *Facts) { f.Closes = noon }, SeatsClosed},
		"not open yet":      {40, 0, func(f *Facts) { f.Opens = noon.Add(1) }, SeatsClosed},
		"called off":        {40, 0, func(f *Facts) { f.Status = Cancelled }, SeatsClosed},
		"just come":         {40, 0, func(f *Facts) { f.Needed = false }, SeatsClosed},
	} {
		t.Run(name, func(t *testing.T) {
			s := tale(t, c.capacity)
			if c.facts != nil {
				s.change(c.facts)
			}
			s.r.add(Entry{RSVP: ID{1}, Party: c.going, State: Going})
			if got := s.r.Seats(noon); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestRefusal(t *testing.T) {
	starts, ends := noon, noon.Add(2*time.Hour)
	base := Facts{Status: Published, Needed: true, Starts: starts, Ends: ends}
	with := func(how func(*Facts)) Facts {
		f := base
		how(&f)
		return f
	}
	day := with(func(f *Facts) { f.DateOnly, f.Starts, f.Ends = true, noon.Add(-12*time.Hour), noon.Add(12*time.Hour) })
	window := with(func(f *Facts) { f.Opens, f.Closes = noon.Add(-48*time.Hour), noon.Add(-24*time.Hour) })
	long := with(func(f *Facts) { f.Closes = noon.Add(time.Hour) })
	for name, c := range map[string]struct {
		facts Facts
		at    time.Duration // after noon
		want  Code
	}{
		"nothing known":                {Facts{}, 0, CodeNotFound},
		"draft":                        {with(func(f *Facts) { f.Status = Draft }), -time.Hour, CodeNotFound},
		"called off":                   {with(func(f *Facts) { f.Status = Cancelled }), -time.Hour, CodeCancelled},
		"called off and over":          {with(func(f *Facts) { f.Status = Cancelled }), 9 * time.Hour, CodeCancelled},
		"postponed":                    {with(func(f *Facts) { f.Status = Postponed }), -time.Hour, CodePostponed},
		"just come":                    {with(func(f *Facts) { f.Needed = false }), -time.Hour, CodeNoSignUp},
		"before the start":             {base, -1, ""},
		"at the start":                 {base, 0, CodePast},
		"over":                         {base, 2 * time.Hour, CodePast},
		"on the day, only the day set": {day, 0, ""},
		"a day that is over":           {day, 12 * time.Hour, CodePast},
		"before it opens":              {window, -48*time.Hour - 1, CodeNotOpenYet},
		"when it opens":                {window, -48 * time.Hour, ""},
		"before it closes":             {window, -24*time.Hour - 1, ""},
		"when it closes":               {window, -24 * time.Hour, CodeClosed},
		"closed and begun":             {window, 0, CodePast},
		"closes after the start":       {long, time.Hour - 1, ""},
		"and then has begun":           {long, time.Hour, CodePast},
		"closes after the end":         {with(func(f *Facts) { f.Closes = noon.Add(99 * time.Hour) }), 2 * time.Hour, CodePast},
	} {
		if got := c.facts.Refusal(noon.Add(c.at)); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

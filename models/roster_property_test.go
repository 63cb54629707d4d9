package models

import (
	"encoding/binary"
	"encoding/json"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// world is a roster with everything around it that a test can watch: what the
// event says, what people have got by mail, what a crash left half done.
type world struct {
	r     *Roster
	now   time.Time
	facts Facts
	ids   uint64
	asks  []Ask
	late  [][]Telling // noted at some later time, or again

	mails    map[string]mailed // the outbox, by id
	told     map[ID]mailed     // what each person was told last
	calendar map[Who]int       // the highest SEQUENCE that an address got
	// adrift are those who got a mail that a crash kept the roster from noting,
	// with its id: if the event changes back before it is noted, nobody tells
	// them.
	adrift map[ID]string
	// hours are the reminders, and the last words to those who waited in vain, by
	// person and by what they were about.
	hours map[hourly]bool
	// asked and heard are the number of questions about each person, and of the
	// last that she heard of.
	asked, heard map[ID]int
	seated       int // before the step
}

type hourly struct {
	id     ID
	kind   MailKind
	heard  Heard
	starts time.Time
}

type mailed struct {
	state State
	party int
	facts Facts
	about [2]int // what there was to tell: the facts' and her own
}

func newWorld(t *rapid.T) *world {
	now := time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
	w := &world{
		r: &Roster{Document: Document{ID: "event"}}, now: now,
		facts: Facts{
			Sequence: 1, Status: Published, Needed: true, LargestParty: 4, TimeZone: "Europe/Stockholm", Place: "Folkets park",
			Capacity: rapid.IntRange(0, 6).Draw(t, "capacity"), Confirm: rapid.Bool().Draw(t, "confirm"),
			DateOnly: rapid.Bool().Draw(t, "date only"),
			Starts:   now.Add(72 * time.Hour), Ends: now.Add(96 * time.Hour),
		},
		mails: map[string]mailed{}, told: map[ID]mailed{}, calendar: map[Who]int{}, adrift: map[ID]string{},
		asked: map[ID]int{}, heard: map[ID]int{}, hours: map[hourly]bool{},
	}
	w.r.Learn(w.facts, now)
	return w
}

func (w *world) newID() (id ID) {
	w.ids++
	binary.BigEndian.PutUint64(id[8:], w.ids)
	id[0] = 1
	return id
}

func address(n int) Who { return Who{2, 15: byte(n)} }

// clone is the roster as another process would read it.
func (w *world) clone(t *rapid.T) *Roster {
	b, err := json.Marshal(w.r)
	if err != nil {
		t.Fatal(err)
	}
	r := &Roster{}
	if err := json.Unmarshal(b, r); err != nil {
		t.Fatal(err)
	}
	r.Document = w.r.Document
	return r
}

// same compares all but the times at which work is due: these are bounds.
func same(a, b *Roster) bool {
	return a.Facts == b.Facts && a.Said == b.Said && slices.Equal(a.Past, b.Past) && slices.Equal(a.Entries, b.Entries)
}

// unchanged does what must change nothing but what time does.
func (w *world) unchanged(t *rapid.T, what string, do func()) {
	settled := w.clone(t)
	settled.Settle(w.now)
	do()
	if !same(w.r, settled) {
		t.Fatalf("%s changed the roster:\ngot  %+v\nwant %+v", what, w.r.Entries, settled.Entries)
	}
}

func (w *world) signUp(t *rapid.T) {
	ask := Ask{
		RSVP: w.newID(), Party: rapid.IntRange(1, 5).Draw(t, "party"),
		MustConfirm: rapid.Bool().Draw(t, "suspect"), ByOrganiser: rapid.Bool().Draw(t, "by organiser"),
	}
	if n := rapid.IntRange(0, 7).Draw(t, "address"); n > 0 || !ask.ByOrganiser {
		ask.Who = address(n)
	}
	stranger := ask
	stranger.Who = address(200)
	want, wantErr := w.clone(t).SignUp(stranger, w.now)
	settled := w.clone(t)
	settled.Settle(w.now)

	got, err := w.r.SignUp(ask, w.now)
	if got != want || CodeOf(err) != CodeOf(wantErr) {
		t.Fatalf("a known address is answered %v, %v; a new one %v, %v", got, err, want, wantErr)
	}
	if err != nil && !same(w.r, settled) {
		t.Fatalf("the refusal %v changed the roster", err)
	}
	w.asks = append(w.asks, ask)
	if err != nil {
		return
	}
	if e, ok := w.r.Entry(ask.RSVP); ok {
		if fits := got.Status == AnswerGoing && e.State == Going || got.Status == AnswerWaiting && e.State == Waiting ||
			got.Status == AnswerConfirm && (e.State == Held || e.State == Waiting); !fits {
			t.Fatalf("was answered %s and is %s", got.Status, e.State)
		}
		return
	}
	// Beyond a few questions nobody is bothered with more.
	if e := w.r.Entries[w.r.known(ask.Who)]; e.Asks > settled.Entries[settled.known(ask.Who)].Asks {
		w.asked[e.RSVP] = e.Asks
	}
}

func (w *world) repeat(t *rapid.T) {
	for _, ask := range w.asks {
		if _, ok := w.r.Entry(ask.RSVP); ok && rapid.Bool().Draw(t, "again") {
			w.unchanged(t, "a repeated sign-up", func() {
				if _, err := w.r.SignUp(ask, w.now); err != nil {
					t.Fatalf("a repeated sign-up is refused: %v", err)
				}
			})
		}
	}
}

func (w *world) act(t *rapid.T) {
	if len(w.r.Entries) == 0 {
		t.Skip("nobody there")
	}
	e := rapid.SampledFrom(w.r.Entries).Draw(t, "entry")
	action := rapid.SampledFrom([]Action{ActConfirm, ActConfirm, ActParty, ActParty, ActCancel, ActLeave, ActTake, ActDecline, ActQuiet, ActErase, "dance"}).Draw(t, "action")
	party := rapid.IntRange(0, 6).Draw(t, "party")
	settled := w.clone(t)
	settled.Settle(w.now)
	if err := w.r.Act(e.RSVP, action, party, w.now); err != nil {
		if !same(w.r, settled) {
			t.Fatalf("%s was refused (%v) and changed the roster", action, err)
		}
		return
	}
	w.unchanged(t, "the same action again", func() {
		if err := w.r.Act(e.RSVP, action, party, w.now); err != nil {
			t.Fatalf("%s again: %v", action, err)
		}
	})
}

func (w *world) change(t *rapid.T) {
	old := w.facts
	switch rapid.SampledFrom([]string{"capacity", "capacity", "capacity", "place", "time", "status", "rules"}).Draw(t, "what") {
	case "capacity":
		w.facts.Capacity = rapid.IntRange(0, 8).Draw(t, "capacity")
	case "place":
		w.facts.Place = rapid.SampledFrom([]string{"Folkets park", "Stadshuset"}).Draw(t, "place")
	case "time":
		w.facts.Starts = w.now.Truncate(24 * time.Hour).Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "days")) * 24 * time.Hour)
		w.facts.Ends = w.facts.Starts.Add(24 * time.Hour)
	case "status":
		if w.facts.Status != Cancelled {
			w.facts.Status = rapid.SampledFrom([]Status{Published, Published, Postponed, Postponed, Cancelled}).Draw(t, "status")
		}
	case "rules":
		w.facts.Confirm = rapid.Bool().Draw(t, "confirm")
		w.facts.LargestParty = rapid.IntRange(1, 5).Draw(t, "largest")
		w.facts.Paused = rapid.IntRange(0, 3).Draw(t, "paused") == 0
		w.facts.Closes = w.facts.Ends.Add(-time.Duration(rapid.IntRange(0, 48).Draw(t, "closes")) * time.Hour)
	}
	if w.facts == old {
		return
	}
	w.facts.Sequence++
	w.r.Learn(w.facts, w.now)
	w.unchanged(t, "older facts", func() { w.r.Learn(old, w.now) })
	w.unchanged(t, "the same facts", func() { w.r.Learn(w.facts, w.now) })
}

// offer keeps a seat for somebody who waits until she takes or declines it.
func (w *world) offer(t *rapid.T) {
	for i, e := range w.r.Entries {
		if e.State == Waiting && e.Party <= w.r.free() {
			e.State, e.Until = Offered, w.now.Add(time.Hour)
			w.r.set(i, e)
			w.r.Settle(w.now)
			return
		}
	}
}

// post puts the mails of tellings into the outbox and into people's hands, and
// holds them against what must be true of them.
func (w *world) post(t *rapid.T, r *Roster, tellings []Telling) {
	for _, x := range tellings {
		id, e := x.Entry.RSVP, x.Entry
		news := mailed{state: e.State, party: e.Party, facts: r.Facts, about: [2]int{x.Said, e.Mails}}
		switch before, known := w.told[id]; {
		case x.Kind == MailAsked:
			if e.Asked == 0 {
				t.Fatalf("told of a question that nobody asked")
			}
			w.heard[id] = e.Asks
			continue
		case !x.News():
			w.hourly(t, x, before)
			continue
		case x.Kind == MailSilent:
			if e.State.Coming() && w.adrift[id] == "" && (!known || before.state != e.State || before.party != e.Party || !before.facts.SaySame(r.Facts)) {
				t.Fatalf("silent where she was told %+v and %+v is true", before, news)
			}
			if known && !e.State.Coming() {
				before.state = e.State
				w.told[id] = before
			}
			continue
		}
		mail := x.ID()
		if sent, ok := w.mails[mail]; ok {
			if sent.state != news.state || sent.party != news.party || !sent.facts.SaySame(news.facts) {
				t.Fatalf("two mails of one id say %+v and %+v", sent, news)
			}
			continue
		}
		if before, ok := w.told[id]; ok && before.about == news.about {
			t.Fatalf("told the same twice: %+v", news)
		}
		if sequence := x.Sequence(); sequence <= w.calendar[e.Who] {
			t.Fatalf("%s has SEQUENCE %d after %d", x.Kind, sequence, w.calendar[e.Who])
		} else {
			w.calendar[e.Who] = sequence
		}
		w.mails[mail], w.told[id], w.adrift[id] = news, news, mail
	}
}

// hourly is what is said because of the hour: once for each start of the event,
// however often the process dies, and never before what is true.
func (w *world) hourly(t *rapid.T, x Telling, before mailed) {
	news := hourly{x.Entry.RSVP, x.Kind, x.Heard, x.Is.Starts}
	mail := x.ID()
	if _, ok := w.mails[mail]; ok {
		return
	}
	w.mails[mail] = before
	switch {
	case w.hours[news] && w.adrift[news.id] == "":
		t.Fatalf("said twice: %+v", news)
	case x.Entry.Quiet && x.Kind == MailReminder:
		t.Fatalf("reminded against her will")
	case before.state != x.Entry.State || before.party != x.Entry.Party:
		t.Fatalf("%s to one who was told %+v and is %+v", x.Kind, before, x.Entry)
	}
	w.hours[news] = true
}

func (w *world) tell(t *rapid.T) {
	r := w.r
	if rapid.Bool().Draw(t, "elsewhere") {
		r = w.clone(t)
	}
	tellings := r.Tellings(w.now, rapid.IntRange(1, 5).Draw(t, "most"))
	switch rapid.SampledFrom([]string{"crash", "posted", "noted", "noted", "twice", "late"}).Draw(t, "how") {
	case "crash":
	case "posted":
		w.post(t, r, tellings)
	case "noted":
		w.post(t, r, tellings)
		w.note(tellings)
	case "twice":
		w.post(t, r, tellings)
		w.note(tellings)
		w.unchanged(t, "noting twice", func() { w.note(tellings) })
	case "late":
		w.post(t, r, tellings)
		w.late = append(w.late, tellings)
	}
}

func (w *world) note(tellings []Telling) {
	w.r.HasTold(tellings, w.now)
	for _, x := range tellings {
		if w.adrift[x.Entry.RSVP] == x.ID() {
			delete(w.adrift, x.Entry.RSVP)
		}
	}
}

func (w *world) catchUp(t *rapid.T) {
	if len(w.late) > 0 {
		w.note(rapid.SampledFrom(w.late).Draw(t, "late"))
	}
}

// quiet lets the loop run until there is nothing left to tell, and asks whether
// everybody knows what is true.
func (w *world) quiet(t *rapid.T) {
	if w.r.Gathered.After(w.now) {
		w.now = w.r.Gathered
	}
	w.note(nil)
	for rounds := 0; ; rounds++ {
		tellings := w.r.Tellings(w.now, 3)
		if len(tellings) == 0 {
			break
		}
		if rounds > 100 {
			t.Fatalf("never quiet; still to tell: %+v", tellings)
		}
		w.post(t, w.r, tellings)
		w.note(tellings)
	}
	if !w.now.Before(w.facts.Ends) {
		return
	}
	if len(w.r.Past) > 0 {
		t.Fatalf("everybody knows, and %d earlier facts are kept", len(w.r.Past))
	}
	for _, e := range w.r.Entries {
		if e.Who == (Who{}) {
			continue
		}
		told, ok := w.told[e.RSVP]
		if !ok || told.state != e.State {
			t.Fatalf("was told %s, is %s", told.state, e.State)
		}
		if e.State.Coming() && (told.party != e.Party || w.adrift[e.RSVP] == "" && !told.facts.SaySame(w.facts)) {
			t.Fatalf("was told %+v, is %+v at %+v", told, e, w.facts)
		}
		if e.State.Coming() && w.heard[e.RSVP] < w.asked[e.RSVP] {
			t.Fatalf("heard of %d questions of %d", w.heard[e.RSVP], w.asked[e.RSVP])
		}
	}
}

func (w *world) check(t *rapid.T) {
	seated := 0
	coming := map[Who]bool{}
	var lapse time.Time
	differs := false
	for i := range w.r.Entries {
		e := &w.r.Entries[i]
		if e.State.Seated() {
			seated += e.Party
		}
		if e.State.Coming() && e.Who != (Who{}) {
			if coming[e.Who] {
				t.Fatalf("one address comes twice")
			}
			coming[e.Who] = true
		}
		if e.State.Lapses() {
			if !e.Until.After(w.now) {
				t.Fatalf("ran out at %s and is still %s", e.Until, e.State)
			}
			if lapse.IsZero() || e.Until.Before(lapse) {
				lapse = e.Until
			}
		}
		differs = differs || w.r.differs(e, w.now)
	}
	if c := w.facts.Capacity; c > 0 && seated > c && seated > w.seated {
		t.Fatalf("%d seated, %d before, in %d seats", seated, w.seated, c)
	}
	w.seated = seated
	for _, e := range w.r.Entries {
		free := w.facts.Capacity - seated
		if e.State == Waiting && w.facts.Status == Published && w.now.Before(w.r.hours().ends) && (w.facts.Capacity == 0 || e.Party <= free) {
			t.Fatalf("%d wait, %d seats are free", e.Party, free)
		}
	}
	switch due := w.r.Due; {
	case differs && (due.IsZero() || due.After(w.now)):
		t.Fatalf("due %s, and somebody is to be told", due)
	case !lapse.IsZero() && (due.IsZero() || due.After(lapse)):
		t.Fatalf("due %s, and somebody lapses at %s", due, lapse)
	}
	w.checkDue(t)
	w.checkTally(t)
	w.unchanged(t, "settling again", func() { w.r.Settle(w.now) })
}

// checkDue looks for the next hour at which somebody is to be told something: it
// must be known of.
func (w *world) checkDue(t *rapid.T) {
	for at := w.now; at.Before(w.now.Add(96 * time.Hour)); at = at.Add(time.Hour).Truncate(time.Hour) {
		if due := w.r.Due; !due.IsZero() && !due.After(at) {
			return
		}
		for i := range w.r.Entries {
			if w.r.differs(&w.r.Entries[i], at) {
				t.Fatalf("due %s, and somebody is to be told at %s", w.r.Due, at)
			}
		}
	}
}

func (w *world) checkTally(t *rapid.T) {
	have := w.r.tallied()
	again := Roster{Facts: w.r.Facts, Entries: slices.Clone(w.r.Entries)}
	want := again.tallied()
	switch {
	case have.counts != want.counts:
		t.Fatalf("counted %+v, is %+v", have.counts, want.counts)
	case !maps.Equal(have.rsvps, want.rsvps) || !maps.Equal(have.whos, want.whos):
		t.Fatalf("index is %v and %v, should be %v and %v", have.rsvps, have.whos, want.rsvps, want.whos)
	case have.smallest > want.smallest:
		t.Fatalf("smallest waiting party is %d, is said to be %d at least", want.smallest, have.smallest)
	case !want.lapse.IsZero() && (have.lapse.IsZero() || have.lapse.After(want.lapse)):
		t.Fatalf("lapses at %s, is said not to before %s", want.lapse, have.lapse)
	}
	for i := range w.r.Entries[:w.r.nextUntold(w.now)] {
		if w.now.Before(w.facts.Ends) && w.r.differs(&w.r.Entries[i], w.now) {
			t.Fatalf("entry %d is to be told something, all before %d are said not to", i, have.untold)
		}
	}
}

func TestRoster_AnyOrderOfThings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t)
		t.Repeat(map[string]func(*rapid.T){
			"":         w.check,
			"sign up":  w.signUp,
			"sign up2": w.signUp,
			"repeat":   w.repeat,
			"act":      w.act,
			"act2":     w.act,
			"change":   w.change,
			"offer":    w.offer,
			"hand":     w.hand,
			"tell":     w.tell,
			"tell2":    w.tell,
			"catch up": w.catchUp,
			"quiet":    w.quiet,
			"time passes": func(t *rapid.T) {
				w.now = w.now.Add(time.Duration(rapid.IntRange(-10, 20*60).Draw(t, "minutes")) * time.Minute / 4)
				w.r.Settle(w.now)
			},
			"it is due": func(*rapid.T) {
				if w.r.Due.After(w.now) {
					w.now = w.r.Due
				}
				w.r.Settle(w.now)
			},
			"stored and read": func(t *rapid.T) {
				before := *w.r
				w.r = w.clone(t)
				if !same(&before, w.r) {
					t.Fatalf("read %+v, stored %+v", w.r, before)
				}
			},
			"guard": func(t *rapid.T) {
				if rapid.Bool().Draw(t, "confirm") {
					w.r.RequireConfirm(w.now)
					return
				}
				if len(w.r.Entries) > 0 {
					ids := []ID{rapid.SampledFrom(w.r.Entries).Draw(t, "entry").RSVP}
					bar := rapid.Bool().Draw(t, "bar")
					w.r.Remove(ids, bar, w.now)
					w.unchanged(t, "removing twice", func() { w.r.Remove(ids, bar, w.now) })
				}
			},
			"forget": func(t *rapid.T) {
				ids := w.r.Forgettable(w.now, rapid.IntRange(1, 3).Draw(t, "most"))
				w.r.Forget(ids, w.now)
				w.unchanged(t, "forgetting twice", func() { w.r.Forget(ids, w.now) })
			},
			"moved":  func(*rapid.T) { moved := *w.r; w.r = &moved },
			"copied": w.copied,
		})
		w.quiet(t)
	})
}

// copied changes a copy of the roster and puts the roster back to a copy made
// before a change: neither may leave a tally behind that counts something else.
func (w *world) copied(t *rapid.T) {
	stranger := Ask{RSVP: w.newID(), Who: address(100), Party: 1}
	other := *w.r
	other.Entries = slices.Clone(w.r.Entries)
	_, _ = other.SignUp(stranger, w.now)
	other.Settle(w.now.Add(1000 * time.Hour))
	before := *w.r
	_, _ = w.r.SignUp(stranger, w.now)
	*w.r = before
}

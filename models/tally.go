package models

import "time"

// tally is what would otherwise be counted anew over thousands of entries with
// every sign-up. It is never stored: it is made when it is missing, and kept
// right by add and set, through which all changes of entries go.
//
// It knows which entries it is about, so a roster that was copied, decoded or
// put back to an earlier value never believes a tally that is not its own.
type tally struct {
	first  *Entry // of the entries; with their number it tells whose tally it is
	number int

	counts Counts
	rsvps  map[ID]int // where each stands
	whos   map[Who]int
	// Nothing runs out before lapse (zero: nothing will), no party that waits is
	// smaller than smallest, and everybody before untold was told what is true.
	// These are bounds, made exact only when they are reached: then it costs one
	// look at all entries.
	lapse    time.Time
	smallest int
	untold   int
	phase    int // for which untold holds

	hours hours
}

// nobody is the smallest waiting party when nobody waits.
const nobody = unlimited + 1

// tallied is the roster's tally.
func (r *Roster) tallied() *tally {
	if t := r.tally; t != nil && t.number == len(r.Entries) && (t.number == 0 || t.first == &r.Entries[0]) {
		return t
	}
	t := &tally{rsvps: make(map[ID]int, len(r.Entries)+8), whos: make(map[Who]int, len(r.Entries)+8), smallest: nobody}
	r.tally = t
	for i := range r.Entries {
		t.enter(i, &r.Entries[i])
	}
	t.untold = 0
	t.mark(r.Entries)
	return t
}

// add puts an entry at the end of the roster.
func (r *Roster) add(e Entry) {
	t := r.tallied()
	r.Entries = append(r.Entries, e)
	t.enter(len(r.Entries)-1, &e)
	t.mark(r.Entries)
}

// set puts an entry in the place of what it was. With another state or party
// there is something new to tell, which gets a number of its own.
func (r *Roster) set(i int, e Entry) {
	t := r.tallied()
	was := r.Entries[i]
	if e.State != was.State || e.Party != was.Party {
		e.Mails++
	}
	t.leave(&was)
	r.Entries[i] = e
	t.enter(i, &e)
}

// remove takes an entry out; those behind it move up.
func (r *Roster) remove(i int) {
	r.Entries = append(r.Entries[:i], r.Entries[i+1:]...)
	r.tally = nil
}

func (t *tally) mark(entries Entries) {
	if t.number = len(entries); t.number > 0 {
		t.first = &entries[0]
	}
}

func (t *tally) enter(i int, e *Entry) {
	t.rsvps[e.RSVP] = i
	if e.Who != (Who{}) {
		t.whos[e.Who] = i
	}
	*t.counts.of(e.State) += e.Party
	if !e.Until.IsZero() {
		t.runsOut(e)
	}
	if e.State == Waiting {
		t.waits(e)
	}
	t.untold = min(t.untold, i)
}

func (t *tally) runsOut(e *Entry) {
	if t.lapse.IsZero() || e.Until.Before(t.lapse) {
		t.lapse = e.Until
	}
}

func (t *tally) waits(e *Entry) { t.smallest = min(t.smallest, e.Party) }

func (t *tally) leave(e *Entry) {
	delete(t.whos, e.Who)
	*t.counts.of(e.State) -= e.Party
}

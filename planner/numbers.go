package planner

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"samling/models"
)

// Grouping is by what the numbers of a city are told apart.
type Grouping string

// The groupings.
const (
	ByAssociation Grouping = "association" // and working group, as host
	ByKind        Grouping = "kind"
	ByGroup       Grouping = "group" // that is to hear what is said
	ByDistrict    Grouping = "district"
	ByMonth       Grouping = "month"
)

// Groupings are all of them.
func Groupings() []Grouping {
	return []Grouping{ByAssociation, ByKind, ByGroup, ByDistrict, ByMonth}
}

// Numbers are counts of events and people, and nothing that tells who they were.
type Numbers struct {
	Events, Cancelled int // events; those that are off are not among the first
	// SignedUp are people who were in for these events, Left those who were and
	// cancelled. Made are people whose sign-ups were made in the period, for
	// whatever event.
	SignedUp, Left, Made int
	// Came are people who came to Counted of the events; of the others nobody knows.
	Came, Counted int
	// Eligible are events of half an hour or more to which five or more came, which
	// is what study associations report.
	Eligible int
}

func (n *Numbers) add(m Numbers) {
	n.Events += m.Events
	n.Cancelled += m.Cancelled
	n.SignedUp += m.SignedUp
	n.Left += m.Left
	n.Made += m.Made
	n.Came += m.Came
	n.Counted += m.Counted
	n.Eligible += m.Eligible
}

// NumbersOf are the numbers of one association, kind, group, district or month.
type NumbersOf struct {
	Key string // a slug, a kind, or a month as 2026-03; empty: none
	Numbers
}

// Report are the numbers of a period.
type Report struct {
	Rows []NumbersOf // by their keys
	// Total counts each event once, whoever shares it.
	Total Numbers
	// Unread is how many events of the period have not been counted yet: asking
	// again counts on.
	Unread int
}

// The least that study associations report of.
const (
	eligiblePeople = 5
	eligibleLength = 30 * time.Minute
)

// mostRead is how many rosters one report reads. What is long over is remembered, so
// that the next one begins where this one ended.
const mostRead = 2000

// settledAfter is how long after an event its counts can change: telephones that
// were offline at the door bring theirs within three days.
const settledAfter = 4 * 24 * time.Hour

// tally is what is remembered of an event's people.
type tally struct {
	signedUp, left, here int
	made                 []madeIn
	known                bool // somebody was ticked off or came without a sign-up
}

// madeIn is how many people's sign-ups were made in a month.
type madeIn struct {
	month  string
	people int
}

// Numbers are those of the events that start in a period, whose ends are months'. For
// coordinators alone.
func (p *Planner) Numbers(ctx context.Context, by *models.Organiser, grouping Grouping, from, to time.Time) (Report, error) {
	if !by.MayOversee() {
		return Report{}, models.ErrNotFound
	}
	zone := models.Zone(p.Zone)
	months := [2]string{monthOf(from, zone), monthOf(to, zone)}
	rows, report, left := map[string]*Numbers{}, Report{}, mostRead
	c, now := p.Catalogue(), p.Now()
	put := func(key string, n Numbers) {
		if n == (Numbers{}) {
			return
		}
		if rows[key] == nil {
			rows[key] = &Numbers{}
		}
		rows[key].add(n)
	}
	for _, l := range c.Events[c.startedBy(from):] {
		within := l.Starts.Before(to)
		if l.Status == models.Draft || !within && !l.SignUp.Needed {
			continue
		}
		t, err := p.tallyOf(ctx, l.Event, now, &left)
		if errors.Is(err, errUnread) {
			if within {
				report.Unread++
			}
			err = nil
		}
		if err != nil {
			return report, err
		}
		n := Numbers{}
		if within {
			n = numbersOf(l.Event, &t, now)
		}
		for _, m := range t.made {
			if m.month < months[0] || m.month >= months[1] {
				continue
			}
			report.Total.Made += m.people
			if grouping == ByMonth {
				put(m.month, Numbers{Made: m.people})
			} else {
				n.Made += m.people
			}
		}
		for _, key := range keysOf(l.Event, grouping, zone) {
			put(key, n)
		}
		n.Made = 0
		report.Total.add(n)
	}
	for key, n := range rows {
		report.Rows = append(report.Rows, NumbersOf{key, *n})
	}
	slices.SortFunc(report.Rows, func(a, b NumbersOf) int { return cmp.Compare(a.Key, b.Key) })
	return report, nil
}

func monthOf(t time.Time, zone *time.Location) string { return t.In(zone).Format("2006-01") }

// keysOf are the rows that an event counts in.
func keysOf(e *models.Event, grouping Grouping, zone *time.Location) []string {
	switch grouping {
	case ByKind:
		return []string{string(e.Kind)}
	case ByDistrict:
		return []string{e.District}
	case ByMonth:
		return []string{monthOf(e.Starts, zone)}
	case ByGroup:
		if len(e.Groups) > 0 {
			return e.Groups
		}
		return []string{""}
	}
	return e.Hosts()
}

// numbersOf are the numbers of one event.
func numbersOf(e *models.Event, t *tally, now time.Time) Numbers {
	if e.Status == models.Cancelled {
		return Numbers{Cancelled: 1, Left: t.left}
	}
	n := Numbers{Events: 1, SignedUp: t.signedUp, Left: t.left}
	switch {
	case e.Closing.Done():
		n.Came, n.Counted = e.Closing.Came, 1
	case t.known && !e.Ends.After(now):
		n.Came, n.Counted = t.here, 1
	}
	if n.Came >= eligiblePeople && e.Ends.Sub(e.Starts) >= eligibleLength {
		n.Eligible = 1
	}
	return n
}

// errUnread: enough has been read for one report.
var errUnread = errors.New("planner: not read yet")

// tallyOf is what is known of the people of an event. left is how many more may be
// read.
func (p *Planner) tallyOf(ctx context.Context, e *models.Event, now time.Time, left *int) (tally, error) {
	settled := now.Sub(e.Ends) > settledAfter
	if t, ok := p.tallies.Get(e.ID); ok && settled {
		return t, nil
	}
	if *left == 0 {
		return tally{}, errUnread
	}
	*left--
	t, err := p.readTally(ctx, e, now)
	if err == nil && settled {
		p.tallies.Add(e.ID, t)
	}
	return t, err
}

func (p *Planner) readTally(ctx context.Context, e *models.Event, now time.Time) (t tally, err error) {
	r, err := p.Store.Rosters.Get(ctx, e.ID)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return t, err
	}
	r.Settle(now)
	made, zone := map[string]int{}, models.Zone(p.Zone)
	for i := range r.Entries {
		switch entry := &r.Entries[i]; {
		case entry.State == models.Left && entry.MustConfirm: // it never was more than an address in a form
			continue
		case entry.State == models.Left:
			t.left += entry.Party
			made[monthOf(entry.Since, zone)] += entry.Party
		default:
			if entry.State == models.Going {
				t.signedUp += entry.Party
			}
			made[monthOf(entry.Since, zone)] += entry.Party
		}
	}
	for _, month := range slices.Sorted(maps.Keys(made)) {
		t.made = append(t.made, madeIn{month, made[month]})
	}
	if e.Closing.Done() || !e.Starts.Before(now) {
		return t, nil // how many came is known, or nobody has
	}
	for rsvp, err := range p.Store.RSVPs.List(ctx, models.Query{Index: "event", Equal: []any{e.ID}}) {
		if err != nil {
			return t, err
		}
		t.here += rsvp.Present
	}
	for w, err := range p.Store.WalkIns.List(ctx, models.Query{Index: "event", Equal: []any{e.ID}}) {
		if err != nil {
			return t, err
		}
		t.here += w.Count
	}
	t.known = t.here > 0
	return t, nil
}

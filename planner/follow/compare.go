package follow

import (
	"regexp"
	"slices"
	"time"

	"samling/ics"
	"samling/models"
	"samling/planner"
)

// comparison is what has to be done so that what is here is what a calendar says.
type comparison struct {
	take []taking
	lost []*planner.Listed
	why  map[string]models.GoneReason // by the id of a lost event
	// standing is how many of the calendar's events are to come here, those that
	// are lost included.
	standing int
	found    models.Found
}

// taking is an event to be taken over: into the one with that id; empty: it is new.
type taking struct {
	id    string
	event models.Event
}

// The most that is kept of a calendar for an organiser to look at.
const mostNext, mostLeft = 10, 30

// compare finds what to do. known are the events here that follow the calendar.
func compare(known []*planner.Listed, c ics.Calendar, now time.Time) comparison {
	out := comparison{why: map[string]models.GoneReason{}, found: find(c, now)}
	here := map[string]*planner.Listed{}
	for _, l := range known {
		here[l.Source] = l
	}
	cancelled := map[string]bool{}
	var fresh []models.Event
	for _, e := range c.Events {
		l := here[e.Source]
		switch {
		case e.Status == models.Cancelled:
			cancelled[e.Source] = true
			continue
		case l == nil:
			fresh = append(fresh, e)
			continue
		case l.Status == models.Cancelled:
			out.leave(e, "cancelled-here")
		case !l.IsTaken(&e):
			out.take = append(out.take, taking{l.ID, e})
		}
		delete(here, e.Source)
	}
	missing := missed{}
	for _, l := range known {
		standing := stands(l, now)
		if standing {
			out.standing++
		}
		if here[l.Source] != l || !isAhead(l, now) {
			continue
		}
		why, isLost := reason(l.Source, c.Left, cancelled)
		switch {
		case !isLost:
		case why == models.GoneMissing:
			missing.add(l)
		case standing:
			out.lose(l, why)
		}
	}
	for _, e := range fresh {
		out.take = append(out.take, taking{missing.take(&e), e})
	}
	for _, l := range known {
		if stands(l, now) && missing.has(l) {
			out.lose(l, models.GoneMissing)
		}
	}
	return out
}

// Recognise gives the events of a calendar that are here already the ids that they
// have here. known are those that were taken over for its association: an
// occurrence may be among them under another Source, since its series has moved.
func Recognise(known []*planner.Listed, events []models.Event, now time.Time) {
	here := map[string]*planner.Listed{}
	for _, l := range known {
		here[l.Source] = l
	}
	for i := range events {
		if l := here[events[i].Source]; l != nil {
			events[i].ID = l.ID
			delete(here, l.Source)
		}
	}
	missing := missed{}
	for _, l := range known {
		if here[l.Source] == l && isAhead(l, now) {
			missing.add(l)
		}
	}
	for i := range events {
		if e := &events[i]; e.ID == "" {
			e.ID = missing.take(e)
		}
	}
}

// stands reports whether an event here is to come, so that people may still go to
// it, and was to come by its calendar too, which is read no farther back.
func stands(l *planner.Listed, now time.Time) bool {
	return (l.Status == models.Published || l.Status == models.Postponed) && isAhead(l, now)
}

func isAhead(l *planner.Listed, now time.Time) bool {
	return l.Starts.After(now) && l.Taken != nil && l.Taken.Starts.After(now)
}

// reason is why an event that is not among those of its calendar is lost; it is
// not when the calendar holds it in a form that cannot be read.
func reason(source string, left []ics.Left, cancelled map[string]bool) (models.GoneReason, bool) {
	if cancelled[source] {
		return models.GoneCancelled, true
	}
	for _, l := range left {
		if l.Of(source) {
			return models.GonePrivate, l.Private()
		}
	}
	return models.GoneMissing, true
}

func (c *comparison) lose(l *planner.Listed, why models.GoneReason) {
	c.lost = append(c.lost, l)
	c.why[l.ID] = why
}

// near is how far an occurrence can be moved and still be the same one: less than
// half a week, so that a weekly one is not taken for the next.
const near = 80 * time.Hour

// missed are the events here, by their series, that are not in their calendar under
// the name that they had. When the hour or the day of a whole series changes, all
// of its occurrences get other names: then they are among the new ones.
type missed map[string][]*planner.Listed

func (m missed) add(l *planner.Listed) {
	series, _ := occurrence(l.Source, time.Time{})
	m[series] = append(m[series], l)
}

func (m missed) has(l *planner.Listed) bool {
	series, _ := occurrence(l.Source, time.Time{})
	return slices.Contains(m[series], l)
}

// take finds the one that a new event is, and returns its id; empty: none.
func (m missed) take(e *models.Event) string {
	series, at := occurrence(e.Source, e.Starts)
	for i, l := range m[series] {
		if _, was := occurrence(l.Source, l.Taken.Starts); at.Sub(was).Abs() < near {
			m[series] = slices.Delete(m[series], i, i+1)
			return l.ID
		}
	}
	return ""
}

// googleSplit is what Google adds to the UID of a series from where somebody
// changed "this and all following".
var googleSplit = regexp.MustCompile(`_R\d{8}(T\d{6}Z?)?(@|$)`)

// occurrence is the series of an event and when it originally is.
func occurrence(source string, starts time.Time) (series string, at time.Time) {
	uid, at, ok := ics.SplitSource(source)
	if !ok {
		at = starts
	}
	return googleSplit.ReplaceAllString(uid, "$2"), at
}

// find is what stands in a calendar, for an organiser to look at.
func find(c ics.Calendar, now time.Time) models.Found {
	var out models.Found
	for i := range c.Events {
		e := &c.Events[i]
		if e.Status == models.Cancelled || !e.Ends.After(now) {
			continue
		}
		if out.Events++; len(out.Next) < mostNext {
			out.Next = append(out.Next, glimpse(e))
		}
	}
	for _, l := range c.Left {
		if l.Private() {
			out.Private++
			continue
		}
		why := troubleOf(l.Why[0])
		leave(&out, models.LeftOut{Glimpse: models.Glimpse{Title: l.Title, Starts: l.Starts}, Trouble: why})
	}
	return out
}

func (c *comparison) leave(e models.Event, code string) {
	leave(&c.found, models.LeftOut{Glimpse: glimpse(&e), Trouble: models.Trouble{Code: code}})
}

func leave(found *models.Found, l models.LeftOut) {
	if len(found.Left) == mostLeft {
		found.More++
		return
	}
	found.Left = append(found.Left, l)
}

func glimpse(e *models.Event) models.Glimpse {
	return models.Glimpse{Title: e.Title, Starts: e.Starts, Ends: e.Ends, DateOnly: e.DateOnly, TimeZone: e.TimeZone, Place: e.Place.Line()}
}

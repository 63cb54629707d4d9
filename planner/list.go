package planner

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"samling/models"
)

// Stand is where those stand whom somebody looks for on a list.
type Stand string

// The stands. The zero value is all who are coming, in whatever way.
const (
	StandComing  Stand = ""
	StandGoing   Stand = "going"
	StandHeld    Stand = "held"
	StandWaiting Stand = "waiting"
	StandOffered Stand = "offered"
	StandLeft    Stand = "cancelled"
	StandHere    Stand = "here"   // at least one of the party has come
	StandAbsent  Stand = "absent" // going, and nobody has come
)

// Stands are all stands.
func Stands() []Stand {
	return []Stand{StandComing, StandGoing, StandAbsent, StandHere, StandHeld, StandWaiting, StandOffered, StandLeft}
}

func (s Stand) takes(l *models.Attendee) bool {
	switch s {
	case StandComing:
		return l.Entry.State.Coming()
	case StandHere:
		return l.Here > 0
	case StandAbsent:
		return l.Entry.State == models.Going && l.Here == 0
	}
	return string(s) == l.Entry.State.String()
}

// Order is how the lines of a list follow each other.
type Order string

// The orders. The zero value is what a list is read by: who has a place by name,
// since that is how one looks for people, then who waits in their order.
const (
	OrderState  Order = ""
	OrderName   Order = "name"
	OrderSignUp Order = "sign-up"
	OrderParty  Order = "party" // the largest first
)

// Orders are all orders.
func Orders() []Order { return []Order{OrderState, OrderName, OrderSignUp, OrderParty} }

// ListFilter chooses lines of an attendance list. The zero value chooses all who
// are coming.
type ListFilter struct {
	// Words must all be found in the name, each anywhere.
	Words           string
	Stand           Stand
	Needs, Returned bool // who needs what nobody has seen to; to whom no mail arrives
	Order           Order
	Language        string // whose letters names are put in order by
	// Most lines from From on are shown; Most 0: all.
	From, Most int
}

// List is what a filter chooses of an attendance list. Its Attendees are those
// that are shown, its sums those of the whole list.
type List struct {
	models.Attendance
	// Found are the sign-ups that the filter chooses, FoundPeople their people.
	Found, FoundPeople int
	// Hidden are the sign-ups that the reader may not read, HiddenPeople those of
	// them who are coming. A filter does not choose them: of these one sees numbers.
	Hidden, HiddenPeople int
	Open                 int // sign-ups that need what nobody has seen to
	all                  []models.Attendee
}

// Of is a line of the whole list.
func (l *List) Of(rsvp string) (models.Attendee, bool) {
	i := slices.IndexFunc(l.all, func(a models.Attendee) bool { return a.RSVP == rsvp && !a.Hidden })
	if i < 0 {
		return models.Attendee{}, false
	}
	return l.all[i], true
}

// List is the attendance list of an event as an organiser works with it; see
// Attendance.
func (p *Planner) List(ctx context.Context, by *models.Organiser, ref, how string, f ListFilter) (List, error) {
	a, err := p.everybody(ctx, by, ref)
	if err != nil {
		return List{}, err
	}
	out := List{Attendance: a, all: a.Attendees}
	out.Open = a.Needs()
	words := strings.Fields(fold(f.Words))
	chosen := make([]models.Attendee, 0, len(a.Attendees))
	for i := range a.Attendees {
		l := &a.Attendees[i]
		if l.Hidden && l.Entry.State.Coming() {
			out.Hidden++
			out.HiddenPeople += l.Entry.Party
		}
		if !l.Hidden && f.takes(l, words) {
			chosen = append(chosen, *l)
			out.FoundPeople += l.Entry.Party
		}
	}
	f.sort(chosen)
	out.Found = len(chosen)
	from := min(max(f.From, 0), len(chosen))
	to := len(chosen)
	if f.Most > 0 {
		to = min(from+f.Most, to)
	}
	out.Attendees = chosen[from:to]
	out.Asked = asked(&out.Attendance)
	return out, p.looked(ctx, by, a.Event.ID, how, len(out.Attendees))
}

func (f *ListFilter) takes(l *models.Attendee, words []string) bool {
	if !f.Stand.takes(l) || f.Needs && !l.Open() || f.Returned && !l.Returned {
		return false
	}
	if len(words) == 0 {
		return true
	}
	name := haystack(l.Person.Name)
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(name, w) })
}

// sort puts lines in order. They come in that of sign-up.
func (f *ListFilter) sort(lines []models.Attendee) {
	letters, keys := collate.New(language.Make(f.Language), collate.IgnoreCase), collate.Buffer{}
	names := make(map[string][]byte, len(lines))
	for i := range lines {
		names[lines[i].RSVP] = letters.KeyFromString(&keys, lines[i].Person.Name)
	}
	byName := func(a, b *models.Attendee) int { return bytes.Compare(names[a.RSVP], names[b.RSVP]) }
	slices.SortStableFunc(lines, func(a, b models.Attendee) int {
		switch f.Order {
		case OrderSignUp:
			return a.Entry.Since.Compare(b.Entry.Since)
		case OrderParty:
			if d := b.Entry.Party - a.Entry.Party; d != 0 {
				return d
			}
		case OrderState:
			if d := rank(a.Entry.State) - rank(b.Entry.State); d != 0 {
				return d
			}
			if a.Entry.State == models.Waiting {
				return a.Line - b.Line
			}
		}
		return byName(&a, &b)
	})
}

// rank is the order in which a list has the states.
func rank(s models.State) int {
	switch s {
	case models.Going:
		return 0
	case models.Held, models.Offered:
		return 1
	case models.Waiting:
		return 2
	}
	return 3
}

// TakeBlank is an event for a sheet on which people will write themselves. It is
// kept as a look at nobody, so that one can tell where such sheets are.
func (p *Planner) TakeBlank(ctx context.Context, by *models.Organiser, ref, how string) (models.Event, error) {
	e, err := p.readable(by, ref)
	if err != nil {
		return models.Event{}, err
	}
	return *e.Event, p.looked(ctx, by, e.ID, how, 0)
}

// Attendee is one person of a list; ErrNotFound when she does not stand on it,
// CodeNotAllowed when she is not for the eyes of who asks. See Attendance.
func (p *Planner) Attendee(ctx context.Context, by *models.Organiser, ref, rsvp, how string) (models.Event, models.Attendee, error) {
	e, err := p.readable(by, ref)
	if err != nil {
		return models.Event{}, models.Attendee{}, err
	}
	id, err := models.ParseID(rsvp)
	if err != nil {
		return *e.Event, models.Attendee{}, models.ErrNotFound
	}
	r, err := p.Store.Rosters.Get(ctx, e.ID)
	if err != nil {
		return *e.Event, models.Attendee{}, err
	}
	r.Settle(p.Now())
	entry, ok := r.Entry(id)
	if !ok {
		return *e.Event, models.Attendee{}, models.ErrNotFound
	}
	doc, err := p.Store.RSVPs.Get(ctx, rsvp)
	if err != nil {
		return *e.Event, models.Attendee{}, err
	}
	l, err := p.attendee(ctx, by, e.Event, entry, &doc)
	if err == nil && l.Hidden {
		err = models.Fault(models.CodeNotAllowed)
	}
	if err != nil {
		return *e.Event, models.Attendee{}, err
	}
	l.Line = r.Line(id)
	return *e.Event, l, p.looked(ctx, by, e.ID, how, 1)
}

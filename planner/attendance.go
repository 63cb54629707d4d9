package planner

import (
	"context"
	"errors"
	"slices"

	"samling/models"
)

// Attendance is the attendance list of an event, named by id or slug, for the
// eyes of an organiser. That she looked is durable before she gets it. how is
// the form in which she will see it. cancelled chooses those who are not coming
// instead of those who are. A nil organiser is the command line, whose user has
// the key file and may read everything.
func (p *Planner) Attendance(ctx context.Context, by *models.Organiser, ref, how string, cancelled bool) (models.Attendance, error) {
	a, err := p.everybody(ctx, by, ref)
	if err != nil {
		return a, err
	}
	a.Attendees = slices.DeleteFunc(a.Attendees, func(l models.Attendee) bool { return l.Entry.State.Coming() == cancelled })
	a.Asked = asked(&a)
	return a, p.looked(ctx, by, a.Event.ID, how, len(a.Attendees))
}

// everybody is the list of an event with all who ever stood on it, those who left
// among them. Nobody may be shown it before it is noted that she looked.
func (p *Planner) everybody(ctx context.Context, by *models.Organiser, ref string) (models.Attendance, error) {
	e, err := p.readable(by, ref)
	if err != nil {
		return models.Attendance{}, err
	}
	a := models.Attendance{Event: *e.Event}
	r, err := p.Store.Rosters.Get(ctx, e.ID)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return a, err
	}
	r.Settle(p.Now())
	a.Counts = r.Counts()
	rsvps := make(map[string]models.RSVP, len(r.Entries))
	for rsvp, err := range p.Store.RSVPs.List(ctx, models.Query{Index: "event", Equal: []any{e.ID}}) {
		if err != nil {
			return a, err
		}
		rsvps[rsvp.ID] = rsvp
	}
	line := 0
	for _, entry := range r.Entries {
		rsvp := rsvps[entry.RSVP.String()]
		l, err := p.attendee(ctx, by, e.Event, entry, &rsvp)
		if err != nil {
			return a, err
		}
		if entry.State == models.Waiting {
			line++
			l.Line = line
		}
		a.Here += l.Here
		a.Attendees = append(a.Attendees, l)
	}
	for w, err := range p.Store.WalkIns.List(ctx, models.Query{Index: "event", Equal: []any{e.ID}}) {
		if err != nil {
			return a, err
		}
		a.WalkIns += w.Count
	}
	return a, nil
}

// attendee is one line of a list, as far as an organiser may read it.
func (p *Planner) attendee(ctx context.Context, by *models.Organiser, e *models.Event, entry models.Entry, rsvp *models.RSVP) (models.Attendee, error) {
	l := models.Attendee{
		RSVP: entry.RSVP.String(), Entry: entry, Here: rsvp.Present, Returned: !rsvp.Returned.IsZero(),
		Said: rsvp.LastSaid(), Seen: rsvp.Seen(), Hidden: by != nil && !by.MayReadName(e, rsvp),
	}
	if l.Hidden {
		return l, nil
	}
	var err error
	l.Person, err = p.unseal(ctx, rsvp)
	if models.CodeOf(err) == models.CodeGone {
		err = nil
	}
	return l, err
}

// looked notes that somebody is about to be shown so many sign-ups.
func (p *Planner) looked(ctx context.Context, by *models.Organiser, event, how string, count int) error {
	if by == nil {
		by = Command()
	}
	return p.Store.Reads.Create(ctx, models.Read{
		Document: models.Document{ID: newID()}, At: models.Milli(p.Now()), Organiser: by.ID, Event: event, How: how, Count: count,
	})
}

// asked are the questions that an event asks, or has asked: an organiser who stops
// asking has the answers all the same.
func asked(a *models.Attendance) []models.Question {
	return slices.DeleteFunc(models.Questions(), func(q models.Question) bool {
		return !slices.Contains(a.Event.SignUp.Ask, q) &&
			!slices.ContainsFunc(a.Attendees, func(l models.Attendee) bool { return *l.Person.Answers.To(q) != "" })
	})
}

// readable finds an event whose attendance somebody may read.
func (p *Planner) readable(by *models.Organiser, ref string) (*Listed, error) {
	e, err := p.Catalogue().Event(ref)
	switch {
	case err != nil:
		return nil, err
	case by == nil, by.MayReadAttendance(e.Event):
		return e, nil
	case by.MaySee(e.Event):
		return nil, models.Fault(models.CodeNotAllowed)
	}
	return nil, models.ErrNotFound
}

// CheckIn notes how many of a party have come; 0 takes it back. Repeating it
// changes nothing.
func (p *Planner) CheckIn(ctx context.Context, by *models.Organiser, ref, rsvp string, present int) error {
	e, err := p.mayCheckIn(by, ref)
	if err != nil {
		return err
	}
	if present < 0 || present > models.MaxParty {
		var f models.Faults
		f.Add("present", "out-of-range", "From", 0, "To", models.MaxParty)
		return f.Err()
	}
	id, err := models.ParseID(rsvp)
	if err != nil {
		return models.ErrNotFound
	}
	r, err := p.Store.Rosters.Get(ctx, e.ID)
	if err != nil {
		return err
	}
	if _, ok := r.Entry(id); !ok {
		return models.ErrNotFound
	}
	now := models.Milli(p.Now())
	_, err = p.Store.RSVPs.Update(ctx, rsvp, func(r *models.RSVP) error {
		if r.Event != e.ID {
			return models.ErrNotFound
		}
		if r.Present != present {
			r.Present, r.PresentAt = present, now
		}
		return nil
	})
	return err
}

// WalkIn counts people who came without a sign-up. id is the client's: sending
// it again counts nobody twice.
func (p *Planner) WalkIn(ctx context.Context, by *models.Organiser, ref, id string, count int) error {
	e, err := p.mayCheckIn(by, ref)
	if err != nil {
		return err
	}
	var f models.Faults
	if _, err := models.ParseID(id); err != nil {
		f.Add("id", "not-a-uuid")
	}
	if count < 1 || count > models.MaxCapacity {
		f.Add("walk_in", "out-of-range", "From", 1, "To", models.MaxCapacity)
	}
	if err := f.Err(); err != nil {
		return err
	}
	err = p.Store.WalkIns.Create(ctx, models.WalkIn{
		Document: models.Document{ID: id}, Event: e.ID, Count: count, At: models.Milli(p.Now()), By: by.ID,
	})
	if !errors.Is(err, models.ErrExists) {
		return err
	}
	// Sent before; but an id that counts at another event is somebody's mistake.
	w, err := p.Store.WalkIns.Get(ctx, id)
	if err == nil && (w.Event != e.ID || w.Count != count) {
		err = models.ErrExists
	}
	return err
}

func (p *Planner) mayCheckIn(by *models.Organiser, ref string) (*Listed, error) {
	e, err := p.Catalogue().Event(ref)
	if err != nil {
		return nil, err
	}
	return e, mayChange(by, e.Event)
}

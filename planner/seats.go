package planner

import (
	"context"
	"time"

	"samling/models"
)

// seatsSeen are the seats of an event as they were at a moment.
type seatsSeen struct {
	at     time.Time
	counts models.Counts
	seats  models.Seats
}

// seatsLast is how long the seats that were read are shown to the public; its
// own writes an instance shows at once.
const seatsLast = time.Second

// A page does not wait for a store that is away: it asks for so long, and then
// nobody asks for a while.
const (
	seatsWait = 500 * time.Millisecond
	seatsRest = 3 * time.Second
)

func seatsOf(r *models.Roster, now time.Time) seatsSeen {
	return seatsSeen{at: now, counts: r.Counts(), seats: r.Seats(now)}
}

// Seats are the coarse word for the seats of an event, for everybody, and the
// counts behind it, for those who may know. While the store is away it gives
// what it saw last, or else what the event alone says. The word for a protected
// event does not tell how many will be there.
func (p *Planner) Seats(ctx context.Context, e *models.Event) (models.Seats, models.Counts) {
	now := p.Now()
	if e.Facts().Refusal(now) != "" && e.Status == models.Draft {
		return models.SeatsClosed, models.Counts{}
	}
	seen, ok := p.seats.Get(e.ID)
	if !ok || now.Sub(seen.at) >= seatsLast {
		seen = p.seatsNow(ctx, e, seen, now)
	}
	if e.SignUp.Protected && seen.seats != models.SeatsClosed {
		return models.SeatsOpen, seen.counts
	}
	return seen.seats, seen.counts
}

// seatsNow are the seats as they are in the store, or else as they were last seen.
func (p *Planner) seatsNow(ctx context.Context, e *models.Event, seen seatsSeen, now time.Time) seatsSeen {
	r, err := p.rosterSoon(ctx, e.ID, now)
	switch {
	case err == nil:
		seen = seatsOf(&r, now)
		p.seats.Add(e.ID, seen)
	case seen.at.IsZero():
		empty := models.Roster{Facts: e.Facts()}
		seen = seatsOf(&empty, now)
	}
	return seen
}

// rosterSoon reads a roster, unless the store takes long, or did a moment ago.
func (p *Planner) rosterSoon(ctx context.Context, id string, now time.Time) (models.Roster, error) {
	if at := p.silent.Load(); at != nil && now.Sub(*at) < seatsRest {
		return models.Roster{}, models.ErrUnavailable
	}
	soon, cancel := context.WithTimeout(ctx, seatsWait)
	defer cancel()
	r, err := p.Store.Rosters.Get(soon, id)
	if soon.Err() != nil && ctx.Err() == nil || models.CodeOf(err) == models.CodeUnavailable {
		p.silent.Store(&now)
	}
	return r, err
}

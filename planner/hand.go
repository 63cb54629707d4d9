package planner

import (
	"context"
	"strconv"

	"samling/models"
)

// Hand does what an organiser asks with somebody's sign-up, and returns where she
// stood before. She is told as if she had done it herself; parting is a line that
// goes with the mail which says that she was taken off the list. The errors are
// those of Roster.Hand, CodeInvalid for the line, and CodeNotAllowed for whoever
// may not read her name.
func (p *Planner) Hand(ctx context.Context, by *models.Organiser, ref, rsvp string, h models.Hand, parting string) (models.Entry, error) {
	none := models.Entry{}
	e, err := p.mayCheckIn(by, ref)
	if err != nil {
		return none, err
	}
	id, err := models.ParseID(rsvp)
	if err != nil {
		return none, models.ErrNotFound
	}
	var f models.Faults
	models.CheckText(&f, "parting", parting, false, models.MaxParting)
	if err := f.Err(); err != nil {
		return none, err
	}
	r, err := p.Store.RSVPs.Get(ctx, rsvp)
	switch {
	case err != nil:
		return none, err
	case r.Event != e.ID:
		return none, models.ErrNotFound
	case !by.MayReadName(e.Event, &r):
		return none, models.Fault(models.CodeNotAllowed)
	}
	roster, err := p.Store.Rosters.Get(ctx, e.ID)
	if err != nil {
		return none, err
	}
	now := models.Milli(p.Now())
	// Tried on a copy first: what is refused writes nothing, and the line must know
	// for which of her mails it is before she is off the list, since that is when
	// the mail may be on its way.
	roster.Settle(now)
	was, _ := roster.Entry(id)
	if err := roster.Hand(id, h, now); err != nil {
		return none, err
	}
	var words models.Parting
	is, _ := roster.Entry(id)
	if h.Action == models.HandCancel && parting != "" {
		key, err := p.Keys.Key(ctx, e.ID)
		if err != nil {
			return none, err
		}
		words = models.Parting{Sealed: key.Seal(e.ID, models.PartingID(rsvp), []byte(parting)), Mails: is.Mails}
	}
	var seen seatsSeen
	var ops []models.Op
	if fields := handed(was, is); len(fields) > 0 {
		ops = append(ops, p.Noting(by, models.Change{Deed: models.DeedHand, Event: e.ID, Fields: fields}))
	}
	err = p.Store.Write(ctx, append(ops,
		p.Store.RSVPs.Updating(rsvp, func(r *models.RSVP) error {
			again := h.Action == models.HandCancel && was.State == models.Left // with a line of its own
			if !again && len(r.Sealed) > 0 {
				r.Parting = words
			}
			return nil
		}),
		p.Store.Rosters.Updating(e.ID, func(r *models.Roster) error {
			err := r.Hand(id, h, now)
			seen = seatsOf(r, now)
			return err
		}))...)
	if err != nil {
		return none, err
	}
	p.seats.Add(e.ID, seen)
	p.wakeDue()
	return was, nil
}

// handed is what the log says of a change of one sign-up: nothing of who she is.
func handed(was, is models.Entry) (fields []models.Difference) {
	if was.State != is.State {
		fields = append(fields, models.Difference{Field: "attendee.state", From: was.State.String(), To: is.State.String()})
	}
	if was.Party != is.Party {
		fields = append(fields, models.Difference{Field: "attendee.party", From: strconv.Itoa(was.Party), To: strconv.Itoa(is.Party)})
	}
	return fields
}

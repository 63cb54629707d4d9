package planner

import (
	"context"
	"slices"
	"time"

	"samling/models"
)

// Answer changes what the holder of a mailed link answered and wrote. The errors
// are those of Validate, CodeNotPossible for somebody who is not coming, CodePast
// and CodeCancelled. Saying the same again changes nothing.
func (p *Planner) Answer(ctx context.Context, id, note string, answers models.Answers) error {
	held, err := p.Held(ctx, id)
	if err != nil {
		return err
	}
	now := models.Milli(p.Now())
	switch {
	case held.Event.Status == models.Cancelled:
		return models.Fault(models.CodeCancelled)
	case !now.Before(held.Event.Ends):
		return models.Fault(models.CodePast)
	case !held.Entry.State.Coming():
		return models.Fault(models.CodeNotPossible)
	}
	var f models.Faults
	models.CheckText(&f, "note", note, false, models.MaxNote)
	answers.Check(&f, held.Questions())
	if err := f.Err(); err != nil {
		return err
	}
	was := held.Person
	held.Person.Note, held.Person.Answers = note, answers.Trimmed()
	key, err := p.Keys.Key(ctx, held.RSVP.Event)
	if err != nil {
		return err
	}
	changed, sealed := held.Person != was, key.Seal(held.RSVP.Event, id, held.Person.Bytes())
	_, err = p.Store.RSVPs.Update(ctx, id, func(r *models.RSVP) error {
		if len(r.Sealed) == 0 {
			return models.Fault(models.CodeGone)
		}
		r.Use(now)
		if changed {
			r.Say(sealed, now)
		}
		return nil
	})
	return err
}

// Questions are those that she can answer, or take an answer back from: an
// organiser may have stopped asking since.
func (h *Held) Questions() []models.Question {
	return slices.DeleteFunc(models.Questions(), func(q models.Question) bool {
		return !slices.Contains(h.Event.SignUp.Ask, q) && *h.Person.Answers.To(q) == ""
	})
}

// SeeTo notes that what somebody needs is seen to, or with done false that it is
// not after all. said is when she had said it, as the list shows:
// ErrChangedMeanwhile when she has said something else since. Repeating it changes
// nothing.
func (p *Planner) SeeTo(ctx context.Context, by *models.Organiser, ref, rsvp string, said time.Time, done bool) error {
	e, err := p.mayCheckIn(by, ref)
	if err != nil {
		return err
	}
	_, err = p.Store.RSVPs.Update(ctx, rsvp, func(r *models.RSVP) error {
		switch {
		case r.Event != e.ID:
			return models.ErrNotFound
		case len(r.Sealed) == 0: // erased: she needs nothing any more
			return nil
		case !by.MayReadName(e.Event, r):
			return models.Fault(models.CodeNotAllowed)
		case !said.Equal(r.LastSaid()):
			return models.ErrChangedMeanwhile
		case !done:
			r.Answered = time.Time{}
		default:
			r.Answered = said
		}
		return nil
	})
	return err
}

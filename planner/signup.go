package planner

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"samling/models"
	"samling/models/vault"
)

// SignUp asks for seats at an event, named by id or slug. It answers only when
// the answer is durable. by is the organiser who adds somebody by hand, nil for
// a resident. What is neither public nor hers by the pass of a members' link is
// not found. The errors are those of SignUp.Validate,
// Limit.Take and Roster.SignUp.
func (p *Planner) SignUp(ctx context.Context, ref string, s models.SignUp, by *models.Organiser) (models.Answer, error) {
	e, err := p.Catalogue().Event(ref)
	if err != nil || !by.MaySee(e.Event) && !s.Pass.MaySee(e.Event) {
		return models.Answer{}, models.ErrNotFound
	}
	answer, _, err := p.signUp(ctx, e, s, by)
	return answer, err
}

// signUp asks for seats. old is the sign-up that the address keeps instead; empty:
// it had none.
func (p *Planner) signUp(ctx context.Context, e *Listed, s models.SignUp, by *models.Organiser) (answer models.Answer, old string, err error) {
	byHand := by.MayEdit(e.Event)
	if err := s.Validate(e.SignUp.Ask, byHand); err != nil {
		return models.Answer{}, "", err
	}
	now := models.Milli(p.Now())
	// The roster decides; asking the catalogue first spares it, and the store,
	// those who come to a door that is plainly shut.
	if err := e.Facts().Refuse(s.Party, byHand, now); err != nil {
		return models.Answer{}, "", err
	}
	rsvp, ask, err := p.sealed(ctx, e.Event, s, byHand, by, now)
	if err != nil {
		return models.Answer{}, "", err
	}
	var seen seatsSeen
	suspect, barred := ask.MustConfirm, false
	ops := []models.Op{
		p.Store.RSVPs.Creating(rsvp),
		p.Store.Rosters.Updating(e.ID, func(r *models.Roster) (err error) {
			ask.MustConfirm, ask.Barred = suspect, barred
			answer, err = r.SignUp(ask, now)
			if entry, ok := r.Known(ask.Who); ok && entry.RSVP != ask.RSVP {
				old = entry.RSVP.String()
			}
			seen = seatsOf(r, now)
			return err
		}),
	}
	if byHand {
		// The sign-up alone means nothing, so the line still comes before the deed.
		party := models.Difference{Field: "attendee.party", To: strconv.Itoa(s.Party)}
		ops = slices.Insert(ops, 1, p.Noting(by, models.Change{Deed: models.DeedAdd, Event: e.ID, Fields: []models.Difference{party}}))
	}
	if p.Limits && by == nil {
		err = p.counted(ctx, models.LimitSignUp, s.Email, func(l *models.Limit) error {
			many, err := l.Take(models.SignUpRate(), now)
			suspect, barred = s.Suspect || many, l.Barred.After(now)
			l.Returned = time.Time{} // whoever asks again may have mended her mailbox
			return err
		}, ops...)
	} else if err = p.arrives(ctx, s.Email); err == nil {
		err = p.Store.Write(ctx, ops...)
		if byHand && errors.Is(err, models.ErrExists) {
			err = p.writeAgain(ctx, e.ID, ask.RSVP, ops[1], ops[2])
		}
	}
	if err != nil {
		return models.Answer{}, "", err
	}
	p.seats.Add(e.ID, seen)
	p.wakeDue()
	if p.Decided != nil {
		p.Decided(answer)
	}
	return answer, old, nil
}

// writeAgain gives the seat of a form that was sent before, which changes nothing
// unless a crash came between; only then is it noted again.
func (p *Planner) writeAgain(ctx context.Context, event string, rsvp models.ID, line, seat models.Op) error {
	r, err := p.Store.Rosters.Get(ctx, event)
	if err != nil {
		return err
	}
	if _, seated := r.Entry(rsvp); seated {
		return p.Store.Write(ctx, seat)
	}
	return p.Store.Write(ctx, line, seat)
}

// AddByHand puts somebody on the list of an event for an organiser of it, and says
// what came of it: an answer's status, or nothing, when the address stands there
// already and is left as it was. Whoever may not read that sign-up is answered as
// if there were none.
func (p *Planner) AddByHand(ctx context.Context, by *models.Organiser, ref string, s models.SignUp) (string, error) {
	e, err := p.mayCheckIn(by, ref)
	if err != nil {
		return "", err
	}
	answer, old, err := p.signUp(ctx, e, s, by)
	if err != nil || old == "" {
		return answer.Status, err
	}
	rsvp, err := p.Store.RSVPs.Get(ctx, old)
	if err == nil && by.MayReadName(e.Event, &rsvp) {
		return "", nil
	}
	return answer.Status, err
}

// sealed is a sign-up as it is kept, and as it is asked of the roster.
func (p *Planner) sealed(ctx context.Context, e *models.Event, s models.SignUp, byHand bool, by *models.Organiser, now time.Time) (models.RSVP, models.Ask, error) {
	key, err := p.Keys.Key(ctx, e.ID)
	if err != nil {
		return models.RSVP{}, models.Ask{}, err
	}
	if s.Language == "" {
		s.Language = p.Language
	}
	person := models.Person{Name: s.Name, Email: s.Email, Note: s.Note, Answers: s.Answers.Trimmed()}
	id := newID()
	if byHand && s.Form != "" { // what was changed in it is somebody else
		id = derivedID(e.ID, by.ID, s.Form, string(person.Bytes()), strconv.Itoa(s.Party))
	}
	rsvp := models.RSVP{
		Document: models.Document{ID: id}, Event: e.ID, Language: s.Language, Created: now,
		Sealed: key.Seal(e.ID, id, person.Bytes()),
	}
	ask := models.Ask{Party: s.Party, MustConfirm: s.Suspect, ByOrganiser: byHand}
	if ask.RSVP, err = models.ParseID(id); err != nil {
		return rsvp, ask, err
	}
	if s.Email != "" {
		ask.Who = key.Who(models.NormaliseEmail(s.Email))
	}
	if byHand {
		rsvp.By, rsvp.Consent.Hosts = by.ID, e.Hosts()
	} else {
		rsvp.Consent = models.Consent{Version: models.ConsentVersion, Language: s.Language, At: now, Hosts: e.Hosts()}
	}
	return rsvp, ask, nil
}

// Held is what the holder of a mailed link may see of her sign-up.
type Held struct {
	Event  *Listed
	RSVP   models.RSVP
	Person models.Person
	Entry  models.Entry
	// Line is her place among those who wait; 0: she does not wait. LineOver:
	// nobody moves up any more. Vacant: but a place is free for her to take.
	Line     int
	LineOver bool
	Vacant   bool
	Seats    models.Seats
	// Where is the place as she may know it now, with the hour from which she may.
	Where models.Facts
	About models.About
}

// Held finds a sign-up by its id. ErrNotFound: there is none, or it never took
// effect; CodeGone: it was erased.
func (p *Planner) Held(ctx context.Context, id string) (Held, error) {
	rsvp, err := p.Store.RSVPs.Get(ctx, id)
	if err != nil {
		return Held{}, err
	}
	if len(rsvp.Sealed) == 0 {
		return Held{}, models.Fault(models.CodeGone)
	}
	h := Held{RSVP: rsvp}
	if h.Event, err = p.Catalogue().Event(rsvp.Event); err != nil {
		return Held{}, err
	}
	r, err := p.Store.Rosters.Get(ctx, rsvp.Event)
	if err != nil {
		return Held{}, err
	}
	rid, err := models.ParseID(id)
	if err != nil {
		return Held{}, models.ErrNotFound
	}
	now := p.Now()
	r.Settle(now)
	entry, ok := r.Entry(rid)
	if !ok {
		return Held{}, models.ErrNotFound
	}
	h.Entry, h.Line, h.Seats, h.LineOver, h.Vacant = entry, r.Line(rid), r.Seats(now), r.LineOver(now), r.Vacant(&entry, now)
	h.Where, h.About = r.Shown(&entry, now), p.about(h.Event.Event)
	h.Person, err = p.unseal(ctx, &rsvp)
	return h, err
}

// unseal is the person behind a sign-up; CodeGone when she was erased or her
// key destroyed.
func (p *Planner) unseal(ctx context.Context, r *models.RSVP) (models.Person, error) {
	if len(r.Sealed) == 0 {
		return models.Person{}, models.Fault(models.CodeGone)
	}
	key, err := p.Keys.Key(ctx, r.Event)
	if errors.Is(err, vault.ErrDestroyed) {
		return models.Person{}, models.Because(models.CodeGone, err)
	}
	if err != nil {
		return models.Person{}, err
	}
	plain, err := key.Open(r.Event, r.ID, r.Sealed)
	if err != nil {
		return models.Person{}, err
	}
	return models.ParsePerson(plain)
}

// bar leaves an address in peace for a while: its owner did not sign up.
func (p *Planner) bar(ctx context.Context, rsvp *models.RSVP, now time.Time) error {
	person, err := p.unseal(ctx, rsvp)
	if models.CodeOf(err) == models.CodeGone || err == nil && person.Email == "" {
		return nil
	}
	if err != nil {
		return err
	}
	return p.counted(ctx, models.LimitSignUp, person.Email, func(l *models.Limit) error {
		l.Barred = now.Add(models.BarredLasts)
		return nil
	})
}

// Act does what the holder of a mailed link asks with her sign-up. party counts
// for ActParty alone. Doing it again changes nothing.
func (p *Planner) Act(ctx context.Context, id string, action models.Action, party int) error {
	rsvp, err := p.Store.RSVPs.Get(ctx, id)
	if err != nil {
		return err
	}
	rid, err := models.ParseID(id)
	if err != nil {
		return models.ErrNotFound
	}
	now := models.Milli(p.Now())
	// Noted first: if the process dies before the store knows, it is made up for.
	if action == models.ActNotMe {
		if err := p.bar(ctx, &rsvp, now); err != nil {
			return err
		}
	}
	if action.Erases() {
		if err := p.Keys.Vault().Journal().Note(id); err != nil {
			return err
		}
	} else if err := p.arrivesTo(ctx, id); err != nil {
		return err
	}
	var seen seatsSeen
	ops := []models.Op{
		p.Store.Rosters.Updating(rsvp.Event, func(r *models.Roster) error {
			err := r.Act(rid, action, party, now)
			seen = seatsOf(r, now)
			return err
		}),
		p.Store.RSVPs.Updating(id, func(r *models.RSVP) error {
			if action.Erases() {
				r.Forget()
			}
			r.Use(now)
			return nil
		}),
	}
	if err := p.Store.Write(ctx, ops...); err != nil {
		return err
	}
	p.seats.Add(rsvp.Event, seen)
	p.wakeDue()
	return nil
}

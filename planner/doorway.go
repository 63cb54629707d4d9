package planner

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"samling/models"
	"samling/models/vault"
)

// Doorway is an event as one phone stands before it.
type Doorway struct {
	Event *models.Event
	Phone models.Phone
	door  models.Door
}

// ByDoorLink is the event that a door's link is for; ErrNotFound when the link was
// not made here, has ended or is of a draft. It says nothing that the link's holder
// may be told.
func (p *Planner) ByDoorLink(ctx context.Context, link string) (*models.Event, models.Door, error) {
	id, _ := vault.Claimed(link)
	d, err := p.Store.Doors.Get(ctx, id)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return nil, d, err
	}
	// Checked even when there is no such door, so that the time it takes does not
	// tell.
	_, ours := p.Keys.Vault().Check(d.Purpose(), link)
	l, err := p.Catalogue().Event(id)
	if err != nil || !ours || d.Closed || d.Made.IsZero() || l.Status == models.Draft || !p.Now().Before(l.Ends.Add(models.DoorWrites)) {
		return nil, d, models.ErrNotFound
	}
	return l.Event, d, nil
}

// OpenDoor lets a phone in that has the link and types the code, and returns the
// secret that it will show. One that has a secret already keeps it, and its place
// among the six. CodeNotSignedIn: the code is wrong; CodeTooMany, with the time to
// wait as "Wait": too often; CodeClosed: so often that the link has ended;
// CodeNotPossible: six phones are in; CodePast: reading is over.
func (p *Planner) OpenDoor(ctx context.Context, link, code, name, known string) (secret string, err error) {
	e, d, err := p.ByDoorLink(ctx, link)
	if err != nil {
		return "", err
	}
	var f models.Faults
	models.CheckLine(&f, "name", name, false, models.MaxDoorName)
	if err := f.Err(); err != nil {
		return "", err
	}
	now := p.Now()
	if !now.Before(e.Ends.Add(models.DoorReads)) {
		return "", models.Fault(models.CodePast)
	}
	// What cannot be the code tries nothing: a thumb on an empty field must not shut
	// out everybody for an hour.
	if len(code) != len(p.DoorCode(&d)) || strings.Trim(code, "0123456789") != "" {
		return "", models.Fault(models.CodeNotSignedIn)
	}
	purpose, secret := d.Purpose(), rand.Text()
	knownID, id := p.phoneID(&d, known), p.phoneID(&d, secret)
	var sealed []byte
	if name != "" {
		sealed = p.Keys.Vault().SealFor(phoneName, id, []byte(name))
	}
	right := subtle.ConstantTimeCompare([]byte(p.DoorCode(&d)), []byte(code)) == 1
	// What is refused is written down too, and an Update that errs changes nothing.
	var refused error
	keeps := false
	err = p.changeDoor(ctx, d.ID, func(d *models.Door) {
		refused, keeps = nil, false
		if d.Closed || d.Purpose() != purpose {
			refused = models.ErrNotFound
			return
		}
		if refused = d.Try(right, now); refused != nil {
			return
		}
		switch {
		case !right:
			refused = models.Fault(models.CodeNotSignedIn)
		case d.Phone(knownID) != nil:
			keeps = true
		default:
			refused = d.Admit(id, sealed, now)
		}
	})
	if err == nil {
		err = refused
	}
	if keeps {
		secret = known
	}
	return secret, err
}

// phoneID is what is kept of a phone's secret. It is another for each link.
func (p *Planner) phoneID(d *models.Door, secret string) string {
	return p.Keys.Vault().Hash(d.Purpose()+" "+d.ID, secret)
}

// AtDoor is the phone that shows a secret behind a door's link. ErrNotFound: there
// is no such link; CodeNotSignedIn: it lets no such phone in.
func (p *Planner) AtDoor(ctx context.Context, link, secret string) (*Doorway, error) {
	e, d, err := p.ByDoorLink(ctx, link)
	if err != nil {
		return nil, err
	}
	phone := d.Phone(p.phoneID(&d, secret))
	if phone == nil {
		return nil, models.Fault(models.CodeNotSignedIn)
	}
	return &Doorway{Event: e, Phone: *phone, door: d}, nil
}

// DoorCounts is what has been ticked off at an event, and the version of the list of
// names that it goes with. CodePast when reading is over.
func (p *Planner) DoorCounts(ctx context.Context, at *Doorway) (counts models.DoorCounts, version string, err error) {
	all, err := p.behind(ctx, at)
	if err != nil {
		return counts, "", err
	}
	if at.Phone.News(p.Now()) {
		err = p.seen(ctx, at, func(*models.Phone) {})
	}
	return all.counts, all.version, err
}

// DoorNames is the list for a phone, in order of sign-up, and its version. That the
// phone looked is durable before it gets it. CodePast when reading is over.
func (p *Planner) DoorNames(ctx context.Context, at *Doorway) (rows []models.DoorRow, counts models.DoorCounts, version string, err error) {
	all, err := p.behind(ctx, at)
	if err != nil {
		return nil, counts, "", err
	}
	keeper, err := p.keeper(ctx, &at.door)
	if err != nil {
		return nil, counts, "", err
	}
	var names []string
	for _, entry := range all.entries {
		rsvp := all.rsvps[entry.RSVP.String()]
		row := models.DoorRow{RSVP: entry.RSVP.String(), Party: entry.Party, Expected: entry.State.Seated()}
		name := ""
		if keeper.MayReadName(at.Event, &rsvp) {
			person, err := p.unseal(ctx, &rsvp)
			if err != nil && models.CodeOf(err) != models.CodeGone {
				return nil, counts, "", err
			}
			name, row.Needs = person.Name, person.Needs()
		}
		rows, names = append(rows, row), append(names, name)
	}
	for i, name := range models.DoorNames(names) {
		rows[i].Name = name
	}
	now := models.Milli(p.Now())
	if at.Phone.Looks(len(rows), now) {
		err = p.Store.Reads.Create(ctx, models.Read{
			Document: models.Document{ID: newID()}, At: now, Organiser: models.DoorReader, Phone: at.Phone.Number,
			Event: at.Event.ID, How: models.DoorReader, Count: len(rows),
		})
		if err == nil {
			err = p.seen(ctx, at, func(phone *models.Phone) { phone.Looked, phone.Names = now, len(rows) })
		}
	}
	return rows, all.counts, all.version, err
}

// keeper is the organiser whose eyes the phones have: nobody's when her account is
// gone or her access has ended.
func (p *Planner) keeper(ctx context.Context, d *models.Door) (*models.Organiser, error) {
	if c := Command(); d.By == c.ID {
		return c, nil
	}
	o, err := p.Store.Organisers.Get(ctx, d.By)
	if errors.Is(err, models.ErrNotFound) || err == nil && o.Lapsed(p.Now()) {
		return nil, nil
	}
	return &o, err
}

// seen writes down that a phone was here, unless it was closed meanwhile.
func (p *Planner) seen(ctx context.Context, at *Doorway, change func(*models.Phone)) error {
	now := models.Milli(p.Now())
	return p.changeDoor(ctx, at.door.ID, func(d *models.Door) {
		if phone := d.Phone(at.Phone.ID); phone != nil {
			phone.Seen = now
			change(phone)
		}
	})
}

// behindDoor is what there is to know of who comes.
type behindDoor struct {
	entries []models.Entry // of those whom a phone shows
	rsvps   map[string]models.RSVP
	counts  models.DoorCounts
	version string
}

// behind reads what a phone may see. Whoever is not coming is not shown, unless
// somebody of hers is here.
func (p *Planner) behind(ctx context.Context, at *Doorway) (all behindDoor, err error) {
	if !p.Now().Before(at.Event.Ends.Add(models.DoorReads)) {
		return all, models.Fault(models.CodePast)
	}
	r, err := p.Store.Rosters.Get(ctx, at.Event.ID)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return all, err
	}
	r.Settle(p.Now())
	all.rsvps, all.counts.Here = map[string]models.RSVP{}, map[string]int{}
	for rsvp, err := range p.Store.RSVPs.List(ctx, models.Query{Index: "event", Equal: []any{at.Event.ID}}) {
		if err != nil {
			return all, err
		}
		all.rsvps[rsvp.ID] = rsvp
	}
	sum := sha256.New()
	for _, entry := range r.Entries {
		rsvp := all.rsvps[entry.RSVP.String()]
		if rsvp.Present > 0 {
			all.counts.Here[rsvp.ID] = rsvp.Present
		} else if !entry.State.Coming() {
			continue
		}
		all.entries = append(all.entries, entry)
		fmt.Fprintln(sum, rsvp.ID, entry.Party, entry.State.Seated(), hex.EncodeToString(rsvp.Sealed))
	}
	fmt.Fprintln(sum, at.Event.Sequence, at.Event.Capacity, at.Event.Title, at.Event.Ends)
	all.version = hex.EncodeToString(sum.Sum(nil)[:8])
	for w, err := range p.Store.WalkIns.List(ctx, models.Query{Index: "event", Equal: []any{at.Event.ID}}) {
		if err != nil {
			return all, err
		}
		all.counts.WalkIns += w.Count
	}
	return all, nil
}

// TakePresses does what was tapped, each press once however often it is sent, and
// says what was wrong with those that it did not take. It goes on when reading is
// over: what was ticked off without coverage comes the next morning.
func (p *Planner) TakePresses(ctx context.Context, at *Doorway, presses []models.Press) (refused map[string]error, err error) {
	r, err := p.Store.Rosters.Get(ctx, at.Event.ID)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return nil, err
	}
	refused = map[string]error{}
	now := p.Now()
	for _, press := range presses {
		err := press.Validate()
		if err == nil {
			err = p.press(ctx, at, &r, press.Within(at.Phone.Opened, now))
		}
		switch code := models.CodeOf(err); code {
		case "":
		case models.CodeInvalid, models.CodeNotFound, models.CodeExists:
			refused[press.ID] = err
		default:
			return refused, err
		}
	}
	return refused, nil
}

// press does one: of somebody on the roster, or of walk-ins.
func (p *Planner) press(ctx context.Context, at *Doorway, r *models.Roster, press models.Press) error {
	if press.RSVP != "" {
		id, err := models.ParseID(press.RSVP)
		if err != nil {
			return models.ErrNotFound
		}
		if _, ok := r.Entry(id); !ok {
			return models.ErrNotFound
		}
		_, err = p.Store.RSVPs.Update(ctx, press.RSVP, func(r *models.RSVP) error { r.Press(press); return nil })
		return err
	}
	came := models.WalkIn{Document: models.Document{ID: press.WalkIn}, Event: at.Event.ID, By: models.DoorReader}
	came.Press(press)
	err := p.Store.WalkIns.Create(ctx, came)
	if !errors.Is(err, models.ErrExists) {
		return err
	}
	_, err = p.Store.WalkIns.Update(ctx, press.WalkIn, func(w *models.WalkIn) error {
		if w.Event != at.Event.ID {
			return models.ErrExists // counted elsewhere: somebody's mistake
		}
		w.Press(press)
		return nil
	})
	return err
}

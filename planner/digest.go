package planner

import (
	"context"
	"errors"
	"slices"
	"time"

	"samling/models"
)

// Digest mails organisers how their events stand: in the morning when there is
// something new, in the evening before one, and afterwards to ask how it went. What
// is due is seen from what was done, so that a process which starts late sends that
// day's, and no more; several together send one.
func (p *Planner) Digest(ctx context.Context) error {
	now := models.Milli(p.Now())
	kept := map[string]models.Digest{}
	for d, err := range p.Store.Digests.List(ctx, models.Query{}) {
		if err != nil {
			return err
		}
		kept[d.ID] = d
	}
	day := deskDay{p: p, now: now, today: now.In(models.Zone(p.Zone)), stands: map[string]models.Standing{}}
	for o, err := range p.Store.Organisers.List(ctx, models.Query{}) {
		if err != nil {
			return err
		}
		d := kept[o.ID]
		if delete(kept, o.ID); o.Lapsed(now) {
			continue
		}
		if err := p.digest(ctx, &o, d, &day); err != nil {
			return err
		}
	}
	for _, d := range kept { // of those who are organisers no more
		if err := p.Store.Digests.Delete(ctx, d.ID, d.Revision); err != nil && !errors.Is(err, models.ErrNotFound) && !errors.Is(err, models.ErrChangedMeanwhile) {
			return err
		}
	}
	return nil
}

// digest does what is due for one organiser.
func (p *Planner) digest(ctx context.Context, o *models.Organiser, d models.Digest, day *deskDay) error {
	for _, kind := range models.DeskRounds() {
		if r := d.Round(kind); len(r.Says) > 0 { // a crash came before its mail
			if err := p.postRound(ctx, o, r); err != nil {
				return err
			}
		}
		// Whoever was added since is told from tomorrow on.
		if begins := day.at(models.RoundHour(kind)); day.now.Before(begins) || o.Created.After(begins) || d.Begun(kind, day.date()) {
			continue
		}
		stands, err := day.of(ctx, kind, o)
		if err != nil {
			return err
		}
		d, err = p.changeDigest(ctx, o.ID, func(d *models.Digest) { d.Begin(kind, day.date(), stands) })
		if err != nil {
			return err
		}
		if r := d.Round(kind); len(r.Says) > 0 {
			if err := p.postRound(ctx, o, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// changeDigest changes what is kept of an organiser's digests, or begins it.
func (p *Planner) changeDigest(ctx context.Context, organiser string, change func(*models.Digest)) (models.Digest, error) {
	update := func(d *models.Digest) error { change(d); return nil }
	d, err := p.Store.Digests.Update(ctx, organiser, update)
	if !errors.Is(err, models.ErrNotFound) {
		return d, err
	}
	d = models.Digest{Document: models.Document{ID: organiser}}
	change(&d)
	if err = p.Store.Digests.Create(ctx, d); errors.Is(err, models.ErrExists) {
		return p.Store.Digests.Update(ctx, organiser, update)
	}
	return d, err
}

// roundLasts is how long it is worth while to send the mail of a round: then the
// next one says it better.
const roundLasts = 24 * time.Hour

// postRound puts the mail of a round into the outbox.
func (p *Planner) postRound(ctx context.Context, o *models.Organiser, r models.Round) error {
	now := models.Milli(p.Now())
	until := now.Add(roundLasts)
	if r.Kind == models.MailEve {
		until = r.Says[len(r.Says)-1].Starts
	}
	m := models.Mail{
		Document: models.Document{ID: derivedID("round", string(r.Kind), o.ID, r.Day)}, Kind: r.Kind, Organiser: o.ID, Standings: r.Says,
		Is: models.Facts{TimeZone: p.Zone}, Born: now, Until: until, Status: models.MailQueued, Due: now,
	}
	return p.post(ctx, []models.Mail{m}, p.Store.Digests.Updating(o.ID, func(d *models.Digest) error { d.Posted(r.Kind, r.Day); return nil }))
}

// deskDay is a day on which organisers are told of their events. It counts each
// event once, for however many organisers.
type deskDay struct {
	p      *Planner
	now    time.Time
	today  time.Time // the same, in the installation's zone
	stands map[string]models.Standing
}

func (d *deskDay) date() string { return d.today.Format(time.DateOnly) }

// at is an hour of the day by the clock on the wall.
func (d *deskDay) at(hour int) time.Time {
	y, m, day := d.today.Date()
	return time.Date(y, m, day, hour, 0, 0, 0, d.today.Location())
}

// of is how the events stand that an organiser is told of in a round, the earliest
// first.
func (d *deskDay) of(ctx context.Context, kind models.MailKind, o *models.Organiser) (stands []models.Standing, err error) {
	tells := map[models.MailKind]func(*models.Event) bool{
		models.MailDigest: d.counts, models.MailEve: func(e *models.Event) bool { return d.counts(e) && d.days(e.Starts) == 1 },
		models.MailClose: d.asks,
	}[kind]
	asked := false // on one of the days on which it is
	for _, l := range d.p.Catalogue().Events {
		if !o.WorksOn(l.Event) || !tells(l.Event) {
			continue
		}
		asked = asked || slices.Contains(models.ClosingDays(), -d.days(lastDay(l.Event)))
		s, err := d.standing(ctx, l.Event)
		if err != nil {
			return nil, err
		}
		stands = append(stands, s)
	}
	if kind == models.MailClose && !asked {
		return nil, nil
	}
	return stands, nil
}

// counts reports whether people sign up for an event that is still to come.
func (d *deskDay) counts(e *models.Event) bool {
	return (e.Status == models.Published || e.Status == models.Postponed) && e.SignUp.Needed && e.Ends.After(d.now)
}

// asks reports whether it is to be asked how an event went.
func (d *deskDay) asks(e *models.Event) bool {
	days := models.ClosingDays()
	return e.Unclosed(d.now) && -d.days(lastDay(e)) <= days[len(days)-1]
}

// lastDay is a moment of the last day of an event: a party that ends in the small
// hours was the evening before.
func lastDay(e *models.Event) time.Time { return e.Ends.Add(-5 * time.Hour) }

// days is how many days of the calendar a moment is ahead; negative when it has
// been.
func (d *deskDay) days(t time.Time) int {
	midnight := func(t time.Time) time.Time {
		y, m, day := t.In(d.today.Location()).Date()
		return time.Date(y, m, day, 0, 0, 0, 0, time.UTC)
	}
	return int(midnight(t).Sub(midnight(d.today)) / (24 * time.Hour))
}

// standing is how an event stands now.
func (d *deskDay) standing(ctx context.Context, e *models.Event) (models.Standing, error) {
	if s, ok := d.stands[e.ID]; ok {
		return s, nil
	}
	s := models.Standing{
		Event: e.ID, Titles: titles(e), Starts: e.Starts, Ends: e.Ends, DateOnly: e.DateOnly, TimeZone: e.TimeZone,
	}
	var err error
	if e.Ends.After(d.now) { // of what is over nobody counts anything any more
		s.Numbers, err = d.p.numbers(ctx, e.ID, d.now)
	}
	d.stands[e.ID] = s
	return s, err
}

// numbers are what a digest counts of an event.
func (p *Planner) numbers(ctx context.Context, event string, now time.Time) (n models.Numbers, err error) {
	r, err := p.Store.Rosters.Get(ctx, event)
	if errors.Is(err, models.ErrNotFound) {
		return n, nil
	}
	if err != nil {
		return n, err
	}
	r.Settle(now)
	c := r.Counts()
	n = models.Numbers{Going: c.Going, Waiting: c.Waiting, SignedUp: c.Seated() + c.Waiting + c.Left, Left: c.Left}
	for rsvp, err := range p.Store.RSVPs.List(ctx, models.Query{Index: "event", Equal: []any{event}}) {
		if err != nil {
			return n, err
		}
		id, err := models.ParseID(rsvp.ID)
		if err != nil {
			return n, err
		}
		if entry, ok := r.Entry(id); !ok || !entry.State.Coming() {
			continue
		}
		if !rsvp.Returned.IsZero() {
			n.Returned++
		}
		person, err := p.unseal(ctx, &rsvp)
		if err != nil && models.CodeOf(err) != models.CodeGone {
			return n, err
		}
		if person.Needs() && !rsvp.Seen() {
			n.Needs++
		}
	}
	return n, nil
}

// DigestOf is what an organiser is mailed of her events.
func (p *Planner) DigestOf(ctx context.Context, organiser string) (models.Digest, error) {
	d, err := p.Store.Digests.Get(ctx, organiser)
	if errors.Is(err, models.ErrNotFound) {
		return models.Digest{Document: models.Document{ID: organiser}}, nil
	}
	return d, err
}

// ChooseDigest lets an organiser be mailed those of the rounds that she wants, and
// no others.
func (p *Planner) ChooseDigest(ctx context.Context, by *models.Organiser, wants []models.MailKind) error {
	off := slices.DeleteFunc(models.DeskRounds(), func(k models.MailKind) bool { return slices.Contains(wants, k) })
	_, err := p.changeDigest(ctx, by.ID, func(d *models.Digest) { d.Off = off })
	return err
}

// DigestOff ends the mails of one kind to an organiser, by the token in one of them.
// ErrNotFound: it was not made here. Doing it again changes nothing.
func (p *Planner) DigestOff(ctx context.Context, kind models.MailKind, token string) error {
	id, err := p.ByDigestToken(kind, token)
	if err != nil {
		return err
	}
	if _, err := p.Store.Organisers.Get(ctx, id); err != nil {
		return err
	}
	_, err = p.changeDigest(ctx, id, func(d *models.Digest) {
		if d.Wants(kind) {
			d.Off = append(slices.Clone(d.Off), kind)
		}
	})
	return err
}

// ByDigestToken is the id of the organiser whom a mail of a kind went to that
// carries a token; ErrNotFound.
func (p *Planner) ByDigestToken(kind models.MailKind, token string) (string, error) {
	if kind.Round() {
		if id, ok := p.Keys.Vault().Check(models.OffPurpose(kind), token); ok {
			return id, nil
		}
	}
	return "", models.ErrNotFound
}

package planner

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"samling/models"
)

// Organisers are all who may sign in, in the order of their addresses, those whose
// access has lapsed included. For coordinators alone.
func (p *Planner) Organisers(ctx context.Context, by *models.Organiser) ([]models.Organiser, error) {
	if !by.MayOversee() {
		return nil, models.ErrNotFound
	}
	var out []models.Organiser
	for o, err := range p.Store.Organisers.List(ctx, models.Query{Index: "email"}) {
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

// Organiser is one of them. For coordinators alone.
func (p *Planner) Organiser(ctx context.Context, by *models.Organiser, id string) (models.Organiser, error) {
	if !by.MayOversee() {
		return models.Organiser{}, models.ErrNotFound
	}
	return p.Store.Organisers.Get(ctx, id)
}

// InviteOrganiser adds somebody and mails her a link that signs her in. An address
// that is an organiser's already is a fault of the field, and so nobody gets
// another role by being invited again.
func (p *Planner) InviteOrganiser(ctx context.Context, by *models.Organiser, o models.Organiser) (models.Organiser, error) {
	if !by.MayOversee() {
		return o, models.ErrNotFound
	}
	known, err := p.OrganiserByEmail(ctx, o.Email)
	if err == nil {
		var f models.Faults
		f.Add("email", "is-organiser")
		return known, f.Err()
	}
	if !errors.Is(err, models.ErrNotFound) {
		return o, err
	}
	o.Email = models.NormaliseEmail(o.Email)
	if err := cmp.Or(o.Validate(), p.checkHosts(o.For)); err != nil {
		return o, err
	}
	if err := p.noted(ctx, by, models.DeedAddOrganiser, o.Email, models.Differences(models.Organiser{}, o)); err != nil {
		return o, err
	}
	if o, err = p.AddOrganiser(ctx, o); err != nil {
		return o, err
	}
	p.Log.Info("organiser added", "organiser", o.ID, "role", o.Role, "by", by.ID)
	return o, p.invite(ctx, o)
}

// InviteAgain mails an organiser another link that signs her in. seen is the Invited
// that by has seen: a press that comes twice mails one, since the first one's link is
// newer than that, and stands.
func (p *Planner) InviteAgain(ctx context.Context, by *models.Organiser, seen time.Time, id string) error {
	o, err := p.Organiser(ctx, by, id)
	if err != nil {
		return err
	}
	if o.Lapsed(p.Now()) {
		return models.Fault(models.CodeNotPossible)
	}
	if o.Invited.After(seen) && p.Now().Before(o.Invited.Add(models.InvitationLasts)) {
		return nil
	}
	return p.invite(ctx, o)
}

// invite mails a link whose id follows from the invitation before it, so that two
// presses at the same moment make one.
func (p *Planner) invite(ctx context.Context, o models.Organiser) error {
	id := derivedID("invitation", o.ID, o.Invited.String())
	if err := p.createSignIn(ctx, id, o.ID, models.InvitationLasts); err != nil && !errors.Is(err, models.ErrExists) {
		return err
	}
	now := models.Milli(p.Now())
	m := p.deskMail(&o, models.MailInvited, now, id)
	m.SignIn, m.Until = id, now.Add(models.InvitationLasts)
	return p.post(ctx, []models.Mail{m}, p.Store.Organisers.Updating(o.ID, func(o *models.Organiser) error {
		o.Invited = now
		return nil
	}))
}

// deskMail is a mail to an organiser about her own work. What it is about tells it
// from others of its kind.
func (p *Planner) deskMail(o *models.Organiser, kind models.MailKind, now time.Time, about ...string) models.Mail {
	return models.Mail{
		Document: models.Document{ID: derivedID(append([]string{string(kind), o.ID}, about...)...)},
		Kind:     kind, Organiser: o.ID, Born: now, Is: models.Facts{TimeZone: p.Zone},
		About:  models.About{Hosts: p.Catalogue().HostNames(o.For, o.Language)},
		Status: models.MailQueued, Due: now,
	}
}

// ChangeOrganiser gives somebody another name, language, role or other associations
// and groups. Her address is who she is, and stays. seen is the Updated of what by
// has seen: ErrChangedMeanwhile, with what is there now, when it is another.
func (p *Planner) ChangeOrganiser(ctx context.Context, by *models.Organiser, seen time.Time, to models.Organiser) (models.Organiser, error) {
	if !by.MayOversee() {
		return to, models.ErrNotFound
	}
	if err := p.checkHosts(to.For); err != nil {
		return to, err
	}
	var was models.Organiser
	now := models.Milli(p.Now())
	change := func(o *models.Organiser) error {
		was = *o
		if !seen.Equal(o.Updated) {
			return models.ErrChangedMeanwhile
		}
		next := *o
		next.Name, next.Language, next.Role, next.For = strings.TrimSpace(to.Name), to.Language, to.Role, to.For
		if err := next.Validate(); err != nil {
			return err
		}
		if o.ID == by.ID && next.Role != o.Role {
			return onlyOthers("role")
		}
		next.Updated = now
		*o = next
		return nil
	}
	o, err := p.Store.Organisers.Get(ctx, to.ID)
	if err == nil {
		err = change(&o)
	}
	if err != nil {
		return was, err
	}
	if err := p.noted(ctx, by, models.DeedChangeOrganiser, o.Email, models.Differences(was, o), p.Store.Organisers.Updating(to.ID, change)); err != nil {
		return was, err
	}
	p.Log.Info("organiser changed", "organiser", o.ID, "role", o.Role, "by", by.ID)
	if was.Role == models.RoleCoordinator && o.Role != was.Role {
		return o, p.keepCoordinator(ctx, func() error {
			_, err := p.Store.Organisers.Update(ctx, o.ID, func(o *models.Organiser) error { o.Role = was.Role; return nil })
			return err
		})
	}
	return o, nil
}

func onlyOthers(field string) error {
	var f models.Faults
	f.Add(field, "is-yourself")
	return f.Err()
}

// RemoveOrganiser takes somebody's account away, and with it at once whatever she
// is signed in with. What she did stays, and the log says her address. Nobody
// removes herself: who is left can undo it. Who is removed already stays so.
func (p *Planner) RemoveOrganiser(ctx context.Context, by *models.Organiser, id string) error {
	o, err := p.Organiser(ctx, by, id)
	if errors.Is(err, models.ErrNotFound) && by.MayOversee() {
		if _, err := p.Store.Formers.Get(ctx, id); err != nil {
			return err
		}
		return p.endAccess(ctx, id) // the first press may have been cut off before it
	}
	if err != nil {
		return err
	}
	if id == by.ID {
		return onlyOthers("organiser")
	}
	former := models.Former{Document: models.Document{ID: o.ID}, Email: o.Email, Removed: models.Milli(p.Now())}
	if err := p.Store.Formers.Create(ctx, former); err != nil && !errors.Is(err, models.ErrExists) {
		return err
	}
	if err := p.noted(ctx, by, models.DeedRemoveOrganiser, o.Email, nil); err != nil {
		return err
	}
	if err := drop(ctx, p.Store.Organisers, id); err != nil { // she may be signing in
		return err
	}
	if err := p.endAccess(ctx, id); err != nil {
		return err
	}
	p.Log.Info("organiser removed", "organiser", o.ID, "by", by.ID)
	if o.Role == models.RoleCoordinator {
		return p.keepCoordinator(ctx, func() error { return p.Store.Organisers.Create(ctx, o) })
	}
	return nil
}

// keepCoordinator takes back what left the city without any coordinator: two who
// remove each other at the same moment.
func (p *Planner) keepCoordinator(ctx context.Context, back func() error) error {
	for o, err := range p.Store.Organisers.List(ctx, models.Query{}) {
		if err != nil {
			return err
		}
		if o.Role == models.RoleCoordinator && !o.Lapsed(p.Now()) {
			return nil
		}
	}
	return cmp.Or[error](back(), models.Fault(models.CodeNotPossible))
}

// RenewOrganiser lets somebody's access last for another term, or begin again.
func (p *Planner) RenewOrganiser(ctx context.Context, by *models.Organiser, id string) error {
	o, err := p.Organiser(ctx, by, id)
	if err != nil {
		return err
	}
	now := p.Now()
	renew := p.Store.Organisers.Updating(id, func(o *models.Organiser) error { o.Renew(now); return nil })
	return p.noted(ctx, by, models.DeedRenewOrganiser, o.Email, nil, renew)
}

// RenewAll renews the access of all who work for an association or a group, and
// says how many they were. Whose access has lapsed already is left aside: somebody
// has to mean her.
func (p *Planner) RenewAll(ctx context.Context, by *models.Organiser, host string) (n int, err error) {
	all, err := p.Organisers(ctx, by)
	if err != nil {
		return 0, err
	}
	if !p.Catalogue().IsHost(host) {
		return 0, models.ErrNotFound
	}
	for _, o := range all {
		if !slices.Contains(o.For, host) || o.Lapsed(p.Now()) {
			continue
		}
		if err := p.RenewOrganiser(ctx, by, o.ID); err != nil && !errors.Is(err, models.ErrNotFound) {
			return n, err
		}
		n++
	}
	return n, nil
}

// checkHosts returns the associations and groups that there are not.
func (p *Planner) checkHosts(slugs []string) error {
	var f models.Faults
	for _, slug := range slugs {
		if !p.Catalogue().IsHost(slug) {
			f.Add("association", "unknown-host", "Value", slug)
		}
	}
	return f.Err()
}

// WarnOfLapse tells those whose access ends soon, and the coordinators how many
// they are: each of them in one mail a day. Accounts of which no term is known
// begin one.
func (p *Planner) WarnOfLapse(ctx context.Context) error {
	now := models.Milli(p.Now())
	all, err := p.Organisers(ctx, Command())
	if err != nil {
		return err
	}
	var mails []models.Mail
	var ops []models.Op
	lapsing := 0
	for _, o := range all {
		switch {
		case o.Renewed.IsZero():
			ops = append(ops, p.Store.Organisers.Updating(o.ID, func(o *models.Organiser) error {
				if o.Renewed.IsZero() {
					o.Renew(now)
				}
				return nil
			}))
			continue
		case o.Lapsing(now):
			lapsing++
		}
		if !o.Unwarned(now) {
			continue
		}
		o.Warn(now)
		m := p.deskMail(&o, models.MailLapsing, now, o.Renewed.String(), string(rune('0'+o.Warned)))
		m.Until = o.Lapses()
		mails = append(mails, m)
		ops = append(ops, p.Store.Organisers.Updating(o.ID, func(o *models.Organiser) error { o.Warn(now); return nil }))
	}
	if len(mails) > 0 {
		day := now.In(models.Zone(p.Zone)).Format(time.DateOnly)
		for _, o := range all {
			if o.Role == models.RoleCoordinator && !o.Lapsed(now) {
				m := p.deskMail(&o, models.MailLapses, now, day)
				m.Asked, m.About.Hosts = lapsing, nil
				mails = append(mails, m)
			}
		}
	}
	if len(ops) == 0 {
		return nil
	}
	return p.post(ctx, mails, ops...)
}

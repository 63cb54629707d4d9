package planner

import (
	"context"
	"errors"
	"slices"
	"time"

	"samling/models"
)

// AwaitsApproval reports whether by may publish an event only when a coordinator has
// said yes. Whatever publishes asks here, after mayPublish.
func (p *Planner) AwaitsApproval(by *models.Organiser, e *models.Event) bool {
	return e.Status == models.Draft && p.wantsApproval(by, e)
}

func (p *Planner) wantsApproval(by *models.Organiser, e *models.Event) bool {
	return !e.Approval.Given && !by.MayOversee() && p.Catalogue().Approves(e.Host)
}

// evades reports whether by gives an event that is out, or will be without anybody
// looking, to a host of whose events nothing goes out before a coordinator has looked.
func (p *Planner) evades(by *models.Organiser, e *models.Event) bool {
	out := e.Status != models.Draft || !e.PublishAt.IsZero() && !e.Approval.Waits()
	return out && p.wantsApproval(by, e)
}

// Approvals are the drafts that wait for a coordinator, those that have waited
// longest first. For coordinators alone: what others may not see is not found.
func (p *Planner) Approvals(by *models.Organiser) ([]*Listed, error) {
	if !by.MayOversee() {
		return nil, models.ErrNotFound
	}
	return p.Catalogue().waiting(), nil
}

func (c *Catalogue) waiting() []*Listed {
	var out []*Listed
	for _, l := range c.Events {
		if l.Status == models.Draft && l.Approval.Waits() {
			out = append(out, l)
		}
	}
	slices.SortStableFunc(out, func(a, b *Listed) int { return a.Approval.Asked.Compare(b.Approval.Asked) })
	return out
}

// SentBack are the drafts of somebody's associations that were sent back.
func (c *Catalogue) SentBack(by *models.Organiser) []*Listed {
	var out []*Listed
	for _, l := range c.Events {
		if l.Status == models.Draft && l.Approval.SentBack() && overlaps(l.Hosts(), by.For) {
			out = append(out, l)
		}
	}
	return out
}

// Waiting are the events of which a mail says that they wait for a coordinator.
func (p *Planner) Waiting() []models.Event {
	var out []models.Event
	for _, l := range p.Catalogue().waiting() {
		out = append(out, *l.Event)
	}
	return out
}

// Approve lets an event be published, at once or at the time that was chosen for it.
// seen is as for ChangeEvent. What was approved already is left as it is;
// CodeNotPossible for what does not wait.
func (p *Planner) Approve(ctx context.Context, by *models.Organiser, id string, seen time.Time) (models.Event, error) {
	now := p.stamp()
	return p.answerApproval(ctx, by, id, seen, func(e *models.Event) error {
		switch {
		case e.Approval.Given:
			return nil
		case !e.Approval.Waits() || e.Status != models.Draft:
			return models.Fault(models.CodeNotPossible)
		}
		if e.Approve(now); !e.PublishAt.After(now) {
			e.Status = models.Published
		}
		return nil
	})
}

// SendBack answers what waits for a coordinator with what is to be changed first.
// CodeInvalid: she has not said what. CodeNotPossible: it does not wait.
func (p *Planner) SendBack(ctx context.Context, by *models.Organiser, id string, seen time.Time, words string) (models.Event, error) {
	var f models.Faults
	models.CheckText(&f, "words", words, true, models.MaxNote)
	if err := f.Err(); err != nil {
		return models.Event{}, err
	}
	now := p.stamp()
	return p.answerApproval(ctx, by, id, seen, func(e *models.Event) error { return e.SendBack(words, now) })
}

func (p *Planner) answerApproval(ctx context.Context, by *models.Organiser, id string, seen time.Time, answer func(*models.Event) error) (models.Event, error) {
	return p.ChangeEvent(ctx, by, id, seen, func(e *models.Event) error {
		if !by.MayOversee() {
			return models.Fault(models.CodeNotAllowed)
		}
		return answer(e)
	})
}

// approvalsRest is how long coordinators are left in peace after a mail about what
// waits for them.
const approvalsRest = time.Hour

// approvalMails are those to the coordinators among organisers.
func (p *Planner) approvalMails(ctx context.Context, organisers []models.Organiser, now time.Time) (mails []models.Mail, err error) {
	for i := range organisers {
		o := &organisers[i]
		if !o.MayOversee() || o.Lapsed(now) {
			continue
		}
		m, ok, err := p.approvalMail(ctx, o, now)
		if err != nil {
			return nil, err
		}
		if ok {
			mails = append(mails, m)
		}
	}
	return mails, nil
}

// approvalMail is the mail by which a coordinator is told, at most once in each
// approvalsRest, what waits: it lists all that does when it is sent. ok false: one
// that has not been sent yet will say so. There is one id for each hour, and a mail is
// always due in that of its id.
func (p *Planner) approvalMail(ctx context.Context, o *models.Organiser, now time.Time) (m models.Mail, ok bool, err error) {
	due := models.Milli(now)
	hour := due.Truncate(approvalsRest)
	for at := hour.Add(-approvalsRest); ; at = at.Add(approvalsRest) {
		id := derivedID("approvals", o.ID, at.String())
		kept, err := p.Store.Mails.Get(ctx, id)
		switch {
		case errors.Is(err, models.ErrNotFound) && at.Before(hour):
		case errors.Is(err, models.ErrNotFound):
			return models.Mail{
				Document: models.Document{ID: id}, Kind: models.MailApprovalWaits, Organiser: o.ID,
				Born: due, Status: models.MailQueued, Due: due,
			}, true, nil
		case err != nil, kept.Status == models.MailQueued:
			return m, false, err
		default:
			if free := kept.Born.Add(approvalsRest); free.After(due) {
				due = free
			}
		}
	}
}

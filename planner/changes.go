package planner

import (
	"context"
	"errors"

	"samling/models"
)

// Changed is one line of the log of changes.
type Changed = Logged[models.Change]

// History are the changes of an event, newest first, for whoever may change it; at
// most that many, those after a place in that order. older is the place of the last
// when there are more.
func (p *Planner) History(ctx context.Context, by *models.Organiser, event string, after models.Cursor, most int) (changes []Changed, older models.Cursor, err error) {
	e, err := p.Editable(ctx, by, event)
	if err != nil {
		return nil, older, err
	}
	return p.changes(ctx, LogFilter{Event: e.ID}, after, most)
}

// Changes are the changes that a filter chooses, as Reads are the looks. For
// coordinators alone: what others may not see is not found.
func (p *Planner) Changes(ctx context.Context, by *models.Organiser, f LogFilter, after models.Cursor, most int) (changes []Changed, older models.Cursor, err error) {
	if !by.MayOversee() {
		return nil, older, models.ErrNotFound
	}
	return p.changes(ctx, f, after, most)
}

// AllChanges are the changes that a filter chooses, to be taken home as a file.
func (p *Planner) AllChanges(ctx context.Context, by *models.Organiser, f LogFilter) ([]Changed, error) {
	changes, _, err := p.Changes(ctx, by, f, models.Cursor{}, mostLines)
	return changes, err
}

func (p *Planner) changes(ctx context.Context, f LogFilter, after models.Cursor, most int) ([]Changed, models.Cursor, error) {
	whose := func(c *models.Change) (string, string) { return c.Organiser, c.Event }
	return firstOf(logged(ctx, p, p.Store.Changes, whose, f, after), models.ChangeSpec(), most)
}

// Noting is the write that puts a deed into the log of changes: who did it, and when,
// is filled in. It is for what is changed beside events, which note their own: put it
// before the write that does the deed, in one Write. Then nothing is done without its
// line; a crash between the two leaves a line of what was only begun, and doing it
// again leaves a second one.
func (p *Planner) Noting(by *models.Organiser, c models.Change) models.Op {
	c.ID, c.At, c.Organiser = newID(), models.Milli(p.Now()), by.ID
	return p.Store.Changes.Creating(c)
}

// noted does what somebody has decided beside events, behind the line that says so.
func (p *Planner) noted(ctx context.Context, by *models.Organiser, deed models.Deed, about string, fields []models.Difference, ops ...models.Op) error {
	return p.Store.Write(ctx, append([]models.Op{p.Noting(by, models.Change{Deed: deed, About: about, Fields: fields})}, ops...)...)
}

// note puts changes of an event into the log and then does what follows from it: one
// commit where the store can. A line that is there already is the same one, or what
// its writer had changed before within the hour.
func (p *Planner) note(ctx context.Context, noted []models.Change, then models.Op) error {
	var ops []models.Op
	for i := range noted {
		noted[i].ID = noted[i].Line()
		ops = append(ops, p.Store.Changes.Creating(noted[i]))
	}
	err := p.Store.Write(ctx, append(ops, then)...)
	if !errors.Is(err, models.ErrExists) {
		return err
	}
	ops = nil
	for _, c := range noted {
		err := p.Store.Changes.Create(ctx, c)
		if err != nil && !errors.Is(err, models.ErrExists) {
			return err
		}
		ops = append(ops, p.Store.Changes.Updating(c.ID, func(kept *models.Change) error { *kept = kept.Joined(c); return nil }))
	}
	return p.Store.Write(ctx, append(ops, then)...)
}

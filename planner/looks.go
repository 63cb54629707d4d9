package planner

import (
	"context"

	"samling/models"
)

// Look is one look at an attendance list; its Event is nil, too, when it was the log
// itself that was taken home.
type Look = Logged[models.Read]

// Reads are the looks at attendance lists that a filter chooses, newest first, at
// most that many, those after a place in that order. older is the place of the
// last when there are more. For coordinators alone: what others may not see is not
// found.
func (p *Planner) Reads(ctx context.Context, by *models.Organiser, f LogFilter, after models.Cursor, most int) (looks []Look, older models.Cursor, err error) {
	if !by.MayOversee() {
		return nil, older, models.ErrNotFound
	}
	whose := func(r *models.Read) (string, string) { return r.Organiser, r.Event }
	return firstOf(logged(ctx, p, p.Store.Reads, whose, f, after), models.ReadSpec(), most)
}

// TakeReads are the looks that a filter chooses, to be taken home as a file. That
// they were is durable before she gets them, as a look at what they tell.
func (p *Planner) TakeReads(ctx context.Context, by *models.Organiser, f LogFilter) ([]Look, error) {
	looks, _, err := p.Reads(ctx, by, f, models.Cursor{}, mostLines)
	if err != nil {
		return nil, err
	}
	return looks, p.Store.Reads.Create(ctx, models.Read{
		Document: models.Document{ID: newID()}, At: models.Milli(p.Now()), Organiser: by.ID, How: models.LogTaken, Count: len(looks),
	})
}

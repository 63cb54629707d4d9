package planner

import (
	"context"
	"errors"
	"slices"
	"strings"

	"samling/models"
)

// shortFor is the code of an event's short address, which it is given when the
// public can first see it: one for members must leave no trace among the codes of
// others. Nobody needs one of what is over.
func (p *Planner) shortFor(ctx context.Context, e *models.Event) (string, error) {
	if e.Short != "" || !e.Visible() || !e.Ends.After(p.Now()) {
		return e.Short, nil
	}
	for attempt := 0; ; attempt++ {
		code := models.ShortCode(e.ID, attempt)
		err := p.Store.ShortAddresses.Create(ctx, models.ShortAddress{Document: models.Document{ID: code}, Event: e.ID})
		if errors.Is(err, models.ErrExists) {
			var taken models.ShortAddress
			if taken, err = p.Store.ShortAddresses.Get(ctx, code); err == nil && taken.Event != e.ID {
				continue
			}
		}
		return code, err
	}
}

// ByShort finds an event by the code of its short address, however that was
// typed; ErrNotFound.
func (c *Catalogue) ByShort(code string) (*Listed, error) {
	code = strings.ToLower(code)
	i := slices.IndexFunc(c.Events, func(l *Listed) bool { return l.Short == code })
	if code == "" || i < 0 {
		return nil, models.ErrNotFound
	}
	return c.Events[i], nil
}

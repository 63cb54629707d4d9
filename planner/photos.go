package planner

import (
	"context"
	"crypto/rand"
	"errors"

	"samling/models"
)

// SetPhoto gives an event, named by id or slug, a photo in the place of the one that
// it has, or, where small is nil, says anew what is on that one. shows says how large
// it is and what is on it.
func (p *Planner) SetPhoto(ctx context.Context, by *models.Organiser, ref string, small, large []byte, shows models.Pictured) (models.Event, error) {
	e, err := p.Editable(ctx, by, ref)
	if err != nil {
		return e, err
	}
	was := e.Photo
	if small == nil {
		shows.Photo, shows.Width, shows.Height = was.Photo, was.Width, was.Height
	} else {
		shows.Photo = rand.Text()
	}
	if err := shows.Validate(); err != nil {
		return e, err
	}
	// The bytes first: an event never shows what is not there. Cut off between, they
	// are in nobody's way.
	if small != nil {
		photo := models.Photo{Document: models.Document{ID: shows.Photo}, At: models.Milli(p.Now()), Small: small, Large: large}
		if err := p.Store.Photos.Create(ctx, photo); err != nil {
			return e, err
		}
	}
	return p.pictured(ctx, by, e.ID, shows)
}

// RemovePhoto takes the photo of an event away. One that is gone already is no
// error.
func (p *Planner) RemovePhoto(ctx context.Context, by *models.Organiser, ref string) (models.Event, error) {
	e, err := p.Editable(ctx, by, ref)
	if err != nil {
		return e, err
	}
	return p.pictured(ctx, by, e.ID, models.Pictured{})
}

// pictured writes what an event says of its photo, and drops the one that it had
// unless another event, a copy of it, has that too, or a template that was kept of it.
func (p *Planner) pictured(ctx context.Context, by *models.Organiser, id string, shows models.Pictured) (models.Event, error) {
	var had string
	e, err := p.ChangeEvent(ctx, by, id, Anyway, func(e *models.Event) error {
		had, e.Photo = e.Photo.Photo, shows
		return nil
	})
	if err != nil || had == "" || had == shows.Photo {
		return e, err
	}
	for _, l := range p.Catalogue().Events {
		if l.Photo.Photo == had {
			return e, nil
		}
	}
	for s, err := range p.Store.Starters.List(ctx, models.Query{}) {
		if err != nil || s.Event.Photo.Photo == had {
			return e, err
		}
	}
	photo, err := p.Store.Photos.Get(ctx, had)
	if err == nil {
		err = p.Store.Photos.Delete(ctx, photo.ID, photo.Revision)
	}
	if errors.Is(err, models.ErrNotFound) {
		err = nil
	}
	return e, err
}

// Photo finds a photo; ErrNotFound.
func (p *Planner) Photo(ctx context.Context, id string) (models.Photo, error) {
	return p.Store.Photos.Get(ctx, id)
}

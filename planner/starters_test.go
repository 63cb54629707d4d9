package planner

import (
	"testing"

	"samling/models"
)

func TestStarters_KeepTheirPhoto(t *testing.T) {
	c := newCity(t)
	husie, videdal := c.works("husie@example.org", "husie"), c.works("videdal@example.org", "videdal")
	e := must(c.CreateEvent(c.ctx, husie, townHall()))
	e = must(c.SetPhoto(c.ctx, husie, e.ID, []byte("small"), []byte("large"), models.Pictured{Alt: "Grannar dukar långbord", Width: 1600, Height: 900}))
	s := must(c.KeepStarter(c.ctx, husie, e.ID, "Kvällsmöte", false))
	_, err := c.Starter(c.ctx, videdal, s.ID)
	wantCode(t, "another's template", err, models.CodeNotFound)
	must(c.RemovePhoto(c.ctx, husie, e.ID))
	s = must(c.Starter(c.ctx, husie, s.ID))
	if _, err := c.Photo(c.ctx, s.Event.Photo.Photo); err != nil || s.Event.Photo.Alt == "" {
		t.Errorf("the photo of the template: %+v, %v", s.Event.Photo, err)
	}
	must(0, c.RenameStarter(c.ctx, husie, s.ID, ""))
	again := must(c.SetPhoto(c.ctx, husie, e.ID, []byte("small"), []byte("large"), models.Pictured{Alt: "Grannar dukar långbord", Width: 1600, Height: 900}))
	must(c.RemovePhoto(c.ctx, husie, e.ID))
	_, err = c.Photo(c.ctx, again.Photo.Photo)
	wantCode(t, "a photo that nothing shows", err, models.CodeNotFound)
}

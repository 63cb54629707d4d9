package handlers

import (
	"cmp"
	"errors"
	"net/http"

	"github.com/gofiber/fiber/v2"

	"samling/handlers/photo"
	"samling/models"
)

// How many photos are kept in memory, how many bytes of them together, and how many
// may wait to be made: each takes a second and, for that, 200 MB.
const (
	photosKept     = 256
	photoBytesKept = 32 << 20
	photosWait     = 4
)

// shownPhoto is a photo on a page. The widths are those of its two files; Width and
// Height are the shape.
type shownPhoto struct {
	Small, Large, Alt         string
	SmallWidth, Width, Height int
}

// photoOf is the photo of an event; nil: it has none.
func photoOf(e *models.Event) *shownPhoto {
	shows := e.Photo
	if shows.Photo == "" {
		return nil
	}
	at := "/photos/" + shows.Photo
	small := shows.Width
	if side := max(shows.Width, shows.Height); side > photo.Small {
		small = max(1, shows.Width*photo.Small/side)
	}
	return &shownPhoto{at + "/small.jpg", at + "/large.jpg", shows.Alt, small, shows.Width, shows.Height}
}

// photoFile is GET /photos/{id}/small.jpg and large.jpg, which stand for the same
// bytes for ever. What was taken down must not be answered from memory, so it is
// read anew whenever something has changed.
func (s *Server) photoFile(c *fiber.Ctx) error {
	id, size := c.Params("photo"), c.Params("size")
	if size != "small" && size != "large" {
		return models.ErrNotFound
	}
	f, err := s.photos.finished(id+"/"+size, s.moment(), func(*finished) (*finished, error) {
		made := &finished{}
		kept, err := s.Planner.Photo(c.UserContext(), id)
		if made.asItIs(kept.Large); size == "small" {
			made.asItIs(kept.Small)
		}
		return made, err
	})
	if err != nil {
		return err
	}
	return sendFinished(c, f, "image/jpeg", "public, max-age=31536000, immutable")
}

// photoPage is where an event gets its photo.
type photoPage struct {
	Desk  desk
	Here  string
	Photo *shownPhoto
	Alt   input
	File  input
	Wrong []complaint
	Said  string
}

// askPhoto is GET /organise/events/{id}/photo.
func (s *Server) askPhoto(c *fiber.Ctx) error {
	e, err := s.editable(c)
	if err != nil {
		return err
	}
	said := saidOf(c, s.pageWords(c), "photo.done.", "saved", "removed")
	return s.photoPage(c, http.StatusOK, &e, form{"alt": {e.Photo.Alt}}, said, nil)
}

func (s *Server) photoPage(c *fiber.Ctx, status int, e *models.Event, in form, said string, wrong error) error {
	p := s.pageWords(c)
	h := &sheet{Printer: p, in: in, wrong: wrongInputs(p, wrong)}
	h.section("photo")
	h.add("file", "photo").Needed = e.Photo.Photo == ""
	h.text("alt", models.MaxAlt).needed()
	body := photoPage{Desk: s.eventDesk(c, p, e, "photo"), Photo: photoOf(e), Said: said, Wrong: h.faults(wrong)}
	body.Here = body.Desk.Base + "/events/" + e.ID + "/photo"
	body.File, body.Alt = h.sections[0].Inputs[0], h.sections[0].Inputs[1]
	return s.page(c, status, "organise-photo", p, p.T("photo.title"), body)
}

// takePhoto is POST /organise/events/{id}/photo.
func (s *Server) takePhoto(c *fiber.Ctx) error {
	e, err := s.editable(c)
	if err != nil {
		return err
	}
	in, file, err := filesOf(c, "photo")
	if err != nil {
		return err
	}
	here := s.here(c, "/organise/events/"+e.ID+"/photo")
	if in.get("do") == "remove" {
		if _, err := s.Planner.RemovePhoto(c.UserContext(), by(c), e.ID); err != nil {
			return err
		}
		return c.Redirect(here+"?done=removed", http.StatusSeeOther)
	}
	// Both, so that nobody corrects the one to be sent back for the other.
	var f models.Faults
	made, err := s.made(&f, file, e.Photo.Photo == "")
	models.CheckLine(&f, "alt", in.get("alt"), true, models.MaxAlt)
	if err = cmp.Or(err, f.Err()); err == nil {
		shows := models.Pictured{Alt: in.get("alt"), Width: made.Width, Height: made.Height}
		_, err = s.Planner.SetPhoto(c.UserContext(), by(c), e.ID, made.Small, made.Large, shows)
	}
	if codeOf(err) == models.CodeInvalid {
		return s.photoPage(c, statusOf(models.CodeInvalid), &e, in, "", err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(here+"?done=saved", http.StatusSeeOther)
}

// made is the photo that a file is made into; none, and a fault, when it is none, and
// when there is no file where one is needed.
func (s *Server) made(f *models.Faults, file []byte, needed bool) (made photo.Made, err error) {
	switch {
	case len(file) == 0 && needed:
		f.Add("photo", "required")
		return made, nil
	case len(file) == 0:
		return made, nil
	case len(file) > photo.MaxBytes:
		f.Add("photo", "photo-too-large", "Max", photo.MaxBytes>>20)
		return made, nil
	}
	done, ok := s.darkroom.take()
	if !ok {
		return made, models.Fault(models.CodeUnavailable)
	}
	defer done()
	made, err = photo.Make(file)
	switch {
	case errors.Is(err, photo.ErrTooLarge):
		f.Add("photo", "photo-too-many-pixels", "Max", photo.MaxPixels/1_000_000)
		return made, nil
	case errors.Is(err, photo.ErrFormat):
		f.Add("photo", "no-photo")
		return made, nil
	}
	return made, err
}

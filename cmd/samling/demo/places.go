package demo

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"math"

	"github.com/google/uuid"

	"samling/handlers/photo"
	"samling/models"
	"samling/planner"
)

// pictured is the association whose picture and places newcomers find: that of the
// organiser whom they can sign in as.
const pictured = "mollevangen"

// places keeps two places and gives the next public event of that association a
// picture.
func (c *City) places(ctx context.Context) error {
	by := planner.Command()
	for _, v := range []models.Venue{
		{Name: "Folkets hus, stora salen", Address: "Exempelgatan 5", Capacity: 120, Indoors: new(true),
			Access: models.Access{StepFree: new(true), Toilet: new(true), HearingLoop: new(true), Notes: "Hissen är till höger innanför entrén."}},
		{Association: pictured, Name: "Gården på Exempelgatan 4", Address: "Exempelgatan 4", Indoors: new(false), Access: models.Access{StepFree: new(true)}},
	} {
		v.ID = uuid.NewString()
		if err := c.Planner.KeepVenue(ctx, by, v); err != nil {
			return err
		}
	}
	for l := range c.Planner.Catalogue().Ahead(planner.Filter{Associations: []string{pictured}}, c.Today) {
		if !l.Visible() || l.Status != models.Published {
			continue
		}
		var file bytes.Buffer
		if err := png.Encode(&file, evening()); err != nil {
			return err
		}
		made, err := photo.Make(file.Bytes())
		if err != nil {
			return err
		}
		shows := models.Pictured{Alt: "Solen går ner över Sundet, tecknad.", Width: made.Width, Height: made.Height}
		_, err = c.Planner.SetPhoto(ctx, by, l.ID, made.Small, made.Large, shows)
		return err
	}
	return nil
}

// evening is a sun that goes down over the Sound: a picture of nobody.
func evening() image.Image {
	const w, h, horizon = 960, 540, 350
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	mix := func(a, b color.RGBA, part float64) color.RGBA {
		one := func(a, b uint8) uint8 { return uint8(float64(a) + (float64(b)-float64(a))*part) }
		return color.RGBA{one(a.R, b.R), one(a.G, b.G), one(a.B, b.B), 255}
	}
	night, glow, sun, sea := color.RGBA{11, 59, 71, 255}, color.RGBA{246, 196, 140, 255}, color.RGBA{238, 108, 77, 255}, color.RGBA{8, 44, 54, 255}
	for y := range h {
		for x := range w {
			fx, fy := float64(x), float64(y)
			far := math.Hypot(fx-600, fy-310)
			paint := mix(night, glow, fy/horizon)
			switch {
			case y > horizon:
				paint = mix(mix(glow, sea, .6), sea, (fy-horizon)/(h-horizon))
				if math.Abs(fx-600) < 60+(fy-horizon)*.2+14*math.Sin(fy/4) && y%9 < 5 {
					paint = mix(paint, sun, .6)
				}
			case far < 90:
				paint = sun
			case far < 260:
				paint = mix(mix(glow, sun, .3), paint, (far-90)/170)
			}
			m.SetRGBA(x, y, paint)
		}
	}
	return m
}

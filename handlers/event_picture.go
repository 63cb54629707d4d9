package handlers

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/boombuler/barcode/qr"
	"github.com/gofiber/fiber/v2"

	"samling/handlers/picture"
	"samling/locale"
	"samling/models"
)

// How many pictures are kept, how many bytes of them together, and how many may
// wait for theirs to be drawn, which takes some fifty milliseconds each.
const (
	picturesKept     = 512
	pictureBytesKept = 32 << 20
	picturesWait     = 8
)

// eventPicture is GET /events/{slug}/{shape}.png.
func (s *Server) eventPicture(c *fiber.Ctx) error {
	format, ok := picture.FormatNamed(c.Params("shape"))
	if !ok {
		return models.ErrNotFound
	}
	l, err := s.viewed(c)
	if err != nil {
		return err
	}
	p, m := s.pageWords(c), s.moment()
	card := s.card(p, m, l.Event)
	key := s.prefix(p.Language()) + "/events/" + l.Slug + "/" + format.Name + " " + hashOf(card)
	f, err := s.pictures.finished(key, m, func(before *finished) (*finished, error) {
		made := &finished{}
		if before != nil { // the same words make the same picture
			made.like(before)
			return made, nil
		}
		drawn, err := s.draw(format, card, s.Site+s.short(p.Language(), l.Event))
		made.asItIs(drawn)
		return made, err
	})
	if err != nil {
		return err
	}
	return sendFinished(c, f, "image/png", "public, max-age=3600")
}

// draw draws a card, with the address as a QR code where one looks at the picture
// on another's screen.
func (s *Server) draw(f picture.Format, card picture.Card, leadsTo string) ([]byte, error) {
	if card.Address != "" && f.Name != "wide" {
		code, err := qr.Encode(leadsTo, qr.M, qr.Auto)
		if err != nil {
			return nil, err
		}
		card.Code = code
	}
	return s.drawer.Draw(f, card)
}

// picturePath is the address of a picture. It changes with what the picture says:
// other sites keep what they once fetched.
func (s *Server) picturePath(p *locale.Printer, m moment, e *models.Event, shape string) string {
	return s.prefix(p.Language()) + "/events/" + e.Slug + "/" + shape + ".png?v=" + hashOf(s.card(p, m, e))
}

func hashOf(card picture.Card) string {
	b, _ := json.Marshal(card) // texts alone
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:4])
}

// card is what a picture of an event says. A title whose letters we cannot draw is
// said in the installation's own language, and so is all else: half a sentence in
// each would be no help.
func (s *Server) card(p *locale.Printer, m moment, e *models.Event) picture.Card {
	short := s.short(p.Language(), e)
	if _, whole := s.drawer.Sayable(p.T("page.whats-on")); !whole {
		p = s.Words.In(s.Language)
	}
	text, _ := e.In(p.Language(), s.Language)
	title, whole := s.drawer.Sayable(text.Title)
	if !whole {
		title, _ = s.drawer.Sayable(e.Title)
	}
	starts := e.Starts.In(e.Location())
	hosts := p.List(m.catalogue.HostNames(e.Hosts(), p.Language()))
	card := picture.Card{
		Over: p.T("kind." + string(e.Kind)), Title: title, Day: strconv.Itoa(starts.Day()), Month: p.ShortMonth(starts),
	}
	say := func(text string) string { said, _ := s.drawer.Sayable(text); return said }
	card.House, card.Host = say(s.house()), say(hosts)
	card.Lines = []string{say(when(p, e, m.now)), say(e.Place.Line())}
	if e.Preliminary {
		card.Over += " · " + p.T("whats-on.preliminary")
	}
	if moved := mark(p, m, e); moved != "" {
		card.Over += " · " + moved
	}
	if e.Status != models.Published {
		card.Off = p.T("status." + string(e.Status))
	}
	if short != "" {
		card.Address = s.bare() + short
	}
	return card
}

// bare is the site's address as people say it.
func (s *Server) bare() string {
	_, bare, _ := strings.Cut(s.Site, "://")
	return bare
}

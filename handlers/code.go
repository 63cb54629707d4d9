package handlers

import (
	"bytes"
	"fmt"
	"image/color"

	"github.com/boombuler/barcode/qr"
	"github.com/gofiber/fiber/v2"

	"samling/models"
)

// longestCode is how many bytes a QR code may hold: those of version 15 (77
// modules), about the densest that a telephone reads off a poster at arm's length.
const longestCode = 412

// sendCode answers with an address as a QR code.
func (s *Server) sendCode(c *fiber.Ctx, leadsTo string) error {
	if len(leadsTo) > longestCode {
		return models.Fault(models.CodeTooLarge)
	}
	// Drawing takes ten milliseconds, and gives the same picture every time.
	// It is kept by what it says: by its own address, which ends as a file's does,
	// the feed of one event would find it.
	f, err := s.kept.finished("code "+leadsTo, s.moment(), func(before *finished) (*finished, error) {
		made := &finished{}
		if before != nil {
			made.like(before)
			return made, nil
		}
		picture, err := qrCode(leadsTo)
		made.bodyIs(picture, nil, nil)
		return made, err
	})
	if err != nil {
		return err
	}
	return sendFinished(c, f, "image/svg+xml", "public, max-age=86400")
}

// quietZone is the white margin that readers need (ISO/IEC 18004), in modules.
const quietZone = 4

// qrCode draws a text as a QR code in SVG, black on a white ground of its own.
func qrCode(text string) ([]byte, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return nil, err
	}
	size := code.Bounds().Dx()
	black := func(x, y int) bool { return x < size && code.At(x, y) == color.Color(color.Black) }
	var b bytes.Buffer
	whole := size + 2*quietZone
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="-%d -%d %d %d" shape-rendering="crispEdges">`,
		8*whole, 8*whole, quietZone, quietZone, whole, whole)
	fmt.Fprintf(&b, `<path fill="#fff" d="M-%d-%dh%dv%dh-%dz"/><path d="`, quietZone, quietZone, whole, whole, whole)
	for y := range size {
		for x := 0; x < size; x++ {
			if !black(x, y) {
				continue
			}
			from := x
			for black(x, y) {
				x++
			}
			fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from, y, x-from, x-from)
		}
	}
	b.WriteString(`"/></svg>`)
	return b.Bytes(), nil
}

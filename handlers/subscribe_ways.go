package handlers

import (
	"bytes"
	"fmt"
	"html/template"
	"image/color"
	"net/url"
	"strings"

	"github.com/boombuler/barcode/qr"
	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
)

// ways are the ways of taking a feed into a calendar program: addresses of
// others' pages and programs that contain the feed's own.
type ways struct {
	*locale.Printer
	Feed string // to copy
	// Opens starts Apple's calendar, and Android ICSx⁵.
	Opens, Android template.URL
	// Google and Outlook (of a private account, and of one at work) are pages for a
	// computer; Mail is a letter to oneself, to get there from a telephone.
	Google, Outlook, Work, Mail string
	Copy                        string // address of the script that copies
	Demo                        bool   // the feed is where Google cannot fetch it
}

// waysTo are the ways to a feed. here is the page that shows them.
//
// Google takes the address as webcal: with https: it has looked for a person of
// that name. Outlook takes it as https: with webcal: the calendar stayed empty.
// Apple knows no webcals:, and for ICSx⁵ webcal: is without encryption.
func (s *Server) waysTo(p *locale.Printer, feed, name, here string) ways {
	scheme, rest, _ := strings.Cut(feed, "://")
	android := "webcal://" + rest
	if scheme == "https" {
		android = "webcals://" + rest
	}
	subscribe := "/calendar/0/addfromweb?url=" + escaped(feed) + "&name=" + escaped(name)
	return ways{
		Printer: p, Feed: feed,
		Opens:   template.URL("webcal://" + rest), //nolint:gosec // made of our own address and slugs
		Android: template.URL(android),            //nolint:gosec // as above
		Google:  "https://calendar.google.com/calendar/r?cid=" + escaped("webcal://"+rest),
		Outlook: "https://outlook.live.com" + subscribe,
		Work:    "https://outlook.office.com" + subscribe,
		Mail:    "mailto:?subject=" + escaped(p.T("subscribe.title")) + "&body=" + escaped(here),
		Copy:    s.pages.named["copy.js"], Demo: s.Demo,
	}
}

// escaped is a text as the value of somebody else's query. Spaces are %20: a
// letter's subject would show the plus signs.
func escaped(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }

// longestCode is how many bytes a QR code may hold: those of version 15 (77
// modules), about the densest that a telephone reads off a poster at arm's length.
const longestCode = 412

// subscribeCode is GET /subscribe/qr.svg: the address of the page with the same
// query, as a picture. It leads to the page and not to the feed because no one
// address of a feed opens on every telephone.
func (s *Server) subscribeCode(c *fiber.Ctx) error {
	p := s.pageWords(c)
	_, v, err := s.readSubscription(c, p)
	if err != nil {
		return err
	}
	here := s.Site + s.prefix(p.Language()) + address("/subscribe", v)
	if len(here) > longestCode {
		return models.Fault(models.CodeTooLarge)
	}
	// Drawing takes ten milliseconds, and gives the same picture every time.
	f, err := s.kept.finished(s.prefix(p.Language())+address("/subscribe/qr.svg", v), s.moment(), func(before *finished) (*finished, error) {
		made := &finished{}
		if before != nil {
			made.like(before)
			return made, nil
		}
		picture, err := qrCode(here)
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

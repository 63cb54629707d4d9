// Package picture draws an event as a picture, for what people share: the card
// beside a link, a square and a tall one for a telephone. It is a package of its own
// because it knows nothing of events and pages: words in, a PNG out, the same words
// always the same bytes.
package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
)

// Format is the shape of a picture.
type Format struct {
	Name          string  // as in an address
	Width, Height int     // pixels
	margin, edge  int     // free at the sides, and above and below
	title, words  float64 // largest size of the letters, pixels
	lines         int     // of the title, at most
}

// Formats are all there are: the card of a link (Open Graph), a post, and a story.
func Formats() []Format {
	return []Format{
		{"wide", 1200, 630, 64, 64, 76, 34, 3},
		{"square", 1080, 1080, 72, 72, 96, 42, 5},
		// Programs that show stories lay their own buttons above and below.
		{"tall", 1080, 1920, 84, 240, 128, 54, 7},
	}
}

// FormatNamed is the format of that name.
func FormatNamed(name string) (f Format, ok bool) {
	for _, f := range Formats() {
		if f.Name == name {
			return f, true
		}
	}
	return f, false
}

// Card is what a picture says. What is empty is left out.
type Card struct {
	House string // whose page it is
	Over  string // what sort of thing it is, above the title
	Off   string // that it is off, which is seen first
	Title string
	// Day and Month stand on the leaf of a calendar.
	Day, Month string
	Lines      []string // when and where
	Host       string
	Address    string      // short enough to be typed
	Code       image.Image // the address as a QR code, a module a pixel
}

// Drawer draws cards. It may be used by many goroutines.
type Drawer struct{ regular, bold *opentype.Font }

// New reads the letters that are built in: those of the Go project, for languages
// that are written with Latin, Greek and Cyrillic ones.
func New() (*Drawer, error) {
	regular, err := opentype.Parse(goregular.TTF)
	if err != nil {
		return nil, err
	}
	bold, err := opentype.Parse(gobold.TTF)
	return &Drawer{regular, bold}, err
}

// The colours are those of the pages by day (static/samling.css).
func sea() color.Color   { return color.RGBA{0x0b, 0x3a, 0x47, 0xff} }
func far() color.Color   { return color.RGBA{0x13, 0x49, 0x5a, 0xff} }
func light() color.Color { return color.RGBA{0xf6, 0xf1, 0xe6, 0xff} }
func pale() color.Color  { return color.RGBA{0xc3, 0xd6, 0xda, 0xff} }
func sun() color.Color   { return color.RGBA{0xff, 0x8a, 0x6b, 0xff} }
func ink() color.Color   { return color.RGBA{0x10, 0x27, 0x2f, 0xff} }
func red() color.Color   { return color.RGBA{0x9a, 0x24, 0x13, 0xff} }

// Draw is the card as a PNG.
func (d *Drawer) Draw(f Format, c Card) ([]byte, error) {
	s := &sheet{Drawer: d, Format: f, RGBA: image.NewRGBA(image.Rect(0, 0, f.Width, f.Height))}
	s.fill(s.Bounds(), sea())
	// The sun goes up over the city, as on the page of what is on.
	radius := f.Width / 5
	s.disc(f.Width-f.margin, f.Height-f.edge/2, radius+radius/3, far())
	s.foot(c)
	s.head(c)
	s.middle(c)
	var b bytes.Buffer
	err := png.Encode(&b, s.RGBA)
	return b.Bytes(), err
}

// sheet is one picture that is being drawn.
type sheet struct {
	*Drawer
	Format
	*image.RGBA
	top, bottom int // of what is still free
}

// head is whose page it is, and the date as a leaf of a calendar.
func (s *sheet) head(c Card) {
	size := s.words
	line := int(size * 1.2)
	s.disc(s.margin+int(size/3), s.edge+line/2, int(size/3), sun())
	width := s.Width - 2*s.margin - int(size)
	s.top = s.edge + line*2
	if c.Day != "" {
		leaf := s.leaf(c)
		width -= leaf.Dx()
		s.top = leaf.Max.Y + line/4
	}
	s.line(s.margin+int(size), s.edge, size, s.bold, light(), s.cut(c.House, size, s.bold, width))
}

// leaf draws the date in the upper corner, and says where.
func (s *sheet) leaf(c Card) image.Rectangle {
	w, h := int(s.words*3.6), int(s.words*3.7)
	at := image.Rect(s.Width-s.margin-w, s.edge, s.Width-s.margin, s.edge+h)
	s.fill(at, light())
	s.fill(image.Rect(at.Min.X, at.Min.Y, at.Max.X, at.Min.Y+h/9), red())
	s.centred(at, at.Min.Y+h/8, s.words*1.9, s.bold, ink(), c.Day)
	s.centred(at, at.Min.Y+h*2/3, s.words*0.85, s.bold, ink(), c.Month)
	return at
}

// foot is who invites, and the way to the page.
func (s *sheet) foot(c Card) {
	size := s.words * 0.9
	line := int(size * 1.35)
	s.bottom = s.Height - s.edge
	width, above := s.Width-2*s.margin, s.bottom
	if c.Code != nil {
		wide := s.code(c.Code)
		width -= wide + s.margin/2
		above -= wide
	}
	for _, words := range []struct {
		text  string
		face  *opentype.Font
		color color.Color
	}{{c.Address, s.bold, sun()}, {c.Host, s.regular, pale()}} {
		if words.text != "" {
			s.bottom -= line
			s.line(s.margin, s.bottom, size, words.face, words.color, s.cut(words.text, size, words.face, width))
		}
	}
	s.bottom = min(s.bottom, above) - line/2
}

// code draws the QR code in the lower corner, and says how wide it is.
func (s *sheet) code(modules image.Image) int {
	const quiet = 4 // modules, white (ISO/IEC 18004)
	n := modules.Bounds().Dx()
	module := max(1, int(s.words*5)/(n+2*quiet))
	wide := module * (n + 2*quiet)
	left, top := s.Width-s.margin-wide, s.Height-s.edge-wide
	s.fill(image.Rect(left, top, left+wide, top+wide), color.White)
	for y := range n {
		for x := range n {
			if modules.At(x, y) == color.Color(color.Black) {
				corner := image.Pt(left+(x+quiet)*module, top+(y+quiet)*module)
				s.fill(image.Rectangle{corner, corner.Add(image.Pt(module, module))}, color.Black)
			}
		}
	}
	return wide
}

// middle is the title with what it is above it, and when and where below.
func (s *sheet) middle(c Card) {
	width := s.Width - 2*s.margin
	line := int(s.words * 1.35)
	lines := 0
	for _, text := range c.Lines {
		lines += len(s.wrapped(text, s.words, s.regular, width, 2))
	}
	room := s.bottom - s.top - line*lines - line/2
	if c.Over != "" || c.Off != "" {
		room -= line + line/3
	}
	size, title := s.fitting(c.Title, width, room)
	between := int(size * 1.12)
	// What is left over goes above it: words stand on the ground.
	y := max(s.top, s.bottom-line*lines-line/2-between*len(title))
	if c.Over != "" || c.Off != "" {
		y -= line + line/3
		s.over(c, y)
		y += line + line/3
	}
	for _, text := range title {
		s.line(s.margin, y, size, s.bold, light(), text)
		y += between
	}
	y += line / 3
	for _, text := range c.Lines {
		for _, part := range s.wrapped(text, s.words, s.regular, width, 2) {
			s.line(s.margin, y, s.words, s.regular, light(), part)
			y += line
		}
	}
}

// over is what it is, or that it is off, on a ground of its own.
func (s *sheet) over(c Card, y int) {
	size := s.words
	if c.Off == "" {
		s.line(s.margin, y, size, s.bold, sun(), s.cut(c.Over, size, s.bold, s.Width-2*s.margin))
		return
	}
	text := s.cut(c.Off, size, s.bold, s.Width-3*s.margin)
	pad := int(size / 2)
	s.fill(image.Rect(s.margin, y-pad/4, s.margin+s.measure(text, size, s.bold)+2*pad, y+int(size*1.3)), sun())
	s.line(s.margin+pad, y, size, s.bold, ink(), text)
}

func (s *sheet) fill(r image.Rectangle, c color.Color) {
	draw.Draw(s.RGBA, r, image.NewUniform(c), image.Point{}, draw.Src)
}

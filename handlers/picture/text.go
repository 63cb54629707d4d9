package picture

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"sort"
	"strings"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// Sayable is a text as far as the letters can say it: what they lack is said by
// the plain letter under its accents, or left out, as emoji are. whole reports
// whether no letter of a word is missing.
func (d *Drawer) Sayable(text string) (said string, whole bool) {
	var b sfnt.Buffer
	has := func(r rune) bool {
		i, err := d.bold.GlyphIndex(&b, r)
		return err == nil && i != 0
	}
	whole = true
	said = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if has(r) && unicode.IsGraphic(r) {
			return r
		}
		if plain := []rune(norm.NFD.String(string(r)))[0]; plain != r && has(plain) {
			return plain
		}
		whole = whole && !unicode.IsLetter(r)
		return -1
	}, norm.NFC.String(text))
	return strings.Join(strings.Fields(said), " "), whole
}

// face is a font in a size. One is not safe for several goroutines, and cheap.
func face(f *opentype.Font, size float64) font.Face {
	made, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		panic(err) // the fonts are built in, and no size of ours is wrong
	}
	return made
}

// measure is how wide a line is, in pixels.
func (s *sheet) measure(text string, size float64, f *opentype.Font) int {
	return font.MeasureString(face(f, size), text).Ceil()
}

// line writes a line, whose letters stand below y.
func (s *sheet) line(x, y int, size float64, f *opentype.Font, c color.Color, text string) {
	letters := face(f, size)
	d := font.Drawer{Dst: s.RGBA, Src: image.NewUniform(c), Face: letters, Dot: fixed.P(x, y+letters.Metrics().Ascent.Round())}
	d.DrawString(text)
}

func (s *sheet) centred(in image.Rectangle, y int, size float64, f *opentype.Font, c color.Color, text string) {
	s.line(in.Min.X+(in.Dx()-s.measure(text, size, f))/2, y, size, f, c, text)
}

// cut is as much of a text as fits on one line.
func (s *sheet) cut(text string, size float64, f *opentype.Font, width int) string {
	lines := s.wrapped(text, size, f, width, 1)
	if len(lines) == 0 {
		return ""
	}
	return lines[0]
}

// smallest is by how much a title may shrink before it is cut.
const smallest = 0.6

// fitting is the largest size in which a title fits, and its lines.
func (s *sheet) fitting(title string, width, height int) (float64, []string) {
	for part := 1.0; ; part -= 0.05 {
		size := s.title * part
		most := min(s.lines, int(float64(height)/(size*1.12)))
		lines := s.wrapped(title, size, s.bold, width, most+1)
		if len(lines) <= most {
			return size, lines
		}
		if part <= smallest {
			return size, s.wrapped(title, size, s.bold, width, max(1, most))
		}
	}
}

// wrapped breaks a text at its words, and a word that is longer than a line
// anywhere. What does not fit in the lines is cut at a word, with three dots.
func (s *sheet) wrapped(text string, size float64, f *opentype.Font, width, most int) []string {
	letters := face(f, size)
	fits := func(line string) bool { return font.MeasureString(letters, line).Ceil() <= width }
	words := strings.Fields(text)
	var lines []string
	line := ""
	for len(words) > 0 {
		word := words[0]
		longer := strings.TrimSpace(line + " " + word)
		switch {
		case fits(longer):
			line, words = longer, words[1:]
		case line != "":
			lines, line = append(lines, line), ""
		default:
			whole := []rune(word)
			n := max(1, sort.Search(len(whole), func(i int) bool { return !fits(string(whole[:i+1])) }))
			lines, words[0] = append(lines, string(whole[:n])), string(whole[n:])
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	if len(lines) <= most {
		return lines
	}
	lines = lines[:most]
	last := &lines[most-1]
	for !fits(*last + " …") {
		if at := strings.LastIndexByte(*last, ' '); at > 0 {
			*last = (*last)[:at]
		} else {
			r := []rune(*last)
			*last = string(r[:len(r)-1])
		}
	}
	*last = strings.TrimRight(*last, " ,.:;–-") + " …"
	return lines
}

// disc draws a circle with a smooth edge.
func (s *sheet) disc(x, y, radius int, c color.Color) {
	at := image.Rect(x-radius, y-radius, x+radius, y+radius)
	draw.DrawMask(s.RGBA, at, image.NewUniform(c), image.Point{}, circle(radius), image.Pt(-radius, -radius), draw.Over)
}

// circle is the shape of a circle around the origin, with that radius.
type circle int

// ColorModel is part of image.Image.
func (circle) ColorModel() color.Model { return color.AlphaModel }

// Bounds is part of image.Image.
func (r circle) Bounds() image.Rectangle { return image.Rect(-int(r), -int(r), int(r), int(r)) }

// At is part of image.Image.
func (r circle) At(x, y int) color.Color {
	inside := float64(r) - math.Hypot(float64(x)+.5, float64(y)+.5)
	return color.Alpha{uint8(255 * min(1, max(0, inside+.5)))}
}

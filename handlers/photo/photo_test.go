package photo

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// The four corners of the picture that the tests take, as it lies.
var corners = []color.RGBA{{255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255}, {255, 255, 0, 255}}

// taken is a picture of w by h pixels with a colour in each quarter.
func taken(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetRGBA(x, y, corners[2*(2*y/h)+2*x/w])
		}
	}
	return m
}

func asJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 100}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// held is a JPEG of a camera that was held in one of the eight ways, and that has
// also written down a place.
func held(t testing.TB, m image.Image, orientation uint16) []byte {
	t.Helper()
	tiff := []byte("MM\x00\x2a\x00\x00\x00\x08\x00\x02" + // big endian, one directory of two entries
		"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x00\x00\x00" + // Orientation, one short
		"\x01\x0e\x00\x02\x00\x00\x00\x0c\x00\x00\x00\x26" + // ImageDescription, at 38
		"\x00\x00\x00\x00" + "Exempelgatan")
	binary.BigEndian.PutUint16(tiff[18:], orientation)
	exif := append([]byte("Exif\x00\x00"), tiff...)
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(exif)+2)) //nolint:gosec // short
	plain := asJPEG(t, m)
	return bytes.Join([][]byte{plain[:2], head, exif, plain[2:]}, nil)
}

func decoded(t *testing.T, file []byte) image.Image {
	t.Helper()
	m, format, err := image.Decode(bytes.NewReader(file))
	if err != nil || format != "jpeg" {
		t.Fatalf("%s: %v", format, err)
	}
	return m
}

func TestMake_Sizes(t *testing.T) {
	for name, c := range map[string]struct{ w, h, large, largeHigh, small int }{
		"wide":     {3000, 1500, 1600, 800, 800},
		"tall":     {1500, 3000, 800, 1600, 400},
		"little":   {120, 60, 120, 60, 120},
		"a stripe": {20000, 1, 1600, 1, 800},
	} {
		t.Run(name, func(t *testing.T) {
			made, err := Make(asPNG(t, taken(c.w, c.h)))
			if err != nil {
				t.Fatal(err)
			}
			if made.Width != c.large || made.Height != c.largeHigh {
				t.Errorf("%d×%d, want %d×%d", made.Width, made.Height, c.large, c.largeHigh)
			}
			if got := decoded(t, made.Large).Bounds().Dx(); got != c.large {
				t.Errorf("the large one is %d wide", got)
			}
			if got := decoded(t, made.Small).Bounds().Dx(); got != c.small {
				t.Errorf("the small one is %d wide, want %d", got, c.small)
			}
		})
	}
}

// However the camera was held, the picture is upright, and says nothing else of
// itself any more.
func TestMake_Upright(t *testing.T) {
	// The corners of the picture that was taken, as they must stand: upper left, upper
	// right, lower left, lower right.
	for orientation, want := range map[uint16][4]int{
		1: {0, 1, 2, 3}, 2: {1, 0, 3, 2}, 3: {3, 2, 1, 0}, 4: {2, 3, 0, 1},
		5: {0, 2, 1, 3}, 6: {2, 0, 3, 1}, 7: {3, 1, 2, 0}, 8: {1, 3, 0, 2},
		9: {0, 1, 2, 3},
	} {
		file := held(t, taken(400, 200), orientation)
		made, err := Make(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(file, []byte("Exempelgatan")) || bytes.Contains(made.Large, []byte("Exempelgatan")) || bytes.Contains(made.Small, []byte("Exif")) {
			t.Errorf("%d: it still says where it was taken", orientation)
		}
		m := decoded(t, made.Large)
		w, h := m.Bounds().Dx(), m.Bounds().Dy()
		for i, at := range []image.Point{{w / 4, h / 4}, {3 * w / 4, h / 4}, {w / 4, 3 * h / 4}, {3 * w / 4, 3 * h / 4}} {
			if got := nearest(m.At(at.X, at.Y)); got != want[i] {
				t.Errorf("%d: quarter %d has the colour of %d, want %d", orientation, i, got, want[i])
			}
		}
	}
}

// nearest is the corner whose colour that is.
func nearest(c color.Color) int {
	r, g, b, _ := c.RGBA()
	best, least := 0, uint32(1<<31)
	for i, corner := range corners {
		cr, cg, cb, _ := corner.RGBA()
		if off := apart(r, cr) + apart(g, cg) + apart(b, cb); off < least {
			best, least = i, off
		}
	}
	return best
}

func apart(a, b uint32) uint32 { return max(a, b) - min(a, b) }

// What one sees through stands on white.
func TestMake_Transparent(t *testing.T) {
	made, err := Make(asPNG(t, image.NewNRGBA(image.Rect(0, 0, 10, 10))))
	if err != nil {
		t.Fatal(err)
	}
	if r, g, b, _ := decoded(t, made.Small).At(5, 5).RGBA(); min(r, g, b) < 0xf000 {
		t.Errorf("it is %x %x %x", r, g, b)
	}
}

// A WebP of one pixel, which nothing in Go writes.
func TestMake_WebP(t *testing.T) {
	file, err := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	if err != nil {
		t.Fatal(err)
	}
	if made, err := Make(file); err != nil || made.Width != 1 || made.Height != 1 {
		t.Errorf("%d×%d, %v", made.Width, made.Height, err)
	}
}

func TestMake_Refuses(t *testing.T) {
	whole := asPNG(t, taken(100, 100))
	bomb := bytes.Clone(whole)
	binary.BigEndian.PutUint32(bomb[16:], 100_000)
	binary.BigEndian.PutUint32(bomb[20:], 100_000)
	binary.BigEndian.PutUint32(bomb[29:], crc32.ChecksumIEEE(bomb[12:29]))
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"nothing":         {nil, ErrFormat},
		"words":           {[]byte("Det här är ingen bild."), ErrFormat},
		"a page":          {[]byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), ErrFormat},
		"half a picture":  {whole[:len(whole)/2], ErrFormat},
		"a tenth billion": {bomb, ErrTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Make(c.file); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func FuzzMake(f *testing.F) {
	f.Add(asPNG(f, taken(8, 4)))
	f.Add(held(f, taken(8, 4), 6))
	f.Add([]byte("RIFF\x00\x00\x00\x00WEBPVP8 "))
	f.Fuzz(func(t *testing.T, file []byte) {
		if head, _, err := image.DecodeConfig(bytes.NewReader(file)); err == nil && head.Width*head.Height > 1<<22 {
			t.Skip("too slow to look for anything")
		}
		made, err := Make(file)
		if err != nil {
			if !errors.Is(err, ErrFormat) && !errors.Is(err, ErrTooLarge) {
				t.Errorf("nobody can say that in words: %v", err)
			}
			return
		}
		if got := decoded(t, made.Large).Bounds(); got.Dx() != made.Width || got.Dy() != made.Height || max(got.Dx(), got.Dy()) > Large {
			t.Errorf("%v, said %d×%d", got, made.Width, made.Height)
		}
	})
}

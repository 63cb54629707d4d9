// Package photo makes of whatever picture an organiser has what pages show: two
// sizes of JPEG, the right way up, without what a telephone writes into it about
// where and when it was taken. It is beside handlers because nothing but a page
// needs it, and in a package of its own because decoding strangers' files is worth
// fuzzing alone.
package photo

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png" // to be decoded

	"github.com/bep/imagemeta"
	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"
	_ "golang.org/x/image/webp" // to be decoded
)

// Faults that a page can say in words.
var (
	// ErrFormat: it is none of JPEG, PNG and WebP, or it is broken.
	ErrFormat = errors.New("photo: not a picture that can be read")
	// ErrTooLarge: it has more than MaxPixels.
	ErrTooLarge = errors.New("photo: too many pixels")
)

const (
	// MaxBytes is the largest file that is taken.
	MaxBytes = 10 << 20
	// MaxPixels bound the memory that decoding takes, to 200 MB: a small file can
	// say that it is a large picture.
	MaxPixels = 50_000_000
	// Small is the longer side of what is made for a telephone, in pixels.
	Small = 800
	// Large is that for a desk with a sharp screen.
	Large = 1600

	quality = 80
)

// Made is a photo as it is kept. Width and Height are those of the large one; the
// small one has the same shape.
type Made struct {
	Small, Large  []byte // JPEG
	Width, Height int
}

// Make decodes a file and makes both sizes of it. A small picture is not made
// larger. It errs with ErrFormat or ErrTooLarge.
func Make(file []byte) (Made, error) {
	head, format, err := image.DecodeConfig(bytes.NewReader(file))
	if err != nil || head.Width < 1 || head.Height < 1 {
		return Made{}, ErrFormat
	}
	if head.Width > MaxPixels/head.Height {
		return Made{}, ErrTooLarge
	}
	whole, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return Made{}, ErrFormat
	}
	turned := orientation(file, format)
	large := upright(fitted(whole, Large), turned)
	small := fitted(large, Small)
	made := Made{Width: large.Bounds().Dx(), Height: large.Bounds().Dy()}
	if made.Large, err = encoded(large); err != nil {
		return Made{}, err
	}
	made.Small, err = encoded(small)
	return made, err
}

func encoded(m image.Image) ([]byte, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("photo: %w", err)
	}
	return b.Bytes(), nil
}

// fitted is a picture whose longer side is at most so long, on white where one sees
// through it.
func fitted(m image.Image, longest int) *image.RGBA {
	from := m.Bounds()
	w, h := from.Dx(), from.Dy()
	if side := max(w, h); side > longest {
		w, h = max(1, w*longest/side), max(1, h*longest/side)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(out, out.Bounds(), m, from, draw.Over, nil)
	return out
}

// orientation is how the camera was held, 1 to 8 as EXIF has it; 1 when it does not
// say, or says what cannot be read: then the picture is shown as it lies.
func orientation(file []byte, format string) int {
	formats := map[string]imagemeta.ImageFormat{"jpeg": imagemeta.JPEG, "png": imagemeta.PNG, "webp": imagemeta.WebP}
	turned := 1
	_, err := imagemeta.Decode(imagemeta.Options{
		R: bytes.NewReader(file), ImageFormat: formats[format], Sources: imagemeta.EXIF,
		ShouldHandleTag: func(tag imagemeta.TagInfo) bool { return tag.Tag == "Orientation" },
		HandleTag: func(tag imagemeta.TagInfo) error {
			if n, ok := tag.Value.(uint16); ok && n >= 1 && n <= 8 {
				turned = int(n)
			}
			return imagemeta.ErrStopWalking
		},
		Warnf: func(string, ...any) {},
	})
	_ = err // a picture without a word about itself is a picture
	return turned
}

// upright turns a picture as its orientation says (EXIF 2.32, table 6).
func upright(m *image.RGBA, turned int) *image.RGBA {
	w, h := float64(m.Bounds().Dx()), float64(m.Bounds().Dy())
	way := map[int]f64.Aff3{
		2: {-1, 0, w, 0, 1, 0}, 3: {-1, 0, w, 0, -1, h}, 4: {1, 0, 0, 0, -1, h},
		5: {0, 1, 0, 1, 0, 0}, 6: {0, -1, h, 1, 0, 0}, 7: {0, -1, h, -1, 0, w}, 8: {0, 1, 0, -1, 0, w},
	}
	turn, ok := way[turned]
	if !ok {
		return m
	}
	to := m.Bounds()
	if turned >= 5 {
		to = image.Rect(0, 0, to.Dy(), to.Dx())
	}
	out := image.NewRGBA(to)
	draw.NearestNeighbor.Transform(out, turn, m, m.Bounds(), draw.Src, nil)
	return out
}

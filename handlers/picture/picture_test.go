package picture

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/boombuler/barcode/qr"
)

func drawer(t testing.TB) *Drawer {
	t.Helper()
	d, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func card(t testing.TB) Card {
	t.Helper()
	code, err := qr.Encode("https://samling.example/e/2x7kd", qr.M, qr.Auto)
	if err != nil {
		t.Fatal(err)
	}
	return Card{
		House: "Samling Malmö", Over: "Öppet möte", Title: "Öppet möte om skolan i Kirseberg", Day: "4", Month: "dec",
		Lines: []string{"fredag 4 december kl. 18.00–20.00", "Aulan Kirseberg, Exempelgatan 4"},
		Host:  "Kirsebergs förening", Address: "samling.example/e/2x7kd", Code: code,
	}
}

// SAMLING_PICTURES names a folder for looking at what is drawn.
func TestDraw(t *testing.T) {
	d := drawer(t)
	for name, change := range map[string]func(*Card){
		"plain":       func(*Card) {},
		"off":         func(c *Card) { c.Off = "Inställt" },
		"long":        func(c *Card) { c.Title = strings.Repeat("Rundabordssamtal om framtidens äldreomsorg ", 4) },
		"one word":    func(c *Card) { c.Title = strings.Repeat("Samhällsplaneringsrådslag", 12) },
		"long places": func(c *Card) { c.Lines[1] = strings.Repeat("Stora salen på Folkets hus ", 9) },
		"little":      func(c *Card) { *c = Card{House: "Samling", Title: "Möte"} },
		"nothing":     func(c *Card) { *c = Card{} },
	} {
		for _, f := range Formats() {
			if testing.Short() && name != "long" { // with -race a picture takes a second
				continue
			}
			t.Run(name+"/"+f.Name, func(t *testing.T) {
				c := card(t)
				change(&c)
				drawn, err := d.Draw(f, c)
				if err != nil {
					t.Fatal(err)
				}
				if folder := os.Getenv("SAMLING_PICTURES"); folder != "" {
					if err := os.WriteFile(filepath.Join(folder, name+"-"+f.Name+".png"), drawn, 0o600); err != nil {
						t.Fatal(err)
					}
				}
				picture, err := png.Decode(bytes.NewReader(drawn))
				if err != nil {
					t.Fatal(err)
				}
				if at := picture.Bounds(); at.Dx() != f.Width || at.Dy() != f.Height {
					t.Errorf("%v, want %d×%d", at, f.Width, f.Height)
				}
				// Whatever it says, nothing is written into the margin, where all is dark.
				for y := range f.Height {
					for _, x := range []int{f.margin / 4, f.Width - f.margin/4} {
						if r, _, _, _ := picture.At(x, y).RGBA(); r > 0x2000 {
							t.Fatalf("there is something at %d, %d", x, y)
						}
					}
				}
				if len(drawn) > 250<<10 {
					t.Errorf("%d bytes", len(drawn))
				}
			})
		}
	}
}

func TestDraw_SameBytes(t *testing.T) {
	d, f := drawer(t), Formats()[0]
	first, err := d.Draw(f, card(t))
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := d.Draw(f, card(t)); !bytes.Equal(first, again) {
		t.Error("other bytes the second time")
	}
}

func TestSayable(t *testing.T) {
	d := drawer(t)
	for _, tc := range []struct {
		name, text, want string
		whole            bool
	}{
		{"emoji", "Första maj 🎉🌹 i parken", "Första maj i parken", true},
		{"emoji alone", "🎈", "", true},
		{"a family", "Möte 👩‍👩‍👧 om\tskolan", "Möte om skolan", true},
		{"quotes", "Fråga «vem» – ”du”?", "Fråga «vem» – ”du”?", true},
		{"neighbours", "Țigări și Đorđe, Žižek", "Țigări și Đorđe, Žižek", true},
		{"Vietnamese", "Người Việt", "Nguoi Viet", true},
		{"Cyrillic", "Мэй і май", "Мэй і май", true},
		{"Arabic", "لقاء 2026", "2026", false},
		{"decomposed", "Cafe\u0301 i\u200b Malmo\u0308", "Café i Malmö", true},
	} {
		if said, whole := d.Sayable(tc.text); said != tc.want || whole != tc.whole {
			t.Errorf("%s: %q is said %q, whole %v; want %q, %v", tc.name, tc.text, said, whole, tc.want, tc.whole)
		}
	}
}

func FuzzWrapped(f *testing.F) {
	d := drawer(f)
	f.Add("Öppet möte om skolan", 300, 2)
	f.Add(strings.Repeat("å", 900), 10, 1)
	f.Fuzz(func(t *testing.T, text string, width, most int) {
		s := &sheet{Drawer: d}
		said, _ := d.Sayable(text)
		lines := s.wrapped(said, 40, d.bold, 60+width&0xfff, 1+most&7)
		if len(lines) > 1+most&7 {
			t.Errorf("%d lines", len(lines))
		}
		if said != "" && len(lines) == 0 {
			t.Error("nothing is left")
		}
	})
}

func BenchmarkDraw(b *testing.B) {
	d, c := drawer(b), card(b)
	for _, f := range Formats() {
		b.Run(f.Name, func(b *testing.B) {
			for b.Loop() {
				if _, err := d.Draw(f, c); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

package handlers

import (
	"encoding/hex"
	"math"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A telephone fetches all of it before it shows a word.
func TestDesign_Light(t *testing.T) {
	if testing.Short() {
		t.Skip("long: it is run whole without -short")
	}
	weight := map[string]int{}
	for name, address := range must(parsePages()).named {
		f := must(parsePages()).static[path.Base(address)]
		weight[path.Ext(name)] += len(f.zipped)
		if strings.Contains(string(f.bytes), "url(") || strings.Contains(string(f.bytes), "@import") {
			t.Errorf("%s fetches something more", name)
		}
	}
	for kind, most := range map[string]int{".css": 20 << 10, ".js": 10 << 10} {
		if weight[kind] == 0 || weight[kind] > most {
			t.Errorf("all %s are %d bytes compressed, want at most %d", kind, weight[kind], most)
		}
	}
}

// Whatever is read can be read by those who see little: WCAG 2.2, 1.4.6 (AAA) for
// running text, 1.4.3 for what is short and large, 1.4.11 for what one must see of
// a field.
func TestDesign_Contrast(t *testing.T) {
	css := string(must(files.ReadFile("static/samling.css")))
	light, rest, _ := strings.Cut(css, "@media (prefers-color-scheme: dark)")
	dark, _, _ := strings.Cut(rest, "\n}")
	colours := coloursOf(light)
	const running, short, edges = 7, 4.5, 3
	pairs := []struct {
		ink, paper string
		least      float64
	}{
		{"ink", "paper", running}, {"ink", "card", running}, {"quiet", "paper", running}, {"quiet", "card", running},
		{"red", "paper", running}, {"red", "card", running}, {"deep", "paper", running}, {"on-red", "red", running}, {"on-red", "deep", running},
		{"on-sea", "sea", running}, {"on-sea-quiet", "sea", running}, {"ink", "good", running}, {"ink", "bad", running}, {"ink", "note", running},
		{"ink", "mist", running}, {"ink", "park", short}, {"ink", "sand", short}, {"ink", "brick", short},
		{"red", "bad", short}, {"red", "note", short}, {"red", "mist", short}, {"quiet", "note", short}, {"quiet", "bad", short}, {"quiet", "mist", short},
		{"edge", "paper", edges}, {"edge", "card", edges}, {"good-edge", "good", edges}, {"note-edge", "note", edges}, {"red", "paper", edges}, {"sun", "sea", edges}, {"on-sun", "sun", short}, {"on-sun", "on-sea", short},
	}
	for _, theme := range []string{"light", "dark"} {
		if theme == "dark" {
			for name, colour := range coloursOf(dark) {
				colours[name] = colour
			}
		}
		for _, p := range pairs {
			if colours[p.ink] == nil || colours[p.paper] == nil {
				t.Fatalf("%s: no colour %s or %s", theme, p.ink, p.paper)
			}
			if got := contrast(colours[p.ink], colours[p.paper]); got < p.least {
				t.Errorf("%s: %s on %s has %.2f, want %.1f", theme, p.ink, p.paper, got, p.least)
			}
		}
	}
}

// What no page has any more goes out of the stylesheets too.
func TestDesign_EveryClassIsUsed(t *testing.T) {
	var used strings.Builder
	for _, pattern := range []string{"templates/*.html", "*.go", "../models/*.go"} {
		for _, name := range must(filepath.Glob(pattern)) {
			if !strings.HasSuffix(name, "_test.go") {
				used.Write(must(os.ReadFile(name)))
			}
		}
	}
	words := map[string]bool{}
	for _, said := range regexp.MustCompile(`class="[^>]*|"[a-z-]+"`).FindAllString(used.String(), -1) {
		for _, word := range regexp.MustCompile(`[a-z-]+`).FindAllString(strings.TrimPrefix(said, "class="), -1) {
			words[word] = true
		}
	}
	comment, rule := regexp.MustCompile(`(?s)/\*.*?\*/`), regexp.MustCompile(`([^{}]+)\{`)
	for _, sheet := range must(filepath.Glob("static/*.css")) {
		css := comment.ReplaceAllString(string(must(os.ReadFile(sheet))), "")
		for _, selector := range rule.FindAllStringSubmatch(css, -1) {
			for _, class := range regexp.MustCompile(`\.([a-z][a-z-]*)`).FindAllStringSubmatch(selector[1], -1) {
				if !words[class[1]] {
					t.Errorf("%s: no page has the class %s", sheet, class[1])
				}
			}
		}
	}
}

func coloursOf(css string) map[string][]byte {
	out := map[string][]byte{}
	for _, m := range regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{3,6});`).FindAllStringSubmatch(css, -1) {
		digits := m[2]
		if len(digits) == 3 {
			digits = strings.Repeat(digits[:1], 2) + strings.Repeat(digits[1:2], 2) + strings.Repeat(digits[2:], 2)
		}
		out[m[1]], _ = hex.DecodeString(digits)
	}
	return out
}

// contrast is that of WCAG 2.2, from 1 to 21.
func contrast(a, b []byte) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(colour []byte) float64 {
	sum := 0.0
	for i, share := range []float64{0.2126, 0.7152, 0.0722} {
		v := float64(colour[i]) / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		sum += share * v
	}
	return sum
}

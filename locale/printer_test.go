package locale

import (
	"testing"
	"testing/fstest"
	"time"
)

func TestPrinter_T(t *testing.T) {
	fsys := fstest.MapFS{
		"translations/a.sv.toml": {Data: []byte(`
"date.weekdays" = "1 2 3 4 5 6 7"
"date.months" = "1 2 3 4 5 6 7 8 9 10 11 12"
plain = "Hej"
gap = "Hej {{.Name}}"
only = "Bara här"
places = { one = "en plats", other = "{{.Count}} platser" }
`)},
		"translations/a.en.toml": {Data: []byte(`
plain = "Hello"
gap = "Hello {{.Name}}"
places = { one = "one place", other = "{{.Count}} places" }
`)},
	}
	c, err := load(fsys, "sv")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, language, key string
		with                []any
		want                string
	}{
		{"plain", "sv", "plain", nil, "Hej"},
		{"another language", "en", "plain", nil, "Hello"},
		{"a gap", "en", "gap", []any{"Name", "Åsa"}, "Hello Åsa"},
		{"a value is never a template", "sv", "gap", []any{"Name", "{{.Name}}"}, "Hej {{.Name}}"},
		{"one", "sv", "places", []any{"Count", 1}, "en plats"},
		{"many", "sv", "places", []any{"Count", 3}, "3 platser"},
		{"none", "en", "places", []any{"Count", 0}, "0 places"},
		{"from the fallback", "en", "only", nil, "Bara här"},
		{"unknown key", "en", "nowhere", nil, "nowhere"},
		{"odd number of pairs", "sv", "plain", []any{"Name"}, "Hej"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := c.In(tt.language).T(tt.key, tt.with...); got != tt.want {
				t.Errorf("T(%q) = %q, want %q", tt.key, got, tt.want)
			}
		})
	}
	if c.In("en").Has("only") || !c.In("sv").Has("only") {
		t.Error("Has looks in the fallback")
	}
}

func TestPrinter_List(t *testing.T) {
	c := catalogue(t)
	for _, tt := range []struct {
		language string
		items    []string
		want     string
	}{
		{"sv", nil, ""},
		{"sv", []string{"a"}, "a"},
		{"sv", []string{"a", "b"}, "a och b"},
		{"sv", []string{"a", "b", "c"}, "a, b och c"},
		{"en", []string{"a", "b", "c"}, "a, b and c"},
		{"ar", []string{"أ", "ب"}, "أ وب"},
		{"ar", []string{"أ", "ب", "ج"}, "أ وب وج"}, // CLDR's ar, standard
		{"ar", []string{"Norra"}, "\u2068Norra\u2069"},
		{"ar", []string{"أ", "Norra"}, "أ و\u2068Norra\u2069"},
		{"sv", []string{"ä", "جمعية"}, "ä och \u2068جمعية\u2069"},
	} {
		if got := c.In(tt.language).List(tt.items); got != tt.want {
			t.Errorf("%s: List(%v) = %q, want %q", tt.language, tt.items, got, tt.want)
		}
	}
}

func TestPrinter_When(t *testing.T) {
	stockholm, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		t.Fatal(err)
	}
	at := func(month time.Month, day, hour int) time.Time {
		return time.Date(2026, month, day, hour, 0, 0, 0, stockholm)
	}
	for _, tt := range []struct {
		name         string
		starts, ends time.Time
		dateOnly     bool
		sv, en, ar   string
	}{
		{"an evening", at(3, 4, 18), at(3, 4, 20), false, "onsdag 4 mars kl. 18.00–20.00", "Wednesday 4 March, 18:00–20:00", "الأربعاء 4 مارس، من الساعة 18:00 إلى 20:00"},
		{"no end", at(3, 4, 18), time.Time{}, false, "onsdag 4 mars kl. 18.00", "Wednesday 4 March, 18:00", "الأربعاء 4 مارس، الساعة 18:00"},
		{"into the night", at(3, 4, 18), at(3, 5, 1), false, "onsdag 4 mars kl. 18.00–01.00", "Wednesday 4 March, 18:00–01:00", "الأربعاء 4 مارس، من الساعة 18:00 إلى 01:00"},
		{"two days", at(5, 1, 13), at(5, 2, 16), false, "fredag 1 maj kl. 13.00 – lördag 2 maj kl. 16.00", "Friday 1 May, 13:00 – Saturday 2 May, 16:00", "من الجمعة 1 مايو، الساعة 13:00 إلى السبت 2 مايو، الساعة 16:00"},
		{"a day", at(5, 1, 0), at(5, 2, 0), true, "fredag 1 maj", "Friday 1 May", "الجمعة 1 مايو"},
		{"days", at(5, 1, 0), at(5, 4, 0), true, "fredag 1 maj – söndag 3 maj", "Friday 1 May – Sunday 3 May", "من الجمعة 1 مايو إلى الأحد 3 مايو"},
		{"a day when clocks change", at(3, 29, 0), at(3, 30, 0), true, "söndag 29 mars", "Sunday 29 March", "الأحد 29 مارس"},
		{"a day without an end", at(5, 1, 0), time.Time{}, true, "fredag 1 maj", "Friday 1 May", "الجمعة 1 مايو"},
		{"over the year", at(12, 31, 0), at(13, 2, 0), true, "torsdag 31 december 2026 – fredag 1 januari 2027", "Thursday 31 December 2026 – Friday 1 January 2027", "من الخميس 31 ديسمبر 2026 إلى الجمعة 1 يناير 2027"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := catalogue(t)
			if got := c.In("sv").When(tt.starts, tt.ends, tt.dateOnly); got != tt.sv {
				t.Errorf("sv: %q, want %q", got, tt.sv)
			}
			if got := c.In("en").When(tt.starts, tt.ends, tt.dateOnly); got != tt.en {
				t.Errorf("en: %q, want %q", got, tt.en)
			}
			if got := c.In("ar").When(tt.starts, tt.ends, tt.dateOnly); got != tt.ar {
				t.Errorf("ar: %q, want %q", got, tt.ar)
			}
		})
	}
}

func TestPrinter_Date(t *testing.T) {
	p := catalogue(t).In("sv")
	// Half past eleven in the evening in UTC is tomorrow in Malmö.
	utc := time.Date(2026, 3, 3, 23, 30, 0, 0, time.UTC)
	stockholm, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := p.Date(utc.In(stockholm)), "onsdag 4 mars 2026"; got != want {
		t.Errorf("Date = %q, want %q", got, want)
	}
	if got, want := p.Time(utc), "23.30"; got != want {
		t.Errorf("Time = %q, want %q", got, want)
	}
}

// CLDR's forms of Arabic: zero, one, two, few (3 to 10 of each hundred), many (11
// to 99) and other (the hundreds themselves, and one and two after them).
func TestPrinter_ArabicPlurals(t *testing.T) {
	p := catalogue(t).In("ar")
	for n, want := range map[int]string{
		0: "لا أحد", 1: "شخص واحد", 2: "شخصان", 3: "3 أشخاص", 10: "10 أشخاص", 11: "11 شخصًا", 99: "99 شخصًا",
		100: "100 شخص", 101: "101 شخص", 102: "102 شخص", 103: "103 أشخاص", 110: "110 أشخاص", 111: "111 شخصًا", 200: "200 شخص", 1003: "1003 أشخاص",
	} {
		if got := p.T("held.people", "Count", n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

func TestPrinter_Isolate(t *testing.T) {
	c := catalogue(t)
	for _, tt := range []struct{ name, language, text, want string }{
		{"a Swedish name in Arabic", "ar", "Östra", "\u2068Östra\u2069"},
		{"an Arabic one", "ar", "جمعية Östra", "جمعية Östra"},
		{"a telephone number, which would be turned round", "ar", "040-00 00 00", "\u2068040-00 00 00\u2069"},
		{"an hour, which would not", "ar", "18:00", "18:00"},
		{"nothing", "ar", "", ""},
		{"once is enough", "ar", "\u2068Östra\u2069", "\u2068Östra\u2069"},
		{"an Arabic name in Swedish", "sv", "جمعية", "\u2068جمعية\u2069"},
		{"a Swedish one", "sv", "Östra, 040-00 00 00", "Östra, 040-00 00 00"},
		{"a Kurdish one", "en", "Însan û maf", "Însan û maf"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := c.In(tt.language).Isolate(tt.text)
			if got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
			if plain := Plain(got); plain != Plain(tt.text) {
				t.Errorf("Plain leaves %q", plain)
			}
		})
	}
	want := "كل ما يخص الأعضاء: \u2068Östra\u2069"
	if got := c.In("ar").T("members.back", "Host", "Östra"); got != want {
		t.Errorf("a sentence does not isolate what fills its gap: %q", got)
	}
}

func TestDirection(t *testing.T) {
	for tag, want := range map[string]string{
		"ar": RightToLeft, "fa": RightToLeft, "ps": RightToLeft, "ur": RightToLeft, "prs": RightToLeft, "ckb": RightToLeft, "he": RightToLeft,
		"sv": LeftToRight, "ku": LeftToRight, "so": LeftToRight, "ti": LeftToRight, "": LeftToRight, "\x00": LeftToRight,
	} {
		if got := Direction(tag); got != want {
			t.Errorf("Direction(%q) = %q, want %q", tag, got, want)
		}
	}
}

func BenchmarkPrinter_T(b *testing.B) {
	p := catalogue(b).In("en")
	b.Run("plain", func(b *testing.B) {
		for b.Loop() {
			p.T("kind.town-hall")
		}
	})
	b.Run("gap", func(b *testing.B) {
		for b.Loop() {
			p.T("field.too-long", "Max", 4, "Length", 5)
		}
	})
}

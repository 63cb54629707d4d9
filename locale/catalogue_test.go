package locale

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/BurntSushi/toml"

	"samling/models"
)

func catalogue(t testing.TB) *Catalogue {
	t.Helper()
	c, err := Load("sv")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var gap = regexp.MustCompile(`\.[A-Z]\w*`)

// gaps are the names that a sentence wants filled.
func gaps(text string) []string {
	found := gap.FindAllString(strings.Join(regexp.MustCompile(`\{\{.*?\}\}`).FindAllString(text, -1), " "), -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// desk are the rooms that a language for the public alone leaves out.
func desk() []string {
	return []string{"account", "city", "closing", "command", "desk-mail", "doctor", "door", "follow", "history", "import", "inputs", "list", "organise", "plan", "series", "starters", "together", "venues", "writing"}
}

// awaitsReview is the one key that a language has or has not as it is.
const awaitsReview = "page.awaits-review"

// roomsOf are the keys of a language's files, by their rooms.
func roomsOf(t *testing.T, tag string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	paths, err := filepath.Glob("translations/*." + tag + ".toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		keys := map[string]any{}
		if _, err := toml.DecodeFile(path, &keys); err != nil {
			t.Fatal(err)
		}
		delete(keys, awaitsReview)
		room, _, _ := strings.Cut(filepath.Base(path), ".")
		out[room] = slices.Sorted(maps.Keys(keys))
	}
	return out
}

// A language has all rooms or all but those of the desk, and every key of each in
// the file where the fallback has it.
func TestCatalogue_LanguagesHaveTheSameKeys(t *testing.T) {
	c := catalogue(t)
	want := roomsOf(t, c.fallback.language)
	for _, tag := range c.Languages() {
		have := roomsOf(t, tag)
		public := !slices.Contains(c.Complete().Languages(), tag)
		for room, keys := range want {
			if public && have[room] == nil {
				if !slices.Contains(desk(), room) {
					t.Errorf("there is no %s.%s.toml, and the room %s is not one of the desk's", room, tag, room)
				}
				continue
			}
			for _, key := range keys {
				if !slices.Contains(have[room], key) {
					t.Errorf("%s.%s.toml lacks %q", room, tag, key)
				}
			}
		}
		for room, keys := range have {
			for _, key := range keys {
				if !slices.Contains(want[room], key) {
					t.Errorf("%s.%s.toml has %q, which is not in %s", room, tag, key, c.fallback.language)
				}
			}
		}
	}
}

// Every sentence is there, with the plural forms of its language and the gaps of
// the others.
func TestCatalogue_LanguagesAgree(t *testing.T) {
	forms := map[string][]string{
		"sv": {"one", "other"}, "en": {"one", "other"},
		"ar": {"zero", "one", "two", "few", "many", "other"},
	}
	c := catalogue(t)
	for _, tag := range c.Languages() {
		for key, m := range c.In(tag).messages {
			first := c.fallback.messages[key]
			if first == nil {
				continue // said above
			}
			var have []string
			for form, text := range map[string]string{"zero": m.Zero, "one": m.One, "two": m.Two, "few": m.Few, "many": m.Many} {
				if text != "" {
					have = append(have, form)
				}
			}
			var want []string
			if first.One != "" {
				want = slices.DeleteFunc(slices.Sorted(slices.Values(forms[tag])), func(f string) bool { return f == "other" })
			}
			slices.Sort(have)
			switch {
			case strings.TrimSpace(m.Other) == "":
				t.Errorf("%q is empty in %s", key, tag)
			case !slices.Equal(have, want):
				t.Errorf("%q has in %s the forms %v beside other, and should have %v", key, tag, have, want)
			case !slices.Equal(gaps(m.Other), gaps(first.Other)):
				t.Errorf("%q has the gaps %v in %s and %v in %s", key, gaps(m.Other), tag, gaps(first.Other), c.fallback.language)
			case first.One == "" && strings.Contains(m.Other, ".Count"):
				t.Errorf("%q counts, but has no form for one in %s", key, tag)
			}
		}
	}
}

// What models can say, and nothing else, has a sentence.
func TestCatalogue_WordsOfModels(t *testing.T) {
	var kinds, parts []string
	for _, k := range models.Kinds() {
		kinds = append(kinds, string(k))
		for _, part := range k.Template().Parts {
			parts = append(parts, part.Title)
		}
	}
	want := map[string][]string{
		"kind":      kinds,
		"programme": parts,
		"error":     constants(t, "../models", "Code"),
		"status":    constants(t, "../models", "Status"),
		"audience":  constants(t, "../models", "Audience"),
		"deed":      constants(t, "../models", "Deed"),
	}
	have := map[string][]string{}
	for key := range catalogue(t).fallback.messages {
		if group, name, _ := strings.Cut(key, "."); want[group] != nil {
			have[group] = append(have[group], name)
		}
	}
	for group, names := range want {
		slices.Sort(names)
		slices.Sort(have[group])
		if !slices.Equal(have[group], names) {
			t.Errorf("%s.*: have %v, want %v", group, have[group], names)
		}
	}
}

// Every reason that any room gives for a wrong field has a sentence.
func TestCatalogue_FieldCodes(t *testing.T) {
	c := catalogue(t)
	used := map[string]bool{}
	eachGoFile(t, "..", func(path string, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) < 2 {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			code := literal(call.Args[1])
			if !ok || method.Sel.Name != "Add" || code == "" {
				return true
			}
			used[code] = true
			if !c.fallback.Has("field." + code) {
				t.Errorf("%s gives the reason %q, and there is no field.%s", path, code, code)
			}
			return true
		})
	})
	if len(used) < 20 {
		t.Errorf("found only %d reasons; does the test still look in the right place?", len(used))
	}
}

// A key that nobody speaks is a sentence that a translator works on in vain.
func TestCatalogue_NoOrphans(t *testing.T) {
	var source strings.Builder
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && path == filepath.Join("..", "e2e") { // npm puts a great many files there
			return filepath.SkipDir
		}
		if err != nil || d.IsDir() {
			return err
		}
		switch filepath.Ext(path) {
		case ".go", ".html", ".txt", ".tmpl", ".js":
			if strings.HasSuffix(path, "_test.go") {
				return nil
			}
			b, err := os.ReadFile(path)
			source.Write(b)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	text := source.String()
	for key := range catalogue(t).fallback.messages {
		if spoken(text, key) {
			continue
		}
		t.Errorf("%q is spoken by nobody", key)
	}
}

// spoken reports whether a source names the key, or the beginning of it to put
// the rest behind.
func spoken(source, key string) bool {
	group, _, _ := strings.Cut(key, ".")
	if slices.Contains([]string{"error", "field", "kind", "status", "audience", "programme", "deed"}, group) {
		return true // checked by their own tests
	}
	if strings.Contains(source, `"`+key+`"`) || strings.Contains(source, "`"+key+"`") {
		return true
	}
	for prefix := key; strings.Contains(prefix, "."); {
		prefix = prefix[:strings.LastIndexByte(prefix, '.')]
		if strings.Contains(source, `"`+prefix+`."`) {
			return true
		}
	}
	return false
}

func TestLoad_Refuses(t *testing.T) {
	dates := `"date.weekdays" = "1 2 3 4 5 6 7"
"date.months" = "1 2 3 4 5 6 7 8 9 10 11 12"
`
	for name, files := range map[string]map[string]string{
		"no such fallback": {"translations/a.en.toml": dates},
		"one key twice":    {"translations/a.sv.toml": dates, "translations/b.sv.toml": `"date.months" = "x"`},
		"no dates":         {"translations/a.sv.toml": `a = "b"`},
		"a fallback that speaks to the public alone": {
			"translations/a.sv.toml": dates, "translations/a.en.toml": dates, "translations/b.en.toml": `a = "b"`,
		},
		"not TOML": {"translations/a.sv.toml": `a = `},
	} {
		t.Run(name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for path, text := range files {
				fsys[path] = &fstest.MapFile{Data: []byte(text)}
			}
			if _, err := load(fsys, "sv"); err == nil {
				t.Error("no error")
			}
		})
	}
}

func TestCatalogue_In(t *testing.T) {
	c := catalogue(t)
	for tag, want := range map[string]string{"sv": "sv", "en": "en", "en-GB": "en", "EN-us": "en", "": "sv", "ar": "ar", "fi": "sv", "\x00": "sv"} {
		if got := c.In(tag).Language(); got != want {
			t.Errorf("In(%q) speaks %q, want %q", tag, got, want)
		}
	}
	if got := c.Languages(); !slices.Equal(got, []string{"sv", "ar", "en"}) {
		t.Errorf("Languages() = %v", got)
	}
	desk := c.Complete()
	if got := desk.Languages(); !slices.Equal(got, []string{"sv", "en"}) {
		t.Errorf("Complete().Languages() = %v", got)
	}
	if got := desk.In("ar").Language(); got != "sv" {
		t.Errorf("Complete() speaks %q to who asks for Arabic", got)
	}
	if got := desk.Match("ar,en;q=0.5").Language(); got != "en" {
		t.Errorf("Complete() speaks %q to who takes English for Arabic", got)
	}
}

func TestCatalogue_Match(t *testing.T) {
	c := catalogue(t)
	for header, want := range map[string]string{
		"":                            "sv",
		"en":                          "en",
		"en-GB,en;q=0.9,sv;q=0.1":     "en",
		"sv-SE,sv;q=0.9,en;q=0.8":     "sv",
		"ar,en;q=0.5":                 "ar",
		"ar-SY":                       "ar",
		"fi":                          "sv",
		"de,fr":                       "sv",
		"en;q=0,sv":                   "sv",
		"*":                           "sv",
		";;;q=":                       "sv",
		strings.Repeat("en-", 5000):   "sv",
		"en;q=0.2,sv;q=0.9, fi;q=1.0": "sv",
	} {
		if got := c.Match(header).Language(); got != want {
			t.Errorf("Match(%.40q) speaks %q, want %q", header, got, want)
		}
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("sv-SE,sv;q=0.9,en;q=0.8")
	f.Add("*;q=0")
	c := catalogue(f)
	known := slices.Collect(maps.Keys(c.printers))
	f.Fuzz(func(t *testing.T, header string) {
		if got := c.Match(header).Language(); !slices.Contains(known, got) {
			t.Errorf("Match(%q) speaks %q", header, got)
		}
	})
}

// constants are the string constants of a type in a package.
func constants(t *testing.T, folder, typeName string) []string {
	t.Helper()
	var out []string
	eachGoFile(t, folder, func(_ string, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok {
				if id, ok := v.Type.(*ast.Ident); ok && id.Name == typeName && len(v.Values) == 1 {
					out = append(out, literal(v.Values[0]))
				}
			}
			return true
		})
	})
	return out
}

func literal(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	s, _ := strconv.Unquote(lit.Value)
	return s
}

func eachGoFile(t *testing.T, folder string, visit func(path string, file *ast.File)) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil //nolint:nilerr // a file that does not parse is the compiler's to report
		}
		visit(path, file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

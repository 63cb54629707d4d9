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

// Every language has every key, none of them empty, with the same plural forms
// and the same gaps.
func TestCatalogue_LanguagesAgree(t *testing.T) {
	c := catalogue(t)
	keys := map[string]bool{}
	for _, tag := range c.Languages() {
		for key := range c.In(tag).messages {
			keys[key] = true
		}
	}
	for key := range keys {
		first := c.fallback.messages[key]
		if first == nil {
			t.Errorf("%q is missing in %s", key, c.fallback.language)
			continue
		}
		for _, tag := range c.Languages() {
			m := c.In(tag).messages[key]
			switch {
			case m == nil:
				t.Errorf("%q is missing in %s", key, tag)
			case strings.TrimSpace(m.Other) == "":
				t.Errorf("%q is empty in %s", key, tag)
			case (m.One == "") != (first.One == ""):
				t.Errorf("%q has a form for one in only one of %s and %s", key, tag, c.fallback.language)
			case !slices.Equal(gaps(m.Other), gaps(first.Other)):
				t.Errorf("%q has the gaps %v in %s and %v in %s", key, gaps(m.Other), tag, gaps(first.Other), c.fallback.language)
			case m.One == "" && strings.Contains(m.Other, ".Count"):
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
		if err != nil || d.IsDir() || path == filepath.Join("..", "locale", "translations") {
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
	if slices.Contains([]string{"error", "field", "kind", "status", "audience", "programme"}, group) {
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
		"not TOML":         {"translations/a.sv.toml": `a = `},
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
	for tag, want := range map[string]string{"sv": "sv", "en": "en", "en-GB": "en", "EN-us": "en", "": "sv", "ar": "sv", "\x00": "sv"} {
		if got := c.In(tag).Language(); got != want {
			t.Errorf("In(%q) speaks %q, want %q", tag, got, want)
		}
	}
	if got := c.Languages(); !slices.Equal(got, []string{"sv", "en"}) {
		t.Errorf("Languages() = %v", got)
	}
}

func TestCatalogue_Match(t *testing.T) {
	c := catalogue(t)
	for header, want := range map[string]string{
		"":                            "sv",
		"en":                          "en",
		"en-GB,en;q=0.9,sv;q=0.1":     "en",
		"sv-SE,sv;q=0.9,en;q=0.8":     "sv",
		"ar,en;q=0.5":                 "en",
		"fi":                          "sv",
		"de,fr":                       "sv",
		"en;q=0,sv":                   "sv",
		"*":                           "sv",
		";;;q=":                       "sv",
		strings.Repeat("en-", 5000):   "sv",
		"en;q=0.2,sv;q=0.9, ar;q=1.0": "sv",
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

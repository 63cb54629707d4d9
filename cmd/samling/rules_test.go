package main

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// rooms says which rooms a room may import; a room that is not here may not
// exist. What lies under a room may import that room too.
var rooms = map[string][]string{
	"models":             {},
	"models/vault":       {},
	"locale":             {},
	"ics":                {"models", "locale"},
	"store":              {"models", "store/shape", "store/sqlite", "store/mongo"},
	"store/sqlite":       {"models", "store/shape"},
	"store/mongo":        {"models", "store/shape"},
	"store/shape":        {"models"},
	"store/storetest":    {"models"},
	"planner":            {"models", "models/vault"},
	"planner/follow":     {"models", "planner", "ics"},
	"mailer":             {"models", "models/vault", "ics", "locale"},
	"handlers":           {"models", "planner", "ics", "locale", "handlers/picture", "handlers/photo"},
	"handlers/picture":   {},
	"handlers/photo":     {},
	"cmd/samling":        {"*"},
	"cmd/samling/demo":   {"*"},
	"cmd/samling/doctor": {"*"},
}

// gates says which libraries only some rooms may use.
var gates = map[string][]string{
	"github.com/gofiber/":          {"handlers"},
	"github.com/valyala/fasthttp":  {"handlers"},
	"go.mongodb.org/mongo-driver":  {"store/mongo"},
	"modernc.org/sqlite":           {"store/sqlite"},
	"database/sql":                 {"store/sqlite"},
	"net/smtp":                     {"mailer"},
	"github.com/emersion/go-smtp":  {"mailer"},
	"github.com/jordan-wright/":    {"mailer"},
	"net/http":                     {"handlers", "planner/follow", "cmd/samling", "cmd/samling/doctor"},
	"github.com/alecthomas/kong":   {"cmd/samling"},
	"github.com/prometheus/client": {"handlers", "cmd/samling"},
}

type goPackage struct {
	ImportPath, Name, Doc string
	Imports               []string
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	list := exec.Command("go", "list", "-json=ImportPath,Name,Doc,Imports", "./...")
	list.Dir, list.Stderr = root, os.Stderr
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	var found []goPackage
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := d.Decode(&p); err == io.EOF {
			return found
		} else if err != nil {
			t.Fatal(err)
		}
		found = append(found, p)
	}
}

// wrongImports are what a package imports against the rules.
func wrongImports(p goPackage) []string {
	room := strings.TrimPrefix(p.ImportPath, "samling/")
	var wrong []string
	for _, imported := range p.Imports {
		if other, ours := strings.CutPrefix(imported, "samling/"); ours {
			if allowed := rooms[room]; !slices.Contains(allowed, other) && !slices.Contains(allowed, "*") {
				wrong = append(wrong, imported)
			}
		} else if room == "models" && strings.Contains(imported, ".") {
			wrong = append(wrong, imported) // the domain knows the standard library alone
		}
		for gate, allowed := range gates {
			if strings.HasPrefix(imported+"/", strings.TrimSuffix(gate, "/")+"/") && !slices.Contains(allowed, room) {
				wrong = append(wrong, imported)
			}
		}
	}
	return wrong
}

func TestRules_Imports(t *testing.T) {
	all := packages(t)
	if len(all) < 8 {
		t.Errorf("found only %d packages; does the test still look in the right place?", len(all))
	}
	for _, p := range all {
		if _, known := rooms[strings.TrimPrefix(p.ImportPath, "samling/")]; !known {
			t.Errorf("%s is no room of the house", p.ImportPath)
		}
		if slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "pkg"}, p.Name) {
			t.Errorf("%s: a name that says nothing", p.ImportPath)
		}
		if p.Doc == "" && p.Name != "main" {
			t.Errorf("%s does not say why it exists", p.ImportPath)
		}
		for _, imported := range wrongImports(p) {
			t.Errorf("%s must not import %s", p.ImportPath, imported)
		}
	}
}

// The rules themselves can fail.
func TestRules_ImportsRefused(t *testing.T) {
	for _, c := range []struct {
		room     string
		imported string
		wrong    bool
	}{
		{"models", "samling/locale", true},
		{"models", "github.com/google/uuid", true},
		{"models", "time", false},
		{"ics", "samling/planner", true},
		{"ics", "samling/models", false},
		{"handlers", "samling/store", true},
		{"handlers", "samling/mailer", true},
		{"handlers", "github.com/gofiber/fiber/v2", false},
		{"mailer", "github.com/gofiber/fiber/v2/utils", true},
		{"planner", "net/http", true},
		{"planner", "net/smtp", true},
		{"cmd/samling", "samling/mailer", false},
		{"cmd/samling", "net/smtp", true},
		{"store", "modernc.org/sqlite", true},
	} {
		got := wrongImports(goPackage{ImportPath: "samling/" + c.room, Imports: []string{c.imported}})
		if (len(got) > 0) != c.wrong {
			t.Errorf("%s importing %s: wrong is %v, want %v", c.room, c.imported, len(got) > 0, c.wrong)
		}
	}
}

// longest is how many lines a file may have before there is a room of its own
// in it.
const longest = 500

func TestRules_Files(t *testing.T) {
	eachGoFile(t, func(name string, text []byte, file *ast.File, files *token.FileSet) {
		if n := strings.Count(string(text), "\n"); n > longest && !strings.HasSuffix(name, "_test.go") {
			t.Errorf("%s has %d lines", name, n)
		}
		if strings.HasSuffix(name, "_test.go") {
			return
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: init", files.Position(f.Pos()))
			}
		}
		if !strings.HasPrefix(name, "cmd/") {
			for _, at := range clockReads(file) {
				t.Errorf("%s reads the clock", files.Position(at))
			}
		}
	})
}

// clockReads are the places where a file asks for the time instead of being
// given a clock.
func clockReads(file *ast.File) []token.Pos {
	var found []token.Pos
	ast.Inspect(file, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok || !slices.Contains([]string{"Now", "Since", "Until"}, s.Sel.Name) {
			return true
		}
		if p, ok := s.X.(*ast.Ident); ok && p.Name == "time" {
			found = append(found, s.Pos())
		}
		return true
	})
	return found
}

func eachGoFile(t *testing.T, do func(name string, text []byte, file *ast.File, files *token.FileSet)) {
	t.Helper()
	files := token.NewFileSet()
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := path.Base(p)
		if d.IsDir() {
			if p != root && (strings.HasPrefix(base, ".") || base == "testdata" || base == "node_modules") {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(base) != ".go" {
			return nil
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(files, p, text, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, p)
		do(filepath.ToSlash(name), text, file, files)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

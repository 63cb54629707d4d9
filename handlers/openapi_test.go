package handlers

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

const apiRoot = "/api/v1"

// description is openapi.json as a test reads it.
type description struct {
	tree     map[string]any
	compiler *jsonschema.Compiler
}

func describe(t testing.TB) *description {
	t.Helper()
	d := &description{compiler: jsonschema.NewCompiler()}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(openAPIDocument))
	if err != nil {
		t.Fatal(err)
	}
	d.tree = doc.(map[string]any)
	d.compiler.AssertFormat()
	if err := d.compiler.AddResource("openapi.json", doc); err != nil {
		t.Fatal(err)
	}
	return d
}

// at is what stands at a path of keys; nil when there is nothing.
func (d *description) at(keys ...string) any {
	var here any = d.tree
	for _, k := range keys {
		m, _ := here.(map[string]any)
		here = m[k]
	}
	return here
}

func (d *description) check(t testing.TB, what string, document []byte, keys ...string) {
	t.Helper()
	pointer := "openapi.json#"
	for _, k := range keys {
		pointer += "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(k)
	}
	schema, err := d.compiler.Compile(pointer)
	if err != nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	tree, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err == nil {
		err = schema.Validate(tree)
	}
	if err != nil {
		t.Errorf("%s is not as openapi.json says: %v\n%s", what, err, document)
	}
}

// path is the described path that an address is of, and its operations.
func (d *description) path(address string) (string, map[string]any) {
	address, _, _ = strings.Cut(strings.TrimPrefix(address, apiRoot), "?")
	have := strings.Split(address, "/")
	for path, ops := range d.at("paths").(map[string]any) {
		parts := strings.Split(path, "/")
		if len(parts) == len(have) && !slices.ContainsFunc(parts, func(p string) bool {
			i := slices.Index(parts, p)
			return p != have[i] && !strings.HasPrefix(p, "{")
		}) {
			return path, ops.(map[string]any)
		}
	}
	return "", nil
}

// conforms holds an answer, and the request when it was taken, against the
// description.
func (d *description) conforms(t testing.TB, method, address, body string, a answer) {
	t.Helper()
	media, _, _ := strings.Cut(a.Header.Get("Content-Type"), ";")
	what := method + " " + address + " answered " + a.Status
	if a.StatusCode >= 400 {
		if media != "application/problem+json" {
			t.Errorf("%s as %q", what, media)
			return
		}
		if method != http.MethodHead {
			d.check(t, what, []byte(a.body), "components", "schemas", "Problem")
		}
		return
	}
	path, ops := d.path(address)
	operation := strings.ToLower(method)
	if method == http.MethodHead {
		return
	}
	if ops[operation] == nil {
		t.Errorf("%s, which is not described", what)
		return
	}
	at := []string{"paths", path, operation, "responses", strconv.Itoa(a.StatusCode)}
	if d.at(at...) == nil {
		t.Errorf("%s, a status that is not described", what)
		return
	}
	if a.body != "" {
		at = append(at, "content", media, "schema")
		if d.at(at...) == nil {
			t.Errorf("%s as %q, which is not described", what, media)
		} else if media == "application/json" {
			d.check(t, what, []byte(a.body), at...)
		}
	}
	if body != "" {
		d.check(t, "what "+what, []byte(body), "paths", path, operation, "requestBody", "content", "application/json", "schema")
	}
}

func TestOpenAPI_RoutesAndDescriptionAgree(t *testing.T) {
	c, d := newCity(t), describe(t)
	routed := map[string]bool{}
	for _, r := range c.App().GetRoutes(true) {
		path, ours := strings.CutPrefix(r.Path, apiRoot)
		if !ours || r.Method == http.MethodHead {
			continue
		}
		path = strings.ReplaceAll(path, ":event", "{event}")
		routed[r.Method+" "+path] = true
		if d.at("paths", path, strings.ToLower(r.Method)) == nil {
			t.Errorf("%s %s is not described", r.Method, path)
		}
	}
	for path, ops := range d.at("paths").(map[string]any) {
		for method, operation := range ops.(map[string]any) {
			if !routed[strings.ToUpper(method)+" "+path] {
				t.Errorf("%s %s is described, and not there", method, path)
			}
			if operation.(map[string]any)["operationId"] == nil {
				t.Errorf("%s %s has no operationId", method, path)
			}
		}
	}
	if len(routed) < 14 {
		t.Errorf("only %d routes were found; does the test still look in the right place?", len(routed))
	}
}

// Every schema can be compiled: a reference that leads nowhere is found here.
func TestOpenAPI_SchemasAreWhole(t *testing.T) {
	d := describe(t)
	for name := range d.at("components", "schemas").(map[string]any) {
		if _, err := d.compiler.Compile("openapi.json#/components/schemas/" + name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	var refs func(any)
	refs = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok && d.at(strings.Split(strings.TrimPrefix(ref, "#/"), "/")...) == nil {
				t.Errorf("%s leads nowhere", ref)
			}
			for _, inner := range v {
				refs(inner)
			}
		case []any:
			for _, inner := range v {
				refs(inner)
			}
		}
	}
	refs(d.tree)
}

func TestOpenAPI_IsServed(t *testing.T) {
	a := newCity(t).ask("GET", "/api/v1/openapi.json", "").want(t, 200)
	if !json.Valid([]byte(a.body)) || a.json(t)["openapi"] != "3.1.0" {
		t.Errorf("not OpenAPI 3.1: %.80s", a.body)
	}
}

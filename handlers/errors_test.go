package handlers

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"samling/models"
)

// codes are all codes of models, read from its source so that none is forgotten.
func codes(t *testing.T) []models.Code {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../models/errors.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []models.Code
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok {
			if id, ok := v.Type.(*ast.Ident); ok && id.Name == "Code" {
				text, _ := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
				out = append(out, models.Code(text))
			}
		}
		return true
	})
	return out
}

func TestStatusOf_EveryCodeHasOne(t *testing.T) {
	all := codes(t)
	if len(all) < 20 {
		t.Fatalf("only %d codes were found", len(all))
	}
	for _, code := range all {
		if status := statusOf(code); (status == http.StatusInternalServerError) != (code == models.CodeInternal) {
			t.Errorf("%s has the status %d", code, status)
		}
	}
}

// Whatever goes wrong, an answer says what its code says and nothing of the
// cause.
func TestFail_NeverLeaks(t *testing.T) {
	const secret = "sqlite: SELECT * FROM rsvps WHERE email = 'ada@example.org'"
	faults := map[string]error{
		"a bare error":    errors.New(secret),
		"a wrapped one":   fmt.Errorf("planner: %w", errors.New(secret)),
		"fiber's own":     fiber.NewError(http.StatusTeapot, secret),
		"fiber's 500":     fiber.NewError(http.StatusBadGateway, secret),
		"a deadline":      fmt.Errorf(secret+": %w", context.DeadlineExceeded),
		"the server ends": fmt.Errorf(secret+": %w", context.Canceled),
	}
	for _, code := range codes(t) {
		faults[string(code)] = models.Because(code, errors.New(secret))
	}
	var failing error
	c := newCity(t)
	for _, path := range []string{"/api/v1/fails", "/feeds/fails.ics", "/fails"} {
		c.App().Get(path, func(ctx *fiber.Ctx) error {
			ctx.Set("ETag", `"x"`)
			ctx.Set("Cache-Control", "public, max-age=99")
			ctx.Set("Content-Disposition", "attachment")
			return failing
		})
		for name, err := range faults {
			failing = err
			for _, language := range []string{"sv", "en"} {
				a := c.ask("GET", path, "", "Accept-Language", language)
				if strings.Contains(a.body, "rsvps") || strings.Contains(a.body, "example.org") || strings.Contains(a.body, "planner:") {
					t.Errorf("%s at %s leaks: %s", name, path, a.body)
				}
				if strings.Contains(a.body, "error.") {
					t.Errorf("%s at %s has no sentence: %s", name, path, a.body)
				}
				if a.Header.Get("ETag") != "" || a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Content-Disposition") != "" {
					t.Errorf("%s at %s keeps what was promised of a success: %v", name, path, a.Header)
				}
				if a.StatusCode != statusOf(codeOf(err)) {
					t.Errorf("%s at %s: status %d", name, path, a.StatusCode)
				}
				if again := a.Header.Get("Retry-After"); (a.StatusCode == 503 || a.StatusCode == 429) != (again != "") {
					t.Errorf("%s at %s: status %d with Retry-After %q", name, path, a.StatusCode, again)
				}
			}
		}
	}
	if !strings.Contains(c.log.String(), "SELECT") {
		t.Error("the cause of an internal error is not in the log")
	}
}

func TestFail_SpeaksTheReadersLanguage(t *testing.T) {
	c := newCity(t)
	for language, want := range map[string]string{"": "finns inte", "en": "does not exist", "fi": "finns inte"} {
		if a := c.ask("GET", "/api/v1/events/x", "", "Accept-Language", language).want(t, 404); !strings.Contains(a.json(t)["detail"].(string), want) {
			t.Errorf("in %q: %s", language, a.body)
		}
	}
}

func TestFail_WrongMethod(t *testing.T) {
	c := newCity(t)
	for url, want := range map[string]string{
		"/api/v1/events/x": "GET, HEAD, PATCH", "/api/v1/events/x/publish": "POST", "/api/v1/groups": "GET, HEAD",
	} {
		a := c.ask("DELETE", url, "").want(t, 405)
		for _, method := range strings.Split(want, ", ") {
			if !strings.Contains(a.Header.Get("Allow"), method) {
				t.Errorf("DELETE %s allows %q, want %s", url, a.Header.Get("Allow"), want)
			}
		}
		if a.json(t)["code"] != "wrong-method" {
			t.Errorf("DELETE %s: %s", url, a.body)
		}
	}
}

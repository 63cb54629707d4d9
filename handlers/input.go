package handlers

import (
	"encoding/json"
	"errors"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"samling/models"
)

// decode reads a JSON object strictly: unknown fields and wrong types are
// refused by their names, so that a mistyped field never goes unnoticed. No body
// is an empty object.
func decode(c *fiber.Ctx, into any) error {
	body, err := bodyOf(c)
	if err != nil {
		return err
	}
	if len(body) == 0 {
		body = []byte("{}")
	}
	return decodeObject(body, into)
}

// peek is a header of the request that is looked at and not kept: its bytes are
// the next visitor's as soon as this one is answered.
func peek(c *fiber.Ctx, name string) string {
	return utils.UnsafeString(c.Request().Header.Peek(name))
}

// bodyOf is the body as it was sent. Fiber's own Body would unpack one that says
// it is packed: two megabytes into as many gigabytes as the sender likes.
func bodyOf(c *fiber.Ctx) ([]byte, error) {
	if coding := c.Get(fiber.HeaderContentEncoding); coding != "" && coding != "identity" {
		return nil, models.Fault(models.CodeMalformed)
	}
	return c.BodyRaw(), nil
}

// formValue is a field of a form that was sent, without space around it, and never
// one of the address: Fiber's own FormValue looks there first, and unpacks
// multipart bodies without a limit.
func formValue(c *fiber.Ctx, name string) string {
	return strings.TrimSpace(string(c.Request().PostArgs().Peek(name)))
}

func decodeObject(body []byte, into any) error {
	if _, err := objectLike(body, into); err != nil {
		return err
	}
	var f models.Faults
	err := json.Unmarshal(body, into)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		f.Add(wrong.Field, "wrong-type") // a whole number that is written as 1e2
		return f.Err()
	}
	if err != nil {
		return models.Because(models.CodeMalformed, err)
	}
	return nil
}

// objectLike parses a JSON object that has no fields but those of a form.
func objectLike(body []byte, form any) (map[string]any, error) {
	tree, err := object(body)
	if err != nil {
		return nil, err
	}
	var f models.Faults
	checkFields(&f, "", tree, reflect.TypeOf(form))
	return tree, f.Err()
}

// object parses a JSON object.
func object(body []byte) (map[string]any, error) {
	var tree map[string]any
	err := json.Unmarshal(body, &tree)
	switch {
	case err != nil:
	case tree == nil: // the word null
		err = errors.New("not an object")
	case !utf8.Valid(body): // which encoding/json would quietly repair
		err = errors.New("not UTF-8")
	}
	if err != nil {
		return nil, models.Because(models.CodeMalformed, err)
	}
	return tree, nil
}

// checkFields notes what a tree has that the type knows nothing of, or has in
// another form. What encoding/json itself can do stops at the first, does not say
// where it is, and takes "TITLE" for "title".
func checkFields(f *models.Faults, at string, value any, t reflect.Type) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if !canBe(value, t) {
		f.Add(clip(at), "wrong-type")
		return
	}
	switch value := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			field, inner := join(at, name), value[name]
			if t.Kind() == reflect.Map {
				checkFields(f, field, inner, t.Elem())
			} else if known, ok := fieldNamed(t, name); ok {
				checkFields(f, field, inner, known)
			} else {
				f.Add(clip(field), "unknown-field")
			}
		}
	case []any:
		for i, inner := range value {
			checkFields(f, join(at, strconv.Itoa(i)), inner, t.Elem())
		}
	}
}

// canBe reports whether a value of a tree can become a value of the type. null
// can become any.
func canBe(value any, t reflect.Type) bool {
	switch value := value.(type) {
	case string:
		return t.Kind() == reflect.String
	case bool:
		return t.Kind() == reflect.Bool
	case float64:
		whole := value == math.Trunc(value) && math.Abs(value) < 1<<53
		return t.Kind() == reflect.Float64 || t.Kind() == reflect.Int && whole
	case []any:
		return t.Kind() == reflect.Slice
	case map[string]any:
		return t.Kind() == reflect.Map || t.Kind() == reflect.Struct
	}
	return true
}

// fieldNamed is the type of the field that has that name in JSON.
func fieldNamed(t reflect.Type, name string) (reflect.Type, bool) {
	for _, field := range reflect.VisibleFields(t) {
		tag, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if tag != "" && tag == name && field.IsExported() {
			return field.Type, true
		}
	}
	return nil, false
}

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

// clip shortens what somebody sent for showing it in an answer.
func clip(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}

// merged is a document after a JSON merge patch (RFC 7396): null removes, objects
// are merged, all else replaces.
func merged(target, patch any) any {
	changes, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	old, _ := target.(map[string]any)
	out := make(map[string]any, len(old)+len(changes))
	for name, value := range old {
		out[name] = value
	}
	for name, value := range changes {
		if value == nil {
			delete(out, name)
			continue
		}
		out[name] = merged(out[name], value)
	}
	return out
}

package handlers

import (
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

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

// bodyOf is the body as it was sent. Fiber's own Body would unpack one that says
// it is packed: two megabytes into as many gigabytes as the sender likes.
func bodyOf(c *fiber.Ctx) ([]byte, error) {
	if coding := c.Get(fiber.HeaderContentEncoding); coding != "" && coding != "identity" {
		return nil, models.Fault(models.CodeMalformed)
	}
	return c.BodyRaw(), nil
}

func decodeObject(body []byte, into any) error {
	tree, err := object(body)
	if err != nil {
		return err
	}
	var f models.Faults
	checkFields(&f, "", tree, reflect.TypeOf(into))
	if err := f.Err(); err != nil {
		return err
	}
	err = json.Unmarshal(body, into)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		f.Add(wrong.Field, "wrong-type")
		return f.Err()
	}
	if err != nil {
		return models.Because(models.CodeMalformed, err)
	}
	return nil
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

// checkFields notes what a tree has that the type knows nothing of. What
// encoding/json itself can do stops at the first unknown field, does not say
// where it is, and takes "TITLE" for "title".
func checkFields(f *models.Faults, at string, value any, t reflect.Type) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch value := value.(type) {
	case map[string]any:
		for name, inner := range value {
			field := join(at, name)
			switch t.Kind() {
			case reflect.Map:
				checkFields(f, field, inner, t.Elem())
			case reflect.Struct:
				if known, ok := fieldNamed(t, name); ok {
					checkFields(f, field, inner, known)
				} else {
					f.Add(clip(field), "unknown-field")
				}
			}
		}
	case []any:
		if t.Kind() == reflect.Slice {
			for i, inner := range value {
				checkFields(f, join(at, strconv.Itoa(i)), inner, t.Elem())
			}
		}
	}
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

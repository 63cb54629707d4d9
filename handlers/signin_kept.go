package handlers

import (
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// Who writes for long may find that her session has run out when she saves. The form
// that she sent then goes with her through the sign-in, in hidden fields of its pages,
// and is sent once more when she is in: it is kept nowhere.
const (
	keptPrefix = "kept." // before the names of its fields
	keptTo     = "kept"  // where it goes
)

// keptForm is a form on its way through the sign-in. The zero value is none.
type keptForm struct {
	To     string
	Fields []sentField
}

// keepWriting stands before what takes long forms.
func (s *Server) keepWriting(c *fiber.Ctx) error {
	who, err := s.bySession(c)
	if err != nil {
		return err
	}
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	if who.Organiser != nil || in.get("do") == doKeep {
		return c.Next()
	}
	return s.signIn(c, http.StatusUnauthorized, "sign-in", signInPage{Kept: keptForm{c.Path(), sent(c)}})
}

// keptIn is the form that a page of the sign-in brings along.
func (s *Server) keptIn(c *fiber.Ctx, f form) keptForm {
	if !f.has(keptTo) {
		return keptForm{}
	}
	kept := keptForm{To: s.onwards(c, f.get(keptTo))}
	for _, field := range sent(c) {
		if name, ok := strings.CutPrefix(field.Name, keptPrefix); ok {
			kept.Fields = append(kept.Fields, sentField{name, field.Value})
		}
	}
	return kept
}

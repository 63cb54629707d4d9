package handlers

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
)

// statusOf is the HTTP status of a code: the one place that knows. Unknown codes
// are our own fault.
func statusOf(code models.Code) int {
	switch code {
	case models.CodeMalformed:
		return http.StatusBadRequest
	case models.CodeInvalid, models.CodeWrongFactor:
		return http.StatusUnprocessableEntity
	case models.CodeNotSignedIn:
		return http.StatusUnauthorized
	case models.CodeNotAllowed, models.CodeNotApproved, models.CodeNotInScope:
		return http.StatusForbidden
	case models.CodeNotFound:
		return http.StatusNotFound
	case models.CodeWrongMethod:
		return http.StatusMethodNotAllowed
	case models.CodeExists, models.CodeNotOpenYet, models.CodePaused, models.CodeClosed, models.CodeCancelled, models.CodePostponed, models.CodePast,
		models.CodeNoSignUp, models.CodeRosterFull, models.CodeNoSeats, models.CodeNotPossible:
		return http.StatusConflict
	case models.CodeGone:
		return http.StatusGone
	case models.CodeChangedMeanwhile:
		return http.StatusPreconditionFailed
	case models.CodeTooLarge:
		return http.StatusRequestEntityTooLarge
	case models.CodeTooMany:
		return http.StatusTooManyRequests
	case models.CodeUnavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// codeOf is the code of any error, Fiber's own and a deadline included.
func codeOf(err error) models.Code {
	if e, ok := errors.AsType[*fiber.Error](err); ok {
		switch {
		case e.Code == http.StatusNotFound:
			return models.CodeNotFound
		case e.Code == http.StatusMethodNotAllowed:
			return models.CodeWrongMethod
		case e.Code == http.StatusRequestEntityTooLarge, e.Code == http.StatusRequestHeaderFieldsTooLarge:
			return models.CodeTooLarge
		case e.Code < http.StatusInternalServerError:
			return models.CodeMalformed
		}
		return models.CodeInternal
	}
	code := models.CodeOf(err)
	if code == models.CodeInternal && (errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)) {
		return models.CodeUnavailable
	}
	return code
}

// waitWhenAway is how long clients are asked to wait while the store is away.
const waitWhenAway = 5 * time.Second

// fail answers with an error. It must work from nothing: what cannot even be read
// as a request reaches it without having passed any middleware.
func (s *Server) fail(c *fiber.Ctx, err error) error {
	if requestID(c) == "" {
		secure(c)
	}
	code := codeOf(err)
	status := statusOf(code)
	if status >= http.StatusInternalServerError {
		s.logFault(c, err)
	}
	h := &c.Response().Header
	// What a handler promised of its answer does not hold for this one.
	for _, name := range []string{fiber.HeaderETag, fiber.HeaderLastModified, fiber.HeaderContentDisposition, fiber.HeaderContentEncoding, fiber.HeaderLocation} {
		h.Del(name)
	}
	h.Set(fiber.HeaderCacheControl, "no-store")
	h.Set(fiber.HeaderVary, fiber.HeaderAcceptLanguage)
	switch {
	case code == models.CodeTooLarge:
		linger(c)
	case code == models.CodeNotSignedIn:
		h.Set(fiber.HeaderWWWAuthenticate, `Bearer realm="Samling"`)
	case code == models.CodeUnavailable, code == models.CodeTooMany:
		retryAfter(c, waitWhenAway)
	}
	saysWait(c, err)
	c.Status(status)
	p := s.words(c)
	path := c.Path()
	switch {
	case strings.HasPrefix(path, "/api/"):
		return s.problem(c, s.deskWords(c), status, code, err)
	case isFeed(path), path == "/readyz", path == "/healthz":
		c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
		return c.SendString(sentence(p, err) + "\n")
	}
	return s.failPage(c, code, err)
}

// saysWait tells whoever did something too often how long to wait.
func saysWait(c *fiber.Ctx, err error) {
	if ours, ok := errors.AsType[*models.Error](err); ok {
		if wait, ok := ours.With["Wait"].(time.Duration); ok {
			retryAfter(c, wait)
		}
	}
}

// logFault tells the log what the answer does not.
func (s *Server) logFault(c *fiber.Ctx, err error) {
	s.Log.LogAttrs(context.Background(), slog.LevelError, "request failed",
		slog.String("id", requestID(c)), slog.String("path", loggable(c.Path())), slog.Any("error", err))
}

// problem is an error as RFC 9457 has it.
type problem struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Detail string         `json:"detail"`
	Code   models.Code    `json:"code"`
	Errors []problemField `json:"errors,omitempty"`
}

// problemField is one wrong field.
type problemField struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (s *Server) problem(c *fiber.Ctx, p *locale.Printer, status int, code models.Code, err error) error {
	out := problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: sentence(p, err), Code: code}
	if code == models.CodeNotSignedIn {
		out.Detail = p.T("api.no-token") // a program has nowhere to sign in
	}
	if ours, ok := errors.AsType[*models.Error](err); ok {
		for _, f := range ours.Fields {
			out.Errors = append(out.Errors, problemField{f.Name, f.Code, p.T("field."+f.Code, gaps(f.With)...)})
		}
	}
	c.Set(fiber.HeaderContentLanguage, p.Language())
	if err := c.JSON(out); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/problem+json")
	return nil
}

// sentence is what people are told of an error: nothing that stands in it, only
// what its code says.
func sentence(p *locale.Printer, err error) string {
	var with []any
	if ours, ok := errors.AsType[*models.Error](err); ok {
		with = gaps(ours.With)
	}
	return p.T("error."+string(codeOf(err)), with...)
}

func gaps(with map[string]any) []any {
	var out []any
	for name, value := range with {
		out = append(out, name, value)
	}
	return out
}

package handlers

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/models"
)

// contentSecurity allows our own styles, scripts and pictures and nothing else:
// no inline code, no other site, no frame around us.
const contentSecurity = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

const headerRequestID = "X-Request-Id"

// around stands around every request that is routed: it keeps the process alive
// when a handler panics, turns errors into answers and writes the access log. It
// calls the error handler itself so that the log has the status that was sent.
func (s *Server) around(c *fiber.Ctx) error {
	began := s.Now()
	id := secure(c)
	if err := s.guarded(c); err != nil {
		if err := s.fail(c, err); err != nil {
			return err
		}
	}
	ended := s.Now()
	took := ended.Sub(began)
	if s.Answered != nil {
		s.Answered(c.Route().Path, c.Method(), c.Response().StatusCode(), took)
	}
	s.logRequest(c, id, ended, took)
	return nil
}

// guarded goes on, and makes a panic an error.
func (s *Server) guarded(c *fiber.Ctx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = models.Because(models.CodeInternal, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
	}()
	return c.Next()
}

// secure sets what every answer carries, those of the error handler included, and
// returns the request's id.
func secure(c *fiber.Ctx) string {
	id := strconv.FormatUint(rand.Uint64()|1<<63, 16) // a name for the log, not a secret
	h := &c.Response().Header
	h.Set(headerRequestID, id)
	h.Set(fiber.HeaderContentSecurityPolicy, contentSecurity)
	h.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	h.Set(fiber.HeaderReferrerPolicy, "same-origin")
	return id
}

func requestID(c *fiber.Ctx) string {
	return string(c.Response().Header.Peek(headerRequestID))
}

// loggable is a path without what must not stand in a log: tokens of mailed
// links, of members' and of doors, and whatever looks like an address. The query is not part of it.
func loggable(path string) string {
	for _, before := range []string{"/rsvp/", "/sign-in/", mailOffPath, membersPath, doorPath} {
		if i := strings.Index(path, before); i >= 0 {
			return path[:i+len(before)] + "…"
		}
	}
	if strings.ContainsAny(path, "@%") {
		return "…"
	}
	return path
}

// within gives a request its deadline. Fiber's own context has none, and does
// not end with the server.
func (s *Server) within(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(s.ctx, requestLasts)
	defer cancel()
	c.SetUserContext(ctx)
	return c.Next()
}

// sameSite refuses what a browser sends on behalf of another site's page. Only
// browsers send these headers; programs are let through. An older browser calls
// the origin of a page that must not be named "null", as that of our manage page
// and of those behind members' links and at doors: their addresses are secrets that
// other sites do not have.
func (s *Server) sameSite(c *fiber.Ctx) error {
	switch c.Method() {
	case fiber.MethodGet, fiber.MethodHead, fiber.MethodOptions:
		return c.Next()
	}
	origin := c.Get(fiber.HeaderOrigin)
	ours := false
	switch site := c.Get("Sec-Fetch-Site"); {
	case site != "":
		ours = site == "same-origin" || site == "none"
	case origin == "" || origin == s.Site:
		ours = true
	case origin == "null":
		ours = strings.Contains(c.Path(), "/rsvp/") || strings.Contains(c.Path(), membersPath) || strings.Contains(c.Path(), doorPath)
	default:
		u, err := url.Parse(origin)
		ours = err == nil && u.Host == c.Get(fiber.HeaderHost)
	}
	if !ours {
		return models.Fault(models.CodeNotAllowed)
	}
	return c.Next()
}

// retryAfter is what a client is asked to wait, in whole seconds.
func retryAfter(c *fiber.Ctx, wait time.Duration) {
	seconds := int(max(wait.Round(time.Second)/time.Second, 1))
	c.Set(fiber.HeaderRetryAfter, strconv.Itoa(seconds))
}

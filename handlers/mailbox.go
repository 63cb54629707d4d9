package handlers

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/models"
)

// Mailbox holds the mail of a demonstration, which is never sent.
type Mailbox interface {
	// Letters are the mails, newest first.
	Letters() []Letter
}

// Letter is one mail, taken apart for showing. Text, HTML and Calendar are its
// parts, decoded; empty: it has none.
type Letter struct {
	From, To, Subject    string
	Time                 time.Time
	Text, HTML, Calendar string
}

// id names a letter in an address.
func (l *Letter) id() string {
	h := sha256.New()
	for _, part := range []string{l.To, l.Subject, l.Time.UTC().Format(time.RFC3339Nano), l.Text, l.Calendar} {
		h.Write([]byte(part + "\x00"))
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// letterRow is a letter in the list.
type letterRow struct{ Href, Subject, To, When string }

// letterBody is one letter, and where its parts are.
type letterBody struct {
	Letter
	When, Back    string
	Frame, Invite string // empty: it has no such part
}

// mailboxPage is GET /demo/mail.
func (s *Server) mailboxPage(c *fiber.Ctx) error {
	p := s.pageWords(c)
	var rows []letterRow
	for _, l := range s.Mailbox.Letters() {
		rows = append(rows, letterRow{s.prefix(p.Language()) + "/demo/mail/" + l.id(), l.Subject, l.To, clock(p, l.Time, s.zone)})
	}
	private(c)
	return s.page(c, http.StatusOK, "mailbox", p, p.T("demo.mailbox"), rows)
}

// letter is the letter that an address names.
func (s *Server) letter(c *fiber.Ctx) (Letter, error) {
	id := c.Params("letter")
	for _, l := range s.Mailbox.Letters() {
		if l.id() == id {
			return l, nil
		}
	}
	return Letter{}, models.ErrNotFound
}

// letterPage is GET /demo/mail/{letter}.
func (s *Server) letterPage(c *fiber.Ctx) error {
	l, err := s.letter(c)
	if err != nil {
		return err
	}
	p := s.pageWords(c)
	body := letterBody{Letter: l, When: clock(p, l.Time, s.zone), Back: s.prefix(p.Language()) + "/demo/mail"}
	if l.HTML != "" {
		body.Frame = c.Path() + "/html"
		c.Set(fiber.HeaderContentSecurityPolicy, contentSecurity+"; frame-src 'self'")
	}
	if l.Calendar != "" {
		body.Invite = c.Path() + "/invitation.ics"
	}
	private(c)
	return s.page(c, http.StatusOK, "letter", p, l.Subject, body)
}

// letterHTML is GET /demo/mail/{letter}/html: the HTML part as it was sent, shut
// into a frame. Mail brings its own styles, so it has a policy of its own, and
// its links open in the whole window.
func (s *Server) letterHTML(c *fiber.Ctx) error {
	l, err := s.letter(c)
	if err != nil || l.HTML == "" {
		return models.ErrNotFound
	}
	private(c)
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; "+
		"sandbox allow-top-navigation-by-user-activation")
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return c.SendString(strings.Replace(l.HTML, "<head>", `<head><base target="_top">`, 1))
}

// letterCalendar is GET /demo/mail/{letter}/invitation.ics.
func (s *Server) letterCalendar(c *fiber.Ctx) error {
	l, err := s.letter(c)
	if err != nil || l.Calendar == "" {
		return models.ErrNotFound
	}
	private(c)
	c.Set(fiber.HeaderContentType, "text/calendar; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="invitation.ics"`)
	return c.SendString(l.Calendar)
}

package handlers

import (
	"github.com/gofiber/fiber/v2"
)

// stuck is what the organisers' pages say when somebody must look after the mail.
type stuck struct {
	Text, Do string
	Href     string // to where a coordinator sees more; empty: for others, and there
	// Words and Since are for coordinators: what the mail server said, if it did.
	Words, Since string
}

// stuck is nil when nobody must. How mail fares is not worth a page: while the
// store does not say, neither do we.
func (s *Server) stuck(c *fiber.Ctx, oversees bool) *stuck {
	mail, err := s.mailFares(c.UserContext())
	if err != nil || mail.Trouble == "" {
		return nil
	}
	p := s.pageWords(c)
	says := &stuck{Text: p.T("organise.stuck." + mail.Trouble)}
	switch {
	case !oversees:
		says.Do = p.T("organise.stuck.tell")
	case c.Path() != s.here(c, "/organise/outbox"):
		says.Href = s.here(c, "/organise/outbox")
	default:
		since := mail.Since.In(s.zone)
		says.Do = p.T("organise.stuck." + mail.Trouble + ".do")
		says.Words, says.Since = mail.Words, p.Day(since)+" "+p.Time(since)
	}
	return says
}

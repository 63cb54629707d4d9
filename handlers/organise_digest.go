package handlers

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
)

// digestPage is the choice of what an organiser is mailed about her events.
type digestPage struct {
	Desk  desk
	Here  string
	Said  string
	Mails []choice
}

// askDigest is GET /organise/account/digest.
func (s *Server) askDigest(c *fiber.Ctx) error {
	d, err := s.Planner.DigestOf(c.UserContext(), by(c).ID)
	if err != nil {
		return err
	}
	p := s.pageWords(c)
	body := digestPage{Desk: s.desk(c, "account"), Here: s.here(c, "/organise/account/digest")}
	body.Said = saidOf(c, p, "digest.", "saved")
	for _, kind := range models.DeskRounds() {
		body.Mails = append(body.Mails, choice{string(kind), p.T("digest." + string(kind)), d.Wants(kind)})
	}
	return s.page(c, http.StatusOK, "organise-digest", p, p.T("digest.title"), body)
}

// takeDigest is POST /organise/account/digest.
func (s *Server) takeDigest(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	var wants []models.MailKind
	for _, kind := range in.list("mail") {
		wants = append(wants, models.MailKind(kind))
	}
	if err := s.Planner.ChooseDigest(c.UserContext(), by(c), wants); err != nil {
		return err
	}
	return c.Redirect(s.here(c, "/organise/account/digest?done=saved"), http.StatusSeeOther)
}

// mailOffPage asks whether mails of a kind should end, or says that they have.
type mailOffPage struct {
	Desk       desk
	Here, Text string
	Ask        bool
}

// askMailOff is GET /mail-off/{kind}/{token}. It changes nothing: programs that look
// through mail follow its links.
func (s *Server) askMailOff(c *fiber.Ctx) error {
	p, kind := s.pageWords(c), models.MailKind(c.Params("kind"))
	if _, err := s.Planner.ByDigestToken(kind, c.Params("token")); err != nil {
		return s.mailOffFault(c, p, err)
	}
	body := mailOffPage{Desk: s.desk(c, ""), Here: c.Path(), Text: p.T("digest.off-what", "What", p.T("digest."+string(kind))), Ask: true}
	return s.page(c, http.StatusOK, "mail-off", p, p.T("digest.off-ask"), body)
}

// takeMailOff is POST /mail-off/{kind}/{token}, from that page, or from a mail program
// whose reader presses "unsubscribe" (RFC 8058 §3.2): the address says all, so nothing
// is read of what comes with it, and it leads nowhere else.
func (s *Server) takeMailOff(c *fiber.Ctx) error {
	p := s.pageWords(c)
	if err := s.Planner.DigestOff(c.UserContext(), models.MailKind(c.Params("kind")), c.Params("token")); err != nil {
		return s.mailOffFault(c, p, err)
	}
	return s.page(c, http.StatusOK, "mail-off", p, p.T("digest.off-done"), mailOffPage{Desk: s.desk(c, ""), Text: p.T("digest.off-again")})
}

// mailOffFault is the page for a link that leads nowhere.
func (s *Server) mailOffFault(c *fiber.Ctx, p *locale.Printer, err error) error {
	if codeOf(err) != models.CodeNotFound {
		return err
	}
	return s.page(c, http.StatusNotFound, "mail-off", p, p.T("digest.off-unknown"), mailOffPage{Desk: s.desk(c, ""), Text: p.T("digest.off-unknown-why")})
}

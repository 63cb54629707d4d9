package handlers

import (
	"encoding/base64"
	"html/template"
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// membersDesk are the associations whose members' links somebody may have.
type membersDesk struct {
	Desk  desk
	Links []membersRow
}

type membersRow struct {
	link
	Count int // of what is on for members
}

// organiseMembers is GET /organise/members. Whoever has one association goes
// straight to it.
func (s *Server) organiseMembers(c *fiber.Ctx) error {
	p, m := s.pageWords(c), s.moment()
	body := membersDesk{Desk: s.desk(c, "ours")}
	for _, a := range m.catalogue.Associations {
		if by(c).WorksFor(a.ID) {
			row := membersRow{link: link{a.Name, body.Desk.Base + "/associations/" + a.ID + "/members"}}
			pass := &models.Pass{Association: a.ID, Everything: a.Central}
			for _, l := range m.catalogue.Select(planner.Filter{Pass: pass, From: m.now}) {
				if l.Audience == models.Members {
					row.Count++
				}
			}
			body.Links = append(body.Links, row)
		}
	}
	if len(body.Links) == 1 {
		return c.Redirect(body.Links[0].Href, http.StatusSeeOther)
	}
	return s.page(c, http.StatusOK, "organise-members", p, p.T("organise.menu.members"), body)
}

// linkPage shows a members' link to those who may give it to others.
type linkPage struct {
	Desk    desk
	Of      string // whose it is
	Shows   string // what it shows, in a sentence
	Note    string // that it shows nothing yet, or that nobody needs it
	Address string
	Code    template.URL // a picture of it
	Since   string       // since when it has been that, and by whom
	Here    string       // the address of this page
	Back    link         // empty: there is nothing else to show
	Said    string
	Copy    string // address of the script that copies
	seen    time.Time
}

// Seen is the link that the page shows, for the form that ends it.
func (b linkPage) Seen() string { return writeSeen(b.seen) }

// associationLink is GET /organise/associations/{slug}/members.
func (s *Server) associationLink(c *fiber.Ctx) error {
	body, err := s.associationLinked(c)
	if err != nil {
		return err
	}
	return s.linkPage(c, "organise-link", "organise.link.title", body)
}

// eventLink is GET /organise/events/{id}/members.
func (s *Server) eventLink(c *fiber.Ctx) error {
	body, err := s.eventLinked(c)
	if err != nil {
		return err
	}
	return s.linkPage(c, "organise-link", "organise.link.title", body)
}

// askAssociationLink and askEventLink are GET .../members/renew.
func (s *Server) askAssociationLink(c *fiber.Ctx) error {
	body, err := s.associationLinked(c)
	if err != nil {
		return err
	}
	return s.linkPage(c, "organise-link-renew", "organise.link.renew-question", body)
}

func (s *Server) askEventLink(c *fiber.Ctx) error {
	body, err := s.eventLinked(c)
	if err != nil {
		return err
	}
	return s.linkPage(c, "organise-link-renew", "organise.link.renew-question", body)
}

func (s *Server) linkPage(c *fiber.Ctx, name, title string, body linkPage) error {
	p := s.pageWords(c)
	return s.page(c, http.StatusOK, name, p, p.T(title), body)
}

// renewAssociationLink and renewEventLink are POST .../members/renew.
func (s *Server) renewAssociationLink(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	slug := c.Params("association")
	if err := s.Planner.RenewAssociationLink(c.UserContext(), by(c), slug, seenIn(in)); err != nil {
		return err
	}
	return c.Redirect(s.here(c, "/organise/associations/"+slug+"/members?done=renewed"), http.StatusSeeOther)
}

func (s *Server) renewEventLink(c *fiber.Ctx) error {
	e, in, err := s.formAbout(c)
	if err != nil {
		return err
	}
	if err := s.Planner.RenewEventLink(c.UserContext(), by(c), e.ID, seenIn(in)); err != nil {
		return err
	}
	return c.Redirect(s.here(c, "/organise/events/"+e.ID+"/members?done=renewed"), http.StatusSeeOther)
}

// seenIn is the state that a form began with, of what begins without a date: zero
// for the first one.
func seenIn(in form) time.Time {
	if made, ok := readSeen(in.get("seen")); ok {
		return made
	}
	return time.Time{}
}

func (s *Server) associationLinked(c *fiber.Ctx) (linkPage, error) {
	a, err := s.Planner.Linked(by(c), c.Params("association"))
	if err != nil {
		return linkPage{}, err
	}
	p := s.pageWords(c)
	body := linkPage{
		Desk: s.desk(c, "ours"), Of: a.Name, Shows: p.T("organise.link.of-association", "Name", a.Name),
		Address: s.Site + membersPath + s.Planner.AssociationSecret(&a),
	}
	if a.Central {
		body.Shows = p.T("organise.link.of-everything")
	}
	body.Here = body.Desk.Base + "/associations/" + a.ID + "/members"
	if o := by(c); o.MayOversee() || len(o.For) > 1 {
		body.Back = link{p.T("organise.menu.members"), body.Desk.Base + "/members"}
	}
	return body, s.drawLink(c, p, a.Link, &body)
}

func (s *Server) eventLinked(c *fiber.Ctx) (linkPage, error) {
	e, err := s.editable(c)
	if err != nil {
		return linkPage{}, err
	}
	p := s.pageWords(c)
	body := linkPage{
		Desk: s.eventDesk(c, p, &e, "members"), Of: e.Title, Shows: p.T("organise.link.of-event"),
		Address: s.Site + view{at: membersPath + s.Planner.EventSecret(&e)}.event(e.Slug),
	}
	switch {
	case e.Status == models.Draft:
		body.Note = p.T("organise.link.draft")
	case e.Audience != models.Members:
		body.Note = p.T("organise.link.public")
	}
	body.Back = link{p.T("organise.link.to-event"), body.Desk.Base + "/events/" + e.ID}
	body.Here = body.Back.Href + "/members"
	return body, s.drawLink(c, p, e.Link, &body)
}

// drawLink fills in what the pages of all links have.
func (s *Server) drawLink(c *fiber.Ctx, p *locale.Printer, l models.Link, body *linkPage) error {
	picture, err := qrCode(body.Address)
	if err != nil {
		return err
	}
	// In the page itself: a picture of a secret has no address.
	body.Code = template.URL("data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(picture)) //nolint:gosec // drawn by us
	body.Copy, body.seen = s.pages.named["copy.js"], l.Made
	if !l.Made.IsZero() {
		who, err := s.Planner.RenewedBy(c.UserContext(), l)
		if err != nil {
			return err
		}
		at := l.Made.In(s.zone)
		day := p.Date(at) + " " + p.Time(at)
		if body.Since = p.T("organise.link.since", "Day", day); who != "" {
			body.Since = p.T("organise.link.since-by", "Day", day, "Who", who)
		}
	}
	body.Said = saidOf(c, p, "organise.link.", "renewed")
	return nil
}

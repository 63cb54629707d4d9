package handlers

import (
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/models"
)

// named is one entry of a list that people choose from.
type named struct {
	Slug string `json:"slug"`
	Name string `json:"name"`
}

// association is an association as the API has it.
type association struct {
	named
	District string `json:"district,omitempty"`
	Email    string `json:"email,omitempty"`
	Website  string `json:"website,omitempty"`
	Central  bool   `json:"central"`
}

// kind is a kind of event, with what a new one starts from.
type kind struct {
	named
	Audience models.Audience `json:"audience"`
	Minutes  int             `json:"minutes"`
	Needed   bool            `json:"rsvp_needed"`
	Capacity int             `json:"capacity"`
}

// listAssociations is GET /associations.
func (s *Server) listAssociations(c *fiber.Ctx) error {
	out := []association{}
	for _, a := range s.Planner.Catalogue().Associations {
		out = append(out, association{named{a.ID, a.Name}, a.District, a.Email, a.Website, a.Central})
	}
	return s.directory(c, "associations", out)
}

// listGroups is GET /groups.
func (s *Server) listGroups(c *fiber.Ctx) error {
	language := s.words(c).Language()
	out := []named{}
	for _, g := range s.Planner.Catalogue().Groups {
		out = append(out, named{g.ID, g.In(language)})
	}
	return s.directory(c, "groups", out)
}

// listDistricts is GET /districts.
func (s *Server) listDistricts(c *fiber.Ctx) error {
	language := s.words(c).Language()
	out := []named{}
	for _, d := range s.Planner.Catalogue().Districts {
		out = append(out, named{d.ID, d.In(language)})
	}
	return s.directory(c, "districts", out)
}

// listKinds is GET /kinds.
func (s *Server) listKinds(c *fiber.Ctx) error {
	p := s.words(c)
	out := []kind{}
	for _, k := range models.Kinds() {
		t := k.Template()
		out = append(out, kind{named{string(k), p.T("kind." + string(k))}, t.Audience, int(t.Length / time.Minute), t.SignUp, t.Capacity})
	}
	return s.directory(c, "kinds", out)
}

// directory answers with a list under its name, in the reader's language.
func (s *Server) directory(c *fiber.Ctx, name string, entries any) error {
	c.Set(fiber.HeaderContentLanguage, s.words(c).Language())
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptLanguage)
	return s.json(c, http.StatusOK, map[string]any{name: entries})
}

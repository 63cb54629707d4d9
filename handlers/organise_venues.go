package handlers

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"samling/models"
)

// venuesPage are the places that somebody may use again. Places are those of her
// events that are not kept yet.
type venuesPage struct {
	Desk   desk
	Here   string
	Said   string
	Venues []venueRow
	Places []link
}

type venueRow struct {
	Href, Name, Address, Of, Capacity string // Href empty: it is not hers to change
	Access                            []string
}

// The most places of events that are suggested to be kept.
const placesSuggested = 10

// organiseVenues is GET /organise/venues.
func (s *Server) organiseVenues(c *fiber.Ctx) error {
	p := s.pageWords(c)
	venues, err := s.Planner.Venues(c.UserContext(), by(c))
	if err != nil {
		return err
	}
	body := venuesPage{Desk: s.desk(c, "ours")}
	body.Here = body.Desk.Base + "/venues"
	body.Said = saidOf(c, p, "venues.done.", "kept", "dropped")
	known := map[string]bool{"": true}
	for _, v := range venues {
		row := venueRow{Name: v.Name, Address: v.Address, Of: p.T("venues.city"), Access: access(p, v.Access)}
		if v.Association != "" {
			row.Of = s.Planner.Catalogue().HostName(v.Association, p.Language())
		}
		if v.Association != "" || body.Desk.Oversees {
			row.Href = body.Here + "/" + v.ID
		}
		if v.Capacity > 0 {
			row.Capacity = p.T("venues.takes", "Count", v.Capacity)
		}
		body.Venues, known[v.Name] = append(body.Venues, row), true
	}
	listed := s.Planner.Catalogue().Events
	for i := len(listed) - 1; i >= 0 && len(body.Places) < placesSuggested; i-- {
		e := listed[i].Event
		if name := e.Place.Name; !known[name] && by(c).WorksFor(e.Host) && !e.SignUp.Protected {
			body.Places, known[name] = append(body.Places, link{name, body.Here + "/new?from=" + e.ID}), true
		}
	}
	return s.page(c, http.StatusOK, "organise-venues", p, p.T("organise.menu.venues"), body)
}

// offeredVenue is a venue that can be chosen by typing; Fill is what its choice puts
// into other fields that are empty, as JSON.
type offeredVenue struct{ Name, Says, Fill string }

// offered are the venues that the form of an event offers.
func (s *Server) offered(c *fiber.Ctx, host string) (out []offeredVenue, err error) {
	p := s.pageWords(c)
	venues, err := s.Planner.Venues(c.UserContext(), by(c), host)
	for _, v := range venues {
		fill := map[string]string{}
		for name, value := range formOfVenue(v) {
			if name != "association" && name != "place.name" && value[0] != "" {
				fill[name] = value[0]
			}
		}
		data, _ := json.Marshal(fill) // texts alone
		says := v.Address
		if v.Capacity > 0 {
			says = strings.TrimPrefix(says+", "+p.T("venues.takes", "Count", v.Capacity), ", ")
		}
		out = append(out, offeredVenue{v.Name, says, string(data)})
	}
	return out, err
}

// venuePage is the form of a venue.
type venuePage struct {
	Desk   desk
	Here   string
	Seen   models.Revision
	Inputs []input
	Wrong  []complaint
	Back   string
}

// askVenue is GET /organise/venues/{id} and /organise/venues/new?from, an event.
func (s *Server) askVenue(c *fiber.Ctx) error {
	id := c.Params("venue")
	if id != "" {
		v, err := s.Planner.Venue(c.UserContext(), by(c), id)
		if err != nil {
			return err
		}
		return s.venuePage(c, http.StatusOK, v, formOfVenue(v), nil)
	}
	v := models.Venue{}
	if l, err := s.Planner.Catalogue().Event(c.Query("from")); err == nil && by(c).MayEdit(l.Event) {
		v = models.VenueOf(l.Event)
	}
	if v.Association == "" && len(by(c).For) > 0 {
		v.Association = by(c).For[0]
	}
	v.ID = uuid.NewString()
	return s.venuePage(c, http.StatusOK, v, formOfVenue(v), nil)
}

func formOfVenue(v models.Venue) form {
	in := form{}
	in.setAccess(v.Access)
	for name, value := range map[string]string{
		"association": v.Association, "place.name": v.Name, "place.address": v.Address, "district": v.District, "capacity": number(v.Capacity),
		"indoors": yesNo(v.Indoors),
	} {
		in.set(name, value)
	}
	return in
}

func (s *Server) venuePage(c *fiber.Ctx, status int, v models.Venue, in form, wrong error) error {
	p := s.pageWords(c)
	body := venuePage{Desk: s.desk(c, "ours"), Seen: v.Revision}
	body.Back = body.Desk.Base + "/venues"
	body.Here = body.Back + "/" + v.ID
	h := &sheet{Printer: p, in: in, wrong: wrongInputs(p, wrong)}
	h.section("where")
	h.text("place.name", models.MaxLine).needed()
	h.text("place.address", models.MaxLine)
	h.one("district", append([]choice{{Label: p.T("organise.unknown")}}, s.districtChoices(p)...))
	h.add("number", "capacity").Hint = p.T("venues.capacity-hint")
	h.access()
	h.add("short", "access.notes").Max = models.MaxNote
	whose := s.hostChoices(p, by(c), v.Association)
	if body.Desk.Oversees {
		whose = append([]choice{{"", p.T("venues.city"), v.Association == ""}}, whose...)
	}
	h.one("association", whose).Label = p.T("venues.of")
	body.Inputs, body.Wrong = h.sections[0].Inputs, h.faults(wrong)
	title := v.Name
	if v.Revision == "" {
		title = p.T("venues.new")
	}
	return s.page(c, status, "organise-venue", p, title, body)
}

// takeVenue is POST /organise/venues/{id}. The form of a new one brings the id.
func (s *Server) takeVenue(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	id, here := c.Params("venue"), s.here(c, "/organise/venues")
	if in.get("do") == "drop" {
		if err := s.Planner.DropVenue(c.UserContext(), by(c), id); err != nil {
			return err
		}
		return c.Redirect(here+"?done=dropped", http.StatusSeeOther)
	}
	if _, err := uuid.Parse(id); err != nil {
		return models.ErrNotFound
	}
	var f models.Faults
	v := models.Venue{
		Document:    models.Document{ID: id, Revision: models.Revision(in.get("seen"))},
		Association: in.get("association"), Name: in.get("place.name"), Address: in.get("place.address"), District: in.get("district"),
		Access:  in.access(),
		Indoors: in.yesNo("indoors"), Capacity: in.number(&f, "capacity"),
	}
	if err = f.Err(); err == nil {
		err = s.Planner.KeepVenue(c.UserContext(), by(c), v)
	}
	switch code := codeOf(err); code {
	case models.CodeInvalid:
		return s.venuePage(c, statusOf(code), v, in, err)
	case models.CodeChangedMeanwhile:
		if kept, gerr := s.Planner.Venue(c.UserContext(), by(c), id); gerr == nil {
			v.Document = kept.Document // saving it now replaces theirs, which she has been told
			return s.venuePage(c, statusOf(code), v, in, err)
		}
	}
	if err != nil {
		return err
	}
	return c.Redirect(here+"?done=kept", http.StatusSeeOther)
}

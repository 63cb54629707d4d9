package handlers

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"samling/models"
)

// room is a part of the desk that has no entry in the menu of its own. Count is
// what waits there in words; empty: nothing does.
type room struct{ Href, Name, Text, Count string }

// roomsPage leads to several rooms.
type roomsPage struct {
	Desk  desk
	Rooms []room
}

// organiseOurs is GET /organise/ours: what an association keeps beside its events.
func (s *Server) organiseOurs(c *fiber.Ctx) error {
	names := []string{"templates", "venues", "members", "calendars", "texts"}
	if len(s.Planner.GroupsOf(by(c))) > 0 {
		names = append(names, "contributions")
	}
	return s.roomsPage(c, "ours", nil, names...)
}

// organiseCity is GET /organise/city: what the central office looks after.
func (s *Server) organiseCity(c *fiber.Ctx) error {
	if !by(c).MayOversee() {
		return models.ErrNotFound
	}
	waits, err := s.cityWaits(c)
	if err != nil {
		return err
	}
	return s.roomsPage(c, "city", waits, "overview", "approvals", "directory", "organisers", "numbers", "calendars", "settings", "notice", "log", "changes", "outbox")
}

// cityWaits is what waits in the rooms of the city, in words, by room.
func (s *Server) cityWaits(c *fiber.Ctx) (map[string]string, error) {
	ctx, p, now, waits := c.UserContext(), s.pageWords(c), s.Now(), map[string]string{}
	say := func(room, key string, n int) {
		if n > 0 {
			waits[room] = p.T(key, "Count", n)
		}
	}
	organisers, err := s.Planner.Organisers(ctx, by(c))
	if err != nil {
		return nil, err
	}
	lapsing := 0
	for _, o := range organisers {
		if o.Lapsing(now) {
			lapsing++
		}
	}
	say("organisers", "city.lapsing", lapsing)
	follows, err := s.Planner.Follows(ctx, by(c))
	if err != nil {
		return nil, err
	}
	troubled := 0
	for i := range follows {
		if calm(&follows[i]) == 0 {
			troubled++
		}
	}
	say("calendars", "city.calendars", troubled)
	mails, err := s.Planner.MailCounts(ctx)
	if err != nil {
		return nil, err
	}
	say("approvals", "together.count", len(s.Planner.Waiting()))
	say("outbox", "city.mails", mails[models.MailFailed]+mails[models.MailWithheld])
	return waits, nil
}

// roomsPage shows rooms by the last parts of their addresses, with what waits in
// them.
func (s *Server) roomsPage(c *fiber.Ctx, at string, waits map[string]string, names ...string) error {
	p := s.pageWords(c)
	body := roomsPage{Desk: s.desk(c, at)}
	for _, name := range names {
		body.Rooms = append(body.Rooms, room{body.Desk.Base + "/" + name, p.T("organise.menu." + name), p.T("organise.room." + name), waits[name]})
	}
	return s.page(c, http.StatusOK, "organise-rooms", p, p.T("organise.menu."+at), body)
}

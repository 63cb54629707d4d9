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
	names := []string{"venues", "members", "calendars", "texts"}
	if len(s.Planner.GroupsOf(by(c))) > 0 {
		names = append(names, "contributions")
	}
	return s.roomsPage(c, "ours", names...)
}

// organiseCity is GET /organise/city: what the central office looks after.
func (s *Server) organiseCity(c *fiber.Ctx) error {
	if !by(c).MayOversee() {
		return models.ErrNotFound
	}
	return s.roomsPage(c, "city", "overview", "approvals", "directory", "organisers", "settings", "notice", "log", "changes", "outbox")
}

// roomsPage shows rooms by the last parts of their addresses.
func (s *Server) roomsPage(c *fiber.Ctx, at string, names ...string) error {
	p := s.pageWords(c)
	body := roomsPage{Desk: s.desk(c, at)}
	for _, name := range names {
		count := ""
		if n := len(s.Planner.Waiting()); name == "approvals" && n > 0 {
			count = p.T("together.count", "Count", n)
		}
		body.Rooms = append(body.Rooms, room{body.Desk.Base + "/" + name, p.T("organise.menu." + name), p.T("organise.room." + name), count})
	}
	return s.page(c, http.StatusOK, "organise-rooms", p, p.T("organise.menu."+at), body)
}

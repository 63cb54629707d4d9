package handlers

import (
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/models"
)

// healthz says that the process answers.
func (s *Server) healthz(c *fiber.Ctx) error {
	if s.stopping.Load() {
		return models.Fault(models.CodeUnavailable)
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.SendString("ok\n")
}

// readyz says that requests can be answered, and how mail fares. Paused mail does
// not make it unready: sign-ups are taken, and the mails wait in the store. Why
// it is paused is for the log, since anybody may ask here.
func (s *Server) readyz(c *fiber.Ctx) error {
	if s.stopping.Load() {
		return models.Fault(models.CodeUnavailable)
	}
	if err := s.Planner.Ready(c.UserContext()); err != nil {
		return models.Because(models.CodeUnavailable, err)
	}
	out := struct {
		Status string `json:"status"`
		Mail   string `json:"mail,omitempty"`
		Oldest int    `json:"oldest_mail_seconds,omitempty"`
	}{Status: "ready"}
	if s.Outbox != nil {
		paused, oldest, err := s.Outbox.Fares(c.UserContext())
		if err != nil {
			return models.Because(models.CodeUnavailable, err)
		}
		out.Mail = "running"
		if paused != "" {
			out.Mail = "paused"
		}
		if !oldest.IsZero() {
			out.Oldest = int(max(0, s.Now().Sub(oldest)) / time.Second)
		}
	}
	return s.json(c, http.StatusOK, out)
}

package handlers

import (
	"bytes"
	"slices"

	"github.com/gofiber/fiber/v2"

	"samling/models"
)

// The media types of attendance lists.
const (
	typeCSV  = "text/csv"
	typeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// attendance is GET /events/{event}/attendance, in the form that Accept asks for.
func (s *Server) attendance(c *fiber.Ctx) error {
	by, err := s.signedIn(c, models.ScopeReadAttendance)
	if err != nil {
		return err
	}
	var f models.Faults
	status := c.Query("status")
	if status != "" && status != "cancelled" {
		f.Add("status", "bad-choice", "Value", clip(status))
		return f.Err()
	}
	along := c.Query("answers")
	if along != "" && along != "yes" {
		f.Add("answers", "bad-choice", "Value", clip(along))
		return f.Err()
	}
	media, format := fiber.MIMEApplicationJSON, "json"
	switch c.Accepts(fiber.MIMEApplicationJSON, typeCSV, typeXLSX) {
	case typeCSV:
		media, format = typeCSV+"; charset=utf-8", "csv"
	case typeXLSX:
		media, format = typeXLSX, "xlsx"
	}
	t := Takeout{Format: format}
	if format != "json" {
		t.Along = slices.DeleteFunc(Alongs(), func(name string) bool { return name == AlongAnswers })
	}
	if along != "" {
		t.Along = append(t.Along, AlongAnswers)
	}
	a, err := s.Planner.Attendance(c.UserContext(), by, c.Params("event"), t.How(), status != "")
	if err != nil {
		return err
	}
	t.By, t.At, t.Destroy = by.Email, s.Now().In(s.zone), s.Planner.ErasedBy(&a.Event).In(s.zone)
	p := s.deskWords(c)
	if c.Get(fiber.HeaderAcceptLanguage) == "" && c.Query("lang") == "" {
		p = s.Words.Complete().In(by.Language)
	}
	var b bytes.Buffer
	if err := WriteAttendance(&b, t, a, p); err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderVary, "Accept, Accept-Language")
	c.Set(fiber.HeaderContentType, media)
	if format != "json" {
		c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+a.Event.Slug+"."+format+`"`)
	}
	return c.Send(b.Bytes())
}

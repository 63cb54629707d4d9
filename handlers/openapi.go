package handlers

import (
	_ "embed" // for openapi.json

	"github.com/gofiber/fiber/v2"
)

// openAPIDocument describes the JSON API in OpenAPI 3.1. A test holds it against
// the routes and against what they answer.
//
//go:embed openapi.json
var openAPIDocument []byte

// openAPI is GET /openapi.json.
func (s *Server) openAPI(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	c.Set(fiber.HeaderCacheControl, "public, max-age=300")
	return c.Send(openAPIDocument)
}

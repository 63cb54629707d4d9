// Bare serves one file as a Fiber handler that does nothing else: with the
// headers of Samling's answer, and as 304 to whoever has it. It is what
// .ci/compare holds Samling against.
//
// Usage: bare ADDRESS FILE HEADERS, the headers as curl -D wrote them
package main

import (
	"log"
	"os"
	"strings"

	"github.com/gofiber/fiber/v2"
)

func main() {
	body, err := os.ReadFile(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	text, err := os.ReadFile(os.Args[3])
	if err != nil {
		log.Fatal(err)
	}
	var headers [][2]string
	var tag string
	for line := range strings.Lines(string(text)) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
		switch strings.ToLower(name) {
		case "date", "content-length", "connection":
			continue
		case "etag":
			tag = value
		}
		if ok {
			headers = append(headers, [2]string{name, value})
		}
	}
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Get("/*", func(c *fiber.Ctx) error {
		for _, h := range headers {
			c.Set(h[0], h[1])
		}
		if c.Get(fiber.HeaderIfNoneMatch) == tag {
			return c.SendStatus(fiber.StatusNotModified)
		}
		return c.Send(body)
	})
	log.Fatal(app.Listen(os.Args[1]))
}

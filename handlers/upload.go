package handlers

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"samling/handlers/photo"
	"samling/models"
)

// A form that brings a file may be as large as the file and then some, so that who
// sends twice what is taken is told so instead of being cut off, and may take as long
// as a telephone in a yard needs for it.
const (
	uploadLimit = 3 * photo.MaxBytes
	uploadLasts = 3 * time.Minute
)

// roomFor is how large a request may be and how long it may take. Only the desk is
// sent files; whoever has no session there could not do anything with one.
func (s *Server) roomFor(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	path := string(h.RequestURI())
	if h.IsPost() && strings.Contains(path, "/organise/events/") && strings.HasSuffix(path, "/photo") && len(h.Cookie(s.cookieName())) > 0 {
		return fasthttp.RequestConfig{MaxRequestBodySize: uploadLimit, ReadTimeout: uploadLasts}
	}
	return fasthttp.RequestConfig{}
}

// filesOf reads a posted form with one file in it. It is all in memory, and never
// more than the request was.
func filesOf(c *fiber.Ctx, name string) (in form, file []byte, err error) {
	body, err := bodyOf(c)
	if err != nil {
		return nil, nil, err
	}
	media, with, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	if err != nil || media != fiber.MIMEMultipartForm {
		in, err = formOfRequest(c)
		return in, nil, err
	}
	in = form{}
	parts := multipart.NewReader(bytes.NewReader(body), with["boundary"])
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return in, file, nil
		}
		if err != nil {
			return nil, nil, models.Because(models.CodeMalformed, err)
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return nil, nil, models.Because(models.CodeMalformed, err)
		}
		if part.FormName() == name {
			file = value
		} else {
			in.set(part.FormName(), string(value))
		}
	}
}

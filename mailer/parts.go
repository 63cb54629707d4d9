package mailer

import (
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"strings"
)

// mostNested is how deep parts may lie in parts.
const mostNested = 10

// leaf is one part of a message that holds no others.
type leaf struct {
	// media is the media type in lower case, with its parameters. Of one that
	// cannot be read, empty.
	media  string
	params map[string]string
	body   io.Reader // decoded
}

// eachLeaf visits the leaves of a message in their order, until there are no more or
// visit has seen enough. What cannot be read ends it, for nothing behind it can
// be.
func eachLeaf(header textproto.MIMEHeader, body io.Reader, depth int, visit func(leaf) (more bool)) (more bool) {
	media, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		media = ""
	}
	if !strings.HasPrefix(media, "multipart/") {
		switch strings.ToLower(strings.TrimSpace(header.Get("Content-Transfer-Encoding"))) {
		case "quoted-printable":
			body = quotedprintable.NewReader(body)
		case "base64":
			body = base64.NewDecoder(base64.StdEncoding, body)
		}
		return visit(leaf{media, params, body})
	}
	if depth == mostNested {
		return false
	}
	parts := multipart.NewReader(body, params["boundary"])
	for {
		p, err := parts.NextRawPart()
		if err != nil {
			return true
		}
		if !eachLeaf(p.Header, p, depth+1, visit) {
			return false
		}
	}
}

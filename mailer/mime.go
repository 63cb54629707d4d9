package mailer

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	htmltemplate "html/template"
	"net/textproto"
	"strconv"
	"strings"
	texttemplate "text/template"

	"github.com/jordan-wright/email"

	"samling/models"
)

//go:embed templates/letter.txt templates/letter.html
var templates embed.FS

// body is the letter from its Content-Type on: text, HTML and, where there is
// one, the calendar object, last of the alternatives because that is where
// programs look for it, and once more as a file for those that do not.
//
//	mixed
//	├ alternative
//	│ ├ text/plain
//	│ ├ text/html
//	│ └ text/calendar; method=…
//	└ application/ics, invite.ics
//
// A letter about several events has no text/calendar, and a file for each of them.
func (l Letter) body(p page) ([]byte, error) {
	text, html, err := p.render()
	if err != nil {
		return nil, err
	}
	e := email.NewEmail()
	e.Text, e.HTML = text, html
	object, method := l.calendar()
	files := [][]byte{object}
	if l.Mail.Kind == models.MailTogether {
		// An object is about one event (RFC 5546 §3.2.2), so that none of them can be
		// the alternative of them all.
		files = nil
		for _, one := range l.each() {
			file, _ := one.calendar()
			files = append(files, file)
		}
	}
	for i, file := range files {
		if file == nil {
			continue
		}
		name := "invite.ics"
		if len(files) > 1 {
			name = "invite-" + strconv.Itoa(i+1) + ".ics"
		}
		if _, err := e.Attach(bytes.NewReader(file), name, `application/ics; name="`+name+`"`); err != nil {
			return nil, err
		}
	}
	raw, err := e.Bytes()
	if err != nil {
		return nil, fmt.Errorf("mailer: compose: %w", err)
	}
	return l.finish(raw, len(e.Attachments) > 0, object, method)
}

// finish does what the library cannot: it puts in the calendar part, drops the
// library's header and gives the boundaries, which are random there, names that
// follow from the mail.
func (l Letter) finish(raw []byte, files bool, object []byte, method string) ([]byte, error) {
	_, body, ok := bytes.Cut(raw, []byte("\r\n\r\n"))
	// The header block stands in the order of a map, so it is asked by name.
	outer := boundary(headerValue(raw[:len(raw)-len(body)], "Content-Type"))
	if !ok || outer == "" {
		return nil, fmt.Errorf("mailer: compose: no boundary in the library's message")
	}
	inner, kind := outer, "alternative"
	if files {
		inner, kind = boundary(headerValue(body, "Content-Type")), "mixed"
	}
	if object != nil {
		body = bytes.Replace(body, []byte("\r\n--"+inner+"--"), calendarPart(inner, object, method), 1)
	}
	seed := sha256.Sum256([]byte(l.Mail.ID))
	name := hex.EncodeToString(seed[:16])
	body = bytes.ReplaceAll(body, []byte(inner), []byte("alternative-"+name))
	if inner != outer {
		body = bytes.ReplaceAll(body, []byte(outer), []byte("mixed-"+name))
	}
	head := "Content-Type: multipart/" + kind + ";\r\n boundary=" + kind + "-" + name + "\r\n\r\n"
	return append([]byte(head), body...), nil
}

// calendarPart is the part, and the end of the alternatives behind it.
func calendarPart(boundary string, object []byte, method string) []byte {
	var b bytes.Buffer
	b.WriteString("\r\n--" + boundary + "\r\n")
	b.WriteString("Content-Type: text/calendar; charset=utf-8; method=" + method + ";\r\n component=VEVENT\r\n")
	b.WriteString("Content-Transfer-Encoding: base64\r\n\r\n")
	for encoded := base64.StdEncoding.EncodeToString(object); encoded != ""; {
		n := min(longestLine, len(encoded))
		b.WriteString(encoded[:n] + "\r\n")
		encoded = encoded[n:]
	}
	b.WriteString("\r\n--" + boundary + "--")
	return b.Bytes()
}

// headerValue is the first value of a field in a header block, which may stand
// behind a boundary line.
func headerValue(block []byte, name string) string {
	if i := bytes.Index(block, []byte(textproto.CanonicalMIMEHeaderKey(name)+": ")); i >= 0 {
		value, _, _ := bytes.Cut(block[i+len(name)+2:], []byte("\r\n\r\n"))
		return string(value)
	}
	return ""
}

func boundary(contentType string) string {
	_, after, _ := strings.Cut(contentType, "boundary=")
	name, _, _ := strings.Cut(after, "\r\n")
	return name
}

// The templates are parsed once and never changed: parsing them costs more than
// all the rest of composing.
var (
	letterText = texttemplate.Must(texttemplate.ParseFS(templates, "templates/letter.txt"))
	letterHTML = htmltemplate.Must(htmltemplate.ParseFS(templates, "templates/letter.html"))
)

// render makes text and HTML of one page.
func (p page) render() (text, html []byte, err error) {
	var t, h bytes.Buffer
	if err := letterText.Execute(&t, p); err != nil {
		return nil, nil, fmt.Errorf("mailer: text: %w", err)
	}
	if err := letterHTML.Execute(&h, p); err != nil {
		return nil, nil, fmt.Errorf("mailer: html: %w", err)
	}
	return t.Bytes(), h.Bytes(), nil
}

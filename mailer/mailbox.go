package mailer

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"time"
)

// Mailbox keeps mail in memory instead of sending it: for the demonstration, and
// for trying out without a mail server. It may be used by many goroutines.
type Mailbox struct {
	mu       sync.Mutex
	most     int
	messages []Received
}

// Received is one message in a Mailbox, taken apart for showing.
type Received struct {
	From, To string // of the envelope
	Subject  string
	Time     time.Time // its Date
	Raw      []byte
	// Text, HTML and Calendar are its parts, decoded; empty: it has none.
	Text, HTML, Calendar string
}

var _ Sender = (*Mailbox)(nil)

// NewMailbox keeps the newest messages, so many of them.
func NewMailbox(keep int) *Mailbox { return &Mailbox{most: max(1, keep)} }

// Send implements Sender; it always succeeds.
func (b *Mailbox) Send(_ context.Context, from, to string, message []byte) (string, error) {
	r := receive(from, to, message)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.messages = append(b.messages, r)
	b.messages = b.messages[max(0, len(b.messages)-b.most):]
	return "250 kept in the built-in mailbox", nil
}

// Messages are the messages, newest first.
func (b *Mailbox) Messages() []Received {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := slices.Clone(b.messages)
	slices.Reverse(out)
	return out
}

func receive(from, to string, message []byte) Received {
	r := Received{From: from, To: to, Raw: bytes.Clone(message)}
	m, err := mail.ReadMessage(bytes.NewReader(message))
	if err != nil {
		return r
	}
	r.Time, _ = m.Header.Date()
	if r.Subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		r.Subject = m.Header.Get("Subject")
	}
	r.read(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body)
	return r
}

// read goes through the parts; what it cannot read is left out, for Raw has it.
func (r *Received) read(contentType, encoding string, body io.Reader) {
	mediaType, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return
	}
	if strings.HasPrefix(mediaType, "multipart/") {
		parts := multipart.NewReader(body, params["boundary"])
		for {
			p, err := parts.NextRawPart()
			if err != nil {
				return
			}
			r.read(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p)
		}
	}
	switch encoding {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	content, err := io.ReadAll(body)
	if err != nil {
		return
	}
	switch mediaType {
	case "text/plain":
		r.Text = string(content)
	case "text/html":
		r.HTML = string(content)
	case "text/calendar":
		r.Calendar = string(content)
	}
}

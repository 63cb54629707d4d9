package mailer

import (
	"bytes"
	"context"
	"io"
	"mime"
	"net/mail"
	"net/textproto"
	"slices"
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
	eachLeaf(textproto.MIMEHeader(m.Header), m.Body, 0, func(l leaf) bool {
		content, err := io.ReadAll(l.body)
		if err != nil {
			return true // Raw has it
		}
		switch l.media {
		case "text/plain":
			r.Text = string(content)
		case "text/html":
			r.HTML = string(content)
		case "text/calendar":
			r.Calendar = string(content)
		}
		return true
	})
	return r
}

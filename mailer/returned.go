package mailer

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/mail"
	"net/textproto"
	"slices"
	"strconv"
	"strings"

	"github.com/emersion/go-smtp"

	"samling/ics"
	"samling/models"
)

// MaxReturned is how much is read of a message that came back, in bytes. What
// another server says stands before the mail that it gives back.
const MaxReturned = 1 << 20

// ReadReturned reads a message that came to the address which our mails name as
// their sender: a report of another mail server (RFC 3464, RFC 6533), a calendar's
// answer (RFC 6047), or anything else. The error is that of in, of which no more
// than MaxReturned is read.
func ReadReturned(in io.Reader) (models.Returned, error) {
	data, err := io.ReadAll(io.LimitReader(in, MaxReturned))
	if err != nil {
		return models.Returned{}, fmt.Errorf("mailer: returned: %w", err)
	}
	return readReturned(data), nil
}

func readReturned(data []byte) (r models.Returned) {
	defer func() {
		// It came from strangers, and goes through parsers that are not ours.
		if recover() != nil {
			r = models.Returned{What: models.ReturnedUnreadable}
		}
	}()
	// The "From " line with which Postfix hands a message to a command passes for a
	// field.
	m, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return models.Returned{What: models.ReturnedUnreadable}
	}
	header := textproto.MIMEHeader(m.Header)
	r = models.Returned{What: models.ReturnedOther, To: recipients(m.Header)}
	if automatic(m.Header) {
		r.What = models.ReturnedAutomatic
	}
	report := strings.HasPrefix(strings.ToLower(strings.TrimSpace(header.Get("Content-Type"))), "multipart/report")
	eachLeaf(header, m.Body, 0, func(l leaf) bool {
		switch l.media {
		case "message/delivery-status", "message/global-delivery-status":
			if report {
				status(&r, l.body)
			}
		case "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers":
			if report && r.Original == "" {
				r.Original = messageName(l.body)
			}
		case "text/calendar", "application/ics":
			return answer(&r, l.body)
		}
		return true
	})
	return r
}

// recipients are the addresses that a message was delivered to, as those who
// delivered it noted them.
func recipients(h mail.Header) (out []string) {
	for _, field := range []string{"X-Original-To", "Delivered-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To", "To", "Cc"} {
		for _, value := range h[textproto.CanonicalMIMEHeaderKey(field)] {
			list, err := (&mail.AddressParser{}).ParseList(value)
			if err != nil {
				list = []*mail.Address{{Address: strings.Trim(strings.TrimSpace(value), "<>")}}
			}
			for _, a := range list {
				if !slices.Contains(out, a.Address) {
					out = append(out, a.Address)
				}
			}
		}
	}
	return out
}

// automatic reports whether a program wrote the message by itself (RFC 3834 §5,
// and what was used before it).
func automatic(h mail.Header) bool {
	word := strings.ToLower(strings.TrimSpace(h.Get("Auto-Submitted")))
	return word != "" && !strings.HasPrefix(word, "no") || h.Get("X-Autoreply") != "" || h.Get("X-Autorespond") != "" ||
		strings.EqualFold(h.Get("Precedence"), "auto_reply") || strings.Trim(h.Get("Return-Path"), " ") == "<>"
}

// mostGroups is how many groups of fields a report may have: one for the message
// and one for each recipient, of whom our mails have one.
const mostGroups = 50

// status reads what another server says of each recipient (RFC 3464 §2.3). The
// worst counts: a forwarder may have reached one of several mailboxes, but which,
// nobody knows.
func status(r *models.Returned, body io.Reader) {
	fields := textproto.NewReader(bufio.NewReader(body))
	for range mostGroups {
		group, err := fields.ReadMIMEHeader()
		if what := whatBecame(group); rank(what) > rank(r.What) {
			r.What = what
			r.Words = withoutAddresses(strings.Join([]string{group.Get("Action"), group.Get("Status"), group.Get("Diagnostic-Code")}, " "))
		}
		if err != nil {
			return
		}
	}
}

func rank(what models.ReturnedKind) int {
	return slices.Index([]models.ReturnedKind{models.ReturnedDelayed, models.ReturnedRefused, models.ReturnedFailed}, what)
}

// whatBecame is what one group of fields says; empty: nothing that matters.
func whatBecame(group textproto.MIMEHeader) models.ReturnedKind {
	// Comments in parentheses may follow (RFC 3464 §2.3.3 and §2.3.4).
	action, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(group.Get("Action"))), " ")
	code, known := enhanced(group.Get("Status"))
	switch {
	case action == "delayed", action == "failed" && known && code[0] == 4:
		return models.ReturnedDelayed
	case action != "failed" || !known || code[0] != 5:
		return ""
	case ourFault(&smtp.SMTPError{EnhancedCode: code}):
		return models.ReturnedRefused
	}
	return models.ReturnedFailed
}

// enhanced reads a status code (RFC 3463 §2).
func enhanced(text string) (code smtp.EnhancedCode, ok bool) {
	text, _, _ = strings.Cut(strings.TrimSpace(text), " ")
	parts := strings.Split(text, ".")
	if len(parts) != len(code) {
		return code, false
	}
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 16)
		if err != nil {
			return code, false
		}
		code[i] = int(n)
	}
	return code, true
}

// messageName is the local part of the Message-ID in a header block.
func messageName(block io.Reader) string {
	// Read as far as it goes: the block may be cut off, or have no end.
	header, _ := textproto.NewReader(bufio.NewReader(block)).ReadMIMEHeader()
	id := strings.Trim(strings.TrimSpace(header.Get("Message-Id")), "<>")
	name, _, _ := strings.Cut(id, "@")
	return name
}

// answer reads a calendar's answer; more: it is none, and there may be another.
func answer(r *models.Returned, body io.Reader) (more bool) {
	data, err := io.ReadAll(body)
	if err != nil {
		return true
	}
	reply, err := ics.ReadReply(data)
	if err != nil {
		return true
	}
	if r.What = models.ReturnedAnswered; reply.Declined {
		r.What = models.ReturnedDeclined
	}
	r.Event, r.Attendee = reply.UID, reply.Attendee
	return false
}

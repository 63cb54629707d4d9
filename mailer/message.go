package mailer

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"samling/models"
)

// written is one line of what an organiser has written. Gap: an empty one stands
// before it.
type written struct {
	Gap   bool
	Parts []piece
}

// piece is a piece of a line: words, or an address that leads somewhere.
type piece struct {
	Text string
	Link bool
}

// message is what an organiser writes to somebody, or the copy that she gets first.
func (w *writer) message() {
	m, copied := w.Mail, w.Mail.Organiser != ""
	w.page.Event = oneLine(m.About.Title(w.page.Language))
	w.say("message")
	form := ".body"
	if m.State != models.Going {
		form = ".body-waiting"
	}
	w.page.Body = w.T("mail.message"+form, "Hosts", w.List(w.hosts()))
	w.page.Written = writtenLines(w.Text)
	w.page.Preview = clip(oneLine(w.Text), longestPreview)
	w.facts()
	if !copied {
		w.links()
		w.footer()
		return
	}
	w.page.Subject = w.T("mail.message.copy", "Subject", w.page.Subject)
	w.page.Actions = []link{{w.T("mail.message.go-on"), w.url("/organise/events/" + m.Event + "/write/" + m.Message), true}}
	w.page.Notes = []string{w.T("mail.message.copy-why")}
	w.footer()
}

// longestPreview is how much of a text, in characters, inboxes show beside a subject.
const longestPreview = 120

// address is what leads somewhere in a text: without what ends the sentence that it
// stands in.
var address = regexp.MustCompile(`https?://[^\s<>"]*[^\s<>".,;:!?)\]'”’]`)

// writtenLines is a text as it was typed, line by line.
func writtenLines(text string) (lines []written) {
	gap := false
	for line := range strings.Lines(text) {
		if line = oneLine(line); line == "" {
			gap = len(lines) > 0
			continue
		}
		l := written{Gap: gap}
		at := 0
		for _, place := range address.FindAllStringIndex(line, -1) {
			if place[0] > at {
				l.Parts = append(l.Parts, piece{Text: line[at:place[0]]})
			}
			l.Parts = append(l.Parts, piece{line[place[0]:place[1]], true})
			at = place[1]
		}
		if at < len(line) {
			l.Parts = append(l.Parts, piece{Text: line[at:]})
		}
		lines, gap = append(lines, l), false
	}
	return lines
}

// written is the text of a message; pointless when it is gone.
func (o *Outbox) written(ctx context.Context, m *models.Mail) (string, error) {
	message, err := o.cfg.Store.Messages.Get(ctx, m.Message)
	if errors.Is(err, models.ErrNotFound) || err == nil && message.Text == "" {
		return "", erased
	}
	return message.Text, err
}

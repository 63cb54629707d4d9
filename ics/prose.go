package ics

import (
	"strings"
	"time"

	"samling/locale"
)

// prose is text in paragraphs of lines. A paragraph or line of which nothing is
// said leaves no trace. The zero value is empty.
type prose struct {
	text []byte
	gap  string // what goes before whatever is said next
}

// paragraph begins a new one.
func (p *prose) paragraph() { p.apart("\n\n") }

// line begins a new one.
func (p *prose) line() { p.apart("\n") }

// apart keeps what is said next from what was said; the widest gap counts.
func (p *prose) apart(gap string) {
	if len(p.text) > 0 && len(gap) > len(p.gap) {
		p.gap = gap
	}
}

// open writes the gap before what is said next.
func (p *prose) open() {
	p.text = append(p.text, p.gap...)
	p.gap = ""
}

// say says all parts, one after the other.
func (p *prose) say(parts ...string) {
	p.open()
	for _, s := range parts {
		p.text = append(p.text, s...)
	}
}

// written says what somebody wrote, if it is anything.
func (p *prose) written(s string) {
	if s = strings.TrimSpace(s); s != "" {
		p.say(s)
	}
}

// markdown says Markdown in plain text.
func (p *prose) markdown(s string) {
	before, gap := len(p.text), p.gap
	p.open()
	from := len(p.text)
	if p.text = plain(p.text, s); len(p.text) == from {
		p.text, p.gap = p.text[:before], gap
	}
}

// label says the label once of those values that are not empty, with commas
// between them.
func (p *prose) label(label string, values ...string) {
	p.line()
	labelled := false
	for _, s := range values {
		switch {
		case s == "":
		case labelled:
			p.say(", ", s)
		default:
			p.say(label, ": ", s)
			labelled = true
		}
	}
}

// list says a label and the items as one says them.
func (p *prose) list(w *locale.Printer, label string, items []string) {
	p.line()
	if len(items) > 0 {
		p.say(label, ": ")
		p.text = w.AppendList(p.text, items)
	}
}

// day and clock say a time, in its own zone.
func (p *prose) day(w *locale.Printer, t time.Time) {
	p.open()
	p.text = w.AppendDay(p.text, t)
}

func (p *prose) clock(w *locale.Printer, t time.Time) {
	p.open()
	p.text = w.AppendTime(p.text, t)
}

package ics

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	ical "github.com/arran4/golang-ical"

	"samling/models"
)

// What a calendar file may be at most. The library has no such limits: 400 KB of
// parameters keep it busy for half a minute.
const (
	MaxImportBytes = 5_000_000
	maxLineBytes   = 1_000_000 // one unfolded line: room for an attached picture
	maxHead        = 4_000     // octets before the colon of a line
	maxParameters  = 50
	maxNesting     = 20
	maxBroken      = 1_000 // lines that cannot be read
)

// contentLine is one unfolded line and the number of the physical line on which
// it begins.
type contentLine struct {
	number int
	text   string
}

// block is one component of a file.
type block struct {
	name       string // in upper case
	line       int
	properties []entry
	broken     []models.Field // lines of it that cannot be read
	inner      []*block
}

// entry is one property and its line.
type entry struct {
	line int
	ical.BaseProperty
}

// fault is an error about one line of a file; name, if any, says what of it:
// "12.DTSTART", or "12" for the whole line.
func fault(number int, name, code string, with ...any) error {
	place := strconv.Itoa(number)
	if name != "" {
		place += "." + name
	}
	var f models.Faults
	f.Add(place, code, with...)
	return f.Err()
}

// lines unfolds a file (RFC 5545 §3.1), whatever ends its lines. Blank lines are
// passed over, and so is a byte order mark.
func lines(data []byte) ([]contentLine, error) {
	if len(data) > MaxImportBytes {
		return nil, &models.Error{Code: models.CodeTooLarge, With: map[string]any{"Max": MaxImportBytes, "Length": len(data)}}
	}
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	if !utf8.Valid(data) {
		return nil, fault(firstUnreadable(data), "", "not-utf8")
	}
	var out []contentLine
	var folded []byte // the line in hand, while it is longer than one physical line
	number := 0
	for physical := range strings.Lines(string(data)) {
		number++
		text := strings.TrimRight(physical, "\r\n")
		switch {
		case text == "":
		case (text[0] == ' ' || text[0] == '\t') && len(out) > 0:
			last := &out[len(out)-1]
			if folded == nil {
				folded = []byte(last.text)
			}
			if folded = append(folded, text[1:]...); len(folded) > maxLineBytes {
				return nil, fault(last.number, "", "line-too-long", "Max", maxLineBytes)
			}
		default:
			unfold(out, &folded)
			if len(text) > maxLineBytes {
				return nil, fault(number, "", "line-too-long", "Max", maxLineBytes)
			}
			out = append(out, contentLine{number, text})
		}
	}
	unfold(out, &folded)
	return out, nil
}

// unfold gives the last line the text that was gathered for it.
func unfold(out []contentLine, folded *[]byte) {
	if *folded != nil {
		out[len(out)-1].text = string(*folded)
		*folded = nil
	}
}

func firstUnreadable(data []byte) int {
	number := 1
	for l := range bytes.Lines(data) {
		if !utf8.Valid(l) {
			return number
		}
		number++
	}
	return number
}

// calendars reads the VCALENDARs of a file; some exports hold several. The
// properties of wanted components are read, all others only passed over. A line
// that cannot be read spoils its component alone.
func calendars(data []byte, wanted func(name string) bool) ([]*block, error) {
	all, err := lines(data)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 || !strings.EqualFold(strings.TrimSpace(all[0].text), "BEGIN:VCALENDAR") {
		return nil, fault(1, "", "not-a-calendar")
	}
	root := &block{}
	open := []*block{root}
	broken := 0
	for _, l := range all {
		top := open[len(open)-1]
		name, value, err := split(l)
		var p entry
		if err == nil && wanted(top.name) && name != "BEGIN" && name != "END" {
			p, err = parse(l, name, value)
		}
		switch {
		case err != nil && top == root:
			return nil, err
		case err != nil:
			if broken++; broken > maxBroken {
				return nil, err
			}
			top.broken = append(top.broken, fieldsOf(err)...)
			continue
		}
		switch name {
		case "BEGIN":
			b := &block{name: strings.ToUpper(strings.TrimSpace(value)), line: l.number}
			if top == root && b.name != "VCALENDAR" {
				return nil, fault(l.number, "", "outside-calendar")
			}
			if len(open) > maxNesting {
				return nil, fault(l.number, "", "nested-too-deep", "Max", maxNesting)
			}
			top.inner = append(top.inner, b)
			open = append(open, b)
		case "END":
			if top == root || !strings.EqualFold(strings.TrimSpace(value), top.name) {
				return nil, fault(l.number, "", "unbalanced", "Value", clip(value))
			}
			open = open[:len(open)-1]
		default:
			if top == root {
				return nil, fault(l.number, "", "outside-calendar")
			}
			if wanted(top.name) {
				top.properties = append(top.properties, p)
			}
		}
	}
	if top := open[len(open)-1]; top != root {
		return nil, fault(all[len(all)-1].number, "", "cut-off", "Value", top.name)
	}
	return root.inner, nil
}

// split cuts a line into its name, in upper case, and its value; parameters are
// passed over.
func split(l contentLine) (name, value string, err error) {
	end := strings.IndexAny(l.text, ":;")
	colon := colonOf(l.text)
	if end < 1 || colon < 0 || strings.ContainsFunc(l.text[:end], notInName) {
		return "", "", fault(l.number, "", "broken-line", "Value", clip(l.text))
	}
	if colon > maxHead || strings.Count(l.text[:colon], ";") > maxParameters {
		return "", "", fault(l.number, "", "too-many-parameters")
	}
	return strings.ToUpper(l.text[:end]), l.text[colon+1:], nil
}

// notInName allows the underscore too: some programs use it in names of their own.
func notInName(r rune) bool {
	return !(r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_')
}

// colonOf is where the value of a line begins: the first colon outside quotation
// marks.
func colonOf(s string) int {
	quoted := false
	for i := range len(s) {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == ':' && !quoted:
			return i
		}
	}
	return -1
}

// parse reads the parameters with the library. It is given the head of the line
// alone, since it copies the whole rest for every parameter.
func parse(l contentLine, name, value string) (entry, error) {
	p := entry{line: l.number}
	if head := l.text[len(name) : len(l.text)-len(value)]; strings.HasPrefix(head, ";") {
		// The library refuses names with an underscore.
		read, err := ical.ParseProperty(ical.ContentLine("X-NAME" + head))
		if err != nil {
			return p, fault(l.number, name, "broken-line", "Value", clip(l.text))
		}
		p.ICalParameters = make(map[string][]string, len(read.ICalParameters))
		for key, values := range read.ICalParameters {
			p.ICalParameters[strings.ToUpper(key)] = values
		}
	}
	p.IANAToken, p.Value = name, value
	if p.GetValueType() == ical.ValueDataTypeText {
		p.Value = ical.FromText(value)
	}
	return p, nil
}

// parameter is the first value of a parameter; empty when it is not there.
func (p *entry) parameter(name string) string {
	if values := p.ICalParameters[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// find is the first property of a name; nil when there is none.
func (b *block) find(name string) *entry {
	for i := range b.properties {
		if b.properties[i].IANAToken == name {
			return &b.properties[i]
		}
	}
	return nil
}

// value is the first value of a property; empty when it is not there.
func (b *block) value(name string) string {
	if p := b.find(name); p != nil {
		return p.Value
	}
	return ""
}

// uid is what an event is known by, in all its changes.
func (b *block) uid() string { return strings.TrimSpace(b.value("UID")) }

// clip shortens what stands in a file for showing it in an error.
func clip(s string) string {
	s = strings.ToValidUTF8(strings.TrimSpace(s), "")
	if r := []rune(s[:min(len(s), 200)]); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

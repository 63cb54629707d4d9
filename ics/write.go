package ics

import (
	"slices"
	"strings"
	"unicode/utf8"

	ical "github.com/arran4/golang-ical"
)

// maxLine is the longest content line in octets, without its CRLF (RFC 5545
// §3.1). The space that continues a folded line counts.
const maxLine = 75

// writer writes golang-ical's model as content lines. The library's own
// serialiser is not used, because
//   - it ends lines with a bare LF unless told otherwise,
//   - it escapes parameters with backslashes, which no reader undoes, instead of
//     quoting them, so that an address behind a name with a colon is lost,
//   - it lets CR, LF and NUL through, so that a name can add lines of its own,
//   - it escapes the comma between categories, and every value of a property
//     that it does not know,
//   - it folds between a backslash and what it escapes, which makes Google drop
//     the event,
//   - it never ends for some line lengths.
//
// The zero value is ready.
type writer struct {
	buf    []byte
	column int // octets in the physical line so far
}

// component writes a component, its properties and what is inside it.
func (w *writer) component(c ical.Component) {
	name := componentName(c)
	w.begin(name)
	properties := c.UnknownPropertiesIANAProperties()
	for i := 0; i < len(properties); i++ {
		p := &properties[i].BaseProperty
		more := i + 1
		if p.IANAToken == string(ical.PropertyCategories) {
			for more < len(properties) && properties[more].IANAToken == p.IANAToken {
				more++
			}
		}
		w.property(p, properties[i+1:more])
		i = more - 1
	}
	for _, inner := range c.SubComponents() {
		w.component(inner)
	}
	w.end(name)
}

func componentName(c ical.Component) string {
	switch c := c.(type) {
	case *ical.VEvent:
		return string(ical.ComponentVEvent)
	case *ical.VTimezone:
		return string(ical.ComponentVTimezone)
	case *ical.Standard:
		return string(ical.ComponentStandard)
	case *ical.Daylight:
		return string(ical.ComponentDaylight)
	case *ical.GeneralComponent:
		return c.Token
	}
	return "X-UNKNOWN"
}

func (w *writer) begin(component string) { w.bare("BEGIN:" + component) }

func (w *writer) end(component string) { w.bare("END:" + component) }

// bare writes a line of ours that needs neither escaping nor folding.
func (w *writer) bare(line string) {
	w.buf = append(append(w.buf, line...), "\r\n"...)
	w.column = 0
}

// property writes one content line. The values of more follow on the same line,
// after commas: the model has no lists, so a list is several properties there,
// and some readers keep only the last of them.
func (w *writer) property(p *ical.BaseProperty, more []ical.IANAProperty) {
	w.value(p.IANAToken, false)
	w.parameters(p.ICalParameters)
	w.unit(":")
	text := p.GetValueType() == ical.ValueDataTypeText
	w.value(p.Value, text)
	for i := range more {
		w.unit(",")
		w.value(more[i].Value, text)
	}
	w.buf = append(w.buf, "\r\n"...)
	w.column = 0
}

// parameters writes them in the order of their names, so that the same model is
// always the same bytes.
func (w *writer) parameters(all map[string][]string) {
	if len(all) == 0 {
		return
	}
	names := make([]string, 0, 8)
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		w.unit(";")
		w.value(name, false)
		for i, value := range all[name] {
			if i == 0 {
				w.unit("=")
			} else {
				w.unit(",")
			}
			w.parameter(value)
		}
	}
}

// parameter quotes what must be quoted.
func (w *writer) parameter(value string) {
	value = strings.Map(inParameter, value)
	if strings.ContainsAny(value, ":,") {
		w.unit(`"`)
		w.value(value, false)
		w.unit(`"`)
		return
	}
	w.value(value, false)
}

// inParameter is a character as it can stand in a parameter. There is no way to
// write a quotation mark: RFC 6868 would give it one, but half of all readers show
// its ^' as it stands. So a caret that somebody wrote goes, for the other half
// takes it for the beginning of such a thing. Some drop backslashes, some end a
// name at a semicolon, quoted or not.
func inParameter(r rune) rune {
	switch r {
	case '"':
		return '\''
	case ';':
		return ','
	case '\\':
		return '/'
	case '^':
		return -1
	}
	return r
}

// value writes a value, a TEXT one (RFC 5545 §3.3.11) escaped exactly once. CR LF
// and a lone CR are one line break; line breaks in anything but a text, and all
// control characters but the tab, are left out, since they could end the line.
// Bytes that are not UTF-8 become U+FFFD.
func (w *writer) value(s string, text bool) {
	for i := 0; i < len(s); {
		if n := plainPrefix(s[i:], maxLine-w.column); n > 0 {
			w.buf = append(w.buf, s[i:i+n]...)
			w.column += n
			i += n
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case strings.HasPrefix(s[i:], "\r\n"):
			size = 2
			fallthrough
		case isBreak(r):
			if text {
				w.unit(`\n`)
			}
		case text && (r == '\\' || r == ';' || r == ','):
			w.room(2)
			w.buf = append(w.buf, '\\', s[i])
		case r == utf8.RuneError && size == 1:
			w.unit("\uFFFD")
		case r == '\t' || r >= ' ' && (r < 0x7f || r > 0x9f):
			w.unit(s[i : i+size])
		}
		i += size
	}
}

// isBreak reports whether some reader takes the character for the end of a line:
// Python's splitlines does that with U+0085, U+2028 and U+2029.
func isBreak(r rune) bool {
	return r == '\n' || r == '\r' || r == 0x85 || r == 0x2028 || r == 0x2029
}

// plainPrefix is how many octets from the start, at most that many, are ASCII
// that is written as it is anywhere.
func plainPrefix(s string, most int) int {
	n := 0
	for n < len(s) && n < most && s[n] >= ' ' && s[n] < 0x7f && s[n] != '\\' && s[n] != ';' && s[n] != ',' {
		n++
	}
	return n
}

// unit writes octets that folding may not split.
func (w *writer) unit(s string) {
	w.room(len(s))
	w.buf = append(w.buf, s...)
}

// room begins a new physical line when this one has no room for n more octets.
func (w *writer) room(n int) {
	if w.column+n > maxLine {
		w.buf = append(w.buf, "\r\n "...)
		w.column = 1
	}
	w.column += n
}

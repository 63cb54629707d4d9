package ics

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plain adds Markdown to b so that it can be read where nothing renders it: marks
// that only say how to look go, links keep their address, lists get dots. What it
// does not know stays as it was written.
func plain(b []byte, markdown string) []byte {
	if !strings.ContainsAny(markdown, "*_`[<>#-+\\!~=\r") {
		return append(b, strings.TrimSpace(markdown)...)
	}
	from := len(b)
	fenced := false
	for l := range strings.Lines(strings.ReplaceAll(markdown, "\r\n", "\n")) {
		l = strings.TrimRight(l, " \t\n")
		switch text := strings.TrimLeft(l, " \t"); {
		case strings.HasPrefix(text, "```"), strings.HasPrefix(text, "~~~"):
			fenced = !fenced
			continue
		case fenced:
			b = append(b, l...)
		case isRule(text):
		default:
			b = plainLine(b, l[:len(l)-len(text)], text)
		}
		b = append(b, '\n')
	}
	return append(b[:from], bytes.TrimSpace(b[from:])...)
}

// plainLine adds one line without the marks at its beginning.
func plainLine(b []byte, indent, text string) []byte {
	for strings.HasPrefix(text, ">") {
		text = strings.TrimLeft(text[1:], " \t")
	}
	heading := strings.TrimLeft(text, "#")
	switch {
	case len(heading) < len(text) && len(text)-len(heading) <= 6 && (heading == "" || heading[0] == ' '):
		text = strings.TrimRight(strings.TrimSpace(heading), "# ")
	case len(text) > 1 && strings.IndexByte("-*+", text[0]) >= 0 && text[1] == ' ':
		b = append(append(b, indent...), "• "...)
		text = strings.TrimLeft(text[2:], " ")
	default:
		b = append(b, indent...)
	}
	return inline(b, text)
}

// isRule reports whether a line is a thematic break, or the underlining of a
// heading: both are there to be seen only.
func isRule(s string) bool {
	if s == "" || strings.IndexByte("-*_=", s[0]) < 0 || strings.Trim(s, s[:1]+" ") != "" {
		return false
	}
	return strings.Count(s, s[:1]) >= 3
}

// inline adds a line without emphasis, code marks, tags and escapes.
func inline(b []byte, s string) []byte {
	for i := 0; i < len(s); {
		n := 0
		switch s[i] {
		case '\\':
			if i+1 < len(s) && s[i+1] < utf8.RuneSelf && unicode.In(rune(s[i+1]), unicode.Punct, unicode.Symbol) {
				b = append(b, s[i+1])
				n = 2
			}
		case '*', '_', '~', '`':
			n = mark(s, i)
		case '!', '[':
			b, n = link(b, s[i:])
		case '<':
			b, n = tag(b, s[i:])
		}
		if n == 0 {
			b = append(b, s[i])
			n = 1
		}
		i += n
	}
	return b
}

// mark is the length of the marks at i, 0 when they are meant as they stand: alone
// between spaces, as in 2 * 3, or inside a word, as in snake_case.
func mark(s string, i int) int {
	n := len(s[i:]) - len(strings.TrimLeft(s[i:], s[i:i+1]))
	if s[i] == '~' && n < 2 {
		return 0
	}
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i+n:])
	openEdge := i == 0 || unicode.IsSpace(before)
	closeEdge := i+n == len(s) || unicode.IsSpace(after)
	inWord := !openEdge && !closeEdge && wordy(before) && wordy(after)
	if openEdge && closeEdge || s[i] == '_' && inWord || n == 1 && !paired(s, i) {
		return 0
	}
	return n
}

// paired reports whether the same mark stands once more on the line: a single
// asterisk or underscore may as well be one.
func paired(s string, i int) bool { return strings.Count(s, s[i:i+1]) > 1 }

func wordy(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// link adds [text](address) as "text (address)", an image as its text, and
// returns how long it was; 0 when there is none.
func link(b []byte, s string) ([]byte, int) {
	image := s[0] == '!'
	start := 1
	if image {
		if !strings.HasPrefix(s, "![") {
			return b, 0
		}
		start = 2
	}
	middle := strings.Index(s, "](")
	if middle < start || strings.Contains(s[start:middle], "[") {
		return b, 0
	}
	length := strings.IndexByte(s[middle:], ')')
	if length < 0 {
		return b, 0
	}
	address, _, _ := strings.Cut(s[middle+2:middle+length], " ") // a title may follow
	address = strings.Trim(address, "<>")
	text := s[start:middle]
	b = inline(b, text)
	if !image && address != text {
		b = append(append(append(b, " ("...), address...), ')')
	}
	return b, middle + length + 1
}

// tag leaves out an HTML tag and the brackets of <https://…>, and returns how
// long it was; 0 when the bracket is only one.
func tag(b []byte, s string) ([]byte, int) {
	end := strings.IndexByte(s, '>')
	if end < 2 {
		return b, 0
	}
	inner := s[1:end]
	switch {
	case strings.Contains(inner, "://"), strings.HasPrefix(inner, "mailto:"), strings.Contains(inner, "@") && !strings.Contains(inner, " "):
		b = append(b, strings.TrimPrefix(inner, "mailto:")...)
	case inner[0] == '/', inner[0] == '!', inner[0] >= 'a' && inner[0] <= 'z', inner[0] >= 'A' && inner[0] <= 'Z':
	default:
		return b, 0
	}
	return b, end + 1
}

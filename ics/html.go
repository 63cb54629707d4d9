package ics

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Google writes descriptions as HTML as soon as anything in them is bold, though
// RFC 5545 §3.8.1.5 has text there, and puts a notice of its own about meetings
// behind them.
var (
	htmlForm   = regexp.MustCompile(`(?i)</(p|b|i|u|a|ul|ol|li|span|div|strong|em|h[1-6])>|<br */?>`)
	noticeForm = regexp.MustCompile(`(?s)-::~[:~]+::-.*?-::~[:~]+::-`)
)

// described is a DESCRIPTION as Markdown.
func described(text string) string {
	text = noticeForm.ReplaceAllString(clean(text), "")
	if htmlForm.MatchString(text) {
		text = fromHTML(text)
	}
	return strings.TrimSpace(text)
}

var manyBreaks = regexp.MustCompile(`[ \t]*\n[ \t]*\n\s*\n`)

// fromHTML keeps paragraphs, lists and where links lead.
func fromHTML(source string) string {
	var b strings.Builder
	var href string
	var link int // where the text of the link in hand begins
	for z := html.NewTokenizer(strings.NewReader(source)); ; {
		kind := z.Next()
		t := z.Token()
		switch kind {
		case html.ErrorToken: // the end: a string has no other
			return manyBreaks.ReplaceAllString(b.String(), "\n\n")
		case html.TextToken:
			b.WriteString(strings.ReplaceAll(t.Data, "\u00a0", " "))
		case html.StartTagToken, html.SelfClosingTagToken:
			switch t.DataAtom {
			case atom.Br:
				b.WriteByte('\n')
			case atom.P, atom.Div, atom.Ul, atom.Ol, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
				b.WriteString("\n\n")
			case atom.Li:
				b.WriteString("\n- ")
			case atom.A:
				href, link = attribute(t, "href"), b.Len()
			}
		case html.EndTagToken:
			switch t.DataAtom {
			case atom.P, atom.Div, atom.Ul, atom.Ol, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
				b.WriteString("\n\n")
			case atom.A:
				if isWeb(href) && !strings.Contains(b.String()[link:], href) {
					b.WriteString(" (" + href + ")")
				}
				href = ""
			}
		}
	}
}

func attribute(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

package handlers

import (
	"html/template"
	"net/url"
	"strings"

	"samling/locale"
)

// ways are the ways of taking a feed into a calendar program: addresses of
// others' pages and programs that contain the feed's own.
type ways struct {
	*locale.Printer
	Feed string // to copy
	// Opens starts Apple's calendar, and Android ICSx⁵.
	Opens, Android template.URL
	// Google and Outlook (of a private account, and of one at work) are pages for a
	// computer; Mail is a letter to oneself, to get there from a telephone.
	Google, Outlook, Work, Mail string
	Copy                        string // address of the script that copies
	Demo                        bool   // the feed is where Google cannot fetch it
}

// waysTo are the ways to a feed. here is the page that shows them.
//
// Google takes the address as webcal: with https: it has looked for a person of
// that name. Outlook takes it as https: with webcal: the calendar stayed empty.
// Apple knows no webcals:, and for ICSx⁵ webcal: is without encryption.
func (s *Server) waysTo(p *locale.Printer, feed, name, here string) ways {
	scheme, rest, _ := strings.Cut(feed, "://")
	android := "webcal://" + rest
	if scheme == "https" {
		android = "webcals://" + rest
	}
	subscribe := "/calendar/0/addfromweb?url=" + escaped(feed) + "&name=" + escaped(name)
	return ways{
		Printer: p, Feed: feed,
		Opens:   template.URL("webcal://" + rest), //nolint:gosec // made of our own address and slugs
		Android: template.URL(android),            //nolint:gosec // as above
		Google:  "https://calendar.google.com/calendar/r?cid=" + escaped("webcal://"+rest),
		Outlook: "https://outlook.live.com" + subscribe,
		Work:    "https://outlook.office.com" + subscribe,
		Mail:    "mailto:?subject=" + escaped(p.T("subscribe.title")) + "&body=" + escaped(here),
		Copy:    s.pages.named["copy.js"], Demo: s.Demo,
	}
}

// escaped is a text as the value of somebody else's query. Spaces are %20: a
// letter's subject would show the plus signs.
func escaped(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }

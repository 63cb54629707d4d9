package ics

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	ical "github.com/arran4/golang-ical"

	"samling/models"
)

// The methods of an invitation (RFC 5546 §3.2). One that is published names
// nobody: it is a file that its reader takes herself.
const (
	Publish = "PUBLISH"
	Request = "REQUEST"
	Cancel  = "CANCEL"
)

// Invitation is the calendar object of a mail to somebody who has signed up: it
// puts the event into her calendar as accepted, moves it, and takes it out.
type Invitation struct {
	Method   string // Publish, Request or Cancel
	UID      string // the event's id, as in feeds
	Sequence int    // rises with every mail to the same person
	Stamp    time.Time
	Facts    models.Facts
	About    models.About
	Language string
	// Organiser is the mailbox that answers go to: calendar programs send some
	// without asking.
	Organiser, OrganiserName string
	// Attendee is the recipient's address, the only one that is named. Her name
	// is left out while it is only known from a form.
	Attendee, AttendeeName string
	// WholeEvent: Cancel is about the event itself, not about her part in it.
	WholeEvent bool
	// URL is the event's page; empty: the public one of About.Slug. A personal
	// address is never written: calendars are shared.
	URL string
}

// Invitation is the calendar object as RFC 5545 text, in UTF-8, to be sent as
// text/calendar with the same method (RFC 6047 §2.4).
func (e *Encoder) Invitation(i Invitation) []byte {
	o := e.object(i.Language)
	o.head("METHOD", i.Method)
	o.add(e.pooled(func(s *sheet) *Fragment { return e.invitation(s, i) }))
	return o.bytes()
}

// invitation writes the event of an invitation on a blank sheet.
func (e *Encoder) invitation(s *sheet, i Invitation) *Fragment {
	w := e.wordsIn(i.Language)
	state := i.Facts.Status
	if i.Method == Cancel && i.WholeEvent {
		state = models.Cancelled
	}
	s.add("UID", i.UID)
	s.add("DTSTAMP", s.time(i.Stamp.UTC(), utcForm))
	s.add("SEQUENCE", strconv.Itoa(i.Sequence))
	zone := s.span(i.Facts.Starts, i.Facts.Ends, i.Facts.DateOnly, e.zones.named(i.Facts.TimeZone))
	s.title(w.mark(state, models.Marks{}), i.About.Title(i.Language))
	// STATUS in a CANCEL would say that the event itself is off (RFC 5546 §3.2.5).
	if i.Method != Cancel || i.WholeEvent {
		s.add("STATUS", status(state, false))
	}
	s.where(i.Facts.Place, i.Facts.OnlineURL, i.About.Place)
	page := w.publicPage(i)
	told := s.text()
	w.invited(told, i, state, page)
	s.add("DESCRIPTION", s.said(told))
	s.add("URL", page)
	if i.Method != Publish {
		s.between(i)
	}
	return &Fragment{body: s.finished(), id: i.UID, starts: i.Facts.Starts, zone: zone}
}

// between writes who invites whom.
func (s *sheet) between(i Invitation) {
	s.with("ORGANIZER", mailto(i.Organiser), person(i.OrganiserName))
	attendee := person(i.AttendeeName)
	for name, value := range map[string]string{"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": partstat(i), "RSVP": "FALSE"} {
		attendee[name] = []string{value}
	}
	s.with("ATTENDEE", mailto(i.Attendee), attendee)
}

// partstat is what the recipient has said by signing up, or by leaving.
func partstat(i Invitation) string {
	if i.Method == Cancel && !i.WholeEvent {
		return string(ical.ParticipationStatusDeclined)
	}
	return string(ical.ParticipationStatusAccepted)
}

// publicPage is the page of the event, whatever somebody took for one.
func (w *words) publicPage(i Invitation) string {
	switch {
	case i.URL != "" && !strings.Contains(i.URL, "/rsvp/"):
		return i.URL
	case i.About.Slug == "":
		return ""
	}
	return w.site + "/events/" + i.About.Slug
}

// invited is the text of an invitation: what the calendar entry needs, without
// anything that is only hers.
func (w *words) invited(p *prose, i Invitation, state models.Status, page string) {
	w.off(p, state, i.About.Reason)
	p.paragraph()
	p.written(i.About.Summary)
	p.paragraph()
	p.list(w.Printer, w.phrases["host"], i.About.Hosts)
	p.label(w.phrases["online"], i.Facts.OnlineURL)
	w.contact(p, i.About.Contact)
	p.label(w.phrases["read-more"], page)
}

// person are the parameters of somebody with that name, if any.
func person(name string) map[string][]string {
	if name = line(name, 120); name == "" {
		return map[string][]string{}
	}
	return map[string][]string{"CN": {name}}
}

// mailto is an address as a URI (RFC 6068), lower-case in its scheme.
func mailto(address string) string {
	var b strings.Builder
	b.WriteString("mailto:")
	for _, c := range []byte(strings.TrimSpace(address)) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"%?#<>[\\]^`{|},;:", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

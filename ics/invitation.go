package ics

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	ical "github.com/arran4/golang-ical"

	"samling/models"
)

// The methods of an invitation (RFC 5546 §3.2).
const (
	Request = "REQUEST"
	Cancel  = "CANCEL"
)

// Invitation is the calendar object of a mail to somebody who has signed up: it
// puts the event into her calendar as accepted, moves it, and takes it out.
type Invitation struct {
	Method   string // Request or Cancel
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
	// URL is the event's public page; empty: made from About.Slug. A personal
	// address is never written: calendars are shared.
	URL string
}

// Invitation is the calendar object as RFC 5545 text, in UTF-8, to be sent as
// text/calendar with the same method (RFC 6047 §2.4).
func (e *Encoder) Invitation(i Invitation) []byte {
	o := e.object(i.Language)
	o.head("METHOD", i.Method)
	w := e.wordsIn(i.Language)
	span, zone := e.span(i.Facts.Starts, i.Facts.Ends, i.Facts.DateOnly, i.Facts.TimeZone)

	p := []ical.IANAProperty{
		property("UID", i.UID),
		property("DTSTAMP", i.Stamp.UTC().Format(utcForm)),
		property("SEQUENCE", strconv.Itoa(i.Sequence)),
	}
	p = append(p, span...)
	add := func(name, value string) {
		if value != "" {
			p = append(p, property(name, value))
		}
	}
	state := i.Facts.Status
	if i.Method == Cancel && i.WholeEvent {
		state = models.Cancelled
	}
	title := i.About.Title(i.Language)
	add("SUMMARY", w.marked(state, models.Marks{}, title))
	// STATUS in a CANCEL would say that the event itself is off (RFC 5546 §3.2.5).
	if i.Method != Cancel || i.WholeEvent {
		add("STATUS", status(state, false))
	}
	add("LOCATION", location(i.Facts.Place, i.Facts.OnlineURL))
	if lat, lon := i.About.Place.Latitude, i.About.Place.Longitude; lat != nil && lon != nil {
		add("GEO", geo(*lat, *lon))
	}
	page := e.publicPage(i)
	add("DESCRIPTION", w.invited(i, state, page))
	add("URL", page)
	p = append(p,
		property("ORGANIZER", mailto(i.Organiser), named(i.OrganiserName)...),
		property("ATTENDEE", mailto(i.Attendee), append(named(i.AttendeeName),
			"CUTYPE", "INDIVIDUAL", "ROLE", "REQ-PARTICIPANT", "PARTSTAT", partstat(i), "RSVP", "FALSE")...),
	)
	event := &ical.VEvent{ComponentBase: ical.ComponentBase{Properties: p}}
	var body writer
	body.component(event)
	o.add(&Fragment{body: body.buf, id: i.UID, starts: i.Facts.Starts, zone: zone})
	return o.bytes()
}

// partstat is what the recipient has said by signing up, or by leaving.
func partstat(i Invitation) string {
	if i.Method == Cancel && !i.WholeEvent {
		return string(ical.ParticipationStatusDeclined)
	}
	return string(ical.ParticipationStatusAccepted)
}

// publicPage is the page of the event, whatever somebody took for one.
func (e *Encoder) publicPage(i Invitation) string {
	if i.URL != "" && !strings.Contains(i.URL, "/rsvp/") {
		return i.URL
	}
	if i.About.Slug == "" {
		return ""
	}
	return e.page(i.About.Slug, cmp.Or(i.Language, e.fallback.language))
}

// invited is the text of an invitation: what the calendar entry needs, without
// anything that is only hers.
func (w *words) invited(i Invitation, state models.Status, page string) string {
	var p paragraphs
	switch state {
	case models.Cancelled:
		p.paragraph(w.phrases["is-cancelled"] + " " + i.About.Reason)
	case models.Postponed:
		p.paragraph(w.phrases["is-postponed"] + " " + i.About.Reason)
	}
	p.paragraph(i.About.Summary)
	contact := i.About.Contact
	p.lines(
		w.labelled("host", w.List(i.About.Hosts)),
		w.labelled("online", i.Facts.OnlineURL),
		w.labelled("contact", joined(contact.Name, contact.Phone, contact.Email)),
		w.labelled("read-more", page),
	)
	return p.String()
}

// named is the parameter CN, as all readers read it: half of them end it at a
// semicolon, quoted or not.
func named(name string) []string {
	name = strings.NewReplacer(";", ",", `"`, "'").Replace(line(name, 120))
	if name == "" {
		return nil
	}
	return []string{"CN", name}
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

package ics

import (
	"net/url"
	"slices"
	"strings"

	"samling/models"
)

// Reply is what a calendar program answers an invitation (RFC 5546 §3.2.3).
type Reply struct {
	UID      string // of the event
	Attendee string // address of who answers
	// Declined: she does not come. Else she does, or may, or has passed it on.
	Declined bool
}

// ReadReply reads an answer. Its errors are about the file as a whole: CodeTooLarge,
// or CodeInvalid for what is no calendar or no answer of one person about one
// event.
func ReadReply(data []byte) (Reply, error) {
	all, err := calendars(data, func(name string) bool { return name == "VCALENDAR" || name == "VEVENT" })
	if err != nil {
		return Reply{}, err
	}
	if len(all) != 1 || !strings.EqualFold(strings.TrimSpace(all[0].value("METHOD")), "REPLY") {
		return Reply{}, fault(1, "METHOD", "no-reply")
	}
	events := slices.DeleteFunc(slices.Clone(all[0].inner), func(b *block) bool { return b.name != "VEVENT" })
	if len(events) != 1 {
		return Reply{}, fault(all[0].line, "", "no-reply")
	}
	e := events[0]
	who := slices.DeleteFunc(slices.Clone(e.properties), func(p entry) bool { return p.IANAToken != "ATTENDEE" })
	// Of an answer to one occurrence nothing follows for the event.
	if len(who) != 1 || e.find("RECURRENCE-ID") != nil || len(e.broken) > 0 {
		return Reply{}, fault(e.line, "ATTENDEE", "no-reply")
	}
	return Reply{
		UID: e.uid(), Attendee: address(who[0].Value),
		Declined: strings.EqualFold(who[0].parameter("PARTSTAT"), "DECLINED"),
	}, nil
}

// address is the mail address of a URI; empty when it has none.
func address(uri string) string {
	scheme, rest, ok := strings.Cut(strings.TrimSpace(uri), ":")
	if !ok || !strings.EqualFold(scheme, "mailto") {
		return ""
	}
	rest, _, _ = strings.Cut(rest, "?")
	plain, err := url.PathUnescape(rest)
	if err != nil || len(plain) > models.MaxEmail {
		return ""
	}
	return plain
}

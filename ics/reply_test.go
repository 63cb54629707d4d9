package ics

import (
	"strings"
	"testing"

	"samling/models"
)

// reply is an answer with these lines in its event.
func reply(lines ...string) []byte {
	return file(append(append([]string{"METHOD:REPLY", "BEGIN:VEVENT", "UID:u1"}, lines...), "END:VEVENT")...)
}

func TestReadReply(t *testing.T) {
	for name, tt := range map[string]struct {
		data []byte
		want Reply
	}{
		"declined":           {reply("ATTENDEE;PARTSTAT=DECLINED:mailto:ada@example.org"), Reply{"u1", "ada@example.org", true}},
		"in other cases":     {reply("attendee;partstat=declined:MAILTO:Ada@Example.org"), Reply{"u1", "Ada@Example.org", true}},
		"accepted":           {reply("ATTENDEE;PARTSTAT=ACCEPTED:mailto:ada@example.org"), Reply{"u1", "ada@example.org", false}},
		"tentative":          {reply("ATTENDEE;PARTSTAT=TENTATIVE:mailto:ada@example.org"), Reply{"u1", "ada@example.org", false}},
		"says nothing":       {reply("ATTENDEE:mailto:ada@example.org"), Reply{"u1", "ada@example.org", false}},
		"an escaped address": {reply("ATTENDEE;PARTSTAT=DECLINED:mailto:ada%2Bfest@example.org?x=1"), Reply{"u1", "ada+fest@example.org", true}},
		"no mail address":    {reply("ATTENDEE;PARTSTAT=DECLINED:urn:uuid:1"), Reply{"u1", "", true}},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := ReadReply(tt.data); err != nil || got != tt.want {
				t.Errorf("got %+v, %v; want %+v", got, err, tt.want)
			}
		})
	}
}

func TestReadReply_Refuses(t *testing.T) {
	no := "ATTENDEE;PARTSTAT=DECLINED:mailto:ada@example.org"
	for name, data := range map[string][]byte{
		"no calendar":      []byte("hej"),
		"an invitation":    file("METHOD:REQUEST", "BEGIN:VEVENT", "UID:u1", no, "END:VEVENT"),
		"no method":        file("BEGIN:VEVENT", "UID:u1", no, "END:VEVENT"),
		"two events":       file("METHOD:REPLY", "BEGIN:VEVENT", "UID:u1", no, "END:VEVENT", "BEGIN:VEVENT", "UID:u2", no, "END:VEVENT"),
		"two calendars":    append(reply(no), reply(no)...),
		"two who answer":   reply(no, "ATTENDEE;PARTSTAT=DECLINED:mailto:bo@example.org"),
		"nobody":           reply(),
		"one occurrence":   reply(no, "RECURRENCE-ID:20260304T170000Z"),
		"a broken line":    reply(no, "ATTENDEE"),
		"a task":           file("METHOD:REPLY", "BEGIN:VTODO", "UID:u1", no, "END:VTODO"),
		"larger than ours": []byte("BEGIN:VCALENDAR\r\n" + strings.Repeat("X:y\r\n", MaxImportBytes/5)),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ReadReply(data)
			if code := models.CodeOf(err); code != models.CodeInvalid && code != models.CodeTooLarge {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

func FuzzReadReply(f *testing.F) {
	f.Add(reply("ATTENDEE;PARTSTAT=DECLINED:mailto:ada@example.org"))
	f.Add(reply("ATTENDEE;CN=\"a:b\";PARTSTAT=DECLINED\r\n :mailto:ada%40example.org"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := ReadReply(data)
		if code := models.CodeOf(err); err != nil && (code == models.CodeInternal || got != Reply{}) {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

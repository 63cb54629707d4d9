package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// returned is a sample of what mail servers send, about another mail: in it, each
// text of replace is followed by what takes its place.
func returned(t *testing.T, name string, replace ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "mailer", "testdata", "returned", name+".eml"))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(string(text), replace[i]) {
			t.Fatalf("%s has no %q", name, replace[i])
		}
	}
	return strings.NewReplacer(replace...).Replace(string(text))
}

// feed gives a message to samling bounce.
func (c *city) feed(t *testing.T, message string, args ...string) said {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	cmd := c.asks(ctx, t, append([]string{"bounce"}, args...)...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(message), &out, &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return said{out.String(), errs.String(), cmd.ProcessState.ExitCode()}
}

// What comes back is taken in beside a running serve, as a mail server feeds it:
// the envelope of a mail and the organiser of its invitation lead to the sign-up.
func TestBounce_BesideServe(t *testing.T) {
	t.Parallel()
	bounceBeside(t, newCity(t))
}

func TestBounce_BesideServeOnMongoDB(t *testing.T) {
	t.Parallel()
	c, _ := newMongoCity(t)
	bounceBeside(t, c)
}

func bounceBeside(t *testing.T, c *city) {
	t.Helper()
	c.environ = append(c.environ, "SAMLING_BOUNCE=bounce@samling.example.org")
	s := c.serve(t, c.founded(t))
	event := s.event(t, townHall("Öppet hus", 10))
	for _, address := range []string{"gone@example.net", "no@example.net"} {
		s.signUp(t, event, address)
		c.expect(t, address, 1)
	}
	gone, no := c.post.to("gone@example.net")[0], c.post.to("no@example.net")[0]

	says := func(what string, got said, words string) {
		t.Helper()
		if got.code != done || got.out != "" || !strings.Contains(got.err, words) {
			t.Errorf("%s: %+v, want %q", what, got, words)
		}
	}
	to := "bounce+aaaa@samling.example.org"
	says("forged", c.feed(t, returned(t, "postfix")), "saknas märket")
	says("away", c.feed(t, returned(t, "away", to, gone.From)), "automatiskt svar")
	says("plain", c.feed(t, returned(t, "plain", to, gone.From)), "vanligt mejl")
	says("nothing", c.feed(t, ""), "inte att läsa")
	says("delayed", c.feed(t, returned(t, "postfix-delayed", to, gone.From)), "försenat")
	says("failed", c.feed(t, returned(t, "postfix", to, strings.ToLower(gone.From))+strings.Repeat("x", 3_000_000)), "kom inte fram")
	says("the same by its Message-ID", c.feed(t, returned(t, "postfix", "<bbbb@samling.example.org>", gone.id)), "redan noterat")

	organiser := strings.TrimPrefix(calendarValue(no.Calendar, "ORGANIZER"), "mailto:")
	uid := calendarValue(no.Calendar, "UID")
	declined := declinedBy("no@example.net", uid)
	says("without the tag", c.feed(t, "To: samling@samling.example.org\r\n"+declined), "saknas märket")
	says("somebody else", c.feed(t, "To: "+organiser+"\r\n"+declinedBy("else@example.net", uid)), "någon annan")
	if got := s.list(t, event); got.Going != 2 {
		t.Errorf("before anybody declined: %+v", got)
	}
	says("declined", c.feed(t, "To: undisclosed-recipients:;\r\n"+declined, "--to", organiser), "Återbudet")
	if got := s.list(t, event); got.Going != 1 || got.Attendees[0].Email != "gone@example.net" {
		t.Errorf("after that: %+v", got)
	}
	c.expect(t, "no@example.net", 2) // serve tells her

	if strings.Contains(s.log.String(), "gone@example.net") {
		t.Error("her address stands in the log")
	}
	c.environ = append(c.environ, "SAMLING_STORE=sqlite:"+filepath.Join(t.TempDir(), "none", "x.db"))
	if got := c.feed(t, returned(t, "postfix")); got.code != failed || got.err == "" {
		t.Errorf("no store: %+v", got)
	}
}

// declinedBy is a calendar's answer, as Google writes it, without the header that
// says to whom.
func declinedBy(address, uid string) string {
	reply := strings.Join([]string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Prov//SV", "METHOD:REPLY", "BEGIN:VEVENT", "UID:" + uid, "DTSTAMP:20260303T091503Z",
		"ATTENDEE;PARTSTAT=DECLINED:mailto:" + address, "END:VEVENT", "END:VCALENDAR", "",
	}, "\r\n")
	return "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/calendar; method=REPLY\r\n" +
		"Content-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte(reply)) + "\r\n--b--\r\n"
}

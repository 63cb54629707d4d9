package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

var manageLink = regexp.MustCompile(regexp.QuoteMeta(site) + `(/rsvp/[\w-]+)`)

// soon is a local time some days ahead, as an event has it.
func soon(days, hour int) string {
	at := time.Now().AddDate(0, 0, days)
	return time.Date(at.Year(), at.Month(), at.Day(), hour, 0, 0, 0, time.UTC).Format(time.RFC3339)
}

// townHall is an event with so many seats.
func townHall(title string, seats int) string {
	return fmt.Sprintf(`"kind":"town-hall","title":%q,"host":"hyllie","starts":%q,"place":{"name":"Folkets hus"},"capacity":%d`, title, soon(20, 17), seats)
}

// A newcomer's whole round, with nothing but the program and a mail server.
func TestRound(t *testing.T) {
	t.Parallel()
	newcomersRound(t, newCity(t))
}

func newcomersRound(t *testing.T, c *city) {
	s := c.serve(t, c.founded(t))
	event := s.event(t, townHall("Bostäder för vanligt folk", 4))

	status, feed := s.call(t, "GET", "/feeds/associations/hyllie.ics", "", "")
	if status != http.StatusOK || calendarValue(string(feed), "UID") != event {
		t.Errorf("the feed: %d %s", status, feed)
	}

	// Until it is full and two wait.
	var people []string
	for n := 1; n <= 6; n++ {
		address := fmt.Sprintf("person%d@example.net", n)
		people = append(people, address)
		want := "going"
		if n > 4 {
			want = "waiting"
		}
		if got, _ := s.signUp(t, event, address); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
	for n, address := range people {
		c.expect(t, address, 1)
		first := c.post.to(address)[0]
		method := "REQUEST"
		if n >= 4 {
			method = ""
		}
		if first.method() != method || !manageLink.MatchString(first.Text) || first.From != "samling@samling.example.org" {
			t.Errorf("%s: method %q from %s\n%s", address, first.method(), first.From, first.Text)
		}
	}

	// The time changes: everybody is told, once.
	moved := soon(21, 18)
	s.api(t, http.StatusOK, "PATCH", "/events/"+event, fmt.Sprintf(`{"starts":%q,"ends":%q}`, moved, soon(21, 20)))
	s.stop(t)
	c.ahead = 11 * time.Minute // by then the change has been gathered, and is told
	s = c.serve(t, s.token)
	for n, address := range people {
		c.expect(t, address, 2)
		mails := c.post.to(address)
		if n < 4 && !slices.IsSorted([]string{calendarValue(mails[0].Calendar, "SEQUENCE"), calendarValue(mails[1].Calendar, "SEQUENCE")}) {
			t.Errorf("%s: the sequence falls", address)
		}
		if n < 4 && calendarValue(mails[0].Calendar, "DTSTART") == calendarValue(mails[1].Calendar, "DTSTART") {
			t.Errorf("%s: the calendar part has the old time", address)
		}
	}

	// The second regrets; the fifth, who was first in line, gets the seat.
	s.manage(t, c.post.to(people[1])[0], "cancel")
	c.expect(t, people[1], 3)
	c.expect(t, people[4], 3)
	if m := c.post.to(people[1])[2].method(); m != "CANCEL" {
		t.Errorf("the regret has the method %q", m)
	}
	if m := c.post.to(people[4])[2].method(); m != "REQUEST" {
		t.Errorf("the promotion has the method %q", m)
	}
	if n := len(c.post.to(people[5])); n != 2 {
		t.Errorf("who still waits got %d mails", n)
	}

	list := s.list(t, event)
	want := []attendee{}
	for n, address := range people {
		if n != 1 {
			want = append(want, attendee{"Provperson", address, map[bool]string{false: "going", true: "waiting"}[n == 5]})
		}
	}
	if diff := cmp.Diff(want, list.Attendees); diff != "" || list.Going != 4 || list.Waiting != 1 {
		t.Errorf("going %d, waiting %d\n%s", list.Going, list.Waiting, diff)
	}
	s.checkFiles(t, c, event, people)

	if code := s.stop(t); code != done {
		t.Errorf("exit code %d\n%s", code, s.log)
	}
	if log := s.log.String(); strings.Contains(log, "example.net") || strings.Contains(log, "Provperson") || strings.Contains(log, s.token) {
		t.Errorf("the log names people:\n%s", log)
	}
}

// expect waits until an address has got so many mails.
func (c *city) expect(t *testing.T, address string, want int) {
	t.Helper()
	eventually(t, 10*time.Second, func() (any, bool) {
		got := len(c.post.to(address))
		return fmt.Sprintf("%s has %d mails, want %d", address, got, want), got >= want
	})
	if got := len(c.post.to(address)); got != want {
		t.Fatalf("%s has %d mails, want %d", address, got, want)
	}
}

// manage does what a form behind the link of a mail does.
func (s *server) manage(t *testing.T, l letter, action string) {
	t.Helper()
	link := manageLink.FindStringSubmatch(l.Text)
	if link == nil {
		t.Fatalf("no link in\n%s", l.Text)
	}
	form := url.Values{"action": {action}}.Encode()
	status, text := s.call(t, "POST", link[1], "", form, "Content-Type", "application/x-www-form-urlencoded")
	if status != http.StatusOK {
		t.Fatalf("%s: %d %s\n%s", action, status, text, s.log)
	}
}

// checkFiles reads the list as CSV and XLSX, by the API and by the command.
func (s *server) checkFiles(t *testing.T, c *city, event string, people []string) {
	t.Helper()
	_, byAPI := s.call(t, "GET", "/api/v1/events/"+event+"/attendance", s.token, "", "Accept", "text/csv")
	byCommand := c.must(t, "attendance", event, "--format", "csv")
	for _, text := range []string{string(byAPI), byCommand} {
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
		r.Comma = ';' // as a Swedish spreadsheet wants it
		rows, err := r.ReadAll()
		if err != nil || len(rows) != 7 || !slices.Contains(rows[1], people[0]) {
			t.Errorf("CSV: %v %q", err, text)
		}
	}
	_, sheet := s.call(t, "GET", "/api/v1/events/"+event+"/attendance", s.token, "", "Accept", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	file, err := excelize.OpenReader(bytes.NewReader(sheet))
	if err != nil {
		t.Fatalf("XLSX: %v", err)
	}
	rows, err := file.GetRows(file.GetSheetName(0))
	if err != nil || len(rows) < 6 || !slices.ContainsFunc(rows, func(r []string) bool { return slices.Contains(r, people[5]) }) {
		t.Errorf("XLSX: %v %q", err, rows)
	}
	if out := c.must(t, "attendance", event, "--format", "json"); !strings.Contains(out, people[5]) {
		t.Errorf("JSON: %s", out)
	}
	if out := c.run(t, "attendance", event, "--format", "xlsx").out; !strings.HasPrefix(out, "PK") {
		t.Errorf("the command's XLSX begins with %q", out[:min(len(out), 20)])
	}
}

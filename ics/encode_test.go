package ics

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"samling/models"
)

// has fails unless the unfolded calendar has that line.
func has(t *testing.T, b []byte, lines ...string) {
	t.Helper()
	unfolded := "\r\n" + strings.ReplaceAll(string(b), "\r\n ", "")
	for _, l := range lines {
		if !strings.Contains(unfolded, "\r\n"+l+"\r\n") {
			t.Errorf("the line %q is missing in\n%s", l, unfolded)
		}
	}
}

func hasNot(t *testing.T, b []byte, parts ...string) {
	t.Helper()
	unfolded := strings.ReplaceAll(string(b), "\r\n ", "")
	for _, p := range parts {
		if strings.Contains(unfolded, p) {
			t.Errorf("%q stands in\n%s", p, unfolded)
		}
	}
}

// today is the day on which feeds are read.
func today(t testing.TB) time.Time {
	return clock(t, "2026-02-10 00:00").In(models.Zone("Europe/Stockholm"))
}

// feedOf is a feed of events in Swedish.
func feedOf(t testing.TB, items ...Item) []byte {
	t.Helper()
	return feedIn(t, "sv", items...)
}

func feedIn(t testing.TB, language string, items ...Item) []byte {
	t.Helper()
	e := encoder(t)
	return e.Feed(Feed{Name: "Alla", URL: site + "/feeds/all.ics", Language: language}, fragments(t, e, language, items...))
}

func fragments(t testing.TB, e *Encoder, language string, items ...Item) []*Fragment {
	out, day := make([]*Fragment, len(items)), today(t)
	for i, item := range items {
		out[i] = e.Fragment(item, language, day)
	}
	return out
}

func TestFeed_Header(t *testing.T) {
	f := Feed{Name: "Norra\r\nföreningen " + strings.Repeat("å", 300), URL: site + "/feeds/all.ics", Language: "sv"}
	got := encoder(t).Feed(f, nil)
	name := "Norra föreningen " + strings.Repeat("å", 237) + "…"
	has(t, got, "VERSION:2.0", "CALSCALE:GREGORIAN", "NAME:"+name, "X-WR-CALNAME:"+name,
		"REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H", "SOURCE;VALUE=URI:"+site+"/feeds/all.ics")
	for _, once := range []string{"VERSION:", "PRODID:", "CALSCALE:"} {
		if n := bytes.Count(got, []byte("\r\n"+once)); n != 1 {
			t.Errorf("%s stands there %d times", once, n)
		}
	}
}

func TestFeed_IsASnapshot(t *testing.T) {
	got := feedOf(t, townHall(t, "01", nil))
	hasNot(t, got, "METHOD", "ORGANIZER", "ATTENDEE", "VALARM")
	has(t, got, "DTSTAMP:20260201T110000Z", "LAST-MODIFIED:20260201T110000Z", "SEQUENCE:2", "UID:0193a1b2-0000-7000-8000-000000000001")
}

func TestFeed_SameBytesInAnyOrder(t *testing.T) {
	var items []Item
	for i := range 60 {
		items = append(items, townHall(t, fmt.Sprintf("%02d", i), func(it *Item) {
			it.Event.Starts = it.Event.Starts.AddDate(0, 0, i/3)
			it.Event.Ends = it.Event.Ends.AddDate(0, 0, i/3)
			it.Event.TimeZone = []string{"Europe/Stockholm", "America/New_York", "Europe/London"}[i%3]
		}))
	}
	want := feedOf(t, items...)
	for range 10 {
		rand.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
		if got := feedOf(t, items...); !bytes.Equal(got, want) {
			t.Fatal("another order of the same items gave other bytes")
		}
	}
}

func TestFeed_LastModifiedFollowsWhatIsShown(t *testing.T) {
	item := townHall(t, "01", nil)
	item.Changed = item.Changed.Add(time.Second) // a host got another name
	has(t, feedOf(t, item), "LAST-MODIFIED:20260201T110001Z", "DTSTAMP:20260201T110001Z")
	item.Event.Changed = item.Changed.Add(time.Second) // what was known of the host is older
	has(t, feedOf(t, item), "LAST-MODIFIED:20260201T110002Z")
}

func TestFeed_OneOfEach(t *testing.T) {
	got := feedOf(t, townHall(t, "01", nil), townHall(t, "02", nil), townHall(t, "01", nil))
	if n := bytes.Count(got, []byte("BEGIN:VEVENT")); n != 2 {
		t.Errorf("%d events of two different ones", n)
	}
	lint(t, got)
}

func TestFeed_LeavesOutWhatThePublicMayNotSee(t *testing.T) {
	for name, change := range map[string]func(*models.Event){
		"members": func(e *models.Event) { e.Audience = models.Members },
		"draft":   func(e *models.Event) { e.Status = models.Draft },
	} {
		t.Run(name, func(t *testing.T) {
			got := feedOf(t, townHall(t, "01", func(i *Item) { change(i.Event) }))
			hasNot(t, got, "VEVENT", "bostäder")
		})
	}
}

func TestFeed_States(t *testing.T) {
	cancelled := townHall(t, "01", func(i *Item) { i.Event.Status = models.Cancelled })
	cancelled.Event.Texts = map[string]models.Text{"en": {Title: "Town hall"}}
	got := feedOf(t, cancelled)
	has(t, got, "STATUS:CANCELLED", "TRANSP:TRANSPARENT", "SUMMARY:INSTÄLLT: Öppet möte om bostäder")
	hasNot(t, got, "Anmäl dig")
	has(t, feedIn(t, "en", cancelled), "SUMMARY:CANCELLED: Town hall", "URL:"+site+"/en/events/oppet-mote-01")

	postponed := feedOf(t, townHall(t, "01", func(i *Item) { i.Event.Status = models.Postponed }))
	has(t, postponed, "STATUS:TENTATIVE", "SUMMARY:UPPSKJUTET: Öppet möte om bostäder")

	preliminary := feedOf(t, townHall(t, "01", func(i *Item) { i.Event.Preliminary = true }))
	has(t, preliminary, "STATUS:TENTATIVE", "SUMMARY:Öppet möte om bostäder")
	if !bytes.Contains(preliminary, []byte("DESCRIPTION:Preliminärt")) {
		t.Error("the description does not say that it is preliminary")
	}
}

func TestFeed_Times(t *testing.T) {
	span := func(zone string, starts, ends time.Time, dateOnly bool) []byte {
		return feedOf(t, townHall(t, "01", func(i *Item) {
			i.Event.TimeZone, i.Event.Starts, i.Event.Ends, i.Event.DateOnly = zone, starts, ends, dateOnly
		}))
	}
	utc := func(s string) time.Time {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for name, c := range map[string]struct {
		got  []byte
		want []string
	}{
		"winter":          {span("Europe/Stockholm", clock(t, "2026-03-28 18:00"), clock(t, "2026-03-28 20:00"), false), []string{"DTSTART;TZID=Europe/Stockholm:20260328T180000", "DTEND;TZID=Europe/Stockholm:20260328T200000"}},
		"summer":          {span("Europe/Stockholm", clock(t, "2026-03-29 18:00"), clock(t, "2026-03-29 20:00"), false), []string{"DTSTART;TZID=Europe/Stockholm:20260329T180000", "DTEND;TZID=Europe/Stockholm:20260329T200000"}},
		"first 02:30":     {span("Europe/Stockholm", utc("2026-10-25T00:30:00Z"), utc("2026-10-25T05:00:00Z"), false), []string{"DTSTART:20261025T003000Z", "DTEND:20261025T050000Z"}},
		"second 02:30":    {span("Europe/Stockholm", utc("2026-10-25T01:30:00Z"), utc("2026-10-25T05:00:00Z"), false), []string{"DTSTART:20261025T013000Z", "DTEND:20261025T050000Z"}},
		"ends at 03:00":   {span("Europe/Stockholm", utc("2026-10-24T20:00:00Z"), utc("2026-10-25T02:00:00Z"), false), []string{"DTSTART:20261024T200000Z", "DTEND:20261025T020000Z"}},
		"before midnight": {span("Europe/Stockholm", utc("2026-10-24T17:00:00Z"), utc("2026-10-24T21:00:00Z"), false), []string{"DTSTART;TZID=Europe/Stockholm:20261024T190000", "DTEND;TZID=Europe/Stockholm:20261024T230000"}},
		"one day":         {span("Europe/Stockholm", clock(t, "2026-03-29 00:00"), clock(t, "2026-03-30 00:00"), true), []string{"DTSTART;VALUE=DATE:20260329", "DTEND;VALUE=DATE:20260330"}},
		"no rules":        {span("Asia/Tokyo", utc("2026-03-04T17:00:00Z"), utc("2026-03-04T19:00:00Z"), false), []string{"DTSTART:20260304T170000Z", "DTEND:20260304T190000Z"}},
		"less than 1 s":   {span("Europe/Stockholm", utc("2026-03-04T17:00:00.1Z"), utc("2026-03-04T17:00:00.9Z"), false), []string{"DTSTART;TZID=Europe/Stockholm:20260304T180000"}},
		"day in America":  {span("America/New_York", utc("2026-03-08T05:00:00Z"), utc("2026-03-09T04:00:00Z"), true), []string{"DTSTART;VALUE=DATE:20260308", "DTEND;VALUE=DATE:20260309"}},
	} {
		t.Run(name, func(t *testing.T) {
			has(t, c.got, c.want...)
			lint(t, c.got)
		})
	}
}

// 1,300 events of a kilobyte: of what is given the last is left out, and the file
// stays small enough with all that goes with it.
func TestFeed_StaysWithinItsBytes(t *testing.T) {
	var items []Item
	for i := range 900 {
		items = append(items, townHall(t, fmt.Sprintf("%03d", i), func(it *Item) {
			it.Event.Description = strings.Repeat("å,", 600)
			it.Event.Starts = it.Event.Starts.AddDate(0, 0, -i)
			it.Event.Ends = it.Event.Ends.AddDate(0, 0, -i)
		}))
	}
	got := feedOf(t, items...)
	if len(got) > MaxFeedBytes || len(got) < MaxFeedBytes*99/100 {
		t.Errorf("%d octets of at most %d", len(got), MaxFeedBytes)
	}
	lint(t, got)
	n := bytes.Count(got, []byte("BEGIN:VEVENT"))
	has(t, got, "UID:"+items[0].Event.ID, "UID:"+items[n-1].Event.ID)
	hasNot(t, got, "UID:"+items[n].Event.ID)
}

func TestWindow(t *testing.T) {
	now := clock(t, "2026-06-01 00:00").In(models.Zone("Europe/Stockholm"))
	placed := func(id, starts string) Item {
		return townHall(t, id, func(i *Item) {
			i.Event.Starts = clock(t, starts)
			i.Event.Ends = i.Event.Starts.Add(2 * time.Hour)
		})
	}
	items := []Item{
		placed("01", "2026-02-28 12:00"), placed("02", "2026-03-01 23:00"), placed("03", "2026-05-31 12:00"),
		placed("04", "2026-05-31 23:00"), placed("05", "2027-11-30 12:00"), placed("06", "2027-12-02 12:00"), placed("07", "2026-06-01 08:00"),
	}
	var got []string
	for _, item := range WindowAt(now).Of(items) {
		got = append(got, item.Event.ID[len(item.Event.ID)-2:])
	}
	// 04 is still going on at midnight; 03 and 02 are over, the latest first.
	if s := strings.Join(got, " "); s != "04 07 05 03 02" {
		t.Errorf("got %s", s)
	}
}

func TestWindow_DropsThePastThenTheFarthest(t *testing.T) {
	now := clock(t, "2026-06-01 00:00")
	var items []Item
	for i := range 1_100 {
		items = append(items, townHall(t, fmt.Sprintf("%04d", i), func(it *Item) {
			it.Event.Starts = now.Add(time.Duration(i-80) * time.Hour)
			it.Event.Ends = it.Event.Starts.Add(time.Hour)
		}))
	}
	got := WindowAt(now).Of(items)
	if len(got) != MaxFeedEvents {
		t.Fatalf("%d events", len(got))
	}
	if first, last := got[0].Event.ID, got[len(got)-1].Event.ID; first != items[80].Event.ID || last != items[1_079].Event.ID {
		t.Errorf("from %s to %s", first, last)
	}
}

func TestInvitation(t *testing.T) {
	item := townHall(t, "01", nil)
	base := Invitation{
		Method: Request, UID: item.Event.ID, Sequence: 3, Stamp: clock(t, "2026-02-02 09:00"),
		Facts: item.Event.Facts(), About: models.About{Slug: "oppet-mote-01", Titles: map[string]string{"": "Öppet möte"}},
		Organiser: "svar@kalender.example", OrganiserName: `"Bo"; A`, Attendee: "a@example.org", Language: "sv",
	}
	t.Run("request", func(t *testing.T) {
		got := encoder(t).Invitation(base)
		lint(t, got)
		has(t, got, "METHOD:REQUEST", "SEQUENCE:3", "DTSTAMP:20260202T080000Z", "STATUS:CONFIRMED", "UID:"+item.Event.ID,
			`ORGANIZER;CN="'Bo', A":mailto:svar@kalender.example`,
			"ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT;RSVP=FALSE:mailto:a@example.org")
		hasNot(t, got, "VALARM", "LAST-MODIFIED")
	})
	t.Run("the event is cancelled", func(t *testing.T) {
		i := base
		i.Method, i.WholeEvent = Cancel, true
		got := encoder(t).Invitation(i)
		has(t, got, "METHOD:CANCEL", "STATUS:CANCELLED", "SUMMARY:INSTÄLLT: Öppet möte")
		hasNot(t, got, "VALARM")
	})
	t.Run("one person has left", func(t *testing.T) {
		i := base
		i.Method = Cancel
		got := encoder(t).Invitation(i)
		has(t, got, "METHOD:CANCEL", "SUMMARY:Öppet möte")
		hasNot(t, got, "STATUS:", "VALARM")
	})
	t.Run("a personal link is never written", func(t *testing.T) {
		i := base
		i.URL = site + "/rsvp/secret"
		got := encoder(t).Invitation(i)
		hasNot(t, got, "secret")
		has(t, got, "URL:"+site+"/events/oppet-mote-01")
	})
	t.Run("an address that would end the line", func(t *testing.T) {
		i := base
		i.Attendee, i.AttendeeName = "a\r\nX-INJ:1@example.org", "Å\r\nX-INJ:1"
		got := encoder(t).Invitation(i)
		lint(t, got)
		hasNot(t, got, "\r\nX-INJ")
	})
}

func TestPlain(t *testing.T) {
	for markdown, want := range map[string]string{
		"# Rubrik\n\ntext":                            "Rubrik\n\ntext",
		"**fet** och *kursiv* och __så__":             "fet och kursiv och så",
		"snake_case_word och 2 * 3 * 4":               "snake_case_word och 2 * 3 * 4",
		"[här](https://a.example) och [b](<c> \"d\")": "här (https://a.example) och b (c)",
		"[https://a.example](https://a.example)":      "https://a.example",
		"![bild av en gård](x.png)":                   "bild av en gård",
		"- ett\n  * två\n+ tre":                       "• ett\n  • två\n• tre",
		"> citat\n> mer":                              "citat\nmer",
		"```\nkod_x_\n```\nslut":                      "kod_x_\nslut",
		"<b>fet</b> <https://a.example> 1 < 2 > 0":    "fet https://a.example 1 < 2 > 0",
		"a\n\n---\n\nb":                               "a\n\n\n\nb",
		`\*inte kursiv\*`:                             "*inte kursiv*",
		"5 * 4, fotnot*":                              "5 * 4, fotnot",
		"#taggen och C#":                              "#taggen och C#",
		"[inte en länk] (x)":                          "[inte en länk] (x)",
		"vanlig text":                                 "vanlig text",
		"`kod` och ~~struken~~":                       "kod och struken",
	} {
		if got := string(plain(nil, markdown)); got != want {
			t.Errorf("plain(%q) = %q, want %q", markdown, got, want)
		}
	}
}

func FuzzPlain(f *testing.F) {
	f.Add("**a** [b](c) `d` <e> ![f](g)\n- h\n> i\n```\nj")
	f.Fuzz(func(_ *testing.T, s string) { plain(nil, s) })
}

// FuzzFeed writes an event of any texts: the feed must be one calendar with that
// event, right by every rule of bytes, and read as it was given.
func FuzzFeed(f *testing.F) {
	f.Add("Styrelsen: Bo", "**a** [b](c)\r\nX-INJ:1", "Hus;A,\nB", "Å, B", int64(1_772_640_000), 120)
	f.Add("\x00\u2028", "END:VEVENT", "\\", "^n", int64(1_774_746_000), 1)
	e := encoder(f)
	f.Fuzz(func(t *testing.T, title, description, place, host string, starts int64, minutes int) {
		item := townHall(t, "01", func(i *Item) {
			i.Event.Title, i.Event.Description, i.Event.Place = "x"+title, description, models.Place{Name: "x" + place}
			i.Hosts, i.Groups = []string{host}, []string{host}
			i.Event.Starts = time.Unix(946_684_800+int64(uint64(starts)%3_000_000_000), 0)
			i.Event.Ends = i.Event.Starts.Add(time.Duration(1+uint(minutes)%500_000) * time.Minute)
		})
		got := e.Feed(city, fragments(t, e, "sv", item))
		lint(t, got)
		want := given(e, item, "sv", today(t))
		read := readBack(t, got)
		if len(read) != 1 {
			t.Fatalf("%d events", len(read))
		}
		want.Categories, read[0].Categories = nil, nil // an empty one is none
		if d := cmp.Diff(want, read[0]); d != "" {
			t.Errorf("read is not what was given (-given +read):\n%s", d)
		}
	})
}

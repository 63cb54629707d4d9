package handlers

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"samling/models"
)

// feedCity has one event in its feeds, published a while ago.
func feedCity(t testing.TB) *city {
	c := newCity(t)
	c.published(townHall)
	c.pass(10 * time.Second)
	return c
}

func TestFeed_Conditional(t *testing.T) {
	for _, feed := range []struct{ url, media, file string }{
		{"/feeds/all.ics", "text/calendar; charset=utf-8", "all.ics"},
		{"/feeds/all.atom", "application/atom+xml; charset=utf-8", "all.atom"},
		{"/feeds/all.json?lang=en", "application/feed+json", "all.json"},
		{"/feeds/events.ics?association=husie&association=videdal", "text/calendar; charset=utf-8", "events.ics"},
		{"/feeds/events.json?kind=seminar&kind=town-hall&kind=town-hall", "application/feed+json", "events.json"},
		{"/events/oppet-mote-om-skolan.ics", "text/calendar; charset=utf-8", "oppet-mote-om-skolan.ics"},
		{"/events/oppet-mote-om-skolan.atom", "application/atom+xml; charset=utf-8", "oppet-mote-om-skolan.atom"},
	} {
		t.Run(feed.url, func(t *testing.T) { conditional(t, feed.url, feed.media, feed.file) })
	}
}

// conditional asks for a feed in all the ways that programs have.
func conditional(t *testing.T, url, media, file string) {
	c := feedCity(t)
	plain := c.ask("GET", url, "").want(t, 200)
	zipped := c.ask("GET", url, "", "Accept-Encoding", "gzip").want(t, 200)
	tag, zippedTag, modified := plain.Header.Get("ETag"), zipped.Header.Get("ETag"), plain.Header.Get("Last-Modified")
	if tag[len(tag)-1] != '"' || zippedTag != strings.TrimSuffix(tag, `"`)+`-gzip"` {
		t.Fatalf("tags %s and %s", tag, zippedTag)
	}
	// Published in the running second of 09:00:00, asked for ten seconds later.
	if modified != "Tue, 03 Mar 2026 09:00:00 GMT" {
		t.Errorf("Last-Modified %s", modified)
	}
	before := "Tue, 03 Mar 2026 08:59:59 GMT"
	for _, s := range []struct {
		name, method string
		headers      []string
		status       int
	}{
		{"nothing", "GET", nil, 200},
		{"the tag", "GET", []string{"If-None-Match", tag}, 304},
		{"the tag, made weak by a proxy", "GET", []string{"If-None-Match", "W/" + tag}, 304},
		{"a list with the tag", "GET", []string{"If-None-Match", `"x", W/"y",` + tag}, 304},
		{"a list that begins weak", "GET", []string{"If-None-Match", `W/"y", ` + tag}, 304},
		{"a list in two lines", "GET", []string{"If-None-Match", `"x"`, "If-None-Match", tag}, 304},
		{"any tag", "GET", []string{"If-None-Match", "*"}, 304},
		{"another tag", "GET", []string{"If-None-Match", `"x"`}, 200},
		{"the tag without quotes", "GET", []string{"If-None-Match", strings.Trim(tag, `"`)}, 200},
		{"the tag of the other coding", "GET", []string{"If-None-Match", zippedTag}, 200},
		{"gzip: its tag", "GET", []string{"If-None-Match", zippedTag, "Accept-Encoding", "gzip"}, 304},
		{"gzip: the tag of plain bytes", "GET", []string{"If-None-Match", tag, "Accept-Encoding", "gzip"}, 200},
		{"the date", "GET", []string{"If-Modified-Since", modified}, 304},
		{"a later date", "GET", []string{"If-Modified-Since", "Wed, 04 Mar 2026 09:00:00 GMT"}, 304},
		{"the date in another form", "GET", []string{"If-Modified-Since", "Tuesday, 03-Mar-26 09:00:00 GMT"}, 304},
		{"an earlier date", "GET", []string{"If-Modified-Since", before}, 200},
		{"a date that is none", "GET", []string{"If-Modified-Since", "yesterday"}, 200},
		{"the date and another tag", "GET", []string{"If-Modified-Since", modified, "If-None-Match", `"x"`}, 200},
		{"an earlier date and the tag", "GET", []string{"If-Modified-Since", before, "If-None-Match", tag}, 304},
		{"HEAD", "HEAD", nil, 200},
		{"HEAD with the tag", "HEAD", []string{"If-None-Match", tag}, 304},
		{"HEAD with the date", "HEAD", []string{"If-Modified-Since", modified}, 304},
		{"POST", "POST", nil, 405},
		{"PUT with the tag", "PUT", []string{"If-None-Match", tag}, 405},
		{"DELETE", "DELETE", nil, 405},
		{"OPTIONS", "OPTIONS", nil, 405},
		{"PROPFIND, as CalDAV probes", "PROPFIND", nil, 405},
		{"REPORT", "REPORT", nil, 405},
	} {
		t.Run(s.name, func(t *testing.T) {
			a := c.ask(s.method, url, "", s.headers...).want(t, s.status)
			if s.status == 405 {
				if allow := a.Header.Get("Allow"); !strings.Contains(allow, "GET") || !strings.Contains(allow, "HEAD") || a.Header.Get("ETag") != "" {
					t.Errorf("Allow %q, ETag %q", allow, a.Header.Get("ETag"))
				}
				return
			}
			for name, want := range map[string]string{"Vary": "Accept-Encoding", "Cache-Control": "public, max-age=300", "Last-Modified": modified, "Set-Cookie": ""} {
				if got := a.Header.Get(name); got != want {
					t.Errorf("%s %q, want %q", name, got, want)
				}
			}
			switch {
			case s.status == 304 && (a.body != "" || a.Header.Get("ETag") == "" || a.Header.Get("Content-Type") != ""):
				t.Errorf("304 with %d bytes and %v", len(a.body), a.Header)
			case s.status == 200 && a.Header.Get("Content-Type") != media:
				t.Errorf("Content-Type %q", a.Header.Get("Content-Type"))
			case s.status == 200 && a.Header.Get("Content-Disposition") != `inline; filename="`+file+`"`:
				t.Errorf("Content-Disposition %q", a.Header.Get("Content-Disposition"))
			case s.method == "HEAD" && s.status == 200 && a.ContentLength != int64(len(plain.body)):
				t.Errorf("HEAD says %d bytes, GET sends %d", a.ContentLength, len(plain.body))
			}
		})
	}
}

func TestFeed_GzipOnRequestAlone(t *testing.T) {
	c := feedCity(t)
	plain := c.ask("GET", "/feeds/all.ics", "")
	for header, want := range map[string]bool{
		"": false, "gzip": true, "GZIP": true, "deflate, gzip;q=1.0, *;q=0.5": true, "gzip;q=0": false, "gzip; q=0.000": false,
		"gzip;q=0.1": true, "*": false, "br": false, "identity": false, "gzip;q=x": false,
	} {
		a := c.ask("GET", "/feeds/all.ics", "", "Accept-Encoding", header).want(t, 200)
		if got := a.Header.Get("Content-Encoding") == "gzip"; got != want {
			t.Errorf("Accept-Encoding %q: gzip %v, want %v", header, got, want)
		}
		body := a.body
		if want {
			body = string(must(io.ReadAll(must(gzip.NewReader(strings.NewReader(body))))))
		}
		if body != plain.body {
			t.Errorf("Accept-Encoding %q: other bytes", header)
		}
	}
}

func TestFeed_Selections(t *testing.T) {
	c := newCity(t)
	c.published(`{"kind":"town-hall","title":"Husie möte","host":"husie","groups":["klimat"],"starts":"2026-03-13T18:00"}`)
	c.published(`{"kind":"seminar","title":"Videdal seminarium","host":"videdal","starts":"2026-03-14T18:00","texts":{"en":{"title":"Videdal seminar"}}}`)
	c.published(`{"kind":"seminar","title":"Tillsammans","host":"videdal","co_hosts":["husie"],"starts":"2026-03-15T18:00"}`)
	for url, want := range map[string][]string{
		"/feeds/all.ics":                              {"Husie möte", "Videdal seminarium", "Tillsammans"},
		"/feeds/associations/husie.ics":               {"Husie möte", "Tillsammans"},
		"/feeds/kinds/seminar.ics":                    {"Videdal seminarium", "Tillsammans"},
		"/feeds/groups/klimat.ics":                    {"Husie möte"},
		"/feeds/districts/oster.ics":                  {"Husie möte", "Videdal seminarium", "Tillsammans"},
		"/feeds/events.ics":                           {"Husie möte", "Videdal seminarium", "Tillsammans"},
		"/feeds/events.ics?association=husie":         {"Husie möte", "Tillsammans"},
		"/feeds/events.ics?kind=seminar&kind=other":   {"Videdal seminarium", "Tillsammans"},
		"/feeds/events.ics?kind=meeting":              nil,
		"/feeds/all.ics?lang=en":                      {"Husie möte", "Videdal seminar", "Tillsammans"},
		"/feeds/events.ics?utm_source=x&kind=may-day": nil,
		"/feeds/events.ics?association=husie&association=videdal&kind=town-hall": {"Husie möte"},
		"/events/tillsammans.ics": {"Tillsammans"},
	} {
		t.Run(url, func(t *testing.T) {
			a := c.ask("GET", url, "").want(t, 200)
			var got []string
			for line := range strings.SplitSeq(a.body, "\r\n") {
				if title, ok := strings.CutPrefix(line, "SUMMARY:"); ok {
					got = append(got, title)
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("has %q, want %q", got, want)
			}
		})
	}
	for _, url := range []string{
		"/feeds/associations/nowhere.ics", "/feeds/kinds/rave.ics", "/feeds/groups/x.ics", "/feeds/districts/mars.ics", "/feeds/all.ics?lang=xx",
		"/feeds/events.ics?association=nowhere", "/feeds/events.ics?kind=", "/feeds/events.ics?association=husie%26kind=seminar", "/events/nothing.ics",
		"/feeds/associations/Husie.ics", "/feeds/all.ics/", "/feeds/", "/feeds/associations/.ics", "/feeds/associations/..%2Fhusie.ics",
	} {
		c.ask("GET", url, "").want(t, 404)
	}
	// One selection however it is written.
	a := c.ask("GET", "/feeds/events.ics?kind=seminar&association=videdal&association=husie", "")
	b := c.ask("GET", "/feeds/events.ics?association=husie&association=videdal&association=husie&kind=seminar&x=1", "")
	if a.body != b.body || a.Header.Get("ETag") != b.Header.Get("ETag") {
		t.Error("one selection in two orders is two feeds")
	}
	unfolded := strings.ReplaceAll(a.body, "\r\n ", "")
	if !strings.Contains(unfolded, "SOURCE;VALUE=URI:https://samling.test/feeds/events.ics?association=husie&association=videdal&kind=seminar\r\n") {
		t.Errorf("its own address is not canonical:\n%s", a.body)
	}
}

func TestFeed_FollowsEdits(t *testing.T) {
	c := newCity(t)
	at := c.published(townHall)
	c.published(`{"kind":"seminar","title":"Annat","host":"videdal","starts":"2026-03-14T18:00"}`)
	c.pass(time.Minute)
	first := c.ask("GET", "/feeds/associations/husie.ics", "")
	other := c.ask("GET", "/feeds/associations/videdal.ics", "")
	c.ask("PATCH", at, `{"title":"Nytt namn"}`, "token", c.husie).want(t, 200)
	second := c.ask("GET", "/feeds/associations/husie.ics", "", "If-None-Match", first.Header.Get("ETag")).want(t, 200)
	if !strings.Contains(second.body, "SUMMARY:Nytt namn") {
		t.Errorf("an edit is not in the feed:\n%s", second.body)
	}
	// While the second of the edit is running, the date is the second before: by
	// date alone, a client that has the feed would miss what comes later in it.
	if got := second.Header.Get("Last-Modified"); got != "Tue, 03 Mar 2026 09:00:59 GMT" {
		t.Errorf("Last-Modified %s in the second of the edit", got)
	}
	c.pass(time.Second)
	c.ask("GET", "/feeds/associations/husie.ics", "", "If-Modified-Since", second.Header.Get("Last-Modified")).want(t, 200)
	// What did not change keeps its bytes, and its tag.
	c.ask("GET", "/feeds/associations/videdal.ics", "", "If-None-Match", other.Header.Get("ETag")).want(t, 304)
	// An event that becomes one for members leaves, and the date rises.
	c.ask("PATCH", at, `{"audience":"members"}`, "token", c.husie).want(t, 200)
	c.pass(time.Minute)
	third := c.ask("GET", "/feeds/associations/husie.ics", "", "If-Modified-Since", "Tue, 03 Mar 2026 09:01:00 GMT").want(t, 200)
	if strings.Contains(third.body, "VEVENT") {
		t.Error("a members' event is in the feed")
	}
	c.ask("GET", "/events/oppet-mote-om-skolan.ics", "").want(t, 404)
}

func TestFeed_ChangesWithTheDay(t *testing.T) {
	c := feedCity(t)
	c.pass(36 * time.Hour)
	a := c.ask("GET", "/feeds/all.ics", "").want(t, 200)
	if got := a.Header.Get("Last-Modified"); got != "Tue, 03 Mar 2026 23:00:00 GMT" {
		t.Errorf("Last-Modified %s, want the last local midnight", got)
	}
	c.pass(200 * 24 * time.Hour)
	if a := c.ask("GET", "/feeds/all.ics", ""); strings.Contains(a.body, "VEVENT") {
		t.Error("an event of half a year ago is still in the feed")
	}
}

func TestFeed_RenamedHost(t *testing.T) {
	c := feedCity(t)
	before := c.ask("GET", "/feeds/associations/husie.ics", "")
	empty := c.ask("GET", "/feeds/associations/videdal.ics", "")
	for _, slug := range []string{"husie", "videdal"} {
		if _, err := c.Planner.Store.Associations.Update(c.ctx, slug, func(a *models.Association) error {
			a.Name, a.Updated = "Nya "+slug, models.Milli(c.Now())
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Planner.Refresh(c.ctx); err != nil {
		t.Fatal(err)
	}
	c.pass(time.Second)
	after := c.ask("GET", "/feeds/associations/husie.ics", "", "If-Modified-Since", before.Header.Get("Last-Modified")).want(t, 200)
	if !strings.Contains(after.body, "X-WR-CALNAME:Nya husie") || !strings.Contains(after.body, "LAST-MODIFIED:20260303T090010Z") {
		t.Errorf("a new name is not in the feed:\n%s", after.body)
	}
	if a := c.ask("GET", "/feeds/associations/videdal.ics", "", "If-None-Match", empty.Header.Get("ETag")); a.StatusCode != http.StatusOK {
		t.Errorf("the feed of a host without events kept its old name: %d", a.StatusCode)
	}
}

// An edit from an instance whose clock is ahead, and then one of ours: by their
// dates alone a client sees both, here and there.
func TestFeed_ClockOfAnotherAhead(t *testing.T) {
	c := newCity(t)
	at := c.published(townHall)
	other := c.published(`{"kind":"seminar","title":"Annat","host":"videdal","starts":"2026-03-14T18:00"}`)
	c.pass(2 * time.Minute)
	c.ask("PATCH", at, `{"title":"Nytt namn"}`, "token", c.husie).want(t, 200)
	c.pass(5 * time.Second)
	const feed = "/feeds/all.ics"
	there := c.ask("GET", feed, "").Header.Get("Last-Modified")
	c.pass(-2*time.Minute - 4*time.Second) // ours
	here := c.ask("GET", feed, "")
	if date := must(time.Parse(http.TimeFormat, here.Header.Get("Last-Modified"))); !date.Before(*c.clock) {
		t.Errorf("Last-Modified %s is to come", date)
	}
	c.pass(time.Second)
	c.ask("PATCH", other, `{"title":"Något annat"}`, "token", c.videdal).want(t, 200)
	c.pass(time.Second)
	c.ask("GET", feed, "", "If-Modified-Since", here.Header.Get("Last-Modified")).want(t, 200)
	c.pass(2*time.Minute + 4*time.Second) // there again
	c.ask("GET", feed, "", "If-Modified-Since", there).want(t, 200)
}

package handlers

import (
	"encoding/json"
	"encoding/xml"
	"flag"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files anew")

// newsCity has an event of every sort that a feed shows differently, and some
// that no public feed shows.
func newsCity(t *testing.T) *city {
	c := busyCity(t)
	hostile := c.published(`{"kind":"yard-party","title":"Fest & <b>fika</b> ]]> \"på\" gården 🎉","summary":"Rad ett\nrad två </entry>","host":"husie",
		"description":"Kom *ni* med.\n\n<script>alert(1)</script> & mer","starts":"2026-03-20T23:00","ends":"2026-03-21T01:00","place":{"name":"Gården <2>"}}`)
	c.pass(time.Hour)
	c.ask("PATCH", hostile, `{"starts":"2026-03-20T22:00"}`, "token", c.husie).want(t, 200)
	off := c.published(`{"kind":"seminar","title":"Föredrag","host":"videdal","starts":"2026-04-01","date_only":true}`)
	c.ask("POST", off+"/cancel", `{"reason":"Hon är sjuk & <hemma>."}`, "token", c.videdal).want(t, 200)
	c.pass(time.Minute)
	return c
}

// anonymous gives events names that are the same in every run.
func (c *city) anonymous(body string) string {
	for i, l := range c.Planner.Catalogue().Events {
		body = strings.ReplaceAll(body, l.ID, "event-"+string(rune('0'+i)))
	}
	return body
}

func TestFeed_Formats(t *testing.T) {
	c := newsCity(t)
	for name, url := range map[string]string{
		"all.atom": "/feeds/all.atom", "all.json": "/feeds/all.json",
		"english.atom": "/feeds/events.atom?lang=en&kind=seminar&association=husie", "english.json": "/feeds/events.json?lang=en&kind=seminar&association=husie",
		"event.atom": "/events/elen-och-planboken.atom", "event.json": "/events/elen-och-planboken.json",
		"empty.atom": "/feeds/kinds/may-day.atom", "empty.json": "/feeds/kinds/may-day.json",
	} {
		t.Run(name, func(t *testing.T) {
			got := c.anonymous(c.ask("GET", url, "").want(t, 200).body)
			file := filepath.Join("testdata", name)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if want := must(os.ReadFile(file)); got != string(want) {
				t.Errorf("%s is not as it was written before (-update if it should not):\n%s", url, got)
			}
			if strings.Contains(got, "Hemligt") {
				t.Error("the public sees what it must not")
			}
			if filepath.Ext(name) == ".atom" {
				soundAtom(t, got)
			} else {
				soundJSON(t, got)
			}
		})
	}
}

var urn = regexp.MustCompile(`^urn:uuid:[0-9a-f-]{36}$|^urn:uuid:event-\d$`)

// soundAtom fails unless the text has what RFC 4287 demands of a feed (§4.1.1)
// and of its entries (§4.1.2).
func soundAtom(t *testing.T, text string) {
	t.Helper()
	type person struct {
		Name []string `xml:"http://www.w3.org/2005/Atom name"`
	}
	type link struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	}
	type common struct {
		ID      []string `xml:"http://www.w3.org/2005/Atom id"`
		Title   []string `xml:"http://www.w3.org/2005/Atom title"`
		Updated []string `xml:"http://www.w3.org/2005/Atom updated"`
		Author  []person `xml:"http://www.w3.org/2005/Atom author"`
		Link    []link   `xml:"http://www.w3.org/2005/Atom link"`
	}
	var feed struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		Lang    string   `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
		common
		Entry []common `xml:"http://www.w3.org/2005/Atom entry"`
	}
	if err := xml.Unmarshal([]byte(text), &feed); err != nil {
		t.Fatal(err)
	}
	if feed.Lang == "" {
		t.Error("the feed does not say its language")
	}
	var ids []string
	for _, e := range append([]common{feed.common}, feed.Entry...) {
		if len(e.ID) != 1 || len(e.Title) != 1 || len(e.Updated) != 1 || len(e.Author) == 0 || len(e.Link) == 0 {
			t.Errorf("something is missing, or there twice: %+v", e)
			continue
		}
		if at, err := time.Parse(time.RFC3339, e.Updated[0]); err != nil || at.Year() < 2000 || !urn.MatchString(e.ID[0]) || slices.Contains(ids, e.ID[0]) || e.Title[0] == "" {
			t.Errorf("updated %q, id %q, title %q", e.Updated[0], e.ID[0], e.Title[0])
		}
		ids = append(ids, e.ID[0])
		if last := feed.Updated[0]; e.Updated[0] > last {
			t.Errorf("the feed says it last changed at %s, an entry at %s", last, e.Updated[0])
		}
		for _, l := range e.Link {
			if !strings.HasPrefix(l.Href, "https://samling.test/") {
				t.Errorf("a link to %q", l.Href)
			}
		}
		if strings.Contains(e.Title[0], "&lt;") {
			t.Errorf("escaped twice: %q", e.Title[0])
		}
	}
	if !slices.ContainsFunc(feed.Link, func(l link) bool { return l.Rel == "self" }) {
		t.Error("the feed does not say its address")
	}
}

// soundJSON fails unless the text is a JSON Feed 1.1.
func soundJSON(t *testing.T, text string) {
	t.Helper()
	var feed struct {
		Version, Title, Language string
		Home                     string `json:"home_page_url"`
		URL                      string `json:"feed_url"`
		Authors                  []struct{ Name string }
		Items                    []struct {
			ID, URL, Title, Summary string
			Content                 string    `json:"content_html"`
			Modified                time.Time `json:"date_modified"`
			Authors                 []struct{ Name string }
			Tags                    []string
		}
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&feed); err != nil {
		t.Fatal(err)
	}
	if feed.Version != "https://jsonfeed.org/version/1.1" || feed.Title == "" || feed.Language == "" || feed.Items == nil || feed.Authors == nil ||
		!strings.HasPrefix(feed.Home, "https://samling.test/") || !strings.HasPrefix(feed.URL, "https://samling.test/") {
		t.Errorf("the feed is %+v", feed)
	}
	for _, item := range feed.Items {
		if !urn.MatchString(item.ID) || item.Title == "" || item.Content == "" || item.Modified.IsZero() || len(item.Authors) == 0 || len(item.Tags) == 0 || !strings.HasPrefix(item.URL, "https://samling.test/") {
			t.Errorf("an item is %+v", item)
		}
		if strings.Contains(item.Content, "<script") || strings.Contains(item.Content, "<hemma") {
			t.Errorf("an item has HTML of others: %s", item.Content)
		}
	}
}

// All formats are of the same events, and nothing of them is kept twice.
func TestFeed_FormatsAgree(t *testing.T) {
	c := newsCity(t)
	for _, selection := range []string{
		"/feeds/all.", "/feeds/associations/husie.", "/feeds/kinds/seminar.", "/feeds/groups/klimat.", "/feeds/districts/oster.", "/feeds/events.%?kind=seminar&kind=yard-party",
		"/events/oppet-mote-om-skolan.",
	} {
		var found [][]string
		for _, f := range formats() {
			url := selection + string(f)
			if before, query, ok := strings.Cut(selection, "%"); ok {
				url = before + string(f) + query
			}
			body := c.ask("GET", url, "").want(t, 200).body
			var ids []string
			for _, l := range c.Planner.Catalogue().Events {
				if strings.Contains(strings.ReplaceAll(body, "\r\n ", ""), l.ID) {
					ids = append(ids, l.Title)
				}
			}
			found = append(found, ids)
		}
		if len(found[0]) == 0 || !slices.Equal(found[0], found[1]) || !slices.Equal(found[0], found[2]) {
			t.Errorf("%s: %q", selection, found)
		}
	}
}

// Programs find the feeds of a page by themselves.
func TestFeed_LinkedFromPages(t *testing.T) {
	c := busyCity(t)
	for page, feed := range map[string]string{
		"/": "/feeds/all.", "/en/": "/feeds/all.%?lang=en", "/?kind=seminar&association=husie": "/feeds/events.%?association=husie&kind=seminar",
		"/associations/husie": "/feeds/associations/husie.", "/groups/klimat": "/feeds/groups/klimat.", "/districts/oster": "/feeds/districts/oster.",
		"/events/oppet-mote-om-skolan": "/events/oppet-mote-om-skolan.", "/subscribe": "/feeds/all.",
	} {
		body := html.UnescapeString(c.ask("GET", page, "").want(t, 200).body)
		before, query, _ := strings.Cut(feed, "%")
		for f, media := range map[format]string{inCalendar: "text/calendar", inAtom: "application/atom+xml", inJSON: "application/feed+json"} {
			if link := `<link rel="alternate" type="` + media + `" href="` + before + string(f) + query + `">`; !strings.Contains(body, link) {
				t.Errorf("%s lacks %s", page, link)
			}
		}
	}
	if body := c.ask("GET", "/privacy", "").body; strings.Contains(body, "feeds/") {
		t.Error("a page without a feed has a link to one")
	}
}

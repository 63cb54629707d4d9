package models

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

func followed(status FollowStatus, due time.Time) Follow {
	return Follow{Document: Document{ID: "0000f00d-0000-5000-8000-000000000000"}, Status: status, Due: due, Fetched: noon.Add(-time.Hour)}
}

func TestFollow_OneFetchAtATime(t *testing.T) {
	f := followed(FollowOn, noon)
	if err := f.Begin("a", noon.Add(-time.Second)); CodeOf(err) != CodeNotPossible {
		t.Errorf("before it is due: %v", err)
	}
	if err := f.Begin("a", noon); err != nil || !f.Tried.Equal(noon) || !f.Busy(noon) {
		t.Errorf("%v, %+v", err, f)
	}
	if err := f.Begin("b", noon.Add(time.Minute)); CodeOf(err) != CodeNotPossible {
		t.Errorf("while it goes on: %v", err)
	}
	if err := f.GoOn("a", noon.Add(4*time.Minute)); err != nil {
		t.Error(err)
	}
	if err := f.Begin("b", noon.Add(8*time.Minute)); CodeOf(err) != CodeNotPossible {
		t.Errorf("while it says that it goes on: %v", err)
	}
	if err := f.Begin("b", noon.Add(10*time.Minute)); err != nil {
		t.Errorf("after it has said nothing for five minutes: %v", err)
	}
	for what, err := range map[string]error{
		"going on":   f.GoOn("a", noon),
		"succeeding": f.Succeed("a", noon),
		"failing":    f.Fail("a", Trouble{}, 0, noon),
	} {
		if CodeOf(err) != CodeChangedMeanwhile {
			t.Errorf("%s for one that was taken for dead: %v", what, err)
		}
	}
	if err := f.Succeed("b", noon.Add(11*time.Minute)); err != nil || f.Busy(noon.Add(11*time.Minute)) {
		t.Errorf("%v, %+v", err, f)
	}
}

func TestFollow_Rhythm(t *testing.T) {
	spread := (&Follow{Document: Document{ID: "8000"}}).spread()
	if spread != fetchSpread/2 {
		t.Errorf("spread is %v", spread)
	}
	f := followed(FollowOn, noon)
	now := noon
	fail := func(later, want time.Duration) {
		t.Helper()
		if err := f.Begin("a", f.Due); err != nil {
			t.Fatal(err)
		}
		now = f.Tried
		if err := f.Fail("a", Trouble{Code: "slow"}, later, now); err != nil || f.Due.Sub(now) != want || f.Claim != "" || f.Trouble.Code != "slow" {
			t.Errorf("after %d failures: %v, %+v", f.Failures, err, f)
		}
	}
	for _, hours := range []float64{0.5, 1, 2, 4, 8, 12, 12} {
		fail(0, time.Duration(hours*float64(time.Hour)))
	}
	fail(20*time.Hour, 20*time.Hour)
	fail(20*24*time.Hour, 24*time.Hour)
	for range 200 {
		fail(0, 12*time.Hour)
	}
	if err := f.Begin("a", f.Due); err != nil {
		t.Fatal(err)
	}
	if err := f.Succeed("a", f.Tried); err != nil || f.Failures != 0 || f.Trouble.Code != "" || f.Due.Sub(f.Tried) != FetchEvery {
		t.Errorf("%v, %+v", err, f)
	}
}

func TestFollow_Again(t *testing.T) {
	for name, c := range map[string]struct {
		f    Follow
		want Code
		due  bool
	}{
		"at rest":          {followed(FollowOn, noon.Add(time.Hour)), "", true},
		"new":              {followed(FollowNew, time.Time{}), "", true},
		"given up":         {followed(FollowOff, time.Time{}), CodeNotPossible, false},
		"going on":         {Follow{Status: FollowOn, Claim: "a", Due: noon.Add(time.Minute)}, "", false},
		"just been":        {Follow{Status: FollowOn, Tried: noon.Add(-time.Minute), Due: noon.Add(time.Hour)}, CodeTooMany, false},
		"a while ago":      {Follow{Status: FollowOn, Tried: noon.Add(-3 * time.Minute), Due: noon.Add(time.Hour)}, "", true},
		"a clock set back": {Follow{Status: FollowOn, Tried: noon.Add(time.Hour), Due: noon.Add(90 * time.Minute)}, "", true},
	} {
		err := c.f.Again(noon)
		if CodeOf(err) != c.want || c.f.Due.Equal(noon) != c.due {
			t.Errorf("%s: %v, due %v", name, err, c.f.Due)
		}
	}
}

func TestFollow_Life(t *testing.T) {
	unread := followed(FollowNew, noon)
	unread.Fetched = time.Time{}
	if err := unread.Approve(false, noon); CodeOf(err) != CodeNotPossible {
		t.Errorf("one that nobody has seen: %v", err)
	}
	f := followed(FollowNew, noon)
	if err := f.Begin("look", noon); err != nil {
		t.Fatal(err)
	}
	if err := f.Approve(true, noon); err != nil || f.Status != FollowOn || !f.Drafts || !f.Due.Equal(noon) {
		t.Errorf("%v, %+v", err, f)
	}
	if err := f.Succeed("look", noon); CodeOf(err) != CodeChangedMeanwhile {
		t.Errorf("a look that ends after the word was given: %v", err)
	}
	if err := f.Approve(false, noon.Add(time.Hour)); err != nil || !f.Drafts {
		t.Errorf("again: %v, %+v", err, f)
	}
	f.Sealed, f.ETag = []byte("x"), "e"
	f.Stop()
	if f.Sealed != nil || f.ETag != "" || !f.Due.IsZero() || f.Busy(noon) {
		t.Errorf("given up: %+v", f)
	}
	if err := f.Approve(false, noon); CodeOf(err) != CodeNotPossible {
		t.Errorf("after it was given up: %v", err)
	}
	looked := followed(FollowNew, noon)
	if err := looked.Begin("a", noon); err != nil {
		t.Fatal(err)
	}
	if err := looked.Succeed("a", noon); err != nil || !looked.Due.IsZero() {
		t.Errorf("one that waits for a word is fetched by itself: %+v", looked)
	}
}

func TestFollow_Unchanged(t *testing.T) {
	f := Follow{Status: FollowOn, Read: noon, ETag: `"a"`, Modified: "m"}
	if etag, modified := f.Unchanged(noon.Add(23 * time.Hour)); etag != `"a"` || modified != "m" {
		t.Errorf("got %q, %q", etag, modified)
	}
	if etag, modified := f.Unchanged(noon.Add(24 * time.Hour)); etag+modified != "" {
		t.Errorf("a day later: %q, %q; its series would end", etag, modified)
	}
	f.Status = FollowNew
	if etag, modified := f.Unchanged(noon); etag+modified != "" {
		t.Errorf("one that was only looked at: %q, %q", etag, modified)
	}
}

func TestCalendarAddress(t *testing.T) {
	const google = "https://calendar.google.com/calendar/ical/x%40group.calendar.google.com/private-abc/basic.ics"
	for text, want := range map[string]string{
		google: google,
		"  webcal://p12-caldav.icloud.com/published/2/ABC \n": "https://p12-caldav.icloud.com/published/2/ABC",
		"webcals://kalender.example/a.ics":                    "https://kalender.example/a.ics",
		"webcal:kalender.example/a.ics":                       "https://kalender.example/a.ics",
		"kalender.example/a.ics?token=b#c":                    "https://kalender.example/a.ics?token=b",
		"HTTPS://Kalender.Example:443/A.ics":                  "https://kalender.example/A.ics",
		"https://moln.example/remote.php/dav/x?export":        "https://moln.example/remote.php/dav/x?export",
		"":                                     "required",
		"kalendern":                            "bad-calendar-address",
		"https://localhost/a.ics":              "bad-calendar-address",
		"https://93.184.216.34/a.ics":          "bad-calendar-address",
		"https://[::ffff:93.184.216.34]/a.ics": "bad-calendar-address",
		"https://kalender.example:8443/a.ics":  "bad-calendar-address",
		"ftp://kalender.example/a.ics":         "bad-calendar-address",
		"file:///etc/passwd":                   "bad-calendar-address",
		"https:///a.ics":                       "bad-calendar-address",
		"https://kalender.example/\x00":        "bad-calendar-address",
		"https://kalender.example/" + strings.Repeat("a", 2000): "bad-calendar-address",
		"http://kalender.example/a.ics":                         "calendar-not-https",
		"https://ada:hemligt@kalender.example/a.ics":            "calendar-password",
		"https://calendar.google.com/calendar/u/0?cid=abc":      "calendar-web-page",
		"https://outlook.live.com/owa/calendar/a/b/cid/c.html":  "calendar-web-page",
	} {
		var f Faults
		got, site := CalendarAddress(&f, "address", text)
		if err, ok := f.Err().(*Error); ok {
			got = err.Fields[0].Code
		} else if site == "" || !strings.Contains(got, site) {
			t.Errorf("%q: the site is %q", text, site)
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// Whatever is typed in, what is fetched is a name on the web, and reading it again
// gives the same.
func FuzzCalendarAddress(f *testing.F) {
	for _, text := range []string{"webcal://kalender.example/a.ics", "kalender.example", "https://a:b@c.example:443/?q#f", "https://[::1]:443/", "HTTPS://Å.example/%zz", "https://[::ffff:1.2.3.4]/"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var faults Faults
		address, site := CalendarAddress(&faults, "address", text)
		if faults.Err() != nil {
			if address != "" || site != "" {
				t.Fatalf("%q is wrong and yet %q at %q", text, address, site)
			}
			return
		}
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "https" || u.User != nil || u.Port() != "" || u.Host != site || u.Fragment != "" {
			t.Fatalf("%q is %q at %q: %v", text, address, site, err)
		}
		if again, _ := CalendarAddress(&faults, "address", address); again != address {
			t.Fatalf("%q is %q, and that %q: %v", text, address, again, faults.Err())
		}
	})
}

package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"
)

func TestServe_Refuses(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	token := c.founded(t)
	first := c.serve(t, token)

	second := c.run(t, "serve")
	if second.code != failed || !strings.Contains(second.err, "används av en annan samling") || second.out != "" {
		t.Errorf("a second serve: %+v", second)
	}
	if status, _ := first.call(t, "GET", "/healthz", "", ""); status != http.StatusOK {
		t.Errorf("the first answers %d", status)
	}
	busy := c.run(t, "serve", "--store", "sqlite:other.db", "--key-file", "other.key", "--listen", strings.TrimPrefix(first.address, "http://"))
	if busy.code != failed || !strings.Contains(busy.err, "Det går inte att lyssna på") {
		t.Errorf("a port that is taken: %+v", busy)
	}
	if s := c.run(t, "restore", c.dir+"/data/samling.db"); s.code != failed {
		t.Errorf("restore under a serve: %+v", s)
	}

	bare := newCity(t)
	bare.environ = append(os.Environ(), "SAMLING_LANGUAGE=en", "SAMLING_RETENTION=soon")
	s := bare.run(t, "serve")
	for _, key := range []string{"SAMLING_URL: ", "SAMLING_SMTP: ", "SAMLING_RETENTION: "} {
		if !strings.Contains(s.err, key) {
			t.Errorf("it does not say %s\n%s", key, s.err)
		}
	}
	if left, _ := os.ReadDir(bare.dir); s.code != misuse || len(left) > 0 {
		t.Errorf("exit code %d, left behind: %v", s.code, left)
	}
}

// A command beside a serve is seen within two seconds.
func TestServe_SeesCommands(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.serve(t, c.founded(t))
	starts := time.Now().AddDate(0, 0, 40).UTC().Format("20060102T150405Z")
	calendar := c.file(t, "one.ics", strings.ReplaceAll(`BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Provstaden//SV
BEGIN:VEVENT
UID:mote-1
DTSTAMP:20260101T000000Z
DTSTART:`+starts+`
DURATION:PT2H
SUMMARY:Årsmöte
END:VEVENT
END:VCALENDAR
`, "\n", "\r\n"))
	for _, args := range [][]string{{"--draft"}, {}, {}} {
		c.must(t, append([]string{"import", "calendar", calendar, "--association", "hyllie"}, args...)...)
	}
	eventually(t, 2*time.Second, func() (any, bool) {
		_, feed := s.call(t, "GET", "/feeds/associations/hyllie.ics", "", "")
		n := strings.Count(string(feed), "SUMMARY:Årsmöte")
		return string(feed), n == 1
	})
	another := c.must(t, "token", "create", "--organiser", "kansliet@example.org")
	if status, text := s.call(t, "GET", "/api/v1/events?q=%C3%A5rsm%C3%B6te", another, ""); status != http.StatusOK || !strings.Contains(string(text), "Årsmöte") {
		t.Errorf("with a new token: %d %s", status, text)
	}
}

func TestBackup_RestoredElsewhere(t *testing.T) {
	long(t)
	t.Parallel()
	c := newCity(t)
	s := c.serve(t, c.founded(t))
	event := s.event(t, townHall("Rådslag", 10))
	if got, _ := s.signUp(t, event, "person@example.net"); got != "going" {
		t.Fatal(got)
	}
	backup := filepath.Join(c.dir, "backup")
	if made := c.run(t, "backup", backup); made.code != done || made.out != "" || !strings.Contains(made.err, "Nyckelfilen") {
		t.Errorf("backup: %+v", made)
	}
	if again := c.run(t, "backup", backup); again.code != failed {
		t.Errorf("a second backup into the same file: %+v", again)
	}
	if got, _ := s.signUp(t, event, "later@example.net"); got != "going" {
		t.Fatal(got)
	}

	elsewhere := newCity(t)
	elsewhere.must(t, "restore", backup)
	if s := elsewhere.run(t, "attendance", event); s.code != failed || !strings.Contains(s.err, "nyckelfil") || s.out != "" {
		t.Errorf("without the key file: %+v", s)
	}
	if left, _ := os.ReadDir(filepath.Join(elsewhere.dir, "data")); hasFile(left, "samling.key") {
		t.Error("a new key file was made for a store that has one")
	}
	key, err := os.ReadFile(filepath.Join(c.dir, "data", "samling.key"))
	if err != nil {
		t.Fatal(err)
	}
	elsewhere.file(t, "data/samling.key", string(key))
	list := elsewhere.must(t, "attendance", event, "--format", "json")
	if !strings.Contains(list, "person@example.net") || strings.Contains(list, "later@example.net") {
		t.Errorf("restored: %s", list)
	}

	foreign := newCity(t)
	foreign.founded(t)
	elsewhere.environ = append(elsewhere.environ, "SAMLING_KEY_FILE="+filepath.Join(foreign.dir, "data", "samling.key"))
	for _, args := range [][]string{{"attendance", event}, {"serve"}} {
		if s := elsewhere.run(t, args...); s.code != failed || !strings.Contains(s.err, "annan installation") || s.out != "" {
			t.Errorf("%v with a foreign key file: %+v", args, s)
		}
	}
	junk := elsewhere.file(t, "junk.key", "not a key")
	if s := elsewhere.run(t, "--key-file", junk, "attendance", event); s.code != failed || s.out != "" {
		t.Errorf("with a broken key file: %+v", s)
	}
}

func hasFile(entries []os.DirEntry, name string) bool {
	for _, e := range entries {
		if e.Name() == name {
			return true
		}
	}
	return false
}

// Every file that is wrong is refused whole, by line, in words.
func TestImport_Refuses(t *testing.T) {
	long(t)
	t.Parallel()
	c := newCity(t)
	c.environ = append(c.environ, "SAMLING_LANGUAGE=en")
	c.must(t, "import", "groups", sample(t, "groups.csv"))
	many := "slug,name,district\n"
	for n := range 30 {
		many += fmt.Sprintf("s%d,S,nowhere\n", n)
	}
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"wrong column":     {"slug,name,area\na,b,norr\n", []string{"line 1: There is no column “area”", "“district” is missing"}},
		"duplicate slug":   {"slug,name,district\na,A,norr\nb,B,norr\na,C,norr\n", []string{"line 4, slug: ", "on line 2 already"}},
		"unknown district": {"slug,name,district\na,A,mitten\n", []string{"line 2, district: There is no district “mitten”"}},
		"slug of a group":  {"slug,name,district\nklimat-och-el,A,norr\n", []string{"line 2, slug: ", "is taken"}},
		"Windows-1252":     {"slug,name,district\na,M\xf6llan,norr\n", []string{"line 2: The file is not UTF-8"}},
		"bad fields":       {"slug;name;district;email;website\nA b;;norr;me;ftp://x\n", []string{"line 2, slug: ", "line 2, name: ", "line 2, email: ", "line 2, website: "}},
		"many":             {many, []string{"line 21, district: ", "and 10 more"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := c.run(t, "import", "associations", c.file(t, name+".csv", test.text))
			for _, want := range append(test.want, "Nothing was taken over from") {
				if !strings.Contains(s.err, want) {
					t.Errorf("it does not say %q", want)
				}
			}
			if s.code != failed || s.out != "" || t.Failed() || strings.Contains(s.err, "invalid;") {
				t.Errorf("%+v", s)
			}
			if n := c.associations(t); n != 0 {
				t.Errorf("%d associations were written", n)
			}
		})
	}
	folder := t.TempDir()
	for file, want := range map[string]string{
		"none.csv": "none.csv cannot be read: there is no such file.\n", folder: folder + " cannot be read: it is a folder.\n",
	} {
		for _, what := range [][]string{{"associations", file}, {"calendar", file, "--association", "husie"}} {
			if s := c.run(t, append([]string{"import"}, what...)...); s.code != failed || s.err != want {
				t.Errorf("%v: %+v", what, s)
			}
		}
	}
}

func TestImport_CalendarByAddress(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.environ = append(c.environ, "SAMLING_LANGUAGE=en")
	c.must(t, "import", "associations", sample(t, "associations.csv"))
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/large", http.StatusFound)
		case "/away":
			http.Redirect(w, r, "file:///etc/hostname", http.StatusFound)
		case "/large":
			_, _ = w.Write([]byte(strings.Repeat("X", largestCalendar+1)))
		case "/broken":
			_, _ = w.Write([]byte("BEGIN:VCALENDAR\r\n"))
		default:
			http.NotFound(w, r)
		}
	}))
	defer web.Close()
	for address, want := range map[string]struct {
		says string
		code int
	}{
		web.URL + "/none":         {"cannot be fetched. The calendar is not at the address", failed},
		web.URL + "/moved":        {"larger than 5 MB", failed},
		web.URL + "/away":         {"cannot be fetched. The address sends us on", failed},
		web.URL + "/broken":       {"Nothing was taken over", failed},
		"ftp://example.org/a.ics": {"Only addresses that begin with", misuse},
		"http://127.0.0.1:1/":     {"cannot be fetched. The server did not answer", failed},
	} {
		if s := c.run(t, "import", "calendar", address, "--association", "hyllie"); s.code != want.code || !strings.Contains(s.err, want.says) {
			t.Errorf("%s: %+v", address, s)
		}
	}
}

func TestRun_ExitCodes(t *testing.T) {
	long(t)
	t.Parallel()
	c := newCity(t)
	c.environ = append(c.environ, "SAMLING_LANGUAGE=en")
	for _, test := range []struct {
		args []string
		code int
		out  string
		err  string
	}{
		{[]string{"--help"}, done, "Usage: samling", ""},
		{[]string{"import", "--help"}, done, "associations", ""},
		{[]string{"migrate", "--help"}, done, "samling migrate --from=URL --to=URL", ""},
		{[]string{"serve", "--help"}, done, "--from=ADDRESS", ""},
		{[]string{"version"}, done, "samling ", ""},
		{nil, misuse, "", "See samling --help"},
		{[]string{"dance"}, misuse, "", "unexpected argument dance"},
		{[]string{"version", "--colour", "red"}, misuse, "", "unknown flag --colour"},
		{[]string{"organiser", "add", "a@example.org", "--role", "king"}, misuse, "", "--role"},
		{[]string{"attendance", "x", "--format", "pdf"}, misuse, "", "--format"},
		{[]string{"version", "--language", "fi"}, misuse, "", "SAMLING_LANGUAGE: “fi” will not do"},
		{[]string{"sign-in", "a@example.org"}, failed, "", "data/samling.db cannot be opened: there is no such file"},
		{[]string{"organiser", "add", "not-an-address", "--role", "coordinator"}, failed, "", "This is not an email address"},
		{[]string{"organiser", "add", "a@example.org", "--role", "organiser", "--association", "nowhere"}, failed, "", "“nowhere” is neither"},
		{[]string{"sign-in", "a@example.org"}, failed, "", "No organiser has the address a@example.org"},
		{[]string{"token", "create", "--organiser", "a@example.org"}, failed, "", "No organiser has the address"},
		{[]string{"attendance", "nothing"}, failed, "", "There is no event nothing"},
		{[]string{"import", "calendar", "x.ics", "--association", "nowhere"}, failed, "", "x.ics cannot be read"},
		{[]string{"restore", "nothing"}, failed, "", "nothing cannot be read"},
		{[]string{"organiser", "add", "a@example.org", "--role", "coordinator"}, done, site + "/sign-in?token=", "a@example.org may sign in"},
		{[]string{"sign-in", "A@example.org"}, done, site + "/sign-in?token=", ""},
	} {
		s := c.run(t, test.args...)
		if s.code != test.code || !strings.HasPrefix(s.out, test.out) && !strings.Contains(s.out, test.out) || !strings.Contains(s.err, test.err) || test.out == "" && s.out != "" {
			t.Errorf("%v: %+v", test.args, s)
		}
	}
}

// The key is made once, serve signs with it, and a wrong one is told at once.
func TestDKIM(t *testing.T) {
	long(t)
	t.Parallel()
	c := newCity(t)
	c.environ = append(c.environ, "SAMLING_DKIM_KEY=keys/dkim.pem", "SAMLING_DKIM_SELECTOR=april")
	if s := c.run(t, "serve"); s.code != failed || !strings.Contains(s.err, "samling dkim") {
		t.Errorf("without its key serve says %d %s", s.code, s.err)
	}
	record := c.must(t, "dkim")
	if !strings.HasPrefix(record, `april._domainkey.samling.example.org. IN TXT "v=DKIM1; k=rsa; p=`) || strings.Contains(record, "\n") {
		t.Errorf("the record is %s", record)
	}
	if again := c.must(t, "dkim"); again != record {
		t.Errorf("the second time it is %s", again)
	}
	if info, err := os.Stat(filepath.Join(c.dir, "keys/dkim.pem")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key: %v, %v", info.Mode(), err)
	}
	s := c.serve(t, c.founded(t))
	s.signUp(t, s.event(t, townHall("Signerat", 5)), "a@example.net")
	eventually(t, 10*time.Second, func() (any, bool) { return "no mail", len(c.post.to("a@example.net")) > 0 })
	_, key, _ := strings.Cut(strings.ReplaceAll(record, `" "`, ""), "TXT ")
	found, err := dkim.VerifyWithOptions(bytes.NewReader(c.post.to("a@example.net")[0].Raw), &dkim.VerifyOptions{
		LookupTXT: func(string) ([]string, error) { return []string{strings.Trim(key, `"`)}, nil },
	})
	if err != nil || len(found) != 1 || found[0].Err != nil {
		t.Errorf("verifying says %+v, %v", found, err)
	}
	s.stop(t)
	c.file(t, "keys/dkim.pem", "no key")
	for _, command := range []string{"serve", "dkim"} {
		if s := c.run(t, command); s.code != failed || !strings.Contains(s.err, "-----BEGIN PRIVATE KEY-----") {
			t.Errorf("with a wrong key %s says %d %s", command, s.code, s.err)
		}
	}
}

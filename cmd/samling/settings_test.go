package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"

	"samling/models"
)

// given reads settings as a command line would, with nothing else around.
func given(t *testing.T, args []string, environ map[string]string, needed ...string) (settings, error) {
	t.Helper()
	var c struct{ flags }
	from := source{environ: environ}
	parser, err := kong.New(&c, kong.Resolvers(&from), kong.ExplicitGroups([]kong.Group{{Key: "settings"}}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(args); err != nil {
		t.Fatal(err)
	}
	return c.settings(&from, []string{"sv", "en"}, needed)
}

// settingsFile writes a file of settings.
func settingsFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "samling.conf")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSettings_Precedence(t *testing.T) {
	file := settingsFile(t, "SAMLING_NAME=file\nSAMLING_CENTRAL=file\nSAMLING_ZONE_IS_NOT_SET_HERE=\n#\nSAMLING_RETENTION=1d\n")
	_, err := given(t, []string{"--config", file}, nil)
	if diff := cmp.Diff([]string{file + ":3 unknown-key"}, faultsOf(t, err)); diff != "" {
		t.Error(diff)
	}
	file = settingsFile(t, "SAMLING_NAME=file\nSAMLING_CENTRAL=file\nSAMLING_RETENTION=1d\nSAMLING_LISTEN=\n")
	for name, c := range map[string]struct {
		args    []string
		environ map[string]string
	}{
		"by flag":        {[]string{"--config", file, "--name", "flag"}, map[string]string{"SAMLING_NAME": "environ", "SAMLING_CENTRAL": "environ"}},
		"by environment": {[]string{"--name", "flag"}, map[string]string{"SAMLING_NAME": "environ", "SAMLING_CENTRAL": "environ", "SAMLING_CONFIG": file}},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := given(t, c.args, c.environ)
			if err != nil {
				t.Fatal(err)
			}
			if s.name != "flag" || s.central != "environ" || s.retention != day || s.listen != "127.0.0.1:3000" {
				t.Errorf("got %+v", s)
			}
		})
	}
}

func TestSettings_Defaults(t *testing.T) {
	s, err := given(t, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := settings{
		listen: "127.0.0.1:3000", store: "sqlite:data/samling.db", keyFile: "data/samling.key", smtpConnections: 4, dkimSelector: "samling",
		name: "Samling", zone: "Europe/Stockholm", language: "sv", retention: 14 * day, limits: true,
	}
	if diff := cmp.Diff(want, s, cmp.AllowUnexported(settings{})); diff != "" {
		t.Error(diff)
	}
}

// Whatever is wrong is told at once, and a password is never repeated.
func TestSettings_AllFaults(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "none.conf")
	_, err := given(t, nil, map[string]string{
		"SAMLING_CONFIG": missing, "SAMLING_URL": "samling.example.org/path", "SAMLING_LISTEN": "3000", "SAMLING_STORE": "mongodb://u:hemligt@db",
		"SAMLING_SMTP": "smtp://u:hemligt@/x", "SAMLING_SMTP_CONNECTIONS": "0", "SAMLING_FROM": "me", "SAMLING_NAME": "a\nb",
		"SAMLING_TIME_ZONE": "Local", "SAMLING_LANGUAGE": "fi", "SAMLING_RETENTION": "2 weeks", "SAMLING_TRUSTED_PROXIES": "10.0.0.1,lb.local",
		"SAMLING_RATE_LIMIT": "yes", "SAMLING_ALERT": "http://chat.example.org/hemligt", "SAMLING_DKIM_SELECTOR": "a_b",
	})
	want := []string{
		missing + " unreadable", "SAMLING_URL bad-site", "SAMLING_LISTEN bad-listen", "SAMLING_STORE mongodb-database", "SAMLING_SMTP smtp-host",
		"SAMLING_SMTP_CONNECTIONS out-of-range", "SAMLING_FROM bad-email", "SAMLING_DKIM_SELECTOR bad-selector", "SAMLING_NAME control-characters", "SAMLING_TIME_ZONE unknown-zone",
		"SAMLING_LANGUAGE no-such-choice", "SAMLING_RETENTION bad-duration", "SAMLING_TRUSTED_PROXIES bad-network", "SAMLING_ALERT alert-https", "SAMLING_RATE_LIMIT no-such-choice",
	}
	if diff := cmp.Diff(want, faultsOf(t, err)); diff != "" {
		t.Error(diff)
	}
	c, p := words("en", nil)
	for _, language := range c.Languages() {
		if text := strings.Join(sentences(c.In(language), err), "\n"); strings.Contains(text, "hemligt") || strings.Contains(text, "field.") {
			t.Errorf("%s: %s", language, text)
		}
	}
	if exitCode(err) != misuse || p.Language() != "en" {
		t.Errorf("exit code %d", exitCode(err))
	}
}

func TestSettings_Store(t *testing.T) {
	for address, want := range map[string][]string{
		"sqlite:a.db":                                             nil,
		"mongodb://u:p%40@a:1,b:2/samling?w=1":                    nil,
		"mongodb+srv://db.example.org/samling":                    nil, // whose hosts are looked up later
		"sqlite:":                                                 {"SAMLING_STORE bad-store"},
		"postgres://localhost/samling":                            {"SAMLING_STORE bad-store"},
		"mongodb://localhost:27017/":                              {"SAMLING_STORE mongodb-database"},
		"mongodb+srv://db.example.org/?tls=true":                  {"SAMLING_STORE mongodb-database"},
		"mongodb://u:p@ss@localhost/samling":                      {"SAMLING_STORE mongodb-unreadable"},
		"mongodb://localhost/samling?w=some":                      nil, // a tag; how writes are acknowledged is ours to say
		"mongodb://localhost/samling?tls=true&tlsCAFile=none.pem": {"SAMLING_STORE mongodb-file"},
	} {
		_, err := given(t, []string{"--store", address}, nil)
		if diff := cmp.Diff(want, faultsOf(t, err)); diff != "" {
			t.Errorf("%s\n%s", address, diff)
		}
	}
}

func TestSettings_Needed(t *testing.T) {
	for name, c := range map[string]struct {
		environ map[string]string
		want    []string
	}{
		"nothing":            {nil, []string{"SAMLING_URL needed-url", "SAMLING_SMTP needed-smtp"}},
		"no sender possible": {map[string]string{"SAMLING_URL": "http://192.0.2.1:3000", "SAMLING_SMTP": "smtp://localhost"}, []string{"SAMLING_FROM needed-from"}},
		"one machine":        {map[string]string{"SAMLING_URL": "http://127.0.0.1:3000", "SAMLING_SMTP": "smtp://localhost"}, nil},
		"one machine, named": {map[string]string{"SAMLING_URL": "http://localhost:3000", "SAMLING_SMTP": "smtp://localhost"}, nil},
		"all there":          {map[string]string{"SAMLING_URL": "https://s.example.org", "SAMLING_SMTP": "smtp://localhost"}, nil},
		"mail in memory":     {map[string]string{"SAMLING_URL": "http://localhost:3000", "SAMLING_SMTP": "none"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := given(t, nil, c.environ, "url", "smtp")
			got := faultsOf(t, err)
			var f models.Faults
			if models.CheckEmail(&f, "from", s.from, len(c.want) == 0); f.Err() != nil {
				t.Errorf("mail would be sent from %q: %v", s.from, f.Err())
			}
			slices.Sort(got)
			slices.Sort(c.want)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSettings_SMTP(t *testing.T) {
	for text, want := range map[string]string{
		"none":                               "none",
		"smtp://u:p%40ss@mail.example.org":   "smtp://mail.example.org:587",
		"smtps://u:p@mail.example.org":       "smtps://mail.example.org:465",
		"smtp://localhost:25?starttls=never": "smtp://localhost:25?starttls=never",
	} {
		s, err := given(t, []string{"--smtp", text}, nil)
		got := s.relay.String()
		if s.noMail {
			got = "none"
		}
		if got != want || err != nil {
			t.Errorf("%s: got %s, %v", text, got, err)
		}
	}
}

// Every way to write it wrongly has a sentence of its own, without the password.
func TestSettings_SMTPFaults(t *testing.T) {
	c, _ := words("en", nil)
	for _, text := range []string{
		"mail.example.org", "smtp://", "smtp://u:hemligt@", "smtp://u:hem/ligt@h", "smtp://u:hemligt@h/x", "smtp://u@h", "smtp://u:hemligt@h?tls=off",
		"smtps://localhost?starttls=never", "smtp://u:hemligt@mail.example.org?starttls=never",
	} {
		_, err := given(t, []string{"--smtp", text}, nil)
		for _, language := range c.Languages() {
			told := strings.Join(sentences(c.In(language), err), "\n")
			if told == "" || strings.Contains(told, "field.") || strings.Contains(told, "hemligt") {
				t.Errorf("%s, %s: %q", text, language, told)
			}
		}
	}
}

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"14d": 14 * day, "1d12h": 36 * time.Hour, "90m": 90 * time.Minute, "1h1m1s": 3661 * time.Second, "0s": 0,
	} {
		if got, err := parseDuration(text); got != want || err != nil {
			t.Errorf("%s: got %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "14", "d", "1h1d", "-1d", "1.5d", "1d ", "1w", "99999999999d", "106751d24h", "1d1d"} {
		if got, err := parseDuration(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

func TestParseSettings(t *testing.T) {
	known := map[string]bool{"A": true, "B": true, "C": true}
	for name, c := range map[string]struct {
		text   string
		values map[string]string
		faults []string
	}{
		"plain":           {"A=1\nB = 2 \n", map[string]string{"A": "1", "B": "2"}, nil},
		"hash and dollar": {"A=p#a$s ${B} `x`\n# A=2\n  #B=3\n", map[string]string{"A": "p#a$s ${B} `x`"}, nil},
		"quotes":          {"A=\" 1 \"\nB='2'\nC=\"3\n", map[string]string{"A": " 1 ", "B": "2", "C": "\"3"}, nil},
		"equals signs":    {"A=b=c=\n", map[string]string{"A": "b=c="}, nil},
		"Windows":         {"\ufeffA=1\r\nB=2\r\n", map[string]string{"A": "1", "B": "2"}, nil},
		"empty":           {"A=\nA=1\n", map[string]string{"A": "1"}, nil},
		"faults":          {"A=1\nA=2\nD=1\nexport B=1\nhello\n", map[string]string{"A": "1"}, []string{"repeated-key", "unknown-key", "unknown-key", "no-key"}},
		"Windows-1252":    {"A=\xe5", map[string]string{}, []string{"not-utf8"}},
	} {
		t.Run(name, func(t *testing.T) {
			values, faults := parseSettings(c.text, known)
			var codes []string
			for _, f := range faults {
				codes = append(codes, f.code)
			}
			if diff := cmp.Diff(c.values, values); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.faults, codes); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzParseSettings(f *testing.F) {
	f.Add("SAMLING_URL=https://a.example\n# c\nSAMLING_FROM='x'\n")
	f.Add("\ufeff=\n==\n\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		known := map[string]bool{"SAMLING_URL": true, "SAMLING_FROM": true}
		values, _ := parseSettings(text, known)
		for key, value := range values {
			if !known[key] || value == "" || strings.ContainsAny(value, "\n") {
				t.Errorf("%q=%q", key, value)
			}
		}
	})
}

// The sample file names every setting once, with its default.
func TestSettings_Sample(t *testing.T) {
	text, err := os.ReadFile("../../deploy/samling.conf")
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]string{}
	var uncommented strings.Builder
	for line := range strings.Lines(string(text)) {
		if set, ok := strings.CutPrefix(line, "#SAMLING_"); ok {
			key, value, _ := strings.Cut("SAMLING_"+strings.TrimSpace(set), "=")
			if _, twice := keys[key]; twice {
				t.Errorf("%s stands there twice", key)
			}
			keys[key] = value
			uncommented.WriteString(key + "=" + value + "\n")
		}
	}
	var c struct{ flags }
	parser, err := kong.New(&c, kong.ExplicitGroups([]kong.Group{{Key: "settings"}}))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, f := range parser.Model.AllFlags(false)[0] {
		if isSetting(f) && f.Name != "config" {
			want[keyOf(f.Name)] = f.Default
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(keys))); diff != "" {
		t.Error(diff)
	}
	for key, value := range want {
		if value != "" && value != keys[key] {
			t.Errorf("%s: the file says %q, the default is %q", key, keys[key], value)
		}
	}
	// What it shows can be taken as it stands.
	if _, err := given(t, []string{"--config", settingsFile(t, uncommented.String())}, nil, "url", "smtp"); err != nil {
		t.Error(faultsOf(t, err))
	}
}

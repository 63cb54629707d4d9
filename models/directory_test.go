package models

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestCheckSlug(t *testing.T) {
	for slug, want := range map[string]string{
		"kirseberg": "", "s-u": "", "1-maj-2026": "", strings.Repeat("a", 80): "",
		"": "required", "Kirseberg": "bad-slug", "möllan": "bad-slug", "-a": "bad-slug", "a-": "bad-slug", "a--b": "bad-slug",
		"a b": "bad-slug", "a/b": "bad-slug", "a\n": "bad-slug", "..": "bad-slug", strings.Repeat("a", 81): "bad-slug",
	} {
		var f Faults
		CheckSlug(&f, "slug", slug)
		if got := strings.Join(reasons(f.Err()), ""); got != "" && got != "slug: "+want || got == "" && want != "" {
			t.Errorf("%q: got %q, want %q", slug, got, want)
		}
	}
}

func TestCheckEmail(t *testing.T) {
	for address, want := range map[string]string{
		"asa@example.se": "", "asa+mote@mail.example.se": "", "a.b@example.se": "", "o'neil@example.se": "",
		"": "required", "asa": "bad-email", "asa@": "bad-email", "@example.se": "bad-email", "asa@localhost": "bad-email",
		"Åsa <asa@example.se>": "bad-email", "<asa@example.se>": "bad-email", `"a b"@example.se`: "bad-email",
		"asa@example.se\r\nBcc: bo@example.se": "bad-email", "asa@example.se\n": "bad-email", " asa@example.se": "bad-email",
		"asa@example.se,bo@example.se": "bad-email", "asa@example.se;": "bad-email", "åsa@example.se": "bad-email",
		"asa@exämple.se": "bad-email", "asa@@example.se": "bad-email", "asa@example..se": "bad-email", "asa@[127.0.0.1]": "bad-email",
		"asa(x)@example.se": "bad-email", strings.Repeat("a", 250) + "@example.se": "too-long",
	} {
		var f Faults
		CheckEmail(&f, "email", address, true)
		if got := strings.TrimPrefix(strings.Join(reasons(f.Err()), ""), "email: "); got != want {
			t.Errorf("%q: got %q, want %q", address, got, want)
		}
	}
}

func FuzzCheckEmail(f *testing.F) {
	f.Add("asa@example.se")
	f.Add("a@b.se\r\nBcc: c@d.se")
	f.Fuzz(func(t *testing.T, address string) {
		var faults Faults
		CheckEmail(&faults, "email", address, true)
		if faults.Err() == nil && (strings.ContainsAny(address, "\r\n\t <>\",;\x00") || strings.Count(address, "@") != 1) {
			t.Errorf("took %q", address)
		}
	})
}

func TestSignUp_Validate(t *testing.T) {
	good := SignUp{Name: "Åsa Öberg", Email: "asa@example.se", Party: 2, Consent: true, Language: "sv"}
	for name, c := range map[string]struct {
		how         func(*SignUp)
		byOrganiser bool
		want        string
	}{
		"as it is":                     {func(*SignUp) {}, false, ""},
		"no consent":                   {func(s *SignUp) { s.Consent = false }, false, "consent: no-consent"},
		"asked in person":              {func(s *SignUp) { s.Consent = false }, true, ""},
		"by name alone":                {func(s *SignUp) { s.Email = "" }, true, ""},
		"no address":                   {func(s *SignUp) { s.Email = "" }, false, "email: required"},
		"no name":                      {func(s *SignUp) { s.Name = " " }, false, "name: required"},
		"a name of nothing to see":     {func(s *SignUp) { s.Name = "\u200b\u2060" }, false, "name: required"},
		"a name of 10,000":             {func(s *SignUp) { s.Name = strings.Repeat("a", 10_000) }, false, "name: too-long"},
		"a name of two lines":          {func(s *SignUp) { s.Name = "Åsa\nBcc: x" }, false, "name: control-characters"},
		"a line break in the address":  {func(s *SignUp) { s.Email = "asa@example.se\r\nBcc: x@example.se" }, false, "email: bad-email"},
		"the same, by hand":            {func(s *SignUp) { s.Email = "asa@example.se\n" }, true, "email: bad-email"},
		"nobody":                       {func(s *SignUp) { s.Party = 0 }, false, "party: out-of-range"},
		"500":                          {func(s *SignUp) { s.Party = 500 }, false, "party: out-of-range"},
		"500, by hand":                 {func(s *SignUp) { s.Party = 500 }, true, "party: out-of-range"},
		"a note of two lines":          {func(s *SignUp) { s.Note = "Hörslinga.\nTack" }, false, ""},
		"too long a note":              {func(s *SignUp) { s.Note = strings.Repeat("a", MaxNote+1) }, false, "note: too-long"},
		"answers":                      {func(s *SignUp) { s.Answers = Answers{Phone: "070-123 45 67", Food: "Inget fläsk"} }, false, ""},
		"what is not asked":            {func(s *SignUp) { s.Answers.Access = "Tolk" }, false, "answers.access: not-asked"},
		"no telephone number":          {func(s *SignUp) { s.Answers.Phone = "hemma 1234" }, false, "answers.phone: bad-phone"},
		"a number of two lines":        {func(s *SignUp) { s.Answers.Phone = "070-123\n4567" }, false, "answers.phone: control-characters"},
		"a number without end":         {func(s *SignUp) { s.Answers.Phone = strings.Repeat("1", MaxPhone+1) }, false, "answers.phone: too-long"},
		"too long an answer":           {func(s *SignUp) { s.Answers.Food = strings.Repeat("a", MaxAnswer+1) }, false, "answers.food: too-long"},
		"no language that there is":    {func(s *SignUp) { s.Language = "sv\n" }, false, "language: bad-language"},
		"a language that was not said": {func(s *SignUp) { s.Language = "" }, false, ""},
	} {
		s := good
		c.how(&s)
		if got := strings.Join(reasons(s.Validate([]Question{AskPhone, AskFood}, c.byOrganiser)), ", "); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestDirectory_Validate(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"a district":                 {District{Document: Document{ID: "norr"}, Name: "Norr"}.Validate(), ""},
		"a district without a name":  {District{Document: Document{ID: "norr"}}.Validate(), "name: required"},
		"a group":                    {Group{Document: Document{ID: "bostad"}, Name: "Bostad"}.Validate(), ""},
		"a group with a bad slug":    {Group{Document: Document{ID: "Bostad"}, Name: "Bostad"}.Validate(), "slug: bad-slug"},
		"an association":             {Association{Document: Document{ID: "norr"}, Name: "Norr", Email: "norr@example.se", Website: "https://example.se"}.Validate(), ""},
		"with a page on her disk":    {Association{Document: Document{ID: "norr"}, Name: "Norr", Website: "file:///etc"}.Validate(), "website: bad-url"},
		"an organiser for nobody":    {Organiser{Email: "asa@example.se", Role: RoleOrganiser}.Validate(), "association: required"},
		"a coordinator":              {Organiser{Email: "asa@example.se", Role: RoleCoordinator}.Validate(), ""},
		"an organiser of no kind":    {Organiser{Email: "asa@example.se", Role: "boss"}.Validate(), "role: unknown-role"},
		"an organiser of no address": {Organiser{Role: RoleCoordinator}.Validate(), "email: required"},
	} {
		if got := strings.Join(reasons(c.err), ", "); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestFaults(t *testing.T) {
	var f Faults
	if f.Err() != nil {
		t.Error("an error of nothing")
	}
	f.Within("12", nil)
	f.Within("12", errors.New("not ours"))
	f.Within("12", fmt.Errorf("line: %w", Association{}.Validate()))
	f.Add("party", "out-of-range", "From", 1, "To", 4)
	err := f.Err()
	if got := strings.Join(reasons(err), ", "); got != "12.slug: required, 12.name: required, party: out-of-range" {
		t.Errorf("got %s", got)
	}
	if with := err.(*Error).Fields[2].With; with["From"] != 1 || with["To"] != 4 {
		t.Errorf("with %v", with)
	}
}

func TestError_IsByCode(t *testing.T) {
	cause := errors.New("disk on fire")
	err := fmt.Errorf("save: %w", Because(CodeNotFound, cause))
	if !errors.Is(err, ErrNotFound) || errors.Is(err, ErrExists) || !errors.Is(err, cause) || CodeOf(err) != CodeNotFound {
		t.Errorf("%v is not what it is", err)
	}
	if CodeOf(nil) != "" || CodeOf(cause) != CodeInternal {
		t.Error("nil and foreign errors have other codes")
	}
}

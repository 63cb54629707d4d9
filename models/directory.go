package models

import (
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Listing is what the entries of the directory have in common.
type Listing struct {
	Order int `json:"order"` // its place in lists
	// Updated is when anything of it that the public sees last changed.
	Updated time.Time `json:"updated"`
	// Link is the members' link of an association.
	Link Link `json:"link,omitzero"`
	// About is what it says of itself on its page, Markdown by language tag.
	About map[string]string `json:"about,omitempty"`
	// Closed is when an association or a group stopped arranging anything: what there
	// was stays, and nothing new begins. Zero: it goes on.
	Closed time.Time `json:"closed,omitzero"`
	// Approval makes its events wait for a coordinator before they are published.
	Approval bool `json:"approval,omitempty"`
}

// Open reports whether something new may be arranged in its name.
func (l *Listing) Open() bool { return l.Closed.IsZero() }

// MaxAbout is the longest text of an association about itself, in characters.
const MaxAbout = 4_000

// AboutIn is what it says of itself in a language, and the language that it is
// in: the fallback, then any, when there is none.
func (l *Listing) AboutIn(language, fallback string) (text, in string) {
	return inOne(l.About, language, fallback)
}

// Listed gives imports their way to it.
func (l *Listing) Listed() *Listing { return l }

// District is a part of the city. The slug is its id.
type District struct {
	Document
	Name  string            `json:"name"`
	Names map[string]string `json:"names,omitempty"` // in other languages, by tag
	Listing
}

// Association is one of the local associations, or the city organisation
// itself. The slug is its id.
type Association struct {
	Document
	Name     string `json:"name"`
	District string `json:"district"`
	Email    string `json:"email,omitempty"` // public contact, answers to mails go here
	Website  string `json:"website,omitempty"`
	// Central marks the city organisation.
	Central bool `json:"central,omitempty"`
	Listing
}

// Group is one of the policy working groups. The slug is its id; associations
// and groups share one space of slugs, since both can be the host of an event.
type Group struct {
	Document
	Name  string            `json:"name"`
	Names map[string]string `json:"names,omitempty"`
	Listing
}

// In is the name in a language, or the first one when there is none.
func (d District) In(language string) string { return named(d.Name, d.Names, language) }

// In is the name in a language, or the first one when there is none.
func (g Group) In(language string) string { return named(g.Name, g.Names, language) }

func named(name string, names map[string]string, language string) string {
	if n := names[language]; n != "" {
		return n
	}
	return name
}

// The longest texts that are taken, in characters. Titles end up in mail
// subjects and calendar lists, names in both.
const (
	MaxName        = 120
	MaxTitle       = 200
	MaxSummary     = 500
	MaxDescription = 20_000
	MaxLine        = 300
	MaxNote        = 1_000
	MaxEmail       = 254
)

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// CheckSlug notes what is wrong with a slug: lower-case ASCII letters, digits
// and single hyphens, at most 80 of them, so that no address needs escaping.
func CheckSlug(f *Faults, name, slug string) {
	switch {
	case slug == "":
		f.Add(name, "required")
	case len(slug) > 80 || !slugForm.MatchString(slug):
		f.Add(name, "bad-slug", "Value", clip(slug))
	}
}

// CheckLine notes what is wrong with a text of one line: nothing to see, too long,
// control characters, bytes that are not UTF-8.
func CheckLine(f *Faults, name, text string, required bool, longest int) {
	checkText(f, name, text, required, longest, unicode.IsControl)
}

// CheckText is CheckLine for a text that may have line breaks and tabs.
func CheckText(f *Faults, name, text string, required bool, longest int) {
	checkText(f, name, text, required, longest, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r'
	})
}

func checkText(f *Faults, name, text string, required bool, longest int, bad func(rune) bool) {
	switch n := utf8.RuneCountInString(text); {
	case required && !strings.ContainsFunc(text, visible):
		f.Add(name, "required")
	case !utf8.ValidString(text):
		f.Add(name, "not-utf8")
	case n > longest:
		f.Add(name, "too-long", "Max", longest, "Length", n)
	case strings.ContainsFunc(text, bad), strings.ContainsRune(text, backwards):
		f.Add(name, "control-characters")
	}
}

// backwards turns what follows around, also on the page and in the subject around
// it. Its sisters come with numbers that are pasted from a telephone, and stay.
const backwards = '\u202e'

// visible is false for spaces and for what only joins or steers other letters: a
// title of zero-width spaces leaves a list with a link that nobody can press.
func visible(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }

// CheckEmail notes what is wrong with a mail address. Only the plain form
// name@domain is taken: anything that a mail header could read in another way
// is refused.
func CheckEmail(f *Faults, name, address string, required bool) {
	if address == "" {
		if required {
			f.Add(name, "required")
		}
		return
	}
	parsed, err := mail.ParseAddress(address)
	local, domain, _ := strings.Cut(address, "@")
	switch {
	case len(address) > MaxEmail:
		f.Add(name, "too-long", "Max", MaxEmail, "Length", len(address))
	case err != nil, parsed.Address != address, parsed.Name != "",
		local == "", !strings.Contains(domain, "."),
		strings.ContainsFunc(address, func(r rune) bool {
			return r <= ' ' || r >= 0x7f || strings.ContainsRune(`",;:<>()[]\`, r)
		}):
		f.Add(name, "bad-email")
	}
}

// NormaliseEmail is the form in which two addresses are compared: without
// surrounding space, in lower case. Dots and plus-tags are kept: they are other
// addresses to most servers.
func NormaliseEmail(address string) string { return strings.ToLower(strings.TrimSpace(address)) }

// CheckURL notes what is wrong with a web address: absolute, https or http.
func CheckURL(f *Faults, name, address string) {
	if address == "" {
		return
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" ||
		len(address) > 2000 || strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		f.Add(name, "bad-url")
	}
}

// clip shortens what somebody sent for showing it in an error.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// Validate returns the wrong fields.
func (d District) Validate() error {
	var f Faults
	CheckSlug(&f, "slug", d.ID)
	CheckLine(&f, "name", d.Name, true, MaxName)
	return f.Err()
}

// Validate returns the wrong fields. That the district exists is for the caller
// to check.
func (a Association) Validate() error {
	var f Faults
	CheckSlug(&f, "slug", a.ID)
	CheckLine(&f, "name", a.Name, true, MaxName)
	CheckEmail(&f, "email", a.Email, false)
	CheckURL(&f, "website", a.Website)
	return f.Err()
}

// Validate returns the wrong fields.
func (g Group) Validate() error {
	var f Faults
	CheckSlug(&f, "slug", g.ID)
	CheckLine(&f, "name", g.Name, true, MaxName)
	return f.Err()
}

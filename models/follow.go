package models

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Follow is an association's own calendar somewhere else, which is followed: what
// stands there stands here too.
type Follow struct {
	Document
	Association string       `json:"association"` // slug
	Status      FollowStatus `json:"status"`
	// Drafts keeps new events as drafts instead of publishing them.
	Drafts bool `json:"drafts,omitempty"`
	// Sealed is the address. Those of private calendars are secrets, so only Site,
	// its host, is shown and logged. Empty when it is not followed any more.
	Sealed  []byte    `json:"sealed,omitempty"`
	Site    string    `json:"site"`
	Created time.Time `json:"created"`

	// Due is the next fetch, or while one is going on, the time after which it is
	// taken for dead; zero: none is planned.
	Due time.Time `json:"due,omitzero"`
	// Claim is the fetch that is going on, random; empty: none is.
	Claim string `json:"claim,omitempty"`
	// Tried is when the last fetch began, Fetched when the calendar last answered,
	// and Read when it was last read, which it is not when it says that nothing
	// has changed.
	Tried   time.Time `json:"tried,omitzero"`
	Fetched time.Time `json:"fetched,omitzero"`
	Read    time.Time `json:"read,omitzero"`
	// ETag and Modified are what it sent with what was last taken over.
	ETag     string `json:"etag,omitempty"`
	Modified string `json:"modified,omitempty"`
	// Trouble is why the last fetch failed; zero: it did not. Failures counts
	// those in a row.
	Trouble  Trouble `json:"trouble,omitzero"`
	Failures int     `json:"failures,omitempty"`

	// Name is what the calendar calls itself, Found what stood in it last.
	Name  string `json:"name,omitempty"`
	Found Found  `json:"found,omitzero"`
	Gone  []Gone `json:"gone,omitempty"`
}

// FollowStatus is where the following of a calendar stands.
type FollowStatus string

// The statuses.
const (
	FollowNew FollowStatus = "new" // looked at, and waits for an organiser's word
	FollowOn  FollowStatus = "on"
	FollowOff FollowStatus = "off" // given up: its events stay
)

// Trouble is something that is wrong with a calendar, as a code that locale has a
// sentence for, and what fills its gaps.
type Trouble struct {
	Code string            `json:"code"`
	With map[string]string `json:"with,omitempty"`
}

// Found is what stands in a calendar, for an organiser to look at.
type Found struct {
	Events int       `json:"events"`         // those to come
	Next   []Glimpse `json:"next,omitempty"` // the first of them
	// Left are events that are left out; More says how many more are, and Private
	// how many because they are marked so.
	Left    []LeftOut `json:"left,omitempty"`
	More    int       `json:"more,omitempty"`
	Private int       `json:"private,omitempty"`
}

// Glimpse is what is shown of an event of a calendar.
type Glimpse struct {
	Title    string    `json:"title"`
	Starts   time.Time `json:"starts,omitzero"`
	Ends     time.Time `json:"ends,omitzero"`
	DateOnly bool      `json:"date_only,omitempty"`
	TimeZone string    `json:"time_zone,omitempty"`
	Place    string    `json:"place,omitempty"`
}

// LeftOut is an event that is left out, and why.
type LeftOut struct {
	Glimpse
	Trouble
}

// The rhythm of fetches.
const (
	FetchEvery  = 30 * time.Minute
	fetchLasts  = 5 * time.Minute // before a fetch that says nothing is taken for dead
	fetchSeldom = 12 * time.Hour  // at most, while it fails
	fetchAtMost = 24 * time.Hour  // at most, when the calendar asks to be left alone
	fetchRest   = 2 * time.Minute // between fetches that somebody asks for
	readEvery   = 24 * time.Hour  // whatever the calendar says, since its series go on
	fetchSpread = 3 * time.Minute // so that calendars do not all come at once
	MaxFollows  = 5               // of one association
	maxAddress  = 2000            // octets
)

// Begin claims the fetch that is due. CodeNotPossible: none is, or somebody else
// was faster.
func (f *Follow) Begin(claim string, now time.Time) error {
	if f.Status == FollowOff || f.Due.IsZero() || f.Due.After(now) {
		return Fault(CodeNotPossible)
	}
	f.Claim, f.Tried, f.Due = claim, Milli(now), Milli(now.Add(fetchLasts))
	return nil
}

// GoOn says that a fetch is still at work. ErrChangedMeanwhile: it is not wanted
// any more, or was taken for dead.
func (f *Follow) GoOn(claim string, now time.Time) error {
	if f.Claim != claim {
		return ErrChangedMeanwhile
	}
	f.Due = Milli(now.Add(fetchLasts))
	return nil
}

// Succeed ends a fetch. ErrChangedMeanwhile is as in GoOn.
func (f *Follow) Succeed(claim string, now time.Time) error {
	if f.Claim != claim {
		return ErrChangedMeanwhile
	}
	f.Fetched, f.Trouble, f.Failures = Milli(now), Trouble{}, 0
	f.rest(now, FetchEvery)
	return nil
}

// Fail ends a fetch that came to nothing: the next one comes later each time, and
// not before later, if the calendar asked for that. ErrChangedMeanwhile is as in
// GoOn.
func (f *Follow) Fail(claim string, why Trouble, later time.Duration, now time.Time) error {
	if f.Claim != claim {
		return ErrChangedMeanwhile
	}
	f.Trouble = why
	f.Failures++
	wait := FetchEvery << min(f.Failures-1, 10)
	f.rest(now, max(min(wait, fetchSeldom), min(later, fetchAtMost)))
	return nil
}

// rest ends the claim. A calendar that nobody has approved is fetched when
// somebody asks for it, and never by itself.
func (f *Follow) rest(now time.Time, wait time.Duration) {
	f.Claim, f.Due = "", time.Time{}
	if f.Status == FollowOn {
		f.Due = Milli(now.Add(wait + f.spread()))
	}
}

// spread is a part of fetchSpread that is always the same for one calendar.
func (f *Follow) spread() time.Duration {
	n, _ := strconv.ParseUint(f.ID[:min(4, len(f.ID))], 16, 16) // an id is a UUID
	return fetchSpread * time.Duration(n) / (1 << 16)
}

// Busy reports whether a fetch is going on or about to begin.
func (f *Follow) Busy(now time.Time) bool {
	return f.Status != FollowOff && !f.Due.IsZero() && (f.Claim != "" || !f.Due.After(now))
}

// Again asks for a fetch now. CodeTooMany: there has just been one.
func (f *Follow) Again(now time.Time) error {
	switch {
	case f.Status == FollowOff:
		return Fault(CodeNotPossible)
	case f.Busy(now):
		return nil
	case now.Sub(f.Tried) < fetchRest && !now.Before(f.Tried):
		return Fault(CodeTooMany)
	}
	f.Due = Milli(now)
	return nil
}

// Approve lets a calendar in that was looked at. CodeNotPossible: it could not be
// read yet, or was given up. What was approved already stays as it is.
func (f *Follow) Approve(drafts bool, now time.Time) error {
	switch {
	case f.Status == FollowOn:
		return nil
	case f.Status == FollowOff || f.Fetched.IsZero():
		return Fault(CodeNotPossible)
	}
	// A fetch that is going on only looks.
	f.Status, f.Drafts, f.Claim, f.Due = FollowOn, drafts, "", Milli(now)
	return nil
}

// Stop gives a calendar up, and forgets where it was.
func (f *Follow) Stop() {
	f.Status, f.Sealed, f.Claim, f.Due = FollowOff, nil, "", time.Time{}
	f.ETag, f.Modified, f.Trouble, f.Failures, f.Found, f.Gone = "", "", Trouble{}, 0, Found{}, nil
	f.Tried, f.Fetched, f.Read = time.Time{}, time.Time{}, time.Time{}
}

// Unchanged are the conditions under which a calendar need not be sent again;
// empty when it must be read whatever it says.
func (f *Follow) Unchanged(now time.Time) (etag, modified string) {
	if f.Status != FollowOn || now.Sub(f.Read) >= readEvery {
		return "", ""
	}
	return f.ETag, f.Modified
}

// CalendarAddress reads the address of a calendar as people copy it, and returns
// it as it is fetched, and its host. What is wrong with it is noted.
func CalendarAddress(f *Faults, name, text string) (address, site string) {
	text = strings.TrimSpace(text)
	if text == "" {
		f.Add(name, "required")
		return "", ""
	}
	if !strings.Contains(text, "://") {
		text = "https://" + strings.TrimPrefix(text, "webcal:") // webcal:example.org/x.ics is written too
	}
	u, err := url.Parse(text)
	if err != nil || !utf8.ValidString(text) || len(u.String()) > maxAddress || !strings.Contains(strings.Trim(u.Hostname(), "."), ".") {
		f.Add(name, "bad-calendar-address")
		return "", ""
	}
	u.Scheme = strings.ToLower(u.Scheme)
	if u.Scheme == "webcal" || u.Scheme == "webcals" {
		u.Scheme = "https"
	}
	u.Host, u.Fragment = strings.ToLower(u.Host), ""
	_, noName := netip.ParseAddr(u.Hostname())
	switch {
	case u.Scheme == "http":
		f.Add(name, "calendar-not-https")
	case u.Scheme != "https" || u.Port() != "" && u.Port() != "443" || noName == nil:
		f.Add(name, "bad-calendar-address")
	case u.User != nil:
		f.Add(name, "calendar-password")
	case u.Hostname() == "calendar.google.com" && !strings.Contains(u.Path, "/ical/"), strings.HasSuffix(u.Path, ".html"):
		f.Add(name, "calendar-web-page")
	default:
		u.Host = u.Hostname()
		return u.String(), u.Host
	}
	return "", ""
}

package models

import (
	"slices"
	"time"
)

// Standing is how an event stands, for those who look after it: in numbers alone,
// since no mail carries a name that is not its reader's.
type Standing struct {
	Event    string            `json:"event"`
	Titles   map[string]string `json:"titles"` // by language; "" is the event's own
	Starts   time.Time         `json:"starts"`
	Ends     time.Time         `json:"ends"`
	DateOnly bool              `json:"date_only,omitempty"`
	TimeZone string            `json:"time_zone"`
	Numbers
	// New and Cancelled are people since the last digest.
	New       int `json:"new,omitempty"`
	Cancelled int `json:"cancelled,omitempty"`
}

// Numbers are what a digest counts of an event: people, but that needs and
// addresses are of sign-ups. They compare with ==.
type Numbers struct {
	Going   int `json:"going,omitempty"`
	Waiting int `json:"waiting,omitempty"`
	// SignedUp have ever signed up; Left are those of them who are not coming.
	SignedUp int `json:"signed_up,omitempty"`
	Left     int `json:"left,omitempty"`
	Needs    int `json:"needs,omitempty"`    // that nobody has seen to
	Returned int `json:"returned,omitempty"` // that mail does not reach
}

// news reports whether there is something to tell to whoever knew what was before.
// That needs are seen to, or mail arrives again, is none.
func (n Numbers) news(before Numbers) bool {
	return n.Going != before.Going || n.Waiting != before.Waiting || n.SignedUp > before.SignedUp || n.Left > before.Left ||
		n.Needs > before.Needs || n.Returned > before.Returned
}

// DeskRounds are the mails that go to organisers at an hour of the day, each at
// most once a day, in the order of their hours.
func DeskRounds() []MailKind { return []MailKind{MailDigest, MailClose, MailEve} }

// Round reports whether mails of the kind are among them.
func (k MailKind) Round() bool { return slices.Contains(DeskRounds(), k) }

// RoundHour is the hour at which the round of such a mail begins, by the clock on
// the wall of the installation.
func RoundHour(k MailKind) int {
	return map[MailKind]int{MailDigest: 7, MailClose: 10, MailEve: 18}[k]
}

// Digest is what one organiser has been told of her events, and what she wants to
// be told. The id is hers. The zero value: nothing yet, and all of it.
type Digest struct {
	Document
	// Rounds are the last of each kind.
	Rounds []Round `json:"rounds,omitempty"`
	// Seen are the numbers in the last digest, by event.
	Seen map[string]Numbers `json:"seen,omitempty"`
	// Off are those she does not want.
	Off []MailKind `json:"off,omitempty"`
}

// Round is a mail of one day to one organiser.
type Round struct {
	Kind MailKind `json:"kind"`
	Day  string   `json:"day"` // the local date, as time.DateOnly
	// Says is what the mail is to say, as long as it is not in the outbox.
	Says []Standing `json:"says,omitempty"`
}

// Wants reports whether she is to get mails of a kind.
func (d *Digest) Wants(k MailKind) bool { return !slices.Contains(d.Off, k) }

// Round is the last of a kind; the zero value when there was none.
func (d *Digest) Round(k MailKind) Round {
	if i := d.find(k); i >= 0 {
		return d.Rounds[i]
	}
	return Round{}
}

func (d *Digest) find(k MailKind) int {
	return slices.IndexFunc(d.Rounds, func(r Round) bool { return r.Kind == k })
}

// Begun reports whether the round of a day has begun, or a later one's.
func (d *Digest) Begun(k MailKind, day string) bool { return d.Round(k).Day >= day }

// Begin notes what an organiser is told in the round of a day. That is kept before
// there is a mail of it, so that a crash between the two loses nothing, and what
// happens meanwhile is for the next day. A round that has begun, here or on another
// instance, stays as it is.
func (d *Digest) Begin(k MailKind, day string, stands []Standing) {
	if d.Begun(k, day) {
		return
	}
	var says []Standing
	seen := map[string]Numbers{}
	for _, s := range stands {
		before := d.Seen[s.Event]
		s.New, s.Cancelled = max(0, s.SignedUp-before.SignedUp), max(0, s.Left-before.Left)
		if seen[s.Event] = s.Numbers; k != MailDigest || s.news(before) {
			says = append(says, s)
		}
	}
	if k == MailDigest {
		d.Seen = seen
	}
	if !d.Wants(k) {
		says = nil
	}
	if r := (Round{k, day, says}); d.find(k) < 0 {
		d.Rounds = append(d.Rounds, r)
	} else {
		d.Rounds[d.find(k)] = r
	}
}

// Posted notes that the mail of a day is in the outbox.
func (d *Digest) Posted(k MailKind, day string) {
	if i := d.find(k); i >= 0 && d.Rounds[i].Day == day {
		d.Rounds[i].Says = nil
	}
}

// OffPurpose is the purpose of the tokens by which mails of a kind are ended.
func OffPurpose(k MailKind) string { return "off-" + string(k) }

// ClosingDays are how many days after an event its organisers are asked how it
// went, if nobody has said so.
func ClosingDays() []int { return []int{1, 3, 7} }

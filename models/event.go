package models

import (
	"slices"
	"strings"
	"time"
)

// Status is where an event is in its life.
type Status string

// The statuses. Only drafts are hidden from everybody but their organisers.
const (
	Draft     Status = "draft"
	Published Status = "published"
	Postponed Status = "postponed" // waits for a new date, keeps its seats
	Cancelled Status = "cancelled" // stays to be seen as such, for ever
)

// Audience is whom an event is for.
type Audience string

// The audiences. Members' events are in no public feed, page, count or answer.
const (
	Public  Audience = "public"
	Members Audience = "members"
)

// Text is what an event says in one language.
type Text struct {
	Title       string `json:"title"`
	Summary     string `json:"summary,omitempty"`     // plain, one paragraph
	Description string `json:"description,omitempty"` // Markdown
}

// Place is where. Coordinates are WGS 84 degrees; nil: unknown.
type Place struct {
	Name      string   `json:"name,omitempty"`
	Address   string   `json:"address,omitempty"`
	Latitude  *float64 `json:"latitude,omitempty"`
	Longitude *float64 `json:"longitude,omitempty"`
}

// Line is the place on one line, empty when nothing is known.
func (p Place) Line() string {
	if p.Name != "" && p.Address != "" {
		return string(p.AppendLine(nil))
	}
	return p.Name + p.Address
}

// AppendLine adds what Line says to b.
func (p Place) AppendLine(b []byte) []byte {
	b = append(b, p.Name...)
	if p.Name != "" && p.Address != "" {
		b = append(b, ", "...)
	}
	return append(b, p.Address...)
}

// Access is what somebody who needs it must know of the place. nil: unknown,
// which is not "no".
type Access struct {
	StepFree    *bool  `json:"step_free,omitempty"`
	Toilet      *bool  `json:"toilet,omitempty"`
	HearingLoop *bool  `json:"hearing_loop,omitempty"`
	Notes       string `json:"notes,omitempty"`
}

// Contact is whom to ask.
type Contact struct {
	Name  string `json:"name,omitempty"`
	Phone string `json:"phone,omitempty"`
	Email string `json:"email,omitempty"`
}

// Item is one part of an event's programme. A zero time: not said when.
type Item struct {
	Time        time.Time `json:"time,omitzero"`
	Approximate bool      `json:"approximate,omitempty"`
	Title       string    `json:"title"`
	Speaker     string    `json:"speaker,omitempty"`
	Place       string    `json:"place,omitempty"`
}

// March is how people walk together, as on the first of May.
type March struct {
	// Route are the places that it passes, from where it sets off to where it ends.
	Route []Place `json:"route,omitempty"`
	// Order is who walks behind whom: slugs of hosts, or names of others.
	Order []string `json:"order,omitempty"`
}

// SignUpRules say how an event takes sign-ups.
type SignUpRules struct {
	// Needed false: just come.
	Needed bool      `json:"needed"`
	Opens  time.Time `json:"opens,omitzero"`  // zero: at once
	Closes time.Time `json:"closes,omitzero"` // zero: when the event starts
	// MaxParty is the largest party; 0: 4 with a limit of seats, 10 without.
	MaxParty int `json:"max_party,omitempty"`
	// Confirm holds a seat only until the mailed link was used.
	Confirm bool `json:"confirm,omitempty"`
	// Paused takes no new names for now.
	Paused bool `json:"paused,omitempty"`
	// Protected tells the place only to those who are going and have confirmed,
	// PlaceHours before it begins; 0: 24.
	Protected  bool `json:"protected,omitempty"`
	PlaceHours int  `json:"place_hours,omitempty"`
	// Ask are the ready questions that the form asks.
	Ask []Question `json:"ask,omitempty"`
}

// Event is something at a time and a place.
type Event struct {
	Document
	// Slug is its public address. It is given once: when the event was created, or
	// when a sketch had a title and a time.
	Slug string `json:"slug"`
	// Short is the code of its short address. Empty: it has none, because the
	// public has never seen it.
	Short string `json:"short,omitempty"`
	Kind  Kind   `json:"kind"`
	Text
	// Texts are translations by language tag.
	Texts    map[string]Text `json:"texts,omitempty"`
	Status   Status          `json:"status"`
	Audience Audience        `json:"audience"`

	Host    string   `json:"host"` // slug of an association or a group
	CoHosts []string `json:"co_hosts,omitempty"`
	// Invited are those who were asked to be co-hosts, and what they said.
	Invited  []Invitation `json:"invited,omitempty"`
	Partners []string     `json:"partners,omitempty"` // names of outsiders, who see nothing
	Groups   []string     `json:"groups,omitempty"`   // working groups that should hear what is said
	Parent   string       `json:"parent,omitempty"`   // slug of the event that this is a part of
	District string       `json:"district,omitempty"` // of the place

	Starts time.Time `json:"starts"`
	Ends   time.Time `json:"ends"`
	// DateOnly: the hours are not fixed; Starts and Ends are local midnights,
	// Ends being the one after the last day.
	DateOnly    bool   `json:"date_only,omitempty"`
	Preliminary bool   `json:"preliminary,omitempty"`
	TimeZone    string `json:"time_zone"` // IANA name

	Place     Place   `json:"place,omitzero"`
	Access    Access  `json:"access,omitzero"`
	OnlineURL string  `json:"online_url,omitempty"`
	Contact   Contact `json:"contact,omitzero"`

	Spoken      []string `json:"spoken,omitempty"`      // language tags
	Interpreted []string `json:"interpreted,omitempty"` // language tags
	Price       *int     `json:"price,omitempty"`       // whole kronor; 0: free; nil: unknown
	Food        *bool    `json:"food,omitempty"`
	Children    *bool    `json:"children,omitempty"`
	Indoors     *bool    `json:"indoors,omitempty"`
	// Rain is what becomes of it when it rains; empty: nobody has said.
	Rain      string `json:"rain,omitempty"`
	Programme []Item `json:"programme,omitempty"`
	March     March  `json:"march,omitzero"`

	Capacity int         `json:"capacity,omitempty"` // people; 0: no limit
	SignUp   SignUpRules `json:"sign_up"`

	// Reason is why it was cancelled or postponed, in the organiser's words.
	Reason string `json:"reason,omitempty"`
	// Sequence rises with every change of what is told to people or decides
	// seats (RFC 5546 §2.1.4 demands it for time and status); it never falls.
	Sequence int `json:"sequence"`
	// Created, Updated and Changed: made, last written, and last changed in a
	// way that the public can see.
	Created time.Time `json:"created"`
	Updated time.Time `json:"updated"`
	Changed time.Time `json:"changed"`
	// Withdrawn is when it was last taken from the public's eyes; zero: never.
	Withdrawn time.Time `json:"withdrawn,omitzero"`
	// Link is its own members' link.
	Link Link `json:"link,omitzero"`
	// Moved is what it said before its time and its place last changed.
	Moved Moved `json:"moved,omitzero"`
	// Source is what an event that was taken over is called in its own calendar,
	// and Taken what was said of it there last.
	Source string `json:"source,omitempty"`
	Taken  *Taken `json:"taken,omitempty"`
	// Follow is the calendar that it follows; empty: none.
	Follow string `json:"follow,omitempty"`
	// Photo is a picture of it.
	Photo Pictured `json:"photo,omitzero"`
	// Closing is how many came, when it is over.
	Closing Closing `json:"closing,omitzero"`
	// Part is what was asked of a part of another event, and what was said.
	Part Part `json:"part,omitzero"`
	// Approval is where the wish to publish it stands, for associations that ask
	// for the central office's word.
	Approval Approval `json:"approval,omitzero"`
	// Errands are the mails to organisers that are not in the outbox yet.
	Errands []Errand `json:"errands,omitempty"`
	// Unsettled: the roster has not yet been given the newest facts.
	Unsettled bool `json:"unsettled,omitempty"`
	// Author is the id of who began to write it.
	Author string `json:"author,omitempty"`
	// PublishAt is when a draft publishes itself; zero: it waits for somebody.
	// PublishBy is the id of who chose that.
	PublishAt time.Time `json:"publish_at,omitzero"`
	PublishBy string    `json:"publish_by,omitempty"`
	// Help is when its writer asked the central office for help with a draft; zero:
	// she did not.
	Help time.Time `json:"help,omitzero"`
	// Noted are the changes that are not in the log yet. They are written with the
	// change itself, so that none can be without its line.
	Noted []Change `json:"noted,omitempty"`
	// Series is the id of the series that it is one of; empty: it stands alone.
	Series string `json:"series,omitempty"`
	// Planned is the mark of the plan that changed it last together with others.
	Planned Planned `json:"planned,omitzero"`
}

// Sketch reports whether somebody has only begun to write it: it keeps itself while
// she types, whatever is missing, has no address of its own, and programs do not see
// it.
func (e *Event) Sketch() bool { return e.Status == Draft && e.Slug == e.ID }

// In is the text in a language and the language that it is in: the fallback
// when there is no translation.
func (e *Event) In(language, fallback string) (Text, string) {
	if t, ok := e.Texts[language]; ok && t.Title != "" && language != fallback {
		return t, language
	}
	return e.Text, fallback
}

// Location is the zone in which the event's times are read; UTC when the name
// is not known.
func (e *Event) Location() *time.Location { return Zone(e.TimeZone) }

// Zone is the zone of an IANA name; UTC when it is not known.
func Zone(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return loc
}

// Visible reports whether the public may know of the event.
func (e *Event) Visible() bool { return e.Status != Draft && e.Audience == Public }

// Hosts are the slugs of the host and the co-hosts.
func (e *Event) Hosts() []string { return append([]string{e.Host}, e.CoHosts...) }

// LargestParty is how many may come on one sign-up.
func (e *Event) LargestParty() int {
	switch {
	case e.SignUp.Protected && e.SignUp.MaxParty != 1:
		return ProtectedParty
	case e.SignUp.MaxParty > 0:
		return e.SignUp.MaxParty
	case e.Capacity > 0:
		return 4
	}
	return 10
}

// Facts are what of the event matters to seats and to people.
func (e *Event) Facts() Facts {
	f := Facts{
		Sequence: e.Sequence, Status: e.Status, Needed: e.SignUp.Needed,
		Capacity: e.Capacity, LargestParty: e.LargestParty(), Confirm: e.SignUp.Confirm || e.SignUp.Protected, Paused: e.SignUp.Paused,
		Opens: e.SignUp.Opens, Closes: e.SignUp.Closes,
		Starts: e.Starts, Ends: e.Ends, DateOnly: e.DateOnly, TimeZone: e.TimeZone,
		Place: e.Place.Line(), OnlineURL: e.OnlineURL,
	}
	if e.SignUp.Protected {
		f.Protected, f.PlaceFrom = true, e.PlaceFrom()
	}
	return f
}

// Prepared is a draft with everything that the kind brings with it filled in
// where nothing was said: how long it lasts and whom it is for. Whether one signs
// up is not among it, since a no that was said looks like nothing here. zone is
// used when the event names none.
func (e Event) Prepared(zone string) Event {
	t := e.Kind.Template()
	if e.TimeZone == "" {
		e.TimeZone = zone
	}
	if e.Audience == "" {
		e.Audience = t.Audience
	}
	if e.Ends.IsZero() && !e.Starts.IsZero() {
		if e.DateOnly {
			e.Ends = e.Starts.In(e.Location()).AddDate(0, 0, 1)
		} else {
			e.Ends = e.Starts.Add(t.Length)
		}
	}
	return e.cleaned()
}

// cleaned is the event as it is kept: times in UTC and whole milliseconds,
// texts without surrounding space, lists without repetition.
func (e Event) cleaned() Event {
	for _, t := range []*time.Time{&e.Starts, &e.Ends, &e.SignUp.Opens, &e.SignUp.Closes, &e.PublishAt} {
		*t = Milli(*t)
	}
	// nil and empty are the same thing to say, so that comparing sees no change.
	if len(e.Texts) == 0 {
		e.Texts = nil
	}
	e.SignUp.Ask = asked(e.SignUp.Ask)
	e.March.Route = append([]Place(nil), e.March.Route...)
	e.Programme = append([]Item(nil), e.Programme...)
	for i := range e.Programme {
		e.Programme[i].Time = Milli(e.Programme[i].Time)
	}
	for _, s := range []*string{&e.Title, &e.Summary, &e.Place.Name, &e.Place.Address, &e.Contact.Name, &e.Contact.Phone, &e.Contact.Email, &e.Rain} {
		*s = strings.TrimSpace(*s)
	}
	for _, list := range []*[]string{&e.CoHosts, &e.Partners, &e.Groups, &e.Spoken, &e.Interpreted, &e.March.Order} {
		*list = unique(*list)
	}
	return e
}

func unique(list []string) []string {
	var out []string
	for _, s := range list {
		if s = strings.TrimSpace(s); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

package handlers

import (
	"strconv"
	"time"

	"samling/locale"
	"samling/models"
)

// eventForm is an event as the API has it: what is read, and what may be
// written. Facts that are not given are left out, which says "unknown".
type eventForm struct {
	eventIs
	Kind models.Kind `json:"kind"`
	models.Text
	Texts    map[string]models.Text `json:"texts"`
	Audience models.Audience        `json:"audience"`
	Host     string                 `json:"host"`
	CoHosts  []string               `json:"co_hosts"`
	Partners []string               `json:"partners"`
	Groups   []string               `json:"groups"`
	Parent   string                 `json:"parent,omitempty"`
	District string                 `json:"district,omitempty"`

	Starts      string `json:"starts"`
	Ends        string `json:"ends"`
	DateOnly    bool   `json:"date_only"`
	Preliminary bool   `json:"preliminary"`
	TimeZone    string `json:"time_zone"`

	Place       models.Place   `json:"place"`
	Access      models.Access  `json:"access"`
	OnlineURL   string         `json:"online_url,omitempty"`
	Contact     models.Contact `json:"contact"`
	Spoken      []string       `json:"spoken"`
	Interpreted []string       `json:"interpreted"`
	Price       *int           `json:"price,omitempty"`
	Food        *bool          `json:"food,omitempty"`
	Children    *bool          `json:"children,omitempty"`
	Indoors     *bool          `json:"indoors,omitempty"`
	Rain        string         `json:"rain,omitempty"`
	Programme   []itemForm     `json:"programme"`
	March       models.March   `json:"march,omitzero"`
	Capacity    *int           `json:"capacity"`
	SignUp      signUpForm     `json:"rsvp"`
}

// eventIs is what the API says of an event and nobody can write. It is taken and
// left aside in what is sent, so that an event that was read can be sent back.
type eventIs struct {
	ID       string        `json:"id"`
	Slug     string        `json:"slug"` // may be chosen when the event is created
	Status   models.Status `json:"status"`
	Reason   string        `json:"reason,omitempty"`
	Seats    models.Seats  `json:"seats,omitempty"`
	Going    *int          `json:"going,omitempty"`
	Waiting  *int          `json:"waiting,omitempty"`
	Left     *int          `json:"left,omitempty"`
	Sequence int           `json:"sequence"`
	Updated  string        `json:"updated"`
	URL      string        `json:"url"`
	ShortURL string        `json:"short_url,omitempty"`
	ICS      string        `json:"ics_url"`
	Series   string        `json:"series,omitempty"`
	// Invited and Approval are for its organisers alone.
	Invited  []invitedForm `json:"invited,omitempty"`
	Approval *approvalForm `json:"approval,omitempty"`
}

// approvalForm is what the central office said to the wish to publish an event.
type approvalForm struct {
	State string `json:"state"` // asked, given, sent-back
	Asked string `json:"asked"`
	Words string `json:"words,omitempty"`
}

func approvalOf(e *models.Event) *approvalForm {
	a := e.Approval
	f := approvalForm{"asked", a.Asked.Format(time.RFC3339Nano), a.Words}
	switch {
	case a == (models.Approval{}):
		return nil
	case a.Given:
		f.State = "given"
	case a.SentBack():
		f.State = "sent-back"
	}
	return &f
}

// invitedForm is somebody who was asked to be co-host. Who said yes is among the
// co-hosts.
type invitedForm struct {
	Host  string                 `json:"host"`
	State models.InvitationState `json:"state"`
	Asked string                 `json:"asked"`
	Words string                 `json:"words,omitempty"`
}

func invitedOf(e *models.Event) (out []invitedForm) {
	for _, i := range e.Invited {
		if i.State != models.InvitationAccepted {
			out = append(out, invitedForm{i.Host, i.State, i.Asked.Format(time.RFC3339Nano), i.Words})
		}
	}
	return out
}

type itemForm struct {
	Time        string `json:"time,omitempty"`
	Approximate bool   `json:"approximate"`
	Title       string `json:"title"`
	Speaker     string `json:"speaker,omitempty"`
	Place       string `json:"place,omitempty"`
}

type signUpForm struct {
	Needed     *bool             `json:"needed,omitempty"`
	Opens      string            `json:"opens,omitempty"`
	Closes     string            `json:"closes,omitempty"`
	MaxParty   int               `json:"max_party"`
	Confirm    bool              `json:"confirm"`
	Ask        []models.Question `json:"ask"`
	Protected  bool              `json:"protected"`
	PlaceHours int               `json:"place_hours,omitempty"`
}

// formOf is an event as it is shown, its seats aside.
func (s *Server) formOf(e *models.Event) eventForm {
	zone := s.zones.named(e.TimeZone)
	show := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(zone).Format(time.RFC3339Nano)
	}
	page := s.Site + s.ownPage(e)
	short := s.short(s.Language, e)
	if short != "" {
		short = s.Site + short
	}
	f := eventForm{
		eventIs: eventIs{
			ID: e.ID, Slug: e.Slug, Status: e.Status, Reason: e.Reason, Sequence: e.Sequence,
			Updated: e.Updated.Format(time.RFC3339Nano),
			URL:     page, ShortURL: short, ICS: page + ".ics", Series: e.Series,
		},
		Kind: e.Kind, Text: e.Text, Texts: e.Texts, Audience: e.Audience,
		Host: e.Host, CoHosts: list(e.CoHosts), Partners: list(e.Partners), Groups: list(e.Groups), Parent: e.Parent, District: e.District,
		Starts: show(e.Starts), Ends: show(e.Ends), DateOnly: e.DateOnly, Preliminary: e.Preliminary, TimeZone: e.TimeZone,
		Place: e.Place, Access: e.Access, OnlineURL: e.OnlineURL, Contact: e.Contact,
		Spoken: list(e.Spoken), Interpreted: list(e.Interpreted),
		Price: e.Price, Food: e.Food, Children: e.Children, Indoors: e.Indoors, Rain: e.Rain, March: e.March,
		Programme: []itemForm{}, Capacity: &e.Capacity,
		SignUp: signUpForm{
			Needed: &e.SignUp.Needed, Opens: show(e.SignUp.Opens), Closes: show(e.SignUp.Closes),
			MaxParty: e.LargestParty(), Confirm: e.SignUp.Confirm, Ask: list(e.SignUp.Ask),
			Protected: e.SignUp.Protected, PlaceHours: e.SignUp.PlaceHours,
		},
	}
	if f.Texts == nil {
		f.Texts = map[string]models.Text{}
	}
	for _, i := range e.Programme {
		f.Programme = append(f.Programme, itemForm{Time: show(i.Time), Approximate: i.Approximate, Title: i.Title, Speaker: i.Speaker, Place: i.Place})
	}
	return f
}

// keeps refuses what the form says other than the event is, where only the
// steps of its life, or nothing, can change it.
func (f *eventForm) keeps(is eventIs) error {
	var faults models.Faults
	for _, field := range []struct{ name, said, is string }{
		{"id", f.ID, is.ID}, {"slug", f.Slug, is.Slug}, {"status", string(f.Status), string(is.Status)}, {"reason", f.Reason, is.Reason},
	} {
		if field.said != "" && field.said != field.is {
			faults.Add(field.name, "read-only")
		}
	}
	return faults.Err()
}

// list is never nil, so that JSON has a list where there is nothing in it.
func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

// write puts what may be written into an event, whose zone is zone when the form
// names none. The event keeps what the form says nothing of.
func (f *eventForm) write(e *models.Event, zone string) error {
	if f.TimeZone == "" {
		f.TimeZone = zone
	}
	var faults models.Faults
	loc := models.Zone(f.TimeZone) // one that is unknown is the event's to refuse
	read := func(field, text string) time.Time { return readTime(&faults, field, text, loc) }

	e.Kind, e.Text, e.Texts, e.Audience = f.Kind, f.Text, f.Texts, f.Audience
	e.Host, e.CoHosts, e.Partners, e.Groups, e.Parent, e.District = f.Host, f.CoHosts, f.Partners, f.Groups, f.Parent, f.District
	e.Starts, e.Ends = read("starts", f.Starts), read("ends", f.Ends)
	e.DateOnly, e.Preliminary, e.TimeZone = f.DateOnly, f.Preliminary, f.TimeZone
	e.Place, e.Access, e.OnlineURL, e.Contact = f.Place, f.Access, f.OnlineURL, f.Contact
	e.Spoken, e.Interpreted = f.Spoken, f.Interpreted
	e.Price, e.Food, e.Children, e.Indoors = f.Price, f.Food, f.Children, f.Indoors
	e.Rain, e.March = f.Rain, f.March
	e.Programme = nil
	for i, item := range f.Programme {
		e.Programme = append(e.Programme, models.Item{
			Time: read(join("programme", join(strconv.Itoa(i), "time")), item.Time), Approximate: item.Approximate,
			Title: item.Title, Speaker: item.Speaker, Place: item.Place,
		})
	}
	e.Capacity = 0
	if f.Capacity != nil {
		e.Capacity = *f.Capacity
	}
	e.SignUp.Opens, e.SignUp.Closes = read("rsvp.opens", f.SignUp.Opens), read("rsvp.closes", f.SignUp.Closes)
	e.SignUp.MaxParty, e.SignUp.Confirm, e.SignUp.Ask = f.SignUp.MaxParty, f.SignUp.Confirm, f.SignUp.Ask
	e.SignUp.Protected, e.SignUp.PlaceHours = f.SignUp.Protected, f.SignUp.PlaceHours
	if f.SignUp.Needed != nil {
		e.SignUp.Needed = *f.SignUp.Needed
	}
	return faults.Err()
}

// filled is a new event with what its kind brings and the form does not say. The
// titles of a usual programme are in the installation's language, as the event's
// own texts are.
func (f *eventForm) filled(e models.Event, p *locale.Printer, zone string) models.Event {
	t := e.Kind.Template()
	if f.SignUp.Needed == nil {
		e.SignUp.Needed = t.SignUp
	}
	if f.Capacity == nil && e.SignUp.Needed {
		e.Capacity = t.Capacity
	}
	e = e.Prepared(zone)
	if f.Programme == nil && !e.DateOnly && !e.Starts.IsZero() {
		for _, part := range t.Parts {
			e.Programme = append(e.Programme, models.Item{Time: e.Starts.Add(part.After), Approximate: part.After > 0, Title: p.T("programme." + part.Title)})
		}
	}
	return e
}

package models

import (
	"fmt"
	"reflect"
	"slices"
	"time"
)

// Validate returns the wrong fields. What needs the rest of the world (does the
// host exist, is the slug free) is for the caller to check. A sketch may lack its
// title and its time; what it has must be right.
func (e *Event) Validate() error {
	var f Faults
	CheckSlug(&f, "slug", e.Slug)
	switch {
	case e.Kind == "":
		f.Add("kind", "required")
	case !e.Kind.Known():
		f.Add("kind", "unknown-kind", "Value", clip(string(e.Kind)), "Choices", kindChoices())
	}
	checkTexts(&f, e)
	if !slices.Contains([]Status{Draft, Published, Postponed, Cancelled}, e.Status) {
		f.Add("status", "unknown-status", "Value", clip(string(e.Status)))
	}
	if e.Audience != Public && e.Audience != Members {
		f.Add("audience", "unknown-audience", "Value", clip(string(e.Audience)))
	}
	if e.Host == "" {
		f.Add("host", "required")
	}
	if slices.Contains(e.CoHosts, e.Host) {
		f.Add("co_hosts", "is-host")
	}
	checkTimes(&f, e)
	if !e.PublishAt.IsZero() && !e.PublishAt.Before(e.Starts) {
		f.Add("starts", "publishes-later")
	}
	checkPlace(&f, e)
	checkSignUp(&f, e)
	return f.Err()
}

func checkTexts(f *Faults, e *Event) {
	check := func(prefix string, t Text, required bool) {
		CheckLine(f, prefix+"title", t.Title, required, MaxTitle)
		CheckText(f, prefix+"summary", t.Summary, false, MaxSummary)
		CheckText(f, prefix+"description", t.Description, false, MaxDescription)
	}
	check("", e.Text, !e.Sketch())
	if len(e.Texts) > 20 {
		f.Add("texts", "too-many", "Max", 20)
	}
	for tag, t := range e.Texts {
		checkLanguage(f, "texts", tag)
		check("texts."+clip(tag)+".", t, false)
	}
	CheckLine(f, "contact.name", e.Contact.Name, false, MaxName)
	CheckLine(f, "contact.phone", e.Contact.Phone, false, 40)
	CheckEmail(f, "contact.email", e.Contact.Email, false)
	checkList(f, "partners", e.Partners, 20)
	checkList(f, "co_hosts", e.CoHosts, 20)
	checkList(f, "groups", e.Groups, 20)
	checkList(f, "spoken", e.Spoken, 20)
	checkList(f, "interpreted", e.Interpreted, 20)
	for _, tag := range e.Spoken {
		checkLanguage(f, "spoken", tag)
	}
	for _, tag := range e.Interpreted {
		checkLanguage(f, "interpreted", tag)
	}
	CheckText(f, "reason", e.Reason, false, MaxNote)
	CheckText(f, "access.notes", e.Access.Notes, false, MaxNote)
	CheckLine(f, "rain", e.Rain, false, MaxLine)
	checkMarch(f, &e.March)
	if len(e.Programme) > 100 {
		f.Add("programme", "too-many", "Max", 100)
	}
	for i, item := range e.Programme {
		at := fmt.Sprintf("programme.%d.", i)
		CheckLine(f, at+"title", item.Title, true, MaxLine)
		CheckLine(f, at+"speaker", item.Speaker, false, MaxLine)
		CheckLine(f, at+"place", item.Place, false, MaxLine)
	}
}

func checkList(f *Faults, name string, list []string, most int) {
	if len(list) > most {
		f.Add(name, "too-many", "Max", most)
	}
	for _, s := range list {
		CheckLine(f, name, s, true, MaxName)
	}
}

// checkLanguage takes a bare BCP 47 language subtag, which is all that people
// choose between here.
func checkLanguage(f *Faults, name, tag string) {
	ok := len(tag) == 2 || len(tag) == 3
	for _, r := range tag {
		ok = ok && r >= 'a' && r <= 'z'
	}
	if !ok {
		f.Add(name, "bad-language", "Value", clip(tag))
	}
}

// The years that an event may lie in: enough to catch a mistyped one.
const earliestYear, latestYear = 2000, 2100

func checkTimes(f *Faults, e *Event) {
	loc, err := time.LoadLocation(e.TimeZone)
	// LoadLocation takes "" for UTC and "Local" for the server's own zone, which
	// would mean something else on another machine.
	if err != nil || e.TimeZone == "" || e.TimeZone == "Local" {
		f.Add("time_zone", "unknown-zone", "Value", clip(e.TimeZone))
		return
	}
	switch {
	case e.Starts.IsZero() && e.Sketch():
	case e.Starts.IsZero():
		f.Add("starts", "required")
	case e.Starts.Year() < earliestYear || e.Starts.Year() > latestYear:
		f.Add("starts", "bad-year", "From", earliestYear, "To", latestYear)
	case e.Ends.IsZero():
		f.Add("ends", "required")
	case !e.Ends.After(e.Starts):
		f.Add("ends", "ends-before-starts")
	case e.Ends.Sub(e.Starts) > 366*24*time.Hour:
		f.Add("ends", "too-far-apart", "Days", 366)
	case e.DateOnly && !(midnight(e.Starts.In(loc)) && midnight(e.Ends.In(loc))):
		f.Add("starts", "not-midnight")
	}
}

func midnight(t time.Time) bool {
	h, m, s := t.Clock()
	return h == 0 && m == 0 && s == 0 && t.Nanosecond() == 0
}

func checkPlace(f *Faults, e *Event) {
	CheckLine(f, "place.name", e.Place.Name, false, MaxLine)
	CheckLine(f, "place.address", e.Place.Address, false, MaxLine)
	CheckURL(f, "online_url", e.OnlineURL)
	checkPoint(f, "place.", e.Place)
	if e.Price != nil && (*e.Price < 0 || *e.Price > 100_000) {
		f.Add("price", "out-of-range", "From", 0, "To", 100_000)
	}
}

func checkPoint(f *Faults, at string, p Place) {
	lat, lon := p.Latitude, p.Longitude
	if (lat == nil) != (lon == nil) {
		f.Add(at+"latitude", "both-or-none")
	}
	if lat != nil && !(*lat >= -90 && *lat <= 90) {
		f.Add(at+"latitude", "out-of-range", "From", -90, "To", 90)
	}
	if lon != nil && !(*lon >= -180 && *lon <= 180) {
		f.Add(at+"longitude", "out-of-range", "From", -180, "To", 180)
	}
}

// The most places that a march passes, and groups that walk in it.
const maxStops, maxWalkers = 30, 100

func checkMarch(f *Faults, m *March) {
	checkList(f, "march.order", m.Order, maxWalkers)
	if len(m.Route) > maxStops {
		f.Add("march.route", "too-many", "Max", maxStops)
		return
	}
	for i, stop := range m.Route {
		at := fmt.Sprintf("march.route.%d.", i)
		CheckLine(f, at+"name", stop.Name, true, MaxLine)
		CheckLine(f, at+"address", stop.Address, false, MaxLine)
		checkPoint(f, at, stop)
	}
}

func checkSignUp(f *Faults, e *Event) {
	if e.Capacity < 0 || e.Capacity > MaxCapacity {
		f.Add("capacity", "out-of-range", "From", 0, "To", MaxCapacity)
	}
	s := e.SignUp
	if s.MaxParty < 0 || s.MaxParty > MaxParty {
		f.Add("rsvp.max_party", "out-of-range", "From", 0, "To", MaxParty)
	}
	checkAsk(f, s.Ask)
	checkProtected(f, s)
	if !s.Opens.IsZero() && !s.Closes.IsZero() && !s.Closes.After(s.Opens) {
		f.Add("rsvp.closes", "closes-before-opens")
	}
	if !s.Opens.IsZero() && s.Opens.After(e.Ends) {
		f.Add("rsvp.opens", "opens-after-end")
	}
}

// The largest numbers of seats and of people on one sign-up.
const (
	MaxCapacity = 10_000
	MaxParty    = 50
)

// Revised is the event after a change from old, with the numbers that follow
// from it: Sequence rises with every fact, Changed with whatever the public can
// see, and Moved keeps another time or place than there was. The id, writer and birth
// of an event never change, nor its slug once it is no sketch.
func (e Event) Revised(old *Event, now time.Time) Event {
	e = e.cleaned()
	e.Document, e.Short, e.Created, e.Author = old.Document, old.Short, old.Created, old.Author
	if !old.Sketch() {
		e.Slug = old.Slug
	}
	if e.Status != Draft {
		e.PublishAt, e.PublishBy, e.Help = time.Time{}, "", time.Time{}
	}
	e.Sequence, e.Changed, e.Updated, e.Unsettled = old.Sequence, old.Changed, old.Updated, old.Unsettled
	e.Withdrawn, e.Moved, e.Noted, e.Planned = old.Withdrawn, old.Moved, old.Noted, old.Planned
	if reflect.DeepEqual(e, *old) {
		return e
	}
	if e.Facts() != old.Facts() {
		e.Sequence++
		e.Unsettled = e.Status != Draft
	}
	e.Updated = later(now, old.Updated)
	unseen := e
	unseen.Source, unseen.Taken, unseen.Follow, unseen.Updated = old.Source, old.Taken, old.Follow, old.Updated
	unseen.Invited, unseen.Part, unseen.Approval, unseen.Errands = old.Invited, old.Part, old.Approval, old.Errands
	if !e.Closing.Shown && !old.Closing.Shown {
		unseen.Closing = old.Closing
	}
	if reflect.DeepEqual(unseen, *old) {
		return e // where it comes from, and what organisers ask each other or count for themselves, nobody sees
	}
	e.Changed = e.Updated
	if old.Visible() && !e.Visible() {
		e.Withdrawn = e.Updated
	}
	e.Moved = e.moved(old)
	return e
}

// later is now, or a millisecond after before when a clock stands still or goes
// backwards: what readers compare must rise.
func later(now, before time.Time) time.Time {
	now = Milli(now)
	if !now.After(before) {
		return before.Add(time.Millisecond)
	}
	return now
}

// Move is a step in the life of an event.
type Move string

// The steps. A cancelled event stays cancelled: people were told.
const (
	Publish  Move = "publish"
	Postpone Move = "postpone"
	Cancel   Move = "cancel"
)

// After is the status that a step leads to; CodeNotPossible when it cannot be
// taken from here. A step that was already taken leads nowhere else.
func (m Move) After(s Status) (Status, error) {
	to := map[Move]Status{Publish: Published, Postpone: Postponed, Cancel: Cancelled}[m]
	switch {
	case to == s:
		return s, nil
	case to == "", s == Cancelled, s == Draft && m != Publish:
		return s, Fault(CodeNotPossible)
	}
	return to, nil
}

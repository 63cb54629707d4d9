package handlers

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"samling/locale"
	"samling/models"
)

// The fields of an event's form have the names that the JSON API and the faults
// of models use, but that times are a date and a clock: "starts.date",
// "starts.time".

// filledIn is an event as its form shows it.
func filledIn(p *locale.Printer, e *models.Event, languages []string) form {
	zone := e.Location()
	out := form{}
	out.setAccess(e.Access)
	for name, value := range map[string]string{
		"kind": string(e.Kind), "title": e.Title, "summary": e.Summary, "description": e.Description,
		"place.name": e.Place.Name, "place.address": e.Place.Address, "district": e.District, "online_url": e.OnlineURL,
		"rain": e.Rain, "indoors": yesNo(e.Indoors), "food": yesNo(e.Food), "children": yesNo(e.Children),
		"audience": string(e.Audience), "host": e.Host, "parent": e.Parent,
		"contact.name": e.Contact.Name, "contact.phone": e.Contact.Phone, "contact.email": e.Contact.Email,
		"rsvp.needed": yesNo(&e.SignUp.Needed), "capacity": number(e.Capacity), "rsvp.max_party": number(e.SignUp.MaxParty),
		"rsvp.place_hours": number(e.SignUp.PlaceHours),
	} {
		out.set(name, value)
	}
	out.set("co_hosts", e.CoHosts...)
	out.set("partners", strings.Join(e.Partners, "\n"))
	out.set("march.route", routeLines(e.March.Route))
	out.set("march.order", strings.Join(e.March.Order, "\n"))
	out.set("groups", e.Groups...)
	out.set("spoken", e.Spoken...)
	out.set("interpreted", e.Interpreted...)
	for _, q := range e.SignUp.Ask {
		out.set("rsvp.ask", append(out.list("rsvp.ask"), string(q))...)
	}
	for name, ticked := range map[string]bool{"date_only": e.DateOnly, "preliminary": e.Preliminary, "rsvp.confirm": e.SignUp.Confirm, "rsvp.protected": e.SignUp.Protected} {
		if ticked {
			out.set(name, "yes")
		}
	}
	if e.Price != nil {
		out.set("price", strconv.Itoa(*e.Price))
	}
	writeSpan(p, out, e, zone)
	out.set("publish.date", writeDate(e.PublishAt, zone))
	out.set("publish.time", writeClock(p, e.PublishAt, zone))
	writeEdge(p, out, "rsvp.opens", e.SignUp.Opens, 0, zone)
	writeEdge(p, out, "rsvp.closes", e.SignUp.Closes, -1, zone)
	for i, item := range e.Programme {
		at := fmt.Sprintf("programme.%d.", i)
		out.set(at+"time", writeItemTime(p, e, item, zone))
		out.set(at+"title", item.Title)
		out.set(at+"speaker", item.Speaker)
		out.set(at+"place", item.Place)
	}
	for _, language := range languages {
		at, t := "texts."+language+".", e.Texts[language]
		out.set(at+"title", t.Title)
		out.set(at+"summary", t.Summary)
		out.set(at+"description", t.Description)
	}
	return out
}

// writeEdge shows a time that is usually a whole day's first moment, or the end
// of its last.
func writeEdge(p *locale.Printer, out form, name string, t time.Time, days int, zone *time.Location) {
	if local := t.In(zone); !t.IsZero() && local.Format("15:04:05") == "00:00:00" {
		out.set(name+".date", writeDate(local.AddDate(0, 0, days), zone))
		return
	}
	out.set(name+".date", writeDate(t, zone))
	out.set(name+".time", writeClock(p, t, zone))
}

// writeItemTime is when an item of the programme is: the hour, with "ca" before it
// and the date where it is not the event's first.
func writeItemTime(p *locale.Printer, e *models.Event, item models.Item, zone *time.Location) string {
	if item.Time.IsZero() {
		return ""
	}
	text := writeClock(p, item.Time, zone)
	if date := writeDate(item.Time, zone); date != writeDate(e.Starts, zone) {
		text = date + " " + text
	}
	if item.Approximate {
		text = p.T("organise.about") + " " + text
	}
	return text
}

// itemTime is what writeItemTime writes, in any language.
var itemTime = regexp.MustCompile(`^(?:((?i:ca|cirka|about|approx))\.? *)?(?:(\d{4}-\d{2}-\d{2}) +)?(.*)$`)

// read puts what was filled in into an event. What the form does not ask for
// stays as it is. A sketch may lack its title and its day, unless the button wants
// them.
func (f form) read(e *models.Event, languages []string) error {
	var faults models.Faults
	zone := e.Location()
	e.Kind, e.Title, e.Summary, e.Description = models.Kind(f.get("kind")), f.get("title"), f.get("summary"), f.get("description")
	e.DateOnly, e.Preliminary = f.has("date_only"), f.has("preliminary")
	e.Starts, e.Ends = readSpan(&faults, f, e.DateOnly, e.Sketch() && !f.whole(), e.Kind.Template().Length, zone)
	e.Place.Name, e.Place.Address = f.get("place.name"), f.get("place.address")
	e.District, e.OnlineURL = f.get("district"), f.get("online_url")
	e.Access = f.access()
	e.Indoors, e.Food, e.Children = f.yesNo("indoors"), f.yesNo("food"), f.yesNo("children")
	e.Audience, e.Host, e.Parent = models.Audience(f.get("audience")), f.get("host"), f.get("parent")
	e.CoHosts = slices.DeleteFunc(f.list("co_hosts"), func(h string) bool { return h == e.Host })
	e.Groups, e.Spoken, e.Interpreted = f.list("groups"), f.list("spoken"), f.list("interpreted")
	e.Partners = f.lines("partners")
	e.Rain = f.get("rain")
	if e.Kind == models.MayDay {
		e.March = models.March{Route: readRoute(f.lines("march.route")), Order: f.lines("march.order")}
	}
	e.Contact = models.Contact{Name: f.get("contact.name"), Phone: f.get("contact.phone"), Email: f.get("contact.email")}
	e.Capacity = f.number(&faults, "capacity")
	// Paused is not asked here: it has a button of its own, beside the list.
	e.SignUp = models.SignUpRules{
		Paused: e.SignUp.Paused, Ask: f.questions(),
		Protected: f.has("rsvp.protected"), PlaceHours: f.number(&faults, "rsvp.place_hours"),
		Needed: f.get("rsvp.needed") == "yes", MaxParty: f.number(&faults, "rsvp.max_party"), Confirm: f.has("rsvp.confirm"),
		Opens: f.edge(&faults, "rsvp.opens", 0, zone), Closes: f.edge(&faults, "rsvp.closes", 1, zone),
	}
	e.Price = nil
	if f.has("price") {
		price := f.number(&faults, "price")
		e.Price = &price
	}
	e.Programme = f.programme(&faults, e.Starts, zone)
	e.Texts = f.texts(e.Texts, languages)
	if e.Title == "" && e.Sketch() && f.whole() {
		faults.Add("title", "required")
	}
	return everyFault(&faults, e)
}

// everyFault adds to the faults of the form those of the event that it makes, so
// that nobody corrects one field to be sent back for the next. The slug is given
// later, and times that could not be read are not missing.
func everyFault(faults *models.Faults, e *models.Event) error {
	err := faults.Err()
	if err == nil {
		return nil
	}
	if also, ok := errors.AsType[*models.Error](e.Validate()); ok {
		for _, field := range also.Fields {
			if field.Name != "slug" && field.Name != "starts" && field.Name != "ends" {
				faults.Add(field.Name, field.Code, gaps(field.With)...)
			}
		}
	}
	return faults.Err()
}

// edge is a time whose date alone means the whole day: its beginning, or with
// days 1 its end.
func (f form) edge(faults *models.Faults, name string, days int, zone *time.Location) time.Time {
	t := readMoment(faults, name, f.get(name+".date"), f.get(name+".time"), zone)
	if f.get(name+".time") == "" && !t.IsZero() {
		t = t.In(zone).AddDate(0, 0, days)
	}
	return t
}

// programme are the items that have been given anything.
func (f form) programme(faults *models.Faults, starts time.Time, zone *time.Location) []models.Item {
	var out []models.Item
	for i := range f.items() {
		at := fmt.Sprintf("programme.%d.", i)
		item := models.Item{Title: f.get(at + "title"), Speaker: f.get(at + "speaker"), Place: f.get(at + "place")}
		text := f.get(at + "time")
		if text == "" && item == (models.Item{}) {
			continue
		}
		m := itemTime.FindStringSubmatch(text)
		date := m[2]
		if date == "" && !starts.IsZero() {
			date = writeDate(starts, zone)
		}
		if m[3] != "" && date != "" {
			var ours models.Faults
			item.Time = readMoment(&ours, "x", date, m[3], zone)
			if ours.Err() != nil {
				faults.Add(at+"time", "bad-clock", "Value", clip(text))
			}
		}
		item.Approximate = m[1] != ""
		out = append(out, item)
	}
	return out
}

// mostItems is the longest programme that a form has rows for.
const mostItems = 100

// items is how many rows of a programme the form has.
func (f form) items() int {
	n := 0
	for n < mostItems && f[fmt.Sprintf("programme.%d.title", n)] != nil {
		n++
	}
	return n
}

// texts are the translations; those in languages that the form does not ask for
// stay.
func (f form) texts(old map[string]models.Text, languages []string) map[string]models.Text {
	out := map[string]models.Text{}
	for language, t := range old {
		out[language] = t
	}
	for _, language := range languages {
		at := "texts." + language + "."
		t := models.Text{Title: f.get(at + "title"), Summary: f.get(at + "summary"), Description: f.get(at + "description")}
		if out[language] = t; t == (models.Text{}) {
			delete(out, language)
		}
	}
	return out
}

// questions are the ready questions that are switched on.
func (f form) questions() (out []models.Question) {
	for _, q := range f.list("rsvp.ask") {
		out = append(out, models.Question(q))
	}
	return out
}

// number is a whole number, 0 when the field is empty.
func (f form) number(faults *models.Faults, name string) int {
	text := f.get(name)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		faults.Add(name, "not-a-number", "Value", clip(text))
	}
	return n
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// access and setAccess are what must be known of a place by who needs it.
func (f form) access() models.Access {
	return models.Access{
		StepFree: f.yesNo("access.step_free"), Toilet: f.yesNo("access.toilet"), HearingLoop: f.yesNo("access.hearing_loop"),
		Notes: f.get("access.notes"),
	}
}

func (f form) setAccess(a models.Access) {
	f.set("access.step_free", yesNo(a.StepFree))
	f.set("access.toilet", yesNo(a.Toilet))
	f.set("access.hearing_loop", yesNo(a.HearingLoop))
	f.set("access.notes", a.Notes)
}

func (f form) yesNo(name string) *bool {
	switch f.get(name) {
	case "yes":
		return new(true)
	case "no":
		return new(false)
	}
	return nil
}

func yesNo(b *bool) string {
	switch {
	case b == nil:
		return ""
	case *b:
		return "yes"
	}
	return "no"
}

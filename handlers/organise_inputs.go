package handlers

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"samling/locale"
	"samling/models"
)

// choice is one thing to choose.
type choice struct {
	Value, Label string
	Chosen       bool
}

// input is one field of a form, as the template shows it.
type input struct {
	Name, Sort, Label, Hint, Value, Wrong string
	Choices                               []choice
	Needed                                bool
	Max                                   int // characters or the largest number; 0: any
}

// section is a group of fields under one question.
type section struct {
	Legend string
	// Says what is in it, for one that is folded up; empty: it never is. Open: it is
	// not folded just now, because something is filled in, or wrong, there.
	Says   string
	Open   bool
	Inputs []input
	When   *understood // beside the hours
	More   *section    // what is rarely needed of the same question
}

// all are its fields and those of what is folded within it.
func (s *section) all() []input {
	if s.More == nil {
		return s.Inputs
	}
	return slices.Concat(s.Inputs, s.More.Inputs)
}

// complaint is one line of the summary above a form; Href is empty when the fault is
// with no field in it.
type complaint struct{ Href, Label, Text string }

// sheet builds the sections of an event's form.
type sheet struct {
	*locale.Printer
	in       form
	wrong    map[string]string // sentences by field
	sections []*section
	last     *section // which takes the next field
}

func (h *sheet) section(key string, with ...any) {
	h.last = &section{Legend: h.T("organise.section."+key, with...)}
	h.sections = append(h.sections, h.last)
}

// folded begins a section that is folded up, and more a part of the last one.
func (h *sheet) folded(key string, with ...any) {
	h.section(key, with...)
	h.last.Says = h.T("writing.fold."+key, with...)
}

func (h *sheet) more(key string) {
	h.last.More = &section{Says: h.T("writing.more." + key)}
	h.last = h.last.More
}

// add puts a field into the section that was begun last. Its label is
// organise.field.<key>, its hint organise.hint.<key>, if there is one.
func (h *sheet) add(sort, name string, choices ...choice) *input {
	i := input{Name: name, Sort: sort, Label: h.T("organise.field." + name), Value: h.in.get(name), Wrong: h.wrong[name], Choices: choices}
	if key := "organise.hint." + name; h.Has(key) {
		i.Hint = h.T(key)
	}
	h.last.Inputs = append(h.last.Inputs, i)
	h.last.Open = h.last.Open || i.Wrong != "" || i.Says()
	return &h.last.Inputs[len(h.last.Inputs)-1]
}

func (i *input) needed() { i.Needed = true }

// Says reports whether something was filled in that is not there by itself.
func (i *input) Says() bool {
	switch i.Sort {
	case "hidden", "one":
		return false
	case "many":
		return slices.ContainsFunc(i.Choices, func(c choice) bool { return c.Chosen })
	}
	return i.Value != ""
}

func (h *sheet) text(name string, longest int) *input {
	i := h.add("text", name)
	i.Max = longest
	return i
}

// one is a choice of one, and many of several.
func (h *sheet) one(name string, choices []choice) *input {
	return h.add("one", name, ticked(choices, []string{h.in.get(name)})...)
}

func (h *sheet) many(name string, choices []choice) *input {
	return h.add("many", name, ticked(choices, h.in.list(name))...)
}

func ticked(choices []choice, values []string) []choice {
	for i := range choices {
		choices[i].Chosen = slices.Contains(values, choices[i].Value)
	}
	return choices
}

// known asks for a fact that may be unknown, which is not "no".
func (h *sheet) known(name string) {
	answers := []choice{{Value: "", Label: h.T("organise.unknown")}, {Value: "yes", Label: h.T("organise.yes")}, {Value: "no", Label: h.T("organise.no")}}
	h.add("known", name, ticked(answers, []string{h.in.get(name)})...)
}

// access asks for the facts of a place.
func (h *sheet) access() {
	for _, name := range []string{"access.step_free", "access.toilet", "access.hearing_loop", "indoors"} {
		h.known(name)
	}
}

// moment asks for a date and an hour.
func (h *sheet) moment(name string, needed bool) {
	h.add("date", name+".date").Needed = needed
	h.add("clock", name+".time").Needed = needed
}

// host asks whose the event is, where she speaks for more than one.
func (h *sheet) host(choices []choice) {
	i := h.one("host", choices)
	i.needed()
	if len(choices) == 1 && i.Value == choices[0].Value && i.Wrong == "" {
		i.Sort = "hidden"
	}
}

// sheet is the form of an event in the order in which people think of it.
func (s *Server) sheet(p *locale.Printer, by *models.Organiser, e *models.Event, in form, err error) ([]*section, []complaint) {
	h := &sheet{Printer: p, in: in, wrong: wrongInputs(p, err)}

	h.section("what")
	var kinds []choice
	for _, k := range models.Kinds() {
		kinds = append(kinds, choice{Value: string(k), Label: p.T("kind." + string(k))})
	}
	h.text("title", models.MaxTitle).needed()
	h.add("short", "summary").Max = models.MaxSummary
	h.more("what")
	h.one("kind", kinds)
	h.add("long", "description").Max = models.MaxDescription

	h.section("when")
	h.moment("starts", true)
	h.add("clock", "ends.time")
	h.last.When = new(s.understand(p, in, e.Location()))
	h.more("when")
	h.add("date", "ends.date")
	h.add("box", "date_only")
	h.add("box", "preliminary")

	h.section("where")
	h.add("place", "place.name").Max = models.MaxLine
	h.text("place.address", models.MaxLine)
	h.more("where")
	h.one("district", append([]choice{{Label: p.T("organise.unknown")}}, s.districtChoices(p)...))
	h.add("url", "online_url")
	h.access()
	h.text("rain", models.MaxLine)
	h.add("short", "access.notes").Max = models.MaxNote

	h.section("who")
	h.one("audience", []choice{{Value: "public", Label: p.T("audience.public")}, {Value: "members", Label: p.T("audience.members")}})
	h.host(s.openHosts(p, by, e.Host, in.get("host")))
	h.more("who")
	// Whom she does not work for is not made a co-host by a tick, but asked, on a page
	// of its own.
	with := slices.DeleteFunc(s.hostChoices(p, by, in.list("co_hosts")...), func(o choice) bool { return o.Value == in.get("host") })
	if others := h.many("co_hosts", with); by.MayOversee() {
		others.Hint = ""
	}
	h.add("short", "partners")
	if groups := s.groupChoices(p); len(groups) > 0 {
		h.many("groups", groups)
	}
	h.text("contact.name", models.MaxName)
	h.add("tel", "contact.phone").Max = 40
	h.add("email", "contact.email").Max = models.MaxEmail

	h.section("sign-up")
	h.one("rsvp.needed", []choice{{Value: "yes", Label: p.T("organise.sign-up.needed")}, {Value: "no", Label: p.T("organise.sign-up.just-come")}})
	h.add("number", "capacity").Max = models.MaxCapacity
	h.more("sign-up")
	h.add("number", "rsvp.max_party").Max = models.MaxParty
	h.moment("rsvp.opens", false)
	h.moment("rsvp.closes", false)
	h.add("box", "rsvp.confirm")
	var questions []choice
	for _, q := range models.Questions() {
		questions = append(questions, choice{Value: string(q), Label: p.T("organise.ask." + string(q))})
	}
	h.many("rsvp.ask", questions)
	h.add("box", "rsvp.protected")
	h.add("number", "rsvp.place_hours").Max = models.MaxPlaceHours

	h.folded("more")
	h.add("number", "price").Max = 100_000
	h.known("food")
	h.known("children")
	h.many("spoken", s.languageChoices(p, in.list("spoken")))
	h.many("interpreted", s.languageChoices(p, in.list("interpreted")))
	if parents := s.parentChoices(p, by, e); len(parents) > 1 {
		h.one("parent", parents)
	}

	s.programmeRows(h)
	if models.Kind(in.get("kind")) == models.MayDay {
		h.folded("march")
		h.add("short", "march.route")
		h.add("short", "march.order")
	}
	for _, language := range s.otherLanguages() {
		h.folded("language", "Language", p.T("language."+language))
		at := "texts." + language + "."
		h.translation("text", at+"title", "title").Max = models.MaxTitle
		h.translation("short", at+"summary", "summary").Max = models.MaxSummary
		h.translation("long", at+"description", "description").Max = models.MaxDescription
	}
	if e.Status == models.Draft || e.Status == "" {
		h.folded("later")
		h.last.Legend = "" // it stands below the buttons
		h.moment("publish", false)
	}
	return h.sections, h.faults(err)
}

func (h *sheet) translation(sort, name, as string) *input {
	i := h.add(sort, name)
	i.Label, i.Hint = h.T("organise.field."+as), ""
	return i
}

// blankItems is how many rows are ready for new items of a programme.
const blankItems = 3

func (s *Server) programmeRows(h *sheet) {
	h.folded("programme")
	for i := range min(h.in.items()+blankItems, mostItems) {
		at := fmt.Sprintf("programme.%d.", i)
		for _, part := range []struct{ sort, name string }{{"clock", "time"}, {"text", "title"}, {"text", "speaker"}, {"text", "place"}} {
			field := h.add(part.sort, at+part.name)
			field.Label = h.T("organise.item."+part.name, "Number", i+1)
			if part.sort == "text" {
				field.Sort, field.Max = "half", models.MaxLine
			}
		}
	}
}

// faults are the lines of the summary: fields in the order of the form, then what
// is with no field.
func (h *sheet) faults(err error) []complaint {
	if err == nil {
		return nil
	}
	var out []complaint
	shown := map[string]bool{}
	for _, s := range h.sections {
		for _, i := range s.all() {
			if i.Wrong != "" {
				out = append(out, complaint{"#" + i.Name, i.Label, i.Wrong})
				shown[i.Name] = true
			}
		}
	}
	for name, text := range h.wrong {
		if !shown[name] {
			out = append(out, complaint{Text: text})
		}
	}
	if len(out) == 0 {
		out = append(out, complaint{Text: sentence(h.Printer, err)})
	}
	return out
}

// wrongInputs are the sentences about the fields of a form. What models says of a
// time is about its date, but that the end comes too early is about its hour.
func wrongInputs(p *locale.Printer, err error) map[string]string {
	out := map[string]string{}
	ours, ok := errors.AsType[*models.Error](err)
	if !ok {
		return out
	}
	for _, f := range ours.Fields {
		name := f.Name
		switch name {
		case "starts", "rsvp.opens", "rsvp.closes", "publish":
			name += ".date"
		case "ends":
			name += ".time"
		}
		if out[name] == "" {
			out[name] = p.T("field."+f.Code, gaps(f.With)...)
		}
	}
	return out
}

// otherLanguages are those in which an event can say what its own text says.
func (s *Server) otherLanguages() []string {
	return slices.DeleteFunc(s.Words.Languages(), func(l string) bool { return l == s.Language })
}

// languageChoices are the languages that have names here, and those that were
// chosen some other way.
func (s *Server) languageChoices(p *locale.Printer, also []string) []choice {
	var out []choice
	for _, tag := range append(strings.Fields(p.T("organise.languages")), also...) {
		if !slices.ContainsFunc(out, func(c choice) bool { return c.Value == tag }) {
			label := tag
			if p.Has("language." + tag) {
				label = p.T("language." + tag)
			}
			out = append(out, choice{Value: tag, Label: label})
		}
	}
	return out
}

// parentChoices are the events that this one can be a part of.
func (s *Server) parentChoices(p *locale.Printer, by *models.Organiser, e *models.Event) []choice {
	out := []choice{{Value: "", Label: p.T("organise.no-parent"), Chosen: e.Parent == ""}}
	now := s.Now()
	for _, l := range s.Planner.Catalogue().Events {
		mine := l.Slug == e.Parent
		if l.ID == e.ID || l.Sketch() || !mine && (!by.MaySee(l.Event) || l.Parent != "" || l.Kind != models.MayDay || !l.Ends.After(now)) {
			continue
		}
		out = append(out, choice{l.Slug, l.Title + ", " + when(p, l.Event, now), mine})
	}
	return out
}

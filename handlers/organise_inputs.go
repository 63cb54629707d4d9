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

// section is a group of fields under one question. A folded one is opened by
// whoever needs it.
type section struct {
	Legend string
	Folded bool
	Inputs []input
}

// complaint is one line of the summary above a form; Href is empty when the fault is
// with no field in it.
type complaint struct{ Href, Label, Text string }

// sheet builds the sections of an event's form.
type sheet struct {
	*locale.Printer
	in       form
	wrong    map[string]string // sentences by field
	sections []section
}

func (h *sheet) section(key string, with ...any) {
	h.sections = append(h.sections, section{Legend: h.T("organise.section."+key, with...)})
}

// add puts a field into the section that was begun last. Its label is
// organise.field.<key>, its hint organise.hint.<key>, if there is one.
func (h *sheet) add(sort, name string, choices ...choice) *input {
	i := input{Name: name, Sort: sort, Label: h.T("organise.field." + name), Value: h.in.get(name), Wrong: h.wrong[name], Choices: choices}
	if key := "organise.hint." + name; h.Has(key) {
		i.Hint = h.T(key)
	}
	last := &h.sections[len(h.sections)-1]
	last.Inputs = append(last.Inputs, i)
	return &last.Inputs[len(last.Inputs)-1]
}

func (i *input) needed() { i.Needed = true }

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

// moment asks for a date and an hour.
func (h *sheet) moment(name string, needed bool) {
	h.add("date", name+".date").Needed = needed
	h.add("clock", name+".time").Needed = needed
}

// sheet is the form of an event in the order in which people think of it.
func (s *Server) sheet(p *locale.Printer, by *models.Organiser, e *models.Event, in form, err error) ([]section, []complaint) {
	h := &sheet{Printer: p, in: in, wrong: wrongInputs(p, err)}
	c := s.Planner.Catalogue()

	h.section("what")
	var kinds []choice
	for _, k := range models.Kinds() {
		kinds = append(kinds, choice{Value: string(k), Label: p.T("kind." + string(k))})
	}
	h.one("kind", kinds)
	h.text("title", models.MaxTitle).needed()
	h.add("short", "summary").Max = models.MaxSummary
	h.add("long", "description").Max = models.MaxDescription

	h.section("when")
	h.moment("starts", true)
	h.add("clock", "ends.time")
	h.add("date", "ends.date")
	h.add("box", "date_only")
	h.add("box", "preliminary")

	h.section("where")
	h.text("place.name", models.MaxLine)
	h.text("place.address", models.MaxLine)
	districts := []choice{{Value: "", Label: p.T("organise.unknown")}}
	for _, d := range c.Districts {
		districts = append(districts, choice{Value: d.ID, Label: d.In(p.Language())})
	}
	h.one("district", districts)
	h.add("url", "online_url")
	h.known("access.step_free")
	h.known("access.toilet")
	h.known("access.hearing_loop")
	h.known("indoors")
	h.text("rain", models.MaxLine)
	h.add("short", "access.notes").Max = models.MaxNote

	h.section("who")
	h.one("audience", []choice{{Value: "public", Label: p.T("audience.public")}, {Value: "members", Label: p.T("audience.members")}})
	h.one("host", s.hostChoices(p, by, in.get("host"))).needed()
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

	h.section("more")
	h.add("number", "price").Max = 100_000
	h.known("food")
	h.known("children")
	h.many("spoken", s.languageChoices(p, in.list("spoken")))
	h.many("interpreted", s.languageChoices(p, in.list("interpreted")))
	if parents := s.parentChoices(p, by, e); len(parents) > 1 {
		h.one("parent", parents)
	}
	h.fold()

	s.programmeRows(h)
	if models.Kind(in.get("kind")) == models.MayDay {
		h.section("march")
		h.add("short", "march.route")
		h.add("short", "march.order")
		h.fold()
	}
	for _, language := range s.otherLanguages() {
		h.section("language", "Language", p.T("language."+language))
		at := "texts." + language + "."
		h.translation("text", at+"title", "title").Max = models.MaxTitle
		h.translation("short", at+"summary", "summary").Max = models.MaxSummary
		h.translation("long", at+"description", "description").Max = models.MaxDescription
		h.fold()
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
	h.section("programme")
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
	h.fold()
}

// fold folds the last section up unless something is filled in, or wrong, there.
func (h *sheet) fold() {
	last := &h.sections[len(h.sections)-1]
	last.Folded = !slices.ContainsFunc(last.Inputs, func(i input) bool {
		return i.Value != "" || i.Wrong != "" || i.Sort == "many" && slices.ContainsFunc(i.Choices, func(c choice) bool { return c.Chosen })
	})
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
		for _, i := range s.Inputs {
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
		case "starts", "rsvp.opens", "rsvp.closes":
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
		if l.ID == e.ID || l.Sketch() || !by.MaySee(l.Event) || !mine && (l.Parent != "" || l.Kind != models.MayDay || !l.Ends.After(now)) {
			continue
		}
		out = append(out, choice{l.Slug, l.Title + ", " + when(p, l.Event, now), mine})
	}
	return out
}

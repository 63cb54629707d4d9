package handlers

import (
	"maps"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
)

// change is a field in which what was typed is not what is kept. Theirs: somebody
// else has changed it since the form was opened, or it would be emptied, and so theirs
// is chosen to begin with.
type change struct {
	Name, Label, Kept, Typed string
	Theirs                   bool
}

// chooses begins the names of the fields in which one chooses between the two.
const chooses = "choose."

// choose takes what is kept where she chose it in a conflict.
func (f form) choose(kept form) {
	for name := range f {
		if field, ok := strings.CutPrefix(name, chooses); ok && f.get(name) == "theirs" {
			f.set(field, kept[field]...)
		}
	}
}

// conflict shows what somebody else saved beside what was typed, and lets her choose
// for each field. seen is the state that the form began with.
func (s *Server) conflict(c *fiber.Ctx, id string, seen time.Time, in form) error {
	e, err := s.Planner.Editable(c.UserContext(), by(c), id)
	if err != nil {
		return err
	}
	p := s.pageWords(c)
	kept := filledIn(p, &e, s.otherLanguages())
	body := editPage{Changes: s.changes(p, by(c), &e, kept, in.spelled(p, e.Location()))}
	if len(body.Changes) == 0 { // sent twice, or typed twice
		return s.saved(c, &e, in)
	}
	theirs, err := s.changedByOthers(c, &e, seen)
	if err != nil {
		return err
	}
	for i := range body.Changes {
		name := body.Changes[i].Name
		body.Changes[i].Theirs = body.Changes[i].Typed == "" // as when she herself wrote it in another window
		for field := range theirs {
			if name == field || strings.HasPrefix(name, field+".") {
				body.Changes[i].Theirs = true
			}
		}
	}
	return s.editPage(c, statusOf(models.CodeChangedMeanwhile), &e, in, nil, body)
}

// spelled is a form with its hours as filledIn writes them. An end that was left empty
// has been kept as what is usual, so that pressing twice would look like a conflict
// with oneself.
func (f form) spelled(p *locale.Printer, zone *time.Location) form {
	out, e := maps.Clone(f), models.Event{DateOnly: f.has("date_only")}
	var faults models.Faults
	e.Starts, e.Ends = readSpan(&faults, f, e.DateOnly, false, models.Kind(f.get("kind")).Template().Length, zone)
	if faults.Err() == nil {
		out.set("ends.date", "")
		writeSpan(p, out, &e, zone)
	}
	return out
}

// changedByOthers are the fields of an event's form that others have changed since a
// time.
func (s *Server) changedByOthers(c *fiber.Ctx, e *models.Event, since time.Time) (map[string]bool, error) {
	history, _, err := s.Planner.History(c.UserContext(), by(c), e.ID, models.Cursor{}, linesOnPage)
	out := map[string]bool{}
	for _, l := range history {
		if !l.Line.At.After(since) || l.Line.Organiser == by(c).ID {
			continue
		}
		for _, f := range l.Line.Fields {
			out[formName(f.Field)] = true
		}
	}
	return out, err
}

// formName is what the form calls a field that the log names as the store does.
func formName(field string) string { return strings.Replace(field, "sign_up.", "rsvp.", 1) }

// changes are the fields in which two fillings of a form differ, as people read
// them.
func (s *Server) changes(p *locale.Printer, by *models.Organiser, e *models.Event, kept, typed form) []change {
	one, _ := s.sheet(p, by, e, kept, nil)
	two, _ := s.sheet(p, by, e, typed, nil)
	said := map[string]string{}
	for _, i := range inputs(one) {
		said[i.Name] = i.reads(p)
	}
	var out []change
	for _, i := range inputs(two) {
		if now := i.reads(p); now != said[i.Name] {
			out = append(out, change{Name: i.Name, Label: i.Label, Kept: said[i.Name], Typed: now})
		}
		delete(said, i.Name)
	}
	for _, i := range inputs(one) {
		if text := said[i.Name]; text != "" { // a longer programme
			out = append(out, change{Name: i.Name, Label: i.Label, Kept: text})
		}
	}
	return out
}

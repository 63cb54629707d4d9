package handlers

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// What can be done with several events at once.
const (
	severalMove    = "move"
	severalPlace   = "place"
	severalCancel  = "cancel"
	severalPublish = "publish"
	severalRemind  = "remind"
)

// severalPage asks what is needed for doing something with several events, or says
// what it will cause.
type severalPage struct {
	Desk   desk
	Here   string
	What   string // what is done
	Events []eventRow
	Inputs []input
	Wrong  []complaint
	Lead   string
	Do     string
	Back   link
	Asked  form // what the list was asked by
	// Reminders, Alone and Batch are of reminding organisers.
	Reminders []reminderRow
	Alone     []link
	Batch     string
}

type reminderRow struct{ To, Text string }

// several is POST /organise/events/several: something is to be done with the events
// that are ticked, or with all that were asked for. First it asks what it must know,
// then it makes the plan; reminding changes nothing, so it says itself whom it mails.
func (s *Server) several(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	refs, back, err := s.severalOf(c, in)
	if err != nil {
		return err
	}
	what := in.get("do")
	var change func(*models.Event) error
	reason := ""
	switch asked := in.has("go"); {
	case len(refs) == 0 || len(refs) > models.MaxSteps:
		return c.Redirect(s.here(c, back+"&done="+noneOrTooMany(refs)), http.StatusSeeOther)
	case what == severalRemind:
		return s.remind(c, in, refs, back)
	case what == severalPublish:
		change = s.Planner.Moving(by(c), models.Publish, "")
	case what != severalMove && what != severalPlace && what != severalCancel:
		return models.Fault(models.CodeNotPossible)
	case !asked:
		return s.severalForm(c, http.StatusOK, what, in, refs, back, nil)
	case what == severalCancel:
		reason = in.get("reason")
		change = s.Planner.Moving(by(c), models.Cancel, reason)
	default:
		if change, err = severalChange(what, in); err != nil {
			return s.severalForm(c, statusOf(codeOf(err)), what, in, refs, back, err)
		}
	}
	plan, err := s.Planner.MakePlan(c.UserContext(), by(c), planner.Intent{What: what, Reason: reason, Back: back, Events: refs, Change: change})
	if err != nil {
		return err
	}
	return s.toPlan(c, &plan)
}

func noneOrTooMany(refs []string) string {
	if len(refs) == 0 {
		return "none"
	}
	return "too-many"
}

// severalOf are the events that a form is about, and the address that it came from.
func (s *Server) severalOf(c *fiber.Ctx, in form) (refs []string, back string, err error) {
	asked := in.listAsked()
	refs = in.list("event")
	if in.has("all") {
		found, ferr := s.eventsAsked(by(c), asked)
		if ferr != nil {
			return nil, "", ferr
		}
		refs = nil
		for _, l := range found {
			refs = append(refs, l.ID)
		}
	}
	return refs, "/organise/events?" + asked.encode(), nil
}

// listAsked is what the list was asked by that a form came from.
func (f form) listAsked() form {
	asked := form{}
	for _, name := range eventFilters {
		if value := f.get("list." + name); value != "" {
			asked.set(name, value)
		}
	}
	return asked
}

// The farthest that events are moved at once.
const mostDays, mostMinutes = 366, 24*60 - 1

// severalChange is what a form does to each of its events.
func severalChange(what string, in form) (func(*models.Event) error, error) {
	var f models.Faults
	if what == severalPlace {
		place := models.Place{Name: in.get("place.name"), Address: in.get("place.address")}
		models.CheckLine(&f, "place.name", place.Name, true, models.MaxLine)
		models.CheckLine(&f, "place.address", place.Address, false, models.MaxLine)
		return func(e *models.Event) error { e.Place = place; return nil }, f.Err()
	}
	number := func(name string, most int) int {
		text := in.get(name)
		if text == "" {
			return 0
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > most {
			f.Add(name, "out-of-range", "From", 0, "To", most)
		}
		return n
	}
	days, minutes := number("days", mostDays), number("minutes", mostMinutes)
	if days == 0 && minutes == 0 && f.Err() == nil {
		f.Add("days", "required")
	}
	if in.get("way") == "earlier" {
		days, minutes = -days, -minutes
	}
	return func(e *models.Event) error { return e.Move(days, time.Duration(minutes)*time.Minute) }, f.Err()
}

// severalForm asks what has to be known for doing something.
func (s *Server) severalForm(c *fiber.Ctx, status int, what string, in form, refs []string, back string, wrong error) error {
	p := s.pageWords(c)
	body := s.severalPage(c, p, what, in, refs, back)
	body.Lead, body.Do = p.T("several.lead"), p.T("several.plan")
	var fields []input
	switch what {
	case severalMove:
		fields = []input{
			{Name: "way", Sort: "one", Label: p.T("several.way"), Choices: wordChoices(p, "several.way.", "", "later", "earlier")},
			{Name: "days", Sort: "number", Label: p.T("several.days")},
			{Name: "minutes", Sort: "number", Label: p.T("several.minutes"), Hint: p.T("several.minutes-how")},
		}
	case severalPlace:
		fields = []input{
			{Name: "place.name", Sort: "text", Label: p.T("organise.field.place.name"), Needed: true, Max: models.MaxLine},
			{Name: "place.address", Sort: "text", Label: p.T("organise.field.place.address"), Max: models.MaxLine},
		}
	case severalCancel:
		fields = []input{{Name: "reason", Sort: "short", Label: p.T("organise.step.reason"), Hint: p.T("organise.step.reason-hint"), Max: models.MaxNote}}
	}
	filled := formPage{}
	filled.fill(p, fields, in, wrong, nil)
	body.Inputs, body.Wrong = filled.Inputs, filled.Wrong
	return s.page(c, status, "organise-several", p, p.T("several.title."+what, "Count", len(refs)), body)
}

func (s *Server) severalPage(c *fiber.Ctx, p *locale.Printer, what string, in form, refs []string, back string) severalPage {
	body := severalPage{Desk: s.desk(c, "events"), What: what, Asked: in.listAsked()}
	body.Here, body.Back = body.Desk.Base+"/events/several", link{p.T("plan.back"), s.here(c, back)}
	for _, ref := range refs {
		if l, err := s.Planner.Catalogue().Event(ref); err == nil && by(c).MayEdit(l.Event) {
			body.Events = append(body.Events, s.eventRow(c, p, l.Event))
		}
	}
	return body
}

// remind says which organisers are mailed about what, and does it when that has been
// seen.
func (s *Server) remind(c *fiber.Ctx, in form, refs []string, back string) error {
	p := s.pageWords(c)
	if in.has("go") {
		batch := in.get("batch")
		n, err := s.Planner.Remind(c.UserContext(), by(c), batch, refs)
		if err != nil {
			return err
		}
		said := form{"reminded": {strconv.Itoa(n)}, "batch": {batch}}
		return c.Redirect(s.here(c, back+"&"+said.encode()), http.StatusSeeOther)
	}
	all, alone, err := s.Planner.Reminders(c.UserContext(), by(c), refs)
	if err != nil {
		return err
	}
	body := s.severalPage(c, p, severalRemind, in, refs, back)
	body.Batch, body.Lead = uuid.NewString(), p.T("several.remind-nobody")
	if len(all) > 0 {
		body.Lead, body.Do = p.T("several.remind-lead", "Count", len(all)), p.T("several.remind", "Count", len(all))
	}
	for _, r := range all {
		body.Reminders = append(body.Reminders, reminderRow{r.To.Email, p.T("several.remind-of", "Count", len(r.Work))})
	}
	for _, e := range alone {
		text, _ := e.In(p.Language(), s.Language)
		body.Alone = append(body.Alone, link{text.Title, body.Desk.Base + "/events/" + e.ID})
	}
	return s.page(c, http.StatusOK, "organise-several", p, p.T("several.title.remind", "Count", len(refs)), body)
}

// unremind is POST /organise/events/unremind: what was not sent yet is not sent.
func (s *Server) unremind(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	n, err := s.Planner.ForgetReminding(c.UserContext(), by(c), in.get("batch"))
	if err != nil {
		return err
	}
	return c.Redirect(s.here(c, "/organise/events?unreminded="+strconv.Itoa(n)), http.StatusSeeOther)
}

// saySeveral says on the list of events what was done with several.
func (s *Server) saySeveral(c *fiber.Ctx, p *locale.Printer, body *listPage) {
	body.Said = saidOf(c, p, "several.done.", "none", "too-many")
	if n, err := strconv.Atoi(c.Query("unreminded")); err == nil && n >= 0 {
		body.Said = p.T("several.unreminded", "Count", n)
	}
	if n, err := strconv.Atoi(c.Query("reminded")); err == nil && n >= 0 {
		body.Said, body.Undo = p.T("several.reminded", "Count", n), c.Query("batch")
	}
}

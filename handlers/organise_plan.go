package handlers

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
)

// planPage is what a change of several events will do, or has done.
type planPage struct {
	Desk         desk
	Here, Back   string
	Status       models.PlanStatus
	Numbers      string // events, people and mails in words
	Unreached    int
	Mails        int
	Soon, Later  int      // of how many events people are told at once, and when the plan stands
	SoonTold     string   // hour
	Asks         int      // for how many events a coordinator is asked
	Told, UndoBy string   // hours; UndoBy is empty when it is too late
	Reason       []string // by line
	Changes      []planRow
	Refused      []planRow
}

// planRow is one event of a plan.
type planRow struct {
	Title, When, Href string
	Changes           []change
	Told              int
	Soon              bool   // they are told at once
	Kept              string // the fields in which it keeps its own
	Why               string // it cannot be changed, was not, or was not changed back
}

// planRows is what the template of their list is given.
type planRows struct {
	Page page
	Rows []planRow
}

// List are rows as their template takes them.
func (b planPage) List(pg page, rows []planRow) planRows { return planRows{pg, rows} }

// toPlan leads to the page of a plan that was made.
func (s *Server) toPlan(c *fiber.Ctx, plan *models.Plan) error {
	return c.Redirect(s.here(c, "/organise/plans/"+plan.ID), http.StatusSeeOther)
}

// plan is GET /organise/plans/{id}.
func (s *Server) plan(c *fiber.Ctx) error {
	plan, err := s.Planner.Plan(c.UserContext(), by(c), c.Params("plan"))
	if err != nil {
		return err
	}
	p := s.pageWords(c)
	body := planPage{
		Desk: s.desk(c, "events"), Back: s.here(c, plan.Back), Status: plan.Status, Unreached: plan.Unreached, Mails: plan.Mails,
	}
	body.Here = body.Desk.Base + "/plans/" + plan.ID
	body.Numbers = p.T("plan.events", "Count", plan.Changes())
	if plan.Mails+plan.Unreached > 0 {
		body.Numbers = p.List([]string{body.Numbers, p.T("plan.people", "Count", plan.People), p.T("plan.mails", "Count", plan.Mails)})
	}
	at := s.Now()
	if !plan.Begun.IsZero() {
		at = plan.Begun
		body.SoonTold, body.Told = p.Time(plan.Told(true).In(s.zone)), p.Time(plan.Told(false).In(s.zone))
		if s.Now().Before(plan.UndoneBy()) {
			body.UndoBy = p.Time(plan.UndoneBy().In(s.zone))
		}
	}
	for line := range strings.Lines(plan.Reason) {
		body.Reason = append(body.Reason, line)
	}
	for i := range plan.Steps {
		step := &plan.Steps[i]
		row, err := s.planRow(c, p, step)
		if err != nil {
			return err
		}
		if step.Refused != "" {
			body.Refused = append(body.Refused, row)
			continue
		}
		switch row.Soon = step.Soon(at); {
		case step.Asks:
			body.Asks++
		case step.Told == 0:
		case row.Soon:
			body.Soon++
		default:
			body.Later++
		}
		body.Changes = append(body.Changes, row)
	}
	return s.page(c, http.StatusOK, "organise-plan", p, p.T("plan.title."+string(plan.Status)), body)
}

// planRow is what a step does, as people read it.
func (s *Server) planRow(c *fiber.Ctx, p *locale.Printer, step *models.Step) (planRow, error) {
	e, err := s.Planner.Editable(c.UserContext(), by(c), step.Event)
	if code := codeOf(err); code != "" && code != models.CodeNotAllowed {
		return planRow{}, err
	}
	before, err := e.With(step.Before)
	if err != nil {
		return planRow{}, err
	}
	after, err := e.With(step.After)
	if err != nil {
		return planRow{}, err
	}
	row := planRow{
		Title: before.Title, When: when(p, &before, s.Now()), Href: s.here(c, "/organise/events/"+e.ID), Told: step.Told,
		Why: planWhy(p, step),
	}
	if len(step.Kept) > 0 {
		row.Kept = p.T("plan.kept", "Fields", p.List(fieldNames(p, step.Kept)))
	}
	if before.Status != after.Status {
		row.Changes = append(row.Changes, change{Label: p.T("plan.status"), Kept: p.T("status." + string(before.Status)), Typed: p.T("status." + string(after.Status))})
	}
	if step.Asks {
		row.Changes = append(row.Changes, change{Label: p.T("plan.status"), Kept: p.T("status." + string(before.Status)), Typed: p.T("plan.asks-status")})
	}
	languages := s.otherLanguages()
	row.Changes = append(row.Changes, s.changes(p, by(c), &before, filledIn(p, &before, languages), filledIn(p, &after, languages))...)
	return row, nil
}

// fieldNames are the words for fields of an event, as its form has them.
func fieldNames(p *locale.Printer, fields []string) []string {
	var out []string
	for _, name := range fields {
		name = strings.Replace(name, "sign_up.", "rsvp.", 1)
		for _, key := range []string{"plan.kept." + name, "organise.field." + name, "organise.field." + name + ".date", "organise.section." + name} {
			if p.Has(key) {
				out = append(out, strings.ToLower(p.T(key)))
				break
			}
		}
	}
	return slices.Compact(out)
}

// planWhy is why a step cannot be done, was not, or was not undone; empty: it can
// be.
func planWhy(p *locale.Printer, step *models.Step) string {
	why := step.Refused
	if why != "" && len(step.Kept) > 0 {
		return p.T("plan.why.own")
	}
	if why == "" {
		why = step.Stands
	}
	if key := "plan.why." + string(why); p.Has(key) {
		return p.T(key)
	}
	if why == "" {
		return ""
	}
	return heldWrong(p, &models.Error{Code: why, Fields: step.Wrong})
}

// takePlan is POST /organise/plans/{id}: do=carry confirms it, do=undo takes it
// back.
func (s *Server) takePlan(c *fiber.Ctx) error {
	in, err := formOfRequest(c)
	if err != nil {
		return err
	}
	turn := s.Planner.CarryOut
	if in.get("do") == "undo" {
		turn = s.Planner.UndoPlan
	}
	plan, err := turn(c.UserContext(), by(c), c.Params("plan"))
	if codeOf(err) == models.CodeNotPossible { // too late, or in another window: the page says what there is
		plan, err = s.Planner.Plan(c.UserContext(), by(c), c.Params("plan"))
	}
	if err != nil {
		return err
	}
	return s.toPlan(c, &plan)
}

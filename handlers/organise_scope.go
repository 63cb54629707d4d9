package handlers

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// scopes are how much of its series a change of an event can be for; nil: it stands
// alone.
func (s *Server) scopes(p *locale.Printer, e *models.Event, chosen string) []choice {
	if len(s.Planner.Catalogue().Series(e.Series)) < 2 {
		return nil
	}
	var out []choice
	for _, scope := range []planner.Scope{planner.ScopeOne, planner.ScopeAfter, planner.ScopeAll} {
		out = append(out, choice{string(scope), p.T("series.scope." + string(scope)), string(scope) == chosen || chosen == "" && scope == planner.ScopeOne})
	}
	return out
}

// ofMany reports whether a form is to change more of a series than one event, which
// is shown before it is done.
func ofMany(e *models.Event, in form) bool {
	scope := planner.Scope(in.get("scope"))
	return e.Series != "" && (scope == planner.ScopeAfter || scope == planner.ScopeAll)
}

// saveMany makes a plan of what a form changes, for as much of the series as it says,
// and leads to it.
func (s *Server) saveMany(c *fiber.Ctx, e *models.Event, in form, seen time.Time, read func(*models.Event) error) error {
	what, publish := "change", func(*models.Event) error { return nil }
	if in.get("do") == doPublish {
		what, publish = "publish", s.Planner.Moving(by(c), models.Publish, "")
	}
	err := s.planMany(c, e, in, seen, planner.Intent{What: what, Change: func(e *models.Event) error {
		if err := read(e); err != nil {
			return err
		}
		return publish(e)
	}})
	if codeOf(err) == models.CodeChangedMeanwhile {
		return s.conflict(c, e.ID, seen, in)
	}
	if err != nil {
		return s.editAgain(c, e, in, err, editPage{})
	}
	return nil
}

// moveMany makes a plan of a step in the lives of as much of the series as a form
// says, and leads to it.
func (s *Server) moveMany(c *fiber.Ctx, e *models.Event, in form, seen time.Time, move models.Move) error {
	reason := in.get("reason")
	err := s.planMany(c, e, in, seen, planner.Intent{What: string(move), Reason: reason, Change: s.Planner.Moving(by(c), move, reason)})
	switch code := codeOf(err); code {
	case models.CodeChangedMeanwhile, models.CodeInvalid:
		return s.stepPage(c, statusOf(code), e, move, reason, err)
	}
	return err
}

func (s *Server) planMany(c *fiber.Ctx, e *models.Event, in form, seen time.Time, i planner.Intent) error {
	i.Back = "/organise/events/" + e.ID
	plan, err := s.Planner.PlanSeries(c.UserContext(), by(c), e.ID, seen, planner.Scope(in.get("scope")), i)
	if err != nil {
		return err
	}
	return s.toPlan(c, &plan)
}

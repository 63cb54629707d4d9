// Package demo fills an empty installation with an invented city, so that
// somebody who has never seen Samling can walk through it within a minute. All
// of it goes in by the same use cases as real life, from a fixed seed and the
// day it is, and nobody in it exists.
package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"samling/models"
	"samling/planner"
)

// Central is the slug of the invented city organisation.
const Central = "stadsorganisationen"

// Host is the slug of the association whose organiser the visitor can be.
const Host = "mollevangen"

// Memory is how many days the past of the invented city reaches back.
const Memory = 120

// City is what an invented city is made with.
type City struct {
	Planner *planner.Planner
	// Clock is what the planner reads the time from: what is past by now is
	// written on its day. It is set to Today when all is done.
	Clock *time.Time
	Today time.Time
	// Tonight is the id of an event that is about to begin, when all is done.
	Tonight string

	rand     *rand.Rand
	people   int
	midnight time.Time
}

// Fill writes the whole city. The associations, groups and districts are those
// of the sample files that Samling ships with.
func (c *City) Fill(ctx context.Context, districts []planner.Row[models.District], groups []planner.Row[models.Group], associations []planner.Row[models.Association]) error {
	c.rand = rand.New(rand.NewPCG(1, 5))
	loc := models.Zone(c.Planner.Zone)
	y, m, d := c.Today.In(loc).Date()
	c.midnight = time.Date(y, m, d, 0, 0, 0, 0, loc)
	*c.Clock = c.midnight.AddDate(0, 0, 1-Memory)
	central := models.Association{
		Document: models.Document{ID: Central}, Name: "Stadsorganisationen", Email: Central + "@example.org",
		Website: "https://example.org", Central: true,
	}
	associations = append([]planner.Row[models.Association]{{Line: 1, Doc: central}}, associations...)
	if _, err := c.Planner.ImportDistricts(ctx, districts); err != nil {
		return err
	}
	if _, err := c.Planner.ImportGroups(ctx, groups); err != nil {
		return err
	}
	if _, err := c.Planner.ImportAssociations(ctx, associations); err != nil {
		return err
	}
	office := models.Contact{Name: "Kansliet", Phone: "040-000 00 00", Email: Central + "@example.org"}
	if err := c.Planner.SetSettings(ctx, planner.Command(), func(s *models.Settings) { s.Office = office }); err != nil {
		return err
	}
	for _, a := range associations {
		if err := c.Planner.SetAbout(ctx, planner.Command(), a.Doc.ID, aboutOf(&a.Doc)); err != nil {
			return err
		}
	}
	events := c.ordinary(c.Planner.Catalogue())
	for _, e := range events {
		if err := c.live(ctx, e); err != nil {
			return fmt.Errorf("%s: %w", e.event.Title, err)
		}
	}
	if err := c.yesterday(ctx, c.Planner.Catalogue()); err != nil {
		return err
	}
	if err := c.mayDay(ctx); err != nil {
		return fmt.Errorf("may day: %w", err)
	}
	var err error
	if c.Tonight, err = c.tonight(ctx); err != nil {
		return fmt.Errorf("tonight: %w", err)
	}
	if err := c.together(ctx); err != nil {
		return fmt.Errorf("together: %w", err)
	}
	if err := c.series(ctx); err != nil {
		return fmt.Errorf("series: %w", err)
	}
	*c.Clock = c.Today
	if err := c.places(ctx); err != nil {
		return fmt.Errorf("places: %w", err)
	}
	return nil
}

// planned is one event of the invented city and what becomes of it.
type planned struct {
	event   models.Event
	signUps int // parties that sign up
	walkIns int // for those in the past
	move    models.Move
	reason  string
	draft   bool
	moved   time.Duration // a new time after people had signed up
}

// live lets an event be written, published, filled and held, each on its day.
func (c *City) live(ctx context.Context, p planned) error {
	by := planner.Command()
	written := p.event.Starts.AddDate(0, 0, -40)
	if written.After(c.Today) {
		written = c.Today.Add(-time.Duration(1+c.rand.IntN(20)) * 24 * time.Hour)
	}
	*c.Clock = written
	e, err := c.Planner.CreateEvent(ctx, by, p.event)
	if err != nil || p.draft {
		return err
	}
	if e, err = c.Planner.MoveEvent(ctx, by, e.ID, planner.Anyway, models.Publish, ""); err != nil {
		return err
	}
	if err := c.signUp(ctx, &e, p.signUps, written); err != nil {
		return err
	}
	if p.moved != 0 {
		e, err = c.Planner.ChangeEvent(ctx, by, e.ID, planner.Anyway, func(e *models.Event) error {
			e.Starts, e.Ends = e.Starts.Add(p.moved), e.Ends.Add(p.moved)
			return nil
		})
		if err != nil {
			return err
		}
	}
	if p.move != "" {
		if e, err = c.Planner.MoveEvent(ctx, by, e.ID, planner.Anyway, p.move, p.reason); err != nil {
			return err
		}
	}
	if e.Status == models.Published && e.Ends.Before(c.Today) {
		if err = c.hold(ctx, &e, p.walkIns); err == nil {
			err = c.afterwards(ctx, &e)
		}
	}
	return err
}

// signUp lets invented people sign up, a little later each. They are taken to
// have been told long ago: the mailbox of the demonstration is for the visitor.
func (c *City) signUp(ctx context.Context, e *models.Event, parties int, from time.Time) error {
	last := e.Starts
	if last.After(c.Today) {
		last = c.Today
	}
	step := last.Sub(from) / time.Duration(parties+1)
	pass := &models.Pass{Event: e.ID} // to members' events they come by the link
	for range parties {
		*c.Clock = c.Clock.Add(step)
		who := c.person()
		who.Pass = pass
		who.Party = 1 + c.rand.IntN(min(3, e.LargestParty()))
		for i, q := range e.SignUp.Ask {
			if (c.people+i)%4 == 0 {
				*who.Answers.To(q) = answers[q]
			}
		}
		if _, err := c.Planner.SignUp(ctx, e.ID, who, nil); err != nil {
			return err
		}
	}
	if parties == 0 {
		return nil
	}
	_, err := c.Planner.Store.Rosters.Update(ctx, e.ID, func(r *models.Roster) error {
		r.HasTold(r.Tellings(*c.Clock, models.MaxEntries), *c.Clock)
		return nil
	})
	return err
}

// hold ticks off most of those who signed up, and counts who just came.
func (c *City) hold(ctx context.Context, e *models.Event, walkIns int) error {
	*c.Clock = e.Starts.Add(10 * time.Minute)
	by := planner.Command()
	list, err := c.Planner.Attendance(ctx, nil, e.ID, "page", false)
	if err != nil {
		return err
	}
	for _, a := range list.Attendees {
		if a.Entry.State != models.Going || c.rand.IntN(5) == 0 {
			continue
		}
		if err := c.Planner.CheckIn(ctx, by, e.ID, a.RSVP, a.Entry.Party); err != nil {
			return err
		}
	}
	if walkIns == 0 {
		return nil
	}
	return c.Planner.WalkIn(ctx, by, e.ID, e.ID, walkIns)
}

// person is somebody who does not exist, and whose name says so.
func (c *City) person() models.SignUp {
	first := firstNames[c.people%len(firstNames)]
	last := lastNames[(c.people/len(firstNames)+c.people)%len(lastNames)]
	c.people++
	s := models.SignUp{
		Name: first + " " + last, Email: fmt.Sprintf("person%d@example.org", c.people), Consent: true, Language: "sv",
	}
	if c.people%11 == 0 {
		s.Note = notes[c.people/11%len(notes)]
	}
	if c.people%9 == 0 {
		s.Language = "en"
	}
	return s
}

var firstNames = []string{"Prova", "Testa", "Exempla", "Demo", "Låtsas", "Påhitta", "Modella", "Skissa", "Ödessa", "Åsikta", "Ändra", "Figura"}

var lastNames = []string{"Exempelsson", "Provberg", "Demostrand", "Testlund", "Påhittgren", "Låtsasson", "Mallkvist", "Fiktivius", "Övningsholm", "Återgren"}

var notes = []string{
	"Jag är allergisk mot nötter.", "Behöver komma in med rullstol.", "Arabisk tolk vore bra.", "Kommer en kvart sent.", "Vegetarisk mat, tack.",
}

var answers = map[models.Question]string{
	models.AskPhone: "070-000 00 00", models.AskFood: "Inget med gluten, tack.", models.AskAccess: "Teckenspråkstolk.",
}

// aboutOf is what an association says of itself.
func aboutOf(a *models.Association) map[string]string {
	if a.Central {
		return map[string]string{
			"sv": "Vi håller ihop stadens föreningar och ordnar det som är för alla: rådslagen, stormötena och första maj.",
			"en": "We keep the city's associations together and host what is for all of them: consultations, large meetings and May Day.",
		}
	}
	return map[string]string{
		"sv": "Vi ses en kväll i månaden och dricker kaffe, pratar om det som händer här i trakten och bestämmer vad vi ska göra åt det. Varje höst ordnar vi gårdsfest.\n\n**Du är välkommen som du är.** Säg hej i dörren, så presenterar vi dig.",
		"en": "We meet one evening a month, drink coffee, talk about what goes on around here and decide what to do about it. Every autumn we host a yard party.\n\n**You are welcome as you are.** Say hello at the door and we will introduce you.",
	}
}
